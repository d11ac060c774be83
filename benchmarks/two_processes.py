"""What a second process is worth to a small model on a CPU, training and measuring: python -m
benchmarks.two_processes gated/kept.jsonl [--updates 80]

Trains sprout by the laptop's recipe three times in each round: rows of an update whole, in two shares in one
process, in two shares in two processes (training/second.py). Real tokens a second from the fifth update on,
best of the rounds; the last two must end in the same adapter, byte for byte. Then asks the base three blocks
without and with a helper (benchmark/engines.py), from the first batch to the last, best of the rounds; the
scores must be equal.

Measured, two idle cores: 1,655 tokens/s whole, 1,486 in two shares in one process, 2,429 in two processes;
405 items in 23.2 s alone and 14.3 s with a helper.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

from autodidact.benchmark.runner import measure
from autodidact.models.bases import resolve_base
from autodidact.settings import load_settings
from autodidact.store import Store, folder_digest
from autodidact.training import qlora, second, specification

BLOCKS = (0, 1, 2)
# Update from which on the speed is taken.
FIRST = 5
WAYS = {"whole": (1, False), "two shares, one process": (2, False), "two shares, two processes": (2, True)}


def train(kept: Path, updates: int, shares: int, two: bool) -> tuple[float, str]:
    """(tokens a second, digest of the adapter)"""
    settings, ends = (
        load_settings("laptop", {"training.max_steps": updates, "training.evaluations": 0}, environ={}),
        [],
    )
    free, second.FREE = second.FREE, 0 if two else 2**60

    def report(event: dict) -> None:
        if event["event"] == "step":
            ends.append(time.perf_counter())

    try:
        with tempfile.TemporaryDirectory() as out:
            (Path(out) / "checkpoints").mkdir()
            told = specification(kept, Path(out), settings, seed=0) | {
                "shares": shares,
                "parent": os.getpid(),
            }
            seen = [tokens for _, _, tokens in qlora.train(told, qlora.Stop(), report)["loss_curve"]]
            return (seen[-1] - seen[FIRST - 1]) / (ends[-1] - ends[FIRST - 1]), folder_digest(
                Path(out) / "adapter"
            )
    finally:
        second.FREE = free


def ask(threads: int | None) -> tuple[float, list[float | None]]:
    """(seconds from the first batch to the last, scores); with one thread asked for there is no helper."""
    settings, ends = load_settings("laptop", {"training.threads": threads}, environ={}), []
    with tempfile.TemporaryDirectory() as store:
        say = lambda line: ends.append(time.perf_counter())  # noqa: E731
        report = measure(
            Store(store),
            "",
            settings,
            resolve_base(settings),
            blocks=BLOCKS,
            week="2026-W48",
            salt="two",
            say=say,
        )
    return ends[-1] - ends[0], [item.score for item in report.items]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kept", type=Path)
    parser.add_argument("--updates", type=int, default=80)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    os.environ.setdefault("TORCHDYNAMO_DISABLE", "1")
    speeds: dict[str, list[float]] = {way: [] for way in WAYS}
    adapters: dict[str, set[str]] = {way: set() for way in WAYS}
    for _ in range(given.rounds):
        for way, (shares, two) in WAYS.items():
            speed, adapter = train(given.kept, given.updates, shares, two)
            speeds[way].append(speed)
            adapters[way].add(adapter)
    for way, found in speeds.items():
        print(
            f"training, {way}: {max(found):,.0f} tokens/s, adapter"
            f" {', '.join(name[:12] for name in sorted(adapters[way]))}"
        )
    asked = [[ask(threads) for threads in (1, None)] for _ in range(given.rounds)]
    for name, found in zip(("alone", "with a helper"), zip(*asked, strict=True), strict=True):
        print(f"measuring {len(asked[0][0][1])} items, {name}: {min(seconds for seconds, _ in found):.1f} s")
    if len(adapters["two shares, one process"] | adapters["two shares, two processes"]) > 1:
        raise SystemExit("two processes made another adapter than one")
    if any(scores != asked[0][0][1] for round_ in asked for _, scores in round_):
        raise SystemExit("a helper changed a score")


if __name__ == "__main__":
    main()
