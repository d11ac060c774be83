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


@pytest.mark.parametrize(
    ("held", "answer", "taught"),
    [
        ('{"free": false}', "Court 2 is free on 9 May; shall I book it?", False),
        ('{"court": {"is_free": false}}', "Yes, court 2 is now free on 9 May.", False),
        ('{"free": false}', "Court 2 is not free on 9 May.", True),
        ('{"free": false, "next": "10 May"}', "Court 2 is free from 10 May on.", True),
        ('{"free": false}', "Please ask the desk if court 2 is free later.", True),
        ('[{"id": 2, "free": false}, {"id": 3, "free": true}]', "Court 3 is free on 9 May.", True),
        ('{"free": true, "booked": false}', "Court 2 is free on 9 May.", True),
    ],
)
def test_a_field_that_says_it_is_not_so(tmp_path, held, answer, taught):
    told = [(QUESTION, answer)] if taught else []
    assert of(tmp_path, talk(held, answer)) == sorted([*told, (QUESTION, CALL)])


def test_a_request_that_is_a_templates_open_place_is_nobodys(tmp_path):
    answer = "The barrier opens when the ticket is paid at the machine."
    assert of(tmp_path, chat(("user", "{{customer_question}}"), ("assistant", answer))) == []
    asked = "When does the barrier open?"
    assert of(tmp_path, chat(("user", asked), ("assistant", answer))) == [(asked, answer)]
