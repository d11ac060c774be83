"""Training speed and memory beside a plain TRL script: the same model, rows and recipe (`seed`), one after
the other in one run.

    python -m benchmarks.training gated/kept.jsonl [--updates 8, even] [--rounds 2] [--mean 304] [--base
    sprout] [--quantization nf4] [--batch 4]
    python -m benchmarks.training gated/kept.jsonl --size 8b  Qwen3-8B's shape, random weights: a GPU, 17 GB

Real tokens (no padding) a second of update steps only, the first left out, each in a process of its own; on a
machine that others use too the CPU time says more. Peak memory is the process's, or the GPU's. Rows are real
kept examples, picked so that their lengths are log-normal with the mean asked for: 304 tokens is what the
article's 1,183 examples x 3 epochs in 45 minutes come to at 400 tokens/s. TRL is given float32 on a CPU,
whose bfloat16 is emulated, and no truncation. Two passes over the rows: fails when the second has not a lower
loss than the first, or a gradient is zero or no number. What was learned is the mean loss of a trained token
over all these rows, without dropout, before and after: the losses of single updates are of other rows in
each, since either shuffles in its own way.
"""

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KINDS = {
    "autodidact": "Autodidact",
    "trl": "TRL, its defaults",
    "trl-kept": "TRL without gradient checkpointing",
}


def build_8b(folder: Path) -> Path:
    """Qwen3-8B's shape with random weights, and sprout's tokenizer and template, in `folder`."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    from autodidact.models.chat_template import load_tokenizer
    from autodidact.models.find_base_model import SPROUT

    config = Qwen3Config(
        vocab_size=151_936,
        hidden_size=4096,
        intermediate_size=12_288,
        num_hidden_layers=36,
        num_attention_heads=32,
        num_key_value_heads=8,
        head_dim=128,
        tie_word_embeddings=False,
        max_position_embeddings=40_960,
        dtype="bfloat16",
    )
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("cuda"):
        model = Qwen3ForCausalLM(config)
    model.save_pretrained(folder, max_shard_size="4GB")
    load_tokenizer(SPROUT).save_pretrained(folder)
    return folder


def pick(kept: Path, base: Path, count: int, mean: float) -> list[str]:
    """`count` lines of kept examples whose lengths in tokens are log-normal (sigma 0.6) with this mean, as
    far as there are such.
    """
    from autodidact.models.chat_template import load_tokenizer
    from autodidact.records import Example
    from autodidact.training.token_rows import to_row

    tokenizer, rng = load_tokenizer(base), random.Random(0)
    lines = [line for line in kept.read_text(encoding="utf-8").splitlines() if line.strip()]
    sized = sorted(
        (len(to_row(Example.model_validate_json(line), tokenizer)["input_ids"]), number)
        for number, line in enumerate(lines)
    )
    chosen = []
    for _ in range(count):
        wanted = rng.lognormvariate(math.log(mean) - 0.18, 0.6)
        place = min(range(len(sized)), key=lambda at: (abs(sized[at][0] - wanted), at))
        chosen.append(lines[sized.pop(place)[1]])
    return chosen


class Clock:
    """Notes time, CPU time and tokens seen at the end of each update; the first one, with all that is made
    ready in it, is not counted.
    """

    def __init__(self):
        self.seen: list[tuple[float, float, int]] = []

    def tick(self, tokens: int) -> None:
        self.seen.append((time.monotonic(), time.process_time(), tokens))

    def found(self) -> dict:
        (wall, cpu, tokens), last = self.seen[0], self.seen[-1]
        return {"seconds": last[0] - wall, "cpu": last[1] - cpu, "tokens": last[2] - tokens}


def ours(told: dict) -> dict:
    """Autodidact's own training, in this process."""
    from autodidact.training import qlora, specification

    clock, steps = Clock(), []

    def report(event: dict) -> None:
        if event["event"] == "step":
            clock.tick(0)
            steps.append(event)

    from autodidact.models import find_base_model, loading

    settings = _settings(told)
    base = find_base_model.resolve_base(settings)
    with tempfile.TemporaryDirectory() as out:
        (Path(out) / "checkpoints").mkdir()
        result = qlora.train(
            specification(Path(told["kept"]), Path(out), settings, seed=0), qlora.Stop(), report
        )
        before, after = (
            mean_loss(loading.load_model(base, at, told["quantization"])[0], told)
            for at in (None, Path(out) / "adapter")
        )
    ends, memory = [seen for _, _, seen in result["loss_curve"]], result["peak_memory"]
    return clock.found() | {
        "tokens": ends[-1] - ends[0],
        "losses": [step["loss"] for step in steps],
        "gradients": [step["gradient"] for step in steps],
        "device": result["device"],
        "memory": memory.get("gpu", memory["rss"]),
        "row": result["tokens"] / (16 * told["updates"]),
        "before": before,
        "after": after,
    }


def mean_loss(model, told: dict) -> float:
    """The mean loss of a trained token over all rows of the run, one row at a time."""
    from autodidact.models import find_base_model
    from autodidact.training.loss import held_out_loss
    from autodidact.training.padding_free_batches import padded
    from autodidact.training.token_rows import build_rows

    tokenizer = find_base_model.resolve_base(_settings(told)).tokenizer()
    rows = build_rows(
        Path(told["kept"]).read_text(encoding="utf-8").splitlines(), tokenizer, max_length=10**6
    )
    return held_out_loss(
        model, rows, list(range(len(rows.rows))), batch=1, collate=lambda alone: padded(alone, 0)
    )["loss"]


def _settings(told: dict):
    from autodidact.settings import load_settings

    values = {
        "recipe": "seed",
        "quantization": told["quantization"],
        "max_steps": told["updates"],
        "evaluations": 0,
        "save_steps": 10**6,
        "epochs": 2,
        "batch_size": told["batch"],
        "accumulation": 16 // told["batch"],
        "threads": told["threads"],
    }
    return load_settings(
        overrides={"base_model": told["base"]} | {f"training.{key}": value for key, value in values.items()}
    )


def plain(told: dict, *, recompute: bool) -> dict:
    """What people write with TRL: prompts and completions, a LoRA on all linear layers, SFTConfig's defaults
    but for the recipe.
    """
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import TrainerCallback
    from trl import SFTConfig, SFTTrainer

    from autodidact.models import find_base_model, loading
    from autodidact.models.chat_template import render
    from autodidact.records import Example
    from autodidact.training.hardware import device_name, peak_memory
    from autodidact.training_recipes import RECIPES

    torch.set_num_threads(told["threads"])
    recipe, gpu = RECIPES["seed"], torch.cuda.is_available()
    base = find_base_model.resolve_base(_settings(told))
    tokenizer = base.tokenizer()
    examples = [
        Example.model_validate_json(line)
        for line in Path(told["kept"]).read_text(encoding="utf-8").splitlines()
    ]
    rows = [
        dict(zip(("prompt", "completion"), render(tokenizer, e.messages, e.tools), strict=True))
        for e in examples
    ]
    clock, entries, seen = Clock(), [], [0]

    class Counting(SFTTrainer):
        def training_step(self, model, inputs, *arguments):
            seen[0] += int(inputs["attention_mask"].sum())
            return super().training_step(model, inputs, *arguments)

    class Watch(TrainerCallback):
        def on_log(self, args, state, control, logs=None, **_):
            if "loss" in logs:
                clock.tick(seen[0])
                entries.append(logs)

    with tempfile.TemporaryDirectory() as out:
        config = SFTConfig(
            output_dir=out,
            per_device_train_batch_size=told["batch"],
            gradient_accumulation_steps=16 // told["batch"],
            max_steps=told["updates"],
            learning_rate=recipe.learning_rate,
            lr_scheduler_type=recipe.schedule,
            warmup_steps=math.ceil(recipe.warmup * told["updates"]),
            max_length=None,
            logging_steps=1,
            report_to="none",
            save_strategy="no",
            disable_tqdm=True,
            bf16=gpu,
            use_cpu=not gpu,
            gradient_checkpointing=recompute,
        )
        lora = LoraConfig(
            r=recipe.rank,
            lora_alpha=recipe.alpha,
            lora_dropout=recipe.dropout,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )
        trainer = Counting(
            model=loading.load_base(base, told["quantization"]),
            args=config,
            processing_class=tokenizer,
            train_dataset=Dataset.from_list(rows),
            peft_config=lora,
            callbacks=[Watch()],
        )
        trainer.train()
    memory = peak_memory()
    return clock.found() | {
        "losses": [entry["loss"] for entry in entries],
        "gradients": [float(entry["grad_norm"]) for entry in entries],
        "device": device_name("cuda" if gpu else "cpu"),
        "memory": memory.get("gpu", memory["rss"]),
        "row": seen[0] / (16 * told["updates"]),
        "after": mean_loss(trainer.model, told),
    }


def check(kind: str, found: dict) -> None:
    """Raises SystemExit when the run learned nothing: the second half of the updates has the same rows as the
    first.
    """
    half = len(found["losses"]) // 2
    if not statistics.mean(found["losses"][half:]) < statistics.mean(found["losses"][:half]):
        raise SystemExit(f"{kind}: the loss does not fall: {found['losses']}")
    if not all(0 < gradient < math.inf for gradient in found["gradients"]):
        raise SystemExit(f"{kind}: gradients of zero, or no numbers: {found['gradients']}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("kept", type=Path)
    arguments.add_argument("--updates", type=int, default=8)
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--mean", type=float, default=304)
    arguments.add_argument("--base", default="sprout")
    arguments.add_argument("--size", choices=["8b"])
    arguments.add_argument("--quantization", choices=["nf4", "none", "auto"], default="nf4")
    arguments.add_argument("--batch", type=int, default=4, choices=[1, 2, 4, 8, 16])
    arguments.add_argument("--threads", type=int, default=os.cpu_count())
    arguments.add_argument("--one", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.one:
        told = json.loads(asked.kept.read_text())
        found = ours(told) if asked.one == "autodidact" else plain(told, recompute=asked.one == "trl")
        print("\n" + json.dumps(found))
        return
    import torch

    from autodidact.models import find_base_model

    asked.updates += asked.updates % 2
    with tempfile.TemporaryDirectory() as root:
        if asked.size:
            if not torch.cuda.is_available():
                raise SystemExit("--size 8b needs a GPU: torch sees none.")
            asked.base = str(build_8b(Path(root) / "8b"))
        overrides = {
            "base": asked.base,
            "quantization": asked.quantization,
            "batch": asked.batch,
            "threads": asked.threads,
        }
        told = overrides | {"updates": asked.updates, "kept": f"{root}/rows.jsonl"}
        lines = pick(
            asked.kept, find_base_model.resolve_base(_settings(told)).path, 8 * asked.updates, asked.mean
        )
        Path(told["kept"]).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        (Path(root) / "told.json").write_text(json.dumps(told))
        found: dict[str, list[dict]] = {kind: [] for kind in KINDS}
        for turn in range(asked.rounds):
            for kind in list(KINDS) if turn % 2 == 0 else reversed(KINDS):
                environment = os.environ | {
                    "TOKENIZERS_PARALLELISM": "false",
                    "TRANSFORMERS_VERBOSITY": "error",
                    "OMP_WAIT_POLICY": "PASSIVE",
                }
                command = [sys.executable, "-m", "benchmarks.training", f"{root}/told.json", "--one", kind]
                done = subprocess.run(command, env=environment, capture_output=True, text=True)
                if done.returncode:
                    print(f"{KINDS[kind]}: failed, {done.stderr.strip().splitlines()[-1][:150]}")
                    continue
                found[kind].append(json.loads(done.stdout.strip().splitlines()[-1]))
                check(kind, found[kind][-1])
    first = next(runs[0] for runs in found.values() if runs)
    print(
        f"{first['device']}; {asked.updates} updates of 16 rows, {first['row']:.0f} tokens a row, load"
        f" {os.getloadavg()[0]:.1f}"
    )
    before = next((runs[0]["before"] for runs in found.values() if runs and "before" in runs[0]), math.nan)
    speeds, works = {}, {}
    for kind, runs in found.items():
        if runs:
            speeds[kind] = statistics.median(run["tokens"] / run["seconds"] for run in runs)
            works[kind] = statistics.median(run["tokens"] / run["cpu"] for run in runs)
            peak = min(run["memory"] for run in runs) / 2**20
            print(
                f"{KINDS[kind]:<36}{speeds[kind]:>9,.0f} tokens/s{works[kind]:>9,.0f} a CPU"
                f" second{peak:>9,.0f} MiB   loss {before:.3f} to {runs[0]['after']:.3f}"
            )
    for kind in list(speeds)[1:]:
        print(
            f"Autodidact / {KINDS[kind]}: {speeds['autodidact'] / speeds[kind]:.2f}x, by CPU time"
            f" {works['autodidact'] / works[kind]:.2f}x"
        )


if __name__ == "__main__":
    main()
