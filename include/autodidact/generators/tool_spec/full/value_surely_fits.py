"""Whether a value that nobody gave surely fits: a choice of the schema, an example of its description, a form
that its pattern fixes, or a word of a table for what the tool is about. Of other arguments nothing is made
up: nobody asks a library for "flaky tests", or for a window 12 pixels wide.
"""

import re
from random import Random
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.known_tool import KnownTool, stems
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.writing.read_word_table import read_table

_TABLE = read_table(__file__, "value_surely_fits.yaml")
_NUMBERS: dict[str, list[float]] = {
    word: pool for words, pool in _TABLE["numbers"].items() for word in words.split("|")
}
_CODES: dict[str, list[str]] = {
    word: pool for words, pool in _TABLE["codes"].items() for word in words.split("|")
}
_POOLS: dict[str, list[str]] = read_table(__file__)["pools"]
_EVERYWHERE = frozenset(one for names in _TABLE["everywhere"] for one in _POOLS[names])
_PLACES = frozenset(one for names in _TABLE["places"] for one in _POOLS[names])
_OF_FILES = frozenset(one for names in _TABLE["of_files"] for one in _POOLS[names])
_OF_OFFICES = frozenset(one for pool in _POOLS.values() for one in pool)
_OFFICE = stems(" ".join(_TABLE["office"]))
_FILES = stems(" ".join(_TABLE["files"]))

_WHEN = re.compile(r"\d{4}-\d{2}(?:-\d{2}(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)?|\d{2}:\d{2}(?::\d{2})?")
# Tools for what cannot wait.
URGENT = re.compile(r"\b(?:alarm|emergency|rescue|ambulance|evacuat\w+|fire brigade)\b", re.IGNORECASE)
MONTH = re.compile(r"\d{4}-\d{2}")
# What says that an argument is a town or a country: `place` may be anything.
_OF_PLACES = re.compile(r"\b(?:city|cities|town|country|time ?zone|tz)\b", re.IGNORECASE)
# How descriptions give an example: `e.g. OR-0412`, `(like b10442)`, `Member number, M-0412`.
_EXAMPLE = re.compile(
    r"(?:\be\.g\.,?|\bfor example,?|\bsuch as|\blike|\bexample:) [`'\"]?([\w#@][\w.:/@#+-]*[\w])|"
    r", ([A-Z]{1,3}-?\d[\w-]*)(?=$|[ .,;)])"
)
# Which numbers there are, as descriptions say it: "2xx Bricks, 3xx Larks".
_SERIES = re.compile(r"\b\d+x+\b")
# Four digits before a dash: a year, as in `^\d{4}-W\d{2}$`.
_YEAR = re.compile(r"(?:\\d|\[0-9\])\{4\}-")
# What stands in a pattern besides its literal letters.
_CLASSES = re.compile(r"\[[^\]]*\]|\{[^}]*\}|\\.|\(\?:")
# Letters of a code that nobody could know: more than so many are no code of anybody's.
MOST_LETTERS = 2
# How an identifier looks whose form is not known, and how many characters it has.
_ID_LETTERS, _ID_LENGTH = "ABCDEFGHJKLMNPQRSTUVWXYZ", 9
_IDENTIFIER = re.compile(r"(?:^|_| )(?:id|ids|uuid|guid)$", re.IGNORECASE)
_IDENTIFIES = re.compile(r"^(?:the )?(?:unique )?(?:ID|identifier)\b", re.IGNORECASE)


def examples_in(part: dict) -> list[str]:
    """The examples that an argument's description gives."""
    about = str(part.get("description") or "")
    return [(one or other).rstrip(".") for one, other in _EXAMPLE.findall(about)]


def code_for(key: str, part: dict, rng: Random) -> str | None:
    """A code that exists (EUR, NO) for an argument of that name; None where there is no such table."""
    words = human(key).split()
    found: list[list[str]] = [_CODES[word] for word in reversed(words) if word in _CODES]
    fits = [one for one in (found or [[]])[0] if re.search(str(part.get("pattern", "")), one)]
    return rng.choice(fits) if fits else None


def of_series(part: dict, rng: Random) -> str | None:
    """A number of one of the series that the description of an argument names; None where it names none."""
    series = _SERIES.findall(str(part.get("description") or "")) if "pattern" in part else []
    if not series:
        return None
    made = re.sub("x", lambda _: str(rng.randint(1, 9)), rng.choice(series))
    return made if re.search(str(part["pattern"]), made) else None


def identifier(key: str, part: dict, rng: Random) -> str | None:
    """An identifier as somebody pastes one, for an argument that is one by its name or its description and
    of whose form nothing is said.
    """
    about = str(part.get("description") or "")
    if {"pattern", "format", "enum"} & part.keys() or re.search(r"e\.g\.|such as|format", about):
        return None
    if "entity" in human(key).split():
        return None  # it has a name of a form of its own
    if not (_IDENTIFIER.search(human(key)) or _IDENTIFIES.search(about)):
        return None
    letters = [rng.choice(_ID_LETTERS + "23456789") for _ in range(_ID_LENGTH - 3)]
    return "".join((rng.choice(_ID_LETTERS), *letters, str(rng.randint(2, 9)), rng.choice(_ID_LETTERS)))


def number_for(key: str, part: dict, rng: Random) -> int | float | None:
    """A likely number for an argument of that name, within its bounds; None where there is no such table."""
    words = human(key).split()
    cents = re.search(r"\bin cents\b", str(part.get("description") or ""))
    names = ["cents"] if cents else [human(key), *reversed(words)]
    pool = next((_NUMBERS[name] for name in names if name in _NUMBERS), [])
    whole = part.get("type") == "integer"
    fits = [one for one in pool if _within(one, part) and (not whole or one == int(one))]
    return rng.choice(fits) if fits else None


def _within(number: float, part: dict) -> bool:
    low, high = part.get("minimum", part.get("exclusiveMinimum")), part.get("maximum")
    return not (isinstance(low, (int, float)) and number < low) and not (
        isinstance(high, (int, float)) and number > high
    )


def surely(known: KnownTool, key: str, part: dict, value: Any) -> bool:
    """Whether a value, or each one in it, surely fits."""
    fields = part.get("properties")
    if isinstance(value, dict):
        parts = fields if isinstance(fields, dict) else {}
        return all(
            surely(known, one, parts[one] if isinstance(parts.get(one), dict) else {}, item)
            for one, item in value.items()
        )
    if isinstance(value, list):
        items = part.get("items")
        return all(surely(known, key, items if isinstance(items, dict) else {}, one) for one in value)
    if isinstance(value, bool) or values_of(part):
        return True
    if isinstance(value, (int, float)):
        return _number_fits(key, part)
    return isinstance(value, str) and _text_fits(known, key, part, value)


def _number_fits(key: str, part: dict) -> bool:
    """Whether a number is one of a table, one that names something, or one between two bounds."""
    words = human(key).split()
    if {*words, human(key)} & set(_TABLE["never"]):
        return False
    bounded = isinstance(part.get("maximum"), (int, float)) and any(
        isinstance(part.get(low), (int, float)) for low in ("minimum", "exclusiveMinimum")
    )
    names = re.search(r"(?:number|no)$", key, re.IGNORECASE) is not None
    return bounded or names or any(name in _NUMBERS for name in (*words, human(key)))


def _text_fits(known: KnownTool, key: str, part: dict, value: str) -> bool:
    if (
        _WHEN.fullmatch(value)
        or _shape(value) in map(_shape, examples_in(part))
        or value in _EVERYWHERE
        or value in _PLACES
        and _OF_PLACES.search(f"{human(key)} {part.get('description', '')}")
    ):
        return True
    if "pattern" in part:
        return _is_code(str(part["pattern"]), value) or any(value in pool for pool in _CODES.values())
    if part.get("format") in ("email", "uri", "url", "uuid", "idn-email"):
        return True
    if re.fullmatch(rf"[A-Z2-9]{{{_ID_LENGTH}}}", value) and re.search(r"\d", value):
        return True
    if value in _OF_FILES:
        return bool(known.stems & (_FILES | _OFFICE))
    return value in _OF_OFFICES and bool(known.stems & _OFFICE)


def _shape(text: str) -> str:
    """A text with every digit as 9."""
    return re.sub(r"\d", "9", text)


def _is_code(pattern: str, value: str) -> bool:
    """Whether a made-up value of this pattern is a code as anybody's: digits, with few letters of its own.
    Four digits before a dash may be a year.
    """
    if _YEAR.search(pattern):
        return False
    literal = len(re.findall(r"[A-Za-z]", _CLASSES.sub("", pattern)))
    letters = len(re.findall(r"[A-Za-z]", value)) - literal
    return letters <= MOST_LETTERS and re.search(r"\d", value) is not None
