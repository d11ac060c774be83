"""The gate's first rules by shards that others make, of a cycle on three repositories."""

import contextlib
import json
import shutil

import pytest

from autodidact.cycle import run as stages
from autodidact.errors import Skipped, UsageError
from autodidact.forget import erase
from autodidact.forget.find import find
from autodidact.forget.plan_and_progress import Plan
from autodidact.forget.traces_of_source import Trace
from autodidact.gate import shards
from autodidact.gate.stage import shards_of
from autodidact.runtime import Runtime
from autodidact.sealed_cycle import seal
from autodidact.sources import forgotten_sources
from tests.generators.test_several_repositories import System
from tests.killed import at_step, killed

FILES = ("kept.jsonl", "dropped.jsonl", "report.json", "report.md")


# Each runs the whole gate once or more.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(cycle, runtime): all that the generators made, and no gate yet."""
    system = System(tmp_path_factory.mktemp("made"))
    key = "gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a"
    system.shop.commit("Write the key down", {"notes.md": f"# Keys\n\nThe key of the shop is {key}.\n"})
    return system.cycle(1, "billing", "depot", **{"gate.cap": 20})


@pytest.fixture(scope="module")
def whole(made, tmp_path_factory):
    """The files of a gate without shards."""
    cycle, runtime = copied(made, tmp_path_factory.mktemp("whole") / "store")
    stages.gate(cycle, runtime)
    return files_of(cycle, runtime)


@pytest.fixture
def again(made, tmp_path, monkeypatch):
    """(cycle, runtime) in a store of its own, with shards of 20 rows."""
    monkeypatch.setattr(shards, "ROWS", 20)
    return copied(made, tmp_path / "store")


def copied(made, folder):
    cycle, runtime = made
    shutil.copytree(runtime.settings.store, folder)
    settings = runtime.settings.model_copy(update={"store": str(folder)})
    return cycle, Runtime(settings, say=lambda line: None)


def files_of(cycle, runtime) -> dict[str, bytes]:
    return {name: runtime.store.read_bytes(f"{cycle.folder}/gate/{name}") for name in FILES}


def shard_files(cycle, runtime) -> list[str]:
    return runtime.store.list(f"{cycle.folder}/{shards.FOLDER}")


def test_a_generator_has_a_shard_for_each_so_many_of_its_rows(again):
    cycle, runtime = again
    rows = {
        name: len(list(runtime.store.read_lines(f"{cycle.folder}/generated/{name}.jsonl")))
        for name in cycle.generators()
        if cycle.manifest(runtime.store, f"generate.{name}").status == "done"
    }
    assert shards_of(cycle, runtime) == [
        f"{name}.{number}" for name, count in rows.items() for number in range((count + 19) // 20)
    ]
    assert max(rows.values()) > 24


def test_shards_made_in_any_order_give_the_same_bytes_and_are_gone_then(again, whole):
    cycle, runtime = again
    for name in reversed(shards_of(cycle, runtime)):
        stages.gate_shard(name, cycle, runtime)
    stages.gate(cycle, runtime)
    assert files_of(cycle, runtime) == whole
    assert shard_files(cycle, runtime) == []
    report = json.loads(whole["report.json"])
    assert report["kept"] and {"secrets", "balance"} <= {
        row["rule"] for row in report["funnel"] if row["dropped"]
    }


def test_the_gate_makes_the_shards_that_are_missing_or_are_not_what_was_written(again, whole):
    cycle, runtime = again
    names = shards_of(cycle, runtime)
    for name in names[1:3]:
        stages.gate_shard(name, cycle, runtime)
    runtime.store.write_text(f"{cycle.folder}/{shards.FOLDER}/{names[1]}/passed.jsonl", "{torn")
    stages.gate(cycle, runtime)
    assert files_of(cycle, runtime) == whole


def test_killed_before_its_shards_are_put_together_it_goes_on(again, whole):
    cycle, runtime = again
    stages.gate_shard(shards_of(cycle, runtime)[0], cycle, runtime)
    assert killed(lambda: stages.gate(cycle, runtime), at_step("settle", "call"))
    assert shard_files(cycle, runtime)
    stages.gate(cycle, runtime)
    assert files_of(cycle, runtime) == whole
    assert shard_files(cycle, runtime) == []


def test_a_shard_that_comes_late_finds_nothing_to_do(again):
    cycle, runtime = again
    name = shards_of(cycle, runtime)[0]
    done = stages.gate(cycle, runtime)
    assert stages.gate_shard(name, cycle, runtime) == done
    assert shards_of(cycle, runtime) == []
    assert shard_files(cycle, runtime) == []


def test_of_a_sealed_cycle_no_shard_is_made(again):
    cycle, runtime = again
    name = shards_of(cycle, runtime)[0]
    seal(runtime.store, cycle.folder, closed=True)
    with pytest.raises(UsageError, match="is closed"):
        stages.gate_shard(name, cycle, runtime)
    assert shard_files(cycle, runtime) == []


def test_there_are_none_where_too_many_generators_failed(again):
    cycle, runtime = again
    for name in cycle.generators():
        runtime.store.delete(f"{cycle.folder}/generated/{name}.manifest.json")
    assert shards_of(cycle, runtime) == []


def test_none_is_left_where_the_gate_has_nothing_to_train_on(again):
    cycle, runtime = again
    stages.gate_shard(shards_of(cycle, runtime)[0], cycle, runtime)
    for name in cycle.generators():
        key = f"{cycle.folder}/generated/{name}.manifest.json"
        runtime.store.write_json(key, runtime.store.read_json(key) | {"counts": {"examples": 0, "new": 0}})
    with contextlib.suppress(Skipped):
        stages.gate(cycle, runtime)
    assert shard_files(cycle, runtime) == []


def forget(cycle, runtime) -> None:
    """Takes `app/main.py` of `billing` out of the store."""
    entry = forgotten_sources.entry("billing:app/main.py", "", {"billing": "billing"})
    trace = Trace(forgotten_sources.together([entry]))
    with runtime.chronicle() as chronicle:
        found = find(runtime, cycle.system, trace, chronicle)
    erase.erase(runtime.store, Plan(entry["id"], cycle.system, entry, trace, found))


def test_once_a_source_is_forgotten_the_gate_keeps_what_it_would_keep_without_shards(again, made, tmp_path):
    cycle, runtime = again
    for name in shards_of(cycle, runtime):
        stages.gate_shard(name, cycle, runtime)
    forget(cycle, runtime)
    assert shard_files(cycle, runtime) == []
    stages.gate_shard(shards_of(cycle, runtime)[0], cycle, runtime)
    stages.gate(cycle, runtime)
    other, its_runtime = copied(made, tmp_path / "other")
    forget(other, its_runtime)
    stages.gate(other, its_runtime)
    assert files_of(cycle, runtime) == files_of(other, its_runtime)
    assert b"app/main.py" in runtime.store.read_bytes(f"{cycle.folder}/gate/kept.jsonl")
    assert b"billing:app/main.py" not in runtime.store.read_bytes(f"{cycle.folder}/gate/kept.jsonl")
