"""Opening a Chronicle: its URL, its schema, its errors, its guard over history."""

import multiprocessing
import os
import threading
import time

import pytest
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from autodidact.chronicle import Chronicle
from autodidact.chronicle.chronicle import UnderWay
from autodidact.chronicle.connection import connect, describe, exclusive, parse, reading, upgrade
from autodidact.chronicle.tables import APPEND_ONLY, metadata
from autodidact.errors import AutodidactError, Unavailable, UsageError


@pytest.mark.parametrize(
    "url, driver, said",
    [
        (
            "postgres://ann:secret@db.example:5433/log",
            "postgresql+psycopg2",
            "postgresql://***@db.example:5433/log",
        ),
        (
            "postgresql+psycopg2://ann:secret@db/log?sslmode=require",
            "postgresql+psycopg2",
            "postgresql://***@db/log",
        ),
        ("sqlite:////data/chronicle.db", "sqlite", "/data/chronicle.db"),
        ("/data/chronicle.db", "sqlite", "/data/chronicle.db"),
    ],
)
def test_urls_that_are_understood(url, driver, said):
    assert (parse(url).drivername, describe(parse(url))) == (driver, said)


@pytest.mark.parametrize(
    "url, said",
    [
        ("", "chronicle.url is empty"),
        ("mysql://ann:secret@db/log", "names 'mysql', which is neither PostgreSQL nor SQLite"),
        ("sqlite://", "names no file"),
        ("postgresql://ann:secret@db:port/log", "cannot be read as a URL"),
        ("postgresql://ann:p@secret@db/log", "has an @ in its login"),
    ],
)
def test_urls_that_are_not(url, said):
    with pytest.raises(UsageError, match=said) as caught:
        parse(url)
    assert "secret" not in str(caught.value)


def test_a_relative_path_is_of_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Chronicle("sqlite:///deep/er/chronicle.db") as chronicle:
        assert chronicle.name == str(tmp_path / "deep/er/chronicle.db")
    assert (tmp_path / "deep/er/chronicle.db").exists()


def test_an_empty_database_gets_the_whole_schema(chronicle_url):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    Chronicle(chronicle_url).close()
    with reading(connect(parse(chronicle_url))) as connection:
        assert sorted(inspect(connection).get_table_names()) == sorted(
            [*metadata.tables, "chronicle_revision"]
        )
        context = MigrationContext.configure(connection, opts={"version_table": "chronicle_revision"})
        assert compare_metadata(context, metadata) == []


def test_sqlite_writes_ahead(tmp_path):
    Chronicle(str(tmp_path / "chronicle.db")).close()
    with reading(connect(parse(str(tmp_path / "chronicle.db")))) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def _open(url: str, gate, result) -> None:
    gate.wait(60)
    with Chronicle(url) as chronicle:
        result(chronicle.champion("shop"))


def test_two_processes_may_open_an_empty_database_at_once(chronicle_url):
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(2), context.SimpleQueue()
    workers = [context.Process(target=_open, args=(chronicle_url, gate, results.put)) for _ in range(2)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert [results.get() for _ in workers] == [None, None]


def test_eight_threads_may_open_an_empty_database_at_once(chronicle_url):
    gate, results = threading.Barrier(8), []
    threads = [threading.Thread(target=_open, args=(chronicle_url, gate, results.append)) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert results == [None] * 8


def test_a_schema_from_the_future_is_left_alone(chronicle_url):
    Chronicle(chronicle_url).close()
    with connect(parse(chronicle_url)).begin() as connection:
        connection.execute(text("UPDATE chronicle_revision SET version_num = '9999'"))
    with pytest.raises(
        AutodidactError,
        match="has schema 9999, which this version of Autodidact does not know. Install the newer",
    ):
        Chronicle(chronicle_url)


def test_history_can_be_neither_changed_nor_removed(chronicle_url):
    with Chronicle(chronicle_url) as chronicle:
        fill(chronicle)
    engine = create_engine(parse(chronicle_url))
    for table in APPEND_ONLY:
        column = next(iter(metadata.tables[table].columns)).name
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with (
                pytest.raises(DBAPIError, match="the Chronicle is append-only"),
                engine.begin() as connection,
            ):
                connection.execute(text(statement))
    with pytest.raises(DBAPIError, match="the Chronicle is append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM champions"))


def test_a_second_champion_is_impossible_in_the_database_itself(chronicle_url):
    with Chronicle(chronicle_url) as chronicle:
        fill(chronicle)
    statement = (
        "INSERT INTO champions (system, version, generation, at) VALUES ('shop', 'v1', 1,"
        " '2026-11-23T12:00:00Z')"
    )
    with (
        pytest.raises(DBAPIError, match="(?i)unique"),
        create_engine(parse(chronicle_url)).begin() as connection,
    ):
        connection.execute(text(statement))


def fill(chronicle: Chronicle) -> None:
    """A row in every table."""
    from tests.chronicle.test_log import CYCLE, ENTRY, MANIFEST, VERDICT, report

    name = CYCLE["cycle_id"]
    chronicle.record_cycle(CYCLE)
    chronicle.record_generator("shop", name, MANIFEST)
    chronicle.record_gate("shop", name, MANIFEST, {})
    chronicle.record_training("shop", name, MANIFEST)
    chronicle.record_knowledge("shop", name, MANIFEST)
    chronicle.record_benchmark("shop", name, "candidate", report(0.5))
    chronicle.record_verdict("shop", name, VERDICT)
    chronicle.register_version("shop", "v1", name, {"id": "b"}, None, "nf4")
    chronicle.set_state("shop", "v1", "promoting", "t", "first")
    chronicle.swap_champion("shop", None, "v1", "t", "first")
    chronicle.record_deployment("shop", "v1", "command", "verified", "t")
    chronicle.event("shop", "kept", "x")
    chronicle.record_ledger("shop", [ENTRY])
    chronicle.close_cycle("shop", name, "kept")


def test_a_database_that_is_down_is_one_line_without_the_password():
    with pytest.raises(AutodidactError) as caught:
        Chronicle("postgresql://ann:hunter22@127.0.0.1:9/log")
    line = str(caught.value)
    assert line.startswith("the Chronicle postgresql://***@127.0.0.1:9/log cannot be reached: ")
    assert line.endswith(
        "Start the database or correct chronicle.url (AUTODIDACT_CHRONICLE__URL), then run the same command"
        " again."
    )
    assert "\n" not in line and "hunter22" not in line


def test_a_missing_database_is_one_line(postgres):
    url = make_url(postgres).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(
        AutodidactError, match='cannot be reached: .*database "nowhere" does not exist'
    ) as caught:
        Chronicle(url)
    assert "\n" not in str(caught.value)


def test_a_standby_that_cannot_be_written_yet_may_be_tried_again(postgres):
    Chronicle(postgres)
    standby = make_url(postgres).update_query_dict({"options": "-cdefault_transaction_read_only=on"})
    with pytest.raises(
        Unavailable, match="cannot be written: cannot execute INSERT in a read-only"
    ) as caught:
        fill(Chronicle(standby.render_as_string(hide_password=False)))
    assert "\n" not in str(caught.value)


def test_a_database_that_goes_down_later_is_one_line(tmp_path):
    chronicle = Chronicle(str(tmp_path / "chronicle.db"))
    (tmp_path / "chronicle.db").write_bytes(b"these are not the bytes of a database" * 200)
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"chronicle.db{suffix}").unlink(missing_ok=True)
    with pytest.raises(
        AutodidactError, match="failed: file is not a database. Check that the file is a Chronicle"
    ):
        chronicle.champion("shop")


def test_a_new_file_is_its_owner_s_alone_and_one_in_a_shared_folder_its_group_s(tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o2770)
    before = os.umask(0)
    try:
        for name in ("own/deep", "shared"):
            with (
                Chronicle(path := str(tmp_path / name / "chronicle.db")),
                exclusive(connect(parse(path)), "x"),
            ):
                modes = {oct(path.stat().st_mode & 0o777) for path in (tmp_path / name).iterdir()}
            assert modes == ({"0o600"} if name == "own/deep" else {"0o660"})
    finally:
        os.umask(before)
    assert [oct((tmp_path / name).stat().st_mode & 0o777) for name in ("own", "own/deep")] == [
        "0o700",
        "0o700",
    ]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        AutodidactError,
        match="folder .*/file/deep cannot be made: Not a directory. Make it, or set chronicle.url.",
    ):
        Chronicle(str(tmp_path / "file/deep/chronicle.db"))


def test_opening_again_changes_nothing(chronicle_url):
    with Chronicle(chronicle_url) as chronicle:
        chronicle.event("shop", "kept", "before")
    engine = connect(parse(chronicle_url))
    upgrade(engine)
    upgrade(engine)
    with Chronicle(chronicle_url) as chronicle:
        assert [event["message"] for event in chronicle.events("shop")] == ["before"]


def test_one_holder_of_the_promotion_lock(chronicle_url):
    with Chronicle(chronicle_url) as one, Chronicle(chronicle_url) as other:
        with (
            one.promotion_lock("shop"),
            pytest.raises(UnderWay, match="another promotion of shop is under way"),
            other.promotion_lock("shop"),
        ):
            pass
        with other.promotion_lock("shop"):
            pass


def _hold(url: str, pipe) -> None:
    with exclusive(connect(parse(url)), "promotion of shop") as held:
        pipe.send(held)
        pipe.recv()


def test_the_promotion_lock_is_free_as_soon_as_it_is_let_go(chronicle_url):
    with Chronicle(chronicle_url) as chronicle:
        for _ in range(60):
            with chronicle.promotion_lock("shop"):
                pass
            with pytest.raises(ValueError, match="failed"), chronicle.promotion_lock("shop"):
                raise ValueError("failed")


def test_the_promotion_lock_dies_with_its_holder(chronicle_url):
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    with Chronicle(chronicle_url) as chronicle:
        holder = context.Process(target=_hold, args=(chronicle_url, there))
        holder.start()
        assert here.recv() is True
        holder.kill()
        holder.join()
        for _ in range(100):  # PostgreSQL notices the broken connection in a moment
            try:
                with chronicle.promotion_lock("shop"):
                    return
            except UnderWay:
                time.sleep(0.05)
        pytest.fail("the lock outlived its holder by 5 s")
