"""What is logged of a training, to whom, and whether it was; which version serves, for MLflow's registry.

training/reported.json                         {"format", "adapter", "to": {"mlflow": where}}
<system>/tensorboard/<version>/events.out.*    what TensorBoard reads
"""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact.errors import AutodidactError
from autodidact.models.child_process import Child, Killed
from autodidact.runtime import say_on_stderr
from autodidact.safe_text import one_line

if TYPE_CHECKING:
    from autodidact.records import Manifest
    from autodidact.settings import Settings
    from autodidact.store import Store

WORKER = "autodidact.trackers.worker"
# Seconds that one of them may take: of a training, and of a promotion, which others wait for.
LOGGING, NAMING = 180, 60


def report_training(
    store: "Store",
    settings: "Settings",
    manifest: "Manifest",
    *,
    system: str,
    folder: str,
    version: str,
    say: Callable[[str], None],
) -> None:
    """Logs a training, once, wherever `training.report_to` says. `folder`: of the cycle; its manifest is that
    of `train`. What cannot be done is said in one line each, and tried again by the next call.
    """
    if not settings.training.report_to:
        return
    key, adapter = f"{folder}/training/reported.json", manifest.outputs["adapter"].sha256
    try:
        done = _done(store, key, adapter)
        for name in settings.training.report_to:
            if name not in done:
                source = {"source": f"{store.shown}/{folder}/training/adapter"}
                run = a_run(manifest, system, version) | source
                if where := _log(store, {"to": name, "do": "training", "run": run}, say):
                    done[name] = where
                    store.write_json(key, {"format": 1, "adapter": adapter, "to": done})
                    say(f"train: logged in {where}")
    except Exception as error:
        say(one_line(f"WARNING: the training is not logged in all that training.report_to names: {error}"))


def follow_champion(
    settings: "Settings", system: str, version: str, *, say: Callable[[str], None] = say_on_stderr
) -> None:
    """Sets the alias `champion` of MLflow's registry to the version in service, where `training.report_to`
    names mlflow; takes it away while none of its versions serves.
    """
    if "mlflow" in settings.training.report_to:
        _ask({"to": "mlflow", "do": "champion", "run": {"system": system, "version": version}}, NAMING, say)


def a_run(manifest: "Manifest", system: str, version: str) -> dict[str, Any]:
    """What is logged: {"system", "version", "cycle_id", "ended" (seconds since 1970), "params", "steps":
    [[update, {metric: value}]], "summary": {metric: value}}.
    """
    training: dict[str, Any] = (manifest.model_extra or {})["training"]
    steps: dict[int, dict[str, float]] = {}
    for step, loss, tokens in training["loss_curve"]:
        steps[step] = {"tokens": tokens} | ({} if loss is None else {"loss": loss})
    for each in training["held_out"]["evaluations"]:
        found = {f"held_out_loss/{name}": loss for name, loss in each["by_generator"].items()}
        steps.setdefault(each["step"], {}).update({"held_out_loss": each["loss"]} | found)
    single = {"tokens_per_second": training["tokens_per_second"], "train_seconds": training["train_seconds"]}
    single |= {f"peak_memory/{kind}": size for kind, size in training["peak_memory"].items()}
    params = training["settings"] | {name: training[name] for name in ("recipe", "seed", "rows", "device")}
    return {
        "system": system,
        "version": version,
        "cycle_id": manifest.cycle_id,
        "adapter": manifest.outputs["adapter"].sha256,
        "ended": datetime.fromisoformat(manifest.started).timestamp() + manifest.seconds,
        "params": params | {"base": training["base"]["id"]},
        "steps": [[step, steps[step]] for step in sorted(steps)],
        "summary": {name: value for name, value in single.items() if value is not None},
    }


def _done(store: "Store", key: str, adapter: str) -> dict[str, str]:
    """Where this adapter's training is logged already."""
    if not store.exists(key):
        return {}
    found: dict[str, Any] = store.read_json(key)
    return dict(found["to"]) if found.get("adapter") == adapter else {}


def _log(store: "Store", request: dict[str, Any], say: Callable[[str], None]) -> str | None:
    """Where the training is logged now; None where it is not. TensorBoard's file goes to the store."""
    if request["to"] != "tensorboard":
        return _ask(request, LOGGING, say)
    run = request["run"]
    with tempfile.TemporaryDirectory(prefix="autodidact-") as folder:
        file = Path(folder) / "events"
        if not _ask(request | {"file": str(file)}, LOGGING, say):
            return None
        key = f"{run['system']}/tensorboard/{run['version']}"
        store.write_bytes(f"{key}/events.out.tfevents.{run['ended']:.0f}.autodidact", file.read_bytes())
    return f"{store.shown}/{run['system']}/tensorboard"


def _ask(request: dict[str, Any], seconds: int, say: Callable[[str], None]) -> str | None:
    """What the worker answers; None, and a line, where it does not. It has no more than so many seconds."""
    name = request["to"]
    try:
        with Child(WORKER) as child:
            request |= {"seconds": seconds, "cwd": str(Path.cwd())}
            return str(child.ask(request, say=say))
    except Killed:
        why = f"{name} took more than {seconds} s. Is its server there?"
    except AutodidactError as error:
        why = str(error)
    except OSError as error:
        why = str(error)
    say(one_line(f"WARNING: not logged in {name}: {why}"))
    return None
