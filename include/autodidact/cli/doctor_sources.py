"""What `autodidact doctor` says of the sources: how much each has. Nothing is executed or fetched, and of
transcripts only their names are read.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from autodidact.cli.doctor_row import Warned
from autodidact.errors import Skipped
from autodidact.runtime import Runtime
from autodidact.stage import Troubles

# Names of repositories that are shown.
SHOWN = 10
# Sources that a setting may name, besides the repository.
SETTINGS = ("sessions", "documents", "mcp", "goals", "interrupts", "knowledge_graph", "affect")


def checks(runtime: Runtime) -> list[tuple[str, Callable[[Runtime], str]]]:
    """(setting, check) of each source that is named, and one for those that are not."""
    from autodidact.sources.samples import with_samples

    sources = with_samples(runtime.settings).sources
    found: list[tuple[str, Callable[[Runtime], str]]] = []
    for name in SETTINGS:
        if value := getattr(sources, name):
            found.append((f"sources.{name}", partial(_counted, name, value)))
    if where := sources.wikipedia.dump or sources.wikipedia.api:
        found.append(("sources.wikipedia", partial(_counted, "wikipedia", where)))
    empty = [name for name in SETTINGS if not getattr(sources, name)]
    if empty:
        found.append(("other sources", partial(_unnamed, empty)))
    return found


def more_repositories(runtime: Runtime) -> list[tuple[str, Callable[[Runtime], str]]]:
    """(setting, check) of `sources.repositories`, where there are any: all of them in one line."""
    return [("repositories", _repositories)] if runtime.settings.sources.repositories else []


def _repositories(runtime: Runtime) -> str:
    """How many there are, and their names. Raises AutodidactError, which says all that is wrong, where one
    cannot be read.
    """
    from autodidact.errors import AutodidactError
    from autodidact.sources.git.revisions import tip_of
    from autodidact.sources.more_repositories import named_repositories

    names, wrong = named_repositories(runtime.settings), []
    for path in names.values():
        try:
            tip_of(path, None)
        except AutodidactError as error:
            wrong.append(error.message)
    if wrong:
        raise AutodidactError("; ".join(wrong), "Mend sources.repositories.")
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{len(names)} besides: {', '.join(list(names)[:SHOWN])}{more}"


def size_of(repository: str, branch: str | None) -> str:
    """ "412 files, 1,203 commits" of a repository's branch."""
    from autodidact.sources.git import run_git
    from autodidact.sources.git.revisions import git_dir, tip_of

    folder, tip = git_dir(repository), tip_of(repository, branch)
    files = run_git.run(folder, "ls-tree", "-r", "-z", "--name-only", tip).count(b"\0")
    commits = int(run_git.run(folder, "rev-list", "--count", tip))
    return f"{_many(files, 'file')}, {_many(commits, 'commit')}"


def _unnamed(empty: list[str], _: Runtime) -> str:
    names = ", ".join(f"sources.{name}" for name in empty)
    return f"not named: {names}. What they would teach is left out; `autodidact init` looks for them"


def _counted(name: str, value: Any, _: Runtime) -> str:
    """How much the source has. Warns where it has nothing: its generators are skipped then."""
    troubles = Troubles()
    try:
        found = _COUNTS[name](value, troubles)
    except Skipped as skip:
        raise Warned(skip.message, skip.remedy or f"Mend sources.{name}, or leave it out.") from None
    reasons = "; ".join(f"{trouble.count} x {trouble.reason}" for trouble in troubles.list()[:3])
    if found.startswith("0 "):
        why = f" ({reasons})" if reasons else ""
        raise Warned(f"{found} in {_shown(value)}{why}", f"Mend sources.{name}.")
    return f"{found}{f'; left out: {reasons}' if reasons else ''}"


def _sessions(value: Any, troubles: Troubles) -> str:
    from autodidact.sources.transcripts import files

    return _many(len(files(value, troubles)), "transcript")


def _documents(value: Any, troubles: Troubles) -> str:
    from autodidact.sources.file_patterns import named

    return _many(len({file for pattern in value for file in named(pattern, troubles)}), "document")


def _mcp(value: str, troubles: Troubles) -> str:
    from autodidact.sources.mcp.list_tools import read_configuration
    from autodidact.sources.table_files import named_file

    servers, tools = read_configuration(named_file(value, "sources.mcp"), troubles)
    if tools and not servers:
        return _many(len(tools), "tool")
    return f"{_many(len(servers), 'server')}, not started here"


def _goals(value: str, troubles: Troubles) -> str:
    from autodidact.sources.table_files import named_file, records, table
    from autodidact.sources.unread import Unread

    path, unread = named_file(value, "sources.goals"), Unread(troubles)
    return _many(len(records(table(path, unread, "goals"), path, unread, "goals", "goals")), "goal")


def _interrupts(value: str, troubles: Troubles) -> str:
    from autodidact.sources.interrupts import read_interrupts
    from autodidact.sources.table_files import named_file

    found = read_interrupts(named_file(value, "sources.interrupts"), troubles)
    return f"{_many(len(found.patterns), 'pattern')}, {_many(len(found.log), 'interrupt')} in the log"


def _graph(value: str, troubles: Troubles) -> str:
    from autodidact.sources.graphs.triple_files import read_graph
    from autodidact.sources.table_files import named_file

    return _many(len(read_graph(named_file(value, "sources.knowledge_graph"), troubles)[0]), "relation")


def _affect(value: str, troubles: Troubles) -> str:
    from autodidact.sources.table_files import load, named_file

    content = load(named_file(value, "sources.affect"), troubles)
    return _many(len(content) if isinstance(content, (dict, list)) else 0, "section")


def _wikipedia(value: str, troubles: Troubles) -> str:
    from autodidact.safe_text import address

    if "://" in value:
        return f"{address(value)}, not asked here"
    return f"a dump of {Path(value).expanduser().stat().st_size:,} bytes"


_COUNTS: dict[str, Callable[[Any, Troubles], str]] = {
    "sessions": _sessions,
    "documents": _documents,
    "mcp": _mcp,
    "goals": _goals,
    "interrupts": _interrupts,
    "knowledge_graph": _graph,
    "affect": _affect,
    "wikipedia": _wikipedia,
}


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _shown(value: Any) -> str:
    return ", ".join(value[:5]) if isinstance(value, list) else str(value)
