"""The dry run: what came from a source, by ids and counts, and nothing changed."""

import hashlib

from autodidact.forget.run import dry_run
from tests.forget import scene


def files(folder) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("chronicle.db")
    }


def test_the_dry_run_names_what_would_go_and_changes_nothing(folder):
    runtime, before = scene.runtime_of(folder), files(folder)
    found = dry_run(runtime, "shop", "shop/odd.py")
    assert files(folder) == before
    first, second = found["versions"]
    assert found["versions"] == {first: "archived", second: "champion"}
    assert found["champion"]["before"] == second and found["champion"]["after"].startswith("base-")
    assert found["cycles"] == ["2026-03-01T1400Z", "2026-03-02T0200Z"]
    assert set(found["rows"]) == {"ast_parser", "diff_miner", "knowledge_graph"}
    assert found["items"] and found["chronicle"]["benchmark_items"]
    assert not any(scene.IN_CODE in text for text in map(str, found.values()))


def test_a_conversation_and_a_page_are_found_by_their_paths_and_their_names(folder):
    runtime = scene.runtime_of(folder)
    for name in (f"{folder}/talks/private.jsonl", "private"):
        assert list(dry_run(runtime, "shop", name)["rows"]) == ["session_miner"]
    for name in (f"{folder}/pages/page.md", "*/pages/p*.md"):
        assert list(dry_run(runtime, "shop", name)["rows"]) == ["architecture_docs"]


def test_a_source_that_nothing_came_from_withdraws_nothing(folder):
    found = dry_run(scene.runtime_of(folder), "shop", "docs/elsewhere.md")
    assert (found["versions"], found["cycles"], found["rows"], found["chronicle"]) == ({}, [], {}, {})
    assert found["champion"]["before"] == found["champion"]["after"]
