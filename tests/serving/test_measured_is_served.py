"""A version is measured on a real `autodidact serve` before clients get it: the answers are the own engine's,
and those that clients get.
"""

import httpx
import pytest

from autodidact.benchmark.ask_server_by_tokens import TokenEngine
from autodidact.benchmark.engines import LocalEngine, Prompt
from autodidact.models.find_base_model import resolve_base
from autodidact.models.loading import load_model
from autodidact.models.openai_client import OpenAIClient
from autodidact.promotion import change_champion
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.deployers.local import versions_to_serve
from autodidact.promotion.trial_on_server import Trial
from tests.serving.test_serve import WHY, World

pytestmark = pytest.mark.slow
LEASE = "shop/cycles/c1/benchmark/lease.json"


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.start()
    yield made
    made.process.kill()
    made.process.wait()


def test_what_was_measured_on_the_server_is_what_clients_get_after_the_promotion(world):
    base, candidate = (champion_record(world.chronicle.version("shop", name)) for name in world.versions[:2])
    prompts = [
        Prompt(f"p{n}", [{"role": "user", "content": "the queue router " * n}], [], 12) for n in range(1, 9)
    ]
    resolved = resolve_base(world.settings)
    here = LocalEngine(*load_model(resolved, world.store.root / candidate.adapter.path, "none")).answer(
        prompts
    )
    with world.store.lease(LEASE):
        through = Trial(world.settings, world.store, "shop", LEASE, [candidate, base]).bring(candidate)
        assert (through.name, through.kind, through.precision) == (candidate.version, "local", "none")
        engine = TokenEngine(
            OpenAIClient(through.url, what="it"), through.name, resolved.tokenizer(), batch=16
        )
        measured = engine.answer(prompts)
        world.agrees_on(world.base)  # clients have what they had
    assert [answer.text for answer in measured] == [answer.text for answer in here]
    world.promote(candidate.version, world.base)
    world.agrees_on(candidate.version)
    for prompt, answer in zip(prompts, measured, strict=True):
        body = {"model": "autodidact", "messages": prompt.messages, "max_tokens": 12, "temperature": 0}
        served = httpx.post(f"{world.url}/v1/chat/completions", json=body, timeout=300).json()
        assert served["choices"][0]["message"]["content"] == answer.message["content"]


def test_a_refused_candidate_leaves_the_server(world):
    base, candidate = (champion_record(world.chronicle.version("shop", name)) for name in world.versions[:2])
    with world.store.lease(LEASE):
        Trial(world.settings, world.store, "shop", LEASE, [candidate, base]).bring(candidate)
    assert [each.version for each in versions_to_serve(world.store, "shop")] == [candidate.version]
    change_champion.keep_champion(world.chronicle, world.store, world.settings, "shop", **WHY)
    assert versions_to_serve(world.store, "shop") == []
