"""Results of tools that hold nothing, or say that something is not so: they bear out no answer but one that
says so, or asks back.
"""

import json
import re
from typing import Any

from autodidact.sources.transcripts import Call

# Characters of a result that may hold nothing.
LONGEST = 400
# Fields next to an empty list that say nothing of what was looked for.
_AROUND = frozenset(
    "status success ok query q page limit offset took time next_page nextpage cursor has_more hasmore code"
    " iserror is_error error errors".split()
)
_NOTHING_FOUND = re.compile(
    r"(?:no|0|zero) (?:\w+ )?(?:results?|match(?:es)?|entries|items?|rows?|records?|files?|hits?|data"
    r"|documents?"
    r"|output|content)(?: (?:were |was )?(?:found|returned))?[.!]?|nothing (?:was )?found[.!]?|\(?empty\)?"
    r"|none|null|\[\]|\{\}",
    re.IGNORECASE,
)
# What says that there is nothing, in the languages of the correction model.
_DENIES = re.compile(
    r"\b(?:no|not|none|nothing|nobody|never|without|empty|zero|0|cannot|unable|failed|\w+n['’]t"
    r"|kein\w*|nicht\w*|leer\w*|ohne|aucun\w*|pas|rien|vides?|sans|ning[uú]n\w*|nada|vac[ií]\w*|sin"
    r"|nenhum\w*|não|vazi\w*|sem|нет|не|ничего|пуст\w*|без)\b"
    r"|没|無|无|未|空|不|ない|ません|なし|なかった|[?？]",
    re.IGNORECASE,
)
# What says that something is so now: "is free", not "is free from 6 p.m. on", "is free of".
_SO = r"\b(?:(?:is|are|was|has been) (?:now |already )?{})\b(?! (?:{})\b)"
_LATER = "again|only|from|of|after|until|till|once|when|if|unless|at|on (?:another|other)|or"
_ASKS_IF = re.compile(r"\b(?:if|whether|when|once|unless)\b", re.IGNORECASE)
# A field of which a word of the answer is one's own: `free`, `is_free`.
_FIELD = re.compile(r"(?:(?:is|was|has)_)?([a-z]{4,})")


def borne_out(calls: list[Call], reply: str) -> bool:
    """Whether an answer may rest on what its calls gave: not where all gave nothing and it says more, nor
    where it says of a thing that it is so, and the one field of that name says that it is not.
    """
    nothing = bool(calls) and all(_holds_nothing(made.result) for made in calls)
    if nothing:
        return _DENIES.search(reply) is not None
    return not any(_says_so(reply, field) for field in _not_so(calls))


def _says_so(reply: str, field: str) -> bool:
    said = reply.replace("?", "").replace("？", "")
    if _DENIES.search(said) or _ASKS_IF.search(said):
        return False
    return re.search(_SO.format(field, _LATER), said, re.IGNORECASE) is not None


def _not_so(calls: list[Call]) -> list[str]:
    """The words of the fields that are `false` and stand in one result only, once."""
    names = re.findall(r'"(\w+)"\s*:\s*(\w+)?', " ".join(made.result[:LONGEST] for made in calls))
    lower = [(name.lower(), value) for name, value in names]
    words = [found[1] if (found := _FIELD.fullmatch(name)) else "" for name, _ in lower]
    return [
        word
        for word, (_, value) in zip(words, lower, strict=True)
        if word and value == "false" and words.count(word) == 1
    ]


def _holds_nothing(result: str) -> bool:
    text = result.strip()
    if len(text) > LONGEST:
        return False
    if not text or _NOTHING_FOUND.fullmatch(text):
        return True
    try:
        given = json.loads(text) if text[:1] in "{[" else "words"
    except (ValueError, RecursionError):
        return False
    return _empty(given) and ("[]" in text or "{}" in text or "null" in text)


def _empty(given: Any) -> bool:
    if isinstance(given, dict):
        return all(str(key).lower() in _AROUND or _empty(value) for key, value in given.items())
    if isinstance(given, list):
        return all(map(_empty, given))
    return given is None or given == "" or given == 0
