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
import string
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import chain

# Stands between two readings or two fields of a record; no pattern matches it, so nothing is found across it.
BETWEEN = "\x1e"

# Escapes within escapes (`%2525`) are undone so many times.
ROUNDS = 3

# Characters of what is packed that are looked at.
UNPACKED = 100_000

# Characters that show nothing: zero width, direction marks, fillers, variation selectors, tags.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)

_PERCENT = re.compile(r"%(?:u00)?([2-7][0-9A-Fa-f]|0[AaDd])")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,10});")
_ESCAPE = re.compile(
    r"""\\(?:
      (?:[uU]|N\{U\+)\{?(?:0{2,6})?([0-7][0-9A-Fa-f])\}?
    | x([0-7][0-9A-Fa-f])
    | ([01][0-7]{2})
    | ([nrt])
    | (["'`/_*.+\-=:\\])
    )""",
    re.VERBOSE,
)
_QUOTED_PRINTABLE = re.compile(r"=(?:3D|\r?\n)")

_FORUM = re.compile(r"\[/?[a-z]{1,6}\]")
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
_TAG = re.compile(r"<!--[^<>]{0,200}-->|</?[A-Za-z!][^<>\n]{0,200}>")
_END_OF_LINE = re.compile(r"<(?:/(?:tr|li|p|div|dd|option)|br ?/?)>\s{0,9}", re.IGNORECASE)
# Emphasis and escapes in the middle of a word.
_EMPHASIS = re.compile(r"[*`~\\](?<=[\w+/=.!@#$%^&-].)[*`~\\]*(?=[\w+/=])")

# A line continued after a backslash, and strings that stand side by side, with a sign of addition perhaps. As
# the pattern begins with its signs and looks back from there, the search leaps from sign to sign.
_CONTINUED = re.compile(
    r"""["'`\\](?:
      (?<=\\)\r?\n[ \t]*
    | (?<=[\w/+=@.!#^*-]["'`])[ \t\r\n]{0,40}[+.&]?[ \t\r\n]{0,80}[bruf]?["'`](?=[\w/+=@.!#^*-])
    )""",
    re.VERBOSE,
)
# The same in a list that is joined.
_LISTED = re.compile(
    r"""["'](?<=[\w/+=@.!#^*-].)[ \t\r\n]{0,20},[ \t\r\n]{0,40}[bruf]?["'](?=[\w/+=@.!#^*-])"""
)

# What an editor, a diff, a comment, a quotation or a string puts at the end of a continued line, and at
# the beginning of the next.
_QUOTES = ('"', "'", "`", ")")
_LINE_START = re.compile(
    r"""[ \t]*(?:(?:[#>|;*+-]|//|--|REM\b|\[?\d{1,4}[:|\])])[ \t]*){0,3}(?:[+.&][ \t]*)?["'`(]{0,3}"""
)
# The gap between two strings of one line.
_GAP = re.compile(r"""["'`][ \t]{0,40}(?:[+.&,]?[ \t]{0,40}["'`]|[+.&][ \t]{0,40}(?=[A-Za-z0-9]))""")

_BASE64 = re.compile(
    r"""[A-Za-z0-9+/_-]{20,}(?:\s{1,12}[A-Za-z0-9+/_-]{20,}){0,200}
        (?:\s{1,12}[A-Za-z0-9+/_-]{1,80}(?==))?={0,2}""",
    re.VERBOSE,
)
_NOT_BASE32 = re.compile("[^A-Z2-7]")
_BASE85 = re.compile(r"[!#-&(-\[\]-~]{24,2000}")
# Nobody writes base85 without naming it.
_BASE85_NAMES = ("85decode", "85encode", "ascii85", "Ascii85", "base85", "<~")
_HEX = re.compile(r"[2-7][0-9A-Fa-f](?:[2-7][0-9A-Fa-f]){11,}")
_URLSAFE = str.maketrans("-_", "+/")

# How gzip and zlib begin.
_PACKED = (b"\x1f\x8b", b"\x78\x9c", b"\x78\xda", b"\x78\x01")
_PRINTABLE = bytes(range(32, 127)) + b"\t\n\r"

# Characters spelled one at a time: `'g', 'h', 'p'`; `g h p`; `103, 104, 112`; `67 68 70`; a dump in lines.
# So many at least: a text with fewer quotes, digits or signs is not searched for them.
SPELLED = 12

# For the slower patterns also a part is given that each match holds. It begins with a sign or a blank, so
# that a text without it is soon left.
_STRINGS = re.compile(r"""(?:(["'])[^\n"'\\]\1\s?,\s{0,20}){12,2000}["'][^\n"'\\]["']""")
_STRINGS_PART = re.compile(r"""["']\s?,\s{0,20}["'][^\n"'\\]["']""")
_STRING_SIGNS = re.compile(r"""["'],\s*["']|^["']|["']$""")
_SPACED = re.compile(r"(?<!\S)\S (?:\S |  ){11,2000}\S(?!\S)")
_SPACED_PART = re.compile(r" (?:\S |  ){10}")
_DECIMAL = re.compile(r"(?:\d{1,3}[\s,;]{1,3}){15,2000}\d{1,3}(?!\d)")
_PAIRS = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s,;:]{1,4}){15,2000}(?:0x)?[0-9A-Fa-f]{2}(?![0-9A-Za-z])"
)
_PAIRS_PART = re.compile(r"[\s,;:][0-9A-Fa-fx\\\s,;:]{30}")
_PAIR = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?=[\s,;:]|\Z)")
_BITS = re.compile(r"(?<!\d)(?:(?:0b)?[01]{8}[\s,]{1,3}){15,2000}(?:0b)?[01]{8}(?!\d)")
_POINTS = re.compile(r"(?:U\+00[0-7][0-9A-Fa-f][\s,]{0,3}){12,2000}")
_QUOTED = re.compile(r"(?:=[2-7][0-9A-F]){12,2000}")
# Groups of as many characters with blanks between them, as a key is read aloud: three at least.
_GROUPED = re.compile(
    "|".join(
        rf"(?<!\S)(?:[\w+/=-]{{{n}}} ){{{max(2, 16 // n)},200}}[\w+/=-]{{1,{n}}}(?!\S)" for n in (4, 5, 8)
    ),
    re.ASCII,
)
_GROUPED_PART = re.compile(
    " (?:"
    + "|".join(rf"(?<=[\w+/=-]{{{n}}} )(?:[\w+/=-]{{{n}}} ){{{max(2, 16 // n) - 1}}}" for n in (4, 5, 8))
    + ")",
    re.ASCII,
)
_DUMP = re.compile(
    r"""(?:^|\x1e)[ \t>#|]{0,8}[0-9A-Fa-f]{7,8}:?[ \t]{1,3}(
      (?:[0-9A-Fa-f]{4}[ ]){0,7}[0-9A-Fa-f]{2,4}(?=[ ]{2}|[ \t]*$)
    | (?:[0-9A-Fa-f]{2,4}[ \t]{1,2}){0,15}[0-9A-Fa-f]{2,4}(?![0-9A-Za-z])
    )""",
    re.MULTILINE | re.VERBOSE,
)


def lower_case(text: str) -> str:
    """The text in lower case, as long as it is: letters whose small form is longer than they are stay."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def visible(text: str) -> str:
    """The text in plain letters (NFKC), without characters that show nothing."""
    text = text.replace("\0", "")
    return text if text.isascii() else unicodedata.normalize("NFKC", INVISIBLE.sub("", text))


def unescape(text: str) -> str:
    """The text with percent, HTML, backslash and quoted-printable escapes undone, and without characters that
    show nothing.
    """
    for _ in range(ROUNDS):
        before = text
        text = _PERCENT.sub(lambda match: chr(int(match[1], 16)), visible(text))
        text = _ENTITY.sub(lambda match: INVISIBLE.sub("", html.unescape(match[0])), text)
        text = _ESCAPE.sub(_escaped, text)
        text = _QUOTED_PRINTABLE.sub(lambda match: "=" if match[0] == "=3D" else "", text)
        if text == before:
            break
    return text


def _escaped(match: re.Match) -> str:
    """The character of a backslash escape."""
    code, octal, blank, sign = match[1] or match[2], match[3], match[4], match[5]
    if code or octal:
        return chr(int(code, 16) if code else int(octal, 8))
    return "\n" if blank else sign


@lru_cache(maxsize=4)
def readings(text: str) -> tuple[str, ...]:
    """The text, and each other reading of it that is not the same: unescaped, with continued lines and
    neighbouring strings in one piece, and last without markup, tags once gone and once blank.

    The last few are kept, because credentials, personal data and denied words are looked for in turn.
    """
    clear = unescape(text)
    found = [text, clear, _CONTINUED.sub("", text)]
    if "join(" in text or "concat(" in text:
        found.append(_LISTED.sub("", text))
    bare = bare_of(clear)
    if bare != clear:
        found += [_TAG.sub(" ", clear), bare]
    return tuple(dict.fromkeys(found))


def bare_of(text: str) -> str:
    """The text without tags, without colours, and without emphasis within words."""
    return _EMPHASIS.sub("", _COLOUR.sub("", _FORUM.sub("", _TAG.sub("", text))))


def rows(text: str) -> str:
    """The text of a page in HTML, each row, item and paragraph on a line."""
    return _TAG.sub(" ", _END_OF_LINE.sub("\n", text))


def join(text: str) -> str:
    """The text with what is cut in pieces put together: lines, also of a diff, a comment or a quotation, and
    strings side by side.
    """
    first, *others = text.split("\n")
    lines = [first, *map(_without_start, others)]
    return _GAP.sub("", "".join([*map(_without_end, lines[:-1]), lines[-1]]))


def _without_start(line: str) -> str:
    start = _LINE_START.match(line)
    return line[start.end() :] if start else line


def _without_end(line: str) -> str:
    """The line without what only marks it as continued."""
    line = line.rstrip(" \t\r")
    if line.endswith(("+", ".", "&", "\\", ",")):
        before = line[:-1].rstrip(" \t")
        if not line.endswith(",") or before.endswith(_QUOTES):
            line = before
    return line.rstrip("\"'`)")


def decoded(text: str) -> Iterator[str]:
    """What long runs of base64, base32 or hexadecimal digits stand for, as Latin-1, from each place where the
    first character could begin; unpacked (gzip, zlib) where that is what they are.
    """
    for match in _BASE64.finditer(text):
        run = "".join(match[0].rstrip("=").split()).translate(_URLSAFE)
        if run.islower() or run.isdigit():
            continue  # letters of one case alone: a name or a number
        if run.isupper() and not _NOT_BASE32.search(run):
            yield base64.b32decode(run[: len(run) // 8 * 8]).decode("latin-1")
        for start in range(4):
            if (plain := _base64(run[start:])) is not None:
                yield plain
    for match in _HEX.finditer(text):
        yield binascii.unhexlify(match[0]).decode("latin-1")


def base85(text: str) -> Iterator[str]:
    """What long runs of base85 stand for, in a text that names it, both ways to write it. They have signs
    that are markup elsewhere, so the text is given as it stands.
    """
    if any(name in text for name in _BASE85_NAMES):
        for match in _BASE85.finditer(text):
            for undo in (base64.b85decode, base64.a85decode):
                with suppress(ValueError):
                    yield undo(match[0]).decode("latin-1")


def spelled(text: str) -> Iterator[str]:
    """What is spelled one character at a time: `g h p`, `'g', 'h', 'p'`, lists of character codes, dumps in
    hexadecimal digits.
    """
    quotes, numerals = (sum(map(text.count, signs)) for signs in ("\"'", string.digits))
    for match in _STRINGS.finditer(text) if quotes >= 2 * SPELLED and _STRINGS_PART.search(text) else ():
        yield _STRING_SIGNS.sub("", match[0])
    for match in _SPACED.finditer(text) if _SPACED_PART.search(text) else ():
        yield match[0][::2]
    for match in _DECIMAL.finditer(text) if numerals >= SPELLED else ():
        numbers = re.findall("[0-9]+", match[0])
        for base in (10, 8):
            with suppress(ValueError):  # no digits of that base, or no characters
                yield bytes(int(number, base) for number in numbers).decode("ascii")
    for match in _PAIRS.finditer(text) if _PAIRS_PART.search(text) else ():
        yield binascii.unhexlify("".join(_PAIR.findall(match[0]))).decode("latin-1")
    for match in _BITS.finditer(text) if numerals >= 8 * SPELLED else ():
        yield "".join(chr(int(bits, 2)) for bits in re.findall("[01]{8}", match[0]))
    points = _POINTS.finditer(text) if "U+00" in text else ()
    quoted = _QUOTED.finditer(text) if text.count("=") >= SPELLED else ()
    for match in chain(points, quoted):
        yield "".join(chr(int(code, 16)) for code in re.findall("[0-7][0-9A-Fa-f](?![0-9A-Fa-f])", match[0]))
    for match in _GROUPED.finditer(text) if _GROUPED_PART.search(text) else ():
        yield match[0].replace(" ", "")
    if lines := _DUMP.findall(text):
        digits = "".join("".join(line.split()) for line in lines)
        yield binascii.unhexlify(digits[: len(digits) // 2 * 2]).decode("latin-1")


def _base64(piece: str) -> str | None:
    """What base64 stands for, also packed or in two bytes a character, when most of that can be printed: of
    random bytes a third can.
    """
    piece = piece[: len(piece) - (len(piece) % 4 == 1)]
    try:
        data = binascii.a2b_base64(piece + "=" * (-len(piece) % 4))
    except (binascii.Error, ValueError):
        return None
    if data.startswith(_PACKED):
        data = _unpacked(data)
    if data.count(0) * 3 > len(data):
        data = data.replace(b"\0", b"")
    return data.decode("latin-1") if len(data.translate(None, _PRINTABLE)) <= len(data) // 3 else None


def _unpacked(data: bytes) -> bytes:
    """What gzip or zlib made it of, as far as it goes; itself when they did not."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data, UNPACKED)
    except zlib.error:
        return data
