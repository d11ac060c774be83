"""Texts as numbers: the hash of every word, of every run of n words, and MinHashes of those runs. What
leakage, duplicates and balance compare.

A word is a run of letters, digits and underscores, without its case; so layout and punctuation make no
difference. The hashes are those of BLAKE2 and rensa's MinHash (Broder 1997) with a fixed seed: the same on
every machine.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Any

import numpy

# MinHashes of a text. The estimate of a similarity of 0.8 has a standard deviation of sqrt(0.8 * 0.2 / 32) =
# 0.07.
PERMUTATIONS = 32

# Words in a run that MinHash compares: a changed word changes three of them.
SHINGLE = 3

# Words whose hashes are kept in memory, about 40 MB.
REMEMBERED = 1 << 18

_WORD = re.compile(r"\w+")
_FACTOR = 0x9E3779B97F4A7C15
_EDGE: Any = numpy.full(SHINGLE - 1, 0x5DEECE66D, dtype=numpy.uint64)


class _Hashes(dict):
    def __missing__(self, word: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        value = self[word] = hash64(word)
        return value


_HASHES = _Hashes()


def hash64(text: str) -> int:
    """64 bits that depend on the text alone."""
    return int.from_bytes(blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).digest(), "big")


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower() if text.isascii() else text.casefold())


@lru_cache(maxsize=4096)
def hashes(text: str) -> numpy.ndarray:
    """The hashes of the words of a text, in order. Not to be changed: several rules look at the same
    texts."""
    found = words(text)
    return numpy.fromiter(map(_HASHES.__getitem__, found), dtype=numpy.uint64, count=len(found))


def grams(hashed: numpy.ndarray, n: int) -> numpy.ndarray:
    """The hashes of all runs of n words; of the whole when there are fewer words; none of nothing."""
    n = min(n, len(hashed))
    if n == 0:
        return hashed
    runs, length, factor = hashed, 1, _FACTOR
    while length < n:  # runs of 1, 2, 4 ... words, and of n at last, of two that overlap
        step = min(length, n - length)
        runs = runs[: len(runs) - step] * numpy.uint64(factor) + runs[step:]
        length, factor = length + step, factor * _FACTOR % 2**64
    return runs ^ (runs >> numpy.uint64(31))


def shingles(texts: Sequence[Sequence[numpy.ndarray]]) -> list[list[int]]:
    """Of each text, given as the hashes of its parts, the hashes of its runs of SHINGLE words. Each has a
    mark before its first word and after its last, so that these count in as many runs as the others. All are
    hashed together, which takes a quarter of the time.
    """
    whole = grams(numpy.concatenate([piece for text in texts for piece in (_EDGE, *text, _EDGE)]), SHINGLE)
    runs, start = [], 0
    for text in texts:
        size = sum(map(len, text)) + 2 * len(_EDGE)
        runs.append(whole[start : start + size - SHINGLE + 1].tolist())
        start += size
    return runs


def minhashes(texts: Sequence[list[int]]) -> Any:
    """An array (texts, PERMUTATIONS) of uint32, of the hashes of their runs. Two rows agree in a column as
    often as their sets overlap (Jaccard).
    """
    from rensa import RMinHash

    rows = RMinHash.digest_matrix_from_token_hash_sets(texts, PERMUTATIONS, 1).to_rows()
    flat = numpy.fromiter(chain.from_iterable(rows), dtype=numpy.uint32, count=len(texts) * PERMUTATIONS)
    return flat.reshape(len(texts), PERMUTATIONS)
