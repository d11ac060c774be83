"""Runs of the real DAG on a small repository, in a process with an Airflow of its own, and what people do to
them afterwards.

Real are the DAG, the tasks, the generators, seals, verdict files, Chronicle, registry and deployment. Gate,
training and measuring take no model here: `World` says what they make, and which stage fails.
"""

import contextlib
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

GENERATORS = ("goal_examples", "conciseness_drills", "ast_parser")
ROOT = Path(__file__).resolve().parents[2]
DAG_FILE = ROOT / "dags" / "autodidact_cycle.py"


def cases_of(code: str, folder: Path, environment: dict[str, str]) -> dict[str, dict]:
    """The cases that `code` prints, each as `{"case": NAME, ...}` on a line, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", f"ROOT, FOLDER = {str(ROOT)!r}, {str(folder)!r}\n{code}"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=3000,
    )
    lines = (line for line in done.stdout.splitlines() if line.startswith('{"case"'))
    rows = [json.JSONDecoder().raw_decode(line)[0] for line in lines]
    assert rows and done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return {row["case"]: row for row in rows}


class World:
    """What the stages do. `fails`: names of tasks that fail; `weights`: what a training writes; `better`:
    whether verdicts promote.
    """

    def __init__(self, folder: Path, repository: Path, number: int):
        self.fails: set[str] = set()
        self.weights, self.better, self.secret, self.lines = "first", True, False, []
        self.folder = folder / f"world-{number}"
        self.folder.mkdir()
        self.measured: list[str] = []
        self.served = self.folder / "served"
        script = self.folder / "deploy.sh"
        script.write_text(
            f'test -e {self.folder}/broken && [ -n "$AUTODIDACT_ADAPTER" ] && exit 1\n'
            f'printf %s "$AUTODIDACT_VERSION" > {self.served}\n'
        )
        os.environ |= {
            "AUTODIDACT_STORE": str(self.folder / "store"),
            "AUTODIDACT_CHRONICLE__URL": f"sqlite:///{self.folder}/chronicle.db",
            "AUTODIDACT_SYSTEM": "shop",
            "AUTODIDACT_SOURCES__REPOSITORY": str(repository),
            "AUTODIDACT_GENERATORS__LIMIT": "12",
            "AUTODIDACT_GENERATORS__ONLY": '["goal_examples", "conciseness_drills", "ast_parser"]',
            "AUTODIDACT_BENCHMARK__DEV_ITEMS": "0",
            "AUTODIDACT_TRAINING__ANCHORS": "0",
            "AUTODIDACT_TRAINING__MIN_NEWS": "0",
            "AUTODIDACT_SOURCES__SAMPLES": "true",
            "AUTODIDACT_DEPLOY__KIND": "command",
            "AUTODIDACT_DEPLOY__COMMAND": f"sh {script}",
        }

    def break_deployment(self, broken: bool) -> None:
        (self.folder / "broken").touch() if broken else (self.folder / "broken").unlink(missing_ok=True)

    @contextlib.contextmanager
    def chronicle(self):
        from autodidact.chronicle import Chronicle

        with Chronicle(os.environ["AUTODIDACT_CHRONICLE__URL"]) as chronicle:
            yield chronicle

    def champion(self) -> str:
        with self.chronicle() as chronicle:
            return chronicle.champion("shop")["version"]


def fake_stages(world_of) -> None:
    """Puts `world_of()` in the place of models."""
    from autodidact import gate as the_gate
    from autodidact import training as trainer
    from autodidact.benchmark import items, measure_model  # noqa: F401 - the runner, before its child is replaced
    from autodidact.benchmark import stage as measure_cycle_models
    from autodidact.cycle import close, decide, report_text, run
    from autodidact.digests import folder_digest
    from autodidact.errors import AutodidactError
    from autodidact.gate import report
    from autodidact.ledger import kept_answers
    from autodidact.models import child_process
    from autodidact.records import CATEGORIES, CategoryScore, Output, Report, Verdict
    from autodidact.stage import Stage
    from autodidact.training import loss_picture
    from autodidact_airflow import errors_as_task_outcomes
    from autodidact_airflow import runtime_from_connections as airflow_runtime

    done = Stage.run

    def run_stage(self, cycle, runtime, **options):
        if self.name in world_of().fails:
            raise AutodidactError(f"{self.name} failed on purpose")
        return done(self, cycle, runtime, **options)

    def run_gate(rows, *, kept, screened=(), **_):
        lines = [line for shard in screened for line in shard.part.lines()] + [line for _, _, line in rows]
        for line in lines:
            kept(line)
        return {"raw": len(lines), "kept": len(lines), "by_rule": {}, "by_generator": {}}

    def train(store, folder, rows, settings, *, seed, say):
        store.write_text(f"{folder}/adapter/adapter_model.safetensors", world_of().weights)
        if world_of().secret:
            store.write_text(f"{folder}/notes.txt", "token: gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a")
        output = Output(sha256=folder_digest(Path(store.local(f"{folder}/adapter"))), bytes=1)
        return {
            "outputs": {"adapter": output},
            "rows": 1,
            "steps": 1,
            "tokens": 1,
            "settings": {"quantization": "nf4"},
        }

    def measure(self, model, blocks, questions=()):
        path = model.adapter.path if model.adapter else ""
        world_of().measured.append("candidate" if self._cycle.cycle_id in path else "champion")
        score = {name: CategoryScore(score=0.5, n=15, missing=0) for name in CATEGORIES}
        return Report(
            fingerprint="f",
            suite={"name": "autodidact", "version": "1"},
            judge="embedded",
            model={"adapter": path or None, "sha256": path},
            blocks=[0],
            week=self._cycle.benchmark["week"],
            overall=0.5,
            categories=score,
        )

    def answer(self, prompts, **_):
        return {prompt.id: "I do not know." for prompt in prompts}

    def verdict(*_, **__):
        better = world_of().better
        return Verdict(outcome="promote" if better else "reject", reasons=["better" if better else "worse"])

    def finish(store, folder, report, **_):
        return {"report.json": store.write_json(f"{folder}/report.json", report)}

    Stage.run, measure_cycle_models.Measuring.report = run_stage, measure
    the_gate.run_gate, report.finish, trainer.train = run_gate, finish, train
    items.block = lambda *_, **__: []
    child_process.Child = lambda *_: contextlib.nullcontext()
    kept_answers.Answers.ask = answer
    decide.verdict = run.verdict = verdict
    decide.feedback, decide.lever = lambda *_, **__: {"format": 1, "regressions": {}}, lambda *_: None
    loss_picture.picture, report_text.as_text = (lambda *_: ""), str
    close.summarize = run.summarize = lambda *_: {
        "kind": "historical",
        "verdict": {"outcome": "promote", "reasons": ["promoted: better on the knowledge probe"]},
        "champion": "shop-2",
    }
    close.as_card = run.as_card = lambda *_: ""
    measure_cycle_models._measure_identity = lambda *_: None
    airflow_runtime.say = errors_as_task_outcomes.say = lambda line: world_of().lines.append(line)


def upgrade() -> None:
    """As if another release were installed, whose stages have other results."""
    from autodidact.benchmark import stage as benchmark
    from autodidact.gate.stage import GATE
    from autodidact.generators import stage as generate
    from autodidact.training.stage import TRAIN

    for module in (benchmark, generate):
        module.VERSION += "1"
    benchmark.CHAMPION_VERSION += "1"
    for stage in (GATE, TRAIN):
        stage.version += "1"


class Run:
    """A run of the DAG that people click in."""

    def __init__(self, dag, hours_ago: float, conf: dict | None = None):
        from airflow.serialization.serialized_objects import DagSerialization

        self.dag, self.scheduler_dag = (
            dag,
            DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag)),
        )
        at = datetime.now(timezone.utc).replace(second=0, microsecond=0) - timedelta(hours=hours_ago)
        self.run_id = dag.test(logical_date=at, run_conf=conf).run_id

    def clear(self, task_id: str, downstream: bool = True) -> None:
        """As the UI does it, by default with what comes after."""
        task = self.scheduler_dag.get_task(task_id)
        ids = {task_id} | (set(task.get_flat_relative_ids(upstream=False)) if downstream else set())
        self.scheduler_dag.clear(task_ids=sorted(ids), run_id=self.run_id)
        self._go_on()

    def mark(self, task_id: str, state: str) -> None:
        """As the UI does it: what failed after it is cleared."""
        from airflow.utils.state import TaskInstanceState

        self.scheduler_dag.set_task_instance_state(
            task_id=task_id, run_id=self.run_id, state=TaskInstanceState(state)
        )
        self._go_on()

    def _go_on(self) -> None:
        """The scheduler's part, as `dag.test()` plays it."""
        from airflow import settings
        from airflow.models.dagrun import DagRun
        from airflow.sdk.definitions.dag import _run_task
        from airflow.utils.state import DagRunState, TaskInstanceState
        from sqlalchemy import select

        session = settings.Session()
        run = session.scalar(
            select(DagRun).where(DagRun.run_id == self.run_id, DagRun.dag_id == self.dag.dag_id)
        )
        run.dag, run.state = self.scheduler_dag, DagRunState.RUNNING
        session.commit()
        while run.state == DagRunState.RUNNING:
            session.expire_all()
            schedulable, _ = run.update_state(session=session)
            for each in schedulable:
                each.try_number += 1
                each.state = TaskInstanceState.SCHEDULED
            session.commit()
            for each in run.get_task_instances(session=session):
                if each.state == TaskInstanceState.SCHEDULED:
                    _run_task(ti=each, task=self.dag.task_dict[each.task_id], run_triggerer=True)
        session.close()

    def states(self) -> dict[str, str]:
        """Each task's state, the generators' in short, and the run's."""
        from airflow import settings
        from airflow.models.dagrun import DagRun
        from sqlalchemy import select

        session = settings.Session()
        run = session.scalar(
            select(DagRun).where(DagRun.run_id == self.run_id, DagRun.dag_id == self.dag.dag_id)
        )
        found = {each.task_id: str(each.state) for each in run.get_task_instances(session=session)}
        generators = {found.pop(name) for name in list(found) if name.startswith("generate.")}
        session.close()
        return found | {"generators": " ".join(sorted(generators)), "run": str(run.state)}

    def note(self) -> str | None:
        """What stands at the run in Airflow's web UI."""
        from airflow import settings
        from airflow.models.dagrun import DagRun
        from sqlalchemy import select

        with settings.Session() as session:
            return session.scalar(select(DagRun).where(DagRun.run_id == self.run_id)).note


def load_dag():
    from airflow.dag_processing.dagbag import DagBag

    dag = DagBag(dag_folder=str(DAG_FILE), collect_dags=True).dags["autodidact_cycle"]
    for task in dag.tasks:
        task.retries = 0  # nothing here gets better by waiting
    return dag
