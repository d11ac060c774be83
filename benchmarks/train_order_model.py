"""Fits the weights of the gate's second look (include/autodidact/gate/order_model.npz and order_encoder.npz),
and measures it on sets by others than those who wrote what was learnt from.

    nice .venv/bin/python -m benchmarks.train_order_model [--examples FOLDER...] --write order_model
    nice .venv/bin/python -m benchmarks.train_order_model [--examples FOLDER...] --write second
    nice .venv/bin/python -m benchmarks.train_order_model [--examples FOLDER...] --write order_encoder
    nice .venv/bin/python -m benchmarks.train_order_model [--examples FOLDER...] --fold 0
    nice .venv/bin/python -m benchmarks.train_order_model [--examples FOLDER...] --held SET [SET ...]

Learnt from: what order_texts.py says; `--examples` are folders made by `autodidact generate --out`. The
weights that are there learnt from examples of aider, llm and OWASP's Top 10 for LLM applications (`--set
generators.limit=2000`), and their first model, which is older, from those of aider and Celery. Of the prose
a part is drawn at random, and three times what the model takes most for orders is added. It is kept in
`--store`. `second` is the second model alone, to what the first, as it is, takes most for orders. The encoder
is fitted after the models of runs and concepts are written, to what these let pass.

`--fold` 0 to 3 holds back a quarter of the sets, `--held` those that are named, and learns from the rest.
Printed is what the rule finds of each set held back, and drops of its honest texts: by the patterns, with the
linear models, with the encoder.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy
from scipy.sparse import csr_array, csr_matrix, diags_array, hstack, vstack
from sklearn.linear_model import LogisticRegression

from autodidact.gate import injection, order_concepts, order_encoder, order_model, order_model_features
from benchmarks import train_order_encoder
from benchmarks.order_texts import BY_OTHERS, FOLDS, SETS, Text, kept, labelled, prose, whole

WEIGHTS = Path(order_model.__file__).with_suffix(".npz")

# Windows of prose that are learnt from at first, that each round adds, that the second model learns from, and
# that the encoder does.
FIRST, ADDED, HARD, PASSED_ON = 15_000, 6_000, 3_000, 2_200
# Windows of a text that the encoder learns from.
OF_TEXT = 10

# Windows of all prose that figures are measured with: to learn from all takes longer.
MEASURED = 30_000

# What a window of prose weighs in the first and in the second model, and what the weight of a text is
# multiplied with for the encoder.
PROSE, PASSED, ENCODED = 0.5, 1.0, 0.6
# Inverse strengths of the ridge, and what runs and concepts are multiplied with in the second model.
RIDGE, RUNS, CONCEPTS = (3.0, 1.0), 6.0, 1.2


def fit(rows, labels, weights, ridge: float) -> LogisticRegression:
    rows = csr_matrix(rows)
    rows.indices, rows.indptr = rows.indices.astype(numpy.int32), rows.indptr.astype(numpy.int32)
    model = LogisticRegression(C=ridge, solver="liblinear", tol=1e-2, random_state=0)
    return model.fit(rows, labels, sample_weight=weights)


class Fitted(NamedTuple):
    """Both models, as order_model.Model has them, before they are written in eight bits; `scale` is what the
    second multiplies the runs with.
    """

    first: LogisticRegression
    second: LogisticRegression
    scale: numpy.ndarray

    def odds(self, found: list[str]) -> numpy.ndarray:
        """Of each window the log-odds of the second model where the first lets it pass, else -99."""
        rows = order_model_features.matrix(found)
        passing = numpy.flatnonzero(self.first.decision_function(rows) >= order_model.PASS)
        result: numpy.ndarray = numpy.full(len(found), -99.0)
        if len(passing):
            concepts = order_concepts.features([found[place] for place in passing])
            result[passing] = self.second.decision_function(beside(rows[passing], concepts, self.scale))
        return result


def beside(rows: csr_array, concepts: numpy.ndarray, scale: numpy.ndarray) -> csr_array:
    return hstack([rows @ diags_array(scale), csr_array(concepts * CONCEPTS)]).tocsr()


def rarity(rows: csr_array) -> numpy.ndarray:
    """What each run is multiplied with: the root of its inverse document frequency, RUNS in the mean; nothing
    for a run that only one window has.
    """
    count: numpy.ndarray = numpy.bincount(rows.indices, minlength=rows.shape[1])
    found = numpy.sqrt(numpy.log((rows.shape[0] + 1) / numpy.maximum(count, 1)))
    mean = numpy.sqrt((found**2 * count).sum() / count.sum())
    return numpy.where(count > 1, RUNS * found / mean, 0.0)


def parts(written: list[Text]) -> tuple[list[str], list[float], list[float]]:
    """What is learnt from of each text, whether it is of an order (1.0), and what it weighs."""
    found, labels, weights = [], [], []
    for one in written:
        # Every part of an honest text is honest, but which part of an order is one is not known.
        some = [whole(one.text)] if one.order else list(dict.fromkeys([whole(one.text), *one.windows]))
        found += some
        labels += [float(one.order)] * len(some)
        weights += [one.weight] * len(some)
    return found, labels, weights


def learn(written: list[Text], prose: list[str], prose_rows: csr_array) -> Fitted:
    found, labels, weights = parts(written)
    rows, take = order_model_features.matrix(found), numpy.arange(min(FIRST, len(prose)))
    for _ in range(3):
        first = fit(
            vstack([rows, prose_rows[take]]).tocsr(),
            numpy.r_[labels, numpy.zeros(len(take))],
            numpy.r_[weights, numpy.full(len(take), PROSE)],
            RIDGE[0],
        )
        likeliest = numpy.argsort(-first.decision_function(prose_rows), kind="stable")
        take = numpy.union1d(take, likeliest[:ADDED])
    hard = numpy.sort(likeliest[:HARD])
    return Fitted(first, *learn_second(written, [prose[place] for place in hard]))


def learn_second(written: list[Text], hard: list[str]) -> tuple[LogisticRegression, numpy.ndarray]:
    """The second model and its `scale`, from the texts and the prose that the first takes most for orders."""
    found, labels, weights = parts(written)
    rows, others = order_model_features.matrix(found), order_model_features.matrix(hard)
    scale = rarity(vstack([rows, others]).tocsr())
    ours = beside(rows, order_concepts.features(found), scale)
    theirs = beside(others, order_concepts.features(hard), scale)
    model = fit(
        vstack([ours, theirs]).tocsr(),
        numpy.r_[labels, numpy.zeros(len(hard))],
        numpy.r_[weights, numpy.full(len(hard), PASSED)],
        RIDGE[1],
    )
    return model, scale


def likeliest(prose: list[str], by_first: numpy.ndarray) -> list[str]:
    """The windows of prose that the first model takes most for orders, of those that MiniLM can read."""
    order = numpy.argsort(-by_first, kind="stable").tolist()
    return [prose[place] for place in order if order_encoder.readable(prose[place])][:PASSED_ON]


def learn_encoder(
    written: list[Text], hard: list[str], by_text: dict[str, float]
) -> tuple[train_order_encoder.Network, train_order_encoder.Tokens]:
    """The network, and the tokens of all windows that MiniLM can read; `hard` is prose, and `by_text` are the
    log-odds of the linear models.
    """
    read = [(one, [w for w in one.windows[:OF_TEXT] if order_encoder.readable(w)]) for one in written]
    tokens = train_order_encoder.Tokens([*(window for _, some in read for window in some), *hard])
    orders, honest = [], [(tokens.of[text], 1.0) for text in hard]
    for one, some in read:
        if not some:
            continue
        places, weight = [tokens.of[window] for window in some], one.weight * ENCODED / 2
        if one.order:
            first = max(some, key=lambda window: by_text[window])
            orders.append(train_order_encoder.Order(places, weight, tokens.of[first]))
        else:
            weight = weight if len(places) < 4 else weight / 2
            honest += [(place, weight) for place in places]
    return train_order_encoder.learn(tokens, orders, honest), tokens


def measure(names: Sequence[str], prose: list[str], rows: csr_array) -> None:
    rest = [one for name in SETS if name not in names for one in labelled(name)]
    fitted = learn(rest, prose, rows)
    held = {name: labelled(name) for name in names}
    found = sorted({window for one in [*rest, *sum(held.values(), [])] for window in one.windows})
    by_text = dict(zip(found, fitted.odds(found), strict=True))
    network, tokens = learn_encoder(rest, likeliest(prose, fitted.first.decision_function(rows)), by_text)
    for name, given in held.items():
        order = numpy.array([one.order for one in given])
        by_patterns = numpy.array([injection.order(one.text) is not None for one in given])
        linear = [numpy.array([by_text[window] for window in one.windows]) for one in given]
        both = [
            order_model.combined(odds, encoder_odds(network, tokens, one.windows))
            for one, odds in zip(given, linear, strict=True)
        ]
        print(f"{name}, {order.sum()} orders, {(~order).sum()} honest texts")
        print(f"  patterns {shares(by_patterns, order)}")
        for title, results in (("linear", linear), ("encoder", both)):
            for least in (1.0, 1.5, 1.75, order_model.ORDER, 2.5):
                hit = by_patterns | numpy.array([one.max() >= least for one in results])
                print(f"  {title} from {least}: {shares(hit, order)}", flush=True)


def encoder_odds(
    network: train_order_encoder.Network, tokens: train_order_encoder.Tokens, windows: Sequence[str]
) -> numpy.ndarray:
    """The log-odds of windows, 0 of those in letters that MiniLM does not know."""
    theirs = train_order_encoder.Tokens(windows, like=tokens)
    odds = train_order_encoder.odds(network, theirs, [theirs.of[window] for window in windows])
    return numpy.where([order_encoder.readable(window) for window in windows], odds, 0.0)


def shares(hit: numpy.ndarray, order: numpy.ndarray) -> str:
    return f"found {hit[order].mean():.3f}, dropped {hit[~order].mean():.3f}"


def write(fitted: Fitted) -> None:
    size = 2 * order_model_features.PLACES
    first = fitted.first.coef_[0][:size], fitted.first.intercept_[0]
    _write(first, (fitted.second.coef_[0][:size] * fitted.scale, fitted.second.intercept_[0]), fitted.second)


def write_second(written: list[Text], prose: list[str]) -> None:
    """The second model, to what the first, as it is, takes most for orders."""
    before, _ = order_model.models()
    by_runs = before.of_runs(*order_model_features.joined(prose))
    hard = [prose[place] for place in numpy.sort(numpy.argsort(-by_runs, kind="stable")[:HARD])]
    second, scale = learn_second(written, hard)
    size = 2 * order_model_features.PLACES
    runs = second.coef_[0][:size] * scale
    _write((before.weights * before.scale, before.bias), (runs, second.intercept_[0]), second)


def _write(first: tuple, second: tuple, model: LogisticRegression) -> None:
    """Both models, each as the weights of its runs and its bias, and the concepts of the second."""
    runs = numpy.stack([first[0], second[0]])
    scale = numpy.abs(runs).max(axis=1) / 127
    numpy.savez_compressed(
        WEIGHTS,
        bias=numpy.array([first[1], second[1]]),
        scale=scale,
        weights=numpy.round(runs / scale[:, None]).astype(numpy.int8),
        concepts=(model.coef_[0][runs.shape[1] :] * CONCEPTS).astype(numpy.float16),
    )
    print(f"wrote {WEIGHTS}, {WEIGHTS.stat().st_size} bytes")


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--examples", nargs="*", default=[], metavar="FOLDER")
    arguments.add_argument("--write", choices=("order_model", "second", "order_encoder"))
    arguments.add_argument("--fold", type=int, choices=range(FOLDS))
    arguments.add_argument("--held", nargs="*", choices=SETS, default=[])
    arguments.add_argument("--store", default=tempfile.gettempdir() + "/autodidact-second-look")
    given = arguments.parse_args()
    common = kept(Path(given.store) / "prose.json", lambda: prose(given.examples))
    if held := given.held or (BY_OTHERS[given.fold :: FOLDS] if given.fold is not None else ()):
        measure(held, common[:MEASURED], matrix(common[:MEASURED]))
    written = [one for name in SETS for one in labelled(name)]
    if given.write == "order_model":
        write(learn(written, common, matrix(common)))
    elif given.write == "second":
        write_second(written, common)
    elif given.write == "order_encoder":
        found = sorted({window for one in written for window in one.windows})
        by_text = dict(zip(found, order_model.odds(found), strict=True))
        first, _ = order_model.models()
        hard = likeliest(common, first.of_runs(*order_model_features.joined(common)))
        train_order_encoder.write(*learn_encoder(written, hard, by_text))


def matrix(found: list[str]) -> csr_array:
    parts = [order_model_features.matrix(found[n : n + 5_000]) for n in range(0, len(found), 5_000)]
    return vstack(parts).tocsr()


if __name__ == "__main__":
    main()
