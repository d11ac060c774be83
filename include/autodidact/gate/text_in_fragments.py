"""A text as somebody would read it who puts together what is scattered: elements of XML, columns of a table,
emphasised words, words cut over lines; and who reads alone what stands aside: comments in code, LaTeX
without its commands, brackets, short paragraphs in one.

All texts are in lower case, with their escapes undone (`text_without_disguises.py`).
"""

import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from autodidact.models.embedding import packaged_model

# Pieces that are put together: so many at least, and no longer together.
_PIECES, _TOGETHER = 3, 1_200

# Elements of XML or HTML. Names of HTML say nothing, others may be words of an order.
_CLOSED = re.compile(r"</[\w:-]{1,40}>")
_TAG = re.compile(r"<(/?)([a-z][\w:-]{0,40})((?:\s[^<>]{0,200})?)/?>")
_OF_PAGES = frozenset(
    "a abbr article aside b big blockquote body br button caption center code dd details div dl dt em"
    " figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i img input kbd label li link"
    " main mark meta nav ol option p path pre s script section select small span strong style sub summary sup"
    " svg table tbody td textarea tfoot th thead title tr u ul".split()
)
_VALUE = re.compile(r"=\s?[\"']([^\"'<>]{1,80})[\"']")

# Rows of a table of two columns or more, and what stands between their cells.
_TABLE = re.compile(r"^[ \t]*\|[^\n]*\|[ \t]*(?:\n[ \t]*\|[^\n]*\|[ \t]*){2,60}$", re.MULTILINE)
_RULE = re.compile(r"[-:| \t]+")

# Words in bold.
_BOLD = re.compile(r"\*\*([^*\n]{1,200})\*\*")
_STRUCK = re.compile(r"~~[^~\n]{1,200}~~ ?")

# Commands of LaTeX, of which those in braces here hold no text.
_LATEX = re.compile(
    r"\\(?:color|textcolor|tiny|scriptsize|section|subsection|item|phantom|footnote\w*|text\w\w)\b"
)
_COMMAND = re.compile(
    r"\\(?:color|textcolor|fontsize|vspace|hspace|label|ref|cite\w?)\*?(?:\{[^{}\n]{0,40}\})+"
)
_NAME = re.compile(r"\\[a-z]{2,20}\*?(?:\[[^\]\n]{0,40}\])?")
_BRACES = re.compile(r"[{}]+")
_LATEX_COMMENT = re.compile(r"(?<!\\)%+[ \t]*")

# Comments at the end of a line of code or on lines of their own, next to code.
_COMMENTS = re.compile(
    r"(?:#(?<!\S#)|//|--|;;|/\*+)[ \t]((?<!\*.)[^\n]{12,400}$|(?<=\*.)[^*]{12,800}\*/)", re.MULTILINE
)
_CODE = re.compile(
    r"[;{})\]:][ \t]*$|^[ \t]*(?:def|class|import|from|return|let|const|var|select)\b", re.MULTILINE
)

# What stands in brackets, a sentence long.
_ASIDE = re.compile(r"[(\[]([^()\[\]\n]{40,400})[)\]]")
_WORDS_OF_ASIDE = 6

_LONGEST_WORD = 18


def fragments(text: str) -> Iterator[str]:
    """The readings of a text that is put together from pieces, if there are any."""
    if "</" in text and len(_CLOSED.findall(text)) >= _PIECES and len(text) <= 4 * _TOGETHER:
        yield _TAG.sub(_element, text).replace("\n", " ")
    if "|" in text:
        yield from (column for table in _TABLE.findall(text) for column in _columns(table))
    if "**" in text and len(bold := _BOLD.findall(text)) >= _PIECES:
        yield " ".join(bold)[:_TOGETHER]
    if "~~" in text and (kept := _STRUCK.sub("", text)) != text:
        yield kept
    if _COMMENTS.search(text) and _CODE.search(text):
        yield _comments(text)
    if asides := [one for one in _ASIDE.findall(text) if one.count(" ") >= _WORDS_OF_ASIDE]:
        yield "\n\n".join(asides)


def latex(text: str) -> Iterator[str]:
    """A text of LaTeX without its commands, a paragraph for what stands in braces; of others nothing. Its
    escapes are not undone: `\\tiny` has no tab.
    """
    if "\\" in text and _LATEX.search(text):
        bare = _NAME.sub("", _COMMAND.sub("", _LATEX_COMMENT.sub("\n\n", text)))
        yield _BRACES.sub("\n\n", bare)


def _element(tag: re.Match) -> str:
    closing, name, attributes = tag.groups()
    if closing or name in _OF_PAGES:
        return " "
    return f" {name.replace('_', ' ')} {' '.join(_VALUE.findall(attributes))} "


def _comments(text: str) -> str:
    """The comments in code, in one paragraph those that follow each other."""
    found, end = "", 0
    for match in _COMMENTS.finditer(text):
        found += (" " if not text[end : match.start()].strip() else "\n\n") + match[1].rstrip("*/")
        end = match.end()
    return found


def _columns(table: str) -> Iterator[str]:
    rows = [[cell.strip() for cell in line.strip(" \t|").split("|")] for line in table.split("\n")]
    rows = [row for row in rows if not all(_RULE.fullmatch(cell) for cell in row if cell)]
    for number in range(max(map(len, rows), default=0)):
        column = " ".join(row[number] for row in rows[1:] if len(row) > number)
        if 20 <= len(column) <= _TOGETHER:
            yield column


def segmented(letters: str) -> str:
    """English letters without blanks as the likeliest words, by how rare the words of MiniLM are."""
    ranks = _ranks()
    costs, ends = [0.0], [0]
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - _LONGEST_WORD), end)
        found = [
            (costs[start] + ranks.get(letters[start:end], 14.0 * (end - start)), start) for start in starts
        ]
        cost, start = min(found)
        costs.append(cost)
        ends.append(start)
    words, end = [], len(letters)
    while end:
        words.append(letters[ends[end] : end])
        end = ends[end]
    return " ".join(reversed(words))


@cache
def _ranks() -> dict[str, float]:
    """Word -> the logarithm of its place in MiniLM's vocabulary, where frequent words stand first."""
    lines = (Path(packaged_model()) / "vocab.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if line.isascii() and line.isalpha() and (len(line) > 1 or line in "ai")]
    return {word: math.log(place + 2) for place, word in enumerate(words)}
