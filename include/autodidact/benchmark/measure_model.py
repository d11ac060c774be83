"""Measuring one model on blocks of the suite and on the knowledge probe.

What a model answered is kept in the store by model digest and decoding, its scores by fingerprint too, shared
by all cycles: the champion answers once, a benchmark that was killed resumes with the batch it was in, and
another judge scores the answers that are there.
"""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autodidact.benchmark import judge, knowledge_probe
from autodidact.benchmark.category_scores import by_category, overall
from autodidact.benchmark.fingerprint import decoding_of, fingerprint
from autodidact.benchmark.server_repeatability import AGAIN_EACH, Through, agreement
from autodidact.benchmark.suite import SUITE, families
from autodidact.errors import UsageError
from autodidact.knowledge.fact import Question
from autodidact.models import child_process
from autodidact.models.find_base_model import BaseModelRef, check_adapter, model_digest
from autodidact.models.loading import precision
from autodidact.records import ItemResult, Report, canonical, sha256
from autodidact.settings import Settings
from autodidact.store import Store
from autodidact.training_recipes import effective

# Not imported here: it runs in a process of its own.
WORKER = "autodidact.benchmark.measuring_process"
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
    model = _version(settings, base, adapter, adapter_sha256, quantization)
    mark = fingerprint(settings, base, through.shown() if through else None)
    root = _root(system, model.digest, mark)
    draw = Draw(sorted(set(blocks)), week, salt)
    questions = sorted(questions, key=lambda question: question.id)
    checked = judge.check(settings, store, say) if draw.blocks else None
    sheets = _sheets(root, draw, questions, again=through is not None)
    spec = model_spec(
        store, settings, base, model.digest, model.quantization, adapter, model.adapter_sha256, through
    )
    results = _results(store, root, sheets, spec | {"draw": draw.spec(settings)}, say, worker)
    return _report(settings, model, mark, draw, questions, checked, through, sheets, results)


@dataclass(frozen=True)
class _Version:
    """The model that is measured: the base with an adapter (None: alone), in a precision."""

    base: BaseModelRef
    adapter: Path | None
    adapter_sha256: str | None
    quantization: str
    digest: str

    def data(self) -> dict[str, Any]:
        """As the report names it."""
        return {
            "base": self.base.id,
            "adapter": str(self.adapter) if self.adapter else None,
            "sha256": self.digest,
            "base_sha256": self.base.sha256,
            "adapter_sha256": self.adapter_sha256,
            "quantization": self.quantization,
        }


def _version(
    settings: Settings,
    base: BaseModelRef,
    adapter: Path | None,
    adapter_sha256: str | None,
    quantization: str | None,
) -> _Version:
    quantization = precision(quantization or effective(settings).quantization, base)
    if adapter is not None:
        adapter_sha256 = check_adapter(adapter, adapter_sha256)
    digest = model_digest(base, adapter, quantization, adapter_sha256=adapter_sha256)
    return _Version(base, adapter, adapter_sha256, quantization, digest)


@dataclass(frozen=True)
class Draw:
    """Which items are asked: the blocks, and the week and the salt that all but block 0 are drawn by."""

    blocks: list[int]
    week: str
    salt: str

    def spec(self, settings: Settings) -> dict[str, Any]:
        """As the process that measures needs it."""
        return {
            "level": settings.benchmark.level,
            "week": self.week,
            "salt": self.salt,
            "own": settings.benchmark.families,
        }

    def place(self, k: int) -> str:
        """Block 0 is the same for ever; the others are drawn for a week and a store."""
        return f"block-{k}" if k == 0 else f"block-{k}/{self.week or 'any'}-{sha256(self.salt)[:8]}"


def _sheets(root: str, draw: Draw, questions: list[Question], again: bool) -> dict[str, dict[str, Any]]:
    """The sheets to answer, by their key in the store: a sheet a block, one for the questions, and one for
    items of the first block that are asked `again`.
    """
    sheets: dict[str, dict[str, Any]] = {f"{root}/{draw.place(k)}": {"block": k} for k in draw.blocks}
    if questions:
        data = [question.model_dump(mode="json") for question in questions]
        sheets[f"{root}/probe/{sha256(canonical(data))[:16]}"] = {"questions": data}
    if again and draw.blocks:
        first = draw.blocks[0]
        sheets[f"{root}/{draw.place(first)}/again"] = {"block": first, "each": AGAIN_EACH}
    return sheets


def _report(
    settings: Settings,
    model: _Version,
    mark: str,
    draw: Draw,
    questions: list[Question],
    checked: dict[str, Any] | None,
    through: Through | None,
    sheets: dict[str, dict[str, Any]],
    results: dict[str, list[ItemResult]],
) -> Report:
    """The report on what the sheets' `results` say. `mark`: the fingerprint; `checked`: the judge's check."""

    def of(wanted: Callable[[dict[str, Any]], bool]) -> list[ItemResult]:
        return [item for key, sheet in sheets.items() if wanted(sheet) for item in results[key]]

    items = of(lambda sheet: "block" in sheet and "each" not in sheet)
    judged = bool(checked and checked["counted"])
    for item in items:
        item.counted = judged or (item.model_extra or {}).get("scorer") != "judge"
    probed = knowledge_probe.marked(of(lambda sheet: "questions" in sheet), questions)
    twice = of(lambda sheet: "each" in sheet)
    categories = by_category([item for item in items if item.block == 0])
    return Report(
        fingerprint=mark,
        suite={**SUITE, "level": settings.benchmark.level},
        judge=judge.name_of(settings),
        model=model.data(),
        blocks=draw.blocks,
        week=draw.week,
        overall=overall(categories),
        categories=categories,
        probe=knowledge_probe.summary(probed, questions),
        items=items,
        probe_items=probed,
        judge_check=checked,
        served=through.shown() if through else None,
        aa=agreement(items, twice) if through and draw.blocks else None,
    )


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
