"""`autodidact doctor`: is there all that a cycle needs, and what to do if not."""

import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.runtime import Runtime
from autodidact.safe_text import address, addresses

# Its licence allows research and development only.
RESEARCH_ONLY = "nvidia/Nemotron-Orchestrator-8B"


def check(make_runtime: Callable[[], Runtime]) -> list[dict[str, Any]]:
    """One row a check: {"name", "ok", "message"}. Without valid settings nothing else is checked."""
    rows = [_row("python", lambda: f"{sys.version.split()[0]}, {os.cpu_count()} cores")]
    made: list[Runtime] = []

    def settings() -> str:
        made.append(make_runtime())
        return f"profile {made[0].settings.profile}"

    rows.append(_row("settings", settings))
    return rows + [_row(name, partial(work, runtime)) for runtime in made for name, work in _checks(runtime)]


def _row(name: str, work: Callable[[], str]) -> dict[str, Any]:
    """The row of one check: what `work` returns, or its error."""
    try:
        return {"name": name, "ok": True, "message": work()}
    except AutodidactError as error:
        return {"name": name, "ok": False, "message": str(error)}
    except Exception as error:
        return {"name": name, "ok": False, "message": addresses(f"{type(error).__name__}: {error}")}


def _checks(runtime: Runtime) -> list[tuple[str, Callable[[Runtime], str]]]:
    """(name, check) of all that these settings make a cycle need."""
    settings = runtime.settings
    found: list[tuple[str, Callable[[Runtime], str]]] = [
        ("repository", _repository),
        ("store", _store),
        ("chronicle", _chronicle),
        ("base model", _base),
        ("accelerator", _accelerator),
        ("memory", _memory),
    ]
    for name, url, model in (
        ("judge", settings.judge.url, settings.judge.model),
        ("teacher", settings.teacher.url, settings.teacher.model),
        ("benchmark", settings.benchmark.engine_url, None),
    ):
        if url:
            found.append((name, partial(_service, name, url, model)))
    if settings.deploy.kind != "none":
        found.append(("server", _server))
    if settings.deploy.kind == "vllm":
        found += _vllm(runtime)
    return found


def _repository(runtime: Runtime) -> str:
    from autodidact.sources.name_of_system import system_of
    from autodidact.sources.samples import with_samples

    sources = with_samples(runtime.settings).sources
    samples = "; sources not named come from include/samples" if sources.samples else ""
    return f"{sources.repository}: system {system_of(runtime.settings)}{samples}"


def _store(runtime: Runtime) -> str:
    runtime.store.check_writable()
    if not runtime.store.root:
        return runtime.store.shown
    return f"{runtime.store.shown}, {shutil.disk_usage(runtime.store.root).free / 1e9:.0f} GB free"


def _chronicle(runtime: Runtime) -> str:
    with runtime.chronicle() as log:
        return log.describe()


def _base(runtime: Runtime) -> str:
    from autodidact.models.base_models import resolve_base
    from autodidact.models.chat_template import template_of
    from autodidact.models.packaged_base_models import PACKAGED
    from autodidact.models.tool_template import knows_tools

    base = resolve_base(runtime.settings)
    licence = ""
    if base.id == RESEARCH_ONLY:
        licence = (
            "; its licence allows research and development only: base_model=Qwen/Qwen3-8B (Apache-2.0) is the"
            " one-line alternative"
        )
    elif base.id in PACKAGED:
        licence = f"; {PACKAGED[base.id].about}, licence {PACKAGED[base.id].licence}"
    elif base.id == "sprout":
        licence = "; it learns values, no sentences: `make cycle BASE=smollm2` takes a real language model"
    own = (
        "its own" if knows_tools(template_of(base.path)) else "its own turns, with Autodidact's form of tools"
    )
    base.tokenizer()  # raises where the template can be used for nothing
    return f"{base.id}, sha256 {base.sha256[:12]}; chat template: {own}{licence}"


def _accelerator(runtime: Runtime) -> str:
    import torch

    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name(0))
    return f"none: CPU, torch {torch.__version__}"


def _memory(runtime: Runtime) -> str:
    from autodidact.free_memory import free_memory
    from autodidact.models.base_models import resolve_base
    from autodidact.models.loading import device_of
    from autodidact.recipes import effective
    from autodidact.training import memory_fit

    device = device_of()
    fits, text = memory_fit.fit_check(
        memory_fit.shape_of(resolve_base(runtime.settings)),
        effective(runtime.settings),
        answer=runtime.settings.gate.max_tokens,
        width=4 if device == "cpu" else 2,
        free=free_memory(device),
    )
    if not fits:
        raise AutodidactError(
            f"The training does not fit: {text}",
            "Take a smaller base_model, training.quantization=nf4, a lower training.max_length, or a larger"
            " machine (training.where).",
        )
    return text


def _server(runtime: Runtime) -> str:
    from autodidact.promotion.deployers import deployer_of
    from autodidact.sources.name_of_system import system_of

    deployer = deployer_of(runtime.settings, runtime.store, system_of(runtime.settings))
    server = getattr(deployer, "server", None)
    if not server:
        return f"{deployer.kind}: no deploy.url, so nothing is probed"
    return f"{deployer.kind}: serves {', '.join(server.cards()) or 'nothing'}"


def _vllm(runtime: Runtime) -> list[tuple[str, Callable[[Runtime], str]]]:
    """What a promotion asks of a vLLM. Nothing where server or base model are away: other rows say so."""
    from autodidact.models.base_models import resolve_base
    from autodidact.promotion.deployers.vllm import VllmDeployer
    from autodidact.promotion.vllm_check import checks
    from autodidact.recipes import effective
    from autodidact.sources.name_of_system import system_of

    try:
        deployer = VllmDeployer(runtime.settings, runtime.store, system_of(runtime.settings))
        deployer.client.cards()
        base = resolve_base(runtime.settings)
    except AutodidactError:
        return []
    rank = effective(runtime.settings).rank
    return [(name, partial(_done, check)) for name, check in checks(deployer, base, rank)]


def _done(check: Callable[[], str], _: Runtime) -> str:
    return check()


def _service(name: str, url: str, model: str | None, runtime: Runtime) -> str:
    """Whether an OpenAI-compatible server answers, and serves the model."""
    from autodidact.models.openai_client import OpenAIClient, Refused

    key = f"AUTODIDACT_{name.upper()}__KEY"
    try:
        cards = OpenAIClient(url, what=f"The server at {address(url)}", key_variable=key).cards()
    except Refused as refused:
        if refused.status not in (404, 405):
            raise
        return f"{address(url)} answers, and does not list its models"
    if model and model not in cards:
        raise AutodidactError(
            f"{address(url)} does not serve {model}; it has {', '.join(list(cards)[:8])}",
            f"Set {name}.model.",
        )
    return f"{address(url)} serves {model or ', '.join(list(cards)[:8])}"
