"""`make cycle`: one run of the DAG by `airflow dags test`, then the summary.

On a terminal one screen shows the stages; elsewhere a line where a stage begins and ends. All that Airflow
and the stages print is in a log.
"""

import json
import os
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import TextIO

from autodidact.progress import show
from autodidact.terminal.cycle_progress import PlainLines
from autodidact_airflow.dag_test_output_to_screen import DagTestLog

# Lines of the log that are shown where a run failed and no line said why.
LAST = 10


def main() -> int:
    log = Path(os.environ["AIRFLOW_HOME"]) / "cycle.log"
    command = ["airflow", "dags", "test", "autodidact_cycle", "--conf", json.dumps({"resume": True})]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False"}
    # The cycle that ran, and the last lines of the log.
    ran: list[str] = []
    last: deque[str] = deque(maxlen=LAST)
    print(f"airflow dags test autodidact_cycle (all that it prints: {log})", flush=True)
    with (
        log.open("w", encoding="utf-8") as file,
        subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process,
        screen_for(str(log)) as screen,
    ):
        reader = DagTestLog(screen, lambda cycle, system: ran.extend(["--cycle", cycle, "--system", system]))
        screen.last = "Airflow starts; the first stage begins in a moment"
        try:
            for line in process.stdout or ():
                file.write(line)
                file.flush()
                last.append(line)
                reader.read(line)
        except KeyboardInterrupt:
            # Airflow got the same signal, and saves what it has.
            screen.trouble("Interrupted: waiting until everything is saved.")
            end(process, file)
            screen.trouble("The same command goes on where this one stopped.")
            return 75
        failed = process.wait() != 0
    if failed:
        return tell_failure(log, last, told=screen.troubled)
    return subprocess.run(["autodidact", "status", *ran]).returncode


def end(process: subprocess.Popen[str], file: TextIO) -> None:
    """Waits for the end of a process that was interrupted, and keeps what it prints: a full pipe would stop
    it. A second interruption ends it at once.
    """
    try:
        for line in process.stdout or ():
            file.write(line)
        process.wait()
    except KeyboardInterrupt:
        process.kill()
        process.wait()


def screen_for(log: str):
    """One screen on a terminal that can draw it, plain lines elsewhere."""
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        from autodidact.terminal.live_screen import LiveScreen

        return LiveScreen(log)
    return PlainLines()


def tell_failure(log: Path, last: deque[str], *, told: bool) -> int:
    """Where the reason stands; the end of the log where no line told it."""
    if not told:
        for line in last:
            show(line.rstrip()[:300], sys.stdout)
    why = "the lines above, and " if told else "the end of the log stands above; all of it is in "
    show(
        f"The cycle did not finish. Why: {why}{log}. After the remedy, the same command goes on.", sys.stdout
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
