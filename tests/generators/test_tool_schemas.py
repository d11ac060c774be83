"""What is told of a tool's schema: values as JSON spells them, what is required when, and nothing of what was
not understood.
"""

import json
import random
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from autodidact.generators.tool_spec.arguments_in_schema import arguments_of
from autodidact.generators.tool_spec.drill_exchanges import KINDS
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.needs_in_words import needs_in_words
from autodidact.generators.tool_spec.schema_questions import facts
from autodidact.generators.tool_spec.shortest_schema import shortest
from autodidact.generators.tool_spec.value_type_phrases import kind_of
from autodidact.sources.mcp.list_tools import Tool, tools
from autodidact.stage import Troubles
from tests.bounded import bounded
from tests.generators.snapshots import examples_of, snapshot, troubles

SCHEMAS = Path(__file__).parents[1] / "data" / "tools" / "schemas.json"


def known(schema: dict) -> KnownTool:
    return KnownTool(Tool("shop", "pay", "Pay a bill.", schema))


def told(tool: KnownTool, others=()) -> set[str]:
    """All answers about a schema."""
    usable = [tool, *others]
    return {answer for seed in range(20) for _, answer in facts(tool, usable, random.Random(seed))}


def pay(**more) -> dict:
    """A schema with these words besides its properties."""
    names = {
        "method": {"enum": ["card", "account"]},
        "card": {"type": "string"},
        "account": {"type": "string"},
    }
    return {"type": "object", "properties": names, **more}


@pytest.fixture(scope="module")
def cases() -> dict[str, KnownTool]:
    counted = Troubles()
    found = {tool.name: KnownTool(tool) for tool in tools(str(SCHEMAS), counted)}
    assert {one.reason for one in counted.list()} == {
        "two different tools of one name",
        "a tool without a schema",
    }
    return found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("set_level", "`level` of `set_level` is one of `debug`, `info`, `1`, `2`, `null` and `true`."),
        (
            "dependent",
            "`dependent` requires `method` and `pence`. It also needs `card` when `method` is `card` and"
            " `account` when `method` is `account`.",
        ),
        (
            "dependent",
            "`card` of `dependent` is a string that matches `^[0-9]{16}$`; it is needed when `method` is `card`.",
        ),
        ("dependent", "`pence` of `dependent` is an integer above 0, a multiple of 5; it is required."),
        (
            "hold",
            "`hold` requires `action`. It also needs `seats` when `action` is `make` and `hold_id` when `action` is"
            " `release`.",
        ),
        ("hold", "`action` of `hold` is one of `make` and `release`."),
        ("list_rotas", "It has `query`, `pier_ids` and `limit`."),
        ("api/v2.vessels-get", "`x-trace` of `api/v2.vessels-get` is a string or null; it is optional."),
        ("draft4", "`price` of `draft4` is a number above 0; it is required."),
        ("draft4", "`when` of `draft4` is a string or null; it is optional."),
        ("create_notice", "`title` of `create_notice` is a string of 1 to 80 characters; it is required."),
        ("empty_schema", "`empty_schema`."),
    ],
)
def test_what_the_cases_are_told_as(cases, name, said):
    assert said in told(cases[name])


def test_nothing_is_denied_of_what_the_cases_leave_open(cases):
    assert "no_schema" not in cases
    empty = told(cases["empty_schema"], [cases["hold"]])
    assert not [text for text in empty if "no argument" in text or "None" in text]
    assert not [text for text in told(cases["dependent"]) if "leave out" in text or "optional" in text]


def test_small_recursive_schemas_are_shown_with_their_definitions_and_called(tmp_path):
    seen = snapshot(tmp_path, mcp=str(SCHEMAS))
    rows = list(examples_of("tool_spec", seen))
    shown = {tool["function"]["name"]: tool["function"]["parameters"] for row in rows for tool in row.tools}
    assert shown["search_sailings"]["properties"]["condition"] == {"$ref": "#/$defs/cond"}
    assert "$ref" in json.dumps(shown["search_sailings"]["$defs"]["cond"])
    called = {call["function"]["name"] for row in rows for call in row.messages[-1].get("tool_calls") or ()}
    assert called >= {
        "search_sailings",
        "create_notice",
        "hold",
        "dependent",
        "batch",
        "draft4",
        "日程を取得",
    }
    assert troubles(seen) == {
        "a tool without a schema": 1,
        "two different tools of one name": 1,
        "tool schema without values that can be made up": 1,
    }


@pytest.mark.parametrize(
    ("schema", "required", "when"),
    [
        (pay(required=["method"]), ["method"], {}),
        # One of them has no schema.
        (pay(required=["tip", "method"]), ["tip", "method"], {}),
        (pay(dependentRequired={"card": ["account"]}), [], {"account": "`card` is given"}),
        (pay(dependencies={"card": ["account"]}), [], {"account": "`card` is given"}),
        (pay(dependentSchemas={"card": {"required": ["account"]}}), [], {"account": "`card` is given"}),
        (
            pay(anyOf=[{"required": ["card"]}, {"required": ["account"]}]),
            [],
            {"card": "`account` is not given", "account": "`card` is not given"},
        ),
        (
            pay(oneOf=[{"required": ["method", "card"]}, {"required": ["method", "account"]}]),
            ["method"],
            {
                "card": "`account` is not given (give exactly one of the two)",
                "account": "`card` is not given (give exactly one of the two)",
            },
        ),
        (
            pay(oneOf=[{"required": ["method"]}, {"required": ["card"]}, {"required": ["account"]}]),
            [],
            {
                "method": "neither `card` nor `account` is given (give exactly one of the 3)",
                "card": "neither `method` nor `account` is given (give exactly one of the 3)",
                "account": "neither `method` nor `card` is given (give exactly one of the 3)",
            },
        ),
        # A call with both fulfils the first alone where `tip` is no number.
        (
            pay(
                oneOf=[
                    {"required": ["card"]},
                    {"required": ["account"], "properties": {"tip": {"type": "integer"}}},
                ]
            ),
            [],
            {"card": "`account` is not given", "account": "`card` is not given"},
        ),
        (
            pay(required=["method"], anyOf=[{"required": ["card"]}, {"required": ["account", "method"]}]),
            ["method"],
            {"card": "`account` is not given", "account": "`card` is not given"},
        ),
        # Nothing but `card` and `account` together replaces `method`.
        (
            pay(anyOf=[{"required": ["method"]}, {"required": ["card", "account"]}]),
            [],
            {
                "method": "`card` and `account` are not both given",
                "card": "`method` is not given",
                "account": "`method` is not given",
            },
        ),
        (
            pay(oneOf=[{"required": ["method", "tip"]}, {"required": ["card", "account"]}]),
            [],
            {
                "method": "`card` and `account` are not both given",
                "tip": "`card` and `account` are not both given",
                "card": "`method` and `tip` are not both given",
                "account": "`method` and `tip` are not both given",
            },
        ),
        # Of three, two want several: more than a few words.
        (
            pay(
                anyOf=[
                    {"required": ["method", "tip"]},
                    {"required": ["card", "account"]},
                    {"required": ["x"]},
                ]
            ),
            [],
            {"method": "", "tip": "", "card": "", "account": "", "x": ""},
        ),
        # Where `account` is given, too, nothing but `card` is missing: two branches share an argument.
        (
            pay(
                anyOf=[{"required": ["card", "account"]}, {"required": ["account"]}, {"required": ["method"]}]
            ),
            [],
            {"card": "", "account": "", "method": ""},
        ),
        (
            pay(
                oneOf=[
                    {"required": ["card"]},
                    {"required": ["account"]},
                    {"required": ["card"], "properties": {"tip": {"const": 1}}},
                ]
            ),
            [],
            {"card": "", "account": "`card` is not given"},
        ),
        # A condition on an argument that need not be given holds without it too.
        (
            pay(**{"if": {"properties": {"method": {"const": "card"}}}, "then": {"required": ["card"]}}),
            [],
            {"card": "`method` is `card` or not given"},
        ),
        (
            pay(
                **{
                    "if": {"properties": {"method": {"const": "card"}}, "required": ["method"]},
                    "then": {"required": ["card"]},
                    "else": {"required": ["account"]},
                }
            ),
            [],
            {"card": "`method` is `card`", "account": ""},
        ),
        (
            pay(
                required=["method"],
                **{
                    "if": {"properties": {"method": {"type": "string", "enum": ["card"]}}},
                    "then": {"required": ["card"]},
                },
            ),
            ["method"],
            {"card": "`method` is `card`"},
        ),
        (
            pay(**{"if": {"required": ["card"]}, "else": {"required": ["account"]}}),
            [],
            {"account": "`card` is not given"},
        ),
        (
            pay(**{"if": {"properties": {"card": {"pattern": "^4"}}}, "then": {"required": ["account"]}}),
            [],
            {"account": ""},
        ),
        (pay(allOf=[{"required": ["card"]}, {"properties": {"tip": {"type": "integer"}}}]), ["card"], {}),
        ({"$ref": "#/$defs/Pay", "$defs": {"Pay": pay(required=["card"])}}, ["card"], {}),
    ],
)
def test_which_arguments_are_required_and_when(schema, required, when):
    found = arguments_of(schema)
    assert (found.required, found.when) == (required, when)
    assert found.unread.whole("arguments", "required")


@pytest.mark.parametrize(
    ("schema", "scope"),
    [
        (pay(minProperties=1), "required"),
        (pay(**{"not": {"required": ["card", "account"]}}), "required"),
        (pay(**{"$dynamicRef": "#node"}), "required"),
        (pay(allOf=[{"$ref": "https://example.org/schema.json"}]), "required"),
        (pay(additionalProperties=True), "arguments"),
        (pay(patternProperties={"^x-": {}}), "arguments"),
        (pay(unevaluatedProperties=True), "arguments"),
        ({"type": "object"}, "arguments"),
        (pay(allOf=[{"$ref": "#/$defs/Gone"}]), "arguments"),
    ],
)
def test_what_is_not_understood_silences_what_needs_it(schema, scope):
    tool = known(schema)
    assert not tool.unread.whole(scope)
    other = KnownTool(
        Tool("shop", "tip", "", {"type": "object", "properties": {"size": {"type": "integer"}}})
    )
    said = " ".join(told(tool, [other]))
    closed = {
        "required": ("None:", "leave out", "optional"),
        "arguments": ("None:", "has no argument", "which takes"),
    }
    assert not [words for words in closed[scope] if words in said]
    # What is said without it stays.
    assert "Yes" in said or not tool.properties


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ({"type": ["integer", "null"], "minimum": 1, "maximum": 9}, "an integer from 1 to 9 or null"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}, "a string or null"),
        ({"type": "string", "nullable": True}, "a string or null"),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, "a number above 0, at most 1"),
        ({"type": "string", "format": "date-time"}, "a string in the format date-time"),
        ({"type": "array", "items": {"type": "string"}, "minItems": 2}, "a list of at least 2 strings"),
        (
            {"type": "array", "items": {"type": "object"}, "minItems": 2, "maxItems": 4},
            "a list of 2 to 4 objects",
        ),
        ({"type": "array", "items": {"type": "object"}, "maxItems": 1}, "a list of at most 1 object"),
        ({"type": "array", "minItems": 1, "maxItems": 1}, "a list with exactly 1 entry"),
        ({"type": "string", "maxLength": 40}, "a string of at most 40 characters"),
        (
            {"oneOf": [{"type": "integer"}, {"type": "string", "pattern": "^a"}]},
            "an integer or a string that matches `^a`",
        ),
        ({"type": "string", "not": {"const": "root"}}, ""),
        ({"type": ["string", "integer"], "minimum": 1}, ""),
        ({}, ""),
    ],
)
def test_kinds_of_values(part, kind):
    assert kind_of(part) == kind


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([True, False], "`true` and `false`"),
        ([1, "1"], '`1` and `"1"`'),
        ([None, "null", "none"], '`null`, `"null"` and `none`'),
        ([0.5, 2], "`0.5` and `2`"),
    ],
)
def test_values_are_spelled_as_in_json(values, said):
    tool = known({"type": "object", "properties": {"rush": {"enum": values}}})
    assert f"`rush` of `pay` is one of {said}." in told(tool)


@pytest.mark.parametrize(
    "part",
    [
        {"oneOf": [{"const": "a", "description": "First."}, {"const": "b"}]},
        {"allOf": [{"$ref": "#/$defs/Letter"}], "default": "a"},
        {"anyOf": [{"enum": ["a"]}, {"const": "b"}]},
    ],
)
def test_values_that_stand_in_parts_are_told(part):
    letter = {"type": "string", "enum": ["a", "b"]}
    schema = {"type": "object", "properties": {"x": part, "y": part}, "$defs": {"Letter": letter}}
    assert "`x` of `pay` is one of `a` and `b`." in told(known(schema))


def test_a_constant_and_a_default_are_told():
    schema = {
        "type": "object",
        "properties": {"api": {"const": "v2"}, "rush": {"type": "boolean", "default": True}},
    }
    assert told(known(schema)) >= {"`api` of `pay` is always `v2`.", "`pay` assumes `true` for `rush`."}


@pytest.mark.parametrize(
    "schema",
    [
        pay(required=["tip"]),
        pay(
            required=["method"],
            **{
                "if": {"properties": {"method": {"const": "card"}}},
                "then": {"required": ["card"]},
                "else": {"required": ["account"]},
            },
        ),
        pay(required=["card"], dependentRequired={"card": ["method", "account"]}),
        pay(
            required=["card"],
            dependentSchemas={"card": {"properties": {"method": {"const": "card"}}, "required": ["method"]}},
        ),
        {
            "oneOf": [
                pay(required=["card"], additionalProperties=False),
                {
                    "type": "object",
                    "properties": {"n": {"type": "integer"}},
                    "required": ["n"],
                    "additionalProperties": False,
                },
            ]
        },
        {
            "type": "object",
            "properties": {"tree": {"$ref": "#/$defs/node"}},
            "required": ["tree"],
            "$defs": {
                "node": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string"},
                        "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
                    },
                    "required": ["name"],
                }
            },
        },
    ],
)
def test_calls_fulfil_conditions_and_references(schema):
    tool = known(schema)
    drawn = [tool.draw(random.Random(seed)) for seed in range(20)]
    assert all(given is not None for given in drawn)
    for given in drawn:
        Draft202012Validator(schema).validate(given)


def test_an_argument_that_a_condition_requires_is_asked_for():
    schema = pay(
        required=["method"],
        **{"if": {"properties": {"method": {"const": "card"}}}, "then": {"required": ["card"]}},
    )
    tool, missing = known(schema), KINDS[1]
    asked = {
        row.response() for seed in range(60) if (row := missing(tool, [tool], 9_999, random.Random(seed)))
    }
    assert "Which card? `pay` needs `card` when `method` is `card`." in asked


@pytest.mark.parametrize("key", ["anyOf", "allOf"])
def test_alternatives_in_alternatives_cost_their_tool_in_time(tmp_path, key):
    inner = {f"d{n}": {key: [{"$ref": f"#/$defs/d{n + 1}"}] * 30} for n in range(6)}
    vast = {"type": "object", "$ref": "#/$defs/d0", "$defs": inner | {"d6": pay(required=["card"])}}
    path = tmp_path / "tools.json"
    path.write_text(
        json.dumps([{"name": "vast", "inputSchema": vast}, {"name": "pay", "inputSchema": pay()}])
    )
    seen = snapshot(tmp_path, mcp=str(path))
    with bounded(6.0):
        rows = list(examples_of("tool_spec", seen))
    assert {row.source.name for row in rows} == {"pay"}
    assert troubles(seen) == {"tool schema of too many alternatives": 1}


def test_the_shortest_form_keeps_what_refers_to_itself():
    node = {
        "type": "object",
        "title": "Node",
        "properties": {"next": {"$ref": "#/$defs/Node"}, "title": {"type": "string"}},
    }
    schema = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/Node"}},
        "$defs": {"Node": node, "Unused": {}},
    }
    kept = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}, "title": {"type": "string"}}}
    assert shortest(schema) == {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/Node"}},
        "$defs": {"Node": kept},
    }
    assert shortest({"properties": {"a": {"$ref": "#"}}}) == {"properties": {"a": {"$ref": "#"}}}


def test_definitions_are_kept_where_they_are_shorter():
    money = {
        "type": "object",
        "properties": {"pence": {"type": "integer"}, "currency": {"enum": ["GBP", "EUR", "NOK"]}},
    }
    names = ("fare", "deposit", "refund")
    schema = {"properties": {name: {"$ref": "#/$defs/Money"} for name in names}, "$defs": {"Money": money}}
    assert shortest(schema) == schema


LAMP = {
    "lamp": {"type": "integer", "description": "Required unless all is true"},
    "all": {"type": "boolean", "description": "Use instead of lamp"},
    "note": {"type": "string"},
}


def test_what_a_description_makes_necessary_is_in_each_call_and_not_called_optional():
    tool = KnownTool(Tool("shop", "set_lamp", "Sets a lamp.", {"type": "object", "properties": LAMP}))
    drawn = [tool.draw(random.Random(seed)) for seed in range(30)]
    assert {tuple(key for key in given if key != "note") for given in drawn if given} == {("lamp",)}
    assert None not in drawn
    assert not [text for text in told(tool) if "every argument" in text or "leave out" in text]
    assert tool.optional == ["note"]


@pytest.mark.parametrize(
    ("about", "lamp", "everything", "needed", "instead"),
    [
        ("", "Required unless all is true", "", {"lamp"}, {}),
        ("", "Mandatory when dimmed", "", {"lamp"}, {}),
        ("", "Not required if all is set", "", {"lamp"}, {}),
        ("", "Erforderlich, wenn all fehlt", "", {"lamp"}, {}),
        ("", "Not required.", "", set(), {}),
        ("", "A lamp", "Every one, even if off", set(), {}),
        ("", "", "Use instead of lamp", set(), {"all": {"lamp"}}),
        ("Either lamp or all is required.", "", "", set(), {"lamp": {"all"}, "all": {"lamp"}}),
        ("Sets either m or ft.", "", "", set(), {}),
    ],
)
def test_what_descriptions_say_that_a_call_needs(about, lamp, everything, needed, instead):
    parts = {"lamp": {"description": lamp}, "all": {"description": everything}}
    found = needs_in_words(parts, ["lamp", "all"], about)
    assert (found.needed, found.instead) == (needed, instead)
