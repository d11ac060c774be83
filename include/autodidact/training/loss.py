"""The loss of the answers: while training, and on rows held out."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from autodidact.training.token_rows import MASKED, Rows


def token_losses(model, inputs: dict[str, Any]) -> Any:
    """The cross-entropy of each trained label, row by row, of a flat or a padded batch.

    The output head is taken over those positions alone that some row trains on: over every one it is a third
    of the time of a small model whose prompts are longer than its answers.
    """
    import torch

    labels = inputs["labels"][:, 1:]
    wanted = labels != MASKED
    positions = wanted.any(dim=0).nonzero().flatten()
    given = {name: value for name, value in inputs.items() if name != "labels"}
    logits = model(**given, logits_to_keep=positions, use_cache=False).logits
    wanted = wanted[:, positions]
    return torch.nn.functional.cross_entropy(
        logits[wanted].float(), labels[:, positions][wanted], reduction="none"
    )


def answer_loss(model, inputs: dict[str, Any], trained: Any) -> Any:
    """The sum over the trained labels divided by `trained`, their number in the whole update: SFTTrainer's
    loss.
    """
    losses = token_losses(model, inputs)
    return losses.sum() / (losses.numel() if trained is None else trained)


def on_device(batch: dict[str, Any], device: Any) -> dict[str, Any]:
    """The batch with its tensors on `device`."""
    return {name: value.to(device) if hasattr(value, "to") else value for name, value in batch.items()}


def held_out_loss(
    model, rows: Rows, held_out: list[int], *, batch: int, collate: Callable[[list[dict]], dict[str, Any]]
) -> dict[str, Any]:
    """Mean cross-entropy a trained token over the rows `held_out`: {"loss", "by_generator": {name: loss}}.
    Draws no random number.
    """
    import torch

    sums: defaultdict[str, float] = defaultdict(float)
    counts: Counter = Counter()
    order = sorted(held_out, key=lambda index: (-len(rows.rows[index]["input_ids"]), index))
    device, was = next(model.parameters()).device, model.training
    model.eval()
    try:
        with torch.no_grad():
            for start in range(0, len(order), batch):
                part = order[start : start + batch]
                inputs = collate([rows.rows[index] for index in part])
                losses = token_losses(model, on_device(inputs, device))
                trained = [sum(label != MASKED for label in rows.rows[index]["labels"][1:]) for index in part]
                for index, own in zip(part, losses.split(trained), strict=True):
                    sums[rows.origins[index][0]] += float(own.sum())
                    counts[rows.origins[index][0]] += own.numel()
    finally:
        model.train(was)
    by_generator = {name: sums[name] / counts[name] for name in sorted(sums)}
    return {"loss": sum(sums.values()) / sum(counts.values()), "by_generator": by_generator}
