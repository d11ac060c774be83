"""Exchanges whose last turn reads a result: what came back, in words, or what an error means."""

import re

from autodidact.generators.tool_spec.full.call_exchanges import both
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.failed_calls import failed
from autodidact.generators.tool_spec.full.no_call_exchanges import destructive
from autodidact.generators.tool_spec.full.request_wordings import requested
from autodidact.generators.tool_spec.full.result_and_reply import outcome
from autodidact.generators.tool_spec.full.sure_values import URGENT
from autodidact.generators.writing.conversations import called, user
from autodidact.generators.writing.facts_into_words import capital
from autodidact.records import Example, call

_DONE = re.compile(r"^(?:Done: |It worked: |That's done\. )")


def result_in_words(scene: Scene) -> Example | None:
    """A request, the call, its result; the answer uses the result."""
    if destructive(scene.known):
        return None
    scene.offer(scene.known)
    asks = scene.wish()
    got = asks and outcome(scene, asks)
    if not asks or not got:
        return None
    message = requested(asks, scene.rng)
    if got.ask:
        mark = "" if message[-1] in ".?!" or "\n" in message else "."
        message = f"{message}{mark}{chr(10) if chr(10) in message else ' '}{got.ask}"
    return scene.row([user(message), *called(asks.known.name, asks.given, got.content)], "", got.answer)


def two_results(scene: Scene) -> Example | None:
    """Two calls in one turn, and an answer that uses both results."""
    others = [one for one in scene.usable if one is not scene.known and not destructive(one)]
    if not others or destructive(scene.known):
        return None
    other = scene.rng.choice(others)
    scene.offer(scene.known, other)
    wishes = [scene.wish(), scene.wish(other)]
    if any(one is None for one in wishes):
        return None
    first, second = (one for one in wishes if one is not None)
    got, also = outcome(scene, first, plain=True), outcome(scene, second, plain=True)
    if not got or not also or "\n- " in got.answer:
        return None
    if first.rest or second.rest:
        return None
    text = both(first, second, scene.rng)
    calls = call((first.known.name, first.given), (second.known.name, second.given))
    results = [
        {"role": "tool", "name": one.known.name, "content": result.content}
        for one, result in ((first, got), (second, also))
    ]
    # Said once, for both.
    answer = f"{got.answer}\n\n{capital(_DONE.sub('', also.answer))}"
    return scene.row([user(text), calls, *results], "", answer)


def failure(scene: Scene) -> Example | None:
    """A call that fails: what it means, what was not done, what is next."""
    if destructive(scene.known):
        return None
    scene.offer(scene.known)
    asks = scene.wish()
    if asks is None:
        return None
    if URGENT.search(scene.known.purpose):
        return None  # whoever is in danger is told more than what an error means
    content, answer = failed(asks, scene.rng)
    return scene.row(
        [user(requested(asks, scene.rng)), *called(asks.known.name, asks.given, content)], "", answer
    )
