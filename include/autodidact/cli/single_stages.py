"""The stages one by one, on a cycle or on plain paths."""

from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.options import Common, CycleId, Force, Out, Repo, moment
from autodidact.errors import Skipped, UsageError

if TYPE_CHECKING:
    from autodidact.records import Manifest


def _manifest(manifest: "Manifest") -> Answer:
    text = f"{manifest.stage}: {manifest.status}, {manifest.counts}, {manifest.seconds} s"
    return manifest.model_dump(mode="json"), text, 0


# Of the commands that work on a cycle only.
OneCycle = Annotated[str, typer.Option("--cycle", help="A cycle of the store.", metavar="ID")]


@command
def generate(
    common: Common,
    cycle: CycleId = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only this generator; may be repeated.", metavar="NAME")
    ] = None,
    repo: Repo = None,
    since: Annotated[
        str | None, typer.Option(help="Begin of the window; default: everything.", metavar="TIME")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="End of the window; default: now.", metavar="TIME")
    ] = None,
    out: Out = None,
    force: Force = False,
) -> Answer:
    """Make examples: of a cycle, or of a repository into a folder."""
    if cycle:
        from autodidact.cycle import run
        from autodidact.generators import select

        if since or until:
            raise UsageError(
                "A cycle's window is fixed: --since and --until go with --out FOLDER",
                "Leave them out, or --cycle.",
            )
        opened, runtime = common.cycle(cycle, repo)
        rows: dict[str, dict[str, Any]] = {}
        for name in select(only) if only else opened.generators():
            try:
                rows[name] = run.generate(name, opened, runtime, force=force).counts
            except Skipped as skip:
                rows[name] = {"skipped": str(skip)}
        return rows, "\n".join(f"{name}: {counts}" for name, counts in rows.items()), 0
    if out is None:
        raise UsageError(
            "generate needs --cycle ID, or --out FOLDER",
            "For example: autodidact generate --repo . --out examples.",
        )
    from autodidact.generators.stage import into_folder

    settings = common.settings(repo, **{"generators.only": only})
    rows = into_folder(settings, out, since=moment(since), until=moment(until) or datetime.now(timezone.utc))
    failed = [name for name, row in rows.items() if row["status"] == "failed"]
    text = "\n".join(counted(name, row) for name, row in rows.items())
    return rows, text, 1 if len(failed) > settings.generators.max_failed else 0


def counted(name: str, row: dict[str, Any]) -> str:
    """How many examples a generator made; without any, what of its sources it could not read."""
    why = f"{row['status']}: {row['reason']}" if row.get("reason") else ""
    if not row["examples"] and not why:
        errors = [
            f"{error['reason']} ({error['ref']})" for error in row.get("errors", ()) if error.get("ref")
        ]
        why = "; ".join(errors[:3])
    return f"{name}: {row['examples']} examples" + (f" ({why})" if why else "")


@command
def gate(
    common: Common,
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="A folder of <generator>.jsonl files; with --explain one that the gate wrote.",
            metavar="EXAMPLES",
        ),
    ] = None,
    cycle: CycleId = None,
    out: Out = None,
    example: Annotated[
        str | None,
        typer.Option(
            "--explain", help="Tell one example's story, of the newest cycle or of a folder.", metavar="ID"
        ),
    ] = None,
    repo: Repo = None,
    force: Force = False,
) -> Answer:
    """Keep what is worth training on; or tell, with --explain, what became of one example."""
    from autodidact.cycle import run
    from autodidact.gate.stage import into_folder

    if example:
        from autodidact.gate.example_trace import as_text, explain
        from autodidact.store import Store

        if plain_folder := folder or out:
            story = explain(Store(plain_folder), "", example)
        else:
            opened, runtime = common.cycle(cycle or "latest", repo)
            story = explain(runtime.store, f"{opened.folder}/gate", example)
        return story, as_text(story), 0
    if cycle:
        return _manifest(run.gate(*common.cycle(cycle, repo), force=force))
    if folder is None or out is None:
        raise UsageError(
            "gate needs --cycle ID, or EXAMPLES and --out FOLDER",
            "For example: autodidact gate examples --out gated.",
        )
    report = into_folder(common.settings(), folder, out)
    dropped = ", ".join(f"{rule} {n['dropped']}" for rule, n in report["by_rule"].items() if n["dropped"])
    return report, f"kept {report['kept']} of {report['raw']}; dropped by: {dropped or 'no rule'}", 0


@command
def train(
    common: Common,
    kept: Annotated[Path | None, typer.Argument(help="A kept.jsonl.", metavar="KEPT")] = None,
    cycle: CycleId = None,
    out: Out = None,
    repo: Repo = None,
    force: Force = False,
) -> Answer:
    """Train an adapter; resumes from its last checkpoint when it was interrupted."""
    from autodidact.cycle import run
    from autodidact.training.stage import into_folder

    if cycle:
        return _manifest(run.train(*common.cycle(cycle, repo), force=force))
    if kept is None or out is None:
        raise UsageError(
            "train needs --cycle ID, or KEPT and --out FOLDER",
            "For example: autodidact train gated/kept.jsonl --out run1.",
        )
    result = into_folder(common.settings(), kept, out)
    text = (
        f"{result['steps']} steps, loss {result['loss_first']:.3f} to {result['loss_mean_last']:.3f}:"
        f" {out / 'adapter'}"
    )
    return result, text, 0


@command
def measure_champion(common: Common, cycle: OneCycle, repo: Repo = None, force: Force = False) -> Answer:
    """Measure the champion for a cycle: what a pod runs; costs nothing when its answers are there already."""
    from autodidact.cycle import run

    return _manifest(run.measure_champion(*common.cycle(cycle, repo), force=force))


@command
def knowledge(common: Common, cycle: OneCycle, repo: Repo = None, force: Force = False) -> Answer:
    """Write down every fact that a cycle's generators have read, and since when it is true."""
    from autodidact.cycle import run

    return _manifest(run.knowledge(*common.cycle(cycle, repo), force=force))


@command
def ask_ledger(common: Common, cycle: OneCycle, repo: Repo = None, force: Force = False) -> Answer:
    """Ask the model in service what it knows of a cycle's facts: what a pod runs; nothing is asked twice."""
    from autodidact.cycle import run

    return _manifest(run.ask_ledger(*common.cycle(cycle, repo), force=force))


@command
def benchmark(
    common: Common,
    cycle: CycleId = None,
    adapter: Annotated[
        Path | None, typer.Option(help="The adapter to measure; none: the base model.", metavar="FOLDER")
    ] = None,
    blocks: Annotated[
        str, typer.Option(help="Blocks of the suite, for example 0,1,2.", metavar="LIST")
    ] = "0",
    out: Out = None,
    families: Annotated[bool, typer.Option("--list", help="List the families of the suite.")] = False,
    item: Annotated[
        str | None,
        typer.Option("--show", help="Show an item of the suite and how it is scored.", metavar="ITEM"),
    ] = None,
    repo: Repo = None,
    force: Force = False,
) -> Answer:
    """Measure a model; asks only what is missing when it was interrupted. With --list or --show: look at
    the suite.
    """
    from autodidact.benchmark import describe_suite
    from autodidact.benchmark.stage import into_folder
    from autodidact.cycle import run

    if item:
        return *describe_suite.item(common.settings(), item), 0
    if families:
        return *describe_suite.listing(common.settings()), 0
    if cycle:
        return _manifest(run.benchmark(*common.cycle(cycle, repo), force=force))
    if out is None:
        raise UsageError(
            "benchmark needs --cycle ID, or --out FOLDER",
            "For example: autodidact benchmark --adapter run1/adapter --out report.",
        )
    try:
        numbers = [int(part) for part in blocks.split(",")]
    except ValueError:
        raise UsageError(
            f"--blocks {blocks!r} is no list of numbers", "Write for example --blocks 0,1,2."
        ) from None
    report = into_folder(common.settings(), adapter, numbers, out)
    scores = {name: score.score for name, score in report.categories.items()} | {"overall": report.overall}
    lines = [f"{name:<28}{'-' if score is None else format(score, '.3f')}" for name, score in scores.items()]
    if note := describe_suite.uncounted(report):
        lines.append(note)
    return report.model_dump(mode="json"), "\n".join(lines), 0


@command
def judge_check(common: Common) -> Answer:
    """Measure the judge in force against answers that were labelled by hand: kappa with its interval."""
    from autodidact.benchmark import describe_suite

    return *describe_suite.judge_check(common.settings()), 0
