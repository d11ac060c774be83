"""What a lesson is, and the maker that draws its words, names, paths and values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import yaml

UNKNOWN = "I do not know."
PHRASES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))


@dataclass
class Lesson:
    """A context (system text, tools) and turns of (question, answer). An answer is what the model must write,
    to the letter.
    """

    turns: list[tuple[str, str]]
    system: str | None = None
    tools: list[dict] = field(default_factory=list)


class Maker:
    """Draws words, names, paths and values. `ease` from 0 to 1 lengthens lists: short ones teach copying
    sooner.

    `plain`: the words that are one token, for lessons that a model must learn before it can learn others.
    """

    def __init__(
        self,
        random: Random,
        words: Sequence[str],
        docs: Sequence = (),
        ease: float = 1.0,
        plain: Sequence[str] = (),
    ):
        self.random, self.words, self.docs, self.ease = random, words, docs, ease
        self.plain = plain if len(plain) > 30 else words

    def chance(self, p: float) -> bool:
        return self.random.random() < p

    def one(self, options):
        return self.random.choice(options)

    def count(self, low: int, high: int) -> int:
        """A number from low to high; early in training seldom the high ones."""
        return self.random.randint(low, max(low, round(low + (high - low) * self.ease)))

    def word(self) -> str:
        return self.one(self.words)

    def some(self, n: int) -> list[str]:
        return self.random.sample(self.words, n)

    def simple(self, n: int) -> list[str]:
        """n different words, all of one token half of the time."""
        return self.random.sample(self.plain if self.chance(0.5) and len(self.plain) >= n else self.words, n)

    def snake(self) -> str:
        return "_".join(self.some(self.one([1, 2, 2, 3])))

    def camel(self) -> str:
        return "".join(w.capitalize() for w in self.some(self.one([1, 2, 2, 3])))

    def name(self) -> str:
        """An identifier: snake_case, CamelCase, a plain word, kebab-case or a method."""
        kind = self.random.random()
        if kind < 0.4:
            return self.snake()
        if kind < 0.7:
            return self.camel()
        if kind < 0.85:
            return self.word()
        return "-".join(self.some(2)) if kind < 0.93 else f"{self.camel()}.{self.snake()}"

    def names(self, n: int) -> list[str]:
        """n different names, usually of one style as in real code."""
        style = self.one([self.snake, self.camel, self.word, self.name, lambda: self.word().capitalize()])
        found: list[str] = []
        while len(found) < n:
            if (new := style()) not in found:
                found.append(new)
        return found

    def path(self) -> str:
        folders = self.some(self.one([0, 1, 1, 2]))
        root = self.one(["src", "lib", "app", "include", "", "", ""])
        stem = self.one([self.word, self.word, self.snake, lambda: "_" + self.word()])()
        return "/".join(
            [p for p in (root, *folders) if p]
            + [stem + self.one([".py"] * 8 + [".ts", ".go", ".md", ".toml", ".yaml"])]
        )

    def number(self) -> str:
        return str(self.random.randint(0, self.one([9, 99, 99, 999, 9999])))

    def value(self) -> str:
        """What a setting, column or field may hold."""
        kind = self.random.randint(0, 9)
        if kind < 3:
            return self.number()
        if kind < 7:
            return self.name()
        return [
            self.path,
            lambda: self.one(["true", "false"]),
            lambda: f"{self.random.randint(0, 9)}.{self.random.randint(0, 99)}",
        ][kind - 7]()

    def sentence(self) -> str:
        """A harmless statement: something to look past."""
        a, b, c = self.some(3)
        return self.one(
            ["The {} {} the {}.", "Each {} needs a {} {}.", "We {} the {} {} later.", "A {} is not a {} {}."]
        ).format(a, b, c)

    def please(self, question: str) -> str:
        """Now and then another way to begin or end the same question."""
        if self.chance(0.2):
            question = self.one(["Please tell me: ", "Question: ", "Quick one: ", "Now: ", "Hi! "]) + question
        return question + (
            self.one([" Answer briefly.", " Be short.", " Thanks.", " Answer with the value only."])
            if self.chance(0.1)
            else ""
        )


def about(m: Maker, text: str, turns: list[tuple[str, str]]) -> Lesson:
    """The text in the system message, or before or after the first question."""
    turns = turns or [(f"Repeat the first word of: {text.split()[0]}", text.split()[0])]
    (q, a), rest = turns[0], turns[1:]
    place = m.random.random()
    if place < 0.3:
        return Lesson(turns, text)
    if place < 0.8:
        head = m.one(["", "", "Text: ", "Context: ", "Given: ", "Here is what is known:\n"])
        first = head + text + m.one(["\n", "\n\n", " "]) + q
        return Lesson(
            [(first, a), *rest],
            m.one([None, None, "Answer with the value only.", "Answer from the text.", "Be brief."]),
        )
    return Lesson([(q + m.one(["\n", "\n\n"]) + text, a), *rest])
