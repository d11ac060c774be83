"""The stage of the gate: what is worth training on. On a cycle's examples, or on a folder of them."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact import sealed_cycle
from autodidact.errors import AutodidactError, Skipped, UsageError
from autodidact.generators import PROBE_FILES
from autodidact.knowledge import new_since_earlier_cycles
from autodidact.records import Manifest, canonical, sha256
from autodidact.runtime import Runtime, say_on_stderr
from autodidact.settings import Settings
from autodidact.stage import Stage, Work, run_stage, verified
from autodidact.store import Cache, Store
from autodidact.terminal.pace import counted

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle
    from autodidact.gate.driver import Screened
    from autodidact.gate.rule import Context

VERSION = "28"

# (generator, line number, line)
Row = tuple[str, int, str]


def _made(cycle: "Cycle", store: Store) -> tuple[dict[str, Manifest], list[str]]:
    """The manifests of the generators that made something, and the names of those that failed."""
    manifests = {name: cycle.manifest(store, f"generate.{name}") for name in cycle.generators()}
    made = {name: manifest for name, manifest in manifests.items() if manifest and manifest.status == "done"}
    return made, [name for name, manifest in manifests.items() if manifest is None]


def _inputs(cycle: "Cycle", runtime: Runtime) -> dict[str, str]:
    """What generators made, what is replayed, the settings. Raises AutodidactError when too many generators
    failed.
    """
    settings = cycle.effective(runtime.settings)
    made, failed = _made(cycle, runtime.store)
    if len(failed) > settings.generators.max_failed:
        raise AutodidactError(
            f"{len(failed)} generators failed ({', '.join(failed)}), more than generators.max_failed ="
            f" {settings.generators.max_failed}",
            "Read their logs, mend the cause and run the cycle again: what is done stays done.",
        )
    inputs = {name: manifest.outputs[f"{name}.jsonl"].sha256 for name, manifest in made.items()}
    inputs |= {f"replay.{earlier['cycle_id']}": earlier["sha256"] for earlier in cycle.replay}
    return inputs | {"settings": sha256(canonical(settings.frozen()["gate"]))}


def _of_cycle(cycle: "Cycle", runtime: Runtime, run: Work) -> None:
    """Raises Skipped when the generators made nothing, when too little of it is new, and when nothing is
    left.
    """
    from autodidact.gate import shards
    from autodidact.gate.replay import ReplayCounts, replayed

    settings, store = cycle.effective(runtime.settings), runtime.store
    made, failed = _made(cycle, store)
    examples = sum(manifest.counts.get("examples", 0) for manifest in made.values())
    if not examples:
        # What is replayed alone would be trained on a second time.
        raise Skipped("the generators found nothing new")
    news = _news(cycle, settings, made)
    run.extra["news"] = news
    if news["ends_early"]:
        raise Skipped(news["says"])
    runtime.say(f"gate: {examples} examples of {len(made)} generators")
    replay = ReplayCounts()
    screened = _screened(cycle, runtime, made) if shards.any_there(cycle, store) else None

    def rows() -> Iterator[Row]:
        if screened is None:
            yield from _lines_of(cycle, store, made)
        yield from replayed(cycle, store, settings, replay)

    def complete(report: dict[str, Any]) -> None:
        report |= {"failed_generators": failed, "replay": replay.as_dict(), "news": news}
        for trouble in replay.left.list():
            run.troubles.add(f"not replayed: {trouble.reason}", trouble.ref, trouble.count)
        _add_forecast(report, cycle, settings, run)

    report = work(
        counted(rows(), examples, runtime.say, "gate"),
        settings,
        run,
        scored=_scored(cycle, settings),
        cache=runtime.cache,
        say=runtime.say,
        complete=complete,
        screened=screened or (),
    )
    run.counts = {"raw": report["raw"], "kept": report["kept"]}
    if not report["kept"]:
        raise Skipped("nothing is left to train on")


def _news(cycle: "Cycle", settings: Settings, made: dict[str, Manifest]) -> dict[str, Any]:
    """How much is new, and whether that is too little to go on."""
    new = sum(manifest.counts.get("new", 0) for manifest in made.values())
    return new_since_earlier_cycles.news(cycle, settings, new)


def _lines_of(cycle: "Cycle", store: Store, made: dict[str, Manifest]) -> Iterator[Row]:
    for name, manifest in made.items():
        key = verified(store, f"{cycle.folder}/generated", manifest, f"{name}.jsonl")
        for number, line in enumerate(store.read_lines(key), 1):
            yield name, number, line


def _add_forecast(report: dict[str, Any], cycle: "Cycle", settings: Settings, run: Work) -> None:
    """Which families are at risk, where the base has been measured on its dev items already."""
    from autodidact.benchmark.forecast_regressions import forecast
    from autodidact.benchmark.measure_model import read_dev
    from autodidact.models.find_base_model import resolve_base

    if dev := read_dev(run.store, cycle.system, settings, resolve_base(settings)):
        kept = map(json.loads, run.store.read_lines(run.key("kept.jsonl")))
        report["forecast"] = forecast(kept, dev)


def _scored(cycle: "Cycle", settings: Settings) -> list[Any]:
    """The items that the cycle's models are scored by."""
    from autodidact.benchmark.items import block

    level, week, salt = cycle.benchmark["level"], cycle.benchmark["week"], cycle.benchmark["salt"]
    return [
        item
        for number in cycle.benchmark["blocks"]
        for item in block(number, level=level, week=week, salt=salt, own=settings.benchmark.families)
    ]


GATE = Stage("gate", VERSION, _inputs, _of_cycle)


def make(cycle: "Cycle", runtime: Runtime, *, force: bool = False) -> Manifest:
    """The manifest of the gate on a cycle. Raises Skipped where there is nothing to train on."""
    from autodidact.gate.shards import remove_shards

    try:
        manifest = GATE.run(cycle, runtime, force=force)
    except Skipped:
        remove_shards(cycle, runtime.store)
        raise
    remove_shards(cycle, runtime.store)
    return manifest


def shards_of(cycle: "Cycle", runtime: Runtime) -> list[str]:
    """The shards into which the gate's work can be divided; none where the gate has nothing to do."""
    from autodidact.gate.shards import names_of

    settings = cycle.effective(runtime.settings)
    made, failed = _made(cycle, runtime.store)
    fails = len(failed) > settings.generators.max_failed
    if fails or _is_done(cycle, runtime) or _news(cycle, settings, made)["ends_early"]:
        return []
    return names_of(made)


def make_shard(name: str, cycle: "Cycle", runtime: Runtime) -> Manifest:
    """The manifest of one shard, made by a task of its own; `make` then only puts them together.
    Nothing is to do where that is done.
    """
    if whole := _is_done(cycle, runtime):
        return whole
    sealed_cycle.require_unsealed(GATE.sealed(runtime.store, cycle.folder))
    made, _ = _made(cycle, runtime.store)
    return _make_shard(name, cycle, runtime, made, _context(cycle, runtime))


def _is_done(cycle: "Cycle", runtime: Runtime) -> Manifest | None:
    """The gate's manifest, where it is of these inputs and this code."""
    whole = cycle.manifest(runtime.store, "gate")
    done = whole and whole.code == VERSION and whole.inputs == _inputs(cycle, runtime)
    return whole if done else None


def _context(cycle: "Cycle", runtime: Runtime) -> Callable[[], "Context"]:
    """What the rules may ask; it takes two seconds to make, and is made once, when it is asked for."""

    @cache
    def context() -> "Context":
        from autodidact.gate import context_of
        from autodidact.models.find_base_model import resolve_base

        settings = cycle.effective(runtime.settings)
        tokenizer, scored = resolve_base(settings).tokenizer(), _scored(cycle, settings)
        return context_of(settings, tokenizer, runtime.cache, scored, runtime.say)

    return context


def _make_shard(
    name: str, cycle: "Cycle", runtime: Runtime, made: dict[str, Manifest], context: Callable[[], "Context"]
) -> Manifest:
    """The manifest of a shard, which is made unless it is there."""
    from autodidact.gate import RULES, shards

    generator = name.rpartition(".")[0]

    def screen(run: Work) -> None:
        rows = _lines_of(cycle, runtime.store, {generator: made[generator]})
        shards.write_shard(shards.rows_of(name, rows), RULES, context(), run)

    return run_stage(
        runtime.store,
        cycle.cycle_id,
        "gate",
        f"{cycle.folder}/{shards.FOLDER}/{name}",
        code=VERSION,
        inputs=_inputs(cycle, runtime),
        work=screen,
    )


def _screened(cycle: "Cycle", runtime: Runtime, made: dict[str, Manifest]) -> Iterator["Screened"]:
    """All shards in their order; those that are missing are made."""
    from autodidact.gate import shards

    context = _context(cycle, runtime)
    for name in shards.names_of(made):
        manifest = _make_shard(name, cycle, runtime, made, context)
        yield shards.read_shard(runtime.store, f"{cycle.folder}/{shards.FOLDER}/{name}", manifest)


def work(
    rows: Iterable[Row],
    settings: Settings,
    run: Work,
    *,
    scored: list[Any],
    cache: Cache,
    say: Callable[[str], None],
    complete: Callable[[dict[str, Any]], None] = lambda report: None,
    screened: Iterable["Screened"] = (),
) -> dict[str, Any]:
    """Writes kept.jsonl, dropped.jsonl, report.json, report.md and its pictures. Returns the report.

    `scored`: the items of the benchmark, which nothing that is kept may repeat. `complete` may add to the
    report before it is written. Raises AutodidactError where a file holds what looks like a secret.
    """
    from autodidact.gate import run_gate
    from autodidact.gate.report import finish
    from autodidact.models.chat_template import count_tokens
    from autodidact.models.find_base_model import resolve_base
    from autodidact.scanning.scan_artifacts import REMEDY, require_clean

    tokenizer = resolve_base(settings).tokenizer()
    with run.lines("kept.jsonl") as kept, run.lines("dropped.jsonl") as dropped:
        report = run_gate(
            rows,
            settings=settings,
            tokenizer=tokenizer,
            cache=cache,
            scored=scored,
            kept=kept,
            dropped=dropped,
            say=say,
            screened=screened,
        )
    report["register"] = settings.generators.register
    complete(report)
    count = partial(count_tokens, tokenizer)
    run.outputs |= finish(run.store, run.folder, report, count=count, settings=settings.gate)
    written = {run.key(name): run.store.read_lines(run.key(name)) for name in run.outputs}
    require_clean(written, REMEDY, settings.gate)
    return report


def into_folder(settings: Settings, folder: Path, out: Path) -> dict[str, Any]:
    """Gates the `<generator>.jsonl` of a folder and writes the results in `out`. Returns the report."""
    from autodidact.benchmark.items import block

    return work(
        _lines_in(_files_in(folder)),
        settings,
        Work(Store(out)),
        scored=block(0, level=settings.benchmark.level),
        cache=Cache(Store(settings.store)),
        say=say_on_stderr,
    )


def _files_in(folder: Path) -> list[Path]:
    """The files of examples in a folder. Raises UsageError where there is none."""
    there = sorted(path for path in folder.glob("*.jsonl") if not path.name.endswith(PROBE_FILES))
    files = [path for path in there if path.is_file() and not path.is_symlink()]
    for path in there:
        if path not in files:
            say_on_stderr(f"gate: {path.name} is a link or no file, and is left out")
    if not files:
        raise UsageError(
            f"{folder} has no <generator>.jsonl",
            "Make some with `autodidact generate --repo . --out FOLDER`.",
        )
    return files


def _lines_in(files: list[Path]) -> Iterator[Row]:
    for path in files:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield path.stem, number, line.rstrip(b"\n").decode("utf-8", "surrogateescape")
