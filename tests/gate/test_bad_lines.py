"""What generators may leave behind by accident: each bad line costs itself alone, and dropped.jsonl says
which line and why.
"""

import json

from autodidact.gate.stage import into_folder
from autodidact.records import call, example
from autodidact.settings import load_settings

SOURCE = {"kind": "git", "ref": "a.py:1"}
GOOD = example(
    "ast_parser",
    "architecture",
    "Where is `f` defined, in `a.py`?",
    "`f` is defined in `a.py`, on its first line.",
    SOURCE,
)
CALL = example("ast_parser", "tool_use", "Find it.", call(("find", {"name": None})), SOURCE)


def with_answer(text: str) -> dict:
    record = json.loads(GOOD.line())
    record["messages"][-1]["content"] = text
    return record


def test_every_bad_line_is_dropped_with_its_number_and_reason(tmp_path):
    headless = json.loads(GOOD.line())
    del headless["source"]
    lines = [
        GOOD.line().encode(),
        GOOD.line().encode()[:-40],
        b"",
        b"\xff\xfe\x00",
        json.dumps([GOOD.line()]).encode(),
        json.dumps(headless).encode(),
        json.dumps(with_answer("")).encode(),
        json.dumps(with_answer(" \n\t")).encode(),
        CALL.line().encode(),
        json.dumps(with_answer("word " * 100_000)).encode(),
        json.dumps(with_answer("torn \ud83d emoji")).encode(),
        json.dumps(with_answer("torn HERE bytes")).encode().replace(b"HERE", b"\xff"),
        json.dumps(with_answer("not what the id says")).encode(),
    ]
    folder, out = tmp_path / "examples", tmp_path / "out"
    folder.mkdir()
    (folder / "ast_parser.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    report = into_folder(load_settings("laptop", {"store": str(tmp_path / "store")}, environ={}), folder, out)
    assert [json.loads(line) for line in (out / "kept.jsonl").read_text().splitlines()] == [
        json.loads(GOOD.line())
    ]
    dropped = [json.loads(line) for line in (out / "dropped.jsonl").read_text().splitlines()]
    assert [(row["line"], row["dropped"]["reason"]) for row in dropped] == [
        (2, "not JSON"),
        (3, "not JSON"),
        (4, "not JSON"),
        (5, "not an object"),
        (6, "missing field"),
        (7, "empty answer"),
        (8, "empty answer"),
        (9, "null argument"),
        (10, "absurdly long"),
        (11, "lone surrogate"),
        (12, "lone surrogate"),
        (13, "the id is not that of the content"),
    ]
    assert all(row["generator"] == "ast_parser" and "messages" not in row for row in dropped)
    assert report["by_rule"]["form"]["reasons"]["not JSON"] == 3


def test_links_and_folders_are_left_out_and_said(tmp_path, capsys):
    folder = tmp_path / "examples"
    (folder / "b.jsonl").mkdir(parents=True)
    (folder / "ast_parser.jsonl").write_text(GOOD.line() + "\n")
    (tmp_path / "elsewhere").write_text(GOOD.line() + "\n")
    (folder / "a.jsonl").symlink_to(tmp_path / "elsewhere")
    report = into_folder(
        load_settings("laptop", {"store": str(tmp_path / "store")}, environ={}), folder, tmp_path / "out"
    )
    assert report["raw"] == 1
    said = capsys.readouterr().err
    assert (
        "a.jsonl is a link or no file, and is left out" in said
        and "b.jsonl is a link or no file, and is left out" in said
    )
