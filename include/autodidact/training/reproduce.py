"""Training a version again, from what its cycle kept, and comparing: `autodidact reproduce VERSION`."""

import shutil
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact.chronicle.version_states import version_name
from autodidact.errors import AutodidactError
from autodidact.records import Adapter, Manifest
from autodidact.runtime import Runtime

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

# Of the final loss, on a GPU: its sums are not taken in one order.
TOLERANCE = 0.005


def reproduce(runtime: Runtime, cycle: "Cycle", adapter: Adapter, out: Path | None = None) -> dict[str, Any]:
    """Trains the adapter of a cycle again with the rows, recipe, seed and threads of its manifest and
    compares adapters.

    Returns {"version", "same", "close", "adapter": [then, now], "loss": [then, now], "changed": {name: [then,
    now]}, "folder"}: `same` byte for byte, `close` when the final loss is within 0.5%. Goes on where an
    interrupted call stopped. Raises UsageError for a version without an adapter, AutodidactError when the
    store no longer has what it was made of.
    """
    from autodidact.digests import folder_digest
    from autodidact.models.find_base_model import resolve_base
    from autodidact.training import CHECKPOINTS
    from autodidact.training.hardware import versions
    from autodidact.training.launch import run_here
    from autodidact.training_recipes import Recipe

    store, version = runtime.store, version_name(cycle.cycle_id, adapter.sha256)
    manifest = _manifest(store, f"{cycle.folder}/training", adapter.sha256)
    recorded = (manifest.model_extra or {})["training"]
    kept = _kept(store, cycle.folder, recorded["kept_sha256"])
    settings = cycle.effective(runtime.settings)
    base = resolve_base(settings)
    if base.sha256 != recorded["base"]["sha256"]:
        raise AutodidactError(
            f"The base model {base.id} is no longer the one that {version} was trained on",
            "Set base_model to that one.",
        )
    if unknown := set(recorded["settings"]) ^ {field.name for field in fields(Recipe)}:
        raise AutodidactError(
            f"{version} was trained by another release, whose recipes differ in {', '.join(sorted(unknown))}",
            "Reproduce it with that one.",
        )
    out = out or (store.root or Path.cwd() / ".autodidact") / "cache" / "reproduce" / version
    spec = {
        "format": 1,
        "kept": str(kept.resolve()),
        "out": str(Path(out).resolve()),
        "recipe": recorded["settings"],
        "seed": recorded["seed"],
        "base": base.data(),
        "save_steps": settings.training.save_steps,
        "threads": recorded["threads"],
    }
    now = run_here(spec, runtime.say)
    shutil.rmtree(Path(out) / CHECKPOINTS, ignore_errors=True)
    compared = compare(recorded, now, adapter.sha256, folder_digest(Path(out) / "adapter"))
    changed = _changed(recorded["versions"], versions())
    return {"version": version, **compared, "changed": changed, "folder": str(out)}


def _changed(then: dict[str, str], now: dict[str, str]) -> dict[str, list[str | None]]:
    """{library: [version then, version now]} of those that differ."""
    return {name: [then.get(name), here] for name, here in now.items() if then.get(name) != here}


def compare(then: dict[str, Any], now: dict[str, Any], before: str, after: str) -> dict[str, Any]:
    """{"same", "close", "adapter", "loss", "device"} of two runs and the digests of their adapters."""
    losses = [then["loss_mean_last"], now["loss_mean_last"]]
    close = None not in losses and abs(losses[1] - losses[0]) <= TOLERANCE * abs(losses[0])
    return {
        "same": before == after,
        "close": close,
        "adapter": [before, after],
        "loss": losses,
        "device": [then["device"], now["device"]],
    }


def as_text(result: dict[str, Any]) -> str:
    """What was found, in a few lines."""
    before, after = result["adapter"]
    lines = [
        f"{result['version']}: trained again, the adapter is"
        f" {'the same, byte for byte' if result['same'] else 'another one'} ({after[:12]})"
    ]
    if not result["same"]:
        then, now = result["loss"]
        lines.append(
            f"then {before[:12]}; loss over the last ten updates {then:.5f} then, {now:.5f} now"
            + (", within 0.5%" if result["close"] else "")
        )
        lines += [f"{name}: {values[0]} then, {values[1]} now" for name, values in result["changed"].items()]
        if result["device"][0] != result["device"][1]:
            lines.append(f"device: {result['device'][0]} then, {result['device'][1]} now")
    return "\n".join([*lines, f"It is in {result['folder']}"])


def _manifest(store, folder: str, adapter: str) -> Manifest:
    """The manifest of the run that made the adapter: the present one, or one that a later run replaced."""
    for key in [
        f"{folder}/manifest.json",
        *(key for key in store.list(folder) if key.startswith(f"{folder}/manifest-")),
    ]:
        if store.exists(key):
            manifest = Manifest.model_validate(store.read_json(key))
            if manifest.status == "done" and manifest.outputs["adapter"].sha256 == adapter:
                return manifest
    raise AutodidactError(
        f"No manifest in {folder} made the adapter {adapter[:12]}", "Restore the cycle's folder in the store."
    )


def _kept(store, folder: str, expected: str) -> Path:
    """The examples that were trained on, anchors included."""
    from autodidact.digests import file_sha256

    for key in (f"{folder}/training/rows.jsonl", f"{folder}/gate/kept.jsonl"):
        if store.exists(key) and file_sha256(store.local(key)) == expected:
            return store.local(key)
    raise AutodidactError(
        f"The examples of {folder} are gone or were changed: none has sha256 {expected[:12]}",
        "Restore them in the store.",
    )
