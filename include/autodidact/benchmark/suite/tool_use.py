"""tool_use: the right call with the right arguments, no call when nothing fits, a question when something is
missing.
"""

import json
from dataclasses import replace
from random import Random
from typing import Any

from autodidact.benchmark.item_family import Draw, Family
from autodidact.benchmark.suite.item_building_blocks import shuffled, table, tool
from autodidact.benchmark.suite.made_up.tool_definitions import CHOICES, others, pick, sentence
from autodidact.benchmark.suite.made_up.vocabulary import PEOPLE, PRODUCTS
from autodidact.benchmark.suite.tool_arguments import (
    array_argument,
    calling,
    enum_value,
    formats,
    nested_args,
    optional_argument,
    single_call,
    typed_values,
)
from autodidact.records import call

_WORDS = table("tool_use")

NO_CALL = "Call a tool. If none of the tools can do what the user asks, reply with no_call."
ASK = (
    "Call a tool. If a required value is missing, do not guess: ask one short question that names the missing"
    " parameter."
)


def choose_tool(rng: Random, level: int) -> Draw:
    """One of several tools fits."""
    one = pick(rng, level)
    arguments = one.draw(rng)
    offered = shuffled(rng, [one, *others(rng, one, {1: 2, 2: 4, 3: 7}[level], level)])
    return calling(sentence(rng, one.say(arguments)), [t.spec() for t in offered], (one.name, arguments))


def answer_from_result(rng: Random, level: int) -> Draw:
    """The answer is already in a tool's result: no further call."""
    one = pick(rng, level)
    # The result is that of a job: what only reads gives back what it has read.
    while one.name in _WORDS["reading_tools"]:
        one = pick(rng, level)
    arguments = one.draw(rng)
    fields = {
        "status": rng.choice(_WORDS["job_states"]),
        "owner": rng.choice(PEOPLE),
        "job_id": rng.randint(100, 999),
    }
    if level >= 2:
        fields |= {
            "region": rng.choice(CHOICES["region"]),
            "seconds": rng.randint(10, 900),
            "requester": rng.choice(PEOPLE),
        }
    asked = rng.choice(list(fields))
    answer = str(fields[asked])
    result: dict[str, Any] = dict(shuffled(rng, list(fields.items())))
    if level == 3:
        # Each value another one, so that the right one has to be picked.
        earlier = {
            "status": rng.choice([x for x in _WORDS["job_states"] if x != fields["status"]]),
            "owner": rng.choice([x for x in PEOPLE if x != fields["owner"]]),
            "job_id": fields["job_id"] - 1,
            "region": rng.choice([x for x in CHOICES["region"] if x != fields["region"]]),
            "seconds": fields["seconds"] + rng.randint(1, 90),
            "requester": rng.choice([x for x in PEOPLE if x != fields["requester"]]),
        }
        result = {"previous": earlier, "current": result, "warnings": []}
    history = [
        {"role": "user", "content": sentence(rng, one.say(arguments))},
        call((one.name, arguments)),
        {"role": "tool", "name": one.name, "content": json.dumps(result)},
    ]
    spoken = {"job_id": "job id", "seconds": "number of seconds"}.get(asked, asked)
    user = f"What is the {'current ' if level == 3 else ''}{spoken}? Reply with the value only."
    wrong = [str(v) for k, v in fields.items() if str(v) != answer]
    return Draw(
        user,
        {"answer": answer, "others": wrong},
        answer,
        "exact",
        tools=[one.spec()],
        history=history,
        slots={"result": result, "asked": asked},
        max_tokens=24,
    )


def no_fitting_tool(rng: Random, level: int) -> Draw:
    """Sometimes none of the tools can do it: as often as each of them would be the right one."""
    n = {1: 2, 2: 4, 3: 6}[level]
    one = pick(rng, level)
    arguments = one.draw(rng)
    user = sentence(rng, one.say(arguments))
    fits = rng.random() < n / (n + 1)
    offered = shuffled(rng, others(rng, one, n - fits, level) + ([one] if fits else []))
    specs = [t.spec() for t in offered]
    if fits:
        draw = calling(user, specs, (one.name, arguments), system=NO_CALL)
        return replace(draw, chance=1 / (n + 1))
    slots = {"asked": one.say(arguments), "tools": sorted(t.name for t in offered)}
    return Draw(
        user,
        {"calls": []},
        "no_call",
        "no_call",
        system=NO_CALL,
        tools=specs,
        slots=slots,
        chance=1 / (n + 1),
    )


def missing_argument(rng: Random, level: int) -> Draw:
    """Half of the requests lack one required value."""
    one = pick(rng, level, 2)
    arguments = one.draw(rng)
    offered = shuffled(rng, [one, *others(rng, one, level - 1, level)])
    specs = [t.spec() for t in offered]
    gap = rng.choice(list(arguments)) if rng.random() < 0.5 else None
    user = sentence(rng, one.say({k: v for k, v in arguments.items() if k != gap}))
    if gap is None:
        return calling(user, specs, (one.name, arguments), system=ASK)
    known = {p: v for p, v in arguments.items() if p != gap}
    target = {"mention": [gap, gap.replace("_", " ")], "others": list(known)}
    slots = {"known": known, "gap": gap, "tools": sorted(t.name for t in offered)}
    return Draw(
        user, target, f"Which value should I use for {gap}?", "ask", system=ASK, tools=specs, slots=slots
    )


def parallel_calls(rng: Random, level: int) -> Draw:
    """Several calls at once: of one tool, at level 3 also of a second one."""
    one = pick(rng, min(level, 2))
    calls = [(one.name, one.draw(rng)) for _ in range(2 if level == 1 else 3)]
    parts = [one.say(arguments) for _, arguments in calls]
    used = [one]
    if level == 3:
        second = others(rng, one, 1, 3)[0].cut(2)
        calls[-1] = (second.name, second.draw(rng))
        parts[-1] = second.say(calls[-1][1])
        used.append(second)
    user = sentence(rng, ", ".join(parts[:-1]) + " and " + parts[-1])
    used += [t for t in others(rng, one, level - 1, level) if t.name != used[-1].name]
    return calling(user, [t.spec() for t in shuffled(rng, used)], *calls)


def use_result(rng: Random, level: int) -> Draw:
    """The next call needs a value that an earlier result holds."""
    name = rng.choice(PEOPLE)
    order, other = rng.sample(range(1000, 9899), 2)
    product, product2 = rng.sample(PRODUCTS, 2)
    rows: list[dict[str, Any]] = [{"order": order, "product": product}]
    if level >= 2:
        rows.append({"order": other, "product": product2})
    if level == 3:
        rows.append({"order": rng.randint(1000, 9899), "product": rng.choice(PRODUCTS), "cancelled": True})
        rows = [{**row, "total": rng.randint(20, 400)} for row in rows]
    find = tool("find_orders", "Find the orders of a customer.", {"customer": "string"})
    track = tool("track_order", "Find out where an order is.", {"order": "integer"})
    refund = tool("refund_order", "Pay money back for an order.", {"order": "integer", "amount": "integer"})
    history = [
        {"role": "user", "content": f"Which orders does {name} have?"},
        call(("find_orders", {"customer": name})),
        {"role": "tool", "name": "find_orders", "content": json.dumps({"orders": shuffled(rng, rows)})},
    ]
    which = "that order" if level == 1 else f"the order of the {product}"
    if level < 3 and rng.random() < 0.5:
        wanted, request = ("track_order", {"order": order}), f"track {which}"
    else:
        amount = rows[0]["total"] if level == 3 else rng.randint(5, 60)
        request = f"refund {'the whole of ' if level == 3 else f'{amount} euros for '}{which}"
        wanted = ("refund_order", {"order": order, "amount": amount})
    if level == 3 and any(row["product"] == product for row in rows[1:]):
        return use_result(rng, level)
    user = sentence(rng, request)
    return calling(
        user,
        [find, track, refund],
        wanted,
        history=history,
        slots={"rows": sorted(map(str, rows)), "customer": name},
    )


def correction(rng: Random, level: int) -> Draw:
    """The user takes a value back: the last word counts, everything else stays."""
    one = pick(rng, level, 2)
    arguments, later = one.draw(rng), one.draw(rng)
    first = {"role": "user", "content": sentence(rng, one.say(arguments))}
    changed = [
        p
        for p in rng.sample(list(arguments), 1 if level < 3 else 2)
        if later[p] != arguments[p] and later[p] not in arguments.values()
    ]
    if not changed:
        return correction(rng, level)
    final = {**arguments, **{p: later[p] for p in changed}}
    change = " and ".join(f"the {p} should be {later[p]}" for p in changed)
    user = rng.choice(_WORDS["corrections"]).format(change) + " Go ahead now."
    history = [first, {"role": "assistant", "content": "Shall I go ahead?"}]
    offered = shuffled(rng, [one, *others(rng, one, level - 1, level)])
    return calling(
        user, [t.spec() for t in offered], (one.name, final), history=history, slots={"first": arguments}
    )


def similar_tools(rng: Random, level: int) -> Draw:
    """Tools whose names differ in one word: the descriptions tell which."""
    get = rng.choice(_WORDS["similar_verbs"])
    thing = rng.choice(_WORDS["similar_nouns"])
    rows = rng.sample(_WORDS["similar_tools"], {1: 3, 2: 4, 3: 7}[level])
    words = {"get": get, "Get": get.capitalize(), "noun": thing, "thing": thing}
    number = rng.randint(2, 980)
    specs = [
        tool(row["name"].format(**words), row["about"].format(**words), {row["parameter"]: "integer"})
        for row in rows
    ]
    right = rows[0]
    user = sentence(rng, right["request"].format(**words, id=number))
    return calling(user, shuffled(rng, specs), (right["name"].format(**words), {right["parameter"]: number}))


FAMILIES = [
    Family("single_call", single_call),
    Family("choose_tool", choose_tool),
    Family("nested_args", nested_args),
    Family("enum_value", enum_value),
    Family("array_argument", array_argument, hidden=True),
    Family("optional_argument", optional_argument),
    Family("answer_from_result", answer_from_result),
    Family("no_fitting_tool", no_fitting_tool),
    Family("missing_argument", missing_argument),
    Family("parallel_calls", parallel_calls),
    Family("use_result", use_result, hidden=True),
    Family("typed_values", typed_values),
    Family("formats", formats, hidden=True),
    Family("correction", correction, hidden=True),
    Family("similar_tools", similar_tools, hidden=True),
]
