"""Exchanges whose last turn is a call: one, two at once, the same for something else, a second one that needs
what the first gave, one with what a question back brought to light.
"""

import re
from random import Random
from typing import Any

from autodidact.generators.tool_spec.full.changed_argument import DAYS, PREPOSITIONS, changed
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.failed_calls import failed, reads
from autodidact.generators.tool_spec.full.no_call_exchanges import asked_back, destructive
from autodidact.generators.tool_spec.full.request_wordings import requested
from autodidact.generators.tool_spec.full.requests_from_descriptions import Wish, wish
from autodidact.generators.tool_spec.full.result_and_reply import is_list, outcome
from autodidact.generators.tool_spec.full.result_reports import in_short
from autodidact.generators.tool_spec.full.tool_chains import named_takers, takers
from autodidact.generators.tool_spec.full.tool_results import listed, noun_of
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.writing.conversations import assistant, called, user
from autodidact.generators.writing.facts_into_words import capital
from autodidact.records import Example, call, canonical

# Verbs after which there is something new that was meant once.
_NEW = frozenset(("create", "open", "add", "post", "send", "write", "merge", "push"))


def one_call(scene: Scene) -> Example | None:
    """A request, and the call that it means."""
    asks = None if destructive(scene.known) else scene.wish()
    if asks is None:
        return None
    scene.offer(scene.known)
    return scene.row([], requested(asks, scene.rng), call((scene.known.name, asks.given)))


def two_calls(scene: Scene) -> Example | None:
    """Two things at once that do not depend on each other."""
    if destructive(scene.known):
        return None
    others = [one for one in scene.usable if one is not scene.known and not destructive(one)]
    first = scene.wish()
    if first is None:
        return None
    if others and scene.rng.random() < 0.6:
        second = scene.wish(scene.rng.choice(others))
        if second is None or second.known.size + first.known.size > scene.budget:
            return None
        if first.rest or second.rest:
            return None
        joined = both(first, second, scene.rng)
    else:
        found = changed(scene, first)
        if found is None:
            return None
        second, difference = found
        joined = requested(first, scene.rng, plain=True)
        if "\n" in joined:
            return None
        joined = f"{joined if joined[-1] in '.?!' else joined + '.'} {_same(difference, first, scene.rng)}"
    scene.offer(*{one.known.name: one.known for one in (first, second)}.values())
    calls = [(one.known.name, one.given) for one in (first, second)]
    return scene.row([], joined, call(*calls))


def both(first: Wish, second: Wish, rng: Random) -> str:
    """One message that asks for two things."""
    one, other = (requested(each, rng, plain=True) for each in (first, second))
    one = capital(one if one[-1] in ".?!" else f"{one}.")
    other = other if other[-1] in ".?!" else f"{other}."
    if first.do and second.do and rng.random() < 0.6:
        return rng.choice(
            (
                f"Please {first.do}, and {second.do}.",
                f"Two things: {first.do}, and {second.do}.",
                f"Can you {first.do}? While you're at it, {second.do}.",
            )
        )
    return rng.choice((f"Two things. {one} {capital(other)}", f"1. {one}\n2. {capital(other)}"))


def _same(difference: str, first: Wish, rng: Random) -> str:
    known = difference.split()[0] in PREPOSITIONS or difference in DAYS
    if first.thing or is_list(first) or first.do.startswith("find out"):
        return rng.choice(
            (f"And {difference}?", f"The same {difference}, please." if known else f"And {difference} too.")
        )
    return rng.choice(
        (f"And the same {difference}.", f"Do it {difference} as well.")
        if known
        else (f"And {difference} too.",)
    )


def follow_up(scene: Scene) -> Example | None:
    """The same for something else, after an answer: the second request makes sense only with the first."""
    if destructive(scene.known):
        return None
    scene.offer(scene.known)
    first = scene.wish()
    got = first and outcome(scene, first, plain=True)
    found = first and got and changed(scene, first)
    if not first or not got or not found:
        return None
    if first.do.split(" ", 1)[0] in _NEW:
        return None  # nobody makes the same thing twice with one detail changed
    second, difference = found
    history = [
        user(requested(first, scene.rng)),
        *called(first.known.name, first.given, got.content),
        assistant(got.answer),
    ]
    known = difference.split()[0] in PREPOSITIONS or difference in DAYS
    looks = first.thing or is_list(first) or reads(first) or first.do.startswith("find out")
    forms = (
        [f"And {difference}?"] if looks else [f"Good. Now the same {'' if known else 'with '}{difference}."]
    )
    forms += (
        [f"Thanks. And {difference}?", f"OK, and {difference}?", f"And what about {difference}?"]
        if looks
        else [
            f"Thanks! Do it {'' if known else 'with '}{difference} as well, please.",
            f"Perfect, once more {'' if known else 'with '}{difference}.",
        ]
    )
    return scene.row(history, scene.rng.choice(forms), call((second.known.name, second.given)))


def chain(scene: Scene) -> Example | None:
    """A list, and what is to be done with one thing of it: the second call has a value of the result."""
    first = scene.wish()
    if first is None or not is_list(first):
        return None
    links = [one for one in takers(scene.known, noun_of(first), scene.usable) if not destructive(one[0])]
    if not links:
        return None
    link = scene.rng.choice(links)
    scene.offer(scene.known, link[0])
    result = listed(first, link, scene.rng, scene.day)
    if result is None or not result.items or link[1] not in result.items[0]:
        return None
    which, item = _pick(result.items, link[1], scene.rng)
    second = _second(scene, first, link, item[link[1]], which)
    if second is None or second.rest and len(second.rest) > 2:
        return None
    opening = requested(first, scene.rng, plain=True)
    if "\n" in opening:
        return None
    opening = capital(opening if opening[-1] in ".?!" else f"{opening}.")
    do = second.whole
    joined = scene.rng.choice(
        (
            f"{opening} Then {do}.",
            f"{opening} After that, {do}, please.",
            f"{opening} I also need you to {do}.",
        )
    )
    history = [user(joined), *called(first.known.name, first.given, result.content)]
    listed_first = in_short(result)
    if short := _too_few(item, link[1], second, which):
        return scene.row(history, "", f"{listed_first} {short}")
    if scene.rng.random() < 0.5:
        return scene.row(history, "", call((link[0].name, second.given)))
    got = outcome(scene, wish(second.known, second.given, scene.today, scene.rng) or second, plain=True)
    if got is None:
        return None
    history += called(link[0].name, second.given, got.content)
    place = which.replace(" of them", " in the list") if "most" not in which else which
    return scene.row(history, "", f"{listed_first} I took `{item[link[1]]}`, {place}.\n\n{got.answer}")


def _pick(items: list[dict[str, Any]], ref: str, rng: Random) -> tuple[str, dict[str, Any]]:
    """(how one says which, the thing)."""
    for key in items[0]:
        values = [item[key] for item in items]
        if key != ref and len(items) > 1 and key.endswith("_left") and values.count(max(values)) == 1:
            return f"the one with most {key.replace('_', ' ')}", max(items, key=lambda item: item[key])
    if len(items) > 1 and rng.random() < 0.3:
        return "the last of them", items[-1]
    return "the first of them", items[0]


def _too_few(item: dict[str, Any], ref: str, second: Wish, which: str) -> str:
    """What to say where the thing has less room than the second request needs; "" where it has enough."""
    field = next((key for key in item if key.endswith("_left")), None)
    wanted = sum(one for value in second.given.values() for one in _numbers(value) if isinstance(value, list))
    if field is None or item[field] >= wanted:
        return ""
    what = field.removesuffix("_left").replace("_", " ")
    return (
        f"I stopped there: {which} is `{item[ref]}` with only {item[field]} {what} left, while you need"
        f" {wanted}. So `{second.known.name}` has not been called. Would another one do, or"
        " another day?"
    )


def _numbers(value: Any) -> list[int]:
    """The numbers in a list of objects."""
    fields = (
        [one for item in value if isinstance(item, dict) for one in item.values()]
        if isinstance(value, list)
        else []
    )
    return [one for one in fields if isinstance(one, int) and not isinstance(one, bool)]


def _second(scene: Scene, first: Wish, link: tuple[KnownTool, str], value: Any, which: str) -> Wish | None:
    """The second wish: what both have in common is as in the first, and the thing is named by its place."""
    tool, key = link
    given = scene.draw(tool)
    if given is None:
        return None
    shared = {name: one for name, one in first.given.items() if name in given and name != key}
    given = given | shared | {key: value}
    if not tool.accepts(given):
        return None
    found = wish(tool, given, scene.today, scene.rng, instead={key: which})
    if found is None:
        return None
    text = found.do
    if "repo" in shared and "owner" in shared:
        text = text.replace(f" in {shared['owner']}/{shared['repo']}", "")
    text = (
        re.sub(
            r" (?:today|tomorrow|on \d+ [A-Z]\w+(?: \d{4})?|on [A-Z]\w+day|on \d{4}-\d\d-\d\d)\b", "", text
        )
        if any(isinstance(one, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", one) for one in shared.values())
        else text
    )
    return Wish(tool, given, text, found.thing, found.rest) if text else None


def undone(scene: Scene) -> Example | None:
    """Something that was made is taken back, or used, by the name that the tool gave it."""
    links = named_takers(scene.known, scene.usable)
    if not links or destructive(scene.known):
        return None
    scene.offer(scene.known, links[0][0])
    first = scene.wish()
    got = first and outcome(scene, first, plain=True)
    if not first or not got or not got.result or not got.link or not got.result.made:
        return None
    tool, key = got.link
    given = {key: got.result.items[0][got.result.made]}
    # What was made is the one that is meant: "cancel the reservation".
    task = re.sub(r"^(\w+) an? ", r"\1 the ", tool.phrase.task)
    if not task or not tool.accepts(given):
        return None
    history = [
        user(requested(first, scene.rng)),
        *called(first.known.name, first.given, got.content),
        assistant(got.answer),
    ]
    asks = (
        f"They have changed their mind. Please {task}.",
        f"Sorry, wrong one. Would you {task}?",
        f"Never mind, it isn't needed any more. {capital(task)}.",
        f"That was a mistake of mine. Can you {task}?",
        f"The customer just cancelled, so {task}.",
    )
    return scene.row(history, scene.rng.choice(asks), call((tool.name, given)))


def after_question(scene: Scene) -> Example | None:
    """The answer to a question back, and the call that it allows."""
    found = None if destructive(scene.known) else asked_back(scene)
    if found is None:
        return None
    message, question, missing, given = found
    full = scene.wish(given=given)
    if full is None:
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
    if first is None:
        return None
    content, answer = failed(first, scene.rng)
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
    asks = (
        *slips,
        f"Ah, {right}, not {first.given[wrong]}.",
        f"Should have been {right}.",
        f"You're right. {right}, please.",
    )
    return scene.row(history, scene.rng.choice(asks), call((scene.known.name, given)))
