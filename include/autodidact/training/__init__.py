"""Training: kept examples in, an adapter out. recipes (numbers), rows (tokens), qlora (the trainer),
checkpoints, worker and launch (the process it runs in). `train` works on a store, `train_files` on plain
paths.
"""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autodidact.settings import Settings
    from autodidact.store import Store

CHECKPOINTS = "checkpoints"
TEMPLATE = "chat_template.jinja"


def train(
    store: "Store", folder: str, kept: Path, settings: "Settings", *, seed: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Trains on the file `kept` and leaves `<folder>/adapter/` in the store. Returns the facts for the
    manifest; `outputs` are its files.

    An interrupted run resumes from its last complete checkpoint in `<folder>/checkpoints`, on whichever
    machine: to a store that is not a local folder each checkpoint is sent as soon as it is complete. Raises
    Interrupted when stopped, AutodidactError on failure.
    """
    if store.root:
        with store.folder(folder) as out:
            return train_files(kept, out, settings, seed=seed, say=say)
    from autodidact.training.remote_run_folder import Mirror

    with Mirror(store, folder) as mirror:
        result = train_files(kept, mirror.path, settings, seed=seed, say=say, on_checkpoint=mirror.send)
        mirror.finish()
        return result


def train_files(
    kept: Path,
    out: Path,
    settings: "Settings",
    *,
    seed: int = 0,
    say: Callable[[str], None] | None = None,
    on_checkpoint: Callable[[Path], None] | None = None,
) -> dict[str, Any]:
    """Trains on the file `kept` and writes `out/adapter/`. Returns the facts for the manifest, as `train`
    does.
    """
    from autodidact.digests import file_sha256, folder_digest
    from autodidact.records import Output
    from autodidact.training.launch import run_here

    started = time.monotonic()
    spec = specification(kept, out, settings, seed=seed)
    result = run_here(spec, say or (lambda line: print(line, file=sys.stderr)), on_checkpoint)
    # The adapter is final; checkpoints hold states of the optimizer and of the random numbers.
    shutil.rmtree(Path(out) / CHECKPOINTS, ignore_errors=True)
    adapter = Path(out) / "adapter"
    _write_template(spec, Path(out))
    files = sorted(adapter.iterdir())
    outputs = {
        f"adapter/{file.name}": Output(sha256=file_sha256(file), bytes=file.stat().st_size) for file in files
    }
    outputs["adapter"] = Output(
        sha256=folder_digest(adapter), bytes=sum(file.stat().st_size for file in files)
    )
    if (template := Path(out) / TEMPLATE).is_file():
        outputs[TEMPLATE] = Output(sha256=file_sha256(template), bytes=template.stat().st_size)
    return {
        "recipe": settings.training.recipe,
        "kept_sha256": file_sha256(Path(kept)),
        **result,
        "seconds": round(time.monotonic() - started, 3),
        "outputs": outputs,
    }


def _write_template(spec: dict[str, Any], out: Path) -> None:
    """Writes the chat template into the adapter's folder, where it is not the base's own."""
    from autodidact.models.chat_template import template_of
    from autodidact.models.find_base_model import BaseModelRef
    from autodidact.models.tool_template import knows_tools

    base = BaseModelRef.from_data(spec["base"])
    if not knows_tools(template_of(base.path)):
        (out / TEMPLATE).write_text(base.tokenizer().chat_template, encoding="utf-8")


def specification(kept: Path, out: Path, settings: "Settings", *, seed: int) -> dict[str, Any]:
    """What the worker works by: plain JSON, all it needs. Raises UsageError or AutodidactError when there is
    no such base model or recipe.
    """
    from autodidact.models.find_base_model import resolve_base
    from autodidact.models.loading import cpu_threads
    from autodidact.training_recipes import effective

    base, recipe = resolve_base(settings), effective(settings)
    return {
        "format": 1,
        "kept": str(Path(kept).resolve()),
        "out": str(Path(out).resolve()),
        "base": base.data(),
        "recipe": recipe.data(),
        "seed": seed,
        "save_steps": settings.training.save_steps,
        "threads": cpu_threads(base, settings.training.threads),
    }
