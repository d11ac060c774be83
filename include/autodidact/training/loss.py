"""The loss of the answers: while training, and on rows held out."""

from collections import Counter
from typing import Any

from autodidact.training.rows import MASKED, Rows


def token_losses(model, inputs: dict[str, Any]) -> tuple[Any, Any]:
    """(cross-entropy of each trained label, the row it belongs to).

    The output head is taken over those positions alone that some row trains on: over every one it is a third of the time of a small
    model whose prompts are longer than its answers.
    """
    import torch

    labels = inputs["labels"][:, 1:]
    wanted = labels != MASKED
    positions = wanted.any(dim=0).nonzero().flatten()
    logits = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], logits_to_keep=positions, use_cache=False).logits
    wanted = wanted[:, positions]
    losses = torch.nn.functional.cross_entropy(logits[wanted].float(), labels[:, positions][wanted], reduction="none")
    return losses, wanted.nonzero()[:, 0]


def answer_loss(model, inputs: dict[str, Any], trained: Any) -> Any:
    """The sum over the trained labels divided by `trained`, their number in the whole update: SFTTrainer's loss, for a CPU (on a GPU
    it passes the head over the masked positions itself)."""
    losses, _ = token_losses(model, inputs)
    return losses.sum() / (losses.numel() if trained is None else trained)


def held_out_loss(model, rows: Rows, held: list[int], *, batch: int, pad: int) -> dict[str, Any]:
    """Mean cross-entropy a trained token over the rows `held`: {"loss", "by_generator": {name: loss}}. Draws no random number."""
    import torch

    sums: Counter = Counter()
    counts: Counter = Counter()
    order = sorted(held, key=lambda index: (-len(rows.rows[index]["input_ids"]), index))
    device, was = next(model.parameters()).device, model.training
    model.eval()
    try:
        with torch.no_grad():
            for start in range(0, len(order), batch):
                part = order[start : start + batch]
                losses, owners = token_losses(model, {name: value.to(device) for name, value in padded(rows, part, pad).items()})
                for place, index in enumerate(part):
                    mine = losses[owners == place]
                    sums[rows.origins[index][0]] += float(mine.sum())
                    counts[rows.origins[index][0]] += mine.numel()
    finally:
        model.train(was)
    by_generator = {name: sums[name] / counts[name] for name in sorted(sums)}
    return {"loss": sum(sums.values()) / sum(counts.values()), "by_generator": by_generator}


def padded(rows: Rows, indices: list[int], pad: int) -> dict[str, Any]:
    """A batch: padded on the right, as the trainer's."""
    import torch

    chosen = [rows.rows[index] for index in indices]
    longest = max(len(row["input_ids"]) for row in chosen)

    def fill(values: list[int], filler: int) -> list[int]:
        return values + [filler] * (longest - len(values))

    return {
        "input_ids": torch.tensor([fill(row["input_ids"], pad) for row in chosen]),
        "labels": torch.tensor([fill(row["labels"], MASKED) for row in chosen]),
        "attention_mask": torch.tensor([fill([1] * len(row["input_ids"]), 0) for row in chosen]),
    }
