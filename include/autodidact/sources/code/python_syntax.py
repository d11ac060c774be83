"""The bytes of a Python file as text and syntax tree, by the encoding that it declares and in the syntax of
any release.
"""

import ast
import io
import re
import tokenize
import warnings

from autodidact.sources.code.newer_syntax import NewerSyntax

# What no release of Python 3 has. `except A, b:` is Python 2, `except A, B:` a tuple in Python 3.14.
_PYTHON_2 = re.compile(
    r"^[ \t]*(print[ \t]+[^(\s=]|exec[ \t]+[\"']|raise[ \t]+\w+[ \t]*,"
    r"|except[ \t]+[\w.]+[ \t]*,[ \t]*[a-z]\w*[ \t]*:)",
    re.MULTILINE,
)


class Unreadable(Exception):
    """Why a file is no Python that can be read, and the line where that is known, else 0."""

    def __init__(self, reason: str, line: int = 0):
        super().__init__(reason)
        self.reason, self.line = reason, line


def text_of(source: bytes) -> str:
    """The text of a Python file by its byte order mark or coding declaration (PEP 263), lines ended by \\n.
    Unreadable where it declares an encoding that is not known, or is not in it.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        # Of the encodings of Python, some (rot13, zip) are none of text.
        text = source.decode(encoding)
    except SyntaxError as error:
        unknown = "unknown encoding" in str(error)
        raise Unreadable("in an unknown encoding" if unknown else "not UTF-8") from None
    except (LookupError, UnicodeError):
        utf_8 = encoding.startswith("utf-8")
        raise Unreadable("not UTF-8" if utf_8 else "not in the encoding that it declares") from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def parse(source: bytes, newer: NewerSyntax) -> tuple[ast.Module, str]:
    """The tree of a Python file, and its text; of newer syntax as `newer` rewrites it. Else Unreadable."""
    text = text_of(source)
    try:
        return _tree(text), text
    except SyntaxError as error:
        found = error
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("not Python source") from None
    if _PYTHON_2.search(text):
        raise Unreadable("Python 2", found.lineno or 0)
    rewritten = newer.rewritten(text)
    if rewritten is None:
        raise Unreadable("syntax error", found.lineno or 0)
    newer_reads = Unreadable("a newer Python would read it", found.lineno or 0)
    if not rewritten:
        raise newer_reads
    try:
        return _tree(rewritten), text
    except SyntaxError:
        raise newer_reads from None
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("not Python source") from None


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        # Invalid escapes in somebody's source are not ours to report.
        warnings.simplefilter("ignore")
        return ast.parse(text)


def joined_lines(head: str) -> str:
    """Lines joined as a formatter would: no space inside brackets, no comma before a closing one."""
    joined = ""
    for line in filter(None, map(str.strip, head.split("\n"))):
        if line[0] in ")]}":
            joined = joined.rstrip(",")
        elif joined and joined[-1] not in "([{":
            joined += " "
        joined += line
    return joined
