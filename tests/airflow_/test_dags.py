"""The DAG files: they load, cheaply and without side effects, and are wired as the design says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autodidact.generators import select

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def dags():
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"), collect_dags=True)
    assert bag.import_errors == {}
    return bag.dags


@pytest.fixture(scope="module")
def cycle(dags):
    return dags["autodidact_cycle"]


def downstream(dag, task_id):
    return sorted(dag.get_task(task_id).downstream_task_ids)


def test_the_dags_load(dags):
    assert sorted(dags) == ["autodidact_cycle", "autodidact_rollback", "autodidact_watch"]


@pytest.mark.parametrize("dag_id", ["autodidact_cycle", "autodidact_rollback", "autodidact_watch"])
def test_every_dag_has_what_airflow_users_expect(dags, dag_id):
    dag = dags[dag_id]
    assert dag.tags and dag.doc_md and not dag.catchup and dag.max_active_runs == 1
    assert all(task.owner == "autodidact" and task.retries >= 2 for task in dag.tasks)


def test_the_params_are_the_dag_s_and_no_task_has_a_copy(cycle):
    assert "base_model" in cycle.params
    assert [task.task_id for task in cycle.tasks if len(task.params)] == []


def test_the_generators_run_side_by_side_between_open_cycle_and_the_gate(cycle):
    generators = [f"generate.{name}" for name in select()]
    for name in generators:
        assert cycle.get_task(name).upstream_task_ids == {"open_cycle"}
        assert cycle.get_task(name).downstream_task_ids == {"gate", "knowledge"}
        assert cycle.get_task(name).pool == "generate"


def test_the_stages_are_wired_as_the_picture_shows(cycle):
    assert downstream(cycle, "gate") == ["measure_champion", "train"]
    assert cycle.get_task("measure_champion").upstream_task_ids == {
        "open_cycle",
        "gate",
    }  # nothing to train on, nothing to measure
    assert downstream(cycle, "train") == ["benchmark"]
    assert downstream(cycle, "measure_champion") == ["benchmark"]
    assert downstream(cycle, "benchmark") == ["decide"]
    assert downstream(cycle, "decide") == ["keep_champion", "promote"]
    assert downstream(cycle, "promote") == downstream(cycle, "keep_champion") == ["ask_ledger"]
    assert downstream(cycle, "ask_ledger") == ["close_cycle"]
    assert cycle.get_task("gate").upstream_task_ids >= {"open_cycle"}
    assert downstream(cycle, "knowledge") == ["ask_ledger"]


def test_the_gate_runs_whatever_the_generators_did_and_a_failed_run_stays_red(cycle):
    rules = {
        task_id: cycle.get_task(task_id).trigger_rule.value
        for task_id in ("gate", "benchmark", "decide", "ask_ledger", "close_cycle", "train")
    }
    assert rules == {
        "gate": "all_done",
        "benchmark": "none_failed",
        "decide": "none_failed",
        "ask_ledger": "none_failed",
        "close_cycle": "none_failed",
        "train": "all_success",
    }


def test_what_needs_the_gpu_shares_queue_and_pool(cycle):
    for task_id in ("train", "measure_champion", "benchmark", "ask_ledger"):
        assert (cycle.get_task(task_id).pool, cycle.get_task(task_id).queue) == ("gpu", "gpu")


def test_decide_is_a_branch_python_operator(cycle):
    from airflow.providers.standard.operators.python import BranchPythonOperator

    assert type(cycle.get_task("decide")) is BranchPythonOperator


def test_it_runs_every_twelve_hours_for_the_twelve_hours_before(cycle):
    import pendulum
    from airflow.serialization.encoders import coerce_to_core_timetable

    run_after = pendulum.datetime(2026, 11, 23, 12)
    interval = coerce_to_core_timetable(cycle.timetable).infer_manual_data_interval(run_after=run_after)
    assert (interval.start, interval.end) == (run_after.subtract(hours=12), run_after)


def test_params_are_typed_described_and_leave_the_settings_alone(cycle):
    for name in cycle.params:
        schema = cycle.params.get_param(name).schema
        assert schema.get("description_md"), name
        assert cycle.params[name] in (None, False), name


def parse(variables, file=ROOT / "dags" / "autodidact_cycle.py"):
    """Loads a file of DAGs; it prints which heavy modules that has loaded."""
    code = (
        "import sys, runpy; runpy.run_path(sys.argv[1]); print([m for m in ('torch', 'transformers',"
        " 'kubernetes', 'autodidact.settings') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(file)]
    return subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, timeout=120)


def test_parsing_imports_nothing_heavy():
    assert parse({}).stdout.strip().endswith("[]")


def test_a_bad_variable_fails_no_import():
    assert (
        parse(
            {
                "AUTODIDACT_TRAINING__WHERE": "moon",
                "AUTODIDACT_APPROVAL": "perhaps",
                "AUTODIDACT_GATE__CAPP": "1",
            }
        ).returncode
        == 0
    )


def test_a_bad_variable_fails_open_cycle_in_one_line(monkeypatch):
    from autodidact.errors import UsageError
    from autodidact_airflow.tasks import check_deployment

    monkeypatch.setenv("AUTODIDACT_TRAINING__WHERE", "moon")
    with pytest.raises(
        UsageError, match="AUTODIDACT_TRAINING__WHERE is 'moon'. Set it to one of: queue, local, kubernetes."
    ):
        check_deployment()


@pytest.mark.parametrize(
    ("key", "value", "variable"),
    [
        ("approval", "before_promote", "AUTODIDACT_APPROVAL"),
        ("training.where", "kubernetes", "AUTODIDACT_TRAINING__WHERE"),
    ],
)
def test_a_wish_about_the_wiring_that_only_a_file_has_fails_open_cycle_instead_of_being_ignored(
    monkeypatch, key, value, variable
):
    from autodidact.errors import UsageError
    from autodidact.settings import load_settings
    from autodidact_airflow.tasks import check_wiring

    for name in ("AUTODIDACT_APPROVAL", "AUTODIDACT_TRAINING__WHERE"):
        monkeypatch.delenv(name, raising=False)
    wanted = load_settings(overrides={key: value}, environ={})
    with pytest.raises(
        UsageError,
        match=(
            f"{key} is '{value}', and the DAG was wired without it.* Set {variable}={value} where Airflow"
            " runs"
        ),
    ):
        check_wiring(wanted)
    monkeypatch.setenv(variable, value)
    check_wiring(wanted)


def test_airflows_own_linter_finds_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select", "AIR3", "dags", "plugins", "include"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_every_task_has_a_limit_and_the_run_one_that_the_next_run_is_due_after(dags):
    from datetime import timedelta

    for dag in dags.values():
        assert all(task.execution_timeout for task in dag.tasks), dag.dag_id
        assert dag.dagrun_timeout >= max(task.execution_timeout for task in dag.tasks)
    assert dags["autodidact_cycle"].dagrun_timeout == timedelta(hours=11)


def test_what_holds_a_lease_is_tried_again_until_the_lease_of_a_killed_try_is_over(cycle, dags):
    from autodidact.lease import LEASE_SECONDS

    for task in [
        *(cycle.get_task(name) for name in ("train", "measure_champion", "benchmark", "ask_ledger")),
        dags["autodidact_watch"].get_task("watch"),
    ]:
        assert (task.retries, task.retry_exponential_backoff) == (4, 2.0)
        assert (
            sum(task.retry_delay.total_seconds() * 2**number for number in range(2)) > LEASE_SECONDS
        )  # two retries in reserve


def test_every_task_is_tried_again_until_a_service_that_was_away_for_five_minutes_is_back(dags):
    """Airflow waits `retry_delay * retry_exponential_backoff ** n`, or up to twice that."""
    for task in [task for dag in dags.values() for task in dag.tasks]:
        waits = [
            task.retry_delay.total_seconds() * task.retry_exponential_backoff**n for n in range(task.retries)
        ]
        assert 300 < sum(waits) < 2 * sum(waits) < 3600, task.task_id
        assert 2 * waits[-1] <= task.max_retry_delay.total_seconds(), task.task_id


@pytest.mark.parametrize(
    "variable", ["AUTODIDACT_HOURS_TRAIN", "AUTODIDACT_HOURS_CYCLE", "AUTODIDACT_HOURS_WATCH"]
)
def test_a_variable_sets_a_limit_and_a_bad_one_fails_open_cycle_and_no_import(monkeypatch, variable):
    from datetime import timedelta

    from autodidact.errors import UsageError
    from autodidact.settings import load_settings
    from autodidact_airflow.tasks import check_deployment
    from autodidact_airflow.timeouts_and_retries import HOURS, hours

    name = variable.removeprefix("AUTODIDACT_HOURS_").lower()
    monkeypatch.setenv(variable, "20.5")
    assert hours(name) == timedelta(hours=20.5)
    check_deployment()
    load_settings()
    for bad in ("long", "-1", "0", "nan", "inf", "1e99"):
        monkeypatch.setenv(variable, bad)
        assert hours(name) == timedelta(hours=HOURS[name])
        with pytest.raises(
            UsageError,
            match=f"{variable} is '{bad}', which is no number of hours. Set it to a number of hours",
        ):
            check_deployment()


def test_a_limit_of_nothing_is_an_unknown_setting(monkeypatch):
    from autodidact.errors import UsageError
    from autodidact.settings import RESERVED, load_settings
    from autodidact_airflow.timeouts_and_retries import LIMITS

    assert set(LIMITS.values()) == {name for name in RESERVED if name.startswith("AUTODIDACT_HOURS_")}
    monkeypatch.setenv("AUTODIDACT_HOURS_TRAINING", "3")
    with pytest.raises(
        UsageError, match="Unknown setting 'hours_training' in the variable AUTODIDACT_HOURS_TRAINING"
    ):
        load_settings()


def test_airflow_s_own_folder_is_its_owner_s_alone(tmp_path, monkeypatch):
    code = "import runpy, sys; sys.argv = ['x']; made = runpy.run_path(FILE); made['COMMANDS'].clear(); made['main']()"
    home, script = tmp_path / "home", ROOT / "scripts" / "airflow_ready.py"
    monkeypatch.setenv("AIRFLOW_HOME", str(home))
    subprocess.run([sys.executable, "-c", f"FILE = {str(script)!r}; {code}"], check=True)
    assert home.stat().st_mode & 0o777 == 0o700


def test_gate_and_verdict_link_to_what_the_page_shows_of_them(cycle):
    from types import SimpleNamespace

    key = SimpleNamespace(dag_id="autodidact_cycle", run_id="manual__2026-11-23T12:00:00+00:00")
    links = {
        task: {
            link.name: link.get_link(None, ti_key=key) for link in cycle.get_task(task).operator_extra_links
        }
        for task in ("gate", "decide")
    }
    place = "/autodidact/run/autodidact_cycle/manual__2026-11-23T12%3A00%3A00%2B00%3A00?view="
    assert list(links["gate"]) == ["Gate report"] and list(links["decide"]) == ["Verdict", "What was lost"]
    assert links["gate"]["Gate report"].endswith(f"{place}gate")
    assert links["decide"]["What was lost"].endswith(f"{place}lost")
