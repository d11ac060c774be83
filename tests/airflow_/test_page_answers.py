"""What somebody asks of the page first: is the model in service better than the base, where is it wrong."""

import json
import re

import pytest

from autodidact.chronicle import Chronicle
from autodidact.knowledge.fact import Fact
from autodidact.store import Store
from autodidact_airflow.dashboard.against_base import difference
from tests.airflow_ import page_data
from tests.airflow_.page_data import DONE, EVIL, SYSTEM, VERSION
from tests.airflow_.page_server import PageServer


@pytest.fixture(scope="module")
def server(airflow_home, tmp_path_factory):
    own = page_data.fill(tmp_path_factory.mktemp("answers"))
    with Chronicle(own["AUTODIDACT_CHRONICLE__URL"]) as log:
        base = page_data.report("base", {"one": 0.0, "two": 0.0, "three": 1.0})
        log.record_benchmark(SYSTEM, DONE, "base", base)
        log.record_ledger(SYSTEM, [asked("1", "wrong", EVIL), asked("2", "known", "8080")])
    facts = [fact("1", "mail", "25"), fact("2", "<i>shop", "8080"), fact("3", "none", "1")]
    Store(own["AUTODIDACT_STORE"]).write_jsonl(f"{SYSTEM}/cycles/{DONE}/knowledge/facts.jsonl", facts)
    server = PageServer(airflow_home | own)
    yield server
    server.close()


def asked(name: str, outcome: str, says: str) -> dict:
    row = {"version": VERSION, "cycle": DONE, "fact": name * 64, "value_asked": "0" * 64, "outcome": outcome}
    return row | {"says": says, "stratum": "port", "served": True, "asked_at": "2026-11-23T12:00:00Z"}


def fact(name: str, subject: str, value: str) -> dict:
    """A line of facts.jsonl: `since` is a moment, as the product writes it."""
    source = {"kind": "git", "ref": "shop.py:1"}
    row = {"id": name * 64, "generator": "ast_parser", "kind": "port", "subject": subject, "value": value}
    row |= {"reserved": "Which port?", "source": source, "since": {"time": "2026-11-20T12:00:00Z"}}
    return Fact.model_validate(row).model_dump(mode="json")


def test_the_overview_sets_the_model_in_service_against_the_base(server):
    text = server.get("")["text"]
    found = re.search(
        r"([+-][.0-9]+) \[([+-][.0-9]+), ([+-][.0-9]+)\]</b> against the base on 3 published items", text
    )
    assert found[1] == "+0.333" and float(found[2]) < float(found[1]) < float(found[3])
    assert (
        f'of cycle <a href="./cycle/{DONE}">{DONE}</a>; by these it was chosen, so probably too high' in text
    )


def test_items_of_the_week_decide_where_both_were_asked_some_and_what_does_not_count_is_left_out():
    def item(name: str, score: float | None, block: int, probe: bool = False) -> dict:
        row = {"item": name, "category": "tool_use", "family": name, "block": block}
        return row | {"score": score, "probe": probe}

    mine = [
        item("a", 1.0, 0),
        item("b", 1.0, 1),
        item("c", 0.5, 1),
        item("d", 1.0, 1),
        item("e", 1.0, 1, True),
    ]
    base = [
        item("a", 0.0, 0),
        item("b", 1.0, 1),
        item("c", 0.0, 1),
        item("d", None, 1),
        item("e", 0.0, 1, True),
    ]
    found = difference(mine, base, set())
    assert (found["mean"], found["n"], found["weekly"]) == (0.25, 2, True)
    assert difference(mine, base, {"b"})["mean"] == 0.5
    assert (difference(mine, base[:1], set())["n"], difference(mine, base[:1], set())["weekly"]) == (1, False)
    assert difference(mine, [], set()) is None


def test_the_base_has_its_newest_scores(server):
    text = server.get("version/base-1")["text"]
    assert f'Its newest scores, of the cycle <a href="../cycle/{DONE}">{DONE}</a>' in text
    assert re.search(r"overall</td><td>0.333</td>", text)
    compared = server.get(f"versions?a=base-1&b={VERSION}")["text"]
    assert "cannot be compared" not in compared and "Not measured" not in compared
    assert re.search(r"overall</td><td>0.333</td><td>0.667</td><td>\+0.333</td>", compared)


def test_the_wrong_facts_have_a_number_and_a_list(server):
    overview = server.get("")["text"]
    assert '<b class="bad">10 of 120</b>' in overview
    assert f'href="./cycle/{DONE}/facts?outcome=wrong">facts it was asked about</a>' in overview
    text = server.get(f"cycle/{DONE}/facts?outcome=wrong")["text"]
    assert "wrong (1)" in text and "known (1)" in text and "all (2)" in text
    assert "<td>2026-11-20 12:00</td>" in text
    assert "<code>mail</code>" in text and "shop" not in text.split("<table>")[1]
    assert "&lt;script&gt;" in text and "<script>alert" not in text
    rows = json.loads(server.get(f"cycle/{DONE}/facts?format=json")["text"])["facts"]
    assert [(row["outcome"], row["subject"], row["is"]) for row in rows] == [
        ("wrong", "mail", "25"),
        ("known", "<i>shop", "8080"),
    ]
    away = server.get(f"cycle/{DONE}/facts", environ={"AUTODIDACT_STORE": "/proc/no/such/store"})
    assert away["status"] == 200 and "8080" in away["text"]


def test_a_roll_back_says_what_would_be_lost(server):
    text = server.get("rollback?version=base-1", "user")["text"]
    assert "serves now" in text and "would serve again" in text
    assert re.search(r"<td>0.667 <span", text) and re.search(r"<td>0.333 <span", text)
    assert "2026-11-23 12:00, " in text and "was not taught it" in text
