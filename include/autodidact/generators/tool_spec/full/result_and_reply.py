"""What comes back for a wish, and what is said of it, whatever kind of tool it is."""

import re
from dataclasses import dataclass

from autodidact.generators.tool_spec.full.argument_values import singular
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.requests_from_descriptions import Wish
from autodidact.generators.tool_spec.full.result_reports import (
    STATES,
    of_action,
    of_list,
    of_record,
    of_waiting,
    of_whether,
)
from autodidact.generators.tool_spec.full.sentence_templates import say
from autodidact.generators.tool_spec.full.text_results import text_of
from autodidact.generators.tool_spec.full.tool_chains import Link, named_takers, takers
from autodidact.generators.tool_spec.full.tool_results import (
    MANY,
    READ,
    SLOW,
    Result,
    acted,
    listed,
    noun_of,
    record,
    verb_of,
)

# Of what takes its time, the share that is not finished when the tool answers.
WAITING = 0.3


@dataclass
class Outcome:
    """`content`: the result. `ask`: a question besides the request, "" for none. `answer`: what is said."""

    content: str
    ask: str
    answer: str
    result: Result | None = None
    link: Link | None = None


def outcome(scene: Scene, wish: Wish, plain: bool = False) -> Outcome | None:
    """None where nothing says what comes back. `plain`: without a question of its own."""
    for _ in range(4):
        found = _outcome(scene, wish, plain)
        if found is None or not plain or not found.ask:
            return found
    return None


def _next_step(scene: Scene, wish: Wish, state: str) -> str:
    """What can be done about something that is not up: by a tool in context that acts on the same thing."""
    if any(state.endswith(up) for up in STATES["up"]):
        return ""
    acting = [
        one
        for one in scene.offered
        if one is not wish.known
        and set(wish.given) & set(one.required)
        and not one.tool.hints.get("readOnlyHint")
        and one.phrase.task.split(" ")[0] not in READ
        and one.phrase.task
    ]
    return (
        say("whether", "next", scene.rng, name=acting[0].name, task=acting[0].phrase.task) if acting else ""
    )


def is_list(wish: Wish) -> bool:
    noun = noun_of(wish).split()[-1:] or [""]
    return verb_of(wish) in MANY or verb_of(wish) == "get" and singular(noun[0]) != noun[0]


def _outcome(scene: Scene, wish: Wish, plain: bool) -> Outcome | None:
    rng = scene.rng
    if re.match(r"find out whether .+ (?:up|online|running|available|healthy|reachable)$", wish.do):
        state, says = of_whether(wish, rng)
        return Outcome(state, "", says + _next_step(scene, wish, state))
    if wish.do.startswith("find out "):
        return None
    if found := text_of(wish, rng):
        return Outcome(*found)
    if is_list(wish):
        return _list(scene, wish)
    if wish.thing or verb_of(wish) in READ:
        result = record(wish, rng, scene.day)
        said = result and of_record(result, wish, rng)
        return Outcome(result.content, *said, result) if result and said else None
    if not plain and verb_of(wish) in SLOW and rng.random() < WAITING:
        return Outcome(*_with_no_ask(of_waiting(wish, rng)))
    if not wish.known.phrase.task and wish.known.purpose:
        return None  # what it does is not known by its name: `stop_lift` may only ask somebody to
    links = named_takers(wish.known, scene.usable)
    link = next((one for one in links if one[0] in scene.offered), links[0] if links else None)
    acts = acted(wish, link, rng)
    answer = acts and of_action(acts, wish, link if link and link[0] in scene.offered else None, rng)
    return Outcome(acts.content, "", answer, acts, link) if acts and answer else None


def _with_no_ask(found: tuple[str, str]) -> tuple[str, str, str]:
    return found[0], "", found[1]


def _list(scene: Scene, wish: Wish) -> Outcome | None:
    links = takers(wish.known, noun_of(wish), scene.usable)
    links = [one for one in links if one[0] in scene.offered] or links
    link = scene.rng.choice(links) if links else None
    result = listed(wish, link, scene.rng, scene.day)
    if result is None:
        return None
    near = link if link and link[0] in scene.offered else None
    said = of_list(result, wish, near, scene.rng)
    return Outcome(result.content, *said, result, link) if said else None
