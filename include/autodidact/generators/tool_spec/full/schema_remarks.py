"""What a schema says besides of what a question of the probe is about, and what could be taken for its right
answer.
"""

import re
from collections.abc import Mapping, Sequence

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.description_phrases import sentences, whole_sentences
from autodidact.generators.tool_spec.full.argument_in_words import (
    BARE,
    MOST_CHOICES,
    choices_said,
    default_of,
    kind_said,
    need,
    quoted_descriptions,
    with_fields,
)
from autodidact.generators.tool_spec.full.description_conditions import (
    mentions,
    names_with_condition,
    sets_condition,
)
from autodidact.generators.tool_spec.full.easily_confused_tools import alike
from autodidact.generators.tool_spec.full.exchange_context import MOST_QUOTED, described
from autodidact.generators.tool_spec.full.no_call_exchanges import in_quotes, stopped
from autodidact.generators.tool_spec.full.tool_explanations import at_hand
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.plain_schema import ended, plain
from autodidact.generators.tool_spec.spelled_values import in_code
from autodidact.generators.writing.facts_into_words import listing
from autodidact.knowledge.fact import Question

# How descriptions say that a value is not always what the schema assumes, or not taken as it is.
_OVERRULES = re.compile(
    r"\b(?:always|whatever|regardless|no matter|ignor\w*|in any case|either way|anyway|overrid\w*"
    r"|default\w*)\b",
    re.IGNORECASE,
)

# A sentence that cannot be understood without the one before it.
_POINTS_BACK = re.compile(r"(?:it|its|they|their|this|these|those|that|then|otherwise|else|both)\b", re.I)


def mistaken(question: Question, tools: Sequence[KnownTool]) -> list[str]:
    """What somebody could take for the answer: a tool that is about the same thing, another choice of the
    argument. [] where nothing is near, since nobody takes `create_event` for `list_pods`.
    """
    if question.kind == "default_of":
        name, _, key = question.subject.partition(".")
        part = next((plain(one.properties.get(key)) for one in tools if one.name == name), {})
        values = values_of(part) or ([True, False] if part.get("type") == "boolean" else [])
        return [in_code(one) for one in values if in_code(one) not in question.accept]
    known = next((one for one in tools if one.name == question.accept[0]), None)
    near = [one for one in tools if known and one is not known and alike(known, one, tools)]
    if question.kind == "tool_with":
        near = [one for one in near if question.subject not in one.properties]
    return [one.name for one in near if one.name in question.confuse or question.kind == "tool_for"]


def of_schema(question: Question, tools: Mapping[str, KnownTool]) -> list[str]:
    """What the schema says besides: what the tool needs and the rest of its description, or which values the
    argument takes; [] where it says nothing.
    """
    name, _, key = question.subject.partition(".") if question.kind == "default_of" else ("", "", "")
    known = tools.get(name or question.accept[0])
    if known is None:
        return []
    if question.kind == "tool_for":
        found = [at_hand(known)]
    elif key:
        found = _of_argument(known, key)
    else:
        found = _of_argument(known, question.subject, whole=True)
    return [one for one in found if one]


def said_of_default(question: Question, tools: Mapping[str, KnownTool]) -> str:
    """The sentences of a tool's description that have a word on an argument, or on something like its
    default: "histo always goes external whatever you put". "" without any: then the schema alone says what
    happens without a value. One that begins with "it" or "they" comes with the one before it.
    """
    name, _, key = question.subject.partition(".")
    known = tools.get(name) if question.kind == "default_of" else None
    if known is None:
        return ""
    own = _names(known, key)
    others = [
        name for one in known.properties if one != key for name in _names(known, one) if name not in own
    ]

    def concerns(one: str) -> bool:
        about, about_other = (any(mentions(one, name) for name in names) for names in (own, others))
        overrules = _OVERRULES.search(one) is not None and (about or not about_other)
        return about and sets_condition(one) or names_with_condition(one, known, key) or overrules

    text = described(known)
    whole = whole_sentences(text if len(text) <= MOST_QUOTED else known.purpose)
    chosen = {at for at, one in enumerate(whole) if any(map(concerns, sentences(one)))}
    chosen |= {at - 1 for at in chosen if at and _POINTS_BACK.match(whole[at])}
    return ". ".join(whole[at].rstrip(".") for at in sorted(chosen))


def _names(known: KnownTool, key: str) -> list[str]:
    """The name of an argument and its choices."""
    return [key, *(str(one) for one in values_of(plain(known.properties.get(key))))]


def with_description(question: Question, known: KnownTool, said: str) -> str:
    """What the schema has as a default, with what it says of the argument, and what the tool says."""
    remark = argument_remark(known, question.subject.partition(".")[2])
    also = f"The tool's description says: {stopped(in_quotes(ended(said)))}"
    return " ".join(one for one in (question.answer, remark, also) if one)


def argument_remark(known: KnownTool, key: str) -> str:
    """Which values an argument takes, in a sentence, and its description in the schema's words."""
    return " ".join(one for one in _of_argument(known, key) if one)


def _assumed(default: str) -> str:
    """What the schema has as the default: a value in code, or an empty text or list in words."""
    return f"has the default {default} in the schema" if default[0] == "`" else f"is {default} by default"


def _of_argument(known: KnownTool, key: str, whole: bool = False) -> list[str]:
    """Which values an argument takes, in a sentence that names it; its description in the schema's words. ""
    for either where the schema has nothing. `whole`: also whether it must be given, and its default.
    """
    raw = known.properties.get(key)
    part, choices, said_kind = plain(raw), choices_said(raw), kind_said(raw, key)
    if said_kind is None:
        return []  # more than a sentence says
    kind, takes = with_fields(said_kind, raw), ""
    if 1 < len(choices) <= MOST_CHOICES:
        takes = f"can be {listing(choices, 'or')}"
    elif kind.startswith(("a list", "always")):
        takes = f"is {kind}" if whole or kind not in BARE else ""
    elif kind and (whole or kind not in BARE):
        takes = f"takes {kind}"
    default, needed = (default_of(part), need(known, key)) if whole else ("", "")
    said = listing(one for one in (needed and f"is {needed}", takes, default and _assumed(default)) if one)
    about = quoted_descriptions(raw, key, "it" if said else f"`{key}`")
    if not takes and not about and whole:
        return []  # that it is required is nothing to know it by
    return [f"`{key}` {said}." if said else "", " ".join(about)]
