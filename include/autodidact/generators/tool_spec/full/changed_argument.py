"""The same wish with another value of one argument, and what one says for it: "and at Northhaven?"."""

import re
from random import Random
from typing import Any

from autodidact.generators.tool_spec.full.description_slots import CHANGES
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.likely_arguments import LOOKS
from autodidact.generators.tool_spec.full.requests_from_descriptions import Wish, wish
from autodidact.generators.tool_spec.full.value_phrases import day_said

DAYS = frozenset(("today", "tomorrow", "yesterday"))
PREPOSITIONS = frozenset("at on for in of to from with by about into".split())


def reads(wish: Wish) -> bool:
    """Whether a tool only looks: by its own hint, or by its verb."""
    looks = not wish.do or wish.do.split(" ", 1)[0] in LOOKS
    return bool(wish.known.tool.hints.get("readOnlyHint", looks))


def changed(scene: Scene, first: Wish) -> tuple[Wish, str] | None:
    """The same wish with another value of one argument, and the words for it."""
    seed = scene.rng.random()
    again = wish(first.known, first.given, scene.today, Random(seed))
    for _ in range(4):
        other = scene.draw(first.known) or {}
        keys = [key for key in first.given if key in other and other[key] != first.given[key]]
        keys = [key for key in keys if not isinstance(other[key], list)]
        keys = [
            key for key in keys if other[key] not in first.given.values() and not _same_set(first, other, key)
        ]
        if not keys or again is None:
            continue
        key = scene.rng.choice(keys)
        given = first.given | {key: other[key]}
        second = wish(first.known, given, scene.today, Random(seed))
        if second is None or not first.known.accepts(given) or second.rest != again.rest:
            continue
        words = _difference(again.do or again.thing, second.do or second.thing)
        if isinstance(given[key], str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given[key]):
            words = day_said(given[key], scene.today, scene.rng)
            if re.search(r"since|until|start|end|from|to$|before|after|by$|due", key):
                continue
        if CHANGES.match(first.do) and words.startswith("to "):
            continue
        if words and not words.startswith("with "):
            return second, re.sub(r"^of ", "for ", words).rstrip(",;")
    return None


def _same_set(first: Wish, other: dict[str, Any], key: str) -> bool:
    """Whether it is no change that one asks for: the same list in another order, or a detail of an action."""
    one, two = first.given[key], other[key]
    same = isinstance(one, list) and isinstance(two, list) and sorted(map(str, one)) == sorted(map(str, two))
    if same or reads(first):
        return same
    # To scale to 3 and to 4 is no second wish: what is done again is done to another thing.
    amount = isinstance(two, (int, float)) and re.search(r"(?:number|id|no)$", key, re.IGNORECASE) is None
    return amount or key not in first.known.required


def _difference(one: str, other: str) -> str:
    """What the second text has instead, with its preposition; "" for half of a quoted text, or the whole."""
    before, after = one.split(), other.split()
    start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    if start is None:
        return ""
    end = next((n for n, (a, b) in enumerate(zip(before[::-1], after[::-1], strict=False)) if a != b), 0)
    if after[start] in PREPOSITIONS or after[start] in DAYS:
        pass
    elif start and after[start - 1] in PREPOSITIONS:
        start -= 1
    elif start > 1 and after[start - 2] in PREPOSITIONS:
        start -= 2
    elif start and not re.search(r"\d", after[start]):
        return ""
    if end and "the" in after[start : start + 2] and after[len(after) - end] not in PREPOSITIONS:
        end -= 1  # "for the tides service", not "for the tides"
    words = after[start : len(after) - end]
    said = " ".join(words)
    return said if 0 < len(words) <= 6 and said.count('"') % 2 == 0 and start else ""
