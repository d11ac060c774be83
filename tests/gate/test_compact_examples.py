import numpy
import pytest

from autodidact.gate.compact_examples import mark, origin
from autodidact.records import example
from autodidact.shingles import PERMUTATIONS, SHINGLE, hashes, minhashes, shingles


@pytest.mark.parametrize(
    ("source", "read_from"),
    [
        ({"kind": "git", "ref": "a.py:10", "path": "a.py", "lines": [10, 12]}, "a.py"),
        ({"kind": "git", "ref": "4f1c0d7e:shop/cart.py", "path": "shop/cart.py"}, "shop/cart.py"),
        ({"kind": "transcript", "ref": "desk.jsonl:38", "file": "desk.jsonl", "line": 38}, "desk.jsonl"),
        ({"kind": "document", "ref": "docs/operations.md:14"}, "docs/operations.md"),
        (
            {"kind": "wiki", "ref": "https://wiki.example/wiki/Queue#History", "title": "Queue"},
            "https://wiki.example/wiki/Queue",
        ),
        ({"kind": "table", "ref": "goals.yaml#card-retry"}, None),
        ({"kind": "mcp", "ref": "wharfside/tide_at"}, None),
        ({"kind": "template", "ref": "reasoning/percent/dev-7"}, None),
    ],
)
def test_what_an_example_was_read_from(source, read_from):
    assert origin(source) == read_from


def test_a_text_has_a_run_for_each_word_and_two_for_its_ends():
    runs = shingles([[hashes("a b c")], [hashes("")], [hashes("a b"), hashes("c")]])
    assert [len(one) for one in runs] == [3 + SHINGLE - 1, SHINGLE - 1, 3 + SHINGLE - 1]
    assert runs[0] == runs[2] != runs[1]


def test_marks_made_together_are_the_marks_made_alone():
    rows = [
        example("ast_parser", "reasoning", f"What of {n}?", "word " * n, {"kind": "git", "ref": f"{n}.py"})
        for n in range(1, 9)
    ]
    together = mark(rows, [one.line() for one in rows])
    assert all((mark([one], [one.line()]) == together[place]).all() for place, one in enumerate(rows))
    assert (
        minhashes(shingles([[hashes("a b c d")]])).shape == (1, PERMUTATIONS)
        and together["prompt"].dtype == numpy.uint32
    )
