"""Exchanges in which nothing is called, since no tool fits, and how a description is quoted."""

from autodidact.generators.tool_spec.full.exchange_context import MOST_QUOTED, Scene, described
from autodidact.generators.tool_spec.full.sentence_templates import say
from autodidact.generators.tool_spec.known_tool import KnownTool, stems
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.tool_spec.tools_for_nearly_anything import may_do_anything
from autodidact.generators.writing.facts_into_words import listing
from autodidact.records import Example
from autodidact.shipped_tables import read_table
from autodidact.sources.placeholders import has_open_place

_TABLE = read_table(__file__)
_ELSEWHERE = _TABLE["elsewhere"]
_UNDOING = frozenset(_TABLE["undoing"])
# With these a verb means something else.
_PARTICLES = frozenset(("off", "in", "up", "by", "over", "round", "back"))


def destructive(known: KnownTool) -> bool:
    """Whether a tool says that it destroys, or its name or its task begins with a verb that does."""
    hint = known.tool.hints.get("destructiveHint")
    if hint is not None and (hint or known.tool.hints.get("readOnlyHint")):
        return hint
    words = human(known.name).split()
    if words[1:2] and words[1] in _PARTICLES:
        words = []  # what is dropped off is not dropped
    return bool(_UNDOING & {known.phrase.task.split(" ", 1)[0], *words[:2]})


def no_tool(scene: Scene) -> Example | None:
    """No tool fits: that is said, what it would take, and what the tools at hand are."""
    asked = scene.rng.choice(_ELSEWHERE)
    wanted = stems(asked["ask"])
    far_off = [one for one in scene.usable if not one.stems & wanted and not may_do_anything(one)]
    offered = scene.offer(among=far_off)
    names = listing(f"`{tool.name}`" for tool in offered)
    far = say("none", "far", scene.rng, needs=asked["needs"], names=names)
    return scene.row([], asked["ask"], far) if offered else None


def quoted(known: KnownTool) -> str:
    """The whole description of a tool, in quotation marks; "" for one that says nothing, or too much: what is
    left out of a description may be what a call depends on.
    """
    text = described(known)
    return in_quotes(text) if len(text) <= MOST_QUOTED and not has_open_place(text) else ""


def in_quotes(text: str) -> str:
    """A text in quotation marks, curly ones where it has straight ones itself; "" for none."""
    if not text:
        return ""
    return f"“{text}”" if '"' in text else f'"{text}"'


def stopped(text: str) -> str:
    """A quotation that ends a sentence."""
    return text if not text or text[-2:-1] in ".!?。" else f"{text}."
