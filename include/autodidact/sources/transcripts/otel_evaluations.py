"""What a span says of the answer in it, or in its trace: attributes (`eval.correctness.label`), events
(`gen_ai.evaluation.result`), and fields next to them (`annotations`).
"""

from collections.abc import Iterator
from typing import Any

from autodidact.sources.transcripts.ending_fields import by_fields
from autodidact.sources.transcripts.evaluations import speaks
from autodidact.sources.transcripts.names_of_fields import words_of
from autodidact.sources.transcripts.outcomes import Outcome, worse
from autodidact.sources.transcripts.untrusted_fields import parsed
from autodidact.sources.transcripts.verdict_words import flagged

# Attributes that are looked at.
MOST = 2_000
# Of what a span was made from, not of what came of it.
_NOT_OF_ANSWERS = frozenset("document documents retrieval reranker request http embedding embeddings".split())
# Fields of a span that the reader reads, or that are none of its own.
_OWN = ("attributes", "events", "links", "status", "resource", "scope")


def judged(
    span: dict, given: dict[str, Any], events: list[tuple[str, dict[str, Any]]]
) -> tuple[Outcome, list[str]]:
    """(What the evaluations of a span say of an answer, those that do not say that it is good)."""
    outcome, found = Outcome.SUCCEEDED, []
    held = [given, {key: value for key, value in span.items() if key not in _OWN}]
    held += [_of_event(name, own) for name, own in events]
    for each in held:
        nested: dict[str, Any] = {}
        for key, value in _chosen(each):
            _put(nested, key.split("."), value)
        went, said = by_fields(nested) if nested else (Outcome.SUCCEEDED, [])
        outcome = worse(outcome, went)
        found += said
    return outcome, found


def _of_event(name: str, own: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an event, by its name where theirs do not say that they evaluate."""
    if not speaks(words_of(name)) or any(speaks(words_of(key)) for key in own):
        return own
    return {f"{name.rsplit('.', 1)[-1]}.evaluation.{key}": value for key, value in own.items()}


def _chosen(given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The attributes that speak of an evaluation, an object in a text as the object."""
    for key, value in list(given.items())[:MOST]:
        words = words_of(str(key))
        if not _NOT_OF_ANSWERS.isdisjoint(words):
            continue
        last = str(key).rsplit(".", 1)[-1]
        if last == "metadata":
            inner = value if isinstance(value, dict) else parsed(value, dict)
            yield from ((f"{key}.{own}", each) for own, each in _chosen(inner or {}))
        elif speaks(words):
            text = isinstance(value, str) and value.lstrip()[:1] in ("{", "[")
            whole = parsed(value, (dict, list)) if text else None
            yield str(key), value if whole is None else whole
        elif last == "level" or flagged(words_of(last), value) is not None:
            yield str(key), value


def _put(nested: dict[str, Any], path: list[str], value: Any) -> None:
    """Sets `{"eval": {"score": 0}}` for eval.score; what is there already keeps its value."""
    for part in path[:-1]:
        inner = nested.get(part)
        if not isinstance(inner, dict):
            nested[part] = inner = {} if inner is None else {"value": inner}
        nested = inner
    if isinstance(nested.get(path[-1]), dict) and not isinstance(value, dict):
        nested[path[-1]].setdefault("value", value)
    else:
        nested[path[-1]] = value
