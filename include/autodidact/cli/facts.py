"""`autodidact facts`: what a version knows of the system."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.options import Common, CycleId, Repo, System, moment
from autodidact.errors import UsageError

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle
    from autodidact.runtime import Runtime
    from autodidact.terminal.view import Part


@command
def facts(
    common: Common,
    stale: Annotated[bool, typer.Option("--stale", help="Only the stale facts, by name.")] = False,
    kind: Annotated[str | None, typer.Option(help="Only facts of this kind.", metavar="KIND")] = None,
    generator: Annotated[
        str | None, typer.Option(help="Only facts of this generator.", metavar="NAME")
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="Another version than the one in service.", metavar="VERSION")
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="With --version: ask it now what it was not asked yet.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the share known over the cycles into this SVG.", metavar="FILE")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(help="The facts as they were then, from the repository's history.", metavar="TIME"),
    ] = None,
    cycle: CycleId = None,
    repo: Repo = None,
    system: System = None,
) -> Answer:
    """What the model in service knows of the system as it is: known, unknown, wrong and stale facts."""
    if then := moment(at):
        from autodidact.generators import facts_at_time

        made = facts_at_time.facts_at(
            common.settings(repo, system=system), then, kind=kind, generator=generator
        )
        return made, facts_at_time.as_text(made, every=bool(kind or generator)), 0
    from autodidact.ledger import ledger_as_text
    from autodidact.ledger.stage import also_asked, asking_of, figures_from

    opened, runtime = common.cycle(cycle or "latest", repo, system)
    opened, row = _asked(opened, runtime, version, ask, exact=cycle is not None)
    asking = asking_of(opened, runtime.store, row.version)
    if (kind or generator) and not ledger_as_text.narrowed(asking, kind=kind, generator=generator).facts:
        kinds = sorted({f"{fact.generator}/{fact.kind}" for fact in asking.facts})
        raise UsageError("Such facts do not exist", f"Generators and kinds: {', '.join(kinds)}.")
    asking = ledger_as_text.narrowed(asking, kind=kind, generator=generator)
    found = figures_from(opened, runtime.store, row, asking)
    if not (kind or generator):
        found |= also_asked(opened, runtime.store, row.version)
    parts: list[Part] = [ledger_as_text.as_parts(found, stale=stale)]
    if plot:
        names = [each for each, _ in _cycles(runtime, opened.system)][::-1]
        plot.write_text(
            ledger_as_text.picture(ledger_as_text.over_time(runtime.store, opened.system, names)),
            encoding="utf-8",
        )
        parts.append(str(plot))
    return found, parts, 0


def _cycles(runtime: "Runtime", system: str) -> list[tuple[str, str]]:
    """(cycle, kind) of the system, the newest first."""
    with runtime.chronicle() as chronicle:
        return [(row["cycle_id"], row["kind"]) for row in chronicle.cycles(system)]


def _asked(
    opened: "Cycle", runtime: "Runtime", version: str | None, ask: bool, *, exact: bool
) -> tuple["Cycle", Any]:
    """(cycle, version) that is shown: the newest cycle, or `exact`ly this one, in which the model in service
    was asked, or the named version. With `ask` the version is asked first.

    Raises UsageError where it was not asked.
    """
    from autodidact.cycle.record import load_cycle
    from autodidact.ledger.stage import ask as ask_version
    from autodidact.ledger.stage import champion_of, figures_of

    names = [opened.cycle_id] if exact else [name for name, _ in _cycles(runtime, opened.system)]
    for name in names:
        cycle = load_cycle(runtime, opened.system, name)
        served = figures_of(cycle, runtime.store)
        if served is None:
            continue
        with runtime.chronicle() as chronicle:
            row = champion_of(chronicle.version(cycle.system, version or served["version"]))
            if version and ask:
                ask_version(cycle, runtime, row, served=False)
                _record(cycle, runtime, chronicle, row.version)
        if _has(cycle, runtime, row.version):
            return cycle, row
    if version:
        raise UsageError(f"{version} was not asked", "`autodidact facts --version VERSION --ask` asks it.")
    raise UsageError(
        f"No model of {opened.system} was asked what it knows yet",
        "Every cycle does it (knowledge.questions says how much).",
    )


def _has(cycle: "Cycle", runtime: "Runtime", version: str) -> bool:
    from autodidact.ledger import entries

    return bool(entries.read(runtime.store, cycle.system, version, cycle.cycle_id))


def _record(cycle: "Cycle", runtime: "Runtime", chronicle: Any, version: str) -> None:
    from autodidact.ledger import entries

    rows = entries.read(runtime.store, cycle.system, version, cycle.cycle_id)
    chronicle.record_ledger(cycle.system, [row.model_dump(mode="json") for row in rows])
