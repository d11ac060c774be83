"""States of mind and situations: the tone changes, the facts do not."""

import pytest
from snapshots import answers, file, snapshot, troubles

from autodidact.errors import Skipped
from autodidact.generators import affect_examples

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
    return answers(list(affect_examples.generate(snapshot(tmp_path, affect=file(tmp_path, "affect.yaml", TABLE)))))


def test_every_state_gets_its_tone_and_the_same_facts(told):
    assert told["I am worried. Why is it late?"] == "Let us see. The tide is low. It leaves at 9. Take your time."
    assert told["Quick! Why is it late?"] == "The tide is low. It leaves at 9."
    assert told["Why is it late?"] == "The tide is low. It leaves at 9."


def test_nobody_asks_it_in_a_state_in_which_nobody_would(told):
    assert not [ask for ask in told if "Hooray!" in ask and "late" in ask]


def test_which_tone_fits(told):
    assert told['Somebody writes: "Quick!" Which tone fits the answer?'] == "Brief."
    assert told["What do I leave out when I answer somebody who is anxious?"] == "Alarm and maybes."
    labels = {ask: answer for ask, answer in told.items() if "How does the writer feel" in ask}
    assert set(labels.values()) == {"anxious", "rushed"} and all(answer in ask for ask, answer in labels.items())


def test_broken_rows_cost_themselves_alone(tmp_path):
    seen = snapshot(tmp_path, affect=file(tmp_path, "a.yaml", TABLE + "  - {id: empty, asks: 'Hm?'}\n  - word\n"))
    assert answers(list(affect_examples.generate(seen)))["Why is it late?"] == "The tide is low. It leaves at 9."
    assert troubles(seen) == {"context without id, question or facts": 1, "not a record": 1}


def test_skipped_without_a_table(tmp_path):
    with pytest.raises(Skipped, match="sources.affect names no file"):
        list(affect_examples.generate(snapshot(tmp_path)))
