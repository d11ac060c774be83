"""How questions about an article and their answers are put together, from the words of wordings.yaml."""

import random
import re
from typing import Any

from autodidact.generators.wikipedia_harvest.full.article_facts import Notes, Part
from autodidact.generators.writing.facts_into_words import capital
from autodidact.shipped_tables import read_table

TABLE = read_table(__file__)

_SLOT = re.compile(r"\{(\w+)\}")
_SMALL = frozenset(
    "a an the in if when while once by because since most many each every all some no any of at on for with"
    " before after until such this these".split()
)


class Words:
    """The words of one question and its answer. Slots that every article fills are known."""

    def __init__(self, found: Notes, part: Part, rng: random.Random):
        self.found, self.part, self.rng = found, part, rng
        self.cite = _cite(found, rng)
        self.known = {
            "title": found.title,
            "topic": found.topic,
            "Topic": capital(found.topic),
            "term": found.meanings[0].term if found.meanings else found.title,
            "section": part.title,
            "cite": self.cite,
            "Cite": capital(self.cite),
            "at": f', under "{part.title}"' if part.title else "",
            "where": f' under "{part.title}"' if part.title else "",
        }

    def ask(self, kind: str, **given: str) -> str:
        """A question of this kind."""
        return self._filled(self.rng.choice(TABLE["ask"][kind]), given)

    def say(self, kind: str, **given: str) -> str:
        """An answer of this kind, among the wordings all of whose slots have something to say."""
        known = self.known | given
        options = [
            wording
            for wording in TABLE["say"][kind]
            if all(known.get(slot) or slot == "at" for slot in _SLOT.findall(wording))
        ]
        return self._filled(self.rng.choice(options), given) if options else ""

    def small(self, text: str) -> str:
        """The text as a part of a sentence: its first word in lower case unless it is a name."""
        first = text.split(" ", 1)[0].rstrip(",").removesuffix("'s")
        if first != first.capitalize() or text.startswith(f"{self.found.title} "):
            return text
        small, whole = first.lower(), self.found.text
        if small not in _SMALL and re.match(r"\w+ [A-Z][a-z]+\b", text):
            return text  # a name of several capitals
        if small not in _SMALL and re.search(rf"(?<=[a-z,] )(?:\[\[)?{re.escape(first)}\b", whole):
            return text  # written with a capital within a sentence
        stem = small.removesuffix("s")
        common = small in _SMALL or small.endswith("ing") or text.startswith(f"{first} of ")
        common = common or bool(re.search(rf"(?<=[a-z,] )(?:\[\[)?{re.escape(stem)}s?\b", whole))
        common = common or bool(re.match(rf"{re.escape(first)} (?!is\b|has\b|was\b)[a-z]+s [a-z]", text))
        # `Libraries put ...`: several of something, which is a name only as `Romans put ...`.
        several = small.endswith("s") and not small.endswith(("ss", "us", "is", "ans"))
        common = common or (several and bool(re.match(rf"{re.escape(first)} [a-z]+[a-rt-z] ", text)))
        return text[:1].lower() + text[1:] if common else text

    def _filled(self, wording: str, given: dict[str, str]) -> str:
        known = self.known | given
        text = _SLOT.sub(lambda slot: known.get(slot[1], ""), wording)
        return re.sub(r" +(?=\n|$)|(?<= ) +", "", text).strip()


def _cite(found: Notes, rng: random.Random) -> str:
    """The article in words; on what site, where that is known: "the article" of nowhere is no source."""
    if not found.site:
        return f'the article "{found.title}"'
    return rng.choice(
        [
            f'the {found.site} article "{found.title}"',
            f'the article "{found.title}" in {found.site}',
            f'the article on "{found.title}" in {found.site}',
        ]
    )


def given_of(text: str, name: str, words: Words) -> dict[str, Any]:
    """A statement under two names: as a part of a sentence, and as its beginning."""
    return {name: words.small(text), capital(name): capital(text)}
