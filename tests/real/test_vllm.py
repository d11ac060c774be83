"""Promotions to a vLLM that really runs: `make test-vllm`, or `make test-vllm BASE=smollm2`."""

import sys

import pytest

from autodidact.errors import AutodidactError
from autodidact.promotion import registry
from autodidact.promotion.deployers import vllm as deployer
from autodidact.promotion.deployers.vllm import VllmDeployer
from autodidact.promotion.recovery import repair
from autodidact.promotion.rollback import roll_back
from tests.real.vllm import PYTHON, URL, WHY, Adapters, Client, RealScene, RealVllm

pytestmark = [
    pytest.mark.skipif(not (PYTHON or URL), reason="only asked for by `make test-vllm`"),
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]


@pytest.fixture(scope="module")
def adapters(tmp_path_factory) -> Adapters:
    return Adapters(tmp_path_factory.mktemp("adapters"))


@pytest.fixture(scope="module")
def server(adapters):
    running = RealVllm(adapters.folder)
    yield running
    running.kill()


@pytest.fixture
def vllm(server) -> RealVllm:
    server.start()
    server.empty()
    return server


def test_promotions_and_a_roll_back_under_requests(tmp_path, vllm, adapters):
    scene = RealScene(tmp_path, vllm, adapters)
    scene.promote("v1", scene.base)
    client = Client(scene)
    client.start()
    try:
        client.some_more()
        scene.promote("v2", "v1")
        client.some_more()
        assert vllm.loaded() == [scene.name("v1"), scene.name("v2")]
        scene.is_right("v2")
        roll_back(scene.chronicle, scene.store, scene.settings, "shop", **WHY)
        client.some_more()
        scene.is_right("v1")
        scene.promote("v3", "v1")
        client.some_more()
        scene.is_right("v3")
    finally:
        client.stop()
    assert client.failed == []
    assert all(asked == answered for asked, answered, _ in client.answered)
    assert [model for model in dict.fromkeys(asked for asked, _, _ in client.answered)] == [
        scene.name("v1"),
        scene.name("v2"),
        scene.name("v3"),
    ]
    # What a version answers is the same each time: no answer is of two versions.
    assert len({(asked, text) for asked, _, text in client.answered}) == 3


def test_without_a_bake_time_the_old_one_is_drained_and_unloaded(tmp_path, vllm, adapters):
    scene = RealScene(tmp_path, vllm, adapters, bake=0)
    scene.promote("v1", scene.base)
    scene.promote("v2", "v1")
    assert vllm.loaded() == [scene.name("v2")]
    assert scene.chronicle.deployed("shop")["v1"] == "retired"
    scene.is_right("v2")


def test_a_wrong_adapter_under_the_right_name_is_loaded_anew(tmp_path, vllm, adapters):
    scene = RealScene(tmp_path, vllm, adapters)
    vllm.load(scene.name("v2"), adapters.paths["v3"])
    scene.promote("v2", scene.base)
    scene.is_right("v2")


# What vLLM is given as the adapter of v2, and what the failed promotion says.
WRONG = [
    ("v1", "with the weights of v1: its log-probabilities are .* stays the champion"),
    ("v3", "with (other weights|the weights of base-).*; v1 stays the champion"),
    ("r64", r"LoRA rank 64 is greater than max_lora_rank 32.*--max-lora-rank"),
    ("nowhere", "No adapter found for .*vLLM must see the store under the same path"),
]


@pytest.mark.parametrize(("other", "said"), WRONG)
def test_a_wrong_adapter_is_refused_and_the_champion_stays(
    tmp_path, vllm, adapters, monkeypatch, other, said
):
    scene = RealScene(tmp_path, vllm, adapters)
    scene.promote("v1", scene.base)
    folder = adapters.folder / other
    monkeypatch.setattr(deployer, "address", lambda store, champion: str(folder))
    with pytest.raises(registry.RolledBack, match=said):
        scene.promote("v2", "v1")
    monkeypatch.undo()
    assert scene.chronicle.version("shop", "v2")["state"] == "benchmarked"
    assert vllm.loaded() == [scene.name("v1")]
    scene.is_right("v1")


def test_the_base_stays_champion_when_the_first_promotion_fails(tmp_path, vllm, adapters):
    scene = RealScene(tmp_path, vllm, adapters)
    with pytest.raises(registry.RolledBack, match=f"max_lora_rank.*{scene.base} stays the champion"):
        scene.promote("r64", scene.base)
    assert scene.chronicle.version("shop", "r64")["state"] == "benchmarked"
    scene.is_right(scene.base)


kills = pytest.mark.skipif(bool(URL), reason="one that was running before is not killed")


@kills
def test_a_restart_that_forgets_the_adapters(tmp_path, vllm, adapters):
    scene = RealScene(tmp_path, vllm, adapters)
    scene.promote("v1", scene.base)
    vllm.kill()
    vllm.start()
    assert vllm.loaded() == []
    assert repair(scene.chronicle, scene.store, scene.settings, "shop", "ann") == [
        "deployed champion v1 again"
    ]
    scene.is_right("v1")


# Of which method of the deployer vLLM is killed at, whether as it begins or as it ends, and the champion after.
KILLS = [
    ("deploy", "begin", "v1"),
    ("deploy", "end", "v1"),
    ("probe", "end", "v2"),
    ("point", "begin", "v2"),
    ("retire", "begin", "v2"),
]


@kills
@pytest.mark.parametrize(("step", "moment", "champion"), KILLS)
def test_kill_9_of_vllm_at(tmp_path, vllm, adapters, monkeypatch, step, moment, champion):
    scene = RealScene(tmp_path, vllm, adapters, bake=0, drain=2)
    scene.promote("v1", scene.base)
    method = getattr(VllmDeployer, step)

    def killing(self, *arguments):
        if step == "point" and arguments[0].version != "v2":
            return method(self, *arguments)  # a promotion begins by settling who is champion
        if moment == "begin":
            vllm.kill()
        done = method(self, *arguments)
        vllm.kill()
        return done

    monkeypatch.setattr(VllmDeployer, step, killing)
    try:
        scene.promote("v2", "v1")
    except AutodidactError as error:
        print(step, moment, error, file=sys.stderr)
    monkeypatch.undo()
    assert "promoting" not in [row["state"] for row in scene.chronicle.versions("shop")]
    vllm.start()
    repair(scene.chronicle, scene.store, scene.settings, "shop", "ann")
    scene.is_right(champion)
    assert vllm.loaded() == [scene.name(champion)]
