"""Addresses and tokens from Airflow Connections, handed to the library the way everyone hands them: as AUTODIDACT_* variables.

A variable that is already set wins. Connections: autodidact_store, _chronicle, _judge, _teacher, _server; each is optional.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autodidact.runtime import Runtime

VARIABLES = {
    "store": "AUTODIDACT_STORE",
    "chronicle": "AUTODIDACT_CHRONICLE__URL",
    "judge": "AUTODIDACT_JUDGE__URL",
    "teacher": "AUTODIDACT_TEACHER__URL",
    "server": "AUTODIDACT_DEPLOY__URL",
}


def connection_url(connection) -> str:
    """The address a Connection stands for: its extra field `url`, or one put together from its parts (login and password for databases only)."""
    extra = connection.extra_dejson
    if extra.get("url"):
        return extra["url"]
    kind = {"postgres": "postgresql", "aws": "s3", "google_cloud_platform": "gs", "wasb": "abfs"}.get(
        connection.conn_type, connection.conn_type
    )
    if kind == "sqlite":
        return f"sqlite:///{connection.host}"
    if kind == "postgresql":
        return connection.get_uri().replace("postgres://", "postgresql://", 1)
    if kind == "http":  # Airflow's HTTP connections keep the scheme in `schema`
        port = f":{connection.port}" if connection.port else ""
        return f"{connection.schema or 'http'}://{connection.host.split('://')[-1]}{port}"
    return f"{kind}://{connection.host}" + (f"/{connection.schema}" if connection.schema else "")


def fill_environment(environ=os.environ) -> None:
    """Sets the variables that Connections name and nobody has set."""
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    for name, variable in VARIABLES.items():
        if environ.get(variable):
            continue
        try:
            connection = Connection.get(f"autodidact_{name}")
        except AirflowNotFoundException:
            continue
        environ[variable] = connection_url(connection)
        if name == "server" and connection.password:
            environ.setdefault("AUTODIDACT_DEPLOY__KEY", connection.password)
        if name in ("judge", "teacher"):
            if connection.password:
                environ.setdefault(f"AUTODIDACT_{name.upper()}__KEY", connection.password)
            if connection.extra_dejson.get("model"):
                environ.setdefault(f"AUTODIDACT_{name.upper()}__MODEL", connection.extra_dejson["model"])


def say(line: str) -> None:
    """Into the task's log; the mark sets our lines apart from Airflow's."""
    print(f"[autodidact] {line}", flush=True)


def runtime(overrides: dict | None = None) -> "Runtime":
    """The runtime of a task: settings from every layer, store and Chronicle as the deployment says."""
    from autodidact.runtime import Runtime  # here: a DAG file, which imports the tasks, needs none of it
    from autodidact.settings import load_settings

    fill_environment()
    return Runtime(load_settings(overrides=overrides), say=say)
