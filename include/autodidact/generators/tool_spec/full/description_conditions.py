"""What a tool's descriptions set conditions on ("kitchen shuts 15:30", "season needs a holder", "over 60 EUR
it waits"). Made-up arguments cannot be known to meet a condition in words; so a call with them is taught
only where no condition is about it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.description_phrases import sentences
from autodidact.generators.tool_spec.full.argument_with_its_schema import plain
from autodidact.generators.tool_spec.full.likely_arguments import looks
from autodidact.generators.tool_spec.known_tool import KnownTool, stems
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.sources.json_of_expected_type import dict_of

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
# What sounds like a condition and is a word on what the tool is for, or on what it does.
_NO_CONDITION = re.compile(
    r"\bread[- ]only\b|\b(?:do not|don['’]t|not) (?:use|meant|intended|suited)\b[^.;]*|\bnot for\b[^.;]*"
    r"|^use (?:this|it|when|for|to)\b[^.;]*|\bonly reads?\b|\breads? only\b"
    r"|\b(?:not|no [\w ]{1,20}) (?:required|needed|necessary)\b"
    r"|\b(?:the )?first \w+s?\b|\b(?:check|ask|confirm)s? (?:whether|if|that|for|how|the)\b"
    r"|\btakes? (?:up to|about|around|some|at most) \d[^.;)]*",
    re.IGNORECASE,
)
# What is said of the form of a value whose schema has that form: a value that fits it is no open question.
_FORM = re.compile(
    r"\bnot (?:the|an?|its|your)\b[^.;,()]*|\bno [\w ]+ (?:number|code|id|name)s?\b"
    r"|\b(?:must|has to|should|needs to) (?:be (?:\d|in|of|an? |upper|lower|the form)|start|begin|end|match"
    r"|look|consist|contain|have \d)[^.;,()]*"
    r"|\b(?:only|not) (?:digits|letters|numbers|capitals|upper|lower)\b"
    r"|\b(?:digits|letters|numbers|capitals) only\b|\b(?:at (?:least|most)|up to|from) \d+[^.;,()]*",
    re.IGNORECASE,
)
# An argument that may be left out, but not in every case: "`fix` and `reject` want a comment".
_NEEDED = re.compile(
    r"\b(?:needs?|needed|necessary|mandatory|obligatory|compulsory|requires?|required|must|wants?)\b",
    re.IGNORECASE,
)
# In which cases, is left to whoever reads it: "`note` unless it is late".
_CASES = re.compile(r"\b(?:only with|if|when|unless|except|other than|all but)\b", re.IGNORECASE)
# What is said of some cases only, or of one choice.
_OF_CASES = re.compile(
    r"\b(?:if|when(?:ever)?|unless|except|without|otherwise|instead|depend\w*|default\w*|wants?|omit\w*"
    r"|lea(?:ve|ving) (?:it )?(?:out|empty)|left (?:out|empty)|always|optional|both|together|either)\b|\w=",
    re.IGNORECASE,
)
# What an argument means where it is given, or where it is not.
_MEANING = re.compile(
    r"\b(?:if|when) (?:it is |it's )?(?:not |left )?(?:true|false|set|given|provided|specified|omitted|empty"
    r"|out|absent|missing|null|none|unknown)\b|^only (?:with|for|if|when)\b",
    re.IGNORECASE,
)
# An argument that is needed but for some choices of another one: "leave out for permanent".
_LEFT_OUT = re.compile(r"\b(?:leave|left|leaving) (?:it )?out|\bomit", re.IGNORECASE)
_FORMED = frozenset(("pattern", "format", "enum", "const"))
# Arguments by which somebody says that a condition is met: `badge_checked`.
GRANTS = re.compile(
    r"(?:^|_)(?:checked|verified|confirm|confirmed|approved|signed|acknowledged?|consent|consented|accepted"
    r"|authori[sz]ed|permitted|agreed?|cleared"
    r"|badge|licen[cs]e|permit|waiver|clearance|induction|training|permission)(?:_|$)"
)
# An amount above which something else holds: `over 60 EUR it waits`, `50 and up: 20 % deposit`.
_ABOVE = re.compile(
    r"(?:>=?|≥|\b(?:over|above|more than|exceeding|beyond)\b) ?(?:[€$£] ?|[A-Za-z]{3} )?(\d+(?:\.\d+)?)"
    r"|\b(\d+(?:\.\d+)?)(?: \w+)? (?:(?:and|or) (?:more|over|above)|(?:(?:and|or) )?(?:up|upwards?))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Condition:
    """`text`: a sentence of a description. `values`, `keys`: the choices and the arguments that it is about;
    `above`: the amount from which on it holds. A call without any of them does not come under it. Where
    nothing of that is known, every call does; with `unless`, the argument that says that the condition is
    met, all but those that set it. `text` is empty where the name of that argument is all there is.
    """

    text: str
    values: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    above: float | None = None
    unless: str = ""

    def about(self, given: dict[str, Any]) -> bool:
        """Whether a call with these arguments comes under it."""
        if self.unless:
            return given.get(self.unless) is not True
        if not self.values and not self.keys and self.above is None:
            return True
        keys, values, numbers = _flat(given)
        return bool(
            self.values & values
            or self.keys & keys
            or self.above is not None
            and any(number >= self.above for number in numbers)
        )


def open_conditions(known: KnownTool, given: dict[str, Any]) -> list[str]:
    """The conditions, in the descriptions' own words, that a call with these arguments comes under."""
    return list(dict.fromkeys(one.text for one in conditions(known) if one.about(given)))


@lru_cache(maxsize=512)
def conditions(known: KnownTool) -> tuple[Condition, ...]:
    """All conditions in the description of a tool and of its arguments."""
    parts = list(_parts(known.properties))
    choices = [(key, value) for key, part in parts for value in values_of(part) if isinstance(value, str)]
    found: list[Condition] = []
    for sentence in sentences(" ".join(known.tool.description.split())):
        named = [key for key in known.optional if mentions(sentence, key)]
        found += [case for key in named if (case := _case(known, key, sentence, choices))]
        # `>150 EUR waits, injury needs a note` holds two.
        clauses = re.split(r", (?=\w)", sentence) if _ABOVE.search(sentence) else [sentence]
        found += [_condition(sentence, one, choices, known) for one in clauses if is_condition(one)]
    for key, part in parts:
        about = " ".join(str(part.get("description") or "").split())
        if _LEFT_OUT.search(about) and any(_names_choice(about, *choice) for choice in choices):
            found.append(Condition(f"{key}: {about}"))
        if key not in known.required and (case := _case(known, key, about, choices)):
            found.append(replace(case, text=f"{key}: {about}"))
        rest = _FORM.sub(" ", about) if _FORMED & part.keys() else about
        if rest and is_condition(rest):
            values = frozenset(value for other, value in choices if _names_choice(about, other, value))
            own = frozenset() if key in known.required else frozenset((key,))
            found.append(Condition(f"{key}: {about}", values, own))
    return (*found, *_grants(known, found))


def _grants(known: KnownTool, found: list[Condition]) -> Iterator[Condition]:
    """The conditions that no sentence states: a tool that does something has an argument to say that one is
    met, `waiver_signed`.
    """
    for key in known.optional:
        grants = plain(known.properties[key]).get("type") == "boolean" and GRANTS.search(key)
        if grants and not looks(known) and not any(stems(human(key)) & stems(one.text) for one in found):
            yield Condition("", unless=key)


def _condition(sentence: str, clause: str, choices: list[tuple[str, str]], known: KnownTool) -> Condition:
    values = frozenset(value for key, value in choices if _names_choice(clause, key, value))
    if values:
        return Condition(sentence, values)
    if amount := _ABOVE.search(clause):
        return Condition(sentence, above=float(amount[1] or amount[2]))
    if re.search(_AMOUNT, clause):
        return Condition(sentence)
    return Condition(sentence, keys=frozenset(key for key in known.optional if mentions(clause, key)))


def _case(known: KnownTool, key: str, text: str, choices: list[tuple[str, str]]) -> Condition | None:
    """That an optional argument has to be given in some cases: those of the choices that a text names, or
    nobody knows which. A switch is off where it is not given: "Machine only unless human_pass" asks for none.
    """
    words = _MEANING.sub(" ", _NO_CONDITION.sub(" ", text))
    switch = plain(known.properties.get(key)).get("type") == "boolean"
    unclear = not switch and _CASES.search(words) is not None
    if not unclear and not _NEEDED.search(words):
        return None
    values = frozenset(value for other, value in choices if _names_choice(text, other, value))
    return Condition(text, frozenset() if unclear else values)


def speaks_of_cases(known: KnownTool) -> bool:
    """Whether a description of a tool, or of one of its arguments, has a word of condition, or the tool's
    names an optional argument: whether that may be left out, only who reads it can say.
    """
    about = known.tool.description
    texts = [about, *(str(part.get("description") or "") for _, part in _parts(known.properties))]
    return any(_CONDITION.search(text) or _OF_CASES.search(text) for text in texts) or any(
        mentions(about, key) for key in known.optional
    )


def is_condition(sentence: str) -> bool:
    """Whether a sentence of a description restricts what may be asked of the tool."""
    return _CONDITION.search(_NO_CONDITION.sub(" ", sentence)) is not None


def mentions(sentence: str, word: str) -> bool:
    """Whether a sentence has a name, as it is spelled or as one says it."""
    said = {word, human(word)}
    return any(re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", sentence, re.IGNORECASE) for one in said)


def _names_choice(sentence: str, key: str, value: str) -> bool:
    """Whether a sentence names a choice: `season`, or `sector E` for the sector `E-line`."""
    begins = re.split(r"[-_ ]", value)[0]
    return mentions(sentence, value) or (begins != value and mentions(sentence, f"{human(key)} {begins}"))


def _parts(properties: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, dict]]:
    """(name, schema) of every argument, and of the fields of those that are objects."""
    for key, part in properties.items():
        part = plain(part)
        yield key, part
        if depth < DEEPEST:
            yield from _parts(dict_of(part.get("properties")), depth + 1)


def _flat(given: Any) -> tuple[set[str], set[str], list[float]]:
    """(all names, all texts, all numbers) in arguments."""
    keys: set[str] = set()
    values: set[str] = set()
    numbers: list[float] = []
    waiting = [given]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            keys.update(one)
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            values.add(one)
        elif isinstance(one, (int, float)) and not isinstance(one, bool):
            numbers.append(one)
    return keys, values, numbers
