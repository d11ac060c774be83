"""Triples from a table or view of PostgreSQL (or SQLite): three columns named like those of a CSV, and others
that say whether a row holds, read and never written.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from autodidact.sources.graphs.names_of_nothing import without_nothing
from autodidact.sources.graphs.triple_files import MAX_TRIPLES, columns, triples_of_rows
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.graphs.true_or_false import with_flags
from autodidact.sources.unread import Unread

if TYPE_CHECKING:
    from sqlalchemy import URL, ColumnClause, Connection

CONNECT_SECONDS = 10
QUERY_SECONDS = 60


def table_triples(url: str, table: str, unread: Unread, day: date | None = None) -> list[Triple]:
    """The triples of `table` ("name" or "schema.name") that hold on a day, in a read-only transaction; none,
    counted, when the database does not give them.

    The address, which may carry a password, is never repeated.
    """
    from sqlalchemy import NullPool, create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchTableError, SQLAlchemyError

    ref, troubles = f"table {table}", unread.counting("triples")
    try:
        address, options = _connection(url)
    except (ArgumentError, ValueError):
        troubles.add("an address that names no database", ref)
        return []
    if address is None:
        troubles.add("a database that is neither PostgreSQL nor SQLite", ref)
        return []
    try:
        engine = create_engine(address, poolclass=NullPool, **options)
        with engine.connect() as connection:
            read = _rows(connection, table)
    except NoSuchTableError:
        troubles.add("no such table", ref)
        return []
    except (SQLAlchemyError, OSError):
        troubles.add("the database does not answer", ref)
        return []
    if read is None:
        troubles.add("a table without subject, relation and object", ref)
        return []
    names, places, rows = read
    if len(rows) > MAX_TRIPLES:
        troubles.add("triples beyond the limit", ref)
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows[:MAX_TRIPLES]]
    numbered = [(row, number) for number, row in enumerate(cells, 1)]
    found = triples_of_rows(names, places, numbered, ref, unread, day)
    return with_flags(without_nothing(found, ref, unread), ref, unread, day)


def _connection(url: str) -> tuple["URL | None", dict]:
    """The address and the options of a read-only connection; None for a database of another kind. Raises
    ArgumentError or ValueError when it is no address.
    """
    from sqlalchemy import make_url

    address = make_url(url)
    backend = address.get_backend_name() if "+" in address.drivername else address.drivername
    if backend in ("postgres", "postgresql"):
        read_only = {"postgresql_readonly": True}
        options = {"connect_args": {"connect_timeout": CONNECT_SECONDS}, "execution_options": read_only}
        return address.set(drivername="postgresql+psycopg2"), options
    if backend == "sqlite" and address.database:
        address = address.set(database=f"file:{address.database}", query={"mode": "ro", "uri": "true"})
        return address, {"connect_args": {"timeout": CONNECT_SECONDS}}
    return None, {}


def _rows(connection: "Connection", table: str) -> tuple[list[str], list[int], Sequence[Sequence]] | None:
    """(names of the columns, where subject, relation and object stand among them, rows by these three, one
    more than may be); None when there are no such columns.
    """
    from sqlalchemy import column as column_of
    from sqlalchemy import inspect, select
    from sqlalchemy import table as table_of

    schema, _, name = table.rpartition(".")
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {QUERY_SECONDS * 1000}")
    names = [found["name"] for found in inspect(connection).get_columns(name, schema or None)]
    places = columns(names)
    if places is None:
        return None
    every: list[ColumnClause] = [column_of(column) for column in names]
    source = table_of(name, *every, schema=schema or None)
    order = [every[place] for place in places]
    asked = select(*every).select_from(source).order_by(*order).limit(MAX_TRIPLES + 1)
    return names, places, connection.execute(asked).all()
