"""The circumstances of an exchange: the tools in context, the system prompt, which day it is."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from autodidact.generators.tool_spec.drill_exchanges import CATEGORY, NAME, offer
from autodidact.generators.tool_spec.full.description_conditions import speaks_of_cases
from autodidact.generators.tool_spec.full.likely_arguments import drawn
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.records import Example, example
from autodidact.shipped_tables import read_table

# Of the exchanges, those with a system prompt, and of these those that name the day.
PROMPTED, DATED = 0.65, 0.6
# Days before the end of the window in which an exchange that names its day may be; another one is at its end.
BEFORE = 200
# Characters of a description that is quoted.
MOST_QUOTED = 700

_SYSTEMS = read_table(__file__)["systems"]


@dataclass
class Scene:
    """One exchange about a tool. `usable`: the tools that may stand next to it."""

    known: KnownTool
    usable: list[KnownTool]
    budget: int
    rng: Random
    day: date
    system: str | None
    # The day, where the system prompt names it.
    today: date | None
    # Whether the system prompt wants short answers.
    brief: bool = False
    offered: list[KnownTool] = field(default_factory=list)
    name: str = "this system"

    @classmethod
    def begin(
        cls, known: KnownTool, usable: list[KnownTool], budget: int, rng: Random, name: str, until: date
    ) -> "Scene":
        scene = cls(known, usable, budget, rng, until, None, None, name=name)
        if rng.random() > PROMPTED:
            return scene
        if rng.random() > DATED:
            return replace(scene, system=rng.choice(_SYSTEMS["plain"]).format(name))
        day = until - timedelta(days=rng.randint(0, BEFORE))
        shown = rng.choice((f"{day:%A}, {day.day} {day:%B %Y}", f"{day.isoformat()} ({day:%A})"))
        form = rng.choice([*_SYSTEMS["dated"], *_SYSTEMS["brief"]])
        brief = form in _SYSTEMS["brief"]
        return replace(scene, system=form.format(name, shown), day=day, today=day, brief=brief)

    def at_length(self) -> "Scene":
        """The same without a system prompt that wants short answers."""
        return replace(self, system=None, today=None, brief=False) if self.brief else self

    def offer(self, *others: KnownTool, among: list[KnownTool] | None = None) -> list[KnownTool]:
        """These tools and some more, from now on those in context. `among`: which ones may be added."""
        self.offered = offer([*others], self.usable if among is None else among, self.budget, self.rng)
        return self.offered

    def draw(self, known: KnownTool | None = None) -> dict[str, Any] | None:
        """Arguments for the tool; None where there are none, and where its descriptions set a condition in
        words: nobody knows whether made-up ones meet it.
        """
        known = known or self.known
        if speaks_of_cases(known):
            return None
        return drawn(known, self.rng, self.day)

    def _shown(self, one: KnownTool) -> dict[str, Any]:
        """A tool as it is shown: the one that the exchange is about with the whole description, as quoted."""
        about = described(one)
        longer = len(about) - len(one.purpose)
        if one is not self.known or len(about) > MOST_QUOTED or one.size + longer > self.budget:
            return one.shown
        function: dict[str, Any] = {**one.shown["function"], "description": about}
        return {**one.shown, "function": function}

    def row(
        self, history: list[dict], message: str, answer: str | dict[str, Any], short: bool = False
    ) -> Example:
        """The example, with the tools in context that were offered."""
        also: dict[str, Any] = {"short": True} if short else {}
        history, message = [_clean(turn) for turn in history], _FULL_STOP.sub(r"\1", message)
        answer = _FULL_STOP.sub(r"\1", answer) if isinstance(answer, str) else answer
        shown = [self._shown(one) for one in self.offered]
        return example(
            NAME,
            CATEGORY,
            message,
            answer,
            self.known.source,
            system=self.system,
            history=history,
            tools=shown,
            **also,
        )


def described(known: KnownTool) -> str:
    """The description of a tool in one line."""
    return " ".join(known.tool.description.split())


# A sentence that ends with a quoted sentence needs no second full stop.
_FULL_STOP = re.compile(r'([.!?]")\.(?=\s|$)')


def _clean(turn: dict[str, Any]) -> dict[str, Any]:
    return turn | {"content": _FULL_STOP.sub(r"\1", turn["content"])} if turn["role"] != "tool" else turn
