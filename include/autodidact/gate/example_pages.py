"""The examples of a cycle, or of a folder that the gate wrote, a page at a time, for a terminal.

The two files are read from their beginning until the page is full: nothing is made beforehand, and no line is
held that is too long to be an example. What looks like a secret, or gives a scored question away, has no
text and no source, as on the page in Airflow (hidden_examples.py), and is found by no word.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from autodidact.errors import UsageError
from autodidact.gate.hidden_examples import as_shown
from autodidact.gate.read_bounded_lines import lines
from autodidact.store import Store

FATES = ("kept", "dropped")


@dataclass(frozen=True)
class Wanted:
    """Which examples: each field None for all. `text`: words of messages or source, whatever their case."""

    fate: str | None = None
    generator: str | None = None
    category: str | None = None
    rule: str | None = None
    source: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Page:
    """`more`: whether another page follows."""

    rows: list[dict[str, Any]]
    more: bool


def page_of(store: Store, folder: str, wanted: Wanted, number: int, size: int) -> Page:
    """The page of the gate's files in `folder`; the first is 1. Raises UsageError where the gate wrote
    none.
    """
    prefix = f"{folder}/" if folder else ""
    if not any(store.exists(f"{prefix}{fate}.jsonl") for fate in FATES):
        raise UsageError(
            f"{store.shown}/{folder} has no examples that the gate kept or dropped",
            "Run `autodidact gate` first.",
        )
    first = size * (number - 1)
    # One more than the page tells whether another one follows.
    found = list(islice(_matching(store, prefix, wanted), first, first + size + 1))
    return Page([as_shown(row) for row in found[:size]], len(found) > size)


def _matching(store: Store, prefix: str, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """The records that are wanted, as they stand in the files; texts are looked into only where that is
    asked for, as the look for secrets in them is dear.
    """
    n = 0
    for fate in FATES:
        if wanted.fate not in (None, fate):
            continue
        for _, length, line in lines(store, f"{prefix}{fate}.jsonl"):
            n += 1
            row = _read(line) | {"n": n, "fate": fate, "bytes": length}
            if not _fits(row, wanted):
                continue
            if not (wanted.source or wanted.text) or _contains(as_shown(row), wanted):
                yield row


def _read(line: bytes) -> dict[str, Any]:
    """The record of a line; one that is none, or too long, says so."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {"too_large": True}
    return row if isinstance(row, dict) else {}


def _fits(row: dict[str, Any], wanted: Wanted) -> bool:
    """What a record alone decides, before the dear look for secrets in it."""
    why = row.get("dropped")
    rule = why.get("rule") if isinstance(why, dict) else None
    given = ((wanted.generator, "generator"), (wanted.category, "category"))
    return all(value in (None, row.get(name)) for value, name in given) and wanted.rule in (None, rule)


def _contains(shown: dict[str, Any], wanted: Wanted) -> bool:
    """What is looked for in texts: only in those that are shown."""
    places = " ".join(str(value) for value in shown["source"].values())
    if wanted.source and wanted.source not in places:
        return False
    if not wanted.text:
        return True
    whole = " ".join([places, *(text for _, text in shown["messages"] or [])]).lower()
    return all(word in whole for word in wanted.text.lower().split())
