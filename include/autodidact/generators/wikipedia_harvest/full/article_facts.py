"""What can be said from one article, in its own sentences: what its terms mean, reasons, consequences,
numbers, and what its sections are about.
"""

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from autodidact.generators.wikipedia_harvest.cite_article import cited
from autodidact.generators.wikipedia_harvest.sentence_kinds import ABOUT, BECAUSE, NUMBER, POINTS_BACK
from autodidact.generators.writing.facts_into_words import capital, lower, sentences
from autodidact.sources.unread import Unread
from autodidact.sources.wiki.article import Article
from autodidact.sources.wiki.wikitext import WikiSection, wiki_sections

# Characters of a sentence that is used.
SENTENCE = (30, 320)
# Characters of what is quoted at once.
LONGEST = 620
# Links of an article that are followed.
LINKS = 100
# Sections of an article that are read.
SECTIONS = 40

_EFFECT = re.compile(
    r"^(?:As a result|Therefore|Consequently|Hence|Thus|So|For this reason|Because of this),? "
    r"(?=\w)"
)
_INNER_EFFECT = re.compile(
    r"^(?P<what>[A-Z][^,;]{8,}?) (?P<verb>is|are|was|were) therefore (?P<rest>.{8,})\.$"
)
# A link within a text to an article.
_LINK = re.compile(r"\[\[([^\[\]|#:\n]{2,100})(?:\|([^\[\]|\n]{2,100}))?\]\]")
# Digits of a number that somebody may remember wrongly, and that it is worth to put right.
DIGITS = 4
# Characters of a meaning that is worth asking for.
WORTH = 90
# A statement that lost its end: "the reason was because ...".
_CUT = re.compile(r"\b(?:is|are|was|were|be|been)$")
# What a text says of itself or of a sentence that is not stated.
_HERE = re.compile(
    r"\b(?:below|above|the same|what follows|the following|as follows|in this (?:article|section|list))\b"
    r"|\blisted\b"
    r"|\b(?:in|of|at|on|by|from|for|to) (?:that|this|these|those|it|them)\b",
    re.IGNORECASE,
)
# A sentence that says more of what is known already.
_MORE = re.compile(r"(?:also|still|therefore|thus|not|often|usually|now|said)\b")
# Who speaks to a reader, within the work of an author.
_WE = re.compile(r"\b(?:I|[Ww]e|us|[Oo]urs?|[Yy]ours?|[Yy]ou|me|[Mm]y)\b")
# What shows that an article is about a person.
_PERSON = re.compile(r"\[\[Category:[^\]|]*\b(?:births|deaths)\b")
_HE = re.compile(r"(?:He|She|His|Her)\b")
# A work that bears its name, by the beginning of a definition of so many characters.
_WORK = re.compile(r"\b(?:film|novel|novella|album|song|series|opera|video game|magazine|painting|play by)\b")
WORK = 120
# Where a sentence holds: "In California, ...".
_WITHIN = re.compile(r"(?:In|At|On|Among|For) ([A-Z][\w ]+),")
# What goes on about the subject of the sentence before.
_ON = re.compile(r"(It|Its|They|Their|This|These|Such|The (?:latter|former))\b")
_ASIDE = re.compile(r"\b(for example|for instance|e\.g\.|such as)\b", re.IGNORECASE)
# Headings of parts that are no text about the subject.
APPARATUS = frozenset(
    "see also|references|external links|further reading|notes|bibliography|sources|citations|footnotes"
    "|gallery|works cited|explanatory notes".split("|")
)


@dataclass(frozen=True)
class Part:
    """A section: "" is the lead's title. `sentences` follow one another, up to where something is lost;
    `whole`: whether they are all that the section has.
    """

    title: str
    sentences: list[str]
    terms: list[str]
    whole: bool = True

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    def stops_after(self, sentence: str) -> bool:
        """Whether what follows a sentence was not read: it may be what defines the subject."""
        return not self.whole and sentence == self.sentences[-1]


@dataclass(frozen=True)
class Meaning:
    """A term, how it is named within a sentence ("a ferry"), and the sentences that explain it."""

    term: str
    named: str
    says: list[str]
    part: Part
    # What stands after "is"; "" where the sentence is no definition of that form.
    defines: str
    # "word", "words" for several things, "name" or "person".
    kind: str = "word"

    @property
    def worth_asking(self) -> bool:
        """Whether what is said of the term is more than anybody knows, and nothing is lost right after it."""
        return sum(map(len, self.says)) >= WORTH and not self.part.stops_after(self.says[-1])


@dataclass(frozen=True)
class Link:
    """A statement and what the article links to it: `kind` is "why" or "therefore".
    `evidence`: the sentences that say so.
    """

    kind: str
    what: str
    linked: str
    evidence: str
    part: Part


@dataclass
class Notes:
    """All of one article."""

    title: str
    site: str
    cites: dict[str, Any]
    parts: list[Part]
    meanings: list[Meaning] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    # Sentences with one number that is exact.
    numbers: list[tuple[str, str, Part]] = field(default_factory=list)
    text: str = ""
    # Words that are links: (as shown, title of the other article).
    linked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def of_person(self) -> bool:
        """Whether the article is about a person."""
        return any(one.kind == "person" for one in self.meanings)

    @property
    def topic(self) -> str:
        """The subject as people call it within a sentence."""
        return (
            self.meanings[0].named
            if self.meanings and self.meanings[0].part.title == ""
            else f'"{self.title}"'
        )


def notes(article: Article, unread: Unread) -> Notes | None:
    """What can be said from an article; None of one without prose."""
    sections = wiki_sections(article.text, unread, article.title[:200])
    parts = [
        part
        for section in sections[:SECTIONS]
        if section.title.lower() not in APPARATUS and (part := _part(section)).sentences
    ]
    if not parts:
        return None
    found = Notes(article.title, article.site, cited(article), parts, text=article.text)
    for part in parts:
        for at, sentence in enumerate(part.sentences):
            _note(found, part, at, sentence)
    links = [(shown or target, target.strip()) for target, shown in _LINK.findall(article.text)]
    found.linked = list(dict.fromkeys((shown.strip(), target) for shown, target in links))[:LINKS]
    return found


def _part(section: WikiSection) -> Part:
    """The sentences of a section up to where one is lost; none of one that begins with a list or a table."""
    first = [] if section.listed_first else list(takewhile(bool, section.paragraphs))
    said = [s for paragraph in first for s in sentences(paragraph)]
    whole = section.whole and len(first) == len(section.paragraphs)
    while said and said[-1].endswith(":"):  # what it announces was not read
        said.pop()
        whole = False
    return Part(section.title, said, section.terms, whole)


def _note(found: Notes, part: Part, at: int, sentence: str) -> None:
    if not SENTENCE[0] <= len(sentence) <= SENTENCE[1] or not sentence.endswith("."):
        return
    meaning = _meaning(part, at, sentence, found)
    if meaning and meaning.term.lower() not in {known.term.lower() for known in found.meanings}:
        found.meanings.append(meaning)
    if link := _link(part, at, sentence):
        found.links.append(link)
    numbers = NUMBER.findall(sentence)
    exact = len(numbers) == 1 and numbers[0].isdecimal() and not POINTS_BACK.search(sentence)
    exact = exact and len(numbers[0]) <= DIGITS and not _ASIDE.search(sentence)
    exact = exact and len(re.findall(r"\d+", sentence)) == 1
    # A sign is half of the number, and so is what it is one word with (U+0041); and a sentence with a
    # quotation is not quoted again.
    # Nor is the number of the subject's name ("ISO 8601") taken for another one.
    exact = exact and numbers[0] not in found.title
    exact = exact and not re.search(r"[-−–~≈±<>]\s?\d|[^\s(\d]\d|\b0\d|\"", sentence)
    if exact and not ABOUT.search(sentence[: sentence.index(numbers[0])]):
        found.numbers.append((sentence, numbers[0], part))


def _meaning(part: Part, at: int, sentence: str, found: Notes) -> Meaning | None:
    """The meaning of a term that the sentence begins with, and what directly follows it. The whole article
    shows whether the term is written with a capital within a sentence. None for the subject of the article
    outside of the beginning of its lead: what is said of it there is no definition.
    """
    match = _begins(part, sentence)
    if match is None or _MORE.match(match["says"]):
        return None
    if match["term"].lower() == found.title.lower() and (part.title or at > 1):
        return None
    says, text = _following(part, at), found.text
    term, named = match["term"], match["named"]
    small = _is_common(term, text) and not (named == term and _WORK.search(sentence[:WORK]))
    whole = term[:1].isupper() and not small
    if named != term:
        named = lower(named)
    elif small:
        named = term = lower(term)
    elif not term.isupper():  # a name or a word: only quotation marks suit both within a sentence
        named = f'"{term}"'
    defines = (
        match["says"] if match["verb"] == "is" and match["says"].startswith(("a ", "an ", "the ")) else ""
    )
    kind = "words" if match["verb"] == "are" else "name" if whole and not term.isupper() else "word"
    if kind == "name" and not part.title and (_PERSON.search(text) or any(map(_HE.match, says[1:2]))):
        kind, named = "person", term
    return Meaning(term, named, says, part, defines.removesuffix("."), kind)


def _is_common(term: str, text: str) -> bool:
    """Whether a text writes a term with a small letter within its sentences, no less often than large."""
    within = r"(?<=[a-z,] )(?:'''|\[\[)?"
    small = re.findall(rf"{within}{re.escape(lower(term))}\b", text)
    large = re.findall(rf"{within}{re.escape(capital(term))}\b", text)
    return bool(small) and (term[:1].islower() or len(small) >= len(large))


def _begins(part: Part, sentence: str) -> re.Match[str] | None:
    """The term in bold that a sentence begins with, and what it says of it."""
    for term in part.terms:
        match = re.match(
            rf"(?:In [^,]{{3,60}}, )?(?P<named>(?:an? |the )?(?P<term>{re.escape(term)}))"
            r"(?:\s*\([^)]*\))?,?\s+"
            r"(?P<verb>is|are|means|lists|has|keeps track of|keeps|uses|comes)\b (?P<says>.*)",
            sentence,
            re.IGNORECASE,
        )
        if match and 2 < len(term) <= 60:
            return match
    return None


def _following(part: Part, at: int) -> list[str]:
    """A sentence and up to two that follow it, as far as they fit and explain no other term."""
    taken: list[str] = []
    begun = _begins(part, part.sentences[at])
    term = begun["term"].lower() if begun else ""
    for sentence in part.sentences[at : at + 3]:
        fits = sum(map(len, taken)) + len(sentence) <= LONGEST and sentence.endswith(".")
        if not fits or (taken and _begins(part, sentence)):
            break
        # Under a heading the section is about that, and what follows a term need not be about the term.
        if taken and part.title and not _ON.match(sentence) and term not in sentence.lower():
            break
        taken.append(sentence)
    return taken


def _link(part: Part, at: int, sentence: str) -> Link | None:
    if match := BECAUSE.match(sentence):
        stands = _stands(match["what"], match["why"])
        return Link("why", match["what"], match["why"], sentence, part) if stands else None
    before = part.sentences[at - 1] if at else ""
    if not SENTENCE[0] <= len(before) <= SENTENCE[1] or POINTS_BACK.match(before):
        return None
    before = _with_first_mention(part, at - 1, before)
    if match := _EFFECT.match(sentence):
        effect = capital(sentence[match.end() :])
    elif match := _INNER_EFFECT.match(sentence):
        effect = f"{match['what']} {match['verb']} {match['rest']}."
    else:
        return None
    within = _WITHIN.match(before)
    if within and within[1] not in effect:
        return None
    pointing = _ON.match(effect) or re.match(r"(?:He|She|His|Her)\b", effect) or _ASIDE.search(before)
    if pointing or _HERE.search(f"{before} {effect}") or _WE.search(effect):
        return None
    return Link("therefore", before, effect, f"{before} {sentence}", part)


def _stands(what: str, linked: str) -> bool:
    """Whether both parts of a sentence can be distinguished."""
    both = f"{what} {linked}"
    unclear = _CUT.search(what) or POINTS_BACK.search(what) or _ASIDE.search(what) or _WE.search(both)
    # "Because of the rain" is no sentence.
    return not unclear and not _HERE.search(both) and not linked.startswith("of ")


def _with_first_mention(part: Part, at: int, sentence: str) -> str:
    """A sentence after the one that introduces what it calls "the": "the key" says nothing without it."""
    earlier = part.sentences[at - 1] if at else ""
    nouns = re.findall(r"\b[Tt]he (\w{3,})\b", sentence)
    first = any(re.search(rf"\b(?:an?|one|each|every) (?:\w+ )?{noun}\b", earlier) for noun in nouns)
    if first and earlier.endswith(".") and len(earlier) <= SENTENCE[1] and not POINTS_BACK.match(earlier):
        return f"{earlier} {sentence}"
    return sentence
