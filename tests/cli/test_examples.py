"""`autodidact examples`: pages of what the gate kept and dropped, with the source of each beside it."""

import json
from itertools import count

import pytest

from autodidact.gate.example_pages import Wanted, page_of
from autodidact.store import Store
from tests.airflow_ import page_data
from tests.cli.test_cli import run

EVIL = "a\x1b[2J\x9b31m\u202eb"
TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5"
NAMES = (f"{n:064d}" for n in count(1))


def row(answer: str, **more) -> dict:
    talk = [{"role": "user", "content": "Which?"}, {"role": "assistant", "content": answer}]
    source = {"kind": "document", "ref": "docs/a.md"}
    known = {"format": 1, "id": next(NAMES), "generator": "ast_parser", "category": "tool_use"}
    return known | {"messages": talk, "tools": [], "time": None, "source": source} | more


def dropped(answer: str, rule: str = "length", **more) -> dict:
    return row(answer, dropped={"rule": rule, "reason": "too short", "value": 3}, **more)


@pytest.fixture
def store(tmp_path) -> Store:
    """Seven kept examples of ast_parser, one of tool_spec, and three that were dropped."""
    found = Store(tmp_path / "gated")
    found.write_jsonl(
        "kept.jsonl", [*(row(f"Answer {n}") for n in range(7)), row("Tool", generator="tool_spec")]
    )
    found.write_jsonl(
        "dropped.jsonl", [dropped("No"), dropped("Ha", "repetition"), dropped("X", generator="tool_spec")]
    )
    return found


def answers(page) -> list[str]:
    return [each["messages"][-1][1] for each in page.rows]


def test_pages_follow_each_other_and_the_last_one_says_so(store):
    first, last = (page_of(store, "", Wanted(fate="kept"), number, 5) for number in (1, 2))
    assert answers(first) == [f"Answer {n}" for n in range(5)] and first.more
    assert answers(last) == ["Answer 5", "Answer 6", "Tool"] and not last.more
    assert page_of(store, "", Wanted(fate="kept"), 3, 5).rows == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(fate="dropped"), ["No", "Ha", "X"]),
        (Wanted(generator="tool_spec"), ["Tool", "X"]),
        (Wanted(generator="tool_spec", fate="dropped"), ["X"]),
        (Wanted(rule="repetition"), ["Ha"]),
        (Wanted(text="answer 3"), ["Answer 3"]),
        (Wanted(source="docs/", rule="length"), ["No", "X"]),
        (Wanted(category="reasoning"), []),
    ],
)
def test_filters(store, wanted, found):
    assert answers(page_of(store, "", wanted, 1, 20)) == found


def test_what_is_hidden_has_no_text_and_no_word_finds_it(tmp_path):
    store = Store(tmp_path)
    store.write_jsonl("kept.jsonl", [row(f"It is {TOKEN}"), row("Plain.")])
    assert page_of(store, "", Wanted(), 1, 9).rows[0]["messages"] is None
    assert answers(page_of(store, "", Wanted(text="ghp_"), 1, 9)) == []
    assert TOKEN not in repr(page_of(store, "", Wanted(), 1, 9))


def test_a_torn_line_one_that_is_no_record_and_one_of_ten_megabytes_cost_only_themselves(tmp_path):
    (tmp_path / "kept.jsonl").write_text(
        '{"torn\n[1]\n' + '{"a": "' + "x" * 10_000_000 + '"}\n' + json.dumps(row("Yes."))
    )
    rows = page_of(Store(tmp_path), "", Wanted(), 1, 9).rows
    assert [each["hidden"] for each in rows] == [
        "The record has 6 bytes: too large to be shown.",
        "Its text was not kept.",
        "The record has 10,000,009 bytes: too large to be shown.",
        None,
    ]


def test_the_command_shows_an_example_beside_the_lines_of_its_source(tmp_path):
    variables = page_data.fill(tmp_path)
    shown = run("examples", "--generator", "ast_parser", "--dropped", "--cycle", page_data.DONE,
                "--system", page_data.SYSTEM, cwd=tmp_path, **variables)  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == (
        "222222222222  dropped by length: too short (3)  [ast_parser, to teach tool_use]\n"
        "user: What is line_3? <script>alert(1)</script>\\u202egnp.exe\n"
        "assistant: Three\n"
        f"    shop.py at {commit(tmp_path)[:12]}\n"
        "         1 line_1 = 1\n"
        "         2 line_2 = 2\n"
        "    >    3 line_3 = 3\n"
        "    >    4 line_4 = 4\n"
        "         5 line_5 = 5\n"
        "         6 line_6 = 6\n"
        "         7 line_7 = 7\n"
        "\n"
        "Page 1; the last.\n"
    )


def commit(folder) -> str:
    return (folder / "repo/.git/refs/heads").glob("*").__next__().read_text().strip()


def test_as_json_it_is_one_document_with_every_field(tmp_path):
    variables = page_data.fill(tmp_path)
    done = run("examples", "--json", "--cycle", page_data.DONE, "--system", page_data.SYSTEM, "--size", "1",
               cwd=tmp_path, **variables)  # fmt: skip
    found = json.loads(done.stdout)
    assert (found["cycle"], found["page"], found["more"]) == (page_data.DONE, 1, True)
    (example,) = found["examples"]
    assert example["fate"] == "kept" and example["messages"][1] == {
        "role": "assistant",
        "text": "It is three.",
    }
    assert example["source_lines"]["lines"][2] == {"line": 3, "named": True, "text": "line_3 = 3"}


def test_foreign_text_of_any_size_steers_nothing(tmp_path):
    store = Store(tmp_path / "gated")
    store.write_jsonl(
        "kept.jsonl", [row(EVIL + "x" * 300_000, source={"kind": "wiki", "ref": EVIL}, id=EVIL)]
    )
    for more in ((), ("--json",)):
        done = run("examples", tmp_path / "gated", *more, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert not {"\x1b", "\x9b", "\u202e"} & set(done.stdout)
    assert len(run("examples", tmp_path / "gated", cwd=tmp_path).stdout) < 2000


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--kept", "--dropped"], "--kept and --dropped exclude each other"),
        (["--generator", "ast_parse"], "Did you mean ast_parser?"),
        (["nowhere"], "has no examples that the gate kept or dropped"),
    ],
)
def test_mistakes_are_one_line(tmp_path, arguments, complaint):
    done = run("examples", *arguments, cwd=tmp_path)
    assert done.returncode == 2 and complaint in done.stderr and done.stderr.count("\n") == 1
