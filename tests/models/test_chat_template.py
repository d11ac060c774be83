from pathlib import Path

import pytest
import trl
from tokenizers import AddedToken, Tokenizer, models
from transformers import PreTrainedTokenizerFast

from autodidact.models.chat_template import control_tokens


def tokenizer(special: list[str], added: list[str], template: str) -> PreTrainedTokenizerFast:
    bpe = Tokenizer(models.BPE())
    bpe.add_tokens([AddedToken(text, special=False) for text in added])
    made = PreTrainedTokenizerFast(
        tokenizer_object=bpe, eos_token=special[0], additional_special_tokens=special[1:]
    )
    made.chat_template = template
    return made


def template(name: str) -> str:
    return (Path(trl.__file__).parent / "chat_templates" / f"{name}.jinja").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        (
            "qwen3",
            (
                "<|im_start|> <|im_end|> <think> </think> <tool_call> </tool_call> <tool_response>"
                " </tool_response>"
            ).split(),
        ),
        ("llama3_1", ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]),
        ("gemma3", ["<start_of_turn>", "<end_of_turn>", "<start_of_image>"]),
        ("gemma4", ["<|turn>", "<turn|>", "<|tool_call>", "<tool_call|>"]),
        (
            "deepseekv3",
            [
                "<\uff5cUser\uff5c>",
                "<\uff5ctool\u2581calls\u2581begin\uff5c>",
                "<\uff5cend\u2581of\u2581sentence\uff5c>",
            ],
        ),
        ("llava_next", ["[INST]", "[/INST]"]),
        ("glm4moe", ["<arg_key>", "</arg_value>", "<tool_response>"]),
    ],
)
def test_the_markers_of_a_template_are_control_tokens_though_its_tokenizer_has_none(name, tokens):
    pattern = control_tokens(tokenizer(["<eos>"], [], template(name)))
    assert [token for token in tokens if not pattern.search(f"a {token} b")] == []


def test_special_tokens_are_and_other_added_ones_are_not():
    pattern = control_tokens(
        tokenizer(["<eos>", "[TOOL_CALLS]"], ["<table>", '", "arguments": {"'], template("qwen3"))
    )
    assert pattern.search("[TOOL_CALLS]") and pattern.search("<eos>")
    assert not pattern.search('<table>", "arguments": {"')


@pytest.mark.parametrize("name", ["qwen3", "qwen3_8", "nemotron_3_super", "gptoss", "gemma4"])
def test_what_is_prose_in_a_template_or_any_tag_of_xml_is_no_control_token(name):
    pattern = control_tokens(tokenizer(["<eos>"], [], template(name)))
    assert not pattern.search(
        'Set <name>, <type> and <description>; <function-name> or {"name": <args-json-object>} is a'
        " <parameter>."
    )
