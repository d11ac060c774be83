"""The stages of a cycle: `stage(cycle, runtime) -> manifest`. Airflow tasks, the command and `cycle.run` call
these same functions.

These touch only the store; decide and what follows (promotion/outcome.py) also write the Chronicle.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from autodidact import seal
from autodidact.errors import AutodidactError, Interrupted, Skipped, Unavailable
from autodidact.knowledge import facts
from autodidact.records import Champion, Manifest, Question, Report, Verdict, canonical, sha256
from autodidact.runtime import Runtime
from autodidact.sources.snapshot import Snapshot
from autodidact.stage import Work, load_manifest, run_stage, verified
from autodidact.store import Cache

# Raise a stage's version when its results change: what earlier versions made is then made again.
CODE = {"generate": "12", "gate": "13", "train": "7", "measure_champion": "3", "benchmark": "4"}


def generator_names(cycle) -> list[str]:
    """The generators of this cycle, in the order of the list."""
    from autodidact.generators import select

    return select(cycle.settings["generators"]["only"])


def manifest_of(runtime: Runtime, cycle, stage: str) -> Manifest | None:
    """The manifest of a finished stage, by its task name (`generate.tool_spec`, `gate`, ...)."""
    group, _, generator = stage.partition(".")
    place = {"gate": "gate", "train": "training", "measure_champion": "champion", "benchmark": "benchmark"}
    name = f"generated/{generator}.manifest.json" if generator else f"{place[group]}/manifest.json"
    return load_manifest(runtime.store, f"{cycle.folder}/{name}")


def _done(runtime: Runtime, cycle, stage: str) -> Manifest:
    """A stage's manifest. Raises Skipped when it was skipped, AutodidactError when it has not run."""
    manifest = manifest_of(runtime, cycle, stage)
    if manifest is None and stage == "train":
        _done(
            runtime, cycle, "gate"
        )  # where that was skipped, there was nothing to train on: nothing is missing
    if manifest is None:
        raise AutodidactError(
            f"{stage} of {cycle.cycle_id} has not finished",
            f"Run it first: autodidact {stage.split('.')[0]} --cycle {cycle.cycle_id}.",
        )
    if manifest.status == "skipped":
        raise Skipped(manifest.reason or f"{stage} was skipped")
    return manifest


def _finish(manifest: Manifest) -> Manifest:
    if manifest.status == "skipped":
        raise Skipped(manifest.reason or "nothing to do")
    return manifest


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def snapshot(cycle, runtime: Runtime, name: str) -> Snapshot:
    """The living system at the cycle's `until`, as the generator of this name sees it."""
    from autodidact.sources.git.repository import Repository

    here = cycle.repositories[0] if cycle.repositories else None
    return Snapshot(
        system=cycle.system,
        cycle_id=cycle.cycle_id[:16],  # of the window: a second try of it, `-2`, makes the same examples
        seed=cycle.seed,
        since=_instant(cycle.since),
        until=_instant(cycle.until),
        settings=cycle.effective(runtime.settings),
        cache=Cache(runtime.store),
        repository=Repository(here["path"], here["commit"]) if here else None,
        previous_commit=here["previous"] if here else None,
        champion_commit=cycle.champion_commit,
        feedback=cycle.feedback,
        history=cycle.history,
        champion=facts.earlier(runtime.store, cycle.system, cycle.compared.get("champion"), name),
        previous=facts.earlier(runtime.store, cycle.system, cycle.compared.get("previous"), name),
    )


def generate(cycle, runtime: Runtime, name: str, *, force: bool = False) -> Manifest:
    """One generator's examples, and its questions for the knowledge probe. Raises Skipped when its source is
    absent.
    """
    from autodidact.generators.run import run_generator

    folder = f"{cycle.folder}/generated"

    def work(run: Work) -> None:
        seen = snapshot(cycle, runtime, name)
        try:
            run_generator(name, seen, run)
            key = f"{name}.facts.json"
            run.outputs[key] = runtime.store.write_json(f"{folder}/{key}", {"format": 1, "read": seen.read})
        finally:
            if seen.repository:
                seen.repository.close()

    manifest = run_stage(
        runtime.store,
        cycle.cycle_id,
        f"generate.{name}",
        folder,
        code=CODE["generate"],
        inputs={"cycle": sha256(canonical(cycle.model_dump(mode="json")))},
        work=work,
        force=force,
        manifest_name=f"{name}.manifest.json",
        sealed=(seal.sealed if manifest_of(runtime, cycle, f"generate.{name}") else seal.closed)(
            runtime.store, cycle.folder
        ),
    )
    return _finish(manifest)


def gate(cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """What is worth training on. Fails when too many generators failed; raises Skipped when nothing is
    left."""
    from autodidact.benchmark.items import block
    from autodidact.benchmark.runner import read_dev
    from autodidact.gate import run_gate
    from autodidact.gate.forecast import forecast
    from autodidact.gate.replay import Told, replayed
    from autodidact.gate.report import finish
    from autodidact.models.bases import resolve_base
    from autodidact.models.chat_template import count_tokens
    from autodidact.scanning.artifacts import require_clean_cycle

    settings, store, folder = cycle.effective(runtime.settings), runtime.store, f"{cycle.folder}/gate"
    manifests = {name: manifest_of(runtime, cycle, f"generate.{name}") for name in generator_names(cycle)}
    failed = [name for name, manifest in manifests.items() if manifest is None]
    if len(failed) > settings.generators.max_failed:
        raise AutodidactError(
            f"{len(failed)} generators failed ({', '.join(failed)}), more than generators.max_failed ="
            f" {settings.generators.max_failed}",
            "Read their logs, mend the cause and run the cycle again: what is done stays done.",
        )
    made = {name: manifest for name, manifest in manifests.items() if manifest and manifest.status == "done"}

    def rows() -> Iterator[tuple[str, int, str]]:
        for name, manifest in made.items():
            key = verified(store, f"{cycle.folder}/generated", manifest, f"{name}.jsonl")
            for number, line in enumerate(store.read_lines(key), 1):
                yield name, number, line
        yield from replayed(cycle, store, settings, told)

    told, news = (
        Told(),
        facts.news(cycle, settings, sum(manifest.counts.get("new", 0) for manifest in made.values())),
    )

    def work(run: Work) -> None:
        if not any(manifest.counts.get("examples") for manifest in made.values()):
            raise Skipped(
                "the generators found nothing new"
            )  # what is replayed alone would be trained on a second time
        run.extra["news"] = news
        if news["ends_early"]:
            raise Skipped(news["says"])
        base = resolve_base(settings)
        tokenizer = base.tokenizer()
        runtime.say(
            f"gate: {sum(m.counts.get('examples', 0) for m in made.values())} examples of {len(made)}"
            " generators"
        )
        scored = [item for k in cycle.benchmark["blocks"] for item in block(k, **_draw(cycle))]
        with store.lines(f"{folder}/kept.jsonl") as kept, store.lines(f"{folder}/dropped.jsonl") as dropped:
            report = run_gate(
                rows(),
                settings=settings,
                tokenizer=tokenizer,
                cache=Cache(store),
                scored=scored,
                kept=kept,
                dropped=dropped,
                say=runtime.say,
            )
        run.outputs["kept.jsonl"], run.outputs["dropped.jsonl"] = kept.output, dropped.output
        report |= {"failed_generators": failed, "replay": told.as_dict(), "news": news}
        for trouble in told.left.list():
            run.troubles.add(f"not replayed: {trouble.reason}", trouble.ref, trouble.count)
        if told_by_base := read_dev(store, cycle.system, settings, base):
            report["forecast"] = forecast(
                map(json.loads, store.read_lines(f"{folder}/kept.jsonl")), told_by_base
            )
        run.outputs |= finish(
            store, folder, report, count=partial(count_tokens, tokenizer), settings=settings.gate
        )
        require_clean_cycle(store, folder, settings.gate, {})
        run.counts = {"raw": report["raw"], "kept": report["kept"]}
        if not report["kept"]:
            raise Skipped("nothing is left to train on")

    inputs = {name: manifest.outputs[f"{name}.jsonl"].sha256 for name, manifest in made.items()}
    inputs |= {f"replay.{r['cycle_id']}": r["sha256"] for r in cycle.replay} | {
        "settings": sha256(canonical(settings.frozen()["gate"]))
    }
    why = seal.sealed(store, cycle.folder)
    return _finish(
        run_stage(
            store,
            cycle.cycle_id,
            "gate",
            folder,
            code=CODE["gate"],
            inputs=inputs,
            work=work,
            force=force,
            sealed=why,
        )
    )


def _draw(cycle) -> dict:
    drawn = {name: cycle.benchmark[name] for name in ("level", "week", "salt")}
    return drawn | {"own": cycle.settings["benchmark"].get("families")}


def train(cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """The adapter, trained from the frozen base on what the gate kept, and anchors. Goes on from its last
    checkpoint after a kill.
    """
    from autodidact import training
    from autodidact.summary import as_card, summarize
    from autodidact.training import anchors
    from autodidact.training.card import picture

    settings, store, folder = cycle.effective(runtime.settings), runtime.store, f"{cycle.folder}/training"
    gated = _done(runtime, cycle, "gate")
    kept = verified(store, f"{cycle.folder}/gate", gated, "kept.jsonl")

    def work(run: Work) -> None:
        with store.lease(f"{folder}/lease.json"):
            rows, held = anchors.write(cycle, runtime, folder, kept, runtime.say)
            result = training.train(store, folder, rows, settings, seed=cycle.seed, say=runtime.say)
        run.outputs.update(result.pop("outputs"))
        run.outputs["loss.svg"] = store.write_text(f"{folder}/loss.svg", picture(result))
        run.counts = {
            "rows": result["rows"],
            "anchors": held,
            "steps": result["steps"],
            "tokens": result["tokens"],
        }
        run.extra = {"training": result}

    inputs = {
        "kept.jsonl": gated.outputs["kept.jsonl"].sha256,
        "base": cycle.base["sha256"],
        "settings": sha256(canonical(settings.frozen()["training"])),
    }
    why, code = seal.sealed(store, cycle.folder), CODE["train"]
    manifest = _finish(
        run_stage(
            store,
            cycle.cycle_id,
            "train",
            folder,
            code=code,
            inputs=inputs,
            work=work,
            force=force,
            sealed=why,
        )
    )
    if not why:
        store.write_text(
            f"{cycle.folder}/card.md", as_card(summarize(cycle, runtime))
        )  # close_cycle writes it again, with the verdict
    return manifest


def skip_training(cycle, runtime: Runtime, reason: str) -> None:
    """Says in the store why nothing is trained, where nothing was: a person refused it. Trained all the same,
    it is trained anew.
    """

    def work(_: Work) -> None:
        raise Skipped(reason)

    if manifest_of(runtime, cycle, "train") is None:
        run_stage(
            runtime.store, cycle.cycle_id, "train", f"{cycle.folder}/training", code="", inputs={}, work=work
        )


def questions_of(cycle, runtime: Runtime) -> list[Question]:
    """The knowledge probe of this cycle: what its generators asked about the system as it is now."""
    found = []
    for name in generator_names(cycle):
        manifest = manifest_of(runtime, cycle, f"generate.{name}")
        key = f"{name}.questions.jsonl"
        if manifest and key in manifest.outputs:
            lines = runtime.store.read_lines(
                verified(runtime.store, f"{cycle.folder}/generated", manifest, key)
            )
            found += [Question.model_validate_json(line) for line in lines]
    return found


def _adapter(runtime: Runtime, champion: dict):
    """(local folder, digest) of a champion's adapter; (None, None) for the base."""
    if not champion["adapter"]:
        return None, None
    return runtime.store.local(champion["adapter"]["path"]), champion["adapter"]["sha256"]


def _first_blocks(cycle) -> list[int]:
    """What is measured in any case: block 0, and as many of the week's as the first look takes."""
    from autodidact.promotion.evidence import FIRST

    return [block for block in cycle.benchmark["blocks"] if block <= FIRST]


def _measure(
    cycle, runtime: Runtime, worker, adapter, digest, questions=(), quantization=None, blocks=(0,)
) -> Report:
    from autodidact.benchmark.runner import measure
    from autodidact.models.bases import resolve_base

    settings = cycle.effective(runtime.settings)
    return measure(
        runtime.store,
        cycle.system,
        settings,
        resolve_base(settings),
        adapter,
        adapter_sha256=digest,
        quantization=quantization,
        questions=list(questions),
        blocks=blocks,
        week=cycle.benchmark["week"],
        salt=cycle.benchmark["salt"],
        worker=worker,
        say=runtime.say,
    )


def measure_champion(cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """The champion's report on this cycle's blocks: costs nothing when its answers are cached. Asks the base
    its dev items, once.

    Raises Skipped where the gate left nothing to train on. The first cycle of a base, whose gate had no dev
    items to go by, gets its forecast here.
    """
    from autodidact.benchmark.runner import WORKER, measure_dev
    from autodidact.models.bases import resolve_base
    from autodidact.models.child_process import Child

    folder, gated = f"{cycle.folder}/champion", manifest_of(runtime, cycle, "gate")
    if gated and gated.status == "skipped":
        raise Skipped(gated.reason or "the gate was skipped")

    def work(run: Work) -> None:
        with runtime.store.lease(f"{folder}/lease.json"), Child(WORKER) as worker:
            champion = _adapter(runtime, cycle.champion)
            report = _measure(
                cycle,
                runtime,
                worker,
                *champion,
                quantization=cycle.champion["quantization"],
                blocks=_first_blocks(cycle),
            )
            settings = cycle.effective(runtime.settings)
            if settings.benchmark.dev_items:
                try:
                    dev = measure_dev(
                        runtime.store,
                        cycle.system,
                        settings,
                        resolve_base(settings),
                        worker=worker,
                        say=runtime.say,
                    )
                    _forecast_late(cycle, runtime, gated, dev, run)
                except (Interrupted, Unavailable):
                    raise  # tried again, with what was answered kept
                except (
                    AutodidactError
                ) as error:  # a server that serves only the champion, say: then there is no forecast
                    run.troubles.add("the base could not be asked its dev items", error.message[:200])
        run.outputs["report.json"] = runtime.store.write_json(f"{folder}/report.json", report)
        run.counts = {"overall": report.overall}

    inputs = {"champion": sha256(canonical(cycle.champion)), "benchmark": sha256(canonical(cycle.benchmark))}
    return _finish(
        run_stage(
            runtime.store,
            cycle.cycle_id,
            "measure_champion",
            folder,
            code=CODE["measure_champion"],
            inputs=inputs,
            work=work,
            force=force,
            sealed=seal.closed(runtime.store, cycle.folder),
        )
    )


def _forecast_late(cycle, runtime: Runtime, gated: Manifest | None, dev: list, run: Work) -> None:
    """The gate's forecast, where the base had not been asked its dev items when the gate ran:
    `champion/forecast.json`.
    """
    from autodidact.gate.forecast import forecast

    store, folder = runtime.store, f"{cycle.folder}/gate"
    if not gated or store.read_json(f"{folder}/report.json").get("forecast"):
        return
    made = forecast(map(json.loads, store.read_lines(verified(store, folder, gated, "kept.jsonl"))), dev)
    run.outputs["forecast.json"] = store.write_json(run.key("forecast.json"), made)
    runtime.say(
        f"measure_champion: {len(made['at_risk'])} of {len(made['families'])} families are at risk:"
        f" {made['rule']}"
    )


def benchmark(cycle, runtime: Runtime, *, force: bool = False) -> Manifest:
    """The candidate's report, with the champion's and the base's beside it. First finishes earlier candidates
    never measured.

    An earlier one that cannot be measured (its files were changed, say) costs itself alone. Raises Skipped
    when there is no candidate.
    """
    for earlier in unmeasured(cycle, runtime):
        runtime.say(f"benchmark: first the candidate of {earlier.cycle_id}, trained but never measured")
        try:
            _benchmark(earlier, runtime, force=False)
        except (Interrupted, Unavailable):
            raise
        except AutodidactError as error:
            runtime.say(
                f"benchmark: the candidate of {earlier.cycle_id} cannot be measured, and is left: {error}"
            )
    return _finish(_benchmark(cycle, runtime, force))


def unmeasured(cycle, runtime: Runtime) -> list:
    """Earlier cycles of the same kind whose candidate was trained and never measured, oldest first."""
    from autodidact.cycle import Cycle

    found = []
    for key in runtime.store.list(f"{cycle.system}/cycles"):
        if not key.endswith("/training/manifest.json"):
            continue
        folder = key.removesuffix("/training/manifest.json")
        manifest = load_manifest(runtime.store, key)
        if manifest.status != "done" or runtime.store.exists(f"{folder}/benchmark/manifest.json"):
            continue
        earlier = Cycle.model_validate(runtime.store.read_json(f"{folder}/cycle.json"))
        if earlier.kind == cycle.kind and earlier.until < cycle.until:
            found.append(earlier)
    return sorted(found, key=lambda c: c.until)


def _benchmark(cycle, runtime: Runtime, force: bool) -> Manifest:
    """Measures candidate, champion and base on blocks of the week, and draws more of them while the verdict
    asks for more evidence.
    """
    from autodidact.benchmark.runner import WORKER
    from autodidact.models.child_process import Child
    from autodidact.promotion.verdict import verdict

    store, folder = runtime.store, f"{cycle.folder}/benchmark"
    trained = _done(runtime, cycle, "train")
    digest = trained.outputs["adapter"].sha256
    quantization = trained.model_extra["training"]["settings"]["quantization"]

    def work(run: Work) -> None:
        asked = questions_of(cycle, runtime)
        champion = _adapter(runtime, cycle.champion)
        settings, blocks = cycle.effective(runtime.settings), _first_blocks(cycle)
        waiting = [block for block in cycle.benchmark["blocks"] if block not in blocks]
        with store.lease(f"{folder}/lease.json"), Child(WORKER) as worker:
            while True:
                runtime.say(f"benchmark: the candidate on blocks {', '.join(map(str, blocks))}")
                adapter = store.local(f"{cycle.folder}/training/adapter")
                candidate = _measure(cycle, runtime, worker, adapter, digest, asked, quantization, blocks)
                runtime.say("benchmark: the champion" + ("" if champion[0] else ", which is the base"))
                serving = base = _measure(
                    cycle, runtime, worker, *champion, asked, cycle.champion["quantization"], blocks
                )
                if champion[0]:
                    runtime.say("benchmark: the base")
                    base = _measure(cycle, runtime, worker, None, None, asked, blocks=blocks)
                looks, last = cycle.benchmark.get("looks", 0), max(cycle.benchmark["blocks"])
                judged = verdict(candidate, serving, settings, looks, base, last)
                if not judged.more_evidence or not waiting:
                    break
                runtime.say(f"benchmark: not clear yet, block {waiting[0]} may tell")
                blocks = [*blocks, waiting.pop(0)]
            reports = {"report.json": candidate, "champion.json": serving, "base.json": base}
        if settings.deploy.kind != "none" and settings.deploy.tolerance is not None:
            _measure_identity(cycle, runtime, settings, trained, run)
        for name, report in reports.items():
            if report.model.get("adapter"):
                report.model["adapter"] = (
                    cycle.champion["adapter"]["path"]
                    if name == "champion.json"
                    else f"{cycle.folder}/training/adapter"
                )
            run.outputs[name] = store.write_json(f"{folder}/{name}", report)
        run.counts = {name.removesuffix(".json"): report.overall for name, report in reports.items()}

    inputs = {
        "adapter": digest,
        "champion": sha256(canonical(cycle.champion)),
        "benchmark": sha256(canonical(cycle.benchmark)),
        "questions": sha256("".join(q.id for q in questions_of(cycle, runtime))),
    }
    return run_stage(
        store,
        cycle.cycle_id,
        "benchmark",
        folder,
        code=CODE["benchmark"],
        inputs=inputs,
        work=work,
        force=force,
        sealed=seal.closed(store, cycle.folder),
    )


def _measure_identity(cycle, runtime: Runtime, settings, trained: Manifest, run: Work) -> None:
    """Stores what a server is recognised by, here, where the models are at hand; what is missing, the probe
    measures by itself.
    """
    from autodidact.promotion import identity

    quantization = trained.model_extra["training"]["settings"]["quantization"]
    adapter = {"path": f"{cycle.folder}/training/adapter", "sha256": trained.outputs["adapter"].sha256}
    champion = Champion.model_validate(cycle.champion)
    candidate = champion.model_copy(
        update={"adapter": adapter, "quantization": quantization, "base": cycle.base}
    )
    base = champion.model_copy(update={"adapter": None})
    try:
        identity.ensure(runtime.store, cycle.system, settings, [candidate, champion, base])
    except Interrupted:
        raise
    except AutodidactError as error:
        run.troubles.add("the identity for the probe could not be measured", error.message[:200])


def reports_of(cycle, runtime: Runtime) -> dict[str, Report]:
    """{"candidate", "champion", "base"} as far as they were measured."""
    manifest = manifest_of(runtime, cycle, "benchmark")
    if not manifest or manifest.status != "done":
        manifest = manifest_of(runtime, cycle, "measure_champion")
        if not manifest or manifest.status != "done":
            return {}
        return {
            "champion": Report.model_validate(
                runtime.store.read_json(
                    verified(runtime.store, f"{cycle.folder}/champion", manifest, "report.json")
                )
            )
        }
    names = {"candidate": "report.json", "champion": "champion.json", "base": "base.json"}
    folder = f"{cycle.folder}/benchmark"
    return {
        role: Report.model_validate(runtime.store.read_json(verified(runtime.store, folder, manifest, name)))
        for role, name in names.items()
    }


def verdict_of(cycle, runtime: Runtime) -> Verdict | None:
    key = f"{cycle.folder}/verdict.json"
    return Verdict.model_validate(runtime.store.read_json(key)) if runtime.store.exists(key) else None
