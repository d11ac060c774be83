"""Finding examples among many: by words and filters, in pages, whatever the lines hold."""

import json
import threading
import time

import pytest

from autodidact.errors import AutodidactError, Unavailable
from autodidact.gate import read_bounded_lines
from autodidact.store import Store
from autodidact_airflow.dashboard import example_full_text_search, example_index
from autodidact_airflow.dashboard.example_index import ExampleIndex, index_of

FOLDER = "shop/cycles/2026-11-23T1200Z/gate"


def row(number: int, answer: str, **more) -> dict:
    messages = [{"role": "user", "content": f"Question {number}?"}, {"role": "assistant", "content": answer}]
    source = {"kind": "git", "ref": f"src/app.py:{number}", "path": "src/app.py", "commit": "a" * 40}
    known = {"id": f"{number:064d}", "generator": "ast_parser", "category": "architecture", "source": source}
    return known | {"messages": messages} | more


def whole(store: Store) -> ExampleIndex:
    index = index_of(store, FOLDER)
    assert index.done.wait(60) and index.trouble is None
    return index


def ids(index: ExampleIndex, text: str = "", page: int = 1, size: int = 25, **wanted: str) -> list[int]:
    return [int(each["id"]) for each in index.search(wanted, text, page, size).rows]


def test_examples_by_words_and_by_what_they_are(tmp_path):
    store = Store(tmp_path)
    kept = [row(1, "The port is 8080."), row(2, "The mailer sends mail.", generator="tool_spec")]
    dropped = [row(3, "Mail", dropped={"rule": "length", "reason": "too short", "value": 1})]
    store.write_jsonl(f"{FOLDER}/kept.jsonl", kept)
    store.write_jsonl(f"{FOLDER}/dropped.jsonl", dropped)
    index = whole(store)
    assert ids(index) == [1, 2, 3]
    assert ids(index, "mail") == [2, 3]
    assert ids(index, "MAIL sends") == [2]
    assert ids(index, "question") == [1, 2, 3]
    assert ids(index, "mail", rule="length") == [3]
    assert ids(index, fate="kept", generator="ast_parser") == [1]
    assert ids(index, source="src/app.py") == [1, 2, 3]
    assert ids(index, '"; DROP TABLE rows; --* OR') == []
    assert index.choices()["generator"] == {"ast_parser": 2, "tool_spec": 1}
    assert index.one("3".zfill(64))["dropped"]["reason"] == "too short"
    assert index.one("4".zfill(64)) is None


def test_a_common_word_is_counted_up_to_a_bound_and_a_rare_one_wholly(tmp_path, monkeypatch):
    monkeypatch.setattr(example_full_text_search, "COUNTED", 100)
    store = Store(tmp_path)
    texts = (f"The port.{' Rare.' if number % 50 == 7 else ''}" for number in range(1, 121))
    store.write_jsonl(f"{FOLDER}/kept.jsonl", (row(number, text) for number, text in enumerate(texts, 1)))
    index = whole(store)
    common, rare = index.search({}, "port", 1, 25), index.search({}, "port rare", 1, 25)
    assert (common.total, common.more, len(common.rows)) == (100, True, 25)
    assert (rare.total, rare.more, [int(each["id"]) for each in rare.rows]) == (3, False, [7, 57, 107])
    assert ids(index, "port", page=4) == list(range(76, 101))
    assert ids(index, "port", page=5) == []
    by_source = index.search({"source": "src/app.py"}, "", 1, 25)
    assert (by_source.total, by_source.more) == (100, True)


def test_an_unfinished_word_that_may_be_many_is_looked_for_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(example_full_text_search, "ENDINGS", 3)
    store = Store(tmp_path)
    answers = ["mail", "mailer", "mailbox", "mails", "port ports portal"]
    store.write_jsonl(f"{FOLDER}/kept.jsonl", [row(number, text) for number, text in enumerate(answers, 1)])
    index = whole(store)
    assert ids(index, "mail") == [1] and index.search({}, "mail", 1, 25).short == "mail"
    assert ids(index, "maile") == [2] and ids(index, "port") == [5]
    assert ids(index, "question mail") == [1]
    assert index.search({}, "port", 1, 25).short is None


def test_words_are_found_without_case_and_accents_in_any_script(tmp_path):
    store = Store(tmp_path)
    answers = [
        "Un caf\u00e9 \u00e0 la carte",
        "STRASSE",
        "\u0394\u03b5\u03bb\u03c4\u03b1",
        "snake_case",
        "\U00012000\U00012001",
    ]
    store.write_jsonl(f"{FOLDER}/kept.jsonl", [row(number, text) for number, text in enumerate(answers, 1)])
    index = whole(store)
    looked_for = [
        "cafe",
        "CAF\u00c9 carte",
        "stra\u00dfe",
        "\u03b4\u03b5\u03bb",
        "snake case",
        "\U00012000\U00012001",
    ]
    assert [ids(index, text) for text in looked_for] == [[1], [1], [2], [3], [4], [5]]
    assert ids(index, "\ue000") == [1, 2, 3, 4, 5] and ids(index, "* - '") == [1, 2, 3, 4, 5]


def test_pages_of_many(tmp_path):
    store = Store(tmp_path)
    store.write_jsonl(f"{FOLDER}/kept.jsonl", (row(number, "Yes.") for number in range(1, 5001)))
    index = whole(store)
    assert ids(index, page=3, size=2) == [5, 6]
    assert ids(index, page=200, size=25) == list(range(4976, 5001))
    assert ids(index, page=201, size=25) == []
    assert index.search({}, "", 1, 25).total == 5000


def test_dropped_examples_that_retention_deleted_are_said_to_be_gone(tmp_path):
    store = Store(tmp_path)
    store.write_jsonl(f"{FOLDER}/kept.jsonl", [row(1, "Yes.")])
    index = whole(store)
    assert ids(index) == [1]
    assert index.note == "The dropped examples of this cycle were deleted (retention.dropped_days)."


def test_what_forget_takes_away_is_not_found_any_more(tmp_path):
    store = Store(tmp_path)
    store.write_jsonl(f"{FOLDER}/kept.jsonl", [row(1, "Secret plan."), row(2, "Open plan.")])
    assert ids(whole(store), "plan") == [1, 2]
    store.write_jsonl(f"{FOLDER}/kept.jsonl", [row(2, "Open plan.")])
    assert ids(whole(store), "plan") == [2]


def test_lines_that_are_huge_torn_or_no_example_cost_only_themselves(tmp_path):
    store = Store(tmp_path)
    good, huge = json.dumps(row(1, "Good.")), json.dumps(row(2, "x" * 10_000_000))
    lines = [
        good,
        huge,
        '{"id": "torn',
        "[1, 2]",
        "null",
        '{"id": "\\ud800", "messages": [{"content": "\\ud800"}]}',
    ]
    store.write_text(f"{FOLDER}/kept.jsonl", "\n".join(lines))
    rows = whole(store).search({}, "", 1, 25).rows
    assert [each.get("too_large", False) for each in rows] == [False, True, True, False, False, False]
    assert rows[0]["messages"][1]["content"] == "Good."


def test_only_a_few_indexes_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(example_index, "MOST_INDEXES", 2)
    store = Store(tmp_path)
    found = []
    for number in range(4):
        store.write_jsonl(f"c{number}/kept.jsonl", [row(number, "Yes.")])
        found.append(index_of(store, f"c{number}"))
    assert len(example_index._indexes) == 2
    assert [each._path.exists() for each in found] == [False, False, True, True]


TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5"


def test_no_record_whatever_it_holds_ends_the_index_and_it_says_which_are_no_examples(tmp_path):
    store = Store(tmp_path)
    store.write_text(f"{FOLDER}/dropped.jsonl", "")
    strange = [
        row(1, "a", dropped={"rule": ["x"]}),
        row(2, "b", id=10**30),
        row(3, "c", generator="\ud800"),
        row(4, "d", source={"kind": "git", "ref": "x\ud83d"}),
        row(5, "e", source=["x"]),
    ]
    lines = [json.dumps(each) for each in strange] + ["[" * 100_000, '{"id": ' + "1" * 5000 + "}"]
    store.write_text(f"{FOLDER}/kept.jsonl", "\n".join([*lines, json.dumps(row(8, "The last."))]))
    index = whole(store)
    found = index.search({}, "", 1, 25)
    assert (found.total, found.indexed) == (8, 1.0)
    assert ids(index, "last") == [8]
    assert index.note == (
        "Lines that are no example, or too long for one: 2 (kept.jsonl:6, kept.jsonl:7)."
        " They are listed, but no word finds them."
    )


def test_an_index_that_failed_is_not_whole_and_is_made_anew(tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.write_jsonl(f"{FOLDER}/kept.jsonl", [row(1, "Yes.")])

    def away(*_):
        raise Unavailable("The store is away")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "read_part", away)
        failed = index_of(store, FOLDER)
        assert failed.done.wait(60) and failed.trouble == (
            "Not all examples could be indexed: The store is away"
        )
        assert failed.share < 1
    assert ids(whole(store)) == [1]


def test_an_index_that_was_thrown_away_meanwhile_says_load_again(tmp_path):
    store = Store(tmp_path)
    store.write_jsonl(f"{FOLDER}/kept.jsonl", [row(1, "Yes.")])
    index = whole(store)
    index.close()
    asked = (lambda: index.search({}, "", 1, 25), lambda: index.one("1".zfill(64)), index.choices)
    for ask in asked:
        with pytest.raises(AutodidactError, match=r"is being made anew\. Load again\."):
            ask()


def test_what_is_hidden_is_found_by_no_word_and_no_source(tmp_path):
    store = Store(tmp_path)
    leaked = {"rule": "leakage", "reason": "a scored question"}
    rows = [
        row(1, f"It is {TOKEN}"),
        row(2, "The answer is forty.", dropped=leaked),
        row(3, "Plain.", source={"kind": "git", "ref": f"conf/{TOKEN}", "path": f"conf/{TOKEN}"}),
        row(4, "Plain."),
    ]
    store.write_jsonl(f"{FOLDER}/kept.jsonl", rows)
    index = whole(store)
    assert ids(index) == [1, 2, 3, 4]
    assert ids(index, "ghp") == ids(index, "forty") == ids(index, source=f"conf/{TOKEN}") == []
    assert ids(index, "plain") == ids(index, source="src/app.py") == [4]


def test_lines_are_read_in_parts_and_a_long_one_takes_no_longer_than_its_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(read_bounded_lines, "CHUNK", 4)
    monkeypatch.setattr(read_bounded_lines, "MOST_LINE", 6)
    store = Store(tmp_path)
    store.write_text("f", "ab\n\nabcdefgh\nabcdef\nend")
    found = [(0, 2, b"ab"), (3, 0, b""), (4, 8, b""), (13, 6, b"abcdef"), (20, 3, b"end")]
    assert list(read_bounded_lines.lines(store, "f")) == found
    monkeypatch.undo()
    store.write_text("f", "a" * 100_000_000)
    began = time.process_time()
    assert list(read_bounded_lines.lines(store, "f")) == [(0, 100_000_000, b"")]
    assert time.process_time() - began < 2


def test_examples_are_listed_before_their_words_are_looked_through(tmp_path, monkeypatch):
    store, may_go_on = Store(tmp_path), threading.Event()
    look = example_full_text_search.may_be_shown
    monkeypatch.setattr(example_full_text_search, "may_be_shown", lambda *a: may_go_on.wait(60) and look(*a))
    store.write_jsonl(f"{FOLDER}/kept.jsonl", (row(number, "Yes.") for number in range(1, 31)))
    index = index_of(store, FOLDER)
    found = index.search({}, "", 1, 25)
    assert (found.total, found.indexed) == (30, 0.0)
    assert index.choices()["generator"] == {"ast_parser": 30} and ids(index, "yes") == []
    may_go_on.set()
    assert ids(whole(store), "yes", size=30) == list(range(1, 31))
