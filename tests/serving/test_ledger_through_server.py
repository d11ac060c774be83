"""The ledger is asked of a real `autodidact serve` where cycles measure through the server."""

import httpx
import pytest

from autodidact.cycle.run import ask_ledger
from autodidact.ledger import entries
from autodidact.ledger.ask_versions import Asker
from autodidact.ledger.ledger_as_text import as_text
from autodidact.ledger.stage import figures_of, prompt_of
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.deployers.local import versions_to_serve
from autodidact.records import Manifest
from autodidact.runtime import Runtime
from tests.cycles import a_cycle
from tests.ledger.facts import fact
from tests.serving.test_serve import World

pytestmark = pytest.mark.slow
FACTS = [fact(f"80{n}", kind="port", subject=f"s{n}", reserved=f"the queue router {n}") for n in range(3)]


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.start()
    made.promote(made.versions[1], made.base)
    made.promote(made.versions[2], made.versions[1])
    yield made
    made.process.kill()
    made.process.wait()


def the_cycle(world):
    """(cycle that promoted the champion, runtime)"""
    settings = world.settings.model_copy(
        update={
            "store": str(world.store.root),
            "chronicle": world.settings.chronicle.model_copy(
                update={"url": f"sqlite:///{world.store.root.parent}/chronicle.db"}
            ),
            "benchmark": world.settings.benchmark.model_copy(update={"through": "server"}),
            "knowledge": world.settings.knowledge.model_copy(update={"questions": 9}),
        }
    )
    runtime = Runtime(settings, say=lambda line: None)
    before = champion_record(world.chronicle.version("shop", world.versions[1]))
    cycle = a_cycle(settings, cycle_id="c2", champion=before, base=before.base)
    output = world.store.write_jsonl(f"{cycle.folder}/knowledge/facts.jsonl", FACTS)
    manifest = Manifest(
        stage="knowledge",
        cycle_id=cycle.cycle_id,
        code="1",
        outputs={"facts.jsonl": output},
        started=cycle.until,
        seconds=1,
    )
    world.store.write_json(f"{cycle.folder}/knowledge/manifest.json", manifest)
    return cycle, runtime


def test_the_champion_and_the_version_before_it_answer_on_the_server(world):
    cycle, runtime = the_cycle(world)
    ask_ledger(cycle, runtime)
    found = figures_of(cycle, world.store)
    assert {name: found["served"][name] for name in ("name", "kind")} == {
        "name": world.versions[2],
        "kind": "local",
    }
    assert ", through the server (" in as_text(found)
    assert (found["version"], found["asked"]) == (world.versions[2], 3)
    assert (found["replaced"]["version"], found["replaced"]["asked"]) == (world.versions[1], 3)
    for row in entries.read(world.store, "shop", world.versions[2], "c2"):
        text = next(each.reserved for each in FACTS if each.id == row.fact)
        body = {"model": "autodidact", "messages": [{"role": "user", "content": text}], "max_tokens": 64}
        served = httpx.post(f"{world.url}/v1/chat/completions", json=body | {"temperature": 0}, timeout=300)
        said = served.json()["choices"][0]["message"]["content"]
        assert row.says == " ".join(said.split())[:300]
    # Nothing stays on the server that was not there: the champion, and the one before in its bake time.
    world.agrees_on(world.versions[2])
    assert {each.version for each in versions_to_serve(world.store, "shop")} <= set(world.versions[1:3])


def test_an_answer_of_a_process_here_is_no_answer_of_the_server(world):
    cycle, runtime = the_cycle(world)
    ask_ledger(cycle, runtime)
    said: list[str] = []
    runtime.say = said.append
    champion = champion_record(world.chronicle.version("shop", world.versions[2]))
    here = Asker(cycle, runtime)
    answers = here.ask(champion, map(prompt_of, FACTS))
    assert here.served is None and "  questions: batch 1 of 1" in said
    # The same model, so the same words.
    rows = entries.read(world.store, "shop", world.versions[2], "c2")
    assert {row.fact: row.says for row in rows} == {
        key: " ".join(text.split())[:300] for key, text in answers.items()
    }
