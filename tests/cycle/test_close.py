"""How a cycle ends that was to promote: promoted, rolled back by a failed probe, or overtaken by another
cycle.
"""

import threading
from types import SimpleNamespace

import pytest

from autodidact.chronicle import Chronicle
from autodidact.cycle import close
from autodidact.cycle.record import Cycle
from autodidact.errors import AutodidactError, Skipped, UsageError
from autodidact.promotion import by_hand, change_champion
from autodidact.promotion.rollback import roll_back
from autodidact.settings import Deploy, Settings
from tests.cycles import a_cycle
from tests.promotion.scene import WHY, Scene


@pytest.fixture
def scene(tmp_path) -> Scene:
    """v1 is champion and served; v2 and v3 are measured."""
    scene = Scene(tmp_path, f"sqlite:///{tmp_path}/chronicle.db")
    for version in ("v1", "v2", "v3"):
        scene.add(version)
    change_champion.promote(scene.chronicle, scene.store, scene.settings, "shop", "v1", expected=None, **WHY)
    return scene


def cycle_of(scene: Scene, version: str) -> Cycle:
    """A cycle whose verdict is to promote `version` in place of v1."""
    folder = f"shop/cycles/{version}"
    promotes = {"cycle_id": version, "version": version, "expected": "v1"}
    scene.store.write_json(
        f"{folder}/verdict.json", {"outcome": "promote", "reasons": ["better"], "promotes": promotes}
    )
    return a_cycle(scene.settings, cycle_id=version)


def runtime_of(scene: Scene, settings: Settings | None = None, tmp_path=None) -> SimpleNamespace:
    url = f"sqlite:///{scene.store.root.parent}/chronicle.db"
    return SimpleNamespace(
        settings=settings or scene.settings,
        store=scene.store,
        say=lambda line: None,
        chronicle=lambda: Chronicle(url),
    )


def test_a_promotion_says_what_others_are_told(scene):
    told = close.promote(cycle_of(scene, "v2"), runtime_of(scene))
    assert told == {"system": "shop", "version": "v2", "cycle_id": "v2", "overall": None}
    assert scene.agrees_on("v2")


def test_what_others_are_told_of_an_earlier_cycle_s_candidate_is_of_that_cycle(scene, monkeypatch):
    scene.store.write_json("shop/cycles/v2/cycle.json", a_cycle(scene.settings, cycle_id="v2"))
    later = cycle_of(scene, "v2").model_copy(update={"cycle_id": "later"})
    verdict = scene.store.read_json("shop/cycles/v2/verdict.json")
    scene.store.write_json("shop/cycles/later/verdict.json", verdict)

    def reports(cycle, _):
        return {"candidate": SimpleNamespace(overall={"v2": 0.8, "later": 0.1}[cycle.cycle_id])}

    monkeypatch.setattr(Cycle, "reports", reports)
    told = close.promote(later, runtime_of(scene))
    assert told == {"system": "shop", "version": "v2", "cycle_id": "v2", "overall": 0.8}


def test_a_failed_deployment_is_a_failure_with_the_reason_and_the_champion_serves_again(scene, tmp_path):
    (tmp_path / "failing.sh").write_text(
        f'printf %s "$AUTODIDACT_VERSION" > {scene.served}; test "$AUTODIDACT_VERSION" != v2'
    )
    failing = Settings(deploy=Deploy(kind="command", command=f"sh {tmp_path}/failing.sh"))
    with pytest.raises(
        change_champion.RolledBack,
        match="the promotion of v2 failed: deploy.command ended with status 1: .*; v1 stays the champion",
    ):
        close.promote(cycle_of(scene, "v2"), runtime_of(scene, failing))
    assert scene.agrees_on("v1")
    ended = scene.store.read_json("shop/cycles/v2/verdict.json")["ended"]
    assert ended["outcome"] == "rolled_back" and ended["reason"].startswith(
        "the promotion of v2 failed: deploy.command ended with status 1"
    )
    assert any(
        event["kind"] == "rolled_back" and event["cycle_id"] == "v2"
        for event in scene.chronicle.events("shop")
    )
    # Mended, the same task goes through.
    told = close.promote(cycle_of(scene, "v2"), runtime_of(scene))
    assert told["version"] == "v2" and "ended" not in scene.store.read_json("shop/cycles/v2/verdict.json")


def test_of_two_cycles_that_finish_at_the_same_instant_one_wins_and_the_other_is_told(scene, tmp_path):
    (tmp_path / "slow.sh").write_text(f'sleep 0.3; printf %s "$AUTODIDACT_VERSION" > {scene.served}')
    slow = Settings(deploy=Deploy(kind="command", command=f"sh {tmp_path}/slow.sh", timeout=120))
    cycles, told, begin = {v: cycle_of(scene, v) for v in ("v2", "v3")}, {}, threading.Barrier(2)

    def finish(version: str) -> None:
        begin.wait()
        try:
            told[version] = close.promote(cycles[version], runtime_of(scene, slow))["version"]
        except Skipped as skip:
            told[version] = str(skip)

    threads = [threading.Thread(target=finish, args=(version,)) for version in cycles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [version for version, said in told.items() if said == version]
    loser = {"v2": "v3", "v3": "v2"}[winner]
    assert told[loser] == f"the champion of shop is {winner}; {loser} was to replace v1"
    assert scene.store.read_json(f"shop/cycles/{loser}/verdict.json")["ended"]["outcome"] == "superseded"
    assert scene.agrees_on(winner) and scene.state(loser) == "benchmarked"


def test_a_person_may_override_a_verdict_and_is_logged(scene):
    scene.chronicle.set_state("shop", "v2", "rejected", "autodidact", "reject: category tool_use fell")
    runtime = runtime_of(scene, scene.settings.model_copy(update={"system": "shop"}))
    with pytest.raises(
        UsageError,
        match=(
            "version v2 was rejected: reject: category tool_use fell. Promote it all the same with --override"
        ),
    ):
        by_hand.promote(runtime, "shop", "v2", reason="I know better", by="ann")
    with pytest.raises(UsageError, match="needs a reason"):
        by_hand.promote(runtime, "shop", "v2", reason=" ", by="ann", override=True)
    assert by_hand.promote(runtime, "shop", "v2", reason="I know better", by="ann", override=True) == "v2"
    assert scene.agrees_on("v2")
    last = scene.chronicle.states("shop", "v2")[-1]
    assert (last["state"], last["by"], last["reason"]) == (
        "champion",
        "ann",
        "by hand, against its verdict: I know better",
    )


def test_repair_says_what_it_did(scene):
    runtime = runtime_of(scene, scene.settings.model_copy(update={"system": "shop"}))
    assert by_hand.repair(runtime, "shop", by="ann") == {
        "system": "shop",
        "champion": "v1",
        "done": ["nothing had to be mended"],
    }
    scene.chronicle.set_state("shop", "v2", "promoting", "t", "killed")
    scene.chronicle.record_deployment("shop", "v2", "command", "deploying", "t")
    scene.served.write_text("v2")
    assert by_hand.repair(runtime, "shop", by="ann")["done"] == [
        "undid the promotion of v2, which is benchmarked again",
        "deployed champion v1 again",
    ]
    assert scene.agrees_on("v1")


def test_the_newest_idle_adapters_are_kept_and_older_ones_deleted(scene):
    scene.settings = scene.settings.model_copy(
        update={"deploy": scene.settings.deploy.model_copy(update={"keep": 1})}
    )
    adapter = {v: scene.store.root / "shop/cycles" / v / "training/adapter" for v in ("v1", "v2", "v3")}
    for version, expected in (("v2", "v1"), ("v3", "v2")):
        change_champion.promote(
            scene.chronicle, scene.store, scene.settings, "shop", version, expected=expected, **WHY
        )
    assert {version: folder.exists() for version, folder in adapter.items()} == {
        "v1": False,
        "v2": True,
        "v3": True,
    }
    with pytest.raises(Exception, match="the adapter of v1 is not at"):
        roll_back(scene.chronicle, scene.store, scene.settings, "shop", "v1", **WHY)
    assert scene.agrees_on("v3")


def test_a_cycle_brings_back_nothing_that_was_rolled_back_since(scene):
    cycle, runtime = cycle_of(scene, "v2"), runtime_of(scene)
    close.promote(cycle, runtime)
    roll_back(scene.chronicle, scene.store, scene.settings, "shop", **WHY)
    with pytest.raises(
        AutodidactError,
        match="version v2 is archived, and a cycle promotes only what has just been measured. A person may",
    ):
        close.promote(cycle, runtime)
    assert scene.agrees_on("v1") and scene.state("v2") == "archived"
    change_champion.promote(
        scene.chronicle, scene.store, scene.settings, "shop", "v2", expected="v1", **WHY
    )  # a person may
    assert scene.agrees_on("v2")


def test_a_cycle_that_was_overtaken_promotes_nothing(scene):
    cycle, later = (
        cycle_of(scene, "v2"),
        {"system": "shop", "cycle_id": "later", "kind": "live", "until": "2026-11-24T00:00:00Z"},
    )
    scene.chronicle.record_cycle(later)
    scene.chronicle.close_cycle("shop", "later", "kept")
    with pytest.raises(Skipped, match="cycle later of a later window is closed: v2 replaces nothing"):
        close.promote(cycle, runtime_of(scene))
    assert scene.agrees_on("v1")
    assert scene.store.read_json("shop/cycles/v2/verdict.json")["ended"]["outcome"] == "superseded"


@pytest.mark.parametrize(
    ("more", "outcome_", "reason"),
    [
        (
            {
                "ended": {
                    "outcome": "rolled_back",
                    "reason": "the promotion of v2 failed: slow; v1 stays the champion",
                }
            },
            "rolled_back",
            "slow",
        ),
        ({"refused": True}, "kept", "the promotion of v2 was not approved"),
        # marked a success after it failed: nobody has refused anything
        (
            {"approval": "before_promote"},
            None,
            "the promotion of v2 has not been tried. Clear the task promote",
        ),
        ({}, None, "the promotion of v2 has not been tried. Clear the task promote"),
        (
            {"ended": {"outcome": "failed", "reason": "the promotion of v2 was interrupted"}},
            None,
            "was interrupted. Clear the task promote",
        ),
        ({"promotes": None}, "kept", "worse"),
    ],
)
def test_a_cycle_closes_with_what_became_of_its_promotion(tmp_path, sandbox, more, outcome_, reason):
    from datetime import timedelta

    from autodidact.cycle.open import open_cycle
    from autodidact.runtime import Runtime
    from autodidact.settings import load_settings
    from tests.sandbox import NOON

    sandbox.commit("Begin", {"a.py": "x = 1\n"})
    url = f"sqlite:///{tmp_path}/chronicle.db"
    own = {"sources.repository": str(sandbox.path), "store": str(tmp_path / "store"), "chronicle.url": url}
    runtime = Runtime(load_settings(overrides=own | {"approval": more.get("approval", "none")}))
    cycle = open_cycle(runtime, until=NOON + timedelta(hours=1))
    verdict = {
        "outcome": "reject",
        "reasons": ["worse"],
        "promotes": {"cycle_id": "v2", "version": "v2", "expected": "v1"},
    } | more
    runtime.store.write_json(f"{cycle.folder}/verdict.json", verdict)
    if outcome_ is None:
        with pytest.raises(AutodidactError, match=reason):
            close.close_cycle(cycle, runtime)
        return
    close.close_cycle(cycle, runtime, refused=more.get("refused", False))
    with runtime.chronicle() as chronicle:
        closed = chronicle.cycle(cycle.system, cycle.cycle_id)
    assert closed["outcome"] == outcome_ and reason in closed["reason"]
