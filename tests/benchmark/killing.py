"""Measuring a served model in a process that is really killed, with a model and a judge on loopback that
answer the same whenever they are asked.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

from autodidact.benchmark import judge_calibration
from autodidact.models.find_base_model import resolve_base
from autodidact.records import Report
from autodidact.settings import load_settings
from tests import loopback

BATCH = 16
JUDGE = "judge-1"

MEASURE = """
import sys
from autodidact.benchmark.measure_model import measure
from autodidact.models.find_base_model import resolve_base
from autodidact.settings import load_settings
from autodidact.store import Store
store, engine, judged = sys.argv[1:]
chosen = {"base_model": "sprout", "benchmark.level": 1, "training.threads": 1}
if engine != "local":
    chosen["benchmark.engine_url"] = engine
if judged != "embedded":
    chosen |= {"judge.url": judged, "judge.model": "judge-1"}
chosen = load_settings(overrides=chosen, environ={})
say = lambda line: print(line, flush=True)
report = measure(Store(store), "shop", chosen, resolve_base(chosen), say=say)
Store(store).write_json("report.json", report)
"""


class Served(loopback.Server):
    """A model that answers with a word of the question, and a judge that knows the labelled answers; both
    decide by a hash of the request.
    """

    def __init__(self):
        base = resolve_base(load_settings(overrides={"base_model": "sprout"}, environ={}))
        labels = {each.answer: each.label for each in judge_calibration.labelled()}
        self.lock, self.answered, self.judged, self.down, self.then = threading.Lock(), 0, 0, False, None
        server = self

        class Handler(loopback.Handler):
            def do_GET(self):
                self.reply({"data": [{"id": base.id}]})

            def do_POST(self):
                body = self.body()
                text = body["messages"][-1]["content"]
                number = int(hashlib.sha256(text.encode()).hexdigest(), 16)
                if body["model"] == JUDGE:
                    if server.down:
                        return self.reply({}, 503)
                    answer = text.partition("<answer>\n")[2].partition("\n</answer>")[0]
                    verdict = labels.get(answer) or judge_calibration.LEVELS[number % 3]
                    self.reply(
                        {
                            "choices": [
                                {
                                    "message": {
                                        "content": json.dumps({"verdict": verdict, "reason": "by its hash"})
                                    }
                                }
                            ]
                        }
                    )
                    with server.lock:
                        server.judged += answer not in labels
                else:
                    names = re.findall(r"\w+", text)
                    said = " ".join(names[-12:]) if "sentence" in text else names[number % len(names)]
                    self.reply({"choices": [{"message": {"role": "assistant", "content": said}}]})
                    if body["max_tokens"] == 1:
                        return  # asked once before the items: does the server take tools?
                    with server.lock:
                        server.answered += 1
                        if server.then:
                            server.then(server.answered)

        super().__init__(Handler)

    def start(self, store: Path, *, engine: str | None = None, judged: str | None = None) -> subprocess.Popen:
        command = [sys.executable, "-c", MEASURE, str(store), engine or self.url, judged or self.url]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )

    def measure(self, store: Path, **how) -> tuple[Report, int, int]:
        """(report, answers asked for, verdicts asked for); the report is what the process left."""
        self.answered = self.judged = 0
        running = self.start(store, **how)
        _, errors = running.communicate(timeout=600)
        assert running.returncode == 0, errors[-2000:]
        return Report.model_validate_json((store / "report.json").read_text()), self.answered, self.judged

    def killed_after(self, store: Path, k: int) -> tuple[int, int]:
        """Starts a measurement and kills it with SIGKILL after its k-th answer: (answers, verdicts) asked for
        by then.
        """
        self.answered = self.judged = 0
        running = self.start(store)
        self.then = lambda done: os.kill(running.pid, signal.SIGKILL) if done == k else None
        running.communicate(timeout=600)
        self.then = None
        assert running.returncode == -signal.SIGKILL and not (store / "report.json").exists()
        return self.answered, self.judged


def killed_after_batch(served: Served, store: Path, batch: int, wait: float) -> None:
    """The same with sprout in the process itself, `wait` seconds after a batch was done."""
    running = served.start(store, engine="local", judged="embedded")
    for line in running.stdout:
        if f"batch {batch} of" in line:
            threading.Event().wait(wait)
            break
    os.kill(running.pid, signal.SIGKILL)
    running.communicate(timeout=600)


def scores(report: Report) -> list[tuple]:
    return [(item.id, item.score, item.missing, item.answer, item.counted) for item in report.items]
