"""What an order to whoever reads, judges or trains on a text looks like. By what orders say: English as
patterns (orders_english.yaml), other languages as parts that one sentence holds (orders.yaml). By structure,
somebody who is addressed, a directive and its object: English as patterns (orders_addressed.yaml), other
languages as parts that one line holds (orders_addressed_other.yaml).

Each order is tried only where one of its cues stands: to try all takes 13 times as long, 4 ms a text.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

# Characters between the first and the last part of an order in orders.yaml, and between who is addressed
# and the other parts in orders_addressed_other.yaml.
SPAN, NEAR = 120, 200

ADDRESSED = "an order to whoever reads, judges or learns from it"

# Characters of a cue that are looked up first: of some thousand cues a text holds the beginnings of few.
BEGINNING = 3

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
def orders() -> tuple[Order, ...]:
    """Every kind of order, English first."""
    return (*_english(), *_other_languages(), *_addressed())


@cache
def _by_beginning(*, ascii_only: bool) -> dict[str, dict[str, list[int]]]:
    """First BEGINNING characters of cues -> cue -> the places in `orders` of the orders that it may begin. A
    text in ASCII holds no other cue.
    """
    found: dict[str, dict[str, list[int]]] = {}
    for place, order in enumerate(orders()):
        for cue in order.cues:
            if cue.isascii() or not ascii_only:
                found.setdefault(cue[:BEGINNING], {}).setdefault(cue, []).append(place)
    return found


def possible(text: str) -> list[Order]:
    """The orders of which a cue stands in a text, in their order."""
    begun = _by_beginning(ascii_only=text.isascii())
    beginnings = {text[at : at + BEGINNING] for at in range(len(text))}
    places = {
        place
        for beginning, cues in begun.items()
        if beginning in beginnings or (len(beginning) < BEGINNING and beginning in text)
        for cue, places in cues.items()
        if cue in text
        for place in places
    }
    return [orders()[place] for place in sorted(places)]


def _table(name: str) -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _english() -> list[Order]:
    found = []
    for name in ("orders_english.yaml", "orders_addressed.yaml"):
        table = _table(name)
        for kind, entries in table["orders"].items():
            for entry in entries:
                given = entry["cues"]
                words = table["cues"][given] if isinstance(given, str) else given
                pattern = re.compile(_filled(entry["pattern"], table["parts"]))
                found.append(Order(kind, tuple(words), (pattern,)))
    return found


def _filled(pattern: str, parts: dict[str, str]) -> str:
    return _PART.sub(lambda match: _filled(parts[match[1]], parts), pattern)


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
            tuple(re.compile(_filled(entry[name], table["parts"])) for name in ("who", "do", "what")),
            addressed=True,
        )
        for entries in table["orders"].values()
        for entry in entries
    ]
