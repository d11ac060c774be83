"""Finding the base model, and naming a model by its content.

Weights are safetensors only; no code of a model repository is ever run.
"""

import functools
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodidact.digests import file_sha256, folder_digest
from autodidact.errors import AutodidactError, Unavailable, UsageError
from autodidact.models.chat_template import load_tokenizer
from autodidact.models.openai_client import PASSING
from autodidact.models.packaged_base_models import PACKAGED, base_folder
from autodidact.records import canonical, sha256
from autodidact.settings import Settings
from autodidact.store import Store

SPROUT = Path(__file__).resolve().parent / "sprout" / "weights"

# What makes a model answer as it does; a README or a training log in its folder does not.
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

    def data(self) -> dict[str, str | None]:
        """As another process takes it: plain JSON."""
        return {"id": self.id, "path": str(self.path), "revision": self.revision, "sha256": self.sha256}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "BaseModelRef":
        """The base of `data()`."""
        return cls(**data | {"path": Path(data["path"])})


def is_hub_id(name: str) -> bool:
    """Whether `name` has the form of a hub id, with `@revision` or without: Qwen/Qwen3-8B@refs/pr/1."""
    return _HUB_ID.fullmatch(name) is not None


def resolve_base(settings: Settings) -> BaseModelRef:
    """The base model `settings.base_model` names: `sprout`, one out of a package (packaged_base_models.py), a
    folder, or a hub id, with `@revision` if you like.

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
    if name in PACKAGED:
        folder = base_folder(name, _cache_of(settings) / "bases")
        return BaseModelRef(name, folder, None, digest_of_base(folder))
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
            f"Use `sprout`, `{'`, `'.join(PACKAGED)}`, a folder, or a hub id such as Qwen/Qwen3-8B.",
        )
    return _from_hub(name)


def _cache_of(settings: Settings) -> Path:
    """The store's cache; this user's where the store is no folder of this machine."""
    if root := Store(settings.store).root:
        return Path(root) / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autodidact"


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
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            return f"{index.name} cannot be read"
        if any(not isinstance(shard, str) or "/" in shard for shard in shards):
            return f"{index.name} names what is no file of the folder"
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
