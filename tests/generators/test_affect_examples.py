"""States of mind and situations: the tone changes, the facts do not."""

import re

import pytest

from autodidact.errors import Skipped
from autodidact.generators import affect_examples
from autodidact.settings import SAMPLES
from tests.generators.snapshots import answers, examples_of, file, said, snapshot, troubles

TABLE = """
states:
  - {id: anxious, says: ["I am worried."], tone: steady, open: ["Let us see."], close: "Take your time.", avoid: [alarm, maybes]}
  - {id: rushed, says: ["Quick!"], tone: brief}
  - {id: glad, says: ["Hooray!"], tone: warm, open: "Lovely!"}
contexts:
  - {id: late, asks: "Why is it late?", facts: ["The tide is low.", "It leaves at 9."], never: [glad]}
"""


@pytest.fixture
def told(tmp_path) -> dict[str, str]:
    return answers(
        examples_of("affect_examples", snapshot(tmp_path, affect=file(tmp_path, "affect.yaml", TABLE)))
    )


def test_every_state_gets_its_tone_and_the_same_facts(told):
    asked = {"asks": "Why is it late?", "asks_low": "why is it late?"}
    assert (
        said(told, affect_examples.ASK["answer"], says="I am worried.", **asked)
        == "Let us see. The tide is low. It leaves at 9. Take your time."
    )
    assert (
        said(told, affect_examples.ASK["answer"], says="Quick!", **asked)
        == "The tide is low. It leaves at 9."
    )
    assert told["Why is it late?"] == "The tide is low. It leaves at 9."


def test_nobody_asks_it_in_a_state_in_which_nobody_would(told):
    assert not [ask for ask in told if "Hooray!" in ask and "late" in ask]


def test_which_tone_fits(told):
    assert told['Somebody writes: "Quick!" Which tone fits the answer?'] == "Brief."
    assert told["What do I leave out when I answer somebody who is anxious?"] == "Alarm and maybes."
    labels = {
        ask: answer
        for ask, answer in told.items()
        if "How does the writer feel" in ask or "Tone of the answer" in ask
    }
    assert len(labels) == 2 and all(answer in ask for ask, answer in labels.items())


def made_by(told: dict[str, str], shapes: tuple[str, ...]) -> dict[str, str]:
    """The questions of one kind: those with all the words of one of its shapes."""
    words = [[part for part in re.split(r"\{\w+\}", shape) if part.strip()] for shape in shapes]
    return {
        ask: answer
        for ask, answer in told.items()
        if any(all(part in ask for part in parts) for parts in words)
    }


def test_the_wrong_tone_is_mended_and_the_facts_stay(told):
    mended = made_by(told, affect_examples.ASK["mend"])
    assert mended and all("The tide is low. It leaves at 9." in answer for answer in mended.values())


def test_a_lost_or_changed_fact_is_found(told):
    checked = made_by(told, affect_examples.ASK["check"])
    assert 4 <= len(checked) <= 6  # only a fact with a number can be changed
    for ask, answer in checked.items():
        whole = (
            ask.replace("- ", "").count("The tide is low.") == 2
            and ask.replace("- ", "").count("It leaves at 9.") == 2
        )
        assert whole == (answer in ("Yes, every fact is there.", "Nothing is missing."))
        assert whole or any(fact in answer for fact in ('"The tide is low."', '"It leaves at 9."'))


def test_what_the_facts_do_not_say_is_not_invented(tmp_path):
    table = TABLE + "  - {id: fare, asks: 'What is the fare?', facts: ['It is 4 pounds.']}\n"
    told = answers(
        examples_of("affect_examples", snapshot(tmp_path, affect=file(tmp_path, "affect.yaml", table)))
    )
    refused = {ask: answer for ask, answer in told.items() if "not among the facts" in answer}
    assert refused and not any("4 pounds" in ask and "fare?" in ask for ask in refused)


def test_no_question_is_asked_twice(tmp_path):
    rows = list(
        examples_of("affect_examples", snapshot(tmp_path, limit=3000, affect=str(SAMPLES / "affect.yaml")))
    )
    assert len({row.prompt() for row in rows}) == len(rows) >= 1200


@pytest.mark.parametrize("name", ['" "', "{word: glad}", "[]"])
def test_a_state_whose_name_is_no_text_is_left_out_and_costs_no_other(tmp_path, name):
    table = TABLE.replace("id: glad", f"id: {name}")
    seen = snapshot(tmp_path, affect=file(tmp_path, "affect.yaml", table))
    made = list(examples_of("affect_examples", seen))
    assert len(made) > 30 and "Brief." in [one.messages[-1]["content"] for one in made]
    assert not [one for one in made if "Hooray!" in one.line()]
    assert troubles(seen) == {"state without id, tone or what it says": 1}


def test_a_tone_may_be_a_list_of_words(tmp_path):
    table = TABLE.replace("tone: brief", "tone: [calm, brief]").replace('["Quick!"]', '["", "Quick!"]')
    told = answers(
        examples_of("affect_examples", snapshot(tmp_path, affect=file(tmp_path, "affect.yaml", table)))
    )
    assert told['Somebody writes: "Quick!" Which tone fits the answer?'] == "Calm and brief."
    assert not [ask for ask in told if '""' in ask]


def test_broken_rows_cost_themselves_alone(tmp_path):
    seen = snapshot(
        tmp_path, affect=file(tmp_path, "a.yaml", TABLE + "  - {id: empty, asks: 'Hm?'}\n  - word\n")
    )
    assert (
        answers(examples_of("affect_examples", seen))["Why is it late?"] == "The tide is low. It leaves at 9."
    )
    assert troubles(seen) == {"context without id, question or facts": 1, "not a record": 1}


def test_skipped_without_a_table(tmp_path):
    with pytest.raises(Skipped, match="sources.affect names no file"):
        list(examples_of("affect_examples", snapshot(tmp_path)))


def test_a_number_of_thousands_of_digits_is_a_fact_and_none_to_count_with(tmp_path):
    long = (SAMPLES / "affect.yaml").read_text(encoding="utf-8").replace("18.40", "9" * 5_000)
    seen = snapshot(tmp_path, affect=file(tmp_path, "affect.yaml", long))
    assert len(list(examples_of("affect_examples", seen))) > 100 and troubles(seen) == {}


@pytest.mark.parametrize(
    "avoid",
    ["avoid: [alarm, {word: maybes}]", "avoid: [alarm], also_avoid: [maybes]", "avoid: [alarm, [maybes]]"],
)
def test_what_is_avoided_is_listed_only_where_all_of_it_is_read(tmp_path, avoid):
    def made(table: str) -> dict[str, str]:
        return answers(
            examples_of("affect_examples", snapshot(tmp_path, affect=file(tmp_path, "a.yaml", table)))
        )

    ask = "What do I leave out when I answer somebody who is anxious?"
    assert made(TABLE)[ask] and ask not in made(TABLE.replace("avoid: [alarm, maybes]", avoid))


def test_a_context_of_which_a_fact_is_lost_is_left_out(tmp_path):
    table = TABLE.replace('"It leaves at 9."]', "{at: 9}]")
    seen = snapshot(tmp_path, affect=file(tmp_path, "a.yaml", table))
    assert not [row for row in examples_of("affect_examples", seen) if "tide" in row.line()]
    assert troubles(seen) == {"context without id, question or facts": 1}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("moods: []", "its columns are `moods`"),
        ("states: [", "not YAML"),
        ("states: [{id: a}]", "without id, tone or"),
    ],
)
def test_a_table_of_which_no_state_can_be_read_is_skipped_with_the_reason(tmp_path, text, why):
    with pytest.raises(Skipped, match=f"no state can be read of .*{why}"):
        list(examples_of("affect_examples", snapshot(tmp_path, affect=file(tmp_path, "a.yaml", text))))


def read_of(tmp_path, state: str = "", context: str = ""):
    """What is read of a state, rushed, and a context, pool, with these further fields; and what is counted."""
    table = (
        f"states:\n  - {{id: rushed, says: ['Quick!'], tone: brief{state}}}\n"
        f"contexts:\n  - {{id: pool, asks: 'When is it open?', facts: ['From 8 to 20.']{context}}}\n"
    )
    seen = snapshot(tmp_path, affect=file(tmp_path, "a.yaml", table))
    return affect_examples.read(seen), troubles(seen)


@pytest.mark.parametrize(
    "text", ["I am sorry, {name}.", "[insert greeting]", "TBD", "Ticket #{{id}} is open."]
)
def test_words_with_something_to_fill_in_are_left_out_and_counted(tmp_path, text):
    found, counted = read_of(tmp_path, state=f", open: ['Hello.', '{text}'], close: ['{text}']")
    assert (found.states[0].open, found.states[0].close) == (("Hello.",), ())
    assert counted == {"text with something to fill in": 2}


def test_nothing_to_avoid_is_not_a_thing_to_avoid(tmp_path):
    found, counted = read_of(tmp_path, state=", avoid: [cheer, n/a, none]")
    assert (found.states[0].avoid, counted) == (("cheer",), {})


@pytest.mark.parametrize(
    ("old", "new"), [("tone: brief", "tone: TBD"), ("'Quick!'", "'{{message}}'"), ("id: rushed", "id: '???'")]
)
def test_a_state_with_something_to_fill_in_is_left_out(tmp_path, old, new):
    table = TABLE.replace('["Quick!"]', "['Quick!']").replace(old, new)
    seen = snapshot(tmp_path, affect=file(tmp_path, "a.yaml", table))
    assert [state.id for state in affect_examples.read(seen).states] == ["anxious", "glad"]
    assert troubles(seen)["state without id, tone or what it says"] == 1


@pytest.mark.parametrize(
    ("facts", "asks"),
    [
        ("['The refund of {amount} was sent.', 'It takes 3 days.']", "Where is it?"),
        ("['It comes on TODO.', 'Bo brings it.']", "When?"),
        ("['It takes 3 days.']", "Where is {thing}?"),
    ],
)
def test_a_context_with_something_to_fill_in_is_left_out(tmp_path, facts, asks):
    table = (
        "states: [{id: rushed, says: ['Quick!'], tone: brief}]\n"
        f"contexts: [{{id: a, asks: '{asks}', facts: {facts}}}]\n"
    )
    seen = snapshot(tmp_path, affect=file(tmp_path, "a.yaml", table))
    assert affect_examples.read(seen).contexts == []
    assert troubles(seen) == {"context without id, question or facts": 1}


@pytest.mark.parametrize(
    ("more", "counted"),
    [
        ("valid_until: 2023-01-01", "context that its 'valid_until' finds fault with"),
        ("expires: soon", "context that its 'expires' finds fault with"),
        ("valid_from: 2099-01-01", "context that its 'valid_from' finds fault with"),
        ("internal: true", "context that its 'internal' finds fault with"),
        ("only_for: members", "context with a field that is not known: 'only_for'"),
    ],
)
def test_a_context_that_does_not_hold_for_everybody_now_is_left_out(tmp_path, more, counted):
    found, lost = read_of(tmp_path, context=f", {more}")
    assert (found.contexts, lost) == ([], {counted: 1})


def test_a_context_that_holds_is_read_with_what_does_not_bind_it(tmp_path):
    more = ", valid_until: 2099-01-01, valid_from: 2020-01-01, internal: false, source: 'a.md', tags: [pool]"
    found, lost = read_of(tmp_path, context=more)
    assert ([context.id for context in found.contexts], lost) == (["pool"], {})


def test_a_context_in_which_nobody_asks_is_left_out(tmp_path):
    found, _ = read_of(tmp_path, context=", never: all")
    assert found.contexts == []


def test_of_two_states_or_contexts_of_one_id_neither_is_read(tmp_path):
    table = TABLE + "  - {id: late, asks: 'Why is it late?', facts: ['Nobody knows.']}\n"
    table = table.replace("contexts:", "  - {id: rushed, says: ['Hurry.'], tone: playful}\ncontexts:")
    seen = snapshot(tmp_path, affect=file(tmp_path, "a.yaml", table))
    found = affect_examples.read(seen)
    assert ([state.id for state in found.states], found.contexts) == (["anxious", "glad"], [])
    assert troubles(seen) == {"two states of one id": 2, "two contexts of one id": 2}


def test_a_state_that_is_switched_off_is_left_out(tmp_path):
    table = TABLE.replace("tone: brief", "tone: brief, enabled: false")
    seen = snapshot(tmp_path, affect=file(tmp_path, "a.yaml", table))
    assert [state.id for state in affect_examples.read(seen).states] == ["anxious", "glad"]
    assert troubles(seen) == {"state that its 'enabled' finds fault with": 1}


def test_words_that_tell_of_a_deed_or_a_promise_open_and_close_no_answer(tmp_path):
    table = (
        "states:\n  - {id: angry, says: ['Outrageous!'], tone: calm,"
        " open: ['I have already refunded you in full.', 'You are free to ask.'],"
        " close: ['A colleague will call you within the hour.', 'Your next visit is free!']}\n"
    )
    seen = snapshot(tmp_path, affect=file(tmp_path, "a.yaml", table))
    (state,) = affect_examples.read(seen).states
    assert (state.open, state.close) == (("You are free to ask.",), ())
    assert troubles(seen) == {"words to open or close with that tell of a deed or a promise": 3}


def test_a_bare_yes_or_no_of_yaml_is_no_text(tmp_path):
    table = (
        "states:\n  - {id: calm, says: [Hello], tone: plain, open: [yes]}\n"
        "  - {id: sure, says: [no, Off we go], tone: plain}\n  - {id: keen, says: [Go], tone: on}\n"
    )
    seen = snapshot(tmp_path, affect=file(tmp_path, "a.yaml", table))
    assert [(state.id, state.open) for state in affect_examples.read(seen).states] == [("calm", ())]
    assert troubles(seen) == {
        "state without id, tone or what it says": 2,
        "words to open or close with that are no text": 1,
    }
