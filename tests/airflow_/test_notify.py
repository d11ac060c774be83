"""Who is told what became of a cycle: what asks for it, what is sent, and that the tasks of Airflow send it."""

import asyncio
import json
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from autodidact.errors import UsageError
from autodidact_airflow import notify, tasks
from tests.loopback import Handler, Server

ROOT = Path(__file__).resolve().parents[2]
ROW = {"system": "shop", "cycle_id": "2026-11-23T1200Z", "kind": "live", "outcome": "promoted"}


@pytest.fixture
def address(monkeypatch):
    """A server on loopback, named by the Connection `autodidact_notify`; it keeps what it is sent in `got`."""
    got = []

    class Listener(Handler):
        def do_POST(self):
            got.append((self.body(), self.headers.get("Authorization")))
            self.reply({}, 500 if self.path == "/broken" else 200)

    with Server(Listener) as server:
        server.got = got
        server.connection = json.dumps(
            {"conn_type": "http", "password": "k1", "extra": {"url": f"{server.root}/hook"}}
        )
        monkeypatch.setenv("AIRFLOW_CONN_AUTODIDACT_NOTIFY", server.connection)
        yield server


class Task:
    """As a task instance: what was pushed can be pulled."""

    task_id, dag_id, run_id = "close_cycle", "autodidact_cycle_shop", "monday"

    def __init__(self):
        self.pushed = {}

    def xcom_push(self, key, value):
        self.pushed[key] = json.loads(json.dumps(value))

    def xcom_pull(self, task_ids, key):
        return self.pushed.get(key) if task_ids == self.task_id else None


@pytest.mark.parametrize(
    ("row", "warning", "events"),
    [
        ({}, None, {"promoted": "shop, cycle 2026-11-23T1200Z: Verdict."}),
        ({"outcome": "kept"}, None, {"kept": "shop, cycle 2026-11-23T1200Z: Verdict."}),
        ({"outcome": "superseded"}, None, {"kept": "shop, cycle 2026-11-23T1200Z: Verdict."}),
        ({"outcome": "rolled_back"}, None, {"rolled_back": "shop, cycle 2026-11-23T1200Z: Verdict."}),
        ({"outcome": "kept", "kind": "historical"}, None, {}),
        ({"kind": "historical"}, None, {"promoted": "shop, cycle 2026-11-23T1200Z: Verdict."}),
        (
            {"outcome": "kept"},
            "12 stale facts",
            {
                "kept": "shop, cycle 2026-11-23T1200Z: Verdict.",
                "stale": "shop, cycle 2026-11-23T1200Z: 12 stale facts",
            },
        ),
    ],
)
def test_what_there_is_to_tell_of_a_closed_cycle(row, warning, events):
    summary = {"knowledge": {"warning": warning}} if warning else {"knowledge": None}
    assert notify.events_of(ROW | row, "Verdict.", summary) == events


def test_what_happened_is_posted_and_what_did_not_is_not(address):
    ti = Task()
    notify.push(ti, "shop", {"promoted": "shop-2 serves\x1b[31m\nshop"}, "2026-11-23T1200Z")
    for notifier in notify.wanted({"AUTODIDACT_NOTIFY": "promoted, kept"}).values():
        notifier({"ti": ti})
    ((body, key),) = address.got
    assert key == "Bearer k1"
    assert body.pop("link").endswith("/dags/autodidact_cycle_shop/runs/monday")
    assert "\n" not in body["text"] and "\x1b" not in body.pop("text")
    assert body == {
        "event": "promoted",
        "system": "shop",
        "cycle_id": "2026-11-23T1200Z",
        "dag_id": "autodidact_cycle_shop",
        "run_id": "monday",
    }


def test_a_missed_deadline_is_posted_from_the_triggerer(address):
    from airflow._shared.module_loading import import_string

    from autodidact_airflow.dags.dag_defaults import Options

    (deadline,) = Options(notify={"stalled": notify.StalledNotifier()}).deadline()
    assert deadline.interval == timedelta(hours=11)

    async def as_the_triggerer_does():
        made = import_string(deadline.callback.path)
        await made(**deadline.callback.kwargs, context={"dag_run": {"dag_id": "d", "dag_run_id": "r"}})

    asyncio.run(as_the_triggerer_does())
    ((body, _),) = address.got
    assert body["event"] == "stalled"
    assert body["text"] == "d: the run r has not closed its cycle in time; the champion serves on"


def test_an_address_that_fails_is_an_error_without_its_path(address, monkeypatch):
    broken = address.connection.replace("/hook", "/broken")
    monkeypatch.setenv("AIRFLOW_CONN_AUTODIDACT_NOTIFY", broken)
    ti = Task()
    notify.push(ti, "shop", {"kept": "shop-1 serves on"})
    with pytest.raises(RuntimeError, match="^The address of the Connection autodidact_notify answered 500$"):
        notify.KeptNotifier()({"ti": ti})


def test_a_notifier_of_somebody_else_s_has_the_sentence_in_its_templates():
    from airflow.sdk.bases.notifier import BaseNotifier

    said = []

    class Mail(BaseNotifier):
        template_fields = ("subject",)

        def __init__(self, subject):
            super().__init__()
            self.subject = subject

        def notify(self, context):
            said.append(self.subject)

    ti, given = Task(), {"promoted": [Mail("{{ autodidact.system }}: {{ autodidact.text }}")], "kept": print}
    notify.push(ti, "shop", {"promoted": "shop-2 serves"})
    for each in notify.callbacks(given, "promoted", "kept", "stale"):
        each({"ti": ti})
    assert said == ["shop: shop-2 serves"]


def test_the_variable_wires_the_shipped_dags_and_without_it_nobody_is_told(monkeypatch):
    from autodidact_airflow import dags

    plain = dags.autodidact_cycle
    assert plain.deadline is None and not plain.get_task("close_cycle").on_success_callback
    monkeypatch.setenv("AUTODIDACT_NOTIFY", "all")
    told = {
        name: [type(each).__name__ for each in dag.get_task(name).on_success_callback]
        for dag, name in (
            (dags.autodidact_cycle, "close_cycle"),
            (dags.autodidact_watch, "rolled_back"),
            (dags.autodidact_rollback, "rollback"),
        )
    }
    assert told == {
        "close_cycle": ["PromotedNotifier", "KeptNotifier", "RolledBackNotifier", "StaleNotifier"],
        "rolled_back": ["RolledBackNotifier"],
        "rollback": ["RolledBackNotifier"],
    }
    (deadline,) = dags.autodidact_cycle.deadline
    assert deadline.callback.path == "autodidact_airflow.notify.StalledNotifier"


def test_a_wrong_event_in_the_variable_fails_open_cycle_in_one_line_and_no_import(monkeypatch):
    from autodidact_airflow import dags

    monkeypatch.setenv("AUTODIDACT_NOTIFY", "promoted,keept")
    assert dags.autodidact_cycle.get_task("close_cycle").on_success_callback
    with pytest.raises(
        UsageError, match="AUTODIDACT_NOTIFY names 'keept', which is no event. Name any of promoted, kept"
    ):
        tasks.check_deployment()


def test_the_champion_s_asset_tells_what_was_measured_of_the_version(tmp_path):
    from autodidact.chronicle import Chronicle
    from autodidact_airflow import assets

    chronicle = Chronicle(f"sqlite:///{tmp_path}/chronicle.db")
    for name, version, known in (("c1", "v1", 10), ("c2", "v2", 30), ("c3", "v1", 12)):
        chronicle.event(
            "shop", "knowledge", "", name, {"version": version, "known": known, "stale_facts": []}
        )
    here = SimpleNamespace(chronicle=lambda: chronicle)
    told = {"system": "shop", "version": "v1", "reason": "slow"}
    assert assets.champion(here, told) == told | {"knowledge": {"known": 12, "cycle_id": "c3"}}
    assert assets.champion(here, told | {"version": "v3"}) == told | {"version": "v3"}


RUN = """
    import json
    from airflow.dag_processing.dagbag import DagBag
    from autodidact_airflow import notify, tasks

    def rollback(params, run_id, ti):
        notify.push(ti, "shop", {"rolled_back": "v1 serves shop again: " + params["reason"]})
        return {"system": "shop", "version": "v1"}

    tasks.rollback = rollback
    dag = DagBag(dag_folder=FILE, collect_dags=True).dags["autodidact_rollback"]
    print("STATE", dag.test(run_conf={"reason": "wrong prices"}).state)
"""


@pytest.mark.slow
def test_a_run_of_airflow_s_sends_it_when_its_task_has_ended_well(airflow_home, address):
    code = f"FILE = {str(ROOT / 'dags' / 'autodidact_rollback.py')!r}\n" + textwrap.dedent(RUN)
    variables = {"AUTODIDACT_NOTIFY": "rolled_back", "AIRFLOW_CONN_AUTODIDACT_NOTIFY": address.connection}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=airflow_home | variables,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert "STATE success" in done.stdout, done.stderr[-2000:]
    assert [body["text"] for body, _ in address.got] == ["v1 serves shop again: wrong prices"]
