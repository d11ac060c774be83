"""Fits what the gate's second look has of MiniLM (include/autodidact/gate/order_encoder.py): a network of a
convolution, an attention and two layers over what MiniLM's first layers make of each token. MiniLM itself is
not changed. `benchmarks/train_order_model.py` is the command.

Which window of an order is one is not known: at first it is that with the highest log-odds by the linear
models, and after FIRST epochs that which the network takes most for one.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy
import torch
from torch import nn

from autodidact.gate import order_encoder

WEIGHTS = Path(order_encoder.__file__).with_suffix(".npz")
FEATURES, MEANS, HIDDEN = 96, 8, 64
EPOCHS, FIRST, BATCH, RATE, DECAY = 6, 2, 48, 1.5e-3, 0.02
# Labels are so far from 0 and 1; shares of inputs and of features that are left out in training.
SMOOTH, LESS_IN, LESS = 0.02, 0.1, 0.2
SEED = 0


class Network(nn.Module):
    """Tokens (n, t, 384) and their mask (n, t) -> log-odds (n)."""

    def __init__(self, width: int = 384) -> None:
        super().__init__()
        self.runs = nn.Conv1d(width, FEATURES, 3, padding=1)
        self.attention, self.values = nn.Linear(FEATURES, MEANS), nn.Linear(FEATURES, FEATURES)
        self.hidden, self.out = nn.Linear(2 * FEATURES, HIDDEN), nn.Linear(HIDDEN, 1)
        self.less_in, self.less = nn.Dropout(LESS_IN), nn.Dropout(LESS)

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        runs = torch.relu(self.runs(self.less_in(tokens).transpose(1, 2)).transpose(1, 2))
        attention = self.attention(runs).masked_fill(mask[:, :, None] == 0, -1e4).softmax(1)
        means = (attention.repeat_interleave(FEATURES // MEANS, 2) * self.values(runs)).sum(1)
        pooled = torch.cat([means, (runs * mask[:, :, None]).max(1).values], 1)
        return self.out(self.less(torch.relu(self.hidden(self.less(pooled)))))[:, 0]


class Tokens:
    """What MiniLM makes of texts, in half precision; `batch` is of float32, with mean 0 and deviation 1, or
    as those of `like` have it.
    """

    def __init__(self, texts: Sequence[str], like: "Tokens | None" = None) -> None:
        self.of = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        found = []
        for start in range(0, len(self.of), 512):
            some = list(self.of)[start : start + 512]
            found += [one.astype(numpy.float16) for one in order_encoder.tokens(some)]
        self.found, self.length = found, numpy.array([len(one) for one in found])
        sample = numpy.concatenate(found[::20]).astype(numpy.float32)
        self.mean, self.deviation = sample.mean(axis=0), sample.std(axis=0) + 1e-3
        if like is not None:
            self.mean, self.deviation = like.mean, like.deviation

    def batch(self, places: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        width = max(self.length[place] for place in places)
        tokens = numpy.zeros((len(places), width, len(self.mean)), dtype=numpy.float32)
        mask = numpy.zeros((len(places), width), dtype=numpy.float32)
        for row, place in enumerate(places):
            length = self.length[place]
            tokens[row, :length] = (self.found[place] - self.mean) / self.deviation
            mask[row, :length] = 1
        return torch.from_numpy(tokens), torch.from_numpy(mask)


class Order(NamedTuple):
    """The places of the windows of an order, what it weighs, and the window that is learnt from at first."""

    windows: list[int]
    weight: float
    first: int


Honest = tuple[int, float]  # the place of a window, and what it weighs


def learn(tokens: Tokens, orders: Sequence[Order], honest: Sequence[Honest]) -> Network:
    torch.manual_seed(SEED)
    rng, network = numpy.random.default_rng(SEED), Network(len(tokens.mean))
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    chosen = [one.first for one in orders]
    for epoch in range(EPOCHS):
        if epoch >= FIRST and epoch % 2 == 0:
            places = sorted({place for one in orders for place in one.windows})
            found = dict(zip(places, odds(network, tokens, places), strict=True))
            chosen = [max(one.windows, key=lambda place: found[place]) for one in orders]
        items = [(place, 1.0, one.weight) for place, one in zip(chosen, orders, strict=True)]
        items += [(place, 0.0, weight) for place, weight in honest]
        batches = _batches(_drawn(items, rng), tokens, rng)
        network.train()
        for number, batch in enumerate(batches):
            _step(network, optimizer, tokens, batch, (epoch + number / len(batches)) / EPOCHS)
    return network


def _drawn(items: list[tuple[int, float, float]], rng: Any) -> list[tuple[int, float, float]]:
    """In any order, those that weigh less than 1 only so often."""
    found = [(place, label, max(weight, 1.0)) for place, label, weight in items if rng.random() < weight]
    return [found[number] for number in rng.permutation(len(found))]


def _batches(items: list[tuple[int, float, float]], tokens: Tokens, rng: Any) -> list[Any]:
    """Batches of windows of like length, in any order."""
    found = []
    for start in range(0, len(items), 16 * BATCH):
        some = sorted(items[start : start + 16 * BATCH], key=lambda item: tokens.length[item[0]])
        found += [some[n : n + BATCH] for n in range(0, len(some), BATCH)]
    return [found[number] for number in rng.permutation(len(found))]


def _step(network: Network, optimizer: Any, tokens: Tokens, batch: Any, done: float) -> None:
    """One step; the rate rises for the first twelfth, and falls to 2% then."""
    for group in optimizer.param_groups:
        group["lr"] = RATE * min(1.0, 12 * done + 0.01) * max(0.02, 1 - done)
    places, labels, weights = zip(*batch, strict=True)
    wanted = torch.tensor(labels) * (1 - 2 * SMOOTH) + SMOOTH
    losses = nn.functional.binary_cross_entropy_with_logits(
        network(*tokens.batch(places)), wanted, reduction="none"
    )
    weight = torch.tensor(weights)
    optimizer.zero_grad()
    ((losses * weight).sum() / weight.sum()).backward()
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()


def odds(network: Network, tokens: Tokens, places: Sequence[int]) -> numpy.ndarray:
    """The log-odds of windows."""
    network.eval()
    found: numpy.ndarray = numpy.zeros(len(places))
    order = numpy.argsort(tokens.length[list(places)], kind="stable")
    with torch.inference_mode():
        for start in range(0, len(order), 256):
            rows = order[start : start + 256]
            found[rows] = network(*tokens.batch([places[row] for row in rows])).numpy()
    return found


def write(network: Network, tokens: Tokens) -> None:
    table = {
        name.replace(".weight", "").replace(".", "_"): value for name, value in network.state_dict().items()
    }
    arrays = {name: value.numpy() for name, value in table.items()}
    arrays["out"] = arrays["out"][0]
    arrays |= {"mean": tokens.mean, "deviation": tokens.deviation}
    numpy.savez_compressed(WEIGHTS, **{name: value.astype(numpy.float16) for name, value in arrays.items()})
    print(f"wrote {WEIGHTS}, {WEIGHTS.stat().st_size} bytes")
