"""A retrieval over passages: BM25 chooses some, the shipped embedding judges these, and both ranks count.

BM25 knows names, the embedding knows meanings; together they find more than either: of 93 questions about
click the answer stands in the first 3,000 characters for 79, 79 and 83 (benchmarks/retrieval.py).
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from autodidact.ledger.cut_passages import Passage
from autodidact.models.embedding import ByteCache, Embedder
from autodidact.scanning import denied, find, redact
from autodidact.settings import Settings

# Passages that the embedding judges for a question: it reads 20 a second, and each once.
POOL = 20
# Tokens and characters of a passage that the embedding reads.
TOKENS, CHARACTERS = 96, 400
# Saturation and length of BM25 (Robertson and Zaragoza 2009, section 3.2).
K1, B = 1.2, 0.75
# How often a word of the title counts, and one that the question quotes: both are names of what it is about.
# With 1 and 1 the answer stands in 3,000 characters for 71 of 93 questions about click, with these for 79.
TITLE, QUOTED = 4, 3
# Of the ranks of both: the reciprocal rank fusion of Cormack, Clarke and Buettcher (2009).
FUSION = 60

_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"`([^`]+)`|\"([^\"]+)\"")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")


def terms(text: str) -> Iterator[str]:
    """The words of a text in lower case: names whole, and what they are put together of."""
    for word in _WORD.findall(text):
        yield word.lower()
        parts = _PART.findall(word)
        if len(parts) > 1:
            yield from map(str.lower, parts)


class Index:
    """Passages that can be asked. `embedder` None: by BM25 alone."""

    def __init__(self, passages: Sequence[Passage], embedder: Callable[[list[str]], Any] | None = None):
        self.passages, self._embedder = passages, embedder
        self._lengths: list[int] = []
        # Term -> (number of the passage, how often).
        self._places: dict[str, list[tuple[int, int]]] = {}
        for number, passage in enumerate(passages):
            counts = Counter(terms(passage.text))
            for term in terms(passage.title):
                counts[term] += TITLE
            self._lengths.append(counts.total())
            for term, count in counts.items():
                self._places.setdefault(term, []).append((number, count))

    @cached_property
    def _mean(self) -> float:
        return sum(self._lengths) / len(self._lengths)

    def lexical(self, question: str, most: int) -> list[int]:
        """The numbers of the passages that BM25 puts first."""
        points: dict[int, float] = {}
        quoted = {term for match in _QUOTED.finditer(question) for term in terms(match[0])}
        for term in sorted(set(terms(question))):
            places = self._places.get(term, ())
            weight = math.log(1 + (len(self._lengths) - len(places) + 0.5) / (len(places) + 0.5))
            weight *= QUOTED if term in quoted else 1
            for number, count in places:
                length = 1 - B + B * self._lengths[number] / self._mean
                points[number] = points.get(number, 0.0) + weight * count * (K1 + 1) / (count + K1 * length)
        return sorted(points, key=lambda number: (-points[number], number))[:most]

    def ranked(self, questions: Sequence[str]) -> list[list[Passage]]:
        """For each question its passages, the best first, at most POOL."""
        pools = [self.lexical(question, POOL) for question in questions]
        if self._embedder:
            pools = [
                _fused(pool, near)
                for pool, near in zip(pools, self.by_meaning(questions, pools), strict=True)
            ]
        return [[self.passages[number] for number in pool] for pool in pools]

    def by_meaning(self, questions: Sequence[str], pools: list[list[int]]) -> Iterator[list[int]]:
        """Each pool in the order of the cosines with its question."""
        assert self._embedder is not None
        wanted = sorted({number for pool in pools for number in pool})
        if not wanted:
            yield from pools
            return
        row = {number: place for place, number in enumerate(wanted)}
        vectors = self._embedder([self.passages[number].shown for number in wanted])
        asked = self._embedder(list(questions))
        for question, pool in zip(asked, pools, strict=True):
            cosine = {number: float(vectors[row[number]] @ question) for number in pool}
            yield sorted(pool, key=lambda number: (-cosine[number], number))


def _fused(left: list[int], right: list[int]) -> list[int]:
    """The numbers of two rankings of the same, by the sum of their reciprocal ranks."""
    points = dict.fromkeys(left, 0.0)
    for ranking in (left, right):
        for rank, number in enumerate(ranking):
            points[number] += 1 / (FUSION + rank)
    return sorted(left, key=lambda number: (-points[number], number))


def embedder(cache: ByteCache | None) -> Embedder:
    """The shipped embedding, reading as much of a passage as judges it. Raises AutodidactError where it is
    not installed.
    """
    return Embedder(cache, tokens=TOKENS, characters=CHARACTERS)


def fitting(
    ranked: Sequence[Passage], room: int, length: Callable[[str], int], settings: Settings
) -> list[str]:
    """The best passages that fit, as a model may read them: personal data masked, none with a credential or
    with what the settings deny.

    `room`: of all together, in the unit of `length`. A passage that is too long is left out, and the next one
    is tried.
    """
    shown: list[str] = []
    for passage in ranked:
        text = redact(passage.shown)
        size = length(text) + 2
        if size <= room and not find(passage.shown) and not denied(passage.shown, settings.gate):
            room -= size
            shown.append(text)
    return shown
