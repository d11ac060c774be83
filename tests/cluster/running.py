"""A cluster of `make cluster` on a small repository, and what an operator asks it through the REST API."""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from s3fs import S3FileSystem

from autodidact.chronicle import Chronicle
from autodidact.store import Store
from tests.airflow_.started import ROOT, Started, ask, free_port

sys.path.insert(0, str(ROOT / "scripts"))

import own_postgres  # noqa: E402

# They take half an hour on two cores.
WHEN_ASKED = [
    pytest.mark.skipif("CLUSTER" not in os.environ, reason="only asked for by `make test-cluster`"),
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]
GENERATORS = ["ast_parser", "diff_miner", "goal_examples", "conciseness_drills", "consciousness", "tool_spec"]
# A real cycle that is as small as it can be and still trains and measures.
SMALL = {
    "AUTODIDACT_SYSTEM": "shop",
    "AUTODIDACT_SOURCES__SAMPLES": "true",
    "AUTODIDACT_GENERATORS__ONLY": json.dumps(GENERATORS),
    "AUTODIDACT_GENERATORS__LIMIT": "16",
    "AUTODIDACT_TRAINING__MAX_STEPS": "60",
    "AUTODIDACT_TRAINING__ANCHORS": "0",
    "AUTODIDACT_BENCHMARK__DEV_ITEMS": "0",
    "AUTODIDACT_KNOWLEDGE__QUESTIONS": "20",
    "AUTODIDACT_VERDICT__RULE": "seed",
    "AUTODIDACT_VERDICT__OVERALL_FLOOR": "0",
    "AUTODIDACT_DEPLOY__BAKE": "0",
}
ENDED = ("success", "failed")


class Cluster:
    """A started cluster; its store and its Chronicle as the command `autodidact` finds them."""

    def __init__(self, folder: Path, repository: Path, **more: str):
        self.home = folder / "airflow"
        self.home.mkdir(mode=0o700)
        port = str(free_port())
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW__API")},
            **SMALL,
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "AIRFLOW__API__PORT": port,
            "AUTODIDACT_SOURCES__REPOSITORY": str(repository),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            **more,
        }
        self.addresses: set[str] = set()
        self.start()

    def start(self) -> None:
        self.started = Started(self.environment, "cluster.py")
        self.shown = self.started.wait_for(r"Ctrl-C ends it\)\n", 600)
        file = Path(re.search(r"password in (\S+)\)", self.shown)[1])
        login = {"username": "admin", "password": json.loads(file.read_text())["admin"]}
        self.token = json.loads(ask(f"{self.url}/auth/token", login)[1])["access_token"]
        lines = (self.home / "environment.sh").read_text().splitlines()
        self.places = {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}
        os.environ |= {name: value for name, value in self.places.items() if name.startswith("AWS_")}
        S3FileSystem.clear_instance_cache()  # it remembers the addresses of the start before

    @property
    def store(self) -> Store:
        return Store(self.places["AUTODIDACT_STORE"])

    def chronicle(self) -> Chronicle:
        return Chronicle(self.places["AUTODIDACT_CHRONICLE__URL"])

    def database(self) -> psutil.Process | None:
        """PostgreSQL's first process."""
        return own_postgres.postmaster(self.home / "postgres")

    def rows(self, statement: str) -> list[tuple] | None:
        """What Airflow's database answers; None where PostgreSQL does not."""
        import psycopg2

        with suppress(psycopg2.Error, OSError, IndexError):
            return own_postgres.ask(self.home / "postgres", statement, "airflow")
        return None

    def wait_for_database(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while self.rows("SELECT 1") is None:
            assert time.monotonic() < end, self.started.read()
            time.sleep(0.5)

    def api(self, path: str, body: dict | None = None) -> dict:
        status, text = ask(f"{self.url}/api/v2/{path}", body, self.token)
        assert status < 300, text
        return json.loads(text)

    def command(self, *arguments: str) -> str:
        """What the command `autodidact` prints, with the variables that `make cluster` names for it."""
        command = [str(Path(sys.executable).parent / "autodidact"), *arguments]
        environment = self.environment | self.places
        done = subprocess.run(
            command, cwd=self.home, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def runs(self, dag: str) -> list[dict]:
        return self.api(f"dags/{dag}/dagRuns")["dag_runs"]

    def tasks(self, run: dict) -> dict[str, dict]:
        path = f"dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances"
        return {task["task_id"]: task for task in self.api(path)["task_instances"]}

    def wait_for_runs(self, dag: str, number: int, seconds: float) -> list[dict]:
        """The DAG's runs when `number` of them have ended. Meanwhile the addresses of all sockets are noted."""
        end = time.monotonic() + seconds
        while len(ended := [run for run in self.runs(dag) if run["state"] in ENDED]) < number:
            assert time.monotonic() < end, self.started.read()
            self.note_addresses()
            time.sleep(3)
        return ended

    def environment_of(self, argument: str) -> dict[str, str]:
        """The variables of the part that was started with this argument."""
        return self.started.wait_for_part(argument).environ()

    def note_addresses(self) -> None:
        for process in self.started.processes():
            try:
                for connection in process.net_connections("inet"):
                    ends = (connection.laddr, connection.raddr)
                    self.addresses |= {address.ip for address in ends if address}
            except psutil.Error:
                continue
