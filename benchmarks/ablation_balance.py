"""Does the cap matter? Two trainings that differ in one generator's cap, and what each makes of conciseness.

    autodidact generate --repo . --out examples --set generators.limit=3500
    python -m benchmarks.ablation_balance examples [--flood ast_parser] [--seeds 1] [--equal-steps]

The article: without the cap one generator had 2,666 examples, the model became verbose and repetitive, and
conciseness fell to 0.24; with the cap it came back to 0.74. Here, on the embedded base model:

    capped      what the gate keeps of EXAMPLES with its own settings (600 a generator, 35% of the mix)
    uncapped    the same rows, and all that the other rules leave of the generator `--flood`

Both are trained by the same recipe from the same base; by default an epoch each, as in the article, so the
uncapped one is trained longer (`--equal-steps`: both as long as the capped one). Both answer the same 75
items of conciseness, of blocks 0 to 4 (`--all`: all 675). Printed are the means, the paired difference capped
- uncapped with its 95% interval (families resampled, as the verdict does), the length of the answers, and the
share of bigrams that repeat in them; whatever they are. Full run: two trainings of some minutes each on two
idle cores; `--scale 4`, a quarter of it, a few minutes in all. It goes on where it stopped when `--out` is
given again.

Measured on httpx (`generators.limit=3000`), one seed: capped 5,772 rows, 10% of them ast_parser's, 349
updates; uncapped 8,427, 39%, 515 updates.
Conciseness: base 0.131 (3.3 words an answer, 0% of bigrams repeated), capped 0.060 (5.7, 8%), uncapped 0.060
(3.7, 3%); capped - uncapped 0.000, 95% interval
-0.069 to +0.055. A quarter of it (`--scale 4`) gave +0.039, -0.029 to +0.116. So the article's effect is not
seen here: a model of five million parameters
that has 0.13 to lose cannot show the fall from 0.74 to 0.24, and ast_parser's answers are short and varied,
where the article's flood was verbose.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import mean

from autodidact.gate.repetition import bigram_ratio
from autodidact.gate.stage import into_folder
from autodidact.models.find_base_model import resolve_base
from autodidact.promotion.statistics import by_category, pairs, stratified
from autodidact.records import CATEGORIES, ItemResult, Report, sha256
from autodidact.settings import load_settings
from autodidact.training import train_files

# The embedded model's rate; no budget of tokens and no repeated facts, which would mend the very imbalance
# that is looked at.
TRAINING = {
    "training.recipe": "seed",
    "training.dropout": 0.0,
    "training.epochs": 1,
    "training.learning_rate": 2e-3,
    "training.max_length": 768,
    "training.quantization": "none",
}
FLOOD = 2600
UNLIMITED = {"gate.cap": 1_000_000, "gate.share": 1.0}
CATEGORY = "conciseness"


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def arms(examples: Path, out: Path, flood: str, more: dict, scale: int) -> dict[str, Path]:
    """kept.jsonl of both arms, the cap and the flood of the article divided by `scale`."""
    most = FLOOD // scale
    for name, change in (("gate-capped", {"gate.cap": 600 // scale}), ("gate-unlimited", UNLIMITED)):
        if not (out / name / "report.json").is_file():
            say(f"gate: {name}")
            into_folder(
                load_settings("laptop", more | change | {"store": str(out / "store")}, environ={}),
                examples,
                out / name,
            )
    capped = (out / "gate-capped" / "kept.jsonl").read_text(encoding="utf-8").splitlines()
    passed = (out / "gate-unlimited" / "kept.jsonl").read_text(encoding="utf-8").splitlines()
    mine = [line for line in passed if json.loads(line)["generator"] == flood]
    if len(mine) < most:
        say(f"note: only {len(mine)} examples of {flood} pass the rules, fewer than {most}")
    mine = sorted(mine, key=lambda line: sha256(json.loads(line)["id"]))[:most] if scale > 1 else mine
    files = {}
    for name, lines in (
        ("capped", capped),
        ("uncapped", [line for line in capped if json.loads(line)["generator"] != flood] + mine),
    ):
        files[name] = out / f"{name}.jsonl"
        files[name].write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        share = sum(json.loads(line)["generator"] == flood for line in lines) / max(1, len(lines))
        print(f"{name:<10}{len(lines):>6} rows, {share:.0%} of {flood}")
    return files


def answered(
    settings, adapter: Path | None, blocks: list[int], categories: tuple[str, ...], out: Path
) -> Report:
    """The answers of the base with an adapter to the items of those categories, greedy as in the benchmark;
    kept in `out`.
    """
    from autodidact.benchmark.engines import LocalEngine, Prompt
    from autodidact.benchmark.items import block
    from autodidact.benchmark.judge import judge_of
    from autodidact.benchmark.scorers import score
    from autodidact.models.loading import load_model

    items = [
        item
        for k in blocks
        for item in block(k, level=settings.benchmark.level, week="ablation")
        if item.category in categories
    ]
    name = sha256(" ".join([Path(out).name, *(item.id for item in items)]))[:12]
    if not (out / f"answers-{name}.json").is_file():
        engine, judge, results = (
            LocalEngine(*load_model(resolve_base(settings), adapter, "none")),
            judge_of(settings),
            [],
        )
        prompts = sorted(
            (Prompt(item.id, item.messages, item.tools, item.max_tokens) for item in items), key=engine.length
        )
        by_id = {item.id: item for item in items}
        for start in range(0, len(prompts), settings.benchmark.batch):
            batch = prompts[start : start + settings.benchmark.batch]
            for prompt, answer in zip(batch, engine.answer(batch), strict=True):
                item = by_id[prompt.id]
                told = score(item, answer.message or {}, judge)
                results.append(
                    ItemResult(
                        id=item.id,
                        category=item.category,
                        family=item.family,
                        hidden=item.hidden,
                        block=item.block,
                        score=told.value,
                        missing=told.missing,
                        answer=answer.text,
                    )
                )
            say(f"{out.name}: {len(results)} of {len(prompts)} answered")
        report = Report(
            fingerprint="",
            suite={},
            judge="",
            model={},
            blocks=blocks,
            week="ablation",
            overall=None,
            categories={},
            items=results,
        )
        (out / f"answers-{name}.json").write_text(report.model_dump_json(), encoding="utf-8")
    return Report.model_validate_json((out / f"answers-{name}.json").read_text(encoding="utf-8"))


def run(
    kept: Path, out: Path, settings, seed: int, blocks: list[int], categories: tuple[str, ...]
) -> tuple[Report, int]:
    """(report, updates) of the adapter trained on `kept`; what is there already is not made again."""
    if not (out / "result.json").is_file():
        result = train_files(kept, out, settings, seed=seed, say=say)
        (out / "result.json").write_text(json.dumps({"steps": result["steps"]}), encoding="utf-8")
    steps = json.loads((out / "result.json").read_text(encoding="utf-8"))["steps"]
    return answered(settings, out / "adapter", blocks, categories, out), steps


def describe(name: str, report: Report) -> None:
    items = [item for item in report.items if item.category == CATEGORY and item.score is not None]
    words = mean(len(item.answer.split()) for item in items)
    score = mean(item.score for item in items)
    ratio = mean(bigram_ratio(item.answer) for item in items)
    print(f"{name:<10}{score:>13.3f}{words:>9.1f}{ratio:>10.3f}")


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("examples", type=Path)
    arguments.add_argument("--flood", default="ast_parser")
    arguments.add_argument("--seeds", type=int, default=1)
    arguments.add_argument("--blocks", type=int, default=5)
    arguments.add_argument(
        "--scale",
        type=int,
        default=1,
        help="divide the cap and the flood by this: a smaller experiment of the same shares",
    )
    arguments.add_argument("--max-steps", type=int, help="stop each training early: to try the script")
    arguments.add_argument("--all", action="store_true", help="all nine categories, not conciseness alone")
    arguments.add_argument("--equal-steps", action="store_true")
    arguments.add_argument("--out", type=Path)
    given = arguments.parse_args()
    out = given.out or Path(tempfile.mkdtemp(prefix="ablation-"))
    out.mkdir(parents=True, exist_ok=True)
    more = TRAINING | {"store": str(out / "store"), "training.max_steps": given.max_steps}
    files, blocks = arms(given.examples, out, given.flood, more, given.scale), list(range(given.blocks))
    categories = CATEGORIES if given.all else (CATEGORY,)
    base = answered(load_settings("laptop", more, environ={}), None, blocks, categories, out)
    for seed in range(given.seeds):
        reports, steps = {}, None
        for name, kept in files.items():
            limit = {"training.max_steps": steps} if name == "uncapped" and given.equal_steps else {}
            folder = out / f"{name}-{seed}{'-equal' if limit else ''}"
            reports[name], steps = run(
                kept, folder, load_settings("laptop", more | limit, environ={}), seed, blocks, categories
            )
            print(f"{name:<10}{steps:>6} updates (seed {seed})")
        print(f"{'':<10}{CATEGORY:>13}{'words':>9}{'repeats':>10}")
        for name, report in ({"base": base} | reports).items():
            describe(name, report)
        parts = by_category(pairs(reports["capped"], reports["uncapped"], blocks))
        print(f"capped - uncapped, paired, 95%:\n{'':<28}{'mean':>8}{'low':>8}{'high':>8}")
        for name, part in [*parts.items(), *([("all categories", stratified(parts))] if given.all else [])]:
            found = part.interval(0.95)
            mark = "   <" if name == CATEGORY else ""
            print(f"{name:<28}{found['mean']:>8.3f}{found['low']:>8.3f}{found['high']:>8.3f}{mark}")


if __name__ == "__main__":
    main()
