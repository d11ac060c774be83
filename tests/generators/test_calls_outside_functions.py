"""Calls outside functions are placed at the top level of a file or in the body of a class."""

import ast

import pytest

from autodidact.generators.ast_parser.calls_outside_functions import places
from autodidact.generators.ast_parser.codebase_for_questions import CodeView
from autodidact.generators.ast_parser.full.caller_lists import callers
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.git.repository import Repository
from tests.generators.test_ast_parser_full import answers, pieces, view_of

MADE = "def made(level):\n    return level\n\n\n"
BODY = "class Till:\n    low = made(1)\n    high = made(2)\n"


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("f()\n", {"the top level": [1]}),
        ("class A:\n    x = f()\n", {"the body of class `A`": [2]}),
        ("class A:\n    class B:\n        x = m.f()\n", {"the body of class `A.B`": [3]}),
        # Bases and decorators are worked out around the class, or the function.
        (
            "class A(f()):\n    @f()\n    def g(self):\n        f()\n",
            {"the top level": [1], "the body of class `A`": [2]},
        ),
        ("class A:\n    x = f()\n\n\ny = f(f())\n", {"the top level": [5, 5], "the body of class `A`": [2]}),
        ("def g():\n    f()\n", {"code outside functions": []}),
    ],
)
def test_a_call_outside_functions_has_a_place(code, where):
    assert places(ast.parse(code), {"f"}) == where


def test_calls_in_the_body_of_a_class_are_not_those_of_the_module(sandbox):
    found = answers(pieces(view_of(sandbox, {"a.py": MADE + BODY}), callers, "made"))
    assert found
    assert all("the body of class `Till` in `a.py`, with 2 calls in lines 6 and 7." in text for text in found)


def test_a_caller_with_several_calls_is_listed_with_their_number(sandbox):
    code = f"{MADE}{BODY}\n\ndef go():\n    return made(3)\n\n\nNONE = made(0)\n"
    found = answers(pieces(view_of(sandbox, {"a.py": code}), callers, "made"))
    names = "`go`, the top level of the module and the body of class `Till` (2 calls)"
    assert found
    assert all(f"these in `a.py` call `made`: {names}." in text for text in found)


def test_a_drill_names_the_class_in_whose_body_a_call_stands(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", {"a.py": MADE + BODY})) as repository:
        view = CodeView(CodeBase(repository), repository)
        made = view.code.files["a.py"].first["made"]
        (top,) = view.code.callers(made)[0]
        assert view.listed([top], made) == "the body of class `Till` in `a.py`"
