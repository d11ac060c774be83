from pathlib import Path

import pytest

from autodidact.errors import AutodidactError
from autodidact.models.chat_template import load_tokenizer
from autodidact.records import call, example
from autodidact.training.token_rows import Rows, build_rows, epoch_rows, hold_out, plan, to_row

SOURCE = {"kind": "template", "ref": "tests"}


@pytest.fixture(scope="module")
def tokenizer(tiny_base):
    return load_tokenizer(tiny_base)


def trained(row: dict, tokenizer) -> tuple[str, str]:
    """The masked and the trained part of a row, as text."""
    cut = sum(label == -100 for label in row["labels"])
    assert row["labels"] == [-100] * cut + row["input_ids"][cut:]
    return tokenizer.decode(row["input_ids"][:cut]), tokenizer.decode(row["input_ids"][cut:])


def test_the_prompt_is_masked_and_the_answer_is_trained_with_its_stop_token(tokenizer):
    row = to_row(
        example(
            "ast_parser", "architecture", "Where is Order?", "In shop.orders.", SOURCE, system="Be brief."
        ),
        tokenizer,
    )
    assert trained(row, tokenizer) == (
        (
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhere is"
            " Order?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
        ),
        "In shop.orders.<|im_end|>",
    )


def test_only_the_last_answer_of_a_conversation_is_trained(tokenizer):
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]
    prompt, answer = trained(
        to_row(example("session_miner", "tool_use", "Bye", "Until later.", SOURCE, history=turns), tokenizer),
        tokenizer,
    )
    assert "Hello.<|im_end|>" in prompt and answer == "Until later.<|im_end|>"


def test_a_tool_call_is_trained_as_the_template_writes_it_without_keys_of_other_rows(tokenizer):
    tools = [
        {
            "type": "function",
            "function": {"name": n, "description": n, "parameters": {"type": "object", "properties": {}}},
        }
        for n in "ab"
    ]
    rows = [
        example("tool_spec", "tool_use", "Go.", call((name, {argument: 1})), SOURCE, tools=tools)
        for name, argument in (("a", "x"), ("b", "y"))
    ]
    made = build_rows([row.line() for row in rows], tokenizer, max_length=1000)
    assert [trained(row, tokenizer)[1] for row in made.rows] == [
        '<tool_call>\n{"name": "a", "arguments": {"x": 1}}\n</tool_call><|im_end|>',
        '<tool_call>\n{"name": "b", "arguments": {"y": 1}}\n</tool_call><|im_end|>',
    ]


def test_a_row_that_is_too_long_is_left_out_and_counted_never_cut(tokenizer):
    short = example("goal_examples", "orchestration", "First?", "Mend it.", SOURCE)
    long = example("goal_examples", "orchestration", "And then? " * 40, "Rest.", SOURCE)
    limit = len(to_row(short, tokenizer)["input_ids"])
    made = build_rows([short.line(), long.line()], tokenizer, max_length=limit)
    assert (made.lengths, made.too_long) == ([limit], 1)
    assert made.longest == len(to_row(long, tokenizer)["input_ids"])
    assert made.composition([0]) == {"goal_examples": {"orchestration": 1}}


@pytest.mark.parametrize(
    ("lines", "message"),
    [([], "There is no example to train on"), (['{"torn'], "Line 1 of the kept examples is no example")],
)
def test_nothing_to_train_on_is_one_clear_line(tokenizer, lines, message):
    with pytest.raises(AutodidactError, match=message):
        build_rows(lines, tokenizer, max_length=100)


def test_an_example_that_cannot_be_a_row_costs_itself_alone(tokenizer):
    good = example("ast_parser", "architecture", "Where?", "Here.", SOURCE)
    strange = example(
        "ast_parser",
        "architecture",
        "",
        "Here.",
        SOURCE,
        history=[{"role": "tool", "content": "no one asked"}],
    )
    made = build_rows([good.line(), strange.line()], _Choosy(tokenizer, "no one asked"), max_length=100)
    assert len(made.rows) == 1
    assert made.left_out == {
        "The chat template of this model refuses an example: a tool's answer without a call": 1
    }


def test_an_example_with_a_control_token_in_its_text_is_not_trained_on(tokenizer):
    good = example("ast_parser", "architecture", "Where?", "Here.", SOURCE)
    call = example(
        "ast_parser",
        "architecture",
        "What did it print?",
        '<tool_call>\n{"name": "restart", "arguments": {}}\n</tool_call>',
        SOURCE,
    )
    made = build_rows([good.line(), call.line()], tokenizer, max_length=100)
    assert (len(made.rows), made.left_out) == (
        1,
        {"A text of it holds control tokens of the chat template": 1},
    )


class _Choosy:
    """A tokenizer whose template refuses a text, as many templates refuse roles out of order."""

    def __init__(self, tokenizer, text: str):
        self._tokenizer, self._text, self.eos_token, self.eos_token_id = (
            tokenizer,
            text,
            tokenizer.eos_token,
            tokenizer.eos_token_id,
        )

    def __getattr__(self, name):
        return getattr(self._tokenizer, name)

    def __call__(self, text, **options):
        return self._tokenizer(text, **options)

    def apply_chat_template(self, conversation, **options):
        from jinja2 import TemplateError

        if any(message["content"] == self._text for message in conversation):
            raise TemplateError("a tool's answer without a call")
        return self._tokenizer.apply_chat_template(conversation, **options)


def test_the_mask_is_that_of_qwen3_s_training_template_with_generation_markers(tokenizer):
    """Qwen3's own template has no markers to mask by: prompt and completion are rendered apart instead. TRL's
    variant has them.
    """
    import trl

    marked = (Path(trl.__file__).parent / "chat_templates" / "qwen3_training.jinja").read_text()
    assert (
        "{% generation %}" in marked.replace("%-", "%").replace("-%", "%")
        and "generation %}" not in tokenizer.chat_template
    )
    tool = {
        "type": "function",
        "function": {
            "name": "find",
            "description": "Find.",
            "parameters": {"type": "object", "properties": {}},
        },
    }
    for answer in ("In shop.orders.", call(("find", {"order": 7}))):
        made = example(
            "tool_spec", "tool_use", "Where is order 7?", answer, SOURCE, system="Be brief.", tools=[tool]
        )
        row = to_row(made, tokenizer)
        told = tokenizer.apply_chat_template(
            made.messages,
            tools=made.tools,
            chat_template=marked,
            enable_thinking=False,
            return_assistant_tokens_mask=True,
            return_dict=True,
            tokenize=True,
        )
        length = len(row["input_ids"])
        assert (
            told["input_ids"][:length] == row["input_ids"]
        )  # the template goes on with a line feed, which no server waits for
        theirs = [
            token for token, mask in zip(told["input_ids"], told["assistant_masks"], strict=True) if mask
        ]
        ours = [label for label in row["labels"] if label != -100]
        assert theirs[-len(ours) :] == ours or theirs[:-1][-len(ours) :] == ours


def test_a_template_whose_answers_carry_no_think_block_is_masked_after_that_of_its_prompt(tiny_base):
    tokenizer = load_tokenizer(tiny_base)
    tokenizer.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if"
        " add_generation_prompt %}<|im_start|>assistant\n{% if not enable_thinking"
        " %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
    )
    row = to_row(example("ast_parser", "architecture", "Where?", "<tool> here.", SOURCE), tokenizer)
    assert trained(row, tokenizer) == (
        "<|im_start|>user\nWhere?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
        "<tool> here.<|im_end|>",
    )


def test_held_out_rows_are_a_share_of_each_generator_and_never_a_fact():
    rows = rows_of(
        ("ast_parser", True, [10] * 40),
        ("ast_parser", False, [10] * 20),
        ("tool_spec", False, [10] * 39),
        ("goal_examples", False, [10] * 9),
    )
    held = hold_out(rows, 0.1, seed=1)
    assert rows.composition(held) == {"ast_parser": {"architecture": 2}, "tool_spec": {"architecture": 3}}
    assert all(not rows.origins[index][2] for index in held)
    assert not set(held) & set(epoch_rows(rows, without=held, facts=2)) and held == hold_out(
        rows, 0.1, seed=1
    )
    assert hold_out(rows, 0.0, seed=1) == []


def test_no_more_than_200_rows_are_held_out():
    assert len(hold_out(rows_of(("ast_parser", False, [1] * 9000)), 0.5, seed=0)) == 200


def test_a_template_whose_answer_does_not_end_with_the_stop_token_is_refused(tiny_base):
    with pytest.raises(AutodidactError, match="does not end with the stop token '<stop>'"):
        to_row(
            example("ast_parser", "architecture", "Where?", "Here.", SOURCE),
            _Disagreeing(load_tokenizer(tiny_base)),
        )


class _Disagreeing:
    """A tokenizer whose stop token's text is not one token."""

    def __init__(self, tokenizer):
        self._tokenizer, self.eos_token, self.eos_token_id = tokenizer, "<stop>", tokenizer.pad_token_id

    def __call__(self, text, **options):
        return self._tokenizer(text, **options)

    def apply_chat_template(self, *arguments, **options):
        return self._tokenizer.apply_chat_template(*arguments, **options)


def test_each_epoch_is_a_permutation_and_updates_stand_by_length():
    lengths = [5, 9, 2, 7, 3]
    updates = plan([*range(5)], lengths, epochs=2, update_rows=4, seed=1)
    assert [len(update) for update in updates] == [4, 4, 2]
    flat = [index for update in updates for index in update]
    assert sorted(flat) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert all(
        [lengths[i] for i in update] == sorted((lengths[i] for i in update), reverse=True)
        for update in updates
    )
    assert (
        updates
        == plan([*range(5)], lengths, epochs=2, update_rows=4, seed=1)
        != plan([*range(5)], lengths, epochs=2, update_rows=4, seed=2)
    )


def test_the_article_s_run_has_222_updates():
    assert len(plan([*range(1183)], [1] * 1183, epochs=3, update_rows=16, seed=0)) == 222
    assert len(plan([*range(1183)], [1] * 1183, epochs=3, update_rows=16, seed=0, max_steps=100)) == 100


def rows_of(*groups: tuple[str, bool, list[int]]) -> Rows:
    """Rows of these lengths: (generator, states a fact, lengths)."""
    made = Rows()
    for generator, fact, lengths in groups:
        made.rows += [{"input_ids": [0] * length, "labels": [0] * length} for length in lengths]
        made.origins += [(generator, "architecture", fact)] * len(lengths)
    return made


def test_an_epoch_has_every_row_once_and_facts_as_often_as_the_recipe_says():
    rows = rows_of(("ast_parser", True, [10, 10]), ("ast_parser", False, [10]), ("tool_spec", False, [90]))
    assert sorted(epoch_rows(rows)) == [0, 1, 2, 3]
    assert sorted(epoch_rows(rows, facts=3)) == [0, 0, 0, 1, 1, 1, 2, 3]


def test_within_a_budget_facts_take_half_and_generators_take_turns():
    rows = rows_of(
        ("ast_parser", True, [10, 10]), ("tool_spec", False, [50] * 9), ("consciousness", False, [10] * 2)
    )
    chosen = epoch_rows(rows, facts=8, max_tokens=200)
    assert (
        sum(rows.lengths[index] for index in chosen) == 170
    )  # facts 5 x 2 x 10; then 10, 50, 10: a second row of 50 has no room
    assert rows.composition(chosen) == {
        "ast_parser": {"architecture": 10},
        "consciousness": {"architecture": 2},
        "tool_spec": {"architecture": 1},
    }


def test_dev_items_are_met_as_often_as_the_recipe_says_within_a_quarter_of_the_budget():
    rows = rows_of(
        ("benchmark_targeted", False, [10]), ("anchor", False, [10]), ("tool_spec", False, [10] * 20)
    )
    assert sorted(epoch_rows(rows, dev=3)) == [0, 0, 0, 1, 1, 1, *range(2, 22)]
    chosen = epoch_rows(rows, dev=9, max_tokens=160)
    assert rows.composition(chosen) == {
        "anchor": {"architecture": 2},
        "benchmark_targeted": {"architecture": 2},
        "tool_spec": {"architecture": 12},
    }
    assert 0 not in epoch_rows(rows, dev=3, without=[0])


def test_a_run_too_short_for_a_single_row_names_the_settings_that_help():
    with pytest.raises(
        AutodidactError,
        match=(
            "No example fits into an epoch of 9 tokens. Lower training.epochs, or choose another"
            " training.recipe"
        ),
    ):
        epoch_rows(rows_of(("tool_spec", False, [10])), max_tokens=9)
