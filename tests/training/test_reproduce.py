"""`autodidact reproduce`: a version is trained again from what its cycle kept."""

import json

import pytest

from autodidact.chronicle import version_name
from autodidact.cycle.record import cycle_of_version
from autodidact.cycle.run import train
from autodidact.errors import AutodidactError, UsageError
from autodidact.records import sha256
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.stage import run_stage
from autodidact.training.reproduce import as_text, compare, reproduce
from tests.cycles import a_cycle


def test_two_runs_are_the_same_close_or_apart():
    then = {"loss_mean_last": 2.0, "device": "CPU"}
    now = [{"loss_mean_last": loss, "device": "CPU"} for loss in (2.0, 2.009, 2.02)]
    found = [compare(then, each, "aa", digest) for each, digest in zip(now, ("aa", "bb", "cc"), strict=True)]
    assert [(each["same"], each["close"]) for each in found] == [(True, True), (False, True), (False, False)]


@pytest.fixture(scope="module")
def trained(kept, tiny_base, tmp_path_factory):
    """(runtime, cycle, version) of a small cycle that was really trained."""
    root = tmp_path_factory.mktemp("reproduce")
    training = {
        "recipe": "seed",
        "rank": 4,
        "alpha": 8,
        "max_steps": 4,
        "learning_rate": 2e-3,
        "max_length": 700,
        "threads": 1,
        "anchors": 0,
    }
    settings = Settings(
        system="shop",
        store=str(root / "store"),
        base_model=str(tiny_base),
        training=training,
        chronicle={"url": f"sqlite:///{root}/c.db"},
        generators={"only": ["ast_parser"]},
    )
    runtime = Runtime(settings, say=lambda line: None)
    from autodidact.models.find_base_model import resolve_base

    base = resolve_base(settings)
    facts = {"id": base.id, "revision": None, "sha256": base.sha256}
    cycle = a_cycle(settings, base=facts)
    runtime.store.write_json(f"{cycle.folder}/cycle.json", cycle)

    def gated(run):
        run.outputs["kept.jsonl"] = runtime.store.write_text(
            f"{cycle.folder}/gate/kept.jsonl", kept.read_text(encoding="utf-8")
        )

    run_stage(runtime.store, cycle.cycle_id, "gate", f"{cycle.folder}/gate", code="1", inputs={}, work=gated)
    manifest = train(cycle, runtime)
    digest = manifest.outputs["adapter"].sha256
    version = version_name(cycle.cycle_id, digest)
    with runtime.chronicle() as chronicle:
        chronicle.register_version("shop", "base-1", "", facts, None, "nf4")
        chronicle.register_version(
            "shop",
            version,
            cycle.cycle_id,
            facts,
            {"path": f"{cycle.folder}/training/adapter", "sha256": digest},
            "nf4",
        )
    return runtime, cycle, version


@pytest.mark.slow
def test_on_the_same_machine_it_is_the_same_adapter(trained):
    runtime, cycle, version = trained
    told = reproduce(runtime, *cycle_of_version(runtime, "shop", version))
    assert (told["same"], told["close"], told["changed"]) == (True, True, {})
    assert as_text(told).startswith(f"{version}: trained again, the adapter is the same, byte for byte")
    card = runtime.store.read_text(f"{cycle.folder}/card.md")
    assert f"`autodidact reproduce {version}`" in card and runtime.store.exists(
        f"{cycle.folder}/training/loss.svg"
    )


def test_a_base_model_cannot_be_reproduced(trained):
    with pytest.raises(UsageError, match="base-1 is a base model: it was not trained here"):
        cycle_of_version(trained[0], "shop", "base-1")


def test_examples_that_were_changed_are_refused(trained):
    runtime, cycle, version = trained
    key = f"{cycle.folder}/gate/kept.jsonl"
    before = runtime.store.read_text(key)
    runtime.store.write_text(key, before + json.dumps({"one": "more"}) + "\n")
    try:
        with pytest.raises(AutodidactError, match=f"none has sha256 {sha256(before)[:12]}"):
            reproduce(runtime, *cycle_of_version(runtime, "shop", version))
    finally:
        runtime.store.write_text(key, before)
