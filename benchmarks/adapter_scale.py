"""How much of what an adapter changes should be kept? What each part of it is worth, on items that no cycle
reads and on the probe.

    python -m benchmarks.adapter_scale STORE/SYSTEM/cycles/CYCLE_ID --out FOLDER [--scales 1.0,0.8,0.65,0.5]

The adapter of a cycle (laptop profile) is taken whole and in parts (training/adapter_layers_and_files.py),
1.0 being all that training changed. Each answers 1,080 items of a draw apart from the one that
benchmarks/learning.py reports by, since the scale is chosen by these, and the cycle's knowledge probe. 95%
intervals against the base:
paired bootstrap, stratified by category, clusters are families. Answers stay in FOLDER: asked once.
docs/learning.md has what was found.
"""

import argparse
import json
from pathlib import Path

from benchmarks.learning_items import difference, score_all, unread

# Of the items; learning.py has its own.
SALT = "a salt to choose by"


def rescaled(adapter: Path, target: Path, factor: float) -> Path:
    """A copy of the adapter with `factor` times its change to the base, in `target`."""
    from safetensors.torch import load_file, save_file

    target.mkdir(parents=True, exist_ok=True)
    weights = load_file(adapter / "adapter_model.safetensors")
    changed = {name: weight * factor if "lora_B" in name else weight for name, weight in weights.items()}
    save_file(changed, target / "adapter_model.safetensors", {"format": "pt"})
    (target / "adapter_config.json").write_text(
        (adapter / "adapter_config.json").read_text(encoding="utf-8"), encoding="utf-8"
    )
    return target


def probed(cycle: Path, settings, adapter: Path) -> tuple[float, int]:
    """(share of the cycle's knowledge probe that is answered right, number of questions)."""
    from autodidact.benchmark import knowledge_probe
    from autodidact.benchmark.engines import LocalEngine
    from autodidact.knowledge.fact import Question
    from autodidact.models.find_base_model import resolve_base
    from autodidact.models.loading import load_model
    from autodidact.training_recipes import effective

    asked = {
        item["id"]
        for item in json.loads((cycle / "benchmark/report.json").read_text(encoding="utf-8"))["probe_items"]
    }
    lines = [
        line
        for file in sorted((cycle / "generated").glob("*.questions.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    questions = {one.id: one for one in map(Question.model_validate_json, lines) if one.id in asked}
    engine = LocalEngine(*load_model(resolve_base(settings), adapter, effective(settings).quantization))
    prompts = knowledge_probe.prompts(list(questions.values()))
    scores = []
    for start in range(0, len(prompts), 48):
        batch = prompts[start : start + 48]
        scores += [
            knowledge_probe.score_question(questions[p.id], answer.text).value
            for p, answer in zip(batch, engine.answer(batch), strict=True)
        ]
    return sum(scores) / len(scores), len(scores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cycle", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scales", default="1.0,0.8,0.65,0.5")
    asked = parser.parse_args()
    from autodidact.settings import load_settings

    settings = load_settings("laptop", environ={})
    told = json.loads((asked.cycle / "training/manifest.json").read_text(encoding="utf-8"))
    written = told["training"]["settings"]["scale"]
    items = unread(settings.benchmark.level, SALT)
    base = score_all(items, settings, None, asked.out / "base.json")
    for scale in map(float, asked.scales.split(",")):
        adapter = rescaled(asked.cycle / "training/adapter", asked.out / f"adapter-{scale}", scale / written)
        found = difference(score_all(items, settings, adapter, asked.out / f"{scale}.json"), base)
        parts = [("all", found), ("hidden families", found["hidden"]), ("other families", found["visible"])]
        said = "  ".join(
            f"{name} {part['mean']:+.3f} [{part['low']:+.3f}, {part['high']:+.3f}]" for name, part in parts
        )
        share, count = probed(asked.cycle, settings, adapter)
        print(f"{scale:<5}{said}  probe {share:.2f} of {count}", flush=True)


if __name__ == "__main__":
    main()
