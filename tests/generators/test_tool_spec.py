"""Examples of calls, made from JSON Schemas."""

import json
import random
import re

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from autodidact import json_schema
from autodidact.errors import Skipped
from autodidact.generators import tool_spec
from autodidact.generators.tool_spec import drill_exchanges
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.schema_questions import facts
from autodidact.generators.tool_spec.schema_values import arguments
from autodidact.generators.tool_spec.strings_from_patterns import matching
from autodidact.sources.mcp.list_tools import Tool
from tests.bounded import bounded
from tests.generators.snapshots import examples_of, file, questions_of, read, snapshot, troubles
from tests.generators.taught import assert_no_constant_answer_scores, assert_taught

TOOLS = [
    {
        "name": "book_table",
        "description": "Reserve a table. It is held for ten minutes.",
        "inputSchema": {
            "type": "object",
            "title": "book_tableArguments",
            "required": ["day", "party"],
            "properties": {
                "day": {"type": "string", "format": "date", "title": "Day"},
                "party": {"type": "array", "items": {"$ref": "#/$defs/Guest"}, "minItems": 1},
                "place": {"enum": ["inside", "terrace"], "default": "inside"},
                "note": {"anyOf": [{"type": "string", "maxLength": 40}, {"type": "null"}], "default": None},
            },
            "$defs": {
                "Guest": {
                    "type": "object",
                    "title": "Guest",
                    "required": ["kind", "count"],
                    "properties": {
                        "kind": {"enum": ["adult", "child"]},
                        "count": {"type": "integer", "minimum": 1, "maximum": 9},
                    },
                }
            },
        },
    },
    {
        "name": "lock_door",
        "description": "Lock the cellar.",
        "inputSchema": {"type": "object", "properties": {}},
    },
    {
        "name": "send_invoice",
        "description": "Mail somebody an invoice.",
        "inputSchema": {
            "type": "object",
            "required": ["invoice", "amount"],
            "properties": {
                "invoice": {"type": "string", "pattern": "^INV-[0-9]{4}$"},
                "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 500},
            },
        },
    },
    {
        "name": "measure_rain",
        "description": "Read how wet yesterday was.",
        "inputSchema": {
            "type": "object",
            "required": ["station"],
            "properties": {"station": {"type": "string", "description": "A station such as ST-42."}},
        },
    },
]
SCHEMAS = {tool["name"]: tool["inputSchema"] for tool in TOOLS}


@pytest.fixture
def rows(tmp_path) -> list:
    return list(
        examples_of(
            "tool_spec", snapshot(tmp_path, mcp=file(tmp_path, "tools.json", json.dumps({"tools": TOOLS})))
        )
    )


def calls(rows: list) -> list:
    return [row for row in rows if row.messages[-1].get("tool_calls")]


def leaves(value):
    if isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    else:
        yield value


def test_every_call_is_valid_and_every_value_was_said(rows):
    made = [call["function"] for row in calls(rows) for call in row.messages[-1]["tool_calls"]]
    assert {call["name"] for call in made} == set(SCHEMAS)
    for row in calls(rows):
        for call in row.messages[-1]["tool_calls"]:
            name, given = call["function"]["name"], call["function"]["arguments"]
            Draft202012Validator(SCHEMAS[name], format_checker=FormatChecker()).validate(given)
            assert name in [tool["function"]["name"] for tool in row.tools]
            for value in leaves(given):
                assert (value if isinstance(value, str) else json.dumps(value)) in row.prompt()


def test_several_calls_in_one_answer(rows):
    several = [
        [c["function"]["name"] for c in row.messages[-1]["tool_calls"]]
        for row in calls(rows)
        if len(row.messages[-1]["tool_calls"]) > 1
    ]
    assert len(several) >= 10 and max(map(len, several)) == 3
    assert {len(set(names)) for names in several} == {1, 2}


def test_an_answer_reads_the_result_of_the_call(rows):
    read = [row for row in rows if row.messages[-2]["role"] == "tool"]
    assert len(read) >= 10
    for row in read:
        user, called, result, answer = row.messages
        assert called["tool_calls"][0]["function"]["name"] == result["name"] == row.source.name
        values = re.findall(r"(?:^|[^\w])`([^`]+)`", answer["content"])
        absent = re.match(r"The result has no `(\w+)`", answer["content"])
        if absent:
            assert f'"{absent[1]}"' not in result["content"]
            values.remove(absent[1])
        assert all(value in result["content"] or value == row.source.name for value in values)
    assert any(
        "failed: " in row.response() or "answered: " in row.response() or "says " in row.response()
        for row in read
    )


def test_shown_schemas_are_short_and_mean_the_same(rows):
    shown = next(
        tool["function"] for row in rows for tool in row.tools if tool["function"]["name"] == "book_table"
    )
    assert shown["parameters"]["properties"]["party"] == {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": ["kind", "count"],
            "properties": {
                "kind": {"enum": ["adult", "child"]},
                "count": {"type": "integer", "minimum": 1, "maximum": 9},
            },
        },
    }
    assert "title" not in json.dumps(shown) and "$defs" not in shown["parameters"]


def test_tools_are_chosen_among_others(tmp_path, monkeypatch):
    monkeypatch.setitem(tool_spec.SCHEMAS, "laptop", 1_400)  # room for more than two
    rows = list(
        examples_of(
            "tool_spec", snapshot(tmp_path, mcp=file(tmp_path, "tools.json", json.dumps({"tools": TOOLS})))
        )
    )
    sizes = [len(row.tools) for row in calls(rows)]
    assert max(sizes) >= 3 and sum(sizes) / len(sizes) > 2
    first = [
        row.tools[0]["function"]["name"] == row.messages[-1]["tool_calls"][0]["function"]["name"]
        for row in calls(rows)
    ]
    assert 0.1 < sum(first) / len(first) < 0.8


def test_a_missing_argument_is_asked_for(rows):
    asked = [
        row
        for row in rows
        if row.messages[-2]["role"] == "user"
        and re.search(r"`\w+` (?:also )?(?:needs|requires) `\w+`[.:].*", row.response())
        and "?" in row.response()
    ]
    assert len(asked) >= 8
    for row in asked:
        tool, name = re.search(r"`(\w+)` (?:also )?(?:needs|requires) `(\w+)`", row.response()).groups()
        assert name in SCHEMAS[tool]["required"] and row.response().count("?") == 1
        assert not re.search(
            rf"\b{name}(?::| is|=| =)", row.prompt().replace("an invoice:", "")
        )  # what the tool does names its argument


def test_what_the_schema_does_not_allow_is_corrected(rows):
    corrected = {
        row.response()
        for row in rows
        if re.search(
            r"cannot be `|does not work\. Which|does not\. What is|has no argument `\w+`\. It takes",
            row.response(),
        )
    }
    assert len(corrected) >= 3
    assert any(
        answer.startswith("`place` of `book_table` cannot be `") or "`send_invoice`" in answer
        for answer in corrected
    )


def test_no_tool_is_called_when_none_fits(rows):
    declined = [
        row
        for row in rows
        if re.match(r"None of my tools does that|No tool fits|I have no tool for that", row.response())
    ]
    assert declined
    for row in declined:
        assert row.prompt() in drill_exchanges.ELSEWHERE or row.source.name not in [
            tool["function"]["name"] for tool in row.tools
        ]
        assert all(f"`{tool['function']['name']}`" in row.response() for tool in row.tools)


def test_questions_about_the_schema(tmp_path):
    (known,) = [
        KnownTool(Tool("shop", tool["name"], tool["description"], tool["inputSchema"])) for tool in TOOLS[:1]
    ]
    told = {}
    for seed in range(60):
        told |= dict(facts(known, [known], random.Random(seed)))
    expected = {
        "Which arguments does `book_table` require?": "`book_table` requires `day` and `party`.",
        "What may I leave out when I call `book_table`?": (
            "In `book_table` you may leave out `place` and `note`."
        ),
        "Which values does `place` of `book_table` take?": (
            "`place` of `book_table` is one of `inside` and `terrace`."
        ),
        "What does `book_table` assume when I do not give `place`?": (
            "`book_table` assumes `inside` for `place`."
        ),
        "Which type has `day` of `book_table`?": (
            "`day` of `book_table` is a string in the format date; it is required."
        ),
        "What goes into `party` of `book_table`?": "An entry has `kind` and `count`.",
        "Does `book_table` take `note`?": "Yes, it is optional.",
    }
    assert {prompt: told[prompt] for prompt in expected} == expected


def test_requests_say_what_to_do_or_what_is_wanted():
    described = {
        "search_docs": "Searches the documents. Slow.",
        "get_weather": "The weather of a city (now).",
        "listInvoices": "",
        "x": "Queries the log; fast",
    }
    task = {name: KnownTool(Tool("s", name, text, {})) for name, text in described.items()}
    assert {name: (known.phrase.task, known.phrase.thing) for name, known in task.items()} == {
        "search_docs": ("search the documents", ""),
        "get_weather": ("", "the weather of a city"),
        "listInvoices": ("list invoices", ""),
        "x": ("query the log", ""),
    }


def test_beginnings_come_before_ends_and_places_differ():
    schema = {
        "type": "object",
        "required": ["since", "until", "origin", "target"],
        "properties": {
            "since": {"type": "string", "format": "date"},
            "until": {"type": "string", "format": "date"},
            "origin": {"enum": ["a", "b", "c"]},
            "target": {"enum": ["a", "b", "c"]},
        },
    }
    for seed in range(50):
        made = arguments(schema, random.Random(seed))
        assert made["since"] <= made["until"] and made["origin"] != made["target"]


def test_the_probe_asks_about_tools_in_a_wording_that_is_never_trained(rows, tmp_path):
    asked = list(questions_of("tool_spec", snapshot(tmp_path, mcp=str(tmp_path / "tools.json"))))
    assert {(q.kind, q.subject, q.accept[0]) for q in asked} >= {
        ("tool_with", "station", "measure_rain"),
        ("default_of", "book_table.place", "inside"),
    }
    assert_taught(asked, rows)
    assert_no_constant_answer_scores(asked, " ".join(SCHEMAS))


def test_new_and_changed_tools_come_first(tmp_path):
    path = file(tmp_path, "tools.json", json.dumps(TOOLS))
    first = snapshot(tmp_path, mcp=path)
    list(examples_of("tool_spec", first))
    file(
        tmp_path,
        "tools.json",
        json.dumps(
            [
                *TOOLS,
                {"name": "zip_files", "description": "Zip files.", "inputSchema": SCHEMAS["send_invoice"]},
            ]
        ),
    )
    second = snapshot(tmp_path, mcp=path)
    second.previous = read(first)
    made = [
        row
        for row in examples_of("tool_spec", second)
        if not (row.model_extra or {}).get("probe") and "open_book" not in row.source.model_extra
    ]
    assert {row.source.name for row in made[:10]} == {"zip_files"} and len(
        {row.source.name for row in made}
    ) == 5


def test_examples_are_distinct_and_stay_the_same(rows, tmp_path):
    assert len({row.id for row in rows}) == len(rows) > 60
    again = snapshot(tmp_path, mcp=str(tmp_path / "tools.json"))
    assert [row.line() for row in examples_of("tool_spec", again)] == [row.line() for row in rows]
    assert rows[0].source.kind == "mcp" and rows[0].source.server == f"{tmp_path}/tools.json"


@pytest.mark.parametrize(
    "schema",
    [
        {
            "type": "object",
            "properties": {"a": {"type": "integer", "multipleOf": 5, "minimum": 3, "exclusiveMaximum": 20}},
            "required": ["a"],
        },
        {
            "type": "object",
            "properties": {"a": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}},
            "required": ["a"],
        },
        {
            "type": "object",
            "properties": {"a": {"type": ["string", "null"], "format": "uuid"}},
            "required": ["a"],
        },
        {
            "type": "object",
            "properties": {"a": {"oneOf": [{"const": 7}, {"const": "seven"}]}},
            "required": ["a"],
        },
        {
            "type": "object",
            "properties": {"a": {"allOf": [{"properties": {"b": {"type": "boolean"}}}, {"required": ["b"]}]}},
            "required": ["a"],
        },
        {
            "type": "object",
            "properties": {
                "a": {"type": "array", "uniqueItems": True, "minItems": 2, "items": {"enum": [1, 2, 3]}}
            },
            "required": ["a"],
        },
        {
            "type": "object",
            "properties": {"a": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}},
            "required": ["a"],
        },
        {
            "type": "object",
            "properties": {"a": {"type": "string", "pattern": "^(foo|ba[rz])-\\w{2,4}$", "minLength": 6}},
            "required": ["a"],
        },
        {
            "type": "object",
            "properties": {"title": {"type": "string"}, "$ref": {"type": "integer"}},
            "required": ["title", "$ref"],
        },
        {
            "type": "object",
            "properties": {"a": {"$ref": "#/definitions/T"}},
            "required": ["a"],
            "definitions": {
                "T": {
                    "type": "object",
                    "properties": {"next": {"$ref": "#/definitions/T"}, "n": {"type": "integer"}},
                    "required": ["n"],
                }
            },
        },
    ],
)
def test_sampled_values_are_valid(schema):
    for seed in range(20):
        made = arguments(schema, random.Random(seed))
        Draft202012Validator(schema).validate(made)


def test_patterns():
    assert re.fullmatch(r"W\d{3}", matching(r"^W\d{3}$", random.Random(1)))
    assert matching(r"^(?!x)a$", random.Random(1)) is None
    assert matching("(", random.Random(1)) is None


def test_bad_schemas_cost_themselves(tmp_path):
    bad = [
        {"name": "wrong", "inputSchema": {"type": "no such type"}},
        {"name": "huge", "inputSchema": {"type": "object", "description": "x" * 2_000}},
        {
            "name": "dangling",
            "inputSchema": {"type": "object", "properties": {"a": {"$ref": "#/nowhere"}}, "required": ["a"]},
        },
        {
            "name": "never",
            "inputSchema": {"type": "object", "properties": {"a": {"not": {}}}, "required": ["a"]},
        },
    ]
    seen = snapshot(tmp_path, mcp=file(tmp_path, "tools.json", json.dumps(TOOLS + bad)))
    called = {
        call["function"]["name"]
        for row in calls(list(examples_of("tool_spec", seen)))
        for call in row.messages[-1]["tool_calls"]
    }
    assert called == set(SCHEMAS)
    assert troubles(seen) == {
        "tool schema that is not JSON Schema": 1,
        "tool schema too large for an example": 1,
        "tool schema without values that can be made up": 2,
    }


def test_a_deprecated_tool_is_not_called(tmp_path):
    old = {
        "name": "mail_bill",
        "description": "Deprecated: use send_invoice instead. Mails a bill.",
        "inputSchema": {"type": "object", "properties": {"days": {"type": "integer"}}},
    }
    seen = snapshot(tmp_path, mcp=file(tmp_path, "tools.json", json.dumps([*TOOLS, old])))
    made = calls(list(examples_of("tool_spec", seen)))
    assert "mail_bill" not in {c["function"]["name"] for row in made for c in row.messages[-1]["tool_calls"]}
    assert troubles(seen) == {"a tool that is deprecated": 1}


FAR = {
    "$defs": (
        {f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 30} for n in range(6)}
        | {"d6": {"type": "string"}}
    )
}
DEEP = json.loads('{"items": ' * 800 + "{}" + "}" * 800)
HOSTILE = {
    "a billion items": (
        {"a": {"type": "array", "minItems": 1_000_000_000}},
        "tool schema without values that can be made up",
    ),
    "items of items of items": (
        {
            "a": {
                "type": "array",
                "minItems": 100,
                "items": {"type": "array", "minItems": 100, "items": {"type": "array", "minItems": 100}},
            }
        },
        "tool schema without values that can be made up",
    ),
    "a billion characters": (
        {"a": {"type": "string", "minLength": 1_000_000_000}},
        "tool schema without values that can be made up",
    ),
    "a number without end": (
        {"a": {"type": "number", "minimum": 1e308, "multipleOf": 1e-300}},
        "tool schema without values that can be made up",
    ),
    "repeats of repeats": (
        {"a": {"type": "string", "pattern": "^((a{4000}){4000}){4000}$"}},
        "tool schema without values that can be made up",
    ),
    "repeats of nothing": (
        {"a": {"type": "string", "pattern": "^((){4000}){4000}b$"}},
        "tool schema without values that can be made up",
    ),
    "references that unfold": ({"a": {"$ref": "#/$defs/d0"}}, "tool schema too large for an example"),
    "nested too deep": ({"a": DEEP}, "is nested too deep to read"),
}


@pytest.mark.parametrize(("properties", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_schema_that_stands_for_very_much_costs_itself_alone(tmp_path, properties, reason):
    schema = {
        "type": "object",
        "properties": properties,
        "required": ["a"],
        **(FAR if "$ref" in properties["a"] else {}),
    }
    alone = list(
        examples_of("tool_spec", snapshot(tmp_path, mcp=file(tmp_path, "tools.json", json.dumps(TOOLS))))
    )
    seen = snapshot(
        tmp_path,
        mcp=file(tmp_path, "tools.json", json.dumps([*TOOLS, {"name": "vast", "inputSchema": schema}])),
    )
    with bounded(6.0):
        found = list(examples_of("tool_spec", seen))
    assert troubles(seen) == {reason: 1}
    assert {r.prompt() for r in calls(found)} == {r.prompt() for r in calls(alone)}


def test_patterns_have_bounds(monkeypatch):
    endless = ("a tool whose schema cannot be followed", "endless")
    uuid = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    for pattern, text, said in [
        ("^((a{4000}){4000}){4000}$", "a", endless),
        ("^a{49000}$", "a" * 49_000, None),
        (uuid, "0" * 8 + "-0000" * 3 + "-" + "0" * 12, None),
    ]:
        with bounded(2.0):
            assert (
                json_schema.refused(json.dumps({"properties": {"a": {"pattern": pattern}}}), {"a": text})
                == said
            )
    monkeypatch.setattr(json_schema, "PATTERNS_SECONDS", 0.0)  # for all patterns of one call
    assert json_schema.refused(json.dumps({"properties": {"a": {"pattern": uuid}}}), {"a": "b"}) == endless


def test_without_tools_it_is_skipped(tmp_path):
    with pytest.raises(Skipped, match="names no file"):
        list(examples_of("tool_spec", snapshot(tmp_path)))
    with pytest.raises(Skipped, match="lists a tool"):
        list(examples_of("tool_spec", snapshot(tmp_path, mcp=file(tmp_path, "mcp.json", "{}"))))


def test_a_schema_that_points_elsewhere_is_not_followed():
    elsewhere = '{"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:1/schema.json"}}}'
    assert json_schema.refused(elsewhere, {"a": 1}) == (
        "a tool whose schema cannot be followed",
        "_WrappedReferencingError",
    )
    assert json_schema.refused('{"properties": {"a": {"format": "date"}}}', {"a": "soon"}) is None
    assert json_schema.refused('{"properties": {"a": {"format": "date"}}}', {"a": "soon"}, formats=True)
