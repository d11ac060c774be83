"""Are bad candidates refused, and for the right reason? With real models: python -m benchmarks.bad_candidates
--out FOLDER [--steps 40] [--blocks 4]

The champion is the base (laptop profile). Six candidates: an adapter of random numbers; one trained on a
single answer; one trained on the published items of block 0; one trained on dev items of the visible families
with the answers of other items; one trained on dev items with the labels of one category exchanged, the
others right; and the champion itself. All are measured on block 0 and four more (--blocks). Twenty weeks are
then drawn, each with four of those in an order of its own, and each candidate is judged as a cycle does:
after two of them, three, four while the verdict asks for more. What was trained and measured stays in FOLDER,
so that a run that was interrupted goes on.

Measured: all six refused in 20 of 20 weeks, five of them for the right reason each time. The labels: after
160 updates that category fell from 0.32 to
0.22, the others, trained on right answers, rose, and what refused it was the want of evidence (better in
99.6% of resamples, 99.8% is needed), not the
guard, which a fall of 0.15 trips: the base knows too few labels to lose so many. With wrong labels that the
prompt does offer (a trial, not kept) it
unlearned nothing at all, 0.32 to 0.34, and was promoted for the eight categories that it had learned: what a
model cannot do cannot be spoilt.
"""

import argparse
import json
import random
import sys
from collections import defaultdict
from pathlib import Path

from autodidact.benchmark.items import block, dev_items
from autodidact.promotion.verdict import verdict
from autodidact.records import Report, from_messages
from autodidact.settings import load_settings

WEEKS = 20
SWAPPED = "intent_classification"
ROWS = 240
# Times the steps: wrong labels are learned slowly.
LONGER = {"labels swapped in one category": 4}


def row(item, answer):
    """A training example: `answer` is an assistant message."""
    return from_messages(
        "benchmark_targeted",
        item.category,
        [*item.messages, answer],
        {"kind": "template", "ref": item.id},
        tools=item.tools,
    )


def dev(level: int) -> list:
    return dev_items(ROWS, rng=random.Random("bad candidates"), level=level)


def one_answer(level: int) -> list:
    return [row(item, {"role": "assistant", "content": "Certainly, that is right."}) for item in dev(level)]


def published(level: int) -> list:
    return [row(item, item.reference) for item in block(0, level=level)]


def wrong_answers(level: int) -> list:
    """Each item with the answer of another of its family, where that differs."""
    families = defaultdict(list)
    for item in dev(level):
        families[item.category, item.family].append(item)
    made = []
    for items in families.values():
        for item, other in zip(items, [*items[1:], items[0]], strict=True):
            if other.reference != item.reference:
                made.append(row(item, other.reference))
    return made


def swapped_labels(level: int) -> list:
    """In one category the label of another item of the family, one that this prompt does not offer where
    there is such; the other categories as they should be.
    """
    made = [row(item, item.reference) for item in dev(level) if item.category != SWAPPED]
    families = defaultdict(list)
    for item in dev_items(ROWS, SWAPPED, rng=random.Random("labels"), level=level):
        families[item.family].append(item)
    for items in families.values():
        labels = sorted({item.reference["content"] for item in items})
        for item in items:
            prompt, place = (
                "\n".join(message["content"] for message in item.messages),
                labels.index(item.reference["content"]),
            )
            others = labels[place + 1 :] + labels[:place]
            wrong = next((label for label in others if label not in prompt), others[0])
            made.append(row(item, {"role": "assistant", "content": wrong}))
    return made


TRAINED = {
    "collapsed": one_answer,
    "trained on block 0": published,
    "wrong answers": wrong_answers,
    "labels swapped in one category": swapped_labels,
}


def failed(judged, name: str) -> bool:
    return any(rule.name == name and not rule.passed for rule in judged.rules)


def harmed(judged) -> bool:
    """It lost what the champion can do: a floor, a category at the guard, or worse in 95% of resamples."""
    return judged.outcome == "reject" and (
        any("guard" in r.name or "floor" in r.name for r in judged.rules if not r.passed)
        or judged.p_better < 0.05
    )


RIGHT_REASON = {
    "the champion itself": lambda judged: judged.outcome == "undecided" and judged.p_better == 0.5,
    "collapsed": lambda judged: judged.outcome == "reject" and "collapse" in judged.alarms,
    "trained on block 0": lambda judged: judged.outcome == "reject" and "trained_on_block_0" in judged.alarms,
    "labels swapped in one category": lambda judged: (
        judged.outcome == "reject" and failed(judged, f"guard.{SWAPPED}")
    ),
    "wrong answers": harmed,
    "random adapter": harmed,
}


def trained(name: str, out: Path, settings) -> Path:
    from autodidact.training import train_files

    folder = out / name.replace(" ", "-")
    if not (folder / "adapter" / "adapter_model.safetensors").exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / "kept.jsonl"
        kept.write_text(
            "".join(f"{example.line()}\n" for example in TRAINED[name](settings.benchmark.level)),
            encoding="utf-8",
        )
        training = settings.training.model_copy(
            update={"max_steps": settings.training.max_steps * LONGER.get(name, 1)}
        )
        train_files(kept, folder, settings.model_copy(update={"training": training}), seed=1)
    return folder / "adapter"


def random_adapter(like: Path, out: Path) -> Path:
    """An adapter of the same shape, all of normal numbers."""
    import torch
    from safetensors.torch import load_file, save_file

    folder = out / "random" / "adapter"
    if not folder.exists():
        folder.mkdir(parents=True)
        generator = torch.Generator().manual_seed(1)
        tensors = load_file(like / "adapter_model.safetensors")
        made = {
            name: torch.randn(tensor.shape, generator=generator).to(tensor.dtype) * 0.1
            for name, tensor in tensors.items()
        }
        save_file(made, folder / "adapter_model.safetensors", metadata={"format": "pt"})
        (folder / "adapter_config.json").write_bytes((like / "adapter_config.json").read_bytes())
    return folder


def measured(name: str, adapter: Path | None, out: Path, settings, blocks: list[int]) -> Report:
    from autodidact.benchmark.measure_model import measure
    from autodidact.models.find_base_model import resolve_base
    from autodidact.store import Store

    file = out / f"{name.replace(' ', '-')}.report.json"
    if not file.exists():
        report = measure(
            Store(out / "store"),
            "",
            settings,
            resolve_base(settings),
            adapter,
            blocks=[0, *blocks],
            week="2026-W48",
            salt="bad candidates",
            say=lambda line: print(f"  {name}: {line}", file=sys.stderr, flush=True),
        )
        file.write_text(report.model_dump_json(), encoding="utf-8")
    return Report.model_validate(json.loads(file.read_text(encoding="utf-8")))


def week(report: Report, drawn: list[int]) -> Report:
    """The report with these blocks as its blocks 1 and on."""
    place = {0: 0} | {old: new for new, old in enumerate(drawn, 1)}
    items = [
        item.model_copy(
            update={"block": place[item.block], "id": f"{item.id.rpartition('/')[0]}/{place[item.block]}"}
        )
        for item in report.items
        if item.block in place
    ]
    return report.model_copy(update={"items": items, "blocks": sorted(place.values())})


def judged(candidate: Report, champion: Report, drawn: list[int], settings):
    for seen in (2, 3, 4):
        found = verdict(week(candidate, drawn[:seen]), week(champion, drawn[:seen]), settings, last=4)
        if not found.more_evidence:
            return found
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--blocks", type=int, default=4)
    given = parser.parse_args()
    settings = load_settings(
        "laptop",
        {"training.max_steps": given.steps, "training.epochs": 16, "training.threads": 1},
        environ={},
    )
    blocks, rng = list(range(1, given.blocks + 1)), random.Random(1)
    weeks = [rng.sample(blocks, 4) for _ in range(WEEKS)]
    champion = measured("champion", None, given.out, settings, blocks)
    print(
        "| candidate | overall (champion) | refused | for the right reason | said in the first week |\n| ---"
        " | --- | --- | --- | --- |",
        flush=True,
    )
    for name, right in RIGHT_REASON.items():
        if name in TRAINED:
            report = measured(name, trained(name, given.out, settings), given.out, settings, blocks)
        elif name == "random adapter":
            report = measured(
                name,
                random_adapter(trained("collapsed", given.out, settings), given.out),
                given.out,
                settings,
                blocks,
            )
        else:
            report = champion
        found = [judged(report, champion, drawn, settings) for drawn in weeks]
        refused, reasons = sum(one.outcome != "promote" for one in found), sum(map(right, found))
        said = next(
            (
                reason
                for reason in found[0].reasons
                if not reason.startswith(
                    ("no score is below", "the base", "this week", "compared with the base")
                )
            ),
            "",
        )
        scores = f"{report.overall:.3f} ({champion.overall:.3f})"
        print(f"| {name} | {scores} | {refused} of {WEEKS} | {reasons} of {WEEKS} | {said} |", flush=True)


if __name__ == "__main__":
    main()
