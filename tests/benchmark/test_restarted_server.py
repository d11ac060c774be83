"""A server that is started again while a candidate is measured on it has forgotten the candidate: it is loaded
again, and asked again what it had not answered.
"""

import threading
import time

import pytest

from autodidact.benchmark.measure_cycle_models import Measuring, Model
from autodidact.models.find_base_model import resolve_base
from autodidact.promotion.trial_on_server import on_the_server
from autodidact.promotion.vllm_check import TEXT
from autodidact.records import Adapter
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.cycles import a_cycle
from tests.promotion.test_trial_on_server import Measured
from tests.promotion.vllm_server import Vllm

pytestmark = pytest.mark.slow
# The item at which the server goes down.
FATAL = 40


class Restarted(Vllm):
    """Goes down once in the middle of the items, and comes back a second later without its adapters."""

    items = 0

    def _answer(self, path, body):
        if body.get("return_token_ids"):
            self.items += 1
            if self.items == FATAL:
                threading.Thread(target=self.again, daemon=True).start()
                return None
        return super()._answer(path, body)

    def again(self):
        self.die()
        time.sleep(1)
        self.start()


def test_the_candidate_is_loaded_again_and_asked_again(tmp_path):
    vllm = Restarted().start()
    try:
        scene = Measured(tmp_path, vllm, timeout=60)
        given = {"base_model": "sprout", "store": str(scene.store.root), "benchmark.through": "server"}
        given |= {f"deploy.{key}": value for key, value in scene.settings.deploy.model_dump().items()}
        said: list[str] = []
        vllm.tokens = resolve_base(load_settings(overrides=given)).tokenizer()(TEXT)["input_ids"]
        runtime = Runtime(load_settings("laptop", given, environ={}), say=said.append)
        candidate = scene.models[0]
        cycle = a_cycle(runtime.settings, champion=scene.models[1])
        vllm.asked.clear()
        measuring = Measuring(cycle, runtime, None, "shop/cycles/c/benchmark/lease.json", on_the_server)
        model = Model(Adapter(**candidate.adapter.model_dump()), candidate.quantization)
        report = measuring.report(model, [0])
        loads = [line for line in vllm.asked if line.startswith("POST /v1/load_lora_adapter")]
        loads.remove("POST /v1/load_lora_adapter autodidact-benchmark-shop")  # tried before the first item
        names = [scene.name(version) for version in ("v2", "v1", "v2")]  # once lost, the champion comes first
        assert [line.rpartition(" ")[2] for line in loads] == names
        assert any("the server was started again" in line for line in said)
        assert len(report.items) == 135 and report.aa["n"] == 45 and report.aa["equal"] == 1
        assert not any(item.missing for item in report.items if item.category == "tool_use")
        scene.is_right("v1")
    finally:
        vllm.die()
