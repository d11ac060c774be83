"""What is made up for a tool surely fits it, and what is set side by side belongs together."""

import re
from datetime import date
from random import Random

import pytest

from autodidact.generators.tool_spec import WORDINGS, probe_facts
from autodidact.generators.tool_spec.full.argument_with_its_schema import Leaf, counted
from autodidact.generators.tool_spec.full.easily_confused_tools import alike
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.likely_arguments import drawn
from autodidact.generators.tool_spec.full.no_call_exchanges import Missing, question_back
from autodidact.generators.tool_spec.full.requests_from_descriptions import sayable, wish
from autodidact.generators.tool_spec.full.schema_remarks import (
    argument_remark,
    is_clear,
    mistaken,
    of_schema,
    rest_of_description,
    said_of_default,
    with_description,
)
from autodidact.generators.tool_spec.full.tasks_in_short import in_short, task_of_name
from autodidact.generators.tool_spec.full.tool_explanations import (
    argument_line,
    at_hand,
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
    made = (drawn(known, Random(seed), MONDAY, lambda leaf: True) for seed in range(20))
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
        ("Stop the bot.", "`stop` needs `scope`; `language` may be left out."),
        ("Stop the bot. scope=language needs language.", "`stop` needs at least `scope`."),
    ],
)
def test_what_may_be_left_out_is_said_only_where_no_description_has_a_condition(description, said):
    stop = tool("stop", description, {"scope": {"enum": ["all", "language"]}, "language": TEXT}, "scope")
    assert at_hand(stop) == said


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
    assert wish(change, {"house": "big", "day_c": 18}, MONDAY, Random(0)) is None


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
        ("put a hold on a TITLE", "put a hold on a title"),
        ("write a defect in the log, severity 1 rings the phone", "write a defect in the log"),
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
    assert argument_remark(TOOLS[2], "station") == "`station` can be `hay` or `talgarth`."


def scene(known: KnownTool, seed: int = 0) -> Scene:
    return Scene(known, [known], 12_000, Random(seed), MONDAY, None, None)


def test_a_moment_and_a_month_are_asked_for_and_given_in_words():
    start = Leaf(("start",), {**TEXT, "format": "date-time"}, "2026-05-08T09:15:00Z")
    month = Leaf(("month",), TEXT, "2026-04")
    book = tool("book_machine", "Book a machine.", {"start": TEXT}, "start")
    assert Missing(book, start, MONDAY).question(Random(0)) == "When should it start?"
    assert Missing(book, start, MONDAY).answer(Random(0)) == "On 8 May at 09:15 UTC."
    assert Missing(book, month, MONDAY).answer(Random(0)) == "For April 2026."


def test_what_is_searched_for_is_asked_for_as_that():
    search = tool("search_issues", "Search issues.", {"q": TEXT}, "q")
    questions = {Missing(search, Leaf(("q",), TEXT, "x"), None).question(Random(n)) for n in range(9)}
    assert questions == {"What shall I search for?", "What are you looking for?"}


def test_a_short_choice_is_answered_as_it_is_written():
    venue = {"venue": {**TEXT, "enum": ["gh", "main-hall"]}}
    check = tool("check_clash", "Check a clash.", venue, "venue")
    said = {
        value: {
            Missing(check, Leaf(("venue",), venue["venue"], value), None).answer(Random(n)) for n in range(9)
        }
        for value in ("gh", "main-hall")
    }
    assert {one.strip(".").removesuffix(", please") for one in said["gh"]} == {"gh"}
    assert {one.strip(".").removesuffix(", please") for one in said["main-hall"]} == {"Main hall"}


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


def test_a_name_says_nothing_of_a_list():
    order = tool("order_linen", "Extra order on top of the top-up.", LINES, "ward", "lines")
    assert (
        wish(order, {"ward": "K2", "lines": [{"article": "sheet", "pieces": 4}]}, MONDAY, Random(0)) is None
    )


def test_nobody_says_towel_ls():
    assert counted([{"article": "sheet", "pieces": 4}]) == "4 sheets"
    assert counted([{"article": "towel-l", "pieces": 4}]) == ""


def test_one_thing_that_is_found_has_an_article():
    assert [task_of_name(name) for name in ("find_tag", "find_tags", "search_store")] == [
        "find the tag",
        "find tags",
        "search store",
    ]


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


def test_nobody_updates_an_issue_to_nothing():
    properties = {"issue_number": {"type": "integer"}, "title": TEXT}
    update = tool("update_issue", "Update an existing issue.", properties, "issue_number")
    assert wish(update, {"issue_number": 2052}, MONDAY, Random(0)) is None
    assert said(update, issue_number=2052, title="Old logo").startswith("update issue 2052")


def test_a_weight_is_said_with_its_unit_and_a_thing_that_is_missing_keeps_its_place():
    kg = {"zone": {**TEXT, "enum": ["gb", "ie"]}, "kg": {"type": "number"}}
    quote = tool("quote_delivery", "Quote the delivery.", kg, "zone", "kg")
    assert said(quote, zone="gb", kg=10) == "quote the delivery, zone gb, 10 kg"
    bench = {
        "bench": {**TEXT, "pattern": r"^B\d$"},
        "minutes": {"type": "integer", "description": "how long"},
    }
    water = tool("water", "Run one bench's line.", bench, "bench")
    want = wish(water, {"minutes": 20}, MONDAY, Random(0), without="bench")
    assert want.whole == "run the bench's line for 20 minutes"


def test_an_amount_is_asked_for_as_one():
    pay = tool("pay", "Pay.", {"amount_eur": {"type": "number"}}, "amount_eur")
    amount = Leaf(("amount_eur",), {"type": "number"}, 24.9)
    assert Missing(pay, amount, MONDAY).question(Random(0)) == "How much is it?"


def test_a_choice_that_has_the_name_of_its_argument_is_said_without_it():
    house = {"house": {**TEXT, "enum": ["big-house", "lean-to"]}}
    climate = tool("read_climate", "Read the climate.", house, "house")
    assert said(climate, house="big-house") == "read the climate for big house"
    assert said(climate, house="lean-to") == "read the climate for house lean-to"


def test_no_question_asks_for_a_number_of_sentences():
    case = {"case": {**TEXT, "pattern": r"^KLN-C\d{2}$"}}
    climate = tool("case_climate", "Climate inside a showcase. rh in %. temp in °C.", case, "case")
    asked = {row.prompt() for seed in range(40) if (row := in_brief(scene(climate, seed)))}
    asked |= {shape["ask"] for shape in WORDINGS["tool_for"].full}
    assert "What's `case_climate` for? An example would help, too." in asked
    assert not [text for text in asked if "sentence" in text]


@pytest.mark.parametrize(
    "description", ["One record in full", "Numbers for a period, both ends included", "The whole record"]
)
def test_a_description_without_a_verb_is_no_request(description):
    number = {"accession_no": {**TEXT, "pattern": r"^KLN-\d{4}$"}}
    record = tool("get_object", description, number, "accession_no")
    assert wish(record, {"accession_no": "KLN-1931"}, MONDAY, Random(0)) is None


def test_a_description_with_a_verb_is_a_request():
    record = tool("get_object", "Show the full record of an object", {"object": TEXT}, "object")
    assert said(record, object="KLN-1931") == "show the full record of object KLN-1931"
    level = tool("level", "The tool returns the level of a river.", {"river": TEXT}, "river")
    assert said(level, river="R-12") == "the level of river R-12"


def test_an_answer_does_not_paste_the_question():
    both = [shape for shape in WORDINGS["tool_for"].full if "{3}" in shape["ask"] and "{3}" in shape["say"]]
    assert both == []


def test_nobody_stresses_a_word_in_a_request():
    assert in_short("record a move AFTER it happened") == "record a move after it happened"


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


def test_who_speaks_of_a_thing_says_which_and_nobody_asks_which_closed_from():
    fleet = {**TEXT, "pattern": r"^[2-6]\d{2}$"}
    locate = tool("locate", "Locate a vehicle.", {"vehicle": fleet}, "vehicle")
    stops = {"type": "string", "enum": ["KST", "OST"]}
    close = tool("close", "Close a line.", {"closed_from": stops, "line": fleet}, "closed_from", "line")
    depot = {"depot": {"type": "string", "enum": ["dray"]}, "date": {**TEXT, "format": "date"}}
    cover = tool("find_cover", "Find cover.", {**depot, "hours": {"type": "number"}}, "depot", "date")
    assert not [seed for seed in range(20) if question_back(scene(locate, seed))]
    asked = [row.response() for seed in range(40) if (row := question_back(scene(close, seed)))]
    assert not [text for text in asked if "closed" in text]
    assert [seed for seed in range(40) if question_back(scene(cover, seed))]


def test_a_form_that_is_filled_in_is_no_request():
    known = tool("put", "Put a driver on duty.", {"driver": TEXT, "onboard": {"type": "boolean"}}, "driver")
    assert wish(known, {"driver": "D-8418", "onboard": True}, MONDAY, Random(0)) is None


def test_two_things_that_a_tool_does_are_joined():
    assert in_short("take one off its run, put another on") == "take one off its run and put another on"
    assert in_short("create, read or update files") == "create, read or update files"


def test_a_mistake_of_an_amount_is_not_mended_by_another_one():
    amount = {"amount": {"type": "integer", "maximum": 400}, "kind": {"type": "string", "enum": ["a", "b"]}}
    refund = tool("refund", "Refund a ticket.", amount, "amount", "kind")
    texts = [row.response() for seed in range(40) if (row := incomplete(scene(refund, seed)))]
    assert texts and not [text for text in texts if "too large" in text]


@pytest.mark.parametrize(
    ("description", "given"),
    [
        ("Send an owner a text message about a vaccination.", {"patient": "P-20417"}),
        ("Book an appointment at one of the surgeries.", {"surgery": "quay"}),
        ("Get gist content of a gist.", {"gist_id": "U8RG3BD7V"}),
    ],
)
def test_a_request_that_says_one_thing_twice_or_not_which_one_it_means_is_none(description, given):
    known = tool("do", description, {key: TEXT for key in given}, *given)
    assert wish(known, given, MONDAY, Random(0)) is None


def test_an_amount_is_said_with_its_unit_alone():
    amount = {"amount": {"type": "number", "description": "in euros"}, "invoice": TEXT}
    pay = tool("refund_invoice", "Pay money back on an invoice.", amount, "invoice", "amount")
    assert said(pay, invoice="2026-0412", amount=24.9) == "pay money back on invoice 2026-0412, 24.90 euros"


def test_a_description_that_says_the_form_again_is_not_quoted():
    day = {**TEXT, "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "YYYY-MM-DD."}
    assert argument_remark(tool("tide", "Get the tide.", {"day": day}, "day"), "day") == (
        "`day` is required and takes a day as YYYY-MM-DD."
    )


def test_an_amount_whose_name_is_a_sentence_is_not_said():
    days = {"expires_days": {"type": "integer", "minimum": 1, "maximum": 90}}
    assert not sayable(Leaf(("expires_days",), days["expires_days"], 2))
    assert sayable(Leaf(("minutes_late",), days["expires_days"], 20))


def test_a_choice_of_ways_is_no_place():
    way = {"run": {**TEXT, "pattern": r"^R-\d{4}$"}, "channel": {**TEXT, "enum": ["passgate", "sftp"]}}
    release = tool("release_run", "Release a run.", way, "run")
    assert said(release, run="R-0970", channel="sftp") == "release run R-0970, channel sftp"


def test_an_amount_of_nothing_in_particular_is_not_said():
    fee = {"card": {**TEXT, "pattern": r"^2\d{13}$"}, "amount": {"type": "number", "maximum": 200}}
    waive = tool("waive_fee", "Take money off a card in the wallet.", fee, "card", "amount")
    assert wish(waive, {"card": "27804190983861", "amount": 8}, MONDAY, Random(0)) is None


@pytest.mark.parametrize(
    ("about", "request_"),
    [({}, None), ({"description": "How long it stays up"}, "post an announcement for 45 minutes")],
)
def test_minutes_are_how_long_something_lasts_only_where_the_schema_says_so(about, request_):
    minutes = {"minutes": {"type": "integer", **about}}
    post = tool("post_announcement", "Post an announcement.", minutes, "minutes")
    want = wish(post, {"minutes": 45}, MONDAY, Random(0))
    assert (want and want.whole) == request_
    assert sayable(Leaf(("minutes",), minutes["minutes"], 45)) is bool(about)


@pytest.mark.parametrize(
    ("key", "request_"),
    [
        ("needed_by", "order an analysis by 20 May"),
        ("due", "order an analysis, due 2026-05-20"),
        ("date", "order an analysis on 20 May"),
    ],
)
def test_a_day_of_something_else_is_not_said_as_the_day_on_which_it_is_done(key, request_):
    order = tool("order", "Order an analysis.", {key: {**TEXT, "format": "date"}}, key)
    assert said(order, **{key: "2026-05-20"}) == request_


def test_what_is_closed_from_a_stop_does_not_itself_begin_there():
    stop = {**TEXT, "enum": ["KST", "OST"]}
    ends = {"closed_from": stop, "closed_to": stop}
    plan = tool("plan_diversion", "Plan the diversion.", ends, "closed_from", "closed_to")
    assert said(plan, closed_from="KST", closed_to="OST") == (
        "plan the diversion, closed from KST, closed to OST"
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
        "  - `call` (required, a string that matches `^\\d{2}:\\d{2}$`)\n"
        "  - `lx` (an integer, default `2`)"
    )


def test_a_list_that_is_missing_comes_with_the_choices_for_its_entries():
    where = {"type": "array", "items": {**TEXT, "enum": ["web", "macos"]}, "minItems": 1}
    build = tool("build", "Build it.", {"where": where, "fast": {"type": "boolean"}}, "where", "fast")
    said = [row.response() for seed in range(20) if (row := incomplete(scene(build, seed)))]
    about = (
        "`where` is missing, and `build` requires it. It is a list with at least 1 entry of `web` or `macos`."
    )
    assert any(one.startswith(about) for one in said)


def test_bounds_are_joined():
    mg = {"mg": {"type": "number", "exclusiveMinimum": 0, "maximum": 60}}
    assert argument_line(tool("add", "Add sulfite.", mg, "mg"), "mg") == (
        "`mg` (required, a number above 0 and at most 60)"
    )


def test_a_type_that_may_be_null_is_that_type():
    gel = {"gel": {"anyOf": [TEXT, {"type": "null"}], "default": None}}
    assert argument_line(tool("hang", "Hang a lamp.", gel), "gel") == "`gel` (optional, a string)"


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


WET = 'The schema says of `wet`: "As the gauge has it."'


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (
            "send packs from one clinic to another",
            'The description of `move_stock` goes on: "Van leaves 13:15."',
        ),
        # Without a condition the rest of another sentence is not needed.
        ("send packs", ""),
    ],
)
def test_of_a_description_only_that_is_quoted_which_was_not_said(task, said):
    move = tool("move_stock", "Send packs from one clinic to another. Van leaves 13:15.", {})
    assert rest_of_description(move, task) == said


def test_a_description_in_the_third_person_is_the_same_task():
    page = tool("page_team", "Wakes the people. No tests after 21:00.", {})
    said = 'The description of `page_team` goes on: "No tests after 21:00."'
    assert rest_of_description(page, "wake the people") == said


@pytest.mark.parametrize(
    ("task", "clear"),
    [
        ("send packs from one clinic to another", True),
        ("room that are big enough on a day", False),
        ("convert with squish and store in larder, write the credits line", False),
        ("change a cold cell", False),
        ("change the setpoint of a cold cell", True),
        ("put other unit on a train", False),
        ("show other units of a train", True),
        ("override the bot", False),
        ("block a cell", True),
    ],
)
def test_a_task_that_nobody_words_so_is_not_asked_about(task, clear):
    known = tool("set_setpoint", "Change a cold cell.", {"cell": TEXT}, "cell")
    assert is_clear(task, known) is clear


@pytest.mark.parametrize(
    ("schema", "required", "said"),
    [
        ({"type": "boolean", "default": False}, [], ["`wet` takes true or false, by default `false`."]),
        ({"enum": ["low", "high"]}, ["wet"], ["`wet` is required and can be `low` or `high`."]),
        (TEXT, ["wet"], ["`wet` is required."]),
        ({**TEXT, "description": "As the gauge has it"}, [], [WET]),
        (TEXT, [], []),
    ],
)
def test_whose_argument_it_is_comes_with_what_the_schema_says_of_it(schema, required, said):
    free = tool("free_stalls", "List the stalls that are free.", {"wet": schema}, *required)
    assert of_schema(question("tool_with", "wet", "free_stalls"), {"free_stalls": free}) == said


def test_what_a_tool_needs_and_the_rest_of_its_description_are_one_sentence():
    page = tool("page_team", "Wake the people. No tests after 21:00.", {"sector": TEXT}, "sector")
    assert of_schema(question("tool_for", "wake the people", "page_team"), {"page_team": page}) == [
        '`page_team` needs at least `sector`, and its description goes on: "No tests after 21:00."'
    ]


def test_a_default_is_left_out_where_a_description_speaks_of_cases():
    lab = tool("order_lab", "Ask for lab work. histo always goes out whatever you put.", WHERE)
    said = of_schema(question("tool_with", "where", "order_lab"), {"order_lab": lab})
    assert said == ["`where` can be `in_house` or `external`."]


def test_what_a_call_needs_has_a_line_for_each_argument():
    stall = {**TEXT, "pattern": "^B-14$", "description": "Stall number"}
    look = tool("stall_lookup", "Who is on a stall.", {"stall": stall}, "stall")
    rows = [row for seed in range(9) if (row := in_brief(scene(look, seed)))]
    assert {row.response() for row in rows if row.prompt().startswith("What do I need")} == {
        "`stall_lookup` needs:\n- `stall` (a string that matches `^B-14$`): Stall number"
    }
