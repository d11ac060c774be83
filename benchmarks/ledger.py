"""What the model in service knew over a real history, beside the base and beside a base that looks things up.

    python -m benchmarks.ledger run REPOSITORY --out DIR [--steps 10] [--questions 120]
    python -m benchmarks.ledger show DIR

`run` walks the later half of the repository's history in steps, each a live cycle of the product (laptop
profile, as benchmarks/learning.py runs them), and asks after each what the product's ledger does not ask: the
base, the champion, and each with retrieval, about the same facts of that commit. Half of the questions are
about facts that changed since the first step, as far as there are such, the rest is a random sample. A run
that was killed resumes. `show` prints the table of all runs in DIR and draws `DIR/<repository>.svg`: known,
unknown and stale over the steps; of runs of benchmarks/learning.py in DIR it shows the ledger too, as
benchmarks/ledger_learning.py does.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks import ledger_learning, run_and_show
from benchmarks.learning import instants, settings_of
from benchmarks.learning_plot import panels

ARMS = ("base", "champion", "base + retrieval", "champion + retrieval")
DRAWN = ("champion", "base", "base + retrieval")
OUTCOMES = ("known", "unknown", "stale", "wrong")


def run(repository: Path, out: Path, steps: int, questions: int, given: dict[str, Any]) -> None:
    """All steps that are missing of one run, into `out/<repository>`."""
    from autodidact.runtime import Runtime

    folder = (out / repository.name).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    settings = settings_of(repository, folder, "full", 0, given | {"knowledge.rival": 0})
    runtime, untils = Runtime(settings), instants(repository, steps)
    for number, until in enumerate(untils, 1):
        file = folder / f"step-{number}.json"
        if not file.exists():
            file.write_text(
                json.dumps(step(runtime, until, untils[0], questions), indent=1), encoding="utf-8"
            )
        print(line(number, json.loads(file.read_text(encoding="utf-8"))), flush=True)


def step(runtime: Any, until: Any, first: Any, questions: int) -> dict[str, Any]:
    """One cycle, and what each arm knows after it."""
    from autodidact.cycle import run as stages
    from autodidact.cycle.open import open_cycle
    from autodidact.cycle.record import load_cycle
    from autodidact.errors import Skipped
    from autodidact.ledger import retrieval_comparison
    from autodidact.ledger.ask_versions import Asker
    from autodidact.ledger.kept_answers import WORKER
    from autodidact.ledger.stage import facts_of, figures_of, in_service
    from autodidact.models.child_process import Child
    from autodidact.records import cycle_id

    system = runtime.settings.system
    try:
        cycle = open_cycle(runtime, until=until)
        stages.run(runtime, cycle, on_stage=runtime.say)
    except Skipped:  # killed after it was closed
        cycle = load_cycle(runtime, system, cycle_id(until))
    facts, champion = facts_of(cycle, runtime.store), in_service(runtime.store, system)
    asked = chosen(facts, first.isoformat(), questions)
    with Child(WORKER) as worker:
        found = retrieval_comparison.compare(
            cycle, runtime, champion, facts, asked, Asker(cycle, runtime, worker)
        )
    return {
        "cycle": cycle.cycle_id,
        "until": cycle.until,
        "commit": cycle.repositories[0]["commit"],
        "version": champion.version,
        "facts": sum(fact.value is not None for fact in facts),
        "changed": sum(is_changed(fact, first.isoformat()) for fact in asked),
        "figures": figures_of(cycle, runtime.store),
        **{name: found[name] for name in ("questions", "found", "arms", "worth", "says", "rows")},
    }


def is_changed(fact: Any, first: str) -> bool:
    """Whether a fact is new or has another value since the first step."""
    from autodidact.records import instant

    return bool(fact.since and fact.since.time and instant(fact.since.time) > instant(first))


def chosen(facts: list[Any], first: str, questions: int) -> list[Any]:
    """The facts to ask about: at most half of them changed ones."""
    from autodidact.ledger.retrieval_comparison import chosen as sample

    changed = sample([fact for fact in facts if is_changed(fact, first)], questions // 2)
    names = {fact.id for fact in changed}
    return changed + sample([fact for fact in facts if fact.id not in names], questions - len(changed))


def line(number: int, made: dict[str, Any]) -> str:
    """One step in one line: known of those asked, and how many are stale, by arm."""
    arms = "  ".join(
        f"{arm} {made['arms'][arm]['known']} ({made['arms'][arm]['stale']} stale)"
        for arm in ARMS
        if arm in made["arms"]
    )
    return (
        f"{number}  until {made['until'][:10]}  {made['facts']} facts, {made['questions']} asked,"
        f" {made['changed']} changed  known: {arms}  answer among the passages {made['found']:.0%}"
    )


def show(out: Path) -> None:
    """The table of every run in `out`, and its picture."""
    for folder in sorted({file.parent for file in out.glob("*/step-*.json")}):
        files = sorted(folder.glob("step-*.json"), key=lambda file: int(file.stem.rpartition("-")[2]))
        made = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        print(f"\n{folder.name}")
        for number, each in enumerate(made, 1):
            print(line(number, each))
        if made[-1]["says"]:
            print(f"after the last step: {made[-1]['says']}")
        (out / f"{folder.name}.svg").write_text(picture(folder.name, made), encoding="utf-8")
    ledger_learning.show(out)


def picture(name: str, made: list[dict[str, Any]]) -> str:
    """A panel for each outcome: its share of the questions by step, for each arm."""

    def points(arm: str, outcome: str) -> list:
        # Before the first promotion the base serves: it is not asked twice.
        found = [each["arms"].get(arm) or each["arms"]["base"] for each in made]
        shares = [counts[outcome] / each["questions"] for counts, each in zip(found, made, strict=True)]
        return [None, *((share, None, None) for share in shares)]

    return panels(
        f"{name}: what the model in service knows",
        [
            (f"{outcome}: share of the questions", {arm: points(arm, outcome) for arm in DRAWN})
            for outcome in ("known", "unknown", "stale")
        ],
    )


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--questions", type=int, default=120)


if __name__ == "__main__":
    run_and_show.main(__doc__, run, show, options)
