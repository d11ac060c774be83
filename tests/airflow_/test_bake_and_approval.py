"""The bake time and a person's consent, in Airflow's own runs."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Runs a DAG with `dag.test()`; prints the state of every task, and what the champion asset was told.
RUN = """
    import json, sys
    from airflow.dag_processing.dagbag import DagBag
    dag = DagBag(dag_folder=FILE, collect_dags=True).dags[ID]
    run = dag.test(run_conf=CONF)
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    with create_session() as session:
        told = [event.extra for event in session.query(AssetEvent).all()]
    states = {ti.task_id: ti.state for ti in run.get_task_instances()}
    print(json.dumps({"states": states, "told": told}), flush=True)
"""


def run(environment: dict, dag_id: str, before: str = "", conf: dict | None = None) -> dict:
    names = f"FILE, ID, CONF = {str(ROOT / 'dags' / f'{dag_id}.py')!r}, {dag_id!r}, {conf or {}!r}\n"
    code = names + textwrap.dedent(before) + textwrap.dedent(RUN)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=1100
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"states"')]
    assert lines, done.stdout[-2000:] + done.stderr[-3000:]
    return json.JSONDecoder().raw_decode(lines[-1])[0]  # a thread's log line may follow on the same line


def test_the_watch_runs_whenever_the_champion_changes():
    from airflow.dag_processing.dagbag import DagBag

    dags = DagBag(dag_folder=str(ROOT / "dags"), collect_dags=True).dags
    watch = dags["autodidact_watch"]
    assert [asset.name for asset in watch.timetable.asset_condition.objects] == ["autodidact_champion"]
    assert watch.get_task("watch").downstream_task_ids == {"rolled_back"}
    emits = {
        task.task_id: [asset.name for asset in task.outlets]
        for task in [*watch.tasks, *dags["autodidact_cycle"].tasks]
        if task.outlets
    }
    assert emits == {
        "rolled_back": ["autodidact_champion"],
        "promote": ["autodidact_champion"],
        "close_cycle": ["autodidact_knowledge"],
    }


def test_between_two_looks_the_task_is_deferred_and_the_newest_event_names_the_version(monkeypatch):
    from datetime import datetime, timedelta, timezone
    from types import SimpleNamespace

    from airflow.sdk.exceptions import TaskDeferred

    from autodidact_airflow import tasks
    from autodidact_airflow.watch_operator import WatchChampion

    noon = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
    events = [
        SimpleNamespace(
            timestamp=noon + timedelta(hours=hour), extra={"version": f"v{hour}", "system": "shop"}
        )
        for hour in (1, 2, 0)
    ]
    context, asked = {"params": {"version": None}, "triggering_asset_events": {"champion": events}}, []
    looks = [
        {"ended": None, "left": left, "failed": failed}
        for left, failed in ((30.0, 0), (3000.0, 0), (30.0, 2), (0.0, 1))
    ]
    looks += [{"ended": "healthy", "left": 0}]
    monkeypatch.setattr(
        tasks, "watch", lambda params, event: (asked.append((params, event)), looks.pop(0))[1]
    )
    watch = WatchChampion(task_id="watch", every=timedelta(minutes=1))
    for wait in (30, 60, 60, 60):
        begun = datetime.now(timezone.utc)
        with pytest.raises(TaskDeferred) as deferred:
            watch.look(context)
        assert deferred.value.method_name == "look"
        assert timedelta(seconds=wait) <= deferred.value.trigger.moment - begun < timedelta(seconds=wait + 5)
    assert watch.look(context, event=noon) == {"ended": "healthy", "left": 0}
    assert asked[0] == ({"version": None}, {"version": "v2", "system": "shop"})


@pytest.fixture
def scene(tmp_path):
    """v2 has just replaced v1 on a server that speaks vLLM's protocol."""
    from tests.promotion.test_vllm import VllmScene
    from tests.promotion.vllm_server import Vllm

    vllm = Vllm().start()
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    yield scene
    vllm.die()


def environment_of(airflow_home: dict, scene, **more) -> dict:
    deploy = scene.settings.deploy
    return (
        airflow_home
        | {
            "AUTODIDACT_STORE": str(scene.store.root),
            "AUTODIDACT_CHRONICLE__URL": f"sqlite:///{scene.store.root.parent}/chronicle.db",
            "AUTODIDACT_SYSTEM": "shop",
            "AUTODIDACT_DEPLOY__KIND": "vllm",
            "AUTODIDACT_DEPLOY__URL": deploy.url,
            "AUTODIDACT_DEPLOY__LIVE": "2",
            "AUTODIDACT_DEPLOY__TIMEOUT": "0.5",
            "AUTODIDACT_DEPLOY__DRAIN": "0.5",
        }
        | more
    )


@pytest.mark.slow
def test_a_healthy_champion_is_watched_to_the_end_of_its_bake_time_deferred_in_between(airflow_home, scene):
    from datetime import datetime, timezone

    promoted = datetime.fromisoformat(scene.chronicle.champion("shop")["promoted_at"])
    bake = (
        datetime.now(timezone.utc) - promoted
    ).total_seconds() + 60  # so that the first look comes before its end
    told = run(environment_of(airflow_home, scene, AUTODIDACT_DEPLOY__BAKE=str(bake)), "autodidact_watch")
    assert told["states"] == {"watch": "success", "rolled_back": "skipped"}
    events = [event["kind"] for event in scene.chronicle.events("shop")]
    assert "baked" in events and scene.chronicle.deployed("shop")["v1"] == "retired"
    scene.is_right("v2")


@pytest.mark.slow
def test_trouble_rolls_back_and_the_asset_tells_of_it(airflow_home, scene):
    scene.vllm.faults.add("fails")
    told = run(environment_of(airflow_home, scene), "autodidact_watch")
    assert told["states"] == {"watch": "success", "rolled_back": "success"}
    assert told["told"][-1]["version"] == "v1" and "live answers" in told["told"][-1]["reason"]
    scene.is_right("v1")


# The cycle's own wiring, with stages that do nothing, and a person who answers as soon as she is asked.
PERSON = """
    import os, threading, time
    from autodidact_airflow import tasks
    tasks.open_cycle = lambda *_: {"system": "shop", "cycle_id": "c1", "closed": False}
    tasks.generate = lambda *_: None
    def stage(ids, name, ti=None):  # without a candidate `benchmark` fails, but where a person has said no
        no = ASKED == "approve_training" and ANSWER == "Reject"
        assert name != "benchmark" or tasks.refused(ti, "approve_training") == no
    tasks.stage = stage
    tasks.decide = lambda ids, promote, params: promote
    tasks.promote = lambda ids: {"version": "v2"}
    tasks.keep_champion = lambda ids: None
    def close_cycle(ids, ti, told):
        assert tasks.refused(ti, "approve_promotion") == (ASKED == "approve_promotion" and ANSWER == "Reject")
    tasks.close_cycle = close_cycle
    tasks.report = lambda ids, what: f"the report of {what} of {ids['cycle_id']}"

    # Made before the thread begins: two threads that import Airflow's models at once wait for each other.
    from airflow.api_fastapi.app import create_app
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from fastapi.testclient import TestClient
    app = create_app()
    client = TestClient(app).__enter__()
    token = app.state.auth_manager.generate_jwt(SimpleAuthManagerUser(username="ada", role="admin"))
    client.headers["Authorization"] = "Bearer " + token
    import airflow.models
    airflow.models.import_all_models()

    def answer():
        for detail in client.get(f"/api/v2/dags/{ID}/dagRuns/~/hitlDetails").json().get("hitl_details", []):
            if not detail["response_received"]:
                assert detail["body"].startswith("the report of "), detail
                ti = detail["task_instance"]
                client.patch(
                    f"/api/v2/dags/{ID}/dagRuns/{ti['dag_run_id']}/taskInstances/{ti['task_id']}/-1/hitlDetails",
                    json={"chosen_options": [ANSWER], "params_input": {}},
                )

    def person():  # asks again where the database was locked: nobody would answer otherwise, and the run waits
        while True:
            try:
                answer()
            except AssertionError as wrong:
                print(wrong, file=sys.stderr, flush=True)
                os._exit(1)
            except Exception as error:
                print(error, file=sys.stderr, flush=True)
            time.sleep(0.5)

    import json, sys
    threading.Thread(target=person, daemon=True).start()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("approval", "chosen", "task", "states"),
    [
        (
            "before_promote",
            "Approve",
            "approve_promotion",
            {"promote": "success", "keep_champion": "skipped", "close_cycle": "success"},
        ),
        (
            "before_promote",
            "Reject",
            "approve_promotion",
            {"promote": "skipped", "keep_champion": "skipped", "close_cycle": "success"},
        ),
        (
            "before_train",
            "Reject",
            "approve_training",
            {"train": "skipped", "benchmark": "success", "close_cycle": "success"},
        ),
    ],
)
def test_a_person_is_asked_with_the_report_and_the_cycle_goes_on_as_she_says(
    airflow_home, approval, chosen, task, states
):
    environment = airflow_home | {"AUTODIDACT_APPROVAL": approval, "AUTODIDACT_TRAINING__WHERE": "local"}
    told = run(
        environment, "autodidact_cycle", f"ANSWER, ASKED = {chosen!r}, {task!r}\n" + textwrap.dedent(PERSON)
    )
    assert told["states"][task] == "success"
    assert {name: told["states"][name] for name in states} == states
