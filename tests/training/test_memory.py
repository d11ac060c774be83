import pytest

from autodidact.models.find_base_model import BaseModelRef
from autodidact.training.memory_fit import Shape, choose, fit_check, halved, shape_of
from autodidact.training_recipes import RECIPES

# Qwen3-8B: 36 layers, 4096, 12288, 32 heads and 8 KV heads of 128, vocabulary 151,936, head of its own
EIGHT = Shape(
    linear=6_945_767_424,
    other=1_244_970_000,
    adapter=36 * 77_824,
    layers=36,
    hidden=4096,
    intermediate=12288,
    attention=6144,
    vocabulary=151_936,
)
GIB = 2**30


def chosen(quantization: str, free: float, tokens: int = 3200, trained: int = 800) -> tuple[str, bool]:
    choice = choose(
        EIGHT,
        quantization=quantization,
        rank=32,
        tokens=tokens,
        trained=trained,
        width=2,
        free=int(free * GIB),
    )
    return choice.quantization, choice.recompute


def test_auto_takes_the_best_that_fits():
    """Micro-batches of 3,200 tokens: four examples of 800, the article's longest, with answers of 200."""
    assert [chosen("auto", free) for free in (80, 24, 12)] == [("none", False), ("none", True), ("nf4", True)]
    assert chosen("auto", 80, tokens=4 * 4096) == ("none", True)


def test_long_answers_take_room_for_their_logits():
    """Of the same examples: answers of 200 tokens, and of 750, whose logits over 151,936 words take 3.7 GiB
    more.
    """
    assert [chosen("auto", 71, trained=trained) for trained in (800, 3000)] == [
        ("none", False),
        ("none", True),
    ]


def test_a_precision_that_is_asked_for_stays_and_only_recomputing_is_decided():
    assert [chosen("nf4", free) for free in (80, 40, 1)] == [("nf4", False), ("nf4", True), ("nf4", True)]


def test_the_choice_says_why():
    assert (
        choose(EIGHT, quantization="auto", rank=32, tokens=3200, trained=800, width=2, free=12 * GIB).why
        == "nf4 needs 10.4 GiB of 12.0 GiB free, bfloat16 would need 20.0 GiB; activations are computed"
        " again, to keep them would take 49.7 GiB"
    )
    assert (
        choose(EIGHT, quantization="nf4", rank=32, tokens=3200, trained=800, width=2, free=80 * GIB).why
        == "nf4 needs 49.7 GiB of 80.0 GiB free"
    )


@pytest.mark.parametrize(
    ("free", "fits", "text"),
    [
        (
            80,
            True,
            "4 rows of 4096 tokens a pass in nf4, activations computed again, 4 passes an update: base 5.7 GiB,"
            " adapter and its optimizer 1.3 GiB, logits 5.4 GiB, activations 10.4 GiB; 80.0 GiB free",
        ),
        (
            18,
            True,
            "2 rows of 4096 tokens a pass in nf4, activations computed again, 8 passes an update (4 do not"
            " fit): base 5.7 GiB, adapter and its optimizer 1.3 GiB, logits 2.7 GiB, activations 5.2 GiB;"
            " 18.0 GiB free",
        ),
        (
            8,
            False,
            "not even 1 row of 4096 tokens a pass in nf4, activations computed again fit into 8.0 GiB free:"
            " base 5.7 GiB, adapter and its optimizer 1.3 GiB, logits 1.4 GiB, activations 2.6 GiB",
        ),
    ],
)
def test_what_a_recipe_takes_of_a_device_and_the_micro_batch_that_fits(free, fits, text):
    checked = fit_check(EIGHT, RECIPES["seed"], answer=800, width=2, free=free * GIB)
    assert checked == (fits, text)


@pytest.mark.parametrize(
    ("size", "passes", "next_"),
    [(4, 4, (2, 8)), (2, 8, (1, 16)), (3, 5, (1, 15)), (16, 1, (8, 2)), (6, 1, (3, 2))],
)
def test_a_smaller_micro_batch_keeps_the_update(size, passes, next_):
    smaller = halved({"batch_size": size, "accumulation": passes})
    assert (smaller["batch_size"], smaller["accumulation"]) == next_


def test_a_single_row_cannot_be_halved():
    assert halved({"batch_size": 1, "accumulation": 16}) is None


def test_the_shape_is_read_from_the_configuration_alone(tiny_base):
    shape = shape_of(BaseModelRef("tiny", tiny_base, None, ""))
    per_layer = 64 * 64 * 2 + 64 * 32 * 2 + 3 * 64 * 128  # q, o; k, v; gate, up, down
    assert (shape.linear, shape.layers, shape.hidden, shape.intermediate, shape.attention) == (
        2 * per_layer,
        2,
        64,
        128,
        64 + 2 * 32,
    )
    assert shape.vocabulary == 337
    assert shape.adapter == 2 * (2 * (64 + 64) + 2 * (64 + 32) + 3 * (64 + 128))


@pytest.mark.parametrize(("width", "hidden", "intermediate"), [(4, 128, 384), (2, 128, 384), (4, 256, 256)])
def test_the_bytes_a_token_are_those_that_autograd_keeps(width, hidden, intermediate):
    """Of four rows in one sequence: the plan is never below what is kept, and at most half above."""
    kept = (_saved(3, width, hidden, intermediate) - _saved(1, width, hidden, intermediate)) / 2
    shape = Shape(
        linear=0,
        other=0,
        adapter=0,
        layers=1,
        hidden=hidden,
        intermediate=intermediate,
        attention=128 + 2 * 64,
        vocabulary=64,
    )
    assert kept <= 64 * shape.kept(width) <= 1.5 * kept


def _saved(layers: int, width: int, hidden: int, intermediate: int) -> int:
    """Bytes that a forward pass of 64 tokens keeps for the backward pass, with LoRA and dropout on every
    linear layer.
    """
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import Qwen3Config, Qwen3ForCausalLM

    from autodidact.training.padding_free_batches import flat, flatten
    from autodidact.training.token_rows import Rows

    config = Qwen3Config(
        vocab_size=64,
        hidden_size=hidden,
        intermediate_size=intermediate,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=64,
        tie_word_embeddings=True,
    )
    model = Qwen3ForCausalLM(config).to(torch.float32 if width == 4 else torch.bfloat16)
    rows = [{"input_ids": [5] * 16, "labels": [5] * 16}] * 4
    assert flatten(model, Rows(rows, [("ast_parser", "architecture", False)] * 4), 0)
    model = get_peft_model(model, LoraConfig(r=4, lora_dropout=0.05, target_modules="all-linear")).train()
    for weight in model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()
    weights = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    held = {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            held[storage.data_ptr()] = storage
        return tensor

    batch = {name: value for name, value in flat(rows).items() if name != "labels"}
    with (
        torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor),
        torch.autocast("cpu", torch.bfloat16, enabled=width == 2),
    ):
        model(**batch, use_cache=False, logits_to_keep=1).logits.sum()
    return sum(storage.nbytes() for storage in held.values())
