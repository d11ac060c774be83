"""Versions are asked through the server that clients ask, which may be started again meanwhile."""

import pytest

from autodidact.benchmark.engines import Prompt
from autodidact.benchmark.measure_cycle_models import MOST_RESTARTS
from autodidact.benchmark.server_repeatability import Through
from autodidact.errors import AutodidactError
from autodidact.ledger.ask_versions import Asker
from autodidact.ledger.kept_answers import Answers
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.cycles import BASE, a_cycle

GONE = AutodidactError("status 404 The model does not exist")
ASKED = [Prompt("q1", [{"role": "user", "content": "Where?"}], [], 8)]


class Server:
    """Loses its versions before the first so many askings."""

    def __init__(self, lost: int):
        self.lost, self.brought = lost, []

    def bring(self, champion):
        self.brought.append(champion.version)
        return Through("http://x/v1", champion.version, "vllm", "bf16")

    def again(self, champion, error):
        return error is GONE


@pytest.fixture
def asker(tmp_path, monkeypatch):
    def make(server):
        def ask(self, prompts, **_):
            assert self._through.name == BASE.version
            if server.lost:
                server.lost -= 1
                raise GONE
            return {prompt.id: "Here." for prompt in prompts}

        monkeypatch.setattr(Answers, "ask", ask)
        given = {"store": str(tmp_path), "base_model": "sprout"}
        runtime = Runtime(load_settings("laptop", given, environ={}), say=lambda line: None)
        return Asker(a_cycle(runtime.settings), runtime, on_the_server=lambda *_: server)

    return make


def test_the_version_is_brought_again_and_asked_again(asker):
    server = Server(lost=2)
    asking = asker(server)
    assert asking.ask(BASE, ASKED) == {"q1": "Here."}
    assert server.brought == [BASE.version] * 3
    assert asking.served == {"name": BASE.version, "kind": "vllm", "precision": "bf16", "server": ""}


def test_a_server_that_never_stays_up_is_given_up(asker):
    server = Server(lost=99)
    with pytest.raises(AutodidactError, match="404"):
        asker(server).ask(BASE, ASKED)
    assert len(server.brought) == MOST_RESTARTS + 1
