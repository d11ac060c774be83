"""Scoring by rule: an item's target and the model's message in, a score that can be argued with out.

Each scorer is one function `(target, message) -> (value, explanation)`; its docstring defines the target's
keys and the partial credit. What they share: an empty answer is 0, and so is one that says the whole question
back, or has more than 20,000 characters; quotes, code marks, bold, a closing full stop and a lead like
`Answer:` cost nothing; naming every option never pays; text where a tool should be called, or a call where
text was asked for, is 0.
"""

import json
import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

from autodidact.benchmark.clean_answer import clean, squash, words
from autodidact.benchmark.item_family import Item
from autodidact.benchmark.names_in_text import find, named
from autodidact.benchmark.tool_call_scorers import ask, call, no_call
from autodidact.records import Score, nfc, response_text

# Words after which an answer that should be a label, a value or a number gets no credit at all, right or not.
WORDY = 40

# Characters; a longer answer scores 0.
LONGEST = 20_000

Scored = tuple[float, str]


def label(target: dict, message: dict) -> Scored:
    """`labels`: what was offered; `answer`: the right one.

    1.0: the right label and nothing else. 0.5: a sentence of at most 40 words that names the right label and
    no other. Else 0.
    """
    text, labels, answer = message["content"], target["labels"], target["answer"]
    bare = clean(text)
    for one in labels:
        if bare.casefold() == clean(one).casefold():
            return (1.0, "the right label") if one == answer else (0.0, f"{one} instead of {answer}")
    found = named(labels, text)
    if len(found) != 1:
        return 0.0, f"names {', '.join(found)}" if found else "names none of the labels"
    if found[0] != answer:
        return 0.0, f"{found[0]} instead of {answer}"
    if len(words(text)) > WORDY:
        return 0.0, "right, but more than 40 words where a label was asked for"
    return 0.5, "the right label, but not alone"


def exact(target: dict, message: dict) -> Scored:
    """`answer`; `accept`: other right forms; `others`: values that must not occur; `case`: true when upper
    and lower case matter.

    1.0: the answer and nothing else, white space aside. 0.5: at most 20 words around it, none of them in
    `others`. Else 0.
    """
    fold = (lambda s: s) if target.get("case") else str.casefold
    right = [target["answer"], *target.get("accept", ())]
    bare = fold(squash(clean(message["content"])))
    if bare in {fold(squash(clean(one))) for one in right}:
        return 1.0, "the right answer"
    text = fold(squash(message["content"]))
    if wrong := [one for one in target.get("others", ()) if find(fold(one), text)]:
        return 0.0, f"says {wrong[0]!r}, not {target['answer']!r}"
    if len(words(text)) <= 20 and any(find(fold(squash(one)), text) for one in right):
        return 0.5, "the right answer, but not alone"
    return 0.0, f"not {target['answer']!r}"


_NUMBER = re.compile(
    r"(?<![\w.])([-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?!\.?\d)\s*(%|[A-Za-zµ]+(?:/[a-z]+)?)?"
)
_UNITS = {
    **dict.fromkeys(("us", "µs"), ("time", 1e-6)),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), ("time", 1e-3)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), ("time", 1.0)),
    **dict.fromkeys(("min", "minute", "minutes"), ("time", 60.0)),
    **dict.fromkeys(("h", "hour", "hours"), ("time", 3600.0)),
    **dict.fromkeys(("d", "day", "days"), ("time", 86400.0)),
    **dict.fromkeys(("%", "percent"), ("share", 0.01)),
    **{
        unit: (unit, 1.0) for unit in ("b", "kb", "mb", "gb", "tb")
    },  # never converted: 1000 or 1024 is for the question to say
}


def number(target: dict, message: dict) -> Scored:
    """`answer`: a number; `unit`: what it is in, or none; `tolerance`: how far off is still right (default
    0.000001).

    A unit may be left out; times in another unit are converted; a unit of another kind is wrong. 1.0: the
    number, at most three words and no other number with it. 0.5: a working of at most 40 words that ends in
    the right number. Else 0.
    """
    text = clean(message["content"])
    found = [
        (float(value.replace(",", "").replace("−", "-")), unit.casefold())
        for value, unit in _NUMBER.findall(text)
    ]
    if not found:
        return 0.0, "no number"
    value, unit = found[-1]
    wanted = _UNITS.get((target.get("unit") or "").casefold())
    given = _UNITS.get(unit)
    if wanted and given:
        if wanted[0] != given[0]:
            return 0.0, f"in {unit} instead of {target['unit']}"
        value *= given[1] / wanted[1]
    if abs(value - target["answer"]) > target.get("tolerance", 1e-6):
        return 0.0, f"{value:g} instead of {target['answer']:g}"
    others = len([word for word in words(text) if not word[0].isdigit()]) - bool(unit and unit != "%")
    if len(found) == 1 and others <= 3:
        return 1.0, "the right number"
    if others == 0 and "=" not in text:
        return 0.0, "several numbers"
    return (
        (0.5, "the right number at the end of a working")
        if len(words(text)) <= WORDY
        else (0.0, "more than 40 words for a number")
    )


_NOTHING = {
    "none",
    "nothing",
    "no",
    "n/a",
    "empty",
    "[]",
    "()",
    "{}",
    "no one",
    "none of them",
    "nobody",
    "-",
}


def items_of(text: str) -> list[str]:
    """The things an answer lists: a JSON list, bullets, numbered lines, commas, semicolons, arrows or
    "and"."""
    bare = clean(text)
    if bare.startswith("["):
        try:
            return [clean(str(item)) for item in json.loads(bare)]
        except (ValueError, RecursionError):
            bare = bare.strip("[]")
    parts = re.split(r"\n|,|;|->|→|\band\b", bare)
    return [part for part in (clean(re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", part)) for part in parts) if part]


def set_(target: dict, message: dict) -> Scored:
    """`items`: what belongs in; `universe`: everything the prompt offered (none: whatever the answer lists
    counts).

    Recall minus false alarms: the share of the right ones that was named, less the share of the wrong ones
    that was. So naming everything is worth 0, and so is naming nothing; "none" is right when nothing belongs
    in. Without a universe each wrong one costs as much as a right one earns. Halved when more than 12 words
    of prose surround the items.
    """
    text, right, universe = message["content"], target["items"], target.get("universe")
    listed = named(universe, text) if universe else items_of(text)
    if not universe:
        folded = {item.casefold(): item for item in right}
        listed = list(dict.fromkeys(folded.get(item.casefold(), item) for item in listed))
    if not right:
        nothing = clean(text).casefold() in _NOTHING
        return (
            (1.0, "rightly none")
            if nothing
            else (0.0, f"names {', '.join(listed)}" if listed else "does not say that there is none")
        )
    hits = [item for item in listed if item in right]
    wrong = [item for item in listed if item not in right]
    rest = len(universe) - len(right) if universe else len(right)
    value = max(0.0, len(hits) / len(right) - (len(wrong) / rest if wrong else 0.0))
    prose = len(words(text)) - sum(len(words(item)) for item in listed)
    if universe and prose > 12:
        return (
            round(value / 2, 4),
            f"{len(hits)} of {len(right)} right, {len(wrong)} wrong, with {prose} words of prose",
        )
    return round(value, 4), f"{len(hits)} of {len(right)} right, {len(wrong)} wrong"


def order(target: dict, message: dict) -> Scored:
    """`items` in the right order; `before`: pairs that must hold (none: only that order is right);
    `universe`: all that was offered.

    1.0: every item once, every pair in order. Else half of what the pairs in order exceed the pairs out of
    order by; a pair with a
    missing item is out of order. 0 when an item is named twice, or one that does not belong in. Halved when
    more than 12 words of prose
    surround the items.
    """
    items, text = target["items"], message["content"]
    offered = target.get("universe", items)
    places: dict[str, list[int]] = {item: [] for item in offered}
    for item, place in named(offered, text, every=True):
        places[item].append(place)
    if extra := [item for item in offered if len(places[item]) > (item in items)]:
        return 0.0, f"{extra[0]} is named too often"
    if not any(places.values()):
        return 0.0, "names none of the items"
    pairs = [tuple(pair) for pair in target.get("before") or combinations(items, 2)]
    good = [(a, b) for a, b in pairs if places[a] and places[b] and places[a] < places[b]]
    missing = [item for item in items if not places[item]]
    prose = (
        len(words(text)) - sum(len(words(item)) for item in items) - len(re.findall(r"(?m)^\s*\d+[.)]", text))
    )
    share = 0.5 if prose > 12 else 1.0
    if len(good) == len(pairs) and not missing:
        return share, "the right order" if share == 1.0 else f"the right order, with {prose} words of prose"
    value = share * max(0.0, 2 * len(good) / len(pairs) - 1) / 2
    return round(value, 4), f"{len(good)} of {len(pairs)} pairs in order" + (
        f", {missing[0]} missing" if missing else ""
    )


def facts(target: dict, message: dict) -> Scored:
    """`required`: facts, each a text or a list of wordings; `forbidden`: what must not occur; `max_words`:
    the budget, or none.

    The share of required facts that is stated, as whole words; 0 when something forbidden is. Over the
    budget, times budget / words.
    """
    value, why = _stated(target, message["content"])
    count, budget = len(words(message["content"])), target.get("max_words")
    if budget and count > budget:
        return round(value * budget / count, 4), f"{why}; {count} words where {budget} were allowed"
    return round(value, 4), why


def budget(target: dict, message: dict) -> Scored:
    """As `facts`, for questions about brevity: over the budget the value falls in a straight line to 0 at
    three times it.
    """
    value, why = _stated(target, message["content"])
    count, allowed = len(words(message["content"])), target["max_words"]
    brief = max(0.0, min(1.0, (3 * allowed - count) / (2 * allowed)))
    return round(value * brief, 4), f"{why}; {count} words, {allowed} allowed"


def _stated(target: dict, text: str) -> Scored:
    for phrase in target.get("forbidden", ()):
        if find(phrase.casefold(), text.casefold()):
            return 0.0, f"says {phrase!r}"
    required = [[one] if isinstance(one, str) else one for one in target["required"]]
    lacking = [
        one[0] for one in required if not any(find(wording.casefold(), text.casefold()) for wording in one)
    ]
    if lacking:
        return 1 - len(lacking) / len(required), f"does not say {', '.join(map(repr, lacking))}"
    return 1.0, "states what is required"


def checks(target: dict, message: dict) -> Scored:
    """The part of a judged item that a rule decides: `checks`, a target of `facts`. Without any: 1.0 for an
    answer that is not empty.
    """
    return facts({"required": [], **target.get("checks", {})}, message)


TEXT: dict[str, Callable[[dict, dict], Scored]] = {
    "label": label,
    "exact": exact,
    "number": number,
    "set": set_,
    "order": order,
    "facts": facts,
    "budget": budget,
}
CALLS: dict[str, Callable[[dict, dict], Scored]] = {"call": call, "no_call": no_call, "ask": ask}
RULES = {**TEXT, **CALLS}


def score(item: Item, message: dict[str, Any], judge: Callable[[Item, dict], Score] | None = None) -> Score:
    """The score of a parsed assistant message `{"role", "content", "tool_calls"}`.

    An item whose scorer is "judge" goes to `judge`; without one its checks alone decide, which is what tests
    of the suite want. Raises KeyError for a scorer that does not exist.
    """
    message = nfc(
        {
            "role": "assistant",
            "content": message.get("content") or "",
            "tool_calls": message.get("tool_calls") or [],
        }
    )
    answer = response_text(message)
    if not answer.strip():
        return Score(value=0.0, answer=answer, explanation="an empty answer")
    if len(answer) > LONGEST:
        return Score(value=0.0, answer=answer[:LONGEST], explanation=f"more than {LONGEST:,} characters")
    question = squash(item.messages[-1]["content"]) if item.messages else ""
    if question and question in squash(answer):
        return Score(value=0.0, answer=answer, explanation="says the question back")
    if message["tool_calls"] and item.scorer not in CALLS:
        return Score(value=0.0, answer=answer, explanation="calls a tool where text was asked for")
    if item.scorer == "judge" and judge is not None:
        return judge(item, message)
    value, explanation = (checks if item.scorer == "judge" else RULES[item.scorer])(item.target, message)
    return Score(value=value, answer=answer, explanation=explanation)
