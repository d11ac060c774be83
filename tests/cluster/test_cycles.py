"""Cycles on `make cluster`: CeleryExecutor, Valkey, PostgreSQL and S3 as processes of their own.

`make test-cluster` runs them; they take about ten minutes on two cores.
"""

import shutil
import tempfile
from pathlib import Path

import pytest

from autodidact.digests import folder_digest
from tests.cluster.running import WHEN_ASKED, Cluster
from tests.cycle.test_cycle import FILES
from tests.sandbox import Sandbox

pytestmark = WHEN_ASKED
# What the worker of the queue gpu does; the other worker does the rest.
ON_GPU = {"train", "measure_champion", "benchmark", "ask_ledger"}
WORKERS = ("worker-default", "worker-gpu")


@pytest.fixture(scope="module")
def folder():
    """Where PostgreSQL's user may go, and short: a socket is in it."""
    made = Path(tempfile.mkdtemp(prefix="cluster-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def cluster(folder):
    repository = Sandbox(folder / "shop")
    repository.commit("Add the basket", {name: text for name, text in FILES.items() if "price" not in name})
    repository.commit("Add the price of a basket to the shop", FILES, hours=1)
    running = Cluster(folder, repository.path)
    yield running
    running.started.end()


@pytest.fixture(scope="module")
def runs(cluster) -> dict[str, dict]:
    """A backfilled run beside the scheduled one, both ended, by their type. The backfill's window ended in
    March and has both commits.
    """
    window = "2026-03-02T00:00:00Z"
    cluster.api("backfills", {"dag_id": "autodidact_cycle", "from_date": window, "to_date": window})
    ended = cluster.wait_for_runs("autodidact_cycle", 2, 3000)
    return {run["run_type"]: run for run in ended}


def test_a_scheduled_run_and_a_backfill_beside_it_both_succeed(cluster, runs):
    assert {kind: run["state"] for kind, run in runs.items()} == {
        "scheduled": "success",
        "backfill": "success",
    }
    assert runs["scheduled"]["start_date"] < runs["backfill"]["end_date"]
    assert runs["backfill"]["start_date"] < runs["scheduled"]["end_date"]


def test_each_worker_does_the_tasks_of_its_queue(cluster, runs):
    for run in runs.values():
        tasks = cluster.tasks(run)
        assert {name for name, task in tasks.items() if task["queue"] == "gpu"} == ON_GPU
        assert {task["state"] for task in tasks.values()} <= {"success", "skipped"}


def test_the_log_of_a_task_is_shown_whichever_worker_wrote_it(cluster, runs):
    run = runs["scheduled"]["dag_run_id"]
    for task in ("gate", "train"):
        path = f"dags/autodidact_cycle/dagRuns/{run}/taskInstances/{task}/logs/1"
        lines = [str(line.get("event", line)) for line in cluster.api(path)["content"]]
        assert any(line.startswith("[autodidact]") for line in lines), lines[-5:]


def test_store_and_chronicle_say_the_same_of_both_cycles(cluster, runs):
    with cluster.chronicle() as chronicle:
        cycles = {row["cycle_id"]: row for row in chronicle.history("shop")}
        champion, versions = chronicle.champion("shop"), chronicle.versions("shop")
    live, historical = max(cycles), "2026-03-02T0000Z"
    assert sorted(cycles) == [historical, live]
    assert cycles[historical]["outcome"] == "kept"
    for name, row in cycles.items():
        verdict = cluster.store.read_json(f"shop/cycles/{name}/verdict.json")["outcome"]
        assert (row["status"], row["verdict"]) == ("closed", verdict)
        adapter = cluster.store.local(f"shop/cycles/{name}/training/adapter")
        (version,) = [each for each in versions if each["cycle_id"] == name]
        assert version["adapter"]["sha256"] == folder_digest(adapter)
    assert cluster.store.read_json("shop/champion.json")["version"] == champion["version"]
    assert cluster.store.folders() == ["cache", "shop"]


def test_a_version_is_promoted_by_hand_and_taken_back_through_the_api(cluster, runs):
    with cluster.chronicle() as chronicle:
        live = max(row["cycle_id"] for row in chronicle.history("shop"))
        (newest,) = [each for each in chronicle.versions("shop") if each["cycle_id"] == live]
        if newest["state"] != "champion":  # the verdict of so small a training is often a no
            cluster.command("promote", newest["version"], "--override", "--reason", "it knows the shop")
        assert chronicle.champion("shop")["version"] == newest["version"]
    cluster.api(
        "dags/autodidact_rollback/dagRuns",
        {"logical_date": None, "conf": {"reason": "a customer complained"}},
    )
    (run,) = cluster.wait_for_runs("autodidact_rollback", 1, 600)
    with cluster.chronicle() as chronicle:
        after = chronicle.champion("shop")["version"]
        states = [row["state"] for row in chronicle.states("shop", newest["version"])]
    assert (run["state"], states[-1]) == ("success", "archived")
    assert after.startswith("base-")
    assert cluster.store.read_json("shop/champion.json")["version"] == after


def test_the_tasks_left_no_temporary_files(cluster, runs):
    left = [file.name for worker in WORKERS for file in (cluster.home / worker / "tmp").iterdir()]
    assert [name for name in left if name.startswith("autodidact")] == []


def test_no_socket_leaves_this_machine(cluster, runs):
    assert cluster.addresses - {"0.0.0.0"} == {f"127.0.0.{number}" for number in (1, 2, 3, 4)}


def test_ctrl_c_ends_all_of_it(cluster, runs):
    cluster.started.end()
    assert cluster.started.left() == []
