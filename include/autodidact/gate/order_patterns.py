"""What an order to whoever reads, judges or trains on a text looks like. By what orders say: English as
patterns (orders_english.yaml), other languages as parts that one sentence holds (orders.yaml). By structure,
somebody who is addressed, a directive and its object: English as patterns (orders_addressed.yaml), other
languages as parts that one line holds (orders_addressed_other.yaml).

Each order is tried only where one of its cues stands: to try all takes 13 times as long, 4 ms a text.
"""

import re
from functools import cache
from typing import Any, NamedTuple

from autodidact.scanning.word_search import Beginnings
from autodidact.shipped_tables import read_table

# Characters between the first and the last part of an order in orders.yaml, and between who is addressed
# and the other parts in orders_addressed_other.yaml.
SPAN, NEAR = 120, 200

ADDRESSED = "an order to whoever reads, judges or learns from it"

_PART = re.compile(r"<([a-z_]+)>")


class Order(NamedTuple):
    """A kind of order: `parts` are all in one sentence, at most SPAN characters apart; where somebody is
    `addressed`, who is the first part, and the others are on the same line, at most NEAR characters away.
    """

    kind: str
    cues: tuple[str, ...]
    parts: tuple[re.Pattern, ...]
    addressed: bool = False


@cache
def looks_around(part: re.Pattern) -> bool:
    """Whether a pattern may look at what stands around its match. One that does not is found in a text if it
    is found in one of its sentences.
    """
    return any(sign in part.pattern for sign in ("(?=", "(?!", "(?<", "^", "$", r"\A", r"\Z", r"\B"))


@cache
def orders() -> tuple[Order, ...]:
    """Every kind of order, English first."""
    return (*_english(), *_other_languages(), *_addressed())


@cache
def _by_cue() -> dict[str, list[int]]:
    """Cue -> the places in `orders` of the orders that it may begin."""
    found: dict[str, list[int]] = {}
    for place, order in enumerate(orders()):
        for cue in order.cues:
            found.setdefault(cue, []).append(place)
    return found


@cache
def _cues(*, ascii_only: bool) -> Beginnings:
    """The cues; a text in ASCII holds none but those in ASCII."""
    return Beginnings((cue for cue in _by_cue() if cue.isascii() or not ascii_only), length=4)


def possible(text: str) -> list[Order]:
    """The orders of which a cue stands in a text, in their order."""
    cues = _cues(ascii_only=text.isascii()).standing(text)
    return [orders()[place] for place in sorted({place for cue in cues for place in _by_cue()[cue]})]


def _table(name: str) -> dict[str, Any]:
    return read_table(__file__, name)


def _english() -> list[Order]:
    found = []
    for name in ("orders_english.yaml", "orders_addressed.yaml"):
        table = _table(name)
        for kind, entries in table["orders"].items():
            for entry in entries:
                given = entry["cues"]
                words = table["cues"][given] if isinstance(given, str) else given
                pattern = re.compile(filled(entry["pattern"], table["parts"]))
                found.append(Order(kind, tuple(words), (pattern,)))
    return found


def filled(pattern: str, parts: dict[str, str]) -> str:
    """The pattern with `parts` for what it names in angle brackets."""
    return _PART.sub(lambda match: filled(parts[match[1]], parts), pattern)


def _other_languages() -> list[Order]:
    found = []
    for kind, languages in _table("orders.yaml").items():
        for parts in languages.values():
            patterns = tuple(re.compile(parts[name]) for name in ("do", "what", "which") if name in parts)
            found.append(Order(kind, tuple(parts["cues"]), patterns))
    return found


def _addressed() -> list[Order]:
    table = _table("orders_addressed_other.yaml")
    return [
        Order(
            ADDRESSED,
            tuple(entry["cues"]),
            tuple(re.compile(filled(entry[name], table["parts"])) for name in ("who", "do", "what")),
            addressed=True,
        )
        for entries in table["orders"].values()
        for entry in entries
    ]
