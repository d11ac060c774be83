"""The checker of `tool_spec` passes what the generator makes and refuses the same once it is falsified."""

import copy
import json
import re

import pytest

from tests.generators.snapshots import examples_of, file, snapshot
from tests.grounding.tool_spec import check

TOOLS = [
    {
        "name": "book_table",
        "description": "Reserve a table.",
        "inputSchema": {
            "type": "object",
            "required": ["day", "guests"],
            "properties": {
                "day": {"type": "string", "format": "date"},
                "guests": {"type": "integer", "minimum": 1, "maximum": 9},
                "place": {"enum": ["inside", "terrace"], "default": "inside"},
                "quiet": {"type": "boolean"},
            },
        },
    },
    {
        "name": "find_invoices",
        "description": "Find invoices of a customer.",
        "inputSchema": {
            "type": "object",
            "required": ["customer"],
            "properties": {
                "customer": {"type": "string", "pattern": "^C-[0-9]{3}$", "description": "A customer number."}
            },
        },
    },
    {
        "name": "lock_door",
        "description": "Lock the cellar.",
        "inputSchema": {"type": "object", "properties": {}},
    },
]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tools")
    return snapshot(folder, mcp=file(folder, "tools.json", json.dumps({"tools": TOOLS})))


@pytest.fixture(scope="module")
def rows(seen) -> list[dict]:
    made = []
    for seen.seed in (7, 8, 9):
        made += [json.loads(row.line()) for row in examples_of("tool_spec", seen)]
    return made


def test_what_is_generated_passes(seen, rows):
    assert len(rows) > 80 and [check(row, seen) for row in rows if check(row, seen)] == []


def falsified(rows, kind, change) -> list[dict]:
    """Copies of the rows of a kind, each changed."""
    found = [copy.deepcopy(row) for row in rows if kind(row)]
    for row in found:
        change(row)
    assert found
    return found


def calls(row):
    return row["messages"][-1].get("tool_calls")


def says(text):
    return lambda row: text in row["messages"][-1]["content"]


def replaced(old, new):
    def change(row):
        row["messages"][-1]["content"] = row["messages"][-1]["content"].replace(old, new)

    return change


def taught(wording):
    return lambda row: row.get("probe") and re.search(wording, row["messages"][-2]["content"])


def answered(value):
    return lambda row: row["messages"][-1].update(content=value)


def asked(wording):
    return lambda row: row["messages"][-2].update(content=wording.format(row["messages"][-1]["content"]))


def arguments(row) -> dict:
    return row["messages"][-1]["tool_calls"][0]["function"]["arguments"]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (
            lambda row: calls(row) and "day" in arguments(row),
            lambda row: arguments(row).update(day="1999-01-31"),
        ),
        (lambda row: calls(row) and "day" in arguments(row), lambda row: arguments(row).update(day="soon")),
        (lambda row: calls(row) and "guests" in arguments(row), lambda row: arguments(row).update(guests=77)),
        (lambda row: calls(row) and "guests" in arguments(row), lambda row: arguments(row).pop("guests")),
        (
            lambda row: calls(row) and "quiet" in arguments(row),
            lambda row: arguments(row).update(quiet=not arguments(row)["quiet"]),
        ),
        (calls, lambda row: calls(row)[0]["function"].update(name="drop_table")),
        (calls, lambda row: row.update(tools=[])),
        (says("` also needs `"), replaced("needs `", "needs `un")),
        (says("requires `"), replaced("requires", "requires `quiet`,")),
        (says("is one of `inside`"), replaced("terrace", "balcony")),
        (says("it is required."), replaced("required", "optional")),
        (says("from 1 to 9"), replaced("9", "19")),
        (says("has no argument `"), replaced("has no argument `", "has no argument `day_")),
        (says("The result has no"), replaced("The result has no `", "The result has no `x")),
        (
            lambda row: row["messages"][-2]["role"] == "tool" and "` is `" in row["messages"][-1]["content"],
            replaced("` is `", "` is `un"),
        ),
        (says("I have no tool for that, only `"), replaced("only `", "only `un")),
        (taught("efault|leave it out|assume"), answered("terrace")),
        (taught("efault|leave it out|assume"), answered("`inside`")),
        (taught("efault|leave it out|assume"), answered("The default of `book_table.place` is `inside`.")),
        (taught("argument `|an argument of|do I pass|the parameter `"), answered("lock_door")),
        (taught("argument `|an argument of|do I pass|the parameter `"), answered("place")),
        (taught("^(Which tool do I use|I want|Name the tool) to"), answered("unlock_door")),
        (taught("^(Which tool do I use|I want|Name the tool) to"), answered("`lock_door`")),
        (taught("."), asked("Is it `{}`?")),
    ],
)
def test_what_is_falsified_is_refused(seen, rows, kind, change):
    passed = [row["messages"][-1] for row in falsified(rows, kind, change) if check(row, seen) is None]
    assert passed == []


def test_a_refusal_is_wrong_when_a_tool_fits(seen, rows):
    declined = next(
        row
        for row in rows
        if "None of my tools" in row["messages"][-1]["content"]
        or "No tool fits" in row["messages"][-1]["content"]
    )
    declined["messages"][0]["content"] = "Lock the cellar."
    declined["source"] |= {"name": "lock_door"}
    shown = {
        "type": "function",
        "function": {
            "name": "lock_door",
            "description": "Lock the cellar.",
            "parameters": TOOLS[2]["inputSchema"],
        },
    }
    declined["tools"] = [shown]
    declined["messages"][-1]["content"] = "No tool fits: I have `lock_door`."
    assert check(declined, seen) == "lock_door may fit"
