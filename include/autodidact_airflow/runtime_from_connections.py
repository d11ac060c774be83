"""Addresses and tokens from Airflow Connections, handed to the library the way everyone hands them: as
AUTODIDACT_* variables.

A variable that is already set wins. Connections: autodidact_store, _chronicle, _judge, _teacher, _server;
each is optional.
"""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from autodidact.errors import UsageError
from autodidact_airflow.find_connection import GIT_CONNECTION, find_connection

if TYPE_CHECKING:
    from airflow.sdk import Connection

    from autodidact.runtime import Runtime

VARIABLES = {
    "store": "AUTODIDACT_STORE",
    "chronicle": "AUTODIDACT_CHRONICLE__URL",
    "judge": "AUTODIDACT_JUDGE__URL",
    "teacher": "AUTODIDACT_TEACHER__URL",
    "server": "AUTODIDACT_DEPLOY__URL",
}
# What the Connection of a git address sets: the mirror's folder, and which Connection it is.
REPOSITORY = "AUTODIDACT_SOURCES__REPOSITORY"
# Servers, which answer HTTP.
SERVICES = ("judge", "teacher", "server")
# Variables that a store's Connection fills in besides the address: where that store's library finds its
# credentials.
CREDENTIALS = {
    "s3": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    "abfs": ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT_KEY"),
}
SESSION = ("aws_session_token", "AWS_SESSION_TOKEN")  # part of a pair
EXTRAS = {
    "region_name": "AWS_DEFAULT_REGION",
    "endpoint_url": "AWS_ENDPOINT_URL",
    "key_path": "GOOGLE_APPLICATION_CREDENTIALS",
}
# Extras by which Airflow's own hooks become somebody else. Left out, the store would be opened as whoever the
# worker is.
IDENTITIES = """role_arn profile_name keyfile_dict key_secret_name impersonation_chain credential_config_file
    tenant_id connection_string sas_token shared_access_key account_key""".split()
# Airflow's types of Connections, as fsspec calls them.
STORES = {"aws": "s3", "google_cloud_platform": "gs", "wasb": "abfs"}
# Extras of Airflow's own.
NOT_FOR_LIBPQ = {"url", "cursor", "iam", "redshift", "aws_conn_id", "enable_log_db_messages"}


def connection_url(connection: "Connection", service: str | None = None) -> str:
    """The address a Connection stands for: its extra field `url`, or one put together from its parts.
    `service`: a key of VARIABLES; None: the one that its id names.

    Login and password become part of it for databases only. Raises UsageError, without any of the values,
    where it names no address.
    """
    extra, kind = _extra(connection), (connection.conn_type or "generic").lower()
    host = (connection.host or "").strip()
    if extra.get("url"):
        return _text(extra["url"]) or _missing(connection, "a text")
    if (service or connection.conn_id.removeprefix("autodidact_")) not in ("store", "chronicle"):
        return _http_url(connection, kind, host)
    if kind == "sqlite":
        return f"sqlite:///{host or connection.schema or _missing(connection, 'a path as its host')}"
    if kind in ("postgres", "postgresql") or (kind == "autodidact_chronicle" and "://" not in host):
        return _database_url(connection, extra)
    if kind == "autodidact_store" and "://" in host:
        return host
    if kind in ("fs", "file"):
        path = _text(extra.get("path")) or host or (connection.schema and f"/{connection.schema}")
        return path or _missing(connection, "a `path` in its extra")
    if kind in STORES or kind in STORES.values():
        return _bucket_url(connection, STORES.get(kind, kind), extra)
    if host.startswith("/"):
        return host
    dropped = connection.port or connection.login or connection.password
    if dropped or not host or (kind in ("generic", "http", "https") and "://" not in host):
        _missing(connection, "the type autodidact_store and a whole address as its host")
    address = host if "://" in host else f"{kind}://{host}"
    if address.lower().startswith("http"):
        _missing(connection, "the address as `url` in its extra")
    return address + (f"/{connection.schema}" if connection.schema else "")


def _extra(connection: "Connection") -> dict:
    extra = connection.extra_dejson
    return extra if isinstance(extra, dict) else _missing(connection, "an object as its extra")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _bucket_url(connection: "Connection", scheme: str, extra: dict) -> str:
    configured: object = extra
    for name in ("service_config", "s3", "bucket_name"):
        configured = configured.get(name) if isinstance(configured, dict) else None
    named = [extra.get("bucket"), extra.get("container"), configured, connection.host]
    bucket = next(filter(None, map(_text, named)), "").removeprefix(f"{scheme}://").strip("/")
    if not bucket or "://" in bucket:
        _missing(connection, "a bucket as its host")
    return f"{scheme}://{bucket}" + (f"/{connection.schema.strip('/')}" if connection.schema else "")


def _database_url(connection: "Connection", extra: dict) -> str:
    login = quote(connection.login or "", safe="")
    if connection.password:
        login += f":{quote(connection.password, safe='')}"
    host = f"[{connection.host}]" if ":" in (connection.host or "") else connection.host or ""
    port = f":{connection.port}" if connection.port else ""
    query = {
        key: value
        for key, value in extra.items()
        if key not in NOT_FOR_LIBPQ and isinstance(value, (str, int)) and value != ""
    }
    if host.startswith("/"):  # the folder of a UNIX socket
        query["host"], host = host, ""
    address = f"postgresql://{login}{'@' if login else ''}{host}{port}/{quote(connection.schema or '')}"
    return address + (f"?{urlencode(query)}" if query else "")


def _http_url(connection: "Connection", kind: str, host: str) -> str:
    """Airflow keeps the scheme of an HTTP Connection in `host`, in `schema` or in the type. Whichever says
    https, it is https. Another type names a whole address.
    """
    scheme, _, rest = host.rpartition("://")
    schema = (connection.schema or "").strip("/")
    said = {scheme.lower(), schema.lower(), kind}
    if not {scheme.lower() or kind} <= {"http", "https"}:
        _missing(connection, "the whole address, with http:// or https://, as its host")
    try:
        parts = urlsplit(f"//{rest}")
    except ValueError:  # brackets that are no IPv6 address
        parts = urlsplit("")
    place = parts.netloc or _missing(connection, "a host")
    if place.count(":") > 1 and not {"[", "@"} & set(place):
        place = f"[{place}]"
    if connection.port and not re.search(r":\d+$", place):
        place += f":{connection.port}"
    last = "" if schema.lower() in ("http", "https") else schema
    path = "".join(f"/{part}" for part in (parts.path.strip("/"), last) if part)
    query = f"?{parts.query}" if parts.query else ""
    return f"{'https' if 'https' in said else 'http'}://{place}{path}{query}"


def _missing(connection: "Connection", what: str):
    raise UsageError(
        f"The Connection {connection.conn_id} (type {connection.conn_type}) names no address",
        f"Give it {what}, or write the whole address as `url` into its extra (docs/airflow.md).",
    )


def chronicle_url(environ=os.environ) -> str:
    """The Chronicle's address as this deployment says, for a process that needs nothing else: no other
    Connection is read."""
    from autodidact.settings import load_settings

    found = None if environ.get(VARIABLES["chronicle"]) else find_connection("chronicle")
    return connection_url(found) if found else load_settings(environ=environ).chronicle.url


def store_url(environ=os.environ) -> str:
    """The store's address as this deployment says, with its credentials where its library looks for them; no
    other Connection is read.
    """
    from autodidact.settings import load_settings

    found = None if environ.get(VARIABLES["store"]) else find_connection("store")
    if not found:
        return load_settings(environ=environ).store
    address = connection_url(found)
    fill_credentials(found, address.partition("://")[0], environ)
    return address


def fill_environment(environ=os.environ) -> None:
    """Sets the variables that Connections name and nobody has set: for a process that does a task's work."""
    for name, variable in VARIABLES.items():
        if environ.get(variable) or not (connection := find_connection(name)):
            continue
        if name in SERVICES:
            _fill_service(connection, name, environ)
            continue
        address = connection_url(connection)
        if name == "store":
            fill_credentials(connection, address.partition("://")[0], environ)
        environ[variable] = address

    if not environ.get(REPOSITORY) and (connection := find_connection("git")):
        _fill_repository(connection, environ)


def use_connections(named: Mapping[str, str], environ=os.environ) -> None:
    """Sets the variables of the services that `named` gives a Connection of their own, by its id. They are
    set anew as a whole: no key of another server goes to this one. Raises UsageError where there is none.
    """
    for name, conn_id in named.items():
        if not (connection := find_connection(name, conn_id)):
            raise UsageError(
                f"There is no Connection {conn_id!r}, which the DAG file names as its {name}",
                "Add it, or name another one there.",
            )
        if name == "git":
            _fill_repository(connection, environ)
            continue
        for variable in _variables_of(name):
            environ.pop(variable, None)
        _fill_service(connection, name, environ)


def _variables_of(service: str) -> tuple[str, str, str]:
    """The variables of a service: its address, its key, its model."""
    section = VARIABLES[service].removesuffix("__URL")
    return f"{section}__URL", f"{section}__KEY", f"{section}__MODEL"


def _fill_repository(connection: "Connection", environ) -> None:
    """The repository is the mirror of the Connection's address, which repository_mirrors.py fetches before a
    cycle.
    """
    from autodidact_airflow.repository_mirrors import mirror_of

    environ[REPOSITORY], environ[GIT_CONNECTION] = str(mirror_of(connection).folder), connection.conn_id


def _fill_service(connection: "Connection", service: str, environ) -> None:
    url, key, model = _variables_of(service)
    environ[url] = connection_url(connection, service)
    if connection.password:
        environ.setdefault(key, connection.password)
    if service != "server" and (name := _text(_extra(connection).get("model"))):
        environ.setdefault(model, name)


def fill_credentials(connection: "Connection", kind: str, environ) -> None:
    """Login and password of a store's Connection, where its library looks for them; a pair that is set, even
    by half, stays. Raises UsageError for an identity that is not read.
    """
    extra, pair = _extra(connection), CREDENTIALS.get(kind, ())
    if unread := [name for name in IDENTITIES if extra.get(name)]:
        raise UsageError(
            f"The Connection {connection.conn_id} has {', '.join(unread)} in its extra, which is not read",
            "Give the workers that identity by the variables of the store's own library.",
        )
    if connection.login and connection.password and pair and not any(environ.get(name) for name in pair):
        environ.update(zip(pair, (connection.login, connection.password), strict=True))
        if token := extra.get(SESSION[0]):
            environ[SESSION[1]] = str(token)
    for name, variable in EXTRAS.items():
        if value := extra.get(name):
            environ.setdefault(variable, str(value))


def say(line: str) -> None:
    """Into the task's log; the mark, on every line, sets ours apart from Airflow's."""
    from autodidact.safe_text import harmless

    print("[autodidact] " + harmless(line).replace("\n", "\n[autodidact] "), flush=True)


def runtime(overrides: dict | None = None) -> "Runtime":
    """The runtime of a task: settings from every layer, store and Chronicle as the deployment says."""
    from autodidact.runtime import Runtime  # here: a DAG file, which imports the tasks, needs none of it
    from autodidact.settings import load_settings

    fill_environment()
    return Runtime(load_settings(overrides=overrides, origin="the params of this run"), say=say)
