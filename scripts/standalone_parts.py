"""Airflow's four parts on a PostgreSQL out of a wheel, until standard input closes.

PostgreSQL, in AIRFLOW_HOME/postgres, holds Airflow's metadata alone: the Chronicle is the checkout's, the
same for `make cycle` and the command. Prints address, user and password when every part is healthy and the
DAG is listed.
"""

import os
import subprocess

import airflow_processes as here

# The scheduler comes last, when the API server answers: tasks that start before that fail. The log servers
# are left out: the API server reads the files of its own machine, and they would listen on every address.
PARTS = {
    "API server": ["api-server"],
    "DAG processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
}
DEFAULTS = {
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    # Processes that wait for tasks; the pools let fewer run.
    "AIRFLOW__CORE__PARALLELISM": str(2 * (os.cpu_count() or 1) + 4),
}


def run() -> None:
    """Starts everything and returns when it is to end. Exits with 1, and a line that says why, when a part
    ends.
    """
    log = here.open_log()
    (database,) = here.start_database()
    environment = DEFAULTS | here.make_environment(database)
    if not here.prepare(environment):
        return
    parts: dict[str, subprocess.Popen] = {}
    for name, command in PARTS.items():
        if name == "scheduler" and not here.wait_for(here.answers, lambda: here.require_parts(parts)):
            return
        parts[name] = here.start(["-m", "airflow", *command], environment, log)
    if not here.wait_for(here.is_up, lambda: here.require_parts(parts)):
        return
    here.tell_login()
    while not here.stopping.wait(1):
        here.require_parts(parts)


if __name__ == "__main__":
    here.serve(run)
