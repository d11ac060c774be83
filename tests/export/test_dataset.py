"""The examples of a cycle as a dataset of the hub: what its own library reads is what the gate kept."""

import json
import os
import subprocess
import sys
import time

import pytest

from autodidact.errors import AutodidactError, UsageError
from autodidact.export import dataset
from autodidact.export.atomic_folder import new_folder
from autodidact.export.dataset import export_dataset
from autodidact.export.dataset_card import size_category
from autodidact.records import call, example
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.stage import run_stage
from tests.cycles import a_cycle

TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5"
TOOL = {
    "type": "function",
    "function": {"name": "find", "parameters": {"type": "object", "properties": {"q": {"type": "string"}}}},
}
SOURCE = {"kind": "git", "ref": "a.py:1", "commit": "f" * 40, "path": "a.py", "lines": [1, 2]}


def kept() -> list:
    """A question, and a call of a tool with its answer; ids of the two differ."""
    asked = example("ast_parser", "architecture", "Where is `f`?", "a.py", SOURCE)
    turns = [
        {"role": "user", "content": "Find é."},
        call(("find", {"q": "é", "most": [1, {"deep": None}]})),
        {"role": "tool", "name": "find", "content": "none"},
    ]
    called = example(
        "tool_spec", "tool_use", "", "Nothing.", SOURCE, history=turns, tools=[TOOL], was="0" * 64
    )
    return [asked, called]


def gated(tmp_path, rows) -> tuple:
    """(cycle, runtime) of a cycle whose gate kept these rows."""
    runtime = Runtime(Settings(store=str(tmp_path / "store")), say=lambda line: None)
    cycle = a_cycle(
        runtime.settings,
        repositories=[{"path": "/home/ada/shop", "branch": "main", "commit": "f" * 40, "previous": None}],
    )

    def gate(run):
        with run.lines("kept.jsonl") as sink:
            for row in rows:
                sink(row)
        run.write_json("report.json", {"raw": 7, "kept": len(rows)})

    run_stage(runtime.store, cycle.cycle_id, "gate", f"{cycle.folder}/gate", code="1", inputs={}, work=gate)
    return cycle, runtime


def loaded(folder, tmp_path):
    from datasets import load_dataset

    return load_dataset(str(folder), split="train", cache_dir=str(tmp_path / "cache"))


def test_the_hubs_own_library_reads_what_the_gate_kept(tmp_path):
    cycle, runtime = gated(tmp_path, kept())
    found = export_dataset(cycle, runtime, tmp_path / "out", licence="apache-2.0")
    assert (found["rows"], found["left_out"]) == (2, 0)
    first, second = loaded(tmp_path / "out", tmp_path)
    asked, called = (row.model_dump() for row in kept())
    assert [first[name] for name in ("id", "generator", "category", "tools", "source", "was")] == [
        asked["id"],
        "ast_parser",
        "architecture",
        [],
        SOURCE,
        None,
    ]
    assert [(each["role"], each["content"]) for each in first["messages"]] == [
        ("user", "Where is `f`?"),
        ("assistant", "a.py"),
    ]
    assert second["tools"] == [TOOL] and second["was"] == "0" * 64
    assert second["messages"][1]["tool_calls"] == called["messages"][1]["tool_calls"]
    assert second["messages"][2] == {"role": "tool", "content": "none", "name": "find", "tool_calls": None}


def test_readers_that_do_not_know_the_type_get_json_as_text(tmp_path):
    import pandas

    export_dataset(*gated(tmp_path, kept()), tmp_path / "out")
    table = pandas.read_parquet(tmp_path / "out" / "data" / "train-00000-of-00001.parquet")
    assert json.loads(table["source"][0]) == SOURCE
    assert json.loads(table["tools"][1][0]) == TOOL


def test_the_card_has_the_header_that_the_hub_reads(tmp_path):
    from huggingface_hub import DatasetCard

    export_dataset(*gated(tmp_path, kept()), tmp_path / "out", licence="mit", language="de")
    read = DatasetCard((tmp_path / "out" / "README.md").read_text(encoding="utf-8"))
    head = read.data.to_dict()
    assert (head["license"], head["language"]) == ("mit", ["de"])
    assert (head["task_categories"], head["size_categories"]) == (["text-generation"], ["n<1K"])
    assert head["configs"] == [
        {"config_name": "default", "data_files": [{"split": "train", "path": "data/train-*.parquet"}]}
    ]
    assert "The gate kept 2 of 7 that the generators wrote." in read.text
    assert f"- repository: shop at `{'f' * 40}`" in read.text and "/home/ada" not in read.text


@pytest.mark.parametrize(
    ("rows", "word"),
    [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (7_800, "1K<n<10K"), (1_000_000, "1M<n<10M")],
)
def test_size_categories_are_those_of_the_hub(rows, word):
    assert size_category(rows) == word


def test_many_rows_are_split_into_files_that_the_library_puts_together(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "SHARD", 2_000)
    monkeypatch.setattr(dataset, "GROUP", 3)
    rows = [example("ast_parser", "architecture", f"Where is `f{n}`?", "a.py", SOURCE) for n in range(20)]
    found = export_dataset(*gated(tmp_path, rows), tmp_path / "out")
    many = len(found["files"])
    assert many > 2 and found["files"][-1] == f"train-{many - 1:05d}-of-{many:05d}.parquet"
    assert list(loaded(tmp_path / "out", tmp_path)["id"]) == [row.id for row in rows]


def test_what_looks_like_a_secret_by_now_is_left_out_and_counted(tmp_path):
    rows = [*kept(), example("ast_parser", "architecture", "Which token?", TOKEN, SOURCE)]
    found = export_dataset(*gated(tmp_path, rows), tmp_path / "out")
    assert (found["rows"], found["left_out"]) == (2, 1)
    assert "1 of them look like a secret" in (tmp_path / "out" / "README.md").read_text()
    assert TOKEN not in repr(list(loaded(tmp_path / "out", tmp_path)))


def test_nothing_is_written_over_and_an_empty_gate_makes_an_empty_table(tmp_path):
    cycle, runtime = gated(tmp_path, [])
    assert export_dataset(cycle, runtime, tmp_path / "out")["rows"] == 0
    with pytest.raises(UsageError, match="out exists already. Name another folder, or delete this one."):
        export_dataset(cycle, runtime, tmp_path / "out")


def test_examples_that_were_changed_since_are_refused_and_nothing_is_left(tmp_path):
    cycle, runtime = gated(tmp_path, kept())
    runtime.store.write_text(f"{cycle.folder}/gate/kept.jsonl", "{}\n")
    with pytest.raises(AutodidactError, match="is not what the stage gate wrote"):
        export_dataset(cycle, runtime, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_error_leaves_no_folder(tmp_path):
    with pytest.raises(RuntimeError), new_folder(tmp_path / "out") as folder:
        (folder / "half").write_text("x")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_killed_export_leaves_nothing_that_looks_complete_and_the_next_one_ends_it(tmp_path):
    out = tmp_path / "out"
    code = (
        "import pathlib, sys, time\n"
        "from autodidact.export.atomic_folder import new_folder\n"
        "with new_folder(pathlib.Path(sys.argv[1])) as folder:\n"
        "    (folder / 'half').write_text('x')\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE, env=os.environ)
    assert process.stdout.readline() == b"ready\n"
    with pytest.raises(AutodidactError, match="Another process writes"), new_folder(out):
        pass
    process.kill()
    process.wait()
    assert not out.exists()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with new_folder(out) as folder:
                assert list(folder.iterdir()) == []
                (folder / "whole").write_text("x")
            break
        except AutodidactError:
            time.sleep(0.1)
    assert [file.name for file in out.iterdir()] == ["whole"]
    assert [file.name for file in tmp_path.iterdir()] == ["out"]
