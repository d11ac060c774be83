"""Exchanges that end with a call, or with what an error of one means: one call, two at once, one with what a
question back brought to light, one with the right name.
"""

import re

from autodidact.generators.tool_spec.full.changed_argument import changed
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.failed_calls import failed, reads
from autodidact.generators.tool_spec.full.no_call_exchanges import asked_back, destructive
from autodidact.generators.tool_spec.full.request_wordings import requested
from autodidact.generators.tool_spec.full.value_surely_fits import URGENT
from autodidact.generators.writing.conversations import assistant, called, user
from autodidact.records import Example, call, canonical


def one_call(scene: Scene) -> Example | None:
    """A request, and the call that it means."""
    asks = None if destructive(scene.known) else scene.wish()
    if asks is None:
        return None
    scene.offer(scene.known)
    return scene.row([], requested(asks, scene.rng), call((scene.known.name, asks.given)))


def two_calls(scene: Scene) -> Example | None:
    """The same of two things at once, of a tool that only looks."""
    first = None if destructive(scene.known) else scene.wish()
    found = changed(scene, first) if first and reads(first) else None
    if first is None or found is None:
        return None
    second, difference = found
    message = requested(first, scene.rng, plain=True)
    message = f"{message if message[-1] in '.?!' else message + '.'} And {difference} too."
    scene.offer(scene.known)
    return scene.row([], message, call(*((scene.known.name, one.given) for one in (first, second))))


def failure(scene: Scene) -> Example | None:
    """A call that fails: what it means, what was not done, what is next."""
    if destructive(scene.known) or URGENT.search(scene.known.purpose):
        return None  # whoever is in danger is told more than what an error means
    scene.offer(scene.known)
    asks = scene.wish()
    found = failed(asks, scene.rng) if asks else None
    if asks is None or found is None:
        return None
    content, answer = found
    history = [user(requested(asks, scene.rng)), *called(asks.known.name, asks.given, content)]
    return scene.row(history, "", answer)


def after_question(scene: Scene) -> Example | None:
    """The answer to a question back, and the call that it allows."""
    found = None if destructive(scene.known) else asked_back(scene)
    if found is None:
        return None
    message, question, missing, given = found
    if scene.wish(given=given) is None:
        return None
    reply = missing.answer(scene.rng)
    return (
        scene.row([user(message), assistant(question)], reply, call((scene.known.name, given)))
        if reply
        else None
    )


def corrected(scene: Scene) -> Example | None:
    """A thing that is not there, and the call with the right name that the user gives then."""
    if destructive(scene.known):
        return None
    scene.offer(scene.known)
    first = scene.wish()
    found = failed(first, scene.rng) if first else None
    if first is None or found is None:
        return None
    content, answer = found
    wrong = next((key for key, value in first.given.items() if f"`{value}`" in answer), None)
    other = scene.draw()
    if wrong is None or other is None or other.get(wrong) in (None, first.given[wrong]):
        return None
    given = first.given | {wrong: other[wrong]}
    if not scene.known.accepts(given) or canonical(given) == canonical(first.given):
        return None
    history = [
        user(requested(first, scene.rng)),
        *called(first.known.name, first.given, content),
        assistant(answer),
    ]
    right = other[wrong]
    # `infra` is no slip of the pen for `docs-site`.
    slips = [f"Sorry, typo: {right}.", f"I misread it, it's {right}."] if re.search(r"\d", str(right)) else []
    asks = (*slips, f"Ah, {right}, not {first.given[wrong]}.", f"Should have been {right}.")
    return scene.row(history, scene.rng.choice(asks), call((scene.known.name, given)))
