"""A text as somebody would read it who sees through a disguise: in plain letters, without markup, in one
line, with letters for what looks like them.
"""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from autodidact.scanning.decodings import unescape

# Letters of other scripts that look like Latin ones (Unicode's confusables.txt, as far as fonts agree), in
# lower case.
_LOOK_ALIKE = {
    "a": "аαɑаᴀ",
    "b": "ЬьƄʙᏏ",
    "c": "сϲᴄⅽс",
    "d": "ԁԁⅾɗ",
    "e": "еεєҽеᴇ",
    "f": "ϝƒſ",
    "g": "ɡցɢ",
    "h": "һհʜһ",
    "i": "іιıɩɪӏі",
    "j": "јϳјᴊ",
    "k": "кκᴋ",
    "l": "ӏⅼʟ",
    "m": "мⅿᴍ",
    "n": "ոпηɴ",
    "o": "оοօоᴏө",
    "p": "рρᴘ",
    "q": "ԛգ",
    "r": "гʀᴦ",
    "s": "ѕꜱѕ",
    "t": "тτᴛ",
    "u": "υսᴜц",
    "v": "νѵᴠѵ",
    "w": "ѡԝᴡшω",
    "x": "хχхх",
    "y": "уγүʏу",
    "z": "ᴢ",
}
_LATIN = str.maketrans({look: letter for letter, looks in _LOOK_ALIKE.items() for look in looks})

_DIGITS = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "i"}
)
_WITH_DIGITS = re.compile(r"[0134570@$!|][a-z](?<=[a-z].[a-z])")

# A mark after a Latin letter: `é` and `e` with a heap of marks are read as `e`.
_MARKS = re.compile("([a-z])[\u0300-\u036f]+")
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")

_COMMENT = re.compile(r"<!--(.{0,2000}?)-->", re.DOTALL)
_INLINE = re.compile(
    r"</?(?:b|i|em|strong|span|u|s|mark|sub|sup|font|a|code|small|wbr|big|kbd|del|ins|q)\b[^<>\n]{0,200}>"
)
_LINK = re.compile(r"!?\[([^\[\]\n]{1,200})\](?:\([^()\n]{0,300}\)|\[[^\[\]\n]{0,100}\])")
_EMPHASIS = re.compile(r"(?<!\w)[*_~]{1,3}(?=\S)|(?<=\S)[*_~]{1,3}(?!\w)|(?<=\w)(?:[*~`]{1,3}|__)(?=\w)")
_HYPHEN = re.compile(r"-\n(?<=[a-z]-\n)[ \t>#*/]*(?=[a-z])")
_WRAPPED = re.compile(r"\n(?<![\s.!?:;]\n)[ \t]*(?:[>#*/|]+[ \t]*)?(?=[^\W\d_])")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_MAYBE_APART = re.compile(r"(?:[ .\-_*]\w){5}[ .\-_*]")
_APART = re.compile(r"(?<!\w)\w(?:[ .\-_*]{1,3}\w){7,}(?!\w)")
_BETWEEN = re.compile(r"(?<=\w)[ .\-_*]+(?=\w)")
# Words with something else than a blank between all of them: `ignore_all_previous_instructions_and_...`.
_STRUNG = re.compile(r"\b[^\W_]+(?:(?:[-_;/|+=~*!.]{1,3} ?)[^\W_]+){4,}")
_STRINGS = re.compile(r"[-_;/|+=~*!.]+ ?")
# What pages show of a picture or a word when the pointer rests on it, and what programs read there.
_ATTRIBUTE = re.compile(
    r"\b(?:title|alt|aria-label|content|placeholder|summary)\s*=\s*(?:\"([^\"<>]{9,500})\"|'([^'<>]{9,500})')"
)
_TURNED = ("snoitcurtsni", "tpmorp metsys", "selur ")
_ROT13 = ("vafgehpgvba", "flfgrz cebzcg", "ehyrf ")
# Words of orders, which are read with their letters in any order after the first one.
_KEYS = (
    "ignore",
    "disregard",
    "forget",
    "previous",
    "earlier",
    "instructions",
    "instruction",
    "system",
    "prompt",
)
_KEYS_BY_LETTERS = {(word[0], *sorted(word)): word for word in _KEYS}
_MISSPELT = re.compile(
    r"\b(?:" + "|".join(f"{word[0]}[{word}]{{{len(word) - 1}}}" for word in _KEYS) + r")\b"
)


def readings(text: str) -> list[str]:
    """The readings of a text, in lower case, each once: plain; in Latin letters; with letters for digits;
    with letters that stand apart joined, and `_unusual` ones.
    """
    plain = unescape(text).lower()
    if not plain.isascii():
        plain = _ARABIC_MARKS.sub("", _MARKS.sub(r"\1", unicodedata.normalize("NFD", plain)))
        plain = unicodedata.normalize("NFC", plain)
    found = [_bare(plain)]
    if "<!--" in plain:
        found.append(_bare(_COMMENT.sub("", plain)))
    if not plain.isascii():
        found.append(found[0].translate(_LATIN))
    if _WITH_DIGITS.search(found[-1]):
        found.append(found[-1].translate(_DIGITS))
    if _MAYBE_APART.search(plain):
        found.append(_bare(_APART.sub(_joined, plain).translate(_LATIN)))
    found += _unusual(plain, found[0])
    return list(dict.fromkeys(found))


def _unusual(plain: str, bare: str) -> Iterator[str]:
    """Readings that few texts have: strung words apart, attributes, misspelt words, backwards and in rot13."""
    if _STRUNG.search(plain):
        yield _bare(_STRUNG.sub(lambda match: _STRINGS.sub(" ", match[0]), plain))
    if "=" in plain and (shown := _ATTRIBUTE.findall(plain)):
        yield _bare("\n\n".join(one or other for one, other in shown))
    if any(_spelt(match) != match[0] for match in _MISSPELT.finditer(bare)):
        yield _MISSPELT.sub(_spelt, bare)
    if any(word in plain for word in _TURNED):
        yield bare[::-1]
    if any(word in plain for word in _ROT13):
        yield codecs.decode(bare, "rot13")


def _spelt(match: re.Match) -> str:
    """The word of an order that has these letters, else the word as it is."""
    return _KEYS_BY_LETTERS.get((match[0][0], *sorted(match[0])), match[0])


def _joined(match: re.Match) -> str:
    """Letters apart put together: what stands between most of them goes, other gaps end a word."""
    gap = Counter(_BETWEEN.findall(match[0])).most_common(1)[0][0]
    return _BETWEEN.sub(lambda between: "" if between[0] == gap else " ", match[0])


def _bare(text: str) -> str:
    """Without Markdown and inline tags, with wrapped lines in one."""
    if "<" in text:
        text = _INLINE.sub("", text)
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text or "~" in text or "`" in text:
        text = _EMPHASIS.sub("", text)
    if "\n" in text:
        text = _WRAPPED.sub(" ", _HYPHEN.sub("", text))
    return _BLANKS.sub(" ", text)
