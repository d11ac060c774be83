"""What a schema contradicts itself is not taught, and nothing is denied of tools that may do or take anything."""

import json
from datetime import date
from random import Random

import pytest

from autodidact.generators.tool_spec import _usable, probe_facts, read
from autodidact.generators.tool_spec.drill_exchanges import _declined, defaults
from autodidact.generators.tool_spec.full.argument_in_words import argument_line
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.no_call_exchanges import no_tool
from autodidact.generators.tool_spec.full.tool_explanations import whole
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.sources.mcp.list_tools import Tool
from tests.generators.snapshots import file, snapshot, troubles

TEXT = {"type": "string"}


def tool(name: str, description: str, properties: dict, *required: str, **more) -> KnownTool:
    schema = {"type": "object", "properties": properties, "required": list(required), **more}
    return KnownTool(Tool("dairy", name, description, schema))


def refusals(known: KnownTool) -> list[str]:
    """What twenty rows of each register answer to a request that this tool alone does not fit."""
    lamp = tool("lamp", "Light a lamp.", {"room": {"enum": ["attic"]}}, "room")
    made = []
    for seed in range(20):
        scene = Scene(known, [known], 12_000, Random(seed), date(2026, 5, 4), None, None)
        made += [no_tool(scene), _declined(lamp, [lamp, known], 12_000, Random(seed))]
    return [row.messages[-1]["content"] for row in made if row]


@pytest.mark.parametrize(
    "known",
    [
        tool("browser_resize", "Resize the browser window.", {"width": {"type": "number"}}),
        tool("open_page", "Open a page.", {"url": TEXT}, "url"),
        tool("delegate", "Hand over to a colleague.", {"task": TEXT}, "task"),
        tool("sh", "Start something.", {"command": TEXT}, "command"),
        tool("python", "Run Python code.", {"code": TEXT}, "code"),
        tool("find", "Search the web.", {"words": TEXT}, "words"),
    ],
    ids=lambda known: known.name,
)
def test_no_request_is_refused_next_to_a_tool_that_may_do_nearly_anything(known):
    assert refusals(known) == []


@pytest.mark.parametrize(
    "known",
    [
        tool("milk", "Milk a cow.", {"cow": TEXT}, "cow"),
        tool("tax", "The tax of a country.", {"country_code": TEXT}, "country_code"),
        tool("herds", "List the herds.", {"cursor": {**TEXT, "description": "Cursor of the next page"}}),
        tool("set_task", "Set a state.", {"command": {"enum": ["on", "off"]}}),
    ],
    ids=lambda known: known.name,
)
def test_next_to_a_tool_for_one_thing_it_is(known):
    assert any(f"`{known.name}`" in answer for answer in refusals(known))


def asked_by_argument(*known: KnownTool, folder) -> list[str]:
    return sorted(one.subject for one in probe_facts([*known], snapshot(folder)) if one.kind == "tool_with")


def test_an_argument_is_nobodys_alone_where_another_tool_takes_any(tmp_path):
    note = tool("annotate", "Annotate a cow.", {"note": TEXT})
    labels = tool("label", "Label a cow.", {"cow": TEXT}, additionalProperties={"type": "string"})
    closed = tool("label", "Label a cow.", {"cow": TEXT}, additionalProperties=False)
    assert asked_by_argument(note, labels, folder=tmp_path) == ["cow"]
    assert asked_by_argument(note, closed, folder=tmp_path) == ["cow", "note"]


def test_that_a_tool_takes_more_than_the_list_is_said():
    labels = tool("label", "Label a cow.", {"cow": TEXT}, "cow", additionalProperties=True)
    scene = Scene(labels, [labels], 12_000, Random(1), date(2026, 5, 4), None, None)
    answer = whole(scene).messages[-1]["content"]
    assert answer.endswith("- `cow` (required, a string)\n\nThe schema allows more than these.")


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ({"type": "integer", "minimum": 1, "default": 0}, []),
        ({**TEXT, "enum": ["1", "2"], "default": 1}, []),
        ({"type": "boolean", "default": "false"}, []),
        ({**TEXT, "pattern": "^[A-Z]{3}$", "default": "none"}, []),
        ({"type": "integer", "minimum": 0, "default": 0}, [("it", 0)]),
        ({"type": ["boolean", "null"], "default": False}, [("it", False)]),
        ({"enum": ["1", "2"], "default": "1"}, [("it", "1")]),
    ],
)
def test_a_default_that_its_own_schema_refuses_is_left_out(part, kept):
    known = tool("milk", "Milk a cow.", {"it": part})
    assert defaults(known) == kept
    assert ("default" in argument_line(known, "it")) is bool(kept)


def test_such_a_default_is_counted(tmp_path):
    schema = {"type": "object", "properties": {"dry": {"type": "boolean", "default": "false"}}}
    tools = [{"name": "milk", "description": "Milk a cow.", "inputSchema": schema}]
    seen = snapshot(tmp_path, mcp=file(tmp_path, "tools.json", json.dumps({"tools": tools})))
    assert [known.name for known in read(seen)] == ["milk"]
    assert troubles(seen) == {"a default that its own schema refuses": 1}


@pytest.mark.parametrize(
    ("about", "line", "usable"),
    [
        ("Day in DD/MM/YYYY format", "`day` (required, a string): Day in DD/MM/YYYY format", False),
        ("Day, %d.%m.%Y", "`day` (required, a string): Day, %d.%m.%Y", False),
        ("First day", "`day` (required, a day as YYYY-MM-DD): First day", True),
    ],
)
def test_a_format_that_the_description_disagrees_with_is_left_out(tmp_path, about, line, usable):
    known = tool("milk", "Milk a cow.", {"day": {**TEXT, "format": "date", "description": about}}, "day")
    assert argument_line(known, "day") == line
    seen = snapshot(tmp_path)
    assert _usable(known, 12_000, seen) is usable
    reason = "a description that gives a day another form than its schema"
    assert troubles(seen) == ({} if usable else {reason: 1})
