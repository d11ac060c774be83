"""docker-compose.yaml against the compose specification and against what this package needs of it; the
Dockerfile's steps, on this machine.
"""

import base64
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import compose_spec
import pytest
import yaml

ROOT = Path(__file__).parents[1]
AIRFLOW = ("init", "api-server", "scheduler", "dag-processor", "triggerer", "worker", "worker-gpu")
SERVICES = {*AIRFLOW, "postgres", "redis", "s3", "vllm"}


def filled_in(text: str, variables: dict[str, str]) -> str:
    """As compose fills variables in: ${NAME}, ${NAME:-default}, ${NAME:?message}, and $$ for a dollar."""

    def value(match: re.Match) -> str:
        name, kind, rest = match.groups()
        if variables.get(name) or kind is None:
            return variables.get(name, "")
        assert kind == "-", f"{name}: {rest}"
        return rest

    return re.sub(r"(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}", value, text).replace("$$", "$")


def env_file(folder: Path) -> dict[str, str]:
    """The .env that `make up` makes."""
    shutil.copy(ROOT / ".env.example", folder)
    code = "import sys; sys.path.insert(0, sys.argv[1]); import compose_env, pathlib; compose_env.main(pathlib.Path(sys.argv[2]))"
    subprocess.run([sys.executable, "-c", code, ROOT / "scripts", folder], check=True, capture_output=True)
    lines = (folder / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.fixture(scope="module")
def variables(tmp_path_factory) -> dict[str, str]:
    return env_file(tmp_path_factory.mktemp("env"))


def services_with(variables: dict[str, str]) -> dict:
    """As compose does: it reads the file, and fills the variables in then."""

    def fill(part):
        if isinstance(part, dict):
            return {key: fill(value) for key, value in part.items()}
        if isinstance(part, list):
            return [fill(value) for value in part]
        return filled_in(part, variables) if isinstance(part, str) else part

    return fill(yaml.safe_load((ROOT / "docker-compose.yaml").read_text()))["services"]


@pytest.fixture(scope="module")
def services(variables) -> dict:
    return services_with(variables)


def test_the_compose_file_follows_the_specification(variables):
    merged = yaml.safe_load(filled_in((ROOT / "docker-compose.yaml").read_text(), variables))
    plain = yaml.safe_dump({key: value for key, value in merged.items() if not key.startswith("x-")})
    assert set(compose_spec.PyCompose.from_yaml(plain).service_names()) == SERVICES


def test_nothing_starts_without_secrets_of_one_s_own(variables):
    text = (ROOT / "docker-compose.yaml").read_text()
    secret = {
        "AIRFLOW_PASSWORD",
        "POSTGRES_PASSWORD",
        "BROKER_PASSWORD",
        "JWT_SECRET",
        "SECRET_KEY",
        "FERNET_KEY",
    }
    assert set(re.findall(r"\$\{(\w+):\?", text)) == set(variables) == secret
    for name in secret:
        with pytest.raises(AssertionError, match=f"{name}: Run make up, or copy .env.example to .env"):
            filled_in(text, variables | {name: ""})


def test_make_up_makes_each_secret_once_for_its_owner_alone(tmp_path):
    made = env_file(tmp_path)
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert len(set(made.values())) == 6 and min(map(len, made.values())) >= 32
    assert len(base64.urlsafe_b64decode(made["FERNET_KEY"])) == 32
    assert re.fullmatch(r"[\w=-]+", "".join(made.values()))  # nothing that compose reads otherwise
    assert env_file(tmp_path) == made


def test_every_part_of_airflow_signs_and_encrypts_with_the_same_keys(services, variables):
    for name in AIRFLOW:
        environment = services[name]["environment"]
        assert environment["AIRFLOW__API_AUTH__JWT_SECRET"] == variables["JWT_SECRET"]
        assert environment["AIRFLOW__API__SECRET_KEY"] == variables["SECRET_KEY"]
        assert environment["AIRFLOW__CORE__FERNET_KEY"] == variables["FERNET_KEY"]
        assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://api-server:8080/execution/"
        assert environment["AUTODIDACT_CHRONICLE__URL"].endswith("@postgres/autodidact")


def test_the_password_of_the_login_is_known_to_one_container(services, variables):
    knows = [name for name in services if variables["AIRFLOW_PASSWORD"] in str(services[name])]
    assert knows == ["init"]


def test_all_share_the_task_logs_the_store_and_the_settings_file(services):
    for name in AIRFLOW:
        mounts = services[name]["volumes"]
        assert {"logs:/opt/airflow/logs", "autodidact:/opt/airflow/autodidact"} <= set(mounts)
        assert "/dev/null:/opt/airflow/autodidact.toml:ro" in mounts
        assert services[name]["environment"]["AUTODIDACT_CONFIG"] == "/opt/airflow/autodidact.toml"


def test_the_system_and_the_code_are_read_only_and_the_ui_listens_on_this_machine_alone(services):
    writable = [mount for mount in services["scheduler"]["volumes"] if not mount.endswith(":ro")]
    assert sorted(mount.partition(":")[0] for mount in writable) == ["autodidact", "logs", "secrets"]
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert ports == {"api-server": ["127.0.0.1:8080:8080"]}


def test_what_stays_up_has_a_health_check_a_restart_policy_a_grace_period_and_a_limit(services):
    for name in SERVICES - {"init"}:
        service = services[name]
        assert service["restart"] == "unless-stopped" and service["healthcheck"]["test"], name
        assert service["stop_grace_period"] in ("30s", "1m", "5m"), name
        assert service["deploy"]["resources"]["limits"]["memory"], name
    assert services["worker"]["stop_grace_period"] == services["worker-gpu"]["stop_grace_period"] == "5m"


def test_no_container_of_airflow_is_root_or_can_become_it(services):
    for name in AIRFLOW:
        assert services[name]["user"] == "50000:0"
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["security_opt"] == ["no-new-privileges:true"]
    assert re.findall(r"^USER (\w+)", (ROOT / "Dockerfile").read_text(), re.M)[-1] == "airflow"


def test_cpu_and_gpu_have_images_of_their_own(services):
    built = {
        name: (service["image"], service["build"]["args"]["TORCH"])
        for name, service in services.items()
        if "build" in service
    }
    assert built.pop("worker-gpu") == ("autodidact:0.1.0-gpu", "registry")
    assert set(built) == set(AIRFLOW) - {"worker-gpu"}
    assert set(built.values()) == {("autodidact:0.1.0-cpu", "cpu")}


def test_every_image_is_pinned(services):
    for name, service in services.items():
        assert re.search(r":v?\d+\.\d+", service["image"]), name


def test_the_default_worker_serves_both_queues_until_a_gpu_worker_runs(services):
    assert services["worker"]["command"] == "celery worker --queues default,gpu"
    profiles = {name: service["profiles"] for name, service in services.items() if "profiles" in service}
    assert profiles == {"worker-gpu": ["gpu"], "s3": ["s3"], "vllm": ["vllm"]}
    assert "--queues gpu" in services["worker-gpu"]["command"]


def test_all_dags_are_unpaused_or_a_new_champion_would_not_be_watched(services):
    assert (
        "for dag in cycle rollback watch; do airflow dags unpause --yes autodidact_$dag || exit 1; done"
        in services["init"]["command"][0]
    )


def test_the_image_installs_the_lock_and_pins_airflow_and_torch():
    lock = (ROOT / "requirements.txt").read_text().splitlines()
    assert "torch==2.13.0" in lock and "apache-airflow==3.3.2" in lock
    assert not [line for line in lock if line.startswith(("nvidia-", "triton", "cuda-"))]
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "FROM apache/airflow:slim-3.3.2-" in dockerfile and "-r requirements.txt" in dockerfile


def steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, with their arguments."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.slow
def test_the_steps_of_the_dockerfile_make_a_package_that_runs(tmp_path):
    """On this machine, below a folder: all but apt-get and the owners. The packages of the lock are those of
    this environment, so pip has only to find that they are right.
    """
    environment = tmp_path / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    packages = next(environment.glob("lib/python*/site-packages"))
    here = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "the_image.pth").write_text("\n".join(here))
    (environment / "bin" / "pip").write_text(f'#!/bin/sh\nexec {environment}/bin/python -m pip "$@"\n')
    (environment / "bin" / "pip").chmod(0o755)
    variables = {"PATH": f"{environment}/bin:{os.environ['PATH']}", "HOME": str(tmp_path)}
    folder = tmp_path
    for instruction, rest in steps():
        rest = rest.replace("/opt/", f"{tmp_path}/opt/")
        if instruction == "ARG":
            variables |= dict([rest.split("=")])
        elif instruction == "WORKDIR":
            folder = Path(rest)
            folder.mkdir(parents=True, exist_ok=True)
        elif instruction == "COPY":
            *sources, target = rest.split()[1:]
            copy(sources, Path(target))
        elif instruction == "RUN" and "apt-get" not in rest:
            step = re.sub(r"-o airflow -g 0 ", "", rest)
            subprocess.run(["sh", "-ce", step], cwd=folder, env=variables, check=True, timeout=600)
    command = [environment / "bin" / "autodidact", "--help"]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "cycle" in done.stdout
    where = [environment / "bin" / "python", "-c", "import autodidact; print(autodidact.__file__)"]
    found = subprocess.run(where, cwd=folder, env=variables, capture_output=True, text=True, timeout=120)
    assert found.stdout.startswith(f"{tmp_path}/opt/autodidact/include/")


def copy(sources: list[str], target: Path) -> None:
    """As COPY does: a folder's content, or files into a folder."""
    for source in sources:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, target, dirs_exist_ok=True)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, target)
