"""What a run's params may set, and what belongs to the deployment alone."""

import json
import subprocess
import sys
import textwrap
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest

from autodidact.errors import UsageError
from autodidact.settings import RUNTIME_KEYS, known_keys, load_settings
from autodidact_airflow import tasks
from autodidact_airflow.allowed_params import PARAMS, RUN_MAY_SET, overrides, require_bounds

NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
RUN = SimpleNamespace(run_type="manual", run_after=NOON)

# What starts processes, names servers, reads the worker's files, decides what counts as good enough, or costs
# money. A new setting belongs here, or into RUN_MAY_SET with a bound.
DEPLOYMENT = """
    profile system store approval chronicle.url sources.repository sources.repositories sources.branch sources.sessions
    sources.mcp sources.knowledge_graph sources.knowledge_graph_url sources.knowledge_graph_table
    sources.goals sources.interrupts sources.documents sources.affect sources.samples
    sources.wikipedia.api sources.wikipedia.titles sources.wikipedia.dump gate.deny training.where
    training.threads training.report_to training.pod.image training.pod.namespace training.pod.gpus training.pod.gpu
    training.pod.requests training.pod.limits training.pod.node_selector training.pod.tolerations
    training.pod.volumes training.pod.mounts training.pod.env training.pod.secrets
    training.pod.service_account training.pod.pull_secrets benchmark.suite benchmark.families
    benchmark.engine_url benchmark.through judge.url judge.model judge.floor teacher.url teacher.model teacher.budget
    verdict.rule verdict.confidence verdict.blocks deploy.kind deploy.url deploy.command deploy.webhook
    deploy.kubernetes deploy.timeout deploy.tolerance deploy.live deploy.latency deploy.error_budget
    deploy.bake deploy.drain deploy.keep knowledge.stale_after retention.examples_days
    retention.dropped_days retention.checkpoints_days retention.logs_days budget.cycles_a_day
    budget.gpu_hours_a_month
""".split()


def test_every_setting_is_on_one_side():
    assert set(DEPLOYMENT) & set(RUN_MAY_SET) == set()
    assert sorted([*DEPLOYMENT, *RUN_MAY_SET]) == sorted(known_keys())


def test_a_run_sets_nothing_that_only_open_cycle_would_see():
    assert not [
        key for key in RUN_MAY_SET if any(f"{key}.".startswith(f"{runtime}.") for runtime in RUNTIME_KEYS)
    ]
    assert set(PARAMS.values()) - set(RUN_MAY_SET) == {"sources.repository"}


@pytest.fixture
def deployment(tmp_path, monkeypatch):
    """A deployment in which nothing may be started or asked; the folder in which its store would be."""
    monkeypatch.setenv("AUTODIDACT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("AUTODIDACT_CHRONICLE__URL", f"sqlite:///{tmp_path}/chronicle.db")

    def forbidden(*arguments, **_):
        raise AssertionError(f"started or asked: {arguments}")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    monkeypatch.setattr("socket.socket.connect", forbidden)
    return tmp_path


@pytest.mark.parametrize(
    "key", [*DEPLOYMENT, "training", "training.pod", "sources", "deploy", "gate.capp", "", " gate.cap"]
)
def test_open_cycle_refuses_a_key_of_the_deployment_in_one_line_and_starts_nothing(deployment, capsys, key):
    params = {"settings": {key: "touch /tmp/owned"}}
    with pytest.raises(Exception, match=r"^A run may not set '") as caught:
        tasks.open_cycle(params, RUN)
    assert type(caught.value).__name__ == "AirflowFailException"
    assert (
        capsys.readouterr().out
        == f"[autodidact] ERROR: A run may not set {key!r}. That belongs to the deployment: autodidact.toml,"
        " AUTODIDACT_* variables or Connections (docs/airflow.md).\n"
    )
    assert list(deployment.iterdir()) == []


@pytest.mark.parametrize(
    "params",
    [
        {"generators": ["nobody\n[autodidact] promoted: nobody"]},
        {"settings": {"gate.quotas": {"nobody\n[autodidact] promoted: nobody": 0.5}}},
        {"generators": ["\ud800" + 9000 * "x"]},
    ],
)
def test_no_param_adds_a_line_to_the_log_or_fills_it(params, tmp_path, monkeypatch, capsys, sandbox):
    sandbox.commit("Begin", {"a.py": "x = 1\n"})
    monkeypatch.setenv("AUTODIDACT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("AUTODIDACT_CHRONICLE__URL", f"sqlite:///{tmp_path}/chronicle.db")
    monkeypatch.setenv("AUTODIDACT_SOURCES__REPOSITORY", str(sandbox.path))
    with pytest.raises(Exception, match="^Unknown generator"):
        tasks.open_cycle(params, RUN)
    line = capsys.readouterr().out
    assert (
        line.startswith("[autodidact] ERROR: Unknown generator")
        and line.count("\n") == 1
        and len(line) < 3100
    )


@pytest.mark.parametrize("params", [{"recipe": "touch x"}, {"settings": {"training.recipe": "touch x"}}])
def test_a_bad_value_is_said_to_be_the_run_s(params, deployment):
    with pytest.raises(
        Exception, match="^Bad value for 'training.recipe' in the params of this run: 'touch x'"
    ):
        tasks.open_cycle(params, RUN)


def test_every_refused_key_is_named_and_so_is_a_param_that_there_is_not():
    with pytest.raises(UsageError, match=r"A run may not set 'deploy.url', 'store', 'a\\n\\x1b\[31m'\. "):
        overrides({"deploy.url": "http://evil", "settings": {"gate.cap": 3, "store": "/x", "a\n\x1b[31m": 1}})
    with pytest.raises(UsageError, match="is no object"):
        overrides({"settings": ["gate.cap"]})
    with pytest.raises(UsageError) as caught:
        overrides({"settings": {f"{n}{'x' * 100}": 1 for n in range(1000)}})
    assert "and 960 more" in str(caught.value) and len(str(caught.value)) < 3000


def test_what_a_run_may_set_is_set():
    params = {"resume": True, "again": None, "epochs": 2, "repository": None, "settings": {"gate.cap": 300}}
    assert overrides(params, {}) == {"training.epochs": 2, "gate.cap": 300}


@pytest.mark.parametrize("key", [key for key, most in RUN_MAY_SET.items() if most is not None])
@pytest.mark.parametrize("text", [False, True])
def test_no_bound_can_be_passed(key, text):
    most = RUN_MAY_SET[key]
    huge = 10**400 if not text else "1" + 400 * "0"
    for value, fits in ((most, True), (most * 2, False), (1e300, False), (huge, False), ("nan", False)):
        given = {key: str(value) if text else value}
        try:
            settings = load_settings(overrides=given, environ={})
            require_bounds(settings, given)
        except UsageError as error:
            assert not fits and "\n" not in str(error)
        else:
            assert fits


@pytest.mark.parametrize("key", ["generators.only", "gate.quotas"])
def test_what_a_run_sets_is_not_frozen_by_the_megabyte(key):
    names = [f"x{n}" for n in range(51)] if key == "generators.only" else {f"x{n}": 0.5 for n in range(51)}
    with pytest.raises(UsageError, match=f"^A run may set {key} to 50 entries at most"):
        require_bounds(load_settings(overrides={key: names}, environ={}), {key: names})


def test_a_repository_is_one_that_the_deployment_lists(tmp_path):
    environ = {
        "AUTODIDACT_SOURCES__REPOSITORY": f"{tmp_path}/own",
        "AUTODIDACT_REPOSITORIES": f"{tmp_path}/b:{tmp_path}/c",
    }
    assert overrides({"repository": f"{tmp_path}/x/../own"}, environ) == {
        "sources.repository": f"{tmp_path}/own"
    }
    assert overrides({"repository": f"{tmp_path}/c/"}, environ) == {"sources.repository": f"{tmp_path}/c"}
    (tmp_path / "link").symlink_to(tmp_path / "own")  # another name of the folder would be another system
    for other in (f"{tmp_path}/d", f"{tmp_path}/link", "/", "", 3, ["x"], "~nosuch/x", "\0"):
        with pytest.raises(
            UsageError,
            match="none of this deployment's. A run may name sources.repository, or one of those listed",
        ):
            overrides({"repository": other}, environ)


def test_a_repository_s_address_is_refused_without_its_password():
    with pytest.raises(UsageError, match=r"names 'https://\*\*\*@git.example/shop', which is none of"):
        overrides({"repository": "https://ann:hunter22@git.example/shop"}, {})


def test_a_base_model_is_a_name_and_no_path_of_the_worker(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "org" / "model").mkdir(parents=True)
    (tmp_path / "sprout").mkdir()
    own = {"AUTODIDACT_BASE_MODEL": "/models/ours"}
    for name in ("sprout", "Qwen/Qwen3-8B", "Qwen/Qwen3-8B@refs/pr/1", "/models/ours"):
        assert overrides({"base_model": name}, own) == {"base_model": name}
    paths = (
        "/etc",
        "./model",
        "~/model",
        "~nosuch/model",
        "../model",
        "org/model",
        "a/b/c",
        "nowhere",
        "a\0/b",
    )
    for other in (*paths, "a" * 300, "a\nb", 3, {"a": {"b": [[]]}}, ["sprout"]):
        with pytest.raises(
            UsageError, match="A run may not set base_model to [^\n]{1,99}, which is no hub id"
        ):
            overrides({"settings": {"base_model": other}}, own)


def test_a_revision_of_a_base_model_leads_to_no_file_of_the_worker():
    for revision in ("../../x", "/dev/zero", "refs/../../x", "refs//x", ".", "x/.", "", "x/", "\u0430/x"):
        with pytest.raises(UsageError, match="which is no hub id"):
            overrides({"base_model": f"org/name@{revision}"}, {})


def test_the_page_names_every_key_that_a_run_may_set_with_its_bound():
    page = (Path(__file__).resolve().parents[2] / "docs" / "airflow.md").read_text(encoding="utf-8")
    for key, most in RUN_MAY_SET.items():
        assert f"`{key.rpartition('.')[2]}`" + (f" ({most:,})" if most is not None else "") in page, key


REST = """
import os, subprocess
from datetime import datetime
from types import SimpleNamespace
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.definitions.param import process_params
from autodidact_airflow import tasks

# May trigger runs, and change neither Connections nor variables.
who = {"Authorization": "Bearer " + token("user")}
runs = "/api/v2/dags/autodidact_cycle/dagRuns"
closed = [client.post(path, json=body, headers=who).status_code for path, body in (
    ("/api/v2/connections", {"connection_id": "autodidact_judge", "conn_type": "http", "host": "evil"}),
    ("/api/v2/variables", {"key": "a", "value": "b"}),
)]
dag = DagBag(dag_folder=FILE, collect_dags=True).dags["autodidact_cycle"]

def forbidden(*arguments, **_):
    raise AssertionError(f"started: {arguments}")

answers = {}
for key in KEYS:
    conf = {"settings": {key: "http://evil.example/$(touch /tmp/owned)"}}
    made = client.post(runs, json={"logical_date": None, "conf": conf}, headers=who)
    run = client.get(f"{runs}/{made.json()['dag_run_id']}", headers=who).json()
    params = process_params(dag, dag.get_task("open_cycle"), run["conf"], suppress_exception=False)
    popen, subprocess.Popen = subprocess.Popen, forbidden
    try:
        after = datetime.fromisoformat(run["run_after"].replace("Z", "+00:00"))
        tasks.open_cycle(params, SimpleNamespace(run_type="manual", run_after=after))
    except Exception as error:
        answers[key] = f"{type(error).__name__}: {error}"
    finally:
        subprocess.Popen = popen
there = os.path.exists(os.environ["AUTODIDACT_STORE"])
print(json.dumps({"closed": closed, "answers": answers, "store": there}))
"""


def ask(environment: dict, code: str) -> dict:
    """Runs `code` in a process with its own Airflow; `client` is a test client of the API server, `token()`
    logs an admin in.
    """
    setup = """
        import json
        from fastapi.testclient import TestClient
        from airflow.api_fastapi.app import create_app
        from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
        app = create_app()
        client = TestClient(app, follow_redirects=False).__enter__()
        def token(role="admin"):
            user = SimpleAuthManagerUser(username="ada", role=role)
            return app.state.auth_manager.generate_jwt(user)
    """
    code = textwrap.dedent(setup) + textwrap.dedent(code)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert lines, done.stderr[-3000:]
    return json.loads(lines[-1])


@pytest.mark.slow
def test_over_rest_who_may_only_trigger_starts_nothing_whatever_key_he_sends(airflow_home, tmp_path):
    names = (
        f"KEYS, FILE = {DEPLOYMENT!r},"
        f" {str(Path(__file__).resolve().parents[2] / 'dags' / 'autodidact_cycle.py')!r}\n"
    )
    found = ask(airflow_home | {"AUTODIDACT_STORE": str(tmp_path / "store")}, names + REST)
    assert found["closed"] == [403, 403]
    assert found["answers"] == {
        key: (
            f"AirflowFailException: A run may not set {key!r}. That belongs to the deployment:"
            " autodidact.toml, AUTODIDACT_* variables or Connections (docs/airflow.md)."
        )
        for key in DEPLOYMENT
    }
    assert found["store"] is False
