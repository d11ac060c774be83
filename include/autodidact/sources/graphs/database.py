"""Triples from a table or view of PostgreSQL (or SQLite): three columns named like those of a CSV, read and
never written.
"""

from autodidact.sources.graphs.graph import MAX_TRIPLES, Triple, columns
from autodidact.stage import Troubles

CONNECT_SECONDS = 10
QUERY_SECONDS = 60


def table_triples(url: str, table: str, troubles: Troubles) -> list[Triple]:
    """The triples of `table` ("name" or "schema.name") in a read-only transaction; none, counted, when the
    database does not give them.

    The address, which may carry a password, is never repeated.
    """
    from sqlalchemy import NullPool, create_engine, inspect, make_url, select
    from sqlalchemy import column as column_of
    from sqlalchemy import table as table_of
    from sqlalchemy.exc import ArgumentError, NoSuchTableError, SQLAlchemyError

    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        troubles.add("an address that names no database", f"table {table}")
        return []
    backend = address.get_backend_name() if "+" in address.drivername else address.drivername
    if backend in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg2")
        options = {"connect_timeout": CONNECT_SECONDS}
        connecting = {"connect_args": options, "execution_options": {"postgresql_readonly": True}}
    elif backend == "sqlite" and address.database:
        address = address.set(database=f"file:{address.database}", query={"mode": "ro", "uri": "true"})
        connecting = {"connect_args": {"timeout": CONNECT_SECONDS}}
    else:
        troubles.add("a database that is neither PostgreSQL nor SQLite", f"table {table}")
        return []
    schema, _, name = table.rpartition(".")
    try:
        engine = create_engine(address, poolclass=NullPool, **connecting)
        with engine.connect() as connection:
            if backend != "sqlite":
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {QUERY_SECONDS * 1000}")
            names = [found["name"] for found in inspect(connection).get_columns(name, schema or None)]
            places = columns(names) or ([0, 1, 2] if len(names) == 3 else None)
            if places is None:
                troubles.add("a table without subject, relation and object", f"table {table}")
                return []
            chosen = [column_of(names[place]) for place in places]
            query = (
                select(*chosen)
                .select_from(table_of(name, *map(column_of, names), schema=schema or None))
                .order_by(*chosen)
                .limit(MAX_TRIPLES + 1)
            )
            rows = connection.execute(query).all()
    except NoSuchTableError:
        troubles.add("no such table", f"table {table}")
        return []
    except (SQLAlchemyError, OSError):
        troubles.add("the database does not answer", f"table {table}")
        return []
    if len(rows) > MAX_TRIPLES:
        troubles.add("triples beyond the limit", f"table {table}")
    cells = [
        [" ".join(str(cell).split()) if cell is not None else "" for cell in row]
        for row in rows[:MAX_TRIPLES]
    ]
    empty = sum(not all(row) for row in cells)
    if empty:
        troubles.add("not a triple", f"table {table}", empty)
    return [Triple(*row) for row in cells if all(row)]
