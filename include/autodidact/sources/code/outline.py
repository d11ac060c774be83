r"""What a Python file defines, from its lines alone: names, classes around them, base classes.

For histories, where thousands of versions of files are read that are in no cache: some ten times as fast
as `ast`, and Python 2 is read like Python 3. Strings and comments are stepped over; of the rest only lines
that begin with a keyword which opens a block count, by their indentation. What file_analysis.py has from
the tree of a file that `ast` reads is the same (tests/sources/code/test_outline.py).
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from autodidact.sources.code.definitions import MAX_FILE
from autodidact.sources.code.python_syntax import Unreadable, text_of

# Of the outlines, as they are kept.
VERSION = "1"
# Shorter names are no subject of a question.
SHORTEST = 4

# A group with a look-ahead in it is not possessive: Python 3.11.2 matches possessive ones of these wrongly.
_STRING = r"""
      \"\"\"(?:[^"\\]++|\\.|"(?!""))*(?:\"\"\"|\Z)
    | '''(?:[^'\\]++|\\.|'(?!''))*(?:'''|\Z)
    | "(?:[^"\\\n]++|\\.)*+"?
    | '(?:[^'\\\n]++|\\.)*+'?
    | \#[^\n]*+
"""
_SKIPPED = re.compile(_STRING, re.VERBOSE | re.DOTALL)
# A string or a comment; or a line that opens a block: its indentation, its keyword, the name defined.
_TOKEN = re.compile(
    _STRING
    + r"""
    | ^([ \t\f]*+)(?:async[ \t]++)?
      (?:(class|def)[ \t\\\n]++(\w++)|(if|for|while|with|try|elif|else|except|finally|match|case)\b)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_OPENING = re.compile(r"[ \t\\\n]*+\(")
_DOTTED = re.compile(r"[^\W\d]\w*+(?:\s*+\.\s*+[^\W\d]\w*+)*+")
_KEYWORD = re.compile(r"[^\W\d]\w*+\s*+=(?!=)")
# Blocks in which a definition is one of the body around (definitions.py reads these).
_TRANSPARENT = frozenset(("if", "for", "while", "with", "try", "elif", "else", "except", "finally"))


class Outline(msgspec.Struct, array_like=True, frozen=True):
    """`tops`: public functions and classes of the top level. `bases`: class of the top level -> its only base
    class, by its simple name. `methods`: (method, class of the top level). Names shorter than SHORTEST are
    left out, and each is named once.
    """

    tops: tuple[str, ...] = ()
    bases: tuple[tuple[str, str], ...] = ()
    methods: tuple[tuple[str, str], ...] = ()


def outline(source: bytes) -> Outline | None:
    """The outline of a Python file's content, whether `ast` can read it or not. None where it is no text in
    the encoding that it declares, or larger than MAX_FILE.
    """
    if len(source) > MAX_FILE:
        return None
    try:
        text = text_of(source)
    except Unreadable:
        return None
    tops: dict[str, str | None] = {}
    methods: dict[tuple[str, str], None] = {}
    found = [*_definitions(text), ("", "", None, len(text), len(text))]
    for (keyword, name, owner, _, end), (*_, limit, _) in pairwise(found):
        if owner is None:
            # What a class statement has in brackets ends before the next definition begins.
            tops.setdefault(name, _base(text, end, limit, name) if keyword == "class" else None)
        elif keyword == "def" and _subject(name) and owner[0] != "_":
            methods[name, owner] = None
    named = [name for name in tops if _subject(name)]
    return Outline(tuple(named), tuple((n, base) for n in named if (base := tops[n])), tuple(methods))


def _subject(name: str) -> bool:
    return len(name) >= SHORTEST and name[0] != "_"


def _definitions(text: str) -> Iterator[tuple[str, str, str | None, int, int]]:
    """(keyword, name, class of the top level around it or None, begin of the line, end of the name) of what
    the top level and the bodies of its classes define.
    """
    # Blocks that are open: (indentation, keyword, name).
    blocks: list[tuple[int, str, str]] = []
    for token in _TOKEN.finditer(text):
        indentation, keyword, name, other = token.groups()
        if indentation is None:
            continue
        column = len(indentation.expandtabs())
        while blocks and blocks[-1][0] >= column:
            blocks.pop()
        around = [block for block in blocks if block[1] not in _TRANSPARENT]
        blocks.append((column, keyword or other, name or ""))
        if keyword and not around:
            yield keyword, name, None, *token.span()
        elif keyword and len(around) == 1 and around[0][1] == "class":
            yield keyword, name, around[0][2], *token.span()


def _base(text: str, start: int, limit: int, name: str) -> str | None:
    """The simple name of the only base class that a class statement gives, where that is written as a name.
    `start`: behind the class's name; `limit`: where the next definition begins.
    """
    opening = _OPENING.match(text, start, limit)
    if not opening:
        return None
    given = [part for part in _arguments(text, opening.end(), limit) if not _KEYWORD.match(part)]
    if len(given) != 1:
        return None
    dotted = _DOTTED.match(given[0])
    if not dotted or given[0][dotted.end() :].strip()[:1] not in ("", "["):
        return None
    base = re.split(r"[\s.]+", dotted[0])[-1]
    return base if base != name else None


def _arguments(text: str, start: int, limit: int) -> list[str]:
    """The arguments in brackets, without strings and comments; none where the brackets are not closed before
    `limit`. `start`: behind the opening one.
    """
    parts, depth, position = [""], 0, start
    while position < limit:
        skipped = _SKIPPED.match(text, position)
        if skipped:
            position = skipped.end()
            continue
        letter = text[position]
        position += 1
        if letter in ")]}" and not depth:
            return [part.strip() for part in parts if part.strip()]
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return []
