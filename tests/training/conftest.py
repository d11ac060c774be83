import json
from pathlib import Path

import pytest

from autodidact.records import call, example
from autodidact.settings import Settings

SOURCE = {"kind": "template", "ref": "tests"}


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory) -> Path:
    """A random Qwen3 of 0.1M parameters with Qwen3's own chat template, in a folder."""
    import torch
    import trl
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    folder = tmp_path_factory.mktemp("tiny-base")
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer, bpe.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    special = [
        "<|endoftext|>",
        "<|im_start|>",
        "<|im_end|>",
        "<tool_call>",
        "</tool_call>",
        "<think>",
        "</think>",
    ]
    text = [
        "system user assistant Which module defines the class Order? It is shop.orders. <tool_call> name"
        " arguments"
    ] * 50
    bpe.train_from_iterator(
        text,
        trainers.BpeTrainer(
            vocab_size=384, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
        ),
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = (Path(trl.__file__).parent / "chat_templates" / "qwen3.jinja").read_text()
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    shape = {
        "hidden_size": 64,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 32,
    }
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        tie_word_embeddings=True,
        max_position_embeddings=512,
        eos_token_id=tokenizer.eos_token_id,
        **shape,
    )
    Qwen3ForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def kept(tmp_path_factory) -> Path:
    """A kept.jsonl of 40 examples of two generators."""
    path = tmp_path_factory.mktemp("kept") / "kept.jsonl"
    rows = []
    for n in range(30):
        rows.append(
            example(
                "ast_parser",
                "architecture",
                f"Which module defines the class C{n}?",
                f"C{n} is in shop.m{n % 5}.",
                SOURCE,
            )
        )
    tool = {
        "type": "function",
        "function": {
            "name": "find",
            "description": "Find.",
            "parameters": {"type": "object", "properties": {}},
        },
    }
    for n in range(10):
        rows.append(
            example(
                "tool_spec",
                "tool_use",
                f"Find order {n}.",
                call(("find", {"order": n})),
                SOURCE,
                tools=[tool],
            )
        )
    path.write_text("".join(row.line() + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def settings(tiny_base):
    """Settings for the tiny base: rank 4 with dropout, one thread; keywords take the place of training
    values.
    """

    def make(**training) -> Settings:
        values = {
            "recipe": "seed",
            "rank": 4,
            "alpha": 8,
            "epochs": 8,
            "learning_rate": 2e-3,
            "max_length": 700,
            "threads": 1,
            "save_steps": 5,
        }
        return Settings(base_model=str(tiny_base), training=values | training)

    return make


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
