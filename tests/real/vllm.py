"""A real vLLM in a process of its own, and a system whose adapters it serves."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

from autodidact.chronicle import Chronicle
from autodidact.digests import folder_digest
from autodidact.models import logprob_identity
from autodidact.models.find_base_model import BaseModelRef, resolve_base
from autodidact.promotion import change_champion
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.deployers.vllm import VllmDeployer, alias_key
from autodidact.records import Champion
from autodidact.settings import Deploy, Settings
from autodidact.store import Store
from tests import tiny

# Its Python, or the address of one that runs already; the tests are left out without either.
PYTHON, URL = os.environ.get("VLLM_PYTHON", ""), os.environ.get("VLLM_URL", "")
BASE = os.environ.get("VLLM_BASE", "sprout")
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "vllm.py"
# A folder for the base, the adapters and what was measured of them; what lies there is not made again.
KEEP = os.environ.get("VLLM_KEEP", "")
# Of the probe's 24 prompts, where a base is so large that all of them take a CPU a minute at each promotion. How well
# all of them tell weights apart is measured by benchmarks/identity.py.
PROMPTS = 24 if BASE == "sprout" else 6
# Seconds that a CPU that does other work besides may take for a start.
START = 900
WHY = {"by": "ann", "reason": "because"}
# Sprout answers it in another way with each of the adapters v1 and v2, and alone.
QUESTION = "def main():"
# A row each: what was done to vLLM, what happened, what served in the end, what the Chronicle says. conftest.py
# prints them.
FAULTS: list[tuple[str, str, str, str]] = []


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class RealVllm:
    """vLLM on a free port. Started again, it has forgotten what it was given. One that was running before
    is asked, and never killed.
    """

    def __init__(self, folder: Path):
        self.port = free_port()
        self.folder, self.url = folder, URL or f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def launch(self) -> None:
        """Starts it unless it runs."""
        if self.process is None and not URL:
            command = [sys.executable, SCRIPT, "--base", BASE, "--store", self.folder, "--port", self.port]
            with (self.folder / "vllm.log").open("ab") as log:
                self.process = subprocess.Popen(
                    [*map(str, command), "--python", PYTHON],
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )

    def start(self) -> None:
        """Starts it unless it runs; returns when it answers."""
        self.launch()
        end = time.monotonic() + START
        while not self._answers():
            assert URL or (self.process and self.process.poll() is None), "vLLM ended; see vllm.log"
            assert time.monotonic() < end, "vLLM does not come up; see vllm.log"
            time.sleep(1)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """kill -9 of vLLM and of its engine."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def loaded(self) -> list[str]:
        """The adapters that it lists."""
        cards = httpx.get(f"{self.url}/v1/models", timeout=60).json()["data"]
        return [card["id"] for card in cards if card["parent"]]

    def load(self, name: str, folder: Path) -> None:
        """Loads an adapter by hand."""
        body = {"lora_name": name, "lora_path": str(folder)}
        httpx.post(f"{self.url}/v1/load_lora_adapter", json=body, timeout=120).raise_for_status()

    def empty(self) -> None:
        """Takes every adapter off it."""
        for name in self.loaded():
            body = {"lora_name": name}
            httpx.post(f"{self.url}/v1/unload_lora_adapter", json=body, timeout=120).raise_for_status()


class Adapters:
    """The base, and an adapter a version, with what the benchmark would have stored of them."""

    def __init__(self, folder: Path):
        import torch

        torch.set_num_threads(1)  # the rest is vLLM's
        self.folder = folder
        self.base: BaseModelRef = resolve_base(Settings(base_model=BASE, store=str(folder)))
        self.paths = {
            name: folder / name
            if (folder / name).exists()
            else tiny.adapter(self.base.path, folder / name, seed=seed, scale=0.1, rank=rank)
            for name, seed, rank in (("v1", 1, 8), ("v2", 2, 8), ("v3", 3, 8), ("r64", 4, 64))
        }

    def identity(self, version: str | None) -> logprob_identity.Identity:
        """What the benchmark would have stored of a version, or of the base; measured once."""
        path = self.paths[version] if version else None
        facts = {"id": self.base.id, "sha256": self.base.sha256}
        adapter = {"path": str(path), "sha256": folder_digest(path)} if path else None
        model = Champion(
            version="v", base=facts, adapter=adapter, quantization="nf4", cycle_id="", promoted_at=""
        )
        store = Store(self.folder)
        if logprob_identity.stored(store, "measured", model) is None:
            found = logprob_identity.of_model(self.base, path, "nf4")
            logprob_identity.write(store, logprob_identity.key_of("measured", model), found)
        found = logprob_identity.stored(store, "measured", model)
        return found.of(found.prompts[:PROMPTS])


class RealScene:
    """The base is champion, as a first cycle leaves it: never deployed. `measured` versions can be promoted; r64
    is registered too.
    """

    def __init__(
        self,
        folder: Path,
        vllm: RealVllm,
        adapters: Adapters,
        measured: tuple[str, ...] = ("v1", "v2"),
        **deploy,
    ):
        self.vllm, self.adapters = vllm, adapters
        self.store, self.chronicle = Store(folder / "store"), Chronicle(f"sqlite:///{folder}/chronicle.db")
        given = {"timeout": 60, "live": 1, "latency": 300, "drain": 20, "bake": 3600} | deploy
        self.settings = Settings(
            system="shop", base_model=BASE, deploy=Deploy(kind="vllm", url=f"{vllm.url}/v1", **given)
        )
        change_champion.register_base(self.chronicle, self.store, self.settings, "shop", adapters.base)
        self.base = self.chronicle.champion("shop")["version"]
        facts = {"id": adapters.base.id, "revision": None, "sha256": adapters.base.sha256}
        for version, path in adapters.paths.items():
            key = f"shop/cycles/{version}/training/adapter"
            shutil.copytree(path, self.store.root / key)
            adapter = {"path": key, "sha256": folder_digest(path)}
            self.chronicle.register_version("shop", version, version, facts, adapter, "nf4")
            self.chronicle.set_state("shop", version, "benchmarked", "t", "measured")
        for version in (None, *measured):
            row = self.chronicle.version("shop", version or self.base)
            key = logprob_identity.key_of("shop", champion_record(row))
            logprob_identity.write(self.store, key, adapters.identity(version))

    def deployer(self) -> VllmDeployer:
        return VllmDeployer(self.settings, self.store, "shop")

    def name(self, version: str) -> str:
        """What vLLM calls a version."""
        return self.deployer().name(champion_record(self.chronicle.version("shop", version)))

    def promote(self, version: str, expected: str) -> None:
        change_champion.promote(
            self.chronicle, self.store, self.settings, "shop", version, expected=expected, **WHY
        )

    def tell(self, fault: str, happened: object) -> None:
        """Notes a row for the table of faults: `happened` is an error, or what went well."""
        states = {row["version"]: row["state"] for row in self.chronicle.versions("shop") if row["adapter"]}
        said = [f"{version} {state}" for version, state in states.items() if version in ("v1", "v2")]
        events = [event["kind"] for event in reversed(self.chronicle.events("shop"))]
        champion = self.chronicle.champion("shop")["version"]
        happened = re.sub(r"[0-9a-f]{12}", "...", str(happened)).replace("|", "/")
        row = (fault, happened, champion, f"{', '.join(sorted(said))}; {', '.join(events[-3:])}")
        print("|", *row, sep=" | ")
        FAULTS.append(row)

    def is_right(self, version: str) -> None:
        """One champion, and Chronicle, champion.json, the alias file and the server's last probe agree."""
        states = [row["state"] for row in self.chronicle.versions("shop")]
        assert states.count("champion") == 1 and "promoting" not in states
        assert self.chronicle.champion("shop")["version"] == version
        assert self.store.read_json("shop/champion.json")["version"] == version
        alias = self.store.read_json(alias_key("shop"))
        assert (alias["model"], alias["version"]) == (self.name(version), version)
        assert self.chronicle.deployed("shop").get(version, "verified") == "verified"
        assert version == self.base or self.name(version) in self.vllm.loaded()


class Client(threading.Thread):
    """Asks for the alias's model without pause, every other time for a stream. `answered`: (model asked for,
    models that answered, text).
    """

    def __init__(self, scene: RealScene):
        super().__init__(daemon=True)
        self.scene, self.over = scene, threading.Event()
        self.answered: list[tuple[str, tuple[str, ...], str]] = []
        self.failed: list[str] = []

    def run(self) -> None:
        while not self.over.is_set():
            model = self.scene.store.read_json(alias_key("shop"))["model"]
            body = {"model": model, "max_tokens": 8, "temperature": 0}
            body["messages"] = [{"role": "user", "content": QUESTION}]
            try:
                self.answered.append((model, *self._ask(body, stream=len(self.answered) % 2 == 1)))
            except (httpx.HTTPError, KeyError, ValueError, IndexError) as error:
                self.failed.append(f"{model}: {error!r}")

    def _ask(self, body: dict, stream: bool) -> tuple[tuple[str, ...], str]:
        url = f"{self.scene.vllm.url}/v1/chat/completions"
        if not stream:
            data = httpx.post(url, json=body, timeout=300).raise_for_status().json()
            return (data["model"],), data["choices"][0]["message"]["content"]
        with httpx.stream("POST", url, json=body | {"stream": True}, timeout=300) as answer:
            lines = [line for line in answer.raise_for_status().iter_lines() if line]
        if lines[-1] != "data: [DONE]":
            raise ValueError(f"the stream ends with {lines[-1]!r}")
        pieces = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
        text = "".join(piece["choices"][0]["delta"].get("content") or "" for piece in pieces)
        return tuple(sorted({piece["model"] for piece in pieces})), text

    def some_more(self, count: int = 2) -> None:
        """Waits until it has asked so many times more."""
        goal = len(self.answered) + len(self.failed) + count
        while len(self.answered) + len(self.failed) < goal:
            time.sleep(0.05)

    def stop(self) -> None:
        self.over.set()
        self.join()

    def mixed(self) -> list[tuple[str, tuple[str, ...], str]]:
        """The answers that are not wholly of the version that was asked for: of another name, or with another
        text than that version's first answer.
        """
        first: dict[str, str] = {}
        for asked, _, text in self.answered:
            first.setdefault(asked, text)
        return [one for one in self.answered if one[1] != (one[0],) or one[2] != first[one[0]]]
