"""What is made up for a tool surely fits it, and what is set side by side belongs together."""

from datetime import date
from random import Random

import pytest

from autodidact.generators.tool_spec.full.alike import alike
from autodidact.generators.tool_spec.full.drawn_arguments import drawn
from autodidact.generators.tool_spec.full.requests_from_descriptions import in_short, wish
from autodidact.generators.tool_spec.full.schema_remarks import argument_remark, mistaken
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.knowledge.fact import Question
from autodidact.sources.mcp.list_tools import Tool

MONDAY = date(2026, 5, 4)


def tool(name: str, description: str, properties: dict, *required: str) -> KnownTool:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return KnownTool(Tool("dairy", name, description, schema))


def values(known: KnownTool, key: str) -> set:
    """What twenty draws give for an argument; None stands for no call at all."""
    made = (drawn(known, Random(seed), MONDAY, lambda leaf: True) for seed in range(20))
    return {None if given is None else given.get(key) for given in made}


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "allowed"),
    [
        ({**TEXT, "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])$"}, {"2026-04", "2026-03", "2026-02"}),
        ({**TEXT, "description": "e.g. light.kitchen"}, {"light.kitchen"}),
        ({**TEXT, "enum": ["milk", "eggs"]}, {"milk", "eggs"}),
        # Letters that nobody could know, words without a meaning, a place on the globe, an amount of anything.
        ({**TEXT, "pattern": r"^[A-Z]{3}-[A-Z]{3}-\w{1,3}$"}, {None}),
        ({**TEXT, "pattern": "^[a-z]{4}$"}, {None}),
        (TEXT, {None}),
        ({"type": "number"}, {None}),
    ],
)
def test_what_cannot_be_known_is_not_made_up(schema, allowed):
    assert values(tool("get_thing", "Get a thing.", {"thing": schema}, "thing"), "thing") <= allowed


def test_a_code_is_one_that_exists():
    known = tool("convert", "Convert money.", {"currency": {**TEXT, "pattern": "^[A-Z]{3}$"}}, "currency")
    assert values(known, "currency") <= {"EUR", "USD", "GBP", "JPY", "CHF", "SEK"}


def test_a_window_has_the_size_of_one():
    known = tool("resize", "Resize a window.", {"width": {"type": "number"}}, "width")
    assert values(known, "width") == {1024, 1280, 1440, 1920}


def test_titles_of_an_office_are_for_tools_of_an_office():
    loan = tool("request_loan", "Start a loan from another library.", {"title": TEXT}, "title")
    issue = tool("create_issue", "Create an issue.", {"title": TEXT}, "title")
    assert values(loan, "title") == {None} and None not in values(issue, "title")


def test_a_choice_that_speaks_of_an_argument_that_is_not_given_is_not_drawn():
    place = {
        "type": "object",
        "properties": {"sector": {"enum": ["A", "E"]}, "lift": {"enum": ["east"]}},
        "required": ["sector"],
    }
    kind = {"type": "string", "enum": ["injury", "stuck_on_lift"]}
    known = tool("call_rescue", "Alarm the rescue.", {"place": place, "kind": kind}, "place", "kind")
    assert values(known, "kind") == {"injury"}


def said(known: KnownTool, **given) -> str:
    return wish(known, given, MONDAY, Random(0)).whole


def test_a_month_a_moment_and_an_amount_are_said_as_people_say_them():
    month = {**TEXT, "pattern": r"^\d{4}-\d{2}$"}
    sheet = tool(
        "get_sheet", "Get the sheet of a member.", {"member": TEXT, "month": month}, "member", "month"
    )
    assert said(sheet, member="M-0412", month="2026-04") == "get the sheet of M-0412 for April 2026"
    book = tool(
        "book_machine",
        "Book a machine.",
        {"machine": TEXT, "start": {**TEXT, "format": "date-time"}},
        "machine",
        "start",
    )
    assert (
        said(book, machine="P-12", start="2026-05-08T09:15:00Z") == "book machine P-12 on 8 May at 09:15 UTC"
    )
    refund = tool("refund", "Refund an order.", {"order": TEXT, "amount_eur": {"type": "number"}}, "order")
    assert said(refund, order="SO-20931", amount_eur=12.5) == "refund order SO-20931, 12.50 EUR"


def test_a_choice_is_said_without_the_name_of_its_argument_where_it_says_enough():
    why = {**TEXT, "enum": ["lost", "double_booking"]}
    block = tool("block_card", "Block a card.", {"card": TEXT, "why": why}, "card", "why")
    assert said(block, card="HR-204417", why="double_booking") == "block card HR-204417, double booking"


def test_a_description_with_a_value_behind_it_is_no_request():
    house = {"house": {**TEXT, "enum": ["big", "lean-to"]}, "day_c": {"type": "integer"}}
    change = tool("set_climate", "Change setpoints of a greenhouse.", house, "house", "day_c")
    # The name of the tool gives the words instead.
    assert said(change, house="big", day_c=18) == "set the climate, house big, day c 18"


@pytest.mark.parametrize(
    ("description", "task"),
    [
        (
            "get a list of all users in the workspace with their basic profile information",
            "list all users in the workspace",
        ),
        ("recursively search for files", "search for files"),
        ("put a load on hold so the creamery can't pump it", "put a load on hold"),
        ("explain the plan of a query, without running it", "explain the plan of a query"),
        ("get current time in a zone", "get the current time in a zone"),
    ],
)
def test_a_task_is_said_without_what_only_a_description_has(description, task):
    assert in_short(description) == task


STATION = {"station": {**TEXT, "enum": ["hay", "talgarth"], "default": "hay"}}
TOOLS = [
    tool("next_collection", "When the lorry comes to a farm.", {"member": TEXT}, "member"),
    tool("move_collection", "Shift a collection to another day.", {"member": TEXT, "day": TEXT}, "member"),
    tool("tank_temp", "Temperature of a tank.", STATION),
    tool("text_members", "Send an SMS.", {"text": TEXT}, "text"),
]


def test_only_tools_about_the_same_thing_are_taken_for_each_other():
    next_, move, tank, _ = TOOLS
    assert alike(next_, move, TOOLS) and not alike(next_, tank, TOOLS)


def question(kind: str, subject: str, answer: str) -> Question:
    source = {"kind": "mcp", "ref": "dairy/x"}
    others = [one.name for one in TOOLS if one.name != answer]
    return Question(
        id="1",
        generator="tool_spec",
        kind=kind,
        subject=subject,
        reserved="",
        answer=answer,
        accept=[answer],
        confuse=others,
        fresh=True,
        source=source,
    )


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (question("tool_for", "shift a collection", "move_collection"), ["next_collection"]),
        (question("tool_for", "send an SMS", "text_members"), []),
        (question("tool_with", "day", "move_collection"), ["next_collection"]),
        (question("default_of", "tank_temp.station", "hay"), ["talgarth"]),
    ],
)
def test_what_could_be_taken_for_the_answer_is_near_it(asked, wrong):
    assert mistaken(asked, TOOLS) == wrong


def test_what_the_schema_says_of_an_argument_is_a_sentence():
    assert argument_remark(TOOLS[2], "station") == "It can be `hay` or `talgarth`."
