"""The trainer of one run: the base in its precision, its adapter, the recipe in TRL's words."""

import contextlib
import functools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autodidact.training.adapter_layers_and_files import linear_layers
from autodidact.training.padding_free_batches import flat, flatten, padded
from autodidact.training.run_plan import Run

# Parameters up to which 4-bit weights are unpacked once on a CPU and not in each pass: the same adapter, byte
# for byte, in four fifths of the time; 200 MB more at most (measured: sprout).
UNPACKED = 50_000_000


def build(run: Run, stop: Any, report: Callable[[dict], None]) -> Any:
    """The trainer, its model loaded and its adapter attached."""
    from datasets import Dataset

    from autodidact.training.sft_trainer_in_fixed_order import PlannedTrainer, Watch

    watch = Watch(run, stop, report)
    model, adapter, collate = loaded(run)
    columns = {name: [row[name] for row in run.rows.rows] for name in ("input_ids", "labels")}
    trainer: Any = PlannedTrainer(
        run=run,
        model=model,
        args=_arguments(run),
        processing_class=run.tokenizer,
        callbacks=[watch],
        data_collator=collate,
        train_dataset=Dataset.from_dict(columns),
        peft_config=adapter,
    )
    watch.trainer = trainer
    for callback in list(trainer.callback_handler.callbacks):
        if type(callback).__name__ in ("PrinterCallback", "ProgressCallback"):
            trainer.remove_callback(callback)
    for parameter in trainer.model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return trainer


def loaded(run: Run) -> tuple[Any, Any, Callable[[list[dict]], dict[str, Any]]]:
    """(the base in the recipe's precision, the configuration of its adapter, what makes a batch of rows)"""
    from peft import LoraConfig

    from autodidact.models import loading

    recipe, pad = run.recipe, run.tokenizer.pad_token_id
    model = loading.unpacked(loading.load_base(run.base, recipe.quantization), up_to=UNPACKED)
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


def _arguments(run: Run) -> Any:
    """The recipe as TRL's configuration."""
    import torch
    from trl import SFTConfig

    from autodidact.models.loading import device_of

    recipe, updates = run.recipe, len(run.updates)
    gpu = device_of() != "cpu"
    seed = run.spec["seed"] % 2**32
    return SFTConfig(
        output_dir=str(run.checkpoints),
        per_device_train_batch_size=recipe.batch_size,
        gradient_accumulation_steps=recipe.accumulation,
        num_train_epochs=1,
        max_steps=updates,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type=recipe.schedule,
        warmup_steps=math.ceil(recipe.warmup * updates),
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.max_grad_norm,
        optim="adamw_torch",
        seed=seed,
        data_seed=seed,
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


def load_best(run: Run, checkpoint: Path) -> None:
    """Takes up the best adapter that an interrupted run had found."""
    from safetensors.torch import load_file

    from autodidact.training.sft_trainer_in_fixed_order import BEST

    with contextlib.suppress(FileNotFoundError):
        run.best = load_file(checkpoint / BEST)
