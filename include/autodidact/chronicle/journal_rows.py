"""The rows that only the Chronicle makes, as plain records: what `journal` writes into the store and
`rebuild` reads back.

Manifests, reports and verdicts lie in the store anyway. What is here happened in the database alone: when
cycles were opened and closed, the versions and their states, deployments and events.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Table, func, select, type_coerce

import autodidact.chronicle.tables as tables
from autodidact.chronicle.tables import Instant, exact
from autodidact.records import canonical, sha256

# Parents first: states and deployments refer to versions.
JOURNALED = ("cycles", "cycle_closings", "versions", "version_states", "deployments", "events")
# Of a cycle, cycle.json has the rest.
COLUMNS = {"cycles": ("cycle_id", "sha256", "at")}
# Tables in which a row is known by one column; a row of the others is known by all that it says.
KEYS = {"cycles": "cycle_id", "cycle_closings": "cycle_id", "versions": "version"}


class Exact(Instant):
    """A moment read to the microsecond, the same text from both databases, so that a row is recognised."""

    cache_ok = True

    def process_result_value(self, value, dialect) -> str | None:
        return exact(value) if isinstance(value, datetime) else value


def identity(row: dict) -> tuple[str, str]:
    """What a journaled row is known by: (table, key or hash)."""
    name = row["table"]
    return name, row[KEYS[name]] if name in KEYS else sha256(canonical(row))


def of_system(connection: Connection, system: str) -> list[dict]:
    """Every journaled row of the system: {"table", its columns but `id` and `system`}, in the order in which
    they were written.
    """
    found = []
    for name in JOURNALED:
        table = tables.metadata.tables[name]
        wanted = COLUMNS.get(name) or [
            column.name for column in table.c if column.name not in ("id", "system")
        ]
        columns = [
            type_coerce(table.c[key], Exact()).label(key) if key == "at" else table.c[key] for key in wanted
        ]
        order = [table.c.id] if "id" in table.c else [table.c.at, table.c.version]
        query = select(*columns).where(table.c.system == system).order_by(*order)
        found += [{"table": name, **row} for row in connection.execute(query).mappings()]
    return found


def restore(connection: Connection, system: str, rows: Iterable[dict]) -> int:
    """Adds the rows that are not there yet, `cycles` left out (they need their cycle.json). Returns how
    many.
    """
    there = {identity(row) for row in of_system(connection, system)}
    missing = [row for row in rows if row["table"] != "cycles" and identity(row) not in there]
    added = 0
    for name in JOURNALED:
        for row in missing:
            if row["table"] == name and identity(row) not in there:
                there.add(identity(row))
                values = {key: value for key, value in row.items() if key != "table"}
                connection.execute(tables.metadata.tables[name].insert().values(system=system, **values))
                added += 1
    return added


def restore_champion(
    connection: Connection, system: str, version: str, generation: int | None, at: str
) -> bool:
    """Points the system at `version`; False when it is there already. `generation` None: one more than
    before.
    """
    champions: Table = tables.champions
    before = connection.execute(
        select(champions.c.version, champions.c.generation).where(champions.c.system == system)
    ).first()
    if before and before.version == version and generation in (None, before.generation):
        return False
    reigns = (
        select(func.count())
        .select_from(tables.version_states)
        .where(tables.version_states.c.system == system, tables.version_states.c.state == "champion")
    )
    after = generation or max(
        (before.generation if before else 0) + 1, connection.execute(reigns).scalar_one()
    )
    values = {"version": version, "generation": after, "at": at}
    if before is None:
        connection.execute(champions.insert().values(system=system, **values))
    else:
        connection.execute(champions.update().where(champions.c.system == system).values(**values))
    return True
