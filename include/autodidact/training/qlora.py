"""QLoRA, really executed: TRL's SFTTrainer, PEFT, bitsandbytes. Runs inside the worker process.

The base's linear layers are in nf4 with double quantisation and frozen; every one of them but `lm_head` gets
a low-rank adapter (Dettmers et al. 2023, arXiv 2305.14314). Adapter weights are float32, where the paper has
bfloat16: at the end of a cosine schedule an update is smaller than bfloat16's step of 1/256 and would be
lost.

Precision: bfloat16 on a GPU that has it, float32 on a CPU. bfloat16 matrix products without AVX512-BF16 are
emulated: 60 tokens/s against 1,290 in float32, one thread, AVX2, the 6M-parameter model.
"""

import errno
import gc
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError, Interrupted
from autodidact.recipes import Recipe
from autodidact.records import canonical, sha256
from autodidact.training import checkpoints, memory
from autodidact.training.adapter import public_name, write_adapter
from autodidact.training.hardware import device_name, peak_memory, utilisation, versions
from autodidact.training.rows import MASKED, build_rows, digest, epoch_rows, hold_out, plan
from autodidact.training.trainer import Run, build, exhausted, load_best, told


class Stop:
    """Set once from a signal handler or a thread; the trainer looks at it after every update."""

    def __init__(self):
        self._event = threading.Event()
        self.training = False

    def __call__(self, *_) -> None:
        first = not self._event.is_set()
        self._event.set()
        if first and not self.training and threading.current_thread() is threading.main_thread():
            raise Interrupted("Training was stopped before its first update", "Run the same command again.")

    def __bool__(self) -> bool:
        return self._event.is_set()


def install(stop: Stop) -> None:
    """SIGTERM and SIGINT ask `stop`: what is trained so far is saved, then the process exits with 75."""
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def identity(run: Run, quantization: str) -> str:
    """What a checkpoint must agree on to be used. The split of an update into micro-batches changes no
    gradient and does not count.
    """
    data = run.recipe.data() | {"quantization": quantization}
    del data["batch_size"], data["accumulation"]  # their product shows in `updates`
    return sha256(
        canonical(
            {
                "code": 6,  # of how gradients are computed and summed: another way ends in other bits
                "rows": digest(run.rows),
                "updates": run.updates,
                "held_out": run.held,
                "recipe": data,
                "seed": run.spec["seed"],
                "base": run.base.sha256,
            }
        )
    )


def prepare(spec: dict[str, Any]) -> Run:
    """The rows, those held out, and the rows of each update."""
    from autodidact.models import bases

    recipe = Recipe(**spec["recipe"])
    base = bases.BaseModelRef(**spec["base"] | {"path": Path(spec["base"]["path"])})
    tokenizer = base.tokenizer()
    with open(spec["kept"], encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        rows = build_rows(lines, tokenizer, max_length=recipe.max_length)
    held = hold_out(rows, recipe.held_out, seed=spec["seed"]) if recipe.evaluations else []
    budget = recipe.max_tokens and recipe.max_tokens / recipe.epochs
    epoch = epoch_rows(
        rows, facts=recipe.facts, dev=recipe.dev, max_tokens=budget, seed=spec["seed"], without=held
    )
    updates = plan(
        epoch,
        rows.lengths,
        epochs=recipe.epochs,
        update_rows=recipe.batch_size * recipe.accumulation,
        seed=spec["seed"],
        max_steps=recipe.max_steps,
    )
    return Run(spec, recipe, base, tokenizer, rows, held, updates)


def train(spec: dict[str, Any], stop: Stop, report: Callable[[dict], None]) -> dict[str, Any]:
    """Trains an adapter as `spec` says (autodidact.training.launch writes it) and returns the facts for the
    manifest.

    `report` gets one event an update, an evaluation and a checkpoint. Out of memory, it goes on from the last
    checkpoint with smaller
    micro-batches. Raises Interrupted when asked to stop, with everything saved; AutodidactError for a loss
    that is not a number, a full
    disk or too little memory.
    """
    started = time.monotonic()
    import torch

    from autodidact.models.four_bits import import_bitsandbytes

    torch.set_num_threads(spec["threads"])
    import_bitsandbytes()
    run, folder = prepare(spec), Path(spec["out"]) / "checkpoints"
    shape = memory.shape_of(run.base)
    resumed = _fit(run, shape, folder, report)
    used = sorted({index for update in run.updates for index in update})
    rows, held = run.rows, run.held
    counts = {
        "rows": len(used),
        "unused": len(rows.rows) - len(used) - len(held),
        "too_long": rows.too_long,
        "steps": len(run.updates),
    }
    report(
        {
            "event": "start",
            **counts,
            "held_out": len(held),
            "left_out": dict(rows.left_out),
            "resumed_from": resumed.step if resumed else 0,
        }
    )
    while True:
        trainer = None
        begun, first = time.monotonic(), resumed.step if resumed else 0
        try:
            if resumed:
                load_best(run, resumed.path)
            trainer = build(run, stop, report)
            stop.training, begun = True, time.monotonic()
            trainer.train(resume_from_checkpoint=str(resumed.path) if resumed else None)
            break
        except Exception as error:
            if (
                isinstance(error, AutodidactError)
                or not memory.is_out_of_memory(error)
                or not _smaller(run, report)
            ):
                raise explain(error, folder) from error
        del trainer
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        resumed = checkpoints.newest(folder, run.name)
    seconds = time.monotonic() - begun
    history, done, recipe = trainer.state.log_history, trainer.state.global_step, run.recipe
    early = exhausted(told(history), recipe.patience)
    if done < len(run.updates) and not early:
        raise Interrupted(
            f"Training was stopped after update {done} of {len(run.updates)}; everything up to there is"
            " saved",
            "Run the same command again.",
        )
    if run.best:
        from peft import set_peft_model_state_dict

        set_peft_model_state_dict(trainer.model, run.best)
    try:
        write_adapter(trainer.model, Path(spec["out"]) / "adapter", run.base, recipe.scale)
    except Exception as error:
        raise explain(error, folder.parent) from error
    tokens = run.tokens[:done]
    losses = {entry["step"]: entry["loss"] for entry in history if "loss" in entry}
    curve, seen = [], 0
    for step, count in enumerate(tokens, 1):
        seen += count
        curve.append([step, losses.get(step), seen])
    speed = sum(tokens[first:]) / seconds if sum(tokens[first:]) else None
    device = device_name(trainer.args.device.type)
    parameters = sum(p.numel() for p in trainer.model.parameters() if p.requires_grad)
    visits = [index for update in run.updates[:done] for index in update]
    return {
        **counts,
        "longest": rows.longest,
        "left_out": dict(rows.left_out),
        "composition": rows.composition(used),
        "visits": rows.composition(visits),
        "rows_sha256": digest(rows),
        "identity": run.name,
        "settings": recipe.data(),
        "recomputed": run.recompute,
        "seed": spec["seed"],
        "versions": versions(),
        "threads": spec["threads"],
        "updates": done,
        "ended_early": early,
        "base": {"id": public_name(run.base), "revision": run.base.revision, "sha256": run.base.sha256},
        "device": device,
        "parameters": parameters,
        "tokens": sum(tokens),
        "trained_tokens": sum(label != MASKED for index in visits for label in rows.rows[index]["labels"]),
        "loss_curve": curve,
        "held_out": {"rows": len(held), "composition": rows.composition(held), "evaluations": told(history)},
        "loss_first": curve[0][1],
        "loss_last": curve[-1][1],
        "loss_mean_last": _mean([loss for _, loss, _ in curve[-10:]]),
        "tokens_per_second": speed and round(speed, 1),
        "utilisation": utilisation(device, speed, shape.linear, parameters),
        "peak_memory": peak_memory(),
        "resumed_from": first,
        "train_seconds": round(seconds, 3),
        "worker_seconds": round(time.monotonic() - started, 3),
    }


def _fit(
    run: Run, shape: memory.Shape, folder: Path, report: Callable[[dict], None]
) -> checkpoints.Checkpoint | None:
    """Decides precision and recomputing from the free memory; a precision that an interrupted run began in
    stays. Returns its checkpoint.
    """
    from autodidact.models import bases

    device, recipe = bases.device_of(), run.recipe
    rows = [run.rows.rows[index] for index in {index for update in run.updates for index in update}]
    longest = max(len(row["labels"]) for row in rows)
    answer = max(sum(label != MASKED for label in row["labels"]) for row in rows)
    free, width = memory.free_memory(device), 4 if device == "cpu" else 2

    def choose(quantization: str) -> memory.Choice:
        tokens, trained = longest * recipe.batch_size, answer * recipe.batch_size
        return memory.choose(
            shape,
            quantization=quantization,
            rank=recipe.rank,
            tokens=tokens,
            trained=trained,
            width=width,
            free=free,
        )

    names = {
        identity(run, precision): precision
        for precision in (("nf4", "none") if recipe.quantization == "auto" else (recipe.quantization,))
    }
    resumed = checkpoints.newest(folder, *names)
    choice = choose(names[resumed.digest] if resumed else recipe.quantization)
    if recipe.quantization == "auto" or choice.recompute:
        report({"event": "say", "text": choice.why})
    run.recompute, run.recipe = choice.recompute, replace(recipe, quantization=choice.quantization)
    run.name = identity(run, choice.quantization)
    return resumed


def _smaller(run: Run, report: Callable[[dict], None]) -> bool:
    """Takes a smaller micro-batch for the same update, then recomputing; False when there is nothing left to
    give up.
    """
    smaller = memory.halved(run.recipe.data())
    if smaller:
        run.recipe = replace(run.recipe, **smaller)
        text = (
            f"out of memory: goes on with {smaller['batch_size']} rows a pass and {smaller['accumulation']}"
            " passes an update"
        )
    elif not run.recompute:
        run.recompute, text = True, "out of memory: goes on with activations computed again"
    else:
        return False
    report({"event": "say", "text": text})
    return True


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def explain(error: BaseException, folder: Path) -> BaseException:
    """The trainer's failure in words, where it is one that a person can act on; else the failure itself."""
    text = str(error)
    if (
        getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
        or "No space left" in text
        or "PytorchStreamWriter failed" in text
    ):
        return AutodidactError(
            f"The disk is full: {folder} cannot take a checkpoint",
            "Free some space and run again; the last checkpoint is kept.",
        )
    if memory.is_out_of_memory(error):
        return AutodidactError(
            "Training ran out of memory, with a single row a pass and activations computed again",
            "Lower training.max_length, set training.quantization=nf4, or use a machine with more memory.",
        )
    return error
