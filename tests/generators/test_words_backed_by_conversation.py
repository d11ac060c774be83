"""What a record says in words of its own is taught where what is shown bears it out."""

import pytest

from autodidact.generators.session_miner.full.unshown_arguments import arguments_shown
from autodidact.generators.session_miner.full.words_backed_by_conversation import (
    handed_in_shown_words,
    told_in_shown_words,
)
from autodidact.records import call


@pytest.mark.parametrize(
    ("asked", "handed", "backed"),
    [
        # From the roof of the machine room it drips into the ticket office.
        (
            "Water is dripping into the ticket office from the roof of the machine room.",
            "water into machine room at Sarn",
            False,
        ),
        (
            "The driver left our gate open AGAIN and the heifers were on the road",
            "gate left open, heifers on the road again",
            False,
        ),
        ("The driver left our gate open AGAIN, the heifers are out", "left our gate open again", True),
        # That it hurts nobody said.
        ("Someone slipped on the steps, ankle.", "Someone slipped on the steps, ankle hurt", False),
        ("Someone slipped on the steps, ankle.", "Someone slipped on the steps: ankle", True),
        # A few words are a heading.
        ("the kettle trips the fuse again", "Fuse repair", True),
        # What is translated cannot be compared.
        ("Abbiamo perso un guanto rosso sulla Kogelsattel", "red glove lost on Kogelsattel", False),
    ],
)  # fmt: skip
def test_what_is_handed_over_was_said(asked, handed, backed):
    assert handed_in_shown_words(handed, asked) is backed


@pytest.mark.parametrize(
    ("asked", "gave", "answer", "backed"),
    [
        ("When does my order arrive?", "Courier photo shows a blue door.", "The courier's photo shows a blue door.", True),
        # Nobody promised that.
        (
            "When does my order arrive?",
            "Courier photo shows a blue door.",
            "The courier's photo shows a blue door. Is that yours? If not, we send another.",
            False,
        ),
        ("Who repairs the fuse?", "sl comes after the 10:00 round.", "Somebody comes after the 10:00 round.", True),
        ("Who repairs the fuse?", "sl comes after the 10:00 round.", "Sepp comes after the 10:00 round.", False),
        ("cancel, i am ill", '{"state": "cancelled", "fee_eur": 4.5}', "Cancelled. Since you are ill there is no fee.", False),
        ("cancel, i am ill", '{"state": "cancelled", "fee_eur": 0}', "Cancelled. Since you are ill there is no fee.", True),
        ("Is the pass broken?", "Pass ok. Other pocket.", "The pass is ok. Put it in the other pocket.", True),
        (
            "Is the pass broken?",
            "Pass ok. Other pocket.",
            "The pass is ok. Hedgehogs often sleep near turnstiles.",
            False,
        ),
        ("Can I read it?", "Lender copies only: scan, $12.", "The lender only scans it, for $12. Shall I do that?", True),
        ("Smoke at the pump!", "Control-room paged.", "The control-room is paged.", True),
        ("Smoke at the pump!", "Control-room paged.", "The control-room is paged and on its way.", False),
        ("Where is he?", "Emyr rings back before noon.", "Emyr will ring you before noon.", True),
        ("Where is he?", "Emyr knows.", "Emyr knows and will ring you before noon.", False),
        # One word of its own, and no more; none that says when, of all, or that something was done.
        ("T1-45 where", '{"article": "towel-l", "kg": 50}', "50 kg of large towels.", True),
        ("Truck 40 min late", "boxes hold 24 h, last 3.9 °C", "No problem for the blood: boxes hold 24 hours, read 3.9 °C.", False),
        ("we had ONE lane", "draft credit note, Thomas signs", "There is a draft credit note; Thomas signs it by Friday.", False),
        ("F2 alarm!", "Rafiq is on the way", "Rafiq is on the way. If you are in the building: leave the door shut.", False),
        ("stop that load, L-26", '{"load": "L-26", "state": "held"}', "L-26 is held. Only the lab can lift it.", False),
        ("phix 5 percent, please", '{"run": "R-0883", "lanes": 2}', "Changed, R-0883 gets 5 % PhiX.", False),
        ("F14 for it?", "F14 is locked. F15 is free.", "F14 is locked. F15 is free that night.", False),
        # What is said in another language cannot be compared.
        ("Ist noch Platz?", '{"left": 3, "eur": 15}', "Ja, noch 3 Plätze zu 15 Euro sind frei.", True),
        # Without a tool there is nothing to compare with.
        ("Who is the reeve?", None, "Maeve, in the small house by the gate.", True),
    ],
)  # fmt: skip
def test_an_answer_to_tools_says_what_they_gave(asked, gave, answer, backed):
    shown = [{"role": "user", "content": asked}]
    if gave is not None:
        shown += [call(("look", {})), {"role": "tool", "name": "look", "content": gave}]
    assert told_in_shown_words(shown, answer, []) is backed


@pytest.mark.parametrize(
    ("answer", "backed"),
    [
        ("Lindmoor is open on 8 December from 10 to 19.", False),
        ("For which day in December is it?", True),
        # Another language cannot be compared.
        ("Lindmoor hat am 8. Dezember von 10 bis 19 Uhr offen.", False),
    ],
)
def test_with_tools_at_hand_an_answer_without_a_call_says_what_is_shown(answer, backed):
    tool = {"type": "function", "function": {"name": "hours_of", "description": "Hours of a house on a day"}}
    shown = [{"role": "user", "content": "Is Lindmoor open on 8 December?"}]
    assert told_in_shown_words(shown, answer, [tool]) is backed


def test_a_time_and_words_to_look_for_are_not_said_by_anybody():
    messages = [
        {"role": "user", "content": "the boat at six, for two hours"},
        call(("find", {"start": "2026-05-04T18:00", "query": "rowing boats with four oars"})),
    ]
    assert arguments_shown(messages, [])
