"""Stages in pods: what is asked of Kubernetes, and one that really runs through a server on loopback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autodidact.settings import Settings
from autodidact.training.pod_spec import pod

POD = {
    "image": "registry.example/autodidact:1",
    "namespace": "ml",
    "gpus": 2,
    "requests": {"cpu": "4", "memory": "32Gi"},
    "limits": {"memory": "64Gi"},
    "node_selector": {"gpu": "h100"},
    "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}],
    "volumes": [{"name": "models", "persistentVolumeClaim": {"claimName": "models"}}],
    "mounts": [{"name": "models", "mountPath": "/models"}],
    "env": {"HF_HOME": "/models"},
    "secrets": ["autodidact"],
    "service_account": "trainer",
    "pull_secrets": ["registry"],
}


def settings(**told) -> Settings:
    return Settings(
        **({"store": "s3://bucket/prefix", "training": {"where": "kubernetes", "pod": POD}} | told)
    )


def conforms(value, kind: str, where: str = "pod") -> None:
    """Holds a value to the types of Kubernetes' OpenAPI schema, as its Python client was generated from them:
    no unknown field, none missing.
    """
    from kubernetes import client

    if kind.startswith("list["):
        assert isinstance(value, list), where
        for number, each in enumerate(value):
            conforms(each, kind[5:-1], f"{where}[{number}]")
    elif kind.startswith("dict["):
        assert isinstance(value, dict), where
        for key, each in value.items():
            conforms(each, kind[5:-1].split(", ")[1], f"{where}.{key}")
    elif kind in ("str", "int", "bool", "datetime", "object"):
        assert kind == "object" or isinstance(
            value, {"str": str, "int": int, "bool": bool, "datetime": str}[kind]
        ), f"{where} is no {kind}"
    else:
        model = getattr(client, kind)
        names = {theirs: ours for ours, theirs in model.attribute_map.items()}
        assert set(value) <= set(names), f"{where} has {set(value) - set(names)}"
        for theirs, each in value.items():
            conforms(each, model.openapi_types[names[theirs]], f"{where}.{theirs}")
        model(
            **{names[theirs]: each for theirs, each in value.items()}
        )  # raises ValueError where something required is missing


@pytest.mark.parametrize("stage", ["train", "measure_champion", "benchmark", "ask_ledger"])
def test_the_pod_is_one_of_kubernetes_schema(stage):
    conforms(pod(settings(), stage, "shop-12345678", "2026-11-23T1200Z"), "V1Pod")


WRONG = [
    ({"gpuLimit": 1}, "has {'gpuLimit'}"),
    ({"nodeSelector": {"gpu": 1}}, "is no str"),
    ({"containers": None}, ""),
]


@pytest.mark.parametrize(("part", "complaint"), WRONG)
def test_the_check_of_the_schema_sees_what_is_wrong(part, complaint):
    made = pod(settings(), "train", "shop", "2026-11-23T1200Z")
    made["spec"] |= part
    with pytest.raises((AssertionError, ValueError), match=complaint):
        conforms(made, "V1Pod")


def test_the_pod_is_what_the_settings_say():
    made = pod(settings(), "measure_champion", "shop-12345678", "2026-11-23T1200Z")["spec"]
    container = made["containers"][0]
    assert container["command"] == [
        "autodidact",
        "measure-champion",
        "--cycle",
        "2026-11-23T1200Z",
        "--set",
        'system="shop-12345678"',
    ]
    assert container["resources"] == {
        "limits": {"nvidia.com/gpu": "2", "memory": "64Gi"},
        "requests": {"cpu": "4", "memory": "32Gi"},
    }
    assert container["env"] == [
        {"name": "AUTODIDACT_STORE", "value": "s3://bucket/prefix"},
        {"name": "HF_HOME", "value": "/models"},
    ]
    assert container["envFrom"] == [{"secretRef": {"name": "autodidact"}}]
    assert (made["nodeSelector"], made["serviceAccountName"], made["restartPolicy"]) == (
        {"gpu": "h100"},
        "trainer",
        "Never",
    )
    assert (
        made["terminationGracePeriodSeconds"] == 90
    )  # a minute to save, as the worker has, and half a one to upload


@pytest.mark.parametrize("store", ["s3://key:word@bucket/prefix", "abfs://box/x?sas=word"])
def test_no_password_is_written_into_a_pod(store):
    told = {
        "store": store,
        "judge": {"url": "http://judge/v1?key=word"},
        "chronicle": {"url": "postgresql://me:word@db/a"},
    }
    assert "word" not in json.dumps(pod(settings(**told), "train", "shop", "2026-11-23T1200Z"))


def test_where_and_how_it_runs_is_no_part_of_a_cycle():
    frozen = settings().frozen()["training"]
    assert "pod" not in frozen and "where" not in frozen


@pytest.fixture
def where(monkeypatch):
    """The DAG as it is parsed where training runs in pods."""
    from airflow.dag_processing.dagbag import DagBag

    import autodidact_airflow.pods  # noqa: F401 - on a busy machine the import outlasts what Airflow allows a DAG file

    monkeypatch.setenv("AUTODIDACT_TRAINING__WHERE", "kubernetes")
    bag = DagBag(dag_folder=str(Path(__file__).resolve().parents[2] / "dags" / "autodidact_cycle.py"))
    assert bag.import_errors == {}
    return bag.dags["autodidact_cycle"]


def test_all_that_wants_the_gpu_becomes_a_pod_and_nothing_else_does(where):
    pods = {task.task_id: task for task in where.tasks if task.task_type == "StagePod"}
    assert sorted(pods) == ["ask_ledger", "benchmark", "measure_champion", "train"]
    for task in pods.values():
        assert (task.deferrable, task.durable, task.pool, task.queue, task.retries >= 2) == (
            True,
            True,
            "gpu",
            "default",
            True,
        )
        assert task.upstream_task_ids >= {"open_cycle"}


def test_the_operator_s_own_pod_conforms_too(where, monkeypatch):
    from kubernetes.client import ApiClient

    task = where.get_task("train")
    task.pod_template_dict = pod(settings(), "train", "shop", "2026-11-23T1200Z")
    built = ApiClient().sanitize_for_serialization(task.build_pod_request_obj(dry_run=True))
    conforms(built, "V1Pod")
    container = built["spec"]["containers"][0]
    assert (
        container["image"] == POD["image"]
        and container["command"][:2] == ["autodidact", "train"]
        and built["metadata"]["namespace"] == "ml"
    )
    assert built["spec"]["activeDeadlineSeconds"] == 8 * 3600  # Airflow's own limit counts on a worker alone
    assert (
        container["resources"]["limits"]["nvidia.com/gpu"] == "2"
        and built["spec"]["tolerations"] == POD["tolerations"]
    )


def ended(status: int):
    """A pod whose container ended with this exit status."""
    from kubernetes import client as k8s

    state = k8s.V1ContainerState(terminated=k8s.V1ContainerStateTerminated(exit_code=status))
    told = k8s.V1ContainerStatus(
        name="base", image="", image_id="", ready=False, restart_count=0, state=state
    )
    return k8s.V1Pod(status=k8s.V1PodStatus(phase="Failed", container_statuses=[told]))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (2, "AirflowFailException"),
        (75, "AirflowException"),
        (1, "AirflowException"),
        (137, "AirflowException"),
    ],
)
def test_only_wrong_usage_is_not_tried_again(monkeypatch, status, kind):
    from airflow.sdk.exceptions import AirflowException

    from autodidact_airflow.pods import KubernetesPodOperator, StagePod

    def failed(*_, **__):
        raise AirflowException("Pod returned a failure.")

    monkeypatch.setattr(KubernetesPodOperator, "cleanup", failed)
    with pytest.raises(AirflowException) as caught:
        StagePod(task_id="train", stage="train", ids=None).cleanup(
            pod=ended(status), remote_pod=ended(status)
        )
    assert type(caught.value).__name__ == kind


@pytest.mark.parametrize(
    ("ids", "kind"),
    [
        ({"system": "shop", "cycle_id": None, "closed": True}, "AirflowSkipException"),
        (None, "AirflowFailException"),
    ],
)
def test_no_pod_is_made_for_a_cycle_that_is_closed_or_was_never_opened(ids, kind):
    from autodidact_airflow.pods import StagePod

    with pytest.raises(Exception) as caught:  # noqa: B017, PT011
        StagePod(task_id="train", stage="train", ids=ids).execute({})
    assert type(caught.value).__name__ == kind


MINI = """
from datetime import datetime
from airflow.sdk import dag
from autodidact_airflow.pods import StagePod

@dag(schedule=None, start_date=datetime(2026, 1, 1))
def mini():
    StagePod(task_id="train", stage="train", ids={ids!r}, poll_interval=1)

mini()
"""


@pytest.mark.slow
def test_a_pod_trains_on_the_store_and_nothing_else(airflow_home, tmp_path):
    from autodidact.chronicle import Chronicle
    from autodidact.models.find_base_model import resolve_base
    from autodidact.records import example
    from autodidact.stage import load_manifest, run_stage
    from autodidact.store import Store
    from tests.airflow_.cluster import Cluster
    from tests.cycles import a_cycle
    from tests.tiny import build

    training = {"recipe": "seed", "rank": 4, "alpha": 8, "max_steps": 3, "threads": 1, "anchors": 0}
    here = Settings(
        system="shop",
        base_model=str(build(tmp_path / "base")),
        training=training,
        store=str(tmp_path / "store"),
    )
    base, store = resolve_base(here), Store(here.store)
    cycle = a_cycle(here, base={"id": base.id, "revision": None, "sha256": base.sha256})
    store.write_json(f"{cycle.folder}/cycle.json", cycle)
    chronicle = f"sqlite:///{tmp_path}/chronicle.db"
    Chronicle(chronicle).record_cycle(cycle.model_dump(mode="json"))
    rows = [
        example(
            "ast_parser",
            "architecture",
            f"Where is C{n}?",
            f"In shop.m{n}.",
            {"kind": "template", "ref": "tests"},
        )
        for n in range(40)
    ]

    def gated(run):
        run.outputs["kept.jsonl"] = store.write_jsonl(f"{cycle.folder}/gate/kept.jsonl", rows)

    run_stage(store, cycle.cycle_id, "gate", f"{cycle.folder}/gate", code="1", inputs={}, work=gated)
    dags = tmp_path / "dags"
    dags.mkdir()
    (dags / "mini.py").write_text(
        MINI.format(ids={"system": "shop", "cycle_id": cycle.cycle_id, "closed": False})
    )
    cluster = Cluster(
        tmp_path, secrets={"autodidact": {"AUTODIDACT_STORE": str(tmp_path / "store"), "HF_HUB_OFFLINE": "1"}}
    )
    try:
        environment = airflow_home | {
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "300",
            "AIRFLOW_CONN_KUBERNETES_DEFAULT": json.dumps(
                {"conn_type": "kubernetes", "extra": {"kube_config_path": str(cluster.config())}}
            ),
            "AUTODIDACT_STORE": str(tmp_path / "store"),  # the task looks whether the cycle is still open
            "AUTODIDACT_CHRONICLE__URL": chronicle,
            "AUTODIDACT_JUDGE__KEY": "word",  # the pod has none of the worker's secrets
            "AUTODIDACT_TRAINING__POD__SECRETS": '["autodidact"]',
            "AUTODIDACT_TRAINING__POD__NAMESPACE": "ml",
        }
        command = [str(Path(sys.executable).parent / "airflow"), "dags", "test", "mini"]
        done = subprocess.run(
            command,
            env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=900,
        )
        told = done.stdout + done.stderr
        assert done.returncode == 0, told[-3000:]
    finally:
        cluster.close()
    assert len(cluster.pods) == 1 and cluster.deleted == list(cluster.pods)
    assert "word" not in json.dumps(cluster.pods)
    manifest = load_manifest(store, f"{cycle.folder}/training/manifest.json")
    assert (manifest.status, manifest.counts["steps"]) == ("done", 3)
    assert "train: 38 rows, 2 held out, 3 updates" in told  # the pod's log is the task's
