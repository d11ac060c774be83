"""What runs from one checkout shares a Chronicle: side by side, from any folder, with several systems in
it."""

import json
import multiprocessing
import os
import subprocess
import sys
from datetime import datetime, timezone

import pytest

from autodidact.chronicle import Chronicle
from autodidact.cycle.open import open_cycle
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.sandbox import Sandbox

# Of each process that writes; 40 of them were tried too.
ROUNDS = 8
NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def checkout(tmp_path):
    """A checkout in which a cycle was opened of itself, and after it one of another repository."""
    own, other = Sandbox(tmp_path / "shop"), Sandbox(tmp_path / "bakery")
    for sandbox in (own, other):
        sandbox.commit("Begin", {"src/deep/a.py": "def price():\n    return 1\n"})
        (own.path / ".autodidact").mkdir(exist_ok=True)
        named = {"sources.repository": str(sandbox.path)} if sandbox is other else {}
        settings = load_settings(cwd=own.path, environ={}, overrides={"system": sandbox.path.name, **named})
        open_cycle(Runtime(settings, say=lambda line: None), until=NOON)
    return own.path


def command(folder, *arguments, **environment):
    line = [sys.executable, "-m", "autodidact.cli", *arguments]
    done = subprocess.run(
        line, cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_history_lists_every_system_from_any_folder_and_one_by_its_name(checkout):
    (checkout / "autodidact.toml").write_text('system = "shop"\n')
    found = json.loads(command(checkout / "src" / "deep", "history", "--json"))
    assert [row["system"] for row in found["systems"]] == ["shop", "bakery"]
    assert (found["system"], found["cycles"]) == ("shop", found["systems"][0]["cycles"])
    assert [row["cycle_id"] for row in found["systems"][1]["cycles"]] == ["2026-03-01T1200Z"]
    named = json.loads(command(checkout, "history", "--json", "--system", "bakery"))
    assert (named["system"], len(named["systems"])) == ("bakery", 1)


def test_history_and_status_show_the_newest_system_where_that_of_the_folder_has_no_cycle(checkout):
    found = json.loads(
        command(checkout, "history", "--json")
    )  # by its name and root commit it is another system
    assert [row["system"] for row in found["systems"]] == ["bakery", "shop"] and found["system"] == "bakery"
    text = command(checkout, "status")
    assert "of bakery" in text and text.endswith("Other systems here: shop (--system NAME shows one)\n")
    assert "of shop" in command(checkout, "status", "--system", "shop")
    assert "of shop" in command(checkout, "status", AUTODIDACT_SYSTEM="shop")


def _write(url: str, name: str, gate, report) -> None:
    """What a task does, again and again: it opens the Chronicle, writes a row, reads."""
    try:
        gate.wait(60)
        for number in range(ROUNDS):
            cycle_id = f"2026-03-01T12{number:02}Z"
            with Chronicle(url) as chronicle:
                until = f"2026-03-01T12:{number:02}:00Z"
                frozen = {"system": name, "cycle_id": cycle_id, "kind": "live", "since": None, "until": until}
                chronicle.record_cycle(frozen | {"settings": {}, "seed": 1})
                chronicle.event(name, "note", f"{name} {number}", cycle_id)
                chronicle.close_cycle(name, cycle_id, "kept")
                chronicle.history(name, 30)
        report((name, None))
    except Exception as error:
        report((name, str(error)))


def _read(url: str, gate, done, report) -> None:
    """What the page does: one Chronicle, read again and again."""
    try:
        gate.wait(60)
        with Chronicle(url) as chronicle:
            while not done.is_set():
                for system in chronicle.systems():
                    chronicle.history(system, 30)
        report(("page", None))
    except Exception as error:
        report(("page", str(error)))


def test_processes_that_write_and_read_one_sqlite_file_side_by_side_lose_nothing(tmp_path):
    url, context = f"sqlite:///{tmp_path}/chronicle.db", multiprocessing.get_context("spawn")
    names, gate, done, results = (
        ["airflow", "make", "command"],
        context.Barrier(4),
        context.Event(),
        context.Queue(),
    )
    writers = [context.Process(target=_write, args=(url, name, gate, results.put)) for name in names]
    page = context.Process(target=_read, args=(url, gate, done, results.put))
    for process in [*writers, page]:
        process.start()
    reports = [results.get(timeout=100) for _ in names]
    done.set()
    reports.append(results.get(timeout=60))
    for process in [*writers, page]:
        process.join(30)
    assert sorted(reports) == [("airflow", None), ("command", None), ("make", None), ("page", None)]
    with Chronicle(url) as chronicle:
        assert {name: len(chronicle.cycles(name, status="closed")) for name in names} == dict.fromkeys(
            names, ROUNDS
        )
        assert {name: len(chronicle.events(name, 100)) for name in names} == dict.fromkeys(names, ROUNDS)
