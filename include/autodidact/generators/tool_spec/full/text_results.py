"""Texts that tools give back (a log, a file, the rows of a query), and what they say."""

import re
from random import Random

from autodidact.generators.tool_spec.full.requests_from_descriptions import Wish
from autodidact.generators.tool_spec.full.tool_results import verb_of
from autodidact.generators.writing.word_tables import read_table

_TABLE = read_table(__file__, "texts.yaml")


def text_of(wish: Wish, rng: Random) -> tuple[str, str, str] | None:
    """(the text, a question about it or "", the answer); None where the tool gives no such text."""
    query = next((value for value in wish.given.values() if str(value) in _TABLE["queries"]), None)
    if query is not None and verb_of(wish) in ("query", "run", "execute", "select"):
        found = _TABLE["queries"][query]
        return found["content"], "", rng.choice(found["say"])
    if verb_of(wish) in ("get", "fetch", "read", "show", "tail", "download") and re.search(
        r"\blogs?\b", wish.do
    ):
        return _drawn(_logs_of(wish), rng)
    path = next((value for key, value in wish.given.items() if key in ("path", "file", "filename")), "")
    if re.match(r"(?:get|read|show|fetch|open) ", wish.do) and re.search(r"\b(?:contents?|read)\b", wish.do):
        files = _TABLE["files"].get(str(path).rpartition(".")[2])
        return _drawn(files, rng) if files else None
    return None


def _logs_of(wish: Wish) -> list[dict]:
    """The logs that may be of what is asked for: a backup is none of a shop's checkout."""
    names = " ".join(str(value) for value in wish.given.values())
    return [one for one in _TABLE["logs"] if "of" not in one or re.search(one["of"], names)]


def _drawn(texts: list[dict], rng: Random) -> tuple[str, str, str]:
    found = rng.choice(texts)
    return found["content"], rng.choice(found["ask"]), rng.choice(found["say"])
