"""An answer that needs completeness asks for it (sources/unread.py): a function of a generator that says "none",
"nobody", "only" or "there is no" calls `closed` or `whole`.
"""

import ast
import re
from pathlib import Path

import pytest

import autodidact.generators

FOLDER = Path(autodidact.generators.__file__).parent

# How an answer begins that is false as soon as something was not read.
CLOSED = re.compile(
    r"(None|Nobody|Nothing|No one|Only|No other|There is no|There are no)\b|No \w+ (of|in|has|is|calls|names)\b"
)

# Functions whose whole world stands in the prompt: a text to check, goals, handlers, a result, tools on offer.
WITHIN_THE_PROMPT = {
    "affect_examples/__init__.py: _checks",
    "goal_examples/questions_on_shown_goals.py: _answer",
    "session_miner/routing_questions.py: ask_for_handler",
    "tool_spec/questions_on_shown_results.py: _counted",
    "tool_spec/drill_exchanges.py: _declined",
}


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def texts(function: ast.FunctionDef) -> list[str]:
    """The texts of a function, its docstring and those of functions inside it left out; of an f-string its
    beginning.
    """
    found, waiting = [], list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.Compare)) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            continue
        if isinstance(node, ast.JoinedStr):
            first = node.values[0] if node.values else None
            found += [str(first.value)] if isinstance(first, ast.Constant) else []
            waiting += [value for value in node.values if not isinstance(value, ast.Constant)]
        elif isinstance(node, ast.Constant):
            found += [node.value] if isinstance(node.value, str) else []
        else:
            waiting += list(ast.iter_child_nodes(node))
    return found


def asks_for_completeness(function: ast.FunctionDef) -> bool:
    """`direct` (import_graph_prose.py) is None unless all importers are known."""
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(
        getattr(func, "attr", getattr(func, "id", "")) in ("closed", "whole", "direct") for func in calls
    )


def careless(source: str) -> list[str]:
    """The functions that deny or exclude without asking whether everything was read."""
    return [
        function.name
        for function in functions(ast.parse(source))
        if any(CLOSED.match(text) and len(text.split()) + text.count(".") > 1 for text in texts(function))
        and not asks_for_completeness(function)
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('def f():\n    return "None: it has no port."', ["f"]),
        ('def f():\n    return unread.closed("None: it has no port.", "ports")', []),
        ('def f():\n    answer = f"Only {x} calls it."\n    return unread.closed(answer, "code")', []),
        ('def f():\n    """None of it."""\n    return "On port 8101."', []),
    ],
)
def test_the_test_finds_what_it_looks_for(source, found):
    assert careless(source) == found


def test_what_needs_completeness_asks_for_it():
    found = {
        f"{path.relative_to(FOLDER).as_posix()}: {name}"
        for path in sorted(FOLDER.rglob("*.py"))
        for name in careless(path.read_text("utf-8"))
    }
    assert found == WITHIN_THE_PROMPT
