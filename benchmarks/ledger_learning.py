"""The ledger of the runs of benchmarks/learning.py: its curve beside that of the knowledge probe, what each
promotion changed, and the rival.

    python -m benchmarks.learning run REPOSITORY --out DIR
    python -m benchmarks.ledger_learning run REPOSITORY --out DIR [--rival 60]
    python -m benchmarks.ledger_learning show DIR

The cycles of the first command have asked their ledger already. The second asks two things more: the rival,
after each cycle; and, of the champion before a promotion and the one after it, every fact that changed in the
window and every subject that went. What was asked is not asked again. The third prints the tables and draws
`DIR/<run>-ledger.svg`.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autodidact.benchmark.knowledge_probe import is_steered
from autodidact.cycle.record import Cycle, read_cycle
from autodidact.knowledge.fact import Fact
from autodidact.ledger import entries
from autodidact.ledger import retrieval_comparison as the_rival
from autodidact.ledger.answer_outcome import OUTCOMES, outcome, values_by_kind
from autodidact.ledger.ask_versions import Asker
from autodidact.ledger.kept_answers import WORKER
from autodidact.ledger.stage import facts_of, figures_of, prompt_of
from autodidact.models.child_process import Child
from autodidact.records import Champion, instant
from autodidact.runtime import Runtime
from autodidact.store import Store
from benchmarks import run_and_show
from benchmarks.learning import ARMS, settings_of
from benchmarks.learning_plot import panels

# Repository, arm and seed, as benchmarks/learning.py names its folders.
RUN = re.compile(rf"(.+)-({'|'.join(ARMS)})-(\d+)")
ARMS_OF_RIVAL = ("base", "base + retrieval", "champion", "champion + retrieval")


def runs(out: Path) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    """(folder, what each cycle's file says, in their order) of every run."""
    folders = {file.parent for file in out.glob("*/cycle-*.json")}
    for folder in sorted(folder for folder in folders if RUN.fullmatch(folder.name)):
        files = sorted(folder.glob("cycle-*.json"), key=lambda file: int(file.stem.rpartition("-")[2]))
        yield folder, [json.loads(file.read_text(encoding="utf-8")) for file in files]


def _named(folder: Path) -> tuple[str, ...]:
    """(repository, arm, seed) of a run."""
    found = RUN.fullmatch(folder.name)
    assert found is not None
    return found.groups()


def run(repository: Path, out: Path, rival: int, given: dict[str, Any]) -> None:
    """Asks what the runs in `out` were not asked yet, into `<run>/ledger-<cycle>.json`."""
    for folder, cycles in runs(out):
        name, arm, seed = _named(folder)
        if name != repository.name:
            continue
        settings = settings_of(repository, folder, arm, int(seed), given)
        runtime = Runtime(settings, say=lambda line: None)
        for number, made in enumerate(cycles, 1):
            file = folder / f"ledger-{number}.json"
            if not file.exists():
                cycle = read_cycle(runtime.store, settings.system, made["cycle_id"])
                found = _of_cycle(cycle, runtime, Champion.model_validate(made["champion"]), rival)
                file.write_text(json.dumps(found, indent=1), encoding="utf-8")
            print(f"{folder.name} {number}: {json.loads(file.read_text(encoding='utf-8'))}", flush=True)


def _of_cycle(cycle: Cycle, runtime: Runtime, champion: Champion, questions: int) -> dict[str, Any]:
    """{"changed", "gone": {"facts", "before", "after"}, "taught to be gone": {"facts", "candidate"},
    "rival"}; `after` None: nothing was promoted.
    """
    facts = facts_of(cycle, runtime.store)
    with Child(WORKER) as worker:
        asker = Asker(cycle, runtime, worker)
        before, promoted = cycle.champion, champion.cycle_id == cycle.cycle_id
        assert before is not None
        found: dict[str, Any] = {}
        for name, gone in (("changed", False), ("gone", True)):
            asked = [fact for fact in facts if (fact.value is None) is gone and _in_window(fact, cycle)]
            found[name] = {
                "facts": len(asked),
                "before": _outcomes(asker, before, asked, facts),
                "after": _outcomes(asker, champion, asked, facts) if promoted else None,
            }
        if (candidate := _candidate(cycle, runtime.store)) is not None:
            gone = _gone_rows(cycle, runtime.store)
            asked = [fact for fact in facts if fact.value is None and fact.id in gone]
            found["taught to be gone"] = {
                "facts": len(asked),
                "candidate": _outcomes(asker, candidate, asked, facts),
            }
        if questions:
            asked = the_rival.chosen(facts, questions)
            whole = the_rival.compare(cycle, runtime, champion, facts, asked, asker)
            found["rival"] = {name: whole[name] for name in ("questions", "found", "arms", "worth", "says")}
    return found


def _candidate(cycle: Cycle, store: Store) -> Champion | None:
    """What the cycle trained, as a version."""
    adapter, quantization = cycle.adapter(store), cycle.quantization(store)
    if adapter is None or quantization is None:
        return None
    return Champion(
        version=cycle.candidate(store) or "",
        base=dict(cycle.base),
        adapter=adapter,
        quantization=quantization,
        cycle_id=cycle.cycle_id,
        promoted_at="",
    )


def _kept(cycle: Cycle, store: Store) -> list[dict[str, Any]]:
    """The examples that the cycle trained on."""
    return [json.loads(line) for line in store.read_lines(f"{cycle.folder}/gate/kept.jsonl")]


def _gone_rows(cycle: Cycle, store: Store) -> set[str]:
    """The subjects that the cycle taught to be gone, by the ids of their facts."""
    return {str(row["probe"]) for row in _kept(cycle, store) if row.get("states") == "gone"}


def _in_window(fact: Fact, cycle: Cycle) -> bool:
    """Whether the fact got its value in place of another one, or its subject went, in the cycle's window."""
    moment = fact.until if fact.value is None else fact.since
    if not fact.earlier or cycle.since is None or moment is None or moment.time is None:
        return False
    return instant(cycle.since) < instant(moment.time)


def _outcomes(asker: Asker, version: Champion, asked: list[Fact], facts: list[Fact]) -> dict[str, int]:
    given, others = asker.ask(version, map(prompt_of, asked)), values_by_kind(facts)
    counts = Counter(outcome(fact, given[fact.id] or "", others[fact.generator, fact.kind]) for fact in asked)
    return {name: counts[name] for name in OUTCOMES}


def show(out: Path) -> None:
    """The table of every run of benchmarks/learning.py, and its picture."""
    for folder, cycles in runs(out):
        rows = [_row(folder, number, made) for number, made in enumerate(cycles, 1)]
        print(f"\n{folder.name}")
        print("| cycle until | verdict | probe | facts | asked | known | unknown | wrong | stale | share |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for row in rows:
            print(_line(row))
        print("\n| promotion | facts that changed | before | after | subjects that went | before | after |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for row in rows:
            if "changed" in row and row["changed"]["after"] is not None:
                parts = [_change(row[name]) for name in ("changed", "gone")]
                print(f"| {row['until']} | {' | '.join(parts)} |")
        _show_taught(folder, cycles)
        for row in rows:
            if (part := row.get("taught to be gone")) and part["facts"]:
                print(f"{row['until']}: of {part['facts']} subjects taught to be gone: {part['candidate']}")
        print(f"\n| cycle until | {' | '.join(ARMS_OF_RIVAL)} | fine-tuning over retrieval | both |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for row in rows:
            if "rival" in row:
                print(_rival(row))
        (out / f"{folder.name}-ledger.svg").write_text(picture(folder.name, rows), encoding="utf-8")


def _show_taught(folder: Path, cycles: list[dict[str, Any]]) -> None:
    """What became of what was taught: the facts that were taught first; those of the ledger that the model in
    service was taught in its own cycle, only in an earlier one, or never; and how many answers to the probe
    begin with the subject's name, as a base begins them.
    """
    name, _, seed = _named(folder)
    store, system = Store(folder / "store"), f"{name}-{seed}"
    print("\n| cycle until | taught first: champion, candidate | known: taught | before | never | begin so |")
    print("| --- | --- | --- | --- | --- | --- |")
    taught: dict[str, set[str]] = {}
    for made in cycles:
        cycle = read_cycle(store, system, made["cycle_id"])
        questions, reports = cycle.questions(store), cycle.reports(store)
        taught[cycle.cycle_id] = {question.id for question in questions}
        first = {question.id for question in questions if is_steered(question)}
        scores = [
            sum(bool(item.score) for item in reports[role].probe_items if item.id in first)
            for role in ("champion", "candidate")
        ]
        serves = made["champion"]["cycle_id"]
        own = taught.get(serves, set())
        earlier = set().union(*(ids for each, ids in taught.items() if each < serves)) - own
        rows = entries.read(store, system, made["champion"]["version"], cycle.cycle_id)
        parts = ([row for row in rows if row.fact in ids] for ids in (own, earlier))
        groups = [*parts, [row for row in rows if row.fact not in own | earlier]]
        known = [f"{sum(row.outcome == 'known' for row in group)} of {len(group)}" for group in groups]
        answers = [item.answer for item in reports["candidate"].probe_items]
        begin = f"{sum(answer.startswith('`') for answer in answers)} of {len(answers)}"
        cells = [f"{scores[0]}, {scores[1]} of {len(first)}", *known, begin]
        print(f"| {made['until'][:10]} | {' | '.join(cells)} |")


def _row(folder: Path, number: int, made: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of one cycle."""
    name, _, seed = _named(folder)
    store = Store(folder / "store")
    cycle = read_cycle(store, f"{name}-{seed}", made["cycle_id"])
    file = folder / f"ledger-{number}.json"
    more = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {
        "until": made["until"][:10],
        "verdict": made["outcome"],
        "probe": made.get("probe", {}).get("champion", {}).get("score"),
        "figures": figures_of(cycle, store),
        **more,
    }


def _line(row: Mapping[str, Any]) -> str:
    found = row["figures"]
    probe = "-" if row["probe"] is None else f"{row['probe']:.2f}"[1:]
    if found is None:
        return f"| {row['until']} | {row['verdict']} | {probe} | not asked | | | | | | |"
    counts = " | ".join(str(found[name]) for name in ("facts", "asked", "known", "unknown", "wrong", "stale"))
    share = found["share"]
    interval = f"{share['mean']:.0%} [{100 * share['low']:.0f}, {100 * share['high']:.0f}]"
    return f"| {row['until']} | {row['verdict']} | {probe} | {counts} | {interval} |"


def _change(part: Mapping[str, Any]) -> str:
    """How many were asked about, and how many the two versions know and are stale on."""
    told = [f"{part[when]['known']} known, {part[when]['stale']} stale" for when in ("before", "after")]
    return f"{part['facts']} | {' | '.join(told)}"


def _rival(row: Mapping[str, Any]) -> str:
    found = row["rival"]
    known = [str(found["arms"][arm]["known"]) if arm in found["arms"] else "" for arm in ARMS_OF_RIVAL]
    worth = [
        "{:+.0f} [{:+.0f}, {:+.0f}]".format(
            *(100 * found["worth"][name][key] for key in ("mean", "low", "high"))
        )
        for name in ("training_over_retrieval", "both_over_retrieval")
        if name in found["worth"]
    ]
    return f"| {row['until']} | {' | '.join([*known, *worth])} |"


def picture(name: str, rows: list[dict[str, Any]]) -> str:
    """Three panels: the share known beside the probe; unknown and wrong; stale, each as a share of the
    questions."""

    def share(row: Mapping[str, Any]) -> tuple[float, float | None, float | None] | None:
        found = row["figures"]
        return None if found is None else tuple(found["share"][key] for key in ("mean", "low", "high"))  # type: ignore[return-value]

    def of(outcome: str) -> list:
        parts = (row["figures"] for row in rows)
        return [None, *((each[outcome] / each["asked"], None, None) if each else None for each in parts)]

    probe = [None, *(None if row["probe"] is None else (row["probe"], None, None) for row in rows)]
    return panels(
        f"{name}: what the model in service knows",
        [
            ("share known", {"of all facts": [None, *map(share, rows)], "of the probe": probe}),
            ("share of the questions", {"unknown": of("unknown"), "wrong": of("wrong")}),
            ("share of the questions", {"stale": of("stale")}),
        ],
    )


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rival", type=int, default=60, help="facts; 0: none")


if __name__ == "__main__":
    run_and_show.main(__doc__, run, show, options)
