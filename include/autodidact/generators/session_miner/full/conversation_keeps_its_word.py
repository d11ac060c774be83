"""Whether a conversation keeps to what it shows: each answer in the language of its question, and the tools
that its system prompt counts.
"""

import re
from typing import Any

# Small words of languages other than English in which people write to a team.
_FOREIGN = re.compile(
    r"\b(?:ich|nicht|das|dem|den|ein|eine|einen|und|ist|sind|wir|mehr|bitte|wann|wer|welche\w*|wird|auf|mit"
    r"|von"
    r"|für|noch|auch|wie|heute|morgen|gestern|je|le|les|la|du|des|est|pas|nous|vous|une|quel\w*|quand|combien"
    r"|stp|sur|el|los|las|que|qué|por|para|cuándo|cuando|muy|il|che|sono|di|della|quando|dove|perché|het|een"
    r"|niet|ik|voor|van|wanneer|welk\w*|nie|jest|não|uma)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:the|is|are|was|were|of|to|and|not|it|from|has|have|you|your|what|which|who|when|where|how|there"
    r"|that|this|with|for|by|don't|can|will|does|no)\b",
    re.IGNORECASE,
)
# Words of both sides that a text needs.
LEAST = 2
# "only with the two read tools", "You have 3 tools": a prompt that counts tools.
_COUNTS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d+|both|all)\s+(?:of\s+)?(?:[\w-]+\s+){0,3}?tools\b",
    re.IGNORECASE,
)


def language(text: str) -> str:
    """`english`, `other`, or "" where a text does not tell."""
    foreign, english = len(_FOREIGN.findall(text)), len(_ENGLISH.findall(text))
    if english >= LEAST and english > foreign:
        return "english"
    return "other" if foreign >= LEAST and foreign > english else ""


def in_one_language(messages: list[dict[str, Any]]) -> bool:
    """Whether no question in one language is answered in another."""
    asked, given = "", []
    for one in messages:
        if one["role"] == "user":
            asked = language(str(one["content"]))
        elif one["role"] == "assistant" and not one.get("tool_calls"):
            given.append({asked, language(str(one["content"]))})
    return {"english", "other"} not in given


def counts_tools(prompt: str) -> bool:
    """Whether a system prompt counts the tools that there are: then none of them can be left out."""
    return _COUNTS.search(prompt) is not None


def named_in(prompt: str, names: list[str]) -> list[str]:
    """Those of the names of tools, or of the desks that they pass to, that a prompt has: `assign_lift_desk`
    is named by "lift desk" or by its own name.
    """
    words = re.sub(r"[\W_]+", " ", prompt).lower()
    return [name for name in names if _desk(name) and re.search(rf"\b{re.escape(_desk(name))}\b", words)]


def _desk(name: str) -> str:
    """The words of a tool's name behind its first one, where that hands over; else all of them."""
    first, _, rest = re.sub(r"[\W_]+", " ", name.rpartition("__")[2]).strip().lower().partition(" ")
    return (
        rest
        if rest and first in ("assign", "pass", "give", "handoff", "transfer", "delegate")
        else (f"{first} {rest}".strip())
    )
