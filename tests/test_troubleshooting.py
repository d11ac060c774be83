"""Each message that docs/troubleshooting.md quotes is one that the code can print.

A message that was changed is to be changed there too: `…` stands for what differs.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
# What stands in the place of a value in a text of the code.
HOLE = "\0"


def quoted() -> list[str]:
    """The messages in the first column of the page's tables."""
    rows = [line.split(" | ")[0] for line in PAGE.splitlines() if line.startswith("| ")]
    return [message for row in rows for message in re.findall(r"`([^`]+)`", row)]


def texts(node: ast.AST) -> str | None:
    """A literal text, its values as holes; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(texts(each) or HOLE for each in node.values)
    return None


def printable() -> Iterator[str]:
    for path in sorted((ROOT / "include").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if text := texts(node):
                yield text


@pytest.fixture(scope="module")
def code() -> str:
    return "\n\n".join(dict.fromkeys(text.replace("\n", " ") for text in printable()))


def test_the_page_quotes_messages():
    assert len(quoted()) > 30


@pytest.mark.parametrize("message", quoted())
def test_the_code_can_print_it(message, code):
    assert len(message.replace("…", "")) > 12, "too little of it to be looked for"
    parts = [re.escape(part) for part in message.split("…")]
    assert re.search("[^\n]*".join(parts), code), "docs/troubleshooting.md quotes what no code prints"
