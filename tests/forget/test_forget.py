"""Forgetting a source: nothing of it is left, what is left can be read and verified, and a kill at any step is
finished by the same call.
"""

import re
import shutil
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from autodidact.chronicle.connection import writing
from autodidact.chronicle.matches_store import Disagreement
from autodidact.cycle import rebuild_chronicle
from autodidact.cycle.open import open_cycle
from autodidact.cycle.record import read_cycle
from autodidact.errors import AutodidactError, Unavailable, UsageError
from autodidact.forget.clean_files import unpacked
from autodidact.forget.run import dry_run, forget
from autodidact.ledger import entries
from autodidact.promotion import by_hand
from autodidact.stage import verified
from tests.forget import scene
from tests.killed import at_step, killed
from tests.sandbox import NOON

CYCLES = ["2026-03-01T1400Z", "2026-03-02T0200Z"]
SOURCES = {"shop/odd.py": scene.IN_CODE, "talks/private.jsonl": scene.IN_TALK, "pages/p*.md": scene.IN_PAGE}


def holding(folder, word: str) -> list[str]:
    """The files of the store and of the Chronicle in which the word is, packed or not."""
    places = [*(folder / "store").rglob("*"), *folder.glob("chronicle.db*")]
    return [
        path.relative_to(folder).as_posix()
        for path in places
        if path.is_file()
        and any(word.encode() in (part or b"").lower() for part in unpacked(path.name, path.read_bytes()))
    ]


def contents(folder) -> dict[str, bytes]:
    """The cycles and the benchmarks of the store; when a thing was done is left out."""
    root = folder / "store" / "shop"
    files = (path for part in ("cycles", "benchmarks") for path in sorted((root / part).rglob("*")))
    found = {}
    for path in files:
        if path.is_file() and "manifest-" not in path.name:
            data = re.sub(rb'"(started|seconds)": [^\n]+', b"", path.read_bytes())
            found[path.relative_to(root).as_posix()] = data
    return found


def given(folder, source: str) -> str:
    return source if source.startswith("shop/") else f"{folder}/{source}"


def version_of(receipt: dict, cycle: str) -> str:
    return next(version for version in receipt["versions"] if version.startswith(cycle))


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_of_a_source_is_left(folder, source):
    word, runtime = SOURCES[source], scene.runtime_of(folder)
    assert len(holding(folder, word)) > 4
    forget(runtime, "shop", given(folder, source), by="ann")
    assert holding(folder, word) == []
    for other in set(SOURCES.values()) - {word}:
        assert holding(folder, other)
    assert not dry_run(runtime, "shop", given(folder, source))["rows"]


def test_the_receipt_names_versions_rows_and_items_by_their_ids(folder):
    runtime = scene.runtime_of(folder)
    with runtime.chronicle() as chronicle:
        champion = chronicle.champion("shop")["version"]
    found = dry_run(runtime, "shop", "shop/odd.py")
    receipt = forget(runtime, "shop", "shop/odd.py", by="ann")
    assert runtime.store.read_json(f"shop/forgotten/{found['id']}.json") == receipt
    assert receipt["versions"] == sorted(found["versions"]) and receipt["rows"] == found["rows"]
    assert receipt["champion"] == {"before": champion, "after": found["champion"]["after"]}
    assert (receipt["cycles"], receipt["items"]) == (CYCLES, found["items"])
    assert receipt["started"] <= receipt["finished"] and "odd" not in str(receipt)


def test_what_is_left_is_whole_by_its_manifests_and_the_chronicle_agrees(folder):
    runtime = scene.runtime_of(folder)
    receipt = forget(runtime, "shop", "shop/odd.py", by="ann")
    for name in CYCLES:
        cycle = read_cycle(runtime.store, "shop", name)
        for stage in ("gate", "benchmark", "generate.ast_parser", "generate.diff_miner"):
            manifest = cycle.manifest(runtime.store, stage)
            folder_of = {"gate": "gate", "benchmark": "benchmark"}.get(stage, "generated")
            for output in manifest.outputs:
                verified(runtime.store, f"{cycle.folder}/{folder_of}", manifest, output)
        gate = cycle.manifest(runtime.store, "gate")
        assert gate.forgotten == [receipt["id"]]
        lines = list(runtime.store.read_lines(f"{cycle.folder}/gate/kept.jsonl"))
        assert gate.outputs["kept.jsonl"].records == len(lines) > 10
        assert cycle.adapter(runtime.store) is None and cycle.verdict(runtime.store).outcome == "promote"
        assert all(item.answer == "" for item in cycle.reports(runtime.store)["candidate"].items)
        asked = entries.read(runtime.store, "shop", version_of(receipt, name), name)
        assert len(asked) == len(list(runtime.store.read_lines(f"{cycle.folder}/knowledge/facts.jsonl"))) > 1
        assert {row.says for row in asked} == {""}
    first, second = (read_cycle(runtime.store, "shop", name) for name in CYCLES)
    kept = first.manifest(runtime.store, "gate").outputs["kept.jsonl"].sha256
    assert second.replay == [{"cycle_id": CYCLES[0], "sha256": kept}]
    with runtime.chronicle() as chronicle:
        assert rebuild_chronicle.disagreements(runtime, chronicle, "shop") == []
        assert chronicle.looks("shop", "2026-W09") == 2


def test_the_history_cannot_be_changed_again_afterwards(folder):
    runtime = scene.runtime_of(folder)
    forget(runtime, "shop", "shop/odd.py", by="ann")
    with (
        runtime.chronicle() as chronicle,
        pytest.raises(AutodidactError, match="append-only"),
        writing(chronicle._engine) as connection,
    ):
        connection.execute(text("DELETE FROM events"))


def test_a_chronicle_made_again_from_the_store_keeps_them_withdrawn(folder):
    runtime = scene.runtime_of(folder)
    receipt = forget(runtime, "shop", "shop/odd.py", by="ann")
    for path in folder.glob("chronicle.db*"):
        path.unlink()
    rebuild_chronicle.mend(runtime, "shop", champion=None, by="ann")
    with runtime.chronicle() as chronicle:
        states = {row["version"]: row["state"] for row in chronicle.versions("shop")}
        assert {states[version] for version in receipt["versions"]} == {"withdrawn"}
        assert chronicle.champion("shop")["version"] == receipt["champion"]["after"]
    assert holding(folder, scene.IN_CODE) == []
    with pytest.raises(UsageError, match="is withdrawn"):
        by_hand.rollback(runtime, "shop", to=receipt["versions"][0], reason="because", by="ann")


def test_shards_that_a_gate_has_left_go_where_one_of_their_rows_goes(folder):
    runtime = scene.runtime_of(folder)
    row = {"generator": "ast_parser", "source": {"ref": "shop/basket.py", "path": "shop/basket.py"}}
    ours = f"shop/cycles/{CYCLES[0]}/gate/shards"
    runtime.store.write_jsonl(f"{ours}/ast_parser.0/passed.jsonl", [row | {"text": scene.IN_CODE}, row])
    runtime.store.write_bytes(f"{ours}/ast_parser.0/marks.npy", b"two marks")
    found = dry_run(runtime, "shop", "shop/odd.py")
    wanted = [f"{ours}/ast_parser.0/{name}" for name in ("marks.npy", "passed.jsonl")]
    assert [key for key in found["deleted"] if key.startswith(ours)] == wanted
    assert not any(key.startswith(ours) for key in found["files"])
    forget(runtime, "shop", "shop/odd.py", by="ann")
    assert runtime.store.list(ours) == []


def test_forgetting_again_changes_nothing(folder):
    runtime = scene.runtime_of(folder)
    first = forget(runtime, "shop", "shop/odd.py", by="ann")
    before = contents(folder)
    second = forget(runtime, "shop", "shop/odd.py", by="ann")
    assert contents(folder) == before
    assert second | {"finished": None} == first | {"finished": None}


def test_an_open_cycle_that_read_the_source_is_as_if_it_had_never_been_opened(folder):
    runtime = scene.runtime_of(folder)
    opened = scene.cycle(runtime, 26, trains=False)
    receipt = forget(runtime, "shop", "shop/odd.py", by="ann")
    assert receipt["dropped_cycles"] == [opened.cycle_id]
    again = open_cycle(runtime, until=NOON + timedelta(hours=26))
    assert (again.since, again.champion.adapter) == (opened.since, None)


def test_while_an_open_cycle_is_worked_on_nothing_is_forgotten(folder):
    runtime = scene.runtime_of(folder)
    opened = scene.cycle(runtime, 26, trains=False)
    before = contents(folder)
    with (
        runtime.store.lease(f"{opened.folder}/training/lease.json"),
        pytest.raises(Unavailable, match="training is being worked on by process"),
    ):
        forget(runtime, "shop", "shop/odd.py", by="ann")
    assert contents(folder).keys() - before.keys() == {f"cycles/{opened.cycle_id}/training/lease.lock"}


@pytest.mark.parametrize("source", ["", ".", "./", "*", "**", "/"])
def test_what_names_everything_or_nothing_is_refused(folder, source):
    with pytest.raises(UsageError, match="names everything, or nothing"):
        dry_run(scene.runtime_of(folder), "shop", source)


# Function, and whether it is killed as it begins or as it ends.
STEPS = [
    ("add", "call"),
    ("withdraw", "return"),
    ("_files", "call"),
    ("_sheet", "return"),
    ("_files", "return"),
    ("_manifests", "return"),
    ("link", "return"),
    ("_again", "return"),
    ("remake", "return"),
    ("journal", "return"),
    ("_rewrite", "return"),
    ("_sweep", "call"),
    ("import_cycle", "return"),
    ("write", "return"),
]


def forgetting(folder):
    forget(scene.runtime_of(folder), "shop", "shop/odd.py", by="ann")


@pytest.mark.slow
def test_killed_at_any_step_the_same_call_finishes(folder, tmp_path):
    runtime = scene.runtime_of(folder)
    fresh = folder.with_name("fresh")
    shutil.copytree(folder, fresh)
    wanted_receipt = forget(runtime, "shop", "shop/odd.py", by="ann")
    wanted = contents(folder)
    for step in STEPS:
        shutil.rmtree(folder)
        shutil.copytree(fresh, folder)
        assert killed(partial(forgetting, folder), at_step(*step)), step
        receipt = forget(runtime, "shop", "shop/odd.py", by="ann")
        assert contents(folder) == wanted, step
        assert holding(folder, scene.IN_CODE) == [], step
        times = {"started": "", "finished": ""}
        assert receipt | times == wanted_receipt | times, step
        with runtime.chronicle() as chronicle:
            assert rebuild_chronicle.disagreements(runtime, chronicle, "shop") == [], step
    shutil.rmtree(fresh)


def test_no_cycle_opens_while_half_of_it_is_done(folder):
    runtime = scene.runtime_of(folder)
    assert killed(partial(forgetting, folder), at_step("_files", "return"))
    with pytest.raises(Disagreement, match="forgetting .* was interrupted"):
        rebuild_chronicle.mend(runtime, "shop", champion=None, by="ann")
    with pytest.raises(Disagreement, match="forgetting .* was interrupted"):
        open_cycle(runtime, until=NOON + timedelta(hours=26))
    (name,) = {key.rpartition("/")[2].partition(".")[0] for key in runtime.store.list("shop/forgotten")} - {
        "list"
    }
    assert forget(runtime, "shop", name, by="ann")["finished"]
    assert open_cycle(runtime, until=NOON + timedelta(hours=26)).champion.adapter is None
