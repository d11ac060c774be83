"""The bake time: health is watched, trouble rolls back, and at its end the old version goes."""

from types import SimpleNamespace

import pytest

from autodidact.chronicle import Chronicle
from autodidact.errors import AutodidactError, Skipped
from autodidact.promotion import watch
from autodidact.settings import Settings
from tests.promotion.test_vllm import BASE_VERSION, VllmScene


def look(scene: VllmScene, version: str | None = None, settings: Settings | None = None) -> dict:
    url = f"sqlite:///{scene.store.root.parent}/chronicle.db"
    settings = settings or scene.settings
    runtime = SimpleNamespace(
        settings=settings, store=scene.store, say=lambda line: None, chronicle=lambda: Chronicle(url)
    )
    return watch.look(runtime, "shop", version)


def test_a_healthy_champion_bakes_and_then_the_old_one_is_unloaded(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    seen = look(scene, "v2")
    assert (seen["ended"], seen["champion"], seen["reason"]) == (None, "v2", "healthy so far") and 0 < seen[
        "left"
    ] <= 3600
    assert len(vllm.loaded) == 2
    scene.settings = scene.settings.model_copy(
        update={"deploy": scene.settings.deploy.model_copy(update={"bake": 0})}
    )
    seen = look(scene, "v2")
    assert (seen["ended"], seen["reason"]) == ("healthy", "took v1 off the server")
    assert [weights for _, weights in vllm.loaded.values()] == ["weights of v2"]
    assert look(scene, "v1")["ended"] == "replaced"


def test_trouble_is_three_failed_looks_in_a_row_and_rolls_back_by_itself_with_the_reason(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    vllm.faults.add("fails")
    first = look(scene, "v2")
    assert (first["ended"], first["failed"], first["champion"]) == (
        None,
        1,
        "v2",
    ) and "failed probe 1: 2 of 2 live answers" in first["reason"]
    assert look(scene, "v2")["failed"] == 2
    vllm.faults.clear()
    assert look(scene, "v2")["failed"] == 0  # one that succeeds begins the count anew
    vllm.faults.add("fails")
    assert [look(scene, "v2")["failed"] for _ in range(2)] == [1, 2]
    seen = look(scene, "v2")
    assert (seen["ended"], seen["champion"]) == ("rolled_back", "v1")
    scene.is_right("v1")
    assert scene.chronicle.states("shop", "v1")[-1]["reason"].startswith(
        "trouble in the bake time of v2: 2 of 2 live answers"
    )
    assert scene.state("v2") == "archived"
    vllm.faults.clear()
    scene.promote("v2", "v1")  # by hand, mended: what failed before counts no more
    vllm.faults.add("fails")
    assert look(scene, "v2")["failed"] == 1


def test_a_server_that_is_away_for_some_minutes_is_waited_for_and_nothing_is_rolled_back(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    vllm.die()
    for minute in range(1, 8):
        seen = look(scene, "v2")
        assert (seen["ended"], seen["failed"]) == (None, minute) and "does not answer" in seen["reason"]
    scene.limit(bake=0)  # the bake time ends meanwhile: it is still waited for
    assert look(scene, "v2")["ended"] is None
    scene.limit(bake=3600)
    vllm.start()
    seen = look(scene, "v2")
    assert (seen["ended"], seen["failed"], seen["reason"]) == (None, 0, "healthy so far")
    scene.is_right("v2")


def test_a_server_that_stays_away_ends_the_watch_in_one_line(tmp_path, vllm, monkeypatch):
    monkeypatch.setattr(watch, "MOST_LOOKS", 5)
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    vllm.die()
    assert [look(scene, "v2")["failed"] for _ in range(4)] == [1, 2, 3, 4]
    with pytest.raises(
        AutodidactError,
        match=r"^v2 has failed 5 probes in a row: vLLM does not answer: .*refused. Mend the server, then",
    ):
        look(scene, "v2")


def test_a_roll_back_that_fails_is_tried_again_at_the_next_look(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    name = next(name for name, (_, weights) in vllm.loaded.items() if weights == "weights of v1")
    vllm.loaded.pop(name)
    vllm.faults |= {"fails", "refuses_rank"}
    for _ in range(3):
        seen = look(scene, "v2")
    assert (seen["ended"], seen["failed"]) == (None, 3) and "vLLM loads no adapter" in seen["reason"]
    vllm.faults.clear()
    assert look(scene, "v2")["failed"] == 0
    assert scene.chronicle.champion("shop")["version"] == "v2"


def test_a_server_that_was_started_again_is_given_the_champion_again_and_nothing_is_rolled_back(
    tmp_path, vllm
):
    scene = VllmScene(tmp_path, vllm, BASE_VERSION)
    scene.promote("v2", BASE_VERSION)
    vllm.die()
    vllm.start()
    assert look(scene, "v2")["ended"] is None
    scene.is_right("v2")


def test_where_nothing_is_served_there_is_nothing_to_watch(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm, BASE_VERSION)
    with pytest.raises(Skipped, match="deploy.kind is none"):
        look(scene, settings=Settings())
