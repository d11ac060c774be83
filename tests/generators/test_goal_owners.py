"""Whose a goal is: several people in one cell, and owners that are not known."""

import pytest

from autodidact.generators.goal_examples.goal_owners import Owners, owners
from autodidact.generators.goal_examples.questions_on_one_goal import ASK
from tests.generators.snapshots import said
from tests.generators.test_goal_exports import told

SINGLE = {"Ann", "Ben", "Research"}


@pytest.mark.parametrize(
    ("value", "names", "whole"),
    [
        ("Ann", ["Ann"], True),
        ("Ann / Ben", ["Ann", "Ben"], True),
        ("Ann, Ben", ["Ann", "Ben"], True),
        ("Ann and Ben", ["Ann", "Ben"], True),
        ("ann, ben", ["ann", "ben"], True),
        (["Berg, Ann", "Ben"], ["Berg, Ann", "Ben"], True),
        ("[Ann Berg,Ben]", ["Ann Berg", "Ben"], True),
        ("Ann Berg; Ben", ["Ann Berg", "Ben"], True),
        ("@yard/ops", ["@yard/ops"], True),
        ("van Dyke", ["van Dyke"], True),
        ("team Blue", ["team Blue"], True),
        ("Orlando Asker", ["Orlando Asker"], True),
        # One, or two?
        ("Berg, Ann", ["Berg, Ann"], False),
        ("Ann Berg, Ben", ["Ann Berg, Ben"], False),
        ("Research & Development", ["Research & Development"], False),
        ("Ann / Cy", ["Ann / Cy"], False),
        # Not known.
        *((text, [], False) for text in ("Ben?", "maybe Cy", "ask Ann", "Ann or Ben", "TBD", "<name>", "{{owner}}", "call Ann")),
        ("Ann until May", [], False),
        ("nobody", [], True),
        ("", [], True),
    ],
)  # fmt: skip
def test_owners(value, names, whole):
    assert owners(value, SINGLE, by_comma=False) == Owners(tuple(names), whole)


def test_some_trackers_write_several_with_commas():
    assert owners("Ben Ode, Cy Lee", set(), by_comma=True) == Owners(("Ben Ode", "Cy Lee"))


TABLE = "id,title,state,owner,due\na,Dive,active,{},2027-01-10\nb,Rise,active,Cy,2027-01-11\nc,Rest,active,Dee,2027-01-12\n"


def test_of_what_may_be_two_owners_none_is_denied_and_nothing_is_listed_by_owner(tmp_path):
    found = told(tmp_path, "g.csv", TABLE.format('"Ann Berg, Ben"'))
    assert said(found, ASK["owner"], id="a", title="Dive") == "It belongs to Ann Berg, Ben."
    assert not [ask for ask in found if ask.startswith("Which open goals does")]
    assert not [ask for ask, answer in found.items() if answer.startswith("No, it belongs to Ann")]
    assert not [
        ask for ask, answer in found.items() if "Berg, Ben is" in ask or "`Ann Berg, Ben`" in ask + answer
    ]


def test_who_goes_by_a_part_of_an_owner_is_not_denied_to_be_them(tmp_path):
    found = told(tmp_path, "g.csv", TABLE.format("Cy Lee"))
    assert not [
        ask for ask, answer in found.items() if answer == "No, it belongs to Cy Lee." and "Cy's" in ask
    ]
    assert not [ask for ask, answer in found.items() if answer == "No, it belongs to Cy." and "Cy Lee" in ask]


def test_of_an_owner_who_is_in_doubt_nothing_is_said(tmp_path):
    found = told(tmp_path, "g.csv", TABLE.format("maybe Cy"))
    assert not [text for ask, answer in found.items() if "maybe" in (text := ask + answer)]
    assert not [ask for shape in ASK["owner"] if (ask := shape.format(id="a", title="Dive")) in found]


def test_a_column_that_is_not_known_takes_no_owner_away_who_is_written_down(tmp_path):
    found = told(
        tmp_path, "g.csv", "id,title,state,owner,mood\na,Dive,active,Cy,fine\nb,Rise,active,Dee,fine\n"
    )
    assert found["Who owns the goal `a`?"] == "Cy"
