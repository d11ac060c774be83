"""Balance, the last rule: no generator keeps more than 600 examples, nor more than 35% of the mix. The
article: 2,666 of one made the model verbose and repetitive; "data balance beats data volume".

What stays when there are more: facts of the knowledge probe first, replayed examples last; within each, one
of every category in turn; within those, one of every source, then two more of each, then four; and in each of
these rounds what is new first. New is what says something that no other says, or only later ones in the order
of their ids: an example's 64 MinHashes stand for its runs of words, and each counts 1 where it comes first,
1/2 the second time, 1/3 the third. That is greedy coverage in one pass, weighted by quality. It depends on no
order of the input, needs no memory beyond the marks, and a change of ten examples in 3,000 displaces about
one other (benchmarks/gate.py, also for what it covers).

No file, conversation or page gives more than 10% of the mix (`gate.source_share`), so that a flood out of one
of them moves nothing: what it has over that goes, its last in rank first, and others take the places. Facts
of the probe stay, and 40 examples of one are no flood. Of what is kept of httpx the largest gives 2.3%
(`sources` in the report). Authors are not limited: in most repositories one person wrote most.

A category keeps at least 40 where there are as many; the cap wins over that, and that over the shares. Shares
hold where at least three generators have 40 or more: with fewer there is no mix to balance. Within the cap a
generator keeps the part of its examples that `gate.quotas` names, which the feedback of the cycle before sets
(promotion/next_cycle_settings.py); what is protected stays.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy

from autodidact.gate.compact_examples import PROBE, mark
from autodidact.gate.rule import Drop
from autodidact.records import Example
from autodidact.shingles import PERMUTATIONS, hash64

NAME = "balance"

# Generators with `gate.floor` examples from which on the share of the mix is limited: with two, one has half
# at least.
GENERATORS = 3


def novelty(marks: numpy.ndarray) -> numpy.ndarray:
    """For each example between 0 and 1: how much of it no other example of its generator says before it, in
    the order of the ids.
    """
    total = numpy.zeros(len(marks))
    for side in ("prompt", "answer"):
        for column in range(PERMUTATIONS):
            value = (
                marks[side][:, column].astype(numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
                ^ marks["generator"]
            )
            total += 1.0 / (1 + _turns((marks["line"], marks["id"][:, 0]), (value,)))
    return total / (2 * PERMUTATIONS)


def order(marks: numpy.ndarray, floor: int = 0) -> tuple[numpy.ndarray, numpy.ndarray]:
    """(rank, protected): the place of each row among those of its generator, best first, and whether it is of
    the probe or of a category's floor.
    """
    if not len(marks):
        return numpy.zeros(0, dtype=int), numpy.zeros(0, dtype=bool)
    draw = -novelty(marks) * marks["quality"]
    tie, generator, kind, category = marks["line"], marks["generator"], marks["kind"], marks["category"]
    turn = _turns((tie, draw), (marks["group"], category, kind, generator))
    turn = numpy.log2(turn + 1).astype(int)  # rounds of one, two, four ... of a source
    turn = _turns((tie, draw, turn), (category, kind, generator))
    rank = _turns((tie, category, turn, kind), (generator,))
    protected = (_turns((tie, draw, rank), (category,)) < floor) | (kind == PROBE)
    return _turns((tie, rank, ~protected, kind != PROBE), (generator,)), protected


def _turns(by: tuple, within: tuple) -> numpy.ndarray:
    """The place of each row among those equal in `within`, sorted `by` (the last of both is the first
    key)."""
    rows = numpy.lexsort((*by, *within))
    starts: Any = numpy.zeros(len(rows), dtype=bool)
    starts[0] = True
    for column in within:
        starts[1:] |= column[rows][1:] != column[rows][:-1]
    places = numpy.arange(len(rows))
    turns: Any = numpy.empty(len(rows), dtype=int)
    turns[rows] = places - numpy.maximum.accumulate(numpy.where(starts, places, 0))
    return turns


def quotas(
    sizes: list[int], protected: list[int], cap: int, floor: int, share: float, parts: Sequence[float] = ()
) -> list[int]:
    """How many each generator keeps of `sizes`: within the cap, of that its part, and then within its share
    of the mix, but what is protected stays.
    """
    most = [min(size, cap) for size in sizes]
    if parts:
        most = [
            max(round(size * part), min(kept, size))
            for size, part, kept in zip(most, parts, protected, strict=True)
        ]
    if sum(size >= max(floor, 1) for size in most) < GENERATORS:
        return most
    quota = most
    while True:
        limit = int(share * sum(quota))
        lower = [
            max(limit, kept) if size > limit and size > kept else size
            for size, kept in zip(quota, protected, strict=True)
        ]
        if lower == quota:
            return quota
        quota = lower


class Ranking:
    """The examples of all generators in the order in which they are kept, and who is among them as others are
    discarded.
    """

    def __init__(self, marks: numpy.ndarray, settings: Any):
        self.settings = settings
        self._rank, self._protected = order(marks, settings.floor)
        names, self._generator = numpy.unique(marks["generator"], return_inverse=True)
        given = {hash64(name): part for name, part in getattr(settings, "quotas", {}).items()}
        self._parts = [given.get(int(name), 1.0) for name in names] if given else []
        self._by_rank = numpy.lexsort((marks["line"], self._rank, self._generator))
        _, self._origin = numpy.unique(marks["origin"], return_inverse=True)
        self._by_origin = numpy.lexsort((marks["line"], self._rank, ~self._protected, self._origin))
        self._open = (marks["origin"] != 0) & ~self._protected
        self._there: Any = numpy.ones(len(marks), dtype=bool)

    def discard(self, row: int) -> None:
        """Another rule dropped it: the next in rank takes its place."""
        self._there[row] = False

    def chosen(self) -> numpy.ndarray:
        """Whether each row is kept."""
        stays = self._stays()
        return stays & (self._places(stays) < self._quotas(stays)[self._generator])

    def lost(self) -> Iterator[tuple[int, Drop]]:
        """The rows that are not kept, and why."""
        settings, stays = self.settings, self._stays()
        among_all, places, quotas = (
            self._places(self._there),
            self._places(stays),
            self._quotas(stays)[self._generator],
        )
        for row in numpy.flatnonzero(self._there & ~(stays & (places < quotas))).tolist():
            if among_all[row] >= settings.cap:
                yield row, Drop("over the cap of its generator", settings.cap)
            elif not stays[row]:
                yield row, Drop("over the share of one source", settings.source_share)
            elif self._parts and self._parts[self._generator[row]] < 1:
                yield row, Drop("over its generator's quota", self._parts[self._generator[row]])
            else:
                yield row, Drop("over its generator's share of the mix", settings.share)

    def _stays(self) -> numpy.ndarray:
        """The rows that are there, without what a source has over its share. The share is of what is kept, so
        it is taken until it fits.
        """
        stays, settings = self._there.copy(), self.settings
        if sum(size >= max(settings.floor, 1) for size in self._sizes(stays)) < GENERATORS:
            return stays
        most = len(stays)
        while True:
            kept = stays & (self._places(stays) < self._quotas(stays)[self._generator])
            most = min(most, max(settings.floor, int(settings.source_share * int(kept.sum()))))
            over = stays & self._open & (self._turns(self._by_origin, self._origin, stays) >= most)
            if not over.any():
                return stays
            stays &= ~over

    def _sizes(self, stays: numpy.ndarray) -> list[int]:
        return numpy.bincount(self._generator, weights=stays).astype(int).tolist()

    def _places(self, stays: numpy.ndarray) -> numpy.ndarray:
        """The place of each row among those of its generator that stay."""
        return self._turns(self._by_rank, self._generator, stays)

    @staticmethod
    def _turns(order: numpy.ndarray, group: numpy.ndarray, stays: numpy.ndarray) -> numpy.ndarray:
        places: Any = numpy.zeros(len(stays), dtype=int)
        rows = order[stays[order]]
        places[rows] = numpy.arange(len(rows)) - numpy.searchsorted(group[rows], group[rows])
        return places

    def _quotas(self, stays: numpy.ndarray) -> numpy.ndarray:
        protected = numpy.bincount(self._generator, weights=stays & self._protected).astype(int).tolist()
        settings = self.settings
        return numpy.array(
            quotas(self._sizes(stays), protected, settings.cap, settings.floor, settings.share, self._parts),
            dtype=int,
        )


def ranked(examples: list[Example]) -> list[int]:
    """Places in `examples`, the one to keep first at the front."""
    marks = mark(examples, [example.line() for example in examples])
    rank, _ = order(marks)
    return numpy.lexsort((marks["line"], rank)).tolist()
