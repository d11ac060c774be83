"""A result that holds nothing bears out no answer but one that says so."""

import pytest

from tests.generators.transcripts.conversations import chat, of, tool_call

QUESTION = "How is the weather in Turin?"
CALL = 'get_weather({"city": "Turin"})'


def talk(result, answer):
    return chat(
        ("user", QUESTION),
        ("assistant", None, tool_call("get_weather", city="Turin")),
        ("tool", result, {"tool_call_id": "c1"}),
        ("assistant", answer),
    )


@pytest.mark.parametrize(
    "empty", ["[]", "{}", '{"results": []}', '{"status": "ok", "data": null}', "No results found."]
)
def test_more_than_nothing(tmp_path, empty):
    assert of(tmp_path, talk(empty, "In Turin it is sunny with 21 degrees.")) == [(QUESTION, CALL)]
    denied = "There is no report of Turin."
    assert of(tmp_path, talk(empty, denied)) == [(QUESTION, denied), (QUESTION, CALL)]


def test_a_result_that_says_nothing_of_its_call(tmp_path):
    assert of(tmp_path, talk("null", "In Turin it is sunny with 21 degrees.")) == []


def test_a_result_that_holds_something(tmp_path):
    answer = "In Turin it is sunny with 21 degrees."
    held = talk('{"results": [{"sky": "sunny", "degrees": 21}]}', answer)
    assert of(tmp_path, held) == [(QUESTION, answer), (QUESTION, CALL)]
