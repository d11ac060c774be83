"""Open-book questions about tone: states, tones, words and facts are shown, the answer is a word, a letter or
the reply itself.
"""

import random
import re
from collections.abc import Iterator
from typing import Any

from autodidact.generators.writing import open_book
from autodidact.generators.writing.facts_into_words import Fact
from autodidact.generators.writing.prompt_layouts import LETTER, ending, put
from autodidact.generators.writing.relation_phrases import read_phrases
from autodidact.shipped_tables import read_table
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.unread import Unread

_TABLE = read_table(__file__)
_NOUNS, _PHRASES = _TABLE["nouns"], read_phrases(_TABLE["relations"])
_KEPT, _LOST, _WRITE, _FITS = (_TABLE["reply"][kind] for kind in ("kept", "lost", "write", "fits"))


def questions(
    states: list[Any], contexts: list[Any], source: dict, limit: int, unread: Unread, rng: random.Random
) -> Iterator[Fact]:
    """At most `limit`: half about a table of facts, half about replies, which keep the facts of a situation
    in each tone.
    """
    facts = {
        "answered": [(s.id, s.tone) for s in states],
        "sounds": [(s.id, f'"{text}"') for s in states for text in s.says],
        "avoids": [(s.id, word) for s in states for word in s.avoid],
    }
    relations = [
        open_book.Relation(
            _PHRASES[relation],
            [Triple(state, relation, value) for state, value in pairs],
            lambda triples: source,
            _NOUNS[relation],
            complete=unread.whole("states", "avoid"),
        )
        for relation, pairs in facts.items()
        if pairs
    ]
    yield from open_book.mixed(
        open_book.questions(relations, limit, rng), _replies(states, contexts, source, limit, rng), 0.5
    )


def _replies(
    states: list[Any], contexts: list[Any], source: dict, limit: int, rng: random.Random
) -> Iterator[Fact]:
    opened = [state for state in states if state.open]
    facts = [(context, fact) for context in contexts for fact in context.facts if len(fact) <= 90]
    prompts: set[str] = set()
    for _ in range(2 * limit if len(opened) > 2 and facts else 0):
        context, fact = rng.choice(facts)
        some = [state for state in rng.sample(opened, 3) if state.id not in context.never]
        if len(some) < 3 or len({state.tone for state in some}) < 3:
            continue
        words, kind = (
            {state.id: rng.choice(state.open) for state in some},
            rng.choice(("write", "fact", "fits")),
        )
        made = globals()[f"_{kind}"](some, words, fact, rng)
        if made and made[0] not in prompts:
            prompts.add(made[0])
            what = [kind, *made[2]]
            yield Fact(
                made[0],
                made[1],
                source | {"open_book": what, "triples": [], "context": context.id, "fact": fact},
                short=True,
            )


def _write(some: list[Any], words: dict[str, str], fact: str, rng: random.Random) -> tuple[str, str, list]:
    """An opening for each of two or three states, the fact, and who reads it."""
    shown, state = some[: rng.randint(2, 3)], some[0]
    lines = "\n".join(f"- {one.id}: {words[one.id]}" for one in rng.sample(shown, len(shown)))
    ask = f"The reader is {state.id}. {rng.choice(_WRITE)}"
    return put(f"{lines}\nFact: {fact}", ask, rng), f"{words[state.id]} {fact}", [state.id]


def _lettered(replies: list[str], rng: random.Random) -> tuple[str, str]:
    """The replies in some order behind letters, and the letter of the first of them."""
    order = rng.sample(range(len(replies)), len(replies))
    return (
        "\n".join(f"{letter}: {replies[n]}" for letter, n in zip("ABC", order, strict=True)),
        "ABC"[order.index(0)],
    )


def _fact(
    some: list[Any], words: dict[str, str], fact: str, rng: random.Random
) -> tuple[str, str, list] | None:
    """Replies in three tones: one alone has another number than the fact, or one alone has its."""
    number = re.search(r"(?<!\d)\d{1,15}(?!\d)", fact)
    if number is None:
        return None
    changed = [
        f"{fact[: number.start()]}{int(number[0]) + rng.randint(1, 9) + 10 * n}{fact[number.end() :]}"
        for n in range(2)
    ]
    kept = rng.random() < 0.5
    stated = [fact, *changed] if kept else [changed[0], fact, fact]
    lines, letter = _lettered(
        [f"{words[state.id]} {text}" for state, text in zip(some, stated, strict=True)], rng
    )
    return (
        put(f"Fact: {fact}\n{lines}", f"{rng.choice(_KEPT if kept else _LOST)} {ending(LETTER, rng)}", rng),
        letter,
        ["kept" if kept else "lost"],
    )


def _fits(some: list[Any], words: dict[str, str], fact: str, rng: random.Random) -> tuple[str, str, list]:
    """The tones, and a reply in each of them, in the words that the table has for it."""
    lines, letter = _lettered([f"{words[state.id]} {fact}" for state in some], rng)
    tones = "\n".join(f"- {state.id}: {words[state.id]}" for state in rng.sample(some, 3))
    ask = rng.choice(_FITS).format(state=some[0].id)
    return put(f"Openings:\n{tones}\n{lines}", f"{ask} {ending(LETTER, rng)}", rng), letter, [some[0].id]
