"""Training speed and memory beside a plain TRL script: the same model, rows and recipe (`seed`), one after the other in one run.

    python benchmarks/training.py gated/kept.jsonl [--updates 8] [--rounds 2] [--mean 304] [--base sprout] [--quantization nf4] [--batch 4]
    python benchmarks/training.py gated/kept.jsonl --size 8b      builds Qwen3-8B's shape with random weights: needs a GPU and 17 GB of disk

Real tokens (no padding) a second of update steps only, each in a process of its own after a warm-up update; peak memory of the process, or of
the GPU. Rows are real kept examples, picked so that their lengths are log-normal with the mean asked for: 304 tokens is what the article's
1,183 examples x 3 epochs in 45 minutes come to at the 400 tokens/s of such a run. TRL is given float32 on a CPU, whose bfloat16 is
emulated, and no truncation. Fails when the loss does not fall, or a gradient is zero or no number.
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

KINDS = {"autodidact": "Autodidact", "trl": "TRL, its defaults", "trl-kept": "TRL without gradient checkpointing"}


def build_8b(folder: Path) -> Path:
    """Qwen3-8B's shape with random weights, and sprout's tokenizer and template, in `folder`."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    from autodidact.models import SPROUT, load_tokenizer

    config = Qwen3Config(
        vocab_size=151_936, hidden_size=4096, intermediate_size=12_288, num_hidden_layers=36, num_attention_heads=32, num_key_value_heads=8,
        head_dim=128, tie_word_embeddings=False, max_position_embeddings=40_960, dtype="bfloat16",
    )  # fmt: skip
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("cuda"):
        model = Qwen3ForCausalLM(config)
    model.save_pretrained(folder, max_shard_size="4GB")
    load_tokenizer(SPROUT).save_pretrained(folder)
    return folder


def pick(kept: Path, base: Path, count: int, mean: float) -> list[str]:
    """`count` lines of kept examples whose lengths in tokens are log-normal (sigma 0.6) with this mean, as far as there are such."""
    from autodidact.models import load_tokenizer
    from autodidact.records import Example
    from autodidact.training.rows import to_row

    tokenizer, rng = load_tokenizer(base), random.Random(0)
    lines = [line for line in kept.read_text(encoding="utf-8").splitlines() if line.strip()]
    sized = sorted((len(to_row(Example.model_validate_json(line), tokenizer)["input_ids"]), number) for number, line in enumerate(lines))
    chosen = []
    for _ in range(count):
        wanted = rng.lognormvariate(math.log(mean) - 0.18, 0.6)
        place = min(range(len(sized)), key=lambda at: (abs(sized[at][0] - wanted), at))
        chosen.append(lines[sized.pop(place)[1]])
    return chosen


def ours(told: dict) -> dict:
    """Autodidact's own training, in this process."""
    from autodidact.training import qlora, specification

    def once(steps: int) -> tuple[list[dict], dict]:
        events: list[dict] = []
        with tempfile.TemporaryDirectory() as out:
            (Path(out) / "checkpoints").mkdir()
            spec = specification(Path(told["kept"]), Path(out), _settings(told, steps), seed=0)
            result = qlora.train(spec, qlora.Stop(), events.append)
        return [event for event in events if event["event"] == "step"], result

    once(1)
    steps, result = once(told["updates"])
    ends = [0, *(seen for _, _, seen in result["loss_curve"])]
    seconds = sum((ends[n] - ends[n - 1]) / step["tokens_per_second"] for n, step in enumerate(steps, 1))
    memory = result["peak_memory"]
    return {
        "tokens": result["tokens"], "seconds": seconds, "losses": [step["loss"] for step in steps], "device": result["device"],
        "gradients": [step["gradient"] for step in steps], "memory": memory.get("gpu", memory["rss"]), "recomputed": result["recomputed"],
    }  # fmt: skip


def _settings(told: dict, steps: int):
    from autodidact.settings import load_settings

    values = {
        "recipe": "seed", "quantization": told["quantization"], "max_steps": steps, "evaluations": 0, "save_steps": 10**6, "epochs": 1,
        "batch_size": told["batch"], "accumulation": 16 // told["batch"], "threads": told["threads"],
    }  # fmt: skip
    return load_settings(overrides={"base_model": told["base"]} | {f"training.{key}": value for key, value in values.items()})


def plain(told: dict, *, recompute: bool) -> dict:
    """What people write with TRL: prompts and completions, a LoRA on all linear layers, SFTConfig's defaults but for the recipe."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import TrainerCallback
    from trl import SFTConfig, SFTTrainer

    from autodidact import models
    from autodidact.chat import render
    from autodidact.records import Example
    from autodidact.training.hardware import device_name, peak_memory
    from autodidact.training.recipes import RECIPES

    torch.set_num_threads(told["threads"])
    recipe, gpu = RECIPES["seed"], torch.cuda.is_available()
    base = models.resolve_base(_settings(told, 1))
    tokenizer = base.tokenizer()
    examples = [Example.model_validate_json(line) for line in Path(told["kept"]).read_text(encoding="utf-8").splitlines()]
    rows = [dict(zip(("prompt", "completion"), render(tokenizer, e.messages, e.tools), strict=True)) for e in examples]
    logs: list[dict] = []

    class Clock(TrainerCallback):
        def on_train_begin(self, *_, **__):
            self.begin = time.monotonic()

        def on_log(self, args, state, control, logs=None, **_):
            if "loss" in logs:
                seen.append({"loss": logs["loss"], "gradient": logs["grad_norm"], "at": time.monotonic() - self.begin})

    def once(steps: int) -> None:
        with tempfile.TemporaryDirectory() as out:
            config = SFTConfig(
                output_dir=out, per_device_train_batch_size=told["batch"], gradient_accumulation_steps=16 // told["batch"], max_steps=steps,
                learning_rate=recipe.learning_rate, lr_scheduler_type=recipe.schedule, warmup_steps=math.ceil(recipe.warmup * steps),
                max_length=None, logging_steps=1, report_to="none", save_strategy="no", disable_tqdm=True, bf16=gpu, use_cpu=not gpu,
                gradient_checkpointing=recompute,
            )  # fmt: skip
            lora = LoraConfig(
                r=recipe.rank, lora_alpha=recipe.alpha, lora_dropout=recipe.dropout, target_modules="all-linear", task_type="CAUSAL_LM"
            )
            model = models.load_base(base, told["quantization"])
            SFTTrainer(
                model=model, args=config, processing_class=tokenizer, train_dataset=Dataset.from_list(rows), peft_config=lora, callbacks=[Clock()]
            ).train()

    seen = logs
    once(1)
    seen.clear()
    once(told["updates"])
    tokens = sum(len(tokenizer(row["prompt"] + row["completion"], add_special_tokens=False)["input_ids"]) for row in rows)
    memory = peak_memory()
    return {
        "tokens": tokens, "seconds": seen[-1]["at"], "losses": [each["loss"] for each in seen], "memory": memory.get("gpu", memory["rss"]),
        "gradients": [float(each["gradient"]) for each in seen], "device": device_name("cuda" if gpu else "cpu"), "recomputed": recompute,
    }  # fmt: skip


def check(kind: str, found: dict) -> None:
    """Raises SystemExit when the run learned nothing."""
    third = max(1, len(found["losses"]) // 3)
    if not statistics.mean(found["losses"][-third:]) < statistics.mean(found["losses"][:third]):
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

    from autodidact import models

    with tempfile.TemporaryDirectory() as root:
        if asked.size:
            if not torch.cuda.is_available():
                raise SystemExit("--size 8b needs a GPU: torch sees none.")
            asked.base = str(build_8b(Path(root) / "8b"))
        overrides = {"base": asked.base, "quantization": asked.quantization, "batch": asked.batch, "threads": asked.threads}
        told = overrides | {"updates": asked.updates, "kept": f"{root}/rows.jsonl"}
        lines = pick(asked.kept, models.resolve_base(_settings(told, 1)).path, 16 * asked.updates, asked.mean)
        Path(told["kept"]).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        (Path(root) / "told.json").write_text(json.dumps(told))
        found: dict[str, list[dict]] = {kind: [] for kind in KINDS}
        for turn in range(asked.rounds):
            for kind in list(KINDS) if turn % 2 == 0 else reversed(KINDS):
                environment = os.environ | {"TOKENIZERS_PARALLELISM": "false", "TRANSFORMERS_VERBOSITY": "error", "OMP_WAIT_POLICY": "PASSIVE"}
                command = [sys.executable, __file__, f"{root}/told.json", "--one", kind]
                done = subprocess.run(command, env=environment, capture_output=True, text=True)
                if done.returncode:
                    print(f"{KINDS[kind]}: failed, {done.stderr.strip().splitlines()[-1][:150]}")
                    continue
                found[kind].append(json.loads(done.stdout.strip().splitlines()[-1]))
                check(kind, found[kind][-1])
    first = next(runs[0] for runs in found.values() if runs)
    print(f"{first['device']}; {asked.updates} updates of 16 rows, {first['tokens'] / 16 / asked.updates:.0f} tokens a row, load {os.getloadavg()[0]:.1f}")
    speeds = {}
    for kind, runs in found.items():
        if runs:
            speeds[kind] = statistics.median(run["tokens"] / run["seconds"] for run in runs)
            peak = min(run["memory"] for run in runs) / 2**20
            fall = runs[0]["losses"]
            print(f"{KINDS[kind]:<36}{speeds[kind]:>9,.0f} tokens/s{peak:>9,.0f} MiB   loss {fall[0]:.2f} to {fall[-1]:.2f}")
    for kind in list(speeds)[1:]:
        print(f"Autodidact / {KINDS[kind]}: {speeds['autodidact'] / speeds[kind]:.2f}x")


if __name__ == "__main__":
    main()
