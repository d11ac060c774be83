"""Arguments of a call as somebody would want them: near dates, likely names, no defaults, little that is
optional, and nothing that does not surely fit.
"""

import re
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.full.argument_with_its_schema import leaves, singular
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.plain_schema import plain
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.tool_spec.value_surely_fits import (
    MONTH,
    examples_in,
    is_month,
    number_for,
    of_items,
    surely,
)
from autodidact.shipped_tables import read_table
from autodidact.sources.json_of_expected_type import dict_of, list_of

# Draws until one can be said.
TRIES = 8
# Optional arguments of one call.
MOST_OPTIONAL = 2
# Characters of a word that says what an argument is about: `eur` does not.
SHORTEST_WORD = 4
# Characters of one text.
MOST_TEXT = 90

_TABLE = read_table(__file__)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:T00:00:00Z?)?")
_TIME = re.compile(r"\d{2}:\d{2}(?::\d{2})?")
_INSTANT = re.compile(r"ISO.?8601|YYYY-MM-DD|timestamp|RFC.?3339", re.IGNORECASE)
_PAST = re.compile(
    r"since|after|from|start|begin|last|until|before|to$|end"
    r"|(?:ed|wn|ght|ound|made|taken|lost|sent|sold|left|done)_(?:on|at)$",
    re.IGNORECASE,
)
# What lies behind us whatever is done with it: `lost_on`, `since`.
_OVER = re.compile(
    r"since|birth|born|last|(?:ed|wn|ght|ound|made|taken|lost|sent|sold|left|done)_(?:on|at|date)$",
    re.IGNORECASE,
)
# The verbs of tools that only look.
LOOKS = frozenset((*_TABLE["many"], *_TABLE["reading"]))
_JUNK = re.compile(r"x{3}|^$|/$")


def drawn(known: KnownTool, rng: Random, day: date) -> dict[str, Any] | None:
    """Arguments that the tool accepts, with working days alone; None where there are none."""
    for _ in range(TRIES):
        given = known.draw(rng)
        if given is None:
            return None
        optional = [key for key in given if key not in known.required and key not in known.arguments.when]
        kept = [
            key
            for key in optional
            if not isinstance(given[key], dict)
            and given[key] != dict_of(known.properties.get(key)).get("default")
            and (looks(known) or _stands_alone(known, key))
        ]
        kept = rng.sample(kept, min(len(kept), MOST_OPTIONAL))
        likely = {
            key: _likely(key, plain(known.properties.get(key)), value, rng, day)
            for key, value in given.items()
            if key not in optional or key in kept
        }
        likely = {
            key: value
            for key, value in likely.items()
            if key in known.required or value != plain(known.properties.get(key)).get("default")
        }
        likely = _sure(known, _in_order(_distinct(likely, optional), rng))
        likely = likely if looks(known) else _ahead(likely, day, rng)
        if (
            any(key not in likely for key in known.required)
            or not known.needs.met(likely)
            or _names_absent(known, likely)
            or _on_a_weekend(likely)
        ):
            continue
        if known.accepts(likely) and leaves(known, likely) is not None and not _odd(likely):
            return likely
    return None


def _stands_alone(known: KnownTool, key: str) -> bool:
    """Whether an optional argument of what changes something makes sense in any case: one that is nothing by
    default is for some cases only, as the minutes of a delay are.
    """
    return plain(known.properties.get(key)).get("default") is not None


def _on_a_weekend(given: dict[str, Any]) -> bool:
    """Whether a day is a Saturday or a Sunday, on which few want lunch moved."""
    days = (value[:10] for value in given.values() if isinstance(value, str) and _DAY.match(value))
    return any(date.fromisoformat(day).weekday() > 4 for day in days)


def _sure(known: KnownTool, given: dict[str, Any]) -> dict[str, Any]:
    """The same without what does not surely fit."""
    parts = {key: plain(known.properties.get(key)) for key in given}
    return {key: value for key, value in given.items() if surely(key, parts[key], value)}


def _names_absent(known: KnownTool, given: dict[str, Any]) -> bool:
    """Whether a choice speaks of an argument that is not given: who is `stuck_on_lift` names the `lift`, and
    what is `handed_over` was `handed_to` somebody.
    """
    present, absent, said = set(), set(known.properties), set()
    words: set[str] = set()
    waiting = [(key, known.properties.get(key), value) for key, value in given.items()]
    while waiting:
        key, part, value = waiting.pop()
        fields = dict_of(plain(part).get("properties"))
        present.add(key)
        absent |= set(fields)
        if isinstance(value, dict):
            waiting += [(one, fields.get(one), item) for one, item in value.items()]
        elif isinstance(value, str) and values_of(plain(part)):
            of_choice = re.split("[-_ ]", value)
            said.update(of_choice[1:])
            words.update(word for word in of_choice if len(of_choice) > 1 and len(word) >= SHORTEST_WORD)
    missing = absent - present
    return bool(said & missing or words & {word for name in missing for word in human(name).split()})


def _distinct(given: dict[str, Any], optional: list[str]) -> dict[str, Any]:
    """The same without optional texts that repeat another."""
    texts = [value for value in given.values() if isinstance(value, str)]
    return {
        key: value
        for key, value in given.items()
        if key not in optional or not isinstance(value, str) or texts.count(value) == 1
    }


def _odd(value: Any) -> bool:
    """Whether it is what nobody would write: the same text twice, filled up to a length, empty, or long."""
    if isinstance(value, dict):
        texts = [one for one in value.values() if isinstance(one, str)]
        if len(texts) > len(set(texts)):
            return True
    if isinstance(value, (dict, list)):
        return any(_odd(one) for one in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and (_JUNK.search(value) is not None or len(value) > MOST_TEXT)


def _likely(key: str, part: dict, value: Any, rng: Random, day: date) -> Any:
    """The value, or one that is more likely of this name; what is optional inside it is left out."""
    if isinstance(value, dict):
        fields, required = dict_of(part.get("properties")), list_of(part.get("required"))
        kept = {one: item for one, item in value.items() if one in required or not fields or len(value) == 1}
        if not kept and value:
            one = rng.choice(sorted(value))
            kept = {one: value[one]}
        return {one: _likely(one, plain(fields.get(one)), item, rng, day) for one, item in kept.items()}
    if isinstance(value, list):
        return _of_list(key, part, value, rng, day)
    if isinstance(value, bool) or values_of(part):
        return value
    if isinstance(value, int):
        near = _of_calendar(key, part, day, rng)
        return _number(key, part, value, rng) if near is None else near
    if isinstance(value, float):
        return _amount(key, part, value, rng)
    return _text(key, part, value, rng, day) if isinstance(value, str) else value


def _amount(key: str, part: dict, value: float, rng: Random) -> float:
    """A number with a fraction: of hours some, as few as one mostly means."""
    if (likely := number_for(key, part, rng)) is not None:
        return likely
    if not re.search(r"hours?$", key, re.IGNORECASE):
        return value
    low, high = part.get("minimum", 0), part.get("maximum", 24)
    pool = [hours for hours in (0.5, 1.0, 1.5, 2.0, 3.0) if low <= hours <= high]
    return rng.choice(pool) if pool else value


def _of_list(key: str, part: dict, value: list, rng: Random, day: date) -> list:
    made = [_likely(singular(key), of_items(part), one, rng, day) for one in value]
    return [one for number, one in enumerate(made) if one not in made[:number]]


def _number(key: str, part: dict, value: int, rng: Random) -> int | float:
    """Numbers that name something have two to four digits, amounts of results are round."""
    low, high = part.get("minimum"), part.get("maximum")
    likely = number_for(key, part, rng)
    if likely is not None:
        return likely
    if re.search(r"(?:number|id|no)$", key, re.IGNORECASE) and high is None:
        return rng.randint(max(12, int(low or 0)), 4800)
    if re.search(r"limit|max|top|first", key, re.IGNORECASE):
        pool = [n for n in (3, 5, 10, 20) if (low is None or n >= low) and (high is None or n <= high)]
        return rng.choice(pool) if pool else value
    if value == 0 and high is None and low in (None, 0):
        return rng.randint(2, 45)
    if isinstance(low, int) and isinstance(high, int) and low <= 1 and high > 9:
        return rng.randint(max(low, 1), 6)
    if isinstance(low, int) and isinstance(high, int) and high - low >= 20:
        return rng.choice([n for n in range(low, high + 1) if n % 5 == 0] or [value])
    return value


def _of_calendar(key: str, part: dict, day: date, rng: Random) -> int | None:
    """A week or a month of the year that is near; None for all else."""
    words = human(key).split()
    if not words or part.get("maximum", 53) < (12 if words[-1] == "month" else 52):
        return None
    if words[-1] == "week" or words[-2:] == ["week", "number"]:
        return (day + timedelta(days=rng.choice((0, 7, 14)))).isocalendar().week
    return day.month if words[-1] == "month" else None


def _text(key: str, part: dict, value: str, rng: Random, day: date) -> str:
    said = str(part.get("description", ""))
    named = re.search(r"since|until|before|after|date|time|start|end|due|_at$", key, re.IGNORECASE)
    if named and "pattern" not in part and not _DAY.match(value) and _INSTANT.search(said):
        value = (
            "2026-01-01T00:00:00Z"
            if "YYYY-MM-DD" not in said or "T" in said[said.find("YYYY") :]
            else "2026-01-01"
        )
    if shown := examples_in(part):
        # The digits of `TOSCA-0523`, "code and day", are no others: there is no 38th day.
        return rng.choice(shown)
    if MONTH.fullmatch(value) and is_month(key, part):
        # The month before, which is over, or one of the two before that.
        months = day.year * 12 + day.month - 1 - rng.randint(1, 3)
        return f"{months // 12}-{months % 12 + 1:02}"
    if _DAY.match(value):
        past = _PAST.search(key) is not None
        near = day + timedelta(days=-rng.randint(1, 24) if past else rng.randint(0, 9))
        hour = f"T{rng.randint(8, 18):02}:{rng.choice((0, 15, 30, 45)):02}" if "T" in value else ""
        zone = value[16:].removesuffix("Z" if re.search(r"(?i)\blocal\b", said) else "") if hour else ""
        return near.isoformat() + (hour + re.sub(r"^:\d\d(?:\.\d+)?", ":00", zone) if hour else value[10:])
    if _TIME.fullmatch(value):
        return f"{rng.randint(7, 18):02}:{rng.choice((0, 15, 30, 45)):02}{value[5:]}"
    return value


def looks(known: KnownTool) -> bool:
    """Whether a tool only looks: by its own hint, or by the verb of its task or its name."""
    if "readOnlyHint" in known.tool.hints:
        return bool(known.tool.hints["readOnlyHint"])
    verb = (known.phrase.task or human(known.name)).split(" ", 1)[0]
    return bool(known.phrase.thing and not known.phrase.task) or verb in LOOKS


def _ahead(given: dict[str, Any], day: date, rng: Random) -> dict[str, Any]:
    """The same with days that are not over, as far apart as they were: nobody books yesterday."""
    days = {
        key: date.fromisoformat(value[:10])
        for key, value in given.items()
        if isinstance(value, str) and _DAY.match(value) and not _OVER.search(key)
    }
    if not days or min(days.values()) >= day:
        return given
    later = day - min(days.values()) + timedelta(days=rng.randint(1, 9))
    return given | {key: (one + later).isoformat() + given[key][10:] for key, one in days.items()}


def _in_order(given: dict[str, Any], rng: Random) -> dict[str, Any]:
    """The same with the earlier of two days as the beginning."""
    days = [key for key, value in given.items() if isinstance(value, str) and _DAY.match(value)]
    if len(days) == 2 and given[days[0]] >= given[days[1]]:
        one = datetime.fromisoformat(given[days[1]][:10]) - timedelta(days=rng.choice((6, 7, 13)))
        given[days[0]] = one.date().isoformat() + given[days[0]][10:]
    return given
