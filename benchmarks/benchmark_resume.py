"""Kills a measurement with SIGKILL at random moments and goes on with it: python -m
benchmarks.benchmark_resume [--kills 20] [--local 4]

`--kills`: after the k-th of 135 items, k at random, of a model served on loopback and judged by a judge
there; `--local`: in the middle of a batch of sprout in the process itself. For each: how much was asked
again, and whether the scores equal those of an uninterrupted run. Exit status 1 if more than one batch is
asked again or a score differs. Measured under load: after each of 19 kills 2 to 16 items were asked again, no
verdict, equal scores.
"""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.benchmark import killing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--local", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng, served, bad, worst = random.Random(given.seed), killing.Served(), 0, 0
    folder = Path(tempfile.mkdtemp(prefix="resume-"))
    try:
        if given.kills:
            whole, _, judged = served.measure(folder / "whole")
            for k in rng.sample(range(1, 136), given.kills):
                store = folder / f"after-{k}"
                before, verdicts = served.killed_after(store, k)
                again, after, more = served.measure(store)
                redone, equal = before + after - 135, killing.scores(again) == killing.scores(whole)
                bad, worst = bad + (not equal or redone > killing.BATCH), max(worst, redone)
                twice = max(0, verdicts + more - judged)
                print(
                    f"killed after item {k:>3}: {redone:>2} items asked again, {twice} verdicts, equal"
                    f" scores: {equal}",
                    flush=True,
                )
            print(
                f"{given.kills} kills: at most {worst} of 135 items asked again (a batch has"
                f" {killing.BATCH}), {bad} failures"
            )
        if given.local:
            whole, _, _ = served.measure(folder / "local", engine="local", judged="embedded")
            for batch in rng.choices(range(1, 9), k=given.local):
                store = folder / f"batch-{batch}-{rng.random()}"
                killing.killed_after_batch(served, store, batch, rng.random())
                kept = len(
                    [path for path in store.rglob("answers/**/*.json") if not path.name.startswith(".")]
                )
                again, _, _ = served.measure(store, engine="local", judged="embedded")
                equal = killing.scores(again) == killing.scores(whole)
                bad += not equal or kept < batch
                print(
                    f"sprout killed after batch {batch}: {kept} of 9 batches kept, equal scores: {equal}",
                    flush=True,
                )
    finally:
        served.shutdown()
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
