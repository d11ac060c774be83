"""`make cluster` starts: what its parts answer, and what happens when one of them is killed."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psutil
import pytest
import yaml

from tests.airflow_.started import ROOT
from tests.cluster.running import WHEN_ASKED, Cluster
from tests.sandbox import Sandbox

pytestmark = WHEN_ASKED
# With Airflow's keys, those of the services, and the password of the web UI.
SECRET_FILES = ("secrets.json", "services.json", "simple_auth_manager_passwords.json.generated")
PARTS = [
    *("API-server", "DAG-processor", "triggerer", "worker-default", "worker-gpu", "scheduler"),
    *("logs-of-triggerer", "logs-of-worker-default", "logs-of-worker-gpu", "broker", "object-store"),
]


def secrets_of(cluster: Cluster) -> list[str]:
    return [word for name in SECRET_FILES for word in json.loads((cluster.home / name).read_text()).values()]


@pytest.fixture(scope="module")
def cluster():
    # Where PostgreSQL's user may go, and short: a socket is in it.
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    repository = Sandbox(folder / "shop")
    repository.commit("Begin", {"README.md": "# Shop\n"})
    running = Cluster(folder, repository.path, AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE="False")
    yield running
    running.started.end()
    shutil.rmtree(folder, ignore_errors=True)


def test_all_sockets_are_of_this_machine_and_three_parts_have_addresses_of_their_own(cluster):
    cluster.note_addresses()
    assert cluster.addresses == {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"}


def test_it_says_where_everything_is_and_no_password(cluster):
    names = [line.split("  ")[0] for line in cluster.shown.splitlines()[-7:]]
    assert names == ["Web UI", "object store", "broker", "PostgreSQL", "hosts", "command", "logs"]
    secret = secrets_of(cluster)
    assert len(secret) == 7 and not [word for word in secret if word in cluster.shown]


def test_no_secret_stands_on_a_command_line(cluster):
    lines = [" ".join(process.cmdline()) for process in cluster.started.processes()]
    assert [line for line in lines if any(word in line for word in secrets_of(cluster))] == []


def test_no_key_stands_in_a_log(cluster):
    keys = secrets_of(cluster)[:-1]  # Airflow writes the password of the web UI into the API server's
    logs = {file.name: file.read_text(errors="replace") for file in (cluster.home / "part-logs").iterdir()}
    assert [name for name, text in logs.items() if any(key in text for key in keys)] == []


def test_every_part_has_a_log_of_its_own_that_only_its_owner_reads(cluster):
    logs = {file.stem: oct(file.stat().st_mode & 0o777) for file in (cluster.home / "part-logs").iterdir()}
    assert logs == dict.fromkeys(PARTS, "0o600")


def test_store_and_chronicle_are_those_that_the_command_is_told_of(cluster):
    cluster.store.check_writable()
    with cluster.chronicle() as chronicle:
        assert chronicle.systems() == []


@pytest.mark.parametrize(
    ("service", "argument"),
    [("dag-processor", "dag-processor"), ("triggerer", "triggerer"), ("worker", "cluster_host.py")],
)
def test_the_health_check_of_a_container_finds_the_part_here(cluster, service, argument):
    services = yaml.safe_load((ROOT / "docker-compose.yaml").read_text())["services"]
    kind, check = services[service]["healthcheck"]["test"]
    command = check.replace("celery@$$HOSTNAME", "gpu@cluster")
    environment = cluster.environment_of(argument)
    asked = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, timeout=120)
    assert (kind, asked.returncode) == ("CMD-SHELL", 0), asked.stderr


def test_a_worker_that_is_killed_is_started_again(cluster):
    worker = cluster.started.wait_for_part("gpu@cluster:MainProcess")
    worker.kill()
    cluster.started.wait_for(r"The worker gpu ended, with exit status -9: started again\.", 60)
    assert cluster.started.wait_for_part("gpu@cluster:MainProcess").pid != worker.pid


def test_postgresql_that_is_killed_is_started_again_at_its_address(cluster):
    cluster.database().kill()
    cluster.started.wait_for(r"PostgreSQL ended: started again\.", 60)
    cluster.wait_for_database()
    with cluster.chronicle() as chronicle:
        assert chronicle.systems() == []


def test_it_starts_again_after_all_its_processes_were_killed_at_once(cluster):
    cluster.store.write_json("shop/mark.json", {"written": "before"})
    for process in [psutil.Process(cluster.started.process_id), *cluster.started.processes()]:
        process.kill()
    assert cluster.started.left() == []
    cluster.start()
    assert cluster.store.read_json("shop/mark.json") == {"written": "before"}


def test_a_killed_script_takes_all_of_it_along_and_it_starts_again(cluster):
    os.kill(cluster.started.process_id, signal.SIGKILL)
    assert cluster.started.left() == []
    cluster.start()


def test_sigterm_ends_all_of_it(cluster):
    assert cluster.started.end() == 0
    assert cluster.started.left() == []
