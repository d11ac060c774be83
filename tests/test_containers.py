"""docker-compose.yaml against the compose specification, and against what this package needs of it."""

import re
from pathlib import Path

import compose_spec
import pytest
import yaml

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def services() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yaml").read_text())["services"]


def test_the_compose_file_follows_the_specification():
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", (ROOT / "docker-compose.yaml").read_text()).replace(
        "$$", "$"
    )  # as compose fills variables in
    merged = yaml.safe_load(text)  # YAML's merge keys are resolved before compose sees them
    plain = yaml.safe_dump({key: value for key, value in merged.items() if not key.startswith("x-")})
    compose = compose_spec.PyCompose.from_yaml(plain)
    assert {
        "postgres",
        "redis",
        "init",
        "api-server",
        "scheduler",
        "dag-processor",
        "triggerer",
        "worker",
        "worker-gpu",
    } == set(compose.service_names())


def test_the_default_worker_serves_both_queues_until_a_gpu_worker_runs(services):
    assert services["worker"]["command"] == "celery worker --queues ${WORKER_QUEUES:-default,gpu}"
    assert services["worker-gpu"]["profiles"] == ["gpu"]
    assert "--queues gpu" in services["worker-gpu"]["command"]


def test_all_dags_are_unpaused_or_a_new_champion_would_not_be_watched(services):
    assert (
        "for dag in cycle rollback watch; do airflow dags unpause --yes autodidact_$$dag || exit 1; done"
        in services["init"]["command"][0]
    )


def test_every_airflow_service_shares_one_secret_and_knows_the_api_server(services):
    for name in ("api-server", "scheduler", "dag-processor", "triggerer", "worker", "worker-gpu", "init"):
        environment = services[name]["environment"]
        assert environment["AIRFLOW__API_AUTH__JWT_SECRET"]
        assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://api-server:8080/execution/"
        assert environment["AUTODIDACT_CHRONICLE__URL"].endswith("@postgres/autodidact")


def test_the_system_and_the_code_are_read_only_and_the_ui_listens_on_this_machine_alone(services):
    mounts = services["scheduler"]["volumes"]
    read_only = (
        "/opt/airflow/dags:ro",
        "/opt/airflow/plugins:ro",
        "/opt/autodidact/include:ro",
        "/opt/airflow/system:ro",
    )
    assert (
        sorted(m for m in mounts if m.endswith(":ro")) == sorted(m for m in mounts if m.endswith(read_only))
        and len(mounts) == 6
    )
    assert services["api-server"]["ports"] == ["${PORT:-127.0.0.1:8080}:8080"]


def test_the_image_installs_the_lock_and_pins_airflow_and_torch():
    lock = (ROOT / "requirements.txt").read_text().splitlines()
    assert "torch==2.13.0" in lock and "apache-airflow==3.3.2" in lock
    assert not [line for line in lock if line.startswith(("nvidia-", "triton", "cuda-"))]
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "FROM apache/airflow:3.3.2-" in dockerfile and "-r requirements.txt" in dockerfile
