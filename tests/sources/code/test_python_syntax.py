"""Files in any encoding that they declare, and in newer syntax than the interpreter's."""

import ast

import pytest

from autodidact.sources.code.definitions import analyse
from autodidact.sources.code.newer_syntax import NewerSyntax
from autodidact.sources.code.python_syntax import Unreadable, parse, text_of


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (b"# -*- coding: latin-1 -*-\nA = 'gr\xfc\xdfe'", "# -*- coding: latin-1 -*-\nA = 'grüße'"),
        (b"# coding=cp1252\nA = '\x80'", "# coding=cp1252\nA = '€'"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=koi8-r :\nA = '\xc1'", None),
        (b"\xef\xbb\xbfA = 1\r\nB = 2\rC = 3\n", "A = 1\nB = 2\nC = 3\n"),
        (b"\xef\xbb\xbf# coding: utf-8\nA = '\xc3\xa9'", "# coding: utf-8\nA = 'é'"),
        ("# größe".encode(), "# größe"),
    ],
)
def test_a_file_is_read_in_the_encoding_that_it_declares(source, text):
    assert text_of(source) == (text or source.decode("koi8-r"))
    assert analyse(source).error == ""


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"# coding: no-such-code\nA = 1", "in an unknown encoding"),
        (b"# coding: rot13\nN = 1", "not in the encoding that it declares"),
        (b"# coding: ascii\nA = '\xe9'", "not in the encoding that it declares"),
        (b"\xef\xbb\xbf# coding: latin-1\nA = 1", "not UTF-8"),
        (b"A = 1\n\n\nB = '\xe9'", "not UTF-8"),
    ],
)
def test_what_is_in_no_encoding_is_named(source, reason):
    with pytest.raises(Unreadable) as raised:
        text_of(source)
    assert raised.value.reason == reason == analyse(source).error


@pytest.fixture(scope="module")
def syntax():
    with NewerSyntax() as syntax:
        yield syntax


NEWER = [
    ("type Money = int | float", "Money = int | float"),
    ("type Pair[A, B = str] = tuple[A, B]", "Pair = tuple[A, B]"),
    ("class Box[T, *Ts, **P](Base): x: T", "class Box(Base): x: T"),
    ("class Box[\n    T,  # of what\n]:\n    pass", "class Box: pass"),
    (
        "async def first[T: (str, bytes) = str](items: list[T]) -> T: pass",
        "async def first(items: list[T]) -> T: pass",
    ),
    ('x = f"{d["a"]}, {f(b)!r:>{w("c")}}"', "x = (d['a'], f(b), w('c'))"),
    ("x = f\"{'\\n'.join(k(a))}\"", "x = ('\\n'.join(k(a)),)"),
    ('x = g("a" f"{d["b"]}"\n  "c")', "x = g((d['b'],))"),
    ('x = f"{f"{f"{1}"}"}"', "x = ((f'{1}',),)"),
    ("try: pass\nexcept A, b.C: pass", "try: pass\nexcept (A, b.C): pass"),
    ('x = t"Dear {name(1)}"', "x = (name(1),)"),
]


@pytest.mark.parametrize(("newer", "older"), NEWER)
def test_newer_syntax_is_rewritten_line_by_line(syntax, newer, older):
    rewritten = syntax.rewritten(f"A = 1\n{newer}\nB = 2\n")
    assert rewritten.count("\n") == newer.count("\n") + 3
    tree = ast.parse(rewritten)
    assert ast.unparse(tree.body[1]) == ast.unparse(ast.parse(older))
    assert tree.body[2].lineno == newer.count("\n") + 3


def test_lines_signatures_and_calls_are_those_of_the_file(syntax):
    found = analyse(
        b'type Name = str\n\n\ndef first[T](items: list[T], sep="a") -> T:\n    return f"{pick(items["x"])}"\n',
        syntax,
    )
    (first,) = found.definitions
    assert found.assigned == ["Name"] and first.lines == (4, 5)
    assert first.signature == 'def first[T](items: list[T], sep="a") -> T'
    assert first.defaults == {"sep": '"a"'} and first.calls == {"pick": 5}


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        # In Python 3.14 a comma between two classes makes a tuple.
        ("try: pass\nexcept A, e: pass", "Python 2"),
        ("def f(:\n  x = f'a'", "syntax error"),
        # libcst loses the blanks behind a conversion.
        ('x = f"{3!s  }{d["x"]}"', "a newer Python would read it"),
        # What comes of this f-string stands in no tuple.
        ('def f(): return [f"{d["x"]}{yield}"]', "a newer Python would read it"),
    ],
)
def test_what_cannot_be_read_is_named(syntax, source, reason):
    with pytest.raises(Unreadable) as raised:
        parse(source.encode(), syntax)
    assert raised.value.reason == reason


def test_a_text_that_breaks_the_reader_of_newer_syntax_costs_itself():
    with NewerSyntax() as syntax:
        assert syntax.rewritten("type X = " + "(" * 5_000 + ")" * 5_000) is None
        assert syntax.rewritten("type X = int") == "X      = int"
