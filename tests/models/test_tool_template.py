"""A chat template without tools gets them, on its own turn markers, or is refused."""

import pytest

from autodidact.errors import AutodidactError
from autodidact.models.chat_template import load_tokenizer, parse_answer, render, render_prompt
from autodidact.models.tool_template import knows_tools, with_tools
from tests import tiny

CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
WITH_A_SYSTEM_PROMPT = (
    "{% if messages[0].role != 'system' %}{{ '<|im_start|>system\nYou are Sam.<|im_end|>\n' }}{% endif %}"
    + CHATML
)
TRIMMING = CHATML.replace("m.content", "m.content | trim")
BEGINNING = "{{ bos_token or '<s>' }}" + CHATML
NAMED_OTHERWISE = CHATML.replace("m.role", "('model' if m.role == 'assistant' else m.role)").replace(
    "assistant\n", "model\n"
)
# The system prompt stands inside the first user turn.
INSIDE = (
    "{% set first = messages[0].content + '\n' if messages[0].role == 'system' else '' %}"
    "{% for m in messages %}{% if m.role == 'user' %}"
    "{{ '[INST] ' + (first if loop.index < 3 else '') + m.content + ' [/INST]' }}"
    "{% elif m.role == 'assistant' %}{{ m.content + '</s>' }}{% endif %}{% endfor %}"
)
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}" + CHATML
SHOUTING = CHATML.replace("m.content", "m.content | upper")

TOOLS = [{"type": "function", "function": {"name": "book", "description": "Books.", "parameters": {}}}]
CALL = {"type": "function", "function": {"name": "book", "arguments": {"pier": 'a "b"', "seats": 2}}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny.build(tmp_path_factory.mktemp("base"))


@pytest.fixture
def tokenizer(folder):
    return load_tokenizer(folder)


@pytest.mark.parametrize("template", [CHATML, WITH_A_SYSTEM_PROMPT, TRIMMING, BEGINNING, NAMED_OTHERWISE])
def test_without_tools_it_renders_as_the_model_s_own(tokenizer, template):
    messages = [
        {"role": "user", "content": " Which pier? \n"},
        {"role": "assistant", "content": "The {{ second }}."},
        {"role": "user", "content": "Thanks"},
    ]
    tokenizer.chat_template = template
    own = [
        render_prompt(tokenizer, some) for some in (messages, [{"role": "system", "content": "S"}, *messages])
    ]
    tokenizer.chat_template = with_tools(tokenizer)
    assert knows_tools(tokenizer.chat_template) and not knows_tools(template)
    assert own == [
        render_prompt(tokenizer, some) for some in (messages, [{"role": "system", "content": "S"}, *messages])
    ]


def test_tools_stand_after_the_system_prompt_that_the_template_puts_in(tokenizer):
    tokenizer.chat_template = WITH_A_SYSTEM_PROMPT
    tokenizer.chat_template = with_tools(tokenizer)
    prompt = render_prompt(tokenizer, [{"role": "user", "content": "Book."}], TOOLS)
    assert prompt.startswith("<|im_start|>system\nYou are Sam.\n\n# Tools\n")
    assert '<tools>\n{"type": "function", "function": {"name": "book", ' in prompt
    assert prompt.endswith(
        "</tool_call><|im_end|>\n<|im_start|>user\nBook.<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_call_is_an_answer_that_is_read_back(tokenizer):
    tokenizer.chat_template = CHATML
    tokenizer.chat_template = with_tools(tokenizer)
    asked = [{"role": "user", "content": "Book."}]
    _, answer = render(tokenizer, [*asked, {"role": "assistant", "content": "", "tool_calls": [CALL]}], TOOLS)
    assert answer == (
        '<tool_call>\n{"name": "book", "arguments": {"pier": "a \\"b\\"", "seats": 2}}\n</tool_call><|im_end|>'
    )
    assert parse_answer(answer)["tool_calls"] == [CALL]


def test_results_of_one_step_are_one_user_turn(tokenizer):
    tokenizer.chat_template = CHATML
    tokenizer.chat_template = with_tools(tokenizer)
    step = [
        {"role": "user", "content": "Book."},
        {"role": "assistant", "content": "", "tool_calls": [CALL, CALL]},
        {"role": "tool", "content": "ok"},
        {"role": "tool", "content": "full"},
    ]
    assert render_prompt(tokenizer, step, TOOLS).endswith(
        "<|im_start|>user\n<tool_response>\nok\n</tool_response>\n<tool_response>\nfull\n</tool_response><|im_end|>\n"
        "<|im_start|>assistant\n"
    )


@pytest.mark.parametrize(
    "template", [INSIDE, NO_SYSTEM, SHOUTING, "{{ messages | length }}", "{{ nothing.x }}"]
)
def test_a_template_that_cannot_be_extended_soundly_is_refused(tokenizer, template):
    tokenizer.chat_template = template
    with pytest.raises(AutodidactError, match="knows no tools, and cannot be given them soundly. Use a base"):
        with_tools(tokenizer)
    assert tokenizer.chat_template == template


def test_the_tokenizer_of_a_folder_has_them_wherever_it_is_loaded(folder):
    file = folder / "chat_template.jinja"
    own = file.read_text() if file.is_file() else None
    file.write_text(CHATML)
    try:
        assert knows_tools(load_tokenizer(folder).chat_template)
    finally:
        file.unlink() if own is None else file.write_text(own)
