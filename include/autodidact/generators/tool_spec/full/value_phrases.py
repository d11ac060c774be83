"""How the values of arguments are said: on Friday, issue 42, the tides service, Skerry, shift: late."""

import re
from datetime import date
from random import Random
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.full.argument_with_its_schema import (
    INSTANT,
    Leaf,
    counted,
    plain,
    plural,
    singular,
)
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.writing.facts_into_words import listing
from autodidact.generators.writing.read_word_table import read_table

_TABLE = read_table(__file__)
SAID: dict[str, str] = {name: said for names, said in _TABLE["said"].items() for name in names.split("|")}
NOUNS = _TABLE["nouns"]
_LIMITS = frozenset(_TABLE["limits"])
ALONE, _PEOPLE = frozenset(_TABLE["alone"]), frozenset(_TABLE["people"])
_DURATION, _INSTANT = re.compile(r"PT(\d+)M"), re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):00Z")
_UNIT = re.compile(
    r"\b[Ii]n (pounds|euros|dollars|cents|pence|seconds|minutes|hours|days|metres|meters|bytes|percent)\b"
)


def names_of(leaf_key: str) -> list[str]:
    """What an argument may be called in a sentence: `issue_number` is an issue."""
    words = human(leaf_key).split()
    while len(words) > 1 and words[-1] in (
        "id",
        "number",
        "name",
        "key",
        "slug",
        "no",
        "path",
        "code",
        "ids",
    ):
        words = words[:-1]
    whole = " ".join(words)
    return list(dict.fromkeys([*NOUNS.get(words[-1], []), whole, words[-1]]))


def value_said(leaf: Leaf, noun: str) -> str:
    """A value in the place of "a specific issue": issue 42, Skerry, the tides service, docs/setup.md."""
    value, last = leaf.value, noun.split()[-1]
    if leaf.is_time:
        return str(value)
    if isinstance(value, list):
        one = singular(noun)
        return f"{plural(one) if len(value) > 1 else one} {listing(map(str, value))}"
    if isinstance(value, (int, float)) and last in ("amount", "sum", "price", "value", "number"):
        return str(value)
    if isinstance(value, (int, float)):
        unit = leaf.words[0].endswith("s")
        return (
            f"{value} {singular(leaf.words[0]) if value == 1 else leaf.words[0]}"
            if unit
            else f"{noun} {value}"
        )
    if last in ALONE or last in _PEOPLE:
        return titled(value) if last in ALONE else f"{value}"
    if values_of(leaf.part):
        return f"the {spaced(value)} {noun}"
    if last in ("path", "file", "folder", "directory") and " " not in value:
        return str(value)
    if re.search(r"[@/]", value) or re.fullmatch(r"[\w-]+\.[a-z]{1,4}", value):
        return str(value)
    return f'the {noun} "{value}"' if " " in value else f"{noun} {value}"


def spaced(value: Any) -> str:
    """A value of a list as one says it: `double_charge` is double charge."""
    if not isinstance(value, str):
        return str(value).lower()
    plain = value.lower() if value.isupper() and len(value) > 4 else value
    if min(map(len, re.split("[_-]", value))) < 2:
        return plain  # `C-north-side`, `printer-a`: a letter by itself is no word
    return re.sub(r"(?<=[A-Za-z])[_-](?=[A-Za-z])", " ", plain)


def titled(value: Any) -> str:
    """A place as one writes it: `low-mole` is Low Mole."""
    words = str(value).replace("_", " ").replace("-", " ").split() if str(value).islower() else [str(value)]
    return " ".join(word[:1].upper() + word[1:] for word in words)


def day_said(value: str, today: date | None, rng: Random) -> str:
    """A day with its preposition: tomorrow, on Friday, on 12 May, on 12 May 2026."""
    day = date.fromisoformat(value[:10])
    if today is None:
        return f"on {day.day} {day:%B %Y}" if rng.random() < 0.7 else f"on {value[:10]}"
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return near
    if 1 < (day - today).days < 7 and rng.random() < 0.7:
        return f"on {day:%A}"
    return f"on {day.day} {day:%B}"


def instant_said(value: str, form: str | None, today: date | None) -> str:
    """A day with a time of day, and its preposition: on 12 May at 09:15, until 12 May at 09:15."""
    match = INSTANT.fullmatch(value)
    if match is None:
        return ""
    at = "until" if form == "to {}" else "on"
    return f"{at} {bare_day(match[1], today)} at {match[2]}{' UTC' if match[3] else ''}"


def bare_day(value: str, today: date | None) -> str:
    """A day without a preposition."""
    day = date.fromisoformat(value[:10])
    return f"{day.day} {day:%B}" if today else f"{day.day} {day:%B %Y}"


UNITS = frozenset(("kg", "g", "km", "m", "cm", "mm", "l", "ml", "eur", "usd", "gbp", "mb", "gb"))
MONEY = frozenset(("eur", "usd", "gbp", "chf", "jpy", "sek"))
_BARE_CHOICES = frozenset(_TABLE["bare_choices"])


def _plainly(value: float) -> str:
    """A number with no more than it needs: 12.50, 45."""
    return str(int(value)) if value == int(value) else f"{value:.2f}"


_DURATIONS = frozenset("seconds minutes hours days weeks months years".split())
_HOW_LONG = re.compile(r"\bhow long\b|\bhow many (?:seconds|minutes|hours|days)\b|\bduration\b", re.I)


def unclear_duration(leaf: Leaf) -> bool:
    """Whether nothing says that `minutes` are how long it shall last: they may be those of a delay."""
    return leaf.key.lower() in _DURATIONS and not _HOW_LONG.search(str(leaf.part.get("description", "")))


def form_of(leaf: Leaf) -> str | None:
    key = human(leaf.key).replace(" ", "_")
    if key not in SAID and len(leaf.words) == 2 and leaf.words[1] in _DURATIONS:
        return None  # what took so long stands in its first word: `chilled_weeks`
    if unclear_duration(leaf):
        return None
    if key not in SAID and len(leaf.words) == 2 and leaf.words[1] in ("from", "to") and not leaf.is_day:
        return None  # what is `closed_from` a stop does not itself begin there
    if key not in SAID and leaf.words[-1:] == ["by"]:
        return None  # `paid_by` is no order of a list
    return SAID.get(key) or SAID.get(leaf.words[-1] if len(leaf.words) < 3 else "")


def qualified(leaf: Leaf) -> str:
    """An argument as one notes it: shift late, 20 minutes late, crew C-17; "" where it takes more."""
    value = leaf.value
    if unclear_duration(leaf):
        return ""
    if isinstance(value, bool):
        return f"{human(leaf.key)}: {'yes' if value else 'no'}"
    if isinstance(value, list):
        if any(isinstance(one, dict) for one in value):
            return counted(value)
        return f"{human(leaf.key)} {listing(items_said(leaf))}"
    if isinstance(value, (int, float)) and (money := MONEY.intersection(leaf.words)):
        return f"{_plainly(value)} {next(iter(money)).upper()}"
    if isinstance(value, (int, float)) and leaf.key.lower() in UNITS:
        return f"{value} {leaf.key.lower()}"
    if isinstance(value, (int, float)) and leaf.words[0] == "percent" and len(leaf.words) > 1:
        return f"{_plainly(value)} {human(leaf.key)}"
    if human(leaf.key).replace(" ", "_") in _LIMITS:
        return f"at most {value}"
    if isinstance(value, (int, float)) and leaf.words[0].endswith("s"):
        one = " ".join([singular(leaf.words[0]), *leaf.words[1:]])
        return f"{value} {one if value == 1 else human(leaf.key)}"
    if isinstance(value, (int, float)) and (unit := _UNIT.search(str(leaf.part.get("description", "")))):
        paid = leaf.words[-1] in ("amount", "sum", "total", "price", "fee")
        return f"{_plainly(value)} {unit[1]}" if paid else f"{human(leaf.key)}: {value} {unit[1]}"
    if isinstance(value, (int, float)) and leaf.words[-1] in ("amount", "sum", "total"):
        return ""  # of what, nobody says
    if isinstance(value, str) and " " in value and not values_of(leaf.part):
        return f'{human(leaf.key)}: "{value}"'
    if values_of(leaf.part):
        # Which of its choices it is says what it is: double booking, big house (of a house).
        words = spaced(value)
        if leaf.words[-1] in _BARE_CHOICES or leaf.words[-1] in words.split():
            return words
        return f"{human(leaf.key)} {value if '-' in str(value) else words}"
    if match := _DURATION.fullmatch(str(value)):
        return f"{human(leaf.key)} {match[1]} minutes"
    if match := _INSTANT.fullmatch(str(value)):
        return f"{human(leaf.key)} {bare_day(match[1], None)}, {match[2]} UTC"
    key = " ".join(word for word in leaf.words if word not in ("id", "number")) or human(leaf.key)
    return f"{NOUNS.get(key, [key])[0]} {value}"


def items_said(leaf: Leaf) -> list[str]:
    """The entries of a list: as one says them where they are of a fixed choice, else as they are."""
    fixed = bool(values_of(plain(leaf.part.get("items"))))
    return [spaced(one) if fixed else str(one) for one in leaf.value]
