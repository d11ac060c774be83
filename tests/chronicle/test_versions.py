"""States of versions, and the one champion, on SQLite and on PostgreSQL alike."""

import multiprocessing
import threading

import pytest

from autodidact.chronicle import STATES, Chronicle, base_name, version_name
from autodidact.errors import AutodidactError, UsageError

ALLOWED = {
    ("candidate", "withdrawn"),
    ("benchmarked", "withdrawn"),
    ("archived", "withdrawn"),
    ("rejected", "withdrawn"),
    ("candidate", "benchmarked"),
    ("candidate", "rejected"),
    ("benchmarked", "promoting"),
    ("benchmarked", "rejected"),
    ("promoting", "benchmarked"),
    ("archived", "promoting"),
    ("rejected", "promoting"),
}
BASE = {"id": "sprout", "revision": None, "sha256": "b" * 64}


@pytest.fixture
def chronicle(chronicle_url):
    with Chronicle(chronicle_url) as opened:
        yield opened


def register(chronicle: Chronicle, version: str, *states: str) -> None:
    chronicle.register_version(
        "shop", version, "c", BASE, {"path": f"shop/{version}", "sha256": version}, "nf4"
    )
    for state in states:
        chronicle.set_state("shop", version, state, "t", "test")


def crown(chronicle: Chronicle, version: str, expected: str | None) -> None:
    register(chronicle, version, "benchmarked", "promoting")
    assert chronicle.swap_champion("shop", expected, version, "t", "test") is True


def bring_to(chronicle: Chronicle, version: str, state: str) -> None:
    path = {
        "candidate": (),
        "benchmarked": ("benchmarked",),
        "promoting": ("benchmarked", "promoting"),
        "rejected": ("rejected",),
        "withdrawn": ("withdrawn",),
    }
    if state in path:
        return register(chronicle, version, *path[state])
    before = (chronicle.champion("shop") or {}).get("version")
    crown(chronicle, version, before)
    if state == "archived":
        crown(chronicle, f"{version}-next", version)


def test_names_are_made_of_hashes():
    assert version_name("2026-11-23T1200Z", "0123456789abcdef") == "2026-11-23T1200Z-0123456789ab"
    assert base_name("0123456789abcdef") == "base-0123456789ab"


@pytest.mark.parametrize("before", STATES)
def test_every_transition(chronicle, before):
    bring_to(chronicle, "v", before)
    assert chronicle.set_state("shop", "v", before, "t", "again") is False
    for after in (state for state in STATES if state != before and (before, state) not in ALLOWED):
        with pytest.raises(AutodidactError, match=f"version v is {before} and cannot become {after}"):
            chronicle.set_state("shop", "v", after, "t", "test")
    assert chronicle.version("shop", "v")["state"] == before
    for after in (state for state in STATES if (before, state) in ALLOWED):
        bring_to(chronicle, f"to-{after}", before)
        assert chronicle.set_state("shop", f"to-{after}", after, "ann", "because") is True
        last = chronicle.states("shop", f"to-{after}")[-1]
        assert (last["state"], last["by"], last["reason"]) == (after, "ann", "because")


def test_a_promotion_that_is_undone_goes_back_where_it_came_from(chronicle):
    crown(chronicle, "v1", None)
    crown(chronicle, "v2", "v1")
    chronicle.set_state("shop", "v1", "promoting", "t", "rollback")
    with pytest.raises(AutodidactError, match="Allowed next: archived."):
        chronicle.set_state("shop", "v1", "benchmarked", "t", "undone")
    assert chronicle.set_state("shop", "v1", "archived", "t", "undone") is True


def test_a_base_needs_no_benchmark_before_it_is_promoted(chronicle):
    chronicle.register_version("shop", "base-1", "", BASE, None, "nf4")
    assert chronicle.set_state("shop", "base-1", "promoting", "t", "first") is True
    register(chronicle, "v1")
    with pytest.raises(AutodidactError, match="is candidate and cannot become promoting"):
        chronicle.set_state("shop", "v1", "promoting", "t", "first")


def test_a_version_is_registered_once_and_never_changes(chronicle):
    adapter = {"path": "p", "sha256": "1"}
    assert chronicle.register_version("shop", "v1", "c", BASE, adapter, "nf4") is True
    assert chronicle.register_version("shop", "v1", "c", BASE, adapter, "nf4") is False
    with pytest.raises(AutodidactError, match="registered with another adapter"):
        chronicle.register_version("shop", "v1", "c", BASE, adapter | {"sha256": "2"}, "nf4")
    assert [row["state"] for row in chronicle.states("shop", "v1")] == ["candidate"]
    assert chronicle.register_version("other", "v1", "c", BASE, None, "nf4") is True


def test_unknown_versions_and_states_are_refused(chronicle):
    with pytest.raises(UsageError, match="shop has no version v9"):
        chronicle.version("shop", "v9")
    register(chronicle, "v1")
    with pytest.raises(UsageError, match="unknown state 'crowned'"):
        chronicle.set_state("shop", "v1", "crowned", "t", "test")


def test_the_swap_changes_pointer_and_states_together(chronicle):
    assert chronicle.champion("shop") is None
    crown(chronicle, "v1", None)
    crown(chronicle, "v2", "v1")
    champion = chronicle.champion("shop")
    assert (champion["version"], champion["generation"], champion["base"]) == ("v2", 2, BASE)
    assert [row["state"] for row in chronicle.states("shop", "v1")] == [
        "candidate",
        "benchmarked",
        "promoting",
        "champion",
        "archived",
    ]
    assert chronicle.states("shop", "v1")[-1]["reason"] == "replaced by v2"
    assert chronicle.reigns("shop") == ["v1", "v2"]
    assert [row["version"] for row in chronicle.versions("shop", state="archived")] == ["v1"]


def test_a_swap_against_another_champion_changes_nothing(chronicle):
    crown(chronicle, "v1", None)
    register(chronicle, "v2", "benchmarked", "promoting")
    assert chronicle.swap_champion("shop", None, "v2", "t", "test") is False
    assert chronicle.swap_champion("shop", "v0", "v2", "t", "test") is False
    assert (chronicle.champion("shop")["version"], chronicle.champion("shop")["generation"]) == ("v1", 1)
    assert [chronicle.version("shop", v)["state"] for v in ("v1", "v2")] == ["champion", "promoting"]


def test_only_a_promoting_version_can_be_swapped_in(chronicle):
    register(chronicle, "v1", "benchmarked")
    with pytest.raises(AutodidactError, match="version v1 is benchmarked, not promoting"):
        chronicle.swap_champion("shop", None, "v1", "t", "test")


def _swap(url: str, expected: str | None, version: str, gate, result) -> None:
    with Chronicle(url) as chronicle:
        gate.wait(60)
        result((version, chronicle.swap_champion("shop", expected, version, "t", "race")))


@pytest.mark.parametrize("first", [True, False], ids=["first champion", "later champion"])
def test_of_two_threads_one_wins(chronicle, chronicle_url, first):
    if not first:
        crown(chronicle, "v0", None)
    contenders = ["v1", "v2"]
    for version in contenders:
        register(chronicle, version, "benchmarked", "promoting")
    gate, results = threading.Barrier(2), []
    threads = [
        threading.Thread(target=_swap, args=(chronicle_url, None if first else "v0", v, gate, results.append))
        for v in contenders
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    _one_won(chronicle, dict(results))


def test_of_two_processes_one_wins(chronicle, chronicle_url):
    crown(chronicle, "v0", None)
    for version in ("v1", "v2"):
        register(chronicle, version, "benchmarked", "promoting")
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(2), context.SimpleQueue()
    workers = [
        context.Process(target=_swap, args=(chronicle_url, "v0", v, gate, results.put)) for v in ("v1", "v2")
    ]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    _one_won(chronicle, dict(results.get() for _ in workers))


def _one_won(chronicle: Chronicle, won: dict) -> None:
    assert sorted(won.values()) == [False, True]
    winner = next(version for version, result in won.items() if result)
    loser = next(version for version, result in won.items() if not result)
    assert chronicle.champion("shop")["version"] == winner
    assert [row["version"] for row in chronicle.versions("shop", state="champion")] == [winner]
    assert chronicle.version("shop", loser)["state"] == "promoting"
