"""Many windows backfilled in a row, several at a time, on `make cluster`: whether all of them end, whether
promotions are in order, how memory and the databases grow.

    python -m benchmarks.backfill [--cycles 50] [--parallel 4] [--minutes 120]

Needs what `make test-cluster` installs. The cycles are those of `make chaos`: real ones on twenty small
modules, as short as they can be, each window with a commit of its own; they may promote
(`promote_historical`). Prints a table, a row after every ten cycles. Its memory is that of the processes
that stay, one for each part of the cluster, without tasks and PostgreSQL, whose processes share much.
"""

import argparse
import shutil
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psutil

from tests.chaos.invariants import broken, rows_of
from tests.chaos.settings import SYSTEM
from tests.chaos.shaken_cluster import DAG, PARTS, ShakenCluster, line_of
from tests.chaos.shop import MODULE
from tests.chaos.shop import PARTS as MODULES
from tests.sandbox import NOON

WINDOW = timedelta(hours=12)
EVERY = 10
SIZES = "SELECT datname, pg_database_size(datname) FROM pg_database WHERE NOT datistemplate"
RUNS = "SELECT state, count(*) FROM dag_run GROUP BY state"
ENDED = ("success", "failed")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cycles", type=int, default=50)
    parser.add_argument("--parallel", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=120, help="give up after so many")
    given = parser.parse_args()
    # Where PostgreSQL's user may go, and short: a socket is in it.
    folder = Path(tempfile.mkdtemp(prefix="backfill-"))
    # Airflow's own timeouts: nothing is killed here, and a task may wait for its turn.
    cluster = ShakenCluster(folder, timeouts={"AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False"})
    try:
        cluster.keep_serving()
        backfill(cluster, given.cycles, given.parallel, given.minutes)
    finally:
        cluster.end()
    shutil.rmtree(folder, ignore_errors=True)


def backfill(cluster: ShakenCluster, cycles: int, parallel: int, minutes: float) -> None:
    first = NOON + WINDOW
    for number in range(cycles):
        part = MODULES[number % len(MODULES)]
        file = {f"shop/{part}.py": MODULE.format(part=part, number=20 + number)}
        hours = number * WINDOW / timedelta(hours=1) + 6
        cluster.shop.commit(f"Let find_{part} return up to {20 + number} names", file, hours=hours)
    before, began = rows_of(cluster.place), time.monotonic()
    asked = {"from_date": _text(first), "to_date": _text(first + (cycles - 1) * WINDOW)}
    asked |= {"dag_id": DAG, "max_active_runs": parallel, "dag_run_conf": {"promote_historical": True}}
    cluster.api("backfills", asked)
    print(f"{cycles} windows, {parallel} at a time\n")
    print("| cycles ended | minutes | MB of processes | Airflow's database, MB | Chronicle, MB | store, MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    said = -1
    while True:
        states = dict(cluster.rows(RUNS) or [])
        ended = sum(states.get(state, 0) for state in ENDED)
        if ended // EVERY > said // EVERY or ended >= cycles > said:
            said = ended
            print(_row(cluster, ended, (time.monotonic() - began) / 60), flush=True)
        if ended >= cycles or time.monotonic() - began > 60 * minutes:
            break
        time.sleep(5)
    print(f"\nruns by state: {states}")
    _say_promotions(cluster)
    print(f"invariants broken: {broken(cluster.place, before, rows_of(cluster.place)) or 'none'}")


def _row(cluster: ShakenCluster, ended: int, minutes: float) -> str:
    sizes = dict(cluster.rows(SIZES) or [])
    databases = [sizes.get(name, 0) / 1e6 for name in ("airflow", "autodidact")]
    store = cluster.place.runtime.store
    stored = sum(store.size(key) for key in store.list("")) / 1e6
    cells = [f"{minutes:.0f}", f"{_memory(cluster):.0f}", *(f"{size:.1f}" for size in (*databases, stored))]
    return f"| {ended} | " + " | ".join(cells) + " |"


def _memory(cluster: ShakenCluster) -> float:
    """MB of the first process of each part, which stays."""
    found = 0.0
    for process in cluster.started.processes():
        if any(words in line_of(process) for words in PARTS.values()):
            with suppress(psutil.Error):
                found += process.memory_info().rss / 1e6
    return found


def _say_promotions(cluster: ShakenCluster) -> None:
    """The cycles of the champions, in the order of their promotions, and how the cycles ended."""
    with cluster.place.runtime.chronicle() as chronicle:
        cycles = {row["version"]: row["cycle_id"] for row in chronicle.versions(SYSTEM)}
        reigns = [cycles[version] for version in chronicle.reigns(SYSTEM) if cycles[version]]
        outcomes = [row["outcome"] for row in chronicle.history(SYSTEM)]
    counts = {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}
    order = "in the order of their windows" if reigns == sorted(reigns) else f"OUT OF ORDER: {reigns}"
    print(f"cycles by outcome: {counts}; {len(reigns)} promotions, {order}")


def _text(moment) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    main()
