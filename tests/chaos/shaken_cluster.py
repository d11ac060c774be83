"""`make cluster` on a small repository, with a server before its object store that can fail, hosts whose
clocks can be set, and `autodidact serve` beside it, which is started again when it ends, as by a service
manager.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psutil
from s3fs import S3FileSystem

from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.airflow_.started import ROOT, free_port
from tests.chaos.clock import Clocks
from tests.chaos.invariants import Place
from tests.chaos.settings import SYSTEM, as_variables
from tests.chaos.shop import Shop
from tests.cluster.object_store import Unreliable
from tests.cluster.running import Cluster

DAG = "autodidact_cycle"
# What the process of a task calls itself.
TASK = "airflow worker -- "
# Addresses of the workers' hosts.
WORKERS = {"worker default": "127.0.0.2", "worker gpu": "127.0.0.3"}
# Seconds after which Airflow believes that a silent task is dead, and looks for it; its own are 300 and 10.
# A task that was queued and is nowhere is queued again after as many seconds; its own: 600.
QUICK = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "40",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "40",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "20",
    "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
}
# The parts that have to run, by what stands on their command lines.
PARTS = {
    "API server": "airflow api_server",
    "scheduler": "-m airflow scheduler",
    "DAG processor": "-m airflow dag-processor",
    "triggerer": "-m airflow triggerer",
    "worker default": "default@cluster:MainProcess",
    "worker gpu": "gpu@cluster:MainProcess",
    "broker": "valkey-server",
    "object store": "weed mini",
}
RUNNING = """
SELECT run_id, task_id, try_number FROM task_instance WHERE state = 'running' AND dag_id = 'autodidact_cycle'
"""
STATES = "SELECT run_id, task_id, state FROM task_instance WHERE dag_id = 'autodidact_cycle'"
RUNS = "SELECT run_id, state, run_type FROM dag_run WHERE dag_id = 'autodidact_cycle'"


class ShakenCluster(Cluster):
    def __init__(self, folder: Path, timeouts: dict[str, str] = QUICK):
        self.folder, self.shop = folder, Shop(folder / "shop")
        self.front, self.clocks = Unreliable(0), Clocks(folder)
        self.served_at, self.server, self.backfills = free_port(), None, 0
        self.seen: dict[tuple, float] = {}
        deploy = {"deploy.kind": "local", "deploy.url": f"http://127.0.0.1:{self.served_at}/v1"}
        deploy |= {"deploy.timeout": 120, "deploy.live": 1}
        more = as_variables() | as_variables(deploy) | timeouts | self.clocks.environment
        more |= {
            "AIRFLOW__CORE__DAGS_FOLDER": str(Path(__file__).with_name("dags")),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "include"), str(ROOT)]),
            "CLUSTER_STORE_URL": self.front.url,
        }
        super().__init__(folder, self.shop.path, **more)

    def start(self) -> None:
        super().start()
        self.front.port = int(self.places["AWS_ENDPOINT_URL"].rpartition(":")[2])
        S3FileSystem.clear_instance_cache()
        settings = load_settings(cwd=self.home, environ=self.environment | self.places)
        here = Runtime(settings, say=lambda line: None)
        self.place = Place(here, SYSTEM, f"http://127.0.0.1:{self.served_at}/v1")

    # The server

    def keep_serving(self) -> None:
        """Starts `autodidact serve` where it does not run."""
        if self.server and self.server.poll() is None:
            return
        command = [sys.executable, "-m", "autodidact.cli", "serve", "--port", str(self.served_at)]
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                command, cwd=self.home, env=self.environment | self.places, stdout=log, stderr=log
            )

    def end(self) -> None:
        if self.server:
            self.server.kill()
            self.server.wait()
        self.started.end()
        self.front.end()

    # What Airflow's database says, whether its API server answers or not

    def running_tasks(self) -> list[tuple[str, str, float]]:
        """(run, task, seconds) of each task that runs, the longest first. Seconds since it was seen here first: its
        own clock may be wrong.
        """
        now, rows = time.monotonic(), self.rows(RUNNING) or []
        self.seen = {key: self.seen.get(key, now) for key in map(tuple, rows)}
        found = [(run, task, now - since) for (run, task, _), since in self.seen.items()]
        return sorted(found, key=lambda row: -row[2])

    def task_states(self) -> dict[tuple[str, str], str] | None:
        rows = self.rows(STATES)
        return None if rows is None else {(run, task): state for run, task, state in rows}

    def run_states(self) -> dict[str, tuple[str, str]] | None:
        """The state and the type of each run, by its name."""
        rows = self.rows(RUNS)
        return None if rows is None else {run: (state, kind) for run, state, kind in rows}

    # Processes

    def processes_of(self, part: str) -> list[psutil.Process]:
        """The processes of a part, the first one first, then those below it."""
        if part == "PostgreSQL":
            first = self.database()
            return [first, *first.children(recursive=True)] if first else []
        for process in self.started.processes():
            if PARTS[part] in line_of(process):
                with suppress(psutil.Error):
                    return [process, *process.children(recursive=True)]
        return []

    def task_processes(self) -> list[psutil.Process]:
        """Of each task that runs, the process in which Airflow calls the task's code."""
        return [each for each in self._on_workers() if TASK in line_of(each)]

    def computing_processes(self) -> list[psutil.Process]:
        """The processes that train, measure and answer: children of tasks with a module of autodidact's."""
        return [each for each in self._on_workers() if "-m autodidact." in line_of(each)]

    def _on_workers(self) -> list[psutil.Process]:
        return [each for part in WORKERS for each in self.processes_of(part)]

    def broker(self):
        """A client of the broker."""
        import redis

        worker = self.environment_of("cluster_host.py")
        return redis.Redis.from_url(worker["AIRFLOW__CELERY__BROKER_URL"])

    # Whether all of it works

    def is_whole(self) -> bool:
        """Whether every part runs and says that it is well, and the champion is served."""
        lines = [line_of(process) for process in self.started.processes()]
        if not all(any(words in line for line in lines) for words in PARTS.values()):
            return False
        return self.is_healthy() and self.serves()

    def is_healthy(self) -> bool:
        with suppress(OSError, ValueError, KeyError):
            with urllib.request.urlopen(f"{self.url}/api/v2/monitor/health", timeout=10) as reply:
                health = json.load(reply)
            parts = ("metadatabase", "scheduler", "dag_processor", "triggerer")
            return all(health[part]["status"] == "healthy" for part in parts)
        return False

    def serves(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.served_at}/health", timeout=10):
                return True
        except urllib.error.HTTPError as error:
            # Before the first champion there is nothing to serve.
            return error.code == 503 and not self.has_champion()
        except OSError:
            return False

    def has_champion(self) -> bool:
        return self.place.runtime.store.exists(f"{SYSTEM}/champion.json")

    # What an operator does

    def begin_cycle(self) -> str:
        """Commits a change and starts a live cycle; its run."""
        self.shop.change()
        return str(self.api(f"dags/{DAG}/dagRuns", {"logical_date": None, "conf": {}})["dag_run_id"])

    def backfill(self, day: datetime) -> None:
        moment = day.strftime("%Y-%m-%dT00:00:00Z")
        self.api("backfills", {"dag_id": DAG, "from_date": moment, "to_date": moment})

    def clear(self, run: str) -> None:
        """Clears the failed tasks of a run, as in the web UI."""
        body = {"dry_run": False, "dag_run_id": run, "only_failed": True, "reset_dag_runs": True}
        self.api(f"dags/{DAG}/clearTaskInstances", body)


def line_of(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""
