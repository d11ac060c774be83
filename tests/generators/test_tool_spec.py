"""Examples of calls, made from JSON Schemas."""

import json
import random
import re

import pytest
from jsonschema import Draft202012Validator
from snapshots import file, snapshot, troubles

from autodidact.errors import Skipped
from autodidact.generators import tool_spec
from autodidact.generators.schema_values import arguments, inlined, matching

TOOLS = [
    {"name": "book_table", "description": "Reserve a table. It is held for ten minutes.", "inputSchema": {
        "type": "object", "title": "book_tableArguments", "required": ["day", "party"],
        "properties": {
            "day": {"type": "string", "format": "date", "title": "Day"},
            "party": {"type": "array", "items": {"$ref": "#/$defs/Guest"}, "minItems": 1},
            "place": {"enum": ["inside", "terrace"], "default": "inside"},
            "note": {"anyOf": [{"type": "string", "maxLength": 40}, {"type": "null"}], "default": None}},
        "$defs": {"Guest": {"type": "object", "title": "Guest", "required": ["kind", "count"], "properties": {
            "kind": {"enum": ["adult", "child"]}, "count": {"type": "integer", "minimum": 1, "maximum": 9}}}}}},
    {"name": "lock_door", "description": "Lock the cellar.", "inputSchema": {"type": "object", "properties": {}}},
    {"name": "send_invoice", "description": "Mail somebody an invoice.", "inputSchema": {
        "type": "object", "required": ["invoice", "amount"], "properties": {
            "invoice": {"type": "string", "pattern": "^INV-[0-9]{4}$"}, "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 500}}}},
    {"name": "measure_rain", "description": "Read how wet yesterday was.", "inputSchema": {
        "type": "object", "required": ["station"], "properties": {"station": {"type": "string", "description": "A station such as ST-42."}}}},
]  # fmt: skip
SCHEMAS = {tool["name"]: tool["inputSchema"] for tool in TOOLS}


@pytest.fixture
def rows(tmp_path) -> list:
    return list(tool_spec.generate(snapshot(tmp_path, mcp=file(tmp_path, "tools.json", json.dumps({"tools": TOOLS})))))


def calls(rows: list) -> list:
    return [row for row in rows if row.messages[-1].get("tool_calls")]


def test_every_call_is_valid_and_every_value_was_said(rows):
    made = calls(rows)
    assert {row.messages[-1]["tool_calls"][0]["function"]["name"] for row in made} == set(SCHEMAS)
    for row in made:
        (call,) = row.messages[-1]["tool_calls"]
        name, given = call["function"]["name"], call["function"]["arguments"]
        Draft202012Validator(SCHEMAS[name]).validate(given)
        assert name in [tool["function"]["name"] for tool in row.tools]
        for value in given.values():
            assert (value if isinstance(value, str) else json.dumps(value)) in row.prompt()


def test_shown_schemas_are_short_and_mean_the_same(rows):
    shown = next(tool["function"] for row in rows for tool in row.tools if tool["function"]["name"] == "book_table")
    assert shown["parameters"]["properties"]["party"] == {
        "type": "array", "minItems": 1, "items": {"type": "object", "required": ["kind", "count"], "properties": {
            "kind": {"enum": ["adult", "child"]}, "count": {"type": "integer", "minimum": 1, "maximum": 9}}},
    }  # fmt: skip
    assert "title" not in json.dumps(shown) and "$defs" not in shown["parameters"]


def test_tools_are_chosen_among_others(rows):
    sizes = [len(row.tools) for row in calls(rows)]
    assert max(sizes) >= 3 and sum(sizes) / len(sizes) > 2
    first = [row.tools[0]["function"]["name"] == row.messages[-1]["tool_calls"][0]["function"]["name"] for row in calls(rows)]
    assert 0.1 < sum(first) / len(first) < 0.8


def test_a_missing_argument_is_asked_for(rows):
    asked = [row for row in rows if re.match(r"Which [\w ]+\? \w+ needs `", row.response())]
    assert len(asked) >= 8
    for row in asked:
        tool, name = re.match(r"Which [\w ]+\? (\w+) needs `(\w+)`", row.response()).groups()
        assert name in SCHEMAS[tool]["required"]
        assert not re.search(rf"\b{name}: ", row.prompt())
    assert "Which invoice? send_invoice needs `invoice`." in {row.response() for row in asked}


def test_no_tool_is_called_when_none_fits(rows):
    declined = [row for row in rows if row.response().startswith("None of my tools does that.")]
    assert declined
    for row in declined:
        assert row.source.name not in [tool["function"]["name"] for tool in row.tools]
        assert all(f"`{tool['function']['name']}`" in row.response() for tool in row.tools)


def test_questions_about_the_schema(rows):
    told = {row.prompt(): row.response() for row in rows if not row.messages[-1].get("tool_calls")}
    expected = {
        "Which arguments does `book_table` require?": "`book_table` requires `day` and `party`.",
        "What may I leave out when I call `book_table`?": "In `book_table` you may leave out `place` and `note`.",
        "Which values does `place` of `book_table` take?": "`place` of `book_table` is one of `inside` and `terrace`.",
        "What does `book_table` assume when I do not give `place`?": "`book_table` assumes 'inside' for `place`.",
        "Which tool do I use for this: Lock the cellar.": "`lock_door`, which takes no arguments.",
    }
    asked = {prompt: answer for prompt, answer in told.items() if prompt in expected}
    assert len(asked) >= 2 and asked == {prompt: expected[prompt] for prompt in asked}


def test_examples_are_distinct_and_stay_the_same(rows, tmp_path):
    assert len({row.id for row in rows}) == len(rows) > 60
    again = snapshot(tmp_path, mcp=str(tmp_path / "tools.json"))
    assert [row.line() for row in tool_spec.generate(again)] == [row.line() for row in rows]
    assert rows[0].source.kind == "mcp" and rows[0].source.server == f"{tmp_path}/tools.json"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": "integer", "multipleOf": 5, "minimum": 3, "exclusiveMaximum": 20}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"type": ["string", "null"], "format": "uuid"}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"oneOf": [{"const": 7}, {"const": "seven"}]}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"allOf": [{"properties": {"b": {"type": "boolean"}}}, {"required": ["b"]}]}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"type": "array", "uniqueItems": True, "minItems": 2, "items": {"enum": [1, 2, 3]}}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(foo|ba[rz])-\\w{2,4}$", "minLength": 6}}, "required": ["a"]},
        {"type": "object", "properties": {"title": {"type": "string"}, "$ref": {"type": "integer"}}, "required": ["title", "$ref"]},
        {"type": "object", "properties": {"a": {"$ref": "#/definitions/T"}}, "required": ["a"], "definitions": {
            "T": {"type": "object", "properties": {"next": {"$ref": "#/definitions/T"}, "n": {"type": "integer"}}, "required": ["n"]}}},
    ],
)  # fmt: skip
def test_sampled_values_are_valid(schema):
    for seed in range(20):
        made = arguments(inlined(schema), random.Random(seed))
        Draft202012Validator(schema).validate(made)


def test_patterns():
    assert re.fullmatch(r"W\d{3}", matching(r"^W\d{3}$", random.Random(1)))
    assert matching(r"^(?!x)a$", random.Random(1)) is None
    assert matching("(", random.Random(1)) is None


def test_bad_schemas_cost_themselves(tmp_path):
    bad = [
        {"name": "wrong", "inputSchema": {"type": "no such type"}},
        {"name": "huge", "inputSchema": {"type": "object", "description": "x" * 2_000}},
        {"name": "dangling", "inputSchema": {"type": "object", "properties": {"a": {"$ref": "#/nowhere"}}, "required": ["a"]}},
        {"name": "never", "inputSchema": {"type": "object", "properties": {"a": {"not": {}}}, "required": ["a"]}},
    ]
    seen = snapshot(tmp_path, mcp=file(tmp_path, "tools.json", json.dumps(TOOLS + bad)))
    called = {row.messages[-1]["tool_calls"][0]["function"]["name"] for row in calls(list(tool_spec.generate(seen)))}
    assert called == set(SCHEMAS)
    assert troubles(seen) == {
        "tool schema that is not JSON Schema": 1, "tool schema too large to show": 1, "tool schema without values that can be made up": 2,
    }  # fmt: skip


def test_without_tools_it_is_skipped(tmp_path):
    with pytest.raises(Skipped, match="names no file"):
        list(tool_spec.generate(snapshot(tmp_path)))
    with pytest.raises(Skipped, match="lists a tool"):
        list(tool_spec.generate(snapshot(tmp_path, mcp=file(tmp_path, "mcp.json", "{}"))))
