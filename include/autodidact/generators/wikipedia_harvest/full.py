"""wikipedia_harvest in the register `full`: what engineers would ask about a subject, answered by the
sentences of an article, which is named.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from autodidact.generators.wikipedia_harvest.full_notes import Link, Meaning, Notes, Part, notes
from autodidact.generators.wikipedia_harvest.full_words import Words, given_of, listed
from autodidact.generators.wikipedia_harvest.statements import NUMBER, POINTS_BACK, other_number
from autodidact.generators.writing.conversations import assistant, system_prompt, user
from autodidact.generators.writing.wording import capital
from autodidact.records import Example, example
from autodidact.sources.budget import within
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.unread import Unread
from autodidact.sources.wiki.article import Article

NAME = "wikipedia_harvest"
CATEGORY = "reasoning"

# Characters of a passage that is shown.
PASSAGE = (120, 1_100)
# Headings that any article may have: without the subject they name nothing.
_ANY = frozenset(
    "purpose|use|uses|usage|history|overview|operation|background|applications|algorithm|algorithms|example"
    "|examples|definition|etymology|description|types|design|characteristics|variants|implementation"
    "|implementations|advantages|disadvantages|criticism|reception|legacy|introduction|properties".split("|")
)
# Share of single questions, and of conversations, that have a system prompt.
ALONE, IN_CONVERSATION = 0.25, 0.6

# Signs that a passage gives reasons.
_CAUSAL = re.compile(
    r"\b(because|so|since|therefore|thus|hence|due to|reason|to avoid|purpose|lets?|allows?|as|for|by|to"
    r"|which makes|result|cause[sd]?)\b",
    re.IGNORECASE,
)
# How an example begins, or what announces one.
_EXAMPLE = re.compile(
    r"^(Imagine|Suppose|Consider|For example|For instance)\b|\b(example|as follows|following)\.$"
)

Made = Iterator[Example]


def full_examples(facts: list[Article], snapshot: Snapshot) -> Made:
    """Questions of every kind in turn, of the articles in turn."""
    teller, headings = _Teller(snapshot), dict[str, None]()
    queues: dict[str, list[Made]] = {}
    for article in facts:
        with within(snapshot.troubles, article.title[:200]):
            unread = Unread(snapshot.troubles)
            if found := notes(article, unread):
                absent = [h for h in headings if h.lower() not in article.text.lower()][-2:]
                for kind, made in teller.kinds(found, absent, unread).items():
                    queues.setdefault(kind, []).append(made)
                headings |= dict.fromkeys(found.headings)
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


class _Teller:
    """Makes examples of what is noted of an article: a method a kind."""

    def __init__(self, snapshot: Snapshot):
        self.snapshot = snapshot

    def kinds(self, found: Notes, absent: list[str], unread: Unread) -> dict[str, Made]:
        """Kind -> examples of one article. `absent`: headings of other articles that it does not mention."""
        makers: dict[str, Callable[[Notes], Made]] = {
            "meaning": self._meanings,
            "section": self._sections,
            "next": self._conversations,
            "link": self._links,
            "open": self._open_links,
            "missing": self._missing,
            "unexplained": self._unexplained,
            "uncounted": self._uncounted,
            "term": self._terms,
            "compare": self._compared,
            "contrast": self._contrasts,
            "wrong": self._wrong,
            "right": self._right,
            "covers": lambda notes: self._covers(notes, absent, unread),
        }
        return {kind: make(found) for kind, make in makers.items()}

    def _meanings(self, found: Notes) -> Made:
        for one in found.meanings:
            words = self._words("meaning", found, one.part, one.term)
            asked = words.ask("meaning", topic=one.named, term=one.term)
            yield from self._row(words, asked, _meaning(words, one))

    def _sections(self, found: Notes) -> Made:
        for part in found.parts:
            words = self._words("section", found, part)
            if part.title and (answer := _section(words)):
                yield from self._row(words, words.ask("section"), answer)

    def _conversations(self, found: Notes) -> Made:
        """The subject first, then a section, in some conversations a second one."""
        titled = [part for part in found.parts if part.title]
        if not found.meanings:
            return
        one = found.meanings[0]
        for at, part in enumerate(titled):
            words = self._words("conversation", found, part)
            opening = self._words("opening", found, one.part, part.title)
            history = [user(opening.ask("meaning")), assistant(_meaning(opening, one))]
            if at and words.rng.random() < 0.6:
                earlier = self._words("earlier", found, titled[at - 1])
                if said := _section(earlier):
                    history += [user(earlier.ask("section")), assistant(said)]
            if part is not one.part and (answer := _section(words)):
                yield from self._row(words, words.ask("next"), answer, history)

    def _links(self, found: Notes) -> Made:
        for link in found.links:
            words = self._words("link", found, link.part, link.evidence)
            given = _given(link, words)
            kind = link.kind
            if kind == "therefore" and words.rng.random() < 0.5:
                kind = "reversed"
            if answer := words.say(kind, **given):
                yield from self._row(
                    words, words.ask(kind, **given), answer, self._before(words, link.evidence)
                )

    def _open_links(self, found: Notes) -> Made:
        """The same of a passage that is shown."""
        for link in found.links:
            if link.kind not in ("why", "then") or not _fits(link.part):
                continue
            words = self._words("open", found, link.part, link.evidence)
            given = _given(link, words) | {
                "passage": link.part.text,
                "cite": "the passage",
                "Cite": "The passage",
            }
            given |= {"in": "", "at": ""}
            if answer := words.say(link.kind, **given):
                yield from self._row(words, words.ask(f"open_{link.kind}", **given), answer)

    def _missing(self, found: Notes) -> Made:
        """A passage that does not mention what another section is about."""
        titled = [part.title for part in found.parts if part.title]
        for part in found.parts:
            words = self._words("missing", found, part)
            elsewhere = [
                title
                for title in titled
                if title != part.title and title.lower() not in _ANY and not _mentions(part.text, title)
            ]
            if elsewhere and _fits(part):
                missing = words.rng.choice(elsewhere)
                pointer = f'{capital(words.cite)} has a section "{missing}", which is not shown here.'
                given = {"missing": missing, "pointer": pointer, "passage": part.text}
                given |= {"first": part.sentences[0], "rest": _rest(part.sentences, 1)}
                yield from self._row(words, words.ask("open_part", **given), words.say("open_part", **given))

    def _unexplained(self, found: Notes) -> Made:
        """A passage that states something and gives no reason for it."""
        definitions = {one.says[0] for one in found.meanings}
        for part in found.parts:
            if not _fits(part) or _CAUSAL.search(part.text):
                continue
            for before, sentence in pairwise(part.sentences):
                alone = _alone(sentence) and not POINTS_BACK.search(sentence)
                if sentence.endswith(".") and alone and sentence not in definitions:
                    words = self._words("unexplained", found, part)
                    given = given_of(sentence.removesuffix("."), "what", words) | {"passage": part.text}
                    given |= {"sentence": sentence, "after": f"The sentence before it reads: {before}"}
                    asked, answer = words.ask("open_reason", **given), words.say("open_reason", **given)
                    yield from self._row(words, asked, answer)
                    break

    def _uncounted(self, found: Notes) -> Made:
        """A passage that leaves a quantity open."""
        for sentence, vague, noun, part in found.vague:
            if _fits(part) and len(re.findall(rf"\b{noun}\b", part.text)) == 1:
                words = self._words("uncounted", found, part, sentence)
                given = {"sentence": sentence, "vague": vague, "noun": noun, "passage": part.text}
                yield from self._row(
                    words, words.ask("open_count", **given), words.say("open_count", **given)
                )

    def _terms(self, found: Notes) -> Made:
        """A definition, for which the term is wanted."""
        for one in found.meanings:
            if one.defines and one.term.lower() not in one.defines.lower():
                words = self._words("term", found, one.part, one.term)
                given = {"named": one.named, "Named": capital(one.named), "defines": one.defines}
                given |= {"first": one.says[0], "rest": " ".join(one.says[1:]), "term": one.term}
                yield from self._row(words, words.ask("term", **given), words.say("term", **given))

    def _compared(self, found: Notes) -> Made:
        for one, other in _pairs(found.meanings):
            words = self._words("compare", found, one.part, other.term)
            given = {"one": one.named, "other": other.named, "One": capital(one.named)}
            given |= {"Other": capital(other.named), "one_says": one.says[0], "other_says": other.says[0]}
            yield from self._row(words, words.ask("compare", **given), words.say("compare", **given))

    def _contrasts(self, found: Notes) -> Made:
        for sentence, part in found.contrasts:
            words = self._words("contrast", found, part, sentence)
            answer = words.say("contrast", sentence=sentence, more=words.more(sentence))
            yield from self._row(words, words.ask("contrast"), answer, self._before(words, sentence))

    def _wrong(self, found: Notes) -> Made:
        """A sentence with another number, corrected."""
        for sentence, number, part in found.numbers:
            words = self._words("wrong", found, part, sentence)
            if other := other_number(number, words.rng):
                wrong = NUMBER.sub(other, sentence)
                given = {"number": number, "other": other, "sentence": sentence, "more": words.more(sentence)}
                asked = words.ask("wrong", wrong=f"{words.small(wrong).removesuffix('.')}?", Wrong=wrong)
                before = self._before(words, sentence)
                yield from self._row(words, asked, words.say("wrong", **given), before)

    def _right(self, found: Notes) -> Made:
        """A sentence that stands there, with what follows it."""
        for part in found.parts:
            words = self._words("right", found, part)
            sentence = next(
                (s for s in part.sentences[:-1] if 40 <= len(s) <= 240 and s.endswith(".") and _alone(s)), ""
            )
            if sentence and (more := words.more(sentence)):
                before = self._before(words, sentence)
                asked = words.ask("right", Right=sentence)
                yield from self._row(words, asked, words.say("right", more=more), before)

    def _covers(self, found: Notes, absent: list[str], unread: Unread) -> Made:
        """What its sections are, and that one is not among them."""
        first = found.parts[0].sentences[0]
        if len(found.headings) < 2 or found.parts[0].title:
            return
        given = {"sections": listed(found.headings), "first": first}
        given["sections_capital"] = given["sections"]
        outline = "\n".join(f"- **{p.title}**: {p.sentences[0]}" for p in found.parts if p.title)
        whole = len([p for p in found.parts if p.title]) == len(found.headings)
        given["outline"] = outline if whole and len(outline) <= PASSAGE[1] else ""
        for kind, missing in (("covers", ""), *(("absent", f'"{heading}"') for heading in absent)):
            words = self._words(kind, found, found.parts[0], missing)
            answer = unread.closed(words.say(kind, **given), "headings")
            if answer:
                yield from self._row(words, words.ask(kind, missing=missing), answer)

    def _before(self, words: Words, sentence: str) -> list[dict[str, Any]]:
        """In half of the cases, that the subject was asked about first, if that answer gives nothing away."""
        found = words.found
        one = found.meanings[0] if found.meanings else None
        if one is None or words.rng.random() < 0.5 or any(said in sentence for said in one.says):
            return []
        opening = self._words("before", found, one.part, sentence)
        return [
            user(opening.ask("meaning", topic=one.named, term=one.term)),
            assistant(_meaning(opening, one)),
        ]

    def _words(self, kind: str, found: Notes, part: Part, of: str = "") -> Words:
        return Words(found, part, self.snapshot.rng(NAME, "full", kind, found.title, part.title, of))

    def _row(
        self, words: Words, asked: str, answer: str, history: list[dict[str, Any]] | None = None
    ) -> Made:
        """The example, if there is an answer."""
        if not answer:
            return
        share = IN_CONVERSATION if history else ALONE
        system = system_prompt(self.snapshot.system, words.rng) if words.rng.random() < share else None
        cites = words.found.cites
        yield example(
            NAME, CATEGORY, asked, answer, cites["source"], system=system, history=history, time=cites["time"]
        )


def _meaning(words: Words, one: Meaning) -> str:
    given = {"first": one.says[0], "rest": " ".join(one.says[1:]), "Term": capital(one.term)}
    return words.say("meaning", **given) or f"{one.says[0]} ({capital(words.cite)}.)"


def _section(words: Words) -> str:
    """The beginning of a section; "" where it says too little."""
    sentences = words.part.sentences
    taken = [sentences[0], *_rest_list(sentences, 3)]
    while len(taken) > 1 and len(taken) < len(sentences) and _EXAMPLE.search(taken[-1]):
        taken.pop()
    if len(" ".join(taken)) < PASSAGE[0] or not sentences[0].endswith("."):
        return ""
    points = "\n".join(f"- {one}" for one in taken) if len(taken) > 1 else ""
    return words.say("section", first=taken[0], rest=" ".join(taken[1:]), list=points)


def _rest_list(sentences: list[str], most: int) -> list[str]:
    """The sentences after the first that belong to the same quotation."""
    taken: list[str] = []
    for sentence in sentences[1 : 1 + most]:
        if sum(map(len, taken)) + len(sentence) > PASSAGE[1] // 2 or not sentence.endswith("."):
            break
        taken.append(sentence)
    return taken


def _rest(sentences: list[str], most: int) -> str:
    return " ".join(_rest_list(sentences, most))


def _given(link: Link, words: Words) -> dict[str, str]:
    """The slots of a statement and what is linked to it."""
    given = {"evidence": link.evidence, "more": words.more(link.evidence), "Before": link.what}
    given |= given_of(link.what.removesuffix("."), "what", words)
    named = {"why": "why", "aim": "aim", "then": "then", "therefore": "linked"}[link.kind]
    return given | given_of(link.linked, named, words)


def _fits(part: Part) -> bool:
    """Whether a section can be shown whole."""
    return PASSAGE[0] <= len(part.text) <= PASSAGE[1] and len(part.sentences) > 1


def _alone(sentence: str) -> bool:
    """Whether a sentence is understood without the one before it."""
    return not re.match(
        r"(It|They|He|She|This|That|These|Those|Such|Also|However|But|And|Then|For example)\b", sentence
    )


def _mentions(text: str, heading: str) -> bool:
    """Whether a text has a telling word of a heading."""
    telling = re.findall(r"\w{4,}", heading.lower()) or [heading.lower()]
    return any(word[:4] in text.lower() for word in telling)


def _pairs(meanings: list[Meaning]) -> Iterator[tuple[Meaning, Meaning]]:
    """Terms that can be mixed up: of one section, or with a word in common."""
    for at, one in enumerate(meanings):
        for other in meanings[at + 1 :]:
            if one.term.lower() in other.term.lower():
                continue
            common = set(one.term.lower().split()) & set(other.term.lower().split())
            if (one.part is other.part or common) and one.says[0] != other.says[0]:
                yield one, other
