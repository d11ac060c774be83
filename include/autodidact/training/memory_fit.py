"""What fits into memory: the precision of the base, whether activations are kept or computed again, the split
of an update.

Bytes a token that autograd keeps in one transformer layer under LoRA on every linear layer, counted with
saved-tensor hooks on Qwen3's layer (tests/training/test_memory.py counts again): linear in hidden size h,
intermediate size i and attention width a (queries, keys, values).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autodidact.training_recipes import Recipe

KEPT = {
    4: (48, 20, 14),
    2: (40, 13, 10),
}  # bytes an activation value -> bytes a token for each of h, i, a; with dropout, the larger case
# A weight: 4 bits, and 0.127 of double quantisation (arXiv 2305.14314, section 3)
NF4_BYTES = 0.516
# A trained token and word of the vocabulary: logits and their copies in forward, log-softmax and gradients in
# backward.
HEAD_BYTES = 12
# An adapter weight: float32 value, gradient and Adam's two moments.
ADAPTER_BYTES = 16
# Of the free memory is planned with; the rest is for fragments, kernels and workspaces.
ROOM = 0.85


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A base model in numbers: parameters of its linear layers and of the rest, layers, widths."""

    linear: int
    other: int
    adapter: int  # parameters of an adapter of rank 1
    layers: int
    hidden: int
    intermediate: int
    attention: int
    vocabulary: int

    def weights(self, quantization: str, width: int) -> float:
        """Bytes of the base; `width` bytes a weight where it is not quantised."""
        return self.linear * (NF4_BYTES if quantization == "nf4" else width) + self.other * width

    def kept(self, width: int) -> int:
        """Bytes a token that one layer keeps for the backward pass."""
        hidden, intermediate, attention = KEPT[width]
        return hidden * self.hidden + intermediate * self.intermediate + attention * self.attention

    def activations(self, tokens: int, width: int, *, recomputed: bool) -> int:
        """Bytes that a micro-batch of `tokens` keeps: of every layer, or its inputs and one layer at a
        time."""
        if recomputed:
            return tokens * (self.layers * self.hidden * width + self.kept(width))
        return tokens * self.layers * self.kept(width)


@dataclass(frozen=True)
class Choice:
    quantization: str
    recompute: bool
    why: str


def shape_of(base: Any) -> Shape:
    """The shape of a base model, from its configuration alone: no weight is read."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    config = AutoConfig.from_pretrained(str(base.path), trust_remote_code=False, local_files_only=True)
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    head = model.get_output_embeddings()
    linear = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear) and layer is not head]
    size = sum(layer.weight.numel() for layer in linear)
    config = config.get_text_config()  # of a model that also sees or hears
    heads = config.num_attention_heads
    wide = getattr(config, "head_dim", None) or config.hidden_size // heads
    return Shape(
        linear=size,
        other=sum(p.numel() for p in model.parameters()) - size,
        adapter=sum(layer.in_features + layer.out_features for layer in linear),
        layers=config.num_hidden_layers,
        hidden=config.hidden_size,
        intermediate=config.intermediate_size,
        attention=wide * (heads + 2 * (getattr(config, "num_key_value_heads", None) or heads)),
        vocabulary=head.weight.shape[0],
    )


def choose(
    shape: Shape, *, quantization: str, rank: int, tokens: int, trained: int, width: int, free: int
) -> Choice:
    """What to do with `free` bytes and micro-batches of at most `tokens`, of which `trained` have a loss:
    unquantised and nothing recomputed if that fits, then unquantised and recomputed, then nf4. `quantization`
    other than `auto` is kept, and only recomputing is decided.
    """
    room = ROOM * free

    def needs(precision: str, recomputed: bool) -> float:
        parts = needed(shape, precision, rank, tokens, trained, width, recomputed=recomputed)
        return sum(parts.values())

    allowed = ("none", "nf4") if quantization == "auto" else (quantization,)
    tried = [(precision, recomputed) for precision in allowed for recomputed in (False, True)]
    precision, recomputed = next((pair for pair in tried if needs(*pair) <= room), tried[-1])
    plain = "bfloat16" if width == 2 else "float32"
    name = plain if precision == "none" else "nf4"
    why = f"{name} needs {_size(needs(precision, recomputed))} of {_size(free)} free"
    if quantization == "auto" and precision == "nf4":
        why += f", {plain} would need {_size(needs('none', True))}"
    if recomputed:
        why += f"; activations are computed again, to keep them would take {_size(needs(precision, False))}"
    return Choice(precision, recomputed, why)


def _size(bytes_: float) -> str:
    return f"{bytes_ / 2**30:.1f} GiB" if bytes_ >= 2**30 else f"{bytes_ / 2**20:.0f} MiB"


def needed(
    shape: Shape, quantization: str, rank: int, tokens: int, trained: int, width: int, *, recomputed: bool
) -> dict[str, float]:
    """Bytes by what takes them, of a micro-batch of `tokens`, of which `trained` have a loss."""
    return {
        "base": shape.weights(quantization, width),
        "adapter and its optimizer": shape.adapter * rank * ADAPTER_BYTES,
        "logits": shape.vocabulary * trained * HEAD_BYTES,
        "activations": shape.activations(tokens, width, recomputed=recomputed),
    }


def fit_check(shape: Shape, recipe: Recipe, *, answer: int, width: int, free: int) -> tuple[bool, str]:
    """(whether the recipe fits into `free` bytes, what it takes and the largest micro-batch that does), for
    rows of the recipe's greatest length with answers of `answer` tokens.
    """
    answer = min(answer, recipe.max_length)

    def choice_of(rows: int) -> Choice:
        return choose(
            shape,
            quantization=recipe.quantization,
            rank=recipe.rank,
            tokens=rows * recipe.max_length,
            trained=rows * answer,
            width=width,
            free=free,
        )

    def parts_of(rows: int, choice: Choice) -> dict[str, float]:
        return needed(
            shape,
            choice.quantization,
            recipe.rank,
            rows * recipe.max_length,
            rows * answer,
            width,
            recomputed=choice.recompute,
        )

    split: dict[str, int] | None = {"batch_size": recipe.batch_size, "accumulation": recipe.accumulation}
    while split:
        choice = choice_of(split["batch_size"])
        parts = parts_of(split["batch_size"], choice)
        if fits := sum(parts.values()) <= ROOM * free:
            break
        split = halved(split)
    rows, passes = (split["batch_size"], split["accumulation"]) if split else (1, 0)
    listed = ", ".join(f"{name} {_size(size)}" for name, size in parts.items())
    precision = "nf4" if choice.quantization == "nf4" else f"{8 * width} bits"
    again = ", activations computed again" if choice.recompute else ""
    how = f"{_number_of(rows, 'row')} of {recipe.max_length} tokens a pass in {precision}{again}"
    if not fits:
        return False, f"not even {how} fit into {_size(free)} free: {listed}"
    less = "" if rows == recipe.batch_size else f" ({recipe.batch_size} do not fit)"
    return True, f"{how}, {_number_of(passes, 'pass', 'es')} an update{less}: {listed}; {_size(free)} free"


def _number_of(count: int, noun: str, more: str = "s") -> str:
    return f"{count} {noun}{'' if count == 1 else more}"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch, or Python, found no memory."""
    text = str(error).lower()
    return (
        isinstance(error, MemoryError)
        or "out of memory" in text
        or "can't allocate memory" in text
        or "not enough memory" in text
    )


def halved(recipe: Mapping[str, Any]) -> dict[str, int] | None:
    """The next smaller split of an update, {"batch_size", "accumulation"}; None when a micro-batch is a
    single row already.
    """
    size, rows = recipe["batch_size"], recipe["batch_size"] * recipe["accumulation"]
    smaller = next((part for part in range(size // 2, 0, -1) if rows % part == 0), None)
    return {"batch_size": smaller, "accumulation": rows // smaller} if smaller else None
