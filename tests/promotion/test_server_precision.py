"""The precision of a server has a name, which stays while it computes the same."""

import pytest

from autodidact.errors import AutodidactError
from autodidact.promotion import server_precision
from autodidact.promotion.deployers import VllmDeployer
from autodidact.records import Champion
from autodidact.settings import Deploy, Settings
from autodidact.store import Store

BASE = Champion(
    version="base-1", base={"id": "b", "sha256": "b" * 64}, quantization="nf4", cycle_id="", promoted_at=""
)


@pytest.fixture
def served(tmp_path, monkeypatch):
    """The name of the precision of a server that answers with these log-probabilities."""
    store = Store(tmp_path)
    deployer = VllmDeployer(Settings(deploy=Deploy(kind="vllm", url="http://x/v1")), store, "shop")
    monkeypatch.setattr(deployer, "name", lambda champion: "b")

    def name(shift):
        def logprobs(model, tokens):
            if shift is None:
                raise AutodidactError("it gives no log-probabilities")
            return model, [None, *(-2.0 + shift for _ in tokens[1:])]

        monkeypatch.setattr(deployer.server, "logprobs", logprobs)
        return server_precision.of(deployer, store, "shop", BASE)

    return name


def test_noise_is_the_same_precision_and_more_is_another(served):
    first, other = served(0.0), served(0.02)
    assert first.startswith("computes-") and first != other
    assert [served(0.004), served(-0.004), served(0.024)] == [first, first, other]


def test_a_server_that_gives_no_log_probabilities_has_no_known_precision(served):
    assert served(None) == "unknown"
