import pytest

from autodidact.gate import secrets
from autodidact.gate.rule import Drop
from autodidact.records import call, example

SOURCE = {"kind": "transcript", "ref": "s.jsonl"}


def test_an_address_in_an_argument_is_masked():
    one = example(
        "session_miner",
        "tool_use",
        "Mail jo@corp.io.",
        call(("mail", {"to": ["jo@corp.io"], "text": "hello"})),
        SOURCE,
    )
    masked = secrets.check(one, None)
    assert masked.messages[0]["content"] == "Mail <EMAIL>."
    assert masked.messages[1]["tool_calls"][0]["function"]["arguments"] == {
        "to": ["<EMAIL>"],
        "text": "hello",
    }
    assert masked.model_extra["was"] == one.id


@pytest.mark.parametrize(
    "place", ["argument", "key of an argument", "source", "extra field", "tool description"]
)
def test_a_credential_anywhere_drops_the_example(place):
    token = "ghp_" + "q7Xk2Lm9Zt4Rw8Yb1Nc5Vd6Hs3Jf0Gp7X9k"
    one = example(
        "session_miner",
        "tool_use",
        "Do it.",
        call(
            (
                "run",
                {"env": token}
                if place == "argument"
                else {token: "x"}
                if place == "key of an argument"
                else {"env": "x"},
            )
        ),
        SOURCE | {"ref": token if place == "source" else "s"},
        tools=[
            {
                "type": "function",
                "function": {
                    "name": "run",
                    "description": token if place == "tool description" else "runs",
                    "parameters": {},
                },
            }
        ],
        note=token if place == "extra field" else "",
    )
    assert secrets.check(one, None) == Drop("a credential", "GitHub token")
