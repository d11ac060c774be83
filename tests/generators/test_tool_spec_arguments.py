"""What the register `full` says of an argument is all that its schema says of it, or nothing."""

from datetime import date
from random import Random

import pytest

from autodidact.generators.tool_spec import full_examples, questions
from autodidact.generators.tool_spec.full.argument_in_words import about_of, argument_line
from autodidact.generators.tool_spec.full.exchange_context import _SYSTEMS, Scene
from autodidact.generators.tool_spec.full.likely_arguments import drawn
from autodidact.generators.tool_spec.full.schema_remarks import of_schema
from autodidact.generators.tool_spec.full.tool_explanations import at_hand, in_brief, whole
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.sources.mcp.list_tools import Tool
from tests.generators.snapshots import snapshot

MONDAY = date(2026, 5, 4)
TEXT = {"type": "string"}
DAY = {**TEXT, "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def tool(name: str, description: str, properties: dict, *required: str) -> KnownTool:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return KnownTool(Tool("stable", name, description, schema))


def line(schema: dict) -> str:
    return argument_line(tool("do", "Do it.", {"it": schema}, "it"), "it")


def or_null(schema: dict, about: str) -> dict:
    return {"anyOf": [schema, {"type": "null"}], "description": about}


def test_what_is_said_of_the_argument_comes_before_what_is_said_of_its_type():
    owner = {"type": "object", "description": "A person.", "properties": {"name": TEXT}, "required": ["name"]}
    assert line(or_null(owner, "Whoever pays.")) == (
        "`it` (required, an object): Whoever pays\n  - `name` (required, a string)"
    )
    assert line(or_null({**DAY, "description": "YYYY-MM-DD"}, "Not before the next working day.")) == (
        "`it` (required, a day as YYYY-MM-DD): Not before the next working day"
    )
    card = {**TEXT, "pattern": r"^L\d{7}$", "description": "L and seven digits."}
    assert line(or_null(card, "Who steps in.")) == (
        r"`it` (required, a string that matches `^L\d{7}$`): Who steps in. L and seven digits."
    )


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (
            {"type": "array", "items": {**TEXT, "pattern": r"^\d{15}$"}, "minItems": 1, "maxItems": 6},
            r"`it` (required, a list with 1 to 6 entries, each a string that matches `^\d{15}$`)",
        ),
        ({"type": "array", "items": DAY}, "`it` (required, a list, each entry a day as YYYY-MM-DD)"),
        (
            {
                "type": "array",
                "items": {**TEXT, "description": "A short name."},
                "description": "Which ones.",
            },
            "`it` (required, a list of strings): Which ones. Each entry: A short name.",
        ),
        (
            {"type": "array", "items": {**TEXT, "description": "A short name."}},
            "`it` (required, a list of strings), each entry: A short name",
        ),
        (
            {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2, "uniqueItems": True},
            "`it` (required, a list of exactly 2 numbers, none twice)",
        ),
        (
            {"type": "object", "additionalProperties": {"type": "number"}},
            "`it` (required, an object whose values are each a number)",
        ),
        ({"anyOf": [TEXT, {"type": "integer"}]}, "`it` (required, a string or an integer)"),
        ({"const": "v2"}, "`it` (required, always `v2`)"),
        (
            {"oneOf": [{"const": "s", "description": "Up to 2 kg."}, {"const": "l"}]},
            "`it` (required, one of `s` (Up to 2 kg) or `l`)",
        ),
        (
            {**TEXT, "pattern": "^[A-Z]+$", "minLength": 2, "maxLength": 8},
            "`it` (required, a string that matches `^[A-Z]+$` and has 2 to 8 characters)",
        ),
        (
            {**TEXT, "description": "With country code, +44..."},
            "`it` (required, a string): With country code, +44...",
        ),
        ({**TEXT, "description": "In mm"}, "`it` (required, a string): In mm"),
        (
            {**TEXT, "description": "Stock code, e.g. MED-114."},
            "`it` (required, a string): Stock code, e.g. MED-114",
        ),
        # Four digits and two are a month where something says so.
        ({**TEXT, "pattern": r"^\d{4}-\d{2}$"}, r"`it` (required, a string that matches `^\d{4}-\d{2}$`)"),
        (
            {**TEXT, "pattern": r"^\d{4}-\d{2}$", "description": "The month, YYYY-MM."},
            "`it` (required, a month as YYYY-MM)",
        ),
    ],
)
def test_entries_values_and_choices_are_said_with_the_argument(schema, said):
    assert line(schema) == said


@pytest.mark.parametrize(
    "about",
    ["A day as YYYY-MM-DD.", "The day, YYYY-MM-DD", "The date in YYYY-MM-DD format.", "Format: YYYY-MM-DD."],
)
def test_the_form_of_a_day_is_said_once(about):
    assert line({**DAY, "description": about}) == "`it` (required, a day as YYYY-MM-DD)"
    assert line({**DAY, "description": f"The last one. {about}"}).endswith("): The last one")
    assert line({**DAY, "description": "The last one (YYYY-MM-DD)."}).endswith("): The last one")
    assert line({**DAY, "description": "The last one, as YYYY-MM-DD"}).endswith("): The last one")


def test_a_long_description_is_not_left_out():
    about = (
        "The unit of the temperatures, which inspectors want in Celsius whatever the device itself shows. "
        * 2
    )
    assert line({**TEXT, "enum": ["c", "f"], "description": about}).endswith(about.strip())
    assert line({**TEXT, "description": about * 3}) == ""


def test_fields_of_fields_are_said():
    window = {"type": "object", "properties": {"start": TEXT}, "required": ["start"]}
    place = {"type": "object", "properties": {"window": window}, "required": ["window"]}
    assert line(place).split("\n") == [
        "`it` (required, an object)",
        "  - `window` (required, an object)",
        "    - `start` (required, a string)",
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {
            "anyOf": [
                {"type": "object", "properties": {"a": TEXT}},
                {"type": "object", "properties": {"b": TEXT}},
            ]
        },
        {"type": "array", "prefixItems": [TEXT, TEXT]},
        {"type": "object", "propertyNames": {"pattern": "^x"}},
        {**TEXT, "not": {"const": "x"}},
    ],
)
def test_of_what_takes_more_than_a_line_nothing_is_said(schema):
    known = tool("do", "Do it.", {"it": schema}, "it")
    assert line(schema) == "" and whole(scene(known)) is None
    assert about_of(schema, "it") == ""


SLOT = {
    "type": "object",
    "description": "A free time.",
    "properties": {"day": DAY, "vet": {"enum": ["okafor", "marsh"]}, "note": TEXT},
    "required": ["day", "vet"],
}


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (
            SLOT,
            [
                "`slot` is required and takes an object with `day` and `vet` and, optionally, `note`.",
                'The schema says of it: "A free time."',
            ],
        ),
        (
            {"type": "array", "items": SLOT, "minItems": 1},
            [
                "`slot` is required and is a list of at least 1 object, each with `day` and `vet` and, "
                "optionally, `note`.",
                'The schema says of each entry: "A free time."',
            ],
        ),
    ],
)
def test_whose_argument_an_object_is_comes_with_its_fields(tmp_path, schema, said):
    book = tool("book", "Book a visit.", {"slot": schema}, "slot")
    (asked,) = (one for one in questions([book], snapshot(tmp_path)) if one.kind == "tool_with")
    assert of_schema(asked, {"book": book}) == said


def test_whose_argument_it_is_is_not_asked_where_its_description_names_another_tool(tmp_path):
    book = tool("book", "Book a visit.", {"slot": {**TEXT, "description": "As find_slots gives it."}}, "slot")
    find = tool("find_slots", "Free times.", {"vet": TEXT}, "vet")
    here = snapshot(tmp_path)
    asked = [one for one in questions([book, find], here) if one.kind == "tool_with"]
    rows = [row for row in full_examples([book, find], here, asked) if "probe" in (row.model_extra or {})]
    assert {row.source.ref for row in rows} == {"stable/find_slots"}


def test_whose_argument_it_is_is_not_asked_where_nothing_is_said_of_it(tmp_path):
    book = tool("book", "Book a visit.", {"slot": {}}, "slot")
    (asked,) = (one for one in questions([book], snapshot(tmp_path)) if one.kind == "tool_with")
    assert of_schema(asked, {"book": book}) == []


def test_no_space_is_left_where_nothing_is_known_of_what_a_tool_needs():
    known = KnownTool(Tool("stable", "vessels", "List the vessels.", {"type": "object"}))
    said = {row.response().split("\n")[0] for seed in range(9) if (row := in_brief(scene(known, seed)))}
    assert said == {'The description of `vessels` is "List the vessels."'}


def test_the_bounds_of_a_value_are_said_with_its_default_though_one_is_another_default(tmp_path):
    number = {"type": "integer", "minimum": 1, "maximum": 90}
    tools = [
        tool("list_boxes", "List the boxes.", {"most": {**number, "default": 50}}),
        tool("list_bales", "List the bales.", {"page": {**number, "default": 1}}),
    ]
    here = snapshot(tmp_path)
    asked = [one for one in questions(tools, here) if one.subject == "list_boxes.most"]
    rows = [row for row in full_examples(tools, here, asked) if "probe" in (row.model_extra or {})]
    assert rows and all(row.response().endswith("`most` takes an integer from 1 to 90.") for row in rows)


def test_what_a_call_may_lack_is_said_in_the_same_words_whatever_its_default():
    modes = {"mode": {"enum": ["soft", "hard"], "default": "soft"}, "case": {**TEXT, "default": None}}
    agreed = {"agreed": {"type": "boolean", "default": False}}
    restart = tool("restart", "Restart it. A hard one needs a case.", {**modes, **agreed})
    said = [argument_line(restart, key).partition("(")[2].split(",")[0] for key in restart.properties]
    assert said == ["not required by the schema"] * 3


def test_a_field_is_not_required_since_an_argument_of_that_name_is():
    lines = {"type": "array", "items": {"type": "object", "properties": {"sku": TEXT}}}
    order = tool("order", "Order plants.", {"sku": TEXT, "lines": lines}, "sku", "lines")
    assert argument_line(order, "lines").splitlines()[1] == "  - `sku` (not required by the schema, a string)"


def test_a_tool_that_requires_nothing_is_explained_with_what_it_takes():
    days = {"within_days": {"type": "integer", "default": 30}, "site": {"enum": ["ely", "lynn"]}}
    assert at_hand(tool("expiring", "List what ends soon.", days)) == (
        "`expiring` requires no argument; the schema does not require `within_days` or `site`."
    )


def test_what_has_to_be_given_to_a_tool_that_requires_nothing_is_answered_by_nothing():
    known = tool("expiring", "List what ends soon.", {"site": {"enum": ["ely", "lynn"]}})
    rows = [whole(scene(known, seed)) for seed in range(20)]
    said = {row.response().split("\n")[0] for row in rows if "what do I have to give it?" in row.prompt()}
    assert said == {
        "Nothing, by its schema: `expiring` requires no argument. "
        'The description of `expiring` is "List what ends soon."'
    }


def test_what_has_to_be_given_is_not_asked_where_the_description_alone_asks_for_something():
    known = tool("expiring", "List what ends soon. Needs a site at night.", {"site": TEXT})
    assert not any("have to give it" in whole(scene(known, seed)).prompt() for seed in range(20))


def scene(known: KnownTool, seed: int = 0, system: str | None = None, brief: bool = False) -> Scene:
    return Scene(known, [known], 12_000, Random(seed), MONDAY, system, None, brief=brief)


def test_who_wants_short_answers_is_explained_nothing_at_length():
    known = tool("status", "Say whether it is up.", {"of": {"enum": ["tides", "roster"]}}, "of")
    (short,) = _SYSTEMS["brief"]
    for explain in (whole, in_brief):
        row = explain(scene(known, system=short, brief=True))
        assert [turn["role"] for turn in row.messages] == ["user", "assistant"]
    assert whole(scene(known, system="Quote tools.")).messages[0]["content"] == "Quote tools."


LONG = "Send stock with the van. " * 14 + "Controlled medicines cannot go by van."


def test_a_description_is_quoted_whole_and_shown_whole():
    known = tool("ship", LONG, {"code": TEXT}, "code")
    row = whole(scene(known))
    assert LONG in row.response() and row.tools[0]["function"]["description"] == LONG
    assert whole(scene(tool("ship", LONG * 2, {"code": TEXT}, "code"))) is None


def draws(known: KnownTool, key: str) -> set:
    made = (drawn(known, Random(seed), MONDAY) for seed in range(30))
    return {None if given is None else given.get(key) for given in made}


def test_a_code_of_digits_is_no_month():
    code = {**TEXT, "pattern": r"^\d{4}-\d{2}$"}
    assert draws(tool("renew", "Renew a loan.", {"copy_code": code}, "copy_code"), "copy_code") == {None}
    assert None not in draws(tool("bill", "Bill a month.", {"month": code}, "month"), "month")


def test_what_is_for_some_cases_only_is_not_given_with_what_is_done():
    late = {"template": {"enum": ["delay", "lost_property"]}, "minutes": {"type": "integer", "default": None}}
    assert draws(tool("send", "Send a notice.", late, "template"), "minutes") == {None}
    assert len(draws(tool("list_late", "List the late ones.", late, "template"), "minutes")) > 1


def test_a_choice_that_shares_a_word_with_what_is_not_given_is_not_drawn():
    result = {"result": {**TEXT, "enum": ["cleared", "handed_over"]}, "handed_to": {"enum": ["a", "b"]}}
    assert draws(tool("close_call", "Close a call.", result, "result"), "result") == {"cleared"}


def test_a_week_and_a_month_are_near_the_day():
    week = tool(
        "water", "Water the trees.", {"week": {"type": "integer", "minimum": 1, "maximum": 53}}, "week"
    )
    assert draws(week, "week") == {19, 20, 21}
    month = tool(
        "bill", "Bill it.", {"for_month": {"type": "integer", "minimum": 1, "maximum": 12}}, "for_month"
    )
    assert draws(month, "for_month") == {5}
    hour = {"type": "integer", "minimum": 0, "maximum": 23}
    assert draws(tool("ring", "Ring it.", {"hour": hour}, "hour"), "hour") == {None}


def test_hours_are_as_many_as_some_work_takes():
    hours = {"type": "number", "minimum": 0.25, "maximum": 24, "multipleOf": 0.25}
    given = draws(tool("close_call", "Close a call.", {"hours": hours}, "hours"), "hours")
    assert given <= {0.5, 1, 1.5, 2, 3, 4}


def test_between_bounds_far_apart_no_number_is_made_up():
    def weigh(most: int) -> KnownTool:
        return tool(
            "weigh", "Record a weight.", {"kg": {"type": "number", "minimum": 0, "maximum": most}}, "kg"
        )

    assert draws(weigh(1200), "kg") == {None}
    assert None not in draws(weigh(40), "kg")
