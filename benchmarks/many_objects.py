"""How a store on S3 with many objects answers: listings, `history`, `show`, `prune --dry-run`, and what every
cycle asks of all earlier ones.

    python -m benchmarks.many_objects --objects 10000 100000

Starts an object store of its own (SeaweedFS, as `make cluster` does; needs what that installs) and puts
cycles into it, with the files that a cycle of `benchmarks.learning` leaves; their contents are as small as
they can be. Each measure is a process of its own. Prints a table: seconds without the start of the process,
requests to the store, and megabytes at the peak beyond what the process had when it began.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.many_objects_data import SYSTEM, Cycles
from benchmarks.many_objects_measures import MEASURES

ROOT = Path(__file__).parents[1]
MEASURING = "from benchmarks.many_objects_measures import main; main()"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--objects", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--threads", type=int, default=8, help="that put objects")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="many-objects-"))
    os.environ["AIRFLOW_HOME"] = str(folder)
    from tests.cluster.object_store import ObjectStore

    running = ObjectStore(folder)
    os.environ |= running.places
    try:
        columns = [measured(folder, number, given.threads) for number in sorted(given.objects)]
    finally:
        running.end()
        shutil.rmtree(folder, ignore_errors=True)
    print(table(columns))


def measured(folder: Path, objects: int, threads: int) -> dict[str, str]:
    """Puts cycles until there are so many objects. Returns {measure: figures}."""
    chronicle = f"sqlite:///{folder}/chronicle.db"
    cycles = Cycles("s3://autodidact/store", chronicle)
    begun = time.perf_counter()
    put = cycles.put_until(objects, threads)
    seconds = time.perf_counter() - begun
    found = {"": f"{cycles.objects:,} objects, {cycles.number:,} cycles"}
    found[f"put, {threads} at a time"] = f"{put:,} in {seconds:.0f} s"
    say(f"{cycles.objects:,} objects: {put:,} were put in {seconds:.0f} s")
    for name in MEASURES:
        row = in_a_process(name, chronicle)
        found[name] = f"{row['seconds']:.2f} s, {row['requests']:,} requests, {row['megabytes']:.0f} MB"
        say(f"{cycles.objects:,} objects: {name}: {found[name]}")
    return found


def in_a_process(name: str, chronicle: str) -> dict[str, float]:
    """{"seconds", "requests", "megabytes"} of a measure."""
    given = json.dumps({"name": name, "system": SYSTEM, "chronicle": chronicle})
    command = [sys.executable, "-c", MEASURING, given]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    row: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return row


def table(columns: list[dict[str, str]]) -> str:
    head, *rows = ([name, *(column[name] for column in columns)] for name in columns[0])
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
