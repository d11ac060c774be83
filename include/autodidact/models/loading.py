"""Loading a model the way it was trained: the adapter on the same base in the same precision, unmerged but
for small models in float32, where merging rounds nothing away. On which device, and with how many threads.
"""

import os
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError, UsageError
from autodidact.models.chat_template import load_tokenizer
from autodidact.models.find_base_model import BaseModelRef, check_adapter

# Up to so many parameters 4-bit weights are unpacked once on a CPU: the same numbers, 1.5 times as fast
# (bitsandbytes 0.50, measured).
SMALL = 1_000_000_000

# Bytes of weights up to which one thread is as fast as several: the parts of such a model's work are shorter
# than the wait of one thread for the other. Two cores, `sprout` (10 MB): 1,130 tokens/s trained by one
# thread, 650 by two; 86 MB: 412 and 434 (benchmarks/training.py --threads).
TINY = 100_000_000


def cpu_threads(base: BaseModelRef, threads: int | None = None) -> int:
    """Threads to run `base` with on a CPU: `threads`; else one for a model of up to TINY bytes, all
    cores of this process for others.
    """
    if threads or weights(base.path) <= TINY:
        return threads or 1
    return cores()


def weights(folder: Path) -> int:
    """Bytes of a model folder's safetensors."""
    return sum(file.stat().st_size for file in folder.glob("*.safetensors"))


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def device_of(name: str | None = None) -> str:
    """Where models run: `name`, else AUTODIDACT_DEVICE, else a GPU if there is one, else the CPU. Raises
    UsageError for one that is not.
    """
    import torch

    name = name or os.environ.get("AUTODIDACT_DEVICE") or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        kind = torch.device(name).type
    except RuntimeError:
        raise UsageError(f"AUTODIDACT_DEVICE is {name!r}", "Use cpu, cuda, cuda:0 and so on.") from None
    if kind == "cuda" and not torch.cuda.is_available():
        raise UsageError(
            f"The device is {name!r}, and torch sees no GPU",
            "Set AUTODIDACT_DEVICE=cpu, or install torch for CUDA.",
        )
    return name


def compute_dtype(device: str) -> Any:
    """bf16 on an accelerator. On a CPU fp32: without AMX its bf16 products take four times as long
    (measured).
    """
    import torch

    return torch.float32 if device == "cpu" else torch.bfloat16


def precision(quantization: str, base: BaseModelRef, device: str | None = None) -> str:
    """`nf4` or `none`: for `auto`, `none` if the base's weights take at most half the device's memory,
    whoever uses the rest just now.

    Training decides `auto` from what is free (training/memory_fit.py), and its adapter is then measured in
    what it was trained in.
    """
    if quantization != "auto":
        return quantization
    import torch

    device = device_of(device)
    size = weights(base.path)  # in 16 bits, as models are published
    if device == "cpu":
        return "none" if 2 * size <= os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2 else "nf4"
    return "none" if size <= torch.cuda.mem_get_info(torch.device(device))[1] / 2 else "nf4"


def load_base(base: BaseModelRef, quantization: str = "nf4", device: str | None = None) -> Any:
    """The base model in the precision it is trained and served in: `nf4` (4 bit, double quantisation), `none`
    (the compute type) or `auto`.
    """
    import torch
    import transformers

    from autodidact.models.quantization import four_bits, import_bitsandbytes, of_any_cpu

    device = device_of(device)
    dtype = compute_dtype(device)
    quantization = precision(quantization, base, device)
    extra = {}
    if quantization == "nf4":
        extra["quantization_config"] = four_bits(dtype)
    elif quantization != "none":
        raise UsageError(f"training.quantization is {quantization!r}", "Use nf4, none or auto.")
    quiet = transformers.utils.logging.is_progress_bar_enabled()
    transformers.utils.logging.disable_progress_bar()
    import_bitsandbytes()
    try:
        model = transformers.AutoModelForCausalLM.from_pretrained(
            str(base.path),
            dtype=dtype,
            device_map={"": torch.device(device)},
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            **extra,
        )
        return of_any_cpu(model).eval()
    except (MemoryError, torch.OutOfMemoryError):
        raise
    except Exception as error:  # the libraries raise all kinds for files that are no model
        raise AutodidactError(
            f"The base model {base.id} cannot be loaded: {(str(error) or repr(error)).splitlines()[0][:200]}",
            "Restore its files.",
        ) from None
    finally:
        if quiet:
            transformers.utils.logging.enable_progress_bar()


def unpacked(model: Any, up_to: int) -> Any:
    """`model` with its 4-bit weights unpacked once, the same numbers in the compute type, if it is on a CPU
    and has `up_to` parameters or fewer.
    """
    import transformers

    if (
        not getattr(model, "is_loaded_in_4bit", False)
        or model.device.type != "cpu"
        or model.num_parameters() > up_to
    ):
        return model
    level = transformers.utils.logging.get_verbosity()
    transformers.utils.logging.set_verbosity_error()  # it warns of what is wanted
    try:
        return model.dequantize(dtype=compute_dtype("cpu"))
    finally:
        transformers.utils.logging.set_verbosity(level)


def load_model(
    base: BaseModelRef,
    adapter: Path | None = None,
    quantization: str = "nf4",
    device: str | None = None,
    *,
    adapter_sha256: str | None = None,
    merge: bool = True,
) -> tuple[Any, Any]:
    """(model, tokenizer), ready to answer: the adapter on the base in `quantization`, which is what was
    trained. `merge`: a small one in float32 may be merged.

    Raises AutodidactError when the adapter is not the one of that hash, or was made for another base.
    """
    if adapter is not None:
        check_adapter(adapter, adapter_sha256)
    tokenizer = load_tokenizer(base.path)
    model = unpacked(load_base(base, quantization, device), up_to=SMALL)
    if adapter is not None:
        model = _with_adapter(model, Path(adapter), base)
        if merge and model.device.type == "cpu" and model.num_parameters() <= SMALL:
            # In float32: the same function to its last digits, a quarter less time an answer (measured).
            model = model.merge_and_unload()
    return model.eval(), tokenizer


def _with_adapter(model: Any, adapter: Path, base: BaseModelRef) -> Any:
    from peft import PeftModel, get_peft_model_state_dict
    from safetensors import safe_open

    another = AutodidactError(
        f"The adapter {adapter} does not fit the base model {base.id}",
        "It was trained on another base: train again.",
    )
    try:
        model = PeftModel.from_pretrained(model, str(adapter), is_trainable=False)
    except (RuntimeError, ValueError, KeyError) as error:
        raise another from error
    with safe_open(str(adapter / "adapter_model.safetensors"), "pt") as file:
        if set(file.keys()) != set(get_peft_model_state_dict(model)):
            raise another
    return model
