"""Tasks about sections of documents."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from autodidact.generators.conciseness_drills.full.long_winded_texts import Rambler
from autodidact.generators.conciseness_drills.full.shorten_sentences import (
    bullets,
    common_words,
    covered,
    is_fact,
    plain,
    words,
)
from autodidact.generators.conciseness_drills.full.task_base import Tasks, ask
from autodidact.generators.conciseness_drills.full.texts_with_short_forms import Passage
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.facts_into_words import sentences
from autodidact.records import Example
from autodidact.sources.snapshot import Snapshot

# Words of a section that is summarised, and of a paragraph that is broken up.
SECTION, PARAGRAPH = (55, 260), (30, 110)
# Least words of what is kept of a message.
ALONE = 15
# Words of a heading.
HEADING = (3, 8)

# Headings that every document has.
_GENERAL = frozenset(
    "overview introduction implementation usage installation background notes note example examples summary"
    " details general basics faq features description about misc miscellaneous other more contents readme"
    " conclusion".split()
)
# "CONTRIBUTIONS ONLY" and "Explicitly out of scope" are nothing that people ask about.
_NO_TOPIC = re.compile(r"^[A-Z]+(?: [A-Z]+)+$|^\w+ly\b|[Ss]cope$")
_DEFAULT = re.compile(r"^Default: (?P<value>[^.]{1,60}?)\.?$")


class PassageTasks(Tasks):
    """Examples of sections."""

    def __init__(self, passages: list[Passage], snapshot: Snapshot):
        super().__init__(snapshot)
        self.passages = passages
        self.common = common_words("\n".join(passage.text for passage in passages))

    def kinds(self) -> dict[str, Iterator[Example]]:
        """Kind -> its examples, the sections in an order of its own."""
        makers: dict[str, Callable[[Passage], Iterator[Example]]] = {
            "ramble": self._ramble,
            "bullets": self._bullets,
            "support": self._support,
            "thread": self._thread,
            "twice": self._twice,
            "option": self._option,
            "headline": self._headline,
            "paragraph": self._paragraph,
        }
        return {kind: self._all(kind, make) for kind, make in makers.items()}

    def _all(self, kind: str, make: Callable[[Passage], Iterator[Example]]) -> Iterator[Example]:
        rng = self.rng(kind)
        for passage in sorted(rng.sample(self.passages, len(self.passages)), key=lambda p: not p.fresh):
            yield from make(passage)

    def _facts(self, kind: str, passage: Passage, least: int, most: int) -> list[str]:
        """Some facts of a section that stand near each other, in their order; [] where there are too few."""
        rng, found = self.rng(f"{kind} facts", passage.source["ref"]), passage.facts
        if len(found) < least or not topic(passage):
            return []
        count = rng.randint(least, min(most, len(found)))
        first = rng.randint(0, len(found) - count)
        return [plain(fact) for fact in found[first : first + count]]

    def _ramble(self, passage: Passage) -> Iterator[Example]:
        rng, facts = self.rng("ramble", passage.source["ref"]), self._facts("ramble", passage, 1, 3)
        if facts and words(facts) >= ALONE:
            rambler = Rambler(topic(passage), self.common, rng)
            text = rambler.message(facts)
            asked = ask("ramble", rng, text=text, topic=rambler.topic, who=rambler.who)
            yield self.row(rng, asked, " ".join(facts), passage.source, keeps=True)

    def _bullets(self, passage: Passage) -> Iterator[Example]:
        rng, facts = self.rng("bullets", passage.source["ref"]), self._facts("bullets", passage, 2, 4)
        if facts:
            rambler = Rambler(topic(passage), self.common, rng)
            kind = "minutes" if rng.random() < 0.6 else "bullets"
            text = rambler.minutes(facts) if kind == "minutes" else rambler.message(facts)
            count = ("two", "three", "four")[len(facts) - 2]
            asked = ask(kind, rng, text=text, topic=rambler.topic, count=count)
            yield self.row(rng, asked, bullets(facts), passage.source, keeps=True)

    def _support(self, passage: Passage) -> Iterator[Example]:
        rng, facts = self.rng("support", passage.source["ref"]), self._facts("support", passage, 1, 2)
        if facts and words(facts) >= ALONE:
            rambler = Rambler(topic(passage), self.common, rng)
            asked = ask("support", rng, text=rambler.support(facts), topic=rambler.topic)
            yield self.row(rng, asked, " ".join(facts), passage.source, keeps=True)

    def _thread(self, passage: Passage) -> Iterator[Example]:
        rng, facts = self.rng("thread", passage.source["ref"]), self._facts("thread", passage, 2, 3)
        if facts:
            rambler = Rambler(topic(passage), self.common, rng)
            asked = ask("thread", rng, text=rambler.thread(facts), topic=rambler.topic)
            yield self.row(rng, asked, " ".join(facts), passage.source, keeps=True)

    def _twice(self, passage: Passage) -> Iterator[Example]:
        """First a list of the facts, then the one that is asked for."""
        rng, facts = self.rng("twice", passage.source["ref"]), self._facts("twice", passage, 2, 3)
        names = [re.findall(r"`([^`]+)`", fact) for fact in facts]
        own = [
            (name, fact)
            for fact, of_fact in zip(facts, names, strict=True)
            for name in of_fact
            if sum(re.sub(r"\W.*", "", name) in other for other in facts) == 1
            and name not in passage.title
            and name not in passage.path
        ]
        # A fact without a name may be about that of another one.
        if own and all(names):
            rambler = Rambler(topic(passage), self.common, rng)
            first = ask("ramble", rng, text=rambler.message(facts), topic=rambler.topic, who=rambler.who)
            name, fact = rng.choice(own)
            asked = ask("only", rng, name=name)
            history = [user(first), assistant(" ".join(facts))]
            yield self.row(rng, asked, fact, passage.source, history=history)

    def _option(self, passage: Passage) -> Iterator[Example]:
        """A setting whose section gives its default and then says what it does."""
        found = [match for part in passage.paragraphs if (match := _DEFAULT.match(part))]
        meaning = [s for part in passage.paragraphs if not _DEFAULT.match(part) for s in sentences(part)]
        title = passage.title
        if not re.fullmatch(r"`[\w.]+`", title) or len(found) != 1 or not meaning:
            return
        says = meaning[0]
        if not (5 <= len(says.split()) <= 30 and says.endswith(".")) or re.search(
            r"\b(see|this|you)\b|^(if|when|unless|for|in|with|by default)\b", says, re.I
        ):
            return
        rng = self.rng("option", passage.source["ref"])
        default = found[0]["value"].strip()
        answers = [f"{title}: {says} Default: {default}."]
        if "(" not in default:
            answers.append(f"{title} (default: {default}): {says}")
        if title in says:
            answers = [f"{says} Default: {default}."]
        asked = ask("option", rng, title=title, text=passage.text)
        yield self.row(rng, asked, rng.choice(answers), passage.source)

    def _headline(self, passage: Passage) -> Iterator[Example]:
        title, rng = passage.title, self.rng("headline", passage.source["ref"])
        length = len(title.split())
        if (
            HEADING[0] <= length <= HEADING[1]
            and not re.search(r"[?:.`|…]|\d", title)
            and 25 <= len(passage.text.split()) <= SECTION[1]
            and "..." not in passage.text
            and _tells(title, passage)
        ):
            asked = ask("headline", rng, path=passage.path, text=passage.text, most=length)
            yield self.row(rng, asked, title, passage.source)

    def _paragraph(self, passage: Passage) -> Iterator[Example]:
        """A paragraph of three or four statements, as a list."""
        rng = self.rng("paragraph", passage.source["ref"])
        for paragraph in passage.paragraphs:
            found = sentences(paragraph)
            if (
                3 <= len(found) <= 4
                and PARAGRAPH[0] <= len(paragraph.split()) <= PARAGRAPH[1]
                and all(map(is_fact, found))
                and all(one != other for one, other in pairwise(found))
            ):
                count = ("Three", "Four")[len(found) - 3]
                asked = ask(
                    "paragraph", rng, title=passage.title, path=passage.path, text=paragraph, count=count
                )
                yield self.row(rng, asked, bullets(map(plain, found)), passage.source, keeps=True)


def _tells(title: str, passage: Passage) -> bool:
    """Whether each word of a heading stands in the text below it, the telling ones in its first paragraph."""
    given = set(re.findall(r"\w+", passage.text.lower()))
    return (
        not re.search(r"[+&/]", title)
        and all(word in given or len(word) > 3 for word in re.findall(r"\w+", title.lower()))
        and covered(title, passage.text) == covered(title, passage.paragraphs[0]) == 1
    )


def topic(passage: Passage) -> str:
    """How people would call what a section is about; "" where its heading is no name: nobody has "read up on
    `README.md`".
    """
    title = passage.title.strip()
    if title.startswith("`") and title.endswith("`"):
        return title
    if title.lower().strip("#: ") in _GENERAL or _NO_TOPIC.search(title):
        return ""
    named = 1 <= len(title.split()) <= 6 and not re.search(r"[?:….!]", title) and "`" not in title
    return f'"{title}"' if named else ""
