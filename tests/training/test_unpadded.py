"""Rows in one sequence cost what they cost each alone, and only models that can tell rows apart are given
them so.
"""

from types import SimpleNamespace

import pytest

from autodidact.models.find_base_model import resolve_base
from autodidact.models.loading import load_base
from autodidact.training.loss import answer_loss, token_losses
from autodidact.training.padding_free_batches import flat, flatten, padded
from autodidact.training.token_rows import MASKED, Rows

ROWS = [
    {"input_ids": [5, 6, 7, 8], "labels": [MASKED, MASKED, 7, 8]},
    {"input_ids": [9, 10, 11], "labels": [9, 10, 11]},
    {"input_ids": [12, 13, 14, 15, 16, 17], "labels": [MASKED] * 3 + [15, 16, 17]},
]


@pytest.fixture
def model(settings):
    return load_base(resolve_base(settings()), "none").float()


def test_rows_stand_one_after_the_other_and_none_follows_another():
    batch = flat(ROWS[:2])
    ends = batch.pop("cu_seq_lens_q")  # numbers, not a tensor: nothing waits for a GPU to tell them
    assert {name: value.tolist() for name, value in batch.items()} | {"cu_seq_lens_q": ends} == {
        "input_ids": [[5, 6, 7, 8, 9, 10, 11]],
        "labels": [[MASKED, MASKED, 7, 8, MASKED, 10, 11]],
        "position_ids": [[0, 1, 2, 3, 0, 1, 2]],
        "cu_seq_lens_q": [0, 4, 7],
    }


def test_rows_are_padded_on_the_right():
    batch = {name: value.tolist() for name, value in padded(ROWS[:2], 0).items()}
    assert batch["input_ids"] == [[5, 6, 7, 8], [9, 10, 11, 0]] and batch["attention_mask"] == [
        [1, 1, 1, 1],
        [1, 1, 1, 0],
    ]
    assert batch["labels"][1] == [9, 10, 11, MASKED]


def taken(model, batch):
    """The loss of a batch, and the gradient of every weight that has one."""
    model.zero_grad()
    loss = answer_loss(model, batch, 8)
    loss.backward()
    return [loss.detach(), *(weight.grad.clone() for weight in model.parameters() if weight.grad is not None)]


def told_apart(model) -> bool:
    return flatten(model, Rows(ROWS, [("ast_parser", "x", False)] * 3), 0)


def test_loss_and_gradients_are_those_of_padded_rows(model):
    import torch

    expected = taken(model, padded(ROWS, 0))
    assert told_apart(model)
    for ours, theirs in zip(taken(model, flat(ROWS)), expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6)


def test_activations_computed_again_give_the_same_gradients(model):
    """Under an adapter with dropout: what is computed again draws the same numbers, and knows where rows
    end."""
    import torch
    from peft import LoraConfig, get_peft_model

    assert told_apart(model)
    torch.manual_seed(0)
    lora = LoraConfig(
        r=4, lora_dropout=0.1, target_modules=["q_proj", "v_proj", "down_proj"], init_lora_weights=False
    )
    model = get_peft_model(model, lora).train()

    def seeded():
        torch.manual_seed(1)
        return taken(model, flat(ROWS))

    kept = seeded()
    model.enable_input_require_grads()
    model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    again = seeded()
    assert len(kept) == 1 + 2 * 2 * 3
    for ours, theirs in zip(again, kept, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


def test_in_bfloat16_rows_cost_what_they_cost_alone():
    """As on a GPU: a base in bfloat16 with the heads of Qwen3-8B (a key head for four queries), under
    autocast.
    """
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(0)
    shape = {
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 16,
    }
    model = Qwen3ForCausalLM(Qwen3Config(vocab_size=64, tie_word_embeddings=False, **shape)).to(
        torch.bfloat16
    )
    with torch.autocast("cpu", torch.bfloat16):
        alone = [float(token_losses(model, padded([row], 0)).sum()) for row in ROWS]
        assert told_apart(model)
        together = [float(part.sum()) for part in token_losses(model, flat(ROWS)).split([2, 2, 3])]
        taken(model, flat(ROWS))
    assert together == pytest.approx(alone, rel=0.01)
    assert all(weight.grad.isfinite().all() for weight in model.parameters())


def test_a_sliding_window_ends_where_the_model_says(model):
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    from autodidact.training.padding_free_batches import attention

    torch.manual_seed(0)
    query, key, value = torch.randn(1, 4, 9, 8), torch.randn(1, 2, 9, 8), torch.randn(1, 2, 9, 8)
    found, _ = attention(
        SimpleNamespace(), query, key, value, None, sliding_window=3, cu_seq_lens_q=[0, 4, 9]
    )
    for start, end in ((0, 4), (4, 9)):
        seen = torch.tensor(
            [[0 <= row - column < 3 for column in range(end - start)] for row in range(end - start)]
        )
        heads = [part[:, :, start:end].repeat_interleave(2, dim=1) for part in (key, value)]
        alone = scaled_dot_product_attention(query[:, :, start:end], *heads, attn_mask=seen)
        torch.testing.assert_close(found[:, start:end], alone.transpose(1, 2))


@pytest.mark.parametrize("what", ["kind", "layers", "cap", "rows"])
def test_a_model_that_cannot_tell_rows_apart_gets_them_padded(model, monkeypatch, what):
    from autodidact.training import padding_free_batches as module

    before = model.config._attn_implementation
    if what == "kind":
        monkeypatch.setattr(type(model), "_supports_attention_backend", False)
    elif what == "layers":
        model.config.layer_types = ["linear_attention"] * 2
    elif what == "cap":  # of the scores, as Gemma 2 has it
        plain = module.attention
        monkeypatch.setattr(module, "attention", lambda *given, **more: plain(*given, **more, softcap=50.0))
    else:  # one that sees across rows: found out, since two rows then cost something else
        from torch.nn.functional import scaled_dot_product_attention

        def across(module, query, key, value, attention_mask, scaling=None, **_):
            shared = query.shape[1] // key.shape[1]
            key, value = (part.repeat_interleave(shared, dim=1) for part in (key, value))
            return (
                scaled_dot_product_attention(query, key, value, scale=scaling, is_causal=True).transpose(1, 2)
                * 3,
                None,
            )

        monkeypatch.setattr(module, "attention", across)
        monkeypatch.setattr(module, "TOLERANCE", 1e-6)
    assert not told_apart(model)
    assert model.config._attn_implementation == before


def test_no_memory_is_no_sign_that_a_model_cannot(model, monkeypatch):
    from autodidact.training import padding_free_batches as module

    def none_left(*_, **__):
        raise RuntimeError("CUDA out of memory.")

    monkeypatch.setattr(module, "attention", none_left)
    with pytest.raises(RuntimeError, match="out of memory"):
        told_apart(model)
