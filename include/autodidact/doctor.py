"""`autodidact doctor`: is there all that a cycle needs, and what to do if not."""

import os
import shutil
import sys
from collections.abc import Callable
from functools import partial

from autodidact.display import address, addresses
from autodidact.errors import AutodidactError
from autodidact.runtime import Runtime

RESEARCH_ONLY = "nvidia/Nemotron-Orchestrator-8B"


def check(make_runtime: Callable[[], Runtime]) -> list[dict]:
    """One row a check: {"name", "ok", "told"}. A check that depends on a failed one is left out."""
    rows: list[dict] = []

    def row(name: str, work: Callable[[], str]):
        try:
            rows.append({"name": name, "ok": True, "told": work()})
        except AutodidactError as error:
            rows.append({"name": name, "ok": False, "told": str(error)})
        except Exception as error:
            rows.append({"name": name, "ok": False, "told": addresses(f"{type(error).__name__}: {error}")})
        return rows[-1]["ok"]

    row("python", lambda: f"{sys.version.split()[0]}, {os.cpu_count()} cores")
    found: list[Runtime] = []
    if not row("settings", lambda: (found.append(make_runtime()), f"profile {found[0].settings.profile}")[1]):
        return rows
    runtime = found[0]

    def repository() -> str:
        from autodidact.sources.samples import with_samples
        from autodidact.sources.system import system_of

        sources = with_samples(runtime.settings).sources
        samples = "; sources not named come from include/samples" if sources.samples else ""
        return f"{sources.repository}: system {system_of(runtime.settings)}{samples}"

    def store() -> str:
        runtime.store.check_writable()
        free = (
            f", {shutil.disk_usage(runtime.store.root).free / 1e9:.0f} GB free" if runtime.store.root else ""
        )
        return runtime.store.shown + free

    def chronicle() -> str:
        with runtime.chronicle() as log:
            return log.describe()

    def base() -> str:
        from autodidact.models.bases import resolve_base

        found = resolve_base(runtime.settings)
        told = f"{found.id}, sha256 {found.sha256[:12]}"
        if found.id == RESEARCH_ONLY:
            told += (
                "; its licence allows research and development only: base_model=Qwen/Qwen3-8B (Apache-2.0) is"
                " the one-line alternative"
            )
        return told

    def accelerator() -> str:
        import torch

        return (
            torch.cuda.get_device_name(0)
            if torch.cuda.is_available()
            else f"none: CPU, torch {torch.__version__}"
        )

    def server() -> str:
        from autodidact.promotion.deployers import deployer_of
        from autodidact.sources.system import system_of

        deployer = deployer_of(runtime.settings, runtime.store, system_of(runtime.settings))
        asked = getattr(deployer, "server", None)
        return deployer.kind + (
            f": serves {', '.join(asked.cards()) or 'nothing'}"
            if asked
            else ": no deploy.url, so nothing is probed"
        )

    def service(name: str, url: str, model: str | None) -> str:
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

    row("repository", repository)
    row("store", store)
    row("chronicle", chronicle)
    row("base model", base)
    row("accelerator", accelerator)
    judge, teacher = runtime.settings.judge, runtime.settings.teacher
    services = [("judge", judge.url, judge.model), ("teacher", teacher.url, teacher.model)]
    for name, url, model in [*services, ("benchmark", runtime.settings.benchmark.engine_url, None)]:
        if url:
            row(name, partial(service, name, url, model))
    if runtime.settings.deploy.kind != "none":
        row("server", server)
    return rows
