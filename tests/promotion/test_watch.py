"""The bake time: health is watched, trouble rolls back, and at its end the old version goes."""

from types import SimpleNamespace

import pytest
from test_vllm import BASE_VERSION, VllmScene
from vllm_server import Vllm

from autodidact.chronicle import Chronicle
from autodidact.errors import Skipped
from autodidact.promotion import watch
from autodidact.settings import Settings


@pytest.fixture
def vllm():
    server = Vllm().start()
    yield server
    server.die()


def look(scene: VllmScene, version: str | None = None, settings: Settings | None = None) -> dict:
    url = f"sqlite:///{scene.store.root.parent}/chronicle.db"
    settings = settings or scene.settings
    runtime = SimpleNamespace(settings=settings, store=scene.store, say=lambda line: None, chronicle=lambda: Chronicle(url))
    return watch.look(runtime, "shop", version, pause=0)


def test_a_healthy_champion_bakes_and_then_the_old_one_is_unloaded(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    seen = look(scene, "v2")
    assert (seen["ended"], seen["champion"], seen["reason"]) == (None, "v2", "healthy so far") and 0 < seen["left"] <= 3600
    assert len(vllm.loaded) == 2
    scene.settings = scene.settings.model_copy(update={"deploy": scene.settings.deploy.model_copy(update={"bake": 0})})
    seen = look(scene, "v2")
    assert (seen["ended"], seen["reason"]) == ("healthy", "took v1 off the server")
    assert [weights for _, weights in vllm.loaded.values()] == ["weights of v2"]
    assert look(scene, "v1")["ended"] == "replaced"


def test_trouble_in_the_bake_time_rolls_back_by_itself_with_the_reason(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    vllm.faults.add("fails")
    seen = look(scene, "v2")
    assert (seen["ended"], seen["champion"]) == ("rolled_back", "v1")
    scene.is_right("v1")
    assert scene.chronicle.states("shop", "v1")[-1]["reason"].startswith("trouble in the bake time of v2: 2 of 2 live answers")
    assert scene.state("v2") == "archived"


def test_a_server_that_was_started_again_is_given_the_champion_again_and_nothing_is_rolled_back(tmp_path, vllm):
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
