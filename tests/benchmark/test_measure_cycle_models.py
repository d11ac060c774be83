"""A server that is started again while a model is measured on it costs a second try, and no answers."""

import pytest

from autodidact.benchmark import measure_model
from autodidact.benchmark.measure_cycle_models import MOST_RESTARTS, Measuring, Model
from autodidact.benchmark.server_repeatability import Through
from autodidact.errors import AutodidactError
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.cycles import BASE, a_cycle
from tests.promotion.test_evidence_rule import KNOWS, report, some

GONE = AutodidactError("status 404 The model does not exist")


class Server:
    """Loses its versions before the measurements with these numbers."""

    def __init__(self, *lost: int):
        self.lost, self.brought, self.measured = lost, [], 0

    def bring(self, champion):
        self.brought.append(champion.version)
        return Through("http://x/v1", champion.version, "vllm", "p")

    def again(self, champion, error):
        return error is GONE

    def measure(self, *_, through, **__):
        self.measured += 1
        if self.measured in self.lost:
            raise GONE
        return report(some(), blocks=[0], sha="a", **KNOWS)


@pytest.fixture
def measuring(tmp_path, monkeypatch):
    def make(server):
        given = {"store": str(tmp_path), "base_model": "sprout", "benchmark.through": "server"}
        given |= {"deploy.kind": "vllm", "deploy.url": "http://x/v1"}
        runtime = Runtime(load_settings("laptop", given, environ={}), say=lambda line: None)
        monkeypatch.setattr(measure_model, "measure", server.measure)
        cycle = a_cycle(runtime.settings, champion=BASE)
        return Measuring(cycle, runtime, None, "lease.json", lambda *_: server)

    return make


def test_the_version_is_brought_again_and_asked_again(measuring):
    server = Server(1, 2)
    measuring(server).report(Model(), [0])
    assert server.brought == [BASE.version] * 3 and server.measured == 3


def test_a_server_that_never_stays_up_is_given_up(measuring):
    server = Server(*range(100))
    with pytest.raises(AutodidactError, match="404"):
        measuring(server).report(Model(), [0])
    assert server.measured == MOST_RESTARTS + 1
