"""Arguments of a call in the drill: a value is made up only where neither a name nor a description limits it.
Elsewhere it is a choice, the default or an example of the schema, or there is no call.
"""

import random
import re
from collections.abc import Iterator
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.description_phrases import sentences
from autodidact.generators.tool_spec.known_tool import KnownTool, stems
from autodidact.generators.tool_spec.needs_in_words import without_needs
from autodidact.generators.tool_spec.plain_schema import alternatives, plain
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.tool_spec.value_surely_fits import examples_in, of_items
from autodidact.shipped_tables import read_table
from autodidact.sources.json_of_expected_type import dict_of, list_of

# Draws until one fits.
TRIES = 12

_TABLE = read_table(__file__, "values_left_open.yaml")
_POOLS = [set(names.split()) for names in _TABLE["pooled"]]
_FORMS, _NUMBERS = frozenset(_TABLE["forms"]), frozenset(_TABLE["numbers"])
_OF_DAYS = frozenset(_TABLE["of_days"])
_PLAIN = frozenset(_TABLE["plain"])
_LANGUAGES = re.compile(rf"\b(?:{'|'.join(_TABLE['languages'])})\b", re.IGNORECASE)
# What limits any value, wherever it stands.
_LIMITS = re.compile(
    r"\b(?<!read-)(?:only|must|valid|allowed|permitted|accepted|supported|restricted|limited to|requires?"
    r"|can(?:not|'t)|not|never|no longer|unless|except|if|when(?:ever)?|without|within|between"
    r"|at (?:most|least)|no more than|up to \d|exact(?:ly)?|format|differ\w*|disabled|unavailable|deprecated"
    r"|ignored|rejected|reserved|obsolete|unsupported|nur|muss|seulement|doit|solo|debe)\b",
    re.IGNORECASE,
)
# The same of a whole tool: what it gives, and when it is to be used, limits no value.
_OF_TOOL = re.compile(
    r"(?<!read-)(?<!read )\bonly\b|\b(?:must|valid|allowed|permitted|accepted|supported|restricted|limited to"
    r"|format|rejected|refused|nur|muss|seulement|doit|solo|debe)\b",
    re.IGNORECASE,
)
_CALLS = r"(?:call|invoke|use|run|execut|trigger)(?:e|s|ed|d|ing)?"
_BEFORE = re.compile(
    # Not without something, or something else first.
    rf"\b(?:do not|don['’]t|never|must not|may not|should(?:n['’]t| not)|cannot) {_CALLS}\b[^.;]*"
    r"\b(?:without|unless|until|before|if|when)\b"
    rf"|\b(?:do not|don['’]t|never) {_CALLS} (?:this|it)\b"
    rf"|\b(?:must|need|needs|requires?|required|should|ha(?:s|ve) to|make sure|ensure|always|only|please)\b"
    rf"[^.;]*\b{_CALLS}\b[^.;]*\b(?:first|before(?:hand)?|previously|prior|after|once|already|until)\b"
    rf"|\b(?:first|before|prior to|after|once)\b[^.;]*\b{_CALLS}\b[^.;]*\b(?:must|need|have to|required)\b"
    rf"|\b(?:first|always) {_CALLS} (?!this\b|it\b)|\bonly after\b|\bprerequisites?\b"
    rf"|\b{_CALLS} (?!this\b|it\b)[\w`'\"-]+ (?:first|before)\b"
    r"|\b(?:requires?|needs?|after) (?:that )?(?:an? |the )?[`'\"]?\w+_\w+"
    # Somebody's word.
    r"|\b(?:without|requires?|required|needs?|must|ask|asks|obtain|get|only|first|before|after|explicit\w*"
    r"|always)\b[^.;]*\b(?:confirm\w*|approv(?:al|ed?)|consent|permission|authori[sz]\w+"
    r"|agree\w*|sign[- ]?off)\b"
    r"|\b(?:confirm|check|verify|agree)\b[^.;]*"
    r"\b(?:with (?:the|a|your) (?:user|admin\w*|human|owner|customer)|first)\b",
    re.IGNORECASE,
)
_THIS_FIRST = re.compile(rf"\b{_CALLS} (?:this|it)\b[^.;]*\b(?:first|before|prior)\b", re.IGNORECASE)
# How a tool says that an argument is to be given, and an argument what happens without it.
_GIVEN = re.compile(
    r"\b(?:must|ha(?:s|ve) to|needs? to) (?:also )?be (?:given|set|passed|present|provided"
    r"|specified|supplied)\b",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    r"\b(?:if|when) (?:it is |this is |they are )?(?:not (?:given|set|provided|specified|passed|supplied)"
    r"|omitted|left (?:out|empty)|empty|absent|missing|none|null)\b[^.;]*",
    re.IGNORECASE,
)
# A line of a description about one argument: "celsius: Between 5 and 30."
_OF_ARGUMENT = re.compile(
    r"^[ \t]*[-*]?[ \t]*[`\"']?([\w-]+)[`\"']?(?: \([^)\n]*\))?[ \t]*:[ \t]+(\S.*)$", re.M
)


def wants_something_first(description: str) -> bool:
    """Whether a tool is not to be called without something: somebody's word, a call of another tool."""
    return any(_BEFORE.search(one) and not _THIS_FIRST.search(one) for one in sentences(description))


def drawn(known: KnownTool, rng: random.Random) -> dict[str, Any] | None:
    """Arguments that the tool accepts and that nothing said of it speaks against; None without any."""
    if wants_something_first(known.tool.description):
        return None
    limits = _Limits(known, rng)
    for _ in range(TRIES):
        given = known.draw(rng)
        if given is None:
            return None
        parts = known.declared
        made = {key: limits.fitting(key, parts.get(key), value) for key, value in given.items()}
        made = {key: value for key, value in made.items() if value is not _NONE}
        if any(key in given and key not in made for key in known.required) or _over_total(made):
            continue
        if made == given or known.needs.met(made) and known.accepts(made):
            return made
    return None


_NONE: Any = object()
_WHOLES = {"total", "count", "max", "maximum", "last"}
_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")


class _Limits:
    """What limits the values of one tool's arguments."""

    def __init__(self, known: KnownTool, rng: random.Random):
        self.rng, text = rng, known.tool.description
        lines = [(key, said) for key, said in _OF_ARGUMENT.findall(text) if key in known.properties]
        self.said = {key: said for key, said in lines}
        rest = _OF_ARGUMENT.sub(lambda line: "" if line[1] in self.said else line[0], text)
        self.whole = _OF_TOOL.search(_GIVEN.sub("", rest)) is not None
        self.language = _LANGUAGES.search(f"{known.name} {text}") is not None
        self.words = stems(f"{human(known.name)} {rest} {' '.join(map(human, known.properties))}") | _PLAIN

    def fitting(self, key: str, part: Any, value: Any) -> Any:
        """The value, or one that the schema gives in its place; _NONE where there is neither."""
        part = _of_type(part, value)
        if about := self.said.get(key):
            part = {**part, "description": f"{about} {part.get('description') or ''}".strip()}
        if part.get("deprecated") is True:
            return _NONE
        about = _LEFT_OUT.sub("", without_needs(_without_bounds(part)))
        part = {**part, "description": about}
        if isinstance(value, bool) or values_of(part):
            return _NONE if _LIMITS.search(about) else value
        if shown := _shown(part, value):
            return value if value in shown else self.rng.choice(shown)
        if isinstance(value, dict):
            return self._object(part, value)
        if isinstance(value, list):
            made = [self.fitting(key.rstrip("s"), of_items(part), one) for one in value]
            kept = [one for one in made if one is not _NONE]
            return kept if kept or not value else _NONE
        if not self.whole and value is not None and self._open(key, part, value):
            return value
        default = part.get("default")
        return default if type(default) is type(value) and default != "" else _NONE

    def _object(self, part: dict, value: dict) -> Any:
        fields, required = dict_of(part.get("properties")), list_of(part.get("required"))
        if _LIMITS.search(str(part.get("description") or "")):
            return _NONE
        made = {one: self.fitting(one, fields.get(one), item) for one, item in value.items()}
        kept = {one: item for one, item in made.items() if item is not _NONE}
        lacks = any(one in required and one not in kept for one in value) or bool(value) and not kept
        return _NONE if lacks else kept

    def _open(self, key: str, part: dict, value: Any) -> bool:
        """Whether a text or a number may be made up."""
        about, name = str(part.get("description") or ""), set(human(key).split())
        number = isinstance(value, (int, float))
        bounded = {"minimum", "exclusiveMinimum"} & part.keys() and {
            "maximum",
            "exclusiveMaximum",
        } & part.keys()
        formed = bool({"format", "pattern"} & part.keys()) or bool(number and bounded)
        if not formed and name & (_NUMBERS if number else _FORMS):
            return False
        if not number and not formed and self.language and name & set(_TABLE["in_languages"]):
            return False
        if bounded:  # each number between two bounds is one, whatever it stands for
            return not _LIMITS.search(about)
        said = set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", about).lower()))
        if _LIMITS.search(about) or not formed and (re.search(r"\d", about) or said & (_FORMS - name)):
            return False
        if not number and any(said & pool and not name & pool for pool in _POOLS if not formed):
            return False
        return not stems(about) - self.words - stems(human(key)) - (_OF_DAYS if formed else frozenset())


def _without_bounds(part: dict) -> str:
    """The description of an argument without the bounds that its schema has as well."""
    about = str(part.get("description") or "")
    bounds = [part[key] for key in _BOUNDS if isinstance(part.get(key), (int, float))]
    if len(bounds) == 2:
        number = "(?:" + "|".join(re.escape(f"{one:g}") for one in bounds) + ")"
        before, between = r"\(?(?:\b(?:between|from|in|within|range|of) )*", r" ?(?:and|to|-|–|\.\.) ?"
        about = re.sub(rf"{before}{number}{between}{number}(?![\d.]*\d)\)?", "", about, flags=re.I)
    return about


def _of_type(part: Any, value: Any) -> dict:
    """A schema, or its alternative of the type of a value."""
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    kind, part = kinds.get(type(value)), dict_of(part)
    fits = [
        one
        for one in alternatives(part)
        if kind in (one.get("type"), {"number": "integer"}.get(one.get("type", "")))
    ]
    return {**part, **fits[0]} if len(alternatives(part)) > 1 and fits else plain(part)


def _shown(part: dict, value: Any) -> list[Any]:
    """The examples of an argument, of the type of a value."""
    if isinstance(value, (dict, list)):
        return []
    given: Iterator[Any] = iter((*list_of(part.get("examples")), part.get("example"), *examples_in(part)))
    number = isinstance(value, (int, float))
    found = [int(one) if number and isinstance(one, str) and one.isdecimal() else one for one in given]
    kind = (int, float) if number else str
    return [one for one in found if isinstance(one, kind) and not isinstance(one, bool)]


def _over_total(given: dict[str, Any]) -> bool:
    """Whether one number is more than the whole that it counts within: thought 45 of 24."""
    numbers = {key: value for key, value in given.items() if isinstance(value, (int, float))}
    totals = {key for key in numbers if set(human(key).split()) & _WHOLES}

    def about(key: str) -> set[str]:
        return {word[:4] for word in human(key).split() if word not in _WHOLES}

    parts = numbers.keys() - totals
    return any(
        about(key) & about(total) and numbers[key] > numbers[total] for total in totals for key in parts
    )
