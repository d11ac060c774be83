"""Rows of the repositories that a system has besides its first one (`sources.repositories`) name theirs.

`src/app.py` may be in several repositories, and `Order` may be a class in each. So of the repository
`billing` a question begins with "In the repository `billing`:", the subject of a fact is `billing:Order`, and
a source has `repository` and a `ref` such as `billing:src/app.py:12`; its `path` stays the path in the
repository. Rows of `sources.repository`, and of what is in no repository, stay as they are.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from autodidact.knowledge.fact import Fact, Question, fact_id
from autodidact.records import Example, Source, canonical, from_messages, sha256

Asked = TypeVar("Asked", Fact, Question)


def repository_of(source: Source) -> str | None:
    """The name of the repository that a source is in; None for `sources.repository` and all other sources."""
    return (source.model_extra or {}).get("repository")


def plain_subject(fact: Fact) -> str:
    """The subject of a fact without the name of its repository."""
    name = repository_of(fact.source)
    return fact.subject.removeprefix(f"{name}:") if name else fact.subject


def named_example(row: Example, name: str, ids: Mapping[str, str]) -> Example:
    """The example with the repository's name in its first question. `ids`: of the facts that it may teach,
    as `named` makes them anew.
    """
    extra = dict(row.model_extra or {})
    if extra.get("probe"):
        extra["probe"] = ids.get(extra["probe"], extra["probe"])
    messages = [dict(message) for message in row.messages]
    first = next((message for message in messages if message["role"] == "user"), None)
    if first:
        text = first["content"]
        # A list begins on a line of its own.
        first["content"] = (
            f"{_begin(name).rstrip()}\n{text}" if text.startswith("- ") else _begin(name) + text
        )
    source = _named_source(row.source, name).model_dump()
    return from_messages(
        row.generator, row.category, messages, source, tools=row.tools, time=row.time, **extra
    )


def named(row: Asked, name: str) -> Asked:
    """A fact or a question with the repository's name in its subject and in what is asked."""
    subject, reserved = f"{name}:{row.subject}", _begin(name) + row.reserved
    return _changed(row, subject, reserved, _named_source(row.source, name))


def plain(row: Asked) -> Asked:
    """A fact or a question as its generator knows it: without the name of its repository."""
    name = repository_of(row.source)
    if not name:
        return row
    source = row.source.model_dump()
    del source["repository"]
    source["ref"] = source["ref"].removeprefix(f"{name}:")
    subject, reserved = row.subject.removeprefix(f"{name}:"), row.reserved.removeprefix(_begin(name))
    return _changed(row, subject, reserved, Source.model_validate(source))


def _changed(row: Asked, subject: str, reserved: str, source: Source) -> Asked:
    changed: dict[str, Any] = {"subject": subject, "reserved": reserved, "source": source}
    changed["id"] = fact_id(row.generator, row.kind, subject)
    if isinstance(row, Fact) and row.use:
        name, old = repository_of(source), repository_of(row.source)
        asked = row.use.reserved.removeprefix(_begin(old)) if old else row.use.reserved
        use = {"subject": subject, "reserved": _begin(name) + asked if name else asked, "source": source}
        use["id"] = sha256(canonical([row.generator, row.kind, subject, "use"]))
        changed["use"] = row.use.model_copy(update=use)
    return row.model_copy(update=changed)


def _begin(name: str) -> str:
    return f"In the repository `{name}`: "


def _named_source(source: Source, name: str) -> Source:
    return source.model_copy(update={"ref": f"{name}:{source.ref}", "repository": name})
