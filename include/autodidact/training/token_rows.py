"""Examples as token rows: the prompt is masked, the answer and its stop token are trained.

In: one kept example a line. Out: `{"input_ids": [...], "labels": [...]}` where `labels` is -100 over the
prompt. The text comes from the model's own chat template (autodidact.models.chat_template), so a tool call is
trained exactly as a server will parse it. Rows are made of plain lists: a data frame of raw records would add
null arguments to every tool call.
"""

import json
import math
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from autodidact.errors import AutodidactError
from autodidact.generators import DEV_ITEMS
from autodidact.records import Example, sha256

# The label that the loss leaves out (torch.nn.CrossEntropyLoss)
MASKED = -100


@dataclass
class Rows:
    """Rows, and the origin of each: (generator, category, whether it states a fact of the knowledge probe).

    `too_long` counts those left out because they exceed `max_length`; `longest` is the longest of them.
    `left_out` counts by reason those
    that cannot be rows of this model.
    """

    rows: list[dict[str, list[int]]] = field(default_factory=list)
    origins: list[tuple[str, str, bool]] = field(default_factory=list)
    too_long: int = 0
    longest: int = 0
    left_out: Counter = field(default_factory=Counter)

    @property
    def lengths(self) -> list[int]:
        return [len(row["input_ids"]) for row in self.rows]

    def composition(self, indices: Iterable[int]) -> dict[str, dict[str, int]]:
        """How many of these rows each generator gave, by category."""
        counts: dict[str, Counter] = {}
        for index in indices:
            generator, category, _ = self.origins[index]
            counts.setdefault(generator, Counter())[category] += 1
        return {name: dict(sorted(by_category.items())) for name, by_category in sorted(counts.items())}


def to_row(example: Example, tokenizer) -> dict[str, list[int]]:
    """One example as a row. Raises AutodidactError when nothing would be masked, nothing trained, or the stop
    token not trained.
    """
    from jinja2 import TemplateError

    from autodidact.models.chat_template import render

    try:
        prompt, completion = render(tokenizer, example.messages, example.tools)
    except TemplateError as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise AutodidactError(
            f"The chat template of this model refuses an example: {reason}", "Use another base model."
        ) from None
    # Tokenised apart, as in serving: the prompt's tokens are exactly those that the model will be given.
    prompt_ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    answer_ids = tokenizer(completion, add_special_tokens=False)["input_ids"]
    if not prompt_ids:
        raise AutodidactError("An example has no prompt to mask", "Use a base model with a chat template.")
    if len(answer_ids) < 2 or answer_ids[-1] != tokenizer.eos_token_id:
        raise AutodidactError(
            f"An answer does not end with the stop token {tokenizer.eos_token!r}",
            "The chat template and the tokenizer of this base model disagree; use another base model.",
        )
    return {"input_ids": [*prompt_ids, *answer_ids], "labels": [*[MASKED] * len(prompt_ids), *answer_ids]}


def build_rows(lines: Iterable[str], tokenizer, *, max_length: int) -> Rows:
    """The rows of kept examples, in their order.

    An example that cannot be a row costs itself alone: one that the template refuses, or that holds its
    control tokens as text, which would be trained as real ones. Raises AutodidactError for a line that is no
    example, or when no row is left.
    """
    from autodidact.gate.rule import texts
    from autodidact.models.chat_template import control_tokens

    result, refused, control = Rows(), None, control_tokens(tokenizer)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            example = Example.model_validate(json.loads(line))
        except ValueError as error:
            reason = str(error).splitlines()[0]
            raise AutodidactError(
                f"Line {number} of the kept examples is no example: {reason}", "Run the gate again."
            ) from None
        if control.search("\n".join(texts([example.messages, example.tools]))):
            result.left_out["A text of it holds control tokens of the chat template"] += 1
            continue
        try:
            row = to_row(example, tokenizer)
        except AutodidactError as error:
            result.left_out[error.message] += 1
            refused = error
            continue
        if len(row["input_ids"]) > max_length:
            result.too_long += 1
            result.longest = max(result.longest, len(row["input_ids"]))
            continue
        result.rows.append(row)
        result.origins.append(
            (example.generator, example.category, bool((example.model_extra or {}).get("probe")))
        )
    if not result.rows and refused:
        raise refused
    if not result.rows:
        raise AutodidactError(
            (
                f"No example is left to train on ({result.too_long} longer than {max_length} tokens)"
                if result.too_long
                else "There is no example to train on"
            ),
            "Raise training.max_length." if result.too_long else "Run the gate first.",
        )
    return result


# Rows held out at most: enough for a loss by generator, and seconds to take it.
HELD_MOST = 200


def hold_out(rows: Rows, share: float, *, seed: int) -> list[int]:
    """The rows not trained on, as indices: `share` of each generator's, none of those that state a fact, at
    most HELD_MOST in all.
    """
    own: dict[str, list[int]] = {}
    for index, (generator, _, fact) in enumerate(rows.origins):
        if not fact:
            own.setdefault(generator, []).append(index)
    share = min(share, HELD_MOST / max(1, sum(map(len, own.values()))))
    drawn = [
        random.Random(f"{seed}/held/{name}").sample(indices, int(share * len(indices)))
        for name, indices in sorted(own.items())
    ]
    return sorted(index for indices in drawn for index in indices)


def epoch_rows(
    rows: Rows,
    *,
    facts: int = 1,
    dev: int = 1,
    max_tokens: float | None = None,
    seed: int = 0,
    without: Iterable[int] = (),
) -> list[int]:
    """The rows of one epoch, as indices: each once, those that state a fact of the knowledge probe `facts`
    times, those made of a dev item of the suite `dev` times; none `without`.

    With `max_tokens` an epoch has no more tokens than that. Facts take at most half of them, dev items a
    quarter; the rest are taken from the generators in turn, so that a generator with many or long rows gives
    way before one with few.
    """
    lengths, apart = rows.lengths, set(without)
    left = math.inf if max_tokens is None else max_tokens
    stating = [index for index, (*_, fact) in enumerate(rows.origins) if fact]
    exercises = [
        index
        for index, (name, _, fact) in enumerate(rows.origins)
        if not fact and name in DEV_ITEMS and index not in apart
    ]
    others = sorted(set(range(len(lengths))) - apart - set(stating) - set(exercises))
    repeated = []
    for group, times, part, name in ((stating, facts, 2, "facts"), (exercises, dev, 4, "dev")):
        size = sum(lengths[index] for index in group)
        if size and left < math.inf:
            affordable = left if len(group) == len(lengths) else left / part
            times = max(1, min(times, int(affordable // size)))
        random.Random(f"{seed}/{name}").shuffle(group)
        repeated += group * times
    random.Random(f"{seed}/others").shuffle(others)
    chosen = []
    for index in [*repeated, *_in_turns(rows, others)]:
        if lengths[index] <= left:
            left -= lengths[index]
            chosen.append(index)
    if not chosen:
        raise AutodidactError(
            f"No example fits into an epoch of {left:,.0f} tokens",
            "Lower training.epochs, or choose another training.recipe: it says how many tokens a run may"
            " have.",
        )
    return chosen


def _in_turns(rows: Rows, indices: list[int]) -> list[int]:
    """The indices in their order, but for the generators, which take turns."""
    turns: Counter = Counter()
    order = []
    for index in indices:
        generator = rows.origins[index][0]
        order.append((turns[generator], generator, index))
        turns[generator] += 1
    return [index for *_, index in sorted(order)]


def plan(
    epoch: list[int],
    lengths: list[int],
    *,
    epochs: float,
    update_rows: int,
    seed: int,
    max_steps: int | None = None,
) -> list[list[int]]:
    """The rows of each update, as indices: what a run trains on and in which order, a function of these
    arguments alone.

    Each epoch is a new permutation of `epoch`; an update takes the next `update_rows` of them, across the
    seam of two epochs. Within an update the rows stand by length, longest first: its micro-batches then carry
    little padding, and since the loss of an update is the mean over all its trained tokens, the order within
    it changes no gradient.
    """
    total = max(1, math.ceil(len(epoch) * epochs))
    order: list[int] = []
    turn = 0
    while len(order) < total:
        permutation = list(epoch)
        random.Random(f"{seed}/{turn}").shuffle(permutation)
        order += permutation
        turn += 1
    order = order[:total]
    updates = [order[start : start + update_rows] for start in range(0, total, update_rows)][:max_steps]
    return [sorted(update, key=lambda index: (-lengths[index], index)) for update in updates]


def digest(rows: Rows) -> str:
    """sha256 of the token rows in their order: equal data under an equal template."""
    return sha256(json.dumps([[row["input_ids"], row["labels"]] for row in rows.rows], separators=(",", ":")))
