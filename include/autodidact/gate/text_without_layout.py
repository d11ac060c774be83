"""A text as somebody would read it who leaves its layout out: what stands in the strings of JSON, CSV and
logs, in the title of a picture, in the items of a list or in the rows of a table one after the other.

All texts are in lower case, with their escapes undone (`text_without_disguises.py`).
"""

import re
from collections.abc import Iterator

from autodidact.gate.text_in_fragments import segmented

# What begins a paragraph of a page.
_BLOCK = re.compile(
    r"</?(?:h[1-6]|p|div|[oud]l|li|d[td]|table|t[rdh]|thead|tbody|br|hr|details|summary|section|article"
    r"|center"
    r"|blockquote|title|body|html|head|header|footer|main|nav|aside|button|label|pre|figure|figcaption)\b"
    r"[^<>\n]{0,200}>"
)

# A string of JSON or CSV, in a text that has keys or fields; and what a line of a log quotes.
_KEY = re.compile(r"[{,]\s{0,40}\"[^\"\n]{1,60}\"\s?:|,\"[^\"\n]{12,500}\"(?:,|$)", re.MULTILINE)
_VALUE = re.compile(r"(?<=[:\[,{(])\s{0,40}\"([^\"\n]{1,2000})\"(?=\s{0,40}(?:[,}\])]|$))", re.MULTILINE)
_LOGGED = re.compile(r"^\W?\d{4}-\d\d-\d\d[t ]\d\d:\d\d[^\n\"]{1,200}\"([^\"\n]{12,500})\"", re.MULTILINE)
# Strings that are read as one text: so many at least, and no longer together.
_STRINGS, _TOGETHER = 2, 1_500

# What pages show of a picture or a word when the pointer rests on it, and what programs read there.
_ATTRIBUTE = re.compile(
    r"\b(?:title|alt|aria-label|content|placeholder|summary)\s*=\s*(?:\"([^\"<>]{9,500})\"|'([^'<>]{9,500})')"
    r"|\]\([^()\s\"]{0,300}\s{1,4}\"([^\"\n]{9,500})\"\)"
)
# A part of each of these, which few texts have.
_ASSIGNED = re.compile(r"=\s*[\"']|\]\(")

# Items of a list, lines of a quotation, rows of a table: three at least, none long, none `name: value`.
_ITEM = r"[ \t]{0,20}(?:(?:[-*+•>|]|\(?\d{1,3}[.):|])[ \t]|\|(?=-))(?![\w ]{1,24}: )[^\n]{1,70}"
_ITEMS = re.compile(rf"^{_ITEM}(?:\n{{1,2}}{_ITEM}){{2,40}}$", re.MULTILINE)
_MARK = re.compile(r"^(?:[ \t]*(?:[-*+•>|]|\[[ x]?\]|\(?\d{1,3}(?:[.):]|[ \t]?\|)))*[ \t]*", re.MULTILINE)
_RULE = re.compile(r"^[-|: ]+$", re.MULTILINE)
_END_OF_ITEM = re.compile(r"(?<=[^\W\d_])-[ |]*\n+|[ |]*\n+")
# Words cut over lines: `ig`, `nore all`, `inst`, ...
_SHRED = r" ?[^\W\d_][^\W\d_ ',]{0,12}(?:[ ',]{1,2}[^\W\d_]{1,8}){0,2} ?"
_SHREDS = re.compile(rf"^{_SHRED}(?:\n{_SHRED}){{4,40}}$", re.MULTILINE)
# Letters in a column, one or two a line, with a blank line between words.
_COLUMN = re.compile(r"^(?:[^\W\d_]{1,2}[,.!?:]?\n|[ \t]{0,3}\n(?=[^\W\d_]{1,2}\n)){4,99}", re.MULTILINE)
# Values of YAML and texts that a program prints, each on a line of its own.
_FIELD = re.compile(
    r"^[^\w\n]{0,12}[\w.-]{1,40}(?:\[\d{1,4}\])?(?:: |=|\()\"([^\"\n]{6,500})\"\)?[,;]?$", re.MULTILINE
)
# What stands between the cells of a table, numbers included.
_BAR = re.compile(r" ?\|(?: ?[\d.,% ]{1,12}\|)* ?")
# Words in cells of one row, in elements of a page, in a list of strings. Each begins with a sign of its own,
# so that the search leaps from sign to sign.
_ELEMENT = r"(?:t[dh]|li|p|div|span|i|b)\b[^<>\n]{0,80}>[^<>\n]{1,24}</[a-z]{1,4}>\s{0,9}"
_CELLS = re.compile(
    r"\|(?: ?[^\W\d_]['\w.,;:!-]{0,14} ?\|){5,99}"
    rf"|<{_ELEMENT}(?:<{_ELEMENT}){{3,98}}"
    r"|\[(?:\s{0,9}\"[^\"\n]{1,24}\"(?:,|\s{0,9}\])){4,99}"
)
_BETWEEN_CELLS = re.compile(r"<[^<>\n]{1,90}>|[|\[\],\"]+")
# Rows of a name and what it means, with a gap between them.
_ROW = r"[\w.-]{1,40}[ \t]{2,40}([^\s\n][^\n]{11,500})"
_ROWS = re.compile(rf"^{_ROW}$", re.MULTILINE)


def paragraphs(text: str) -> str:
    """The text of a page with blank lines for the tags of its blocks."""
    return _BLOCK.sub("\n\n", text) if "</" in text else text


def layouts(text: str) -> Iterator[str]:
    """The readings of a text that its layout hides, if there are any."""
    quoted = '"' in text
    if quoted and _KEY.search(text):
        values = _VALUE.findall(text)
        yield "\n\n".join(values)
        if len(values) >= _STRINGS and sum(map(len, values)) <= _TOGETHER:
            yield " ".join(values)
    if quoted and (logged := _LOGGED.findall(text)):
        yield "\n\n".join(logged)
    if _ASSIGNED.search(text) and (shown := _ATTRIBUTE.findall(text)):
        yield "\n\n".join("".join(one) for one in shown)
    if quoted and len(fields := _FIELD.findall(text)) >= _STRINGS:
        yield "\n\n".join(fields)
        if sum(map(len, fields)) <= _TOGETHER:
            yield " ".join(fields)
    if _COLUMN.search(text):
        yield _COLUMN.sub(_in_one_line, text)
    if found := _ITEMS.findall(text):
        yield "\n\n".join(_joined(items) for items in found)
    if found := _CELLS.findall(text):
        yield "\n\n".join(_BETWEEN_CELLS.sub(" ", cells) for cells in found)
    if len(meanings := _ROWS.findall(text)) >= _STRINGS:
        yield "\n\n".join(meanings)
    if shreds := _SHREDS.findall(text):
        joined = [lines.replace("\n", "") for lines in shreds]
        yield "\n\n".join(joined)
        blankless = [one for one in joined if one.isalpha() and one.isascii()]
        if told_apart := [words for one in blankless if (words := segmented(one)) != one]:
            yield "\n\n".join(told_apart)


def _joined(items: str) -> str:
    bare = _MARK.sub("", _RULE.sub("", items))
    found = _END_OF_ITEM.sub(lambda end: "" if end[0][0] == "-" else " ", bare).rstrip(" |")
    return _BAR.sub(" ", found) if "|" in found else found


def _in_one_line(column: re.Match) -> str:
    """The letters of a column: an empty line ends a word."""
    return "".join(line.strip() or " " for line in column[0].split("\n")[:-1])
