"""The versions that are asked about one cycle's facts: in a process of this machine, or, with
`benchmark.through = "server"`, through the server that clients ask.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from autodidact.benchmark.engines import Prompt
from autodidact.benchmark.knowledge_probe import MAX_TOKENS
from autodidact.benchmark.measure_cycle_models import MOST_RESTARTS, OnTheServer, Server
from autodidact.benchmark.server_repeatability import Through
from autodidact.chronicle import base_name
from autodidact.errors import AutodidactError
from autodidact.ledger.kept_answers import Answers, model_of
from autodidact.models.child_process import Child
from autodidact.models.find_base_model import resolve_base
from autodidact.records import Champion, Report
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.training_recipes import effective

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle


def _here(*_: Any) -> None:
    """Versions are asked in a process of this machine."""


class Asker:
    """Asks versions for a cycle, each question once.

    `worker`: as `Answers.ask` takes it. `on_the_server` finds the server that answers in place of this
    machine, where the settings want that; `lease`: the key of the lease that is held while it is asked;
    `versions`: all that will be. Raises AutodidactError where the server cannot be had.
    """

    def __init__(
        self,
        cycle: "Cycle",
        runtime: Runtime,
        worker: Child | None = None,
        *,
        lease: str = "",
        on_the_server: OnTheServer = _here,
        versions: Iterable[Champion] = (),
    ):
        self._cycle, self._runtime, self._worker = cycle, runtime, worker
        self._settings = cycle.effective(runtime.settings)
        self._server: Server | None = on_the_server(
            self._settings, runtime.store, cycle.system, lease, list(versions)
        )
        # What answered last, if it was a server: kind, precision, program.
        self.served: dict[str, Any] | None = None

    def ask(self, version: Champion, prompts: Iterable[Prompt]) -> dict[str, str | None]:
        """What `Answers.ask` returns, of a version; raises what it raises. What the knowledge probe of the
        cycle has asked it is not asked again. A server that is started again meanwhile gets it again.
        """
        prompts = list(prompts)
        for restarts in range(MOST_RESTARTS + 1):
            try:
                through = self._server.bring(version) if self._server else None
                return self._answers(version, through).ask(
                    prompts, worker=self._worker, say=self._runtime.say
                )
            except AutodidactError as error:
                if self._server is None or restarts == MOST_RESTARTS:
                    raise
                if not self._server.again(version, error):
                    raise
                self._runtime.say(f"ask_ledger: the server was started again: {version.version} once more")
        raise AssertionError("the last try returns or raises")

    def _answers(self, version: Champion, through: Through | None) -> Answers:
        self.served = through.shown() if through else None
        model = model_of(self._settings, version.adapter, version.quantization)
        answers = Answers(self._runtime.store, self._cycle.system, self._settings, model, through)
        reports = self._cycle.reports(self._runtime.store).values()
        answers.add(
            {
                answers.key(Prompt(item.id, item.prompt, [], MAX_TOKENS)): item.answer
                for report in reports
                if report.model["sha256"] == model.digest and _alike(report, self.served)
                for item in report.probe_items
                if item.missing is None
            }
        )
        return answers


def _alike(report: Report, served: Mapping[str, Any] | None) -> bool:
    """Whether what answered in a report answers now: the same server, or a process of this machine."""
    if not report.served or not served:
        return not report.served and not served
    return all(report.served.get(name) == served[name] for name in ("kind", "precision"))


def base_version(settings: Settings) -> Champion:
    """The base of the settings, as a version."""
    base = resolve_base(settings)
    return Champion(
        version=base_name(base.sha256),
        base={"id": base.id, "revision": base.revision, "sha256": base.sha256},
        quantization=effective(settings).quantization,
        cycle_id="",
        promoted_at="",
    )
