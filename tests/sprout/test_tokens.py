"""The tokenizer and the template: nothing is lost, and a prompt is a prefix of its conversation."""

from random import Random

import pytest

from autodidact_sprout.batches import THINK_OFF, generation_prompt, parts
from autodidact_sprout.lessons import ALL_SKILLS
from autodidact_sprout.lessons.maker import Maker
from autodidact_sprout.tokenizer import SPECIAL, train_tokenizer
from tests.sprout.sprout_words import DOCS, WORDS

CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [
        {"type": "function", "function": {"name": "get_stone", "arguments": {"size": 3, "of": {"a": "b c"}}}}
    ],
}
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_stone",
            "description": "Get a stone.",
            "parameters": {
                "type": "object",
                "properties": {"size": {"type": "integer"}},
                "required": ["size"],
            },
        },
    }
]


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer([" ".join(WORDS), *(d for _, _, d in DOCS)], vocabulary=700)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "a\n\n b\r\n\tc ",
        "naïve 漢字 🦜\u200d ﷽ \x00\x7f",
        "def  f(x):\n\n    return StreamParser.parse_all(x)[-1]  # 12.5%\n",
        "<tool_call>\n{}\n</tool_call><think>\n\n</think>\n\n",
        '{"type": "function", "function": {"name": "',
    ]
    + ["".join(Random(i).choices("aZ9_ \n\t.é漢<|>", k=80)) for i in range(20)],
)
def test_round_trip(tokenizer, text):
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_special_tokens_are_single_and_digits_apart(tokenizer):
    assert all(len(tokenizer(t)["input_ids"]) == 1 for t in SPECIAL)
    assert tokenizer.tokenize("2026") == ["2", "0", "2", "6"]
    assert (tokenizer.eos_token, tokenizer.pad_token) == ("<|im_end|>", "<|endoftext|>")


@pytest.mark.parametrize(
    "answer",
    [{"role": "assistant", "content": "stone"}, {"role": "assistant", "content": "1. a\n2. b"}, CALL],
)
@pytest.mark.parametrize("tools", [None, TOOLS])
def test_a_prompt_is_a_prefix_of_its_conversation(tokenizer, answer, tools):
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What?"}]
    prompt = tokenizer.apply_chat_template(
        messages, tools=tools, add_generation_prompt=True, enable_thinking=False, tokenize=False
    )
    full = tokenizer.apply_chat_template([*messages, answer], tools=tools, tokenize=False)
    assert prompt.endswith("<|im_start|>assistant\n" + THINK_OFF) and full.startswith(prompt)
    a, b = tokenizer(prompt)["input_ids"], tokenizer(full)["input_ids"]
    assert b[: len(a)] == a
    # also without an answer to thinking, as TRL renders a prompt
    c = tokenizer(
        tokenizer.apply_chat_template(messages, tools=tools, add_generation_prompt=True, tokenize=False)
    )["input_ids"]
    assert b[: len(c)] == c


@pytest.mark.parametrize("skill", ALL_SKILLS, ids=lambda s: s.__name__)
def test_lessons_are_what_the_template_renders(tokenizer, skill):
    """Text and tokens; the tool answers, written by hand in the curriculum, are compared through `tool_calls`
    above and in the exam.
    """
    maker = Maker(Random(skill.__name__), WORDS, DOCS)
    for _ in range(5):
        lesson = skill(maker)
        pieces = parts(tokenizer, lesson, history=True)
        messages = [{"role": "system", "content": lesson.system}] if lesson.system else []
        for question, answer in lesson.turns:
            messages += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
        text = "".join(t for t, _ in pieces)
        assert text == tokenizer.apply_chat_template(messages, tools=lesson.tools or None, tokenize=False)
        assert text.startswith(generation_prompt(tokenizer, lesson).removesuffix(THINK_OFF))
        assert sum((tokenizer(t)["input_ids"] for t, _ in pieces), []) == tokenizer(text)["input_ids"]
