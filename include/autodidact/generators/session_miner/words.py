"""How session_miner asks who takes a request."""

import random

ASK = (
    "Handlers: {handlers}.\nRequest: {request}\nWhich handler takes it? Answer with its name.",
    "Route this request to one of {handlers}.\n\n{request}",
    "{request}\n\nWho takes this: {handlers}? One name.",
    'You hand requests to handlers ({handlers}). Which one gets the following?\n"{request}"',
    "New request: {request}\nPick the handler. Choices: {handlers}.",
    "{handlers}: to which of them do you pass this on?\n> {request}",
    "Classify by handler ({handlers}): {request}",
)
DESCRIBED = (
    "Handlers:\n{handlers}\n\nRequest: {request}\nWhich handler takes it? Answer with its name.",
    "{request}\n\nThese can take it:\n{handlers}\n\nName the one that should.",
)
MISTAKEN = (
    "I am about to give this to {wrong}. Is that right?\n{request}",
    '{wrong} takes this one, doesn\'t it? "{request}"',
    "Request: {request}\nSuggested handler: {wrong}. Correct it if that is wrong.",
)
WITHOUT = (
    "Handlers: {handlers}.\nRequest: {request}\nWhich of these takes it? Say so if none does.",
    "{request}\n\nCan {handlers} take this? If not, who does?",
)
CORRECTED = (
    (
        "Request: {request}\nIt went to {wrong}. The person then said: {correction}\nWhich handler should"
        " have taken it? Answer with its name."
    ),
    '"{request}" was handed to {wrong}, and the answer came back: "{correction}" Who was the right handler?',
    (
        "Learn from this routing mistake.\nAsked: {request}\nGiven to: {wrong}\nThen: {correction}\nRight"
        " handler:"
    ),
)


def ask_for_handler(
    request: str, taken: str, handlers: list[str], described: dict[str, str], most: int, rng: random.Random
) -> tuple[str, str]:
    """A question who takes the request, and its answer. One in four suggests a handler, or leaves open
    whether the right one is offered.
    """
    others = [name for name in handlers if name != taken]
    chance = rng.random()
    if chance < 0.12:
        suggested = rng.choice((taken, rng.choice(others)))
        answer = f"Yes, {taken}." if suggested == taken else f"No: {taken} takes it, not {suggested}."
        return rng.choice(MISTAKEN).format(wrong=suggested, request=request), answer
    if chance < 0.25 and len(others) > 1:
        offered = rng.sample(others, min(len(others), most, 4))
        if inside := rng.random() < 0.4:
            offered[rng.randrange(len(offered))] = taken
        asked = rng.choice(WITHOUT).format(handlers=", ".join(offered), request=request)
        return asked, taken if inside else f"None of these; {taken} takes it."
    offered = [taken, *rng.sample(others, min(len(others), most - 1))]
    rng.shuffle(offered)
    if all(described.get(name) for name in offered) and rng.random() < 0.5:
        listed = "\n".join(f"- {name}: {described[name]}" for name in offered)
        return rng.choice(DESCRIBED).format(handlers=listed, request=request), taken
    return rng.choice(ASK).format(handlers=", ".join(offered), request=request), taken
