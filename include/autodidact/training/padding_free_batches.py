"""Batches without padding: the rows of a pass stand one after the other in a single sequence, and attention
is taken row by row.

TRL's `padding_free` does the same with the flash-attention kernels, which no CPU has. Rows of a pass differ
in length by half even when an update is sorted by length; what is padded is computed and thrown away in every
linear layer.
"""

import itertools
from typing import Any

from autodidact.training.loss import on_device, token_losses
from autodidact.training.memory_fit import is_out_of_memory
from autodidact.training.token_rows import MASKED, Rows

# Of the attention function, in transformers' registry.
NAME = "autodidact_rows"
# Kinds of layers whose rows can be kept apart here.
FULL = {"full_attention", "sliding_attention"}
# What some models' attention takes besides, and `attention` does not.
UNKNOWN = ("softcap", "s_aux", "position_bias")
# Nats a token between flat and padded, of the mean; one row that sees another moves it by tenths.
TOLERANCE = 0.02


def flat(rows: list[dict[str, list[int]]]) -> dict[str, Any]:
    """One sequence of `rows` ({"input_ids", "labels"}): tensors of shape (1, tokens), and `cu_seq_lens_q`,
    the offsets of the rows.

    The offsets are plain numbers: to read them off a GPU would make every layer wait for it.
    """
    import torch

    lengths = [len(row["input_ids"]) for row in rows]
    return {
        "input_ids": torch.tensor([[token for row in rows for token in row["input_ids"]]]),
        # a row's first token follows nothing: the token before it belongs to another row
        "labels": torch.tensor([[label for row in rows for label in [MASKED, *row["labels"][1:]]]]),
        "position_ids": torch.tensor([[place for length in lengths for place in range(length)]]),
        "cu_seq_lens_q": list(itertools.accumulate(lengths, initial=0)),
    }


def padded(rows: list[dict[str, list[int]]], pad: int) -> dict[str, Any]:
    """A batch of `rows` padded on the right: tensors of shape (rows, longest row)."""
    import torch

    longest = max(len(row["input_ids"]) for row in rows)

    def fill(values: list[int], filler: int) -> list[int]:
        return values + [filler] * (longest - len(values))

    return {
        "input_ids": torch.tensor([fill(row["input_ids"], pad) for row in rows]),
        "labels": torch.tensor([fill(row["labels"], MASKED) for row in rows]),
        "attention_mask": torch.tensor([fill([1] * len(row["input_ids"]), 0) for row in rows]),
    }


def attention(
    module,
    query,
    key,
    value,
    attention_mask,
    dropout=0.0,
    scaling=None,
    sliding_window=None,
    cu_seq_lens_q=None,
    **more,
):
    """transformers' attention interface: causal attention of each row of a flat sequence with itself.

    Raises ValueError when a layer asks for what is not computed here: capped scores, sinks, a bias.
    """
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    if unknown := [name for name in UNKNOWN if more.get(name) is not None]:
        raise ValueError(f"attention with {', '.join(unknown)}")
    # A key head serves several queries: without a copy of it for each, as far as the kernels can.
    shared = query.shape[1] != key.shape[1]
    parts = []
    for start, end in itertools.pairwise(cu_seq_lens_q):
        row, mask = [whole[:, :, start:end] for whole in (query, key, value)], None
        if sliding_window and end - start > sliding_window:
            mask = (
                torch.ones(end - start, end - start, dtype=torch.bool, device=query.device)
                .tril()
                .triu(1 - sliding_window)
            )
            row[1:] = (part.repeat_interleave(query.shape[1] // key.shape[1], dim=1) for part in row[1:])
        options = {"attn_mask": mask, "dropout_p": dropout, "scale": scaling, "is_causal": mask is None}
        parts.append(scaled_dot_product_attention(*row, **options, enable_gqa=shared and mask is None))
    return torch.cat(parts, dim=2).transpose(1, 2), None


def flatten(model, rows: Rows, pad: int) -> bool:
    """Gives `model` the attention of flat sequences where it can take it: where its layers are of a kind that
    can, and two rows have the loss that they have padded. Returns whether it did.
    """
    import torch
    from transformers import AttentionInterface

    kinds = set(getattr(model.config, "layer_types", None) or FULL)
    if (
        not getattr(model, "_supports_attention_backend", False)
        or not kinds <= FULL
        or not hasattr(model.config, "_attn_implementation")
    ):
        return False
    before = model.config._attn_implementation
    # The two shortest rows; a row that is alone, twice.
    two = (sorted(rows.rows, key=lambda row: len(row["input_ids"])) * 2)[:2]

    def loss(batch: dict[str, Any]) -> float:
        with torch.no_grad():
            return float(token_losses(model, on_device(batch, model.device)).mean())

    expected = loss(padded(two, pad))
    AttentionInterface.register(NAME, attention)
    try:
        model.set_attn_implementation(NAME)
        if abs(loss(flat(two)) - expected) < TOLERANCE:
            return True
    except (RuntimeError, TypeError, ValueError, KeyError, AttributeError) as error:
        if is_out_of_memory(error):
            raise  # it says nothing of the model: the run continues with smaller passes
        # else a model that does not hand on what its attention needs
    model.set_attn_implementation(before)
    return False
