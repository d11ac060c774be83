"""Texts that a regular expression matches, and strings in a format of JSON Schema."""

import random
import re
from re import _parser  # type: ignore[attr-defined]

from autodidact.shipped_tables import read_table
from autodidact.sources.reading_limits import Budget, OverBudget

# `_parser` is what `re` itself parses with; its output has had the same form since Python 3.11.

# Characters of one string.
MOST_TEXT = 2_000

_BY_NAME = read_table(__file__)["values"]["by_name"]
_EMAILS, _URLS = _BY_NAME["email|mail"], _BY_NAME["url|uri|link|endpoint"]


def in_format(name: object, rng: random.Random) -> str | None:
    """A string in a format of JSON Schema; None for a format that is not known."""
    day = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    hour = f"{rng.randint(0, 23):02}:{rng.choice((0, 15, 30, 45)):02}:00"
    return (
        {
            "date": day,
            "time": f"{hour}Z",
            "date-time": f"{day}T{hour}Z",
            "email": rng.choice(_EMAILS),
            "uri": rng.choice(_URLS),
            "url": rng.choice(_URLS),
            "uuid": _uuid(rng),
            "ipv6": f"2001:db8::{rng.randint(1, 9999):x}",
            "uri-reference": "/docs/setup",
            "iri": "https://example.org/status",
            "idn-email": "ada@example.org",
            "json-pointer": rng.choice(("/items/0", "/owner/name")),
            "regex": rng.choice(("^W[0-9]+$", "late|early")),
            "ipv4": f"192.0.2.{rng.randint(1, 254)}",
            "hostname": rng.choice(("example.org", "example.com")),
            "duration": f"PT{rng.randint(1, 90)}M",
        }.get(name)
        if isinstance(name, str)
        else None
    )


def _uuid(rng: random.Random) -> str:
    first, second = f"{rng.getrandbits(32):08x}-{rng.getrandbits(16):04x}", f"4{rng.getrandbits(12):03x}"
    return f"{first}-{second}-a{rng.getrandbits(12):03x}-{rng.getrandbits(48):012x}"


def matching(pattern: str, rng: random.Random) -> str | None:
    """A text that the pattern matches; None when the pattern is beyond what is worth it (look-around, huge
    classes).
    """
    if re.fullmatch(r"\^?\\d\{4\}-\\d\{2\}-\\d\{2\}\$?", pattern):
        return in_format("date", rng)
    try:
        made = "".join(_pieces(_parser.parse(pattern), rng, Budget(MOST_TEXT, "a text too long")))
        return made if re.search(pattern, made) else None
    except (re.error, KeyError, ValueError, OverflowError, RecursionError, OverBudget):
        return None


def _pieces(parsed, rng: random.Random, budget: Budget):
    for operation, argument in parsed:
        budget.spend()
        kind = str(operation)
        if kind == "LITERAL":
            yield chr(argument)
        elif kind == "ANY":
            yield rng.choice("abcdefgh")
        elif kind == "IN":
            yield _class(argument, rng)
        elif kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = argument
            for _ in range(rng.randint(least, max(least, min(int(most), least + 3, 40)))):
                budget.spend()  # what is repeated may be nothing
                yield from _pieces(inner, rng, budget)
        elif kind == "SUBPATTERN":
            yield from _pieces(argument[3], rng, budget)
        elif kind == "BRANCH":
            yield from _pieces(rng.choice(argument[1]), rng, budget)
        elif kind != "AT":
            raise ValueError(kind)


def _class(parts, rng: random.Random) -> str:
    pool = ""
    for kind, argument in ((str(kind), argument) for kind, argument in parts):
        if kind == "LITERAL":
            pool += chr(argument)
        elif kind == "RANGE":
            pool += "".join(map(chr, range(argument[0], min(argument[1], argument[0] + 100) + 1)))
        elif kind == "CATEGORY":
            pool += {
                "CATEGORY_DIGIT": "0123456789",
                "CATEGORY_WORD": "abcdefghij0123456789",
                "CATEGORY_SPACE": " ",
            }[str(argument)]
        else:
            raise ValueError(kind)
    return rng.choice(pool)
