"""Exchanges that end with a call: one call, one with what a question back brought to light. The request names
the tool, or quotes its description whole; its arguments are given by name.
"""

import json
from collections.abc import Mapping
from typing import Any

from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.no_call_exchanges import destructive, stopped, whole_description
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


def request(scene: Scene, given: Mapping[str, Any], kind: str) -> str:
    """A request for a call with these arguments. `kind`: `named` gives the name of the tool, `described` its
    description.
    """
    says = whole_description(scene.known)
    words = {"tool": f"`{scene.known.name}`", "says": says, "sentence": stopped(says)}
    if not given:
        return say("call", f"{kind}_alone", scene.rng, **words)
    return say("call", kind, scene.rng, given=with_arguments(given), **words)


def one_call(scene: Scene) -> Example | None:
    """A request, and the call that it means."""
    given = None if destructive(scene.known) else scene.draw()
    if given is None:
        return None
    by_description = whole_description(scene.known) and scene.rng.random() < 0.6
    scene.offer(scene.known)
    asks = request(scene, given, "described" if by_description else "named")
    return scene.row([], asks, call((scene.known.name, given)))


def _asked_back(scene: Scene) -> tuple[str, str, str, dict[str, Any]] | None:
    """(a request that lacks a required argument, the question back, its name, the whole arguments)."""
    given = None if destructive(scene.known) else scene.draw()
    keys = needed_alone(scene.known, given or {})
    if not given or not keys:
        return None
    key = scene.rng.choice(keys)
    rest = {name: value for name, value in given.items() if name != key}
    scene.offer(scene.known)
    return request(scene, rest, "named"), asked_for(scene, key), key, given


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
