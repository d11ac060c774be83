"""The shipped DAGs, with waits of seconds in place of minutes, and of the thirteen generators the two that are
used: a task that is skipped takes as long as one that works on a small repository.
"""

from datetime import timedelta

from autodidact.generators import GENERATORS
from autodidact_airflow.dags import cycle_dag, wiring

USED = ("ast_parser", "diff_miner")
wiring.GENERATORS = [each for each in GENERATORS if each.name in USED]
# More tries than faults that can hit a task, as each costs one.
QUICK = {"retries": 20, "retry_delay": timedelta(seconds=5), "retry_exponential_backoff": 0.0}
cycle_dag(default_args=QUICK)
