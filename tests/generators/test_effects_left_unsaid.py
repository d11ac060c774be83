"""A function that does more than the one sentence of its docstring is explained with its body, or not."""

import ast

import pytest

from autodidact.generators.ast_parser.full import purpose_and_usage
from autodidact.generators.ast_parser.full.effects_left_unsaid import effects_left_unsaid
from tests.generators.test_ast_parser_full import answers, pieces, view_of

LOCKED = "    with till.lock:\n        till.kept = 1\n        till.kept.opened()\n"


@pytest.mark.parametrize(
    ("body", "said", "number"),
    [
        (LOCKED, "Returns the instance that everybody uses.", 2),
        (LOCKED, "Returns what is kept.", 1),
        ("    till.stack.append(1)\n    till.sums[1] += 2\n", "Look for a nested block.", 2),
        ("    with open(till):\n        till.first_till = 1\n", "Make a till.", 1),
        ("    things = []\n    things.append(till.kept)\n    return things\n", "Look for a nested block.", 0),
    ],
)
def test_effects_are_counted_that_the_docstring_does_not_name(body, said, number):
    (node,) = ast.parse(f"def look(till):\n{body}").body
    assert effects_left_unsaid(node, said) == number


def explained(sandbox, body: str) -> set[str]:
    doc = '    """Returns the instance that everybody in the shop uses."""\n'
    code = f"def look(till):\n{doc}{body}\n\ndef go():\n    return look(1)\n"
    return answers(pieces(view_of(sandbox, {"a.py": code}), purpose_and_usage.explain, "look"))


def test_a_short_body_is_shown_where_the_docstring_says_less(sandbox):
    found = explained(sandbox, LOCKED)
    shown = "with till.lock:\n    till.kept = 1\n    till.kept.opened()"
    assert found and all(f"Its body:\n\n```python\n{shown}\n```" in text for text in found)


def test_a_long_body_with_unsaid_effects_is_not_explained(sandbox):
    assert explained(sandbox, LOCKED * 6) == set()


def test_a_function_without_such_effects_is_explained_by_its_docstring(sandbox):
    found = explained(sandbox, "    return till\n")
    assert found and not any("Its body" in text for text in found)
