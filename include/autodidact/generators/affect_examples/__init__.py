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
from dataclasses import dataclass

from autodidact.generators.affect_examples import comprehension
from autodidact.generators.writing import in_context
from autodidact.generators.writing.wording import Fact, capital, choose, listing, lower, to_examples
from autodidact.knowledge.facts import Compared
from autodidact.records import Example
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import Row, named_file, read_text, rows, shown
from autodidact.stage import Troubles

NAME = "affect_examples"
CATEGORY = "affect_reasoning"
# Tones or states to choose among.
OPTIONS = 4
# Replies in another tone, of one state in one context, that are rewritten.
WRONG_TONES = 1

GIVEN = (
    "What we know:\n{facts}\nA message came in: {message}\nWrite the reply.",
    "{message}\nAnswer this with these facts, and only these:\n{facts}",
    "Facts:\n{facts}\n\nCustomer: {message}\nYou:",
    "Reply to somebody who is {state}. They write: {message} The facts:\n{facts}",
    "On file:\n{facts}\nSay it to the person who sent {message}",
    "Support desk. Incoming: {message}\nNotes of the system:\n{facts}\nDraft an answer with the right tone.",
    "Turn these notes into a reply to {message}\n{facts}",
    "You may use nothing but this:\n{facts}\nSomebody who is {state} waits for an answer to {message}",
    "{message}\nOur records say\n{facts}\nHow do you put that to them?",
)
REWRITE = (
    "The reader is {state}. Say this to them in the tone that fits ({tone}), all facts kept: {text}",
    "Rewrite for a reader who is {state}. Tone: {tone}. Change no fact.\n{text}",
    "{text}\nSame facts, {tone}, please: the reader is {state}.",
    "Somebody {state} will read this. Make it {tone} without touching what it says. {text}",
    "Bare text: {text}\nWanted: {tone}, because whoever gets it is {state}.",
    "Give the following the sound it needs ({tone}; they are {state}) and lose nothing: {text}",
)
MEND = (
    "This draft has the wrong tone for somebody who is {state}. Mend the tone, keep the facts.\n{text}",
    "{message}\nDraft reply: {text}\nThat is not how to speak to somebody who is {state}. Rewrite it.",
    "Is the tone of this reply right for {message}\n{text}\nIf not, give me a better one.",
    "A colleague wanted to send this to somebody who is {state}: {text} Put it right.",
    "{text}\nThe above went out in answer to {message} and misses the mood. How should it have read?",
    "To {message} a bot replied: {text} Repair the voice, leave the content.",
)
CHECK = (
    "Facts:\n{facts}\nReply: {text}\nDoes the reply keep every fact?",
    "Before I send this: {text}\nIs anything missing from it? It has to say:\n{facts}",
    "Compare the reply with the facts.\nReply: {text}\nFacts:\n{facts}",
    "Proofread for content only.\nReply: {text}\nMust contain:\n{facts}",
    "Required:\n{facts}\nReply: {text}\nIs it all in there, fact by fact?",
)
BETTER = (
    "{message}\nWhich reply fits better?\nA: {a}\nB: {b}",
    "Two drafts for somebody who writes {message}\nA: {a}\nB: {b}\nA or B?",
    "Choose what to send in answer to {message}\nA: {a}\nB: {b}",
    "Both are true, one sounds right. The message was {message}\nA: {a}\nB: {b}",
)
TONE = (
    "Somebody writes: {said} Which tone fits the answer?",
    "{said} How should the answer to this sound?",
    "Message: {said}\nTone of the reply, in a few words?",
    "I have to reply to {said} In which voice?",
    "Name the register for an answer to {said}",
)
AVOID = (
    "What do I leave out when I answer somebody who is {state}?",
    "Somebody is {state}. What has no place in my answer?",
    "Which mistakes of tone do I avoid with somebody who is {state}?",
    "What would hurt in a reply to a person who is {state}?",
)
HOW = (
    "How do I answer somebody who is {state}?",
    "Give me the rule for replies to people who are {state}.",
    "I have to write to somebody who is {state}. How?",
    "New on the desk: what is our way with customers who are {state}?",
)
CHOOSE_TONE = (
    "{message}\nTone of the answer: {options}?",
    "Reply to {message} is due. Tone of the answer: {options}?",
    "How do we sound when we answer {message}\nTone of the answer: {options}?",
)
CHOOSE_STATE = (
    "{message}\nHow does the writer feel: {options}?",
    "Read this: {message} How does the writer feel: {options}?",
    "From the mailbox: {message}\nHow does the writer feel: {options}?",
)
ANSWER = (
    "{said} {asks}",
    "{asks} {said}",
    "Hello, {asks_low} {said}",
    "{said} So tell me: {asks_low}",
    "One question. {asks} {said}",
)
# Shapes of one kind about a state in a context.
TOLD = 2


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

    def text(self) -> str:
        return " ".join(self.facts)

    def bullets(self) -> str:
        return "\n".join(f"- {fact}" for fact in self.facts)


@dataclass(frozen=True)
class AffectTable:
    states: list[State]
    contexts: list[Context]


def read(snapshot: Snapshot) -> AffectTable:
    """The table of states and contexts. Skipped without one."""
    path = named_file(snapshot.settings.sources.affect, "sources.affect")
    Compared(snapshot, "table", {shown(path): read_text(path, Troubles())})
    states = [s for row in rows(path, snapshot.troubles, "states") if (s := _state(row, snapshot.troubles))]
    contexts = [
        c for row in rows(path, snapshot.troubles, "contexts") if (c := _context(row, snapshot.troubles))
    ]
    return AffectTable(states, contexts)


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
        _about(state, add)
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
    opened = comprehension.questions(
        states, contexts, source, snapshot.limit, snapshot.rng(NAME, "open book")
    )
    yield from to_examples(
        NAME, CATEGORY, in_context.mixed(choose(groups, snapshot.limit, snapshot.rng(NAME)), opened)
    )


def toned(state: State, context: Context, rng: random.Random) -> str:
    """The facts of the context between words that fit the state. The facts are the same sentences in every
    tone.
    """
    opened, closed = (rng.choice(words) if words else "" for words in (state.open, state.close))
    return " ".join(part for part in (opened, *context.facts, closed) if part)


def _about(state: State, add) -> None:
    """The state itself: its tone, and what has no place in an answer."""
    for said in state.says:
        for ask in TONE:
            add("tone", ask.format(said=f'"{said}"'), f"{capital(state.tone)}.", state, short=True)
    for ask in AVOID if state.avoid else ():
        add("avoid", ask.format(state=state.id), f"{capital(listing(state.avoid))}.", state, short=True)
    for ask in HOW:
        without = f" Without {listing(state.avoid, 'or')}." if state.avoid else ""
        add("how", ask.format(state=state.id), f"In this tone: {state.tone}.{without}", state)


def _answers(state: State, context: Context, add, rng: random.Random) -> None:
    """Answers from memory, from given facts, and in place of a text without tone."""
    for said in state.says:
        ask = rng.choice(ANSWER)
        add(
            "answer",
            ask.format(said=said, asks=context.asks, asks_low=lower(context.asks)),
            toned(state, context, rng),
            state,
            context,
        )
    for said, ask in zip(
        rng.sample(state.says, min(TOLD, len(state.says))), rng.sample(GIVEN, TOLD), strict=False
    ):
        message = f'"{said} {context.asks}"'
        add(
            "given",
            ask.format(facts=context.bullets(), message=message, state=state.id),
            toned(state, context, rng),
            state,
            context,
        )
    for ask in rng.sample(REWRITE, 1):
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
        ask = rng.choice(MEND)
        answer = f"No. {right}" if ask.startswith("Is the tone") else right
        add("mend", ask.format(state=state.id, message=message, text=text), answer, state, context)
        a, b, letter = (right, text, "A") if rng.random() < 0.5 else (text, right, "B")
        why = f"{letter}: {state.tone}" + (f", without {listing(state.avoid, 'or')}." if state.avoid else ".")
        add("better", rng.choice(BETTER).format(message=message, a=a, b=b), why, state, context)
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
            rng.choice(CHECK),
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
            rng.choice(GIVEN).format(facts=other.bullets(), message=message, state=state.id),
            answer,
            state,
            context,
        )


def _choices(state: State, states: list[State], context: Context, add, rng: random.Random) -> None:
    """Which of some tones, or feelings, a message calls for. Tones that two states share are offered once."""
    others = [other for other in states if other.id != state.id and other.tone != state.tone]
    if not others:
        return
    for said in state.says:
        some = rng.sample(others, min(OPTIONS - 1, len(others)))
        offered = rng.sample([state, *some], len(some) + 1)
        tones = list(dict.fromkeys(other.tone for other in offered))
        message, feelings = f'"{said} {context.asks}"', listing((other.id for other in offered), "or")
        if rng.random() < 0.5:
            ask = rng.choice(CHOOSE_TONE).format(message=message, options="; ".join(tones))
            add("choose tone", ask, state.tone, state, context, short=True)
        else:
            add(
                "choose state",
                rng.choice(CHOOSE_STATE).format(message=message, options=feelings),
                state.id,
                state,
                context,
                short=True,
            )


def _texts(value) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value] if value else []
    return tuple(
        text
        for text in (" ".join(str(item).split()) for item in values if isinstance(item, (str, int, float)))
        if text
    )


def _state(row: Row, troubles: Troubles) -> State | None:
    name, tone, says = (
        str(row.data.get("id") or ""),
        str(row.data.get("tone") or "").strip(),
        _texts(row.data.get("says")),
    )
    if not name or not tone or not says:
        troubles.add("state without id, tone or what it says", row.ref)
        return None
    return State(
        name,
        says,
        tone,
        _texts(row.data.get("open")),
        _texts(row.data.get("close")),
        _texts(row.data.get("avoid")),
        row.ref,
    )


def _context(row: Row, troubles: Troubles) -> Context | None:
    name, asks, facts = (
        str(row.data.get("id") or ""),
        " ".join(str(row.data.get("asks") or "").split()),
        _texts(row.data.get("facts")),
    )
    if not name or not asks or not facts:
        troubles.add("context without id, question or facts", row.ref)
        return None
    return Context(name, asks, facts, _texts(row.data.get("never")))
