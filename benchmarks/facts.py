"""What facts over time cost on a repository: its whole history read from nothing, then what the next cycle
reads when some ten Python files have changed, then when nothing has.

    python -m benchmarks.facts REPOSITORY [--branch NAME]

Prints seconds of wall clock and of processors (git's included), the most memory in MB, and the counts.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE / "include"))

from autodidact.generators.facts_stage import CODE, code_facts  # noqa: E402
from autodidact.generators.run_generator import facts_now, load  # noqa: E402
from autodidact.generators.stage import snapshot_at  # noqa: E402
from autodidact.knowledge.fact import Fact  # noqa: E402
from autodidact.settings import Settings, load_settings  # noqa: E402
from autodidact.sources.code.definition_history import name_history  # noqa: E402
from autodidact.sources.git.first_parents import steps  # noqa: E402
from autodidact.sources.git.revisions import git_dir, tip_of  # noqa: E402
from autodidact.stage import Troubles  # noqa: E402

# Python files that have changed between two cycles.
CHANGED = 10


def processors() -> float:
    """Seconds of processor time of this process and of the children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measured(name: str, work: Callable[[], Any]) -> Any:
    wall, used = time.perf_counter(), processors()
    found = work()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:<44}{time.perf_counter() - wall:>8.2f} s{processors() - used:>9.2f} s of processors"
        f"{most:>8.0f} MB"
    )
    return found


def history(settings: Settings, until: datetime) -> int:
    """Reads the history up to a time; how many commits it has."""
    snapshot = snapshot_at(settings, since=None, until=until)
    assert snapshot.repository is not None
    with snapshot.repository as repository:
        return name_history(repository, snapshot.cache, snapshot.system).commits


def facts(settings: Settings, until: datetime) -> list[Fact]:
    """What the stage `knowledge` writes of the code, up to a time."""
    snapshot = snapshot_at(settings, since=None, until=until)
    assert snapshot.repository is not None
    with snapshot.repository:
        now = list(facts_now(CODE, load(CODE).read(snapshot), snapshot))
        return code_facts(now, snapshot, Troubles())


def before(folder: Path, tip: str) -> datetime:
    """When the branch was some CHANGED Python files ago."""
    paths: set[str] = set()
    for step in steps(folder, tip, None, lambda path: path.endswith(".py")):
        if len(paths) >= CHANGED:
            return datetime.fromtimestamp(step.time, timezone.utc)
        paths |= {change.path for change in step.changes}
    raise SystemExit("the repository has too short a history")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--branch")
    options = parser.parse_args()
    now = datetime.now(timezone.utc)
    with tempfile.TemporaryDirectory() as store:
        given = {
            "sources.repository": str(options.repository),
            "sources.branch": options.branch,
            "store": store,
        }
        settings = load_settings(overrides=given, cwd=Path(store), environ={})
        then = before(git_dir(options.repository), tip_of(options.repository, options.branch))
        commits = measured(f"the history up to {then.date()}, from nothing", lambda: history(settings, then))
        measured("the facts of then", lambda: facts(settings, then))
        measured(f"the history, {CHANGED} Python files later", lambda: history(settings, now))
        found = measured("the facts of now", lambda: facts(settings, now))
        again = measured("the facts of now again", lambda: facts(settings, now))
    present = [fact for fact in found if fact.value is not None]
    dated, earlier = sum(fact.since is not None for fact in present), sum(bool(f.earlier) for f in present)
    print(f"{commits} commits of the branch; {len(present)} facts of code, {dated} with their beginning,")
    print(f"{earlier} with an earlier value; {len(found) - len(present)} subjects gone within a year")
    print(f"new in the facts of now again: {sum(one not in found for one in again)}")


if __name__ == "__main__":
    main()
