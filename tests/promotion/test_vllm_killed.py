"""`kill -9` at every step of a promotion to vLLM: after the next run one champion, and server, alias, champion.json and Chronicle agree."""

import os
import signal
import sys

import pytest
from test_recovery import at_step
from test_vllm import VllmScene
from vllm_server import Vllm

from autodidact.chronicle import Chronicle
from autodidact.promotion import registry
from autodidact.promotion.recovery import recover

# Function (after its caller, where there are several), whether it is killed as it begins or as it ends, and who is champion after that.
STEPS = [
    ("settle", "return", "v1"), ("check_adapter", "return", "v1"), ("set_state", "call", "v1"), ("set_state", "return", "v1"),
    ("promote>serve", "call", "v1"), ("record_deployment", "return", "v1"), ("_bring>deploy", "call", "v1"), ("_bring>deploy", "return", "v1"),
    ("_loaded", "return", "v1"), ("_identity", "return", "v1"), ("health", "return", "v1"), ("_bring>probe", "return", "v1"),
    ("promote>serve", "return", "v1"), ("swap_champion", "call", "v1"), ("swap", "return", "v1"), ("swap_champion", "return", "v2"),
    ("promote>publish", "call", "v2"), ("promote>publish", "return", "v2"), ("promote>point", "call", "v2"), ("promote>point", "return", "v2"),
    ("promote>sweep", "call", "v2"), ("_drain", "call", "v2"), ("_drain", "return", "v2"), ("sweep>retire", "return", "v2"),
    ("promote>sweep", "return", "v2"), ("promote>prune", "return", "v2"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("step", "moment", "champion"), STEPS)
def test_killed_at(tmp_path, step, moment, champion):
    vllm = Vllm().start()
    try:
        scene = VllmScene(tmp_path, vllm, bake=0)
        child = os.fork()
        if child == 0:
            try:
                again = Chronicle(f"sqlite:///{tmp_path}/chronicle.db")
                sys.settrace(at_step(step, moment))
                registry.promote(again, scene.store, scene.settings, "shop", "v2", expected="v1", by="ann", reason="because")
            finally:
                os._exit(0)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        recover(scene.chronicle, scene.store, scene.settings, "shop")
        scene.is_right(champion)
        assert [weights for _, weights in vllm.loaded.values()] == [f"weights of {champion}"]
        assert recover(scene.chronicle, scene.store, scene.settings, "shop") == []
    finally:
        vllm.die()
