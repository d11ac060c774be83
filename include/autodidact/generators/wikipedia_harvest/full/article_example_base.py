"""What all questions about an article share in the register `full`: their words, and their examples."""

import re
from collections.abc import Iterator
from typing import Any

from autodidact.generators.wikipedia_harvest.full.article_facts import Link, Meaning, Notes, Part
from autodidact.generators.wikipedia_harvest.full.article_phrases import TABLE, Words, given_of
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.facts_into_words import capital
from autodidact.records import Example, example
from autodidact.sources.git.revisions import without_hash
from autodidact.sources.snapshot import Snapshot

NAME = "wikipedia_harvest"
CATEGORY = "reasoning"

# Characters of a passage that is shown.
PASSAGE = (120, 1_100)
# Share of single questions, and of conversations, that have a system prompt.
ALONE, IN_CONVERSATION = 0.25, 0.6

Made = Iterator[Example]

# How a section begins that the one before it explains.
BEGINS_BACK = re.compile(
    r"(?:(?:Until|Since|Before|By) then|(?:Before|After|At|In|For|From|During) (?:that|this)"
    r"|(?:This|These|That|Those|Such|Then|Therefore|However|Thus|The (?:former|latter|other))\b)"
)
# What leans on the sentence before it within its first words.
_LEANS = re.compile(
    r"(?:\S+ ){0,2}(?:it|its|they|them|their|this|that|these|those|he|she|his|her|such|both|the same"
    r"|the (?:latter|former|other)|also|however|therefore|thus|then)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_FULL_NAME = re.compile(r"\b[A-Z][\w.-]+ (?:[a-z]+ )?[A-Z][\w-]+")


class Teller:
    """Makes examples of what is noted of an article."""

    def __init__(self, snapshot: Snapshot):
        self.snapshot = snapshot

    def _before(self, words: Words, sentence: str) -> list[dict[str, Any]]:
        """In half of the cases, that the subject was asked about first, if that answer gives nothing away."""
        found = words.found
        one = next((meaning for meaning in found.meanings if meaning.worth_asking), None)
        if one is None or words.rng.random() < 0.5 or any(said in sentence for said in one.says):
            return []
        opening = self._words("before", found, one.part, sentence)
        return [user(asks_for(opening, one)), assistant(meaning_of(opening, one))]

    def _words(self, kind: str, found: Notes, part: Part, of: str = "") -> Words:
        return Words(found, part, self.snapshot.rng(NAME, "full", kind, found.title, part.title, of))

    def _row(
        self, words: Words, asked: str, answer: str, history: list[dict[str, Any]] | None = None
    ) -> Made:
        """The example, if there is an answer."""
        if not answer:
            return
        share = IN_CONVERSATION if history else ALONE
        wording: str = words.rng.choice(TABLE["system"])
        system = wording.format(without_hash(self.snapshot.system)) if words.rng.random() < share else None
        cites = words.found.cites
        yield example(
            NAME, CATEGORY, asked, answer, cites["source"], system=system, history=history, time=cites["time"]
        )


def asks_for(words: Words, one: Meaning) -> str:
    """A question for the meaning of a word, for what bears a name, or for a person."""
    kind = {"word": "meaning", "words": "several", "name": "named", "person": "person"}[one.kind]
    return words.ask(kind, topic=one.named, Topic=capital(one.named), term=one.term)


def meaning_of(words: Words, one: Meaning) -> str:
    """What a term means, in the sentences of the article."""
    bold = re.sub(rf"\b{re.escape(one.term)}\b", r"**\g<0>**", one.says[0], count=1, flags=re.IGNORECASE)
    given = {"first": one.says[0], "rest": " ".join(one.says[1:]), "bold": bold}
    return words.say("meaning" if one.says[1:] else "meaning_alone", **given)


def section_of(words: Words) -> str:
    """A whole section; "" of one that is long or not all read: its beginning may lack what it is about. The
    same where it begins with what stands before it, or speaks of a person whom it does not introduce.
    """
    sentences = words.part.sentences
    if BEGINS_BACK.match(sentences[0]) or _of_somebody(words.found, words.part.text):
        return ""
    fits = PASSAGE[0] <= len(words.part.text) <= PASSAGE[1]
    if not (fits and words.part.whole and all(one.endswith(".") for one in sentences)):
        return ""
    # A point of a list is read by itself.
    apart = len(sentences) > 1 and not any(map(_LEANS.match, sentences[1:]))
    points = "\n".join(f"- {one}" for one in sentences) if apart else ""
    return words.say("section", first=sentences[0], rest=" ".join(sentences[1:]), list=points)


def _of_somebody(found: Notes, text: str) -> bool:
    """Whether a section speaks of "him" before it names anybody in full, in an article that is not about a
    person: "Braille was a pupil" of the article on the script.
    """
    him = _SOMEBODY.search(text)
    return him is not None and not found.of_person and not _FULL_NAME.search(text[: him.start()])


def rest_list(sentences: list[str], most: int) -> list[str]:
    """The sentences after the first that belong to the same quotation."""
    taken: list[str] = []
    for sentence in sentences[1 : 1 + most]:
        if sum(map(len, taken)) + len(sentence) > PASSAGE[1] // 2 or not sentence.endswith("."):
            break
        taken.append(sentence)
    return taken


def rest_of(sentences: list[str], most: int) -> str:
    """At most so many sentences after the first, as one text."""
    return " ".join(rest_list(sentences, most))


def slots_of(link: Link, words: Words) -> dict[str, str]:
    """The slots of a statement and what is linked to it."""
    given = {"Before": link.what} | given_of(link.what.removesuffix("."), "what", words)
    named = {"why": "why", "therefore": "linked"}[link.kind]
    return given | given_of(link.linked, named, words)


def fits(part: Part) -> bool:
    """Whether a section can be shown whole."""
    return PASSAGE[0] <= len(part.text) <= PASSAGE[1] and len(part.sentences) > 1
