"""Tables that people keep by hand."""

import pytest

from autodidact.errors import Skipped
from autodidact.settings import SAMPLES
from autodidact.sources.table_files import fields, load_yaml, named_file, records, shown, table
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles


def read(tmp_path, name, text, *sections):
    """(records with their places, what was counted)."""
    path, troubles = tmp_path / name, Troubles()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    unread = Unread(troubles)
    found = records(table(path, unread, "rows"), path, unread, "rows", *(sections or ("goals",)))
    counted = {t.reason: t.count for t in troubles.list()}
    assert unread.whole("rows") == (not counted)
    return [(row.data, row.ref.removeprefix(f"{tmp_path}/")) for row in found], counted


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
        {"not a record": 1, "incomplete line": 1},
    )
    assert read(tmp_path, "g.csv", "id,text\na\nb,c\nd,e,f\n") == (
        [({"id": "b", "text": "c"}, "g.csv:3")],
        {"not a record": 2},
    )
    assert read(tmp_path, "g.yaml", "goals: {a: 1}") == ([], {"not a record": 1})
    assert read(tmp_path, "g.json", "{") == ([], {"not JSON": 1})


def test_a_table_is_found_where_its_file_has_it(tmp_path):
    text = '{"data": {"issues": {"nodes": [{"n": 1}]}}, "total": 1}'
    assert read(tmp_path, "g.json", text, "goals", "data.issues.nodes") == ([({"n": 1}, "g.json#1")], {})
    assert read(tmp_path, "g.yaml", "goals: {a: {due: soon}}") == (
        [({"id": "a", "due": "soon"}, "g.yaml#a")],
        {},
    )
    assert read(tmp_path, "g.json", '{"version": 1, "rows": []}') == ([], {})
    assert fields({"version": 1, "rows": []}) == ["version", "rows"]


@pytest.mark.parametrize(
    "text",
    [
        "id;name;note\na;Bo;x, y, z\n",
        "id\tname\tnote\na\tBo\tx, y, z\n",
        "\ufeffid;name;note\na;Bo;x, y, z;\n",
        'id,name,note\n"a",Bo,"x, y, z"\n',
        'id,name,note,\r\na,Bo,"x, y, z",\r\n',
    ],
)
def test_a_csv_may_have_semicolons_or_tabs(tmp_path, text):
    ((data, _),), troubles = read(tmp_path, "g.csv", text)
    data.pop("", None)
    assert (data, troubles) == ({"id": "a", "name": "Bo", "note": "x, y, z"}, {})


def test_a_csv_in_utf_16_and_one_with_columns_of_one_name(tmp_path):
    assert read(tmp_path, "g.csv", "id\tname\na\tBö\n".encode("utf-16"))[0] == [
        ({"id": "a", "name": "Bö"}, "g.csv:2")
    ]
    assert read(tmp_path, "g.csv", "id,link,link,link\na,x,,y\n")[0] == [
        ({"id": "a", "link": ["x", "y"]}, "g.csv:2")
    ]


def test_a_row_with_a_hole_is_no_row(tmp_path):
    assert read(tmp_path, "g.csv", b"id,name\na,B\xff\nb,Bo\n") == (
        [({"id": "b", "name": "Bo"}, "g.csv:3")],
        {"invalid UTF-8": 1},
    )


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
