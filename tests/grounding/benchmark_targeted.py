"""Checks examples of `benchmark_targeted`: the item is dev by a hash taken here, its family visible, and the
suite's own scorer gives the answer 1.0.
"""

import hashlib
import json
import unicodedata
from functools import cache

from autodidact.benchmark.items import block, find
from autodidact.benchmark.scorers import score
from autodidact.benchmark.suite import families


def check(row: dict, snapshot) -> str | None:
    """None when the example may be trained on and its answer is right."""
    category, family, place = row["source"]["ref"].split("/")
    if not place.startswith("dev-"):
        return "is a scored item"
    named = {one.name: one for one in families()[category]}
    if family not in named or named[family].hidden:
        return "its family is hidden, or there is none"
    if row["category"] != category or row["source"]["level"] != snapshot.settings.benchmark.level:
        return "is of another category or level than it says"
    item = find(row["source"]["ref"], level=row["source"]["level"])
    if int(hashlib.sha256(item.payload.encode("utf-8", "backslashreplace")).hexdigest(), 16) % 4:
        return "its payload is not dev"
    if row["messages"][:-1] != item.messages or row["tools"] != item.tools:
        return "asks something else than its item"
    if _text(row["messages"]) in _published(row["source"]["level"]):
        return "asks what a published item asks"
    scored = score(item, row["messages"][-1])
    return None if scored.value == 1.0 else f"its answer scores {scored.value}: {scored.explanation}"


@cache
def _published(level: int) -> frozenset[str]:
    return frozenset(_text([*item.messages, item.reference]) for item in block(0, level=level))


def _text(messages: list[dict]) -> str:
    """What is asked, whatever its case and spacing."""
    asked = [message["content"] for message in messages[:-1] if message["role"] != "system"]
    return " ".join(unicodedata.normalize("NFC", json.dumps(asked, ensure_ascii=False)).casefold().split())
