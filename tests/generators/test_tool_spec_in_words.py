"""What the descriptions of a tool and of its arguments say besides its schema."""

import random

import pytest

from autodidact.generators.tool_spec.default_in_words import another_default
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.needs_in_words import needs_in_words
from autodidact.generators.tool_spec.values_left_open import drawn, wants_something_first
from autodidact.sources.mcp.list_tools import Tool

TEXT = {"type": "string"}
UNIT = {"type": "string", "enum": ["c", "f"], "default": "c"}


@pytest.mark.parametrize(
    ("part", "about"),
    [
        (UNIT, "c or f. Defaults to f if the city is in the US."),
        (UNIT, "Defaults to c, in the US f."),
        (UNIT, "If omitted, the unit of the account."),
        ({"type": "integer", "default": 5000}, "By default 10 seconds."),
        ({"type": "string", "default": "main"}, "Defaults to the current branch."),
        ({"type": "boolean", "default": False}, "Default: true for admins."),
    ],
)
def test_a_default_that_the_description_says_otherwise_of_is_in_doubt(part, about):
    assert another_default("it", part | {"description": about}, "")


@pytest.mark.parametrize(
    ("part", "about"),
    [
        (UNIT, "The unit: c or f."),
        (UNIT, "Defaults to c if not given."),
        (UNIT, "Default: `c`"),
        ({"type": "integer", "default": 5000}, "Timeout in ms (default 5,000)."),
        ({"type": "boolean", "default": True}, "Hidden files are listed by default."),
        ({"type": "string", "default": "main"}, "A branch other than the default one."),
    ],
)
def test_a_default_of_which_the_description_says_the_same_or_nothing_is_none_in_doubt(part, about):
    assert not another_default("it", part | {"description": about}, "")


def test_a_tools_own_description_counts_where_it_names_the_argument():
    assert another_default("unit", UNIT, "Get the weather. unit defaults to f in the US.")
    assert not another_default("unit", UNIT, "Get the weather. Days default to 3.")


def calls_met(properties: dict, description: str, optional: list[str] | None = None) -> list[str]:
    """Which sets of the optional arguments a call may surely have, as "a b"."""
    names = list(properties) if optional is None else optional
    needs = needs_in_words(properties, names, description)
    sets = [[name for at, name in enumerate(names) if bits >> at & 1] for bits in range(2 ** len(names))]
    return [" ".join(given) for given in sets if needs.met(dict.fromkeys(given, "x"))]


SORTED = {
    "sort": {**TEXT, "description": "Field. If provided, the 'order' also needs to be provided."},
    "order": {**TEXT, "description": "Order direction."},
}


@pytest.mark.parametrize(
    ("properties", "description", "right"),
    [
        (
            {"trace": TEXT, "from": TEXT, "to": TEXT},
            "Searches logs. Either trace or (from and to) must be given.",
            ["trace"],
        ),
        ({"id": TEXT, "email": TEXT}, "Get a user by id or email (one of them).", ["id", "email"]),
        ({"id": TEXT, "email": TEXT}, "Get a user by id or email.", ["id", "email"]),
        ({"id": TEXT, "email": TEXT}, "Get a user. Pass id or email.", ["id", "email"]),
        ({"a": TEXT, "b": TEXT, "c": TEXT}, "Either a and b or b and c.", []),
        (
            {"a": TEXT, "b": TEXT},
            "A tool. Either may be omitted: a or b. Both a and b are required in May.",
            [],
        ),
        (SORTED, "Lists.", ["sort order"]),
        ({"a": TEXT, "b": {**TEXT, "description": "Must come with a."}}, "Lists.", ["a b"]),
        ({"a": TEXT, "b": {**TEXT, "description": "Depth, 3 by default."}}, "Lists.", ["", "a", "b", "a b"]),
    ],
)
def test_a_call_has_what_a_description_binds(properties, description, right):
    assert calls_met(properties, description) == right


def test_what_a_required_argument_goes_by_binds_no_others():
    properties = {"q": TEXT, "id": TEXT, "email": TEXT}
    assert calls_met(properties, "Find by id or email.", ["id", "email"]) == ["", "id", "email", "id email"]


def calls(properties: dict, required: list[str], description: str = "Does it.") -> list[dict]:
    schema = {"type": "object", "properties": properties, "required": required}
    known = KnownTool(Tool("shop", "do", description, schema))
    return [given for seed in range(20) if (given := drawn(known, random.Random(seed))) is not None]


@pytest.mark.parametrize(
    ("part", "description"),
    [
        ({"name": "city", **TEXT}, "Get the weather. Only works for cities in Norway."),
        (
            {"name": "url", **TEXT, "format": "uri"},
            "Fetches. Only https URLs of docs.example.com are allowed.",
        ),
        ({"name": "sql", **TEXT, "description": "A single SELECT statement"}, "Runs a query."),
        ({"name": "query", **TEXT}, "Runs a SQL query."),
        ({"name": "to", **TEXT, "description": "E.164 format"}, "Sends."),
        ({"name": "to", **TEXT, "description": "Mail address of the recipient"}, "Sends."),
        (
            {"name": "from", **TEXT, "minLength": 3, "maxLength": 3, "description": "ISO 4217 code"},
            "Converts.",
        ),
        ({"name": "when", **TEXT, "format": "date", "description": "Must be a Monday"}, "Moves."),
        ({"name": "end", **TEXT}, "Makes an event."),
        ({"name": "r", "type": "number", "description": "red value [0.0, 1.0]"}, "Paints."),
        ({"name": "year", "type": "integer"}, "Finds."),
        ({"name": "path", **TEXT, "description": "Absolute path"}, "Reads."),
        ({"name": "way", "enum": ["call", "sms"], "description": "sms is disabled here"}, "Checks."),
        ({"name": "place", **TEXT, "description": "City and state, e.g. San Francisco, CA"}, "Looks."),
    ],
)
def test_where_a_name_or_a_description_limits_a_value_none_is_made_up(part, description):
    key = part["name"]
    part = {word: value for word, value in part.items() if word != "name"}
    assert calls({key: part}, [key], description) == []
    assert {tuple(one) for one in calls({key: part, "q": TEXT}, ["q"], description)} <= {("q",)}


@pytest.mark.parametrize(
    ("key", "part", "description", "values"),
    [
        (
            "start",
            {**TEXT, "description": "ISO 8601, e.g. 2025-01-31T10:00:00+01:00"},
            "",
            ["2025-01-31T10:00:00+01:00"],
        ),
        ("city", {**TEXT, "description": "Only in Norway, e.g. 'Mo i Rana'"}, "", ["Mo i Rana"]),
        ("city", {**TEXT, "default": "Oslo"}, "Only works for cities in Norway.", ["Oslo"]),
        ("ticker", {**TEXT, "examples": ["AAPL"]}, "The ticker must be a valid symbol.", ["AAPL"]),
        (
            "level",
            {"type": "integer", "minimum": 1, "maximum": 2, "description": "Between 1 and 2."},
            "",
            [1, 2],
        ),
        ("unit", {"enum": ["c", "f"], "description": "The unit."}, "Only works in Norway.", ["c", "f"]),
    ],
)
def test_elsewhere_a_value_is_a_choice_the_default_or_an_example_as_it_is(key, part, description, values):
    found = calls({key: part}, [key], description or "Does it.")
    assert sorted({given[key] for given in found}) == values


@pytest.mark.parametrize(
    ("key", "part"),
    [
        ("owner", {**TEXT, "description": "Repository owner"}),
        ("berth", {**TEXT, "description": "Name of the berth"}),
        ("city", TEXT),
        ("severity", {"type": "integer", "minimum": 1, "maximum": 4, "description": "1 is the worst."}),
        ("day", {**TEXT, "format": "date", "description": "A day as YYYY-MM-DD."}),
        ("limit", {"type": "integer", "description": "Maximum number of results"}),
        ("amount", {"type": "integer", "description": "Amount in cents. If omitted, all of it."}),
        ("email", {**TEXT, "format": "email"}),
    ],
)
def test_what_nothing_limits_is_made_up(key, part):
    assert len({given[key] for given in calls({key: part}, [key])}) > 1


@pytest.mark.parametrize(
    ("description", "first"),
    [
        ("Deletes a user. Do not call this without explicit confirmation by the admin.", True),
        ("Sends an SMS. Requires that verify_number was called for the number before.", True),
        ("Reschedules. IMPORTANT: You MUST call inspect first.", True),
        ("Pays. Always ask the user for approval.", True),
        ("Call this tool before any other one.", False),
        ("Approves a request of a colleague.", False),
        ("Lists the calls of a day.", False),
    ],
)
def test_a_tool_that_wants_something_first_is_known(description, first):
    assert wants_something_first(description) is first
    assert (calls({"q": TEXT}, ["q"], description) == []) is first


def test_a_number_is_not_above_the_total_that_it_counts_within():
    part = {"type": "integer", "minimum": 1}
    found = calls({"pageNumber": part, "totalPages": part}, ["pageNumber", "totalPages"])
    assert found and all(given["pageNumber"] <= given["totalPages"] for given in found)
