"""A snapshot out of a few literal lines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path

from autodidact.generators.run_generator import generate
from autodidact.knowledge.fact import Question
from autodidact.knowledge.new_since_earlier_cycles import Earlier
from autodidact.records import Example
from autodidact.settings import load_settings
from autodidact.sources.git.repository import Repository
from autodidact.sources.snapshot import Snapshot
from autodidact.store import Cache, Store

UNTIL = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
NO_SOURCES = {
    "sources.repository": None,
    "sources.sessions": [],
    "sources.mcp": None,
    "sources.knowledge_graph": None,
    "sources.goals": None,
    "sources.interrupts": None,
    "sources.documents": [],
    "sources.affect": None,
    "sources.wikipedia.api": None,
    "sources.wikipedia.titles": [],
    "sources.wikipedia.dump": None,
}

FULL = {"generators.register": "full"}


def snapshot(
    folder: Path,
    repository: Repository | None = None,
    *,
    limit: int = 600,
    until: datetime = UNTIL,
    previous=None,
    settings: dict | None = None,
    **sources,
) -> Snapshot:
    """A snapshot with these sources only."""
    overrides = NO_SOURCES | {"generators.limit": limit} | (settings or {})
    overrides |= {f"sources.{key}": value for key, value in sources.items()}
    return Snapshot(
        "shop-12345678",
        "2026-11-23T1200Z",
        7,
        None,
        until,
        load_settings("laptop", overrides, cwd=folder, environ={}),
        Cache(Store(folder / "store")),
        repository=repository,
        previous_commit=previous,
    )


def examples_of(name: str, seen: Snapshot) -> Iterator[Example]:
    """What a generator makes of a snapshot."""
    return generate(name, seen)[0]


def full_examples_of(
    name: str, folder: Path, repository: Repository | None = None, **sources
) -> list[Example]:
    """What a generator makes of these sources in the register `full`."""
    return list(examples_of(name, snapshot(folder, repository, settings=FULL, **sources)))


def by_kind(examples: Iterable[Example]) -> dict[str, list[Example]]:
    """The examples by what they ask, without those that teach the knowledge probe."""
    found = defaultdict(list)
    for row in examples:
        if "probe" not in (row.model_extra or {}):
            source = row.source.model_extra
            found[source["asks"][0] if "asks" in source else source["ask"]].append(row)
    return found


def questions_of(name: str, seen: Snapshot) -> list[Question]:
    """What a generator has the knowledge probe ask."""
    return generate(name, seen)[1]


def read(earlier: Snapshot) -> Earlier:
    """What the generator read with an earlier snapshot, as a later one gets it (`later.previous`,
    `later.champion`).
    """
    return Earlier(earlier.cycle_id, earlier.read)


def file(folder: Path, name: str, text: str | bytes) -> str:
    """The path of a new file with that content."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def answers(examples: Iterable[Example]) -> dict[str, str]:
    """Prompt -> answer."""
    return {example.prompt(): example.response() for example in examples}


def said(told: dict[str, str], shapes: tuple[str, ...], **slots: str) -> str:
    """The one answer to a question, in whichever of its wordings it was asked."""
    (answer,) = {told[ask] for shape in shapes if (ask := shape.format(**slots)) in told}
    return answer


def troubles(seen: Snapshot) -> dict[str, int]:
    """Reason -> how often."""
    return {trouble.reason: trouble.count for trouble in seen.troubles.list()}
