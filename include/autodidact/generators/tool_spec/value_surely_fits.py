"""Whether a value that nobody gave surely fits: a choice or an example of the schema, a day or a code whose
form the schema fixes, a number of a table or between two bounds. Of other arguments nothing is made up: who
reads "Matriculation numbers" sends no letter to an e-mail address.
"""

import re
from random import Random
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.plain_schema import plain
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.shipped_tables import read_table
from autodidact.sources.json_of_expected_type import dict_of, list_of

_TABLE = read_table(__file__, "value_surely_fits.yaml")
_NUMBERS: dict[str, list[float]] = {
    word: pool for words, pool in _TABLE["numbers"].items() for word in words.split("|")
}
_WHEN = re.compile(r"\d{4}-\d{2}(?:-\d{2}(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)?|\d{2}:\d{2}(?::\d{2})?")
# How a description says that it wants a day or a moment.
_FORM_OF_DAY = re.compile(r"YYYY-MM|ISO.?8601|\bISO\b|RFC.?3339|timestamp", re.IGNORECASE)
MONTH = re.compile(r"\d{4}-\d{2}")
# How descriptions give an example: `e.g. OR-0412`, `(like b10442)`, `Member number, M-0412`.
_EXAMPLE = re.compile(
    r"(?:\be\.g\.,?|\bfor example,?|\bexample:) (?:([`'\"])(.+?)\1|([\w#@+](?:[\w.:/@#+-]*\w)?){0})"
    r"|(?:\bsuch as|\blike) (?:([`'\"])(.+?)\4|(?=\S*[^a-z\s,.;)])([\w#@+](?:[\w.:/@#+-]*\w)?){0})|"
    r", ([A-Z]{{1,3}}-?\d[\w-]*)(?=$|[ .,;)])".format(r"(?=$|[,;)]|\.(?:\s|$)| (?:or|and|for|means|is|\(|=))")
)
# How patterns, names and descriptions say that a value is a month: `^\d{4}-\d{2}$` alone may be of a code.
_MONTHS_PATTERN = re.compile(r"\^?(?:\\d|\[0-9\])\{4\}-\((?:\?:)?0\[1-9\]\|1\[0-2\]\)\$?")
_OF_MONTHS = re.compile(r"(?i)\bmonths?\b|YYYY-MM(?!-)|\bperiod\b")
# Four digits before a dash: a year, as in `^\d{4}-W\d{2}$`.
_YEAR = re.compile(r"(?:\\d|\[0-9\])\{4\}-")
# What stands in a pattern besides its literal letters.
_CLASSES = re.compile(r"\[[^\]]*\]|\{[^}]*\}|\\.|\(\?:")
# Letters of a code that nobody could know: more than so many are no code of anybody's.
MOST_LETTERS = 2
# Between bounds that are farther apart not every number is a likely one: nobody weighs a dog of 713 kg.
WIDEST = 200


def examples_in(part: dict) -> list[str]:
    """The examples that an argument's schema or its description gives."""
    shown = [one for one in list_of(part.get("examples")) if isinstance(one, str)]
    about = str(part.get("description") or "")
    # Of "San Francisco, CA" without quotation marks no one can say where it ends.
    groups = [(found[2], found[3], found[5], found[6], found[7]) for found in _EXAMPLE.finditer(about)]
    return shown + [next(one for one in found if one).rstrip(".") for found in groups]


def is_month(key: str, part: dict) -> bool:
    """Whether a text of this pattern is a month as YYYY-MM."""
    pattern = str(part.get("pattern"))
    if _MONTHS_PATTERN.fullmatch(pattern):
        return True
    says = f"{human(key)} {part.get('description') or ''}"
    return pattern.strip("^$") == r"\d{4}-\d{2}" and _OF_MONTHS.search(says) is not None


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


def surely(key: str, part: dict, value: Any) -> bool:
    """Whether a value, or each one in it, surely fits."""
    if isinstance(value, dict):
        parts = dict_of(part.get("properties"))
        return all(surely(one, plain(parts.get(one)), item) for one, item in value.items())
    if isinstance(value, list):
        return all(surely(key, of_items(part), one) for one in value)
    if isinstance(value, bool) or values_of(part):
        return True
    if isinstance(value, (int, float)):
        return _number_fits(key, part)
    return isinstance(value, str) and _text_fits(key, part, value)


def of_items(part: dict) -> dict:
    """The schema of the entries of a list; what the list's description says holds for each."""
    items = plain(part.get("items"))
    return items if "description" in items else {"description": part.get("description"), **items}


def _number_fits(key: str, part: dict) -> bool:
    """Whether a number is one between two near bounds or, where no description says more, one of a table or
    one that names something.
    """
    words = human(key).split()
    if {*words, human(key)} & set(_TABLE["never"]):
        return False
    high, lows = part.get("maximum"), [part.get(low) for low in ("minimum", "exclusiveMinimum")]
    bounded = isinstance(high, (int, float)) and any(
        isinstance(low, (int, float)) and high - low <= WIDEST for low in lows
    )
    names = re.search(r"(?:number|no)$", key, re.IGNORECASE) is not None
    usual = names or any(name in _NUMBERS for name in (*words, human(key)))
    return bounded or usual and not part.get("description")


def _text_fits(key: str, part: dict, value: str) -> bool:
    about = str(part.get("description") or "")
    if shown := examples_in(part):
        return value in shown
    code = MONTH.fullmatch(value) is not None and not is_month(key, part)
    if _WHEN.fullmatch(value) and not code:
        return bool({"pattern", "format"} & part.keys()) or _FORM_OF_DAY.search(about) is not None
    if about:
        return False
    if "pattern" in part:
        return _is_code(str(part["pattern"]), value)
    return part.get("format") in ("email", "uri", "url", "uuid", "idn-email")


def _is_code(pattern: str, value: str) -> bool:
    """Whether a made-up value of this pattern is a code as anybody's: digits, with few letters of its own.
    Four digits before a dash may be a year.
    """
    if _YEAR.search(pattern):
        return False
    literal = len(re.findall(r"[A-Za-z]", _CLASSES.sub("", pattern)))
    letters = len(re.findall(r"[A-Za-z]", value)) - literal
    return letters <= MOST_LETTERS and re.search(r"\d", value) is not None
