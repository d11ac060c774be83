"""Promotions to a vLLM that really runs: `make test-vllm`, or `make test-vllm BASE=smollm2`."""

import pytest

from autodidact.errors import AutodidactError
from autodidact.promotion import change_champion, vllm_check
from autodidact.promotion.deployers import vllm as deployer
from autodidact.promotion.deployers.vllm import VllmDeployer
from autodidact.promotion.recovery import repair
from autodidact.promotion.rollback import roll_back
from tests.real.vllm import PYTHON, URL, WHY, Client, RealScene

pytestmark = [
    pytest.mark.skipif(not (PYTHON or URL), reason="only asked for by `make test-vllm`"),
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]


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
        scene.promote("v2", "v1")
        client.some_more()
        scene.is_right("v2")
    finally:
        client.stop()
    assert client.failed == [] and client.mixed() == []
    asked = [model for model, _, _ in client.answered]
    order = [model for place, model in enumerate(asked) if place == 0 or asked[place - 1] != model]
    assert order == [scene.name(version) for version in ("v1", "v2", "v1", "v2")]
    assert len({text for _, _, text in client.answered}) == 2


def test_ten_promotions_and_ten_rollbacks_in_a_row_and_clients_that_never_stop(tmp_path, vllm, adapters):
    scene = RealScene(tmp_path, vllm, adapters, ("v1", "v2", "v3"))
    scene.promote("v1", scene.base)
    clients = [Client(scene) for _ in range(2)]
    for client in clients:
        client.start()
    try:
        for number in range(10):
            version = ("v2", "v3")[number % 2]
            scene.promote(version, "v1")
            scene.is_right(version)
            for client in clients:
                client.some_more()
            roll_back(scene.chronicle, scene.store, scene.settings, "shop", "v1", **WHY)
            scene.is_right("v1")
            for client in clients:
                client.some_more()
    finally:
        for client in clients:
            client.stop()
    assert [client.failed for client in clients] == [[], []]
    assert [client.mixed() for client in clients] == [[], []]
    for client in clients:
        asked = [model for model, _, _ in client.answered]
        changes = sum(one != other for one, other in zip(asked, asked[1:], strict=False))
        assert changes == 20
    texts = {text for client in clients for _, _, text in client.answered}
    answers = sum(len(client.answered) for client in clients)
    print(f"{len(texts)} texts of 3 versions")
    print(f"vLLM: 10 promotions and 10 rollbacks in a row, {answers} answers: 0 failed, 0 mixed")


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
    scene.tell("another adapter was loaded under v2's name", "the probe saw it, and v2 was loaded anew")


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
    with pytest.raises(change_champion.RolledBack, match=said) as error:
        scene.promote("v2", "v1")
    monkeypatch.undo()
    scene.tell(f"given the adapter `{other}` for v2", error.value)
    assert scene.chronicle.version("shop", "v2")["state"] == "benchmarked"
    assert vllm.loaded() == [scene.name("v1")]
    scene.is_right("v1")


def test_a_rank_too_high_is_refused_before_anything_is_changed(tmp_path, vllm, adapters):
    scene = RealScene(tmp_path, vllm, adapters)
    scene.promote("v1", scene.base)
    states = scene.chronicle.states("shop", "r64")
    with pytest.raises(
        change_champion.RolledBack, match="of rank 64 .*max_lora_rank.*v1 stays the champion"
    ) as error:
        scene.promote("r64", "v1")
    scene.tell("a version of rank 64 is promoted", error.value)
    assert scene.chronicle.states("shop", "r64") == states and "r64" not in scene.chronicle.deployed("shop")
    assert vllm.loaded() == [scene.name("v1")]
    scene.is_right("v1")


def test_a_store_that_vllm_cannot_see_is_refused_before_anything_is_changed(
    tmp_path, vllm, adapters, monkeypatch
):
    scene = RealScene(tmp_path, vllm, adapters)
    scene.promote("v1", scene.base)
    states = scene.chronicle.states("shop", "v2")
    monkeypatch.setattr(vllm_check, "write", lambda folder, shape: None)  # nothing is where vLLM looks
    with pytest.raises(
        change_champion.RolledBack, match="vLLM must see the store under the same path"
    ) as error:
        scene.promote("v2", "v1")
    monkeypatch.undo()
    scene.tell("a store that vLLM does not see", error.value)
    assert scene.chronicle.states("shop", "v2") == states and "v2" not in scene.chronicle.deployed("shop")
    assert vllm.loaded() == [scene.name("v1")]
    scene.is_right("v1")


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
    scene.tell("kill -9 while nothing is promoted; started again", "`status --repair` deployed v1 again")


# The method of the deployer that vLLM is killed at, whether as it begins or as it ends, the champion after, and
# that in words.
KILLS = [
    ("deploy", "begin", "v1", "before v2 is loaded"),
    ("deploy", "end", "v1", "after v2 was loaded, before its probe"),
    ("probe", "end", "v2", "after the probe"),
    ("point", "begin", "v2", "before clients are pointed at v2"),
    ("point", "end", "v2", "after clients were pointed at v2"),
    ("retire", "begin", "v2", "before v1 is drained"),
    ("_drain", "end", "v2", "after v1 was drained, before it is unloaded"),
    ("retire", "end", "v2", "after v1 was unloaded"),
]


@kills
@pytest.mark.parametrize(("step", "moment", "champion", "words"), KILLS)
def test_kill_9_of_vllm_at(tmp_path, vllm, adapters, monkeypatch, step, moment, champion, words):
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
    happened: object = "v2 was promoted"
    try:
        scene.promote("v2", "v1")
    except AutodidactError as error:
        happened = error
    monkeypatch.undo()
    assert "promoting" not in [row["state"] for row in scene.chronicle.versions("shop")]
    vllm.start()
    repair(scene.chronicle, scene.store, scene.settings, "shop", "ann")
    scene.is_right(champion)
    assert vllm.loaded() == [scene.name(champion)]
    scene.tell(f"kill -9 {words}", happened)


@kills
def test_kill_9_of_vllm_during_a_rollback(tmp_path, vllm, adapters, monkeypatch):
    scene = RealScene(tmp_path, vllm, adapters, drain=2)
    scene.promote("v1", scene.base)
    scene.promote("v2", "v1")
    probe = VllmDeployer.probe

    def killing(self, *arguments):
        vllm.kill()
        return probe(self, *arguments)

    monkeypatch.setattr(VllmDeployer, "probe", killing)
    with pytest.raises(AutodidactError) as error:
        roll_back(scene.chronicle, scene.store, scene.settings, "shop", **WHY)
    monkeypatch.undo()
    assert "promoting" not in [row["state"] for row in scene.chronicle.versions("shop")]
    vllm.start()
    repair(scene.chronicle, scene.store, scene.settings, "shop", "ann")
    scene.is_right("v2")
    scene.tell("kill -9 in a rollback from v2 to v1, before its probe", error.value)
    assert roll_back(scene.chronicle, scene.store, scene.settings, "shop", **WHY)["version"] == "v1"
    scene.is_right("v1")
