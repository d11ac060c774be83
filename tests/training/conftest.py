import json
from pathlib import Path

import pytest

from autodidact.records import call, example
from autodidact.settings import Settings
from tests import tiny

SOURCE = {"kind": "template", "ref": "tests"}


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory) -> Path:
    """A random Qwen3 of 0.1M parameters whose tokenizer has tool calls and thoughts as tokens, in a folder."""
    words = (
        "system user assistant Which module defines the class Order? It is shop.orders. <tool_call> name"
        " arguments "
    )
    special = [*tiny.SPECIAL, "<tool_call>", "</tool_call>", "<think>", "</think>"]
    folder = tmp_path_factory.mktemp("tiny-base")
    return tiny.build(folder, hidden=64, context=512, words=words, special=special, spread=0.02)


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


# Twenty updates of a tiny model.
TINY_RUN = {
    "recipe": "seed",
    "rank": 4,
    "alpha": 8,
    "epochs": 8,
    "learning_rate": 2e-3,
    "max_length": 700,
    "threads": 1,
    "save_steps": 5,
}


@pytest.fixture
def settings(tiny_base):
    """Settings for the tiny base: rank 4 with dropout, one thread; keywords take the place of training
    values.
    """

    def make(**training) -> Settings:
        return Settings(base_model=str(tiny_base), training=TINY_RUN | training)

    return make


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
