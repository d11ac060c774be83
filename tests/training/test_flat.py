"""Rows in one sequence cost what they cost each alone, and only models that can tell rows apart are given them so."""

from types import SimpleNamespace

import pytest

from autodidact.models import load_base, resolve_base
from autodidact.training.flat import flat, flatten, padded
from autodidact.training.loss import answer_loss
from autodidact.training.rows import MASKED, Rows

ROWS = [
    {"input_ids": [5, 6, 7, 8], "labels": [MASKED, MASKED, 7, 8]},
    {"input_ids": [9, 10, 11], "labels": [9, 10, 11]},
    {"input_ids": [12, 13, 14, 15, 16, 17], "labels": [MASKED] * 3 + [15, 16, 17]},
]


@pytest.fixture
def model(settings):
    return load_base(resolve_base(settings()), "none").float()


def test_rows_stand_one_after_the_other_and_none_follows_another():
    batch = {name: value.tolist() for name, value in flat(ROWS[:2]).items()}
    assert batch == {
        "input_ids": [[5, 6, 7, 8, 9, 10, 11]],
        "labels": [[MASKED, MASKED, 7, 8, MASKED, 10, 11]],
        "position_ids": [[0, 1, 2, 3, 0, 1, 2]],
        "cu_seq_lens_q": [0, 4, 7],
    }


def test_rows_are_padded_on_the_right():
    batch = {name: value.tolist() for name, value in padded(ROWS[:2], 0).items()}
    assert batch["input_ids"] == [[5, 6, 7, 8], [9, 10, 11, 0]] and batch["attention_mask"] == [[1, 1, 1, 1], [1, 1, 1, 0]]
    assert batch["labels"][1] == [9, 10, 11, MASKED]


def test_loss_and_gradients_are_those_of_padded_rows(model):
    import torch

    def taken(batch):
        model.zero_grad()
        loss = answer_loss(model, batch, 8)
        loss.backward()
        return [loss.detach(), *(weight.grad.clone() for weight in model.parameters())]

    expected = taken(padded(ROWS, 0))
    assert flatten(model, Rows(ROWS, [("ast_parser", "x")] * 3, [], []), 0)
    for ours, theirs in zip(taken(flat(ROWS)), expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6)


def test_a_sliding_window_ends_where_the_model_says(model):
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    from autodidact.training.flat import attention

    torch.manual_seed(0)
    query, key, value = torch.randn(1, 4, 9, 8), torch.randn(1, 2, 9, 8), torch.randn(1, 2, 9, 8)
    found, _ = attention(SimpleNamespace(), query, key, value, None, sliding_window=3, cu_seq_lens_q=torch.tensor([0, 4, 9]))
    for start, end in ((0, 4), (4, 9)):
        seen = torch.tensor([[0 <= row - column < 3 for column in range(end - start)] for row in range(end - start)])
        heads = [part[:, :, start:end].repeat_interleave(2, dim=1) for part in (key, value)]
        alone = scaled_dot_product_attention(query[:, :, start:end], *heads, attn_mask=seen)
        torch.testing.assert_close(found[:, start:end], alone.transpose(1, 2))


@pytest.mark.parametrize("what", ["kind", "layers", "rows"])
def test_a_model_that_cannot_tell_rows_apart_gets_them_padded(model, monkeypatch, what):
    from autodidact.training import flat as module

    before = model.config._attn_implementation
    if what == "kind":
        monkeypatch.setattr(type(model), "_supports_attention_backend", False)
    elif what == "layers":
        model.config.layer_types = ["linear_attention"] * 2
    else:  # one that sees across rows: found out, since two rows then cost something else
        from torch.nn.functional import scaled_dot_product_attention

        def across(module, query, key, value, attention_mask, scaling=None, **_):
            shared = query.shape[1] // key.shape[1]
            key, value = (part.repeat_interleave(shared, dim=1) for part in (key, value))
            return scaled_dot_product_attention(query, key, value, scale=scaling, is_causal=True).transpose(1, 2) * 3, None

        monkeypatch.setattr(module, "attention", across)
        monkeypatch.setattr(module, "TOLERANCE", 1e-6)
    assert not flatten(model, Rows(ROWS, [("ast_parser", "x")] * 3, [], []), 0)
    assert model.config._attn_implementation == before
