"""How fast knowledge ages: what a model that knew a code base perfectly on one day knows some days later.

    python -m benchmarks.knowledge_age REPOSITORY --out FILE.svg [--days 365] [--until TIME]

Reads the facts over time of the repository's Python code, as a cycle does, and compares today's with those of
earlier days: still true (known), another value by now (stale), not there then (unknown). No model is asked.
Prints a table and draws the picture of docs/knowledge.md.
"""

import argparse
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from autodidact.knowledge.fact import Fact, Moment
from autodidact.svg import curves

# Days between two points of the picture.
STEP = 7


def facts_of(repository: Path, until: datetime) -> list[Fact]:
    """Every fact about the code at `until`, with those that are gone."""
    from autodidact.cycle import run
    from autodidact.cycle.open import open_cycle
    from autodidact.ledger.stage import facts_of as read
    from autodidact.runtime import Runtime
    from autodidact.settings import load_settings

    with tempfile.TemporaryDirectory() as folder:
        given = {
            "store": f"{folder}/store",
            "chronicle.url": f"{folder}/chronicle.db",
            "sources.repository": str(repository),
            "system": repository.name,
            "generators.only": ["ast_parser"],
        }
        runtime = Runtime(load_settings("laptop", given, environ={}))
        cycle = open_cycle(runtime, until=until)
        run.generate("ast_parser", cycle, runtime)
        run.knowledge(cycle, runtime)
        return read(cycle, runtime.store)


def then(fact: Fact, time: datetime) -> str:
    """What is left of knowledge of that time: known, stale, unknown; gone: it knows what is no more."""
    before = any(
        _began(each.since, time) and each.until.time is not None and _moment(each.until.time) > time
        for each in fact.earlier
    )
    if fact.value is None:
        return "gone" if before else "neither"
    if _began(fact.since, time):
        return "known"
    return "stale" if before else "unknown"


def _began(since: Moment | None, time: datetime) -> bool:
    """Whether something was so at that time; without a time it always was."""
    return since is None or since.time is None or _moment(since.time) <= time


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def main() -> None:
    """See the top of the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--days", type=int, default=364)
    parser.add_argument("--until", type=datetime.fromisoformat, default=datetime.now(timezone.utc))
    given = parser.parse_args()
    facts = facts_of(given.repository, given.until)
    now = sum(fact.value is not None for fact in facts)
    points = []
    print(f"{now} facts that hold at {given.until:%Y-%m-%d}\n{'days':>5}    known    stale  unknown     gone")
    for days in range(0, given.days + 1, STEP):
        found = [then(fact, given.until - timedelta(days=days)) for fact in facts]
        row = {name: found.count(name) / now for name in ("known", "stale", "unknown", "gone")}
        points.append((days, row))
        if days % 28 == 0:
            shares = "  ".join(f"{share:>7.1%}" for share in row.values())
            print(f"{days:>5}  {shares}")
    lines = [
        (name, [(float(days), row[key]) for days, row in points], False)
        for name, key in (("still true", "known"), ("not there then", "unknown"), ("stale", "stale"))
    ]
    title = f"What a model that knew {given.repository.name} perfectly knows after so many days"
    given.out.write_text(curves(title, lines, across="days"), encoding="utf-8")


if __name__ == "__main__":
    main()
