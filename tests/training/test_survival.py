"""A run that is killed and started again ends in the adapter of a run that was left alone, byte for byte
(CPU, same threads).
"""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from autodidact.errors import AutodidactError, Interrupted
from autodidact.models import child_process
from autodidact.training import specification, train_files
from autodidact.training.launch import run_here
from tests.training.conftest import TINY_RUN

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def undisturbed(kept, tiny_base, tmp_path_factory):
    """The result of a run of 20 updates that nobody disturbed."""
    from autodidact.settings import Settings

    return train_files(
        kept,
        tmp_path_factory.mktemp("undisturbed"),
        Settings(base_model=str(tiny_base), training=TINY_RUN),
        seed=7,
    )


class Worker:
    """The training process, started as a parent would."""

    def __init__(self, spec: dict, tmp_path):
        self.process = subprocess.Popen(
            child_process.command("autodidact.training.worker", tmp_path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.process.stdin.write(json.dumps(spec) + "\n")
        self.process.stdin.flush()

    def until(self, kind: str, step: int = 0) -> dict:
        """The event of this kind and step; for the kind `error`, the error that ends it."""
        for line in self.process.stdout:
            message = json.loads(line)
            if kind in message:
                return message[kind]
            event = message.get("event", {})
            if event.get("event") == kind and event.get("step", 0) >= step:
                return event
        raise AssertionError(f"the worker ended before {kind} {step}")


@pytest.mark.parametrize("draw", range(3))
def test_killed_at_any_moment(kept, settings, undisturbed, tmp_path, draw):
    chance = random.Random(draw)
    step = chance.randint(6, 18)
    worker = Worker(specification(kept, tmp_path, settings(), seed=7), tmp_path)
    worker.until("step", step)
    time.sleep(chance.random() * 0.2)
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait()

    again = train_files(kept, tmp_path, settings(), seed=7)
    assert again["resumed_from"] in (
        step // 5 * 5,
        (step + 5) // 5 * 5,
    )  # the save may have come before the kill; at most 5 updates are redone
    assert again["outputs"]["adapter"].sha256 == undisturbed["outputs"]["adapter"].sha256
    assert again["loss_curve"] == undisturbed["loss_curve"]


def test_killed_while_it_saves(kept, settings, undisturbed, tmp_path):
    worker = Worker(specification(kept, tmp_path, settings(), seed=7), tmp_path)
    worker.until("checkpoint", 5)
    second = tmp_path / "checkpoints" / "checkpoint-10"
    while not second.exists():
        time.sleep(0.001)
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait()

    again = train_files(kept, tmp_path, settings(), seed=7)
    assert again["resumed_from"] in (5, 10)
    assert again["outputs"]["adapter"].sha256 == undisturbed["outputs"]["adapter"].sha256


def test_killed_between_the_last_update_and_the_adapter(kept, settings, undisturbed, tmp_path):
    worker = Worker(specification(kept, tmp_path, settings(), seed=7), tmp_path)
    worker.until("checkpoint", 20)
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait()

    again = train_files(kept, tmp_path, settings(), seed=7)
    assert again["resumed_from"] == 20
    assert again["outputs"]["adapter"].sha256 == undisturbed["outputs"]["adapter"].sha256
    assert again["loss_curve"] == undisturbed["loss_curve"]


def test_sigterm_saves_at_once_and_exits_75(kept, settings, undisturbed, tmp_path):
    worker = Worker(specification(kept, tmp_path, settings(), seed=7), tmp_path)
    worker.until("step", 7)
    worker.process.terminate()
    error = worker.until("error")
    assert (worker.process.wait(), error["kind"]) == (75, "Interrupted")
    assert error["message"].endswith("of 20; everything up to there is saved")

    again = train_files(kept, tmp_path, settings(), seed=7)
    assert again["resumed_from"] >= 7
    assert again["outputs"]["adapter"].sha256 == undisturbed["outputs"]["adapter"].sha256


def test_the_command_saves_on_sigterm_and_exits_75(kept, settings, tiny_base, tmp_path):
    """As a pod is stopped: the signal reaches the command alone, not the process that trains."""
    values = settings(epochs=4000).training.model_dump(exclude_defaults=True) | {"recipe": "seed"}
    options = [
        part for key, value in values.items() for part in ("--set", f"training.{key}={json.dumps(value)}")
    ]
    command = [
        sys.executable,
        "-m",
        "autodidact.cli",
        "train",
        str(kept),
        "--out",
        str(tmp_path / "out"),
        "--set",
        f"base_model={tiny_base}",
        *options,
    ]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"AUTODIDACT_STORE": str(tmp_path / "store")},
    )
    for line in process.stderr:
        if line.startswith("train: update") and "tokens/s" in line:
            break
    process.terminate()
    assert process.wait() == 75
    assert (
        process.stderr.read().splitlines()[-1]
        == "autodidact: Interrupted. Run the same command again: it resumes."
    )
    assert list((tmp_path / "out/checkpoints").glob("checkpoint-*/complete.json"))


def test_a_worker_that_the_kernel_killed_for_memory_is_started_again_with_smaller_micro_batches(
    kept, settings, undisturbed, tmp_path, monkeypatch
):
    from autodidact.training import launch

    deaths, said = (
        iter([0, 1, 1, 1]),
        [],
    )  # as the kernel's count before and after the first child, then the second
    monkeypatch.setattr(launch, "killed_for_memory", lambda: next(deaths))
    started = child_process.subprocess.Popen

    def dying(command, **options):
        child = started(command, **options)
        if not said:
            said.append("killed")
            os.kill(child.pid, signal.SIGKILL)
        return child

    monkeypatch.setattr(child_process.subprocess, "Popen", dying)
    result = train_files(kept, tmp_path, settings(), seed=7, say=said.append)
    assert said[1] == "train: killed for want of memory: continues with 2 rows a pass, 8 passes an update"
    assert (result["settings"]["batch_size"], result["identity"]) == (2, undisturbed["identity"])


def test_the_worker_ends_when_its_parent_dies(kept, settings, tmp_path):
    code = (
        "import sys, json\n"
        "from pathlib import Path\n"
        "from autodidact.training.launch import run_here\n"
        "run_here(json.loads(Path(sys.argv[1]).read_text()), lambda line: print(line, flush=True))\n"
    )
    path = tmp_path / "asked.json"
    path.write_text(json.dumps(specification(kept, tmp_path / "out", settings(epochs=4000), seed=7)))
    parent = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    for line in parent.stdout:
        if line.startswith("train: update"):
            break
    lock = tmp_path / "out/checkpoints/lock"
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert _free_within(lock, 20)
    assert list((tmp_path / "out/checkpoints").glob("checkpoint-*/complete.json"))


def _free_within(lock, seconds: float) -> bool:
    import fcntl

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except OSError:
                time.sleep(0.1)
    return False


def test_a_stopped_caller_stops_the_worker_and_waits_for_its_checkpoint(kept, settings, tmp_path):
    def say(line: str) -> None:
        if "update" in line and "loss" in line:
            raise Interrupted("stopped")

    with pytest.raises(Interrupted, match="stopped"):
        run_here(specification(kept, tmp_path, settings(epochs=4000), seed=7), say)
    assert list((tmp_path / "checkpoints").glob("checkpoint-*/complete.json"))


def test_a_checkpoint_of_other_rows_is_not_used(kept, settings, tmp_path):
    worker = Worker(specification(kept, tmp_path, settings(), seed=7), tmp_path)
    worker.until("checkpoint", 5)
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait()
    fewer = tmp_path / "fewer.jsonl"
    fewer.write_text(
        "".join(kept.read_text(encoding="utf-8").splitlines(keepends=True)[1:]), encoding="utf-8"
    )
    assert train_files(fewer, tmp_path, settings(max_steps=2), seed=7)["resumed_from"] == 0


def test_a_loss_that_is_not_a_number_ends_the_run_in_words(kept, settings, tmp_path):
    with pytest.raises(
        AutodidactError,
        match=(
            r"The loss became \S+ \(gradient norm \S+\) at update \d+ of 20; .* Lower training.learning_rate"
        ),
    ):
        train_files(kept, tmp_path, settings(learning_rate=1e30), seed=7)
    assert not (tmp_path / "adapter").exists()
