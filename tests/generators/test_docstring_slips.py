"""What of a docstring nobody should learn, and what may not be left out of it."""

import pytest

from autodidact.generators.ast_parser.full.docstring_parts import left_out, read_doc


@pytest.mark.parametrize(
    ("text", "summary", "params"),
    [
        ("Sell the the cart.", "", {}),
        ("A cart of things Whenever it is full, it is sold.", "", {}),
        ("Sell the cart , then empty it.", "", {}),
        ("Sell it.\n\nArgs:\n    owner: Who has a a cart.", "Sell it.", {"owner": "Who has a cart."}),
        ("Sell it.\n\nArgs:\n    owner: When it ends.=.", "Sell it.", {}),
        (
            "Sell it.\n\nArgs:\n    owner: As `_owner`, without marks.",
            "Sell it.",
            {"owner": "As `_owner`, without marks."},
        ),
        (
            "Calls :meth:`sell <Cart.sell>` on the :data:`one cart <cart>`.",
            "Calls `Cart.sell` on the one cart.",
            {},
        ),
        ("Sell it. See the `page on carts`__.", "", {}),
    ],
)
def test_slips_of_a_docstring_are_not_taught(text, summary, params):
    doc = read_doc(text)
    assert (doc.summary, doc.params) == (summary, params)


def test_what_a_list_goes_on_with_is_not_quoted_without_it():
    doc = read_doc(
        "Sort a cart.\n\nIt is sorted.\n\nThere are tiers of it:\n\nA tier is this.\n\n- one\n- two"
    )
    assert doc.more == ["It is sorted."]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Sell a cart.", False),
        # Of two paragraphs one is not shown.
        ("Sell a cart.\n\nWith ``x|y`` it is sold twice.", True),
        # Code, lists, fields and pages elsewhere may be left out.
        (
            "Sell a cart.\n\nFor example::\n\n    sell(1)\n\n- one\n\n:param a: The cart.\n\nSee :ref:`x`.",
            False,
        ),
    ],
)
def test_a_paragraph_of_a_docstring_that_is_not_shown_is_left_out(text, left):
    assert left_out(text, "Sell a cart.") is left
