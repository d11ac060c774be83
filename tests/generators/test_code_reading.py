"""Which exception a function raises: a class that it names."""

import ast

import pytest

from autodidact.generators.ast_parser.open_book_code import _raised


@pytest.mark.parametrize(
    "statement, name",
    [
        ("raise KeyError", "KeyError"),
        ("raise KeyError('x')", "KeyError"),
        ("raise errors.Refused('x')", "Refused"),
        ("raise error", ""),
        ("raise self._exception", ""),
        ("raise self.make('x')", ""),
        ("raise found[0]", ""),
    ],
)
def test_only_a_class_is_the_name_of_what_is_raised(statement, name):
    assert _raised(ast.parse(statement).body[0].exc) == name
