"""Exchanges that end with a call: one call, one with what a question back brought to light."""

from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.no_call_exchanges import asked_back, destructive
from autodidact.generators.tool_spec.full.request_wordings import requested
from autodidact.generators.writing.conversations import assistant, user
from autodidact.records import Example, call


def one_call(scene: Scene) -> Example | None:
    """A request, and the call that it means."""
    asks = None if destructive(scene.known) else scene.wish()
    if asks is None:
        return None
    scene.offer(scene.known)
    return scene.row([], requested(asks, scene.rng), call((scene.known.name, asks.given)))


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
