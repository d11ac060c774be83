"""`make cycle`: one run of the DAG by `airflow dags test`, its own lines on the screen, Airflow's in a log;
then the summary.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from autodidact.progress import show

MARK = "[autodidact] "
log = Path(os.environ["AIRFLOW_HOME"]) / "cycle.log"
command = ["airflow", "dags", "test", "autodidact_cycle", "--conf", json.dumps({"resume": True})]
environment = os.environ | {"PYTHONUNBUFFERED": "1", "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False"}
start = time.monotonic()
# The cycle that ran.
shown: list[str] = []
print(f"airflow dags test autodidact_cycle (Airflow's own log: {log})", flush=True)
with (
    log.open("w") as file,
    subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process,
):
    try:
        for line in process.stdout:
            file.write(line)
            file.flush()
            place = line.find(MARK)
            if place < 0:
                continue
            told = line[place + len(MARK) :].rstrip()
            if found := re.search(r"(?:opened: \w+ cycle|resumed: cycle) (\S+) of ([^\s,;]+)", told):
                shown = ["--cycle", found[1], "--system", found[2]]
            show(f"{time.monotonic() - start:6.0f} s  {told}", sys.stdout)
    except KeyboardInterrupt:
        process.wait()
        print("\nInterrupted. The same command goes on where this one stopped.")
        sys.exit(75)
if process.returncode:
    show(
        f"The cycle did not finish. Why: the lines above, and {log}. After the remedy, the same command"
        " goes on.",
        sys.stdout,
    )
    sys.exit(1)
sys.exit(subprocess.run(["autodidact", "status", *shown]).returncode)
