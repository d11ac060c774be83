"""Wikitext as plain sections: what a reader of the article sees, without tables, references and files. A
sentence that lost a template or a formula is left out.
"""

import html
import re
from dataclasses import dataclass, field

from autodidact.sources.documents.inline_markdown import before_last
from autodidact.sources.documents.sentences import HOLE, whole
from autodidact.sources.reading_limits import OverBudget
from autodidact.sources.unread import Unread
from autodidact.sources.wiki import resting_elsewhere, templates

# Templates, tables or links that are open at a place.
MAX_NESTED = 1_000

_TAGS = (
    "ref", "gallery", "math", "chem", "ce", "timeline", "score", "syntaxhighlight", "table", "imagemap",
    "nowiki", "s", "del", "strike", "hiero", "poem", "blockquote",
)  # fmt: skip
# Nothing of them stands between the words of a sentence.
_UNSEEN = ("", "ref", "gallery")
_DROPPED = re.compile(rf"<!--|<({'|'.join(_TAGS)})\b|__[A-Z]+__", re.IGNORECASE)
_ENDS = {"": re.compile("-->"), ">": re.compile(">")} | {
    tag: re.compile(rf"</{tag}\s*>", re.IGNORECASE) for tag in _TAGS
}
_FILE = re.compile(r"^(file|image|category|datei|bild|fichier|kategorie|catégorie)\s*:", re.IGNORECASE)
_LINK = re.compile(r"\[https?://\S++\s([^\]]*+)\]|\[https?://\S+\]")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
# Raised: a note, an ordinal; else an exponent. Lowered: the number of atoms; else an index.
_RAISED = re.compile(r"<sup\b[^>]*+>([^<]*+)</sup\s*+>", re.IGNORECASE)
_LOWERED = re.compile(
    r"(?<=[A-Za-z)])<sub\b[^>]*+>(\d+)</sub\s*+>|<sub\b[^>]*+>[^<]*+</sub\s*+>", re.IGNORECASE
)
_ORDINAL = re.compile(r"st|nd|rd|th|er|e|o|a", re.IGNORECASE)
# Another language's page of the same subject is a link of the page, not of its text.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z-]+)?:")
_DISAMBIGUATION = re.compile(
    r"\{\{\s*(disambig(uation)?|dab|hndis|geodis|surname|given name|set index( article)?"
    r"|begriffsklärung|homonymie|desambiguación)\b[^{}]*+\}\}",
    re.IGNORECASE,
)
_LOST = "a sentence that lost a template or a formula"
_NOT_ALONE = "a sentence that says nothing by itself"


@dataclass
class WikiSection:
    """`title` is "" for the lead. `terms` are what the section prints in bold: the names it explains.
    `whole`: whether it has no list, table or indented text; `listed_first`: whether it begins with one.
    """

    title: str
    # Runs of sentences that follow one another; "" stands for what is lost between them.
    paragraphs: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    whole: bool = True
    listed_first: bool = False
    gap: bool = False  # whether something was left out right here

    def leave_out(self) -> None:
        """A line is left out: what stands after it does not follow what stands before."""
        self.whole = False
        self.listed_first = self.listed_first or not self.paragraphs
        self.gap = bool(self.paragraphs)

    def add(self, runs: list[str]) -> None:
        """Runs of sentences that stand next."""
        self.paragraphs += ["", *runs] if self.gap else runs
        self.gap = False


def wiki_sections(text: str, unread: Unread, ref: str = "") -> list[WikiSection]:
    """The sections of an article, the lead first. Lists, tables and indented text are no prose: a section may
    have none. None at all of a page that only lists others. What is left out is noted as `sentences` and
    `headings`.

    Raises OverBudget for what is nested too deep.
    """
    if _DISAMBIGUATION.search(text):
        unread.add("headings", "a page that only lists others", ref)
        return []

    def template(inner: str) -> str:
        if templates.brings_sections(inner):
            unread.note("headings", "a part of another page", ref)
        if resting_elsewhere.is_dispute(templates.name_of(inner)):
            return resting_elsewhere.DISPUTED
        return templates.shown(inner)

    text = _without_markup(text)
    if resting_elsewhere.warns_of_itself(text):
        unread.add("headings", "a page that warns of itself", ref)
        return []
    if text.count("{{") > text.count("}}"):
        unread.add("headings", "a template without an end", ref)
    text = _nested(text, "{{", "}}", template)
    text = _nested(text, "{|", "|}", lambda inner: "\n|\n")
    text = _nested(text, "[[", "]]", _link)
    found, story = [WikiSection("")], 0
    for line in text.splitlines():
        if heading := _heading(line):
            title = _bare(heading).strip(f"{HOLE} ")
            if HOLE in title or not title:
                unread.add("headings", "a heading that lost a template", ref)
                title = ""
            level = len(line) - len(line.lstrip("="))
            if not story or level <= story:
                story = level if resting_elsewhere.retells(title) else 0
            found.append(WikiSection(title))
        elif story and line.strip():
            unread.note("sentences", "a work that is retold", ref)
            found[-1].whole = False
        elif line.strip(f"{HOLE} ") and _is_prose(line):
            found[-1].terms += [_bare(term) for term in re.findall(r"'''(.+?)'''", line) if HOLE not in term]
            # A box stands before the first word, not in the first sentence.
            bare = re.sub(rf"^[{HOLE} ]+(?=[^\W\d_a-z])", "", _bare(line))
            runs = list(whole(resting_elsewhere.with_holes(bare, found[-1].gap)))
            if "" in runs:
                unread.add("sentences", _LOST if HOLE in bare else _NOT_ALONE, ref)
            found[-1].add(runs)
        elif line.strip(f"{HOLE} ") and (found[-1].title or found[-1].paragraphs):
            found[-1].leave_out()  # but not for a box next to the lead
    return [section for section in found if section.title or section.paragraphs]


def _is_prose(line: str) -> bool:
    """Whether a line is no list, table or indented text. A box before its first word counts for nothing."""
    return (line.lstrip(f"{HOLE} ") if line.startswith(HOLE) else line)[:1] not in "*#:;|!{} \t="


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
        single = tag and stop - 2 >= after and text[stop - 2] == "/"
        if tag and stop and not single:
            stop = end(tag, stop)
        if stop:
            pieces += [text[place : match.start()], "" if single or tag in _UNSEEN else HOLE]
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
    if _FILE.match(target.strip()) or _LANGUAGE.match(target.strip()):
        return ""
    return label.rpartition("|")[2] if label else target.lstrip(":").strip()


def _bare(text: str) -> str:
    text = re.sub(r"'{2,5}", "", text)
    text = before_last(text, "]", lambda head: _LINK.sub(lambda match: match[1] or "", head))
    text = before_last(text, ">", _scripts)
    text = before_last(text, ">", lambda head: _TAG.sub("", re.sub(r"<br\s*/?>", " ", head)))
    text = html.unescape(text)
    # What a file or a hidden template leaves behind.
    text = re.sub(r"\(\s*[,;]*\s*\)", "", " ".join(text.split()))
    # `.mp3` is a word of its own.
    return re.sub(r"\s+([,;]|\.(?!\w))", r"\1", " ".join(text.split()))


def _scripts(text: str) -> str:
    """The text with what is raised or lowered on the line where it means the same there, else as a hole."""
    text = _LOWERED.sub(lambda match: match[1] or HOLE, text)

    def raised(match: re.Match) -> str:
        if re.fullmatch(r"\s*\[[^\]]*\]\s*", match[1]):
            return ""
        return match[1] if _ORDINAL.fullmatch(match[1].strip()) else HOLE

    return _RAISED.sub(raised, text)
