"""A text as somebody would read it who sees through a disguise: in plain letters, without markup, in one
line, with letters for what looks like them.
"""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from autodidact.gate.text_in_fragments import fragments, latex
from autodidact.gate.text_without_layout import layouts, paragraphs
from autodidact.scanning.decodings import unescape
from autodidact.shipped_tables import own_table

_TABLE = own_table(__file__)
_LATIN = str.maketrans({look: letter for letter, looks in _TABLE["look_alikes"].items() for look in looks})
# Capitals have other look-alikes than small letters; squared and regional letters have no small form.
_CAPITALS = str.maketrans(
    _TABLE["capitals"]
    | {chr(first + n): chr(97 + n) for first in (0x1F150, 0x1F170, 0x1F1E6) for n in range(26)}
)
_DIGITS = str.maketrans(_TABLE["digits"])
_WITH_DIGITS = re.compile(r"[a-z][013457089@$!|][a-z]")

# Marks after a Latin letter (`é` and `e` with a heap of marks are read as `e`), and lines through any sign.
_MARKS = re.compile("(?<=[a-z])[\u0300-\u036f]+|[\u0332-\u0338]")
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")

_COMMENT = re.compile(r"<!--(.{0,2000}?)-->", re.DOTALL)
_INLINE = re.compile(
    r"</?(?:b|i|em|strong|span|u|s|mark|sub|sup|font|a|code|small|wbr|big|kbd|del|ins|q)\b[^<>\n]{0,200}>"
)
_LINK = re.compile(r"!?\[([^\[\]\n]{1,200})\](?:\([^()\n]{0,300}\)|\[[^\[\]\n]{0,100}\])")
_KEYS = _TABLE["misspelt"]
# A word of an order as code.
_SPAN = re.compile(rf"[`\[]({'|'.join(_KEYS)})[`\]](?![(\[\w])")
# These three begin with their sign and look back from there, so that the search leaps from sign to sign:
# `-(?<=[a-z]-)` matches what `(?<=[a-z])-` matches, in a fifth of the time.
_EMPHASIS = re.compile(
    r"""[*_~`](?:
      (?<!`) (?<!\w.) [*_~]{0,2} (?=\S)                       # before a word
    | (?<!`) (?<=\S.) [*_~]{0,2} (?!\w)                       # after one
    | (?<=\w[*~`]) [*~`]{0,2} (?=\w) | (?<=\w_) _ (?=\w)     # within one
    )""",
    re.VERBOSE,
)
_HYPHEN = re.compile(r"-(?<=[a-z]-)\n[ \t>#*/]*(?=[a-z])")
_WRAPPED = re.compile(r"\n(?<![\s.!?:;]\n)[ \t]*(?:(?:[>#*/|;%]+|--)[ \t]*)?(?=[^\W\d_])")
# All blanks but a single space.
_BLANKS = re.compile(r"[ \t\u00a0](?:(?<! )|[ \t\u00a0])[ \t\u00a0]*")
# Letters apart, five at least, or eight signs with digits among them.
_GAP = r"[ .\-_*・·•۔|/]{1,3}"
_APART = re.compile(rf"(?<!\w)(?:[^\W\d_](?:{_GAP}[^\W\d_]){{4,}}|\w(?:{_GAP}\w){{7,}})(?!\w)")
# A part of each of these. It begins with a sign, so that a text without one is soon left.
_TWO_APART = re.compile(rf"[ .\-_*・·•۔|/]\w{_GAP}\w[ .\-_*・·•۔|/]")
_BETWEEN = re.compile(rf"(?<=\w){_GAP}(?=\w)")
# Words with something else than a blank between all of them: `ignore_all_previous_instructions_and_...`.
_STRUNG = re.compile(r"\b[^\W_]+(?:(?:[-_;/|+=~*!.]{1,3} ?)[^\W_]+){4,}")
# The same from the first sign to the last; likewise.
_STRUNG_SIGNS = re.compile(r"[-_;/|+=~*!.](?: ?[^\W_]+[-_;/|+=~*!.]{1,3}){3}")
_STRINGS = re.compile(r"[-_;/|+=~*!.]+ ?")
_KEYS_BY_LETTERS = {(word[0], *sorted(word)): word for word in _KEYS}
_MISSPELT = re.compile(
    r"\b(?:" + "|".join(f"{word[0]}[{word}]{{{len(word) - 1}}}" for word in _KEYS) + r")\b"
)


def readings(text: str) -> list[str]:
    """The readings of a text, in lower case, each once: plain; in Latin letters; with letters for digits;
    with letters that stand apart joined, and `_unusual` ones.
    """
    unescaped = unescape(text)
    plain = _unmarked(unescaped.lower())
    found = [_bare(plain)]
    if (uncommented := _COMMENT.sub("", plain)) != plain:
        found.append(_bare(uncommented))
    if not plain.isascii():
        found.append(_bare(_unmarked(unescaped.translate(_CAPITALS).lower()).translate(_LATIN)))
    if _WITH_DIGITS.search(found[-1]):
        found.append(found[-1].translate(_DIGITS))
    if _TWO_APART.search(plain) and (joined := _APART.sub(_joined, plain)) != plain:
        found += [_bare(joined), _bare(joined.translate(_LATIN)), _bare(joined.translate(_DIGITS))]
    found += [*_unusual(plain, found[0]), *map(_bare, latex(text.lower()))]
    return list(dict.fromkeys(found))


def _unmarked(text: str) -> str:
    """The text without what stands above, below or across its letters."""
    if text.isascii():
        return text
    bare = _ARABIC_MARKS.sub("", _MARKS.sub("", unicodedata.normalize("NFD", text)))
    return unicodedata.normalize("NFC", bare)


def _unusual(plain: str, bare: str) -> Iterator[str]:
    """Readings that few texts have: strung words apart, out of their layout, misspelt words, backwards, in
    rot13.
    """
    if _STRUNG_SIGNS.search(plain):
        apart = _STRUNG.sub(lambda match: _STRINGS.sub(" ", match[0]), plain)
        if apart != plain:
            yield _bare(apart)
    yield from map(_bare, layouts(plain))
    yield from map(_bare, fragments(plain))
    yield _MISSPELT.sub(_spelt, bare)
    if any(word in plain for word in _TABLE["backwards"]):
        yield bare[::-1]
    if any(word in plain for word in _TABLE["rot13"]):
        yield codecs.decode(bare, "rot13")


def _spelt(match: re.Match) -> str:
    """The word of an order that has these letters, else the word as it is."""
    return _KEYS_BY_LETTERS.get((match[0][0], *sorted(match[0])), match[0])


def _joined(match: re.Match) -> str:
    """Letters apart put together: what stands between most of them goes, other gaps end a word."""
    gap = Counter(_BETWEEN.findall(match[0])).most_common(1)[0][0]
    return _BETWEEN.sub(lambda between: "" if between[0] == gap else " ", match[0])


def _bare(text: str) -> str:
    """Without Markdown and tags, with wrapped lines in one."""
    text = _INLINE.sub("", paragraphs(text))
    if "](" in text or "][" in text:
        text = _LINK.sub(r"\1", text)
    text = _EMPHASIS.sub("", _SPAN.sub(r"\1", text))
    return _BLANKS.sub(" ", _WRAPPED.sub(" ", _HYPHEN.sub("", text)))
