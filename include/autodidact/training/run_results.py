"""What a run found, for the manifest: rows, losses, speed, memory, versions."""

from typing import Any

from autodidact.training.adapter_layers_and_files import public_name
from autodidact.training.hardware import device_name, peak_memory, utilisation, versions
from autodidact.training.memory_fit import Shape
from autodidact.training.run_plan import Run, evaluations
from autodidact.training.token_rows import MASKED, digest


def facts(run: Run, trainer: Any, shape: Shape, *, first: int, seconds: float) -> dict[str, Any]:
    """The facts of a run that ended. `first`: the update that it resumed from; `seconds`: of the updates
    since.
    """
    rows, done = run.rows, trainer.state.global_step
    tokens = run.tokens[:done]
    visits = [index for update in run.updates[:done] for index in update]
    speed = sum(tokens[first:]) / seconds if sum(tokens[first:]) else None
    device = device_name(trainer.args.device.type)
    parameters = sum(weight.numel() for weight in trainer.model.parameters() if weight.requires_grad)
    return {
        **run.counts,
        "longest": rows.longest,
        "left_out": dict(rows.left_out),
        "composition": rows.composition(run.used),
        "visits": rows.composition(visits),
        "rows_sha256": digest(rows),
        "identity": run.name,
        "settings": run.recipe.data(),
        "recomputed": run.recompute,
        "seed": run.spec["seed"],
        "versions": versions(),
        "threads": run.spec["threads"],
        "updates": done,
        "base": {"id": public_name(run.base), "revision": run.base.revision, "sha256": run.base.sha256},
        "device": device,
        "parameters": parameters,
        "tokens": sum(tokens),
        "trained_tokens": sum(label != MASKED for index in visits for label in rows.rows[index]["labels"]),
        **_losses(run, trainer.state.log_history, tokens),
        "tokens_per_second": speed and round(speed, 1),
        "utilisation": utilisation(device, speed, shape.linear, parameters),
        "peak_memory": peak_memory(),
        "resumed_from": first,
        "train_seconds": round(seconds, 3),
    }


def _losses(run: Run, history: list[dict], tokens: list[int]) -> dict[str, Any]:
    """The loss of each update with the tokens up to it, and the held-out losses."""
    losses = {entry["step"]: entry["loss"] for entry in history if "loss" in entry}
    curve, total = [], 0
    for step, count in enumerate(tokens, 1):
        total += count
        curve.append([step, losses.get(step), total])
    return {
        "loss_curve": curve,
        "held_out": {
            "rows": len(run.held_out),
            "composition": run.rows.composition(run.held_out),
            "evaluations": evaluations(history),
        },
        "loss_first": curve[0][1],
        "loss_last": curve[-1][1],
        "loss_mean_last": _mean([loss for _, loss, _ in curve[-10:]]),
    }


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
