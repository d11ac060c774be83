"""What a goal's cells say of other goals and of what is in its way."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from autodidact.generators.goal_examples.parse_goal_fields import (
    STATE_WORDS,
    TABLE,
    empty,
    listed,
    plain,
    spelled,
)

# `Move the index (https://...)`, as Notion writes a page into a cell, several after commas; or a link.
_LINKED = re.compile(r"\s*\[?([^\]]+?)\]?\s?\(https?://[^\s()]+\)\s*(?:,|\Z)")
_TICK = re.compile("[\u2705\u2714\u2611\U0001f7e2\U0001f197]")
# Between the names of two goals that are both needed.
_AND = {"and", "&", "+", "und", "et", "y", "e"}
# By which of its fields a goal is referred to, and what else such an object may hold.
_NAMED_BY = set(TABLE["reference"]["name"])
_REFERENCE = _NAMED_BY | set(TABLE["reference"]["more"])
_NO: dict[str, list[str]] = TABLE["denials"]


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_NOTHING = re.compile(rf"(?:{_any(_NO['nothing'])})(?:[\s,]+(?:{_any(_NO['so far'])}))*", re.IGNORECASE)
# "Nothing but rain": it begins as if there were nothing.
_PERHAPS = re.compile(rf"(?:{_any(_NO['perhaps'])})(?![\w-])", re.IGNORECASE)
_OVER = re.compile(
    rf"(?:{_any(_NO['over'])})(?![\w-])|(?:{_any(_NO['ended'])})(?:\s+(?:{_any(_NO['when'])})\b.*)?\Z",
    re.IGNORECASE,
)


class Links(NamedTuple):
    waits: list[str]
    frees: list[str]
    blockers: list[str]


def denial(text: str) -> str:
    """Whether an obstacle is none: "nothing" is there, or it is "unclear", as of one that may be over; "" of
    one that is there.
    """
    if _NOTHING.fullmatch(text):
        return "nothing"
    if _TICK.search(text) or _PERHAPS.match(text) or not re.search(r"[^\W_]", text):
        return "unclear"
    parts = [part.strip().lower() for part in re.split(r"[:;,()\[\]]|\s[-\u2013\u2014]+\s", text)]
    over = any(_OVER.match(part) or STATE_WORDS.get(part) in ("done", "dropped", "closed") for part in parts)
    return "unclear" if over else ""


def refers(text: str) -> bool:
    """Whether a text is the number or the key of a goal."""
    return re.fullmatch(r"#\d+|[A-Z][A-Z0-9]*-\d+", text) is not None


def issue_links(value: Any) -> Iterator[tuple[str, str]]:
    """(how an issue of Jira is linked, to which), in the words of that end of the link."""
    for link in value if isinstance(value, list) else ():
        kind = link.get("type") if isinstance(link, dict) else None
        for side in ("inward", "outward"):
            issue = link.get(f"{side}Issue") if isinstance(link, dict) else None
            if isinstance(issue, dict) and isinstance(kind, dict):
                yield plain(kind.get(side)).lower(), plain(issue.get("key"))


def references(value: Any, names: dict[str, str], by_program: bool = False) -> Iterable[str]:
    """The names of goals in a list or a cell: each part as it stands, as titles with their links, or else its
    words, where each of them is one. A cell that a person filled is read as a whole or not at all, because of
    "crane, or ferry"; what is not read comes as it stands.
    """
    for part in listed(value, r"[;|\n]"):
        if titles := linked_titles(part):
            yield from titles
            continue
        several = [part] if part in names else re.split(r"\s*,\s*(?:and\s+)?", part)
        read = [_named_in(text, names) for text in several]
        if by_program or all(read):
            for text, found in zip(several, read, strict=True):
                yield from found or [text]
        else:
            yield part


def _named_in(text: str, names: dict[str, str]) -> list[str]:
    """What a text names, where it consists of nothing else: a goal, ids, or words that are names."""
    if text in names:
        return [text]
    words = [word for word in text.split() if word.lower() not in _AND]
    return words if all(word in names or refers(word) for word in words) else []


def mapped(value: Any) -> bool:
    """Whether a reference says more than what it refers to: `{id: crane, optional: true}`."""
    if isinstance(value, list):
        return any(map(mapped, value))
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("nodes"), list):
        return mapped(value["nodes"])
    return not any(plain(one) for key, one in value.items() if spelled(str(key)) in _NAMED_BY) or any(
        not empty(one) for key, one in value.items() if spelled(str(key)) not in _REFERENCE
    )


def linked_titles(text: str) -> list[str]:
    """The titles of a text that consists of titles with their links; [] of any other."""
    text, found, at = " ".join(text.split()), [], 0
    while at < len(text):
        match = _LINKED.match(text, at)
        if not match:
            return []
        found.append(match[1].strip())
        at = match.end()
    return found
