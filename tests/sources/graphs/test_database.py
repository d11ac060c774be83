"""Triples from a table of a database."""

import sqlite3
from datetime import date

import pytest

from autodidact.sources.graphs.triples_from_sql import table_triples
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles


def read(url: str, table: str = "triples") -> tuple[list, dict]:
    troubles = Troubles()
    return [tuple(triple) for triple in table_triples(url, table, Unread(troubles))], {
        t.reason: t.count for t in troubles.list()
    }


@pytest.fixture
def sqlite(tmp_path) -> str:
    with sqlite3.connect(tmp_path / "graph.db") as base:
        base.execute("CREATE TABLE triples (id INTEGER, target TEXT, source TEXT, label TEXT)")
        base.executemany(
            "INSERT INTO triples VALUES (?, ?, ?, ?)",
            [(1, "ledger", "shop", "depends_on"), (2, "ada", "shop", "owned_by"), (3, None, "x", "y")],
        )
        base.execute("CREATE TABLE other (a TEXT, b TEXT, c TEXT)")
    return f"sqlite:///{tmp_path}/graph.db"


def test_a_table_whose_columns_say_what_they_are(sqlite):
    assert read(sqlite) == (
        [("shop", "depends_on", "ledger"), ("shop", "owned_by", "ada")],
        {"not a triple": 1},
    )


def test_a_row_that_does_not_hold_by_its_other_columns_is_counted(tmp_path):
    with sqlite3.connect(tmp_path / "graph.db") as base:
        base.execute(
            "CREATE TABLE facts (subject TEXT, relation TEXT, object TEXT, deleted BOOLEAN, valid_to TEXT,"
            " scope TEXT, created_at TEXT)"
        )
        base.executemany(
            "INSERT INTO facts VALUES ('helm', 'calls', ?, ?, ?, ?, '2020-01-01')",
            [
                ("tides", False, None, None),
                ("charts", True, None, None),
                ("sonar", False, "2024-01-01", None),
                ("radar", False, None, "night boats"),
                ("buoys", None, "2027-01-01", None),
            ],
        )
    unread = Unread(troubles := Troubles())
    found = table_triples(f"sqlite:///{tmp_path}/graph.db", "facts", unread, date(2026, 6, 1))
    assert found == [("helm", "calls", "buoys"), ("helm", "calls", "tides")]
    assert {t.reason: t.count for t in troubles.list()} == {
        "a relation that does not hold today": 2,
        "a column that is not understood": 1,
    }


def test_what_is_no_such_table_or_database_is_counted(sqlite, tmp_path):
    assert read(sqlite, "nothing") == ([], {"no such table": 1})
    assert read(sqlite, "other") == ([], {"a table without subject, relation and object": 1})
    assert read(sqlite, 'triples"; DROP TABLE triples; --') == ([], {"no such table": 1})
    assert read(f"sqlite:///{tmp_path}/none.db") == ([], {"the database does not answer": 1})
    assert not (tmp_path / "none.db").exists()
    assert read("mysql://x/y") == ([], {"a database that is neither PostgreSQL nor SQLite": 1})
    assert read("no address") == ([], {"an address that names no database": 1})
    assert len(read(sqlite)[0]) == 2


def test_a_database_that_is_down_is_counted_and_its_password_is_not_told():
    troubles = Troubles()
    assert table_triples("postgresql://me:hunter2@127.0.0.1:1/none", "triples", Unread(troubles)) == []
    assert [(t.reason, t.count, t.ref) for t in troubles.list()] == [
        ("the database does not answer", 1, "table triples")
    ]


def test_postgresql_is_read_in_a_transaction_that_cannot_write(postgres):
    from sqlalchemy import NullPool, create_engine, make_url, text

    address = make_url(postgres).set(drivername="postgresql+psycopg2")
    engine = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text('CREATE SCHEMA "my graph"'))
        connection.execute(text('CREATE TABLE "my graph".facts (head text, predicate text, tail text)'))
        connection.execute(
            text(
                "INSERT INTO \"my graph\".facts VALUES ('shop', 'owned_by', 'ada'), ('shop', 'depends_on',"
                " 'ledger')"
            )
        )
        connection.execute(text("CREATE TABLE written (n int)"))
        writes = (
            "CREATE FUNCTION writes() RETURNS text LANGUAGE sql VOLATILE AS $$ INSERT INTO public.written"
            " VALUES (1) RETURNING 'x' $$"
        )
        connection.execute(text(writes))
        connection.execute(
            text("CREATE VIEW trap AS SELECT writes() AS subject, 'r' AS relation, 'o' AS object")
        )
    url = address.set(drivername="postgresql").render_as_string(hide_password=False)
    assert read(url, "my graph.facts") == (
        [("shop", "depends_on", "ledger"), ("shop", "owned_by", "ada")],
        {},
    )
    assert read(url, "trap") == ([], {"the database does not answer": 1})
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM written")).scalar() == 0
