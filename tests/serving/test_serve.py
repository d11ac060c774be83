"""`autodidact serve`, a real process with a real model, and clients that ask without pause while the champion
changes.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from autodidact.chronicle import Chronicle
from autodidact.digests import folder_digest
from autodidact.models import logprob_identity
from autodidact.models.find_base_model import resolve_base
from autodidact.promotion import change_champion
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.recovery import repair
from autodidact.promotion.rollback import roll_back
from autodidact.settings import Deploy, Settings
from autodidact.store import Store
from tests import tiny

pytestmark = pytest.mark.slow
WHY = {"by": "ann", "reason": "because"}


class World:
    """A base model and three adapters, registered and with their identities; a server on a free port."""

    def __init__(self, folder: Path):
        self.store, self.chronicle = Store(folder / "store"), Chronicle(f"sqlite:///{folder}/chronicle.db")
        base = tiny.build(folder / "base", context=512)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = Settings(
            system="shop",
            base_model=str(base),
            training={"quantization": "none"},
            deploy=Deploy(
                kind="local", url=f"{self.url}/v1", timeout=300, latency=120, live=2, tolerance=0.01
            ),
        )
        resolved = resolve_base(self.settings)
        change_champion.register_base(self.chronicle, self.store, self.settings, "shop", resolved)
        self.base = self.chronicle.champion("shop")["version"]
        self.versions = [self.base]
        facts = {"id": resolved.id, "revision": None, "sha256": resolved.sha256}
        for name in ("c1", "c2", "c3"):
            key = f"shop/cycles/{name}/training/adapter"
            tiny.adapter(base, self.store.root / key, seed=int(name[1]))
            digest = folder_digest(self.store.root / key)
            self.versions.append(f"{name}-{digest[:12]}")
            self.chronicle.register_version(
                "shop", self.versions[-1], name, facts, {"path": key, "sha256": digest}, "none"
            )
            self.chronicle.set_state("shop", self.versions[-1], "benchmarked", "t", "measured")
        for version in self.versions:
            record = champion_record(self.chronicle.version("shop", version))
            adapter = self.store.root / record.adapter.path if record.adapter else None
            measured = logprob_identity.of_model(resolved, adapter, "none")
            logprob_identity.write(self.store, logprob_identity.key_of("shop", record), measured)
        self.process = None

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "autodidact.cli",
            "serve",
            "--port",
            str(self.port),
            "--store",
            str(self.store.root),
        ]
        command += ["--set", "system=shop", "--set", f"base_model={self.settings.base_model}"]
        self.process = subprocess.Popen(
            command, env=os.environ | {"OMP_NUM_THREADS": "1"}, stderr=subprocess.DEVNULL
        )
        while True:
            try:
                if httpx.get(f"{self.url}/health", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                assert self.process.poll() is None
            time.sleep(0.2)

    def promote(self, version: str, expected: str) -> None:
        change_champion.promote(
            self.chronicle, self.store, self.settings, "shop", version, expected=expected, **WHY
        )

    def agrees_on(self, version: str) -> None:
        assert (
            self.chronicle.champion("shop")["version"]
            == version
            == self.store.read_json("shop/champion.json")["version"]
        )
        body = {
            "model": "autodidact",
            "messages": [{"role": "user", "content": "the queue"}],
            "max_tokens": 2,
        }
        assert (
            httpx.post(f"{self.url}/v1/chat/completions", json=body, timeout=300).json()["model"] == version
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("world"))
    world.start()
    yield world
    world.process.kill()
    world.process.wait()


class Client(threading.Thread):
    """Asks without pause, every other time for a stream; keeps who answered, with what text, and what failed."""

    def __init__(self, url: str):
        super().__init__(daemon=True)
        self.url, self.answered, self.failed, self.over = url, [], [], threading.Event()
        self.texts: list[tuple[str, str]] = []

    def run(self):
        body = {
            "model": "autodidact",
            "messages": [{"role": "user", "content": "the router handles"}],
            "max_tokens": 6,
            "temperature": 0,
        }
        with httpx.Client(timeout=300) as http:
            number = 0
            while not self.over.is_set():
                number += 1
                try:
                    if number % 2:
                        answer = (
                            http.post(f"{self.url}/v1/chat/completions", json=body).raise_for_status().json()
                        )
                        self.answered.append(answer["model"])
                        self.texts.append((answer["model"], answer["choices"][0]["message"]["content"]))
                        continue
                    with http.stream(
                        "POST", f"{self.url}/v1/chat/completions", json=body | {"stream": True}
                    ) as response:
                        lines = [line for line in response.raise_for_status().iter_lines() if line]
                    assert lines[-1] == "data: [DONE]", lines[-1]
                    pieces = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
                    (named,) = {piece["model"] for piece in pieces}
                    deltas = [piece["choices"][0]["delta"] for piece in pieces if piece["choices"]]
                    self.answered.append(named)
                    self.texts.append((named, "".join(delta.get("content") or "" for delta in deltas)))
                except Exception as error:
                    self.failed.append(f"{type(error).__name__}: {error}")


def asked_some_more(clients: list[Client]) -> None:
    """Waits until each client has asked three times more."""
    goals = [len(client.answered) + len(client.failed) + 3 for client in clients]
    while any(
        len(client.answered) + len(client.failed) < goal for client, goal in zip(clients, goals, strict=True)
    ):
        time.sleep(0.05)


def test_no_request_fails_through_promotion_failed_promotion_and_rollback(world):
    base, c1, c2, c3 = world.versions
    clients = [Client(world.url) for _ in range(2)]
    for client in clients:
        client.start()

    asked_some_more(clients)
    for version, expected in ((c1, base), (c2, c1)):
        world.promote(version, expected)
        asked_some_more(clients)
    record = champion_record(
        world.chronicle.version("shop", c3)
    )  # the server will answer otherwise than was stored
    key = logprob_identity.key_of("shop", record)
    world.store.write_json(
        key,
        world.store.read_json(
            logprob_identity.key_of("shop", champion_record(world.chronicle.version("shop", base)))
        ),
    )
    shifted = world.store.read_json(key)
    for values in shifted["logprobs"].values():
        values[0] = [value - 3 for value in values[0]]
    world.store.write_json(key, shifted)
    with pytest.raises(change_champion.RolledBack, match="stays the champion"):
        world.promote(c3, c2)
    asked_some_more(clients)
    world.agrees_on(c2)
    assert roll_back(world.chronicle, world.store, world.settings, "shop", **WHY)["version"] == c1
    asked_some_more(clients)
    for client in clients:
        client.over.set()
        client.join()
    assert [client.failed for client in clients] == [[], []]
    for client in clients:
        order = [
            name
            for place, name in enumerate(client.answered)
            if place == 0 or client.answered[place - 1] != name
        ]
        assert order == [base, c1, c2, c1]  # and never c3
    world.agrees_on(c1)
    print(f"{sum(len(client.answered) for client in clients)} answers, 0 failed")


def test_a_server_that_was_killed_comes_back_with_the_champion(world):
    champion = world.chronicle.champion("shop")["version"]
    world.process.send_signal(signal.SIGKILL)
    world.process.wait()
    world.start()
    world.agrees_on(champion)
    assert repair(world.chronicle, world.store, world.settings, "shop", "ann") == []
    world.process.terminate()
    assert world.process.wait(120) == 0
