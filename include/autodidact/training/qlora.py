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

from autodidact.available_memory import free_memory
from autodidact.errors import AutodidactError, Interrupted
from autodidact.training import checkpoints, memory_fit
from autodidact.training.adapter_layers_and_files import write_adapter
from autodidact.training.build_trainer import build, load_best
from autodidact.training.run_plan import Run, evaluations, exhausted, identity, prepare
from autodidact.training.run_results import facts
from autodidact.training.token_rows import MASKED


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


def train(spec: dict[str, Any], stop: Stop, report: Callable[[dict], None]) -> dict[str, Any]:
    """Trains an adapter as `spec` says (autodidact.training.specification makes it) and returns the facts for
    the manifest.

    `report` gets one event an update, an evaluation and a checkpoint. Out of memory, the run resumes from its
    last checkpoint with smaller micro-batches. Raises Interrupted when it was stopped, with everything saved;
    AutodidactError for a loss that is not a number, a full disk or too little memory.
    """
    started = time.monotonic()
    import torch

    from autodidact.models.quantization import import_bitsandbytes

    torch.set_num_threads(spec["threads"])
    import_bitsandbytes()
    run = prepare(spec)
    shape = memory_fit.shape_of(run.base)
    resumed = _fit(run, shape, report)
    report(
        {
            "event": "start",
            **run.counts,
            "held_out": len(run.held_out),
            "left_out": dict(run.rows.left_out),
            "resumed_from": resumed.step if resumed else 0,
        }
    )
    trainer, first, seconds = _updates(run, resumed, stop, report)
    history, done = trainer.state.log_history, trainer.state.global_step
    early = exhausted(evaluations(history), run.recipe.patience)
    if done < len(run.updates) and not early:
        raise Interrupted(
            f"Training was stopped after update {done} of {len(run.updates)}; everything up to there is"
            " saved",
            "Run the same command again.",
        )
    _write(run, trainer)
    return facts(run, trainer, shape, first=first, seconds=seconds) | {
        "ended_early": early,
        "worker_seconds": round(time.monotonic() - started, 3),
    }


def _updates(
    run: Run, resumed: checkpoints.Checkpoint | None, stop: Stop, report: Callable[[dict], None]
) -> tuple[Any, int, float]:
    """Trains, again with smaller micro-batches where memory runs out: (trainer, the update that the last
    attempt resumed from, its seconds).
    """
    import torch

    while True:
        trainer = None
        begun, first = time.monotonic(), resumed.step if resumed else 0
        try:
            if resumed:
                load_best(run, resumed.path)
            trainer = build(run, stop, report)
            stop.training, begun = True, time.monotonic()
            trainer.train(resume_from_checkpoint=str(resumed.path) if resumed else None)
            return trainer, first, time.monotonic() - begun
        except Exception as error:
            if (
                isinstance(error, AutodidactError)
                or not memory_fit.is_out_of_memory(error)
                or not _smaller(run, report)
            ):
                raise explain(error, run.checkpoints) from error
        del trainer
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        resumed = checkpoints.newest(run.checkpoints, run.name)


def _write(run: Run, trainer: Any) -> None:
    """Writes the adapter: the last one, or that of the lowest held-out loss where the run may end early."""
    if run.best:
        from peft import set_peft_model_state_dict

        set_peft_model_state_dict(trainer.model, run.best)
    try:
        write_adapter(trainer.model, run.out / "adapter", run.base, run.recipe.scale)
    except Exception as error:
        raise explain(error, run.out) from error


def _fit(run: Run, shape: memory_fit.Shape, report: Callable[[dict], None]) -> checkpoints.Checkpoint | None:
    """Decides precision and recomputing from the free memory; a precision that an interrupted run began in
    stays. Returns its checkpoint.
    """
    from autodidact.models.loading import device_of

    device, recipe = device_of(), run.recipe
    rows = [run.rows.rows[index] for index in run.used]
    longest = max(len(row["labels"]) for row in rows)
    answer = max(sum(label != MASKED for label in row["labels"]) for row in rows)
    names = {
        identity(run, precision): precision
        for precision in (("nf4", "none") if recipe.quantization == "auto" else (recipe.quantization,))
    }
    resumed = checkpoints.newest(run.checkpoints, *names)
    choice = memory_fit.choose(
        shape,
        quantization=names[resumed.digest] if resumed else recipe.quantization,
        rank=recipe.rank,
        tokens=longest * recipe.batch_size,
        trained=answer * recipe.batch_size,
        width=4 if device == "cpu" else 2,
        free=free_memory(device),
    )
    if recipe.quantization == "auto" or choice.recompute:
        report({"event": "say", "text": choice.why})
    run.recompute, run.recipe = choice.recompute, replace(recipe, quantization=choice.quantization)
    run.name = identity(run, choice.quantization)
    return resumed


def _smaller(run: Run, report: Callable[[dict], None]) -> bool:
    """Takes a smaller micro-batch for the same update, then recomputing; False when there is nothing left to
    give up.
    """
    smaller = memory_fit.halved(run.recipe.data())
    if smaller:
        size, passes = smaller["batch_size"], smaller["accumulation"]
        run.recipe = replace(run.recipe, batch_size=size, accumulation=passes)
        text = f"out of memory: continues with {size} rows a pass and {passes} passes an update"
    elif not run.recompute:
        run.recompute, text = True, "out of memory: continues with activations computed again"
    else:
        return False
    report({"event": "say", "text": text})
    return True


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
    if memory_fit.is_out_of_memory(error):
        return AutodidactError(
            "Training ran out of memory, with a single row a pass and activations computed again",
            "Lower training.max_length, set training.quantization=nf4, or use a machine with more memory.",
        )
    return error
