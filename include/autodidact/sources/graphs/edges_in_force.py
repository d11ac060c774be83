"""What an edge of a graph says of itself besides its ends and its relation (qualifiers.yaml has the names):
`valid_until`, `negated: true`, `status: planned`, `weight`. One that does not hold on a day, or of which
something is said that is not understood, is counted and never taught.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from autodidact.shipped_tables import read_table
from autodidact.sources.graphs.days_of_values import days_of

_TABLE: dict[str, Any] = read_table(__file__, "qualifiers.yaml")
_SETS = {name: frozenset(map(str, words)) for name, words in _TABLE.items() if isinstance(words, list)}
_HELD = {name: frozenset(map(str, held["values"])) for held in _TABLE["held"] for name in held["names"]}
_NOTHING = frozenset(("", "none", "null", "-", "–", "—", "n/a", "nan", "nil", "[]", "{}"))
_NO = frozenset(("false", "no", "n", "0", "0.0", "nein", "non", "off"))
_YES = frozenset(("true", "yes", "y", "1", "1.0", "ja", "oui", "sí", "si", "on", "x"))
# Of this certainty and more an edge is taken for true.
_SURE = 0.8


class Standing(NamedTuple):
    """`over`: whether an edge does not hold. `unread`: the names of what is said of it and is not understood.
    `undated`: names of when it holds, where no day is known on which to look.
    """

    over: bool
    unread: list[str]
    undated: list[str]

    @property
    def holds(self) -> bool:
        """Whether the edge may be taught."""
        return not self.over and not self.unread


def standing(given: Mapping[str, Any], day: date | None) -> Standing:
    """What the attributes of an edge say of whether it holds on a day; without one no date is looked at."""
    verdicts = {str(key).strip(): _verdict(key, value, day) for key, value in given.items()}
    named = {verdict: [key for key in verdicts if verdicts[key] == verdict] for verdict in verdicts.values()}
    return Standing("over" in named, named.get("unread", []), named.get("undated", []))


def in_force(given: Mapping[str, Any], day: date | None) -> bool:
    """Whether nothing among the attributes of an edge says that it does not hold on a day."""
    return not standing(given, day).over


def _verdict(key: Any, value: Any, day: date | None) -> str:
    """What one attribute says: "holds", "over", "unread" or "undated"."""
    text = " ".join(str(value).split()).lower()
    kind = kind_of(str(key))
    if text in _NOTHING or kind == "harmless":
        return "holds"
    if kind in ("ends", "starts"):
        return _dated(kind, value, text, day)
    if kind == "denials":
        return "holds" if text in _NO else "over"
    if kind == "confirmations":
        sure = text in _YES or text in _SETS["true_states"]
        return "holds" if sure else "over" if text in _NO else "unread"
    if kind == "states":
        known = "over" if text in _SETS["over"] else "unread"
        return "holds" if text in _SETS["true_states"] else known
    if kind == "texts":
        words = re.findall(r"[^\W\d_]+|\?", re.sub(r"['’]", "", text))
        return "unread" if not (_SETS["doubts"] | _SETS["over"]).isdisjoint(words) else "holds"
    if kind == "certainties":
        return "holds" if _is_sure(text) else "unread"
    return "holds" if text in _HELD.get(kind, ()) else "unread"


def _dated(kind: str, value: Any, text: str, day: date | None) -> str:
    if kind == "ends" and (text in _NO or text in _SETS["open_ends"]):
        return "holds"
    if kind == "ends" and text in _YES:
        return "over"
    found = days_of(value)
    if found is None:
        return "unread"
    if day is None:
        return "undated"
    if not found.exact and found.first <= day <= found.last:
        return "unread"
    over = found.last < day if kind == "ends" else found.first > day
    return "over" if over else "holds"


def _is_sure(text: str) -> bool:
    """Whether a certainty, in words, from 0 to 1 or in percent, is high."""
    number = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(%?)", text)
    if not number:
        return text in ("high", "very high", "certain", "sure", "hoch", "élevée", "alta")
    share = float(number[1].replace(",", "."))
    return share >= _SURE * (100 if number[2] or share > 1 else 1)


@lru_cache(maxsize=4096)
def kind_of(key: str) -> str:
    """Which list of qualifiers.yaml an attribute belongs to by its name: `endDate`, `date_to`, `Valid until`;
    itself where it is in `held`, "" for none.
    """
    name = re.sub(r"(?<=[a-z\d])(?=[A-Z])|\W+", "_", key.strip()).lower().strip("_") or key.strip()
    parts = [part for part in name.split("_") if part]
    bare = "_".join(part for part in parts if part not in _SETS["fillers"])
    short = re.sub(r"^(?:valid|effective|date)|(?:date|time|day|year)$", "", bare)
    for form in (name, bare, short):
        if form in _HELD:
            return form
        for kind in (
            "harmless",
            "texts",
            "certainties",
            "denials",
            "confirmations",
            "states",
            "ends",
            "starts",
        ):
            if form in _SETS[kind]:
                return kind
    last = parts[-1] if parts else ""
    return next((kind for kind in ("harmless", "states", "certainties") if last in _SETS[kind]), "")
