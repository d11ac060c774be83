"""What an order to whoever reads, judges or trains on a text looks like: English as patterns
(orders_english.yaml), other languages as parts that one sentence holds (orders.yaml).

Each order is tried only where one of its cues stands: to try all takes seven times as long, 0.7 ms a text.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

# Characters between the first and the last part of an order in orders.yaml.
SPAN = 120

_PART = re.compile(r"<([a-z_]+)>")


class Order(NamedTuple):
    """A kind of order: `parts` are all in one sentence, at most SPAN characters apart."""

    kind: str
    cues: tuple[str, ...]
    parts: tuple[re.Pattern, ...]


@cache
def orders() -> tuple[Order, ...]:
    """Every kind of order, English first."""
    return (*_english(), *_other_languages())


@cache
def _by_cue(*, ascii_only: bool) -> dict[str, list[int]]:
    """Cue -> the places in `orders` of the orders that it may begin. A text in ASCII holds no other cue."""
    places: dict[str, list[int]] = {}
    for place, order in enumerate(orders()):
        for cue in order.cues:
            if cue.isascii() or not ascii_only:
                places.setdefault(cue, []).append(place)
    return places


def possible(text: str) -> list[Order]:
    """The orders of which a cue stands in a text, in their order."""
    cues = _by_cue(ascii_only=text.isascii())
    places = {place for cue, places in cues.items() if cue in text for place in places}
    return [orders()[place] for place in sorted(places)]


def _table(name: str) -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _english() -> list[Order]:
    table = _table("orders_english.yaml")

    def filled(pattern: str) -> str:
        return _PART.sub(lambda match: filled(table["parts"][match[1]]), pattern)

    found = []
    for kind, entries in table["orders"].items():
        for entry in entries:
            given = entry["cues"]
            words = table["cues"][given] if isinstance(given, str) else given
            found.append(Order(kind, tuple(words), (re.compile(filled(entry["pattern"])),)))
    return found


def _other_languages() -> list[Order]:
    found = []
    for kind, languages in _table("orders.yaml").items():
        for parts in languages.values():
            patterns = tuple(re.compile(parts[name]) for name in ("do", "what", "which") if name in parts)
            found.append(Order(kind, tuple(parts["cues"]), patterns))
    return found
