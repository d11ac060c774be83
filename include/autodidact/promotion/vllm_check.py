"""Can this vLLM do what a promotion asks of it? Found by asking it, before anything is measured or deployed.

The same checks for `doctor`, for a benchmark through the server and for a promotion (change_champion.py).
Nothing that serves is touched: what is loaded to try is an adapter without effect under a name of its own,
and it is taken off again (empty_adapter.py).
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from autodidact.errors import AutodidactError
from autodidact.models import logprob_identity
from autodidact.models.find_base_model import BaseModelRef, resolve_base
from autodidact.models.openai_client import Failed, OpenAIClient, Refused
from autodidact.promotion.compare_served_logprobs import require_base
from autodidact.promotion.deployers import Deployer
from autodidact.promotion.deployers.vllm import LOAD_SECONDS, VllmDeployer, remedy
from autodidact.promotion.empty_adapter import Shape, of_adapter, of_base, write
from autodidact.promotion.server_precision import TOKENS
from autodidact.promotion.server_probe import base_of, served_logprobs
from autodidact.records import Champion
from autodidact.settings import Settings
from autodidact.store import Store
from autodidact.training_recipes import effective

# What the tests run against; others may do as well.
TESTED = "0.32.0"
# What only clients with tools need: a benchmark sends token ids, and parses the answers itself.
FOR_CLIENTS = ("vllm tools",)
TEXT = "Which file defines the function `main`?"
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}


class Wanted(NamedTuple):
    """What vLLM is to serve. `by`: who asks, a word in the name of the adapter that is loaded to try.

    `base`: the base model, a Champion without an adapter. `local`: the same on this machine; None: its
    tokens are not compared. `shape`: of an adapter; None: none is tried.
    """

    by: str
    base: Champion
    local: BaseModelRef | None
    shape: Shape | None


def by_settings(settings: Settings, by: str) -> Wanted:
    """What training with these settings makes. Raises AutodidactError when the base model is not here."""
    local, recipe = resolve_base(settings), effective(settings)
    base = Champion(
        version="base_model",
        base={"id": local.id, "revision": local.revision, "sha256": local.sha256},
        adapter=None,
        quantization=recipe.quantization,
        cycle_id="",
        promoted_at="",
    )
    return Wanted(by, base, local, of_base(local.path, recipe.rank))


def by_version(store: Store, champion: Champion) -> Wanted:
    """What this version is: known without its base model on this machine."""
    shape = of_adapter(Path(store.local(champion.adapter.path))) if champion.adapter else None
    return Wanted("promotion", base_of(champion), None, shape)


def checks(deployer: VllmDeployer, wanted: Wanted) -> list[tuple[str, Callable[[], str]]]:
    """(name, check): each check returns what is well, and raises AutodidactError with what is not."""
    client = deployer.client
    return [
        ("vllm version", lambda: _version_line(client)),
        ("vllm base", lambda: _base(client, wanted.local)),
        ("vllm echo", lambda: _logprobs(deployer, wanted.base)),
        ("vllm adapters", lambda: _adapters(deployer, wanted)),
        ("vllm tools", lambda: tool_calls(client, _base_name(client))),
    ]


def require(deployer: VllmDeployer, wanted: Wanted) -> None:
    """Raises AutodidactError with the first thing that vLLM lacks for serving versions or measuring them."""
    version = _version(deployer.client)
    for name, check in checks(deployer, wanted):
        if name in FOR_CLIENTS:
            continue
        try:
            check()
        except AutodidactError as error:
            if version == TESTED or type(error) is not AutodidactError:
                raise
            raise AutodidactError(f"{error.message} ({_told(version)})", error.remedy) from None


def require_for(deployer: Deployer, store: Store, champion: Champion) -> None:
    """Before a promotion: raises AutodidactError with the first thing that a vLLM lacks for this version."""
    if isinstance(deployer, VllmDeployer):
        wanted = by_version(store, champion)
        if wanted.shape and deployer.present(champion):
            wanted = wanted._replace(shape=None)  # it holds adapters of this kind: it has this one
        require(deployer, wanted)


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
        return str(answer["version"])[:40]
    except (Refused, Failed, KeyError, TypeError):
        raise AutodidactError(
            f"{client.what} tells no version: it is another server, or a very old one",
            f"deploy.kind = vllm was tested with vLLM {TESTED}; for other servers see docs/serving.md.",
        ) from None


def _version_line(client: OpenAIClient) -> str:
    version = _version(client)
    if version == TESTED:
        return f"vLLM {version}"
    return f"{_told(version)}: the next lines say whether it can do all"


def _told(version: str) -> str:
    """A version that is not the tested one."""
    older = "older than" if _numbers(version) < _numbers(TESTED) else "not"
    return f"vLLM {version}, {older} {TESTED}, which was tested"


def _numbers(version: str) -> list[int]:
    """ "0.9.2rc1" is [0, 9, 2]."""
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


def _base(client: OpenAIClient, base: BaseModelRef | None) -> str:
    """Whether the server's tokens are those of the base; its weights show in the log-probabilities."""
    name = _base_name(client)
    if base is None:
        return name
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


def _logprobs(deployer: VllmDeployer, base: Champion) -> str:
    """Whether log-probabilities of a prompt are given, and are those of the base where they are stored."""
    if deployer.settings.deploy.tolerance is None:
        return "not needed: deploy.tolerance is null"
    client, name = deployer.client, _base_name(deployer.client)
    identity = logprob_identity.stored(deployer.store, deployer.system, base)
    if identity is None:
        served_logprobs(client, name, [(TOKENS, 1)], LOAD_SECONDS)
        return "those of a prompt are given (echo)"
    said = served_logprobs(client, name, identity.prompts, LOAD_SECONDS)
    require_base(client.what, base.base["id"], said, identity)
    return f"those of a prompt are given (echo): its weights are those of {base.base['id']}"


def _adapters(deployer: VllmDeployer, wanted: Wanted) -> str:
    """Loads an adapter without effect out of the store, and takes it off again."""
    client, root, shape = deployer.client, deployer.store.root, wanted.shape
    if root is None or shape is None:
        return "not tried: the store is no folder" if root is None else "not tried: no shape of one is known"
    folder = Path(root) / deployer.system / "tried" / wanted.by
    name = f"autodidact-{wanted.by}-{deployer.system}"
    try:
        write(folder, shape)
        _unload(client, name)
        body = {"lora_name": name, "lora_path": str(folder)}
        client.ask("POST", "/load_lora_adapter", body, timeout=LOAD_SECONDS)
        _unload(client, name)
    except (Refused, Failed) as error:
        raise AutodidactError(
            f"{client.what} loads no adapter of rank {shape.rank} out of the store: {error.words}",
            remedy(error),
        ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return f"one of rank {shape.rank} was loaded out of the store and taken off again"


def _unload(client: OpenAIClient, name: str) -> None:
    try:
        client.ask("POST", "/unload_lora_adapter", {"lora_name": name})
    except Refused as error:
        if error.status != 404 or error.kind != "NotFoundError":
            raise
