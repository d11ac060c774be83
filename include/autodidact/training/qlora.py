"""QLoRA, really executed: TRL's SFTTrainer, PEFT, bitsandbytes. Runs inside the worker process.

The base's linear layers are in nf4 with double quantisation and frozen; every one of them but `lm_head` gets a low-rank adapter
(Dettmers et al. 2023, arXiv 2305.14314). Adapter weights are float32, where the paper has bfloat16: at the end of a cosine schedule
an update is smaller than bfloat16's step of 1/256 and would be lost.

Precision: bfloat16 on a GPU that has it, float32 on a CPU. bfloat16 matrix products without AVX512-BF16 are emulated: 60 tokens/s
against 1,290 in float32, one thread, AVX2, the 6M-parameter model.
"""

import errno
import math
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError, Interrupted
from autodidact.records import canonical, sha256
from autodidact.training import checkpoints
from autodidact.training.adapter import linear_layers, public_name, write_adapter
from autodidact.training.recipes import Recipe
from autodidact.training.rows import MASKED, Rows, build_rows, digest, epoch_rows, plan

LARGE = 1_000_000_000  # parameters; from here on activations are recomputed instead of kept (about 20% slower, several times less memory)
LIBRARIES = ("torch", "transformers", "trl", "peft", "bitsandbytes", "accelerate", "safetensors", "tokenizers")


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


def identity(rows: Rows, updates: list[list[int]], recipe: Recipe, seed: int, base_sha256: str) -> str:
    """What a checkpoint must agree on to be used. The split of an update into micro-batches changes no gradient and does not count."""
    data = recipe.data()
    del data["batch_size"], data["accumulation"]  # their product shows in `updates`
    return sha256(canonical({"code": 1, "rows": digest(rows), "updates": updates, "recipe": data, "seed": seed, "base": base_sha256}))


def versions() -> dict[str, str]:
    """Versions of the libraries that shape the result, and of Python."""
    from importlib.metadata import version

    return {"python": sys.version.split()[0]} | {name: version(name) for name in LIBRARIES}


def device_name(device: str) -> str:
    """What trained, in words."""
    import torch

    if device == "cuda":
        return torch.cuda.get_device_name()
    return f"CPU ({torch.backends.cpu.get_cpu_capability()}), {torch.get_num_threads()} threads"


def peak_memory() -> dict[str, int]:
    """Bytes: the largest resident size of this process, and what the GPU held at most."""
    import torch

    unit = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes on macOS, KiB elsewhere
    peak = {"rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}
    if torch.cuda.is_available():
        peak["gpu"] = torch.cuda.max_memory_allocated()
    return peak


def train(spec: dict[str, Any], stop: Stop, report: Callable[[dict], None]) -> dict[str, Any]:
    """Trains an adapter as `spec` says (autodidact.training.launch writes it) and returns the facts for the manifest.

    `report` gets one event an update and one a checkpoint. Raises Interrupted when asked to stop, with everything saved;
    AutodidactError for a loss that is not a number, a full disk or too little memory.
    """
    import torch

    from autodidact import models

    started = time.monotonic()
    torch.set_num_threads(spec["threads"])
    recipe, out = Recipe(**spec["recipe"]), Path(spec["out"])
    base = models.BaseModelRef(**spec["base"] | {"path": Path(spec["base"]["path"])})
    tokenizer = base.tokenizer()
    with open(spec["kept"], encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        rows = build_rows(lines, tokenizer, max_length=recipe.max_length)
    update_rows = recipe.batch_size * recipe.accumulation
    budget = recipe.max_tokens and recipe.max_tokens / recipe.epochs
    epoch = epoch_rows(rows, facts=recipe.facts, max_tokens=budget, seed=spec["seed"])
    updates = plan(epoch, rows.lengths, epochs=recipe.epochs, update_rows=update_rows, seed=spec["seed"], max_steps=recipe.max_steps)
    name = identity(rows, updates, recipe, spec["seed"], base.sha256)
    folder = out / "checkpoints"
    resumed = checkpoints.newest(folder, name)
    used = sorted({index for update in updates for index in update})
    counts = {"rows": len(used), "unused": len(rows.rows) - len(used), "too_long": rows.too_long, "steps": len(updates)}
    report({"event": "start", **counts, "resumed_from": resumed.step if resumed else 0})
    trainer = _trainer(spec, recipe, base, tokenizer, rows, updates, name, stop, report)
    stop.training = True
    begun = time.monotonic()
    try:
        trainer.train(resume_from_checkpoint=str(resumed.path) if resumed else None)
    except (OSError, RuntimeError) as error:
        raise explain(error, folder) from error
    seconds = time.monotonic() - begun
    done = trainer.state.global_step
    if done < len(updates):
        raise Interrupted(f"Training was stopped after update {done} of {len(updates)}; everything up to there is saved", "Run the same command again.")
    write_adapter(trainer.model, out / "adapter", base)
    tokens = [sum(rows.lengths[index] for index in update) for update in updates]
    trained = [sum(label != MASKED for index in update for label in rows.rows[index]["labels"]) for update in updates]
    curve, seen = [], 0
    losses = {entry["step"]: entry["loss"] for entry in trainer.state.log_history if "loss" in entry}
    for step, count in enumerate(tokens, 1):
        seen += count
        curve.append([step, losses.get(step), seen])
    fresh = sum(tokens[resumed.step if resumed else 0 :])
    return {
        **counts, "longest": rows.longest, "composition": rows.composition(used), "visits": rows.composition(i for u in updates for i in u),
        "rows_sha256": digest(rows), "identity": name, "settings": recipe.data(), "seed": spec["seed"], "versions": versions(),
        "base": {"id": public_name(base), "revision": base.revision, "sha256": base.sha256},
        "device": device_name(trainer.args.device.type), "parameters": sum(p.numel() for p in trainer.model.parameters() if p.requires_grad),
        "tokens": sum(tokens), "trained_tokens": sum(trained), "loss_curve": curve,
        "loss_first": curve[0][1], "loss_last": curve[-1][1], "loss_mean_last": _mean([loss for _, loss, _ in curve[-10:]]),
        "tokens_per_second": round(fresh / seconds, 1) if fresh else None, "peak_memory": peak_memory(),
        "resumed_from": resumed.step if resumed else 0, "train_seconds": round(seconds, 3), "worker_seconds": round(time.monotonic() - started, 3),
    }  # fmt: skip


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def answer_loss(model, inputs: dict[str, Any], trained: Any) -> Any:
    """Cross-entropy over the trained labels, divided by `trained`, their number in the whole update.

    The same loss as SFTTrainer's, for a CPU: there SFTTrainer takes the output head over every position, a third of the time of a
    small model whose prompts are longer than its answers; here over those that some row trains on (on a GPU it does the like itself).
    """
    import torch

    labels = inputs["labels"][:, 1:]
    wanted = labels != MASKED
    positions = wanted.any(dim=0).nonzero().flatten()
    logits = model(
        input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], logits_to_keep=positions, use_cache=False
    ).logits
    wanted = wanted[:, positions]
    total = torch.nn.functional.cross_entropy(logits[wanted].float(), labels[:, positions][wanted], reduction="sum")
    return total / (wanted.sum() if trained is None else trained)


def _trainer(spec, recipe: Recipe, base, tokenizer, rows: Rows, updates, name: str, stop: Stop, report):
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import TrainerCallback
    from trl import SFTConfig, SFTTrainer

    from autodidact import models

    order = [index for update in updates for index in update]
    tokens = [sum(rows.lengths[index] for index in update) for update in updates]

    class Watch(TrainerCallback):
        """Stops on request and on a loss that is not a number; marks checkpoints complete; reports."""

        def __init__(self):
            self.clock = time.monotonic()

        def on_train_begin(self, args, state, control, **_):
            self.clock = time.monotonic()

        def on_step_end(self, args, state, control, **_):
            if stop and state.global_step < len(updates):
                control.should_save = control.should_training_stop = True

        def on_log(self, args, state, control, logs=None, **_):
            if not logs or "loss" not in logs:
                return
            step, loss, norm = state.global_step, logs["loss"], logs.get("grad_norm", 0.0)
            if not math.isfinite(loss) or not math.isfinite(norm):
                raise AutodidactError(
                    f"The loss became {loss} (gradient norm {norm}) at update {step} of {len(updates)}; nothing after the last checkpoint was kept",
                    "Lower training.learning_rate, then run again.",
                )
            now = time.monotonic()
            speed = tokens[step - 1] / max(now - self.clock, 1e-6)
            self.clock = now
            report({"event": "step", "step": step, "of": len(updates), "loss": loss, "tokens_per_second": round(speed, 1)})

        def on_save(self, args, state, control, **_):
            path = Path(args.output_dir) / f"{checkpoints.PREFIX}{state.global_step}"
            checkpoints.complete(path, digest=name, step=state.global_step)
            report({"event": "checkpoint", "step": state.global_step, "path": str(path)})

    class Planned(SFTTrainer):
        """SFTTrainer in the planned order, without a model card in each checkpoint."""

        def _get_train_sampler(self, train_dataset=None):
            return _Order(order)

        def create_model_card(self, *args, **kwargs):
            return None

        def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
            if gpu or return_outputs:
                return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
            return answer_loss(model, inputs, num_items_in_batch)

    gpu = models.device_of() != "cpu"
    model = models.load_base(base, recipe.quantization)
    model.config.use_cache = False
    large = sum(p.numel() for p in model.parameters()) >= LARGE / 2  # two 4-bit weights count as one parameter
    arguments = SFTConfig(
        output_dir=str(Path(spec["out"]) / "checkpoints"), per_device_train_batch_size=recipe.batch_size,
        gradient_accumulation_steps=recipe.accumulation, num_train_epochs=1, max_steps=len(updates), learning_rate=recipe.learning_rate,
        lr_scheduler_type=recipe.schedule, warmup_steps=math.ceil(recipe.warmup * len(updates)), weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.max_grad_norm, optim="adamw_torch", seed=spec["seed"] % 2**32, data_seed=spec["seed"] % 2**32,
        bf16=gpu and torch.cuda.is_bf16_supported(), fp16=False, use_cpu=not gpu, gradient_checkpointing=gpu and large,
        max_length=None, packing=False, dataset_kwargs={"skip_prepare_dataset": True}, remove_unused_columns=False,
        save_strategy="steps", save_steps=spec["save_steps"], save_total_limit=None, logging_strategy="steps", logging_steps=1,
        logging_nan_inf_filter=False, report_to="none", disable_tqdm=True, dataloader_num_workers=0, dataloader_pin_memory=gpu,
    )  # fmt: skip
    trainer = Planned(
        model=model, args=arguments, processing_class=tokenizer, callbacks=[Watch()],
        train_dataset=Dataset.from_dict({"input_ids": [r["input_ids"] for r in rows.rows], "labels": [r["labels"] for r in rows.rows]}),
        peft_config=LoraConfig(
            r=recipe.rank, lora_alpha=recipe.alpha, lora_dropout=recipe.dropout, bias="none", task_type="CAUSAL_LM",
            target_modules=linear_layers(model),
        ),
    )  # fmt: skip
    for callback in ("PrinterCallback", "ProgressCallback"):
        for present in [c for c in trainer.callback_handler.callbacks if type(c).__name__ == callback]:
            trainer.remove_callback(present)
    for parameter in trainer.model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return trainer


class _Order:
    """A sampler that yields fixed indices."""

    def __init__(self, order: list[int]):
        self.order = order

    def __iter__(self):
        return iter(self.order)

    def __len__(self) -> int:
        return len(self.order)


def explain(error: Exception, folder: Path) -> Exception:
    """The trainer's failure in words, where it is one that a person can act on; else the failure itself."""
    text = str(error)
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left" in text or "PytorchStreamWriter failed" in text:
        return AutodidactError(f"The disk is full: {folder} cannot take a checkpoint", "Free some space and run again; the last checkpoint is kept.")
    if "out of memory" in text.lower() or "can't allocate memory" in text:
        return AutodidactError("Training ran out of memory", "Halve training.batch_size and double training.accumulation: the update stays the same.")
    return error
