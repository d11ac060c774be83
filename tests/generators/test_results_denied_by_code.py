"""A docstring is not quoted where it promises a result that the function cannot give."""

import ast

import pytest

from autodidact.generators.ast_parser.full.docstring_parts import Doc
from autodidact.generators.ast_parser.full.results_denied_by_code import without_denied

NEXT = Doc(
    summary="Return the next thing.", more=["Spaces are left out. `None` is returned if there is none."]
)
CUT = Doc(summary="Return the next thing.", more=["Spaces are left out."])


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("    if x:\n        return None, None\n    return find(x)", CUT),
        ("    if x:\n        return 1, 2\n    return [x]", CUT),
        # What another function returns is not seen.
        ("    if x:\n        return 1, 2\n    return find(x)", NEXT),
        ("    if x:\n        return None\n    return x, x", NEXT),
        ("    if x:\n        return x, x", NEXT),
    ],
)
def test_what_is_promised_is_quoted_where_a_return_statement_may_give_it(body, kept):
    (node,) = ast.parse(f"def f(x):\n{body}\n").body
    assert without_denied(NEXT, node) == kept


@pytest.mark.parametrize(
    ("doc", "kept"),
    [
        (Doc(summary="Returns True if it fits."), Doc()),
        (Doc(summary="Look it up.", returns="`None` if there is none."), Doc(summary="Look it up.")),
        (Doc(summary="Look it up.", returns="The pair."), Doc(summary="Look it up.", returns="The pair.")),
        (Doc(summary="Returns a pair."), Doc(summary="Returns a pair.")),
    ],
)
def test_of_a_function_that_returns_pairs_no_other_result_is_quoted(doc, kept):
    (node,) = ast.parse("def f(x):\n    return x, x\n").body
    assert without_denied(doc, node) == kept
