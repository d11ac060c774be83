"""How somebody asks for what a wish says: an order, a question, a few words."""

import re
from random import Random

from autodidact.generators.tool_spec.full.requests_from_descriptions import Wish
from autodidact.generators.tool_spec.full.value_surely_fits import URGENT
from autodidact.generators.writing.facts_into_words import capital
from autodidact.generators.writing.read_word_table import read_table

_TABLE = read_table(__file__)
_GREETINGS = _TABLE["greetings"]

# Share of requests that greet or thank.
GREETED = 0.25
_SHOWS = re.compile(
    r"(?:list|get|show|fetch|read|retrieve|find(?! out\b)"
    r"|search(?: for)?(?! (?:the|an?|all|in|through|for)\b)|return|display|view|browse|look up) (?=\w)"
)
_THERE = re.compile(r"(?:the |all )?((?:[\w-]+ ){0,2}?[\w-]+s) ((?:in|from|for|of|at|on|to) .*)")
_WHETHER = re.compile(r"find out whether (.+?) (is|are|has|have|can|will|was|were) (.+)")


def requested(wish: Wish, rng: Random, plain: bool = False) -> str:
    """What somebody writes who wants it. `plain`: in one sentence, without a greeting."""
    text = re.sub(r'([.!?]")\.', r"\1", rng.choice(_forms(wish, rng)))
    if plain or rng.random() > GREETED or URGENT.search(wish.known.purpose):
        return text
    if rng.random() < 0.5:
        return f"{rng.choice(_GREETINGS['before'])} {capital(text)}{'' if text[-1] in '.?!' else '.'}"
    return f"{text if text[-1] in '.?!' else text + '.'} {rng.choice(_GREETINGS['after'])}"


def _forms(wish: Wish, rng: Random) -> list[str]:
    found = _of_do(wish) if wish.do else _of_thing(wish)
    # Nobody puts a question mark in the middle: what follows it is another sentence.
    found = [one for one in found if not one.endswith("?")] if wish.rest else found
    return [_with_rest(text, wish.rest, rng) for text in found]


def _of_do(wish: Wish) -> list[str]:
    do = wish.do
    if match := _WHETHER.fullmatch(do):
        subject, verb, rest = match.groups()
        return [
            f"{capital(verb)} {subject} {rest}?",
            f"Can you tell me whether {subject} {verb} {rest}?",
            f"I want to know whether {subject} {verb} {rest}.",
            f"Please check whether {subject} {verb} {rest}.",
            f"{capital(verb)} {subject} {rest} at the moment?",
            f"Somebody wants to know whether {subject} {verb} {rest}.",
        ]
    forms = [
        f"{capital(do)}.",
        f"{capital(do)}, please.",
        f"Please {do}.",
        f"Can you {do}?",
        f"Could you {do}?",
        do,
        f"Would you {do}?",
        f"Could you please {do}?",
        f"I need you to {do}.",
    ]
    if match := _SHOWS.match(do):
        thing = do[match.end() :]
        forms = [
            *forms[:6],
            f"Show me {thing}.",
            f"I'd like to see {thing}.",
            f"I'm looking for {thing}.",
            f"{capital(thing)}, please.",
        ]
        if (there := _THERE.fullmatch(thing)) and do.startswith(("list", "find", "search")):
            forms += [f"Which {there[1]} are there {there[2]}?", f"Are there any {there[1]} {there[2]}?"]
    return forms


def _of_thing(wish: Wish) -> list[str]:
    thing = wish.thing
    plural = re.match(r"(?:the |all )?[\w-]*s\b(?!')", thing) and not re.match(r"[\w -]*'s", thing)
    which = re.match(r"(?:the|all|my) ", thing)
    return [
        *([f"What {'are' if plural else 'is'} {thing}?"] if which else []),
        f"I need {thing}.",
        f"Can you get me {thing}?",
        f"{capital(thing)}, please.",
        f"Please look up {thing}.",
        f"{capital(thing)}?",
        f"Could you look up {thing} for me?",
    ]


def _with_rest(text: str, rest: tuple[str, ...], rng: Random) -> str:
    """The sentence with what found no place in it, behind a colon or a comma."""
    if not rest:
        return text
    listed, mark = ", ".join(rest), text[-1] if text[-1] in ".?!" else ""
    if (quoted := re.search(r" with the [\w ]+ \"", text)) and ":" not in listed:
        return f"{text[: quoted.start()]} ({listed}){text[quoted.start() :]}"
    body = (text.removesuffix(mark) if mark else text).removesuffix(", please")
    if re.search(r'[,"]|\d$', body) or rng.random() < 0.6:
        return f"{body}: {listed}{mark}"
    return f"{body}, {listed}{mark}"
