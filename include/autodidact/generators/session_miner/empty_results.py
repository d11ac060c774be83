"""Results of tools that hold nothing: they bear out no answer but one that says so, or asks back."""

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


def borne_out(calls: list[Call], reply: str) -> bool:
    """Whether an answer may rest on what its calls gave: not where all gave nothing and it says more."""
    nothing = bool(calls) and all(_holds_nothing(made.result) for made in calls)
    return not nothing or _DENIES.search(reply) is not None


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
