"""What keeps the rest in order: the checks, the Chronicle, training again, the embedded base model."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.options import Common, Out, Repo, System, person
from autodidact.errors import UsageError


@command
def doctor(common: Common, repo: Repo = None) -> Answer:
    """Check what a cycle needs, from the sources to Airflow: ok, warning or failed, and what to do. Exit
    status 1 if something failed.
    """
    from autodidact.cli.doctor import check, view

    rows = check(lambda: common.runtime(repo))
    well = all(row["ok"] for row in rows)
    # `told`: what earlier releases called the message; other programs read it.
    return (
        {"checks": [row | {"told": row["message"]} for row in rows], "ok": well},
        view(rows),
        0 if well else 1,
    )


@command
def completion(
    common: Common,
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="Which shell.", metavar="SHELL")],
) -> Answer:
    """Print a script that completes this command in bash, zsh or fish; its first line says where it goes."""
    from autodidact.cli.completion_scripts import script_for

    script = script_for(shell)
    return {"shell": shell, "script": script}, script, 0


@command
def chronicle(
    common: Common,
    action: Annotated[
        Literal["check", "rebuild"],
        typer.Argument(help="check: name every disagreement with the store. rebuild: mend them."),
    ],
    champion: Annotated[
        str | None,
        typer.Option(
            help="With rebuild: the version that is to serve, where the two contradict each other.",
            metavar="VERSION",
        ),
    ] = None,
    repo: Repo = None,
    system: System = None,
) -> Answer:
    """Do the Chronicle and the store say the same of every system? Makes what a lost or older Chronicle lacks
    from the store.
    """
    from autodidact.cycle import rebuild_chronicle
    from autodidact.sources.name_of_system import system_of

    if champion and action != "rebuild":
        raise UsageError("--champion goes with `chronicle rebuild`", "`chronicle check` changes nothing.")
    here = common.runtime(repo, system=system)
    one = system_of(here.settings) if repo or system or champion else None
    if action == "rebuild":
        found = rebuild_chronicle.mend(here, one, champion=champion, by=person())
    else:
        found = rebuild_chronicle.check(here, one)
    return {"systems": found}, rebuild_chronicle.as_text(found), 1 if any(row["left"] for row in found) else 0


@command
def reproduce(
    common: Common,
    version: Annotated[str, typer.Argument(help="A trained version; `autodidact history` lists them.")],
    repo: Repo = None,
    out: Out = None,
) -> Answer:
    """Train a version again from what its cycle kept, and compare; exit status 1 when it is another
    adapter."""
    from autodidact.cycle.record import cycle_of_version
    from autodidact.training.reproduce import as_text
    from autodidact.training.reproduce import reproduce as again

    runtime, system = common.system(repo)
    found = again(runtime, *cycle_of_version(runtime, system, version), out)
    on_gpu = not found["device"][1].startswith("CPU")
    return found, as_text(found), 0 if found["same"] or (on_gpu and found["close"]) else 1


@command
def sprout(
    common: Common,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the model; the same command resumes.", metavar="FOLDER")
    ],
    tokens: Annotated[int | None, typer.Option(help="Stop after so many tokens.", min=1)] = None,
    seconds: Annotated[float | None, typer.Option(help="Stop after so many seconds.", min=1)] = None,
    seed: Annotated[int, typer.Option(help="Of the curriculum and the weights.")] = 0,
) -> Answer:
    """Make the embedded base model again, from text on this machine and a curriculum. Interrupted, the same
    command resumes.
    """
    from autodidact.runtime import say_on_stderr
    from autodidact_sprout.make import make_sprout

    if tokens is None and seconds is None:
        raise UsageError(
            "sprout needs --tokens or --seconds",
            "For example: autodidact sprout --out sprout --tokens 10000000.",
        )
    result = make_sprout(out, tokens=tokens, seconds=seconds, seed=seed, say=say_on_stderr)
    return result, json.dumps(result, indent=1, default=str), 0
