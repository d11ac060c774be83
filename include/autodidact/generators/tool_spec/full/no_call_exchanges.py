"""Exchanges in which nothing is called: a question back, no tool that fits."""

import re
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.full.argument_with_its_schema import Leaf, plain, plural
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.request_wordings import requested
from autodidact.generators.tool_spec.full.sentence_templates import say, words_of
from autodidact.generators.tool_spec.full.value_phrases import (
    ALONE,
    MONEY,
    UNITS,
    bare_day,
    form_of,
    instant_said,
    names_of,
    spaced,
    titled,
)
from autodidact.generators.tool_spec.full.value_surely_fits import MONTH
from autodidact.generators.tool_spec.known_tool import KnownTool, stems
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.tool_spec.verb_forms import PREPOSITIONS
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.generators.writing.read_word_table import read_table
from autodidact.records import Example
from autodidact.sources.json_of_expected_type import dict_of

_TABLE = read_table(__file__)
_ELSEWHERE, _TEXTS = _TABLE["elsewhere"], frozenset(_TABLE["texts"])
_MAKING = frozenset(("create", "add", "make"))
# Characters of what is quoted from a schema of one argument.
MOST_HINT = 90
# A choice of so few characters is a code, and is written as it stands.
MOST_CODE = 3
_UNDOING = frozenset(_TABLE["undoing"])


def destructive(known: KnownTool) -> bool:
    """Whether a tool says that it destroys, or its name or its task begins with a verb that does."""
    hint = known.tool.hints.get("destructiveHint")
    if hint is not None and (hint or known.tool.hints.get("readOnlyHint")):
        return hint
    words = human(known.name).split()
    return bool(_UNDOING & {words[0] if words else "", known.phrase.task.split(" ", 1)[0], *words[1:2]})


# Arguments that are called by the question itself.
_SEARCHES = frozenset(("q", "query", "search", "keyword", "keywords", "term"))
_QUESTION_WORDS = {
    "why": "What is the reason?",
    "reason": "What is the reason?",
    "cause": "What is the cause?",
    "who": "Who is it?",
    "whom": "Whom is it for?",
    "when": "When is it for?",
    "where": "Where is it?",
    "what": "What is it about?",
    "how": "How shall it be done?",
}


@dataclass
class Missing:
    """A required argument that the request does not name."""

    known: KnownTool
    leaf: Leaf
    today: Any
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def noun(self) -> str:
        folder = re.search("director|folder", self.known.name) and "file" in names_of(self.leaf.key)
        return "directory" if folder else names_of(self.leaf.key)[0]

    def question(self, rng: Random) -> str:
        """The question for it, on its own."""
        key, value = self.leaf.key, self.leaf.value
        form = form_of(self.leaf)
        if self.leaf.is_time:
            return "At what time?"
        if self.leaf.is_instant:
            starts = re.search(r"start|begin|from", key)
            ends = re.search(r"until|end|expir|^to$|_to$", key)
            return "When should it start?" if starts else "Until when?" if ends else "When is it for?"
        if self.leaf.is_day:
            return say("missing", {"from {}": "start_day", "to {}": "end_day"}.get(form or "", "day"), rng)
        if key.lower() in _QUESTION_WORDS:
            return _QUESTION_WORDS[key.lower()]
        words = self.known.phrase.task.split()
        if words[:1] and words[0] in _MAKING and self.noun in words[:4] and isinstance(value, str):
            return say("missing", "new", rng, noun=self.noun)
        if key in ("origin", "destination"):
            return say("missing", key, rng)
        if isinstance(value, list):
            if bool(value) and isinstance(value[0], dict):
                return f"How many {listing(map(plural, _kinds_of(self.leaf.part)), 'or')}?"
            return f"Which {human(key)}?"
        if isinstance(value, (int, float)) and not re.search(r"(?:number|id|no)$", key, re.IGNORECASE):
            if {"amount", *MONEY} & set(self.leaf.words):
                return "How much is it?"
            many = self.leaf.words[0].endswith("s") or key.lower() in UNITS
            return f"How many {self.leaf.words[0]}?" if many else f"What should the {human(key)} be?"
        if names_of(key)[-1] in _SEARCHES:
            return say("missing", "search", rng)
        return say(
            "missing",
            "text" if names_of(key)[-1] in _TEXTS else "thing",
            rng,
            word=human(key),
            noun=self.noun,
        )

    def why(self, rng: Random) -> str:
        """Why it is needed."""
        return say("missing", "why", rng, tool=f"`{self.known.name}`", key=self.leaf.key)

    def hint(self) -> str:
        """What may be given: the choices, or what the schema says of it."""
        # What is given for another argument with the same choices is no choice here: no boat goes from a pier
        # to the same pier.
        taken = [
            value
            for key, value in self.given.items()
            if values_of(plain(self.known.properties.get(key))) == values_of(self.leaf.part)
        ]
        values = [value for value in values_of(self.leaf.part) if value not in taken]
        if self.leaf.is_day or self.leaf.is_time or self.leaf.is_instant:
            return ""
        if 1 < len(values) <= 8:
            return f"It can be {listing((f'`{value}`' for value in values), 'or')}."
        about = " ".join(str(self.leaf.part.get("description") or "").split()).rstrip(".")
        quotable = 8 <= len(about) <= MOST_HINT and '"' not in about
        return f'The tool describes it as "{about}".' if quotable else ""

    def answer(self, rng: Random) -> str:
        """What somebody answers who is asked for it; "" where that takes more than a few words."""
        value = self.leaf.value
        if self.leaf.is_day:
            return say("missing", "given_day", rng, value=bare_day(value, self.today))
        if self.leaf.is_instant:
            return f"{capital(instant_said(value, None, self.today))}."
        if isinstance(value, str) and MONTH.fullmatch(value):
            return f"For {date.fromisoformat(f'{value}-01'):%B %Y}."
        if isinstance(value, (list, dict, bool)):
            return ""
        if isinstance(value, str) and " " in value and not values_of(self.leaf.part):
            return words_of("missing", "given_text", rng, value=value)
        fixed = bool(values_of(self.leaf.part))
        place = fixed and names_of(self.leaf.key)[-1] in ALONE
        said = titled(value) if place else spaced(value) if fixed else str(value)
        is_word = fixed and len(said) > MOST_CODE
        return words_of("missing", "given", rng, value=capital(said) if is_word else said)


def _kinds_of(part: dict) -> list[str]:
    """The kinds that the objects of a list may be of, as one says them; [] where no field lists them."""
    fields = dict_of(plain(part.get("items")).get("properties"))
    found = [values_of(plain(one)) for one in fields.values()]
    return next(([spaced(one) for one in values] for values in found if 1 < len(values) <= 6), [])


def asked_back(scene: Scene) -> tuple[str, str, Missing, dict[str, Any]] | None:
    """(a request that lacks a required argument, the question back, what is missing, the whole arguments)."""
    given = scene.draw()
    if given is None:
        return None
    wanted = [key for key in scene.known.required if key in given and key not in ("owner", "repo", "org")]
    wanted = [key for key in wanted if "default" not in plain(scene.known.properties.get(key))]
    if not wanted:
        return None
    key = scene.rng.choice(wanted)
    rest = {name: value for name, value in given.items() if name != key}
    if scene.known.accepts(rest) or isinstance(given[key], (dict, bool)):
        return None
    items = given[key] if isinstance(given[key], list) else []
    if any(isinstance(one, dict) for one in items) and not _kinds_of(plain(scene.known.properties.get(key))):
        return None  # "for which lines?"
    if not _has_a_name(scene.known, key, given[key]):
        return None
    asks = scene.wish(given=rest, without=key)
    if asks is None or re.match(r"\w+ (?:details|information|metadata|content)(?:$| (?:from|in) )", asks.do):
        return None
    # Who speaks of "the vehicle", or of nothing else, has one in mind and says which.
    if not rest or any(re.search(rf"\b{re.escape(noun)}\b", asks.whole) for noun in names_of(key)):
        return None
    scene.offer(scene.known)
    message = requested(asks, scene.rng)
    if "\n" in message or len(asks.whole.split()) < 2 or asks.whole.endswith((" on", " off")):
        return None
    missing = Missing(
        scene.known, Leaf((key,), plain(scene.known.properties.get(key)), given[key]), scene.today, rest
    )
    question, why, hint = missing.question(scene.rng), missing.why(scene.rng), missing.hint()
    order = scene.rng.choice(
        ([question, hint, why], [question, why, hint], [why, question, hint], [why, hint, question])
    )
    return message, " ".join(part for part in order if part), missing, given


def _has_a_name(known: KnownTool, key: str, value: Any) -> bool:
    """Whether one can ask for an argument: nobody asks "which closed from?"."""
    leaf = Leaf((key,), plain(known.properties.get(key)), value)
    if key in PREPOSITIONS and isinstance(value, list):
        return False  # "Which to?"
    asked = leaf.is_day or leaf.is_time or leaf.is_instant or key in ("origin", "destination")
    return asked or isinstance(value, (int, float)) or len(names_of(key)[0].split()) == 1


def question_back(scene: Scene) -> Example | None:
    """A required argument is missing: one question, and why it is needed."""
    found = asked_back(scene)
    return scene.row([], found[0], found[1]) if found else None


def no_tool(scene: Scene) -> Example | None:
    """No tool fits: that is said, what it would take, and what the tools at hand are."""
    one = scene.rng.choice(_ELSEWHERE)
    wanted = stems(one["ask"])
    offered = scene.offer(among=[tool for tool in scene.usable if not tool.stems & wanted])
    names = listing(f"`{tool.name}`" for tool in offered)
    far = say("none", "far", scene.rng, needs=one["needs"], names=names)
    return scene.row([], one["ask"], far) if offered else None


def quoted(known: KnownTool) -> str:
    """The description of a tool as it stands, in quotation marks; "" for one that says nothing."""
    return in_quotes(" ".join(known.purpose.split()))


def in_quotes(text: str) -> str:
    """A text in quotation marks, curly ones where it has straight ones itself; "" for none."""
    if not text:
        return ""
    return f"“{text}”" if '"' in text else f'"{text}"'


def stopped(text: str) -> str:
    """A quotation that ends a sentence."""
    return text if not text or text[-2:-1] in ".!?。" else f"{text}."
