"""Replies in the right tone, with the reason for it: the facts stay, word for word."""

import random

import pytest

from autodidact.generators.affect_examples.full import mood_said, opening
from autodidact.generators.affect_examples.read_affect_table import AffectTable, Context, State
from autodidact.records import Example
from autodidact.sources.unread import Unread
from tests.generators.snapshots import by_kind, file, full_examples_of

TABLE = """
states:
  - {id: anxious, says: ["I am worried."], tone: steady, open: ["Let us see."], close: ["Take your time."], avoid: [alarm, maybes]}
  - {id: rushed, says: ["Quick!"], tone: brief}
  - {id: glad, says: ["Hooray!"], tone: warm, open: ["Lovely!"], close: ["Enjoy it!"], mood: high}
contexts:
  - {id: late, asks: "Why is it late?", facts: ["The tide is low.", "It leaves at 9."], never: [glad]}
  - {id: lost, asks: "Where is my bag?", facts: ["Bags are at pier 3."]}
"""


def rows_of(tmp_path, table: str = TABLE) -> dict[str, list[Example]]:
    return by_kind(full_examples_of("affect_examples", tmp_path, affect=file(tmp_path, "affect.yaml", table)))


@pytest.fixture
def rows(tmp_path) -> dict[str, list[Example]]:
    return rows_of(tmp_path)


def of(rows, kind: str, state: str, context: str) -> Example:
    (row,) = [r for r in rows[kind] if r.source.ref.endswith(f"#{state}") and r.source.context == context]
    return row


def test_a_reply_has_all_facts_and_the_words_of_the_state_around_them(rows):
    row = of(rows, "reply", "anxious", "late")
    assert row.response() == "Let us see. The tide is low. It leaves at 9."
    assert row.messages[0]["role"] == "system"
    assert "- The tide is low.\n- It leaves at 9." in row.messages[0]["content"]
    assert of(rows, "reply", "rushed", "late").response() == "The tide is low. It leaves at 9."


def test_a_draft_says_why_it_sounds_so(rows):
    answer = of(rows, "draft", "anxious", "lost").response()
    assert "Let us see. Bags are at pier 3." in answer and "Take your time" not in answer
    assert '"steady" (to avoid: alarm, maybes)' in answer and "anxious" in answer


def test_nothing_is_said_to_be_avoided_where_a_state_was_not_read_whole(rows):
    for kind in ("draft", "mend", "advice"):
        assert ", without" not in of(rows, kind, "glad", "lost").response()


def test_a_number_that_was_misheard_is_put_right_and_nothing_is_parroted(rows):
    row = of(rows, "turn", "anxious", "late")
    assert row.messages[2]["content"] == "Let us see. The tide is low. It leaves at 9."
    assert "I am worried." in row.messages[1]["content"]
    if "leaves" in row.messages[3]["content"]:
        assert "It leaves at 9." not in row.messages[3]["content"]
        assert "9" in row.response() and row.response().endswith("It leaves at 9.")
    else:
        assert row.response().endswith("- The tide is low.\n- It leaves at 9.")


def test_a_number_that_is_wrong_or_a_fact_that_is_lost_is_named(rows):
    found = [row for kind in ("lost", "changed") for row in rows.get(kind, ())]
    assert found
    for row in found:
        draft, facts = row.prompt(), {"The tide is low.", "It leaves at 9.", "Bags are at pier 3."}
        assert any(f'"{fact}"' in row.response() and draft.count(fact) == 1 for fact in facts)


def test_what_the_notes_do_not_answer_is_not_made_up(rows):
    row = of(rows, "missing", "anxious", "late")
    assert "Bags are at pier 3." in row.prompt()
    assert "pier 3" not in row.response() and "tide" not in row.response()


def test_nobody_asks_in_a_state_in_which_nobody_would(rows):
    assert not [
        row for some in rows.values() for row in some
        if row.source.ref.endswith("#glad") and row.source.context == "late"
    ]  # fmt: skip


def test_one_state_alone_has_no_wrong_tone_to_mend(tmp_path):
    table = TABLE.replace('open: ["Lovely!"], ', "").replace('open: ["Let us see."], ', "")
    assert {"mend", "compare"}.isdisjoint(rows_of(tmp_path, table))


OPENINGS = """
states:
  - {id: cross, says: ["This is the third time I ask.", "How annoying!"], tone: direct,
     open: ["You should not have to ask again.", "I see why that annoys you."]}
  - {id: shy, says: ["I feel stupid."], tone: kind, open: ["That happens to many people.", "No need to feel that way."]}
  - {id: happy, says: ["What a day!"], tone: glad, open: ["How good to hear!"]}
  - {id: curious, says: ["Just out of interest."], tone: lively, open: ["Glad that you ask."]}
contexts:
  - {id: lost, asks: "Where did my seats go?", facts: ["The hold ended.", "There is room at 9."], never: [happy]}
  - {id: dog, asks: "May a dog come along?", facts: ["Dogs travel free.", "They need a lead."]}
  - {id: day, asks: "I booked the wrong day.", facts: ["It can be moved.", "That is free."], never: [happy]}
"""


def test_an_opening_takes_nothing_for_granted_that_the_message_does_not_say(tmp_path):
    rows = [row for some in rows_of(tmp_path, OPENINGS).values() for row in some]
    # A draft that is checked is somebody else's.
    rows = [row for row in rows if row.source.ask not in ("lost", "changed")]
    again = [row for row in rows if "You should not have to ask again." in row.response()]
    assert again and all("third time" in f"{row.prompt()} {row.response()}" for row in again)
    happens = [row for row in rows if row.response().count("> That happens to many people.")]
    assert happens and all(row.source.context == "day" for row in happens)


def test_an_answer_that_is_missing_is_not_opened_gladly(tmp_path):
    for row in rows_of(tmp_path, OPENINGS)["missing"]:
        assert not [text for text in ("Glad", "How good", "ask again") if text in row.response()]


def test_nobody_is_glad_about_what_a_glad_person_would_not_ask(tmp_path):
    rows = [row for some in rows_of(tmp_path, OPENINGS).values() for row in some]
    assert not [
        r
        for r in rows
        if r.source.context == "lost" and "Glad that you ask." in f"{r.prompt()} {r.response()}"
    ]
    assert [r for r in rows if r.source.context == "dog" and "Glad that you ask." in r.response()]


def test_a_day_of_a_month_is_not_made_one_that_may_not_exist(tmp_path):
    table = TABLE.replace("It leaves at 9.", "It leaves on 29 February 2028.")
    shown = " ".join(row.prompt() for some in rows_of(tmp_path, table).values() for row in some)
    assert "February" in shown and "29 February 2028" in shown
    assert shown.count("February") == shown.count("29 February 2028")


SAD = """
states:
  - {id: tired, says: ["I have not slept."], tone: brief, open: ["I will keep this short for you."]}
  - {id: rushed, says: ["Quick!"], tone: brief}
  - {id: grieving, says: ["I cannot believe it yet."], tone: gentle, open: ["I am sorry for your loss."]}
  - {id: glad, says: ["Hooray!"], tone: warm, open: ["How good to hear!"]}
  - {id: anxious, says: ["I am worried."], tone: steady, open: ["Here is what is known.", "I understand your fear."]}
contexts:
  - {id: death, asks: "My mother has died and her ticket is still valid.", facts: ["It is paid back."], never: [glad]}
  - {id: fare, asks: "Is there a fare for twelve?", facts: ["Twelve pay nine fares."]}
"""


def test_of_a_death_nobody_is_told_anything_before_a_word_of_sympathy(tmp_path):
    rows = [row for made in rows_of(tmp_path, SAD).values() for row in made]
    assert {row.source.ref.rpartition("#")[2] for row in rows if row.source.context == "death"} == {
        "grieving"
    }


def test_a_harmless_question_is_not_answered_as_if_something_were_wrong(tmp_path):
    rows = [row for made in rows_of(tmp_path, SAD).values() for row in made]
    assert "anxious" not in {
        row.source.ref.rpartition("#")[2] for row in rows if row.source.context == "fare"
    }


def test_advice_gives_no_fact_that_nobody_gave(rows):
    for row in rows["advice"]:
        for fact in ("The tide is low.", "Bags are at pier 3."):
            assert fact not in row.response() or fact in row.prompt()


ASHAMED = """\
states:
  - {id: ashamed, says: ["This is silly of me."], tone: kind, open: ["No need to feel that way."]}
contexts:
  - {id: lost, asks: "Where is my bag?", facts: ["Bags are at pier 3."]}
  - {id: late, asks: "Why is it late?", facts: ["The tide is low."]}
"""


def test_who_feels_silly_is_answered_kindly_also_where_the_facts_are_missing(tmp_path):
    rows = rows_of(tmp_path, ASHAMED)["missing"]
    assert len(rows) == 2
    assert all("\n\n> No need to feel that way. I " in row.response() for row in rows)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("in-a-hurry", "in a hurry"),
        ("worn-out", "worn out"),
        ("worried", "worried"),
        ("furious", "furious"),
        ("hoehenangst", "in the state `hoehenangst`"),
        ("eilig", "in the state `eilig`"),
    ],
)
def test_a_state_is_an_adjective_or_the_name_of_a_state(name, said):
    assert mood_said(name) == said


@pytest.mark.parametrize(
    ("words", "asks", "opened"),
    [
        # What no record says is not said, however friendly.
        ("You are safe where you sit.", "Where is my bag?", ""),
        ("Help is being called.", "Where is my bag?", ""),
        ("Most of this can be saved.", "Where is my bag?", ""),
        ("That went wrong and it was ours.", "Where is my bag?", ""),
        ("I am with you.", "Where is my bag?", "I am with you."),
        # Nobody is glad to hear that something went wrong.
        ("That makes us happy.", "Our table is taken, what now?", ""),
        ("That makes us happy.", "The plants arrived frozen. What now?", ""),
        ("That makes us happy.", "When do you open?", "That makes us happy."),
    ],
)
def test_an_opening_claims_nothing_and_fits_the_question(words, asks, opened):
    state = State("one", ("So.",), "warm", (words,), (), (), "r")
    glad = State("glad", ("Hooray!",), "warm", ("That makes us happy.",), (), (), "r")
    context = Context("c", asks, ("It opens at nine.",), ())
    table = AffectTable([state, glad], [context], Unread())
    assert opening(state, context, f"So. {asks}", table, random.Random(1)) == opened


def test_a_tone_that_is_no_adjective_and_what_to_avoid_stand_as_the_table_has_them(tmp_path):
    table = TABLE.replace("tone: steady", 'tone: "few words, telegram"').replace(
        "maybes]", "that is internal]"
    )
    texts = [row.response() for rows in rows_of(tmp_path, table).values() for row in rows]
    assert any('"few words, telegram" (to avoid: alarm, that is internal)' in text for text in texts)
    assert not any(
        "be few words" in text or "is few words" in text or "without that" in text for text in texts
    )


def test_a_call_for_help_is_answered_by_no_record(tmp_path):
    table = TABLE.replace('says: ["I am worried."]', 'says: ["I can\'t find my daughter.", "I am worried."]')
    texts = [
        turn["content"] for rows in rows_of(tmp_path, table).values() for row in rows for turn in row.messages
    ]
    assert any("I am worried." in text for text in texts)
    assert not any("find my daughter" in text for text in texts)


@pytest.mark.parametrize(
    ("words", "mood", "opened"),
    [
        ("That was too long.", "We paid 216 euros!", ""),
        ("That was too long.", "I have been here for forty minutes.", "That was too long."),
        ("They do sound alike.", "My head spins.", ""),
        ("They do sound alike.", "East, west, I mix them up.", "They do sound alike."),
    ],
)
def test_an_opening_takes_nothing_for_granted_that_the_message_does_not_bear_out(words, mood, opened):
    state = State("one", (mood,), "warm", (words,), (), (), "r")
    context = Context("c", "Can the dog come along?", ("It can.",), ())
    table = AffectTable([state], [context], Unread())
    assert opening(state, context, f"{mood} {context.asks}", table, random.Random(1)) == opened


def test_nobody_who_complains_is_delighted(tmp_path):
    table = TABLE.replace("Why is it late?", "Our table is taken, what now?").replace(", never: [glad]", "")
    table = table.replace('open: ["Lovely!"]', 'open: ["Lovely!", "Schön!"]')
    texts = [
        turn["content"] for rows in rows_of(tmp_path, table).values() for row in rows for turn in row.messages
    ]
    assert any("Hooray! Where is my bag?" in text or "Where is my bag? Hooray!" in text for text in texts)
    assert not any("Hooray!" in text and "table is taken" in text for text in texts)
