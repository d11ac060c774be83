"""The list of the thirteen."""

import runpy
from pathlib import Path

import pytest

from autodidact import records
from autodidact.errors import UsageError
from autodidact.generators import GENERATORS, select


def test_the_list_is_that_of_the_records_and_each_can_generate():
    assert list(GENERATORS) == list(records.GENERATORS)
    assert all(callable(module.generate) and module.__doc__ for module in GENERATORS.values())


def test_names_are_chosen_in_the_order_of_the_list():
    assert select() == select([]) == list(GENERATORS)
    assert select(["tool_spec", "ast_parser"]) == ["ast_parser", "tool_spec"]


def test_an_unknown_name_is_answered_with_the_near_and_the_known_ones():
    with pytest.raises(
        UsageError,
        match=(
            r"Unknown generator ast_praser\. Did you mean ast_parser\? Available: ast_parser, diff_miner,"
            r" .*consciousness\."
        ),
    ):
        select(["ast_praser"])
    with pytest.raises(UsageError, match=r"Unknown generator zzz\. Available: ast_parser"):
        select(["zzz"])


def test_the_page_of_the_generators_is_made_from_their_docstrings():
    root = Path(__file__).parents[2]
    assert (root / "docs" / "generators.md").read_text() == runpy.run_path(
        str(root / "scripts" / "document_generators.py")
    )["text"]()
