from types import SimpleNamespace

import pytest

from autodidact.gate import length
from autodidact.gate.rule import Context, Drop
from autodidact.records import call, example

CONTEXT = Context(SimpleNamespace(min_tokens=10, max_tokens=800), lambda text: len(text.split()), None)
SOURCE = {"kind": "template", "ref": "tests"}


def words(n):
    return " ".join(["word"] * n)


@pytest.mark.parametrize(
    ("category", "answer", "extra", "outcome"),
    [
        ("architecture", words(10), {}, None),
        ("architecture", words(9), {}, Drop("too short", 9)),
        ("architecture", words(800), {}, None),
        ("architecture", words(801), {}, Drop("too long", 801)),
        ("architecture", "app/models.py", {"short": True}, None),
        ("intent_classification", "billing", {}, None),
        ("conciseness", "12", {}, None),
        ("reasoning", "42", {}, None),
        ("reasoning", words(801), {}, Drop("too long", 801)),
        ("code_review", f"<think>{words(50)}</think>{words(9)}", {}, Drop("too short", 9)),
        ("code_review", f"<think>{words(900)}</think>{words(20)}", {}, None),
        (
            "tool_use",
            call(("find", {"name": "x"})),
            {},
            Drop("too short", 5),
        ),  # {"name": "find", "arguments": {"name": "x"}}
    ],
)
def test_a_response_has_10_to_800_tokens(category, answer, extra, outcome):
    one = example("ast_parser", category, "What?", answer, SOURCE, **extra)
    if outcome is None:
        assert length.check(one, CONTEXT) is one
    else:
        assert length.check(one, CONTEXT) == outcome
