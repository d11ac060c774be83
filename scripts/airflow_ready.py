"""Airflow's metadata database, the pools `gpu` and `generate`, the DAGs unpaused. Costs nothing the second
time.
"""

import contextlib
import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

COMMANDS = [
    ["db", "migrate"],
    ["pools", "set", "gpu", "1", "training and benchmarks", "--include-deferred"],
    ["pools", "set", "generate", str(os.cpu_count() or 1), "generators"],
    ["dags", "reserialize"],
    ["dags", "unpause", "autodidact_cycle", "--yes"],
    ["dags", "unpause", "autodidact_rollback", "--yes"],
    ["dags", "unpause", "autodidact_watch", "--yes"],
]


def main() -> None:
    home = Path(os.environ["AIRFLOW_HOME"])
    database = os.environ.get("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "sqlite")
    # Without the password.
    state = f"{database.split('@')[-1]} {version('apache-airflow')} {os.cpu_count()} {len(COMMANDS)}"
    # One mark for each database, so that `make cycle` and `make standalone` may take turns.
    done = home / f".ready-{database.partition(':')[0]}-{hashlib.sha256(state.encode()).hexdigest()[:12]}"
    if done.exists():
        return
    # Logs, and a database with what people write into the UI: their owner's alone.
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    print("Airflow: database, pools, DAGs (once, about 20 s)", flush=True)
    log = home / "setup.log"
    with log.open("w") as output, contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        from airflow.cli import cli_parser

        parser = cli_parser.get_parser()
        for command in COMMANDS:
            try:
                args = parser.parse_args(command)
                args.func(args)
            except (Exception, SystemExit) as error:
                if isinstance(error, SystemExit) and not error.code:
                    continue
                sys.exit(f"airflow {' '.join(command)} failed: {error}. The whole output is in {log}")
    done.write_text(state)


if __name__ == "__main__":
    main()
