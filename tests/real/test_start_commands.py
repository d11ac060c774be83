"""The start commands of docs/serving.md, run as they are written there."""

import os
import re
import secrets
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from autodidact.models.find_base_model import resolve_base
from autodidact.promotion.deployers.vllm import alias_key
from autodidact.settings import Settings
from tests.real.vllm import BASE, PYTHON, QUESTION, START, URL, RealScene, free_port

HERE = Path(__file__).resolve().parents[2]
DOCUMENT = (HERE / "docs" / "serving.md").read_text()
pytestmark = [
    pytest.mark.skipif(not (PYTHON or URL), reason="only asked for by `make test-vllm`"),
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]
starts = pytest.mark.skipif(bool(URL), reason="one that was running before is asked instead")
# For a CPU and a machine that does other work; none is needed for the command to be right.
ON_A_CPU = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "nobind", "HF_HUB_OFFLINE": "1"}


class Running:
    """A shell command in a process group of its own, until `with` ends."""

    def __init__(self, command: str, log: Path, path: str = "", cwd: Path = HERE, **variables: str):
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment |= {"PATH": f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"]} | variables
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                ["bash", "-c", command],
                env=environment,
                cwd=cwd,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.log = log

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def until(self, url: str) -> None:
        """Waits until the address answers with 200."""
        end = time.monotonic() + START
        while True:
            try:
                if httpx.get(url, timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()[-3000:]
            time.sleep(1)


def block(start: str) -> str:
    """The block of code that starts so."""
    return re.search(rf"```\n({re.escape(start)}.*?)```", DOCUMENT, re.DOTALL)[1]


def rows_of_doctor(store: Path, port: int, command: str) -> dict[str, str]:
    """The rows that `autodidact doctor` has of vLLM, all of which are well."""
    words = shlex.split(command.replace(":8000/", f":{port}/"))
    assert words[:2] == ["autodidact", "doctor"]
    run = [sys.executable, "-m", "autodidact.cli", *words[1:], "--set", f"store={store}"]
    run += ["--set", "system=shop"]
    out = subprocess.run(
        [*run, "--set", f"base_model={BASE}"], capture_output=True, text=True, cwd=store.parent
    ).stdout
    lines = [
        line for line in out.splitlines() if re.search(r"\bvllm (version|base|echo|adapters|tools)\b", line)
    ]
    assert len(lines) == 5, out
    return {re.search(r"vllm (\w+)", line)[1]: line for line in lines}


def well(rows: dict[str, str]) -> None:
    assert "vLLM 0.32.0" in rows["version"] and "its tokens are those of" in rows["base"]
    assert "are given (echo)" in rows["echo"] and "a request with tools is answered" in rows["tools"]
    assert "was loaded out of the store and taken off again" in rows["adapters"]


@starts
def test_vllm_as_it_is_written(tmp_path):
    store, port = tmp_path / "store", free_port()
    store.mkdir()
    base = resolve_base(Settings(base_model=BASE, store=str(store))).path
    command = block("VLLM_ALLOW_RUNTIME_LORA_UPDATING=True python").replace("--port 8000", f"--port {port}")
    command = command.replace("--model BASE", f"--model {base}").rstrip()
    if BASE == "smollm2":  # as the page says of a base whose template knows no tools
        template = tmp_path / "template.jinja"
        template.write_text(
            resolve_base(Settings(base_model=BASE, store=str(store))).tokenizer().chat_template
        )
        command += f" --chat-template {template}"
    with Running(command, tmp_path / "log", str(Path(PYTHON).parent), **ON_A_CPU) as vllm:
        vllm.until(f"http://127.0.0.1:{port}/health")
        doctor = block("make vllm").splitlines()[1]
        well(rows_of_doctor(store, port, doctor))


@starts
def test_make_vllm_and_doctor_as_they_are_written(tmp_path):
    store, port = tmp_path / "store", free_port()
    store.mkdir()
    make, doctor = block("make vllm").splitlines()
    make = make.replace("BASE=sprout", f"BASE={BASE}").replace("PORT=8000", f"PORT={port}")
    make = make.replace("STORE=.autodidact/store", f"STORE={store}")
    # The environments are made already, wherever they are.
    there = f"BIN={Path(sys.executable).parent} BASE_READY= -o .venv/.ready -o .venv-vllm/.ready"
    with Running(f"{make} {there} ARGS='--python {PYTHON}'", tmp_path / "log") as vllm:
        vllm.until(f"http://127.0.0.1:{port}/health")
        well(rows_of_doctor(store, port, doctor))


LITELLM = os.environ.get("LITELLM", "")


@pytest.mark.skipif(not LITELLM, reason="LITELLM is not the path of a `litellm`")
def test_the_gateway_follows_a_flip_with_the_next_request(tmp_path, vllm, adapters):
    scene = RealScene(tmp_path, vllm, adapters)
    scene.promote("v1", scene.base)
    section = DOCUMENT.partition("\n## Gateway\n")[2].partition("\n## ")[0]
    python, configuration = re.findall(r"```(?:python|yaml)\n(.*?)```", section, re.DOTALL)
    (tmp_path / "follow_alias.py").write_text(python)
    (tmp_path / "gateway.yaml").write_text(configuration.replace("http://127.0.0.1:8000", vllm.url))
    port, alias = free_port(), scene.store.root / alias_key("shop")
    command = re.search(r"```\n(LITELLM_MASTER_KEY=.*?)\n```", section, re.DOTALL)[1]
    secret = f"sk-{secrets.token_hex(16)}"  # LiteLLM refuses one that is easy to guess
    command = command.replace("sk-...", secret).replace("--port 4000", f"--port {port}")
    command = command.replace(".autodidact/store/SYSTEM/alias.json", str(alias))
    url, key = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {secret}"}
    question = [{"role": "user", "content": QUESTION}]

    def answer(address: str, model: str) -> str:
        body = {"model": model, "max_tokens": 8, "temperature": 0, "messages": question}
        answered = httpx.post(f"{address}/v1/chat/completions", json=body, headers=key, timeout=300)
        return answered.raise_for_status().json()["choices"][0]["message"]["content"]

    with Running(command, tmp_path / "log", str(Path(LITELLM).parent), cwd=tmp_path) as gateway:
        gateway.until(f"{url}/health/liveliness")
        first = answer(url, "autodidact")
        assert first == answer(vllm.url, scene.name("v1"))
        scene.promote("v2", "v1")
        second = answer(url, "autodidact")
        assert second == answer(vllm.url, scene.name("v2")) != first
