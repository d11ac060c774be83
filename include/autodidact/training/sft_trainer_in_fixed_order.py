"""TRL's SFTTrainer in a planned order, and the callback that stops, evaluates, reports and marks checkpoints.

Imported by build_trainer.py when it builds one, and by nothing else: it loads torch and TRL.
"""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from peft import get_peft_model_state_dict
from safetensors.torch import save_file
from transformers import TrainerCallback
from trl import SFTTrainer

from autodidact.errors import AutodidactError
from autodidact.training import checkpoints
from autodidact.training.loss import answer_loss, held_out_loss
from autodidact.training.run_plan import Run, evaluation_steps, evaluations, exhausted

# In a checkpoint: the adapter at its lowest held-out loss so far, where a run may end early.
BEST = "best.safetensors"


class PlannedTrainer(SFTTrainer):
    """SFTTrainer in the run's order, without a model card in each checkpoint, and none of weights that are
    not numbers.
    """

    def __init__(self, *, run: Run, **options):
        self._run = run
        super().__init__(**options)

    def _get_train_sampler(self, train_dataset=None):
        return self._run.order

    def create_model_card(self, *args, **kwargs):
        return None

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        return answer_loss(model, inputs, num_items_in_batch)

    def _save_checkpoint(self, model, trial):
        if not all(torch.isfinite(weight).all() for weight in model.parameters() if weight.requires_grad):
            raise not_a_number(
                "Weights of the adapter stopped being numbers", self.state.global_step, self._run
            )
        super()._save_checkpoint(model, trial)


class Watch(TrainerCallback):
    """Stops on request, on a loss that is not a number and when nothing is gained; takes the held-out loss;
    marks checkpoints complete; reports.
    """

    def __init__(self, run: Run, stop: Any, report: Callable[[dict], None]):
        self._run, self._stop, self._report = run, stop, report
        self._of = len(run.updates)
        self._tokens = run.tokens
        self._evaluate_after = evaluation_steps(self._of, run.recipe.evaluations) if run.held_out else set()
        self._clock = time.monotonic()
        # The trainer, once it is built.
        self.trainer: Any = None

    def on_train_begin(self, args, state, control, **_):
        if self._evaluate_after and state.global_step == 0:
            self._evaluate(state)
        self._clock = time.monotonic()

    def on_step_end(self, args, state, control, **_):
        if state.global_step in self._evaluate_after:
            self._evaluate(state)
        if exhausted(evaluations(state.log_history), self._run.recipe.patience):
            control.should_training_stop = True
        elif self._stop and state.global_step < self._of:
            control.should_save = control.should_training_stop = True

    def on_log(self, args, state, control, logs=None, **_):
        if not logs or "loss" not in logs:
            return
        step, loss, norm = state.global_step, logs["loss"], logs.get("grad_norm", 0.0)
        if not math.isfinite(loss) or not math.isfinite(norm):
            raise not_a_number(f"The loss became {loss} (gradient norm {norm})", step, self._run)
        now = time.monotonic()
        speed = self._tokens[step - 1] / max(now - self._clock, 1e-6)
        self._clock = now
        event = {"event": "step", "step": step, "of": self._of, "loss": loss, "gradient": norm}
        self._report(event | {"tokens_per_second": round(speed, 1)})

    def on_save(self, args, state, control, **_):
        path = Path(args.output_dir) / f"{checkpoints.PREFIX}{state.global_step}"
        if self._run.best:
            save_file(self._run.best, path / BEST)
        checkpoints.complete(path, digest=self._run.name, step=state.global_step)
        self._report({"event": "checkpoint", "step": state.global_step, "path": str(path)})

    def _evaluate(self, state) -> None:
        run, trainer = self._run, self.trainer
        with trainer.compute_loss_context_manager():
            found = held_out_loss(
                trainer.model,
                run.rows,
                run.held_out,
                batch=run.recipe.batch_size,
                collate=trainer.data_collator,
            )
        before = [evaluation["loss"] for evaluation in evaluations(state.log_history)]
        if run.recipe.patience and (not before or found["loss"] < min(before)):
            weights = get_peft_model_state_dict(trainer.model, save_embedding_layers=False)
            run.best = {name: weight.detach().cpu().clone() for name, weight in weights.items()}
        found = {"step": state.global_step, **found}
        state.log_history.append({"step": state.global_step, "held_out": found})
        self._report({"event": "evaluation", "of": self._of, **found})


def not_a_number(what: str, step: int, run: Run) -> AutodidactError:
    """The error for a run that can only get worse."""
    return AutodidactError(
        f"{what} at update {step} of {len(run.updates)}; nothing after the last checkpoint was kept",
        "Lower training.learning_rate, then run again.",
    )
