"""The Chronicle's own rows, kept in the store as well: `<system>/chronicle/<month>.jsonl`, one row a line.

Written before champion.json and when a cycle opens or closes, so that a Chronicle that is lost, or older
than the store, is made again from it. A file is only ever joined with what is new: a Chronicle that knows
less than the store takes nothing away.
"""

import json

from autodidact.chronicle.chronicle import Chronicle
from autodidact.chronicle.journal_rows import JOURNALED, identity
from autodidact.records import canonical
from autodidact.store import Store

# Seconds to wait for another process that writes the journal of the same system: it holds it for a moment, a
# dead one for 120 s.
WAIT = 150


def write(chronicle: Chronicle, store: Store, system: str, *, whole: bool = False) -> int:
    """Adds the rows that the journal does not have yet. Returns how many. `whole`: of all months, not of the
    newest that is there and later ones.
    """
    months: dict[str, list[dict]] = {}
    for row in chronicle.rows(system):
        months.setdefault(row["at"][:7], []).append(row)
    there = _months(store, system)
    first = "" if whole or not there else there[-1]
    wanted = {month: rows for month, rows in months.items() if month >= first}
    if not wanted:
        return 0
    added = 0
    with store.lease(f"{system}/chronicle/lease.json", wait=WAIT):
        for month, rows in sorted(wanted.items()):
            lines, _ = _read(store, f"{system}/chronicle/{month}.jsonl")
            known = {identity(row) for row in lines}
            new = [row for row in rows if identity(row) not in known]
            if new:
                text = "".join(f"{canonical(row)}\n" for row in [*lines, *new])
                store.write_text(f"{system}/chronicle/{month}.jsonl", text)
                added += len(new)
    return added


def read(store: Store, system: str, *, newest: bool = False) -> tuple[list[dict], list[str]]:
    """(rows, oldest first; what could not be read, a line each). `newest`: of the newest month alone."""
    rows: list[dict] = []
    damaged: list[str] = []
    for month in _months(store, system)[-1 if newest else 0 :]:
        lines, unread = _read(store, f"{system}/chronicle/{month}.jsonl")
        rows += lines
        damaged += unread
    return sorted(rows, key=lambda row: row["at"]), damaged


def _months(store: Store, system: str) -> list[str]:
    names = (key.rpartition("/")[2] for key in store.list(f"{system}/chronicle"))
    return sorted(name.removesuffix(".jsonl") for name in names if name.endswith(".jsonl"))


def _read(store: Store, key: str) -> tuple[list[dict], list[str]]:
    if not store.exists(key):
        return [], []
    rows, damaged = [], []
    for number, line in enumerate(store.read_lines(key), 1):
        try:
            row = json.loads(line)
            if row["table"] not in JOURNALED or not isinstance(row["at"], str):
                raise ValueError
            identity(row)
            rows.append(row)
        except (ValueError, KeyError, TypeError):
            damaged.append(f"{key}:{number} is no row of the Chronicle")
    return rows, damaged
