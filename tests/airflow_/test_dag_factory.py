"""DAGs of several systems in one deployment: their names, what they take, and what is in force while a task runs."""

import os
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from autodidact.settings import load_settings
from autodidact_airflow import runtime_from_connections
from autodidact_airflow.system_of_dag import System, suffix_of
from tests.airflow_.test_dags import parse
from tests.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]

SHOP = """
    from datetime import timedelta

    from autodidact_airflow.dags import cycle_dag

    def told(context):
        pass

    cycle_dag(
        system="shop",
        repository="/srv/shop",
        schedule="@daily",
        settings={"gate.cap": 300},
        connections={"server": "shop_server"},
        queue="a100",
        pools={"gpu": "a100", "generate": "small"},
        timeouts={"train": timedelta(hours=20), "cycle": timedelta(hours=23)},
        callbacks={"on_failure_callback": told},
        default_args={"owner": "ada", "on_failure_callback": told, "retries": 7},
        tags=["sales"],
    )
"""


def dags_of(folder: Path, **files: str):
    """The DAGs that a dags folder with these files has, and its import errors by file."""
    from airflow.dag_processing.dagbag import DagBag

    for name, text in files.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text))
    bag = DagBag(dag_folder=str(folder), collect_dags=True)
    return bag.dags, {Path(name).name: text for name, text in bag.import_errors.items()}


def test_one_file_makes_the_three_dags_of_a_system_with_an_asset_of_their_own(tmp_path):
    dags, errors = dags_of(
        tmp_path,
        shop=SHOP,
        pay="from autodidact_airflow.dags import cycle_dag\ncycle_dag(system='pay desk', rollback=False)",
        ours="from autodidact_airflow.dags import autodidact_cycle, autodidact_watch, autodidact_rollback",
    )
    assert errors == {}
    assert sorted(dags) == [
        "autodidact_cycle",
        "autodidact_cycle_pay_desk",
        "autodidact_cycle_shop",
        "autodidact_rollback",
        "autodidact_rollback_shop",
        "autodidact_watch",
        "autodidact_watch_pay_desk",
        "autodidact_watch_shop",
    ]
    outlets = {
        dag_id: {asset.name for task in dag.tasks for asset in task.outlets} for dag_id, dag in dags.items()
    }
    for dag_id, names in outlets.items():
        suffix = dag_id.split("_", 2)[2:]
        assert "_".join(["autodidact_champion", *suffix]) in names, dag_id
    watch = dags["autodidact_watch_shop"]
    assert [asset.name for asset in watch.timetable.asset_condition.objects] == ["autodidact_champion_shop"]


def test_an_import_statement_makes_its_dag_once_and_the_next_one_makes_another(monkeypatch):
    made = []
    monkeypatch.setattr("autodidact_airflow.dags.cycle_dag", lambda **given: made.append(given) or len(made))
    from autodidact_airflow.dags import autodidact_cycle as first
    from autodidact_airflow.dags import autodidact_cycle as second

    assert (first, second) == (1, 2)
    assert made == [{"watch": False, "rollback": False}] * 2


def test_a_system_s_cycle_has_the_tasks_and_params_of_the_shipped_one(tmp_path):
    dags, _ = dags_of(
        tmp_path, shop=SHOP, ours="from autodidact_airflow.dags import autodidact_cycle, autodidact_rollback"
    )
    for kind in ("cycle", "rollback"):
        shop, shipped = dags[f"autodidact_{kind}_shop"], dags[f"autodidact_{kind}"]
        assert sorted(shop.task_ids) == sorted(shipped.task_ids)
        assert list(shop.params) == list(shipped.params)
        for task in shipped.tasks:
            assert shop.get_task(task.task_id).downstream_task_ids == task.downstream_task_ids


def test_what_the_factory_is_given_stands_where_airflow_reads_it(tmp_path):
    dags, _ = dags_of(tmp_path, shop=SHOP)
    cycle = dags["autodidact_cycle_shop"]
    train, tool_spec = cycle.get_task("train"), cycle.get_task("generate.tool_spec")
    assert (train.queue, train.pool, train.execution_timeout) == ("a100", "a100", timedelta(hours=20))
    assert (tool_spec.queue, tool_spec.pool) == ("default", "small")
    assert cycle.dagrun_timeout == timedelta(hours=23)
    assert {(task.owner, task.retries) for task in cycle.tasks} == {("ada", 7)}
    assert (train.retry_delay, tool_spec.retry_delay) == (timedelta(minutes=1), timedelta(seconds=30))
    assert cycle.on_failure_callback and train.on_failure_callback
    assert sorted(cycle.tags) == ["autodidact", "fine-tuning", "sales", "shop"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("settings={'store': '/elsewhere'}", "A DAG file may not set 'store' for one system."),
        ("settings={'gate cap': 3}", "A DAG file may not set 'gate cap' for one system."),
        ("connections={'chronicle': 'mine'}", "`connections` names the unknown service 'chronicle'."),
        ("pools={'cpu': 'big'}", "`pools` has the unknown name 'cpu'. Known: gpu, generate."),
        ("timeouts={'trian': 3}", "`timeouts` has the unknown name 'trian'."),
        ("callbacks={'on_retry_callback': print}", "`callbacks` has the unknown name 'on_retry_callback'."),
    ],
)
def test_a_name_that_nothing_reads_is_an_import_error_in_one_line(tmp_path, arguments, message):
    code = f"from autodidact_airflow.dags import cycle_dag\ncycle_dag(system='shop', {arguments})"
    dags, errors = dags_of(tmp_path, shop=code)
    assert not dags and message in errors["shop.py"]


def test_a_dag_file_with_the_factory_loads_as_little_as_the_shipped_one(tmp_path):
    (tmp_path / "shop.py").write_text(textwrap.dedent(SHOP))
    done = parse({}, tmp_path / "shop.py")
    assert done.stdout.strip().endswith("[]"), done.stderr


def test_the_settings_of_a_system_are_in_force_while_a_task_runs_and_no_longer(monkeypatch):
    monkeypatch.setenv("AUTODIDACT_SYSTEM", "billing")
    monkeypatch.setenv("AUTODIDACT_GATE__CAP", "100")
    before = dict(os.environ)
    shop = System(
        "shop",
        {
            "sources.repository": "/srv/shop",
            "gate.cap": 300,
            "gate.quotas": {"tool_spec": 0.5},
            "judge.model": "123",
            "sources.branch": None,
        },
    )

    @shop.within
    def task(cycle, ti=None):
        os.environ["AUTODIDACT_DEPLOY__KEY"] = "set by a Connection"
        settings = load_settings()
        return settings.system, settings.sources.repository, settings.gate, settings.judge.model

    system, repository, gate, model = task({"system": "shop"})
    assert (system, repository, gate.cap, gate.quotas, model) == (
        "shop",
        "/srv/shop",
        300,
        {"tool_spec": 0.5},
        "123",
    )
    assert dict(os.environ) == before
    assert load_settings().system == "billing"


def test_a_system_s_own_server_gets_no_key_of_the_deployment_s(monkeypatch):
    from airflow.sdk import Connection

    there = {
        "shop_server": Connection(conn_id="shop_server", conn_type="http", host="shop.example", port=8000),
        "shop_judge": Connection(
            conn_id="shop_judge",
            conn_type="https",
            host="judge.example",
            password="k2",
            extra='{"model": "m"}',
        ),
    }
    monkeypatch.setattr(
        runtime_from_connections, "find_connection", lambda name, conn_id="": there.get(conn_id)
    )
    monkeypatch.setenv("AUTODIDACT_DEPLOY__URL", "https://ours.example/v1")
    monkeypatch.setenv("AUTODIDACT_DEPLOY__KEY", "k1")
    shop = System("shop", connections={"server": "shop_server", "judge": "shop_judge"})
    with shop.in_force():
        runtime_from_connections.fill_environment()
        found = {name: os.environ.get(f"AUTODIDACT_{name}") for name in ("DEPLOY__URL", "DEPLOY__KEY")}
        judge = [os.environ.get(f"AUTODIDACT_JUDGE__{name}") for name in ("URL", "KEY", "MODEL")]
    assert found == {"DEPLOY__URL": "http://shop.example:8000", "DEPLOY__KEY": None}
    assert judge == ["https://judge.example", "k2", "m"]
    assert os.environ["AUTODIDACT_DEPLOY__KEY"] == "k1" and "AUTODIDACT_JUDGE__KEY" not in os.environ


def test_a_connection_that_is_not_there_fails_the_task_in_one_line(monkeypatch):
    monkeypatch.setattr(runtime_from_connections, "find_connection", lambda name, conn_id="": None)
    task = System("shop", connections={"server": "shop_server"}).within(lambda: None)
    with pytest.raises(
        Exception,
        match=r"^There is no Connection 'shop_server', which the DAG file names as its server. Add it",
    ):
        task()


def test_two_systems_open_cycles_of_their_own_in_one_store(tmp_path, monkeypatch):
    from datetime import datetime, timezone
    from types import SimpleNamespace

    from autodidact_airflow import tasks

    monkeypatch.setenv("AUTODIDACT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("AUTODIDACT_CHRONICLE__URL", f"sqlite:///{tmp_path}/chronicle.db")
    run = SimpleNamespace(run_type="manual", run_after=datetime(2026, 11, 23, 12, tzinfo=timezone.utc))
    opened = {}
    for name in ("shop", "pay"):
        sandbox = Sandbox(tmp_path / name)
        sandbox.commit("Begin", {"code.py": f"NAME = {name!r}\n"})
        system = System(name, {"sources.repository": str(sandbox.path), "base_model": "sprout"})
        ids = system.within(tasks.open_cycle)({}, run)
        cycle, _ = system.within(tasks.load)(ids)
        opened[name] = (ids["system"], cycle.repositories[0]["path"], cycle.champion.version[:4])
    assert opened == {name: (name, str(tmp_path / name), "base") for name in ("shop", "pay")}
    assert {folder.name for folder in (tmp_path / "store").iterdir()} >= {"shop", "pay"}


def test_the_rollback_of_a_system_is_of_that_system(monkeypatch):
    from autodidact.promotion import by_hand
    from autodidact_airflow import tasks

    monkeypatch.setattr(by_hand, "rollback", lambda here, system, **_: f"the version before of {system}")
    told = System("shop").within(tasks.rollback)({"version": None, "reason": "wrong prices"}, "monday")
    assert told == {"system": "shop", "version": "the version before of shop", "reason": "wrong prices"}


def test_the_page_rolls_a_system_back_with_the_dag_beside_the_one_that_runs_its_cycles(monkeypatch):
    from autodidact_airflow.dashboard import airflow_runs, rights

    opened = [
        (airflow_runs.Run("autodidact_cycle_shop", "monday"), {"system": "shop"}),
        (airflow_runs.Run("autodidact_cycle", "sunday"), {"system": "billing-1a2b3c4d"}),
        (airflow_runs.Run("autodidact_cycle", "saturday"), {"system": "shop"}),
    ]
    monkeypatch.setattr(airflow_runs, "_opened", lambda run_id=None: opened)
    assert rights.rollback_dag("shop") == "autodidact_rollback_shop"
    assert rights.rollback_dag("billing-1a2b3c4d") == rights.rollback_dag("by hand") == "autodidact_rollback"
    assert airflow_runs.cycle_of(airflow_runs.Run("autodidact_cycle", "monday")) is None


def test_the_page_tells_the_dags_of_systems_from_others():
    assert [suffix_of(name) for name in ("autodidact_cycle", "autodidact_cycle_shop")] == ["", "_shop"]
    assert [suffix_of(name) for name in ("autodidact_cycles", "autodidact_watch", "shop")] == [None] * 3
