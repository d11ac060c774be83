"""Rows that go behind another question on the same matter and its answer."""

import random

from autodidact.generators.writing import exchanges_before
from autodidact.generators.writing.conversations import system_prompt
from autodidact.generators.writing.exchanges_before import with_exchanges_before
from autodidact.records import example

GOALS = {"kind": "table", "ref": "goals.yaml#roof"}


def row(ask, answer, source=GOALS, **more):
    return example("goal_examples", "orchestration", ask, answer, source, **more)


OWNER = row("Who has the repair of the roof?", "Mira has it, with two people of the workshop.")
DEADLINE = row("By when must the tiles be ordered?", "By 2026-12-04, as the supplier closes for winter.")


def turns(rows, monkeypatch, share=1.0):
    monkeypatch.setattr(exchanges_before, "SHARE", share)
    return [[message["content"] for message in row.messages] for row in with_exchanges_before(rows, "depot")]


def test_a_question_is_put_behind_one_on_the_same_matter_and_its_answer(monkeypatch):
    first, second = turns([OWNER, DEADLINE], monkeypatch)
    assert first == ["Who has the repair of the roof?", "Mira has it, with two people of the workshop."]
    assert "depot" in second[0] and second[1:] == [*first, *(m["content"] for m in DEADLINE.messages)]


def test_the_row_keeps_its_source_its_category_and_what_is_said_of_it(monkeypatch):
    monkeypatch.setattr(exchanges_before, "SHARE", 1.0)
    dated = row(
        "By when is it?", "By 2026-12-04, says the table of goals.", time="2026-11-01T00:00:00Z", asks=["due"]
    )
    _, behind = with_exchanges_before([OWNER, dated], "depot")
    assert (behind.source, behind.time, behind.category) == (dated.source, dated.time, dated.category)
    assert behind.model_extra == {"asks": ["due"]}
    assert behind.id != dated.id


def test_no_exchange_stands_before_two_rows(monkeypatch):
    third = row("What is missing for it?", "A permit of the town for the scaffold.")
    assert [len(each) for each in turns([OWNER, DEADLINE, third], monkeypatch)] == [2, 5, 5]
    assert turns([OWNER, DEADLINE, third], monkeypatch)[2][1] == "By when must the tiles be ordered?"


def test_a_row_of_another_file_does_not_go_before(monkeypatch):
    other = row("Who lives in the tower?", "Nobody does.", {"kind": "table", "ref": "people.yaml#tower"})
    assert [len(each) for each in turns([other, DEADLINE], monkeypatch)] == [2, 2]


def test_a_row_that_says_the_answer_already_does_not_go_before(monkeypatch):
    told = row(
        "How does the roof stand?", "The tiles must be ordered by 2026-12-04; the supplier closes for winter."
    )
    assert [len(each) for each in turns([told, DEADLINE], monkeypatch)] == [2, 2]


def test_a_diff_that_is_reviewed_does_not_go_before(monkeypatch):
    review = row("Is this right?\n\n```diff\n-tiles = 3\n+tiles = 4\n```", "No: there are three of them.")
    assert [len(each) for each in turns([review, DEADLINE], monkeypatch)] == [2, 2]


def test_rows_of_the_probe_stay_as_they_are_and_may_go_before(monkeypatch):
    asked = row("When is the roof due?", "It is due on 2026-12-04.", probe="f1", states="2026-12-04")
    permit = row("What is missing for it?", "A permit of the town for the scaffold.")
    assert [len(each) for each in turns([OWNER, asked], monkeypatch)] == [2, 2]
    assert [len(each) for each in turns([asked, permit], monkeypatch)] == [2, 5]


def test_nobody_asks_for_a_place_that_was_just_named(monkeypatch):
    place = row("Is `Cart` in `a.py`?", "Yes, it is in `a.py`.", probe="f1", states="a.py")
    wrong = row(
        "Do I find `Cart` in `b.py`, as I am told?", "No, look for it in `a.py`, which has all carts."
    )
    other = row(
        "Do I find `Till` in `b.py`, as I am told?", "No, look for it in `a.py`, which has all tills."
    )
    assert [len(each) for each in turns([place, wrong], monkeypatch)] == [2, 2]
    assert [len(each) for each in turns([place, other], monkeypatch)] == [2, 5]


def test_templates_transcripts_labels_calls_and_conversations_stay_as_they_are(monkeypatch):
    tool = {
        "type": "function",
        "function": {"name": "tiles", "parameters": {"type": "object", "properties": {}}},
    }
    history = [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Good morning."}]
    rows = [
        row("Is it due?", "Yes.", short=True),
        row("What is due first?", "The tiles are due first.", {"kind": "template", "ref": "goals.yaml"}),
        row("What did she say?", "That it rains in.", {"kind": "transcript", "ref": "goals.yaml"}),
        row("Which tool counts tiles?", "The tool `tiles` counts them.", tools=[tool]),
        row("And the permit?", "It is missing so far.", history=history),
    ]
    assert turns([OWNER, *rows], monkeypatch)[1:] == [[m["content"] for m in each.messages] for each in rows]


def test_a_row_with_a_system_prompt_of_its_own_stays_as_it_is_and_goes_before_none(monkeypatch):
    own = row("Is it due?", "By the rules it is, since yesterday.", system="The rules: what is open is due.")
    assert [len(each) for each in turns([OWNER, own, DEADLINE], monkeypatch)] == [2, 3, 5]
    general = row(
        "Is it due?",
        "Since yesterday it is.",
        system=system_prompt("depot", random.Random(1), False, "Since yesterday it is."),
    )
    first, second = turns([OWNER, general], monkeypatch)
    assert second == [general.messages[0]["content"], *first, "Is it due?", "Since yesterday it is."]


def test_the_rows_are_the_same_each_time_and_a_share_of_them_has_turns_before():
    rows = [
        row(f"Where hangs door{n} of house{n} in street{n}?", f"Lift plank{n} and oil hinge{n}.")
        for n in range(400)
    ]
    made = [len(each.messages) for each in with_exchanges_before(rows, "depot")]
    assert made == [len(each.messages) for each in with_exchanges_before(rows, "depot")]
    assert 0.25 < sum(count > 2 for count in made) / 400 < 0.35
