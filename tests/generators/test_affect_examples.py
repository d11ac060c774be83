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
