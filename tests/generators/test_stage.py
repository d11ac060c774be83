"""The stages on plain paths: what a run leaves in a folder is what this run made."""

import json
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from autodidact.errors import Skipped, UsageError
from autodidact.generators.run_generator import load
from autodidact.generators.stage import into_folder
from autodidact.settings import load_settings
from tests.sandbox import NOON

CODE = 'def price(count: int) -> int:\n    """What so many cost, in cents."""\n    return 5 * count\n'


@pytest.fixture
def made(tmp_path):
    """The folder that is generated into."""
    return tmp_path / "made"


@pytest.fixture
def generate(tmp_path, sandbox, made):
    """`generate(*generators)`: what the run returned."""
    sandbox.commit("Begin", {"shop/basket.py": CODE})

    def run(*only, hours=1):
        paths = {
            "sources.repository": str(sandbox.path),
            "sources.samples": True,
            "store": str(tmp_path / "store"),
            "generators.limit": 8,
        }
        settings = load_settings(overrides=paths | {"generators.only": list(only)}, cwd=tmp_path, environ={})
        return into_folder(settings, made, since=None, until=NOON + timedelta(hours=hours))

    return run


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_an_earlier_run_made_of_a_generator_that_is_now_skipped_or_fails_is_gone(
    made, generate, monkeypatch, capsys
):
    generate("ast_parser", "consciousness", "conciseness_drills")
    assert names(made) == [
        "ast_parser.facts_now.jsonl",
        "ast_parser.jsonl",
        "ast_parser.questions.jsonl",
        "conciseness_drills.jsonl",
        "consciousness.jsonl",
    ]
    (made / "notes.jsonl").write_text("{}\n")
    (made / "notes.txt").write_text("mine")
    capsys.readouterr()

    def skipped(snapshot):
        raise Skipped("no source")

    def broken(facts, snapshot):
        raise ValueError("broken")

    monkeypatch.setattr(load("ast_parser"), "questions", broken)  # its examples are written before they fail
    monkeypatch.setattr(load("consciousness"), "read", skipped)
    rows = generate("ast_parser", "consciousness")
    assert {name: row["status"] for name, row in rows.items()} == {
        "ast_parser": "failed",
        "consciousness": "skipped",
    }
    assert names(made) == ["conciseness_drills.jsonl", "notes.jsonl", "notes.txt"]
    assert capsys.readouterr().err.splitlines()[:2] == [
        f"generate: removed from {made} what an earlier run left: "
        "ast_parser.facts_now.jsonl, ast_parser.jsonl, ast_parser.questions.jsonl, consciousness.jsonl",
        f"generate: {made} has files of other runs, which the gate would read too: "
        "conciseness_drills.jsonl, notes.jsonl",
    ]


def test_a_run_that_cannot_begin_removes_nothing(made, generate):
    generate("consciousness")
    before = (made / "consciousness.jsonl").read_bytes()
    with pytest.raises(UsageError, match="has no commit before"):
        generate("consciousness", hours=-1)
    assert (made / "consciousness.jsonl").read_bytes() == before


def test_a_link_is_removed_and_what_it_leads_to_stays(tmp_path, made, generate):
    made.mkdir()
    (tmp_path / "kept.jsonl").write_text("{}\n")
    (made / "consciousness.jsonl").symlink_to(tmp_path / "kept.jsonl")
    generate("consciousness")
    assert (tmp_path / "kept.jsonl").read_text() == "{}\n" and not (made / "consciousness.jsonl").is_symlink()


def test_a_killed_run_leaves_whole_files_of_its_own_alone(tmp_path, made, sandbox):
    sandbox.commit("Begin", {"shop/basket.py": CODE})
    made.mkdir()
    for name in ("ast_parser", "conciseness_drills", "tool_spec"):
        (made / f"{name}.jsonl").write_text('{"of": "an earlier run"}\n')
    line = [
        sys.executable,
        "-m",
        "autodidact.cli",
        "generate",
        "--repo",
        sandbox.path,
        "--out",
        made,
        "--until",
        "2026-03-02",
    ]
    line += [
        "--store",
        tmp_path / "store",
        "--only",
        "ast_parser",
        "--only",
        "conciseness_drills",
        "--only",
        "tool_spec",
    ]
    with subprocess.Popen(
        line, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=os.environ
    ) as process:
        for message in process.stderr:
            if message.startswith("generate: generator 2 of 3: conciseness_drills"):
                process.send_signal(signal.SIGKILL)
                break
    assert not (made / "tool_spec.jsonl").exists()
    rows = [json.loads(row) for path in made.glob("*.jsonl") for row in path.read_text().splitlines()]
    assert rows and "an earlier run" not in str(rows)


def test_the_samples_are_not_mixed_with_a_system_that_has_the_same_names(tmp_path, sandbox, made):
    case = Path(__file__).parents[1] / "data" / "collision"
    files = {str(path.relative_to(case)): path.read_text() for path in case.rglob("*") if path.is_file()}
    sandbox.commit("Begin", files)
    paths = {
        "sources.repository": str(sandbox.path),
        "store": str(tmp_path / "store"),
        "generators.limit": 40,
    }
    settings = load_settings(overrides=paths, cwd=tmp_path, environ={})
    rows = into_folder(settings, made, since=None, until=NOON + timedelta(hours=1))
    text = "".join(path.read_text() for path in made.glob("*.jsonl"))
    assert "9001" in text
    # What the samples are about, and the port of their service of the same name.
    assert not re.findall(r"\b8101\b|(?i:wharfside|ferry|sailing|tide_at)", text)
    assert {name for name, row in rows.items() if row["status"] == "skipped"} >= {
        "affect_examples",
        "goal_examples",
        "interrupt_handler",
        "session_miner",
        "tool_spec",
        "wikipedia_harvest",
    }
