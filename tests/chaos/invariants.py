"""What has to be true whatever happened: one function each, which returns a line for each thing that is not.

`before` and `now` are all rows of the Chronicle, as `rows_of` read them; the rest is read from the store.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from autodidact.chronicle import tables
from autodidact.cycle.rebuild_chronicle import disagreements
from autodidact.cycle.record import Cycle, read_cycle
from autodidact.errors import AutodidactError
from autodidact.ledger import entries
from autodidact.models.openai_client import OpenAIClient
from autodidact.promotion.deployers.local import ALIAS
from autodidact.promotion.verdict import verdict
from autodidact.records import Report, canonical
from autodidact.runtime import Runtime
from autodidact.stage import FOLDERS, verified

# Items that a block of the suite has: nine categories of fifteen.
BLOCK = 135
Rows = dict[str, Counter[str]]


@dataclass
class Place:
    """The system that is looked at. `server`: the address of `autodidact serve`, where one runs."""

    runtime: Runtime
    system: str
    server: str | None = None

    def closed(self) -> list[Cycle]:
        """The cycles that the Chronicle calls closed, in their order."""
        with self.runtime.chronicle() as chronicle:
            rows = chronicle.cycles(self.system, status="closed")
        return [read_cycle(self.runtime.store, self.system, row["cycle_id"]) for row in rows]


def rows_of(place: Place) -> Rows:
    """Every row of every table of the Chronicle, as text, with how often it is there."""
    found = {}
    with place.runtime.chronicle() as chronicle, chronicle._engine.connect() as connection:
        for name, table in tables.metadata.tables.items():
            rows = connection.execute(select(table)).mappings()
            found[name] = Counter(canonical(dict(row)) for row in rows)
    return found


def history_is_append_only(before: Rows, now: Rows) -> list[str]:
    """What the Chronicle had is there unchanged."""
    return [
        f"{name} lacks {count} rows that it had, such as {next(iter(gone))[:300]}"
        for name in tables.APPEND_ONLY
        if (count := (gone := before.get(name, Counter()) - now[name]).total())
    ]


def there_is_one_champion(now: Rows) -> list[str]:
    """A system has one row in `champions` and one version in the state `champion`, which is the same."""
    rows = [json.loads(row) for row in now["champions"]]
    named = {row["system"]: row["version"] for row in rows}
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(map(json.loads, now["version_states"]), key=lambda row: row["id"]):
        newest[row["system"], row["version"]] = row
    reigning: dict[str, list[str]] = {}
    for (system, version), row in newest.items():
        if row["state"] == "champion":
            reigning.setdefault(system, []).append(version)
    found = [f"{len(rows)} champions of {len(named)} systems"] if len(rows) != len(named) else []
    return found + [
        f"{system}: the champion is {named.get(system)}, and in that state are {reigning.get(system)}"
        for system in sorted(named.keys() | reigning.keys())
        if reigning.get(system) != [named.get(system)]
    ]


def server_pointer_chronicle_and_store_agree(place: Place) -> list[str]:
    """The server answers as the version that champion.json and the Chronicle name, and the store has the
    adapters, cycles and verdicts that the Chronicle names.
    """
    with place.runtime.chronicle() as chronicle:
        champion = chronicle.champion(place.system)
        found = [str(row) for row in disagreements(place.runtime, chronicle, place.system)]
    if champion is None:
        return [*found, "there is no champion"]
    pointer = place.runtime.store.read_json(f"{place.system}/champion.json")
    if (pointer["version"], pointer["adapter"]) != (champion["version"], champion["adapter"]):
        found.append(f"champion.json names {pointer['version']}, the Chronicle {champion['version']}")
    if place.server:
        answers = (OpenAIClient(place.server, what="the server").cards().get(ALIAS) or {}).get("root")
        if answers != champion["version"]:
            found.append(f"the server answers as {answers}, the champion is {champion['version']}")
    return found


def nothing_is_lost_or_doubled(place: Place, now: Rows) -> list[str]:
    """Of each closed cycle: each example went through the gate once, each fact is there once, each item has
    one score and each question of the ledger one answer; store and Chronicle have the same.
    """
    found = []
    asked, scored = _by(now["ledger"], "cycle_id"), _by(now["benchmark_items"], "report")
    runs = _by(now["benchmark_runs"], "cycle_id")
    for cycle in place.closed():
        lines = [
            *_examples(place, cycle),
            *_facts(place, cycle),
            *_scores(place, cycle, runs.get(cycle.cycle_id, []), scored),
            *_asked(place, cycle, asked.get(cycle.cycle_id, [])),
        ]
        found += [f"{cycle.cycle_id}: {line}" for line in lines]
    return found


def _by(rows: Counter[str], name: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in map(json.loads, rows):
        found.setdefault(row[name], []).append(row)
    return found


def _lines(place: Place, key: str) -> list[dict[str, Any]]:
    store = place.runtime.store
    return [json.loads(line) for line in store.read_lines(key)] if store.exists(key) else []


def _examples(place: Place, cycle: Cycle) -> Iterator[str]:
    made: Counter[str] = Counter()
    for name in cycle.generators():
        rows = Counter(row["id"] for row in _lines(place, f"{cycle.folder}/generated/{name}.jsonl"))
        if rows.total() != len(rows):
            yield f"{name} wrote {rows.total() - len(rows)} examples twice"
        made += rows
    kept = _lines(place, f"{cycle.folder}/gate/kept.jsonl")
    dropped = _lines(place, f"{cycle.folder}/gate/dropped.jsonl")
    through = Counter(row.get("was") or row["id"] for row in kept + dropped if not row.get("replay_of"))
    if through != made:
        yield f"the generators wrote {made.total()} examples, of which the gate kept or dropped other ones:"
        yield f"lost {(made - through).total()}, doubled or new {(through - made).total()}"
    twice = len(kept) - len({row["id"] for row in kept})
    if twice:
        yield f"{twice} kept examples are there twice"
    report = cycle.gate_report(place.runtime.store)
    if report and (report["raw"], report["kept"]) != (len(kept) + len(dropped), len(kept)):
        yield f"the gate counted {report['raw']} and {report['kept']} kept, its files have"
        yield f"{len(kept) + len(dropped)} and {len(kept)}"


def _facts(place: Place, cycle: Cycle) -> Iterator[str]:
    rows = _lines(place, f"{cycle.folder}/knowledge/facts.jsonl")
    manifest = cycle.manifest(place.runtime.store, "knowledge")
    if twice := len(rows) - len({row["id"] for row in rows}):
        yield f"{twice} facts are there twice"
    if (
        manifest
        and "facts.jsonl" in manifest.outputs
        and manifest.outputs["facts.jsonl"].records != len(rows)
    ):
        yield f"{len(rows)} facts, and {manifest.outputs['facts.jsonl'].records} were written"


def _scores(
    place: Place, cycle: Cycle, runs: list[dict[str, Any]], scored: dict[str, list[dict[str, Any]]]
) -> Iterator[str]:
    reports = cycle.reports(place.runtime.store)
    newest = {row["role"]: row for row in sorted(runs, key=lambda row: row["id"])}
    if reports.keys() != newest.keys():
        yield f"reports of {sorted(reports)} in the store, of {sorted(newest)} in the Chronicle"
    for role, report in reports.items():
        here = Counter((row.id, row.score) for row in [*report.items, *report.probe_items])
        rows = scored.get(newest[role]["sha256"], []) if role in newest else []
        there = Counter((row["item"], row["score"]) for row in rows)
        if here != there:
            yield f"{role}: {here.total()} scores in the store, {there.total()} in the Chronicle"


def _asked(place: Place, cycle: Cycle, rows: list[dict[str, Any]]) -> Iterator[str]:
    store = place.runtime.store
    for name, version in entries.cycles_asked(store, place.system):
        if name != cycle.cycle_id:
            continue
        here = Counter((row.fact, row.outcome) for row in entries.read(store, place.system, version, name))
        there = Counter((row["fact"], row["outcome"]) for row in rows if row["version"] == version)
        if here != there or len(here) != here.total():
            yield f"{version} was asked {here.total()} facts by the store, {there.total()} by the Chronicle"


def no_partial_report_is_used(place: Place) -> list[str]:
    """Of each closed cycle: all that its stages wrote is there as they wrote it, its reports have every item
    of their blocks, and its verdict is the one that follows from them.
    """
    found = []
    for cycle in place.closed():
        lines = [*_damaged(place, cycle), *_incomplete(place, cycle), *_unfounded(place, cycle)]
        found += [f"{cycle.cycle_id}: {line}" for line in lines]
    return found


def _damaged(place: Place, cycle: Cycle) -> Iterator[str]:
    store = place.runtime.store
    stages = [f"generate.{name}" for name in cycle.generators()]
    for stage in [*stages, *(name for name in FOLDERS if name != "generate")]:
        manifest = cycle.manifest(store, stage)
        folder = f"{cycle.folder}/{FOLDERS[stage.partition('.')[0]]}"
        for name in manifest.outputs if manifest else ():
            try:
                verified(store, folder, manifest, name)
            except AutodidactError as error:
                yield error.message


def _incomplete(place: Place, cycle: Cycle) -> Iterator[str]:
    for role, report in cycle.reports(place.runtime.store).items():
        if len(report.items) != BLOCK * len(report.blocks):
            yield f"the report of the {role} has {len(report.items)} items in {len(report.blocks)} blocks"
        if len({row.id for row in report.items}) != len(report.items):
            yield f"the report of the {role} has an item twice"


def _unfounded(place: Place, cycle: Cycle) -> Iterator[str]:
    written, reports = cycle.verdict(place.runtime.store), cycle.reports(place.runtime.store)
    if written is None:
        yield "closed without a verdict"
    elif "candidate" in reports:
        settings = cycle.effective(place.runtime.settings)
        last, looks = max(cycle.benchmark["blocks"]), cycle.benchmark.get("looks", 0)
        follows = verdict(*_pair(reports), settings, looks, reports["base"], last)
        if follows.outcome != written.outcome:
            yield f"the verdict is {written.outcome}, and {follows.outcome} follows from its reports"


def _pair(reports: dict[str, Report]) -> tuple[Report, Report]:
    return reports["candidate"], reports["champion"]


def broken(place: Place, before: Rows, now: Rows) -> dict[str, list[str]]:
    """What does not hold where no cycle runs, by the name of the invariant; empty when all is well."""
    checks = {
        "history append-only": history_is_append_only(before, now),
        "one champion": there_is_one_champion(now),
        "server = pointer = Chronicle = store": server_pointer_chronicle_and_store_agree(place),
        "nothing lost or doubled": nothing_is_lost_or_doubled(place, now),
        "no partial report used": no_partial_report_is_used(place),
    }
    return {name: lines for name, lines in checks.items() if lines}
