"""Parts of a message that no reader takes: an answer with one was made of more than its words.

Interfaces name the calls that they make within an answer as they like (`mcp_tool_use`, `tool-getBerths`,
`toolRequest`, `executableCode`), or keep them next to it (`toolInvocations`, `citations`).
"""

import re
from collections.abc import Collection
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.transcripts.turn_text import HOSTED
from autodidact.sources.transcripts.untrusted_fields import has_attachment, name_of

# Types of parts that are read or hold nothing that an answer rests on, without case and marks.
_KNOWN = frozenset(
    "text inputtext outputtext thinking redactedthinking reasoning reasoningtext redactedreasoning thought"
    " summarytext refusal stepstart stepfinish functioncall functionresponse".split()
)
_READ = ("tool_use", "tool_result")
# Keys of a part without a type that say nothing of what it is.
_ASIDE = ("thoughtSignature", "thought", "id", "metadata", "providerMetadata", "providerOptions")
_IS_CALL = re.compile(r"tool|function|call|search|execut|action|mcp|retriev|citation|source", re.IGNORECASE)
# Fields next to an answer's words that say that a tool, or a search, gave what they hold.
_BESIDE = re.compile(
    r"(tool_?(invocation|result|use|execution|output)s?|executed_?tools?|citations?|sources"
    r"|grounding_?metadata|search_?results?|code_?executions?)\Z",
    re.IGNORECASE,
)
# Characters of a type that are named.
_MOST = 40


def of_answer(message: dict, read: Collection[str | None] = (), types: Collection[str] = ()) -> str:
    """What an answer was made of and no reader takes; "" for nothing. `read`: the ids of the calls that are
    read; `types`: further types of parts that are.
    """
    if any(value and _BESIDE.match(key) for key, value in message.items() if isinstance(key, str)):
        return HOSTED
    if _cites(message):
        return HOSTED
    return of_parts(message.get("content"), read, types) or of_parts(message.get("parts"), read, types)


def of_parts(content: Any, read: Collection[str | None] = (), types: Collection[str] = ()) -> str:
    """What the parts of a content hold and no reader takes; "" for nothing."""
    for part in dicts_of(content):
        kind, ident = _kind(part), part.get("id", part.get("toolCallId"))
        if _cites(part):
            return HOSTED
        if kind in (*_READ, *types) or re.sub(r"[\W_]", "", kind).lower() in _KNOWN:
            continue
        if has_attachment([part]) or (name_of(ident) and ident in read):
            continue
        return HOSTED if _IS_CALL.search(kind) else f"with a part that is not understood ({kind[:_MOST]})"
    return ""


def _kind(part: dict) -> str:
    """A part's type; of one without, the first key that is no words."""
    if (kind := name_of(part.get("type"))) is not None:
        return kind
    if any(isinstance(part.get(key), str) for key in ("text", "content")):
        return "text"
    return next((str(key) for key in part if key not in _ASIDE), "text")


def _cites(part: dict) -> bool:
    """Whether words rest on what a search found."""
    held = dict_of(part.get("text")).get("annotations")
    notes = [*dicts_of(part.get("annotations")), *dicts_of(held), *dicts_of(part.get("citations"))]
    return any("citation" in str(note.get("type")) or "cited_text" in note for note in notes)
