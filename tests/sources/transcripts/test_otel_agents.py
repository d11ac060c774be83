"""Spans of agents that call each other: what the called one was asked, no person typed."""

import pytest

from tests.sources.transcripts.reading import read, write

ASKED, SAID = "Which pier is free?", "Pier 4 is free."
TASK, FOUND = "You are the researcher. Look pier 4 up.", "It is free."


def span(ident: str, parent: str | None, agent: str | None, asked: str, said: str, talk: str) -> dict:
    given = {
        "gen_ai.conversation.id": talk,
        "gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": asked}]}],
        "gen_ai.output.messages": [{"role": "assistant", "parts": [{"type": "text", "content": said}]}],
    }
    own = {"gen_ai.agent.name": agent} if agent else {}
    return {"traceId": "t", "spanId": ident, "parentSpanId": parent, "attributes": given | own}


def bare(ident: str, parent: str | None, **attributes: str) -> dict:
    return {"traceId": "t", "spanId": ident, "parentSpanId": parent, "attributes": attributes}


LEAD = span("1", None, "lead", ASKED, SAID, "c")
TOOL = bare("2", "1", **{"gen_ai.operation.name": "execute_tool"})


@pytest.mark.parametrize("talk", ["c", "of its own"])
@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0]])
def test_a_span_below_another_agent_s_is_left_out_and_counted(tmp_path, talk, order):
    spans = [LEAD, TOOL, span("3", "2", "researcher", TASK, FOUND, talk)]
    found, troubles, _ = read(write(tmp_path / "s.jsonl", *(spans[at] for at in order)))
    assert [(exchange.text, exchange.reply) for exchange in found] == [(ASKED, SAID)]
    assert troubles == {"conversation of a sub-agent": 1}


def test_a_span_without_a_name_belongs_to_the_agent_above_it(tmp_path):
    spans = [
        LEAD,
        bare("2", "1", **{"gen_ai.agent.name": "researcher"}),
        span("3", "2", None, TASK, FOUND, "d"),
    ]
    found, troubles, _ = read(write(tmp_path / "s.jsonl", *spans))
    assert [exchange.text for exchange in found] == [ASKED]
    assert troubles == {"conversation of a sub-agent": 1}


@pytest.mark.parametrize(
    "spans",
    [
        [span("2", "1", "lead", ASKED, SAID, "c"), bare("1", None, **{"gen_ai.agent.name": "lead"})],
        [span("2", "1", None, ASKED, SAID, "c"), bare("1", None, **{"gen_ai.agent.name": "lead"})],
        [span("2", "1", "lead", ASKED, SAID, "c"), bare("1", None, **{"http.route": "/chat"})],
        [span("2", "2", "lead", ASKED, SAID, "c")],
    ],
)
def test_a_span_of_the_first_agent_stays(tmp_path, spans):
    found, troubles, _ = read(write(tmp_path / "s.jsonl", *spans))
    assert ([(exchange.text, exchange.reply) for exchange in found], troubles) == ([(ASKED, SAID)], {})
