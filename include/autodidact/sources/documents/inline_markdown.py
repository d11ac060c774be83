"""Inline Markdown as plain text, with HOLE (sentences.py) where a part of it is no text.

Every expression here passes over a text once: what it does not find the end of, it does not look for again
from the next character.
"""

import html
import re
from collections.abc import Callable

from autodidact.sources.documents.sentences import HOLE

_TAG = re.compile(
    r"</?(?:a|b|i|u|p|em|strong|br|hr|div|span|code|kbd|pre|h[1-6]|table|thead|tbody|tr|td|th|tt|abbr|mark"
    r"|ul|ol|li|details|summary|center|font|small|nobr|wbr|var|samp|cite|q|ins|label|section|article|figure)"
    r"(?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)))*\s*/?>",
    re.IGNORECASE,
)
# What shows something else than words, or words that hold no more; and names of components.
_OBJECT = re.compile(
    r"</?(?:img|picture|source|video|audio|svg|iframe|object|math|s|del|strike|sub|sup|input|button|canvas)\b"
    r"[^<>]*+>",
    re.IGNORECASE,
)
_COMPONENT = re.compile(r"</?[A-Z][\w.]*+(?:\s[^<>]*+)?/?>|<>|</>")
_EXPRESSION = re.compile(r"\{[^{}]*+\}")
# A formula, words that are struck out, a value that a template puts in, an icon.
_NO_TEXT = re.compile(
    r"\$\$[^$]++\$\$|(?<![\w$\\])\$(?=[^\s$])[^$\n]*+(?<=[^\s\\])\$(?![\w$])"
    r"|(?<!\w)@[A-Z][A-Z0-9_]+@(?!\w)|~~(?=\S)[^~]++~~|\{\{[^{}]*+\}\}|\{%[^%]*+%\}"
    r"|:(?:material|fontawesome|octicons|simple)-[\w-]++:"
)

# An opening bracket and all up to the closing one, or to the end of the text; group 2 makes a link of that.
# An address in parentheses may have parentheses of its own: `(https://x.example/Viper_(snake))`.
_ADDRESS = r"\((?:[^()]|\([^()]*+\))*+\)|\([^)]*+\)"
_IMAGE = re.compile(rf"!(\[)[^\]]*+(?:\]({_ADDRESS}|\[[^\]]*+\])?+|\Z)")
_LINK = re.compile(rf"\[([^\]]*+)(?:\]({_ADDRESS})?+|\Z)")
_REFERENCE = re.compile(r"\[(?:\]|([^\]]++)(?:\](\[[^\]]*+\])?+|\Z))")
_SHORTCUT = re.compile(r"(?<!\])\[([^\[\]^]++)\](?:\[\])?(?![\[(:])")
_ANCHOR = re.compile(r"\{[#:.][^}]*+\}?+")
# Of a heading, behind it.
_NAMED_ANCHOR = re.compile(r" ?\[#[\w.:-]++\]\Z")
# With the full stop before it: the note belongs to that sentence.
_FOOTNOTE = re.compile(r"((?<![.!?])[.!?]*+)\s?\[\^[^\]]*+\]?+(?:\s?\[\^[^\]]*+\]?+)*+")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]++)>")
_STRONG = re.compile(r"(\*\*|__)(?=\S)")
_STRONG_END = {mark: re.compile(rf"(?<=\S){re.escape(mark)}") for mark in ("**", "__")}
_ESCAPED = re.compile(r"\\([!\"#$%&'()*+,\-./:;<=>?@\[\]^_`{|}~\\])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]\w{1,31});")


def spaced(text: str) -> str:
    """The text with single spaces: what matches white space passes over a run of it once for each of its
    characters.
    """
    return " ".join(text.split())


def plain(text: str, *, mdx: bool = False) -> str:
    """One line of Markdown as plain text; code keeps its backticks, and what is in it is no markup. `mdx`:
    expressions in braces and components are no text either.
    """
    text = spaced(text)
    parts = re.split(r"(`[^`]+`)", text)
    # Code within a link's text: the link comes first.
    if any(part.rfind("[") > part.rfind("]") for part in parts[::2]):
        parts = re.split(r"(`[^`]+`)", _links(text))
    for place in range(1, len(parts), 2):
        # The name of a role stands before its text, which is not what a reader sees.
        if role := re.search(r"\{[\w:-]+\}\Z", parts[place - 1]):
            parts[place - 1] = parts[place - 1][: role.start()]
            parts[place] = HOLE
    return spaced("".join(part if place % 2 else _words(part, mdx) for place, part in enumerate(parts)))


def with_labels(text: str, labels: set[str]) -> str:
    """The text with `[label]` as a link's words, where the document says elsewhere where it leads."""
    if not labels:
        return text
    parts = re.split(r"(`[^`]+`)", text)
    for place in range(0, len(parts), 2):
        parts[place] = _SHORTCUT.sub(lambda m: m[1] if m[1].lower() in labels else m[0], parts[place])
    return "".join(parts)


def heading(text: str, *, mdx: bool = False) -> str:
    """The text of a heading, without pictures before and after it; "" where one is in its middle."""
    words = plain(_NAMED_ANCHOR.sub("", spaced(text)), mdx=mdx).strip(f"{HOLE} ")
    return "" if HOLE in words else spaced(words)


def _links(text: str) -> str:
    text = before_last(text, "]", lambda head: _FOOTNOTE.sub(rf"{HOLE}\1", head))
    text = before_last(text, ")", lambda head: _IMAGE.sub(lambda match: HOLE if match[2] else match[0], head))
    text = before_last(text, "]", lambda head: _IMAGE.sub(lambda match: HOLE if match[2] else match[0], head))
    text = before_last(
        text, ")", lambda head: _LINK.sub(lambda m: (m[1].strip() or HOLE) if m[2] else m[0], head)
    )
    return _REFERENCE.sub(lambda match: match[1] if match[2] else match[0], text)


def before_last(text: str, end: str, change: Callable[[str], str]) -> str:
    """The text with what stands up to its last `end` changed: there, whoever looks for one finds it."""
    place = text.rfind(end)
    cut = place + len(end)
    return change(text[:cut]) + text[cut:] if place >= 0 else text


def _strong(text: str) -> str:
    """The text without `**` and `__` around words."""
    pieces, place, ended = [], 0, set()
    while match := _STRONG.search(text, place):
        end = None if match[1] in ended else _STRONG_END[match[1]].search(text, match.end() + 1)
        # Nor will a later one find its end.
        if end is None:
            ended.add(match[1])
        if end:
            pieces += [text[place : match.start()], text[match.end() : end.start()]]
        else:
            pieces.append(text[place : match.start() + 1])
        place = end.end() if end else match.start() + 1
    return "".join([*pieces, text[place:]])


def _words(text: str, mdx: bool) -> str:
    text = before_last(text, "}", lambda head: _ANCHOR.sub("", head))
    text = _NO_TEXT.sub(HOLE, _links(text))
    if mdx:
        text = before_last(text, "}", lambda head: _EXPRESSION.sub(HOLE, head))
        text = before_last(text, ">", lambda head: _COMPONENT.sub(HOLE, head))
    text = before_last(text, ">", lambda head: _OBJECT.sub(HOLE, _AUTOLINK.sub(r"\1", head)))
    text = re.sub(r"<br\s*/?>", " ", text, flags=re.IGNORECASE)
    text = _strong(_TAG.sub("", text))
    text = re.sub(r"(?<![\w*\\])\*(?=\S)([^*]+?)(?<=[^\s\\])\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<![\w\\])_(?=\S)([^_]+?)(?<=[^\s\\])_(?!\w)", r"\1", text)
    # Around code.
    text = _ESCAPED.sub(r"\1", text.replace("**", ""))
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)
