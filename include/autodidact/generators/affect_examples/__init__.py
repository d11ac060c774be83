"""Emotional state and situation to an answer in the right tone, in which the facts stay the same.

Source: `sources.affect`, a YAML or JSON file with two lists. `states`: id, how they sound (`says`), the
`tone` that fits, words to `open` and `close` with, what to `avoid`. `contexts`: id, what is asked (`asks`),
the `facts` of the answer, the states in which nobody asks it (`never`). Every other state meets every
context: answers from memory and from given facts, replies rewritten from the wrong tone, replies that are
checked for a lost fact, the better of two replies, facts that do not answer the question, and which tone or
feeling it is.

    {"generator": "affect_examples", "category": "affect_reasoning",
     "messages": [{"role": "user", "content": "I am really worried about this. Where did my seats go?"},
                  {"role": "assistant", "content": "Here is what is known. The hold H-103-2 ended after 20
                  minutes. W103 still has
                   room. Take it one thing after the other."}],
     "source": {"kind": "table", "ref": "samples/affect.yaml#anxious", "ask": "answer", "context":
     "lost-hold"}}
"""

import random
import re
from collections.abc import Iterator

from autodidact.generators.affect_examples import open_book_tones
from autodidact.generators.affect_examples.full import full_examples as full_examples
from autodidact.generators.affect_examples.read_affect_table import AffectTable, Context, State
from autodidact.generators.affect_examples.read_affect_table import read as read
from autodidact.generators.writing import open_book
from autodidact.generators.writing.facts_into_words import Fact, capital, choose, listing, lower, to_examples
from autodidact.records import Example
from autodidact.shipped_tables import read_table
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.unread import Unread

NAME = "affect_examples"
CATEGORY = "affect_reasoning"
# Tones or states to choose among.
OPTIONS = 4
# Replies in another tone, of one state in one context, that are rewritten.
WRONG_TONES = 1

# Shapes of one kind about a state in a context.
SHAPES = 2

ASK = read_table(__file__)["ask"]


def examples(facts: AffectTable, snapshot: Snapshot) -> Iterator[Example]:
    """Answers in tone, and what tone fits."""
    states, contexts = facts.states, facts.contexts
    groups: dict[str, list[Fact]] = {}

    def add(
        group: str, user: str, answer: str, state: State, context: Context | None = None, short: bool = False
    ) -> None:
        where = {"kind": "table", "ref": state.ref, "ask": group} | (
            {"context": context.id} if context else {}
        )
        groups.setdefault(group, []).append(Fact(user, answer, where, short=short))

    for state in states:
        _about(state, facts.unread, add)
        for context in contexts:
            if state.id not in context.never:
                rng = snapshot.rng(NAME, state.id, context.id)
                _answers(state, context, add, rng)
                _replies(state, context, [s for s in states if s.id != state.id], add, rng)
                _not_there(state, context, contexts, add, rng)
                _choices(state, states, context, add, rng)
    for context in contexts if states else ():
        where = {
            "kind": "table",
            "ref": states[0].ref.partition("#")[0],
            "ask": "plain",
            "context": context.id,
        }
        groups.setdefault("plain", []).append(Fact(context.asks, context.text(), where))
    source = {"kind": "table", "ref": states[0].ref.partition("#")[0], "ask": "open book"} if states else {}
    opened = open_book_tones.questions(
        states, contexts, source, snapshot.limit, facts.unread, snapshot.rng(NAME, "open book")
    )
    yield from to_examples(
        NAME, CATEGORY, open_book.mixed(choose(groups, snapshot.limit, snapshot.rng(NAME)), opened)
    )


def toned(state: State, context: Context, rng: random.Random) -> str:
    """The facts of the context between words that fit the state. The facts are the same sentences in every
    tone.
    """
    opened, closed = (rng.choice(words) if words else "" for words in (state.open, state.close))
    return " ".join(part for part in (opened, *context.facts, closed) if part)


def _about(state: State, unread: Unread, add) -> None:
    """The state itself: its tone, and what has no place in an answer."""
    for message in state.says:
        for ask in ASK["tone"]:
            add("tone", ask.format(says=f'"{message}"'), f"{capital(state.tone)}.", state, short=True)
    for ask in ASK["avoid"] if state.avoid else ():
        answer = unread.closed(f"{capital(listing(state.avoid))}.", f"avoid/{state.id}")
        add("avoid", ask.format(state=state.id), answer, state, short=True)
    for ask in ASK["how"]:
        without = f" Without {listing(state.avoid, 'or')}." if state.avoid else ""
        add("how", ask.format(state=state.id), f"In this tone: {state.tone}.{without}", state)


def _answers(state: State, context: Context, add, rng: random.Random) -> None:
    """Answers from memory, from given facts, and in place of a text without tone."""
    for mood in state.says:
        ask = rng.choice(ASK["answer"])
        add(
            "answer",
            ask.format(says=mood, asks=context.asks, asks_low=lower(context.asks)),
            toned(state, context, rng),
            state,
            context,
        )
    for mood, ask in zip(
        rng.sample(state.says, min(SHAPES, len(state.says))), rng.sample(ASK["given"], SHAPES), strict=False
    ):
        message = f'"{mood} {context.asks}"'
        add(
            "given",
            ask.format(facts=context.bullets(), message=message, state=state.id),
            toned(state, context, rng),
            state,
            context,
        )
    for ask in rng.sample(ASK["rewrite"], 1):
        add(
            "rewrite",
            ask.format(state=state.id, tone=state.tone, text=context.text()),
            toned(state, context, rng),
            state,
            context,
        )


def _replies(state: State, context: Context, others: list[State], add, rng: random.Random) -> None:
    """Replies of others judged: the wrong tone mended, a lost fact found, the better of two chosen."""
    wrong = [other for other in others if other.tone != state.tone and (other.open or other.close)]
    for other in rng.sample(wrong, min(WRONG_TONES, len(wrong))):
        message, text = f'"{rng.choice(state.says)} {context.asks}"', toned(other, context, rng)
        right = toned(state, context, rng)
        if text == right:
            continue
        ask = rng.choice(ASK["mend"])
        answer = f"No. {right}" if ask.startswith("Is the tone") else right
        add("mend", ask.format(state=state.id, message=message, text=text), answer, state, context)
        a, b, letter = (right, text, "A") if rng.random() < 0.5 else (text, right, "B")
        why = f"{letter}: {state.tone}" + (f", without {listing(state.avoid, 'or')}." if state.avoid else ".")
        add("better", rng.choice(ASK["better"]).format(message=message, a=a, b=b), why, state, context)
    _checks(state, context, add, rng)


def _checks(state: State, context: Context, add, rng: random.Random) -> None:
    """Replies with every fact, without one of them, and with a number that is not the fact's."""
    for flaw in ("", "lost", "changed"):
        at = rng.randrange(len(context.facts))
        fact, facts = context.facts[at], list(context.facts)
        number = re.search(r"(?<!\d)\d{1,15}(?!\d)", fact)
        if flaw == "lost" and len(facts) > 1:
            del facts[at]
        elif flaw == "changed" and number:
            facts[at] = f"{fact[: number.start()]}{int(number[0]) + rng.randint(1, 9)}{fact[number.end() :]}"
        elif flaw:
            continue
        ask, whether = (
            rng.choice(ASK["check"]),
            "" if not flaw else f'this is missing: "{fact}"' if flaw == "lost" else f'it should say "{fact}"',
        )
        yes = ask.endswith("fact?")
        answer = (
            ("Yes, every fact is there." if yes else "Nothing is missing.")
            if not flaw
            else f"No, {whether}"
            if yes
            else capital(whether)
        )
        reply = toned(state, Context(context.id, context.asks, tuple(facts), ()), rng)
        add("check", ask.format(text=reply, facts=context.bullets()), answer, state, context)


def _not_there(state: State, context: Context, contexts: list[Context], add, rng: random.Random) -> None:
    """A question that the given facts, those of another context, do not answer: the tone stays, nothing is
    invented.
    """
    others = [
        other for other in contexts if other.id != context.id and not set(other.facts) & set(context.facts)
    ]
    if others:
        other = rng.choice(others)
        message = f'"{rng.choice(state.says)} {context.asks}"'
        opened = rng.choice(state.open) + " " if state.open else ""
        answer = f"{opened}That is not among the facts I was given, and I will not guess."
        add(
            "not there",
            rng.choice(ASK["given"]).format(facts=other.bullets(), message=message, state=state.id),
            answer,
            state,
            context,
        )


def _choices(state: State, states: list[State], context: Context, add, rng: random.Random) -> None:
    """Which of some tones, or feelings, a message calls for. Tones that two states share are offered once."""
    others = [other for other in states if other.id != state.id and other.tone != state.tone]
    if not others:
        return
    for mood in state.says:
        some = rng.sample(others, min(OPTIONS - 1, len(others)))
        offered = rng.sample([state, *some], len(some) + 1)
        tones = list(dict.fromkeys(other.tone for other in offered))
        message, feelings = f'"{mood} {context.asks}"', listing((other.id for other in offered), "or")
        if rng.random() < 0.5:
            ask = rng.choice(ASK["choose_tone"]).format(message=message, options="; ".join(tones))
            add("choose tone", ask, state.tone, state, context, short=True)
        else:
            add(
                "choose state",
                rng.choice(ASK["choose_state"]).format(message=message, options=feelings),
                state.id,
                state,
                context,
                short=True,
            )
