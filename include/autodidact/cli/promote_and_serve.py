"""Commands on the version in service: verdict, promote, rollback, watch, serve."""

from pathlib import Path
from typing import Annotated

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.options import Common, Repo, person


@command
def verdict(
    common: Common,
    candidate: Annotated[
        Path, typer.Argument(help="The candidate's report.json.", metavar="CANDIDATE_REPORT")
    ],
    champion: Annotated[Path, typer.Option(help="The champion's report.json.", metavar="CHAMPION_REPORT")],
    base: Annotated[
        Path | None,
        typer.Option(
            help="The base model's report.json; not needed where the champion is the base.",
            metavar="BASE_REPORT",
        ),
    ] = None,
    looks: Annotated[int, typer.Option(help="Verdicts already taken this ISO week.", metavar="K")] = 0,
) -> Answer:
    """Judge a candidate's report against the champion's; exit status 1 unless it promotes."""
    from autodidact.benchmark.read_report import read_report
    from autodidact.promotion import verdict as rules
    from autodidact.promotion.verdict_text import as_text

    reference = read_report(base) if base else None
    judged = rules.verdict(
        read_report(candidate), read_report(champion), common.settings(), looks=looks, base=reference
    )
    return judged.model_dump(mode="json"), as_text(judged), 0 if judged.outcome == "promote" else 1


@command
def promote(
    common: Common,
    version: Annotated[str, typer.Argument(help="A measured version; `autodidact history` lists them.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept in the Chronicle.")],
    override: Annotated[
        bool, typer.Option("--override", help="Promote a version that the verdict rejected.")
    ] = False,
    repo: Repo = None,
) -> Answer:
    """Promote a version by hand; --override against its verdict. It is probed as every promotion is."""
    from autodidact.promotion import by_hand

    where = common.system(repo)
    name = by_hand.promote(*where, version, reason=reason, by=person(), override=override)
    return {"version": name}, f"{name} is in service", 0


@command
def rollback(
    common: Common,
    reason: Annotated[str, typer.Option(help="Why; it is kept in the Chronicle.")],
    to: Annotated[
        str | None,
        typer.Option(help="An archived version; default: the champion before this one.", metavar="VERSION"),
    ] = None,
    repo: Repo = None,
) -> Answer:
    """Bring an archived version back into service."""
    from autodidact.promotion import by_hand

    name = by_hand.rollback(*common.system(repo), to=to, reason=reason, by=person())
    return {"version": name}, f"{name} is in service", 0


@command
def watch(
    common: Common,
    repo: Repo = None,
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.1)] = 60,
) -> Answer:
    """Watch a new champion until its bake time is over; trouble rolls back. The DAG autodidact_watch does the
    same.
    """
    from autodidact.promotion import watch as watching

    last = watching.run(*common.system(repo), every=every)
    return last, f"{last['version']}: {last['ended']}", 0 if last["ended"] == "healthy" else 1


@command
def serve(
    common: Common,
    repo: Repo = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; other than loopback only with AUTODIDACT_DEPLOY__KEY.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0: a free one.", min=0, max=65535)] = 8000,
    rows: Annotated[int, typer.Option(help="Requests that are answered at a time.", min=1, max=256)] = 16,
    seconds: Annotated[float, typer.Option(help="Time that an answer may take; it ends there.", min=1)] = 120,
) -> Answer:
    """Serve the champion: OpenAI's chat completions and completions over champion.json, which it follows."""
    from autodidact.serving.run import serve as run

    runtime, system = common.system(repo)

    def ready(url: str) -> None:
        runtime.say(f"serving {system} at {url}")

    run(runtime, system, host=host, port=port, rows=rows, seconds=seconds, on_ready=ready)
    return {"system": system}, "stopped", 0
