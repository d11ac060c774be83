"""What is made up for a tool surely fits it, and what is set side by side belongs together."""

import json
import re
from datetime import date
from random import Random

import pytest

from autodidact.generators.tool_spec import WORDINGS, full_examples, probe_facts, questions
from autodidact.generators.tool_spec.full.argument_in_words import argument_line
from autodidact.generators.tool_spec.full.argument_with_its_schema import counted
from autodidact.generators.tool_spec.full.call_exchanges import one_call
from autodidact.generators.tool_spec.full.easily_confused_tools import alike
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.likely_arguments import drawn
from autodidact.generators.tool_spec.full.schema_remarks import (
    argument_remark,
    mistaken,
    of_schema,
    said_of_default,
    with_description,
)
from autodidact.generators.tool_spec.full.tool_explanations import (
    at_hand,
    completed,
    in_brief,
    incomplete,
    misspelled,
    whole,
)
from autodidact.generators.tool_spec.known_tool import KnownTool, stems
from autodidact.knowledge.fact import Question
from autodidact.sources.mcp.list_tools import Tool
from tests.generators.snapshots import snapshot

MONDAY = date(2026, 5, 4)


def tool(name: str, description: str, properties: dict, *required: str) -> KnownTool:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return KnownTool(Tool("dairy", name, description, schema))


def values(known: KnownTool, key: str) -> set:
    """What twenty draws give for an argument; None stands for no call at all."""
    made = (drawn(known, Random(seed), MONDAY) for seed in range(20))
    return {None if given is None else given.get(key) for given in made}


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "allowed"),
    [
        ({**TEXT, "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])$"}, {"2026-04", "2026-03", "2026-02"}),
        ({**TEXT, "description": "e.g. light.kitchen"}, {"light.kitchen"}),
        # There is no 38th day of a month.
        (
            {**TEXT, "pattern": r"^[A-Z]+-\d{4}$", "description": "Code and day, e.g. TOSCA-0523"},
            {"TOSCA-0523"},
        ),
        ({**TEXT, "enum": ["milk", "eggs"]}, {"milk", "eggs"}),
        # Letters that nobody could know, words without a meaning, a place on the globe, an amount of anything.
        ({**TEXT, "pattern": r"^[A-Z]{3}-[A-Z]{3}-\w{1,3}$"}, {None}),
        ({**TEXT, "pattern": "^[a-z]{4}$"}, {None}),
        # Four digits before a dash may be a year.
        ({**TEXT, "pattern": r"^\d{4}-W\d{2}$"}, {None}),
        ({**TEXT, "pattern": r"^INV-\d{4}-\d{5}$"}, {None}),
        (TEXT, {None}),
        ({"type": "number"}, {None}),
    ],
)
def test_what_cannot_be_known_is_not_made_up(schema, allowed):
    assert values(tool("get_thing", "Get a thing.", {"thing": schema}, "thing"), "thing") <= allowed


@pytest.mark.parametrize(
    ("schema", "allowed"),
    [
        ({**TEXT, "pattern": r"^T\d{2}$", "description": "T01..T24"}, {None}),
        ({**TEXT, "format": "email", "description": "Matriculation numbers"}, {None}),
        ({**TEXT, "pattern": r"^X-\d$", "description": "Code, e.g. X-7"}, {"X-7"}),
    ],
)
def test_what_a_description_says_is_not_guessed(schema, allowed):
    assert values(tool("lend", "Lend a thing.", {"thing": schema}, "thing"), "thing") == allowed


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ("Stop the bot.", "`stop` requires `scope`; the schema does not require `language`."),
        (
            "Stop the bot. scope=language needs language.",
            "`stop` requires `scope`; the schema does not require `language`.",
        ),
    ],
)
def test_what_may_be_left_out_is_said_as_the_schema_has_it(description, said):
    stop = tool("stop", description, {"scope": {"enum": ["all", "language"]}, "language": TEXT}, "scope")
    assert at_hand(stop) == said


def test_an_empty_default_is_said_in_words(tmp_path):
    known = tool("letter", "Write a letter.", {"text": {**TEXT, "maxLength": 9, "default": ""}})
    (question,) = (one for one in questions([known], snapshot(tmp_path)) if one.kind == "tool_with")
    said = "`text` is not required by the schema, takes a string of at most 9 characters and is an empty text by default."
    assert of_schema(question, {"letter": known}) == [said]


def test_a_window_has_the_size_of_one():
    known = tool("resize", "Resize a window.", {"width": {"type": "number"}}, "width")
    assert values(known, "width") == {1024, 1280, 1440, 1920}


def test_a_choice_that_speaks_of_an_argument_that_is_not_given_is_not_drawn():
    place = {
        "type": "object",
        "properties": {"sector": {"enum": ["A", "E"]}, "lift": {"enum": ["east"]}},
        "required": ["sector"],
    }
    kind = {"type": "string", "enum": ["injury", "stuck_on_lift"]}
    known = tool("call_rescue", "Alarm the rescue.", {"place": place, "kind": kind}, "place", "kind")
    assert values(known, "kind") == {"injury"}


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
    assert argument_remark(TOOLS[2], "station") == "`station` can be `hay` or `talgarth`."


def scene(known: KnownTool, seed: int = 0) -> Scene:
    return Scene(known, [known], 12_000, Random(seed), MONDAY, None, None)


LINES = {
    "ward": {**TEXT, "enum": ["3B", "K2"]},
    "lines": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"article": {**TEXT, "enum": ["sheet", "towel-l"]}, "pieces": {"type": "integer"}},
        },
    },
}


def test_nobody_says_towel_ls():
    assert counted([{"article": "sheet", "pieces": 4}]) == "4 sheets"
    assert counted([{"article": "towel-l", "pieces": 4}]) == ""


def test_a_name_within_an_argument_of_another_tool_is_no_argument_of_one_tool_alone(tmp_path):
    order = tool("order_linen", "Order linen.", LINES, "ward", "lines")
    stock = tool("ward_stock", "Show the shelves.", {"article": TEXT, "shelf": TEXT}, "article")
    found = probe_facts([order, stock], snapshot(tmp_path))
    assert {(one.subject, one.value) for one in found if one.kind == "tool_with"} == {
        ("ward", "order_linen"),
        ("lines", "order_linen"),
        ("shelf", "ward_stock"),
    }


def test_a_short_word_and_its_plural_are_one():
    assert stems("sell_pass") == stems("sell passes") == {"sell", "pass"}


def test_no_question_asks_for_a_number_of_sentences():
    case = {"case": {**TEXT, "pattern": r"^KLN-C\d{2}$"}}
    climate = tool("case_climate", "Climate inside a showcase. rh in %. temp in °C.", case, "case")
    asked = {row.prompt() for seed in range(40) if (row := in_brief(scene(climate, seed)))}
    asked |= {shape["ask"] for shape in WORDINGS["tool_for"].full}
    assert "What's `case_climate` for? An example would help, too." in asked
    assert not [text for text in asked if "sentence" in text]


def test_an_answer_does_not_paste_the_question():
    both = [shape for shape in WORDINGS["tool_for"].full if "{3}" in shape["ask"] and "{3}" in shape["say"]]
    assert both == []


@pytest.mark.parametrize(
    ("name", "key", "schema"),
    [
        ("send_message", "text", TEXT),
        ("create_issue", "title", TEXT),
        ("create_issue", "description", {**TEXT, "maxLength": 160}),
        ("search_code", "query", TEXT),
        ("open_event", "place", {**TEXT, "description": "stop code or free text"}),
        ("reserve_table", "name", TEXT),
        ("open_account", "customer", TEXT),
    ],
)
def test_no_text_and_no_name_is_made_up(name, key, schema):
    known = tool(name, f"{name.replace('_', ' a ').capitalize()}.", {key: schema}, key)
    assert values(known, key) == {None}


def test_a_tool_of_which_no_call_is_sure_is_explained_without_one():
    post = tool("post", "Post a text on the displays.", {"text": TEXT}, "text")
    answers = [row.response() for seed in range(20) if (row := whole(scene(post, seed)))]
    assert answers and not [text for text in answers if "```" in text]


def test_a_mistake_of_an_amount_is_not_mended_by_another_one():
    amount = {"amount": {"type": "integer", "maximum": 400}, "kind": {"type": "string", "enum": ["a", "b"]}}
    refund = tool("refund", "Refund a ticket.", amount, "amount", "kind")
    texts = [row.response() for seed in range(40) if (row := incomplete(scene(refund, seed)))]
    assert texts and not [text for text in texts if "too large" in text]


def test_a_description_that_says_the_form_again_is_not_quoted():
    day = {**TEXT, "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "YYYY-MM-DD."}
    assert argument_remark(tool("tide", "Get the tide.", {"day": day}, "day"), "day") == (
        "`day` takes a day as YYYY-MM-DD."
    )


def test_a_wrong_spelling_is_named_with_the_right_one():
    apps = {"app": {**TEXT, "enum": ["rota-desk", "till"]}}
    health = tool("app_health", "Is it up?", apps, "app")
    said = {
        row.response().split("```")[0].split("\n")[0]
        for n in range(40)
        if (row := misspelled(scene(health, n)))
    }
    assert {one.removesuffix(" Corrected:") for one in said} == {
        "`app` has to be `rota-desk`, not `rota desk` (allowed: `rota-desk` or `till`).",
        "The case matters: `app` has to be `rota-desk` or `till`, in exactly this spelling.",
    }


def test_of_many_choices_the_right_one_alone_is_named():
    many = {"app": {**TEXT, "enum": [f"app{n}" for n in range(9)]}}
    health = tool("app_health", "Is it up?", many, "app")
    said = [row.response() for n in range(9) if (row := misspelled(scene(health, n)))]
    assert said and all(re.match(r"The case matters: `app` has to be `app\d`, as the", one) for one in said)


def test_a_number_as_a_text_is_no_mistake_since_many_servers_take_it():
    cue = {"cue": {"type": "integer", "minimum": 1, "maximum": 999}}
    assert not any(misspelled(scene(tool("go", "Go to a cue.", cue, "cue"), n)) for n in range(20))


def test_an_object_is_explained_with_its_fields():
    fields = {"call": {**TEXT, "pattern": r"^\d{2}:\d{2}$"}, "lx": {"type": "integer", "default": 2}}
    crew = {"type": "object", "properties": fields, "required": ["call"], "description": "From when."}
    call_crew = tool("call_crew", "Put a call on the board.", {"crew": crew}, "crew")
    assert argument_line(call_crew, "crew") == (
        "`crew` (required, an object): From when\n"
        "  - `call` (required, a time as HH:MM)\n"
        "  - `lx` (not required by the schema, an integer, default `2`)"
    )


def test_a_list_that_is_missing_comes_with_the_choices_for_its_entries():
    where = {"type": "array", "items": {**TEXT, "enum": ["web", "macos"]}, "minItems": 1}
    build = tool("build", "Build it.", {"where": where, "fast": {"type": "boolean"}}, "where", "fast")
    said = [row.response() for seed in range(20) if (row := incomplete(scene(build, seed)))]
    about = (
        "`where` is missing, and `build` requires it. It is a list with at least 1 entry, each of them "
        "`web` or `macos`."
    )
    assert any(one.startswith(about) for one in said)


def test_bounds_are_joined():
    mg = {"mg": {"type": "number", "exclusiveMinimum": 0, "maximum": 60}}
    assert argument_line(tool("add", "Add sulfite.", mg, "mg"), "mg") == (
        "`mg` (required, a number above 0 and at most 60)"
    )


def test_a_type_that_may_be_null_is_that_type():
    gel = {"gel": {"anyOf": [TEXT, {"type": "null"}], "default": None}}
    assert argument_line(tool("hang", "Hang a lamp.", gel), "gel") == (
        "`gel` (not required by the schema, a string, default `null`)"
    )


def test_a_tool_with_an_argument_of_which_nothing_is_said_is_not_explained():
    by = tool("log", "Log a round.", {"by": {}}, "by")
    assert whole(scene(by)) is None and argument_line(by, "by") == ""


def test_what_a_tool_needs_is_not_said_in_brief_where_that_depends_on_the_case():
    bar = {"bar": {"type": "integer"}, "extra_kg": {"type": "number"}}
    load = tool("bar_load", "What hangs on a bar and whether extra_kg would still go.", bar, "bar")
    assert not any(in_brief(scene(load, seed)) for seed in range(9))


WHERE = {"where": {**TEXT, "enum": ["in_house", "external"], "default": "in_house"}}


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ("Ask for lab work.", None),
        (
            "Ask for lab work. histo always goes out whatever you put.",
            "The default of `order_lab.where` is `in_house`. `where` can be `in_house` or `external`. The tool's "
            'description says: "histo always goes out whatever you put."',
        ),
        # A sentence is whole, and one that points back comes with the one before it.
        (
            "Ask for lab work. Goes by van. It is late; external needs a courier.",
            "The default of `order_lab.where` is `in_house`. `where` can be `in_house` or `external`. The tool's "
            'description says: "Goes by van. It is late; external needs a courier."',
        ),
        # What is always so of another argument says nothing of this one.
        ("Ask for lab work. `urgent` always costs extra.", None),
        ("Say where the lab is.", None),
    ],
)
def test_a_default_that_the_description_overrules_comes_with_the_description(description, said):
    lab = tool("order_lab", description, {**WHERE, "urgent": {"type": "boolean"}})
    asked = question("default_of", "order_lab.where", "in_house")
    asked.answer = "The default of `order_lab.where` is `in_house`."
    also = said_of_default(asked, {"order_lab": lab})
    assert (with_description(asked, lab, also) if also else None) == said


CREDIT = "Give money back. Dead plants have 30 days; damaged ones need a photo. The office signs it off."


def test_what_the_description_asks_for_in_some_cases_is_not_called_valid_without_it(tmp_path):
    photos = {"photos": {"type": "integer", "default": 0, "maximum": 20}}
    credit = tool("credit_note", CREDIT, {"invoice": TEXT, **photos}, "invoice")
    here = snapshot(tmp_path)
    asked = [one for one in questions([credit], here) if one.kind == "default_of"]
    rows = [row for row in full_examples([credit], here, asked) if "probe" in (row.model_extra or {})]
    assert [(row.prompt(), row.response()) for row in rows] == [
        (
            "What is the default of `credit_note.photos`?",
            "The default of `credit_note.photos` is `0`. `photos` takes an integer of at most 20. The tool's "
            'description says: "Dead plants have 30 days; damaged ones need a photo."',
        )
    ]


WET = 'The schema says of it: "As the gauge has it".'


@pytest.mark.parametrize(
    ("schema", "required", "said"),
    [
        (
            {"type": "boolean", "default": False},
            [],
            [
                "`wet` is not required by the schema, takes true or false and has the default `false` in the schema."
            ],
        ),
        ({"enum": ["low", "high"]}, ["wet"], ["`wet` is required and can be `low` or `high`."]),
        (TEXT, ["wet"], ["`wet` is required and takes a string."]),
        (
            {**TEXT, "description": "As the gauge has it"},
            [],
            ["`wet` is not required by the schema and takes a string.", WET],
        ),
        (TEXT, [], ["`wet` is not required by the schema and takes a string."]),
    ],
)
def test_whose_argument_it_is_comes_with_what_the_schema_says_of_it(schema, required, said):
    free = tool("free_stalls", "List the stalls that are free.", {"wet": schema}, *required)
    assert of_schema(question("tool_with", "wet", "free_stalls"), {"free_stalls": free}) == said


def test_a_default_is_that_of_the_schema_where_a_description_speaks_of_cases():
    lab = tool("order_lab", "Ask for lab work. histo always goes out whatever you put.", WHERE)
    said = of_schema(question("tool_with", "where", "order_lab"), {"order_lab": lab})
    assert said == [
        "`where` is not required by the schema, can be `in_house` or `external` and has the default `in_house` in the schema."
    ]


def test_what_a_call_needs_has_a_line_for_each_argument():
    stall = {**TEXT, "pattern": "^B-14$", "description": "Stall number"}
    look = tool("stall_lookup", "Who is on a stall.", {"stall": stall}, "stall")
    rows = [row for seed in range(9) if (row := in_brief(scene(look, seed)))]
    assert {row.response() for row in rows if row.prompt().startswith("What do I need")} == {
        "`stall_lookup` needs:\n- `stall` (a string that matches `^B-14$`): Stall number"
    }


ROUTE = {
    "van": {**TEXT, "enum": ["van-3", "van-5"]},
    "day": {**TEXT, "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "yyyy-mm-dd"},
}


def test_a_request_names_the_tool_and_recites_no_description():
    route = tool("route_of", "Stops of a van in order with ETA.", ROUTE, "van", "day")
    rows = [row for seed in range(40) if (row := one_call(scene(route, seed)))]
    given = r"`route_of` with `van` set to `van-[35]` and `day` set to `2026-\d\d-\d\d`"
    assert rows
    for row in rows:
        assert re.search(given, row.prompt())
        assert "Stops of a van" not in row.prompt()


def test_no_call_is_for_a_saturday_or_a_sunday():
    days = values(tool("move_stop", "Give a stop to another van.", ROUTE, "van", "day"), "day")
    assert days and not [day for day in days if date.fromisoformat(day).weekday() > 4]


def test_what_a_tool_is_for_is_asked_by_its_name_and_answered_by_its_description(tmp_path):
    route = tool("undo_it", "Cancel a booking.", {"van": TEXT}, "van")
    near = tool("claim_it", "File a claim, undo_it first.", {"stop": TEXT}, "stop")
    here = snapshot(tmp_path)
    asked = [one for one in questions([route, near], here) if one.kind == "tool_for"]
    rows = [row for row in full_examples([route, near], here, asked) if "probe" in (row.model_extra or {})]
    needs = "`undo_it` requires `van`, and has no other arguments."
    assert [(row.prompt(), row.response()) for row in rows] == [
        (
            "What is `undo_it` for?",
            f'The description of `undo_it` in the tool list is "Cancel a booking." {needs}',
        ),
        (
            "What does `undo_it` do?",
            f'`undo_it` has this description in the tool list: "Cancel a booking." {needs}',
        ),
    ]


def test_a_call_that_lacks_an_argument_is_asked_about_and_completed():
    route = tool("route_of", "Stops of a van in order with ETA.", ROUTE, "van", "day")
    rows = [row for seed in range(20) if (row := completed(scene(route, seed)))]
    assert rows
    for row in rows:
        given = json.loads(re.search(r"```json\n(.*)\n```", row.response(), re.DOTALL)[1])
        assert route.accepts(given)
        assert [turn["role"] for turn in row.messages] == ["user", "assistant", "user", "assistant"]


@pytest.mark.parametrize(
    ("schema", "line"),
    [
        (
            {
                "anyOf": [{"type": "number", "minimum": 0, "exclusiveMaximum": 360}, {"type": "null"}],
                "default": None,
            },
            "`it` (not required by the schema, a number of at least 0 and below 360, default `null`)",
        ),
        ({"type": "integer", "minimum": 1}, "`it` (not required by the schema, an integer of at least 1)"),
        (
            {"type": "array", "items": {"type": "string", "enum": ["raw", "log"]}},
            "`it` (not required by the schema, a list whose entries are `raw` or `log`)",
        ),
        (
            {**TEXT, "format": "date", "description": "yyyy-mm-dd"},
            "`it` (not required by the schema, a day as YYYY-MM-DD)",
        ),
        (
            {**TEXT, "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
            "`it` (not required by the schema, a month as YYYY-MM)",
        ),
        (
            {**TEXT, "format": "email", "default": ""},
            "`it` (not required by the schema, an e-mail address, default an empty text)",
        ),
    ],
)
def test_a_range_a_form_and_a_default_are_said_once_and_plainly(schema, line):
    assert argument_line(tool("move", "Move a dome.", {"it": schema}), "it") == line


def test_where_a_condition_takes_more_than_a_few_words_an_argument_is_not_explained():
    known = tool("move", "Move a dome.", {"it": TEXT})
    known.arguments.when["it"] = ""
    assert argument_line(known, "it") == ""
