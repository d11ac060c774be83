"""Finding the base model, naming a model by its content, and loading it the way it was trained: the adapter
on the same base, unmerged but for small models in float32, where merging rounds nothing away.

Weights are safetensors only; no code of a model repository is ever run.
"""

import functools
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError, Unavailable, UsageError
from autodidact.models.openai_client import PASSING
from autodidact.records import canonical, sha256
from autodidact.settings import Settings
from autodidact.store import file_sha256, folder_digest

SPROUT = Path(__file__).resolve().parent / "sprout" / "weights"

# What makes a model answer as it does; a README or a training log beside it does not.
MODEL_FILES = (
    "config.json",
    "generation_config.json",
    "*.safetensors",
    "*.safetensors.index.json",
    "tokenizer*",
    "vocab*",
    "merges.txt",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template*",
)

# Up to so many parameters 4-bit weights are unpacked once on a CPU: the same numbers, 1.5 times as fast
# (bitsandbytes 0.50, measured).
SMALL = 1_000_000_000

# Bytes of weights up to which one thread is as fast as several: the parts of such a model's work are shorter
# than the wait of one thread for the other. Two cores, `sprout` (10 MB): 1,130 tokens/s trained by one
# thread, 650 by two; 86 MB: 412 and 434 (benchmarks/training.py --threads).
TINY = 100_000_000

# A revision becomes part of a path in the hub's cache: no part of it begins with a dot or is empty.
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+(?:@[\w-][\w.-]*(?:/[\w-][\w.-]*)*)?", re.ASCII)


@dataclass(frozen=True)
class BaseModelRef:
    """A base model that is on this machine. `sha256` is of its weights, configuration, tokenizer and
    template.
    """

    id: str
    path: Path
    revision: str | None
    sha256: str

    def tokenizer(self) -> Any:
        """The tokenizer, padding on the left. Raises AutodidactError when it has no chat template."""
        return load_tokenizer(self.path)


def is_hub_id(name: str) -> bool:
    """Whether `name` has the form of a hub id, with `@revision` or without: Qwen/Qwen3-8B@refs/pr/1."""
    return _HUB_ID.fullmatch(name) is not None


def resolve_base(settings: Settings) -> BaseModelRef:
    """The base model `settings.base_model` names: `sprout`, a folder, or a hub id, with `@revision` if you
    like.

    A hub model is taken from the local cache, and downloaded first unless HF_HUB_OFFLINE is set. Raises
    AutodidactError when there is no such model or a part of it is missing, Unavailable when the hub is away.
    """
    name = settings.base_model
    if name == "sprout":
        if complaint := incomplete(SPROUT):
            raise AutodidactError(
                f"The weights of sprout are not here: {complaint}",
                "Make them with `autodidact sprout`, or set base_model.",
            )
        return BaseModelRef(name, SPROUT, None, digest_of_base(SPROUT))
    folder = Path(os.path.expanduser(name))  # Path's own raises for a user that there is not
    if os.path.isdir(folder):
        if complaint := incomplete(folder):
            raise UsageError(
                f"base_model {name!r} is no model: {complaint}",
                "Name a folder as `save_pretrained` writes it, with safetensors.",
            )
        folder = folder.resolve()
        return BaseModelRef(str(folder), folder, None, digest_of_base(folder))
    if not is_hub_id(name):
        raise UsageError(
            f"base_model {name!r} does not exist",
            "Use `sprout`, a folder, or a hub id such as Qwen/Qwen3-8B.",
        )
    return _from_hub(name)


def _from_hub(name: str) -> BaseModelRef:
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    hub_id, _, revision = name.partition("@")
    remedy = (
        f"Download it where there is a network (hf download {hub_id}), or set base_model to `sprout` or a"
        " folder."
    )

    def snapshot(local_only: bool) -> Path | None:
        try:
            found = snapshot_download(
                hub_id,
                revision=revision or None,
                allow_patterns=list(MODEL_FILES),
                local_files_only=local_only,
            )
        except LocalEntryNotFoundError:
            if local_only:
                return None
            raise Unavailable(
                f"base_model {name!r} is not on this machine, and the hub does not answer", remedy
            ) from None
        return None if incomplete(Path(found)) else Path(found)

    try:
        path = snapshot(local_only=True)
        if path is None and not constants.HF_HUB_OFFLINE:
            path = snapshot(local_only=False)
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        reason = str(error).strip().splitlines()[0][:160]
        status = (
            error.response.status_code
            if isinstance(error, HfHubHTTPError) and error.response is not None
            else 0
        )
        if status >= 500 or status in PASSING:
            raise Unavailable(
                f"base_model {name!r} cannot be had from the hub now: {reason}", remedy
            ) from None
        raise AutodidactError(
            f"base_model {name!r} cannot be had from the hub: {reason}", "Check the id and your access to it."
        ) from None
    if path is None:
        why = "HF_HUB_OFFLINE is set" if constants.HF_HUB_OFFLINE else "the hub has no safetensors of it"
        raise AutodidactError(f"base_model {name!r} is not on this machine, and {why}", remedy)
    return BaseModelRef(hub_id, path, path.name, digest_of_base(path))


def incomplete(folder: Path) -> str | None:
    """What a model folder lacks, in words; None when it has configuration, tokenizer and every shard of its
    safetensors.
    """
    if not (folder / "config.json").is_file():
        return "it has no config.json"
    if not ((folder / "tokenizer.json").is_file() or (folder / "tokenizer_config.json").is_file()):
        return "it has no tokenizer"
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        try:
            shards = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (ValueError, KeyError, AttributeError):
            return f"{index.name} cannot be read"
        missing = sorted(shard for shard in shards if not (folder / shard).is_file())
        return f"{missing[0]} is missing" if missing else None
    return None if any(folder.glob("*.safetensors")) else "it has no safetensors"


def digest_of_base(folder: Path) -> str:
    """sha256 of the sorted lines `<sha256>  <name>` of a model's files."""
    files = {file for pattern in MODEL_FILES for file in folder.glob(pattern) if file.is_file()}
    return sha256("".join(sorted(f"{_content_hash(file)}  {file.name}\n" for file in files)))


def _content_hash(file: Path) -> str:
    # The hub's cache names large files by their sha256; reading 16 GB again at every stage would cost a
    # minute.
    blob = file.resolve()
    if file.is_symlink() and blob.parent.name == "blobs" and re.fullmatch(r"[0-9a-f]{64}", blob.name):
        return blob.name
    stat = blob.stat()
    return _hash_once(blob, stat.st_size, stat.st_mtime_ns)


@functools.lru_cache(maxsize=256)
def _hash_once(file: Path, size: int, modified: int) -> str:
    return file_sha256(file)


def chat_template(folder: Path) -> str:
    """The chat template of a model folder, as text; empty when it has none. Reads files only: no library is
    loaded for it.
    """
    file = folder / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8")
    for name in ("tokenizer_config.json", "chat_template.json"):
        if (folder / name).is_file():
            template = json.loads((folder / name).read_text(encoding="utf-8")).get("chat_template")
            if template:
                return template if isinstance(template, str) else canonical(template)
    return ""


def model_digest(
    base: BaseModelRef,
    adapter: Path | None = None,
    quantization: str = "nf4",
    *,
    adapter_sha256: str | None = None,
) -> str:
    """What a model answers depends on: the base, the precision it is loaded in, the adapter.
    `adapter_sha256`, when it is known already.
    """
    if adapter is not None:
        adapter_sha256 = adapter_sha256 or folder_digest(adapter)
    return sha256(canonical({"base": base.sha256, "quantization": quantization, "adapter": adapter_sha256}))


def check_adapter(adapter: Path, expected: str | None = None) -> str:
    """The adapter folder's digest. Raises AutodidactError when it is no adapter of safetensors, or not the
    `expected` one.
    """
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        if not (Path(adapter) / name).is_file():
            raise AutodidactError(
                f"{adapter} is no adapter: it has no {name}", "Name the folder `adapter` that training wrote."
            )
    digest = folder_digest(adapter)
    if expected and digest != expected:
        raise AutodidactError(
            f"The adapter {adapter} is not the one that was trained: sha256 {digest[:12]} instead of"
            f" {expected[:12]}",
            "Its files were changed. Restore them, or train again: autodidact train --cycle ID --force.",
        )
    return digest


def cpu_threads(base: BaseModelRef, asked: int | None = None) -> int:
    """Threads to run `base` with on a CPU: those asked for; else one for a model of up to TINY bytes, all
    cores of this process for others.
    """
    if asked or weights(base.path) <= TINY:
        return asked or 1
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


def load_tokenizer(path: Path) -> Any:
    """See `BaseModelRef.tokenizer`."""
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(path), trust_remote_code=False, local_files_only=True)
    except (OSError, ValueError) as error:
        raise AutodidactError(
            f"The tokenizer in {path} cannot be loaded: {str(error).splitlines()[0][:160]}",
            "Restore its files.",
        ) from None
    if not tokenizer.chat_template:
        raise AutodidactError(
            f"The model in {path} has no chat template",
            "Use a chat model as base_model, for example Qwen/Qwen3-8B.",
        )
    if tokenizer.eos_token is None:
        raise AutodidactError(
            f"The tokenizer in {path} has no end-of-sequence token", "Use a chat model as base_model."
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "left"
    return tokenizer


def precision(quantization: str, base: BaseModelRef, device: str | None = None) -> str:
    """`nf4` or `none`: for `auto`, `none` if the base's weights take at most half the device's memory,
    whoever uses the rest just now.

    Training decides `auto` from what is free (training/memory.py), and its adapter is then measured in what
    it was trained in.
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

    from autodidact.models.four_bits import import_bitsandbytes, of_any_cpu

    device = device_of(device)
    dtype = compute_dtype(device)
    quantization = precision(quantization, base, device)
    extra = {}
    if quantization == "nf4":
        extra["quantization_config"] = transformers.BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype,
        )
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
    except (OSError, ValueError, KeyError) as error:
        raise AutodidactError(
            f"The base model {base.id} cannot be loaded: {str(error).splitlines()[0][:200]}",
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
    transformers.utils.logging.set_verbosity_error()  # it warns that it does as it is asked
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
) -> tuple[Any, Any]:
    """(model, tokenizer), ready to answer: the adapter on the base in `quantization`, which is what was
    trained.

    Raises AutodidactError when the adapter is not the one of that hash, or was made for another base.
    """
    if adapter is not None:
        check_adapter(adapter, adapter_sha256)
    tokenizer = load_tokenizer(base.path)
    model = unpacked(load_base(base, quantization, device), up_to=SMALL)
    if adapter is not None:
        model = _with_adapter(model, Path(adapter), base)
        if model.device.type == "cpu" and model.num_parameters() <= SMALL:
            model = (
                model.merge_and_unload()
            )  # in float32: the same function to its last digits, a quarter less time an answer (measured)
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
