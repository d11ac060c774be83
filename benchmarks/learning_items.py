"""Items that no code path of a cycle reads, and a model's score on them: the outside view of
benchmarks/learning.py.

Of each category 60 items of the families that are hidden from dev and 60 of the others: 1,080, all scored by
rule (the embedded judge agrees too little with people to count). They are drawn with a salt and a week of
their own; dev payloads are in no block, and an item that asks what a scored item of the experiment's cycles
asks gives way to the next of its family.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HALF = 60
"""Items of a category's hidden families, and of its others."""
BATCH = 48


def unread(level: int, salt: str, scored: Iterable[Any] = (), half: int = HALF) -> list[Any]:
    """The items, of blocks 1 and on of week "unread" and this salt. `scored`: items that some cycle
    scores."""
    from autodidact.benchmark.items import block
    from autodidact.benchmark.leakage_index import prompt_key

    asked = {prompt_key(item.messages) for item in scored}
    taken: Counter = Counter()
    found = []
    for number in range(1, 3 * half):
        for item in block(number, level=level, week="unread", salt=salt):
            key = prompt_key(item.messages)
            if item.scorer != "judge" and taken[item.category, item.hidden] < half and key not in asked:
                asked.add(key)
                taken[item.category, item.hidden] += 1
                found.append(item)
        if all(count == half for count in taken.values()):
            return found
    raise SystemExit("there are too few items that no cycle scores")


def score_all(items: list[Any], settings: Any, adapter: Path | None, file: Path) -> list[Any]:
    """ItemResult of each item, answered by the base with `adapter` in this process (None: the base) and kept
    in `file`: asked once.
    """
    from autodidact.records import ItemResult

    if not file.exists():
        made = [result.model_dump(mode="json") for result in _answered(items, settings, adapter)]
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(".writing")
        temporary.write_text(json.dumps(made), encoding="utf-8")
        os.replace(temporary, file)
    return [ItemResult.model_validate(row) for row in json.loads(file.read_text(encoding="utf-8"))]


def _answered(items: list[Any], settings: Any, adapter: Path | None) -> Iterator[Any]:
    from autodidact.benchmark.engines import LocalEngine, Prompt
    from autodidact.benchmark.scorers import score
    from autodidact.models.find_base_model import resolve_base
    from autodidact.models.loading import load_model
    from autodidact.records import ItemResult
    from autodidact.training_recipes import effective

    engine = LocalEngine(*load_model(resolve_base(settings), adapter, effective(settings).quantization))
    prompts = [
        Prompt(str(place), item.messages, item.tools, item.max_tokens) for place, item in enumerate(items)
    ]
    prompts.sort(key=lambda prompt: (prompt.max_tokens, engine.length(prompt)))
    for start in range(0, len(prompts), BATCH):
        batch = prompts[start : start + BATCH]
        for prompt, answer in zip(batch, engine.answer(batch), strict=True):
            item = items[int(prompt.id)]
            given = score(item, answer.message, None) if answer.message else None
            yield ItemResult(
                id=item.id,
                category=item.category,
                family=item.family,
                hidden=item.hidden,
                block=item.block,
                prompt=[],
                score=given.value if given else None,
                missing=answer.error if not given else given.missing,
                answer=answer.text,
                explanation=given.explanation if given else "",
            )


def difference(mine: list[Any], theirs: list[Any]) -> dict[str, Any]:
    """{"mean", "low", "high", "score", "base", "hidden": {...}, "categories": {name: {"mean", "low",
    "high"}}} of two models' results.

    Paired bootstrap, stratified by category, clusters are families, 95% (autodidact.promotion.statistics).
    """
    from autodidact.promotion import statistics as s

    other = {item.id: item for item in theirs}
    both = [
        (item, other[item.id])
        for item in mine
        if item.counted and item.score is not None and other[item.id].score is not None
    ]
    parts = s.by_category(both)
    means = s.category_means(both)
    shown = s.stratified(parts).interval(0.95)
    result = shown | {
        "score": s.mean([a for a, _ in means.values()]),
        "base": s.mean([b for _, b in means.values()]),
        "n": len(both),
    }
    result["hidden"] = s.stratified(s.by_category([pair for pair in both if pair[0].hidden])).interval(0.95)
    result["visible"] = s.stratified(s.by_category([pair for pair in both if not pair[0].hidden])).interval(
        0.95
    )
    result["categories"] = {
        name: part.interval(0.95) | {"score": means[name][0], "base": means[name][1]}
        for name, part in parts.items()
    }
    return result
