"""Duplicates, exact and near, within a generator, across generators, and against what is replayed from
earlier cycles: the newer stays.

Exact: the same prompt. Two answers to one question would teach a coin flip. Near: prompt and answer both
share at least 0.8 of their runs of three words (Jaccard, estimated by 32 MinHashes each). Prompts alone do
not count, since many questions are asked about one piece of code, nor do answers alone, since many questions
have the answer "yes".

Fresh goes before replayed, whatever the dates say; so a replayed example never pushes out what this cycle
made, the refresh sample included, and what was kept in an earlier cycle is no reason to drop it in this one.
The wordings of one fact of the knowledge probe, and items of one family of the suite, are meant to be alike:
only exact duplicates of theirs are dropped.
"""

from typing import Any

import numpy

from autodidact.gate.compact_examples import REPLAYED, mark_id
from autodidact.gate.rule import Context, Drop
from autodidact.shingles import PERMUTATIONS

NAME = "duplicates"

NEAR = 0.8

# MinHashes of the prompt and as many of the answer that make a band; 16 bands. Of pairs that are alike by 0.8
# in both, 99.98% share a band.
ROWS = 2

# Each example is compared with so many newer ones of a band, so that time is linear even where all are alike.
NEIGHBOURS = 4


def settle(marks: numpy.ndarray, context: Context) -> dict[int, Drop]:
    """Which rows of `marks` are dropped. The order of the rows makes no difference."""
    ids = marks["id"]
    newest_first = numpy.lexsort(
        (marks["line"], ids[:, 1], ids[:, 0], -marks["time"], marks["kind"] == REPLAYED)
    )
    _, first, same = numpy.unique(marks["asks"][newest_first], return_index=True, return_inverse=True)
    twin = newest_first[first[same]]
    exact = {int(row): int(kept) for row, kept in zip(newest_first, twin, strict=True) if row != kept}
    left = newest_first[twin == newest_first]
    near = _near(marks, left)
    drops = {}
    for row, kept in exact.items():
        reason = (
            "the same example"
            if (ids[row] == ids[kept]).all()
            else "the same question, answered by a newer example"
        )
        drops[row] = Drop(reason, mark_id(marks[near.get(kept, kept)]))
    for row, kept in near.items():
        drops[row] = Drop("nearly the same as a newer example", mark_id(marks[kept]))
    return drops


def _near(marks: numpy.ndarray, order: numpy.ndarray) -> dict[int, int]:
    """Row -> the kept row that it nearly repeats, of rows given newest first."""
    older: dict[int, list[int]] = {}
    for band in range(0, PERMUTATIONS, ROWS):
        key: Any = numpy.zeros(len(order), dtype=numpy.uint64)
        for side in ("prompt", "answer"):
            for column in range(band, band + ROWS):
                key = (key ^ marks[side][order, column]) * numpy.uint64(0x9E3779B97F4A7C15)
                key ^= key >> numpy.uint64(29)
        by_key = numpy.argsort(key, kind="stable")
        for step in range(1, NEIGHBOURS + 1):
            later, earlier = by_key[step:], by_key[:-step]
            pairs = numpy.flatnonzero(key[later] == key[earlier])
            for start in range(0, len(pairs), 65536):
                some = pairs[start : start + 65536]
                alike = _alike(marks, order[later[some]], order[earlier[some]])
                for place, newer in zip(
                    later[some][alike].tolist(), earlier[some][alike].tolist(), strict=True
                ):
                    older.setdefault(place, []).append(newer)
    gone: dict[int, int] = {}
    for place in sorted(older):
        if not marks["unique"][order[place]]:
            kept = min((newer for newer in older[place] if newer not in gone), default=None)
            if kept is not None:
                gone[place] = kept
    return {int(order[place]): int(order[kept]) for place, kept in gone.items()}


def _alike(marks: numpy.ndarray, left: numpy.ndarray, right: numpy.ndarray) -> numpy.ndarray:
    return numpy.logical_and(
        *((marks[side][left] == marks[side][right]).mean(axis=1) >= NEAR for side in ("prompt", "answer"))
    )
