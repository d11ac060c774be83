"""Promotion to vLLM, when all goes well and when anything goes wrong: afterwards the right version serves,
and the Chronicle tells the truth.
"""

import pytest

from autodidact.errors import AutodidactError
from autodidact.models.logprob_identity import Identity, key_of, write
from autodidact.models.openai_client import OpenAIClient
from autodidact.promotion import change_champion
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.deployers import Deployer
from autodidact.promotion.deployers.deployer_base import NoDeployer
from autodidact.promotion.deployers.vllm import VllmDeployer
from autodidact.promotion.recovery import recover, repair
from autodidact.promotion.rollback import roll_back
from autodidact.settings import Deploy, Settings
from tests.promotion.scene import BASE, WHY, Scene
from tests.promotion.vllm_server import BASE_WEIGHTS, Vllm, identity, write_adapter

BASE_VERSION = "base-bbbbbbbbbbbb"
REIGNING = {"v1": "weights of v1", "v2": "weights of v2", BASE_VERSION: BASE_WEIGHTS}


class VllmScene(Scene):
    """The base has been champion, brought there by `first`, then `champion`; v2 is measured. Clients ask for
    the alias.
    """

    def __init__(self, tmp_path, vllm: Vllm, champion: str = "v1", first: Deployer | None = None, **deploy):
        super().__init__(tmp_path, f"sqlite:///{tmp_path}/chronicle.db")
        self.vllm = vllm
        given = {"timeout": 0.5, "live": 2, "latency": 60, "drain": 0.5, "bake": 3600} | deploy
        self.settings = Settings(deploy=Deploy(kind="vllm", url=vllm.url, **given))
        self.chronicle.register_version("shop", BASE_VERSION, "", BASE, None, "nf4")
        self.add("v1")
        self.add("v2")
        for version, weights in REIGNING.items():
            record = champion_record(self.chronicle.version("shop", version))
            write(self.store, key_of("shop", record), identity(weights))
        self.promote(BASE_VERSION, None, first)
        if champion == "v1":
            self.promote("v1", BASE_VERSION)
        self.champion = champion

    def write_weights(self, key: str, weights: str) -> None:
        folder = self.store.root / key
        folder.mkdir(parents=True)
        write_adapter(folder, weights)

    def name(self, version: str) -> str:
        """What vLLM calls a version that has an adapter."""
        return f"autodidact-{self.chronicle.version('shop', version)['adapter']['sha256'][:12]}"

    def limit(self, **deploy) -> None:
        """Changes settings of the deployment."""
        self.settings = self.settings.model_copy(
            update={"deploy": self.settings.deploy.model_copy(update=deploy)}
        )

    def promote(self, version: str, expected: str | None, deployer: Deployer | None = None) -> dict:
        return change_champion.promote(
            self.chronicle,
            self.store,
            self.settings,
            "shop",
            version,
            expected=expected,
            deployer=deployer,
            **WHY,
        )

    def answering(self) -> str:
        """What a client of the alias is told by."""
        alias = self.store.read_json("shop/alias.json")
        assert alias["version"] == self.chronicle.champion("shop")["version"]
        _, body = self.vllm.post("/v1/chat/completions", {"model": alias["model"], "messages": []})
        return body["choices"][0]["message"]["content"]

    def is_right(self, champion: str) -> None:
        """One champion, and Chronicle, champion.json, alias file and the weights that answer agree on it."""
        states = [row["state"] for row in self.chronicle.versions("shop")]
        assert states.count("champion") == 1 and "promoting" not in states
        assert self.chronicle.champion("shop")["version"] == champion == self.champion_json()["version"]
        assert self.answering() == REIGNING[champion]
        assert self.chronicle.deployed("shop")[champion] == "verified"


def test_a_promotion_loads_probes_flips_and_keeps_the_old_one_for_its_bake_time(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    vllm.asked.clear()
    scene.promote("v2", "v1")
    scene.is_right("v2")
    sha = {
        version: scene.chronicle.version("shop", version)["adapter"]["sha256"][:12]
        for version in ("v1", "v2")
    }
    assert scene.store.read_json("shop/alias.json") == {
        "format": 1,
        "alias": "autodidact",
        "model": f"autodidact-{sha['v2']}",
        "version": "v2",
    }
    assert list(vllm.loaded) == [f"autodidact-{sha['v1']}", f"autodidact-{sha['v2']}"]
    tried = "autodidact-promotion-shop"  # one without effect, to see whether it loads; then the real one
    assert [line.split()[1:] for line in vllm.asked if "lora_adapter" in line] == [
        ["/v1/unload_lora_adapter", tried],
        ["/v1/load_lora_adapter", tried],
        ["/v1/unload_lora_adapter", tried],
        ["/v1/load_lora_adapter", f"autodidact-{sha['v2']}"],
    ]
    probe = next(event for event in scene.chronicle.events("shop") if event["kind"] == "probe")["data"]
    assert probe["logprobs"]["v2"] == 0 and probe["logprobs"]["v1"] > 0.5 and probe["live"]["asked"] == 2


def test_without_a_bake_time_the_old_one_is_unloaded_once_its_requests_have_ended(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm, bake=0)
    scene.promote("v2", "v1")
    assert [name for name, (_, weights) in vllm.loaded.items() if weights == "weights of v1"] == []
    assert scene.chronicle.deployed("shop") == {BASE_VERSION: "retired", "v2": "verified", "v1": "retired"}
    scene.is_right("v2")


# What goes wrong, who was champion, and what the failed promotion says.
ROLLED_BACK = [
    (
        "refuses_rank",
        "v1",
        "vLLM loads no adapter of rank 32 .*LoRA rank 32 is greater than max_lora_rank 16.*--max-lora-rank",
    ),
    ("refuses_rank_as_older_versions_did", "v1", "LoRA rank 32 is greater"),
    ("updating_off", "v1", "VLLM_ALLOW_RUNTIME_LORA_UPDATING=True"),
    ("lora_off", "v1", "LoRA is not enabled.*Start vLLM with --enable-lora and VLLM_ALLOW"),
    ("cannot_see_the_store", "v1", "No adapter found.*vLLM must see the store under the same path"),
    ("no_logprobs", "v1", "vLLM gives no log-probabilities; v1 stays the champion.*deploy.tolerance to null"),
    (
        "refuses_logprobs",
        "v1",
        "vLLM gives no log-probabilities of a prompt: Requested sample logprobs of 1.*deploy.tolerance to null",
    ),
    (
        "other_base",
        "v1",
        "vLLM serves another base model: .* from those of sprout; v1 stays .*base_model names",
    ),
    ("loads_the_wrong_adapter", "v1", "with other weights|with the weights of"),
    ("answers_with_old_weights", "v1", "with the weights of v1: its log-probabilities are 0 nats"),
    pytest.param(
        "slow",
        "v1",
        "a live answer as autodidact-.* took .* more than deploy.latency = 3",
        marks=pytest.mark.slow,
    ),
    ("fails", "v1", "2 of 2 live answers as autodidact-.* failed: .*CUDA error"),
    ("refuses_rank", BASE_VERSION, "max_lora_rank"),
    ("loads_the_wrong_adapter", BASE_VERSION, "with other weights|with the weights of"),
    ("answers_with_old_weights", BASE_VERSION, f"with the weights of {BASE_VERSION}"),
    pytest.param("slow", BASE_VERSION, "more than deploy.latency", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("fault", "champion", "said"), ROLLED_BACK)
def test_a_fault_before_the_flip_leaves_the_champion_in_service(tmp_path, vllm, fault, champion, said):
    scene = VllmScene(tmp_path, vllm, champion)
    if fault == "slow":  # elsewhere a busy machine has its time
        scene.limit(latency=3)
    vllm.faults.add(fault)
    with pytest.raises(change_champion.RolledBack, match=said):
        scene.promote("v2", champion)
    scene.is_right(champion)
    assert not any(weights == "weights of v2" for _, weights in vllm.loaded.values())
    failed = next(event for event in scene.chronicle.events("shop") if event["kind"] == "promotion_failed")
    assert failed["message"].startswith("v2: ") and failed["message"].endswith(
        f"{champion} stays the champion"
    )
    vllm.faults.clear()
    scene.limit(latency=60)
    scene.promote("v2", champion)  # and mended, the same version goes into service
    scene.is_right("v2")


def test_a_server_that_answers_html_is_one_line_and_nothing_is_tried(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    vllm.faults.add("html")
    with pytest.raises(
        AutodidactError, match="^vLLM is no OpenAI-compatible server: it answered 'text/html'"
    ):
        scene.promote("v2", "v1")
    assert scene.state("v2") == "benchmarked"
    vllm.faults.clear()
    scene.is_right("v1")


@pytest.mark.parametrize("fault", ["dies_while_loading", "dies_while_probing"])
def test_a_server_that_dies_before_the_flip_gets_its_champion_back_when_it_is_up_again(tmp_path, vllm, fault):
    scene = VllmScene(tmp_path, vllm)
    vllm.faults.add(fault)
    with pytest.raises(
        change_champion.RolledBack, match="v1 stays the champion, and is not served now: vLLM does not answer"
    ):
        scene.promote("v2", "v1")
    assert scene.state("v2") == "benchmarked"
    vllm.faults.clear()
    vllm.start()
    assert "deployed champion v1 again" in recover(scene.chronicle, scene.store, scene.settings, "shop")
    scene.is_right("v1")


@pytest.mark.parametrize("champion", ["v1", BASE_VERSION])
def test_a_server_that_dies_after_the_flip_is_given_the_new_champion_again(tmp_path, vllm, champion):
    scene = VllmScene(tmp_path, vllm, champion)
    scene.promote("v2", champion)
    vllm.die()
    said = recover(scene.chronicle, scene.store, scene.settings, "shop")
    assert said == [
        "the champion could not be put back in service: vLLM does not answer: [Errno 111] Connection refused"
    ]
    assert scene.chronicle.champion("shop")["version"] == "v2"
    vllm.start()  # it has forgotten its adapters
    assert recover(scene.chronicle, scene.store, scene.settings, "shop") == ["deployed champion v2 again"]
    scene.is_right("v2")


def test_a_server_that_dies_during_the_drain_has_the_new_champion_all_the_same(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm, bake=0)
    vllm.faults.add("dies_during_drain")
    scene.promote("v2", "v1")
    assert scene.chronicle.champion("shop")["version"] == "v2"
    assert any(event["kind"] == "retire_failed" for event in scene.chronicle.events("shop"))
    vllm.faults.clear()
    vllm.start()
    repair(scene.chronicle, scene.store, scene.settings, "shop", "ann")
    scene.is_right("v2")


@pytest.mark.parametrize("weights", ["weights of v2", "weights of somebody else"])
def test_a_name_that_is_loaded_already_is_probed_and_loaded_anew_if_it_is_not_what_it_is_called(
    tmp_path, vllm, weights
):
    scene = VllmScene(tmp_path, vllm)
    name = f"autodidact-{scene.chronicle.version('shop', 'v2')['adapter']['sha256'][:12]}"
    vllm.loaded[name] = ("/elsewhere", weights)
    vllm.asked.clear()
    scene.promote("v2", "v1")
    scene.is_right("v2")
    loads = [line for line in vllm.asked if "load_lora_adapter" in line]
    assert loads == (
        []
        if weights == "weights of v2"
        else [f"POST /v1/unload_lora_adapter {name}", f"POST /v1/load_lora_adapter {name}"]
    )


def test_an_alias_file_that_cannot_be_flipped_brings_the_champion_back(tmp_path, vllm, monkeypatch):
    scene = VllmScene(tmp_path, vllm)
    point = VllmDeployer.point

    def broken(self, champion):
        if champion.version == "v2":
            raise AutodidactError("alias.json cannot be written: No space left on device")
        point(self, champion)

    monkeypatch.setattr(VllmDeployer, "point", broken)
    with pytest.raises(change_champion.RolledBack, match="No space left on device; v1 is the champion again"):
        scene.promote("v2", "v1")
    scene.is_right("v1")
    assert scene.state("v2") == "archived"


def test_a_rollback_in_the_bake_time_finds_the_old_one_still_loaded(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    vllm.asked.clear()
    assert roll_back(scene.chronicle, scene.store, scene.settings, "shop", **WHY)["version"] == "v1"
    assert not any("load_lora_adapter" in line for line in vllm.asked)
    scene.is_right("v1")


def test_a_base_whose_probe_would_fail_was_never_taken_away(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm, BASE_VERSION, first=NoDeployer())
    base = champion_record(scene.chronicle.version("shop", BASE_VERSION))
    here = identity(BASE_WEIGHTS)
    in_4_bits = {"nf4": [[value - 0.5 for value in each] for each in here.logprobs["nf4"]]}
    write(scene.store, key_of("shop", base), Identity(here.prompts, in_4_bits))
    vllm.faults.add("loads_the_wrong_adapter")
    with pytest.raises(
        change_champion.RolledBack,
        match=f"with (other|the) weights.*; {BASE_VERSION} stays the champion\\. See",
    ):
        scene.promote("v2", BASE_VERSION)
    assert scene.state("v2") == "benchmarked"
    assert scene.chronicle.deployed("shop") == {"v2": "retired"}


def test_two_adapters_that_compute_the_same_cannot_be_told_apart_and_are_refused(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    record = champion_record(scene.chronicle.version("shop", "v2"))
    write(scene.store, key_of("shop", record), identity("weights of v1"))
    with pytest.raises(
        change_champion.RolledBack,
        match="the log-probabilities of v2 and v1 are equal: a server cannot be seen to serve one",
    ):
        scene.promote("v2", "v1")
    scene.is_right("v1")


def test_an_address_that_is_none_and_an_answer_without_end_are_sentences(vllm):
    with pytest.raises(AutodidactError, match="The address of it is wrong"):
        OpenAIClient("localhost:1", what="it").cards()
    with pytest.raises(AutodidactError, match="it does not answer: .*refused"):
        OpenAIClient("http://127.0.0.1:1/v1", what="it").cards()
