"""What a schema says besides of what a question of the probe is about, and what could be taken for its right
answer.
"""

import re
from collections.abc import Mapping, Sequence

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.full.argument_with_its_schema import plain
from autodidact.generators.tool_spec.full.description_conditions import speaks_of_cases
from autodidact.generators.tool_spec.full.easily_confused_tools import alike
from autodidact.generators.tool_spec.full.no_call_exchanges import quoted, stopped
from autodidact.generators.tool_spec.full.tool_explanations import MOST_ABOUT, at_hand, kind_said
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.spelled_values import in_code
from autodidact.generators.writing.facts_into_words import listing
from autodidact.knowledge.fact import Question

# Choices of an argument that are named in a sentence.
MOST_CHOICES = 8
# Characters of a description that is quoted.
MOST_PURPOSE = 240


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


def of_schema(question: Question, tools: Mapping[str, KnownTool]) -> str:
    """What the schema says besides: what the tool needs, which values the argument takes; "" where it says
    nothing.
    """
    name, _, key = question.subject.partition(".") if question.kind == "default_of" else ("", "", "")
    known = tools.get(name or question.accept[0])
    if known is None:
        return ""
    if question.kind == "tool_for":
        about = (
            stopped(quoted(known)) if speaks_of_cases(known) and len(known.purpose) <= MOST_PURPOSE else ""
        )
        return " ".join(one for one in (at_hand(known), about and f"Its description is {about}") if one)
    return argument_remark(known, key or question.subject)


def argument_remark(known: KnownTool, key: str) -> str:
    """Which values an argument takes, in a sentence, and its description in the schema's words."""
    part = plain(known.properties.get(key))
    values, kind, of_list = values_of(part), kind_said(part), values_of(plain(part.get("items")))
    takes = ""
    if 1 < len(values) <= MOST_CHOICES:
        takes = f"It can be {listing((f'`{in_code(one)}`' for one in values), 'or')}."
    elif 1 < len(of_list) <= MOST_CHOICES:
        takes = f"It is a list of {listing((f'`{in_code(one)}`' for one in of_list), 'or')}."
    elif kind not in ("", "a string", "a number", "an integer", "an object", "a list"):
        takes = "It takes " + re.sub(r"(above \S+) (?=below|at most)", r"\1 and ", kind) + "."
    about = " ".join(str(part.get("description") or "").split())
    fits = 8 <= len(about) <= MOST_ABOUT and '"' not in about and about.rstrip(".") not in takes
    return f"{takes} {f'The schema says of it: {_quoted(about)}' if fits else ''}".strip()


def _quoted(about: str) -> str:
    return f'"{about}"' if about[-1] in ".!?" else f'"{about}."'
