"""What MiniLM adds about windows that may be orders: a small network reads what its first layers make of each
token, and says in log-odds what the runs and concepts of order_model.py do not know, above all wordings.

    tokens (t, 384) -> runs of three tokens (t, 96) -> the strongest of each feature, and eight weighted means
    -> 64 -> one number

The weights (order_encoder.npz, half precision) are fitted by `benchmarks/train_order_encoder.py`.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy

from autodidact.models.embedding import Embedder

# Layers of MiniLM, and tokens of a window, that are read.
LAYERS, TOKENS = 4, 80

# Share of letters beyond the Latin ones from which MiniLM, whose words are English, is not asked.
FOREIGN = 0.3
_LATIN = "\u0250"

Array = Any


@cache
def _encoder() -> Embedder:
    return Embedder(tokens=TOKENS, characters=None)


@cache
def _weights() -> dict[str, Array]:
    with numpy.load(Path(__file__).with_suffix(".npz"), allow_pickle=False) as table:
        return {name: table[name].astype(numpy.float32) for name in table.files}


def readable(text: str) -> bool:
    """Whether a text is in letters that MiniLM knows."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter >= _LATIN for letter in letters) <= FOREIGN * len(letters)


def tokens(texts: Sequence[str]) -> list[Array]:
    """What is read of each text: float32 (tokens, 384)."""
    return _encoder().tokens_of(list(texts), LAYERS)


def odds(texts: Sequence[str]) -> Array:
    """The log-odds, by this network alone, that each text is an order; 0 of those it cannot read."""
    found = numpy.zeros(len(texts))
    texts = [text.encode("utf-8", "replace").decode() for text in texts]  # no half of a pair
    places = [place for place, text in enumerate(texts) if readable(text)]
    for place, read in zip(places, tokens([texts[place] for place in places]), strict=True):
        found[place] = _of_tokens(read, _weights())
    return found


def _of_tokens(read: Array, table: dict[str, Array]) -> float:
    read = (read - table["mean"]) / table["deviation"]
    near = numpy.pad(read, ((1, 1), (0, 0)))
    runs = sum(near[n : n + len(read)] @ table["runs"][:, :, n].T for n in range(3)) + table["runs_bias"]
    runs = numpy.maximum(runs, 0)
    attention = runs @ table["attention"].T + table["attention_bias"]
    attention = numpy.exp(attention - attention.max(axis=0))
    attention /= attention.sum(axis=0)
    values = runs @ table["values"].T + table["values_bias"]
    means = (numpy.repeat(attention, values.shape[1] // attention.shape[1], axis=1) * values).sum(axis=0)
    pooled = numpy.concatenate([means, runs.max(axis=0)])
    hidden = numpy.maximum(table["hidden"] @ pooled + table["hidden_bias"], 0)
    return float(table["out"] @ hidden + table["out_bias"][0])
