"""How fast commits become examples, against a bare `git log -p` over the same commits, in one run.

    python -m benchmarks.diff_miner ~/code/celery [--rounds 2] [--profile production]

Both read every commit of HEAD's history. A first round plants bugs (libcst) and is timed apart, as the limit
on examples is lifted: a real cycle stops at `generators.limit`. The rounds after it take the same bugs from
the first, so that planting is not counted, nor what it does to caches and memory; the best of them counts,
and each one's rate is told.

Measured on celery (12,173 commits beside merges; 14,480 examples, 4,242 with a planted bug) on two cores,
other work paused: 0.75x the rate of git log (5.15 s beside 6.85 s; 0.67 to 0.75 by round), planting 38 ms a
bug, peak memory 291 MB with all bugs held. On httpx (1,481 commits, 2,732 examples), whose commits are small
and whose examples many: 0.45x by the best (0.54 s beside 1.21 s), 0.38 to 0.57 by round.
"""

import argparse
import json
import resource
import subprocess
import time
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from autodidact.generators.diff_miner.hunk_reviews import Reviewer
from autodidact.generators.run_generator import generate
from autodidact.settings import load_settings
from autodidact.sources.git.repository import Repository
from autodidact.sources.git.revisions import resolve
from autodidact.sources.snapshot import Snapshot
from autodidact.store import Cache, Store


def bare(repository: Path) -> float:
    """Seconds of `git log -p` with git's defaults, its output read and dropped."""
    started = time.perf_counter()
    with subprocess.Popen(
        ["git", "-C", str(repository), "--no-pager", "log", "-p"], stdout=subprocess.PIPE
    ) as process:
        while process.stdout.read(1 << 16):
            pass
    return time.perf_counter() - started


def mined(repository: Path, profile: str, bugs: list) -> tuple[float, float, int, Counter]:
    """(seconds in all, seconds of planting, commits, examples by kind). `bugs`: those of an earlier round,
    which are then taken and not planted; those of this one are put there.
    """
    spent, commits, kinds = [0.0], [0], Counter()
    again = iter(bugs) if bugs else None
    plant, read = Reviewer.plant, Repository.commits

    def timed(*arguments, **options):
        rng = arguments[-1]
        if again:
            bug, state = next(again)
            rng.setstate(state)
            return bug
        started = time.perf_counter()
        bug = plant(*arguments, **options)
        spent[0] += time.perf_counter() - started
        bugs.append((bug, rng.getstate()))
        return bug

    def counted(*arguments, **named):
        for commit in read(*arguments, **named):
            commits[0] += 1
            yield commit

    until = datetime.now(timezone.utc)
    with TemporaryDirectory() as folder:
        settings = load_settings(profile, {"generators.limit": 1_000_000}, cwd=Path(folder), environ={})
        Reviewer.plant, Repository.commits = timed, counted
        commit = resolve(repository, None, until)
        started = time.perf_counter()
        try:
            with Repository(repository, commit) as opened:
                seen = Snapshot(
                    "benchmark", "", 7, None, until, settings, Cache(Store(Path(folder))), repository=opened
                )
                for row in generate("diff_miner", seen)[0]:
                    defect = row.source.model_dump().get("defect")
                    kinds["review: " + defect["kind"] if defect else row.source.ask] += 1
        finally:
            Reviewer.plant, Repository.commits = plant, read
        return time.perf_counter() - started, spent[0], commits[0], kinds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", default="laptop")
    options = parser.parse_args()
    logs, miners, bugs = [], [], []
    whole, planting, commits, kinds = mined(options.repository, options.profile, bugs)
    for _ in range(options.rounds):
        logs.append(bare(options.repository))
        miners.append(mined(options.repository, options.profile, bugs)[0])
    planted = sum(count for kind, count in kinds.items() if kind.startswith("review: "))
    result = {
        "commits": commits,
        "examples": kinds.total(),
        "planted": planted,
        "git_log_seconds": round(min(logs), 2),
        "mining_seconds": round(min(miners), 2),
        "planting_seconds": round(planting, 2),
        "rate_against_git_log": round(min(logs) / min(miners), 2),
        "rates": [round(log / mine, 2) for log, mine in zip(logs, miners, strict=True)],
        "mining_seconds_beside_planting": round(whole - planting, 2),
        "planting_milliseconds_each": round(1000 * planting / max(planted, 1), 1),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "kinds": dict(kinds.most_common()),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
