"""The families of tool_use that are about arguments: nested, listed, typed, optional ones, and those that
want a format.
"""

import json
from dataclasses import replace
from random import Random
from typing import Any

from autodidact.benchmark.item_family import Draw
from autodidact.benchmark.suite.item_building_blocks import shuffled, table, tool
from autodidact.benchmark.suite.made_up.tool_definitions import CHOICES, TITLES, TOOLS, others, pick, sentence
from autodidact.benchmark.suite.made_up.vocabulary import (
    CITIES,
    MONTHS,
    PEOPLE,
    PRODUCTS,
    PROJECTS,
    WEEKDAYS,
    WORDS,
)
from autodidact.records import call

_WORDS = table("tool_use")


def calling(
    user: str, tools: list[dict], *calls: tuple[str, dict], ordered: bool = False, **rest: Any
) -> Draw:
    """An item with exactly these calls as its answer."""
    slots = {"tools": sorted(t["function"]["name"] for t in tools)}
    target = {
        "calls": [
            {"name": name, "arguments": {k: [v] for k, v in arguments.items()}} for name, arguments in calls
        ],
        "ordered": ordered,
    }
    room = 48 + len(json.dumps([arguments for _, arguments in calls])) // 2 + 32 * len(calls)
    return Draw(
        user,
        target,
        call(*calls),
        "call",
        tools=tools,
        slots=slots | rest.pop("slots", {}),
        max_tokens=room,
        **rest,
    )


def single_call(rng: Random, level: int) -> Draw:
    """One tool, all its arguments in the request."""
    one = pick(rng, level, min(3, 1 + level))
    arguments = one.draw(rng)
    request = sentence(rng, one.say(arguments))
    if level == 3:
        request = (
            f"{rng.choice(PEOPLE)} from {rng.choice(PROJECTS)} asked me on {rng.choice(WEEKDAYS)} about"
            f" {rng.randint(2, 90)} things. {request}"
        )
    return calling(request, [one.spec()], (one.name, arguments))


def _object(**properties: Any) -> dict[str, Any]:
    """The schema of an object, all of whose properties are required."""
    full = {k: {"type": v} if isinstance(v, str) else v for k, v in properties.items()}
    return {"type": "object", "properties": full, "required": list(full)}


def nested_args(rng: Random, level: int) -> Draw:
    """Objects within the arguments; higher: lists of objects and a second object, then three deep."""
    person, person2 = rng.sample(PEOPLE, 2)
    facts = {
        "person": person,
        "person2": person2,
        "city": rng.choice(CITIES),
        "product": rng.choice(PRODUCTS),
        "count": rng.randint(2, 9),
        "day": rng.choice(WEEKDAYS),
        "hour": rng.randint(8, 18),
        "number": rng.randint(100, 999),
    }
    return (_nested_order if rng.random() < 0.5 else _nested_event)(rng, level, facts)


def _nested_order(rng: Random, level: int, facts: dict[str, Any]) -> Draw:
    """A customer; higher: who orders something; then to be delivered."""
    customer = {"name": facts["person"], "city": facts["city"], "number": facts["number"]}
    arguments: dict[str, Any] = {"customer": customer}
    properties: dict[str, Any] = {"customer": _object(name="string", city="string", number="integer")}
    who = "customer number {number}, {person} from {city}".format(**facts)
    name, about, request, tail = "create_customer", "Add a customer.", f"add {who}", ""
    if level >= 2:
        name, about = "create_order", "Place an order."
        product, count = facts["product"], facts["count"]
        second, count2 = rng.choice([p for p in PRODUCTS if p != product]), rng.randint(2, 9)
        arguments["items"] = [{"product": product, "count": count}, {"product": second, "count": count2}]
        properties["items"] = {"type": "array", "items": _object(product="string", count="integer")}
        request = f"place an order for {who}: product {product}, count {count}"
        request += f", and product {second}, count {count2}"
    if level == 3:
        window = {"day": facts["day"], "from_hour": facts["hour"]}
        arguments["delivery"] = {"window": window, "recipient": facts["person2"]}
        properties["delivery"] = _object(
            window=_object(day="string", from_hour="integer"), recipient="string"
        )
        tail = " It is delivered to {person2} on {day}, from {hour} o'clock on.".format(**facts)
    return calling(sentence(rng, request) + tail, [tool(name, about, properties)], (name, arguments))


def _nested_event(rng: Random, level: int, facts: dict[str, Any]) -> Draw:
    """An event; higher: its place; then its guests."""
    title, number, day = rng.choice(TITLES), facts["number"], facts["day"]
    arguments: dict[str, Any] = {"event": {"title": title, "day": day, "number": number}}
    properties: dict[str, Any] = {"event": _object(title="string", day="string", number="integer")}
    request, tail = f'enter event number {number}, "{title}", on {day}', ""
    if level >= 2:
        arguments["place"] = {"city": facts["city"], "hour": facts["hour"]}
        properties["place"] = _object(city="string", hour="integer")
        request += " in {city} at {hour} o'clock".format(**facts)
    if level == 3:
        arguments["guests"] = [
            {"name": facts["person"], "contact": {"channel": "mail"}},
            {"name": facts["person2"], "contact": {"channel": "sms"}},
        ]
        channel = {"type": "string", "enum": CHOICES["channel"]}
        guest = _object(name="string", contact=_object(channel=channel))
        properties["guests"] = {"type": "array", "items": guest}
        tail = " Guests are {person}, told by mail, and {person2}, told by sms.".format(**facts)
    spec = tool("create_event", "Enter an event.", properties)
    return calling(sentence(rng, request) + tail, [spec], ("create_event", arguments))


def enum_value(rng: Random, level: int) -> Draw:
    """A parameter with listed values. Level 1 says the value, higher levels what it means."""
    pool = [(t, p) for t in TOOLS for p, (kind, _) in t.parameters.items() if kind in _WORDS["meanings"]]
    one, parameter = rng.choice(pool)
    first = next(p for p in one.parameters if p != parameter)
    kept = {p: x for p, x in one.parameters.items() if p in (first, parameter) or level == 3}
    one = replace(one, parameters=kept)
    arguments = one.draw(rng)
    kind = one.parameters[parameter][0]
    if level == 1:
        request = sentence(rng, one.say(arguments))
    else:
        request = sentence(rng, one.say({k: v for k, v in arguments.items() if k != parameter}))
        request += f" For the {parameter}: {_WORDS['meanings'][kind][arguments[parameter]]}."
    offered = [one, *others(rng, one, level - 1, level)]
    return calling(request, [t.spec() for t in shuffled(rng, offered)], (one.name, arguments))


def array_argument(rng: Random, level: int) -> Draw:
    """A list as an argument, in the order of the request. Higher: one is withdrawn, and numbers are listed
    too.
    """
    row = rng.choice(_WORDS["list_tools"])
    parameter, other = row["parameter"], row["of"]
    values, number = rng.sample(WORDS[row["words"]], 1 + level), rng.randint(1000, 9899)
    request = row["request"].format(list=f"{', '.join(values[:-1])} and {values[-1]}", id=number)
    properties: dict[str, Any] = {parameter: {"type": "array", "items": {"type": "string"}}, other: "integer"}
    arguments: dict[str, Any] = {parameter: values, other: number}
    text = sentence(rng, request)
    if level >= 2:
        gone = rng.choice(values)
        arguments[parameter] = [v for v in values if v != gone]
        text += f" No, leave {gone} out."
    if level == 3:
        hours = sorted(rng.sample(range(8, 19), 3))
        properties["reminders"] = {
            "type": "array",
            "items": {"type": "integer"},
            "description": "Hours of the day.",
        }
        arguments["reminders"] = hours
        text += f" Set reminders at {hours[0]}, {hours[1]} and {hours[2]} o'clock."
    return calling(text, [tool(row["name"], row["about"], properties)], (row["name"], arguments))


def optional_argument(rng: Random, level: int) -> Draw:
    """Optional parameters are passed exactly when the request mentions them."""
    one = rng.choice([t for t in TOOLS if t.optional])
    optional = one.optional
    arguments = one.draw(rng)
    mentioned = [p for p in optional if rng.random() < 0.5]
    arguments = {p: v for p, v in arguments.items() if p not in optional or p in mentioned}
    offered = [one, *others(rng, one, level - 1, level)]
    specs = [
        t.spec(
            optional if t is one else (),
            {p: "Optional: leave it out unless the user says it." for p in optional},
        )
        for t in shuffled(rng, offered)
    ]
    return calling(sentence(rng, one.say(arguments)), specs, (one.name, arguments))


def typed_values(rng: Random, level: int) -> Draw:
    """Numbers in words and yes or no in prose become integers and booleans."""
    project, count = rng.choice(PROJECTS), rng.randint(2, 20)
    switch = rng.choice(_WORDS["switches"])
    properties: dict[str, Any] = {"project": "string", "workers": "integer", switch["name"]: "boolean"}
    arguments: dict[str, Any] = {"project": project, "workers": count, switch["name"]: switch["state"]}
    text = f"set up {project} with {_WORDS['numbers'][count - 2]} workers, {switch['request']}"
    if level >= 2:
        share = rng.randint(1, 19)
        properties["share"] = {"type": "number", "description": "Share of the traffic, from 0 to 1."}
        arguments["share"] = share * 5 / 100
        text += f", for {share * 5}% of the traffic"
    if level == 3:
        dozens = rng.randint(2, 6)
        properties["timeout"] = {"type": "integer", "description": "In seconds."}
        properties["tags"] = {"type": "array", "items": {"type": "string"}}
        arguments |= {"timeout": dozens * 60, "tags": []}
        text += f", a timeout of {_WORDS['numbers'][dozens - 2]} minutes, and no tags at all"
    return calling(
        sentence(rng, text),
        [tool("set_up_project", "Set up a project.", properties)],
        ("set_up_project", arguments),
    )


def formats(rng: Random, level: int) -> Draw:
    """A date or a time in the form that the schema wants. Level 1 finds it in that form already."""
    year, month, day, hour, minute = (
        rng.randint(2025, 2028),
        rng.randint(1, 12),
        rng.randint(1, 27),
        rng.randint(1, 11),
        rng.choice([0, 15, 30, 45]),
    )
    iso = f"{year}-{month:02d}-{day:02d}"
    person = rng.choice(PEOPLE)
    properties: dict[str, Any] = {"person": "string", "date": {"type": "string", "description": "YYYY-MM-DD"}}
    arguments: dict[str, Any] = {"person": person, "date": iso}
    if level == 1:
        text = rng.choice([f"book a call with {person} on {iso}", f"book a call on {iso} with {person}"])
    else:
        late = rng.random() < 0.5
        when = rng.choice([f"{day} {MONTHS[month - 1]} {year}", f"{MONTHS[month - 1]} {day}, {year}"])
        text = f"book a call with {person} on {when} at {hour}:{minute:02d} {'pm' if late else 'am'}"
        properties["time"] = {"type": "string", "description": "HH:MM, 24 hours"}
        arguments["time"] = f"{hour + 12 * late:02d}:{minute:02d}"
    if level == 3:
        length = rng.choice(_WORDS["durations"])
        text = text.replace(f" on {when}", f" on the day after {when}") + f", for {length['words']}"
        arguments["date"] = f"{year}-{month:02d}-{day + 1:02d}"
        arguments["duration"] = length["minutes"] * 60
        properties["duration"] = {"type": "integer", "description": "In seconds."}
    return calling(
        sentence(rng, text),
        [tool("book_call", "Book a call with somebody.", properties)],
        ("book_call", arguments),
    )
