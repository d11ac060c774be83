"""Thoughts are no part of an answer, and markers of a chat template are never taught as text."""

import pytest

from tests.generators.transcripts.conversations import asked, chat, of, pi, said, span, taught, written

WHY = "Why is the fare reduced?"
THOUGHT = "<think>\nHe asks again. SECRET\n</think>\n\nSince May."
THOUGHTS = {
    "openai chat": [chat(("user", WHY), ("assistant", THOUGHT))],
    "codex": [asked(WHY), said(THOUGHT.replace("think>", "thinking>"))],
    "otel": [span(("user", WHY), ("assistant", THOUGHT))],
    "opened in the prompt": [chat(("user", WHY), ("assistant", THOUGHT.removeprefix("<think>\n")))],
    "another tag": [chat(("user", WHY), ("assistant", "<reflection>SECRET</reflection>Since May."))],
    "a tag with a prefix": [chat(("user", WHY), ("assistant", "<seed:think>SECRET</seed:think>Since May."))],
    "other brackets": [chat(("user", WHY), ("assistant", "◁think▷SECRET◁/think▷ Since May."))],
    "a heading": [chat(("user", WHY), ("assistant", "**Thinking...**\n\nSECRET\n\n**Answer:** Since May."))],
    "a terminal's line": [
        chat(("user", WHY), ("assistant", "Thinking...\nSECRET\n...done thinking.\n\nSince May."))
    ],
    "longer than a text that is kept": [
        chat(("user", WHY), ("assistant", THOUGHT.replace("SECRET", "S" * 9000)))
    ],
}


@pytest.mark.parametrize("name", THOUGHTS)
def test_thoughts_are_no_part_of_an_answer(tmp_path, name):
    assert of(tmp_path, *THOUGHTS[name]) == [(WHY, "Since May.")]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is <|endoftext|>?", "A mark."),
        (WHY, '<tool_call>\n{"name": "x"}\n</tool_call>'),
        ("[INST] why? [/INST]", "Since May."),
        (WHY, "Since May.<end_of_turn>"),
        (WHY, "Since <think> May."),
        (WHY, "Since <reflection> May."),
        (WHY, '[TOOL_CALLS] [{"name": "x"}]'),
        (WHY, '<function=restart>{"a": 1}</function>'),
        (WHY, '<invoke name="restart"><parameter name="a">1</parameter></invoke>'),
    ],
)
def test_a_templates_markers_as_text_are_not_taught(tmp_path, question, answer):
    counted = {"turn with a chat template's markers as text": 1}
    for records in (
        [asked(question), said(answer)],
        [{"conversations": [{"from": "human", "value": question}, {"from": "gpt", "value": answer}]}],
        [pi("user", question), pi("assistant", answer)],
    ):
        assert taught(written(tmp_path, *records)) == ([], counted)


def test_thoughts_without_an_answer_are_none(tmp_path):
    counted = {"turn without an answer": 1}
    text = "**Thinking...**\n\nThe person wants nine."
    assert taught(written(tmp_path, chat(("user", WHY), ("assistant", text)))) == ([], counted)
    thinking = "Thinking takes 4 seconds."
    assert of(tmp_path, chat(("user", WHY), ("assistant", thinking))) == [(WHY, thinking)]
