"""What a tool does, as somebody says it who has it in mind: without what its description adds for whoever
reads a list of tools, or out of its name.
"""

import re

from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.tool_spec.verb_forms import VERBS

# What descriptions add for whoever reads a list of tools.
_FOR_READERS = re.compile(
    r" with (?:(?:the |their |its |proper |optional |basic |full |detailed )?(?:filtering|pagination"
    r"|formatting|options|support|filters|(?:basic )?(?:profile )?information|details|metadata"
    r"|row counts)\b[ \w]*)$"
    r"|, (?:without|say|using|including|optionally|returning|which|plus|such as|given"
    r"|subject to|showing|grouped)\b.*$"
    r"| so (?:that )?(?:the|it|we|nobody|no|they) .*$"
    r"|(?<=\w) (?:as text|from the file system|from the internet)\b.*$",
    re.IGNORECASE,
)
# What descriptions set in capitals for stress.
_STRESSED = re.compile(
    r"\b(?:AFTER|BEFORE|NOT|ONLY|NEVER|ALWAYS|ALL|EVERY|EACH|ANY|MUST|WITHOUT|ONCE|ONE|HAS|HAVE|IS|ARE)\b"
    r"|(?<=\ba )[A-Z]{5,}\b"
)
# `lift_status`, `order_history`: the first word is a noun, whatever else it may be.
_OF_A_THING = frozenset(
    "status state level history info details figures count price list log report summary".split()
)
_MAKING = frozenset("add create make open book send write post reserve log report".split())
# Verbs that a name more often has as adjectives or nouns: `free_riders`, `open_orders`, `feed_check`.
_UNSURE = frozenset(
    "free open close clean clear dry empty live present complete secure feed stock state stage work sample"
    " crew lamp part process project test time water".split()
)
# Nouns at the end of a name whose first word is one, too: `feed_check`, `build_status`.
_DEEDS = frozenset("check run test scan search lookup review count".split())
_NO_ARTICLE = frozenset("all the a an my to for up in out on off by with me".split())


def in_short(text: str, vague: bool = True) -> str:
    """A task without what somebody who has it in mind would not say: "list all users" of "get a list of all
    users with their basic profile information". `vague`: whether a specific thing stays one.
    """
    if not vague:
        text = re.sub(r"\ban? (?:specific|given|specified|particular|existing) ([aeiou])", r"an \1", text)
        text = re.sub(r"\ban? (?:specific|given|specified|particular|existing) ", "a ", text)
        text = re.sub(r"\bthe (?:specific|given|specified|particular|existing) ", "the ", text)
    text = re.sub(
        r"^(?:get|fetch|return|retrieve|show) (?:an? |the )?(?:[a-z]+ )?list(?:ing)? of ", "list ", text
    )
    text = re.sub(r"^[a-z]+ly (?=[a-z]+ )", "", text)
    text = _STRESSED.sub(lambda match: match[0].lower(), text)
    text = re.sub(
        r"^([a-z]+) (?=(?:current|latest|combined|total|overall|accessibility) (?!\w+s\b))", r"\1 the ", text
    )
    text = _FOR_READERS.sub("", text)
    # "Take one off, put another on" is two things.
    second = re.search(r", ([a-z]+) (?=\w)", text)
    if second and not re.search(r"\b(?:and|or)\b", text):
        # What else stands behind a comma is a remark: ", severity 1 rings the on-call phone".
        rest = f" and {text[second.start() + 2 :]}" if second[1] in VERBS else ""
        text = text[: second.start()] + rest
    return text


def task_of_name(name: str) -> str:
    """A task out of a tool's name, with an article: `get_label` is "get the label"."""
    words = human(name).split()
    if len(words) < 2 or words[0] not in VERBS - _UNSURE or words[-1] in _OF_A_THING | _DEEDS:
        return ""
    if re.search(r"(?<![siu])s$", words[-1]) or words[0] in ("search", "list") or words[1] in _NO_ARTICLE:
        return " ".join(words)
    makes = words[0] in _MAKING
    article = ("an" if words[1][0] in "aeiou" else "a") if makes else "the"
    return " ".join([words[0], article, *words[1:]])
