"""What processor time the package and its DAG file take to load, and the ratio: python -m benchmarks.startup

Wanted: `import autodidact` below 0.3 s and without airflow and torch; the DAG file at most 2x an empty DAG's
time.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[1]
EMPTY = """
from datetime import datetime
from airflow.providers.standard.operators.python import BranchPythonOperator
from airflow.sdk import dag, task

@dag(schedule=None, start_date=datetime(2026, 1, 1))
def empty():
    @task
    def nothing():
        pass
    nothing()

empty()
"""
PARSE = (
    "import sys, time, runpy, airflow; start = time.process_time(); runpy.run_path(sys.argv[1]);"
    " print(time.process_time() - start)"
)
IMPORT = """
import sys, time
start = time.process_time()
import autodidact
print(time.process_time() - start)
assert not {"airflow", "torch"} & set(sys.modules)
"""


def seconds(code: str, *arguments: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def main(runs: int) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(EMPTY)
        file.flush()
        pairs = [
            (seconds(PARSE, file.name), seconds(PARSE, str(ROOT / "dags" / "autodidact_cycle.py")))
            for _ in range(runs)
        ]
    empty, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"import autodidact       {statistics.median(seconds(IMPORT) for _ in range(runs)):.3f} s")
    print(f"empty DAG file          {empty:.3f} s")
    print(f"autodidact_cycle.py     {ours:.3f} s")
    print(f"ratio, median of pairs  {statistics.median(b / a for a, b in pairs):.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7)
    main(parser.parse_args().runs)
