"""4-bit weights: how the base is loaded, and the same bytes on every kind of CPU."""

import importlib
import logging
import sys
from typing import Any


def four_bits(compute_dtype: Any) -> Any:
    """The article's 4 bits: nf4 with double quantisation (QLoRA, arXiv 2305.14314)."""
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=compute_dtype,
    )


def import_bitsandbytes() -> None:
    """Imports bitsandbytes before another library does. On a CPU with AVX512-BF16 its import fetches code
    from the hub and runs it where the package `kernels` is installed, and warns where it is not; what it
    fetches is for a product that is not used here.
    """
    if "bitsandbytes" in sys.modules:
        return
    logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
    before = {name: sys.modules[name] for name in ("kernels",) if name in sys.modules}
    sys.modules["kernels"] = None  # type: ignore[assignment]  # importing it fails
    try:
        importlib.import_module("bitsandbytes")
    finally:
        del sys.modules["kernels"]
        sys.modules.update(before)


def of_any_cpu(model: Any) -> Any:
    """`model` with 4-bit layers that unpack their weights and multiply in the compute type, whatever the CPU
    can do.

    On one with AVX512-BF16 bitsandbytes 0.50 repacks the weights at the first answer for a product of its
    own. That rounds scales and inputs to bfloat16 (logits of `sprout` differ by 0.06), takes only rows of
    whole blocks of 64, and passes no gradient on, so that only the last layers of a model that was evaluated
    once would be trained.
    """
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False
    return model
