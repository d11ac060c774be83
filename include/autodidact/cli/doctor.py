"""`autodidact doctor`: is there all that a cycle needs, and what to do if not.

A check returns what it found, raises `Warned` for what a cycle can go on with, and any other error for what
it cannot. doctor_sources.py counts what can be read, doctor_services.py asks the servers.
"""

import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from autodidact.cli import doctor_services, doctor_sources
from autodidact.cli.doctor_row import Warned, row
from autodidact.errors import AutodidactError
from autodidact.runtime import Runtime
from autodidact.terminal.view import Heading, Table, View

if TYPE_CHECKING:
    from autodidact.models.find_base_model import BaseModelRef

# Its licence allows research and development only.
RESEARCH_ONLY = "nvidia/Nemotron-Orchestrator-8B"

# What can be said only of a base model that is there: the rows would repeat its error.
OF_THE_BASE = ("template", "licence", "memory")

Check = tuple[str, Callable[[Runtime], str]]


def check(make_runtime: Callable[[], Runtime]) -> list[dict[str, Any]]:
    """One row a check: {"name", "ok", "state": ok, warning or failed, "message", "remedy"}. Without valid
    settings nothing else is checked; without a base model, nothing that is read from it.
    """
    rows = [row("python", lambda: f"{sys.version.split()[0]}, {os.cpu_count()} cores")]
    made: list[Runtime] = []

    def settings() -> str:
        made.append(make_runtime())
        return f"profile {made[0].settings.profile}"

    rows.append(row("settings", settings))
    for runtime in made:
        for name, work in _checks(runtime):
            if name in OF_THE_BASE and any(each["name"] == "base model" and not each["ok"] for each in rows):
                continue
            rows.append(row(name, partial(work, runtime)))
    return rows


def view(rows: list[dict[str, Any]]) -> View:
    """The rows as a table; at its end how many are failed and warned of."""
    cells = [
        [each["name"], each["state"], each["message"].removesuffix(each["remedy"]).rstrip(), each["remedy"]]
        for each in rows
    ]
    counts = {state: sum(each["state"] == state for each in rows) for state in ("failed", "warning", "ok")}
    table = Table(["check", "state", "what was found", "what to do"], cells)
    return [Heading("What a cycle needs"), table, ", ".join(f"{n} {state}" for state, n in counts.items())]


def _checks(runtime: Runtime) -> list[Check]:
    """(name, check) of all that these settings make a cycle need."""
    found: list[Check] = [
        ("repository", _repository),
        *doctor_sources.more_repositories(runtime),
        *doctor_sources.checks(runtime),
        ("store", _store),
        ("chronicle", _chronicle),
        ("base model", _base),
        ("template", _template),
        ("licence", _licence),
        ("accelerator", _accelerator),
        ("memory", _memory),
        *doctor_services.checks(runtime),
        ("airflow", doctor_services.airflow),
    ]
    return found


def _repository(runtime: Runtime) -> str:
    from autodidact.sources.name_of_system import system_of
    from autodidact.sources.samples import with_samples

    sources = with_samples(runtime.settings).sources
    samples = "; sources not named come from include/samples" if sources.samples else ""
    size = f", {doctor_sources.size_of(sources.repository, sources.branch)}" if sources.repository else ""
    return f"{sources.repository}: system {system_of(runtime.settings)}{size}{samples}"


def _store(runtime: Runtime) -> str:
    runtime.store.check_writable()
    if not runtime.store.root:
        return runtime.store.shown
    return f"{runtime.store.shown}, {shutil.disk_usage(runtime.store.root).free / 1e9:.0f} GB free"


def _chronicle(runtime: Runtime) -> str:
    with runtime.chronicle() as log:
        return log.describe()


def _resolved(runtime: Runtime) -> "BaseModelRef":
    from autodidact.models.find_base_model import resolve_base

    return resolve_base(runtime.settings)


def _base(runtime: Runtime) -> str:
    base = _resolved(runtime)
    about = ""
    if base.id == "sprout":
        about = "; it learns values, no sentences: `make cycle BASE=smollm2` takes a real language model"
    return f"{base.id}, sha256 {base.sha256[:12]}{about}"


def _template(runtime: Runtime) -> str:
    from autodidact.models.chat_template import template_of
    from autodidact.models.tool_template import knows_tools

    base = _resolved(runtime)
    own = knows_tools(template_of(base.path))
    base.tokenizer()  # raises where the template can be used for nothing
    return "the model's own" if own else "the model's own turns, with Autodidact's form of tools"


def _licence(runtime: Runtime) -> str:
    from autodidact.models.base_licence import card_licence
    from autodidact.models.packaged_base_models import PACKAGED

    base = _resolved(runtime)
    if base.id == RESEARCH_ONLY:
        raise Warned(
            f"that of {base.id} allows research and development only",
            "base_model=Qwen/Qwen3-8B (Apache-2.0) is the one-line alternative.",
        )
    if base.id in PACKAGED:
        return f"{PACKAGED[base.id].licence}; {PACKAGED[base.id].about}"
    if found := card_licence(base.path):
        return f"{found}, as the model's card says"
    if base.id == "sprout":
        return "Apache-2.0; it comes with this package"
    raise Warned(
        f"the card of {base.id} here names none", "Read its licence before you serve what it learns."
    )


def _accelerator(runtime: Runtime) -> str:
    import torch

    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name(0))
    return f"none: CPU, torch {torch.__version__}"


def _memory(runtime: Runtime) -> str:
    from autodidact.available_memory import free_memory
    from autodidact.models.loading import device_of
    from autodidact.training import memory_fit
    from autodidact.training_recipes import effective

    device = device_of()
    fits, text = memory_fit.fit_check(
        memory_fit.shape_of(_resolved(runtime)),
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
