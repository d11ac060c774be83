"""The ways in which a reader could read a text: as it stands, with its escapes undone, without markup, joined
over lines, out of base64.

A key that is percent-encoded in a URL, cut in two by a line break or hidden in base64 is as leaked as one in
plain sight. These functions only undo what anybody can undo; nothing is executed, and each takes time linear
in the text.
"""

import base64
import binascii
import html
import re
import unicodedata
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate
from typing import AnyStr

import numpy

BETWEEN = "\x1e"
"""Stands between two readings or two fields of a record; no pattern matches it, so nothing is found across
it.
"""

ROUNDS = 3
"""Escapes within escapes (`%2525`) are undone so many times."""

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
"""Characters that show nothing: zero width, direction marks, fillers, variation selectors, tags."""

_PERCENT = re.compile(r"%(?:u00)?([2-7][0-9A-Fa-f]|0[AaDd])")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,10});")
_ESCAPE = re.compile(
    r"\\(?:[uU]\{?(?:0{2,6})?([0-7][0-9A-Fa-f])\}?|x([0-7][0-9A-Fa-f])|([01][0-7]{2})|([nrt])|([\"'`/_*.+\-=:\\]))"
)
_LISTED = re.compile(r"""(?<=[\w/+=@.!#^*-])["']\s{0,20},\s{0,40}[bruf]?["'](?=[\w/+=@.!#^*-])""")
_QUOTED_PRINTABLE = re.compile(r"=(?:3D|\r?\n)")
_FORUM = re.compile(r"\[/?[a-z]{1,6}\]")
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
_TAG = re.compile(r"<!--[^<>]{0,200}-->|</?[A-Za-z!][^<>\n]{0,200}>")
_JOIN = re.compile(
    r"""[ \t]*(?:["'`)]+[ \t]*[+.&,]?|[+.&\\])?[ \t]*\r?\n[ \t]*(?:(?:[#>|;*+-]|//|--|REM\b|\d{1,4}[:|])[ \t]*){0,3}(?:[+.&][ \t]*)?["'`(]{0,3}
    |["'`][ \t]*[+.&,]?[ \t]*["'`]|["'`][ \t]*[+.&][ \t]*(?=[A-Za-z0-9])""",
    re.VERBOSE,
)
_CONTINUED = re.compile(
    r"""[\\"'`](?:(?<=\\)\r?\n[ \t]*|(?<=[\w/+=@.!#^*-]["'`])\s{0,40}[+.&]?\s{0,80}[bruf]?["'`](?=[\w/+=@.!#^*-]))"""
)
"""The first character is one of four, looked behind only then: a third of the time of looking behind
everywhere.
"""

_ENCODED = re.compile(
    r"[A-Za-z0-9+/_-]{20,}(?:\s{1,12}[A-Za-z0-9+/_-]{20,}){0,200}(?:\s{1,12}[A-Za-z0-9+/_-]{1,80}(?==))?={0,2}"
)
_BASE32 = re.compile("[^A-Z2-7]")
_HEX = re.compile(r"(?:[2-7][0-9A-Fa-f]){12,}")
_URLSAFE = str.maketrans("-_", "+/")


_CLASSES = bytes(
    (
        ord("d")
        if chr(code).isdigit() and code < 128
        else (
            ord("u")
            if 65 <= code <= 90
            else ord("l")
            if 97 <= code <= 122
            else code
            if chr(code) in ".:"
            else ord(" ")
        )
    )
    for code in range(256)
)


def shape(text: str) -> bytes:
    """The text with `d` for each digit, `u` and `l` for the letters of both cases, blanks for the rest but
    `.` and `:`. Looked at, it costs a tenth of what a regular expression does.
    """
    return text.encode("latin-1", "replace").translate(_CLASSES)


def holding(texts: Sequence[AnyStr], needles: Iterable[AnyStr], between: AnyStr) -> list[bool]:
    """Whether each text holds one of the needles, none of which has `between` in it. Looked for in all texts
    at once, some hundred short ones cost a tenth of what they do one by one.
    """
    whole, ends = between.join(texts), list(accumulate(len(text) + len(between) for text in texts))
    found = [False] * len(texts)
    for needle in needles:
        place = whole.find(needle)
        while place >= 0:
            number = bisect_right(ends, place)
            found[number] = True
            place = whole.find(needle, ends[number])
    return found


class Words:
    """Words of ASCII that are looked for in many texts at once, by a table of their first three characters,
    five bits of each: a fifth of the time of looking for each word in each text.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        table = numpy.zeros((32, 32, 32), dtype=bool)
        for word in self.words:
            table[tuple(code & 31 for code in word[:3].encode())] = (
                True  # of a word of two: whatever comes third
            )
        self._table = table.reshape(-1)

    def among(self, texts: Sequence[str]) -> list[bool]:
        """Whether each text holds one of the words."""
        ends = list(accumulate(len(text) + len(BETWEEN) for text in texts))
        whole = BETWEEN.join([*texts, BETWEEN]).encode("latin-1", "replace")
        codes = numpy.frombuffer(whole, dtype=numpy.uint8).astype(numpy.uint16) & 31
        found, number = [False] * len(texts), -1
        for hit in numpy.flatnonzero(
            self._table[(codes[:-2] << 10) | (codes[1:-1] << 5) | codes[2:]]
        ).tolist():
            if number < 0 or hit >= ends[number]:
                number = bisect_right(ends, hit)
                if number == len(texts):
                    break
                found[number] = any(map(texts[number].__contains__, self.words))
        return found


def visible(text: str) -> str:
    """The text in plain letters (NFKC), without characters that show nothing."""
    text = text.replace("\0", "")
    if not text.isascii():
        text = INVISIBLE.sub("", text)
        if not unicodedata.is_normalized("NFKC", text):
            text = unicodedata.normalize("NFKC", text)
    return text


def unescape(text: str) -> str:
    """The text with percent, HTML, backslash and quoted-printable escapes undone, and without characters that
    show nothing.
    """
    for _ in range(ROUNDS):
        before = text
        text = visible(text)
        if "%" in text:
            text = _PERCENT.sub(_percent, text)
        if "&" in text and ";" in text:
            text = _ENTITY.sub(_entity, text)
        if "\\" in text:
            text = _ESCAPE.sub(_escape, text)
        if "=3D" in text or "=\n" in text:
            text = _QUOTED_PRINTABLE.sub(lambda match: "=" if match[0] == "=3D" else "", text)
        if text == before:
            break
    return text


def _percent(match: re.Match) -> str:
    return chr(int(match[1], 16))


def _entity(match: re.Match) -> str:
    return INVISIBLE.sub("", html.unescape(match[0]))


def _escape(match: re.Match) -> str:
    if match[3]:
        return chr(int(match[3], 8))
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else "\n" if match[4] else match[5]


def plain(text: str) -> list[str]:
    """The text, and each other reading of it that is not the same: unescaped, with continued lines and
    neighbouring strings in one piece, and without markup, tags once gone and once blank.
    """
    readings = [text]
    clear = unescape(text)
    if clear != text:
        readings.append(clear)
    continued = _CONTINUED.sub("", text)
    if continued != text:
        readings.append(continued)
    if ("join(" in text or "concat(" in text) and (listed := _LISTED.sub("", text)) != text:
        readings.append(listed)
    bare = bare_of(clear)
    if bare != clear:
        if "<" in clear and (spaced := _TAG.sub(" ", clear)) != clear:
            readings.append(spaced)
        readings.append(bare)
    return readings


def bare_of(text: str) -> str:
    """The text without tags, emphasis and colours."""
    if "<" in text:
        text = _TAG.sub("", text)
    if "[/" in text:
        text = _FORUM.sub("", text)
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    return text.replace("*", "").replace("`", "").replace("~", "").replace("\\", "")


def join(text: str) -> str:
    """The text with what is cut in pieces put together: lines, also of a diff, a comment or a quotation, and
    strings side by side.
    """
    return _JOIN.sub("", text)


def decoded(text: str) -> Iterator[str]:
    """What long runs of base64 or hexadecimal digits say, as Latin-1, from each place where the first
    character could begin; unpacked (gzip, zlib) where that is what they are.
    """
    for match in _ENCODED.finditer(text):
        run = "".join(match[0].rstrip("=").split()).translate(_URLSAFE)
        if run.islower() or run.isdigit():
            continue  # letters of one case alone: a name or a number
        if run.isupper() and not _BASE32.search(run):
            yield base64.b32decode(run[: len(run) // 8 * 8]).decode("latin-1")
        for start in range(4):
            piece = run[start:]
            if (said := _base64(piece)) is not None:
                yield said
    for match in _HEX.finditer(text):
        yield binascii.unhexlify(match[0]).decode("latin-1")


def base85(text: str) -> Iterator[str]:
    """What long runs of base85 say, in a text that speaks of it, both ways to write it. They have signs that
    are markup elsewhere, so the text is the one that stands there.
    """
    if any(map(text.__contains__, _BASE85_SAID)):
        for match in _BASE85.finditer(text):
            for undo in (base64.b85decode, base64.a85decode):
                with suppress(ValueError):
                    yield undo(match[0]).decode("latin-1")


def spelled(text: str, seen: bytes) -> Iterator[str]:
    """What is spelled one character at a time: `g h p`, `'g', 'h', 'p'`, lists of character codes, dumps in
    hexadecimal digits. `seen` is the text's shape.
    """
    if _strings_apart(text):
        yield from (_APART_SIGNS.sub("", match[0]) for match in _LETTERS.finditer(text))
    if _APART in text.encode("latin-1", "replace").translate(_SEEN):
        yield from (match[0][::2] for match in _SPACED.finditer(text))
    if b"dd" in seen and any(map(seen.__contains__, _CODED)) and _LISTS.search(seen):
        for match in _DECIMAL.finditer(text):
            codes = [int(code) for code in re.findall("[0-9]+", match[0])]
            if max(codes) < 127:
                yield bytes(codes).decode("latin-1")
        for match in _PAIRS.finditer(text):
            yield binascii.unhexlify("".join(_PAIR.findall(match[0]))).decode("latin-1")
    if b"dddddddd" in seen and (lines := _DUMP.findall(text)):
        digits = "".join("".join(line.split()) for line in lines)
        yield binascii.unhexlify(digits[: len(digits) // 2 * 2]).decode("latin-1")


def may_be_spelled(texts: Sequence[str], seen: Sequence[bytes]) -> list[bool]:
    """Whether `spelled` may find something in each text; a quick look at all of them at once."""
    apart = holding([text.encode("latin-1", "replace").translate(_SEEN) for text in texts], (_APART,), b"|")
    coded = holding(seen, (*_CODED, b"dddddddd"), b"|")
    return [
        one or other or _strings_apart(text) for one, other, text in zip(apart, coded, texts, strict=True)
    ]


def _strings_apart(text: str) -> bool:
    """Are there commas between quotation marks enough for a list of characters?"""
    return text.count("', '") + text.count('", "') + text.count("','") + text.count('","') >= FEWEST


FEWEST = 12
"""Characters that are spelled one at a time, at least."""

_LETTERS = re.compile(r"""(?:(["'])[^\n"'\\]\1\s?,\s{0,20}){12,2000}["'][^\n"'\\]["']""")
_APART_SIGNS = re.compile(r"""["'],\s*["']|^["']|["']$""")


_APART = b"x x x x x x x x x x x x x "
_SEEN = bytes(ord(" ") if code in b" \t\n" else ord("x") for code in range(256))
_SPACED = re.compile(r"(?<!\S)(?=\S)(?:\S |  ){12,2000}\S(?!\S)")
_CODED = (
    b"dd  dd  dd",
    b"ddd  ddd  d",
    b"dd dd dd",
    b"dl dd d",
    b"dd dl d",
    b"dd:dd:d",
    b"dddd  dddd  d",
    b"dddl  dddd  d",
    b"dddd  dddl  d",
    b"dldd  d",
)
_LISTS = re.compile(rb"[ :](?:[dlu]{1,4}[ :]{1,5}){11}")
"""Short words in a row, after the first: what all lists of codes are, and little else is."""

_DECIMAL = re.compile(r"(?<!\d)(?:\d{1,3}[\s,;]{1,3}){15,2000}\d{1,3}(?!\d)")
_PAIRS = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s,;:]{1,4}){15,2000}(?:0x)?[0-9A-Fa-f]{2}(?![0-9A-Za-z])"
)
_PAIR = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?=[\s,;:]|\Z)")
_DUMP = re.compile(
    r"(?m)(?:^|\x1e)[ \t>#|]{0,8}[0-9A-Fa-f]{7,8}:?[ \t]{1,3}"
    r"((?:[0-9A-Fa-f]{4} ){0,7}[0-9A-Fa-f]{2,4}(?=  |[ \t]*$)|(?:[0-9A-Fa-f]{2,4}["
    r" \t]{1,2}){0,15}[0-9A-Fa-f]{2,4}(?![0-9A-Za-z]))"
)


_BASE85_SAID = ("85decode", "85encode", "ascii85", "Ascii85", "base85", "<~")
"""Nobody writes base85 without saying so."""

_BASE85 = re.compile(r"[!#-&(-\[\]-~]{24,2000}")

_PACKED = (b"\x1f\x8b", b"\x78\x9c", b"\x78\xda", b"\x78\x01")
"""How gzip and zlib begin."""

UNPACKED = 100_000
"""Characters of what is packed that are looked at."""

_PRINTABLE = bytes(range(32, 127)) + b"\t\n\r"


def _base64(piece: str) -> str | None:
    """What it says, also packed or in two bytes a character, when most of that can be printed: of random
    bytes a third can.
    """
    piece = piece[: len(piece) - (len(piece) % 4 == 1)]
    try:
        said = binascii.a2b_base64(piece + "=" * (-len(piece) % 4))
    except (binascii.Error, ValueError):
        return None
    if said.startswith(_PACKED):
        said = _unpacked(said)
    if said.count(0) * 3 > len(said):
        said = said.replace(b"\0", b"")
    return said.decode("latin-1") if len(said.translate(None, _PRINTABLE)) <= len(said) // 3 else None


def _unpacked(said: bytes) -> bytes:
    """What gzip or zlib made it of, as far as it goes; itself when they did not."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(said, UNPACKED)
    except zlib.error:
        return said
