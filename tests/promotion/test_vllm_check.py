"""What a vLLM must be able to do is asked of it before anything is changed."""

import re

import pytest

from autodidact.errors import AutodidactError
from autodidact.models.base_models import resolve_base
from autodidact.promotion.deployers.vllm import VllmDeployer
from autodidact.promotion.trial_on_server import on_the_server
from autodidact.promotion.vllm_check import TEXT, checks
from autodidact.records import Champion
from autodidact.settings import Deploy, Settings
from autodidact.store import Store
from tests import tiny
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
    settings = Settings(deploy=Deploy(kind="vllm", url=vllm.url))
    found = {}
    for name, check in checks(VllmDeployer(settings, Store(tmp_path / "store"), "shop"), base, 32):
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
    assert vllm.loaded == {} and not (tmp_path / "store" / "shop" / "doctor").exists()


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
