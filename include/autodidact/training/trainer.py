"""The trainer of one run: TRL's SFTTrainer in a planned order, with a callback that stops, evaluates, reports
and marks checkpoints.
"""

import contextlib
import functools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.recipes import Recipe
from autodidact.training import checkpoints
from autodidact.training.adapter import linear_layers
from autodidact.training.loss import answer_loss, held_out_loss
from autodidact.training.rows import Rows
from autodidact.training.unpadded import flat, flatten, padded

UNPACKED = 50_000_000
"""Parameters up to which 4-bit weights are unpacked once on a CPU and not in each pass: the same adapter,
byte for byte, in four fifths of the time; 200 MB more at most (measured: sprout).
"""

# In a checkpoint: the adapter at its lowest held-out loss so far, where a run may end early.
BEST = "best.safetensors"


@dataclass
class Run:
    """What a run trains on and under which name, fixed before the model is loaded."""

    spec: dict[str, Any]
    recipe: Recipe
    base: Any
    tokenizer: Any
    rows: Rows
    held: list[int]
    updates: list[list[int]]
    name: str = ""  # digest of data and settings: what a checkpoint must agree on
    recompute: bool = False
    best: dict[str, Any] = field(default_factory=dict)  # adapter weights

    @property
    def tokens(self) -> list[int]:
        """Tokens of each update."""
        lengths = self.rows.lengths
        return [sum(lengths[index] for index in update) for update in self.updates]


def evaluation_steps(updates: int, times: int) -> set[int]:
    """After which updates the held-out loss is taken: `times` times, evenly, the last one included."""
    return {math.ceil(updates * turn / times) for turn in range(1, times + 1)} if times else set()


def told(history: list[dict]) -> list[dict]:
    """The evaluations in a trainer's log."""
    return [entry["held_out"] for entry in history if "held_out" in entry]


def exhausted(evaluations: list[dict], patience: int) -> bool:
    """Whether the last `patience` evaluations brought no lower loss than those before."""
    losses = [evaluation["loss"] for evaluation in evaluations]
    return bool(patience) and len(losses) > patience and min(losses[-patience:]) >= min(losses[:-patience])


def loaded(run: Run) -> tuple[Any, Any, Callable[[list[dict]], dict[str, Any]]]:
    """(the base in the recipe's precision, the configuration of its adapter, what makes a batch of rows)"""
    from peft import LoraConfig

    from autodidact.models import bases

    recipe, pad = run.recipe, run.tokenizer.pad_token_id
    model = bases.unpacked(bases.load_base(run.base, recipe.quantization), up_to=UNPACKED)
    model.config.use_cache = False
    collate = flat if flatten(model, run.rows, pad) else functools.partial(padded, pad=pad)
    adapter = LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=recipe.dropout,
        bias="none",
        task_type="CAUSAL_LM",
        target_modules=linear_layers(model),
    )
    return model, adapter, collate


def build(run: Run, stop: Any, report: Callable[[dict], None]):
    """The trainer, its model loaded and its adapter attached."""
    import torch
    from datasets import Dataset
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file
    from transformers import TrainerCallback
    from trl import SFTConfig, SFTTrainer

    from autodidact.models import bases

    recipe, rows, updates, tokens = run.recipe, run.rows, run.updates, run.tokens
    order = [index for update in updates for index in update]
    gpu = bases.device_of() != "cpu"
    asked = evaluation_steps(len(updates), recipe.evaluations) if run.held else set()

    class Watch(TrainerCallback):
        """Stops on request, on a loss that is not a number and when nothing is gained; evaluates; marks
        checkpoints complete; reports.
        """

        def __init__(self):
            self.clock = time.monotonic()

        def on_train_begin(self, args, state, control, **_):
            if asked and state.global_step == 0:
                self.evaluate(state)
            self.clock = time.monotonic()

        def evaluate(self, state) -> None:
            with trainer.compute_loss_context_manager():
                found = held_out_loss(trainer.model, rows, run.held, batch=recipe.batch_size, collate=collate)
            before = [evaluation["loss"] for evaluation in told(state.log_history)]
            if recipe.patience and (not before or found["loss"] < min(before)):
                run.best = {
                    n: w.detach().cpu().clone()
                    for n, w in get_peft_model_state_dict(trainer.model, save_embedding_layers=False).items()
                }
            state.log_history.append(
                {"step": state.global_step, "held_out": {"step": state.global_step, **found}}
            )
            report({"event": "evaluation", "step": state.global_step, "of": len(updates), **found})

        def on_step_end(self, args, state, control, **_):
            if state.global_step in asked:
                self.evaluate(state)
            if exhausted(told(state.log_history), recipe.patience):
                control.should_training_stop = True
            elif stop and state.global_step < len(updates):
                control.should_save = control.should_training_stop = True

        def on_log(self, args, state, control, logs=None, **_):
            if not logs or "loss" not in logs:
                return
            step, loss, norm = state.global_step, logs["loss"], logs.get("grad_norm", 0.0)
            if not math.isfinite(loss) or not math.isfinite(norm):
                raise not_a_number(f"The loss became {loss} (gradient norm {norm})", step, len(updates))
            now = time.monotonic()
            speed = tokens[step - 1] / max(now - self.clock, 1e-6)
            self.clock = now
            report(
                {
                    "event": "step",
                    "step": step,
                    "of": len(updates),
                    "loss": loss,
                    "gradient": norm,
                    "tokens_per_second": round(speed, 1),
                }
            )

        def on_save(self, args, state, control, **_):
            path = Path(args.output_dir) / f"{checkpoints.PREFIX}{state.global_step}"
            if run.best:
                save_file(run.best, path / BEST)
            checkpoints.complete(path, digest=run.name, step=state.global_step)
            report({"event": "checkpoint", "step": state.global_step, "path": str(path)})

    class Planned(SFTTrainer):
        """SFTTrainer in the planned order, without a model card in each checkpoint, and none of weights that
        are not numbers.
        """

        def _get_train_sampler(self, train_dataset=None):
            return _Order(order)

        def create_model_card(self, *args, **kwargs):
            return None

        def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
            return answer_loss(model, inputs, num_items_in_batch)

        def _save_checkpoint(self, model, trial):
            if not all(torch.isfinite(weight).all() for weight in model.parameters() if weight.requires_grad):
                raise not_a_number(
                    "Weights of the adapter stopped being numbers", self.state.global_step, len(updates)
                )
            super()._save_checkpoint(model, trial)

    model, adapter, collate = loaded(run)
    arguments = SFTConfig(
        output_dir=str(Path(run.spec["out"]) / "checkpoints"),
        per_device_train_batch_size=recipe.batch_size,
        gradient_accumulation_steps=recipe.accumulation,
        num_train_epochs=1,
        max_steps=len(updates),
        learning_rate=recipe.learning_rate,
        lr_scheduler_type=recipe.schedule,
        warmup_steps=math.ceil(recipe.warmup * len(updates)),
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.max_grad_norm,
        optim="adamw_torch",
        seed=run.spec["seed"] % 2**32,
        data_seed=run.spec["seed"] % 2**32,
        bf16=gpu and torch.cuda.is_bf16_supported(),
        fp16=False,
        use_cpu=not gpu,
        gradient_checkpointing=run.recompute,
        max_length=None,
        packing=False,
        dataset_kwargs={"skip_prepare_dataset": True},
        remove_unused_columns=False,
        save_strategy="steps",
        save_steps=run.spec["save_steps"],
        save_total_limit=None,
        logging_strategy="steps",
        logging_steps=1,
        logging_nan_inf_filter=False,
        report_to="none",
        disable_tqdm=True,
        dataloader_num_workers=0,
        dataloader_pin_memory=gpu,
    )
    trainer = Planned(
        model=model,
        args=arguments,
        processing_class=run.tokenizer,
        callbacks=[Watch()],
        data_collator=collate,
        train_dataset=Dataset.from_dict(
            {"input_ids": [r["input_ids"] for r in rows.rows], "labels": [r["labels"] for r in rows.rows]}
        ),
        peft_config=adapter,
    )
    for callback in ("PrinterCallback", "ProgressCallback"):
        for present in [c for c in trainer.callback_handler.callbacks if type(c).__name__ == callback]:
            trainer.remove_callback(present)
    for parameter in trainer.model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return trainer


def load_best(run: Run, checkpoint: Path) -> None:
    """Takes up the best adapter that an interrupted run had found."""
    from safetensors.torch import load_file

    with contextlib.suppress(FileNotFoundError):
        run.best = load_file(checkpoint / BEST)


def not_a_number(what: str, step: int, of: int) -> AutodidactError:
    return AutodidactError(
        f"{what} at update {step} of {of}; nothing after the last checkpoint was kept",
        "Lower training.learning_rate, then run again.",
    )


class _Order:
    """A sampler that yields fixed indices."""

    def __init__(self, order: list[int]):
        self.order = order

    def __iter__(self):
        return iter(self.order)

    def __len__(self) -> int:
        return len(self.order)
