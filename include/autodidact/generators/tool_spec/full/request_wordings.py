"""How somebody asks for what a wish says: an order, a question, a note with details, a few words."""

import re
from random import Random

from autodidact.generators.tool_spec.full.argument_values import counted, leaves
from autodidact.generators.tool_spec.full.requests_from_descriptions import Wish
from autodidact.generators.tool_spec.full.sure_values import URGENT
from autodidact.generators.tool_spec.full.value_phrases import bare_day, instant_said, items_said, spaced
from autodidact.generators.tool_spec.schema_arguments import values_of
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.generators.writing.word_tables import read_table

_TABLE = read_table(__file__)
_CONTEXTS = _TABLE["contexts"]
_MAKING = frozenset(_TABLE["making"])
_READING = frozenset((*_TABLE["many"], *_TABLE["reading"]))

# Share of requests that say why, and of notes with the details below.
REASONS, NOTES = 0.25, 0.12
_SHOWS = re.compile(
    r"(?:list|get|show|fetch|read|retrieve|find(?! out\b)"
    r"|search(?: for)?(?! (?:the|an?|all|in|through|for)\b)|return|display|view|browse|look up) (?=\w)"
)
_THERE = re.compile(r"(?:the |all )?((?:[\w-]+ ){0,2}?[\w-]+s) ((?:in|from|for|of|at|on|to) .*)")
_WHETHER = re.compile(r"find out whether (.+?) (is|are|has|have|can|will|was|were) (.+)")
_INFORMATION = re.compile(r"(?:details|information|metadata) (?:of|about|on|for) ")


def requested(wish: Wish, rng: Random, plain: bool = False) -> str:
    """What somebody writes who wants it. `plain`: in one sentence, without a reason."""
    if not plain and rng.random() < NOTES and (note := _note(wish, rng)):
        return note
    text = re.sub(r'([.!?]")\.', r"\1", rng.choice(_forms(wish, rng)))
    if plain or rng.random() > REASONS or URGENT.search(wish.known.purpose):
        return text
    if "\n" in text or rng.random() < 0.5:
        return f"{rng.choice(_why('before', wish))} {capital(text)}{'' if text[-1] in '.?!' else '.'}"
    return f"{text if text[-1] in '.?!' else text + '.'} {rng.choice(_why('after', wish))}"


def _why(place: str, wish: Wish) -> list[str]:
    """What somebody may say of the reason: who has a report to write looks something up."""
    looks = wish.thing or wish.do.split(" ", 1)[0] in _READING or wish.do.startswith("find out")
    return [*_CONTEXTS[place], *_CONTEXTS.get(f"{place}_{'looking' if looks else 'doing'}", [])]


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
        bare = _INFORMATION.sub("", thing)
        forms = [
            *forms[:6],
            f"Show me {thing}.",
            f"I'd like to see {thing}.",
            f"What do we have on {bare}?" if bare != thing else f"I'm looking for {thing}.",
            f"{capital(thing)}, please.",
        ]
        if (there := _THERE.fullmatch(thing)) and bare == thing and do.startswith(("list", "find", "search")):
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


def _note(wish: Wish, rng: Random) -> str:
    """What the tool does, in its own words, and the details one a line; "" for a request of two of them."""
    known = wish.known
    if wish.do.split(" ", 1)[0] not in _MAKING:
        return ""
    found = leaves(known, wish.given) or []
    purpose = known.phrase.task or known.phrase.thing
    # "Add a comment to an existing issue" speaks of what stands below.
    if re.search(r" (?:to|of|for|in|at|on|from) an? ", purpose):
        return ""
    if len(found) < 3 or not purpose or re.search(r"\b(?:or|optional|specified)\b", purpose):
        return ""
    # "Open an incident and page its owner ... page: no" asks for two things at once.
    if any(leaf.value is False and human(leaf.key) in purpose.split() for leaf in found):
        return ""
    lines = []
    for leaf in found:
        value = leaf.value
        if leaf.is_day:
            said = bare_day(value, None)
        elif leaf.is_instant:
            said = instant_said(value, None, None).removeprefix("on ")
        elif isinstance(value, list):
            said = counted(value) or listing(items_said(leaf))
        elif isinstance(value, bool):
            said = "yes" if value else "no"
        else:
            said = spaced(value) if values_of(leaf.part) else str(value)
        lines.append(f"- {human(leaf.key)}: {said}")
    asks = f"Please {purpose}:" if known.phrase.task else f"I need {purpose}:"
    return "\n".join([rng.choice((asks, f"{capital(purpose)}, please:")), *lines])
