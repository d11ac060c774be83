"""Exchanges that end with a call: one call, one with what a question back brought to light. The request names
the tool; its arguments are given by name.
"""

import json
from collections.abc import Mapping
from typing import Any

from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.no_call_exchanges import destructive
from autodidact.generators.tool_spec.full.sentence_templates import say
from autodidact.generators.tool_spec.full.tool_explanations import asked_for, in_words, needed_alone
from autodidact.generators.tool_spec.spelled_values import in_code
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.facts_into_words import listing
from autodidact.records import Example, call


def with_arguments(given: Mapping[str, Any]) -> str:
    """Arguments as a request gives them: "`van` set to `van-5` and `day` set to `2026-12-04`"."""
    return listing(
        (
            f"`{key}` set to `{json.dumps(value) if isinstance(value, (dict, list)) else in_code(value)}`"
            for key, value in given.items()
        ),
        "and",
    )


def request(scene: Scene, given: Mapping[str, Any]) -> str:
    """A request for a call of a tool, by its name, with these arguments."""
    tool = f"`{scene.known.name}`"
    if not given:
        return say("call", "named_alone", scene.rng, tool=tool)
    return say("call", "named", scene.rng, tool=tool, given=with_arguments(given))


def one_call(scene: Scene) -> Example | None:
    """A request, and the call that it means."""
    given = None if destructive(scene.known) else scene.draw()
    if given is None:
        return None
    scene.offer(scene.known)
    return scene.row([], request(scene, given), call((scene.known.name, given)))


def _asked_back(scene: Scene) -> tuple[str, str, str, dict[str, Any]] | None:
    """(a request that lacks a required argument, the question back, its name, the whole arguments)."""
    given = None if destructive(scene.known) else scene.draw()
    keys = needed_alone(scene.known, given or {})
    if not given or not keys:
        return None
    key = scene.rng.choice(keys)
    rest = {name: value for name, value in given.items() if name != key}
    scene.offer(scene.known)
    return request(scene, rest), asked_for(scene, key), key, given


def question_back(scene: Scene) -> Example | None:
    """A required argument is missing: which one, what it takes, and the question for it."""
    found = _asked_back(scene)
    return scene.row([], found[0], found[1]) if found else None


def after_question(scene: Scene) -> Example | None:
    """The answer to a question back, and the call that it allows."""
    found = _asked_back(scene)
    if found is None:
        return None
    message, question, key, given = found
    reply = say("missing", "given", scene.rng, value=in_words(given[key]))
    return scene.row([user(message), assistant(question)], reply, call((scene.known.name, given)))
