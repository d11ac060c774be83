"""Measuring one model on blocks of the suite and on the knowledge probe.

What a model answered is kept in the store by model digest and decoding, its scores by fingerprint too, shared
by all cycles: the champion answers once, a benchmark that was killed resumes with the batch it was in, and
another judge scores the answers that are there.
"""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autodidact.benchmark import judge, knowledge_probe
from autodidact.benchmark.fingerprint import decoding_of, fingerprint
from autodidact.benchmark.suite import SUITE, families
from autodidact.benchmark.through import AGAIN_EACH, Through, agreement
from autodidact.errors import UsageError
from autodidact.knowledge.fact import Question
from autodidact.models import child_process
from autodidact.models.bases import BaseModelRef, check_adapter, model_digest
from autodidact.models.loading import precision
from autodidact.recipes import effective
from autodidact.records import CATEGORIES, CategoryScore, ItemResult, Report, canonical, sha256
from autodidact.settings import Settings
from autodidact.store import Store

# Not imported here: it runs in a process of its own.
WORKER = "autodidact.benchmark.model_process"
# For another process that measures the same model.
WAIT_SECONDS = 3600


def measure(
    store: Store,
    system: str,
    settings: Settings,
    base: BaseModelRef,
    adapter: Path | None = None,
    *,
    adapter_sha256: str | None = None,
    quantization: str | None = None,
    blocks: Iterable[int] = (0,),
    week: str = "",
    salt: str = "",
    questions: Iterable[Question] = (),
    through: Through | None = None,
    worker: child_process.Child | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """The report on `base` with `adapter` (None: the base alone). An answer that the store has is
    not asked for again.

    Items of a judge below `judge.floor` are in the report and in no mean: their `counted` is false.

    `quantization` None: as the settings' recipe trains. `week` and `salt` count for blocks 1 and on. `worker`
    None: a process for this call; else the caller's `child_process.Child(WORKER)`, which saves its start from
    the second call on. `through`: the server that answers in place of this machine, where the version is
    loaded already; then some items of the first block are asked twice (`aa`).

    Raises Interrupted when the process that measures was killed, Unavailable when the judge or the server is
    away, AutodidactError when the model or its adapter cannot be had; the next call then resumes.
    """
    if settings.benchmark.suite != SUITE["name"]:
        raise UsageError(
            f"benchmark.suite is {settings.benchmark.suite!r}", f"The suite here is {SUITE['name']!r}."
        )
    quantization = precision(quantization or effective(settings).quantization, base)
    if adapter is not None:
        adapter_sha256 = check_adapter(adapter, adapter_sha256)
    digest = model_digest(base, adapter, quantization, adapter_sha256=adapter_sha256)
    served = through.shown() if through else None
    mark = fingerprint(settings, base, served)
    root = _root(system, digest, mark)
    blocks, questions = sorted(set(blocks)), sorted(questions, key=lambda question: question.id)
    checked = judge.check(settings, store, say) if blocks else None
    draw = {"level": settings.benchmark.level, "week": week, "salt": salt, "own": settings.benchmark.families}
    spec = model_spec(store, settings, base, digest, quantization, adapter, adapter_sha256, through)
    spec |= {"draw": draw}
    sheets = _sheets(root, blocks, week, salt, questions)
    again = f"{root}/{_place(blocks[0], week, salt)}/again" if through and blocks else None
    if again:
        sheets[again] = {"block": blocks[0], "each": AGAIN_EACH}
    results = _results(store, root, sheets, spec, say, worker)
    items = [
        item for key, sheet in sheets.items() if "block" in sheet and key != again for item in results[key]
    ]
    for item in items:
        item.counted = (
            bool(checked and checked["counted"]) or (item.model_extra or {}).get("scorer") != "judge"
        )
    probed = [item for key, sheet in sheets.items() if "questions" in sheet for item in results[key]]
    probed = knowledge_probe.marked(probed, questions)
    categories = by_category([item for item in items if item.block == 0])
    return Report(
        fingerprint=mark,
        suite={**SUITE, "level": settings.benchmark.level},
        judge=judge.name_of(settings),
        model={
            "base": base.id,
            "adapter": str(adapter) if adapter else None,
            "sha256": digest,
            "base_sha256": base.sha256,
            "adapter_sha256": adapter_sha256,
            "quantization": quantization,
        },
        blocks=blocks,
        week=week,
        overall=overall(categories),
        categories=categories,
        probe=knowledge_probe.summary(probed, questions),
        items=items,
        probe_items=probed,
        judge_check=checked,
        served=served,
        aa=agreement(items, results[again]) if again else None,
    )


def _sheets(
    root: str, blocks: list[int], week: str, salt: str, questions: list[Question]
) -> dict[str, dict[str, Any]]:
    """The sheets to answer, by their key in the store: a sheet a block, and one for the questions."""
    sheets: dict[str, dict[str, Any]] = {f"{root}/{_place(k, week, salt)}": {"block": k} for k in blocks}
    if questions:
        data = [question.model_dump(mode="json") for question in questions]
        sheets[f"{root}/probe/{sha256(canonical(data))[:16]}"] = {"questions": data}
    return sheets


def measure_dev(
    store: Store,
    system: str,
    settings: Settings,
    base: BaseModelRef,
    *,
    worker: child_process.Child | None = None,
    say: Callable[[str], None],
) -> list[ItemResult]:
    """The base's scores on `benchmark.dev_items` of each visible family (their `block` is -1), taken once:
    what the gate's forecast goes by.

    Raises what `measure` raises.
    """
    key, digest, quantization = _dev_key(system, settings, base)
    spec = model_spec(store, settings, base, digest, quantization) | {
        "draw": {"level": settings.benchmark.level}
    }
    return _results(
        store,
        key.rpartition("/")[0],
        {key: {"items": dev_ids(settings.benchmark.dev_items)}},
        spec,
        say,
        worker,
    )[key]


def read_dev(store: Store, system: str, settings: Settings, base: BaseModelRef) -> list[ItemResult] | None:
    """What `measure_dev` found; None when it never ran. Runs no model."""
    key = _dev_key(system, settings, base)[0]
    return (
        [ItemResult.model_validate(row) for row in store.read_json(f"{key}/result.json")]
        if store.exists(f"{key}/result.json")
        else None
    )


def dev_ids(each: int) -> list[str]:
    """The first dev items of each visible family."""
    visible = [
        f"{category}/{family.name}"
        for category, members in families().items()
        for family in members
        if not family.hidden
    ]
    return [f"{name}/dev-{number}" for name in visible for number in range(each)]


def _dev_key(system: str, settings: Settings, base: BaseModelRef) -> tuple[str, str, str]:
    """(key of the answers, model digest, quantization)"""
    quantization = precision(effective(settings).quantization, base)
    digest = model_digest(base, None, quantization)
    return (
        f"{_root(system, digest, fingerprint(settings, base))}/dev-{settings.benchmark.dev_items}",
        digest,
        quantization,
    )


def _root(system: str, digest: str, mark: str) -> str:
    return "/".join(filter(None, (system, "benchmarks", digest, mark)))


def model_spec(
    store: Store,
    settings: Settings,
    base: BaseModelRef,
    digest: str,
    quantization: str,
    adapter=None,
    adapter_sha256=None,
    through: Through | None = None,
) -> dict:
    """What the process that measures has to know, but for the items."""
    return {
        "base": base.data(),
        "adapter": str(Path(adapter).absolute()) if adapter else None,
        "adapter_sha256": adapter_sha256,
        "quantization": quantization,
        "model": digest[:12],
        "served_as": [adapter_sha256[:12]] if adapter_sha256 else [base.id, base.sha256[:12]],
        "engine_url": settings.benchmark.engine_url,
        "through": asdict(through) if through else None,
        "batch": settings.benchmark.batch,
        "decoding": canonical(decoding_of(settings, base, through.shown() if through else None)),
        "settings": settings.model_dump(mode="json"),
        "cache": str(store.root or store.url),
    }


def _results(
    store: Store,
    root: str,
    sheets: dict[str, dict],
    spec: dict,
    say: Callable[[str], None],
    worker: child_process.Child | None,
) -> dict[str, list[ItemResult]]:
    """The results of each sheet; what the store does not have is measured first, by one process at a time."""
    missing = [key for key in sheets if not store.exists(f"{key}/result.json")]
    if missing:
        with store.lease(f"{root}/lease.json", wait=WAIT_SECONDS):
            missing = [key for key in missing if not store.exists(f"{key}/result.json")]
            _answer(store, root, {key: sheets[key] for key in missing}, spec, say, worker)
    return {
        key: [ItemResult.model_validate(row) for row in store.read_json(f"{key}/result.json")]
        for key in sheets
    }


def _place(k: int, week: str, salt: str) -> str:
    """Block 0 is the same for ever; the others are drawn for a week and a store."""
    return f"block-{k}" if k == 0 else f"block-{k}/{week or 'any'}-{sha256(salt)[:8]}"


def _answer(
    store: Store,
    root: str,
    sheets: dict[str, dict[str, Any]],
    spec: dict[str, Any],
    say: Callable[[str], None],
    worker: child_process.Child | None,
) -> None:
    """Has a process of its own answer and score the sheets. With a remote store each batch is sent there as
    soon as it is done.
    """
    with contextlib.ExitStack() as stack:
        keys = {
            key: str(stack.enter_context(store.folder(key)))
            for sheet in sheets
            for key in (sheet, _answers(root, sheet))
        }
        folders = {folder: key for key, folder in keys.items()}

        def on_event(event: dict) -> None:
            if "file" in event and store.root is None:
                folder = next(folder for folder in folders if event["file"].startswith(folder + "/"))
                store.write_bytes(
                    f"{folders[folder]}{event['file'][len(folder) :]}", Path(event["file"]).read_bytes()
                )

        listed = [
            {"folder": keys[key], "answers": keys[_answers(root, key)], **sheet}
            for key, sheet in sheets.items()
        ]
        with contextlib.nullcontext(worker) if worker else child_process.Child(WORKER) as child:
            child.ask(spec | {"sheets": listed}, say=say, on_event=on_event)


def _answers(root: str, sheet: str) -> str:
    """Where the answers of a sheet lie: next to the folders of the fingerprints, which share them."""
    return f"{root.rpartition('/')[0]}/answers{sheet[len(root) :]}"


def by_category(items: list[ItemResult]) -> dict[str, CategoryScore]:
    """Score, number of scored items and number of missing ones of each category that has items; those that do
    not count are left out.
    """
    scores = {}
    for name in CATEGORIES:
        counted = [item for item in items if item.category == name and item.counted]
        scored = [item.score for item in counted if item.score is not None]
        if counted:
            mean = sum(scored) / len(scored) if scored else None
            scores[name] = CategoryScore(score=mean, n=len(scored), missing=len(counted) - len(scored))
    return scores


def overall(categories: dict[str, CategoryScore]) -> float | None:
    """The mean of the category means; None when there are none, or one has no scored item."""
    means = [category.score for category in categories.values() if category.score is not None]
    return sum(means) / len(means) if means and len(means) == len(categories) else None
