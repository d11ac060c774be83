"""Emotional state and situation to an answer in the right tone, in which the facts stay the same.

Source: a table of states (how they sound, the tone that fits, words to open and close with, what to avoid) and of contexts (what is
asked, the facts of the answer, the states in which nobody asks it). Every other state meets every context.

    {"generator": "affect_examples", "category": "affect_reasoning",
     "messages": [{"role": "user", "content": "I am really worried about this. Where did my seats go?"},
                  {"role": "assistant", "content": "Here is what is known. The hold H-103-2 ended after 20 minutes. W103 still has
                   room. Take it one thing after the other."}],
     "source": {"kind": "table", "ref": "samples/affect.yaml#anxious", "context": "lost-hold"}}
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from autodidact.generators.wording import Fact, capital, choose, listing, told
from autodidact.records import Example
from autodidact.snapshot import Snapshot
from autodidact.sources.tables import Row, named_file, rows
from autodidact.stage import Troubles

NAME = "affect_examples"
CATEGORY = "affect_reasoning"
OPTIONS = 4  # tones or states to choose among


@dataclass(frozen=True)
class State:
    id: str
    says: tuple[str, ...]
    tone: str
    open: tuple[str, ...]  # one of these, or nothing
    close: tuple[str, ...]
    avoid: tuple[str, ...]
    ref: str


@dataclass(frozen=True)
class Context:
    id: str
    asks: str
    facts: tuple[str, ...]
    never: tuple[str, ...]  # states that nobody is in who asks this


def generate(snapshot: Snapshot) -> Iterator[Example]:
    """Answers in tone, and what tone fits. Skipped without a table of states."""
    path = named_file(snapshot.settings.sources.affect, "sources.affect")
    states = [s for row in rows(path, snapshot.troubles, "states") if (s := _state(row, snapshot.troubles))]
    contexts = [c for row in rows(path, snapshot.troubles, "contexts") if (c := _context(row, snapshot.troubles))]
    rng = snapshot.rng(NAME, "options")
    groups: dict[str, list[Fact]] = {kind: [] for kind in ("answers", "plain", "rewrites", "tones", "states", "avoid")}
    for context in contexts:
        source = {"kind": "table", "ref": states[0].ref if states else "", "context": context.id}
        if states:
            groups["plain"].append(Fact(context.asks, " ".join(context.facts), source | {"ref": states[0].ref.partition("#")[0]}))
        for state in states:
            if state.id in context.never:
                continue
            source = {"kind": "table", "ref": state.ref, "context": context.id}
            for said in state.says:
                groups["answers"].append(Fact(f"{said} {context.asks}", toned(state, context, rng), source))
            ask = f"The reader is {state.id}. Say this to them in the tone that fits ({state.tone}), all facts kept: {' '.join(context.facts)}"
            groups["rewrites"].append(Fact(ask, toned(state, context, rng), source))
            groups["states"] += _choices(state, states, context, source, rng)
    for state in states:
        source = {"kind": "table", "ref": state.ref}
        for said in state.says:
            groups["tones"].append(Fact(f'Somebody writes: "{said}" Which tone fits the answer?', f"{capital(state.tone)}.", source, short=True))
        if state.avoid:
            ask = f"What do I leave out when I answer somebody who is {state.id}?"
            groups["avoid"].append(Fact(ask, f"{capital(listing(state.avoid))}.", source, short=True))
            answer = f"In this tone: {state.tone}. Without {listing(state.avoid, 'or')}."
            groups["avoid"].append(Fact(f"How do I answer somebody who is {state.id}?", answer, source))
    yield from told(NAME, CATEGORY, choose(groups, snapshot.limit, snapshot.rng(NAME)))


def toned(state: State, context: Context, rng: random.Random) -> str:
    """The facts of the context between words that fit the state. The facts are the same sentences in every tone."""
    opened, closed = (rng.choice(words) if words else "" for words in (state.open, state.close))
    return " ".join(part for part in (opened, *context.facts, closed) if part)


def _choices(state: State, states: list[State], context: Context, source: dict, rng: random.Random) -> Iterator[Fact]:
    """Which of some tones, or feelings, a message calls for. Tones that two states share are offered once."""
    said = rng.choice(state.says)
    others = [other for other in states if other.id != state.id and other.tone != state.tone]
    if not others:
        return
    some = rng.sample(others, min(OPTIONS - 1, len(others)))
    offered = rng.sample([state, *some], len(some) + 1)
    tones = list(dict.fromkeys(other.tone for other in offered))
    yield Fact(f'"{said} {context.asks}"\nTone of the answer: {"; ".join(tones)}?', state.tone, source, short=True)
    yield Fact(f'"{said} {context.asks}"\nHow does the writer feel: {listing((o.id for o in offered), "or")}?', state.id, source, short=True)


def _texts(value) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value] if value else []
    return tuple(text for text in (" ".join(str(item).split()) for item in values if isinstance(item, (str, int, float))) if text)


def _state(row: Row, troubles: Troubles) -> State | None:
    name, tone, says = str(row.data.get("id") or ""), str(row.data.get("tone") or "").strip(), _texts(row.data.get("says"))
    if not name or not tone or not says:
        troubles.add("state without id, tone or what it says", row.ref)
        return None
    return State(name, says, tone, _texts(row.data.get("open")), _texts(row.data.get("close")), _texts(row.data.get("avoid")), row.ref)


def _context(row: Row, troubles: Troubles) -> Context | None:
    name, asks, facts = str(row.data.get("id") or ""), " ".join(str(row.data.get("asks") or "").split()), _texts(row.data.get("facts"))
    if not name or not asks or not facts:
        troubles.add("context without id, question or facts", row.ref)
        return None
    return Context(name, asks, facts, _texts(row.data.get("never")))
