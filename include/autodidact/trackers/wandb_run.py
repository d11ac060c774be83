"""A training as a run of Weights & Biases: project `autodidact-<system>`, with W&B's own variables
(WANDB_API_KEY, WANDB_BASE_URL, WANDB_MODE=offline, WANDB_DIR).
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any


def training(request: dict[str, Any]) -> str:
    """Logs the run, under an id of its own: what a kill left half logged is completed, or, offline, made
    again. Returns where it is.
    """
    import wandb

    run = request["run"]
    name = f"{run['system']}/{run['version']}"
    number = hashlib.sha256(name.encode()).hexdigest()[:16]
    folder = Path(os.environ.get("WANDB_DIR") or ".autodidact").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"wandb/offline-run-*-{number}"):
        shutil.rmtree(left, ignore_errors=True)
    logged = wandb.init(
        project=f"autodidact-{run['system']}"[:128],
        id=number,
        name=run["version"],
        config=run["params"] | {"cycle_id": run["cycle_id"], "adapter": run["adapter"]},
        dir=str(folder),
        resume="allow",
        settings=_settings(wandb),
    )
    first = logged.step
    for step, values in run["steps"]:
        if step >= first:
            logged.log(values, step=step)
    logged.summary.update(run["summary"])
    where, offline = logged.url, logged.settings.mode == "offline"
    place = logged.dir
    logged.finish()
    return f"W&B, {Path(place).parent if offline or not where else where}"


def _settings(wandb: Any) -> Any:
    """Metrics alone are sent: nothing of the machine, the folder or the packages."""
    wanted = {"console": "off", "silent": True, "init_timeout": 60, "disable_git": True, "disable_code": True}
    wanted |= {"x_disable_meta": True, "x_disable_stats": True, "x_save_requirements": False}
    known = wandb.Settings.model_fields
    return wandb.Settings(**{name: value for name, value in wanted.items() if name in known})
