"""The log of record, on SQLite and on PostgreSQL alike."""

import pytest

from autodidact.chronicle import Chronicle
from autodidact.errors import AutodidactError, UsageError
from autodidact.records import Report

CYCLE = {
    "system": "shop",
    "cycle_id": "2026-11-23T1200Z",
    "kind": "live",
    "since": None,
    "until": "2026-11-23T12:00:00Z",
    "seed": 7,
}
MANIFEST = {
    "format": 1,
    "stage": "generate.tool_spec",
    "cycle_id": "2026-11-23T1200Z",
    "inputs": {},
    "code": "1",
    "outputs": {},
    "status": "done",
    "reason": None,
    "counts": {"examples": 3},
    "errors": [],
    "started": "2026-11-23T12:00:05Z",
    "seconds": 1.5,
}
VERDICT = {
    "outcome": "reject",
    "difference": {"mean": -0.1, "low": -0.2, "high": 0.0},
    "reasons": ["overall 0.20 is below the floor of 0.70"],
}


def report(overall: float, answer: str = "yes", adapter: str | None = None) -> Report:
    item = {
        "category": "tool_use",
        "family": "f",
        "prompt": [{"role": "user", "content": "?"}],
        "answer": answer,
        "explanation": "exact",
    }
    return Report.model_validate(
        {
            "fingerprint": "f" * 64,
            "suite": {"name": "autodidact", "version": "1"},
            "judge": "embedded",
            "blocks": [0],
            "week": "2026-W48",
            "model": {"base": "sprout", "adapter": adapter, "sha256": "m" * 64},
            "overall": overall,
            "categories": {"tool_use": {"score": overall, "n": 2, "missing": 0}},
            "probe": {"score": 0.5, "n": 1, "missing": 0},
            "items": [
                item | {"id": "tool_use/f/0", "score": 1.0},
                item | {"id": "tool_use/g/0", "score": None, "missing": "timeout", "hidden": True},
            ],
            "probe_items": [item | {"id": "q1", "score": 0.5}],
        }
    )


@pytest.fixture
def chronicle(chronicle_url):
    with Chronicle(chronicle_url) as opened:
        yield opened


def at(hour: int, **other) -> dict:
    return CYCLE | {"cycle_id": f"2026-11-23T{hour:02}00Z", "until": f"2026-11-23T{hour:02}:00:00Z"} | other


def test_a_cycle_is_opened_once_and_closed_once(chronicle):
    assert chronicle.record_cycle(CYCLE) is True
    assert chronicle.record_cycle(CYCLE) is False
    assert [(c["cycle_id"], c["status"], c["cycle"]["seed"]) for c in chronicle.open_cycles("shop")] == [
        ("2026-11-23T1200Z", "open", 7)
    ]
    assert chronicle.is_closed("shop", "2026-11-23T1200Z") is False

    assert chronicle.close_cycle("shop", "2026-11-23T1200Z", "kept", "below the floor") is True
    assert chronicle.close_cycle("shop", "2026-11-23T1200Z", "promoted") is False
    closed = chronicle.cycle("shop", "2026-11-23T1200Z")
    assert (closed["status"], closed["outcome"], closed["reason"], closed["until"]) == (
        "closed",
        "kept",
        "below the floor",
        "2026-11-23T12:00:00Z",
    )
    assert chronicle.open_cycles("shop") == []


def test_a_cycle_never_changes(chronicle):
    chronicle.record_cycle(CYCLE)
    with pytest.raises(AutodidactError, match="with another cycle.json"):
        chronicle.record_cycle(CYCLE | {"seed": 8})


def test_an_unknown_cycle_cannot_be_closed(chronicle):
    with pytest.raises(UsageError, match="shop has no cycle 2020-01-01T0000Z"):
        chronicle.close_cycle("shop", "2020-01-01T0000Z", "kept")


def test_the_next_window_begins_at_the_latest_closed_live_cycle(chronicle):
    assert chronicle.latest_closed_live("shop") is None
    for cycle in (at(10), at(8), at(14, kind="historical"), at(16), at(18, system="other")):
        chronicle.record_cycle(cycle)
    for hour in (10, 8, 14):
        chronicle.close_cycle("shop", f"2026-11-23T{hour:02}00Z", "kept")
    assert chronicle.latest_closed_live("shop")["until"] == "2026-11-23T10:00:00Z"
    assert [c["cycle_id"][11:13] for c in chronicle.cycles("shop")] == ["16", "14", "10", "08"]
    assert [c["cycle_id"][11:13] for c in chronicle.cycles("shop", status="closed", kind="live")] == [
        "10",
        "08",
    ]


def test_the_same_manifest_twice_is_one_row(chronicle):
    again = MANIFEST | {"seconds": 2.0}
    assert [chronicle.record_generator("shop", "c", m) for m in (MANIFEST, MANIFEST, again, MANIFEST)] == [
        True,
        False,
        True,
        False,
    ]
    assert chronicle.record_gate("shop", "c", MANIFEST | {"stage": "gate"}, {"raw": 3, "kept": 2}) is True
    assert chronicle.record_gate("shop", "c", MANIFEST | {"stage": "gate"}, {"raw": 3, "kept": 2}) is False
    assert chronicle.record_training("shop", "c", MANIFEST | {"stage": "train"}) is True
    assert [chronicle.record_knowledge("shop", "c", MANIFEST) for _ in range(2)] == [True, False]

    stages = chronicle.stages("shop", "c")
    assert [(run["generator"], run["seconds"]) for run in stages["generators"]] == [("tool_spec", 2.0)]
    assert stages["gate"][0]["report"] == {"raw": 3, "kept": 2}
    assert stages["training"][0]["started"] == "2026-11-23T12:00:05Z"


def test_a_report_keeps_every_item(chronicle):
    assert chronicle.record_benchmark("shop", "c", "candidate", report(0.25)) is True
    assert chronicle.record_benchmark("shop", "c", "candidate", report(0.25)) is False
    assert (
        chronicle.record_benchmark("shop", "c", "base", report(0.25)) is True
    )  # one report, two roles: its items are stored once
    chronicle.record_cycle(CYCLE | {"cycle_id": "c"})
    found = {run["role"]: run for run in chronicle.latest_reports("shop")}
    assert found["candidate"]["overall"] == 0.25
    assert found["base"]["categories"] == {"tool_use": {"score": 0.25, "n": 2, "missing": 0}}
    items = chronicle.items(found["candidate"]["sha256"])
    assert [(i["item"], i["score"], i["missing"], i["hidden"], i["probe"]) for i in items] == [
        ("tool_use/f/0", 1.0, None, False, False),
        ("tool_use/g/0", None, "timeout", True, False),
        ("q1", 0.5, None, False, True),
    ]
    assert (items[0]["prompt"], items[0]["answer"], items[0]["explanation"]) == (
        [{"role": "user", "content": "?"}],
        "yes",
        "exact",
    )


def test_whatever_a_model_answers_can_be_stored(chronicle):
    chronicle.record_benchmark(
        "shop", "c", "candidate", report(float("nan"), answer="nul \x00, surrogate \ud800, emoji 🌱")
    )
    chronicle.record_cycle(CYCLE | {"cycle_id": "c"})
    (found,) = chronicle.latest_reports("shop")
    assert found["overall"] is None
    assert chronicle.items(found["sha256"])[0]["answer"] == "nul \ufffd, surrogate \\ud800, emoji 🌱"


def test_verdicts_count_once_a_cycle(chronicle):
    assert (
        chronicle.record_verdict("shop", "a", VERDICT, candidate="v2", champion="v1", week="2026-W48") is True
    )
    assert (
        chronicle.record_verdict("shop", "a", VERDICT, candidate="v2", champion="v1", week="2026-W48")
        is False
    )
    chronicle.record_verdict("shop", "b", VERDICT, week="2026-W48")
    chronicle.record_verdict("shop", "d", VERDICT, week="2026-W47")
    assert chronicle.looks("shop", "2026-W48") == 2
    assert chronicle.looks("shop", "2026-W48", but="b") == 1


def test_history_is_one_line_a_cycle(chronicle):
    chronicle.record_cycle(at(10))
    chronicle.record_cycle(at(12))
    chronicle.record_benchmark("shop", "2026-11-23T1000Z", "candidate", report(0.25))
    chronicle.record_verdict("shop", "2026-11-23T1000Z", VERDICT)
    chronicle.register_version(
        "shop", "2026-11-23T1000Z-abc", "2026-11-23T1000Z", {"id": "b"}, {"path": "p", "sha256": "abc"}, "nf4"
    )
    chronicle.close_cycle("shop", "2026-11-23T1000Z", "kept", "below the floor")
    later, earlier = chronicle.history("shop")
    assert (later["cycle_id"], later["status"], later["verdict"], later["candidate"]) == (
        "2026-11-23T1200Z",
        "open",
        None,
        None,
    )
    assert (earlier["outcome"], earlier["verdict"], earlier["reasons"]) == (
        "kept",
        "reject",
        VERDICT["reasons"],
    )
    assert (earlier["version"], earlier["state"]) == ("2026-11-23T1000Z-abc", "candidate")
    assert (earlier["candidate"], earlier["champion"]) == ({"overall": 0.25, "probe": 0.5}, None)
    assert len(chronicle.history("shop", limit=1)) == 1


def test_the_system_knows_its_champion_and_its_scores(chronicle):
    assert chronicle.introspection("shop") == {}
    chronicle.record_cycle(at(10))
    chronicle.record_gate("shop", "2026-11-23T1000Z", MANIFEST | {"stage": "gate"}, {"raw": 9, "kept": 4})
    chronicle.record_benchmark("shop", "2026-11-23T1000Z", "champion", report(0.1))
    chronicle.record_benchmark("shop", "2026-11-23T1000Z", "candidate", report(0.4, adapter="shop/a"))
    chronicle.register_version("shop", "base-1", "", {"id": "sprout"}, None, "nf4")
    chronicle.register_version(
        "shop", "v2", "2026-11-23T1000Z", {"id": "sprout"}, {"path": "shop/a", "sha256": "abc"}, "nf4"
    )
    chronicle.set_state("shop", "base-1", "promoting", "t", "first")
    chronicle.swap_champion("shop", None, "base-1", "t", "first")
    known = chronicle.introspection("shop")
    assert (known["version"], known["overall"], known["trained_on"]) == ("base-1", 0.1, {})

    chronicle.set_state("shop", "v2", "benchmarked", "t", "0.4")
    chronicle.set_state("shop", "v2", "promoting", "t", "better")
    chronicle.swap_champion("shop", "base-1", "v2", "t", "better")
    chronicle.close_cycle("shop", "2026-11-23T1000Z", "promoted")
    known = chronicle.introspection("shop")
    assert (known["version"], known["base"], known["overall"], known["categories"]) == (
        "v2",
        "sprout",
        0.4,
        {"tool_use": 0.4},
    )
    assert known["trained_on"] == {"cycle_id": "2026-11-23T1000Z", "raw": 9, "kept": 4}
    assert [(c["cycle_id"], c["outcome"]) for c in known["cycles"]] == [("2026-11-23T1000Z", "promoted")]


def test_events_and_deployments_are_read_newest_first(chronicle):
    chronicle.register_version("shop", "v1", "c", {"id": "b"}, {"path": "p", "sha256": "s"}, "nf4")
    assert chronicle.last_deployment("shop") is None
    chronicle.record_deployment("shop", "v1", "command", "deploying", "me", "better")
    chronicle.record_deployment("shop", "v1", "command", "verified", "me", "better")
    assert [d["state"] for d in chronicle.deployments("shop")] == ["verified", "deploying"]
    assert chronicle.last_deployment("shop")["state"] == "verified"
    chronicle.event("shop", "kept", "first")
    chronicle.event("shop", "kept", "second", cycle_id="c", data={"by": "me"})
    assert [(e["message"], e["data"]) for e in chronicle.events("shop")] == [
        ("second", {"by": "me"}),
        ("first", {}),
    ]


ENTRY = {
    "version": "v1",
    "cycle": "2026-11-23T1200Z",
    "fact": "f" * 64,
    "value_asked": "a" * 64,
    "outcome": "stale",
    "says": "shop/basket.py",
    "stratum": "changed",
    "served": True,
    "asked_at": "2026-11-23T12:05:00Z",
}


def test_the_ledger_has_each_fact_of_a_version_and_a_cycle_once(chronicle_url):
    other = ENTRY | {"cycle": "2026-11-24T0000Z", "outcome": "known"}
    with Chronicle(chronicle_url) as chronicle:
        assert chronicle.record_ledger("shop", [ENTRY, other]) == 2
        assert chronicle.record_ledger("shop", [ENTRY | {"outcome": "wrong"}]) == 0
        (found,) = chronicle.ledger("shop", "v1", "2026-11-23T1200Z")
        assert {name: found[name] for name in ENTRY if name != "cycle"} == {
            name: value for name, value in ENTRY.items() if name != "cycle"
        }
        assert chronicle.ledger("shop", "v2", "2026-11-23T1200Z") == []
