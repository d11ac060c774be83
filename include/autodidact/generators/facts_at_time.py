"""The facts of the repository as of a time: what generators read of its files at the commit of then, and for
code since when it was so, until when, and what was so before.

Sources without a history are not read: nobody knows how they were.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from autodidact.errors import Skipped, UsageError
from autodidact.generators.ast_parser import code_over_time
from autodidact.generators.run_generator import facts_now, load
from autodidact.generators.stage import snapshot_at
from autodidact.knowledge.fact import Fact, Moment
from autodidact.safe_text import one_line
from autodidact.settings import Settings
from autodidact.sources.code.definition_history import name_history
from autodidact.sources.git.repository import Repository
from autodidact.sources.git.revisions import tip_of
from autodidact.sources.snapshot import Snapshot

CODE = "ast_parser"
# What reads files of the repository; where each of them has other sources too, these are left out.
GENERATORS = (CODE, "knowledge_graph", "architecture_docs")
_ALONE: dict[str, Any] = {"knowledge_graph": None, "knowledge_graph_url": None, "documents": []}
# Facts that the text shows where no kind is named.
SHOWN = 40


def facts_at(
    settings: Settings, then: datetime, *, kind: str | None = None, generator: str | None = None
) -> dict[str, Any]:
    """{"at", "commit", "kinds": {kind: facts}, "facts": [Fact, ...]}, of a kind or a generator if one is
    named. UsageError without a repository, for a time before its first commit or in the future, and where
    there is no such fact.
    """
    alone = settings.model_copy(update={"sources": settings.sources.model_copy(update=_ALONE)})
    found: list[Fact] = []
    commit = ""
    for name in GENERATORS:
        snapshot = snapshot_at(alone, since=None, until=then)
        if snapshot.repository is None:
            raise UsageError("A repository is missing", "Set sources.repository, or --repo PATH.")
        with snapshot.repository as repository:
            commit = repository.commit
            try:
                found += _read(name, snapshot, repository)
            except Skipped:
                # No Python, or no document, at that commit.
                continue
    chosen = [fact for fact in found if kind in (None, fact.kind) and generator in (None, fact.generator)]
    if not chosen:
        kinds = sorted({f"{fact.generator}/{fact.kind}" for fact in found})
        raise UsageError("Such facts do not exist", f"Generators and kinds: {', '.join(kinds) or 'none'}.")
    return {
        "at": then.isoformat(),
        "commit": commit,
        "kinds": dict(sorted(Counter(fact.kind for fact in chosen).items())),
        "facts": [fact.model_dump(mode="json") for fact in chosen],
    }


def _read(name: str, snapshot: Snapshot, repository: Repository) -> Iterator[Fact]:
    """The facts of one generator; those of code with their times."""
    read = load(name).read(snapshot)
    facts = sorted(facts_now(name, read, snapshot), key=lambda fact: (fact.kind, fact.subject))
    if name != CODE:
        yield from facts
        return
    tip = tip_of(repository.path, snapshot.settings.sources.branch)
    with repository.at(tip) as newest:
        whole = name_history(newest, snapshot.cache, snapshot.system)
    history = whole.at(repository.commit) or name_history(repository, None, snapshot.system)
    for fact in code_over_time.dated(facts, read.code, history):
        span = history.now(fact.kind, fact.subject, fact.value or "")
        ended = whole.moment(span.end) if span and span.end is not None else None
        until = Moment(time=ended[0], commit=ended[1]) if ended else None
        yield fact.model_copy(update={"until": until})


def as_text(made: dict[str, Any], *, every: bool) -> str:
    """What there is of each kind; then the facts, one a line, the first ones unless `every` is wanted."""
    kinds = ", ".join(f"{count} {name}" for name, count in made["kinds"].items())
    lines = [f"{len(made['facts'])} facts at {made['at']}, commit {made['commit'][:12]}: {kinds}"]
    shown = made["facts"] if every else made["facts"][:SHOWN]
    lines += [_line(Fact.model_validate(fact)) for fact in shown]
    if left := len(made["facts"]) - len(shown):
        lines.append(f"and {left} more; --kind KIND or --json shows all")
    return "\n".join(lines)


def _line(fact: Fact) -> str:
    since = f", since {_day(fact.since)}" if fact.since else ""
    until = f", until {_day(fact.until)}" if fact.until else ""
    before = "".join(f"; before: {one.value}, until {_day(one.until)}" for one in fact.earlier[-1:])
    return one_line(f"{fact.kind:<14} {fact.subject}: {fact.value}{since}{until}{before}")


def _day(moment: Moment) -> str:
    day = (moment.time or "an unknown day")[:10]
    return f"{day} ({moment.commit[:10]})" if moment.commit else day
