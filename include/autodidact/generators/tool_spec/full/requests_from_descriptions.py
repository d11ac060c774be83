"""A request in the words of somebody who wants something: what the tool does, with the values where its
description has "a pier" or "a specific issue", and the others behind it, with their prepositions.
"""

import re
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.full.argument_with_its_schema import Leaf, counted, leaves, singular
from autodidact.generators.tool_spec.full.description_slots import (
    CHANGES,
    LANGUAGES,
    dropped,
    inserted,
    pattern,
    period,
    placed,
    repository,
    route,
)
from autodidact.generators.tool_spec.full.tasks_in_short import in_short, task_of_name
from autodidact.generators.tool_spec.full.value_phrases import (
    ALONE,
    bare_day,
    day_said,
    form_of,
    instant_said,
    items_said,
    names_of,
    qualified,
    spaced,
    titled,
    unclear_duration,
)
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.tool_spec.verb_forms import VERBS
from autodidact.generators.writing.facts_into_words import listing
from autodidact.generators.writing.read_word_table import read_table

_TABLE = read_table(__file__)
_FLAGS = _TABLE["flags"]

_TAIL = re.compile(
    r",? (?:with|and) [^,]*\boptional\b.*$|,? by (?:its|their|the|an?|[\w-]+)?(?: ?[\w-]+)? ?"
    r"\b(?:name|id|number|call sign|sha|slug|key)(?=$| in | from )|, grouped$| after (?:the user|you)\b.*$",
    re.IGNORECASE,
)
# How a description goes on about what one gets: ", in degrees Celsius, and the time of the last reading".
_DETAIL = re.compile(r", (?:in|and|as|with|including|plus|both) .*$")
# Words that only a description has: whoever wants something says which one.
_STILL_VAGUE = re.compile(
    r"\b(?:an?|the) (?:specific|given|particular|certain)\b|\bsome (?:days|minutes|hours)\b"
    r"|\b(?:an?|the) (?:entity|object|resource|element|record|identifier|value|parameter|sample text)\b"
    r"|\bone of (?:the|our|your|its|their)\b"
    r"|\bor\b|\bspecified\b|\bmultiple\b|\bspecific\b|\bMCP\b|\banother\b|\bone or more\b"
)
_LOOKS = frozenset((*_TABLE["many"], *_TABLE["reading"]))
_INDEFINITE, _MAKES = re.compile(r"\b(?:an?|some) [a-z]"), frozenset((*_TABLE["making"], *_TABLE["handing"]))
_INSTANT, _MONTH = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:"), re.compile(r"\d{4}-\d{2}")
# Arguments behind a sentence.
MOST_REST = 3
# Arguments that say which of several things a tool does.
_MODES = frozenset(
    "method action operation mode event subject_type subjecttype command is_suggestion".split()
)


@dataclass(frozen=True)
class Wish:
    """What somebody wants. Either `do` ("list branches in acme/web") or `thing` ("the tide at Skerry on
    Friday"); `rest`: arguments that found no place in it ("shift late").
    """

    known: KnownTool
    given: dict[str, Any]
    do: str
    thing: str
    rest: tuple[str, ...]

    @property
    def whole(self) -> str:
        """All of it in one phrase."""
        return f"{self.do or self.thing}{''.join(f', {one}' for one in self.rest)}"


def sayable(leaf: Leaf) -> bool:
    """Whether an optional argument has a place in a sentence."""
    if isinstance(leaf.value, bool):
        return bool(_FLAGS.get(leaf.key, ["", ""])[0 if leaf.value else 1])
    if isinstance(leaf.value, dict) or re.search(
        r"^page$|per_?page|cursor|offset|^after$|^order$|^direction$|^commit_", leaf.key, re.I
    ):
        return False
    if unclear_duration(leaf):
        return False
    if isinstance(leaf.value, (int, float)) and form_of(leaf) is None:
        # Nobody says "2 expires days" of `expires_days`.
        return leaf.words[0].endswith("s") and singular(leaf.words[0]) not in VERBS
    if leaf.is_instant or isinstance(leaf.value, str) and _INSTANT.match(leaf.value):
        return False  # what need not be said so precisely is left out
    if leaf.key.lower() in _MODES:
        return False
    return bool(values_of(leaf.part)) or form_of(leaf) is not None or leaf.is_day


def wish(
    known: KnownTool, given: dict[str, Any], today: date | None, rng: Random, without: str = ""
) -> Wish | None:
    """The wish for a call with these arguments; None where it cannot be said well.

    `today`: the day that both know; None: days are said in full. `without`: an argument that is not
    mentioned.
    """
    found = leaves(known, given)
    # A name in which a description sees a thing ("State of one lift") holds no order: `lift_status`.
    # Where the description has a task that does not fit, its name fits no better.
    # "One record in full" has no verb: what it says is nobody's question.
    if known.phrase.thing and not _given(known):
        return None
    # A name says what is done, and nothing of a list: "order the linen for 4 sheets".
    lists = any(isinstance(value, list) and value and isinstance(value[0], dict) for value in given.values())
    named = "" if lists else task_of_name(known.name)
    texts = [known.phrase.task or known.phrase.thing or named]
    made = (_wish(known, given, found or [], text, today, rng, without) for text in texts if text)
    return next((one for one in made if one), None) if found is not None else None


def _given(known: KnownTool) -> bool:
    """Whether a verb that was recognised gives the thing of a description: "Returns the tide"."""
    said = re.sub(r"\byour\b", "my", " ".join(known.purpose.lower().split()))
    return not said.startswith(" ".join(known.phrase.thing.lower().split()[:2]))


def _wish(
    known: KnownTool,
    given: dict[str, Any],
    found: list[Leaf],
    text: str,
    today: date | None,
    rng: Random,
    without: str,
) -> Wish | None:
    done: set[tuple[str, ...]] = set()
    is_task = text != known.phrase.thing
    text = _asked_for(known, given, found, text, is_task, without)
    text = repository(period(route(text, found, done), found, done, today, rng), found, done)
    for leaf in found:
        if leaf.path not in done:
            filled = placed(text, leaf, today, rng)
            if filled is not None:
                text = filled
                done.add(leaf.path)
    if filled := _only_thing(text, known, [leaf for leaf in found if leaf.path not in done]):
        text = filled
        done.update(leaf.path for leaf in found if leaf.key in known.required)
    left = [leaf for leaf in found if leaf.path not in done]
    if any(leaf.key.lower() in _MODES for leaf in left):
        return None
    behind: list[str] = []
    rest: list[str] = []
    for leaf in sorted(left, key=lambda leaf: leaf.is_day):
        said = _behind(text, leaf, today, rng)
        (behind if said else rest).append(said or qualified(leaf))
    # "Put driver on duty: driver D-8418" is a form that is filled in; nobody writes "onboard: yes".
    if len(rest) > MOST_REST or any(_repeats(text, leaf) for leaf in left if qualified(leaf) in rest):
        return None
    text = _with_behind(text, behind, left, is_task)
    if _STILL_VAGUE.search(re.sub(r'"[^"]*"', "", text)) or "" in rest:
        return None
    text, rest = _looked_up(text, rest, is_task)
    if is_task and (CHANGES.match(text) and not known.optional_in(given) or _says_not_which(text)):
        return None  # "update the room": to what?
    if (
        _says_twice(text)
        or _says_which_behind_name(known.phrase.task, text)
        or rest
        and _is_description(text)
    ):
        return None
    return Wish(known, given, text if is_task else "", "" if is_task else text, tuple(rest))


def _asked_for(
    known: KnownTool, given: dict[str, Any], found: list[Leaf], text: str, is_task: bool, without: str
) -> str:
    """A task or a thing in short, without the places of optional arguments that are not given."""
    text = in_short(_TAIL.sub("", text))
    if not is_task:
        text = _DETAIL.sub("", text)
    if not any(re.match(r"minutes|hours|days", leaf.key) for leaf in found):
        text = re.sub(r" for (?:some|a few) (?:minutes|hours|days|time)\b", "", text)
    for key in (without, *(key for key in known.optional if key not in given)):
        if key and (
            key == without or any((m := pattern(noun).search(text)) and m["at"] for noun in names_of(key))
        ):
            text = dropped(text, key)
    return text


def _with_behind(text: str, behind: list[str], left: list[Leaf], is_task: bool) -> str:
    """The text with what stands behind it, and without what that makes needless."""
    if not is_task or text.split(" ", 1)[0] in _LOOKS:
        text = re.sub(r" (?:of|in|on|for|from) an? (?!list)(?:[\w-]+ )?[\w-]+(?= in |$)", "", text)
    for leaf in left:
        if leaf.value is False:
            text = re.sub(rf" and {re.escape(human(leaf.key))} (?:its|their|the) [\w-]+", "", text)
    return re.sub(r" for (?:somebody|someone) (?=for )", " ", inserted(text, behind))


def _says_not_which(text: str) -> bool:
    """ "Send an owner a message about a vaccination" says neither which owner nor which vaccination."""
    return bool(_INDEFINITE.search(re.sub(r'"[^"]*"', "", re.sub(r"^\w+ (?:an?|some) ", "", text))))


def _says_which_behind_name(task: str, text: str) -> bool:
    """Whether "a hall that is not theirs" became "the east hall that is not theirs"."""
    which = re.search(r"\ban? [\w-]+ (?:that|which|who) is ", task)
    return which is not None and which[0] not in text


def _says_twice(text: str) -> bool:
    """ "Get gist content of gist U8RG" says one thing twice."""
    return bool(re.search(r"\b([a-z]{4,})\b[^\"]* \1 [^a-z\"]*[A-Z0-9]", text))


def _is_description(text: str) -> bool:
    """ "Change setpoints of a greenhouse: big house" is a description with a value behind it."""
    return bool(_INDEFINITE.search(re.sub(r'"[^"]*"', "", text))) and text.split(" ", 1)[0] not in _MAKES


def _repeats(text: str, leaf: Leaf) -> bool:
    """Whether an argument behind a sentence has a name that the sentence has, or is a yes or no."""
    return isinstance(leaf.value, bool) or singular(leaf.words[-1]) in map(
        singular, re.findall(r"[a-z]+", text)
    )


def _looked_up(text: str, rest: list[str], is_task: bool) -> tuple[str, list[str]]:
    """What is looked up with the only detail behind it: "read the climate for house lean-to"."""
    looks = not is_task or text.split(" ", 1)[0] in _LOOKS
    plain = len(rest) == 1 and not re.search(r"[:\"]|^at most", rest[0])
    if looks and plain and not re.search(r' (?:for|that|whether) |[,"]', text):
        return f"{text} for {rest[0]}", []
    return text, rest


def _only_thing(text: str, known: KnownTool, left: list[Leaf]) -> str:
    """The text with a choice in the place of the only thing that it speaks of, whatever the argument is
    called: "whether a transmitter is on the air" with the site `north-ridge` is "whether the north ridge
    transmitter is ..."; "" where it speaks of several things, or needs more than that choice.
    """
    things = list(re.finditer(r"\ban? ([a-z]+)(?=$| (?:is|are|has|on|of|in|at|for)\b)", text))
    choice = [leaf for leaf in left if leaf.key in known.required and values_of(leaf.part)]
    if len(things) != 1 or len(known.required) != 1 or len(choice) != 1:
        return ""
    thing = things[0]
    return f"{text[: thing.start()]}the {spaced(choice[0].value)} {thing[1]}{text[thing.end() :]}"


def _of_the(text: str, leaf: Leaf) -> bool:
    """Whether the text speaks of the thing of which this is the new value: "update the title of issue 4"."""
    if re.fullmatch(r"[A-Z0-9]{6,}", str(leaf.value)):
        return False  # an identifier says which one, not what it becomes
    ends = "(?=$| of| for| in| content)"
    return any(re.search(rf"\bthe (?:[\w-]+ )?{re.escape(noun)}{ends}", text) for noun in names_of(leaf.key))


def _behind(text: str, leaf: Leaf, today: date | None, rng: Random) -> str:
    """An argument as it stands at the end of a sentence; "" where there is no such form."""
    value, form = leaf.value, form_of(leaf)
    if CHANGES.match(text) and not isinstance(value, (bool, dict)) and _of_the(text, leaf):
        free = isinstance(value, str) and not values_of(leaf.part)
        return (
            f'to "{value}"'
            if free
            else f"to {listing(map(spaced, value if isinstance(value, list) else [value]))}"
        )
    if isinstance(value, bool):
        return _FLAGS.get(leaf.key, ["", ""])[0 if value else 1]
    if leaf.is_time:
        return f"{'until' if form == 'to {}' else 'at'} {value}"
    if leaf.is_instant:
        return instant_said(value, form, today)
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return f"for {date.fromisoformat(f'{value}-01'):%B %Y}"
    if leaf.is_day:
        # A last day without a first one: "the orders until 5 January".
        form = "until {}" if form == "to {}" else form
        if form is None and leaf.words[-1] == "by":
            return re.sub("^(?:on )?", "by ", day_said(value, today, rng))
        if form is None and leaf.words[-1] not in ("date", "day", "on", "when"):
            return ""  # "on Sunday" would be when it is done
        return form.format(bare_day(value, today)) if form and "{}" in form else day_said(value, today, rng)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return f"for {counted(value)}"
    if form == "in {}" and value in LANGUAGES:
        return f"in {LANGUAGES[value]}"
    if form is None or isinstance(value, list) and "{q}" in form:
        return ""
    if isinstance(value, list):
        return form.format(listing(items_said(leaf)), k=human(leaf.key))
    word = leaf.words[-1] if value != 1 else singular(leaf.words[-1])
    plain = (
        titled(value)
        if values_of(leaf.part) and leaf.words[-1] in ALONE | {"origin", "destination"}
        else None
    )
    shown = plain or (spaced(value) if values_of(leaf.part) else str(value))
    quoted = shown if values_of(leaf.part) else f'"{value}"'
    return form.format(shown, n=f"{shown} {word}", q=quoted, k=human(leaf.key))
