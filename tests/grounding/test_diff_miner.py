"""The checker of `diff_miner` passes what the generator makes and refuses what was falsified."""

import copy
import json
import re

import pytest

from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import examples_of, snapshot
from tests.grounding.diff_miner import check
from tests.sandbox import Sandbox

BODY = """def fits_{n}(count, room, spare=None):
    if count > room.left_{n}:
        return False
    total = count + 1
    if isinstance(spare, dict):
        total += spare["n"]
    return total
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(rows by kind, snapshot) of a small history with additions, edits, a rename and signatures."""
    folder = tmp_path_factory.mktemp("grounding")
    shop = Sandbox(folder / "shop")
    shop.commit("Begin", {"stock.py": "LIMIT = 10\n", "notes.md": "Notes\n"})
    text = "LIMIT = 10\n"
    for n in range(12):
        text += "\n\n" + BODY.format(n=n)
        shop.commit(
            f"Add the check of room number {n}\n\nIt counts what is left there.",
            {"stock.py": text},
            hours=2 * n + 1,
        )
        shop.commit(
            f"Take room {n} as the limit",
            {"stock.py": text.replace("LIMIT = 10", f"LIMIT = {n}")},
            hours=2 * n + 2,
        )
    for n in range(3):
        text = text.replace(
            f"def fits_{n}(count, room, spare=None)",
            f"def fits_{n}(count, room, other{', spare=None' if n else ''})",
        )
        shop.commit(f"Ask for another thing in {n}", {"stock.py": text}, hours=30 + n)
    shop.git("mv", "notes.md", "news.md")
    shop.commit("Rename the notes to news", hours=3_000)
    with Repository(shop.path, shop.git("rev-parse", "HEAD")) as repository:
        seen = snapshot(folder, repository)
        rows: dict[str, list[dict]] = {}
        for example in examples_of("diff_miner", seen):
            row = json.loads(example.line())
            kind = row["source"]["ask"] + (" bug" if "defect" in row["source"] else "")
            rows.setdefault(kind, []).append(row)
        yield rows, seen


def test_what_the_generator_makes_passes(made):
    rows, seen = made
    assert set(rows) >= {
        "explain",
        "message",
        "edit",
        "versions",
        "absent",
        "signature",
        "review",
        "review bug",
        "mend bug",
    }
    assert [(kind, reason) for kind in rows for row in rows[kind] if (reason := check(row, seen))] == []


@pytest.mark.parametrize(
    ("kind", "message", "falsify"),
    [
        ("explain", 1, lambda text: text.replace("(+", "(+1")),
        ("explain", 1, lambda text: text.replace("stock.py", "stork.py").replace("news.md", "nets.md")),
        ("explain", 1, lambda text: "Remove the check. " + text),
        (
            "explain",
            0,
            lambda text: text.replace("\n+", "\n+x", 1) if "\n+" in text else text.replace("notes", "nodes"),
        ),
        ("message", 1, lambda text: "Speed up everything"),
        ("edit", 1, lambda text: text.replace("LIMIT = ", "LIMIT = 7").replace("other", "another")),
        ("edit", 0, lambda text: text.replace("LIMIT = ", "LIMIT = 8").replace("spare=None", "spare=0")),
        ("edit", 0, lambda text: re.sub(r"Take room|Ask for another thing", "Delete everything about", text)),
        ("versions", 1, lambda text: text.replace("-", "-9")),
        ("absent", 1, lambda text: re.sub(r"`[^`]+`\.$", "`other.py`.", text)),
        ("signature", 1, lambda text: text.replace("other", "room")),
        (
            "signature",
            1,
            lambda text: text.replace("Yes:", "No:").replace(
                "is new without a default", "is new and has a default"
            ),
        ),
        ("review", 0, lambda text: re.sub(r"\n\+(\s*)(\S)", r"\n+\1z\2", text, count=1)),
        (
            "review",
            0,
            lambda text: re.sub(r"\+(\d+)(,\d+)? @@", lambda m: f"+{int(m[1]) + 1}{m[2] or ''} @@", text),
        ),
        ("review", 1, lambda text: "Line 3 of `stock.py`: off by one. `a` should be `b`: it is so."),
        (
            "review bug",
            1,
            lambda text: re.sub(r"\b\d+", lambda number: str(int(number[0]) + 1), text, count=1),
        ),
        ("review bug", 1, lambda text: text.replace("stock.py", "shelf.py")),
        (
            "review bug",
            1,
            lambda text: re.sub(r"should be `[^`]+`|is missing", "should be `never_there()`", text),
        ),
        ("review bug", 1, lambda text: text.replace("\n   ", "\n  x")),
        ("review bug", 1, lambda text: "I see nothing wrong in these lines."),
    ],
)
def test_falsified_examples_are_refused(made, kind, message, falsify):
    rows, seen = made
    changed = 0
    for row in rows[kind]:
        false = copy.deepcopy(row)
        text = false["messages"][message]["content"]
        false["messages"][message]["content"] = falsify(text)
        if false["messages"][message]["content"] != text:
            changed += 1
            assert check(false, seen) is not None, false["messages"]
    assert changed


def test_a_second_difference_beside_the_bug_is_found(made):
    rows, seen = made
    for row in rows["review bug"]:
        false = copy.deepcopy(row)
        lines = false["messages"][0]["content"].split("\n")
        bad = re.search(r"`([^`]+)` should be", row["messages"][1]["content"])
        if bad is None:  # the answer shows the mended lines, and does not say which one is the bug's
            continue
        at, *_ = [n for n, line in enumerate(lines) if re.match(r"\+ +\w", line) and bad[1] not in line]
        lines[at] += "  # and more"
        false["messages"][0]["content"] = "\n".join(lines)
        assert check(false, seen) is not None
