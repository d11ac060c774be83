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
