"""Whether a turn is in a language whose ways to correct an answer are known: one of corrections.yaml.

By its letters, and by the common words that it has of each language (languages.yaml). A turn that shows none
is taken for one that is known: "9001, mysql".
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from autodidact.generators.session_miner.correction_signs import UNSPACED
from autodidact.shipped_tables import read_table

# Scripts of the languages that are known, by the first words of their letters' names.
_SCRIPTS = ("LATIN", "CYRILLIC", "CJK", "HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH KATAKANA")
# Of a turn's letters, in other scripts: from there on it is in another language, and not of a word in it.
_FOREIGN = 1 / 3
# Beyond a to z and а to я, what they write.
_LETTERS = frozenset("àâæçèéêëîïôœùûüÿáíóúñãõäößªºё")
# Two words show another language; of a turn of a few words a single one does that is not as short as a name
# or an abbreviation.
_FEW, _LONG = 4, 4
# What a turn quotes is not in the turn's language.
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|«[^»]*»|“[^”]*”|„[^“”]*[“”]|https?://\S+")
_WORD = re.compile(r"[^\W\d_]+")


class Languages(NamedTuple):
    """Common words of each language; (thanks, what takes them back) of the others."""

    known: list[frozenset[str]]
    others: list[frozenset[str]]
    accepts: list[tuple[re.Pattern[str], re.Pattern[str]]]


def is_known(text: str) -> bool:
    """Whether nothing shows that a text is in a language without a table."""
    text = _QUOTED.sub(" ", unicodedata.normalize("NFC", text))
    letters = [char for char in text if char.isalpha()]
    if sum(not unicodedata.name(char, "").startswith(_SCRIPTS) for char in letters) > _FOREIGN * len(letters):
        return False
    if UNSPACED.search(text):
        return True
    words = _WORD.findall(text)
    lower = {word.lower() for word in words}
    # A name keeps its letters in any language: "ask Łukasz".
    foreign = {word for word in words if word.islower() and not all(map(_is_written, word))}
    table = _languages()
    shown = max((lower & common for common in table.others), key=len) | foreign
    if len(shown) < 2 and not (
        len(words) <= _FEW and any(len(word) >= _long(word, foreign) for word in shown)
    ):
        return True
    return len(shown) <= max(len(lower & common) for common in table.known)


def _long(word: str, foreign: set[str]) -> int:
    """Letters with which a word shows its language: fewer with one that no known language writes."""
    return _LONG - 1 if word in foreign else _LONG


def accepts(text: str) -> bool:
    """Whether a text in another language begins with thanks, and takes nothing back."""
    return any(thanks.match(text) and not but.search(text) for thanks, but in _languages().accepts)


def _is_written(char: str) -> bool:
    return char.isascii() or "а" <= char <= "я" or char in _LETTERS


@cache
def _languages() -> Languages:
    table = read_table(__file__, "languages.yaml")
    known, others = ([frozenset(words) for words in table[kind].values()] for kind in ("known", "others"))
    accepts = [(_whole(pair["thanks"]), _whole(pair["but"])) for pair in table["accepts"]]
    return Languages(known, others, accepts)


def _whole(either: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
