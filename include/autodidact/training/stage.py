"""The stage of training: the adapter, trained from the frozen base on what the gate kept. On a cycle, or on a
kept.jsonl.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact import training
from autodidact.errors import Skipped, UsageError
from autodidact.records import canonical, sha256
from autodidact.runtime import Runtime, say_on_stderr
from autodidact.settings import Settings
from autodidact.stage import Stage, Work, run_stage, verified
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle


def _inputs(cycle: "Cycle", runtime: Runtime) -> dict[str, str]:
    """What the gate kept, the base, the settings. Raises Skipped where the gate was skipped."""
    return {
        "kept.jsonl": cycle.done(runtime.store, "gate").outputs["kept.jsonl"].sha256,
        "base": cycle.base["sha256"],
        "settings": sha256(canonical(cycle.effective(runtime.settings).frozen()["training"])),
    }


def _of_cycle(cycle: "Cycle", runtime: Runtime, run: Work) -> None:
    from autodidact.training import anchors

    store = runtime.store
    kept = verified(store, f"{cycle.folder}/gate", cycle.done(store, "gate"), "kept.jsonl")
    with store.lease(run.key("lease.json")):
        rows, added = anchors.write(cycle, runtime, run.folder, kept, runtime.say)
        work(store.local(rows), cycle.effective(runtime.settings), run, seed=cycle.seed, say=runtime.say)
    run.counts["anchors"] = added


TRAIN = Stage("train", "7", _inputs, _of_cycle)


def work(
    rows: Path, settings: Settings, run: Work, *, seed: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Trains on a file of examples; writes `adapter/` and the picture of the loss. Returns the facts for the
    manifest. Goes on from its last checkpoint after a kill.
    """
    from autodidact.training.loss_picture import picture

    result = training.train(run.store, run.folder, rows, settings, seed=seed, say=say)
    run.outputs.update(result.pop("outputs"))
    run.write_text("loss.svg", picture(result))
    run.counts = {"rows": result["rows"], "anchors": 0, "steps": result["steps"], "tokens": result["tokens"]}
    run.extra = {"training": result}
    return result


def skip(cycle: "Cycle", runtime: Runtime, reason: str) -> None:
    """Writes down why nothing is trained, where nothing was: a person refused it. A training that is run all
    the same is done.
    """

    def refused(run: Work) -> None:
        raise Skipped(reason)

    folder, name = f"{cycle.folder}/training", cycle.cycle_id
    if cycle.manifest(runtime.store, "train") is None:
        run_stage(runtime.store, name, "train", folder, code="", inputs={}, work=refused)


def into_folder(settings: Settings, kept: Path, out: Path) -> dict[str, Any]:
    """Trains on a kept.jsonl. Writes `out/adapter/`, `out/card.md` and its picture; returns the facts of the
    training with its `outputs`.
    """
    from autodidact.training.adapter_card import card

    if not kept.is_file():
        raise UsageError(f"{kept} does not exist", "Make it with `autodidact gate EXAMPLES --out FOLDER`.")
    run = Work(Store(out))
    result = work(kept, settings, run, seed=0, say=say_on_stderr)
    adapter = {"path": "adapter", "sha256": run.outputs["adapter"].sha256}
    run.write_text("card.md", card({"training": result, "adapter": adapter}))
    return result | {"outputs": run.outputs}
