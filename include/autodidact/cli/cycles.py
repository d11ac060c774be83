"""Whole cycles: run one, list them, look at one."""

import shutil
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.options import Common, CycleId, Repo, System, moment, person


@command
def cycle(
    common: Common,
    repo: Repo = None,
    until: Annotated[
        str | None, typer.Option(help="End of the window; default: now.", metavar="TIME")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Begin of a historical window.", metavar="TIME")] = None,
    historical: Annotated[bool, typer.Option(help="A window of the past: measured, not promoted.")] = False,
    again: Annotated[bool, typer.Option(help="Open another cycle for a window that is closed.")] = False,
    new: Annotated[bool, typer.Option(help="Do not resume an open cycle.")] = False,
    promote_historical: Annotated[
        bool, typer.Option("--promote-historical", help="Let a window of the past promote.")
    ] = False,
) -> Answer:
    """Run one whole cycle; one that was interrupted resumes where it stopped."""
    from autodidact.cli.cycle_screen import watched
    from autodidact.cycle.open import open_cycle, require_no_approval
    from autodidact.cycle.report_text import as_text
    from autodidact.cycle.run import run

    runtime = common.runtime(repo)
    require_no_approval(runtime.settings.approval)
    with watched(runtime) as on_stage:
        opened = open_cycle(
            runtime,
            until=moment(until) or datetime.now(timezone.utc),
            since=moment(since),
            historical=historical or since is not None,
            resume=not new and until is None,
            again=again,
        )
        summary = run(runtime, opened, promote_historical=promote_historical, on_stage=on_stage)
    return summary, as_text(summary), 0


@command
def history(
    common: Common,
    repo: Repo = None,
    system: System = None,
    limit: Annotated[int, typer.Option(help="How many cycles.", min=1)] = 20,
    plot: Annotated[bool, typer.Option("--plot", help="Draw the scores of the first system here.")] = False,
    svg: Annotated[Path | None, typer.Option(help="Draw them into this SVG file.", metavar="FILE")] = None,
) -> Answer:
    """The last cycles of every system, or of the one that is named: window, scores, verdict, version; and
    what served when.
    """
    from autodidact.cli import history
    from autodidact.cycle import rebuild_chronicle
    from autodidact.terminal import score_chart
    from autodidact.terminal.view import Heading

    runtime = common.runtime(repo, system=system)
    with runtime.chronicle() as chronicle:
        found = history.history(chronicle, runtime.settings, limit, named=bool(repo or system))
        found["disagreements"] = rebuild_chronicle.warnings(runtime, chronicle)
        if plot or svg:
            reports = chronicle.latest_reports(found["system"], limit)
            found["points"] = history.score_points(found["cycles"], reports)
    parts = history.view(found)
    if plot:
        parts += ["", Heading(f"Scores of {found['system']}")]
        parts.append(score_chart.drawn(found["points"], shutil.get_terminal_size().columns))
    if svg:
        svg.write_text(score_chart.as_svg(found["points"], f"Scores of {found['system']}"), encoding="utf-8")
        parts += ["", str(svg)]
    for line in found["disagreements"]:
        parts += ["", line]
    return found, parts, 0


@command
def status(
    common: Common,
    repo: Repo = None,
    system: System = None,
    cycle: CycleId = "latest",
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Finish or undo a promotion that was killed, and see that the champion is served.",
        ),
    ] = False,
) -> Answer:
    """The newest cycle, of all systems or of the one that is named: what is done, and its summary so far."""
    from autodidact.cycle import rebuild_chronicle
    from autodidact.cycle.report_text import as_text
    from autodidact.cycle.summary import summarize

    if repair:
        from autodidact.promotion import by_hand

        done = by_hand.repair(*common.system(repo, system), by=person())
        return done, "\n".join([*done["done"], f"{done['champion']} is the champion of {done['system']}"]), 0
    opened, runtime = common.cycle(cycle or "latest", repo, system)
    with runtime.chronicle() as chronicle:
        summary = summarize(opened, runtime, chronicle)
        others = [name for name in chronicle.systems() if name != opened.system]
        notes = [f"Other systems here: {', '.join(others)} (--system NAME shows one)"] if others else []
        summary["disagreements"] = rebuild_chronicle.warnings(runtime, chronicle)
    return summary, "\n\n".join([as_text(summary), *notes, *summary["disagreements"]]), 0
