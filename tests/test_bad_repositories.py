"""Whatever a living system holds that is broken: each is counted by reason, and the rest is told."""

import json
from datetime import datetime, timezone

import pytest

from autodidact.generators.stage import into_folder
from autodidact.settings import load_settings
from tests.sandbox import Sandbox

NOTHING = {
    f"sources.{name}": None for name in ("mcp", "knowledge_graph", "goals", "interrupts", "affect")
} | {"sources.documents": []}
APRIL = datetime(2026, 4, 1, tzinfo=timezone.utc)
GOOD = {
    "messages": [
        {"role": "user", "content": "Find W103"},
        {"role": "assistant", "content": "Found it, on pier 2."},
    ]
}
CODE = '\n\ndef charge(amount: int) -> int:\n    """Takes the money from the card."""\n    return amount\n'
BROKEN = {
    "old.py": "print 'two'\n",
    "torn.py": "def f(:\n",
    "latin.py": b"# caf\xe9\nA = 1\n",
    "data.py": "A = 1\n" + "#" * 5_000_000,
}


def generated(folder, only: list[str], **overrides) -> dict[str, tuple[int, dict[str, int]]]:
    """Generator -> (examples, {reason: count})."""
    settings = load_settings(
        "laptop",
        NOTHING | {"store": str(folder / "store"), "generators.only": only} | overrides,
        cwd=folder,
        environ={},
    )
    rows = into_folder(settings, folder / "out", since=None, until=APRIL)
    assert {row["status"] for row in rows.values()} == {"done"}, rows
    return {
        name: (row["examples"], {e["reason"]: e["count"] for e in row["errors"]})
        for name, row in rows.items()
    }


@pytest.fixture
def repository(sandbox, tmp_path) -> Sandbox:
    other = Sandbox(tmp_path / "other")
    other.commit("Begin", {"inner.py": "I = 1\n"})
    sandbox.commit(
        "Add the charge",
        {"shop.py": f"A = 1{CODE}", "README.md": "# Shop\n\nIt sells ferry tickets to people on the quay.\n"},
    )
    (sandbox.path / "passwd.py").symlink_to("/etc/passwd")
    (sandbox.path / "HOSTS.md").symlink_to("/etc/hosts")
    sandbox.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.path), "sub")
    sandbox.commit("Add what is broken", BROKEN, hours=-5)
    sandbox.commit("Take less", {"shop.py": f"A = 2{CODE}", "dos.py": "B = 1\r\n"}, hours=2)
    sandbox.commit("Raise the amount that is charged", {"shop.py": f"A = 3{CODE}"}, hours=3)
    return sandbox


def test_a_repository_of_broken_files(repository, tmp_path):
    found = generated(
        tmp_path,
        ["ast_parser", "diff_miner", "architecture_docs", "knowledge_graph"],
        **{"sources.repository": str(repository.path)},
    )
    assert found["ast_parser"][0] and found["diff_miner"][0] and found["architecture_docs"][0]
    assert found["ast_parser"][1] == {
        "Python 2": 1,
        "syntax error": 1,
        "not UTF-8": 1,
        "larger than 1 MB": 1,
        "symbolic link, not followed": 1,
        "submodule, not read": 1,
    }
    assert found["knowledge_graph"][1] == found["ast_parser"][1]
    assert found["architecture_docs"][1] == {"symbolic link, not followed": 1, "submodule, not read": 1}
    counted = found["diff_miner"][1]
    assert (
        counted["clock that went backwards"] == 1
        and "line ends changed, or carriage returns within lines" not in counted
    )
    assert (
        counted["symbolic link changed"] == 2
        and counted["submodule changed"] == 1
        and counted["not UTF-8"] == 1
    )
    assert counted["binary file, or larger than 1 MB"] == 1


def test_transcripts_that_are_broken(tmp_path):
    lines = [
        json.dumps(GOOD).encode(),
        b'{"type": "progress"}',
        b"{",
        b'{"messages": [{"role": "user", "content": "caf\xe9"}]}',
    ]
    lines += [b'{"messages": "' + b"x" * 50_000_000 + b'"}', json.dumps(GOOD).encode()[:30]]
    (tmp_path / "s.jsonl").write_bytes(b"\n".join(lines))
    ((examples, counted),) = generated(
        tmp_path,
        ["session_miner"],
        **{"system": "shop", "sources.repository": None, "sources.sessions": [str(tmp_path / "s.jsonl")]},
    ).values()
    assert examples
    assert counted == {
        "unknown kind of record": 1,
        "line that is not JSON": 1,
        "invalid UTF-8": 1,
        "line longer than 10 MB": 1,
        "incomplete last line": 1,
        "turn without an answer": 1,
    }
