"""`make chaos`: python -m tests.chaos --seed 1 --faults 100"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.faults import drawn
from tests.chaos.run import Chaos
from tests.chaos.shaken_cluster import ShakenCluster


def main() -> None:
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--seed", type=int, default=1, help="of the faults, their order and their moments")
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=240, help="no more faults after so many")
    parser.add_argument("--out", type=Path, default=Path(".autodidact/chaos.jsonl"), help="what happened")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    # Where PostgreSQL's user may go, and short: a socket is in it.
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    cluster = ShakenCluster(folder)
    print(f"cluster in {folder}", flush=True)
    try:
        cluster.keep_serving()
        chaos = Chaos(cluster, drawn(given.seed, given.faults), given.seed, given.out)
        chaos.run(time.monotonic() + 60 * given.minutes)
    finally:
        cluster.end()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
