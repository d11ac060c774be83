"""The servers and Airflow, for `autodidact doctor`; judge and server are asked one real question."""

import time
from collections.abc import Callable
from functools import partial
from importlib import metadata
from typing import TYPE_CHECKING, Any

from autodidact.cli.doctor_row import Warned
from autodidact.errors import AutodidactError
from autodidact.runtime import Runtime
from autodidact.safe_text import address

if TYPE_CHECKING:
    from autodidact.models.openai_client import OpenAIClient

# Seconds that an answer to the one question may take; what the server is asked.
PATIENCE, QUESTION = 60.0, "Answer with one word: is water wet?"

Check = tuple[str, Callable[[Runtime], str]]


def checks(runtime: Runtime) -> list[Check]:
    """(name, check) of the servers that these settings name."""
    settings, found = runtime.settings, list[Check]()
    for name, url, model in (
        ("judge", settings.judge.url, settings.judge.model),
        ("teacher", settings.teacher.url, settings.teacher.model),
        ("benchmark", settings.benchmark.engine_url, None),
    ):
        if url:
            found.append((name, partial(_service, name, url, model)))
    if settings.judge.url and settings.judge.model:
        found.append(("judge's answer", partial(_judged, settings.judge.url, settings.judge.model)))
    if settings.deploy.kind != "none":
        found.append(("server", _server))
    if settings.deploy.kind == "vllm":
        found += _vllm(runtime)
    return found


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


def _judged(url: str, model: str, runtime: Runtime) -> str:
    """The judge's verdict on one answer that a person labelled."""
    from autodidact.benchmark.judge import ModelJudge
    from autodidact.benchmark.judge_calibration import labelled, level_of
    from autodidact.benchmark.scorers import score
    from autodidact.models.openai_client import OpenAIClient

    client = OpenAIClient(
        url, what=f"The judge at {address(url)}", key_variable="AUTODIDACT_JUDGE__KEY", timeout=PATIENCE
    )
    asked: list[dict[str, Any]] = []

    class Counting(ModelJudge):
        """Notes whether the model was asked: checks alone decide some answers."""

        def _ask(self, messages: list[dict[str, Any]]) -> str:
            asked.extend(messages)
            return super()._ask(messages)

    judge, began = Counting(client, model), time.monotonic()
    for each in labelled():
        found = score(each.item, {"content": each.answer}, judge)
        if asked:
            break
    if found.value is None:
        raise AutodidactError(
            f"{model} was asked one question, and {found.missing}",
            "Choose a model that answers with the JSON it is asked for.",
        )
    return (
        f"asked one question: {level_of(found.value)}, where a person says {each.label};"
        f" {time.monotonic() - began:.1f} s. `autodidact judge-check` asks all"
    )


def _server(runtime: Runtime) -> str:
    """What the server of the champion serves, and its answer to one question."""
    from autodidact.promotion.deployers import deployer_of
    from autodidact.sources.name_of_system import system_of

    deployer = deployer_of(runtime.settings, runtime.store, system_of(runtime.settings))
    server: OpenAIClient | None = getattr(deployer, "server", None)
    if not server:
        return f"{deployer.kind}: no deploy.url, so nothing is probed"
    names = list(server.cards())
    if not names:
        raise Warned(f"{deployer.kind}: it serves nothing", "The first promotion brings it a version.")
    _, seconds = server.live(names[0], QUESTION, timeout=PATIENCE)
    return (
        f"{deployer.kind}: serves {', '.join(names[:8])}; {names[0]} answered a question in {seconds:.1f} s"
    )


def _vllm(runtime: Runtime) -> list[Check]:
    """What a promotion asks of a vLLM. Nothing where server or base model are away: other rows say so."""
    from autodidact.promotion.deployers.vllm import VllmDeployer
    from autodidact.promotion.vllm_check import by_settings, checks
    from autodidact.sources.name_of_system import system_of

    try:
        deployer = VllmDeployer(runtime.settings, runtime.store, system_of(runtime.settings))
        deployer.client.cards()
        wanted = by_settings(runtime.settings, "doctor")
    except AutodidactError:
        return []
    return [(name, partial(_done, check)) for name, check in checks(deployer, wanted)]


def _done(check: Callable[[], str], _: Runtime) -> str:
    return check()


def airflow(runtime: Runtime) -> str:
    """Which Airflow is installed, whether it is one that was tested, and whether it finds the package."""
    from packaging.requirements import Requirement

    try:
        version = metadata.version("apache-airflow")
    except metadata.PackageNotFoundError:
        raise Warned(
            "not installed here: `autodidact cycle` runs a cycle without it", "pip install apache-airflow."
        ) from None
    try:
        wanted = [Requirement(each) for each in metadata.requires("autodidact") or []]
    except metadata.PackageNotFoundError:
        raise Warned(
            f"{version}; autodidact itself is not installed as a package, so Airflow finds no plugin",
            "pip install autodidact, or `make setup` in the checkout.",
        ) from None
    for each in wanted:
        if each.name == "apache-airflow" and not each.specifier.contains(version, prereleases=True):
            raise Warned(f"{version}, which was not tested", f"Install apache-airflow {each.specifier}.")
    plugins = metadata.entry_points(group="airflow.plugins", name="autodidact")
    return f"{version}; it finds the plugin" if plugins else f"{version}; the plugins folder has to name ours"
