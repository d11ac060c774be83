"""What a Python file defines, from its lines; the same as from its tree."""

import argparse
import ast
import dataclasses
import difflib
import enum
import inspect
import tarfile
import typing
from pathlib import Path

import pytest

from autodidact.sources.code.definitions import analyse
from autodidact.sources.code.names_in_file import SourceFile
from autodidact.sources.code.outline import SHORTEST, Outline, outline

DATA = Path(__file__).parents[2] / "data" / "code"
# Large files by many hands, which every Python has.
LIBRARY = [argparse, ast, dataclasses, difflib, enum, inspect, tarfile, typing]


def test_names_of_the_top_level_their_classes_and_bases():
    source = b'''
class Order(Record):
    """class Docstring:"""

    def settle(self):
        def inner():
            pass

    class Line:
        def quantity(self):
            pass


if True:
    async def deliver():
        pass

def _private(): pass
def put(): "shorter than a subject is"
'''
    assert outline(source) == Outline(("Order", "deliver"), (("Order", "Record"),), (("settle", "Order"),))


def test_python_2_is_read_like_python_3():
    source = b"class Shop(object):\n    def sell(self):\n        print 'sold'\n        raise Error, 'x'\n"
    assert outline(source) == Outline(("Shop",), (("Shop", "object"),), (("sell", "Shop"),))


@pytest.mark.parametrize(
    "given, base",
    [
        ("Base", "Base"),
        ("shop.models.Base", "Base"),
        ("Base[int]", "Base"),
        ("Base, metaclass=Meta", "Base"),
        ("\n    Base,  # the (only) one\n", "Base"),
        ("Base, Other", None),
        ("make(Base)", None),
        ("*bases", None),
        ("metaclass=Meta", None),
        ("", None),
    ],
)
def test_the_only_base_class(given, base):
    made = outline(f"class Thing({given}):\n    pass\n".encode())
    assert made.bases == ((("Thing", base),) if base else ())


def test_a_block_after_a_class_is_not_its_body():
    source = b"class Shop:\n    def sell(self): pass\n\nif True:\n    def load(): pass\n"
    assert outline(source) == Outline(("Shop", "load"), (), (("sell", "Shop"),))


@pytest.mark.parametrize("source", [b"\xff\xfe", b"# coding: nonsense\n", b"x" * 1_000_001])
def test_what_is_no_text_has_no_outline(source):
    assert outline(source) is None


@pytest.mark.parametrize(
    "source",
    ["'" * 99_999, '"""' * 33_333, "(" * 99_999, "class A(" * 9_999, "class Shop(\n" * 9_999, "\\" * 99_999],
)
def test_a_hostile_file_is_read_in_linear_time(source):
    assert outline(source.encode()) is not None


def by_tree(source: bytes) -> tuple[set, set, set] | None:
    """What `outline` reads, from the tree."""
    analysis = analyse(source)
    if analysis.error:
        return None
    first = SourceFile("a.py", "", "a", analysis).first
    known = {name: d for name, d in first.items() if len(d.name) >= SHORTEST and name[0] != "_" != d.name[0]}
    tops = {name: d for name, d in known.items() if d.owner is None}
    single = {
        n: d.bases[0].split(".")[-1] for n, d in tops.items() if len(d.bases) == 1 and not d.hidden_bases
    }
    methods = {
        (d.name, d.owner)
        for name, d in known.items()
        if d.owner and name.count(".") == 1 and d.kind != "class"
    }
    return set(tops), {(name, base) for name, base in single.items() if name != base}, methods


def test_real_files_have_the_outlines_that_their_trees_have():
    compared = 0
    for path in [*sorted(DATA.rglob("*.py")), *(Path(module.__file__) for module in LIBRARY)]:
        source = path.read_bytes()
        tree, lines = by_tree(source), outline(source)
        if tree is not None and lines is not None:
            compared += sum(map(len, tree))
            assert (set(lines.tops), set(lines.bases), set(lines.methods)) == tree, path
    assert compared > 400
