"""Open-book questions about tone: states, tones, words and facts are shown, the answer is a word, a letter or
the reply itself.
"""

import random
import re
from collections.abc import Iterator
from typing import Any

from autodidact.generators.writing import in_context
from autodidact.generators.writing.in_context import LETTER, ending, put
from autodidact.generators.writing.relation_phrases import Phrase
from autodidact.generators.writing.wording import Fact
from autodidact.sources.graphs.graph import Triple

_WORDS = {
    "answered": Phrase(
        "is answered in a tone that is",
        "are answered in a tone that is",
        "tones",
        "states",
        (
            "How do we sound to somebody {0}?",
            "The reader is {0}. Which tone?",
            "Which tone is for {0}?",
            "In which tone is {0} answered?",
        ),
        ("Who is answered in a tone that is {0}?", "For which state is the tone {0}?"),
        "Is the tone for {0} the one that is {1}?",
    ),
    "sounds": Phrase(
        "sounds like",
        "sound like",
        "messages",
        "states",
        ("What does somebody {0} write?", "How does {0} sound?"),
        (
            "Somebody writes: {0} What are they?",
            "How does the writer of this feel: {0}",
            "Which state is this: {0}",
        ),
        "Does {0} sound like {1}?",
    ),
    "avoids": Phrase(
        "goes without",
        "go without",
        "things",
        "states",
        ("What is left out for {0}?", "What has no place in a reply to {0}?"),
        ("Who gets an answer without {0}?", "With which state is {0} out of place?"),
        "Is it so that {0} goes without {1}?",
    ),
}
_NOUNS = {"answered": "tone", "sounds": "sentence", "avoids": "word"}
_KEPT = ("Which reply says what is so?", "Which one keeps the fact?", "One reply has the fact right. Which?")
_LOST = (
    "Which reply gets the fact wrong?",
    "One of them changed something. Which?",
    "Which one must not be sent?",
)
_WRITE = (
    "Write the reply: this opening, then the fact.",
    "Answer with these words and the fact.",
    "Make the reply of both, the opening first.",
    "Put the fact behind the opening. Nothing else.",
)
_FITS = (
    "Which reply is for somebody {state}?",
    "The reader is {state}. Which one is sent?",
    "Choose the one for a reader who is {state}.",
)


def questions(
    states: list[Any], contexts: list[Any], source: dict, limit: int, rng: random.Random
) -> Iterator[Fact]:
    """At most `limit`: half about a table of facts, half about replies, which keep the facts of a situation
    in each tone.
    """
    facts = {
        "answered": [(s.id, s.tone) for s in states],
        "sounds": [(s.id, f'"{said}"') for s in states for said in s.says],
        "avoids": [(s.id, word) for s in states for word in s.avoid],
    }
    sheets = [
        in_context.Relation(
            _WORDS[relation],
            [Triple(name, relation, value) for name, value in pairs],
            lambda triples: source,
            _NOUNS[relation],
        )
        for relation, pairs in facts.items()
        if pairs
    ]
    yield from in_context.mixed(
        in_context.questions(sheets, limit, rng), _replies(states, contexts, source, limit, rng), 0.5
    )


def _replies(
    states: list[Any], contexts: list[Any], source: dict, limit: int, rng: random.Random
) -> Iterator[Fact]:
    opened = [state for state in states if state.open]
    facts = [(context, fact) for context in contexts for fact in context.facts if len(fact) <= 90]
    asked: set[str] = set()
    for _ in range(2 * limit if len(opened) > 2 and facts else 0):
        context, said = rng.choice(facts)
        some = [state for state in rng.sample(opened, 3) if state.id not in context.never]
        if len(some) < 3 or len({state.tone for state in some}) < 3:
            continue
        words, kind = (
            {state.id: rng.choice(state.open) for state in some},
            rng.choice(("write", "fact", "fits")),
        )
        made = globals()[f"_{kind}"](some, words, said, rng)
        if made and made[0] not in asked:
            asked.add(made[0])
            what = [kind, *made[2]]
            yield Fact(
                made[0],
                made[1],
                source | {"open_book": what, "triples": [], "context": context.id, "fact": said},
                short=True,
            )


def _write(some: list[Any], words: dict[str, str], said: str, rng: random.Random) -> tuple[str, str, list]:
    """An opening for each of two or three states, the fact, and who reads it."""
    shown, state = some[: rng.randint(2, 3)], some[0]
    lines = "\n".join(f"- {one.id}: {words[one.id]}" for one in rng.sample(shown, len(shown)))
    ask = f"The reader is {state.id}. {rng.choice(_WRITE)}"
    return put(f"{lines}\nFact: {said}", ask, rng), f"{words[state.id]} {said}", [state.id]


def _lettered(replies: list[str], rng: random.Random) -> tuple[str, str]:
    """The replies in some order behind letters, and the letter of the first of them."""
    order = rng.sample(range(len(replies)), len(replies))
    return (
        "\n".join(f"{letter}: {replies[n]}" for letter, n in zip("ABC", order, strict=True)),
        "ABC"[order.index(0)],
    )


def _fact(
    some: list[Any], words: dict[str, str], said: str, rng: random.Random
) -> tuple[str, str, list] | None:
    """Replies in three tones: one alone has another number than the fact, or one alone has its."""
    number = re.search(r"(?<!\d)\d{1,15}(?!\d)", said)
    if number is None:
        return None
    changed = [
        f"{said[: number.start()]}{int(number[0]) + rng.randint(1, 9) + 10 * n}{said[number.end() :]}"
        for n in range(2)
    ]
    kept = rng.random() < 0.5
    facts = [said, *changed] if kept else [changed[0], said, said]
    lines, letter = _lettered(
        [f"{words[state.id]} {fact}" for state, fact in zip(some, facts, strict=True)], rng
    )
    return (
        put(f"Fact: {said}\n{lines}", f"{rng.choice(_KEPT if kept else _LOST)} {ending(LETTER, rng)}", rng),
        letter,
        ["kept" if kept else "lost"],
    )


def _fits(some: list[Any], words: dict[str, str], said: str, rng: random.Random) -> tuple[str, str, list]:
    """The tones, and a reply in each of them, told by the words that the table has for it."""
    lines, letter = _lettered([f"{words[state.id]} {said}" for state in some], rng)
    tones = "\n".join(f"- {state.id}: {words[state.id]}" for state in rng.sample(some, 3))
    ask = rng.choice(_FITS).format(state=some[0].id)
    return put(f"Openings:\n{tones}\n{lines}", f"{ask} {ending(LETTER, rng)}", rng), letter, [some[0].id]
