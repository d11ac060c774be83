"""Replies in the right tone, with the reason for it: the facts stay, word for word."""

import random
import re

import pytest

from autodidact.generators.affect_examples.full import _wrong, judged
from autodidact.generators.affect_examples.full.openings import clash, first_words, is_general, opening
from autodidact.generators.affect_examples.full.questions_a_phrase_fits import fits, joined, kinds_of_question
from autodidact.generators.affect_examples.full.shared_slots import adjective, said
from autodidact.generators.affect_examples.read_affect_table import AffectTable, Context, State
from autodidact.generators.writing.recognise_english import is_english
from autodidact.records import Example
from autodidact.sources.unread import Unread
from tests.generators.snapshots import FULL, by_kind, examples_of, file, full_examples_of, snapshot

TABLE = """
states:
  - {id: anxious, says: ["I am worried."], tone: steady, open: ["Let us see."], close: ["Take your time."], avoid: [alarm, maybes]}
  - {id: rushed, says: ["Quick!"], tone: brief}
  - {id: glad, says: ["Hooray!"], tone: warm, open: ["Lovely!"], close: ["Enjoy it!"], mood: high}
contexts:
  - {id: late, asks: "Why is it late?", facts: ["The tide is low.", "It leaves at 9."], never: [glad]}
  - {id: lost, asks: "Where is my bag?", facts: ["Bags wait on pier 3."]}
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
    assert of(rows, "reply", "rushed", "lost").response() == "Bags wait on pier 3."


def test_a_draft_says_why_it_sounds_so(rows):
    answer = of(rows, "draft", "anxious", "lost").response()
    assert "Let us see. Bags wait on pier 3." in answer and "Take your time" not in answer
    assert '"steady"' in answer and "to avoid" not in answer and "anxious" in answer


def test_nothing_is_said_to_be_avoided_where_a_state_was_not_read_whole(rows):
    told = [row.response() for some in rows.values() for row in some if row.source.ref.endswith("#glad")]
    assert any('"warm"' in text for text in told) and not any('"warm" (to avoid' in text for text in told)


def test_a_number_that_was_misheard_is_put_right_and_nothing_is_parroted(rows):
    row = of(rows, "turn", "anxious", "late")
    assert row.messages[2]["content"] == "Let us see. The tide is low. It leaves at 9."
    assert "I am worried." in row.messages[1]["content"]
    assert "It leaves at 9." not in row.messages[3]["content"]
    assert "9" in row.response() and row.response().endswith("It leaves at 9.")


def test_a_number_that_is_wrong_or_a_fact_that_is_lost_is_named(rows):
    found = [row for kind in ("lost", "changed") for row in rows.get(kind, ())]
    assert found
    for row in found:
        draft, facts = row.prompt(), {"The tide is low.", "It leaves at 9.", "Bags wait on pier 3."}
        assert any(f'"{fact}"' in row.response() and draft.count(fact) == 1 for fact in facts)


def test_what_the_notes_do_not_answer_is_asked_of_no_tone(rows):
    # "I would rather look it up than guess" is neither "brief" nor "steady".
    assert "missing" not in rows
    assert not [row for some in rows.values() for row in some if "look it up" in row.response()]


def test_a_tone_that_yaml_cuts_at_its_comma_is_read_whole(tmp_path):
    cut = TABLE.replace("tone: steady,", "tone: steady, with the figures,")
    assert '"steady, with the figures"' in of(rows_of(tmp_path, cut), "draft", "anxious", "lost").response()


def test_nobody_asks_in_a_state_in_which_nobody_would(rows):
    assert not [
        row for some in rows.values() for row in some
        if row.source.ref.endswith("#glad") and getattr(row.source, "context", "") == "late"
    ]  # fmt: skip


def test_one_state_alone_has_no_wrong_tone_to_mend(tmp_path):
    table = TABLE.replace('open: ["Lovely!"], ', "").replace('open: ["Let us see."], ', "")
    assert {"mend", "compare"}.isdisjoint(rows_of(tmp_path, table))


OPENINGS = """
states:
  - {id: cross, says: ["This is the third time I ask.", "How annoying!"], tone: direct,
     open: ["You should not have to ask again.", "I see why that annoys you."]}
  - {id: shy, says: ["I feel stupid about this."], tone: kind, open: ["That happens to many people.", "No need to feel that way."]}
  - {id: happy, says: ["What a day!"], tone: glad, open: ["How good to hear!"]}
  - {id: curious, says: ["Just out of interest."], tone: lively, open: ["Glad that you ask."]}
contexts:
  - {id: lost, asks: "Where did my seats go?", facts: ["The hold ended.", "There is room at 9."], never: [happy]}
  - {id: dog, asks: "May a dog come along?", facts: ["Dogs travel free.", "They need a lead."]}
  - {id: day, asks: "I booked the wrong day.", facts: ["It can be moved.", "That is free."], never: [happy]}
  - {id: tide, asks: "How often is the tide low?", facts: ["Twice a day.", "The board has the hours."]}
"""


def test_an_opening_takes_nothing_for_granted_that_the_message_does_not_say(tmp_path):
    rows = [row for some in rows_of(tmp_path, OPENINGS).values() for row in some]
    # A draft that is checked or mended is somebody else's.
    rows = [row for row in rows if row.source.ask not in ("lost", "changed", "mend", "compare", "rule")]
    again = [row for row in rows if "You should not have to ask again." in row.response()]
    assert again and all("third time" in f"{row.prompt()} {row.response()}" for row in again)
    happens = [row for row in rows if row.response().count("> That happens to many people.")]
    assert happens and all(row.source.context == "day" for row in happens)


def test_nobody_is_glad_about_what_a_glad_person_would_not_ask(tmp_path):
    rows = [row for some in rows_of(tmp_path, OPENINGS).values() for row in some]
    glad = [r.source.context for r in rows if r.response().startswith("Glad that you ask.")]
    assert glad and set(glad) == {"tide"}


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
    assert not [row for row in rows if getattr(row.source, "context", "") == "death"]


def test_a_harmless_question_is_not_answered_as_if_something_were_wrong(tmp_path):
    rows = [row for made in rows_of(tmp_path, SAD).values() for row in made]
    assert "anxious" not in {
        row.source.ref.rpartition("#")[2] for row in rows if getattr(row.source, "context", "") == "fare"
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("in-a-hurry", "in a hurry"),
        ("worn-out", "worn out"),
        ("fed-up", "fed up"),
        ("pressed-for-time", "pressed for time"),
        ("worried", "worried"),
        ("furious", "furious"),
        ("sceptical", "sceptical"),
        ("hoehenangst", ""),
        ("eilig", ""),
    ],
)
def test_a_state_is_an_adjective_or_only_the_heading_of_the_table(name, said):
    assert adjective(name) == said


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
    texts = [row.response().lower() for rows in rows_of(tmp_path, table).values() for row in rows]
    assert any('"few words, telegram" (to avoid: "alarm", "that is internal")' in text for text in texts)
    assert not any(
        "be few words" in text or "is few words" in text or "without that" in text for text in texts
    )


def test_what_to_avoid_is_quoted_and_whole(tmp_path):
    table = TABLE.replace("avoid: [alarm, maybes]", "avoid: [long lists, maybe, jargon]")
    texts = [row.response() for rows in rows_of(tmp_path, table).values() for row in rows]
    assert any('(to avoid: "long lists", "maybe", "jargon")' in text for text in texts)


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


def test_good_news_stands_in_front_of_no_question(tmp_path):
    texts = [turn["content"] for rows in rows_of(tmp_path).values() for row in rows for turn in row.messages]
    assert any("Hooray!" in text for text in texts)
    assert not any("Hooray!" in text and "bag?" in text for text in texts)


@pytest.mark.parametrize(
    ("phrase", "asks", "joins"),
    [
        ("Best butter in Wales!", "Half the box arrived broken, what do I do?", False),
        ("My knees are shaking.", "Can the dog come along?", False),
        ("We buried my wife last week.", "What is the code on my egg?", False),
        ("Your machine ate my five dollars.", "What do I need for a card?", False),
        ("This is the third time I ask.", "When does the last boat leave?", True),
        ("No time, quick!", "When does the last boat leave?", True),
        # The boat may be the one that goes.
        ("Boat goes in 5 min, quick.", "I missed the last boat.", False),
        ("No time, quick!", "Why is the tide low?", False),
        ("No time, quick!", "My son was behind me and now he is not there.", False),
        ("Just out of interest.", "What is the flashing light?", True),
        ("Just out of interest.", "How do I give notice?", False),
        ("Honestly, this is ridiculous.", "I was charged twice.", True),
        ("Honestly, this is ridiculous.", "I lost my pass, what now?", False),
        ("I am really worried about this.", "I lost my pass, what now?", True),
        # What the worry is about is not what is asked.
        ("I am worried about the tank.", "I lost my pass, what now?", False),
        ("I've mucked it up.", "I ordered for the wrong day, can it be moved?", True),
        ("I've mucked it up.", "What is the code on my egg?", False),
        ("I just came off a double shift.", "Where can I leave her books?", False),
        ("Out of curiosity.", "Why is the heating still off?", False),
        ("Out of curiosity.", "Why is the heating so loud?", True),
        ("I already told two of your colleagues.", "When do I get my deposit back?", True),
    ],
)
def test_a_phrase_and_a_question_are_one_message_only_where_they_surely_go_together(phrase, asks, joins):
    assert fits(phrase, Context("c", asks, ("It is.",), ())) is joins


@pytest.mark.parametrize(
    ("asks", "kinds"),
    [
        ("Why won't the kiosk take my card?", {"trouble", "their fault"}),
        ("I booked the wrong day.", {"trouble", "own slip"}),
        ("What does a cell count of 311 mean?", {"knowing"}),
        ("Who can help me with the form?", {"practical"}),
        ("Can the dog come along?", {"wish"}),
        ("My tank shows 6 degrees, will you still take it?", set()),
    ],
)
def test_what_a_question_is_about_is_known_by_its_words(asks, kinds):
    assert kinds_of_question(asks) == kinds


def test_a_complaint_comes_before_the_anger_about_it():
    assert joined("Honestly, this is ridiculous.", "I was charged twice.", True) == (
        "I was charged twice. Honestly, this is ridiculous."
    )
    assert (
        joined("quick one", "Is there a fare for twelve?", True) == "Quick one. Is there a fare for twelve?"
    )


def _state(*words: str, says: tuple[str, ...] = ("So.",)) -> State:
    return State("one", says, "warm", words, (), (), "r")


@pytest.mark.parametrize(
    ("opened", "message", "why"),
    [
        ("That's lovely to hear.", "I was charged twice.", "it is an answer to good news, and there is none in the message"),
        # A greeting, which the table may have for people who are lonely.
        ("Nice to hear you.", "I was charged twice.", ""),
        ("You've had a day.", "Just wondering.", "it is meant for somebody who is worn out, and nothing in the message says that"),
        ("You've had a day.", "I just came off a double shift.", ""),
        ("Easily done.", "I booked the wrong day.", ""),
        ("Easily done.", "Is there a fare?", "it comforts somebody who owns up to a mistake, and nobody does that here"),
        # That is said to somebody who complains.
        ("That should not have happened.", "Where was the bus?", ""),
        # What may fit somebody else as well is called wrong for nobody.
        ("One line at a time.", "Is there a fare?", ""),
        ("Here's where it stands.", "Is there a fare?", ""),
        ("They do sound alike.", "Is there a fare?", ""),
    ],
)  # fmt: skip
def test_opening_words_are_called_wrong_only_with_a_reason_that_the_message_shows(opened, message, why):
    assert clash(opened, _state("Let me see."), message) == why


def test_an_opening_for_a_mistake_takes_one_for_granted():
    made = "We have done the same here, more than once."
    assert first_words(_state(made), "We have seed of an old foxglove.", random.Random(1)) == ""
    assert first_words(_state(made), "I may have killed it myself.", random.Random(1)) == made


ALONE = """
states:
  - {id: chuffed, says: ["Best butter in Wales!"], tone: warm, open: ["That's lovely to hear."], close: ["Hwyl!"], avoid: [upselling]}
  - {id: bereaved, says: ["Dad passed on Sunday."], tone: gentle, open: ["I'm so sorry."], close: ["No rush with any of this."], avoid: []}
  - {id: begeistert, says: ["So ein Panorama!"], tone: cheerful, open: ["That makes us happy."], avoid: []}
  - {id: nosy, says: ["I've always meant to ask."], tone: chatty, open: ["Nice one."], avoid: []}
contexts:
  - {id: egg, asks: "What is the code on my egg?", facts: ["The first digit says how the hens are kept."]}
  - {id: box, asks: "Half the box arrived broken.", facts: ["Broken eggs are refunded."]}
"""


def test_good_news_and_a_loss_are_answered_in_the_words_of_the_table_and_no_more(tmp_path):
    rows = rows_of(tmp_path, ALONE)["told"]
    sent = [row for row in rows if row.messages[0]["role"] == "system"]
    written = {row.messages[1]["content"]: row.response() for row in sent}
    assert written["Best butter in Wales!"] == "That's lovely to hear."
    assert written["Dad passed on Sunday."] == "I'm so sorry."
    # English words do not answer German ones.
    assert "So ein Panorama!" not in written and "I've always meant to ask." not in written


def test_good_news_is_not_answered_by_words_that_only_lead_on(tmp_path):
    table = ALONE.replace('["That\'s lovely to hear."]', '["That\'s lovely to hear.", "Then on we go."]')
    rows = rows_of(tmp_path, table)
    assert table != ALONE and "lovely" in str(rows["told"])
    assert "on we go" not in str([row.messages for kind in ("told", "then") for row in rows[kind]])


def test_whether_to_answer_at_all_is_not_asked_of_a_table_of_tones(tmp_path):
    asked = str([row.messages for rows in rows_of(tmp_path, ALONE).values() for row in rows])
    assert "Do we reply" not in asked and "at all?" not in asked and "How do I begin?" not in asked


def test_after_praise_a_question_is_answered_with_its_facts(tmp_path):
    rows = rows_of(tmp_path, ALONE)["then"]
    assert {row.source.context for row in rows} == {"egg"}
    assert {row.response() for row in rows} == {"The first digit says how the hens are kept."}
    assert {row.messages[2]["content"] for row in rows} == {"That's lovely to hear."}


def test_the_tone_of_a_phrase_is_chosen_with_what_the_others_are_for(tmp_path):
    (row,) = [r for r in rows_of(tmp_path, ALONE)["which"] if r.source.ref.endswith("#bereaved")]
    assert (
        '"gentle"' in row.response().lower() and "The writer is bereaved. Of the others, " in row.response()
    )
    others = {'"warm" is for people who are chuffed', '"chatty" is for people who are nosy',
              '"cheerful" is for messages such as "So ein Panorama!"'}  # fmt: skip
    assert sum(one in row.response() for one in others) == 2
    assert not row.response().endswith('!".')


@pytest.mark.parametrize(
    ("phrase", "english"),
    [("So ein Panorama!", False), ("Schön hier!", False), ("The kids die laughing, van and all.", True)],
)
def test_a_phrase_of_another_language_is_known(phrase, english):
    assert is_english(phrase) is english


@pytest.mark.parametrize(
    ("fact", "number"),
    [
        ("Most take 8 to 12 days.", ""),
        ("The desk opens from 4 to 7 pm.", ""),
        ("A missing eyepiece costs $18.", "18"),
    ],
)
def test_one_end_of_a_range_is_not_misheard(fact, number):
    assert _wrong(fact, random.Random(1))[1] == number


def test_what_is_written_back_names_nothing_that_the_message_does_not(tmp_path):
    table = ALONE.replace("That's lovely to hear.", "Lovely to hear, all the best to the twins.")
    assert not any("twins" in row.response() for row in rows_of(tmp_path, table).get("told", ()))
    table = table.replace("Best butter in Wales!", "The twins have their room!")
    assert "Lovely to hear, all the best to the twins." in [
        row.response() for row in rows_of(tmp_path, table)["told"]
    ]


@pytest.mark.parametrize(
    "cry",
    [
        "Someone is following me.",
        "The alarm just went!",
        "There is a smell of gas!",
        "Somebody is breaking in.",
        "It is burning!",
    ],
)
def test_no_tone_is_taught_for_an_emergency(tmp_path, cry):
    table = ALONE.replace("I've always meant to ask.", cry)
    texts = [
        turn["content"] for rows in rows_of(tmp_path, table).values() for row in rows for turn in row.messages
    ]
    assert texts and not any(cry in text for text in texts)


def test_a_quoted_sentence_ends_the_sentence_that_it_stands_in(tmp_path):
    texts = [row.response() for rows in rows_of(tmp_path, ALONE).values() for row in rows]
    assert not [text for text in texts if re.search(r'[.!?]"\.', text)]


@pytest.mark.parametrize(
    ("words", "general"),
    [
        ("Everybody leaves it on once.", False),
        ("We were all there once.", False),
        ("I see why that annoys you.", True),
        ("No need to feel that way.", True),
    ],
)
def test_an_opening_beside_facts_is_about_no_one_thing(words, general):
    assert is_general(words) is general


@pytest.mark.parametrize("kind", ["lost", "changed"])
def test_whether_a_reply_is_right_and_complete_is_answered_no_first(kind):
    slots = {
        "draft": "d",
        "facts": "- f",
        "fact": "Bags wait on pier 3.",
        "reply": "r",
        "asks": "a",
        "message": "m",
    }
    said_ = {said(kind, slots, random.Random(seed)) for seed in range(100)}
    answers = {answer for ask, answer in said_ if "right and" in ask or "Everything right" in ask}
    assert answers and all(answer.startswith("No") for answer in answers)


def test_messages_are_sorted_by_the_headings_of_the_table(tmp_path):
    (row, *_) = rows_of(tmp_path, ALONE)["inbox"]
    assert len(re.findall(r'^\d\. `[\w-]+`: "', row.response(), re.M)) == 3


def test_a_phrase_that_leads_on_is_quoted_without_its_comma(tmp_path):
    table = ALONE.replace("I've always meant to ask.", "Out of curiosity,")
    texts = [
        turn["content"] for made in rows_of(tmp_path, table).values() for row in made for turn in row.messages
    ]
    assert any('"Out of curiosity"' in text for text in texts) and not any(
        "curiosity," in text for text in texts
    )


def test_the_question_after_a_phrase_without_an_end_begins_a_sentence():
    slots = dict.fromkeys(("filed", "tone", "without", "begin", "capital_tone"), "x") | {"mood": "quick one"}
    asks = {said("meet", slots, random.Random(seed))[0] for seed in range(200)}
    assert not [ask for ask in asks if '"quick one" A' in ask or '"quick one" W' in ask]


@pytest.mark.parametrize(
    ("fact", "heard"),
    [
        ("January had 12,600 fewer.", ""),
        ("It costs 4.150 kr.", ""),
        ("The 2024 is sold out.", "The 2021 is sold out."),
        ("It takes 10 minutes.", "It takes 13 minutes."),
    ],
)
def test_a_year_is_misheard_as_an_earlier_one_and_part_of_a_number_not_at_all(fact, heard):
    assert _wrong(fact, random.Random(1))[0] == heard


def test_what_only_announces_more_is_no_message(tmp_path):
    table = ALONE.replace("I've always meant to ask.", "Only asking:")
    rows = [row for made in rows_of(tmp_path, table).values() for row in made]
    assert rows and not any("Only asking" in row.prompt() + row.response() for row in rows)


def test_a_tone_that_asks_for_more_than_words_to_begin_with_is_not_answered_by_them(tmp_path):
    assert any("lovely" in row.response() for row in rows_of(tmp_path, ALONE)["told"])
    told = rows_of(tmp_path, ALONE.replace("tone: warm", 'tone: "friendly, one tip"'))["told"]
    assert not any("lovely" in row.response() for row in told)


def test_a_loss_is_answered_with_a_word_of_sympathy(tmp_path):
    table = ALONE.replace('["I\'m so sorry."]', '["Thank you for telling us.", "I\'m so sorry."]')
    assert table != ALONE
    rows = [row for row in rows_of(tmp_path, table)["told"] if row.source.ref.endswith("#bereaved")]
    assert rows and all("I'm so sorry." in row.response() for row in rows)


def test_asking_is_taken_for_granted_only_where_somebody_asks():
    assert first_words(_state("No harm in asking."), "This one's on me, sorry.", random.Random(1)) == ""
    assert (
        first_words(_state("No harm in asking."), "What is LUFS?", random.Random(1)) == "No harm in asking."
    )


@pytest.mark.parametrize(
    ("asks", "fact", "said"),
    [
        ("The pages smell, is that dangerous?", "Smell is a reason for return.", False),
        ("The pages smell, is that dangerous?", "The smell is not dangerous.", True),
        ("How old is it?", "The egg is of Monday.", True),
        ("Why is it late?", "The tide is low.", True),
        ("Can I observe from home?", "Remote nights are planned for tycho only.", False),
        ("Can I observe from home?", "You may from May on.", True),
    ],
)
def test_a_question_for_a_judgement_is_asked_only_where_the_facts_have_it(asks, fact, said):
    assert judged(Context("egg", asks, (fact,), ())) is said


@pytest.mark.parametrize(
    ("words", "mood", "fits_it"),
    [
        ("That is nice of you.", "We are home for Christmas, all of us!", False),
        ("That is nice of you.", "Best bread on the coast!", True),
        ("That is a long time.", "Tenho saudades de casa.", False),
        ("That is a long time.", "Four months out now.", True),
        ("That should not have taken four calls.", "Enough now!", False),
        ("That should not have taken four calls.", "I have called four times now!", True),
    ],
)
def test_an_opening_thanks_counts_and_speaks_of_time_only_where_the_message_does(words, mood, fits_it):
    assert first_words(_state(words), mood, random.Random(1)) == (words if fits_it else "")


def test_no_draft_is_the_notes_word_for_word(rows):
    states = {row.source.ref.partition("#")[2] for row in rows["draft"]}
    assert "anxious" in states and "rushed" not in states


def test_a_context_that_gives_no_message_of_anybody_is_counted_by_its_reason(tmp_path):
    table = """
states:
  - {id: impatient, says: ["Can we get on with it?", "Quick!"], tone: brief}
contexts:
  - {id: where, asks: "Where is my bag?", facts: ["Bags wait on pier 3."]}
  - {id: bill, asks: "Why is the bill higher than the estimate?", facts: ["The x-ray was not in it."]}
  - {id: rank, asks: "When is the match?", facts: ["It is at 9."], never: [impatient]}
  - {id: watch, asks: "Can I watch from home?", facts: ["A stream is planned."]}
"""
    seen = snapshot(tmp_path, settings=FULL, affect=file(tmp_path, "a.yaml", table))
    rows = by_kind(examples_of("affect_examples", seen))
    assert {row.source.context for row in rows["reply"]} == {"where"}
    assert {(one.reason, one.ref.partition("#")[2]) for one in seen.troubles.list()} == {
        ("context whose question no phrase of a state surely goes with", "bill"),
        ("context that no state of the table asks about", "rank"),
        ("context whose facts lack what its question asks for", "watch"),
    }
