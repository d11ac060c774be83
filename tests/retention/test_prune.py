"""What may go of a store, what stays, and what a system takes up."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from autodidact.cycle import rebuild_chronicle
from autodidact.cycle import run as stages
from autodidact.cycle.close import close_cycle
from autodidact.cycle.open import open_cycle
from autodidact.errors import Unavailable, UsageError
from autodidact.gate.example_trace import explain
from autodidact.records import Report
from autodidact.retention.prune import plan, prune, prune_after, sizes
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.sandbox import NOON

README = """# Shop

The shop sells things. The basket keeps what a customer wants, the price module adds it up.

## Prices

The price of a basket is the sum of its items and the tax on them. Reductions are taken off before the tax.
"""
LATER = NOON + timedelta(days=400)


def runtime_of(sandbox, tmp_path: Path, **more) -> Runtime:
    own = {
        "system": "shop",
        "sources.repository": str(sandbox.path),
        "store": str(tmp_path / "store"),
        "chronicle.url": f"sqlite:///{tmp_path}/chronicle.db",
        "generators.only": ["ast_parser", "conciseness_drills"],
        "generators.limit": 20,
    }
    settings = load_settings(overrides=own | more, cwd=tmp_path, environ={})
    return Runtime(settings, say=lambda line: None)


def make(runtime: Runtime, cycle) -> None:
    """The examples of a cycle, and its gate."""
    for name in cycle.generators():
        stages.generate(name, cycle, runtime)
    stages.gate(cycle, runtime)


@pytest.fixture
def closed(sandbox, tmp_path):
    """(runtime, cycle): a closed cycle with examples, a gate and a checkpoint that a killed training left."""
    code = '"""Prices."""\n\n\ndef total(basket: list, rate: int = 19) -> int:\n    """The price of a basket."""\n    return 0\n'
    sandbox.commit("Add the price of a basket", {"shop/price.py": code, "README.md": README})
    runtime = runtime_of(sandbox, tmp_path)
    cycle = open_cycle(runtime, until=NOON + timedelta(hours=1))
    make(runtime, cycle)
    store = runtime.store
    store.write_text(f"{cycle.folder}/training/checkpoints/checkpoint-3/state.json", "{}")
    store.write_json(f"{cycle.folder}/verdict.json", {"outcome": "reject", "reasons": ["worse"]})
    close_cycle(cycle, runtime)
    return runtime, cycle


def with_days(runtime: Runtime, **days: float) -> Runtime:
    settings = runtime.settings.model_copy(
        update={"retention": runtime.settings.retention.model_copy(update=days)}
    )
    return Runtime(settings, say=lambda line: None)


def test_each_policy_lets_its_own_files_go_and_nothing_else(closed):
    runtime, cycle = closed
    before = runtime.store.list("shop")
    every = with_days(runtime, examples_days=90, dropped_days=30, checkpoints_days=7, logs_days=90)
    with every.chronicle() as chronicle:
        found = plan(every, chronicle, "shop", LATER)
        told = prune(every, chronicle, "shop", now=LATER)
        event = chronicle.newest_event("shop", "pruned")
    assert {name: list(files) for name, files in found.items()} == {
        "examples": [
            f"{cycle.folder}/generated/ast_parser.jsonl",
            f"{cycle.folder}/generated/conciseness_drills.jsonl",
        ],
        "dropped": [f"{cycle.folder}/gate/dropped.jsonl"],
        "checkpoints": [f"{cycle.folder}/training/checkpoints/checkpoint-3/state.json"],
        "logs": [],
    }
    assert [row["files"] for row in told.values()] == [2, 1, 1, 0]
    assert set(before) - set(runtime.store.list("shop")) == {key for keys in found.values() for key in keys}
    assert (
        event["message"] == "deleted by retention: examples: 2 files, dropped: 1 files, checkpoints: 1 files"
    )


def test_the_examples_of_one_repository_that_a_generator_which_failed_has_left_go_with_the_others(closed):
    runtime, cycle = closed
    part = f"{cycle.folder}/generated/parts/diff_miner/billing"
    for name in ("diff_miner.jsonl", "diff_miner.questions.jsonl", "manifest.json"):
        runtime.store.write_text(f"{part}/{name}", "{}\n")
    with with_days(runtime, examples_days=90).chronicle() as chronicle:
        found = plan(with_days(runtime, examples_days=90), chronicle, "shop", LATER)["examples"]
    assert [key for key in found if "/parts/" in key] == [f"{part}/diff_miner.jsonl"]


def test_what_a_gate_that_failed_has_left_of_a_shard_goes_with_what_was_dropped(closed):
    runtime, cycle = closed
    shard = f"{cycle.folder}/gate/shards/diff_miner.0"
    for name in ("passed.jsonl", "dropped.jsonl", "marks.npy", "manifest.json"):
        runtime.store.write_text(f"{shard}/{name}", "{}\n")
    with with_days(runtime, dropped_days=90).chronicle() as chronicle:
        found = plan(with_days(runtime, dropped_days=90), chronicle, "shop", LATER)["dropped"]
    assert [key for key in found if "/shards/" in key] == [f"{shard}/dropped.jsonl", f"{shard}/passed.jsonl"]


def test_a_dry_run_deletes_and_logs_nothing(closed):
    runtime, _ = closed
    before = runtime.store.list("shop")
    every = with_days(runtime, examples_days=0, dropped_days=0)
    with every.chronicle() as chronicle:
        told = prune(every, chronicle, "shop", now=LATER, dry_run=True)
        assert chronicle.newest_event("shop", "pruned") is None
    assert told["examples"]["files"] == 2 and told["examples"]["bytes"] > 1000
    assert runtime.store.list("shop") == before


def test_unset_days_keep_for_ever_and_young_cycles_stay(closed):
    runtime, _ = closed
    with runtime.chronicle() as chronicle:
        assert plan(with_days(runtime, checkpoints_days=None), chronicle, "shop", LATER) == {}
        assert plan(with_days(runtime, examples_days=1), chronicle, "shop")["examples"] == {}


def test_an_open_cycle_keeps_everything(sandbox, tmp_path):
    sandbox.commit("Begin", {"a.py": "x = 1\n"})
    runtime = runtime_of(sandbox, tmp_path)
    cycle = open_cycle(runtime, until=NOON + timedelta(hours=1))
    runtime.store.write_text(f"{cycle.folder}/training/checkpoints/checkpoint-3/state.json", "{}")
    with runtime.chronicle() as chronicle:
        assert plan(runtime, chronicle, "shop", LATER) == {"checkpoints": {}}


def test_the_next_cycle_and_a_rebuilt_chronicle_miss_nothing(closed, sandbox, tmp_path):
    runtime, cycle = closed
    every = with_days(runtime, examples_days=0, dropped_days=0, checkpoints_days=0, logs_days=0)
    with every.chronicle() as chronicle:
        before = rebuild_chronicle.check(every, "shop")
        prune(every, chronicle, "shop", now=LATER)
    assert rebuild_chronicle.check(every, "shop") == before
    (tmp_path / "chronicle.db").unlink()
    rebuild_chronicle.mend(every, "shop", champion=None, by="test")
    following = open_cycle(every, until=NOON + timedelta(hours=3))
    make(every, following)
    assert list(every.store.read_lines(f"{following.folder}/gate/kept.jsonl"))


def test_an_example_that_is_kept_is_still_explained_and_one_that_went_is_said_to_be_gone(closed):
    runtime, cycle = closed
    folder = f"{cycle.folder}/gate"
    kept = next(runtime.store.read_lines(f"{folder}/kept.jsonl"))
    name = kept.split('"id":"')[1][:64] if '"id":"' in kept else kept.split('"id": "')[1][:64]
    with with_days(runtime, dropped_days=0).chronicle() as chronicle:
        prune(with_days(runtime, dropped_days=0), chronicle, "shop", now=LATER)
    assert explain(runtime.store, folder, name)["fate"] == "kept"
    with pytest.raises(UsageError, match="dropped examples were deleted"):
        explain(runtime.store, folder, "0" * 64)


def test_logs_of_a_model_go_only_when_it_neither_serves_nor_is_the_base(closed):
    runtime, cycle = closed
    report = {
        "fingerprint": "f" * 64,
        "suite": {"name": "autodidact", "version": "2"},
        "judge": "embedded",
        "blocks": [0],
        "week": "2026-W09",
        "overall": 0.1,
        "categories": {},
        "probe": None,
        "items": [],
    }
    every = with_days(runtime, logs_days=10)
    for digest in ("old", "base", "unknown"):
        runtime.store.write_text(f"shop/benchmarks/{digest}/f/block-0/log.json", "{}")
    with every.chronicle() as chronicle:
        for role, digest in (("candidate", "old"), ("base", "base")):
            model = {"base": "sprout", "adapter": None, "sha256": digest}
            chronicle.record_benchmark(
                "shop", cycle.cycle_id, role, Report.model_validate(report | {"model": model})
            )
        wanted = {"shop/benchmarks/old/f/block-0/log.json": 2}
        assert plan(every, chronicle, "shop", LATER)["logs"] == wanted
        assert (
            plan(every, chronicle, "shop", datetime.now(timezone.utc) + timedelta(days=11), 30)["logs"]
            == wanted
        )
        assert plan(every, chronicle, "shop")["logs"] == {}


def test_after_a_close_only_what_came_over_its_days_lately_is_looked_through(closed):
    runtime, _ = closed
    every = with_days(runtime, examples_days=90)
    with every.chronicle() as chronicle:
        moment = datetime.now(timezone.utc)
        found = {
            days: len(plan(every, chronicle, "shop", moment + timedelta(days=days), 30)["examples"])
            for days in (89, 91, 119, 121)
        }
    assert found == {89: 0, 91: 2, 119: 2, 121: 0}


def test_a_store_that_fails_costs_the_close_of_a_cycle_nothing(closed, monkeypatch):
    runtime, _ = closed
    said = []
    every = Runtime(with_days(runtime, logs_days=0).settings, say=said.append)

    def away(key):
        raise Unavailable("The store cannot list it", "Run again.")

    monkeypatch.setattr(every.store, "folders", away)
    with every.chronicle() as chronicle:
        prune_after(every, chronicle, "shop")
    assert said == ["WARNING: retention deletes nothing now: The store cannot list it. Run again."]


class Counting:
    """A store that remembers what it was asked to list, and has no other way to say how big a file is."""

    def __init__(self, store):
        self._store, self.listed = store, []

    def sizes(self, prefix):
        self.listed.append(prefix)
        return self._store.sizes(prefix)

    def folders(self, prefix):
        return self._store.folders(prefix)


def test_a_dry_run_lists_the_system_once_and_asks_for_no_file(closed):
    runtime, _ = closed
    every = with_days(runtime, examples_days=0, dropped_days=0, checkpoints_days=0, logs_days=0)
    every.store = Counting(every.store)
    with every.chronicle() as chronicle:
        assert prune(every, chronicle, "shop", now=LATER, dry_run=True)["examples"]["bytes"] > 1000
    assert every.store.listed == ["shop"]
    assert sizes(every, "shop")["bytes"] > 1000
    assert every.store.listed == ["shop", "shop"]


def test_after_a_close_each_cycle_that_came_over_its_days_is_listed_once(closed):
    runtime, cycle = closed
    every = with_days(runtime, examples_days=0, dropped_days=0, checkpoints_days=0)
    every.store = Counting(every.store)
    with every.chronicle() as chronicle:
        moment = datetime.now(timezone.utc) + timedelta(days=1)
        prune(every, chronicle, "shop", now=moment, lately=30, dry_run=True)
    assert every.store.listed == [cycle.folder]


def test_sizes_are_told_by_cycle_and_by_kind(closed):
    runtime, cycle = closed
    found = sizes(runtime, "shop")
    assert list(found["cycles"]) == [cycle.cycle_id]
    assert {"generated", "gate", "training", "records"} <= found["kinds"].keys()
    assert found["kinds"]["training"] == 2
    assert found["bytes"] == sum(runtime.store.size(key) for key in runtime.store.list("shop"))
