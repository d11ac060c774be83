"""The stage of the gate: what is worth training on. On a cycle's examples, or on a folder of them."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact.errors import AutodidactError, Skipped, UsageError
from autodidact.generators import PROBE_FILES
from autodidact.knowledge import new_since_earlier_cycles
from autodidact.records import Manifest, canonical, sha256
from autodidact.runtime import Runtime, say_on_stderr
from autodidact.settings import Settings
from autodidact.stage import Stage, Work, verified
from autodidact.store import Cache, Store
from autodidact.terminal.pace import counted

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

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
    from autodidact.benchmark.items import block
    from autodidact.gate.replay import ReplayCounts, replayed

    settings, store = cycle.effective(runtime.settings), runtime.store
    made, failed = _made(cycle, store)
    examples = sum(manifest.counts.get("examples", 0) for manifest in made.values())
    if not examples:
        # What is replayed alone would be trained on a second time.
        raise Skipped("the generators found nothing new")
    news = new_since_earlier_cycles.news(
        cycle, settings, sum(manifest.counts.get("new", 0) for manifest in made.values())
    )
    run.extra["news"] = news
    if news["ends_early"]:
        raise Skipped(news["says"])
    runtime.say(f"gate: {examples} examples of {len(made)} generators")
    replay = ReplayCounts()

    def rows() -> Iterator[Row]:
        yield from _lines_of(cycle, store, made)
        yield from replayed(cycle, store, settings, replay)

    def complete(report: dict[str, Any]) -> None:
        report |= {"failed_generators": failed, "replay": replay.as_dict(), "news": news}
        for trouble in replay.left.list():
            run.troubles.add(f"not replayed: {trouble.reason}", trouble.ref, trouble.count)
        _add_forecast(report, cycle, settings, run)

    level, week, salt = cycle.benchmark["level"], cycle.benchmark["week"], cycle.benchmark["salt"]
    scored = [
        item
        for number in cycle.benchmark["blocks"]
        for item in block(number, level=level, week=week, salt=salt, own=settings.benchmark.families)
    ]
    report = work(
        counted(rows(), examples, runtime.say, "gate"),
        settings,
        run,
        scored=scored,
        cache=runtime.cache,
        say=runtime.say,
        complete=complete,
    )
    run.counts = {"raw": report["raw"], "kept": report["kept"]}
    if not report["kept"]:
        raise Skipped("nothing is left to train on")


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


GATE = Stage("gate", "28", _inputs, _of_cycle)


def work(
    rows: Iterable[Row],
    settings: Settings,
    run: Work,
    *,
    scored: list[Any],
    cache: Cache,
    say: Callable[[str], None],
    complete: Callable[[dict[str, Any]], None] = lambda report: None,
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
