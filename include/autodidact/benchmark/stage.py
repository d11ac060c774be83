"""The stages that measure the models of a cycle: the champion, then the candidate, to be compared with the
champion and the base. `into_folder` measures one model without a cycle.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact import sealed_cycle
from autodidact.benchmark.measure_cycle_models import Measuring, Model, OnTheServer, champion_of, model_of
from autodidact.errors import AutodidactError, Interrupted, Skipped, Unavailable, UsageError
from autodidact.records import Manifest, Report, canonical, sha256
from autodidact.runtime import Runtime, say_on_stderr
from autodidact.settings import Settings
from autodidact.stage import Stage, Work, verified
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

# Whether the reports of a cycle's candidate, champion and base leave the verdict open, so that another block
# is worth its time.
Open = Callable[["Cycle", Runtime, Report, Report, Report], bool]

# Of the benchmark's results, and of the champion's report.
VERSION, CHAMPION_VERSION = "4", "3"
# Nothing is decided before so many blocks of the week.
FIRST_LOOK = 2


def _first_blocks(cycle: "Cycle") -> list[int]:
    """What is measured in any case: block 0, and as many of the week's as the first look takes."""
    return [block for block in cycle.benchmark["blocks"] if block <= FIRST_LOOK]


def _fixed(cycle: "Cycle") -> dict[str, str]:
    champion = cycle.champion.model_dump(mode="json") if cycle.champion else None
    return {"champion": sha256(canonical(champion)), "benchmark": sha256(canonical(cycle.benchmark))}


def _champion_inputs(cycle: "Cycle", runtime: Runtime) -> dict[str, str]:
    """Raises Skipped where the gate left nothing to train on."""
    gated = cycle.manifest(runtime.store, "gate")
    if gated and gated.status == "skipped":
        raise Skipped(gated.reason or "the gate was skipped")
    return _fixed(cycle)


def _here(*_: Any) -> None:
    """Models are measured in a process of this machine."""


def measure_champion(on_the_server: OnTheServer = _here) -> Stage:
    """The stage that measures the model in service."""

    def work(cycle: "Cycle", runtime: Runtime, run: Work) -> None:
        _measure_champion(cycle, runtime, run, on_the_server)

    return Stage("measure_champion", CHAMPION_VERSION, _champion_inputs, work, sealed_cycle.closed)


def _measure_champion(cycle: "Cycle", runtime: Runtime, run: Work, on_the_server: OnTheServer) -> None:
    """The champion's report on this cycle's blocks: costs nothing when its answers are cached. Asks the base
    its dev items, once.
    """
    from autodidact.benchmark.measure_model import WORKER
    from autodidact.models.child_process import Child

    lease = run.key("lease.json")
    with runtime.store.lease(lease), Child(WORKER) as worker:
        measuring = Measuring(cycle, runtime, worker, lease, on_the_server)
        report = measuring.report(model_of(champion_of(cycle)), _first_blocks(cycle))
        if cycle.effective(runtime.settings).benchmark.dev_items:
            try:
                _forecast_late(cycle, runtime, measuring.dev(), run)
            except (Interrupted, Unavailable):
                raise  # tried again, with what was answered kept
            except AutodidactError as error:
                # A server that serves only the champion, say: then there is no forecast.
                run.troubles.add("the base could not be asked its dev items", error.message[:200])
    run.write_json("report.json", report)
    run.counts = {"overall": report.overall}


def _forecast_late(cycle: "Cycle", runtime: Runtime, dev: list[Any], run: Work) -> None:
    """The gate's forecast, of the first cycle of a base: its gate had no dev items to go by."""
    from autodidact.benchmark.forecast_regressions import forecast

    store, gated, report = (
        runtime.store,
        cycle.manifest(runtime.store, "gate"),
        cycle.gate_report(runtime.store),
    )
    if not gated or (report or {}).get("forecast"):
        return
    kept = store.read_lines(verified(store, f"{cycle.folder}/gate", gated, "kept.jsonl"))
    found = forecast(map(json.loads, kept), dev)
    run.write_json("forecast.json", found)
    share = f"{len(found['at_risk'])} of {len(found['families'])}"
    runtime.say(f"measure_champion: {share} families of questions may get worse: {found['rule']}")


def benchmark(
    cycle: "Cycle",
    runtime: Runtime,
    *,
    undecided: Open,
    on_the_server: OnTheServer = _here,
    force: bool = False,
) -> Manifest:
    """The candidate's report, with the champion's and the base's. First finishes earlier candidates never
    measured.

    An earlier one that cannot be measured (its files were changed, say) costs itself alone. Raises Skipped
    when there is no candidate.
    """
    stage = _stage(undecided, on_the_server)
    for earlier in unmeasured(cycle, runtime.store):
        runtime.say(f"benchmark: first the candidate of {earlier.cycle_id}, trained but never measured")
        try:
            stage.run(earlier, runtime)
        except (Interrupted, Unavailable):
            raise
        except AutodidactError as error:
            runtime.say(
                f"benchmark: the candidate of {earlier.cycle_id} cannot be measured, and is left: {error}"
            )
    return stage.run(cycle, runtime, force=force)


def unmeasured(cycle: "Cycle", store: Store) -> list["Cycle"]:
    """Earlier cycles of the same kind whose candidate was trained and never measured, oldest first."""
    trained, measured = cycle.files_of_all(store, "training/manifest.json", "benchmark/manifest.json")
    names = trained.keys() - measured.keys()
    return [each for each in cycle.earlier(store, names) if each.adapter(store)]


def _stage(undecided: Open, on_the_server: OnTheServer) -> Stage:
    def work(cycle: "Cycle", runtime: Runtime, run: Work) -> None:
        _benchmark(cycle, runtime, run, undecided, on_the_server)

    return Stage("benchmark", VERSION, _benchmark_inputs, work, sealed_cycle.closed)


def _benchmark_inputs(cycle: "Cycle", runtime: Runtime) -> dict[str, str]:
    """Raises Skipped when there is no candidate."""
    return {
        "adapter": cycle.done(runtime.store, "train").outputs["adapter"].sha256,
        **_fixed(cycle),
        "questions": sha256("".join(question.id for question in cycle.questions(runtime.store))),
    }


def _benchmark(
    cycle: "Cycle", runtime: Runtime, run: Work, undecided: Open, on_the_server: OnTheServer
) -> None:
    """Measures candidate, champion and base, and draws more blocks while the verdict is open."""
    from autodidact.benchmark.measure_model import WORKER
    from autodidact.models.child_process import Child

    candidate = Model(cycle.adapter(runtime.store), cycle.quantization(runtime.store))
    blocks = _first_blocks(cycle)
    waiting = [block for block in cycle.benchmark["blocks"] if block not in blocks]
    lease = run.key("lease.json")
    with runtime.store.lease(lease), Child(WORKER) as worker:
        measuring = Measuring(cycle, runtime, worker, lease, on_the_server)
        reports = _all_three(measuring, cycle, runtime, candidate, blocks)
        while waiting and undecided(cycle, runtime, *reports.values()):
            runtime.say(f"benchmark: not clear yet, block {waiting[0]} may tell")
            blocks = [*blocks, waiting.pop(0)]
            reports = _all_three(measuring, cycle, runtime, candidate, blocks)
    settings = cycle.effective(runtime.settings)
    if settings.deploy.kind != "none" and settings.deploy.tolerance is not None:
        _measure_identity(cycle, runtime, settings, candidate, run)
    for name, report in reports.items():
        run.write_json(f"{name}.json", report)
    run.counts = {name: report.overall for name, report in reports.items()}


def _all_three(
    measuring: Measuring, cycle: "Cycle", runtime: Runtime, candidate: Model, blocks: list[int]
) -> dict[str, Report]:
    """{"report": the candidate's, "champion", "base"}. A champion that is the base is measured once."""
    questions, champion = cycle.questions(runtime.store), champion_of(cycle)
    runtime.say(f"benchmark: the candidate on blocks {', '.join(map(str, blocks))}")
    reports = {"report": measuring.report(candidate, blocks, questions)}
    runtime.say("benchmark: the champion" + ("" if champion.adapter else ", which is the base"))
    reports["champion"] = reports["base"] = measuring.report(model_of(champion), blocks, questions)
    if champion.adapter:
        runtime.say("benchmark: the base")
        reports["base"] = measuring.report(Model(), blocks, questions)
    return reports


def _measure_identity(
    cycle: "Cycle", runtime: Runtime, settings: Settings, candidate: Model, run: Work
) -> None:
    """Stores what a server is recognised by, here, where the models are at hand; what is missing, the probe
    measures by itself.
    """
    from autodidact.models import logprob_identity

    champion = champion_of(cycle)
    trained = {"adapter": candidate.adapter, "quantization": candidate.quantization, "base": cycle.base}
    models = [champion.model_copy(update=trained), champion, champion.model_copy(update={"adapter": None})]
    try:
        logprob_identity.ensure(runtime.store, cycle.system, settings, models)
    except Interrupted:
        raise
    except AutodidactError as error:
        run.troubles.add("the identity for the probe could not be measured", error.message[:200])


def into_folder(settings: Settings, adapter: Path | None, blocks: list[int], out: Path) -> Report:
    """Measures the base, or an adapter of it. Writes `out/report.json` and returns it. Answers are kept under
    `out/benchmarks`, so that an interrupted run resumes.
    """
    from autodidact.benchmark.measure_model import measure
    from autodidact.models.find_base_model import resolve_base

    if adapter is not None and not (adapter / "adapter_config.json").is_file():
        raise UsageError(
            f"{adapter} is no adapter: it has no adapter_config.json",
            "Name the folder `adapter` that `autodidact train` wrote.",
        )
    if settings.benchmark.through == "server":
        say_on_stderr("benchmark.through=server counts in a cycle; here a process of this machine answers")
    store, base = Store(out), resolve_base(settings)
    report = measure(store, "", settings, base, adapter, blocks=blocks, say=say_on_stderr)
    store.write_json("report.json", report)
    return report
