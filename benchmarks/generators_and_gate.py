"""Seconds and memory of all generators and the gate on one repository, with production limits.

    python -m benchmarks.generators_and_gate REPOSITORY [--at-once 2] [--register full] [--samples]

Each generator is a process of its own, so many at once, as Airflow's tasks are; then the gate. All are
commands that a user types. With `--samples` the package's own files are read where the repository has none.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autodidact.generators import GENERATORS


def measured(arguments: list[str]) -> tuple[float, float, str]:
    """(seconds, peak memory in MB, last line) of a command. Raises RuntimeError where it fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as shown:
        process = subprocess.Popen(
            [sys.executable, "-m", "autodidact.cli", *arguments], stdout=shown, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        shown.seek(0)
        lines = shown.read().splitlines() or [""]
    if process.returncode:
        raise RuntimeError("\n".join([" ".join(arguments), *lines[-5:]]))
    return time.perf_counter() - began, usage.ru_maxrss / 1024, lines[-1]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--register", choices=("full", "drill"), default="full")
    parser.add_argument("--samples", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        common = ["--repo", str(given.repository.resolve()), "--profile", "production"]
        common += ["--set", "base_model=sprout", "--set", f"generators.register={given.register}"]
        common += ["--set", f"sources.samples={str(given.samples).lower()}"]

        def one(name: str) -> tuple[float, float, str]:
            return measured(["generate", "--only", name, "--out", f"{folder}/rows", *common])

        names = [generator.name for generator in GENERATORS]
        began = time.perf_counter()
        with ThreadPoolExecutor(given.at_once) as pool:
            done = dict(zip(names, pool.map(one, names), strict=True))
        generated = time.perf_counter() - began
        gate = measured(["gate", f"{folder}/rows", "--out", f"{folder}/gate", *common])
    print("| stage | seconds | peak MB | |\n| --- | ---: | ---: | --- |")
    for name, (seconds, memory, line) in [*done.items(), ("gate", gate)]:
        print(f"| {name} | {seconds:.1f} | {memory:.0f} | {line} |")
    most = sorted((memory for _, memory, _ in done.values()), reverse=True)[: given.at_once]
    print(f"\ngenerators, {given.at_once} at once: {generated:.1f} s, at most {sum(most):.0f} MB together")
    print(f"generators and gate: {generated + gate[0]:.1f} s")


if __name__ == "__main__":
    main()
