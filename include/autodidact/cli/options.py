"""The options that commands share, and what becomes of them: settings, a runtime, a cycle, a moment."""

import getpass
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autodidact.errors import UsageError

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle
    from autodidact.runtime import Runtime
    from autodidact.settings import Settings

Profile = Annotated[str | None, typer.Option(help="laptop or production.", metavar="NAME")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="Any setting, for example gate.cap=300; values are JSON.", metavar="KEY=VALUE"
    ),
]
StoreUrl = Annotated[
    str | None, typer.Option(help="Where artifacts live: a path or an fsspec URL.", metavar="URL")
]
Json = Annotated[
    bool, typer.Option("--json", help="One JSON object on standard output, and nothing else there.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
CycleId = Annotated[
    str | None, typer.Option("--cycle", help="Work on this cycle of the store.", metavar="ID")
]
Out = Annotated[Path | None, typer.Option("--out", help="Work on plain paths: write here.", metavar="FOLDER")]
Force = Annotated[bool, typer.Option("--force", help="With --cycle: do it again, though it is done.")]
Repo = Annotated[Path | None, typer.Option("--repo", help="The git repository to read.", metavar="PATH")]
System = Annotated[
    str | None, typer.Option(help="A system by its name; `autodidact history` lists them.", metavar="NAME")
]


@dataclass
class Common:
    """The values of the options that every command takes."""

    profile: str | None
    assignments: list[str]
    store: str | None
    as_json: bool
    debug: bool

    def settings(self, repo: Path | None = None, **more: Any) -> "Settings":
        """The settings; `more` by their keys, those that are None left out."""
        from autodidact.settings import load_settings, parse_assignments

        more["sources.repository"] = str(repo) if repo else None
        # Of a repository that is named here the others of the settings' system are no part.
        more["sources.repositories"] = [] if repo else None
        more["store"] = self.store or None
        given = {key: value for key, value in more.items() if value is not None}
        return load_settings(self.profile, given | parse_assignments(self.assignments))

    def runtime(self, repo: Path | None = None, **more: Any) -> "Runtime":
        from autodidact.runtime import Runtime

        return Runtime(self.settings(repo, **more))

    def system(self, repo: Path | None = None, system: str | None = None) -> "tuple[Runtime, str]":
        """(runtime, name of the living system)"""
        from autodidact.sources.name_of_system import system_of

        runtime = self.runtime(repo, system=system)
        return runtime, system_of(runtime.settings)

    def cycle(
        self, name: str, repo: Path | None = None, system: str | None = None
    ) -> "tuple[Cycle, Runtime]":
        """(cycle, runtime) of a cycle of the store, by its name, the beginning of it, or the version that it
        trained; `latest` is the newest, of any system unless one is named.
        """
        from autodidact.cli import history
        from autodidact.cycle import rebuild_chronicle
        from autodidact.cycle.record import load_cycle

        if name != "latest":
            runtime, own = self.system(repo, system)
            return load_cycle(runtime, own, history.cycle_named(runtime, own, name)), runtime
        runtime = self.runtime(repo, system=system)
        with runtime.chronicle() as chronicle:
            found = history.chosen(chronicle, runtime.settings, named=bool(repo or system))
            newest = chronicle.cycles(found, limit=1)
            unknown = [] if newest else rebuild_chronicle.warnings(runtime, chronicle)
        if unknown:
            raise UsageError(unknown[0])
        if not newest:
            raise UsageError(f"{found} has no cycle yet", "Run `autodidact cycle`.")
        return load_cycle(runtime, found, newest[0]["cycle_id"]), runtime


def person() -> str:
    """Who changes the champion by hand, for the Chronicle."""
    try:
        return f"{getpass.getuser()} (command)"
    except (KeyError, OSError):
        return "command"


def moment(text: str | None) -> datetime | None:
    """An ISO 8601 time in UTC. Raises UsageError for any other text."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
    # OverflowError: the first or last hours there are, in another time zone.
    except (ValueError, OverflowError):
        raise UsageError(
            f"{text!r} is no time", "Write ISO 8601, for example 2026-11-23T12:00:00Z."
        ) from None
