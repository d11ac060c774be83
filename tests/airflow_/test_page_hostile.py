"""What hostile records do to the page: nothing. Slow comparisons, tables that break a spreadsheet, fields that
are no text, long lines, and a view that fails.
"""

import json
import time

import pytest

from autodidact.cycle.source_lines_of_example import _shown as lines
from autodidact.gate.hidden_examples import as_shown
from autodidact.records import example_id
from autodidact_airflow.dashboard.examples import _table
from autodidact_airflow.dashboard.rendering import Links, Table, _cell, answer, marked
from tests.airflow_ import page_data
from tests.airflow_.page_data import DONE, SYSTEM
from tests.airflow_.page_server import PageServer

TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5"
SOURCE = {"kind": "git", "ref": "shop.py:3", "path": "shop.py"}


def record(answer: str, **more) -> dict:
    talk = [{"role": "user", "content": "Which?"}, {"role": "assistant", "content": answer}]
    known = {"format": 1, "id": example_id(talk, []), "generator": "ast_parser", "category": "tool_use"}
    return known | {"messages": talk, "tools": [], "time": None, "source": SOURCE} | more


def request(query: bytes = b""):
    from starlette.requests import Request

    scope = {"type": "http", "method": "GET", "path": "/cycle/x/items", "headers": [], "root_path": ""}
    return Request(scope | {"query_string": query})


def test_answers_that_repeat_words_are_not_compared():
    began = time.process_time()
    assert "<mark>" not in marked("a " * 599, "a b " * 299)
    assert time.process_time() - began < 1
    assert marked("a b " * 60 + "c", "a b " * 60 + "d").endswith("<mark>c</mark>")


def test_no_cell_begins_a_formula_behind_blanks_or_in_full_width():
    found = [_cell(value) for value in (" =1", "\n=1", "\uff1d1", "\u200b=1", "\u22121", "a=1", "a - b")]
    assert found == ["' =1", "'\n=1", "'\uff1d1", "'\u200b=1", "'\u22121", "a=1", "a - b"]


def test_tables_with_half_characters_marks_of_direction_and_no_numbers():
    table = {"t": Table(["a", "b", "c"], [["\ud83d", "x\u202ey", float("nan")]])}
    data = answer(request(b"format=json"), None, "error.html", table).body
    assert json.loads(data)["t"] == [{"a": "\\ud83d", "b": "x\\u202ey", "c": None}]
    assert answer(request(b"format=csv"), None, "error.html", table).body == (
        b"a,b,c\r\n\\ud83d,x\\u202ey,\r\n"
    )
    assert Links(request())("cycle/\ud83d", source="\ud83d") == "../../cycle/%3F?source=%3F"


def test_where_a_hidden_example_comes_from_is_hidden_too():
    for broken in (
        record(f"It is {TOKEN}"),
        record("Plain.", source=SOURCE | {"ref": TOKEN}),
        record("Plain.", source=SOURCE | {"path": f"conf/{TOKEN}"}),
        record("Plain.", source=SOURCE | {"file": f"conf/{TOKEN}"}),
        record("Plain.", dropped={"rule": "noise", "reason": f"it says {TOKEN}"}),
        record("Plain.", dropped={"rule": "leakage", "reason": "as scored", "value": "shop.py:3"}),
    ):
        shown = as_shown(broken | {"n": 1, "fate": "kept", "bytes": 10})
        assert "looks like a secret" in shown["hidden"]
        assert shown["source"] == {} and shown["messages"] is None
        assert TOKEN not in repr(shown) + repr(_table([shown])) and "shop.py" not in repr(shown)


def test_of_a_source_only_what_is_known_is_shown_and_names_of_tools_are_searched():
    odd = SOURCE | {"commit": TOKEN, "lines": [1, "b"], "note": TOKEN}
    assert as_shown(record("Plain.", source=odd))["source"] == SOURCE
    whole = SOURCE | {"commit": "a" * 40, "lines": [1, 2]}
    assert as_shown(record("Plain.", source=whole))["source"] == whole
    tools = [{"type": "function", "function": {"name": TOKEN}}]
    assert TOKEN not in repr(as_shown(record("Plain.", tools=tools)))


def test_lines_are_searched_for_secrets_before_they_are_cut():
    line = "x = '" + "y " * 190 + TOKEN + "'"
    found = lines("t", line.encode(), [1, 1])
    assert found.rows == [] and "looks like a secret" in found.why
    found = lines("t", ("z" * 5000 + TOKEN + "\n" + "- " * 300).encode(), [1, 2])
    assert found.rows[0] == (1, True, "(a line of 5,040 characters: too long to be shown)")
    assert found.rows[1] == (2, True, "- " * 200 + " [...]")


def test_lines_that_are_no_numbers_name_none():
    for named in (["a", "b"], [None, 3], [1.5, 3], {"a": 1}, [True, 2], "ab"):
        assert lines("t", b"one\ntwo", named).rows == [(1, False, "one"), (2, False, "two")]
    assert lines("t", b"one", [10**9, 10**9]).why == "The file has no such lines."


STRANGE = {
    "lines": record("0", source=SOURCE | {"lines": ["a", "b"]}),
    "rewritten": record("1", rewritten=5),
    "replayed": record("2", replay_of={"a": 1}),
    "dropped": record("3", dropped={"x": 1}),
    "rule": record("4", dropped={"rule": ["x"]}),
    "path": record("5", source=SOURCE | {"path": {"a": 1}}),
    "time": record("6", time=[1]),
}


@pytest.fixture(scope="module")
def server(airflow_home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    own = airflow_home | page_data.fill(folder)
    gate = folder / "store" / SYSTEM / "cycles" / DONE
    gate.joinpath("gate/kept.jsonl").write_text("\n".join(map(json.dumps, STRANGE.values())))
    gate.joinpath("ledger/figures.json").write_text("[1]")
    server = PageServer(own)
    yield server
    server.close()


def test_examples_with_strange_fields_are_shown(server):
    assert server.get(f"cycle/{DONE}/examples")["status"] == 200
    for name, each in STRANGE.items():
        for form in ("", "?format=json", "?format=csv&table=example"):
            got = server.get(f"cycle/{DONE}/example/{each['id']}{form}")
            assert got["status"] == 200, name + form


def test_a_view_that_fails_has_the_headers_too_and_says_it_in_a_sentence(server):
    got = server.get(f"cycle/{DONE}/items")
    assert got["status"] == 500 and "This view ended with an error" in got["text"]
    assert got["headers"]["content-security-policy"].startswith("default-src 'none'")
    assert got["headers"]["cache-control"] == "no-store"
    assert "Traceback" not in got["text"]
