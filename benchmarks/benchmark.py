"""What measuring a model costs beside bare generation: python -m benchmarks.benchmark [--base sprout]
[--rounds 3]

The 135 items of block 0, in one run and one process, in turns: `bare`, one `generate` a batch of the same
prompts in the same batches; `measured`, the benchmark's own way with inspect_ai, its log, the answers written
down, scoring and the embedded judge. Wanted: at most 2.0 times. Printed beside it: what a second measurement
costs when the answers are there, and a served model with a server that answers at once. CPU seconds count,
because other work on a machine slows both; wall-clock seconds stand beside them.

Measured with sprout, 2 rounds, two busy cores (load 25 to 30): measured 1.52x bare in CPU time (1.36x in
wall-clock time), measured again 0.52x, served at once 0.50x. The half that is added is about 3 CPU seconds,
mostly inspect_ai's: a larger model makes the ratio smaller.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from autodidact.benchmark import measuring_process
from autodidact.benchmark.answer_batches import plan
from autodidact.benchmark.engines import LocalEngine, ServerEngine
from autodidact.benchmark.judge import judge_of
from autodidact.models.find_base_model import resolve_base
from autodidact.models.loading import load_model
from autodidact.models.openai_client import OpenAIClient
from autodidact.settings import load_settings
from tests.benchmark import killing


class Voice:
    def __call__(self, line):
        pass

    def event(self, event):
        pass


def bare(model, tokenizer, batches) -> None:
    """One call of `generate` a batch: rendered, padded on the left, greedy."""
    import torch

    for batch in batches:
        texts = [
            tokenizer.apply_chat_template(
                p.messages,
                tools=p.tools or None,
                tokenize=False,
                add_generation_prompt=True,
                enable_thinking=False,
            )
            for p in batch
        ]
        given = tokenizer(
            texts, return_tensors="pt", padding=True, padding_side="left", add_special_tokens=False
        )
        with torch.inference_mode():
            model.generate(
                input_ids=given["input_ids"],
                attention_mask=given["attention_mask"],
                max_new_tokens=max(p.max_tokens for p in batch),
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
                pad_token_id=tokenizer.pad_token_id,
            )


def timed(work) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="sprout")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    settings = load_settings(overrides={"base_model": given.base}, environ={})
    base = resolve_base(settings)
    model, tokenizer = load_model(base, None, "none", "cpu")
    judged = judge_of(settings)
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))

    def evaluate(engine, name: str) -> None:
        spec = {"block": 0, "folder": str(folder / name), "answers": str(folder / name / "answers")}
        sheet = measuring_process.items_sheet(spec, {"level": settings.benchmark.level}, judged)
        measuring_process.evaluate(sheet, engine, settings.benchmark.batch, "m", True, Voice())

    sheet = measuring_process.items_sheet(
        {"block": 0, "folder": "", "answers": ""}, {"level": settings.benchmark.level}, judged
    )
    batches = plan(sheet.prompts, LocalEngine(model, tokenizer).length, settings.benchmark.batch)
    bare(model, tokenizer, batches[:1])  # both sides warm
    judged(killing.calibration.labelled()[0].item, {"content": killing.calibration.labelled()[0].answer})
    evaluate(LocalEngine(model, tokenizer), "warm")
    ratios = {"bare": [], "measured": [], "measured again": []}
    for turn in range(given.rounds):
        ratios["bare"].append(timed(lambda: bare(model, tokenizer, batches)))
        ratios["measured"].append(
            timed(lambda turn=turn: evaluate(LocalEngine(model, tokenizer), f"round-{turn}"))
        )
        ratios["measured again"].append(
            timed(lambda turn=turn: evaluate(LocalEngine(model, tokenizer), f"round-{turn}"))
        )
    served = killing.Served()
    engine = ServerEngine(OpenAIClient(served.url, what="The inference server"), [base.id])
    ratios["served, at once"] = [timed(lambda: evaluate(engine, "served"))]
    served.shutdown()
    unit = (
        statistics.median(cpu for _, cpu in ratios["bare"]),
        statistics.median(wall for wall, _ in ratios["bare"]),
    )
    print(
        f"{given.base}, 135 items, batches of {settings.benchmark.batch}, {given.rounds} rounds; times of"
        " bare generate"
    )
    for name, rows in ratios.items():
        cpu, wall = statistics.median(cpu for _, cpu in rows), statistics.median(wall for wall, _ in rows)
        print(
            f"{name:<18} CPU {cpu:6.1f} s = {cpu / unit[0]:.2f}x   wall {wall:6.1f} s = {wall / unit[1]:.2f}x"
        )
    return 0 if statistics.median(cpu for _, cpu in ratios["measured"]) <= 2.0 * unit[0] else 1


if __name__ == "__main__":
    sys.exit(main())
