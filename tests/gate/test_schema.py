import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.gate import schema
from autodidact.gate.rule import Drop
from autodidact.records import call, example

SOURCE = {"kind": "transcript", "ref": "a.jsonl:1"}


def labelled(prompt, answer, category="intent_classification", system=None):
    return example("session_miner", category, prompt, answer, SOURCE, system=system)


def tool(name, **parameters):
    return {
        "type": "function",
        "function": {"name": name, "description": "It finds.", "parameters": parameters},
    }


FIND = tool(
    "find",
    type="object",
    properties={
        "query": {"type": "string", "pattern": "^[a-z]+$"},
        "limit": {"type": "integer", "minimum": 1},
        "day": {"enum": ["mon", "tue"]},
    },
    required=["query"],
)


def called(name, arguments, *tools):
    return example(
        "tool_spec", "tool_use", "Find the pier.", call((name, arguments)), SOURCE, tools=list(tools)
    )


def dropped(one):
    result = schema.check(one, None)
    assert result is one or isinstance(result, Drop)
    return result if isinstance(result, Drop) else None


@pytest.mark.parametrize(
    ("prompt", "offered"),
    [
        (
            "Handlers: bookings, crew, refunds.\nRequest: we missed the boat.\nWhich handler takes it?",
            {"bookings", "crew", "refunds"},
        ),
        (
            "Route this request to one of bookings, crew or refunds.\n\nWe missed the boat.",
            {"bookings", "crew", "refunds"},
        ),
        ("We missed the boat.\n\nWho takes this: bookings, crew? One name.", {"bookings", "crew"}),
        (
            "You hand requests to handlers (bookings, mcp__wharf__crew). Which one?",
            {"bookings", "mcp__wharf__crew"},
        ),
        (
            "bookings, crew, refunds: to which of them do you pass this on?\n> Tea, milk",
            {"bookings", "crew", "refunds"},
        ),
        ("Which handler?\n- bookings: seats, boats\n- `crew`: rotas\n\nRequest: tea.", {"bookings", "crew"}),
        ("Queues:\nA42: seats and boats\nB17: rotas\n\nTicket: tea. Which queue?", {"a42", "b17"}),
        ("Request: Bring tea, coffee, milk.\nIt went to crew. Which handler should have taken it?", set()),
        ("What kind of request is this? Seats, please.", set()),
        ("", set()),
    ],
)
def test_the_labels_that_a_prompt_offers(prompt, offered):
    assert schema.offered(prompt) == offered


OFFERS = (
    "Handlers: bookings, crew, refunds.\nRequest: we missed the boat.\nWhich handler takes it? Answer with"
    " its name."
)


@pytest.mark.parametrize(
    "answer", ["refunds", "Refunds.", "`refunds`", "crew, refunds", "none", "None of these; tides takes it."]
)
def test_a_label_that_is_offered_stays(answer):
    assert dropped(labelled(OFFERS, answer)) is None


@pytest.mark.parametrize("answer", ["tides", "refund", "crew, tides", "mcp__wharf__refunds"])
def test_a_label_that_is_not_offered_goes(answer):
    assert dropped(labelled(OFFERS, answer)) == Drop("a label that is not offered", 3)


def test_labels_may_be_offered_by_the_system_message():
    system = "Route the request. Reply with the name only.\n- bookings: seats\n- crew: rotas"
    assert dropped(labelled("Request: a seat, please.", "bookings", system=system)) is None
    assert dropped(labelled("Request: a seat, please.", "seats", system=system)) == Drop(
        "a label that is not offered", 2
    )


def test_where_no_label_is_offered_none_is_missed():
    assert dropped(labelled("Who takes a refund?", "refunds")) is None
    assert dropped(labelled(OFFERS, "tides", category="reasoning")) is None  # only where answers are labels


@pytest.mark.parametrize(
    ("arguments", "drop"),
    [
        ({"query": "pier"}, None),
        ({"query": "pier", "limit": 2, "day": "mon"}, None),
        ({"query": "pier", "limit": "2"}, "type"),
        ({"query": "pier", "limit": 0}, "minimum"),
        ({"query": "pier", "day": "sunday"}, "enum"),
        ({"query": "Pier 7"}, "pattern"),
        ({"limit": 2}, "required"),
        ({}, "required"),
    ],
)
def test_a_call_is_one_that_its_tool_accepts(arguments, drop):
    expected = Drop("arguments that the tool's schema does not accept", drop) if drop else None
    assert dropped(called("find", arguments, tool("other"), FIND)) == expected


def test_a_call_names_a_tool_that_is_offered():
    assert dropped(called("seek", {"query": "pier"}, FIND)) == Drop("a call of a tool that is not offered", 1)
    assert dropped(called("find", {"query": "pier"})) == Drop("a call of a tool that is not offered", 0)


def test_every_one_of_several_calls_is_looked_at():
    two = call(("find", {"query": "pier"}), ("find", {"query": 7}))
    assert dropped(example("tool_spec", "tool_use", "Find.", two, SOURCE, tools=[FIND])).value == "type"


def test_a_schema_may_refer_to_its_own_parts():
    pier = {
        "type": "object",
        "properties": {"pier": {"$ref": "#/$defs/name"}},
        "$defs": {"name": {"type": "string"}},
    }
    assert dropped(called("find", {"pier": "Low Mole"}, tool("find", **pier))) is None
    assert dropped(called("find", {"pier": 7}, tool("find", **pier))).value == "type"


TWICE = {
    f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]} for n in range(40)
} | {"d40": {}}


@pytest.mark.parametrize(
    ("hostile", "reason"),
    [
        ({"type": "nothing"}, "a tool whose schema is no JSON Schema"),
        ({"properties": []}, "a tool whose schema is no JSON Schema"),
        ({"$ref": "http://127.0.0.1:9/schema.json"}, "a tool whose schema cannot be followed"),
        ({"$ref": "file:///etc/passwd"}, "a tool whose schema cannot be followed"),
        ({"$ref": "#/nowhere"}, "a tool whose schema cannot be followed"),
        ({"$ref": "#"}, "a tool whose schema cannot be followed"),
        ({"$ref": "#/$defs/d0", "$defs": TWICE}, "a tool whose schema cannot be followed"),
        ({"properties": {"query": {"pattern": "^(a|aa|a?a)+$"}}}, "a tool whose schema cannot be followed"),
        ({"patternProperties": {"(": {}}}, "a tool whose schema is no JSON Schema"),
    ],
)
def test_a_hostile_schema_costs_itself_alone(hostile, reason):
    """Those with references and patterns that multiply would run for years."""
    assert dropped(called("find", {"query": "a" * 60 + "!"}, tool("find", **hostile))).reason == reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "properties", "$ref", "pattern", "a"]), inner, max_size=4)
    ),
)


@settings(max_examples=60)
@given(JSON, st.dictionaries(st.text(max_size=4), JSON.filter(lambda value: value is not None), max_size=3))
def test_no_schema_breaks_it(parameters, arguments):
    broken = {"type": "function", "function": {"name": "find", "parameters": parameters}}
    dropped(called("find", arguments, broken))


@given(st.text(alphabet="ab,:-. \n()`", max_size=200), st.text(min_size=1, max_size=12).filter(str.strip))
def test_no_prompt_breaks_it(prompt, answer):
    dropped(labelled("Handlers: " + prompt, answer))


@pytest.mark.parametrize(
    "text",
    [
        "one of a, " * 9_000,
        "handler: " + "a" * 90_000,
        "a, " * 30_000,
        "- a\n" * 20_000,
        "handlers:\n" + "a:\n" * 20_000,
    ],
)
def test_a_long_prompt_is_read_in_time(text):
    """Whatever repeats, the time is linear: with more it would not end."""
    schema.offered(text)


def test_what_it_tells_repeats_nothing_of_the_example():
    told = dropped(called("find", {"query": "Pier 7 of jo@corp.io"}, FIND))
    assert "jo@" not in json.dumps([told.reason, told.value])
