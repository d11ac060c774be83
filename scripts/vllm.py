"""`make vllm`: vLLM on the CPU of this machine and on loopback, with a base model and the adapters it gets
while it runs.

    python scripts/vllm.py [--base sprout] [--store FOLDER] [--port 8000] [--rank 32] [--dtype bfloat16]
                           [--python PYTHON] [--print] [vLLM's own options]

Everything that Autodidact needs of a vLLM is on: loading at run time, the rank, tool calls, and the chat
template of training and benchmark. The process becomes vLLM's. `--print` prints the command instead.
"""

import argparse
import json
import os
import shlex
import sys
import tempfile
from pathlib import Path

from autodidact.errors import AutodidactError
from autodidact.models.find_base_model import BaseModelRef, resolve_base
from autodidact.private_files import is_private
from autodidact.settings import load_settings

HERE = Path(__file__).resolve().parent.parent
VARIABLES = {
    "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True",
    # GiB for keys and values: vLLM's own choice is half of the memory.
    "VLLM_CPU_KVCACHE_SPACE": "1",
    # vLLM would bind threads to cores, which a container may not let it.
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    # No usage statistics are sent, and nothing is looked for on a hub.
    "VLLM_NO_USAGE_STATS": "1",
    "HF_HUB_OFFLINE": "1",
    # A Python of its own environment, without this one's paths.
    "PYTHONPATH": str(HERE / "scripts" / "vllm_cpu"),
}
# What training puts adapters on: all linear parts. By itself vLLM 0.32 prepares the output layer too; then
# a request for a prompt's log-probabilities that meets another request ends its engine on a CPU.
TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
# Adapters at a time: candidate, champion, the one before and the one of `doctor`, and one to spare.
SLOTS = 5
# Of scripts/vllm_cpu: without it vLLM 0.32 on a CPU computes the base, beside an adapter, with one's weights,
# and copies an adapter's weights for each token.
EXTENSION = "adapters_on_cpu.Extension"


def template_file(base: BaseModelRef) -> str:
    """The path of the base's chat template as training and benchmark have it."""
    folder = Path(tempfile.gettempdir()) / f"autodidact-template-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not is_private(folder):  # everybody may make folders there
        raise AutodidactError(f"{folder} is not yours alone", "Remove it, or set TMPDIR to another folder.")
    file = folder / f"{base.sha256[:12]}.jinja"
    file.write_text(base.tokenizer().chat_template)
    return str(file)


def command_of(base: BaseModelRef, port: int, rank: int, dtype: str, python: str) -> list[str]:
    """vLLM's command line."""
    options = {
        "--model": str(base.path),
        "--served-model-name": base.id,
        "--host": "127.0.0.1",
        "--port": str(port),
        "--dtype": dtype,
        "--chat-template": template_file(base),
        "--default-chat-template-kwargs": json.dumps({"enable_thinking": False}),
        "--tool-call-parser": "hermes",
        "--max-lora-rank": str(rank),
        "--max-loras": str(SLOTS),
        "--max-cpu-loras": str(SLOTS),
        "--worker-extension-cls": EXTENSION,
    }
    switches = ["--enforce-eager", "--enable-auto-tool-choice", "--enable-lora"]
    switches += ["--lora-target-modules", *TARGETS]
    return [
        python,
        "-m",
        "vllm.entrypoints.openai.api_server",
        *[part for pair in options.items() for part in pair],
        *switches,
    ]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--base", default="sprout")
    arguments.add_argument("--store", help="where adapters lie; vLLM must be able to read it")
    arguments.add_argument("--port", type=int, default=8000)
    arguments.add_argument("--rank", type=int, default=32)
    arguments.add_argument("--dtype", default="bfloat16", choices=("bfloat16", "float32"))
    arguments.add_argument("--python", default=str(HERE / ".venv-vllm" / "bin" / "python"))
    arguments.add_argument("--print", action="store_true", dest="only_print")
    options, more = arguments.parse_known_args()
    overrides = {"base_model": options.base} | ({"store": options.store} if options.store else {})
    try:
        settings = load_settings(overrides=overrides)
        if "://" not in settings.store and not os.access(settings.store, os.R_OK | os.X_OK):
            raise AutodidactError(f"the store {settings.store} cannot be read", "Name it: STORE=folder.")
        base = resolve_base(settings)
        command = [*command_of(base, options.port, options.rank, options.dtype, options.python), *more]
    except AutodidactError as error:
        print(error, file=sys.stderr)
        return 1
    shown = [f"{name}={value}" for name, value in VARIABLES.items()]
    print(" ".join([*shown, shlex.join(command)]), flush=True)
    if not options.only_print:
        os.execve(options.python, command, os.environ | VARIABLES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
