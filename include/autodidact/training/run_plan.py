"""What a run trains on, and under which name, fixed before the model is loaded; when its held-out loss is
taken, and when it has no more to gain.
"""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autodidact.records import canonical, sha256
from autodidact.training.token_rows import Rows, build_rows, digest, epoch_rows, hold_out, plan
from autodidact.training_recipes import Recipe

# Of how gradients are computed and summed: another way ends in other bits.
GRADIENT_CODE = 6


@dataclass
class Run:
    """The rows of each update and those held out, as indices into `rows`."""

    spec: dict[str, Any]
    recipe: Recipe
    base: Any
    tokenizer: Any
    rows: Rows
    held_out: list[int]
    updates: list[list[int]]
    # Digest of data and settings: what a checkpoint must agree on.
    name: str = ""
    # Whether activations are computed again in the backward pass, to save memory.
    recompute: bool = False
    # The adapter's weights at the lowest held-out loss so far, where the run may end early.
    best: dict[str, Any] = field(default_factory=dict)

    @property
    def out(self) -> Path:
        return Path(self.spec["out"])

    @property
    def checkpoints(self) -> Path:
        return self.out / "checkpoints"

    @property
    def order(self) -> list[int]:
        """The rows in the order in which they are trained on."""
        return [index for update in self.updates for index in update]

    @property
    def used(self) -> list[int]:
        """Each row that is trained on, once."""
        return sorted(set(self.order))

    @property
    def tokens(self) -> list[int]:
        """Tokens of each update."""
        lengths = self.rows.lengths
        return [sum(lengths[index] for index in update) for update in self.updates]

    @property
    def counts(self) -> dict[str, int]:
        """{"rows", "unused", "too_long", "steps"}"""
        used = len(self.used)
        return {
            "rows": used,
            "unused": len(self.rows.rows) - used - len(self.held_out),
            "too_long": self.rows.too_long,
            "steps": len(self.updates),
        }


def prepare(spec: dict[str, Any]) -> Run:
    """The run that `training.specification` asks for."""
    from autodidact.models.find_base_model import BaseModelRef

    recipe = Recipe(**spec["recipe"])
    base = BaseModelRef.from_data(spec["base"])
    tokenizer = base.tokenizer()
    with open(spec["kept"], encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        rows = build_rows(lines, tokenizer, max_length=recipe.max_length)
    held_out = hold_out(rows, recipe.held_out, seed=spec["seed"]) if recipe.evaluations else []
    budget = recipe.max_tokens and recipe.max_tokens / recipe.epochs
    epoch = epoch_rows(
        rows, facts=recipe.facts, dev=recipe.dev, max_tokens=budget, seed=spec["seed"], without=held_out
    )
    updates = plan(
        epoch,
        rows.lengths,
        epochs=recipe.epochs,
        update_rows=recipe.batch_size * recipe.accumulation,
        seed=spec["seed"],
        max_steps=recipe.max_steps,
    )
    return Run(spec, recipe, base, tokenizer, rows, held_out, updates)


def identity(run: Run, quantization: str) -> str:
    """What a checkpoint must agree on to be used. The split of an update into micro-batches changes no
    gradient and does not count.
    """
    recipe = run.recipe.data() | {"quantization": quantization}
    del recipe["batch_size"], recipe["accumulation"]  # their product shows in `updates`
    return sha256(
        canonical(
            {
                "code": GRADIENT_CODE,
                "rows": digest(run.rows),
                "updates": run.updates,
                "held_out": run.held_out,
                "recipe": recipe,
                "seed": run.spec["seed"],
                "base": run.base.sha256,
            }
        )
    )


def evaluation_steps(updates: int, times: int) -> set[int]:
    """After which updates the held-out loss is taken: `times` times, evenly, the last one included."""
    return {math.ceil(updates * turn / times) for turn in range(1, times + 1)} if times else set()


def evaluations(history: list[dict]) -> list[dict]:
    """The held-out losses in a trainer's log: [{"step", "loss", "by_generator"}]."""
    return [entry["held_out"] for entry in history if "held_out" in entry]


def exhausted(evaluations: list[dict], patience: int) -> bool:
    """Whether the last `patience` evaluations brought no lower loss than those before."""
    losses = [evaluation["loss"] for evaluation in evaluations]
    return bool(patience) and len(losses) > patience and min(losses[-patience:]) >= min(losses[:-patience])
