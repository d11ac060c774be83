"""A training is logged once, wherever that is wanted, and whatever becomes of a tracker costs a line.

The tests of the real libraries run where these are installed; the others put a library of a few lines into the
worker's path.
"""

import json
import struct
from pathlib import Path

import pytest

from autodidact.cycle.log_training_of_cycle import report_training
from autodidact.records import Output
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.stage import run_stage
from autodidact.trackers import log_to_trackers
from tests.cycles import a_cycle
from tests.training.test_card import TRAINING

VERSION = "2026-11-23T1200Z-dddddddddddd"


@pytest.fixture
def trained(tmp_path):
    """(cycle, runtime, lines) of a cycle that was trained, for these trackers."""

    def make(*names: str) -> tuple:
        lines: list[str] = []
        settings = Settings(store=str(tmp_path / "store"), training={"report_to": names})
        runtime = Runtime(settings, say=lines.append)
        cycle = a_cycle(settings)

        def train(run):
            run.outputs["adapter"] = Output(sha256="d" * 64, bytes=7)
            run.extra = {"training": TRAINING}

        folder = f"{cycle.folder}/training"
        run_stage(runtime.store, cycle.cycle_id, "train", folder, code="1", inputs={}, work=train)
        return cycle, runtime, lines

    return make


@pytest.fixture
def library(tmp_path, monkeypatch):
    """Puts a library of this text into the worker's path."""

    def make(name: str, text: str) -> None:
        (tmp_path / "libraries").mkdir(exist_ok=True)
        (tmp_path / "libraries" / f"{name}.py").write_text(text)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "libraries"))

    return make


def reported(cycle, runtime) -> dict:
    key = f"{cycle.folder}/training/reported.json"
    return runtime.store.read_json(key)["to"] if runtime.store.exists(key) else {}


def test_what_is_logged_is_what_the_manifest_has(trained):
    cycle, runtime, _ = trained()
    run = log_to_trackers.a_run(cycle.manifest(runtime.store, "train"), "shop", VERSION)
    assert run["steps"] == [
        [0, {"held_out_loss": 3.1, "held_out_loss/ast_parser": 3.1}],
        [1, {"tokens": 200, "loss": 3.0}],
        [2, {"tokens": 400}],
        [3, {"tokens": 600, "loss": 2.0, "held_out_loss": 2.2, "held_out_loss/ast_parser": 2.2}],
    ]
    assert run["summary"] == {
        "tokens_per_second": 9100.0,
        "train_seconds": 120.0,
        "peak_memory/rss": 2**30,
        "peak_memory/gpu": 2**34,
    }
    assert run["params"] == {
        "rank": 32,
        "quantization": "nf4",
        "learning_rate": 0.0002,
        "recipe": "seed",
        "seed": 7,
        "rows": 39,
        "device": "NVIDIA H100 80GB HBM3",
        "base": "Qwen/Qwen3-8B",
    }


def test_without_the_setting_nothing_is_logged(trained, monkeypatch):
    monkeypatch.setattr(log_to_trackers, "_ask", lambda *_: pytest.fail("asked"))
    cycle, runtime, lines = trained()
    report_training(cycle, runtime)
    log_to_trackers.follow_champion(runtime.settings, "shop", VERSION)
    assert (lines, reported(cycle, runtime)) == ([], {})


def test_the_setting_is_this_processs_own_and_no_part_of_what_a_cycle_freezes():
    with_it, without = Settings(training={"report_to": ["mlflow"]}), Settings()
    assert with_it.frozen() == without.frozen()
    assert a_cycle(without).effective(with_it).training.report_to == ["mlflow"]


def test_a_library_that_is_not_there_costs_a_line_that_says_what_to_install(trained, library):
    library("mlflow", "raise ImportError(\"No module named 'mlflow'\")")
    cycle, runtime, lines = trained("mlflow")
    report_training(cycle, runtime)
    assert lines == [
        "WARNING: not logged in mlflow: training.report_to names mlflow, whose library cannot be imported:"
        " No module named 'mlflow'. Install it: pip install mlflow-skinny."
    ]
    assert reported(cycle, runtime) == {}


def test_one_that_hangs_is_ended(trained, library, monkeypatch):
    library("wandb", "import time\ntime.sleep(60)")
    monkeypatch.setattr(log_to_trackers, "LOGGING", 1)
    cycle, runtime, lines = trained("wandb")
    report_training(cycle, runtime)
    assert lines == ["WARNING: not logged in wandb: wandb took more than 1 s. Is its server there?"]


WANDB = """
import json, os
class Settings:
    model_fields = {"console": None, "disable_code": None}
    def __init__(self, **given): self.mode, self.given = "online", given
class Run:
    url, step, summary, dir = "https://wandb.example/run", int(os.environ["STEP"]), {}, "x/files"
    settings = Settings()
    def log(self, values, step): print_("log", step, values)
    def finish(self): print_("summary", self.summary)
def print_(*what):
    with open(os.environ["SEEN"], "a") as file: file.write(json.dumps(what) + chr(10))
def init(**given):
    print_("init", given["project"], given["name"], given["resume"], given["settings"].given)
    return Run()
"""


@pytest.fixture
def seen(tmp_path, monkeypatch, library):
    """What W&B's library was called with."""
    library("wandb", WANDB)
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    monkeypatch.setenv("STEP", "0")
    monkeypatch.setenv("WANDB_DIR", str(tmp_path / "wandb"))
    return lambda: [json.loads(line) for line in (tmp_path / "seen").read_text().splitlines()]


def test_it_is_logged_once_and_again_for_another_adapter(trained, seen):
    cycle, runtime, lines = trained("wandb")
    report_training(cycle, runtime)
    report_training(cycle, runtime)
    assert lines == ["train: logged in W&B, https://wandb.example/run"]
    assert seen()[0] == [
        "init",
        "autodidact-shop",
        VERSION,
        "allow",
        {"console": "off", "disable_code": True},
    ]
    assert [each[1] for each in seen() if each[0] == "log"] == [0, 1, 2, 3]
    runtime.store.write_json(
        f"{cycle.folder}/training/reported.json", {"adapter": "other", "to": {"wandb": "x"}}
    )
    report_training(cycle, runtime)
    assert len([each for each in seen() if each[0] == "init"]) == 2


def test_what_a_killed_report_had_sent_is_not_sent_again(trained, seen, monkeypatch):
    monkeypatch.setenv("STEP", "2")
    report_training(*trained("wandb")[:2])
    assert [each[1] for each in seen() if each[0] == "log"] == [2, 3]


def test_one_tracker_that_fails_keeps_no_other_from_its_report(trained, seen, library):
    library("mlflow", "raise ImportError('no')")
    cycle, runtime, lines = trained("mlflow", "wandb")
    report_training(cycle, runtime)
    assert len(lines) == 2 and list(reported(cycle, runtime)) == ["wandb"]


def records(path: Path) -> list[bytes]:
    """The records of a file of TensorBoard's events: length, its checksum, the bytes, their checksum."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        found.append(data[at + 12 : at + 12 + length])
        at += 12 + length + 4
    return found


def test_tensorboard_reads_its_file(trained):
    pytest.importorskip("tensorboard")
    from tensorboard.compat.proto.event_pb2 import Event

    cycle, runtime, lines = trained("tensorboard")
    report_training(cycle, runtime)
    assert lines == [f"train: logged in {runtime.store.shown}/shop/tensorboard"]
    (key,) = runtime.store.list("shop/tensorboard")
    events = [Event.FromString(record) for record in records(Path(runtime.store.local(key)))]
    assert events[0].file_version == "brain.Event:2"
    losses = [
        (event.step, value.simple_value)
        for event in events
        for value in event.summary.value
        if value.tag == "loss"
    ]
    assert losses == [(1, 3.0), (3, 2.0)]


def test_mlflow_has_the_run_the_version_and_the_aliases(trained, tmp_path, monkeypatch):
    pytest.importorskip("mlflow")
    from mlflow.tracking import MlflowClient

    address = f"sqlite:///{tmp_path}/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    cycle, runtime, _ = trained("mlflow")
    report_training(cycle, runtime)
    client = MlflowClient(address)
    number = client.get_experiment_by_name("autodidact-shop").experiment_id
    (run,) = client.search_runs([number])
    assert (run.info.run_name, run.info.status) == (VERSION, "FINISHED")
    assert [(each.step, each.value) for each in client.get_metric_history(run.info.run_id, "loss")] == [
        (1, 3.0),
        (3, 2.0),
    ]

    def aliases() -> dict:
        return dict(client.get_registered_model("autodidact-shop").aliases)

    assert list(aliases()) == ["candidate"]
    log_to_trackers.follow_champion(runtime.settings, "shop", VERSION)
    assert list(aliases()) == ["champion"]
    log_to_trackers.follow_champion(runtime.settings, "shop", "base-1")
    assert aliases() == {}
    # A report that was killed before it could say that it is done.
    runtime.store.delete(f"{cycle.folder}/training/reported.json")
    report_training(cycle, runtime)
    assert len(client.search_runs([number])) == 1
    assert len(client.search_model_versions("name = 'autodidact-shop'")) == 1


def test_an_mlflow_that_is_away_costs_a_line(trained, monkeypatch):
    pytest.importorskip("mlflow")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    cycle, runtime, lines = trained("mlflow")
    report_training(cycle, runtime)
    assert len(lines) == 1 and lines[0].startswith("WARNING: not logged in mlflow: ")
    assert reported(cycle, runtime) == {}


def test_wandb_offline_leaves_one_folder(trained, tmp_path, monkeypatch):
    pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_DIR", str(tmp_path / "w"))
    cycle, runtime, lines = trained("wandb")
    report_training(cycle, runtime)
    runtime.store.delete(f"{cycle.folder}/training/reported.json")
    report_training(cycle, runtime)
    assert len(lines) == 2 and len(list((tmp_path / "w" / "wandb").glob("offline-run-*"))) == 1
