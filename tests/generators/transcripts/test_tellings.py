"""Sessions that are told more than once, and those in which no person speaks."""

import json

import pytest

from tests.generators.transcripts.conversations import (
    GEMINI,
    Claude,
    asked,
    chat,
    codex,
    gemini,
    hands,
    of,
    ran,
    said,
    saw,
    taught,
)

QUESTION, ANSWER = "Which table holds the refunds?", "`refunds`, in the money schema."
OBJECTION = "No, it moved in May."
TOLD_TWICE = {
    "claude code": (
        Claude().asks(QUESTION).says(ANSWER).records,
        Claude().asks(QUESTION).says(ANSWER).asks(OBJECTION).records,
    ),
    "openai chat, a request a line": (
        [chat(("user", QUESTION), ("assistant", ANSWER))],
        [chat(("user", QUESTION), ("assistant", ANSWER), ("user", OBJECTION))],
    ),
    "gemini": (
        [GEMINI, gemini("user", QUESTION), gemini("gemini", ANSWER)],
        [GEMINI, gemini("user", QUESTION), gemini("gemini", ANSWER), gemini("user", OBJECTION)],
    ),
    "codex, of which one ends after the call": (
        [asked(QUESTION), *ran("rg refunds", "Exit code: 0\nOutput:\na.sql")],
        [
            asked(QUESTION),
            *ran("rg refunds", "Exit code: 0\nOutput:\na.sql"),
            *ran("psql", "Exit code: 2\nOutput:\n", "c2"),
        ],
    ),
}


@pytest.mark.parametrize("order", ["shorter first", "longer first"])
@pytest.mark.parametrize("name", TOLD_TWICE)
def test_an_exchange_of_several_files_is_judged_by_the_longest_telling(tmp_path, name, order):
    tellings = TOLD_TWICE[name] if order == "shorter first" else reversed(TOLD_TWICE[name])
    for number, records in enumerate(tellings):
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (tmp_path / f"{number}.jsonl").write_text(lines)
    assert taught(tmp_path)[0] == []


DELEGATE = hands("agent", "delegate", agent="browser")
SIDE = {
    "codex: a review": [codex("session_meta", source={"subagent": "review"}), asked(QUESTION), said(ANSWER)],
    "codex: a guardian": [
        codex("session_meta", source={"subagent": {"other": "guardian"}}),
        codex("session_meta", source="cli"),
        asked(QUESTION),
        said(ANSWER),
    ],
    "codex: a thread of a sub-agent": [
        codex("session_meta", source="vscode", thread_source="subagent"),
        asked(QUESTION),
        said(ANSWER),
    ],
    "codex: a named agent": [
        codex("session_meta", source="cli", agent_nickname="Ada"),
        asked(QUESTION),
        said(ANSWER),
    ],
    "gemini: a sub-agent": [
        GEMINI | {"kind": "subagent"},
        gemini("user", QUESTION),
        gemini("gemini", ANSWER),
    ],
    "openhands: a delegate": [
        DELEGATE,
        hands("user", "message", content=QUESTION),
        hands("agent", "message", content=ANSWER),
        saw(DELEGATE, "delegate", "done"),
    ],
}


@pytest.mark.parametrize("name", SIDE)
def test_the_session_of_a_sub_agent_is_a_side_chain(tmp_path, name):
    assert of(tmp_path, *SIDE[name]) == []
