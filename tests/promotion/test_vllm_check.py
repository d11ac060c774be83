"""What a vLLM must be able to do is asked of it before anything is changed."""

import re

import pytest

from autodidact.errors import AutodidactError
from autodidact.models.find_base_model import resolve_base
from autodidact.promotion import change_champion
from autodidact.promotion.deployers.deployer_base import NoDeployer
from autodidact.promotion.deployers.vllm import VllmDeployer
from autodidact.promotion.recovery import recover
from autodidact.promotion.rollback import roll_back
from autodidact.promotion.trial_on_server import on_the_server
from autodidact.promotion.vllm_check import TEXT, by_settings, checks
from autodidact.records import Champion
from autodidact.settings import Deploy, Settings
from autodidact.store import Store
from tests import loopback, tiny
from tests.promotion.scene import WHY
from tests.promotion.test_vllm import BASE_VERSION, VllmScene
from tests.promotion.vllm_server import Vllm


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tiny.build(tmp_path_factory.mktemp("base"))
    return resolve_base(Settings(base_model=str(folder)))


@pytest.fixture
def vllm(base):
    server = Vllm().start()
    server.tokens = base.tokenizer()(TEXT, add_special_tokens=False)["input_ids"]
    yield server
    server.die()


def said(tmp_path, vllm, base) -> dict[str, str]:
    """What each check says, by its name."""
    settings = Settings(base_model=str(base.path), deploy=Deploy(kind="vllm", url=vllm.url))
    deployer, found = VllmDeployer(settings, Store(tmp_path / "store"), "shop"), {}
    for name, check in checks(deployer, by_settings(settings, "doctor")):
        try:
            found[name] = check()
        except AutodidactError as error:
            found[name] = f"NO: {error}"
    return found


def test_one_that_can_do_everything(tmp_path, vllm, base):
    assert said(tmp_path, vllm, base) == {
        "vllm version": "vLLM 0.32.0",
        "vllm base": f"sprout: its tokens are those of {base.id}",
        "vllm echo": "those of a prompt are given (echo)",
        "vllm adapters": "one of rank 32 was loaded out of the store and taken off again",
        "vllm tools": "a request with tools is answered",
    }
    assert vllm.loaded == {} and Store(tmp_path / "store").list("shop") == []


LACKS = [
    ("other_server", "vllm version", "vLLM tells no version: it is another server, or a very old one"),
    ("other_base", "vllm base", "vLLM serves sprout, which is not .*: a text has other tokens there"),
    ("no_logprobs", "vllm echo", "vLLM gives no log-probabilities.*deploy.tolerance to null"),
    (
        "refuses_logprobs",
        "vllm echo",
        "vLLM gives no log-probabilities of a prompt: Requested sample .*to null",
    ),
    ("updating_off", "vllm adapters", "VLLM_ALLOW_RUNTIME_LORA_UPDATING=True"),
    ("lora_off", "vllm adapters", "Start vLLM with --enable-lora and VLLM_ALLOW"),
    ("refuses_rank", "vllm adapters", "rank 32 out of the store: .*--max-lora-rank"),
    ("cannot_see_the_store", "vllm adapters", "vLLM must see the store under the same path"),
    ("no_tools", "vllm tools", "requires --enable-auto-tool-choice .*Start it with --enable-auto-tool"),
    ("html", "vllm echo", "vLLM is no OpenAI-compatible server: "),
]


@pytest.mark.parametrize(("fault", "name", "line"), LACKS)
def test_what_is_missing_is_one_line_with_its_remedy(tmp_path, vllm, base, fault, name, line):
    vllm.faults.add(fault)
    found = said(tmp_path, vllm, base)
    assert found[name].startswith("NO: ") and "\n" not in found[name]
    assert re.search(line, found[name])
    assert vllm.loaded == {}


def test_an_older_version_is_said_and_is_no_fault_by_itself(tmp_path, vllm, base):
    vllm.faults.add("older")
    assert said(tmp_path, vllm, base)["vllm version"] == (
        "vLLM 0.9.2, older than 0.32.0, which was tested: the next lines say whether it can do all"
    )


# The same where the server is asked by a promotion: champion, Chronicle, alias and server are as they were.
AT_A_PROMOTION = [
    ("other_server", "vLLM tells no version: it is another server, or a very old one; v1 stays"),
    ("other_base", "vLLM serves another base model: .* nats a token from those of sprout; v1 stays"),
    *[(fault, line) for fault, name, line in LACKS if name in ("vllm echo", "vllm adapters")],
]


@pytest.mark.parametrize(("fault", "line"), AT_A_PROMOTION)
def test_a_promotion_is_refused_before_anything_is_changed(tmp_path, vllm, fault, line):
    scene = VllmScene(tmp_path, vllm)
    loaded, alias = dict(vllm.loaded), scene.store.read_json("shop/alias.json")
    states, deployed = scene.chronicle.states("shop", "v2"), scene.chronicle.deployed("shop")
    vllm.faults.add(fault)
    vllm.asked.clear()
    with pytest.raises(AutodidactError, match=line) as error:
        scene.promote("v2", "v1")
    assert "\n" not in str(error.value)
    assert not any(scene.name("v2") in line for line in vllm.asked)
    assert vllm.loaded == loaded and scene.store.read_json("shop/alias.json") == alias
    assert scene.chronicle.states("shop", "v2") == states
    assert scene.chronicle.deployed("shop") == deployed
    vllm.faults.clear()
    scene.is_right("v1")
    scene.promote("v2", "v1")
    scene.is_right("v2")


def test_what_an_older_version_lacks_is_said_with_its_version(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    vllm.faults |= {"older", "no_logprobs"}
    line = "gives no log-probabilities .vLLM 0.9.2, older than 0.32.0, which was tested.; v1 stays"
    with pytest.raises(change_champion.RolledBack, match=line):
        scene.promote("v2", "v1")
    vllm.faults.remove("no_logprobs")
    scene.promote("v2", "v1")  # one that can do all of it is no fault
    scene.is_right("v2")


def test_without_a_tolerance_no_log_probabilities_are_needed(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm, tolerance=None)
    vllm.faults.add("no_logprobs")
    scene.promote("v2", "v1")
    scene.is_right("v2")


def test_a_version_that_is_loaded_already_needs_no_loading_to_be_rolled_back_to(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    vllm.faults.add("updating_off")
    assert roll_back(scene.chronicle, scene.store, scene.settings, "shop", **WHY)["version"] == "v1"
    scene.is_right("v1")


def test_a_server_that_dies_while_it_is_asked_gets_its_champion_when_it_is_back(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm)
    vllm.faults.add("dies_while_asked")
    with pytest.raises(change_champion.RolledBack, match="vLLM does not answer: .*; v1 stays the champion"):
        scene.promote("v2", "v1")
    vllm.faults.clear()
    vllm.start()
    assert "deployed champion v1 again" in recover(scene.chronicle, scene.store, scene.settings, "shop")
    scene.is_right("v1")
    assert scene.state("v2") == "benchmarked"


class Page(loopback.Handler):
    """A web server that is no model server."""

    def do_GET(self):
        self.reply("<html>Welcome to nginx!</html>", Content_Type="text/html")

    do_POST = do_GET


def test_a_web_server_is_refused_before_anything_is_changed(tmp_path, vllm):
    scene = VllmScene(tmp_path, vllm, BASE_VERSION, first=NoDeployer())
    with loopback.Server(Page) as page:
        scene.limit(url=page.url)
        with pytest.raises(
            change_champion.RolledBack, match="vLLM is no OpenAI-compatible server: it answered"
        ):
            scene.promote("v2", BASE_VERSION)
    assert not scene.store.exists("shop/alias.json") and scene.chronicle.deployed("shop") == {}
    assert scene.state("v2") == "benchmarked"


# The same before a cycle's first item is asked. Tools are not needed there: the answers are parsed here.
BEFORE_THE_FIRST_ITEM = [(fault, line) for fault, _, line in LACKS if fault != "no_tools"]


@pytest.mark.parametrize(("fault", "line"), BEFORE_THE_FIRST_ITEM)
def test_nothing_is_loaded_to_be_measured_where_something_is_missing(tmp_path, vllm, base, fault, line):
    deploy = {"kind": "vllm", "url": vllm.url, "timeout": 1}
    settings = Settings(base_model=str(base.path), deploy=Deploy(**deploy), benchmark={"through": "server"})
    facts = {"id": base.id, "revision": None, "sha256": base.sha256}
    models = [
        Champion(
            version=version,
            base=facts,
            adapter=adapter,
            quantization="nf4",
            cycle_id="c1",
            promoted_at="2026-11-23T12:00:00Z",
        )
        for version, adapter in (("v2", {"path": "shop/v2", "sha256": "a" * 64}), ("base-b", None))
    ]
    store = Store(tmp_path / "store")
    trial = on_the_server(settings, store, "shop", "shop/lease.json", models)
    vllm.faults.add(fault)
    with pytest.raises(AutodidactError, match=line) as error:
        trial.bring(models[0])
    assert "\n" not in str(error.value)
    if fault != "html":  # which lists no models either
        assert not trial.again(models[0], error.value)
    assert vllm.loaded == {} and store.list("shop/trial") == []
