"""`autodidact forget --train` with a server that clients ask all the while: the withdrawn versions answer nobody
afterwards, and the version that was trained without the source serves.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forget.test_forget import holding

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]

# Models are tiny and real, and so are the server, the registry and all of `forget`; gate and verdict are those
# of tests/airflow_/cycle_runs.py, which promote every candidate.
CASE = """
import json, os, socket, subprocess, sys, threading, time
sys.path.insert(0, ROOT)
from datetime import timedelta
from pathlib import Path
import httpx
from tests import tiny
from tests.airflow_ import cycle_runs
from tests.sandbox import NOON, Sandbox
from autodidact import training
from autodidact.cli import main
from autodidact.cycle import run as stages
from autodidact.cycle.open import open_cycle
from autodidact.digests import folder_digest
from autodidact.models import child_process
from autodidact.records import Output
from autodidact.runtime import Runtime
from autodidact.settings import load_settings

folder = Path(FOLDER)
box = Sandbox(folder / "shop")
code = 'class {}:\\n    def add(self, item: str) -> None:\\n        "Put an item into it."\\n'
box.commit("Begin", {"shop/basket.py": code.format("Basket"), "shop/odd.py": code.format("QuaggaLedger")})
base = tiny.build(folder / "base", context=512)
real_child = child_process.Child
cycle_runs.fake_stages(lambda: world)
child_process.Child = real_child
world = cycle_runs.World(folder, box.path, 1)
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
url = f"http://127.0.0.1:{port}"
os.environ |= {
    "AUTODIDACT_BASE_MODEL": str(base),
    "AUTODIDACT_TRAINING__QUANTIZATION": "none",
    "AUTODIDACT_GENERATORS__ONLY": '["ast_parser"]',
    "AUTODIDACT_KNOWLEDGE__QUESTIONS": "0",
    "AUTODIDACT_DEPLOY__KIND": "local",
    "AUTODIDACT_DEPLOY__URL": f"{url}/v1",
    "AUTODIDACT_DEPLOY__TIMEOUT": "300",
    "AUTODIDACT_DEPLOY__LATENCY": "120",
    "AUTODIDACT_DEPLOY__LIVE": "2",
    "AUTODIDACT_DEPLOY__TOLERANCE": "0.01",
}
trained = []

def train(store, where, rows, settings, *, seed, say):
    trained.append(Path(rows).read_text())
    tiny.adapter(base, store.root / where / "adapter", seed=len(trained))
    output = Output(sha256=folder_digest(store.root / where / "adapter"), bytes=1)
    return {"outputs": {"adapter": output}, "rows": 1, "steps": 1, "tokens": 1,
            "settings": {"quantization": "none"}}

training.train = train
runtime = Runtime(load_settings(), say=lambda line: None)

def a_cycle(hours):
    opened = open_cycle(runtime, until=NOON + timedelta(hours=hours))
    if hours == 2:
        start()
    stages.run(runtime, opened)
    return world.champion()

def start():
    global server
    server = subprocess.Popen([sys.executable, "-m", "autodidact.cli", "serve", "--port", str(port)],
                              env=os.environ | {"OMP_NUM_THREADS": "1"}, stderr=subprocess.DEVNULL)
    while True:
        try:
            if httpx.get(f"{url}/health", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            assert server.poll() is None
        time.sleep(0.2)

def ask(model):
    body = {"model": model, "messages": [{"role": "user", "content": "the queue"}], "max_tokens": 2}
    return httpx.post(f"{url}/v1/chat/completions", json=body, timeout=300)

answers, failures, over = [], [], threading.Event()

def client():
    while not over.is_set():
        try:
            reply = ask("autodidact")
        except httpx.HTTPError as error:
            failures.append(str(error))
            continue
        if reply.status_code == 200:
            answers.append(reply.json()["model"])
        else:
            failures.append(reply.text)

try:
    versions = [a_cycle(2), a_cycle(14)]
    clients = threading.Thread(target=client, daemon=True)
    clients.start()
    while not answers:
        time.sleep(0.1)
    try:
        sys.argv = ["autodidact", "forget", "shop/odd.py", "--train", "--repo", str(box.path), "--json"]
        main()
    except SystemExit as end:
        status = end.code
    over.set()
    clients.join()
    print("FOUND " + json.dumps({
        "status": status, "versions": versions, "champion": world.champion(),
        "answers": list(dict.fromkeys(answers)), "failures": failures,
        "after": ask("autodidact").json()["model"],
        "asked by name": [ask(version).status_code for version in versions],
        "listed": [row["id"] for row in httpx.get(f"{url}/v1/models", timeout=60).json()["data"]],
        "adapters": [path.parent.parent.name for path in runtime.store.root.glob("shop/cycles/*/training/adapter")],
        "rows": ["QuaggaLedger" in rows for rows in trained],
    }), flush=True)
finally:
    server.kill()
    server.wait()
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    code = f"ROOT, FOLDER = {str(ROOT)!r}, {str(folder)!r}\n" + CASE
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=1500,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("FOUND ")]
    assert lines and done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return json.loads(lines[0].removeprefix("FOUND ")) | {"folder": folder / "world-1"}


def test_the_replacement_was_trained_without_the_source_and_serves(found):
    first, second = found["versions"]
    assert found["status"] in (0, None)
    assert found["champion"] not in (first, second) and not found["champion"].startswith("base-")
    assert found["after"] == found["champion"]
    assert found["rows"] == [True, True, False]


def test_clients_are_answered_throughout_by_the_old_champion_the_base_and_the_replacement(found):
    assert found["failures"] == []
    old, *between = found["answers"]
    assert old == found["versions"][1]
    assert all(name.startswith("base-") or name == found["champion"] for name in between)


def test_nothing_of_a_withdrawn_version_is_served_or_left(found):
    assert all(status == 404 for status in found["asked by name"])
    assert not set(found["versions"]) & set(found["listed"])
    assert len(found["adapters"]) == 1
    assert holding(found["folder"], "quaggaledger") == []
