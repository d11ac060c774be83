"""Takes texts out of a Chronicle that never changes otherwise: when a source is forgotten.

The triggers that refuse it are off within the one transaction that does it. SQLite leaves nothing behind:
what is deleted is overwritten, the file is written anew and its log is emptied. PostgreSQL writes its tables
anew; its WAL and backups keep the old ones until they are recycled.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, select, text, update

import autodidact.chronicle.add_records as additions
import autodidact.chronicle.tables as tables
from autodidact.chronicle.connection import clear_errors, describe, reading, writing
from autodidact.chronicle.journal_rows import JOURNALED
from autodidact.errors import Unavailable

# What can be imported from the store again.
IMPORTED = ("generator_runs", "gate_reports", "knowledge_runs", "training_runs", "benchmark_runs", "verdicts")
# Rows of these are rewritten at most; those of a table that is not named here may also go as a whole.
REWRITTEN = (*JOURNALED, *IMPORTED, "benchmark_items", "champions")
# Takes a row's values, by column; returns them as they should be.
Clean = Callable[[dict[str, Any]], dict[str, Any]]
# Tells of a row's values whether the row is to go.
Goes = Callable[[dict[str, Any]], bool]


def counts(engine: Engine, system: str, clean: Clean, goes: Goes) -> dict[str, int]:
    """How many rows of each table would change or go; tables without any are left out."""
    found = {}
    with reading(engine) as connection:
        for name, table in tables.metadata.tables.items():
            rows = (values for _, values in _rows(connection, table, system))
            may_go = name not in REWRITTEN
            changed = sum((may_go and goes(values)) or clean(values) != values for values in rows)
            if changed:
                found[name] = changed
    return found


def erase(
    engine: Engine,
    system: str,
    clean: Clean,
    goes: Goes,
    *,
    imported: Collection[str],
    cycles: Mapping[str, dict[str, Any]],
    dropped: Collection[str] = (),
) -> dict[str, int]:
    """Rewrites the rows that `clean` changes, takes out what the cycles `imported` imported (it is imported
    again afterwards), writes the cycle.json of `cycles`, and takes the cycles `dropped` out as a whole.
    Returns how many rows of each table.
    """
    found: dict[str, int] = {}
    with writing(engine, system) as connection:
        restore = _unguarded(connection)
        for name in IMPORTED:
            table = tables.metadata.tables[name]
            gone = delete(table).where(table.c.system == system, table.c.cycle_id.in_(list(imported)))
            found[name] = connection.execute(gone).rowcount
        runs, items = tables.benchmark_runs, tables.benchmark_items
        orphans = delete(items).where(items.c.report.not_in(select(runs.c.sha256)))
        found["benchmark_items"] = connection.execute(orphans).rowcount
        mine = (tables.cycles.c.system == system) & tables.cycles.c.cycle_id.in_(list(dropped))
        found["cycles"] = connection.execute(delete(tables.cycles).where(mine)).rowcount
        for name, cycle in cycles.items():
            values = {"cycle": tables.clean(cycle), "sha256": additions.digest(tables.clean(cycle))}
            mine = (tables.cycles.c.system == system) & (tables.cycles.c.cycle_id == name)
            found["cycles"] += connection.execute(update(tables.cycles).where(mine).values(values)).rowcount
        for name, table in tables.metadata.tables.items():
            if name not in REWRITTEN:
                found[name] = _drop(connection, table, system, goes)
            if name not in ("cycles", "champions"):
                found[name] = found.get(name, 0) + _rewrite(connection, table, system, clean)
        restore()
    _sweep(engine)
    return {name: count for name, count in found.items() if count}


def _drop(connection: Connection, table: Table, system: str, goes: Goes) -> int:
    keys = [key for key, values in _rows(connection, table, system) if goes(values)]
    for key in keys:
        connection.execute(delete(table).where(*[table.c[name] == value for name, value in key.items()]))
    return len(keys)


def _rewrite(connection: Connection, table: Table, system: str, clean: Clean) -> int:
    changed = 0
    for key, values in list(_rows(connection, table, system)):
        wanted = clean(values)
        if wanted != values:
            mine = [table.c[name] == value for name, value in key.items()]
            connection.execute(update(table).where(*mine).values(wanted))
            changed += 1
    return changed


def _rows(connection: Connection, table: Table, system: str):
    """(primary key, the columns that hold texts) of each row of the system."""
    texts = [c for c in table.c if isinstance(c.type, (tables.Words, tables.Json)) and c.name != "system"]
    keys = list(table.primary_key.columns)
    query = select(*{column.name: column for column in [*keys, *texts]}.values())
    if "system" in table.c:
        query = query.where(table.c.system == system)
    else:
        runs = tables.benchmark_runs
        query = query.where(table.c.report.in_(select(runs.c.sha256).where(runs.c.system == system)))
    for row in connection.execute(query).mappings():
        names = {column.name for column in keys}
        yield (
            {name: row[name] for name in names},
            {column.name: row[column.name] for column in texts if column.name not in names},
        )


def _unguarded(connection: Connection) -> Callable[[], None]:
    """Takes the guards of the history off. Returns what puts them on again, in the same transaction."""
    if connection.dialect.name == "postgresql":

        def switch(word: str) -> None:
            for name in tables.APPEND_ONLY:
                connection.execute(text(f"ALTER TABLE {name} {word} TRIGGER USER"))

        switch("DISABLE")
        return lambda: switch("ENABLE")
    guards = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in guards:
        connection.execute(text(f'DROP TRIGGER "{name}"'))

    def put_back() -> None:
        for _, definition in guards:
            connection.exec_driver_sql(definition)

    return put_back


def _sweep(engine: Engine) -> None:
    """Leaves nothing of the old rows in the database's files. Raises Unavailable while somebody reads it."""
    with (
        clear_errors(engine.url),
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        if engine.dialect.name == "postgresql":
            for name in tables.metadata.tables:
                connection.execute(text(f"VACUUM FULL {name}"))
            return
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("ROLLBACK") if raw.in_transaction else None
        raw.execute("PRAGMA secure_delete=ON")
        raw.execute("VACUUM")
        busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise Unavailable(
            f"the Chronicle {describe(engine.url)} is being read, so that its log cannot be emptied",
            "Run the same command again.",
        )
