"""Wikitext as plain sections: what a reader of the article sees, without templates, tables, references and
files.
"""

import re
from dataclasses import dataclass, field

from autodidact.sources.budget import OverBudget
from autodidact.sources.documents.inline import before_last

# Templates, tables or links that are open at a place.
MAX_NESTED = 1_000

_TAGS = ("ref", "gallery", "math", "timeline", "score", "syntaxhighlight", "table", "imagemap", "nowiki")
_DROPPED = re.compile(rf"<!--|<({'|'.join(_TAGS)})\b|__[A-Z]+__", re.IGNORECASE)
_ENDS = {"": re.compile("-->"), ">": re.compile(">")} | {
    tag: re.compile(rf"</{tag}\s*>", re.IGNORECASE) for tag in _TAGS
}
_FILE = re.compile(r"^(file|image|category|datei|bild|fichier|kategorie|catégorie)\s*:", re.IGNORECASE)
_LINK = re.compile(r"\[https?://\S++\s([^\]]*+)\]|\[https?://\S+\]")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


@dataclass
class WikiSection:
    """`title` is "" for the lead. `terms` are what the section prints in bold: the names it explains."""

    title: str
    paragraphs: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)


def wiki_sections(text: str) -> list[WikiSection]:
    """The sections of an article, the lead first, those without prose left out. Lists, tables and indented
    text are no prose.

    Raises OverBudget for what is nested too deep.
    """
    text = _without_markup(text)
    text = _nested(text, "{{", "}}", lambda inner: "")
    text = _nested(text, "{|", "|}", lambda inner: "")
    text = _nested(text, "[[", "]]", _link)
    found = [WikiSection("")]
    for line in text.splitlines():
        if heading := _heading(line):
            found.append(WikiSection(_bare(heading)))
        elif line.strip() and line[0] not in "*#:;|!{} \t=":
            found[-1].terms += [_bare(term) for term in re.findall(r"'''(.+?)'''", line)]
            if plain := _bare(line):
                found[-1].paragraphs.append(plain)
    return [section for section in found if section.paragraphs]


def _without_markup(text: str) -> str:
    """The text without comments, references and what is no prose. What does not end stays, and its end is
    looked for once.
    """
    pieces, place, after, endless = [], 0, 0, set()

    def end(mark: str, start: int) -> int:
        found = None if mark in endless else _ENDS[mark].search(text, start)
        if found is None:
            endless.add(mark)
        return found.end() if found else 0

    while match := _DROPPED.search(text, after):
        tag, after = (match[1] or "").lower(), match.end()
        stop = end("", after) if match[0] == "<!--" else end(">", after) if tag else after
        # <ref name="a"/> is all there is.
        if tag and stop and not (tag == "ref" and stop - 2 >= after and text[stop - 2] == "/"):
            stop = end(tag, stop)
        if stop:
            pieces.append(text[place : match.start()])
            place = after = stop
    return "".join([*pieces, text[place:]])


def _heading(line: str) -> str:
    """The heading that a line is, "" for none."""
    line = line.rstrip()
    for marks in range(min(6, len(line) - len(line.lstrip("="))), 1, -1):
        if len(line) > 2 * marks and line.endswith("=" * marks):
            return line[marks:-marks].strip() or " "
    return ""


def _nested(text: str, opening: str, closing: str, change) -> str:
    """`text` with each balanced `opening ... closing` replaced by `change(inner)`, the innermost first; an
    unclosed one stays out to its line's end.
    """
    pieces: list[list[str]] = [[]]
    for part in re.split(f"({re.escape(opening)}|{re.escape(closing)})", text):
        if part == opening:
            pieces.append([])
            if len(pieces) > MAX_NESTED:
                raise OverBudget("an article nested too deep")
        elif part == closing and len(pieces) > 1:
            inner = "".join(pieces.pop())
            pieces[-1].append(change(inner))
        elif part != closing:
            pieces[-1].append(part)
    while len(pieces) > 1:
        unclosed = "".join(pieces.pop())
        pieces[-1].append("\n" + unclosed.partition("\n")[2])
    return "".join(pieces[0])


def _link(inner: str) -> str:
    target, _, label = inner.partition("|")
    if _FILE.match(target.strip()):
        return ""
    return label.rpartition("|")[2] if label else target.lstrip(":").strip()


def _bare(text: str) -> str:
    text = re.sub(r"'{2,5}", "", text)
    text = before_last(text, "]", lambda head: _LINK.sub(r"\1", head))
    text = before_last(text, ">", lambda head: _TAG.sub("", head))
    text = text.replace("&nbsp;", " ").replace("&ndash;", "–").replace("&mdash;", "—").replace("&amp;", "&")
    # What a dropped template leaves behind.
    text = re.sub(r"\(\s*[,;]*\s*\)", "", " ".join(text.split()))
    return re.sub(r"\s+([.,;])", r"\1", " ".join(text.split()))
