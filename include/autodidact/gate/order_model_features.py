"""Which runs of characters and of words a text has, as places in a table of weights, for a linear model of
text that knows no language and so reads all of them.

Runs of 2 to 5 characters and of 1 to 3 words are hashed: two different runs may share a place. Everything is
computed for many windows at once, with numpy, some 0.3 us a character.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy

CHARACTERS, WORDS = (2, 3, 4, 5), (1, 2, 3)

# Places for runs of characters, a power of two; as many more follow for runs of words.
PLACES = 2**17

_WORD = re.compile(r"[^\W_]+|[^\w\s]")
_DIGIT = re.compile(r"[0-9]")

_U = numpy.uint64
# An odd number, so that it has an inverse modulo 2^64; the golden ratio spreads well.
_FACTOR = 0x9E3779B97F4A7C15
_INVERSE = pow(_FACTOR, -1, 2**64)

Array = Any


def joined(pieces: Sequence[str]) -> tuple[str, Array, Array]:
    """All pieces in one text, with a blank around each, and where each begins and ends, its blanks
    included. A window is from the beginning of one piece to the end of the same or of a later one.
    """
    lengths = numpy.array([len(piece) for piece in pieces], dtype=int)
    ends = numpy.cumsum(lengths + 1) + 1
    return f" {_DIGIT.sub('0', ' '.join(pieces))} ", ends - lengths - 2, ends


def runs(text: str) -> Iterator[tuple[int, Array, Array, Array]]:
    """For each length of run: whether it is of words (1) or characters (0), where each run begins and ends in
    the text, and its place in the table.
    """
    codes = numpy.frombuffer(text.encode("utf-32-le", "replace"), dtype=numpy.uint32).astype(_U)
    begins: Array = numpy.arange(len(codes))
    for length, places in _hashed(codes, CHARACTERS):
        yield 0, begins[: len(places)], begins[: len(places)] + length, places
    spans = numpy.array([match.span() for match in _WORD.finditer(text)], dtype=int).reshape(-1, 2)
    for length, places in _hashed(_words(codes, spans), WORDS):
        yield 1, spans[: len(places), 0], spans[length - 1 :, 1], places + PLACES


def _hashed(items: Array, lengths: Sequence[int]) -> Iterator[tuple[int, Array]]:
    """For each length the places of all runs of so many items."""
    for length in lengths:
        count = max(0, len(items) - length + 1)
        found: Array = numpy.full(count, length, dtype=_U)
        for k in range(length):
            found = found * _U(_FACTOR) + items[k : k + count]
        yield length, (_mixed(found) & _U(PLACES - 1)).astype(numpy.int64)


def _mixed(found: Array) -> Array:
    found = (found ^ (found >> _U(31))) * _U(0xBF58476D1CE4E5B9)
    return found ^ (found >> _U(29))


def _words(codes: Array, spans: Array) -> Array:
    """The hash of each word: a polynomial, as the difference of two of its sums up to a place."""
    with numpy.errstate(over="ignore"):
        powers = numpy.cumprod(numpy.full(len(codes), _U(_FACTOR)), dtype=_U)
        inverse = numpy.cumprod(numpy.full(len(codes), _U(_INVERSE)), dtype=_U)
        sums = numpy.concatenate([numpy.zeros(1, dtype=_U), numpy.cumsum(codes * powers, dtype=_U)])
        return _mixed((sums[spans[:, 1]] - sums[spans[:, 0]]) * inverse[spans[:, 0]])


def scores(text: str, begins: Array, ends: Array, weights: Array) -> Array:
    """For each window of a text (from `begins` to `ends`) the sum of the weights of its runs: those of
    characters and those of words are each divided by the root of their number.
    """
    sums, counts = numpy.zeros((2, len(begins))), numpy.zeros((2, len(begins)))
    for kind, run_begins, run_ends, places in runs(text):
        upto = numpy.concatenate([[0.0], numpy.cumsum(weights[places], dtype=float)])
        first = numpy.searchsorted(run_begins, begins)
        last = numpy.maximum(first, numpy.searchsorted(run_ends, ends, side="right"))
        sums[kind] += upto[last] - upto[first]
        counts[kind] += last - first
    found: Array = (sums / numpy.sqrt(numpy.maximum(counts, 1))).sum(axis=0)
    return found


def matrix(texts: Sequence[str]) -> Any:
    """One row a text, so that its product with the weights is what `scores` returns: a scipy.sparse.csr_array
    of float32.
    """
    from scipy.sparse import csr_array

    columns, values, starts = [], [], [0]
    for text in texts:
        whole, _, _ = joined([text])
        by_kind: list[list[Array]] = [[], []]
        for kind, _, _, places in runs(whole):
            by_kind[kind].append(places)
        for found in map(numpy.concatenate, by_kind):
            places, counts = numpy.unique(found, return_counts=True)
            columns.append(places.astype(numpy.int32))
            values.append((counts / max(1.0, len(found) ** 0.5)).astype(numpy.float32))
        starts.append(starts[-1] + len(columns[-1]) + len(columns[-2]))
    data = numpy.concatenate(values), numpy.concatenate(columns), numpy.array(starts, dtype=numpy.int32)
    return csr_array(data, shape=(len(texts), 2 * PLACES))
