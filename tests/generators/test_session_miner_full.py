"""session_miner in the register `full`: whole conversations up to the accepted answer, and who takes what, and why."""

import json
from datetime import datetime

import pytest

from autodidact.generators.session_miner.full import keeps_to
from autodidact.generators.session_miner.full.answers_of_the_moment import of_the_moment
from autodidact.generators.session_miner.full.conversation_keeps_its_word import (
    counts_tools,
    in_one_language,
    named_in,
)
from autodidact.generators.session_miner.full.earlier_turns import grounded, shown_by_tools
from autodidact.generators.session_miner.full.known_tools import told_apart
from autodidact.generators.session_miner.full.unshown_arguments import arguments_shown
from autodidact.generators.session_miner.full.unshown_days import day_line
from autodidact.generators.session_miner.full.words_backed_by_conversation import told_in_shown_words
from autodidact.records import call
from tests.generators.snapshots import FULL, examples_of, file, full_examples_of, snapshot, troubles

SYSTEM = "You are helm, the orchestrator of Wharfside."
GREP = {
    "type": "function",
    "function": {
        "name": "grep",
        "description": "Finds a pattern in files",
        "parameters": {"type": "object", "properties": {"pattern": {"type": "string"}}},
    },
}


def asks(name, arguments, ident="c1"):
    made = {"id": ident, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    return {"role": "assistant", "content": None, "tool_calls": [made]}


def gave(text, ident="c1"):
    return {"role": "tool", "tool_call_id": ident, "content": text}


def user(text):
    return {"role": "user", "content": text}


def says(text):
    return {"role": "assistant", "content": text}


def rows_of(folder, *conversations, tools=(GREP,)):
    lines = [json.dumps({"messages": messages, "tools": list(tools)}) for messages in conversations]
    return full_examples_of(
        "session_miner", folder, sessions=[file(folder, "s.jsonl", "\n".join(lines) + "\n")]
    )


HOLD = [
    {"role": "system", "content": SYSTEM},
    user("Which file sets the usual hold of 20 minutes?"),
    asks("grep", {"pattern": "HOLD_MINUTES"}),
    gave("booking/holds.py:12: HOLD_MINUTES = 20"),
    says("`booking/holds.py`, line 12: `HOLD_MINUTES = 20`."),
    user("Which test covers the hold?"),
    asks("grep", {"pattern": "HOLD_MINUTES tests"}, "c2"),
    gave("tests/test_holds.py:31", "c2"),
    asks("grep", {"pattern": "def test_"}, "c3"),
    gave("tests/test_holds.py:30: def test_a_hold_expires():", "c3"),
    says("`test_a_hold_expires` in `tests/test_holds.py`, from line 30 on."),
]


def test_an_answer_comes_with_the_whole_conversation_before_it(tmp_path):
    rows = rows_of(tmp_path, HOLD)
    (last,) = [row for row in rows if row.response().startswith("`test_a_hold_expires`")]
    assert last.messages == [
        {"role": "system", "content": SYSTEM},
        user("Which file sets the usual hold of 20 minutes?"),
        call(("grep", {"pattern": "HOLD_MINUTES"})),
        {"role": "tool", "name": "grep", "content": "booking/holds.py:12: HOLD_MINUTES = 20"},
        says("`booking/holds.py`, line 12: `HOLD_MINUTES = 20`."),
        user("Which test covers the hold?"),
        call(("grep", {"pattern": "HOLD_MINUTES tests"})),
        {"role": "tool", "name": "grep", "content": "tests/test_holds.py:31"},
        call(("grep", {"pattern": "def test_"})),
        {"role": "tool", "name": "grep", "content": "tests/test_holds.py:30: def test_a_hold_expires():"},
        says("`test_a_hold_expires` in `tests/test_holds.py`, from line 30 on."),
    ]
    assert last.tools == [GREP]


def test_no_call_is_taught_that_names_a_file_or_a_constant_which_nothing_showed(tmp_path):
    made = [row.messages[-1] for row in rows_of(tmp_path, HOLD) if row.messages[-1].get("tool_calls")]
    assert call(("grep", {"pattern": "HOLD_MINUTES"})) not in made


@pytest.mark.parametrize(
    "shown, arguments, known",
    [
        ("Run the tests of the refunds.", {"command": "pytest tests/test_refund.py -q"}, False),
        ("Run tests/test_refund.py.", {"command": "pytest tests/test_refund.py -q"}, True),
        ("What does tides do?", {"path": "tides/feed.py"}, False),
        ("Run the tests of booking.", {"command": "pytest -q", "workdir": "/srv/app/booking"}, False),
        ("We are in /srv/app. Read fines.py.", {"file_path": "/srv/app/loans/fines.py"}, True),
        ("Who calls send?", {"pattern": "send\\("}, True),
        ("Write the notes to NOTES.md.", {"path": "NOTES.md", "content": "See docs/start.md."}, True),
    ],
)
def test_a_place_is_known_where_the_conversation_names_it(shown, arguments, known):
    assert grounded([user(shown)], call(("bash", arguments))) is known


@pytest.mark.parametrize(
    "reply",
    [
        "212.",  # too short to teach how to answer
        "Added: it logs how many holds a batch deleted.",  # done by no tool
        "Sorry, I cannot read the file that sets the hold, as it is not there.",
    ],
)
def test_an_answer_that_says_too_little_or_that_nothing_backs_is_left_out(tmp_path, reply):
    good = [
        user("Why is there a queue between payments and notices?"),
        says("So that a slow mail server never keeps a payment waiting."),
    ]
    rows = rows_of(tmp_path, [user("What about the hold of 20 minutes?"), says(reply)], good, tools=())
    assert {row.response() for row in rows} == {"So that a slow mail server never keeps a payment waiting."}


def test_what_was_corrected_is_context_and_the_correction_is_answered(tmp_path):
    talk = [
        user("Which field holds the pier of a booking?"),
        says("The pier of a booking is in the field `berth_name`."),
        user("No, that is wrong: it is `pier`, renamed in migration 14."),
        says("Then it is `pier`: `berth_name` was renamed to it in migration 14."),
        user("Thanks! Where is the migration?"),
        says("It is in the folder `db/migrations`, as `0014_pier.sql`."),
    ]
    rows = rows_of(tmp_path, talk, tools=())
    assert "The pier of a booking is in the field `berth_name`." not in {row.response() for row in rows}
    (lesson,) = [row for row in rows if row.response().startswith("Then it is `pier`")]
    assert [m["content"] for m in lesson.messages if m["role"] != "system"] == [
        m["content"] for m in talk[:4]
    ]


def test_an_answer_that_rests_on_calls_which_cannot_be_shown_is_no_context(tmp_path):
    desks = [
        {
            "type": "function",
            "function": {"name": name, "description": says, "parameters": {"type": "object"}},
        }
        for name, says in {"to_signs": "Texts on displays.", "to_complaints": "Somebody is unhappy."}.items()
    ]
    talk = [
        {"role": "system", "content": "You are the first contact of a ferry. Pass a matter to its desk."},
        user("Your skipper cast off at 10:40 while my mother was still boarding. She is 79."),
        asks("to_signs", {"what": "Skipper cast off while a passenger of 79 was boarding."}, "c1"),
        gave("Not ours any more: rides and staff go to complaints since March.", "c1"),
        asks("to_complaints", {"what": "Skipper cast off at 10:40, a woman of 79 was boarding."}, "c2"),
        gave("C-0977 opened, the camera is secured, answer within 10 days.", "c2"),
        says("I opened C-0977, the recording is kept, and you get an answer within ten days. Was she hurt?"),
        user("No, only scared."),
        says("I am glad that she was not hurt. I have nothing to add to the case then."),
    ]
    rows = rows_of(tmp_path, talk, tools=desks)
    assert rows and not [row for row in rows if row.response().startswith("I am glad")]


def handed(request, to, task, result, answer):
    return [user(request), asks(f"transfer_to_{to}", {"request": task}), gave(result), says(answer)]


DESK = [
    {
        "type": "function",
        "function": {
            "name": f"transfer_to_{name}",
            "description": description,
            "parameters": {"type": "object", "properties": {"request": {"type": "string"}}},
        },
    }
    for name, description in (
        ("refunds", "Pay money back, wrong charges too"),
        ("crew", "Shifts and cover"),
        ("bookings", "Make or change a reservation"),
    )
]
REFUND = handed(
    "The passenger of B-2041 was charged twice on Sunday. Sort that out.",
    "refunds",
    "B-2041 charged twice",
    "Refunded 18.40.",
    "B-2041 has 18.40 pounds back for the double charge.",
)
COVER = handed(
    "Who is on Kittiwake tonight? C-17 rang in sick.",
    "crew",
    "Cover for C-17 on Kittiwake",
    "C-22 takes it.",
    "C-22 takes the night shift on Kittiwake in place of C-17.",
)


def whole(talk):
    """The same, handed over in the person's own words."""
    request, _, result, answer = talk
    return [request, asks("transfer_to_refunds", {"request": request["content"]}), result, answer]


@pytest.mark.parametrize(
    ("request_", "task", "taught"),
    [
        ("My parcel of B-2041 came wet, pay for it.", "B-2041 wet, 188 EUR", False),
        ("My parcel of B-2041 came wet, pay for it.", "B-2041 wet", True),
    ],
)
def test_who_takes_a_request_is_told_by_the_request_alone(tmp_path, request_, task, taught):
    parcel = handed(request_, "refunds", task, "Paid.", "B-2041 is paid back.")
    # What a kind of row is made of an exchange is drawn by its file's path.
    rows = [row for folder in "abcdefgh" for row in rows_of(tmp_path / folder, parcel, COVER, tools=DESK)]
    assert bool([row for row in rows if row.response().startswith("`refunds`")]) is taught


def test_a_label_comes_first_and_a_reason_only_where_words_of_the_request_are_in_the_description(tmp_path):
    rows = rows_of(tmp_path, REFUND, COVER, tools=DESK)
    labels = [row for row in rows if row.category == "intent_classification" and not row.tools]
    assert len(labels) >= 3
    for row in labels:
        answer = row.response()
        asked = row.messages[-2]["content"]
        if "1. " not in asked and "charged twice" in asked:
            assert answer.lstrip('`*{"').startswith(("refunds", "handler"))
            assert '"charged"' in answer.replace("\\", "")
        elif "1. " not in asked:
            assert "crew" in answer
            assert "Kittiwake" not in answer
            assert "reason" not in asked


def test_a_request_is_handed_over_only_by_a_call_that_says_all_of_it(tmp_path):
    short = handed(
        "My daughter's ticket was bought as an adult by mistake, what do I get back?",
        "refunds",
        "Difference adult to child.",
        "Refunded 9.20.",
        "You get 9.20 pounds back for the ticket of your daughter.",
    )
    whole = handed(
        "We need cover for C-17 on Kittiwake tonight.",
        "crew",
        "We need cover for C-17 on Kittiwake tonight.",
        "C-22 takes it.",
        "C-22 takes the night shift on Kittiwake in place of C-17.",
    )
    # What a kind of row is made of an exchange is drawn by its file's path.
    made = [row for folder in "abcd" for row in rows_of(tmp_path / folder, short, whole, tools=DESK)]
    over = [row.messages[-1] for row in made if row.messages[-1].get("tool_calls")]
    asked = {"request": "We need cover for C-17 on Kittiwake tonight."}
    assert over
    for said in over:
        assert said["tool_calls"][0]["function"] == {"name": "transfer_to_crew", "arguments": asked}
        assert '"cover"' in said["content"]


def test_an_answer_that_names_what_the_conversation_does_not_is_left_out(tmp_path):
    talk = [
        user("Which boat goes to Low Mole at 14:00?"),
        says("That is W109, and Petrel sails it without a car deck."),
        user("And which boat takes vans to Low Mole?"),
        says("No boat at 14:00 takes vans, as it has no car deck."),
    ]
    answers = {row.response() for row in rows_of(tmp_path, talk, tools=())}
    assert answers == {"No boat at 14:00 takes vans, as it has no car deck."}


def test_what_came_back_from_a_handler_is_told_to_the_person(tmp_path):
    said = {row.response() for row in rows_of(tmp_path, whole(REFUND), COVER, tools=DESK)}
    assert "B-2041 has 18.40 pounds back for the double charge." in said


def test_a_request_that_went_to_the_wrong_handler_goes_to_the_one_that_the_person_names(tmp_path):
    wrong = handed(
        "The 16:30 was cancelled and the family of B-2188 wants its 46 pounds.",
        "bookings",
        "Another boat for B-2188",
        "Moved.",
        "B-2188 is on the boat at 18:05 now.",
    )
    right = handed(
        "No, that is wrong, they want the money back. That is for refunds.",
        "refunds",
        "46 pounds to B-2188",
        "Refunded 46.00.",
        "B-2188 has its 46 pounds back now.",
    )
    rows = rows_of(tmp_path, [*wrong, *right], COVER, tools=DESK)
    asked = [row for row in rows if "That is for refunds" in row.messages[-2]["content"]]
    (row,) = [
        row for row in asked if "the family of B-2188 wants its 46 pounds" in row.messages[-2]["content"]
    ]
    assert row.response().lstrip("`").startswith(("refunds", "It belongs to `refunds`"))
    assert "bookings" in row.prompt()


def test_without_handlers_the_first_call_is_named(tmp_path):
    other = [
        user("How many tests does booking have?"),
        asks("bash", {"command": "pytest --collect-only -q"}),
        gave("212 tests collected\nexit code: 0"),
        says("The tests of booking are 212, says pytest."),
    ]
    rows = [row for row in rows_of(tmp_path, HOLD[:5], other) if row.category == "intent_classification"]
    assert rows
    assert all("bash(" in row.response() for row in rows)
    assert not [row for row in rows if "HOLD_MINUTES" in row.response()]


def test_a_word_is_no_reason_where_requests_with_it_went_elsewhere(tmp_path):
    desk = [
        handed(
            f"Please check the tides for W{n}.",
            "crew",
            f"Please check the tides for W{n}.",
            "Done.",
            f"The tides for W{n} are fine for that.",
        )
        for n in (101, 103, 105)
    ]
    odd = handed(
        "Please check the double charge of B-1.",
        "refunds",
        "Please check the double charge of B-1.",
        "Paid.",
        "B-1 has its money back, all of it.",
    )
    rows = rows_of(tmp_path, *desk, odd, tools=DESK)
    assert not [row for row in rows if '"check"' in row.response()]


def test_a_conversation_does_not_begin_with_a_request_that_points_back(tmp_path):
    def turn(ident, text, name, result, reply):
        return [user(text), asks("grep", {"pattern": name}, ident), gave(result, ident), says(reply)]

    talk = [
        *turn("c1", "Who calls settle in the refunds?", "settle", "refunds.py:4: settle(x)", "`refunds.py`, line 4, is the only caller of `settle`."),
        *turn("c2", "Is there a test for it?", "test_settle", "No matches found", "No, no test has the name `settle` in it so far."),
        *turn("c3", "Which tests does the fare have?", "fare", "test_fare.py:9", "One, in `test_fare.py`, at line 9 of that file."),
        *turn("c4", "Which files import the ledger?", "ledger", "pay.py:2", "Only `pay.py` does, with its import in line 2."),
        *turn("c5", "How many piers are in the list?", "PIERS", "piers.py:1: PIERS", "Four piers are in the list of `piers.py`, line 1."),
    ]  # fmt: skip
    begins = {
        next(m["content"] for m in row.messages if m["role"] == "user") for row in rows_of(tmp_path, talk)
    }
    assert begins == {"Who calls settle in the refunds?"}


def looked(command, result):
    return [user("Who?"), call(("bash", {"command": command})), {"role": "tool", "content": result}]


@pytest.mark.parametrize(
    ("command", "result", "answer", "shown"),
    [
        (
            "grep -n waiting pay",
            "refunds.py:41: if amount > LIMIT",
            "Line 41: above LIMIT (200 pounds).",
            False,
        ),
        ("cat timeouts_and_retries.py", "LIMIT = 200", "Above 200 pounds.", True),
        (
            "tide skerry",
            '{"high": "2026-09-12T07:48", "metres": 3.9}',
            "At 07:48 on 12 September, 3.9 metres.",
            True,
        ),
        ("count", "1184", "1,184 passengers.", True),
        ("grep -rl Timeout tides", "tides/feed.py", "Nobody: only tides/feed.py names it.", False),
        ("cat tides/feed.py", "import cache", "It uses only the cache.", True),
    ],
)
def test_an_answer_says_no_number_that_nothing_showed_and_nothing_of_places_not_looked_at(
    command, result, answer, shown
):
    assert shown_by_tools(looked(command, result), answer) is shown


def test_a_request_whose_words_are_those_of_another_handler_is_no_lesson(tmp_path):
    odd = handed(
        "Somebody has to cover the early shift of Monday.",
        "refunds",
        "Cover Monday.",
        "Done.",
        "It is covered.",
    )
    rows = rows_of(tmp_path, REFUND, odd, tools=DESK)
    assert rows and not [row for row in rows if "early shift" in row.prompt()]


def test_what_only_the_person_has_in_hand_is_not_handed_over(tmp_path):
    asked = "Does this regular expression accept W1011?"
    reply = "Yes, it lacks the end anchor: write it with a dollar sign."
    this = handed(asked, "crew", asked, "Yes, it lacks the end anchor.", reply)
    rows = rows_of(tmp_path, whole(REFUND), this, tools=DESK)
    called = [row for row in rows if any(message.get("tool_calls") for message in row.messages)]
    assert called and not [row for row in called if "expression" in row.prompt()]


SELL = {
    "type": "function",
    "function": {
        "name": "sell",
        "description": "Sells passes",
        "parameters": {
            "type": "object",
            "properties": {"day": {"type": "string"}, "persons": {"type": "integer"}},
        },
    },
}


def sold(
    request, day, result='{"eur": 108.0}', reply="That is 108 euros for the 2 passes on that day, please."
):
    return [user(request), asks("sell", {"day": day}), gave(result), says(reply)]


@pytest.mark.parametrize(
    ("request_", "day", "when", "line"),
    [
        (
            "2 Tageskarten für heute",
            "2026-02-14",
            datetime(2026, 2, 14, 10, 5),
            "Today is Saturday, 2026-02-14.",
        ),
        ("2 passes for saturday", "2026-02-21", datetime(2026, 2, 16, 10, 5), "Today is Monday, 2026-02-16."),
        ("and yesterday?", "2026-01-16", datetime(2026, 1, 17, 9, 0), "Today is Saturday, 2026-01-17."),
        ("and yesterday?", "2026-01-16T06:10", datetime(2026, 1, 17, 9, 0), "Today is Saturday, 2026-01-17."),
        # Nobody said which day, or the weekday is today's: this one or the next.
        ("I am D-50117, can I ride?", "2026-02-21", datetime(2026, 2, 20, 9, 0), None),
        ("2 passes for 21 Feb", "2026-02-21", datetime(2026, 2, 20, 9, 0), "Today is Friday, 2026-02-20."),
        ("Was läuft am Samstag?", "2026-02-21", datetime(2026, 2, 14, 10, 5), None),
        # A day that is shown needs no calendar.
        ("2 passes for 2026-02-21", "2026-02-21", datetime(2026, 2, 14, 10, 5), ""),
        # Nobody knows which day it was, or the day is another one than the record's.
        ("2 passes for today", "2026-02-14", None, None),
        ("2 passes for today", "2026-02-14", datetime(2026, 2, 15, 0, 5), None),
        ("2 passes for saturday", "2026-08-15", datetime(2026, 2, 14, 10, 5), None),
    ],
)
def test_a_day_in_words_is_a_date_only_with_the_day_in_the_prompt(request_, day, when, line):
    messages = [user(request_), call(("sell", {"day": day})), gave('{"eur": 108.0}'), says("108 euros.")]
    assert day_line(messages, when) == line


def test_what_has_no_time_and_needs_a_calendar_is_left_out(tmp_path):
    assert rows_of(tmp_path, sold("2 passes for today, please", "2026-02-14"), tools=[SELL]) == []
    shown = rows_of(tmp_path, sold("2 passes for 2026-02-14, please", "2026-02-14"), tools=[SELL])
    assert len(shown) == 1


@pytest.mark.parametrize(
    ("result", "refused"),
    [
        ("group starts at 10 persons", True),
        ("Error: no such card", True),
        ("unknown lift: east", True),
        ("passes = 84 is out of range", True),
        ("holder is required for season", True),
        ('{"error_rate": 0, "state": "missing"}', False),
        ("HR-204417 blocked (lost)", False),
        ("booking/holds.py:12: HOLD_MINUTES = 20", False),
    ],
)
def test_a_call_whose_result_reads_as_a_refusal_is_not_taught(tmp_path, result, refused):
    rows = rows_of(tmp_path, sold("nine passes for sunday, please", "sunday", result), tools=[SELL])
    taught = [row for row in rows if row.messages[-1].get("tool_calls")]
    assert bool(taught) is not refused


@pytest.mark.parametrize(
    ("opening", "reply"),
    [
        ("gestern dann", "Yesterday there were many first entries at the gates below."),
        ("Port?", "It listens on the port that the old document has for the other one."),
        (
            "Have someone look over the branch before I go home",
            "It needs the field, and nothing else sets it there.",
        ),
        (
            "Does the kitchen rely on the second event",
            "It does, since the field is set by that one and no other.",
        ),
        (
            "Would the kitchen still be warned today",
            "No, only the block we deleted had set the field for the kitchen.",
        ),
        (
            "nie nie, w tej małej, duża była zamknięta",
            "I have closed the vents of the small house and not of the other.",
        ),
        (
            "I will. How many cowslips are in there",
            "There are ninety cowslips in the small house at this moment.",
        ),
        ("does that count the schools too", "That came without a breakdown, so nobody can tell from it now."),
        (
            "How many schools were there last year",
            "I do not know from the answer I got, it came without a breakdown.",
        ),
        ("only we are nine after all here", "Then the discount does not apply, because it takes ten of you."),
    ],
)
def test_a_request_that_rests_on_turns_which_are_not_shown_is_left_out(tmp_path, opening, reply):
    # What stood before went wrong, so it is not shown.
    talk = [user("Count the gates."), asks("grep", {"pattern": "x"}), user(opening), says(reply)]
    assert [row for row in rows_of(tmp_path, talk) if row.messages[-1]["content"] == reply] == []


def test_an_answer_to_tools_and_an_edit_rest_on_what_is_shown():
    found = [user("Is the field set?"), {"role": "tool", "content": "only in bridge.go"}]
    assert grounded(found, "It is set in bridge.go.")
    assert not grounded(found, "It is set in bridge.go, so change publish.go.")
    edit = call(("Edit", {"file_path": "bridge.go", "old_string": "At = 1", "new_string": "At = 2"}))
    assert not grounded(found, edit)
    assert grounded([*found, {"role": "tool", "content": "x\nAt = 1\ny"}], edit)
    review = call(("Task", {"prompt": "Review the change in publish.go"}))
    assert not grounded(found, review)


def test_tools_that_never_were_in_a_file_are_not_offered_there(tmp_path):
    one = [
        user("Which gates does `gates east` list?"),
        asks("bash", {"command": "gates east"}),
        gave("3 and 4"),
    ]
    one.append(says("`gates east` lists the gates 3 and 4."))
    two = [user("Where is lift_speed set?"), asks("grep", {"pattern": "lift_speed"})]
    two += [gave("plant/lift.py:3: lift_speed = 5"), says("In `plant/lift.py`, line 3: `lift_speed = 5`.")]
    files = [
        file(tmp_path, name, json.dumps({"messages": talk}) + "\n")
        for name, talk in (("a.jsonl", one), ("b.jsonl", two))
    ]
    offered = [
        {tool["function"]["name"] for tool in row.tools}
        for row in full_examples_of("session_miner", tmp_path, sessions=files)
        if row.tools
    ]
    assert offered and all(names in ({"bash"}, {"grep"}) for names in offered)


def test_every_call_of_a_conversation_names_what_is_shown(tmp_path):
    talk = [
        user("keep me ten for the weekend"),
        asks("sell", {"day": "ALL-URS-1L"}),
        gave('{"held": 10}'),
        says("Ten of ALL-URS-1L are held for you over the weekend."),
    ]
    assert rows_of(tmp_path, talk, tools=[SELL]) == []
    named = [user("keep me ten of ALL-URS-1L for the weekend"), *talk[1:]]
    assert len(rows_of(tmp_path, named, tools=[SELL])) == 1


KIND = {"type": "string", "enum": ["lost-key", "deposit"]}
PAY = {
    "type": "function",
    "function": {
        "name": "pay",
        "description": "Books a payment",
        "parameters": {
            "type": "object",
            "properties": {"kind": KIND, "via": {"type": "string", "default": "desk"}},
        },
    },
}


@pytest.mark.parametrize(
    ("request_", "given", "shown"),
    [
        # Numbers, codes, references and names that only the record's model knew.
        ("she lost the key of locker kit, 18 euros", {"member": "70144000220561", "amount": 18}, False),
        ("she lost the key of locker kit, 18 euros", {"reference": "locker kit 2"}, False),
        ("she lost the key of locker kit, 18 euros", {"member": "B-20417"}, False),
        ("she lost the key of locker kit, 18 euros", {"for": {"name": "Inga Moe"}}, False),
        ("she lost the key of locker kit, 18 euros", {"amount": 81}, False),
        ("she lost the key of locker kit, 18 euros", {"lockers": ["north"]}, False),
        ("the boat at six, for two hours", {"start": "2026-05-04T17:00", "minutes": 120}, False),
        ("look at the pump", {"request": "Pump 7 of Inga Moe stands still"}, False),
        ("my daughter asks whether the pool is open", {"note": "my daughter asks whether the po"}, False),
        ("it came on the 7th, 38 euro", {"what": "it came on 7 May, 38 €"}, False),
        ("it came on the 7th, 38 euro", {"what": "It came on the 7th: 38 euro"}, True),
        ("it came on the 7th, 38 euro", {"what": "it came on 7th, 38 €"}, False),
        ("lift 2 moved 3 cm by itself", {"text": "Lift 2 sank 3 cm by itself."}, False),
        ("remind Jo of the boat on monday", {"to": "jo@harbour.example"}, False),
        ("what broke yesterday?", {"command": "grep 2026-11-09T06:1 gate.log"}, False),
        ("what does edge wait for?", {"workdir": "/home/piet/latch-edge"}, False),
        ("no, the boat with the crooked mast", {"name": "boat_mast_old.png"}, False),
        ("4 brake pads for the boat", {"part": "brake-pad-K"}, False),
        # What is said, in these words or in other ones.
        ("what broke yesterday?", {"command": "grep 2026-11-09 gate.log"}, True),
        ("remind jo@harbour.example on monday", {"to": "jo@harbour.example"}, True),
        ("pay 1.500,50 for nineteen days", {"eur": 1500.5, "stay": 19}, True),
        ("she lost the key of locker kit, 18 euros", {"reference": "locker kit", "amount": 18.0}, True),
        ("she lost the key of locker kit, 18 euros", {"kind": "lost-key", "via": "desk"}, True),
        ("the boat at six, for two hours", {"start": "2026-05-04T18:00", "minutes": 120}, True),
        ("deposit for 70144 00022", {"kind": "deposit", "member": "7014400022"}, True),
        ("is pump 7 of inga moe on?", {"request": "Pump 7 of Inga Moe", "limit": 10}, True),
        ("lift 2 moved 3 cm by itself", {"text": "Lift 2 has moved by itself, about 3 cm."}, False),
        # Folders and addresses that are looked into are not guessed.
        ("where are the travel times", {"command": "ls data"}, False),
        ("where are the travel times in data/", {"command": "ls data | head -3"}, True),
        ("where are the travel times", {"command": "ls -la ."}, True),
        ("how often does a text repeat", {"command": "grep -rn REPEAT ansage/*.py"}, False),
        ("how often does ansage repeat a text", {"command": "grep -rn REPEAT ansage/*.py"}, True),
        ("how often does a text repeat", {"command": "find . -name '*.toml'"}, True),
        ("why does searching take 4 s", {"command": "curl -s localhost:4010/debug/slow"}, False),
        ("how do we count the boats?", {"pattern": "def count_boats", "path": "boats"}, True),
    ],
)
def test_a_call_is_given_what_the_words_before_it_show(request_, given, shown):
    assert arguments_shown([user(request_), call(("pay", given))], [PAY]) is shown


@pytest.mark.parametrize(
    ("request_", "given", "shown"),
    [
        ("Book court 4 on 2026-05-07.", {"court": "5", "at": "2026-05-07"}, False),
        ("Book court 4 on 2026-05-07.", {"court": 5, "at": "2026-05-07"}, False),
        ("Book court 4 on 2026-05-07T09:00.", {"court": "9"}, False),
        ("Book court 4 on 7.5.2026.", {"court": "5"}, False),
        ("Book court 45 for L-1500.", {"court": "5"}, False),
        ("Book court 4 on 2026-05-07.", {"court": "4", "at": "2026-05-07"}, True),
        ("Book court C-5 on 2026-05-05.", {"court": 5}, True),
        ("Book two courts on 2026-05-07.", {"courts": "2"}, True),
        ("Book court 4 on 2026-05-07.", {"day": "7", "month": 5}, True),
        ("Book court 4 on 2026-05-07T09:00.", {"start_hour": 9}, True),
    ],
)
def test_the_digits_of_a_date_or_of_a_longer_number_show_no_other_number(request_, given, shown):
    assert arguments_shown([user(request_), call(("pay", given))], [PAY]) is shown


@pytest.mark.parametrize(
    ("answer", "taught"),
    [("84 must be Oechsle, what is it in KMW?", False), ("The 84 is in the book of the press now.", True)],
)
def test_a_call_after_which_the_person_is_asked_back_is_not_taught(tmp_path, answer, taught):
    talk = [user("next one, holds of 84"), asks("grep", {"pattern": "holds 84"}), gave("84"), says(answer)]
    calls = [row for row in rows_of(tmp_path, talk) if row.messages[-1].get("tool_calls")]
    assert bool(calls) is taught


@pytest.mark.parametrize("earlier", [0, 1, 4])
def test_an_answer_without_a_tool_is_taught_only_from_the_beginning_of_the_conversation(tmp_path, earlier):
    whole = [
        (f"Which pier does the boat number {n} leave from?", f"The boat number {n} leaves from the old pier.")
        for n in range(earlier)
    ]
    last = "The ticket of the region is good up to the border, and here you need one more."
    turns = [*whole, ("Is the ticket of the region good for Lipnice?", last)]
    talk = [one for asked, answer in turns for one in (user(asked), says(answer))]
    taught = last in {row.response() for row in rows_of(tmp_path, talk, tools=())}
    assert taught is (earlier < 4)  # no more than three exchanges before it can be shown


@pytest.mark.parametrize(("earlier", "taught"), [(0, True), (2, True), (4, False)])
def test_a_call_is_taught_only_with_the_whole_conversation_before_it(tmp_path, earlier, taught):
    talk = []
    for n in range(earlier):
        line = f"The boat number {n} leaves from the old pier."
        talk += [user(f"Which pier does the boat number {n} leave from?"), says(line)]
    talk += [user("Find every place with holds."), asks("grep", {"pattern": "holds"}), gave("holds.py:1")]
    talk += [says("The one place with holds is `holds.py`, in its first line.")]
    rows = [row for row in rows_of(tmp_path, talk) if "holds" in str(row.messages[-1])]
    asked = [[one["content"] for one in row.messages if one["role"] == "user"] for row in rows]
    whole = [one["content"] for one in talk if one["role"] == "user"]
    assert asked == ([whole] if taught else [])


def test_of_two_answers_of_which_one_is_the_beginning_of_the_other_the_longer_is_taught(tmp_path):
    first = "The number 4 leaves from the old pier, as all the larger boats do."
    last = "The number 5 leaves from the old pier, as all the larger boats do."
    talk = [
        user("Which pier does boat number 4 leave from?"),
        says(first),
        user("Which pier does boat number 5 leave from?"),
        says(last),
    ]
    assert {row.response() for row in rows_of(tmp_path, talk, tools=())} == {last}


@pytest.mark.parametrize(
    ("request_", "ends"), [("Find every hold.", "tool_calls"), ("Find all holds.", "content")]
)
def test_of_a_call_and_the_answer_made_of_its_result_one_is_taught(tmp_path, request_, ends):
    talk = [user(request_), asks("grep", {"pattern": "hold"}), gave("holds.py:1")]
    talk += [says("The one place with a hold is `holds.py`, in its first line.")]
    (row,) = rows_of(tmp_path, talk)
    assert row.messages[-1].get(ends)


@pytest.mark.parametrize(
    ("prompt", "answer", "keeps"),
    [
        ("Help desk, with tools. Answer in a sentence or two.", "It is 9021. It was 9025. Ask Ida.", False),
        ("Help desk, with tools. Answer in a sentence or two.", "It is 9021. It was 9025.", True),
        ("Operations desk. Tools and sub-agents do the work.", "It is 9021. It was 9025. Ask Ida.", True),
    ],
)
def test_a_prompt_that_asks_for_short_answers_is_given_to_short_ones(prompt, answer, keeps):
    assert keeps_to(prompt, answer) is keeps


@pytest.mark.parametrize(
    ("request_", "described", "known"),
    [
        ("customs rang about E-2611", "Hands a request over", False),
        ("customs rang about E-2611", "Hands a request over: papers, crew", True),
        ("papers has to look at E-2611", "Hands a request over", True),
    ],
)
def test_no_call_goes_to_an_agent_that_nothing_shows(request_, described, known):
    tool = {"type": "function", "function": {"name": "Task", "description": described, "parameters": {}}}
    made = call(("Task", {"subagent_type": "papers", "prompt": request_}))
    assert arguments_shown([user(request_), made], [tool]) is known


def test_an_answer_that_does_not_know_is_not_taught(tmp_path):
    reply = "I do not have that date. The first part is due in winter, and the assembly has to be before."
    talk = [user("Tell me only when the assembly is."), says(reply)]
    assert rows_of(tmp_path, talk, tools=()) == []


def test_nothing_is_taught_after_a_call_that_nothing_shown_explains(tmp_path):
    tool = {"name": "sell", "description": "Sells", "parameters": {"type": "object", "properties": {}}}
    talk = [
        user("she wants to pay for the lost key at the desk"),
        asks("sell", {"member": "70144000220561"}),
        gave("booked"),
        says("It is booked, and the receipt lies in the tray now."),
        user("which boats leave on thursday from the mole"),
        asks("sell", {"boats": "thursday"}, "c2"),
        gave("the heron at ten", "c2"),
        says("On that day the heron leaves the mole, at ten in the morning."),
    ]
    rows = rows_of(tmp_path, talk, tools=[{"type": "function", "function": tool}])
    assert rows == []


def test_a_handler_that_is_written_in_two_ways_is_offered_once(tmp_path):
    described = {"name": "transfer_to_night_crew", "description": "Shifts and cover at night"}
    tool = {"type": "function", "function": {**described, "parameters": DESK[0]["function"]["parameters"]}}
    asked = "Somebody has to cover the shift of C-31 at night, who could do that?"
    agent = [
        user(asked),
        asks("Task", {"subagent_type": "night-crew", "description": "Cover", "prompt": asked}),
        gave("C-22 takes it."),
        says("C-22 takes the shift of C-31 tonight, that is settled now."),
    ]
    reply = "C-22 takes the night shift on Kittiwake in place of C-17."
    night = handed("Who covers C-17 at night on the Kittiwake?", "night_crew", "Cover C-17", "C-22", reply)
    rows = rows_of(tmp_path, agent, night, REFUND, COVER, tools=[*DESK, tool])
    listed = [text for row in rows for text in (m["content"] for m in row.messages) if "refunds:" in text]
    assert any("night_crew" in text for text in listed)
    assert not any("night_crew" in text and "night-crew" in text for text in listed)


def test_a_request_that_is_sent_there_rests_on_what_there_is(tmp_path):
    handlers = [
        {
            "type": "function",
            "function": {"name": f"transfer_to_{name}", "description": text, "parameters": {}},
        }
        for name, text in (("books", "Invoices and refunds"), ("garden", "Plants and pots"))
    ]
    talk = [
        user("Could somebody refund the 20 euros for the frosted roses?"),
        says("Would you like me to send that to the people of the books?"),
        user("well send it there then"),
        asks("transfer_to_books", {"what": "Refund 20 euros for the frosted roses"}),
        gave("Refunded, 20 euros."),
        says("The 20 euros are refunded."),
    ]
    rows = rows_of(tmp_path, talk, tools=handlers)
    assert not [row for row in rows if row.messages[0]["content"] == "well send it there then"]
    assert not [row for row in rows if row.messages[-2]["content"] == "well send it there then"
                and len(row.messages) < 4]  # fmt: skip


@pytest.mark.parametrize(("word", "argued"), [("post", True), ("carry", False)])
def test_a_word_that_begins_one_of_another_description_makes_a_request_doubtful(tmp_path, word, argued):
    known = {"dispatch": "Packing, posting and labels", "grower": "Whatever lives under glass"}
    handlers = [
        {
            "type": "function",
            "function": {"name": f"transfer_to_{name}", "description": text, "parameters": {}},
        }
        for name, text in known.items()
    ]
    talk = [
        user(f"tell them that we do not {word} anything because of the frost"),
        asks(
            "transfer_to_grower", {"what": f"tell them that we do not {word} anything because of the frost"}
        ),
        gave("They have been told that nothing goes out because of the frost."),
        says("They have been told that nothing goes out because of the frost."),
    ]
    rows = rows_of(tmp_path, talk, tools=handlers)
    assert (not [row for row in rows if row.category == "intent_classification"]) is argued


@pytest.mark.parametrize(
    ("request_", "taught"),
    [
        ("Find the usual hold in both files, please.", False),
        ("Find the usual hold of booking and of roster.", False),
        ("Find the usual hold of booking in the files.", True),
    ],
)
def test_one_call_is_no_answer_to_who_asks_for_several_things(tmp_path, request_, taught):
    talk = [
        user(request_),
        asks("grep", {"pattern": "booking"}),
        gave("booking/holds.py:12: HOLD = 20"),
        asks("grep", {"pattern": "roster"}, "c2"),
        gave("roster/holds.py:4: HOLD = 30", "c2"),
        says("booking/holds.py has a hold of 20 in line 12, roster/holds.py one of 30 in line 4."),
    ]
    calls = [row for row in rows_of(tmp_path, talk) if row.messages[-1].get("tool_calls")]
    assert bool(calls) is taught


@pytest.mark.parametrize(
    ("reply", "borne_out"),
    [
        ("Crane 8 may lift. It carries 212 of 350 kg.", False),
        ("Amber only means that the check of crane 8 is due on 29 May.", False),
        ("Crane 8 is safe to lift with its 212 kg.", False),
        ("Crane 8 carries 212 of 350 kg, and its check is due on 29 May.", True),
    ],
)
def test_no_answer_allows_or_explains_what_no_result_does(reply, borne_out):
    asked = "may crane 8 lift? its lamp is amber"
    gave_ = {
        "role": "tool",
        "content": '{"crane": 8, "carries_kg": 212, "rated_kg": 350, "check_due": "29 May"}',
    }
    assert told_in_shown_words([user(asked), gave_], reply, []) is borne_out


@pytest.mark.parametrize(
    ("request_", "log", "borne_out"),
    [
        ("Which boat rang last?", "06:02 bell: boat 7 rang", True),
        ("Why did the bell refuse boat 7?", "06:02 bell: boat 7 rang", False),
        ("Why did the bell refuse boat 7?", "06:01 bell: boat 7 is late\n06:02 bell: boat 7 rang", True),
    ],
)
def test_no_cause_is_seen_from_one_line_of_a_log(request_, log, borne_out):
    shown = [user(request_), {"role": "tool", "content": log}]
    assert told_in_shown_words(shown, "Boat 7 rang at 06:02, by the bell.", []) is borne_out
    assert not told_in_shown_words(shown, "The bell is fine; boat 7 gets nothing.", [])


@pytest.mark.parametrize(
    ("reply", "borne_out"),
    [
        ("The weather values are 19.2 h old. weatherd refuses values.", False),
        ("The weather values are 19.2 h old. bulletin refuses values.", True),
    ],
)
def test_no_cause_is_seen_in_a_service_that_nothing_shows(reply, borne_out):
    gave_ = {"role": "tool", "content": "bulletin: weather values 19.2 h old, limit 18, refusing"}
    assert told_in_shown_words([user("how is bulletin"), gave_], reply, []) is borne_out


def test_a_result_that_allows_it_may_be_passed_on():
    gave_ = {"role": "tool", "content": "crane 8: lifting allowed. amber: check due within 14 days"}
    asked = user("may crane 8 lift? its lamp is amber")
    assert told_in_shown_words([asked, gave_], "Crane 8 may lift. Amber means that its check is due.", [])


@pytest.mark.parametrize(
    ("request_", "reply", "taught"),
    [
        ("where is the lift", "Left of the cloakroom; it goes to the balcony but not to the boxes.", False),
        ("How long is the interval?", "20 minutes, unless the evening programme says otherwise.", False),
        (
            "Where is the usual hold of a seat set?",
            "In `booking/holds.py`, as `HOLD_MINUTES`, which is 20.",
            True,
        ),
    ],
)
def test_an_answer_on_a_place_that_is_not_named_is_left_out(tmp_path, request_, reply, taught):
    rows = rows_of(tmp_path, [user(request_), says(reply)], tools=())
    assert (reply in {row.response() for row in rows}) is taught


def test_an_answer_on_a_place_stays_under_a_prompt_that_names_it(tmp_path):
    reply = "Left of the cloakroom; it goes to the balcony but not to the boxes."
    talk = [{"role": "system", "content": "Foyer terminal."}, user("where is the lift"), says(reply)]
    assert reply in {row.response() for row in rows_of(tmp_path, talk, tools=())}


@pytest.mark.parametrize(
    ("reply", "taught"),
    [
        ("The office is open on that day from ten to seven, because the holiday only", False),
        ("The office is open on that day from ten to seven, because the holiday only begins then.", True),
    ],
)
def test_an_answer_that_stops_within_a_sentence_is_left_out(tmp_path, reply, taught):
    rows = rows_of(
        tmp_path, [user("Which hours does the office have before the holiday?"), says(reply)], tools=()
    )
    assert bool(rows) is taught


@pytest.mark.parametrize(
    "opening", ["blue outer bag, you mean?", "Which of the two? You told me the wrong one.", "71 502"]
)
def test_a_request_that_rests_on_another_conversation_is_left_out(tmp_path, opening):
    reply = "No, it is the yellow one: blue was the scheme of the year before, so take that poster down."
    assert rows_of(tmp_path, [user(opening), says(reply)], tools=()) == []


def test_nothing_is_taught_after_an_answer_that_nothing_bears_out(tmp_path):
    talk = [
        user("Which line sets the hold of the booking?"),
        asks("grep", {"pattern": "hold"}),
        gave("booking/holds.py:12: HOLD = 20"),
        says("Line 12 of booking/holds.py sets it, which the harbour master asked for after the storm."),
        user("Which line has the name of the boat?"),
        asks("grep", {"pattern": "boat"}, "c2"),
        gave("fleet/boats.py:4: NAME = 'Petrel'", "c2"),
        says("Line 4 of fleet/boats.py has the name of the boat, Petrel."),
    ]
    rows = [row for row in rows_of(tmp_path, talk) if row.response().startswith("Line")]
    assert rows == []


def test_no_made_up_prompt_names_the_repository(tmp_path):
    rows = rows_of(tmp_path, HOLD[1:], REFUND[:4], COVER, tools=[GREP, *DESK])
    prompts = [row.messages[0]["content"] for row in rows if row.messages[0]["role"] == "system"]
    assert prompts and not [one for one in prompts if "{" in one or tmp_path.name in one]


@pytest.mark.parametrize(
    ("request_", "reply", "left_out"),
    [
        ("thx!", "You are welcome, have a nice shift and see you tomorrow.", True),
        ("is line 4 running right now?", "Yes, line 4 runs as it should.", True),
        ("is line 4 running?", "Yes, line 4 runs at the moment.", True),
        ("Which room am I in? Night Bus", "The glasshouse. Left, then up the iron stairs.", True),
        ("Until when am I allowed to withdraw?", "Until three days before the exam.", False),
        ("why does the validator beep twice?", "The card was already stamped within the hour.", False),
        ("Thanks to whom do we have the bell?", "The harbour master gave it to the pier.", False),
    ],
)
def test_courtesy_and_what_is_so_at_the_moment_are_no_knowledge(request_, reply, left_out):
    assert of_the_moment(request_, reply) is left_out


def test_of_several_things_no_first_call_is_named(tmp_path):
    several = [
        user("Stock of bells and of lamps, please"),
        asks("bash", {"command": "stock bells"}),
        gave("30 bells\nexit code: 0"),
        asks("bash", {"command": "stock lamps"}, "c2"),
        gave("20 lamps\nexit code: 0", "c2"),
        says("There are 30 bells and 20 lamps in stock, as it says."),
    ]
    other = [
        user("How many tests does booking have?"),
        asks("bash", {"command": "pytest --collect-only -q"}),
        gave("212 tests collected\nexit code: 0"),
        says("The tests of booking are 212, says pytest."),
    ]
    rows = rows_of(tmp_path, other, several)
    named = [row for row in rows if row.category == "intent_classification"]
    assert named and not [row for row in named if "bells" in row.prompt()]


@pytest.mark.parametrize(
    ("name", "described", "offered"),
    [
        ("mcp__mast__rota_assign", "rota assign", None),
        ("rota_assign", "", None),
        ("rota_assign", "Puts a person on a shift.", "Puts a person on a shift."),
        ("Bash", "Bash", "Runs a shell command and returns its output."),
    ],
)
def test_a_tool_of_which_the_name_alone_is_known_is_not_offered(name, described, offered):
    parameters = {
        "type": "object",
        "properties": {"command": {"type": "string"}, "standby": {"type": "boolean"}},
        "required": ["command", "standby"],
    }
    tool = {
        "type": "function",
        "function": {"name": name, "description": described, "parameters": parameters},
    }
    found = told_apart(tool)
    assert (found and found["function"]["description"]) == offered
    if name == "Bash":
        assert found["function"]["parameters"]["required"] == ["command"]


def test_a_call_of_a_tool_that_nothing_describes_is_not_taught(tmp_path):
    talk = [user("Which gates are open at the east side?"), asks("gates", {"side": "east"}), gave("3 and 4")]
    talk.append(says("Gates 3 and 4 are open on the east side."))
    assert rows_of(tmp_path, talk, tools=()) == []


def test_a_request_for_two_handlers_is_not_said_to_be_for_one(tmp_path):
    asked = "Pay B-2041 back, and find cover for C-17."
    two = [
        user(asked),
        asks("transfer_to_refunds", {"request": "Pay B-2041 back"}),
        gave("Paid."),
        asks("transfer_to_crew", {"request": "find cover for C-17"}, "c2"),
        gave("C-22 takes it.", "c2"),
        says("B-2041 is paid back, and C-22 takes it for C-17."),
    ]
    rows = [row for folder in "abcd" for row in rows_of(tmp_path / folder, two, COVER, tools=DESK)]
    about = [row for row in rows if any(asked in (one["content"] or "") for one in row.messages)]
    assert {row.response() for row in about} <= {"B-2041 is paid back, and C-22 takes it for C-17."}


def test_an_answer_after_a_hand_over_in_other_words_is_not_taught(tmp_path):
    said = {row.response() for row in rows_of(tmp_path, REFUND, COVER, tools=DESK)}
    assert "B-2041 has 18.40 pounds back for the double charge." not in said


@pytest.mark.parametrize(
    ("command", "known"),
    [
        ("journalctl -u umlauf | grep -i exam | tail -3", False),
        ("journalctl -u umlauf | grep -i week", True),
        ("journalctl -u umlauf | grep -iE 'error|weeks'", True),
    ],
)
def test_what_a_command_filters_for_has_been_spoken_of(command, known):
    asked = [user("why is the week empty in umlauf 31"), call(("bash", {"command": command}))]
    assert arguments_shown(asked, []) is known


def test_a_tool_that_passes_on_has_to_say_what_was_asked_for_and_all_of_it(tmp_path):
    desks = [
        {
            "type": "function",
            "function": {
                "name": f"pass_to_{name}",
                "description": text,
                "parameters": {"type": "object", "properties": {"wish": {"type": "string"}}},
            },
        }
        for name, text in (("studio", "Playout, desk, microphones."), ("netz", "Web stream, accounts."))
    ]
    talk = [
        user("Someone should relabel the patch bay, and the newsletter form rejects my mail address"),
        asks("pass_to_studio", {"wish": "Relabel the patch bay"}),
        gave("Next week."),
        asks("pass_to_netz", {"wish": "Newsletter form rejects a mail address"}, "c2"),
        gave("Fixed.", "c2"),
        says("The form is fixed, and the patch bay is relabelled next week."),
    ]
    assert not [row for row in rows_of(tmp_path, talk, tools=desks) if row.messages[-1].get("tool_calls")]
    smells = [
        user("the blue box in the hall smells. CB-014"),
        asks("pass_to_studio", {"wish": "CB-014 smells."}),
    ]
    smells += [gave("CB-014 blocked."), says("CB-014 is blocked.")]
    assert rows_of(tmp_path, smells, tools=desks) == []


@pytest.mark.parametrize(
    ("asked", "answer", "one"),
    [
        ("quelle est la limite de charge?", "I don't have that in front of me. It is on channel 3.", False),
        ("quelle est la limite de charge?", "Je ne l'ai pas sous les yeux.", True),
        ("Which cat does the Tannegg?", "Piste 5 Tannegg is on the list of K4.", True),
        ("Wer ist heute auf der Piste?", "K4, 14:00.", True),
        ("Who is on the list of the patrol?", "Heute ist das K4, und morgen auch.", False),
    ],
)
def test_an_answer_is_in_the_language_of_its_question(asked, answer, one):
    assert in_one_language([user(asked), says(answer)]) is one


@pytest.mark.parametrize(
    ("prompt", "counts"),
    [
        ("Look things up yourself only with the two read tools.", True),
        ("You have 3 tools.", True),
        ("Help desk, with tools. Answer in a sentence or two.", False),
    ],
)
def test_a_prompt_that_counts_tools_is_found(prompt, counts):
    assert counts_tools(prompt) is counts


def test_a_prompt_names_a_tool_or_the_desk_that_it_passes_to():
    names = ["assign_lift_desk", "assign_patrol", "groomer_plan"]
    assert named_in("Lifts go to the lift desk. groomer_plan says who.", names) == [
        "assign_lift_desk",
        "groomer_plan",
    ]


READERS = [
    {
        **GREP,
        "function": {
            **GREP["function"],
            "name": f"read_{name}",
            "description": f"Reads the {name} of the day",
        },
    }
    for name in "abcdef"
]


@pytest.mark.parametrize(
    ("prompt", "some"),
    [
        ("You are helm. Use the seven tools.", False),
        ("You are helm. Reading is for read_a, read_b, read_c, read_d, read_e and read_f.", False),
        ("You are helm.", True),
    ],
)
def test_no_row_lacks_a_tool_that_its_system_prompt_counts_or_names(tmp_path, prompt, some):
    rows = rows_of(tmp_path, [{"role": "system", "content": prompt}, *HOLD[1:]], tools=(GREP, *READERS))
    assert bool([row for row in rows if row.tools]) is some


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        (
            [user("Which port has the ledger?"), says("8104.")],
            "turn whose answer is too short to be trained whole",
        ),
        (
            [
                user("Which queue do seats wait in?"),
                asks("grep", {"pattern": "HOLDING_QUEUE"}),
                gave("seats: seat-holds"),
                says("`seat-holds`."),
            ],
            "turn with a call or an answer that nothing before it bears out",
        ),
        (
            [
                user("Which queue do berths wait in?"),
                asks("find_queue", {"of": "berths"}),
                gave("berths: berth-holds"),
                says("They wait in `berth-holds`, by what was found just now."),
            ],
            "turn with a tool that nothing describes",
        ),
        (
            [
                user("Which queue do refunds wait in?"),
                asks("grep", {"pattern": "refunds"}),
                gave("queues.py:3"),
                says("They wait in `slow-lane`, with one partition for each of the 12 piers."),
            ],
            None,
        ),
    ],
)
def test_why_nothing_is_taught_of_a_conversation(tmp_path, messages, reason):
    declared = [] if "nothing describes" in (reason or "") else [GREP]
    text = json.dumps({"messages": messages, "tools": declared}) + "\n"
    seen = snapshot(tmp_path, settings=FULL, sessions=[file(tmp_path, "s.jsonl", text)])
    rows = list(examples_of("session_miner", seen))
    assert (len(rows), troubles(seen)) == ((0, {reason: 1}) if reason else (1, {}))


def test_an_answer_longer_than_every_system_prompt_asks_for_has_none(tmp_path):
    slot = [
        user("What is a slot at a pier, and who hands it out?"),
        says(
            "A slot is the half hour in which one vessel may lie at a pier. The pier master hands it out."
            " A vessel that comes late loses it. It is then free for the next one."
        ),
    ]
    rows = rows_of(tmp_path, slot, tools=())
    assert [row.messages for row in rows] == [slot]
