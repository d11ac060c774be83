"""The types of Connections that the package brings: their forms, and what their test buttons say."""

import json
import os

import pytest
from airflow.sdk import Connection

from autodidact_airflow.connection_types import CONNECTION_TYPES
from autodidact_airflow.hooks import HOOKS
from autodidact_airflow.provider import get_provider_info
from tests.loopback import Handler, Server
from tests.sandbox import Sandbox
from tests.sources.git.git_server import git_server


def press(monkeypatch, service: str, **fields) -> tuple[bool, str]:
    """What the test button of a Connection of this type says: the API server makes one under a name of its own."""
    extra = fields.pop("extra", {})
    given = {"conn_type": f"autodidact_{service}", "extra": extra} | fields
    monkeypatch.setenv("AIRFLOW_CONN_TRIED_8A2", json.dumps(given))
    hook = next(each for each in HOOKS if each.service == service)
    return hook(conn_id="tried_8a2").test_connection()


def test_airflow_accepts_the_provider_and_every_type_has_a_form_and_a_button():
    from airflow.providers_manager import (
        _create_customized_form_field_behaviours_schema_validator,
        _create_provider_info_schema_validator,
    )

    _create_provider_info_schema_validator().validate(get_provider_info())
    form = _create_customized_form_field_behaviours_schema_validator()
    for each, hook in zip(CONNECTION_TYPES, HOOKS, strict=True):
        behaviour = {key.replace("-", "_"): value for key, value in each["ui-field-behaviour"].items()}
        form.validate(behaviour)
        assert each["connection-type"] == hook.conn_type == f"autodidact_{hook.service}"
        assert each["hook-class-name"] == f"{hook.__module__}.{hook.__name__}"
        assert each["hook-name"] == hook.hook_name and hook.conn_name_attr == "conn_id"
        assert callable(hook.test_connection) and hook().conn_id == hook.conn_type


@pytest.mark.parametrize(
    ("service", "fields", "address"),
    [
        ("store", {"host": "s3://bucket/prefix", "login": "AKIA", "password": "s"}, "s3://bucket/prefix"),
        ("store", {"host": "/srv/store"}, "/srv/store"),
        (
            "chronicle",
            {"host": "db", "port": 5432, "schema": "autodidact", "login": "me", "password": "p@ss"},
            "postgresql://me:p%40ss@db:5432/autodidact",
        ),
        (
            "chronicle",
            {"host": "db", "schema": "a", "extra": json.dumps({"sslmode": "require"})},
            "postgresql://db/a?sslmode=require",
        ),
        ("chronicle", {"host": "db", "schema": "a", "extra": '{"sslmode": ""}'}, "postgresql://db/a"),
        ("judge", {"host": "https://judge.example/v1", "password": "k"}, "https://judge.example/v1"),
        ("server", {"host": "http://vllm:8000/v1"}, "http://vllm:8000/v1"),
        ("notify", {"host": "https://hooks.example/T0/B0"}, "https://hooks.example/T0/B0"),
    ],
)
def test_the_fields_of_a_form_are_an_address(service, fields, address):
    from autodidact_airflow.runtime_from_connections import connection_url

    made = Connection(conn_id="any", conn_type=f"autodidact_{service}", **fields)
    assert connection_url(made, service) == address


@pytest.fixture
def judge():
    class Judge(Handler):
        def do_GET(self):
            if self.headers.get("Authorization") != "Bearer k1":
                return self.reply({"error": "no"}, 401)
            self.reply({"data": [{"id": "qwen"}]})

        def do_POST(self):
            body = self.body()
            if self.path == "/v1/chat/completions" and body["model"] == "qwen":
                return self.reply({"choices": [{"message": {"content": "3\x1b[31m"}}]})
            self.reply({"error": "unknown"}, 404)

    with Server(Judge) as server:
        yield server


def test_a_judge_is_asked_one_real_question(monkeypatch, judge):
    good = {"host": judge.url, "password": "k1"}
    assert press(monkeypatch, "judge", **good) == (True, "The server answers; it has qwen")
    well, said = press(monkeypatch, "judge", **good, extra={"model": "qwen"})
    assert well and said.startswith("qwen answers which number follows 2: 3") and "\x1b" not in said
    wrong = press(monkeypatch, "judge", **good, extra={"model": "llama"})
    assert wrong == (False, "The judge answered 404. Check address, key and model.")
    assert press(monkeypatch, "server", host=judge.url, password="k2") == (
        False,
        "The server answered 401. Check address, key and model.",
    )
    away = press(monkeypatch, "teacher", host="http://127.0.0.1:9/v1")
    assert away == (False, "The teacher does not answer: ConnectError. Check the address.")


def test_a_store_is_looked_at_with_its_key_and_the_server_keeps_none_of_it(monkeypatch, tmp_path):
    before = dict(os.environ)
    well, said = press(monkeypatch, "store", host=str(tmp_path))
    assert (well, said) == (True, f"The store answers: {tmp_path}")
    well, said = press(monkeypatch, "store", host="nothing://x", login="AKIA", password="k-secret")
    assert not well and "k-secret" not in said and said.startswith("The store does not answer as it should: ")
    assert {name for name in os.environ if name not in before} == {"AIRFLOW_CONN_TRIED_8A2"}


def test_a_chronicle_is_asked_for_its_tables_and_none_is_made(monkeypatch, tmp_path, chronicle_url):
    from autodidact.chronicle import Chronicle

    well, said = press(monkeypatch, "chronicle", extra={"url": chronicle_url})
    assert well and ("first cycle makes" in said or "will be made by the first cycle" in said)
    assert not (tmp_path / "chronicle.db").exists()
    with Chronicle(chronicle_url) as chronicle:
        chronicle.event("shop", "note", "hello")
    well, said = press(monkeypatch, "chronicle", extra={"url": chronicle_url})
    assert well and said.endswith("has the Chronicle's tables")


def test_a_repository_is_asked_for_its_default_branch(monkeypatch, tmp_path):
    Sandbox(tmp_path / "shop").commit("Sell")
    with git_server(tmp_path, "ada", "k1") as server:
        address = f"{server.root}/shop/.git"
        well, said = press(monkeypatch, "git", host=address, login="ada", password="k1")
        assert (well, said) == (True, "The repository answers; its default branch is main")
        well, said = press(monkeypatch, "git", host=address, login="ada", password="k2")
        assert not well and said.startswith("The repository could not be fetched: ") and "k2" not in said


def test_the_button_of_the_notifications_sends_a_message(monkeypatch):
    got = []

    class Listener(Handler):
        def do_POST(self):
            got.append(self.body())
            self.reply("ok")

    with Server(Listener) as server:
        assert press(monkeypatch, "notify", host=f"{server.root}/hook") == (True, "A test message was sent")
    assert got == [{"event": "test", "text": "Autodidact would write here. This is a test."}]
