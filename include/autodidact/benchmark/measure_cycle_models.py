"""The models of a cycle, and measuring them: in a process of this machine, or through the server that clients
ask (server_repeatability.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from autodidact.benchmark.server_repeatability import Through
from autodidact.errors import AutodidactError
from autodidact.knowledge.fact import Question
from autodidact.records import Adapter, Champion, Report
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

# Restarts of the server that one model's measuring outlasts.
MOST_RESTARTS = 5


class Server(Protocol):
    """The server that clients ask, with a cycle's models on it (promotion/trial_on_server.py)."""

    def bring(self, champion: Champion) -> Through:
        """Where the version answers, loaded if need be. Raises AutodidactError."""
        ...

    def again(self, champion: Champion, error: AutodidactError) -> bool:
        """Whether what failed with `error` is worth another try: the server was started again."""
        ...


# (settings, store, system, key of the stage's lease, the models): the server to measure through; None: here.
OnTheServer = Callable[[Settings, Store, str, str, list[Champion]], Server | None]


@dataclass
class Model:
    """A model to measure: the base with or without an adapter. `quantization` None: as the settings train."""

    adapter: Adapter | None = None
    quantization: str | None = None


def model_of(champion: Champion) -> Model:
    return Model(champion.adapter, champion.quantization)


def version_of(cycle: "Cycle", store: Store, settings: Settings, model: Model) -> Champion:
    """The version that a model is, as a server is given it."""
    from autodidact.chronicle import base_name
    from autodidact.training_recipes import effective

    champion = champion_of(cycle)
    if champion.adapter == model.adapter:
        return champion
    if model.adapter is None:
        name, made_by = base_name(cycle.base["sha256"]), ""
    else:
        name, made_by = cycle.candidate(store) or "", cycle.cycle_id
    return Champion(
        version=name,
        base=cycle.base,
        adapter=model.adapter,
        quantization=model.quantization or effective(settings).quantization,
        cycle_id=made_by,
        promoted_at=champion.promoted_at,
    )


def versions(cycle: "Cycle", store: Store, settings: Settings) -> list[Champion]:
    """The versions that a cycle compares: its candidate, if there is one, the champion, and the base."""
    models = [model_of(champion_of(cycle))]
    if adapter := cycle.adapter(store):
        models.insert(0, Model(adapter, cycle.quantization(store)))
    if champion_of(cycle).adapter:
        models.append(Model())
    return [version_of(cycle, store, settings, model) for model in models]


def champion_of(cycle: "Cycle") -> Champion:
    if cycle.champion is None:
        raise AutodidactError(f"{cycle.cycle_id} was opened without a champion", "Open another cycle.")
    return cycle.champion


class Measuring:
    """Measures models for one cycle, in one process that is started once: here, or through the server that
    clients ask.
    """

    def __init__(self, cycle: "Cycle", runtime: Runtime, worker: Any, lease: str, on_the_server: OnTheServer):
        self._cycle, self._runtime, self._worker = cycle, runtime, worker
        self._settings = cycle.effective(runtime.settings)
        self._server: Server | None = None
        if self._settings.benchmark.through == "server":
            models = versions(cycle, runtime.store, self._settings)
            self._server = on_the_server(self._settings, runtime.store, cycle.system, lease, models)

    def report(self, model: Model, blocks: list[int], questions: Iterable[Question] = ()) -> Report:
        """The report of a model. What the store has already is not asked for again. A server that is started
        again meanwhile gets the model again.
        """
        if self._server is None:
            return self._report(model, blocks, questions)
        version = version_of(self._cycle, self._runtime.store, self._settings, model)
        for restarts in range(MOST_RESTARTS + 1):
            try:
                return self._report(model, blocks, questions, self._server.bring(version))
            except AutodidactError as error:
                if restarts == MOST_RESTARTS or not self._server.again(version, error):
                    raise
                self._runtime.say(f"benchmark: the server was started again: {version.version} once more")
        raise AssertionError("the last try returns or raises")

    def _report(
        self, model: Model, blocks: list[int], questions: Iterable[Question], through: Through | None = None
    ) -> Report:
        from autodidact.benchmark.measure_model import measure
        from autodidact.models.find_base_model import resolve_base

        store, adapter = self._runtime.store, model.adapter
        report = measure(
            store,
            self._cycle.system,
            self._settings,
            resolve_base(self._settings),
            store.local(adapter.path) if adapter else None,
            adapter_sha256=adapter.sha256 if adapter else None,
            quantization=model.quantization,
            questions=list(questions),
            blocks=blocks,
            week=self._cycle.benchmark["week"],
            salt=self._cycle.benchmark["salt"],
            through=through,
            worker=self._worker,
            say=self._runtime.say,
        )
        if adapter:
            report.model["adapter"] = adapter.path
        return report

    def dev(self) -> list[Any]:
        """The base's results on the dev items, taken once: always here, in the precision of the training that
        they are for.
        """
        from autodidact.benchmark.measure_model import measure_dev
        from autodidact.models.find_base_model import resolve_base

        return measure_dev(
            self._runtime.store,
            self._cycle.system,
            self._settings,
            resolve_base(self._settings),
            worker=self._worker,
            say=self._runtime.say,
        )
