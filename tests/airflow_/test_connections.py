"""The address that each kind of Connection stands for, and who sees its password."""

import json
import re
import shlex
from pathlib import Path

import pytest
from airflow.sdk import Connection

from autodidact.errors import UsageError
from autodidact_airflow.connection_types import CONNECTION_TYPES
from autodidact_airflow.runtime_from_connections import chronicle_url, connection_url, fill_environment

ROOT = Path(__file__).parents[2]


def connection(name: str, kind: str, extra: dict | None = None, **parts) -> Connection:
    return Connection(conn_id=f"autodidact_{name}", conn_type=kind, extra=json.dumps(extra or {}), **parts)


SECURE = "https://judge.example"
CASES = [
    # HTTP: whatever says https, it stays https; ports and paths stand where they belong
    (connection("judge", "http", host="https://judge.example/v1"), f"{SECURE}/v1"),
    (connection("judge", "http", host="https://judge.example/v1", port=8443), f"{SECURE}:8443/v1"),
    (connection("judge", "http", host="judge.example", schema="https", port=8443), f"{SECURE}:8443"),
    (connection("judge", "http", host="judge.example/v1", schema="https"), f"{SECURE}/v1"),
    (connection("judge", "http", host="http://judge.example", schema="https"), SECURE),
    (connection("judge", "https", host="judge.example", port=8443, schema="v1"), f"{SECURE}:8443/v1"),
    (connection("judge", "http", host="https://judge.example:9/v1/", port=8443), f"{SECURE}:9/v1"),
    (connection("judge", "generic", host="https://judge.example/v1"), f"{SECURE}/v1"),
    (connection("judge", "openai", host="https://judge.example/v1", password="key"), f"{SECURE}/v1"),
    (connection("judge", "http", host="HTTPS://judge.example/v1"), f"{SECURE}/v1"),
    (connection("judge", "HTTPS", host="judge.example"), SECURE),
    (connection("judge", "http", host="judge.example", schema="Https"), SECURE),
    (connection("judge", "http", host="https://judge.example/v1?v=2", port=8443), f"{SECURE}:8443/v1?v=2"),
    (connection("server", "http", host="::1", port=8000), "http://[::1]:8000"),
    (connection("server", "http", host="[::1]", port=8000), "http://[::1]:8000"),
    (connection("server", "http", host="10.0.0.7", port=8000, schema="v1"), "http://10.0.0.7:8000/v1"),
    (connection("server", "http", {"url": "https://a/v1"}, host="b"), "https://a/v1"),
    # databases
    (
        connection(
            "chronicle",
            "postgres",
            {"sslmode": "require", "cursor": "dictcursor"},
            host="db",
            port=5433,
            login="a@b",
            password="p/w:d",
            schema="autodidact",
        ),
        "postgresql://a%40b:p%2Fw%3Ad@db:5433/autodidact?sslmode=require",
    ),
    (connection("chronicle", "postgres", host="::1", login="me", schema="c"), "postgresql://me@[::1]/c"),
    (
        connection("chronicle", "postgres", host="/run/postgresql", port=5433, login="me", schema="c"),
        "postgresql://me@:5433/c?host=%2Frun%2Fpostgresql",
    ),
    (connection("chronicle", "sqlite", host="/data/chronicle.db"), "sqlite:////data/chronicle.db"),
    (
        Connection(conn_id="autodidact_chronicle", uri="sqlite:////data/chronicle.db"),
        "sqlite:////data/chronicle.db",
    ),
    (
        Connection(conn_id="autodidact_chronicle", uri="postgresql://me:word@db:5433/c"),
        "postgresql://me:word@db:5433/c",
    ),
    # stores
    (
        connection("store", "aws", host="bucket", schema="some/prefix", login="AKIA", password="word"),
        "s3://bucket/some/prefix",
    ),
    (connection("store", "aws", {"service_config": {"s3": {"bucket_name": "b"}}}), "s3://b"),
    (Connection(conn_id="autodidact_store", uri="s3://key:word@bucket/prefix"), "s3://bucket/prefix"),
    (connection("store", "google_cloud_platform", host="gs://bucket/"), "gs://bucket"),
    (
        connection("store", "wasb", {"container": "box"}, host="acct.blob.core.windows.net", login="acct"),
        "abfs://box",
    ),
    (connection("store", "fs", {"path": "/data/store"}), "/data/store"),
    (connection("store", "generic", host="/data/store"), "/data/store"),
    (connection("store", "generic", host="s3://bucket", schema="prefix"), "s3://bucket/prefix"),
]


@pytest.mark.parametrize(("given", "address"), CASES, ids=[f"{c.conn_type}-{a}" for c, a in CASES])
def test_the_address_of_a_connection(given, address):
    assert connection_url(given) == address


NOWHERE = [
    connection("store", "aws", login="AKIA", password="hunter2"),
    connection("store", "fs"),
    connection("store", "generic", host="bucket"),
    connection("store", "http", host="https://bucket", password="hunter2"),
    connection("chronicle", "sqlite"),
    connection("judge", "http", password="hunter2"),
    connection("server", "generic"),
    # a key must not travel in clear because a type is not known
    connection("judge", "openai", host="judge.example", password="hunter2"),
    connection("judge", "generic", host="judge.example", password="hunter2"),
    connection("judge", "ssh", host="judge.example", password="hunter2"),
    connection("judge", "http", host="ftp://judge.example", password="hunter2"),
    connection("judge", "http", host="http://https://judge.example", password="hunter2"),
    connection("teacher", "postgres", host="db", password="hunter2"),
    connection("teacher", "aws", host="bucket"),
    connection("teacher", "http", host="[hunter2"),
    # nothing of a Connection is dropped silently
    connection("store", "sftp", host="files", port=2222, login="me", password="hunter2"),
    # what people and programs write into an extra
    connection("judge", "http", ["hunter2"], host="judge.example"),
    connection("judge", "http", {"url": ["hunter2"]}, host="judge.example"),
    connection("store", "fs", {"path": 3}),
    connection("store", "aws", {"service_config": "hunter2"}),
    connection("store", "aws", {"service_config": {"s3": None}}),
    connection("store", "aws", {"service_config": {"s3": "hunter2"}}),
    connection("store", "aws", {"bucket": 3}),
    connection("store", "aws", host="https://minio:9000"),
]


@pytest.mark.parametrize(
    "given", NOWHERE, ids=[f"{c.conn_id}-{c.conn_type}-{c.host}-{c.extra}" for c in NOWHERE]
)
def test_one_that_names_no_address_is_one_line_without_its_password(given):
    with pytest.raises(
        UsageError,
        match=rf"^The Connection {given.conn_id} \(type {given.conn_type}\) names no address. Give it ",
    ) as caught:
        connection_url(given)
    assert "hunter2" not in str(caught.value) and "\n" not in str(caught.value)


def shown_commands() -> list[str]:
    """Every `airflow connections add` of the documents, without the backticks around it."""
    pages = ((ROOT / page).read_text() for page in ("docs/airflow.md", "docs/production.md"))
    return [found for page in pages for found in re.findall(r"airflow connections add [^`\n]+", page)]


@pytest.mark.parametrize("command", shown_commands())
def test_a_connection_of_the_documents_has_a_type_that_is_there_and_names_an_address(command):
    """A type whose provider is missing, as `aws` may be, is kept as `generic`: then there is no address."""
    words = shlex.split(command)[3:]
    name, given = words[0], dict(zip(words[1::2], words[2::2], strict=True))
    own = {each["connection-type"] for each in CONNECTION_TYPES}
    if "--conn-uri" in given:
        assert connection_url(Connection(conn_id=name, uri=given["--conn-uri"])) == given["--conn-uri"]
        return
    kind, extra = given["--conn-type"], given.get("--conn-extra", "{}")
    assert kind in own | {"generic"}
    found = Connection(conn_id=name, conn_type=kind, host=given.get("--conn-host"), extra=extra)
    assert connection_url(found) == given.get("--conn-host", json.loads(extra).get("url"))


@pytest.fixture
def connections(monkeypatch):
    """Every Connection of a deployment, as Airflow's own variables hold them; what was looked up."""
    made = {
        "store": {
            "conn_type": "aws",
            "host": "bucket",
            "login": "AKIA",
            "password": "word-1",
            "extra": {"region_name": "eu-1"},
        },
        "chronicle": {
            "conn_type": "postgres",
            "host": "db",
            "login": "me",
            "password": "word-2",
            "schema": "c",
        },
        "judge": {
            "conn_type": "http",
            "host": "https://judge.example/v1",
            "password": "word-3",
            "extra": {"model": "m"},
        },
        "teacher": {"conn_type": "http", "host": "https://teacher.example/v1", "password": "word-4"},
        "server": {"conn_type": "http", "host": "https://vllm.example/v1", "password": "word-5"},
    }
    for name, parts in made.items():
        monkeypatch.setenv(f"AIRFLOW_CONN_AUTODIDACT_{name.upper()}", json.dumps(parts))
    looked_up, get = [], Connection.get
    monkeypatch.setattr(Connection, "get", lambda name: (looked_up.append(name), get(name))[1])
    return looked_up


def test_a_task_gets_addresses_keys_and_the_store_s_credentials(connections):
    environ: dict = {}
    fill_environment(environ)
    assert environ == {
        "AUTODIDACT_STORE": "s3://bucket",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "word-1",
        "AWS_DEFAULT_REGION": "eu-1",
        "AUTODIDACT_CHRONICLE__URL": "postgresql://me:word-2@db/c",
        "AUTODIDACT_JUDGE__URL": "https://judge.example/v1",
        "AUTODIDACT_JUDGE__KEY": "word-3",
        "AUTODIDACT_JUDGE__MODEL": "m",
        "AUTODIDACT_TEACHER__URL": "https://teacher.example/v1",
        "AUTODIDACT_TEACHER__KEY": "word-4",
        "AUTODIDACT_DEPLOY__URL": "https://vllm.example/v1",
        "AUTODIDACT_DEPLOY__KEY": "word-5",
    }


def test_what_is_set_already_wins_and_credentials_are_never_mixed(connections):
    own = {"AUTODIDACT_JUDGE__URL": "http://own", "AWS_SECRET_ACCESS_KEY": "own"}
    environ = dict(own)
    fill_environment(environ)
    assert own.items() <= environ.items()
    assert not {"AUTODIDACT_JUDGE__KEY", "AWS_ACCESS_KEY_ID"} & set(environ)


def test_the_dashboard_reads_one_connection_and_leaves_no_key_in_the_api_server(connections):
    environ: dict = {}
    assert chronicle_url(environ) == "postgresql://me:word-2@db/c"
    assert (connections, environ) == (["autodidact_chronicle"], {})
    assert chronicle_url({"AUTODIDACT_CHRONICLE__URL": "sqlite:////x.db"}) == "sqlite:////x.db"
    assert connections == ["autodidact_chronicle"]


@pytest.fixture
def store(monkeypatch):
    def make(**extra):
        parts = {"conn_type": "aws", "host": "bucket", "login": "AKIA", "password": "word-1", "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_AUTODIDACT_STORE", json.dumps(parts))

    return make


def test_a_session_token_goes_with_its_own_pair_alone(store):
    store(aws_session_token="token-1")
    environ: dict = {}
    fill_environment(environ)
    assert (environ["AWS_ACCESS_KEY_ID"], environ["AWS_SESSION_TOKEN"]) == ("AKIA", "token-1")
    environ = {"AWS_ACCESS_KEY_ID": "own", "AWS_SECRET_ACCESS_KEY": "own"}
    fill_environment(environ)
    assert "AWS_SESSION_TOKEN" not in environ


@pytest.mark.parametrize("name", ["role_arn", "profile_name", "keyfile_dict", "sas_token", "tenant_id"])
def test_a_store_is_not_opened_as_somebody_else_than_its_connection_says(store, name):
    store(**{name: "hunter2"})
    with pytest.raises(
        UsageError, match=f"^The Connection autodidact_store has {name} in its extra, which is"
    ) as caught:
        fill_environment(environ := {})
    assert "hunter2" not in str(caught.value) and environ == {}
