"""Exchanges with tools in the register `full`, made from JSON Schemas."""

import json
import re
from datetime import date
from itertools import islice
from random import Random

import pytest

from autodidact.generators import tool_spec
from autodidact.generators.tool_spec.full.argument_in_words import argument_line
from autodidact.generators.tool_spec.full.description_conditions import speaks_of_cases
from autodidact.generators.tool_spec.full.exchange_context import _SYSTEMS, Scene
from autodidact.generators.tool_spec.full.likely_arguments import drawn
from autodidact.generators.tool_spec.full.no_call_exchanges import destructive
from autodidact.generators.tool_spec.full.tool_explanations import in_brief
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.sources.mcp.list_tools import Tool
from tests.generators.snapshots import examples_of, file, snapshot

MONDAY = date(2026, 5, 4)

PIERS = {"type": "string", "enum": ["alder-point", "low-mole", "skerry"]}
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
TOOLS = [
    {
        "name": "list_sailings",
        "description": "List the sailings between two piers on a day that still have room.",
        "inputSchema": {
            "type": "object",
            "properties": {
                "origin": PIERS,
                "destination": PIERS,
                "date": DAY,
                "vehicle": {"enum": ["none", "car", "van"], "default": "none"},
            },
            "required": ["origin", "destination", "date"],
        },
        "annotations": {"readOnlyHint": True},
    },
    {
        "name": "hold_seats",
        "description": "Hold seats on a sailing for some minutes, before payment.",
        "inputSchema": {
            "type": "object",
            "properties": {
                "sailing": {"type": "string", "pattern": r"^W\d{3}$"},
                "minutes": {"type": "integer", "minimum": 5, "maximum": 60, "default": 20},
            },
            "required": ["sailing"],
        },
    },
    {
        "name": "release_hold",
        "description": "Give held seats back.",
        "inputSchema": {
            "type": "object",
            "properties": {"hold": {"type": "string", "description": "The hold, as hold_seats returned it."}},
            "required": ["hold"],
        },
    },
    {
        "name": "cancel_booking",
        "description": "Cancel a booking.",
        "inputSchema": {
            "type": "object",
            "properties": {"booking": {"type": "string", "pattern": r"^B-\d{4}$"}},
            "required": ["booking"],
        },
        "annotations": {"destructiveHint": True, "readOnlyHint": False},
    },
    {
        "name": "service_status",
        "description": "Say whether a service is up.",
        "inputSchema": {
            "type": "object",
            "properties": {"service": {"enum": ["tides", "roster"]}},
            "required": ["service"],
        },
    },
    {
        "name": "update_issue_title",
        "description": "Update the title of an existing issue.",
        "inputSchema": {
            "type": "object",
            "properties": {
                "owner": {"type": "string"},
                "repo": {"type": "string"},
                "issue_number": {"type": "integer"},
                "title": {"type": "string"},
            },
            "required": ["owner", "repo", "issue_number", "title"],
        },
    },
]


def known(name: str) -> KnownTool:
    raw = next(tool for tool in TOOLS if tool["name"] == name)
    hints = raw.get("annotations", {})
    return KnownTool(Tool("line", name, raw["description"], raw["inputSchema"], None, hints))


def test_an_argument_is_explained_by_its_need_its_values_and_its_default():
    assert argument_line(known("list_sailings"), "vehicle") == (
        "`vehicle` (not required by the schema, one of `none`, `car` or `van`, default `none`)"
    )
    assert argument_line(known("release_hold"), "hold") == (
        "`hold` (required, a string): The hold, as hold_seats returned it"
    )
    assert argument_line(known("list_sailings"), "date") == "`date` (required, a day as YYYY-MM-DD)"


def test_what_destroys_is_known_by_its_hint_or_by_its_verb():
    assert [tool["name"] for tool in TOOLS if destructive(known(tool["name"]))] == ["cancel_booking"]
    named = KnownTool(Tool("line", "delete_page", "Delete a page.", {"type": "object"}))
    harmless = KnownTool(
        Tool("line", "delete_page", "Delete a page.", {"type": "object"}, None, {"destructiveHint": False})
    )
    assert destructive(named) and destructive(harmless)
    assert not destructive(KnownTool(Tool("line", "drop_off", "Book knives in.", {"type": "object"})))
    preview = {"destructiveHint": False, "readOnlyHint": True}
    assert not destructive(
        KnownTool(Tool("line", "drop_preview", "Drop.", {"type": "object"}, None, preview))
    )


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    folder = tmp_path_factory.mktemp("full")
    tools = file(folder, "line.json", json.dumps({"tools": TOOLS}))
    settings = {"generators.register": "full", "profile": "production"}
    return list(islice(examples_of("tool_spec", snapshot(folder, settings=settings, mcp=tools)), 250))


def test_a_warning_below_a_list_is_a_paragraph_of_its_own():
    tool = known("cancel_booking")
    scenes = [Scene.begin(tool, [tool], 9_000, Random(n), "line", date(2026, 5, 4)) for n in range(20)]
    made = [row.messages[-1]["content"] for scene in scenes if (row := in_brief(scene))]
    needs = [text for text in made if text.startswith("`cancel_booking` needs:")]
    assert needs and all("\n\nAsk before you call it" in text for text in needs)


def exchanges(rows):
    return [row for row in rows if not row.model_extra.get("probe")]


def calls(row):
    last = row.messages[-1].get("tool_calls", [])
    return [(one["function"]["name"], one["function"]["arguments"]) for one in last]


def test_every_call_is_one_that_its_tool_accepts_and_leaves_defaults_out(rows):
    made = [call for row in rows for call in calls(row)]
    assert len(made) >= 5
    for name, given in made:
        tool = known(name)
        assert tool.accepts(given), (name, given)
        assert not [key for key, value in given.items() if tool.properties[key].get("default") == value]


def test_what_destroys_is_never_called(rows):
    assert "cancel_booking" not in {name for row in rows for name, _ in calls(row)}


def test_no_call_comes_twice_and_no_tool_is_explained_twice(rows):
    made = [str(calls(row)) for row in rows if calls(row)]
    assert len(set(made)) == len(made)
    explained = [
        row.source.ref for row in rows if row.response().startswith("The description of") and row.tools
    ]
    assert explained and len(set(explained)) == len(explained)


def test_a_question_back_names_the_argument_and_calls_nothing(rows):
    asked = [
        row
        for row in exchanges(rows)
        if row.messages[-1]["content"].count("?") == 1
        and re.search(r"requires `|` is missing|which it requires", row.messages[-1]["content"])
    ]
    assert asked
    for row in asked:
        named = set(re.findall(r"`(\w+)`", row.messages[-1]["content"]))
        assert any(named & set(tool["function"]["parameters"]["properties"]) for tool in row.tools)
        assert not calls(row)


def test_nothing_is_left_open_in_a_sentence(rows):
    texts = [turn["content"] for row in rows for turn in row.messages if turn["role"] != "tool"]
    wrong = r"\{\w*\}|\bNone\b(?! of)|a specific|this tool allows|\.\.(?!\.)|  +[a-z]"
    assert not [text for text in texts if re.search(wrong, re.sub(r"```[^`]*```|`[^`]*`", "code", text))]


def test_answers_are_whole_and_of_several_kinds(rows):
    assert sum(bool(calls(row)) for row in rows) >= 5
    assert [row for row in rows if sum(turn["role"] == "user" for turn in row.messages) > 1]
    assert sum(row.messages[0]["role"] == "system" for row in rows) >= 5
    assert not [row for row in rows if not calls(row) and len(row.response().split()) < 5]


def test_no_result_is_taught_that_nobody_saw(rows):
    assert {turn["role"] for row in rows for turn in row.messages} == {"system", "user", "assistant"}


def test_a_tool_is_described_plainly_and_a_dictated_call_is_not_translated():
    says = [shape["say"] for shape in tool_spec.WORDINGS["tool_for"].full]
    assert "In the tool list, `{1}` is described as {3}" in says
    assert not [text for text in says if text.startswith("By its")]
    assert not [text for text in _SYSTEMS["plain"] if "informal" in text]


def test_where_the_word_of_an_argument_occurs_is_not_asked():
    shapes = tool_spec.WORDINGS["tool_with"].full
    assert not [shape for shape in shapes if "alone" in shape["say"] or "It was a call" in shape["say"]]


def test_a_fact_of_the_probe_is_taught_in_at_least_six_kinds_of_sentences():
    for kind, wordings in tool_spec.WORDINGS.items():
        assert len(wordings.full) >= 6, kind
        for shape in wordings.full:
            assert "{1}" in shape["say"] and shape["ask"] != wordings.reserved
            assert len(shape["say"].format("x", "y", "z", "x").split()) >= 8


def test_equal_snapshots_give_equal_examples(tmp_path):
    tools = file(tmp_path, "line.json", json.dumps({"tools": TOOLS[4:5]}))
    settings = {"generators.register": "full"}
    first, second = (
        [row.line() for row in examples_of("tool_spec", snapshot(tmp_path, settings=settings, mcp=tools))]
        for _ in range(2)
    )
    assert first == second and len(first) > 10


def test_a_fact_of_the_probe_comes_with_what_the_schema_says_besides(rows):
    of_minutes = [
        row.response() for row in rows if "probe" in row.model_extra and "`minutes`" in row.prompt()
    ]
    assert of_minutes and all("takes an integer from 5 to 60" in text for text in of_minutes)


def tool(name, description, properties, required):
    schema = {"type": "object", "properties": properties, "required": required}
    return KnownTool(Tool("pharmacy", name, description, schema))


ORDERS = (
    "list_orders",
    "List the orders of a ward between two days.",
    {"ward": {"enum": ["1C", "2A"], "type": "string"}, "from_date": DAY, "to_date": DAY},
    ["ward", "from_date", "to_date"],
)


def told(description, properties, *required, name="do_it", **more):
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return KnownTool(Tool("s", name, description, schema, {}, **more))


PASS = {
    "kind": {"enum": ["single", "day", "season"]},
    "persons": {"type": "integer", "minimum": 1, "default": 1},
    "discount": {"enum": ["none", "group"], "default": "none"},
    "holder": {"type": "object", "properties": {"name": {"type": "string"}}},
}
VERDICT = {"verdict": {"enum": ["clear", "fix"]}, "comment": {"type": "string"}}
NUMBER = {"type": "number", "minimum": 0, "maximum": 150}
AMOUNT = {"amount": {"type": "number"}, "reason": {"enum": ["injury", "goodwill"]}}
PLACE = {
    "place": {
        "type": "object",
        "properties": {
            "sector": {"enum": ["A-field", "E-line"]},
            "lift": {"enum": ["east", "west"], "description": "only with sector E"},
        },
        "required": ["sector"],
    }
}


@pytest.mark.parametrize(
    ("known", "speaks"),
    [
        (told("Reserve a table.", {"when": {}}, "when"), False),
        (told("State of one lift right now.", {"lift": {"description": "its name"}}, "lift"), False),
        (told("Reserve a table. The kitchen shuts at 15:30.", {"when": {}}, "when"), True),
        (told("`fix` wants a comment, or the host phones us.", VERDICT), True),
        (
            told("Set a quota.", {"size": {}, "by": {"description": "initials; needed above 5 TB"}}, "size"),
            True,
        ),
        # An optional argument that the tool's own description names may be needed.
        (told("Change a cue. After the premiere nothing, but for designer_ok.", {"designer_ok": {}}), True),
        # An amount that the description gives is no other one.
        (told("Bike out on a stay. cargo = 100 deposit, rest 40", {"deposit_eur": NUMBER}), True),
        (told("Bike out on a stay. cargo = 100 deposit, rest 40", {"hours": NUMBER}), False),
        # What is for one choice alone.
        (
            told(
                "Write to everybody.",
                {
                    "kind": {"enum": ["late", "off"]},
                    "by": {"type": "integer", "description": "how late, for late"},
                },
                "kind",
            ),
            True,
        ),
        # By such an argument somebody says that something is met.
        (told("Lend a kayak.", {"waiver_signed": {"type": "boolean"}}), True),
    ],
)
def test_of_a_tool_whose_descriptions_set_a_condition_no_call_is_made_up(known, speaks):
    assert speaks_of_cases(known) == speaks


@pytest.mark.parametrize(
    ("name", "key", "ahead"),
    [
        ("reserve_boat", "start", True),
        ("reserve_boat", "not_after", True),
        ("report_boat", "lost_on", False),
        ("list_boats", "since", False),
    ],
)
def test_what_is_done_has_days_that_are_not_over(name, key, ahead):
    known = told(f"{name.split('_')[0]} a boat", {key: {"type": "string", "format": "date"}}, key, name=name)
    days = [drawn(known, Random(n), MONDAY)[key] for n in range(20)]
    assert all((day >= MONDAY.isoformat()) is ahead for day in days)


def test_a_local_time_has_no_zone():
    start = {"type": "string", "format": "date-time", "description": "local time, ISO"}
    given = drawn(told("reserve a boat", {"start": start}, "start"), Random(1), MONDAY)
    assert given is None or not given["start"].endswith("Z")


def full(folder, tools):
    settings = {"generators.register": "full", "profile": "production"}
    declared = file(folder, "tools.json", json.dumps({"tools": tools}))
    return list(islice(examples_of("tool_spec", snapshot(folder, settings=settings, mcp=declared)), 200))


def test_of_a_tool_with_a_condition_no_call_is_taught(tmp_path):
    table = {
        "name": "reserve_table",
        "description": "Reserve a table. Kitchen shuts 15:30, it does not check that, you do.",
        "inputSchema": {
            "type": "object",
            "properties": {"date": DAY, "time": {"type": "string", "pattern": r"^\d{2}:\d{2}$"}},
            "required": ["date", "time"],
        },
    }
    rows = full(tmp_path, [table, *TOOLS])
    assert [row for row in rows if row.source.ref.endswith("/reserve_table")]
    assert not any(
        made["function"]["name"] == "reserve_table"
        for row in rows
        for turn in row.messages
        for made in turn.get("tool_calls") or []
    )
