"""Which sources a cycle has, and so which generators teach the model in training anything."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autodidact.errors import Skipped
from autodidact.generators import GENERATORS, benchmark_targeted, diff_miner, select, session_miner
from autodidact.sources.code.definitions import is_test
from autodidact.sources.documents.reader import documents
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import MAX_BYTES, named_file
from autodidact.sources.transcripts.record_lines import files
from autodidact.stage import Troubles

# What a generator needs: one of these.
_NEEDS = {
    "ast_parser": ("code",),
    "diff_miner": ("history",),
    "session_miner": ("conversations",),
    "knowledge_graph": ("code", "knowledge graph"),
    "goal_examples": ("goals",),
    "interrupt_handler": ("interrupts",),
    "architecture_docs": ("documents",),
    "wikipedia_harvest": ("articles",),
    "affect_examples": ("states",),
    "conciseness_drills": ("code", "documents", "knowledge graph"),
    "tool_spec": ("tools",),
}
# Commits that are looked at for one that gives an example, and bytes of conversations up to which they are.
MOST_COMMITS, MOST_BYTES = 400, 20_000_000
# Of these the repository's newest commit says how new they are.
OF_REPOSITORY = ("code", "history", "documents")


def sources(snapshot: Snapshot) -> list[str]:
    """The kinds of sources that the settings name and that hold something; no server is asked for it."""
    return list(_sources(snapshot))


def used(snapshot: Snapshot, found: list[str]) -> list[str]:
    """The kinds of `found` without those that give no example in the register `full`: the history of a
    repository whose changes nothing is asked about, conversations of which none is taught.
    """
    without = {"history": _of_commits, "conversations": _of_conversations}
    return [kind for kind in found if kind not in without or without[kind](snapshot)]


def _of_commits(snapshot: Snapshot) -> bool:
    """Whether one of the newest commits, of any window, gives an example."""
    whole = _alone(replace(snapshot, since=None, previous_commit=None))
    try:
        newest = itertools.islice(diff_miner.read(whole), MOST_COMMITS)
        return next(diff_miner.full_examples(newest, whole), None) is not None
    except Skipped:
        return False


def _of_conversations(snapshot: Snapshot) -> bool:
    """Whether one is taught; of very many it is taken for granted, as all would be read a second time."""
    whole = _alone(replace(snapshot, since=None))
    paths = files(snapshot.settings.sources.sessions, Troubles())
    try:
        if sum(path.stat().st_size for path in paths) > MOST_BYTES:
            return True
        return next(session_miner.full_examples(session_miner.read(whole), whole), None) is not None
    except (Skipped, OSError):
        return False


def _alone(snapshot: Snapshot) -> Snapshot:
    """A snapshot that counts and compares for itself: what is read here is another generator's."""
    return replace(snapshot, troubles=Troubles(), read={}, new=set())


def outside(snapshot: Snapshot) -> bool:
    """Whether anything but the repository is read."""
    named = snapshot.settings.sources.documents
    return bool(named) or any(kind not in OF_REPOSITORY for kind in _sources(snapshot))


def _sources(snapshot: Snapshot) -> Iterator[str]:
    given, repository = snapshot.settings.sources, snapshot.repository
    if repository and any(not is_test(entry.path) for entry in repository.files((".py",))):
        yield "code"
    if repository:
        yield "history"
    if files(given.sessions, Troubles()):
        yield "conversations"
    if next(documents(_alone(snapshot)), None):
        yield "documents"
    if _lists_servers(given.mcp):
        yield "tools"
    for kind, path in (
        ("knowledge graph", given.knowledge_graph),
        ("goals", given.goals),
        ("interrupts", given.interrupts),
        ("states", given.affect),
        ("articles", given.wikipedia.dump),
    ):
        if _is_there(path):
            yield kind
    if given.knowledge_graph_url and not _is_there(given.knowledge_graph):
        yield "knowledge graph"
    if given.wikipedia.api and given.wikipedia.titles and not given.wikipedia.dump:
        yield "articles"


def _is_there(path: str | None) -> bool:
    try:
        return named_file(path, "").stat().st_size > 0
    except (Skipped, OSError):
        return False


def _lists_servers(path: str | None) -> bool:
    """Whether `sources.mcp` leads to servers or tools."""
    if not path:
        return False
    place = Path(path).expanduser()
    if place.is_dir():
        return any(_is_there(str(file)) for file in place.glob("*.json"))
    try:
        return place.stat().st_size <= MAX_BYTES and bool(json.loads(place.read_text("utf-8")))
    except (OSError, ValueError, RecursionError):
        return False


def taught(snapshot: Snapshot, found: list[str]) -> list[tuple[str, str]]:
    """(generator, category) of the generators whose source is there. `found`: the kinds of sources."""
    dev_items = benchmark_targeted.read(snapshot)
    return [
        (generator.name, category)
        for generator in GENERATORS
        if generator.name in select(snapshot.settings.generators.only)
        and (generator.name not in _NEEDS or set(_NEEDS[generator.name]) & set(found))
        for category in generator.teaches
        if generator.name != benchmark_targeted.NAME or dev_items.get(category)
    ]
