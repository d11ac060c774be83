"""What an answer about a fact shows: that the model knows it, does not, is stale or is wrong. By rule alone,
with the matching of the knowledge probe (benchmark/names_in_text.py).

    known    states the value that holds now, and no other one
    stale    still states an earlier value; or gives a subject that is gone a value that others have
    wrong    states another value, or something of the same form: another path, number, dotted or code name
    unknown  says that it does not know, or nothing that could be a value

A value that the answer itself calls past ("no longer a.py; since May b.py") is not stated.
"""

import re
from collections.abc import Iterable
from typing import Literal

from autodidact.benchmark.clean_answer import words
from autodidact.benchmark.names_in_text import BEFORE, named
from autodidact.knowledge.fact import Fact

Outcome = Literal["known", "unknown", "stale", "wrong"]
OUTCOMES: tuple[Outcome, ...] = ("known", "unknown", "stale", "wrong")

# What makes a value after it a past one; "was moved to a.py" does not.
_PAST = re.compile(
    r"(?:\b(?:no longer|formerly|previously|earlier|used to|was|were|from|until|before)\b)"
    r"(?:(?!\bto\b)[^.;\n]){0,30}$",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:no longer|removed|deleted|gone|dropped|retired|no more|any ?more|"
    r"(?:not|n't) (?:exist|there|defined|present|part of))\b",
    re.IGNORECASE,
)
_ADMITS = re.compile(
    r"\b(?:not|n't|cannot|can't) (?:know|say|tell|find|determine|have)\b|\bnot sure\b|\bunknown\b"
    r"|\bno (?:information|idea|knowledge)\b",
    re.IGNORECASE,
)


def outcome(fact: Fact, text: str, others: Iterable[str] = ()) -> Outcome:
    """What the answer `text` shows. `others`: the values that the fact's kind has of other subjects; where
    the fact names its own (`confuse`) those count.
    """
    now = fact.accept if fact.value is not None else []
    before = [name for each in fact.earlier for name in each.accept if name not in now]
    fold = text.casefold()
    question = fact.reserved.casefold()
    other = [
        name
        for name in dict.fromkeys(fact.confuse or others)
        if name not in now
        and name not in before
        and name.casefold() in fold
        # What the question names may be repeated.
        and name.casefold() not in question
    ]
    names = list(dict.fromkeys([*now, *before, *other]))
    stated, places = set(named(names, text)), named(names, text, every=True)
    if any(name in before and name in stated and not _past(text, place) for name, place in places):
        return "stale"
    another = any(name in other and not _past(text, place) for name, place in places)
    if fact.value is None:
        if another or _GONE.search(text) or _ADMITS.search(text):
            return "stale" if another else "known" if _GONE.search(text) else "unknown"
        return "wrong" if _of_form(fact.earlier[-1].value if fact.earlier else "", fact, text) else "unknown"
    if stated & set(now):
        return "wrong" if another else "known"
    if _ADMITS.search(text):
        return "unknown"
    return "wrong" if another or _of_form(fact.value, fact, text) else "unknown"


def _past(text: str, place: int) -> bool:
    """Whether what stands at `place` is called past by the words before it."""
    return bool(_PAST.search(text, max(0, place - BEFORE), place))


def _form(name: str) -> str | None:
    """What a name is by its characters alone; None: a word, which may stand in any sentence."""
    if name.isdigit():
        return "number"
    if "/" in name:
        return "path"
    if "." in name.strip("."):
        return "dotted"
    return "code" if "_" in name.strip("_") or re.search(r"[a-z][A-Z]", name) else None


def _of_form(value: str, fact: Fact, text: str) -> bool:
    """Whether the text has a name of the same form as the value, which neither the question names nor was
    true once.
    """
    form, past = _form(value), {name for each in fact.earlier for name in each.accept}
    known = fact.reserved.casefold()
    return form is not None and any(
        _form(word) == form and word.casefold() not in known and word not in past for word in words(text)
    )


def values_by_kind(facts: Iterable[Fact]) -> dict[tuple[str, str], list[str]]:
    """What each kind of fact can have for a value, now and before: (generator, kind) to what states one."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for fact in facts:
        names = found.setdefault((fact.generator, fact.kind), {})
        for accept in (fact.accept, *(each.accept for each in fact.earlier)):
            names |= dict.fromkeys(accept)
    return {kind: list(names) for kind, names in found.items()}
