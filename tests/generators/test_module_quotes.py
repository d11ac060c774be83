"""The docstring at the head of a file, whatever stands before it."""

import pytest

from autodidact.generators.knowledge_graph.full.module_quotes import _DOC
from tests.bounded import bounded


@pytest.mark.parametrize("lines", ["\n", " \n", "#\n", "# a\n\n", "\t \n\n"])
def test_many_lines_before_the_code_cost_nothing(lines):
    with bounded(seconds=1):
        assert _DOC.match(lines * 5000 + "x = 1") is None
        assert _DOC.match(lines * 5000 + '"""Sells."""')[2] == "Sells."
