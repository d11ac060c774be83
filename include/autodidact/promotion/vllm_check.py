"""Can this vLLM do what a promotion asks of it? Found by asking it, before anything is measured or deployed.

Nothing that serves is touched: what is loaded to try is an adapter without effect under a name of its own,
and it is taken off again.
"""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.models.base_models import BaseModelRef
from autodidact.models.openai_client import Failed, OpenAIClient, Refused
from autodidact.promotion.deployers.vllm import LOAD_SECONDS, VllmDeployer, remedy

# What the tests run against; others may do as well.
TESTED = "0.32.0"
NAME = "autodidact-doctor"
# What only clients with tools need: a benchmark sends token ids, and parses the answers itself.
FOR_CLIENTS = ("vllm tools",)
TEXT = "Which file defines the function `main`?"
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}


def checks(deployer: VllmDeployer, base: BaseModelRef, rank: int) -> list[tuple[str, Callable[[], str]]]:
    """(name, check): each check returns what is well, and raises AutodidactError with what is not.

    `rank`: of the adapters that training makes.
    """
    client = deployer.client
    return [
        ("vllm version", lambda: _version(client)),
        ("vllm base", lambda: _base(client, base)),
        ("vllm echo", lambda: _logprobs(client, base)),
        ("vllm adapters", lambda: _adapters(deployer, base, rank)),
        ("vllm tools", lambda: tool_calls(client, _base_name(client))),
    ]


def require(deployer: VllmDeployer, base: BaseModelRef, rank: int) -> None:
    """Raises AutodidactError with the first thing that vLLM lacks for measuring versions on it."""
    for name, check in checks(deployer, base, rank):
        if name not in FOR_CLIENTS:
            check()


def tool_calls(client: OpenAIClient, model: str) -> str:
    """Asks with a tool: raises AutodidactError where vLLM was started without its options for tool calls."""
    body: dict[str, Any] = {"model": model, "messages": [{"role": "user", "content": TEXT}]}
    try:
        client.ask("POST", "/chat/completions", body | {"tools": [TOOL], "max_tokens": 1})
    except Refused as error:
        raise AutodidactError(
            f"{client.what} answers no request with tools: {error.words}",
            "Start it with --enable-auto-tool-choice --tool-call-parser (hermes for Qwen3 and sprout).",
        ) from None
    return "a request with tools is answered"


def _base_name(client: OpenAIClient) -> str:
    """What the server calls the model without an adapter."""
    names = [name for name, card in client.cards().items() if not card.get("parent")]
    if not names:
        raise AutodidactError(f"{client.what} serves no base model", "Check deploy.url.")
    return names[0]


def _version(client: OpenAIClient) -> str:
    try:
        answer = client.ask("GET", "//version", timeout=10).value()
        version = str(answer["version"])[:40]
    except (Refused, Failed, KeyError, TypeError):
        raise AutodidactError(
            f"{client.what} tells no version: it is another server, or a very old one",
            f"deploy.kind = vllm was tested with vLLM {TESTED}; for other servers see docs/serving.md.",
        ) from None
    if version == TESTED:
        return f"vLLM {version}"
    older = "older than" if _numbers(version) < _numbers(TESTED) else "not"
    return f"vLLM {version}, {older} {TESTED}, which was tested: the next lines say whether it can do all"


def _numbers(version: str) -> list[int]:
    """ "0.9.2rc1" is [0, 9, 2]."""
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


def _base(client: OpenAIClient, base: BaseModelRef) -> str:
    """Whether the server's tokens are those of the base; that the weights are, each probe sees."""
    name = _base_name(client)
    expected = base.tokenizer()(TEXT, add_special_tokens=False)["input_ids"]
    body = {"model": name, "prompt": TEXT, "add_special_tokens": False}
    try:
        found = client.ask("POST", "//tokenize", body, timeout=10).value()["tokens"]
    except (Refused, Failed, KeyError, TypeError):
        return f"{name} (it tells no tokens: not compared)"
    if found != expected:
        raise AutodidactError(
            f"{client.what} serves {name}, which is not {base.id}: a text has other tokens there",
            f"Start it with {base.path}, or set base_model.",
        )
    return f"{name}: its tokens are those of {base.id}"


def _logprobs(client: OpenAIClient, base: BaseModelRef) -> str:
    tokens = base.tokenizer()(TEXT, add_special_tokens=False)["input_ids"]
    values = client.logprobs(_base_name(client), tokens)[1]
    if len(values) != len(tokens) or not all(isinstance(value, float) for value in values[1:]):
        raise AutodidactError(
            f"{client.what} gives no log-probabilities of a prompt (echo)",
            "Set deploy.tolerance to null to do without.",
        )
    return "those of a prompt are given (echo)"


def _adapters(deployer: VllmDeployer, base: BaseModelRef, rank: int) -> str:
    """Loads an adapter without effect of the training's rank out of the store, and takes it off again."""
    client, root = deployer.client, deployer.store.root
    if root is None:
        return "the store is no folder: not tried"
    folder, name = Path(root) / deployer.system / "doctor" / "adapter", f"{NAME}-{deployer.system}"
    if not _without_effect(base.path, folder, rank):
        return "no adapter could be made for this base: not tried"
    try:
        _unload(client, name)
        body = {"lora_name": name, "lora_path": str(folder)}
        client.ask("POST", "/load_lora_adapter", body, timeout=LOAD_SECONDS)
        _unload(client, name)
    except (Refused, Failed) as error:
        raise AutodidactError(
            f"{client.what} loads no adapter of rank {rank} out of the store: {error.words}", remedy(error)
        ) from None
    finally:
        shutil.rmtree(folder.parent, ignore_errors=True)
    return f"one of rank {rank} was loaded out of the store and taken off again"


def _unload(client: OpenAIClient, name: str) -> None:
    try:
        client.ask("POST", "/unload_lora_adapter", {"lora_name": name})
    except Refused as error:
        if error.status != 404 or error.kind != "NotFoundError":
            raise


def _without_effect(base: Path, folder: Path, rank: int) -> bool:
    """Writes an adapter of zeros for one part of the base; False where the base has no such part."""
    import torch
    from safetensors import safe_open
    from safetensors.torch import save_file

    for file in sorted(base.glob("*.safetensors")):
        with safe_open(str(file), "pt") as weights:
            for name in sorted(weights.keys()):
                if name.endswith("layers.0.self_attn.q_proj.weight"):
                    out, into = weights.get_slice(name).get_shape()
                    part = "base_model.model." + name.removesuffix(".weight")
                    zeros = {
                        f"{part}.lora_A.weight": torch.zeros(rank, into),
                        f"{part}.lora_B.weight": torch.zeros(out, rank),
                    }
                    folder.mkdir(parents=True, exist_ok=True)
                    save_file(zeros, folder / "adapter_model.safetensors", metadata={"format": "pt"})
                    config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": rank, "lora_alpha": rank}
                    config |= {"target_modules": ["q_proj"], "base_model_name_or_path": str(base)}
                    (folder / "adapter_config.json").write_text(json.dumps(config))
                    return True
    return False
