"""Fits the weights by which a correction is told (generators/session_miner/correction_model.npz), and prints
how good they are on turns of writers from whom they learnt nothing.

    nice .venv/bin/python -m benchmarks.train_correction_model [--write] [--by-set] [--held-back SET.yaml ...]

Learnt from: the labelled sets of tests/data/corrections. Printed: how many corrections are found and how many
good answers are lost, of each writer's whole conversations with all other sets learnt from; of each of the
other sets likewise (`--by-set`); and of sets that are never learnt from (`--held-back`). A turn counts as a
correction from where FOUND of the corrections are found in the conversations held back.
"""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy
from scipy.sparse import csr_array, hstack
from sklearn.linear_model import LogisticRegression

from autodidact.generators.session_miner import correction_model
from autodidact.generators.session_miner.is_answer_corrected import plainly
from benchmarks.corrections import SETS, turns_of

WEIGHTS = Path(correction_model.__file__).with_suffix(".npz")
# Inverse strength of the ridge; how much a mark counts beside the runs.
RIDGE, MARKS = 2.0, 0.6
# What a turn of a whole conversation weighs beside one of a set of hard cases: most turns of real logs are
# ordinary. Of 1, 2 and 4 the best on the first four writers' conversations, each held back.
NATURAL = 4.0
# What each turn weighs once more, without how the assistant took it: else that counts for too much.
ALONE = 0.5
# Of the corrections in conversations held back: more than the .9 that are wanted, as writers differ.
FOUND = 0.91


FIELDS = ("next", "question", "answer", "reply")


class Turn(NamedTuple):
    set: str
    correction: bool
    turn: str
    question: str | None = None
    answer: str | None = None
    reaction: str | None = None

    @property
    def natural(self) -> bool:
        return self.set.startswith("conversations")

    @property
    def before(self) -> tuple[str, str, str]:
        return self.question or "", self.answer or "", self.reaction or ""


def turns(path: Path) -> list[Turn]:
    return [
        Turn(path.stem, kind == "correction", *([one] if isinstance(one, str) else map(one.get, FIELDS)))
        for kinds in turns_of(path).values()
        for kind, some in kinds.items()
        for one in some
    ]  # fmt: skip


def table_of(some: Sequence[Turn]) -> Any:
    """One row a turn: its places, then its marks."""
    columns, values, starts = [], [], [0]
    for one in some:
        for places, value in correction_model.groups(one.turn, one.reaction or ""):
            columns += places
            values += [value] * len(places)
        starts.append(len(columns))
    runs = csr_array((values, columns, starts), shape=(len(some), correction_model.PLACES))
    runs.sum_duplicates()
    marks = [correction_model.marks(one.turn, *one.before) for one in some]
    return hstack([runs, csr_array(numpy.array(marks) * MARKS)]).tocsr()


def correct(some: Iterable[Turn]) -> Any:
    """Which turns are corrections."""
    return numpy.array([one.correction for one in some])


def fitted(some: Sequence[Turn]) -> LogisticRegression:
    weights = numpy.array([NATURAL if one.natural else 1.0 for one in some])
    alone = [one._replace(reaction=None) for one in some]
    model = LogisticRegression(C=RIDGE, max_iter=3_000, class_weight="balanced")
    return model.fit(
        table_of([*some, *alone]),
        numpy.tile(correct(some), 2),
        sample_weight=numpy.concatenate([weights, weights * ALONE]),
    )


def log_odds(model: LogisticRegression, some: Sequence[Turn]) -> Any:
    """Of each turn; beyond all limits where the rules before the model decide."""
    plain = [plainly(one.turn, one.answer or "", one.reaction or "") for one in some]
    by_rule = numpy.array([0.0 if said is None else 100.0 if said else -100.0 for said in plain])
    return numpy.where(by_rule, by_rule, model.decision_function(table_of(some)))


def held_back(some: Sequence[Turn], name: str) -> Any:
    """Log-odds of the turns of a set, by weights that were fitted to all others."""
    model = fitted([one for one in some if one.set != name])
    return log_odds(model, [one for one in some if one.set == name])


def line(name: str, odds: Any, wanted: Any, limit: float) -> str:
    found, lost = (odds[wanted] > limit).mean(), (odds[~wanted] > limit).mean()
    return f"| {name} | {found:.2f} of {wanted.sum()} | {lost:.2f} of {(~wanted).sum()} |"


def write(model: LogisticRegression, limit: float) -> None:
    weights = model.coef_[0]
    runs, marks = weights[: correction_model.PLACES], weights[correction_model.PLACES :] * MARKS
    scale = float(numpy.abs(runs).max()) / 127
    numpy.savez_compressed(
        WEIGHTS,
        places=numpy.round(runs / scale).astype(numpy.int8),
        marks=marks.astype(numpy.float32),
        scale=numpy.float32(scale),
        bias=numpy.float32(model.intercept_[0] - limit),
    )


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--held-back", nargs="*", type=Path, default=[])
    arguments.add_argument("--by-set", action="store_true", help="each set with the rest learnt from, too")
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    away = {path.resolve() for path in given.held_back}
    some = [one for path in sorted(SETS.glob("*.yaml")) if path.resolve() not in away for one in turns(path)]
    right = {name: correct(one for one in some if one.set == name) for name in {one.set for one in some}}
    natural = sorted({one.set for one in some if one.natural})
    odds = {name: held_back(some, name) for name in natural}
    together = numpy.concatenate([right[name] for name in natural])
    every = numpy.concatenate([odds[name] for name in natural])
    limit = float(numpy.quantile(every[together], 1 - FOUND))
    print("| held back | corrections found | good answers lost |\n| --- | ---: | ---: |")
    print(line("each writer's conversations", every, together, limit))
    for name in natural:
        print(line(name, odds[name], right[name], limit))
    for name in sorted(right.keys() - odds.keys()) if given.by_set else ():
        print(line(name, held_back(some, name), right[name], limit))
    model = fitted(some)
    for path in given.held_back:
        unseen = turns(path)
        print(line(f"{path.name}, never learnt from", log_odds(model, unseen), correct(unseen), limit))
    if given.write:
        write(model, limit)
        print(f"wrote {WEIGHTS}")


if __name__ == "__main__":
    main()
