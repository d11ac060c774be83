"""wikipedia_harvest in the register `full`: what engineers would ask about a subject, answered by the
sentences of an article, which is named.
"""

import re
from collections.abc import Callable, Iterator

from autodidact.generators.wikipedia_harvest.full.article_example_base import (
    BEGINS_BACK,
    Made,
    Teller,
    asks_for,
    fits,
    meaning_of,
    rest_of,
    section_of,
    slots_of,
)
from autodidact.generators.wikipedia_harvest.full.article_facts import Meaning, Notes, Part, notes
from autodidact.generators.wikipedia_harvest.sentence_kinds import NUMBER, other_number
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.facts_into_words import capital
from autodidact.sources.reading_limits import within
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.unread import Unread
from autodidact.sources.wiki.article import Article


def full_examples(facts: list[Article], snapshot: Snapshot) -> Made:
    """Questions of every kind in turn, of the articles in turn."""
    teller = _AllKinds(snapshot)
    queues: dict[str, list[Made]] = {}
    by_title: dict[str, Notes] = {}
    for article in facts:
        with within(snapshot.troubles, article.title[:200]):
            if found := notes(article, Unread(snapshot.troubles)):
                by_title[found.title.lower()] = found
                for kind, made in teller.kinds(found).items():
                    queues.setdefault(kind, []).append(made)
                queues.setdefault("linked", []).append(teller.linked(found, by_title))
    yield from _in_turn([_in_turn(queues[kind]) for kind in sorted(queues)])


def _in_turn(queues: list[Made]) -> Made:
    """One of each queue, then another one of each, until all are empty."""
    while queues:
        for queue in list(queues):
            row = next(queue, None)
            if row is None:
                queues = [other for other in queues if other is not queue]
            else:
                yield row


class _AllKinds(Teller):
    """Makes examples of what is noted of an article: a method a kind."""

    def kinds(self, found: Notes) -> dict[str, Made]:
        """Kind -> examples of one article."""
        makers: dict[str, Callable[[Notes], Made]] = {
            "meaning": self._meanings,
            "section": self._sections,
            "next": self._conversations,
            "link": self._links,
            "open": self._open_links,
            "compare": self._compared,
            "wrong": self._wrong,
        }
        return {kind: make(found) for kind, make in makers.items()}

    def _meanings(self, found: Notes) -> Made:
        for one in filter(lambda meaning: meaning.worth_asking, found.meanings):
            words = self._words("first meaning", found, one.part, one.term)
            yield from self._row(words, asks_for(words, one), meaning_of(words, one))

    def _sections(self, found: Notes) -> Made:
        for part in found.parts:
            words = self._words("section", found, part)
            if part.title and (answer := section_of(words)):
                yield from self._row(words, words.ask("section"), answer)

    def _conversations(self, found: Notes) -> Made:
        """The subject first, then a section, in some conversations a second one."""
        titled = [part for part in found.parts if part.title]
        one = next((meaning for meaning in found.meanings if meaning.worth_asking), None)
        if one is None:
            return
        for at, part in enumerate(titled):
            words = self._words("conversation", found, part)
            opening = self._words("opening", found, one.part, part.title)
            history = [user(asks_for(opening, one)), assistant(meaning_of(opening, one))]
            if at and words.rng.random() < 0.6:
                earlier = self._words("earlier", found, titled[at - 1])
                if said := section_of(earlier):
                    history += [user(earlier.ask("section")), assistant(said)]
            if part is not one.part and (answer := section_of(words)):
                yield from self._row(words, words.ask("next"), answer, history)

    def _links(self, found: Notes) -> Made:
        """What the article gives as a reason; a conclusion by what it rests on."""
        for link in found.links:
            words = self._words("first link", found, link.part, link.evidence)
            given = slots_of(link, words)
            before = self._before(words, link.evidence)
            asked, answer = words.ask(link.kind, **given), words.say(link.kind, **given)
            yield from self._row(words, asked, answer, before)

    def _open_links(self, found: Notes) -> Made:
        """A reason, asked of a passage that is shown."""
        for link in found.links:
            if link.kind != "why" or not fits(link.part):
                continue
            words = self._words("open", found, link.part, link.evidence)
            given = slots_of(link, words) | {
                "passage": link.part.text,
                "cite": "the passage",
                "Cite": "The passage",
            }
            given |= {"at": ""}
            if answer := words.say(link.kind, **given):
                yield from self._row(words, words.ask("open_why", **given), answer)

    def _compared(self, found: Notes) -> Made:
        for one, other in _pairs(found.meanings):
            words = self._words("compare", found, one.part, other.term)
            given = {"one": one.named, "other": other.named, "One": capital(one.named)}
            given |= {"Other": capital(other.named), "one_says": one.says[0], "other_says": other.says[0]}
            yield from self._row(words, words.ask("compare", **given), words.say("compare", **given))

    def _wrong(self, found: Notes) -> Made:
        """A sentence with another number, corrected."""
        for sentence, number, part in found.numbers:
            words = self._words("wrong", found, part, sentence)
            if other := other_number(number, words.rng):
                wrong = NUMBER.sub(other, sentence)
                given = {"number": number, "other": other, "sentence": sentence}
                asked = words.ask("wrong", Wrong=wrong)
                before = self._before(words, sentence)
                yield from self._row(words, asked, words.say("wrong", **given), before)

    def linked(self, found: Notes, others: dict[str, Notes]) -> Made:
        """A word that an article uses and links to another article, which explains it."""
        for shown, target in found.linked:
            other = others.get(target.lower())
            place = _place(found, shown)
            if (
                other is None
                or not shown[:1].islower()
                or other is found
                or place is None
                or not other.parts[0].sentences[0].endswith(".")
                or other.parts[0].stops_after(other.parts[0].sentences[0])
            ):
                continue
            sentence, part = place
            words = self._words("linked", found, part, shown)
            there = self._words("linked to", other, other.parts[0], found.title)
            first, rest = other.parts[0].sentences[0], rest_of(other.parts[0].sentences, 1)
            # "Magnesium carbonate is a salt" does not say what chalk is.
            if not re.search(rf"\b{re.escape(shown.removesuffix('s'))}", first, re.IGNORECASE):
                continue
            given = {"sentence": sentence, "shown": shown, "there": there.cite, "There": capital(there.cite)}
            given |= {"first": first, "rest": rest}
            yield from self._row(words, words.ask("linked", **given), words.say("linked", **given))


def _place(found: Notes, shown: str) -> tuple[str, Part] | None:
    """The first sentence with a word that does not begin with what stands before it, and its section."""
    for part in found.parts:
        for sentence in part.sentences:
            if (
                re.search(rf"\b{re.escape(shown)}\b", sentence)
                and sentence.endswith(".")
                and not BEGINS_BACK.match(sentence)
                and len(sentence) <= 320
            ):
                return sentence, part
    return None


def _pairs(meanings: list[Meaning]) -> Iterator[tuple[Meaning, Meaning]]:
    """Terms that can be mixed up: those with a word in common."""
    for at, one in enumerate(meanings):
        for other in meanings[at + 1 :]:
            if one.term.lower() in other.term.lower():
                continue
            common = set(one.term.lower().split()) & set(other.term.lower().split())
            if common and one.says[0] != other.says[0]:
                yield one, other
