"""Wikitext as plain sections: what a reader of the article sees, without templates, tables, references and files."""

import re
from dataclasses import dataclass, field

_DROPPED = re.compile(
    r"<!--.*?-->|<ref\b[^>]*/>|<(ref|gallery|math|timeline|score|syntaxhighlight|table|imagemap|nowiki)\b[^>]*>.*?</\1\s*>|__[A-Z]+__",
    re.DOTALL | re.IGNORECASE,
)
_FILE = re.compile(r"^(file|image|category|datei|bild|fichier|kategorie|catégorie)\s*:", re.IGNORECASE)
_HEADING = re.compile(r"^(={2,6})\s*(.+?)\s*\1\s*$")


@dataclass
class WikiSection:
    """`title` is "" for the lead. `terms` are what the section prints in bold: the names it explains."""

    title: str
    paragraphs: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)


def wiki_sections(text: str) -> list[WikiSection]:
    """The sections of an article, the lead first, those without prose left out. Lists, tables and indented text are no prose."""
    text = _DROPPED.sub("", text)
    text = _nested(text, "{{", "}}", lambda inner: "")
    text = _nested(text, "{|", "|}", lambda inner: "")
    text = _nested(text, "[[", "]]", _link)
    found = [WikiSection("")]
    for line in text.splitlines():
        if match := _HEADING.match(line):
            found.append(WikiSection(_bare(match[2])))
        elif line.strip() and line[0] not in "*#:;|!{} \t=":
            found[-1].terms += [_bare(term) for term in re.findall(r"'''(.+?)'''", line)]
            if plain := _bare(line):
                found[-1].paragraphs.append(plain)
    return [section for section in found if section.paragraphs]


def _nested(text: str, opening: str, closing: str, change) -> str:
    """`text` with each balanced `opening ... closing` replaced by `change(inner)`, the innermost first; an unclosed one stays out to its line's end."""
    pieces: list[str] = [""]
    for part in re.split(f"({re.escape(opening)}|{re.escape(closing)})", text):
        if part == opening:
            pieces.append("")
        elif part == closing and len(pieces) > 1:
            inner = pieces.pop()
            pieces[-1] += change(inner)
        elif part != closing:
            pieces[-1] += part
    while len(pieces) > 1:
        unclosed = pieces.pop()
        pieces[-1] += "\n" + unclosed.partition("\n")[2]
    return pieces[0]


def _link(inner: str) -> str:
    target, _, label = inner.partition("|")
    if _FILE.match(target.strip()):
        return ""
    return label.rpartition("|")[2] if label else target.lstrip(":").strip()


def _bare(text: str) -> str:
    text = re.sub(r"'{2,5}", "", text)
    text = re.sub(r"\[https?://\S+\s+([^\]]+)\]|\[https?://\S+\]", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>]*>", "", text)
    text = text.replace("&nbsp;", " ").replace("&ndash;", "–").replace("&mdash;", "—").replace("&amp;", "&")
    text = re.sub(r"\(\s*[,;]*\s*\)", "", text)  # what a dropped template leaves behind
    return re.sub(r"\s+([.,;])", r"\1", " ".join(text.split()))
