"""`autodidact doctor`: is there all that a cycle needs, and what to do if not."""

import os
import shutil
import sys
from collections.abc import Callable

from autodidact.display import addresses
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
        from autodidact.cycle import system_of

        return f"{runtime.settings.sources.repository}: system {system_of(runtime.settings)}"

    def store() -> str:
        runtime.store.check_writable()
        free = f", {shutil.disk_usage(runtime.store.root).free / 1e9:.0f} GB free" if runtime.store.root else ""
        return runtime.store.shown + free

    def chronicle() -> str:
        with runtime.chronicle() as log:
            return log.describe()

    def base() -> str:
        from autodidact.models import resolve_base

        found = resolve_base(runtime.settings)
        told = f"{found.id}, sha256 {found.sha256[:12]}"
        if found.id == RESEARCH_ONLY:
            told += "; its licence allows research and development only: base_model=Qwen/Qwen3-8B (Apache-2.0) is the one-line alternative"
        return told

    def accelerator() -> str:
        import torch

        return torch.cuda.get_device_name(0) if torch.cuda.is_available() else f"none: CPU, torch {torch.__version__}"

    def server() -> str:
        from autodidact.cycle import system_of
        from autodidact.promotion.deployers import deployer_of

        deployer = deployer_of(runtime.settings, runtime.store, system_of(runtime.settings))
        asked = getattr(deployer, "server", None)
        return deployer.kind + (f": serves {', '.join(asked.cards()) or 'nothing'}" if asked else ": no deploy.url, so nothing is probed")

    row("repository", repository)
    row("store", store)
    row("chronicle", chronicle)
    row("base model", base)
    row("accelerator", accelerator)
    if runtime.settings.deploy.kind != "none":
        row("server", server)
    return rows
