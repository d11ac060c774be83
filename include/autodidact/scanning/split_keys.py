"""Keys in pieces: in the cells of a table, on numbered lines, as `chr(103) + chr(104)`. Each function hands
out what the pieces are together.
"""

import re
import string
from collections.abc import Iterator
from itertools import pairwise

from autodidact.scanning.decodings import BETWEEN
from autodidact.scanning.secret_field_names import telling

_CHARACTER = re.compile(
    r"""(?:(?:chr[wW]?|Chr[wW]?|CHR|n?char|N?CHAR|unichr|(?:String\.)?from(?:CharCode|CodePoint)
              |Character\.toString|rune)\s?\(|\[char\]\s?\(?)
    \s*(?:(\d{1,3})|(?:0[xX]|&[hH])([0-9A-Fa-f]{2}))\b\s*\)?""",
    re.VERBOSE,
)
# Each such call holds one of these.
_CALLS = ("chr", "Chr", "CHR", "char", "Char", "CHAR", "CodePoint", "rune")
_GLUE = re.compile(r"""["'][ \t]*(?:\+|\.{1,2}|&|\|\||,|<<)?\s*["']""")

# What a key is made of; what may stand right before it, after a label (a number, a bullet, `part 2:`); and
# after it.
_WORD = string.ascii_letters + string.digits + "+/_=.~-"
_BEFORE = frozenset(" \t\"'`([{:|>=*,;-")
_QUOTES, _SIGNS = "\"'`*)]}", " \t\r,;\\&|"

# Characters of the label, and of the word.
LABEL, LONGEST = 40, 80

_PIECE = re.compile(r"[A-Za-z0-9+/_=.~-]{2,80}")

# A line that says that what comes after it is a secret.
_TELLS = re.compile(
    r"(?i)\b(?:pass\w*|secrets?|tokens?|credentials?"
    r"|(?:api|access|secret|signing|encryption|private|master|auth|license)[ _-]keys?)\b"
)
_RULE = re.compile(r"[\s|:+=-]+\Z")

# Lines of a table or a list that are looked at.
MOST = 200


def letters(text: str) -> str | None:
    """The text with characters that are given by their number in the place of the calls that make them; None
    when there are none.
    """
    if not any(name in text for name in _CALLS):
        return None
    lettered, count = _CHARACTER.subn(
        lambda match: f'"{chr(int(match[1]) if match[1] else int(match[2], 16))}"', text
    )
    return _GLUE.sub("", lettered) if count > 3 else None


def together(text: str) -> Iterator[tuple[str, bool]]:
    """What the last words of lines that follow each other, or of neighbouring cells, are when put together,
    after the line before them; and whether something says that they are a secret, or a table holds them: else
    only a known format counts, as most lines that end so are code.
    """
    run: list[str] = []
    before = last = ""
    for line, following in pairwise([*_lines(text), "", ""]):
        # A line between empty ones, as most fields of a record are, is part of no run.
        piece = _piece(line) if line and (last or following) else None
        if piece:
            if not run:
                before = last
            run.append(piece)
        else:
            if len(run) > 1:
                named = bool(_TELLS.search(before))
                yield f"{'secret:' if named else before[-80:]} {''.join(run)}", named
            run = []
        last = line
    if "|" in text or "\t" in text:
        for words in _tables(text):
            yield words, True


def _lines(text: str) -> list[str]:
    """The first lines; a field of the record ends with an empty one."""
    return text.replace(BETWEEN, "\n\n").split("\n")[:MOST]


def _piece(line: str) -> str | None:
    """The last word of a line, where it may be a piece of a key: with digits in it, capitals within, or
    capitals alone.
    """
    bare = line.rstrip(_SIGNS)
    if bare.endswith("+") and bare[-2:-1] in (" ", *_QUOTES):
        bare = bare[:-1].rstrip(_SIGNS)  # a string to which another is added
    bare = bare.rstrip(_QUOTES)
    label = bare.rstrip(_WORD)
    word = bare[len(label) :]
    if not 2 <= len(word) <= LONGEST or len(label) > LABEL or (label and label[-1] not in _BEFORE):
        return None
    if word.islower() and word.isalpha():
        return None if label.strip() else word
    mixed = not (word.islower() or word.istitle()) and any(map(str.isalpha, word))
    return word if mixed or any(map(str.isdigit, word)) or not label.strip() else None


def _tables(text: str) -> Iterator[str]:
    """The words of a row together, those of each column, and each cell after the head of its column where
    that names a secret.
    """
    for table in _rows(text):
        head, *rows = table
        for row in table:
            if len(words := [cell for cell in row if _PIECE.fullmatch(cell)]) > 1:
                yield " ".join((*(cell for cell in row if " " in cell), "".join(words)))
                yield " ".join((*(cell for cell in row if " " in cell), "".join(words[1:])))
        for column in range(max(map(len, table))):
            cells = [row[column] for row in rows if column < len(row) and row[column]]
            name = head[column] if column < len(head) else ""
            if len(cells) > 1 and all(map(_PIECE.fullmatch, cells)):
                yield f"{name}: {''.join(cells)}"
                yield f"{name}{''.join(cells)}"
            if telling(f"{name}: "):
                yield from (f"{name} is {cell}" for cell in cells)


def _rows(text: str) -> Iterator[list[list[str]]]:
    """Tables as rows of cells: lines with a bar or a tab between words, one after the other."""
    table: list[list[str]] = []
    for line in [*_lines(text), ""]:
        mark = "|" if "|" in line else "\t"
        if mark in line.strip():
            if not _RULE.match(line):
                table.append([cell.strip(" `*_\"'") for cell in line.strip().strip("|").split(mark)])
        else:
            if table:
                yield table
            table = []
