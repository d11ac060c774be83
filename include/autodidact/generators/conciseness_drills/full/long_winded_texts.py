"""Long-winded texts around facts: messages, mails, memos, minutes, chats, replies of a support desk."""

import random
from collections.abc import Collection, Sequence

from autodidact.generators.conciseness_drills.full.shorten_sentences import inside, words
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.shipped_tables import read_table

TABLE = read_table(__file__)

# Least share of a long-winded text that is filler.
FILLER = 0.5


class Rambler:
    """Draws filler of several kinds, none twice in one text."""

    def __init__(self, topic: str, common: Collection[str], rng: random.Random):
        """`common`: words that are no names."""
        self.topic, self.common, self.rng = topic, common, rng
        self.who, *self.others = rng.sample(TABLE["names"], 4)

    def message(self, facts: Sequence[str]) -> str:
        """A message to colleagues, in one of several voices."""
        rng, voice = self.rng, self.rng.choice(sorted(TABLE["voices"]))
        frame = TABLE["voices"][voice]
        begin, end = self._filled(rng.choice(frame["begin"])), self._filled(rng.choice(frame["end"]))
        wraps = rng.sample(TABLE["wraps"], len(facts))
        asides = rng.sample(TABLE["asides"], len(facts) + 2)
        parts: list[str] = []
        for place, (fact, wrap) in enumerate(zip(facts, wraps, strict=True)):
            if place and rng.random() < 0.6:
                parts.append(asides.pop())
            parts.append(wrap.format(f=self._inside(fact), F=fact))
        if rng.random() < 0.4:
            parts.append(rng.choice(TABLE["again"]).format(f=self._inside(rng.choice(facts))))
        while words([begin, *parts, end]) * FILLER < words(facts) and asides:
            parts.insert(rng.randrange(len(parts) + 1), asides.pop())
        body = " ".join(map(capital, parts))
        return f"{begin}\n\n{body}\n\n{end}" if voice == "mail" else f"{begin} {body} {end}"

    def support(self, facts: Sequence[str]) -> str:
        """A reply of a support desk."""
        rng, frame = self.rng, TABLE["support"]
        wraps, asides = rng.sample(TABLE["wraps"], len(facts)), rng.sample(frame["soothing"], len(facts))
        parts = [wrap.format(f=self._inside(fact), F=fact) for fact, wrap in zip(facts, wraps, strict=True)]
        mixed = [part for pair in zip(asides, parts, strict=True) for part in pair]
        begin, end = rng.choice(frame["begin"]), rng.choice(frame["end"])
        return f"{self._filled(begin)} {' '.join(map(capital, mixed))}\n\n{self._filled(end)}"

    def minutes(self, facts: Sequence[str]) -> str:
        """Minutes of a meeting in which the facts were mentioned."""
        rng = self.rng
        begin, end = rng.choice(TABLE["notes_begin"]), rng.choice(TABLE["notes_end"])
        speakers = [self.who, *self.others][: len(facts)]
        lines = [
            note.format(f=self._inside(fact), who=who)
            for note, fact, who in zip(rng.sample(TABLE["notes"], len(facts)), facts, speakers, strict=True)
        ]
        return f"{self._filled(begin)}\n\n{' '.join(lines)}\n\n{end}"

    def thread(self, facts: Sequence[str]) -> str:
        """A chat of several people in which the facts are mentioned."""
        rng, people = self.rng, [self.who, *self.others]
        said = rng.sample(TABLE["threads"], len(facts))
        lines = [turn.format(f=self._inside(fact), F=fact) for turn, fact in zip(said, facts, strict=True)]
        for idle in rng.sample(TABLE["threads_idle"], len(facts)):
            lines.insert(rng.randrange(len(lines) + 1), idle)
        return "\n".join(f"{people[at % 3]}: {line}" for at, line in enumerate(lines))

    def _inside(self, fact: str) -> str:
        return inside(fact, self.common)

    def _filled(self, text: str) -> str:
        people = listing([self.who, *self.others])
        return text.replace("{topic}", self.topic).replace("{who}", self.who).replace("{people}", people)
