"""Whether a description says of what an argument is by default something else than its schema does: "Defaults
to f if the city is in the US", with `c` as the default.
"""

import re
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.description_phrases import sentences
from autodidact.generators.tool_spec.spelled_values import human, in_code

_LEFT_OUT = (
    r"(?:if|when|where|unless) (?:it |this |the \w+ |they |these )?(?:is |are |was )?(?:not |un)?(?:given|set"
    r"|provided|specified|passed|supplied|present|omitted|left (?:out|empty)|empty|absent|missing|none|null)"
)
# How a description says what counts without a value.
_ASSUMED = re.compile(
    rf"\bdefault(?:s|ed|ing)?(?: value)?(?:,| to| is| are| of)|\bdefaults?\s*[:=]|\bby default\b|\(default\b"
    rf"|\bdefault\)|\bif (?:you )?(?:omit|leave)\w*|{_LEFT_OUT}|\b(?:standardmäßig|par défaut|por defecto)\b",
    re.IGNORECASE,
)
# What makes of a default one that holds in some cases only.
_IN_SOME_CASES = re.compile(
    r"\b(?:if|when(?:ever)?|unless|except|depend\w*|otherwise|else|var(?:y|ies)|outside|where"
    r"|same as|falls? back|inherit\w*|current|configured|wenn|falls|außer|sauf|si|salvo)\b",
    re.IGNORECASE,
)


def another_default(key: str, part: dict[str, Any], description: str) -> bool:
    """Whether the default of an argument's schema is not surely what a call without it gets. `description`:
    of the tool.
    """
    own = sentences(str(part.get("description") or ""))
    named = re.compile(rf"(?<![\w-])(?:{re.escape(key)}|{re.escape(human(key))})(?![\w-])", re.IGNORECASE)
    said = [*own, *(one for one in sentences(description) if named.search(one))]
    return any(_contradicts(one, key, part) for one in said if _ASSUMED.search(one))


def _contradicts(sentence: str, key: str, part: dict[str, Any]) -> bool:
    """Whether a sentence on what is assumed names a case, another choice or another value."""
    rest = re.sub(_LEFT_OUT, " ", sentence, flags=re.IGNORECASE)
    if _IN_SOME_CASES.search(rest):
        return True
    default = part["default"]
    others = [True, False] if isinstance(default, bool) else values_of(part)
    if any(_names(rest, other) for other in others if other != default and in_code(other) != key):
        return True
    return not isinstance(default, bool) and not _names(rest, default)


def _names(sentence: str, value: Any) -> bool:
    """Whether a value stands in a sentence, as a word of its own: 5,000 is 5000."""
    said = re.sub(r"(?<=\d)[,_](?=\d{3})", "", sentence)
    return (
        re.search(rf"(?<![\w.-]){re.escape(in_code(value))}(?![\w-]|\.\d)", said, re.IGNORECASE) is not None
    )
