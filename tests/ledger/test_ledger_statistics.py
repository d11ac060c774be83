from datetime import datetime

import pytest

from autodidact.knowledge.fact import EarlierValue, Moment
from autodidact.ledger.entries import entry
from autodidact.ledger.ledger_statistics import Asking, figures, hours, sentence, warning
from tests.ledger.facts import fact

NOW = datetime.fromisoformat("2026-11-23T12:00:00Z")
OLD = "2025-01-01T00:00:00Z"


def row(about, outcome="known", says="", at="2026-11-23T12:00:00Z", stratum="changed", **fields):
    known = {"version": "v1", "cycle": at[:16], "outcome": outcome, "asked_at": at, "stratum": stratum}
    return entry(about, says, **known, **fields)


def asking(facts, entries, strata=None):
    return Asking(
        "v1", "2026-11-23T1200Z", facts, strata or {each.id: "changed" for each in facts}, entries, NOW
    )


MOVED = fact(
    "shop/cart.py", since="2026-11-14T12:00:00Z", earlier=[("shop/basket.py", "2026-11-14T12:00:00Z")]
)
PORT = fact("8025", kind="port", subject="mail", since=OLD, generator="architecture_docs")
REMOVED = fact(None, subject="Gift", until="2026-11-23T06:00:00Z", earlier=[("shop/gift.py", OLD)])


def test_the_figures_of_three_facts():
    found = figures(
        asking(
            [MOVED, PORT, REMOVED],
            [
                row(MOVED, "stale", "shop/basket.py"),
                row(PORT, stratum="port"),
                row(REMOVED, "stale", "shop/gift.py", stratum="gone"),
            ],
            {MOVED.id: "changed", PORT.id: "port", REMOVED.id: "gone"},
        ),
        [],
        "2026-11-22T12:00:00Z",
    )
    counts = ("facts", "asked", "known", "unknown", "wrong", "stale")
    assert [found[name] for name in counts] == [2, 3, 1, 0, 0, 2]
    assert found["share"] == {"mean": 0.5, "low": 0.5, "high": 0.5}
    assert [found["changed"][name] for name in counts] == [1, 2, 0, 0, 0, 2]
    assert {name: part["share"]["mean"] for name, part in found["by"]["age"].items()} == {
        "7 to 30 days": 0.0,
        "over a year": 1.0,
        "gone": None,
    }
    assert list(found["by"]["generator"]) == ["architecture_docs", "ast_parser"]
    assert found["age_hours"] == 24
    assert [
        {name: stale[name] for name in ("kind", "subject", "says", "is", "since", "hours")}
        for stale in found["stale_facts"]
    ] == [
        {
            "kind": "defined_in",
            "subject": "Basket",
            "says": "shop/basket.py",
            "is": "shop/cart.py",
            "since": "2026-11-14T12:00:00Z",
            "hours": 216,
        },
        {
            "kind": "defined_in",
            "subject": "Gift",
            "says": "shop/gift.py",
            "is": None,
            "since": "2026-11-23T06:00:00Z",
            "hours": 6,
        },
    ]
    assert sentence(found) == (
        f"knows about 50% of 2 facts ({found['asked']} asked; 95% interval 50% to 50%); 2 stale answers"
        " (out of date for up to 9 days)"
    )


def test_a_sample_speaks_for_the_facts_that_were_not_asked():
    ports = [fact(str(k), kind="port", subject=f"p{k}", since=OLD) for k in range(100)]
    found = figures(
        asking(
            [MOVED, *ports],
            [row(MOVED, "wrong"), *(row(each, stratum="port") for each in ports[:10])],
            {MOVED.id: "changed"} | {each.id: "port" for each in ports},
        ),
        [],
        None,
    )
    assert found["share"]["mean"] == pytest.approx(100 / 101, abs=1e-6)
    assert found["share"]["low"] < 0.8
    assert (found["facts"], found["asked"], found["age_hours"]) == (101, 11, None)


def test_hours_run_from_the_change_to_the_first_version_in_service_that_knows_it():
    began = "2026-11-20T00:00:00Z"
    news = [fact(str(k), kind="port", subject=f"p{k}", since="2026-11-20T06:00:00Z") for k in range(4)]
    history = [
        row(PORT, at=began),
        *(row(each, "unknown", at="2026-11-20T12:00:00Z") for each in news),
        *(row(each, at="2026-11-21T00:00:00Z") for each in news[:3]),
        row(news[3], at="2026-11-21T12:00:00Z"),
        row(news[0], at="2026-11-22T00:00:00Z"),
    ]
    # Three are known after 18 hours, the fourth after 30. PORT is older than the ledger.
    assert hours([*news, PORT], history, NOW) == {"median": 18, "p90": 30, "changes": 4, "waiting": 0}


def test_a_change_that_is_not_known_yet_waits_and_one_that_was_overtaken_waited_until_then():
    waiting = fact("9", kind="port", subject="a", since="2026-11-22T12:00:00Z")
    overtaken = fact("8", kind="port", subject="b", since="2026-11-23T00:00:00Z")
    overtaken.earlier = [
        EarlierValue(
            value="7",
            accept=["7"],
            since=Moment(time="2026-11-22T00:00:00Z"),
            until=Moment(time="2026-11-23T00:00:00Z"),
        )
    ]
    then = overtaken.model_copy(update={"value": "7"})
    history = [
        row(PORT, at="2026-11-20T00:00:00Z"),
        row(then, "unknown", at="2026-11-22T06:00:00Z"),
        row(waiting, "wrong"),
        row(overtaken),
    ]
    found = hours([waiting, overtaken], history, NOW)
    assert found == {"median": None, "p90": None, "changes": 3, "waiting": 2}


def test_the_sentence_says_what_is_there():
    found = {
        "share": {"mean": 0.81, "low": 0.77, "high": 0.85},
        "facts": 3412,
        "asked": 120,
        "stale": 6,
        "stale_facts": [{"hours": 216.0}, {"hours": 30.0}],
        "hours": {"median": 13.2, "p90": None, "changes": 9, "waiting": 2},
    }
    assert sentence(found) == (
        "knows about 81% of 3,412 facts (120 asked; 95% interval 77% to 85%); 6 stale answers (out of date"
        " for up to 9 days); from commit to knowledge 13 h"
    )
    quiet = found | {"stale": 0, "stale_facts": [], "hours": {"median": None, "waiting": 2}}
    assert sentence(quiet) == (
        "knows about 81% of 3,412 facts (120 asked; 95% interval 77% to 85%); no stale answer; 2 changes wait to"
        " be known"
    )
    one = quiet | {"hours": {"median": None, "waiting": 1}}
    assert sentence(one).endswith("; no stale answer; 1 change waits to be known")


def test_more_stale_facts_than_allowed_for_longer_than_a_day_are_an_alert():
    found = {"stale_standing": 2, "stale_facts": [{"kind": "port", "subject": "mail"}] * 2}
    assert warning(found, 2) is None
    assert warning(found, None) is None
    assert warning(found, 1) == (
        "2 facts have been stale for more than a day, and knowledge.stale_after is 1: port of mail, port of"
        " mail (autodidact facts --stale lists them)"
    )
