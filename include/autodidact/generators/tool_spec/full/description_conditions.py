"""What a tool's descriptions set conditions on ("kitchen shuts 15:30", "season needs a holder", "over 60 EUR
it waits"). Made-up arguments cannot be known to meet a condition in words; so calls are taught only of tools
without any.
"""

import re
from collections.abc import Iterator
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.description_phrases import sentences
from autodidact.generators.tool_spec.full.likely_arguments import SHORTEST_WORD, looks
from autodidact.generators.tool_spec.known_tool import KnownTool, stems
from autodidact.generators.tool_spec.plain_schema import plain
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.sources.json_of_expected_type import dict_of, dicts_of

# Levels of objects in objects whose fields are read.
DEEPEST = 3

_AMOUNT = (
    r"[<>≥≤]|\b(?:over|above|below|under|beyond|exceeding|more than|less than|fewer than|at least|at most"
    r"|from|up to|until|by|after|before|not) (?:[€$£] ?|[A-Za-z]{3} )?\d"
    r"|\d[\d.,]* (?:and|or) (?:up|more|over|above|less|fewer|under)\b"
)
_CONDITION = re.compile(
    r"\b(?:needs?|needed|necessary|mandatory|obligatory|compulsory"
    r"|requires?|required|must|never|cannot|can not|only|unless|except|nothing else|shuts?|closed"
    r"|closes|forbidden|prohibited|not|no longer|asks?|checks?|confirm\w*|approv\w*|permission|agree\w*"
    r"|allowed|make sure|ensure|first|beforehand|have to|has to|should|[a-z]+n['’]t)\b"
    r"|\b(?:wants?|with|without|ha(?:s|ve|ving)|holds?|holding|shows?|showing|carr(?:y|ies)|valid|against)\b"
    r"[^.;:]{0,25}\b(?:badge|permit|licen[cs]e|clearance|certificate|credentials?|waiver|consent|signature"
    r"|approval|training|induction|supervisor|ok|sign[- ]?off)\b|" + _AMOUNT,
    re.IGNORECASE,
)
# What is said of some cases only, or of one choice.
_OF_CASES = re.compile(
    r"\b(?:if|when(?:ever)?|unless|except|without|otherwise|instead|depend\w*|default\w*|wants?|omit\w*"
    r"|lea(?:ve|ving) (?:it )?(?:out|empty)|left (?:out|empty)|always|optional|both|together|either)\b|\w=",
    re.IGNORECASE,
)
# Arguments by which somebody says that a condition is met: `badge_checked`.
GRANTS = re.compile(
    r"(?:^|_)(?:checked|verified|confirm|confirmed|approved|signed|acknowledged?|consent|consented|accepted"
    r"|authori[sz]ed|permitted|agreed?|cleared"
    r"|badge|licen[cs]e|permit|waiver|clearance|induction|training|permission)(?:_|$)"
)


def speaks_of_cases(known: KnownTool) -> bool:
    """Whether a description of a tool, or of one of its arguments, has a word of condition, whether the
    tool's names an optional argument, or one says that something is met (`waiver_signed`): what a call needs,
    and what may be left out, only who reads them can say.
    """
    about = known.tool.description
    texts = [about, *(str(part.get("description") or "") for _, part in _parts(known.properties))]
    return (
        any(map(sets_condition, texts))
        or any(mentions(about, key) for key in known.optional)
        or any(_grants(known, key) or _is_for_a_choice(known, key) for key in known.optional)
        or any(_sets_amount(about, key) for key, part in _parts(known.properties) if _is_number(part))
    )


def sets_condition(text: str) -> bool:
    """Whether a text has a word of condition, or says what holds in some cases only."""
    return bool(_CONDITION.search(text) or _OF_CASES.search(text))


def _is_number(part: dict) -> bool:
    kinds = (part, *dicts_of(part.get("anyOf")))
    return any(one.get("type") in ("number", "integer") for one in kinds)


def _sets_amount(about: str, key: str) -> bool:
    """Whether a description has a number and, in the same sentence, a word of a numeric argument's name:
    "cargo = 100 deposit, rest 40" of `deposit_eur`.
    """
    words = [word for word in human(key).split() if len(word) >= SHORTEST_WORD]
    return any(
        re.search(r"\d", one) and any(mentions(one, word) for word in words) for one in sentences(about)
    )


def _grants(known: KnownTool, key: str) -> bool:
    boolean = plain(known.properties[key]).get("type") == "boolean"
    return boolean and GRANTS.search(key) is not None and not looks(known)


def _is_for_a_choice(known: KnownTool, key: str) -> bool:
    """Whether the description of what is nothing by default names a choice of another argument: "how late,
    for late".
    """
    part = plain(known.properties[key])
    about = str(part.get("description") or "")
    others = (plain(one) for name, one in known.properties.items() if name != key)
    choices = (one for other in others for one in values_of(other) if isinstance(one, str))
    return part.get("default") is None and any(mentions(about, one) for one in choices)


def mentions(sentence: str, word: str) -> bool:
    """Whether a sentence has a name, as it is spelled or as one says it."""
    said = {word, human(word)}
    return any(re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", sentence, re.IGNORECASE) for one in said)


def names_with_condition(sentence: str, known: KnownTool, key: str) -> bool:
    """Whether a sentence of a tool's description sets a condition and has an argument's name, or a word of it
    in another form: "damaged goods need a photo" of `photos`. What the tool itself is called says nothing.
    """
    words = {
        stem
        for word in human(key).split()
        if len(word) >= SHORTEST_WORD and not sets_condition(word)
        for stem in stems(word)
    }
    words -= stems(human(known.name))
    return sets_condition(sentence) and (mentions(sentence, key) or bool(words & stems(sentence)))


def _parts(properties: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, dict]]:
    """(name, schema) of every argument, and of the fields of those that are objects."""
    for key, part in properties.items():
        part = plain(part)
        yield key, part
        if depth < DEEPEST:
            yield from _parts(dict_of(part.get("properties")), depth + 1)
