"""The command that docs/serving.md gives for vLLM has the options of `make vllm`, which really runs."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]


def test_the_documented_command_is_the_one_that_runs(tmp_path):
    page = (HERE / "docs" / "serving.md").read_text()
    block = re.search(r"```\n(VLLM_ALLOW_RUNTIME_LORA_UPDATING=True python .*?)```", page, re.DOTALL)
    documented = shlex.split(block[1].replace("\\\n", " "))
    command = [sys.executable, HERE / "scripts" / "vllm.py", "--store", tmp_path, "--print"]
    shown = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout
    running = shlex.split(shown)
    module = ["-m", "vllm.entrypoints.openai.api_server"]
    start = ["VLLM_ALLOW_RUNTIME_LORA_UPDATING=True", "python", *module, "--model", "BASE"]
    assert documented[:6] == start and documented[0] in running
    assert running[running.index("-m") :][:2] == module
    for option in (" ".join(each) for each in _options(documented[6:])):
        assert option in {" ".join(each) for each in _options(running)}


def _options(words: list[str]) -> list[list[str]]:
    """[["--max-loras", "3"], ["--enable-lora"], ...]: each option with its values."""
    starts = [place for place, word in enumerate(words) if word.startswith("--")]
    return [words[start:end] for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]


def test_make_vllm_mends_the_base_beside_adapters(tmp_path):
    command = [sys.executable, HERE / "scripts" / "vllm.py", "--store", tmp_path, "--print"]
    shown = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout
    words = shlex.split(shown)
    module, name = words[words.index("--worker-extension-cls") + 1].split(".")
    folder = next(word for word in words if word.startswith("PYTHONPATH=")).removeprefix("PYTHONPATH=")
    assert f"class {name}:" in (Path(folder) / f"{module}.py").read_text()


def test_a_folder_for_the_template_that_is_somebody_else_s_is_one_line(tmp_path):
    """Everybody may make folders where temporary files lie."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / f"autodidact-template-{os.getuid()}").symlink_to(tmp_path / "theirs")
    command = [sys.executable, HERE / "scripts" / "vllm.py", "--store", tmp_path, "--print"]
    there = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=there)
    assert done.returncode == 1 and list((tmp_path / "theirs").iterdir()) == []
    assert done.stderr.endswith("is not yours alone. Remove it, or set TMPDIR to another folder.\n")
