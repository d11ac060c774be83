"""The command that docs/serving.md gives for vLLM has the options of `make vllm`, which really runs."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]


def test_the_documented_command_is_the_one_that_runs(tmp_path):
    page = (HERE / "docs" / "serving.md").read_text()
    block = re.search(r"```\n(VLLM_ALLOW_RUNTIME_LORA_UPDATING=True vllm serve BASE .*?)```", page, re.DOTALL)
    documented = shlex.split(block[1].replace("\\\n", " "))
    command = [sys.executable, HERE / "scripts" / "vllm.py", "--store", tmp_path, "--print"]
    shown = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout
    running = shlex.split(shown)
    assert documented[:4] == ["VLLM_ALLOW_RUNTIME_LORA_UPDATING=True", "vllm", "serve", "BASE"]
    assert documented[0] in running and running[running.index("--host") :][:2] == ["--host", "127.0.0.1"]
    for option in (" ".join(each) for each in _options(documented[4:])):
        assert option in {" ".join(each) for each in _options(running)}


def _options(words: list[str]) -> list[list[str]]:
    """[["--max-loras", "3"], ["--enable-lora"], ...]: each option with its values."""
    starts = [place for place, word in enumerate(words) if word.startswith("--")]
    return [words[start:end] for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]
