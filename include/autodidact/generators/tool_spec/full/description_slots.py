"""The places that a description has for the values of arguments: "at a pier", "between two piers", "over a
period", "in a GitHub repository"; and how they are filled, or left out.
"""

import re
from datetime import date
from random import Random

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.full.argument_with_its_schema import Leaf, plural, singular
from autodidact.generators.tool_spec.full.value_phrases import (
    SAID,
    bare_day,
    day_said,
    form_of,
    names_of,
    titled,
    value_said,
)
from autodidact.generators.writing.read_word_table import read_table

_TABLE = read_table(__file__)
_VAGUE, _FOLLOWS = "|".join(_TABLE["vague"]), "|".join(_TABLE["follows"])
LANGUAGES = _LANGUAGES = _TABLE["languages"]
_MAKING = frozenset(("create", "add", "open", "make"))
_PREPOSITIONS = "at|on|for|in|of|to|from|with|by|about|into|over"
_DETERMINERS = "an?|one|the|any|some|this|that|your|my|two"
# What may be done to a thing with the argument as its new value.
CHANGES = re.compile(r"(?:update|set|change|edit|replace|modify)\b")
# "or on a sailing", behind and before what has a name now.
_ALTERNATIVE = re.compile(
    rf"^ or (?:(?:{_PREPOSITIONS}) )?(?:an? )?[\w-]+(?: [\w-]+)?(?=$|,| (?:{_PREPOSITIONS}|what|that|how)\b)"
)
_BEFORE = re.compile(rf"(?:\b(?:{_PREPOSITIONS}) )?\ban? [\w-]+(?: [\w-]+)? or $")


def inserted(text: str, behind: list[str]) -> str:
    """The text with these phrases before what follows a comma, or before a second verb."""
    early = [one for one in behind if re.match(r"(?:from|to|in|at|on) |today|tomorrow|yesterday", one)]
    early.sort(key=lambda one: not one.startswith(("from ", "to ")))
    if early and (clause := re.search(r" (?:that|which) (?:still |are |is |have |has )", text)):
        text = f"{text[: clause.start()]} {' '.join(early)}{text[clause.start() :]}"
        behind = [one for one in behind if one not in early]
    joined = ""
    for one in behind:
        one = one.replace("with ", "and ", 1) if one.startswith("with ") and "with " in joined else one
        joined += f" {one}"
    match = re.search(r", (?!and |or )| and [a-z]+ (?:its|their|it|them|the|an?) ", text)
    before = [one for one in behind if one.startswith(("but ", "and "))]
    at = match.start() if match and not before and " that " not in text[: match.start()] else len(text)
    return text[:at] + joined + text[at:]


def pattern(noun: str) -> re.Pattern[str]:
    """A noun with its article, adjectives and preposition, unless it is a part of another noun."""
    adjective = rf"(?!{_PREPOSITIONS}|and|or|that)[\w-]+ "
    return re.compile(
        rf"(?:\b(?P<at>{_PREPOSITIONS}) )?\b(?P<det>{_DETERMINERS}) (?P<adj>(?:{adjective}){{0,3}}?)"
        rf"{re.escape(noun)}(?P<own>'s)?(?=$|[,.;)]| (?:{_FOLLOWS})\b|(?<='s) )",
        re.IGNORECASE,
    )


def placed(text: str, leaf: Leaf, today: date | None, rng: Random) -> str | None:
    """The text with the value in the place of the noun that it is the name of; None without such a noun."""
    if found := _number_or_text(text, leaf):
        return found
    for noun in names_of(leaf.key):
        for form in (noun, plural(noun)) if leaf.words[0] in ("minutes", "hours", "days") else (noun,):
            match = pattern(form).search(text)
            if match is None:
                continue
            if re.match(r" (?:is|are|has|have)\b", text[match.end() :]) and match["det"] == "the":
                continue
            at = f"{match['at']} " if match["at"] else ""
            adjectives = " ".join(word for word in match["adj"].split() if word not in _TABLE["vague"])
            named = f"{adjectives} {noun}".strip()
            if leaf.is_day:
                said = day_said(leaf.value, today, rng)
            else:
                said = at + value_said(leaf, named)
            if leaf.is_day is False and match["det"].lower() == "the" and CHANGES.match(text):
                return None
            behind = _ALTERNATIVE.sub("", text[match.end() :])
            return _BEFORE.sub("", text[: match.start()]) + said + (match["own"] or "") + behind
    return None


def route(text: str, found: list[Leaf], done: set) -> str:
    """ "between two piers" as from one to the other."""
    ends = {}
    for leaf in found:
        form = form_of(leaf) or {"from": "from {}", "to": "to {}"}.get(leaf.words[0])
        if form in ("from {}", "to {}") and not leaf.is_day and isinstance(leaf.value, str):
            ends[form] = leaf
    match = re.search(
        r"\bbetween (?:two|the) [\w-]+|\bfrom (?:one|an?) [\w-]+ to another(?: (?!at|in|on|of|for)[\w-]+)?",
        text,
    )
    if match is None or len(ends) < 2:
        return text
    done.update(leaf.path for leaf in ends.values())
    one, other = (titled(ends[end].value) for end in ("from {}", "to {}"))
    return f"{text[: match.start()]}from {one} to {other}{text[match.end() :]}"


def period(text: str, found: list[Leaf], done: set, today: date | None, rng: Random) -> str:
    """ "over a period", or the end of the text, with its first and its last day."""
    days = [leaf for leaf in found if leaf.is_day and form_of(leaf) in ("from {}", "to {}")]
    if len(days) != 2 or form_of(days[0]) == form_of(days[1]):
        return text
    days.sort(key=lambda leaf: str(form_of(leaf)))
    done.update(leaf.path for leaf in days)
    one, other = (bare_day(leaf.value, today) for leaf in days)
    said = f"from {one} to {other}" if rng.random() < 0.6 else f"between {one} and {other}"
    match = re.search(
        r"\b(?:over|for|in|within) (?:a|the|some) (?:period|time range|date range|time)\b"
        r"|\bbetween (?:two|the|some) (?:days|dates|times|points in time)\b",
        text,
    )
    return f"{text[: match.start()]}{said}{text[match.end() :]}" if match else inserted(text, [said])


def repository(text: str, found: list[Leaf], done: set) -> str:
    """An owner and a repository as owner/repository, in the place of "a GitHub repository"."""
    by_key = {leaf.key.lower(): leaf for leaf in found if isinstance(leaf.value, str)}
    owner, repo = by_key.get("owner") or by_key.get("org"), by_key.get("repo") or by_key.get("repository")
    if owner is None or repo is None:
        return text
    done.update((owner.path, repo.path))
    name = f"{owner.value}/{repo.value}"
    for noun in ("repository or organization", "repository or organisation", "repository"):
        if match := re.search(
            rf"\b(?:(?:an?|the) )?(?:(?:{_VAGUE}) )*{noun}(?=$|[,.]| (?:{_FOLLOWS})\b)", text
        ):
            return f"{text[: match.start()]}{name}{text[match.end() :]}"
    return inserted(text, [f"in {name}"])


def dropped(text: str, key: str) -> str:
    """The text without the place of an argument: "high water at a pier" is "high water"."""
    if SAID.get(key) in ("from {}", "to {}"):
        text = re.sub(r" between (?:two|the) [\w-]+| (?:over|for|in|within) (?:a|the|some) period", "", text)
    for noun in names_of(key):
        if match := pattern(noun).search(text):
            if match["at"] and not match["own"]:
                return (text[: match.start()].rstrip() + text[match.end() :]).strip()
            if match["own"]:
                return f"{text[: match.start('det')]}the {noun}'s{text[match.end() :]}"
            kept = " ".join(word for word in match["adj"].split() if word not in _TABLE["vague"])
            # What is made is not known before.
            article = (
                "the"
                if text.split(" ", 1)[0] not in _MAKING
                else "an"
                if (kept or noun)[0] in "aeiou"
                else "a"
            )
            said = f"{article} {kept} {noun}".replace("  ", " ")
            return (
                text[: match.start()]
                + (f"{match['at']} " if match["at"] else "")
                + said
                + text[match.end() :]
            )
    return text


def _number_or_text(text: str, leaf: Leaf) -> str:
    """The text with "a number of replicas" as 3 replicas, or with a bare object ("translate text") as the
    text itself, or "into another language" as into Portuguese; "" where it has none of these.
    """
    noun, value = leaf.words[-1], leaf.value
    if isinstance(value, int):
        match = re.search(rf"\b(to )?(?:a|the|some) number of {re.escape(noun)}\b", text)
        counted = f"{value} {singular(noun) if value == 1 else noun}"
        return f"{text[: match.start()]}{match[1] or ''}{counted}{text[match.end() :]}" if match else ""
    if not isinstance(value, str):
        return ""
    bare = re.match(rf"([a-z]+) (?:(?:the|an?|some) )?{re.escape(noun)}(?= (?:into|in|to|from|of)\b|$)", text)
    if (
        bare
        and leaf.key in ("text", "sql", "query", "message", "prompt", "question")
        and not values_of(leaf.part)
    ):
        return f'{bare[1]} "{value}"{text[bare.end() :]}'
    match = re.search(r"\b(in|into|to) (?:another|a|the|some)(?: [\w-]+)? language\b", text)
    if match and noun in ("language", "lang", "locale") and value in _LANGUAGES:
        return f"{text[: match.start()]}{match[1]} {_LANGUAGES[value]}{text[match.end() :]}"
    return ""
