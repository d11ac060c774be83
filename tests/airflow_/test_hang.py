"""A training that hangs, in the real DAG with a real training process: its time limit ends it, the retry goes on
from the last checkpoint, and the next cycle is free to run.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tiny

ROOT = Path(__file__).resolve().parents[2]

# The process that trains is stopped once it has saved its first checkpoint, and never goes on by itself.
HANGS = """
import json, os, signal, sys, threading, time
sys.path.insert(0, ROOT)
from datetime import timedelta
from pathlib import Path
import psutil
from autodidact import training
from autodidact.training import launch
from tests.airflow_ import cycle_runs
from tests.airflow_.cycle_runs import Run, World
from tests.sandbox import Sandbox

folder, train = Path(FOLDER), training.train
box = Sandbox(folder / "shop")
basket = 'class Basket:\\n    def add(self, item: str) -> None:\\n        "Put an item into the basket."\\n'
box.commit("Begin", {"shop/basket.py": basket})
world = World(folder, box.path, 1)
os.environ |= {"AUTODIDACT_BASE_MODEL": BASE, "AUTODIDACT_TRAINING__SAVE_STEPS": "1",
    "AUTODIDACT_TRAINING__MAX_STEPS": "6", "AUTODIDACT_TRAINING__RANK": "2", "AUTODIDACT_TRAINING__THREADS": "1"}
cycle_runs.fake_stages(lambda: world)
training.train = train
launch.GRACE_SECONDS = 1  # that a stopped process has to save: it saves nothing
dag = cycle_runs.load_dag()
task = dag.get_task("train")
task.execution_timeout, task.retries, task.retry_delay = timedelta(minutes=10), 1, timedelta(seconds=0)
stopped = []

def stop():
    while not stopped:
        time.sleep(0.01)
        if list(Path(os.environ["AUTODIDACT_STORE"]).rglob("checkpoint-*/complete.json")):
            for child in psutil.Process().children(recursive=True):
                if "autodidact.training.worker" in child.cmdline():
                    child.suspend()
                    stopped.append(child)
    signal.setitimer(signal.ITIMER_REAL, 2)  # Airflow's own timer of the limit, which is over sooner

threading.Thread(target=stop, daemon=True).start()
hung = Run(dag, 10).states()
os.environ |= {"AUTODIDACT_GENERATORS__ONLY": '["session_miner"]', "AUTODIDACT_SOURCES__SESSIONS": "[]"}
print(json.dumps({"hung": hung, "stopped": len(stopped), "alive": stopped[0].is_running(), "lines": world.lines,
    "next": Run(dag, 5).states()}), flush=True)
"""


@pytest.mark.slow
def test_a_training_that_hangs_is_ended_and_tried_again_and_blocks_nobody(airflow_home, tmp_path):
    base = tiny.build(
        tmp_path / "base", hidden=64, context=512, words="class module", special=tiny.SPECIAL, spread=0.02
    )
    code = f"ROOT, FOLDER, BASE = {str(ROOT)!r}, {str(tmp_path)!r}, {str(base)!r}\n" + HANGS
    done = subprocess.run(
        [sys.executable, "-c", code], env=airflow_home, capture_output=True, text=True, timeout=300
    )
    rows = [line for line in done.stdout.splitlines() if line.startswith('{"hung"')]
    assert rows, done.stdout[-3000:] + done.stderr[-3000:]
    found = json.loads(rows[0])
    assert (found["stopped"], found["alive"]) == (1, False)
    starts = [line.rpartition(", ")[2] for line in found["lines"] if re.match(r"train: \d+ rows", line)]
    assert starts == ["6 updates", "resumed from update 1"]
    assert [found[run]["train"] for run in ("hung", "next")] == ["success", "skipped"]
    assert [found[run]["run"] for run in ("hung", "next")] == ["success", "success"]
