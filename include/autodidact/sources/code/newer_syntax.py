"""Python of a newer release than the interpreter, rewritten so that the interpreter reads it: type parameters
and `type` statements (3.12), f-strings with any quotes inside (3.12), `except A, B` and t-strings (3.14).

libcst reads these whatever the interpreter is. What it finds is rewritten in place, so that every line and
nearly every column stays: type parameters are blanked, `type X = int` becomes `X = int`, and a string becomes
the tuple of the expressions in it. Analyses of a file are thereby the same on every interpreter.

libcst is native code that no signal ends and whose stack a nested expression can break: it runs in a child
process, which is started with the first file that needs it.
"""

import os
import re
import sys
from collections.abc import Iterator

from autodidact.sources.bounded_process_output import Pipe, Stalled

# Seconds for one file; libcst takes ten milliseconds a kilobyte.
TIMEOUT = 20.0
# Processes that a file broke or kept busy; then no more files are tried.
MOST_BROKEN = 5
# Something that newer releases added.
_NEWER = re.compile(
    r"^[ \t]*type[ \t]+\w+|\b(?:class|def)[ \t]+\w+[ \t]*\[|\b[fFtTrR]{1,2}[\"']|^[ \t]*except\b[^:(]+,",
    re.MULTILINE,
)


class NewerSyntax:
    """Rewrites files of newer syntax, in a child process that ends with the `with` block."""

    def __init__(self) -> None:
        self._pipe: Pipe | None = None
        self._broken = 0

    def __enter__(self) -> "NewerSyntax":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pipe:
            self._pipe.close()
            self._pipe = None

    def rewritten(self, text: str) -> str | None:
        """The text with newer syntax rewritten; "" where libcst reads it and it cannot be rewritten; None
        where there is nothing newer, or no release of Python that libcst knows reads it.
        """
        if self._broken >= MOST_BROKEN or not _NEWER.search(text):
            return None
        try:
            data = text.encode()
        except UnicodeEncodeError:
            return None
        try:
            if self._pipe is None:
                command = [sys.executable, "-m", "autodidact.sources.code.newer_syntax"]
                environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
                self._pipe = Pipe(command, environment, timeout=TIMEOUT, writable=True)
            self._pipe.write(b"%d\n" % len(data))
            self._pipe.write(data)
            size = int(self._pipe.line())
            return self._pipe.take(size).decode() if size >= 0 else None
        except (Stalled, ValueError):
            self.__exit__()
            self._broken += 1
            return None


def rewrite(data: bytes) -> bytes | None:
    """The UTF-8 text of a file with newer syntax rewritten, None without any, b"" where libcst does not keep
    every character of it. libcst's ParserSyntaxError for what no release of Python reads.
    """
    import libcst as cst
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    # As text: a declaration in it speaks of the bytes that it was read from.
    module = cst.parse_module(data.decode())
    if module.code.encode() != data:
        return b""
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    spans = {
        node: (span.start, span.start + span.length)
        for node, span in wrapper.resolve(ByteSpanPositionProvider).items()
    }
    text = [data[at : at + 1] for at in range(len(data))]
    found = False
    stack: list[cst.CSTNode] = [wrapper.module]
    while stack:
        node = stack.pop()
        newer = node in spans and _older(node, text, spans)
        found = found or newer
        # Of a string that became a tuple only the expressions are left.
        strings = (cst.FormattedString, cst.TemplatedString, cst.ConcatenatedString)
        stack.extend(_expressions(node) if newer and isinstance(node, strings) else node.children)
    return b"".join(text) if found else None


def _older(node, text: list[bytes], spans: dict) -> bool:
    """Rewrites one node where it is of newer syntax, and says whether it was."""
    import libcst as cst

    start, end = spans[node]
    if isinstance(node, cst.TypeParameters):
        for at in range(start, end):
            # In brackets a line goes on by itself, without them by a backslash.
            text[at] = b"\\\n" if text[at] == b"\n" else b" "
    elif isinstance(node, cst.TypeAlias):
        name = spans[node.name]
        written = text[slice(*name)]
        text[start : name[1]] = [*written, *[b" "] * (name[1] - start - len(written))]
    elif isinstance(node, cst.ExceptHandler) and isinstance(node.type, cst.Tuple) and not node.type.lpar:
        start, end = spans[node.type]
        text[start], text[end] = b"(" + text[start], b")" + text[end]
    elif isinstance(node, (cst.FormattedString, cst.TemplatedString, cst.ConcatenatedString)):
        if _compiles(b"".join(text[start:end])):
            return False
        _as_tuple(start, end, [spans[one] for one in _expressions(node)], text)
    else:
        return False
    return True


def _compiles(text: bytes) -> bool:
    import ast

    try:
        ast.parse(b"(" + text + b")", mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True


def _expressions(node) -> Iterator:
    """The expressions in a string, those in format specifications too, in the order of the text."""
    import libcst as cst

    if isinstance(node, cst.ConcatenatedString):
        yield from _expressions(node.left)
        yield from _expressions(node.right)
    elif isinstance(node, (cst.FormattedString, cst.TemplatedString)):
        for part in node.parts:
            yield from _expressions(part)
    elif isinstance(node, (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
        yield node.expression
        for part in node.format_spec or ():
            yield from _expressions(part)


def _as_tuple(start: int, end: int, expressions: list[tuple[int, int]], text: list[bytes]) -> None:
    at = start
    for first, last in [*expressions, (end, end)]:
        text[at:first] = [byte if byte == b"\n" else b" " for byte in text[at:first]]
        at = last
    # What follows an expression, a brace at least, and the quotes around everything make room.
    for _, last in expressions:
        text[last] = b","
    text[start], text[end - 1] = b"(", b")"


def main() -> None:
    """Answers each text on standard input, its length before it, with the length of the rewritten text and
    that; with -1 for None.
    """
    import libcst as cst

    given, answers = sys.stdin.buffer, sys.stdout.buffer
    while size := given.readline():
        try:
            text = rewrite(given.read(int(size)))
        except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError, ValueError, UnicodeError):
            text = None
        answers.write(b"-1\n" if text is None else b"%d\n" % len(text) + text)
        answers.flush()


if __name__ == "__main__":
    main()
