"""Tables that people keep by hand."""

import pytest

from autodidact.errors import Skipped
from autodidact.settings import SAMPLES
from autodidact.sources.table_files import load_yaml, named_file, rows, shown
from autodidact.stage import Troubles


def read(tmp_path, name, text):
    path, troubles = tmp_path / name, Troubles()
    path.write_text(text, encoding="utf-8")
    return [(row.data, row.ref.removeprefix(f"{tmp_path}/")) for row in rows(path, troubles, "goals")], {
        t.reason: t.count for t in troubles.list()
    }


def test_yaml_json_lines_and_csv_are_read_alike(tmp_path):
    assert read(tmp_path, "g.yaml", "goals:\n- {id: a, due: 2026-01-02}\n") == (
        [({"id": "a", "due": "2026-01-02"}, "g.yaml#a")],
        {},
    )
    assert read(tmp_path, "g.json", '[{"n": 1}]') == ([({"n": 1}, "g.json#1")], {})
    assert read(tmp_path, "g.jsonl", '\n{"n": "\u2028"}\n') == ([({"n": "\u2028"}, "g.jsonl:2")], {})
    assert read(tmp_path, "g.csv", 'id,text\na,"two\nlines"\n') == (
        [({"id": "a", "text": "two\nlines"}, "g.csv:3")],
        {},
    )


def test_what_is_broken_is_counted_and_the_rest_read(tmp_path):
    assert read(tmp_path, "g.jsonl", '{"n": 1}\n[2]\n{"torn') == (
        [({"n": 1}, "g.jsonl:1")],
        {"not a record": 1, "torn line": 1},
    )
    assert read(tmp_path, "g.csv", "id,text\na\nb,c\nd,e,f\n") == (
        [({"id": "b", "text": "c"}, "g.csv:3")],
        {"not a record": 2},
    )
    assert read(tmp_path, "g.yaml", "goals: {a: 1}") == ([], {})
    assert read(tmp_path, "g.json", "{") == ([], {"not JSON": 1})


def test_a_yaml_bomb_is_defused():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)
    )
    troubles = Troubles()
    assert load_yaml(bomb, "bomb", troubles) is None
    assert load_yaml("!!python/object/apply:os.system ['true']", "call", troubles) is None
    assert load_yaml("a: &a [1, *a]", "circle", troubles) is None
    merged = "a0: &a0 {k: v}\n" + "\n".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 12)
    )
    assert load_yaml(merged, "merged", troubles) is None
    assert load_yaml("[" * 30_000, "deep", troubles) is None
    assert {t.reason: t.count for t in troubles.list()} == {
        "not YAML": 2,
        "YAML that unfolds into too much": 3,
    }


def test_a_setting_that_names_no_file_is_a_reason_to_skip():
    with pytest.raises(Skipped, match="sources.goals names no file"):
        named_file(None, "sources.goals")
    with pytest.raises(Skipped, match="names /nowhere, which is not there"):
        named_file("/nowhere", "sources.goals")


def test_a_sample_has_the_same_name_on_every_machine():
    assert shown(SAMPLES / "goals.yaml") == "samples/goals.yaml"
