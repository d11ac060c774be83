"""A test that expects an error is not said to come to what stands behind the line that raises it."""

import random

import pytest

from autodidact.generators.ast_parser.codebase_for_questions import CodeView
from autodidact.generators.ast_parser.relation_questions import chain
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.git.repository import Repository

BILL = """def vat(): pass


def total(lines):
    if not lines:
        raise ValueError
    return vat()
"""
THROUGH = "Through `total`: `test_total` calls `total`, which calls `vat`."


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("with pytest.raises(ValueError):\n        total([])", None),
        ("with pytest.raises(ValueError):\n        total([])\n    total([1])", THROUGH),
        ("total([1])", THROUGH),
    ],
)
def test_a_chain_of_calls_does_not_begin_where_an_error_is_expected(sandbox, body, said):
    test = f"import pytest\nfrom bill import total\n\n\ndef test_total():\n    {body}\n"
    commit = sandbox.commit("Begin", {"bill.py": BILL, "test_bill.py": test})
    with Repository(sandbox.path, commit) as repository:
        view = CodeView(CodeBase(repository), repository)
        found = chain(view, view.code.files["test_bill.py"].first["test_total"], random.Random(1))
    assert (found and found.answer) == said
