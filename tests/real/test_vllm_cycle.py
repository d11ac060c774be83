"""A whole cycle by the command, measured through vLLM, while vLLM and the command itself are killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cycle.test_cycle import FILES, SMALL
from tests.real.vllm import BASE, FAULTS, PYTHON, START, URL

pytestmark = [
    pytest.mark.skipif(not PYTHON or bool(URL), reason="only asked for by `make test-vllm`: it kills vLLM"),
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]


class Command:
    """`autodidact cycle` on a repository. What it says is in `log`, and its report there too, at the end."""

    def __init__(self, folder: Path, url: str):
        self.store, self.log = folder / "store", folder / "log"
        given = SMALL | {"system": "shop", "base_model": BASE, "benchmark.level": 1}
        given |= {"chronicle.url": f"sqlite:///{folder}/chronicle.db", "benchmark.through": "server"}
        given |= {"deploy.kind": "vllm", "deploy.url": f"{url}/v1", "deploy.timeout": START}
        given |= {"deploy.latency": 300, "deploy.drain": 5}
        words = ["--repo", folder / "shop", "--store", self.store]
        words += [word for key, value in given.items() for word in ("--set", f"{key}={json.dumps(value)}")]
        self.words = [sys.executable, "-m", "autodidact.cli", "cycle", *map(str, words)]
        self.process: subprocess.Popen | None = None

    def start(self) -> "Command":
        self.log.write_text("")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        return self

    def until(self, stage: str, words: str) -> None:
        """Waits until it has said the words in the stage."""
        end = time.monotonic() + START
        while words not in self.said().partition(f"== {stage}\n")[2]:
            assert self.process.poll() is None and time.monotonic() < end, self.said()[-3000:]
            time.sleep(0.2)

    def said(self) -> str:
        return self.log.read_text()

    def ends(self) -> int:
        return self.process.wait(timeout=2 * START)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def read(self, pattern: str) -> list[dict]:
        return [json.loads(path.read_text()) for path in sorted((self.store / "shop").glob(pattern))]


@pytest.fixture
def command(sandbox, vllm):
    """Whatever of it still runs at the end is killed."""
    sandbox.commit("Add a shop", FILES)
    made = Command(sandbox.path.parent, vllm.url)
    yield made
    if made.process and made.process.poll() is None:
        made.kill()


def nothing_was_decided(command: Command) -> None:
    """No report of the candidate, no verdict; the base is champion as before."""
    assert command.read("cycles/*/benchmark/report.json") == command.read("cycles/*/verdict.json") == []
    (champion,) = command.read("champion.json")
    assert champion["adapter"] is None


def it_finished(command: Command, vllm) -> str:
    """Every item was answered once. The candidate of three updates is not promoted, and is off the server.
    Returns that for the table of faults.
    """
    (report,) = command.read("cycles/*/benchmark/report.json")
    (verdict,) = command.read("cycles/*/verdict.json")
    (champion,) = command.read("champion.json")
    asked = {item["id"] for item in report["items"]}
    assert len(asked) == len(report["items"]) >= 135
    assert not any(item["missing"] for item in report["items"])
    assert verdict["outcome"] != "promote" and champion["adapter"] is None
    assert vllm.loaded() == [] and list((command.store / "shop").glob("trial/*")) == []
    return f"{len(report['items'])} items, {verdict['outcome']}"


# What is said when answers are on their way.
ANSWERS = "block 0: batch 1 of"


def test_vllm_is_waited_for_in_each_stage_and_a_cycle_that_is_killed_goes_on(command, vllm):
    command.start()
    for stage in ("measure_champion", "benchmark"):
        command.until(stage, ANSWERS)
        vllm.kill()
        vllm.start()
        command.until(stage, "the server was started again")
    command.kill()
    nothing_was_decided(command)
    first = command.said()
    assert command.start().ends() == 0, command.said()[-3000:]
    assert "Traceback" not in first + command.said()
    what = "kill -9 of vLLM in measure_champion and in benchmark, started again; then of the cycle"
    FAULTS.append((what, "it waited twice, and the rerun finished", "the base", it_finished(command, vllm)))
