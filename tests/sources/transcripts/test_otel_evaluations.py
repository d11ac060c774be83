"""What spans say of the answers of their trace: one that is bad is not taught."""

import pytest

from autodidact.sources.transcripts import Outcome
from tests.sources.transcripts.reading import read, write

PORT, HOST = ("Which port?", "8104."), ("Which host?", "pier-4.")


def said(role: str, text: str) -> dict:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def span(*talk: tuple[str, str], trace: str = "t", attributes: dict | None = None, **more) -> dict:
    """A span whose messages are these questions and answers."""
    messages = [
        said(role, text) for pair in talk for role, text in zip(("user", "assistant"), pair, strict=True)
    ]
    given = {"gen_ai.conversation.id": "c"}
    given |= {"gen_ai.input.messages": messages[:-1], "gen_ai.output.messages": messages[-1:]}
    return {"traceId": trace, "spanId": "1", "attributes": given | (attributes or {}), **more}


def event(name: str, **attributes) -> dict:
    return {"name": name, "attributes": {key.replace("__", "."): value for key, value in attributes.items()}}


BAD = [
    span(PORT, attributes={"eval.correctness.label": "incorrect"}),
    span(PORT, attributes={"eval.correctness.score": 0}),
    span(PORT, attributes={"feedback": '{"thumb": "down"}'}),
    span(PORT, attributes={"metadata": '{"thumbs_down": true}'}),
    span(PORT, attributes={"app.user_feedback.score": -1}),
    span(PORT, events=[event("gen_ai.evaluation.result", gen_ai__evaluation__score__label="fail")]),
    span(PORT, events=[event("gen_ai.evaluation.result", gen_ai__evaluation__score__value=0.0)]),
    span(PORT, events=[event("user_feedback", value=-1)]),
    span(PORT, annotations=[{"name": "correctness", "label": "incorrect"}]),
]


@pytest.mark.parametrize("given", BAD)
def test_an_evaluation_that_is_bad(tmp_path, given):
    [found], troubles, _ = read(write(tmp_path / "s.jsonl", given))
    assert found.outcome is Outcome.REFUSED
    assert [reason.partition(" has ")[0] for reason in troubles] == ["answer whose record"]


@pytest.mark.parametrize(
    "given",
    [
        span(PORT, attributes={"eval.correctness.label": "correct", "eval.correctness.score": 1}),
        span(
            PORT, attributes={"retrieval.documents.0.document.score": 0.1, "metadata": '{"status": "cached"}'}
        ),
        span(PORT, attributes={"app.state": "CA", "http.response.status_code": 200, "log.level": "info"}),
        span(PORT, events=[event("gen_ai.evaluation.result", gen_ai__evaluation__score__label="pass")]),
        span(PORT, events=[event("cache", hit=False)], annotations=[]),
    ],
)
def test_a_good_one_or_none(tmp_path, given):
    [found], troubles, _ = read(write(tmp_path / "s.jsonl", given))
    assert (found.outcome, troubles) == (Outcome.SUCCEEDED, {})


@pytest.mark.parametrize("turned", [False, True])
def test_a_span_of_its_own_judges_the_answer_of_its_trace_alone(tmp_path, turned):
    judge = {"traceId": "t", "spanId": "9", "attributes": {"eval.correctness.label": "incorrect"}}
    lines = [span(PORT), judge, span(PORT, HOST, trace="u")]
    found, _, _ = read(write(tmp_path / "s.jsonl", *(reversed(lines) if turned else lines)))
    assert [(e.reply, e.outcome) for e in found] == [
        ("8104.", Outcome.REFUSED),
        ("pier-4.", Outcome.SUCCEEDED),
    ]
