"""What a cycle freezes of the ledger of the one before."""

import pytest

from autodidact.cycle.run import ask_ledger
from autodidact.ledger.facts_to_teach import frozen, weight
from autodidact.records import Adapter
from tests.cycles import BASE, a_cycle
from tests.ledger.facts import fact
from tests.ledger.test_stage import MOVED, PORT, World

USED = fact("8026", kind="port", subject="web", users=10, reserved="The port of web?")
OTHER = BASE.model_copy(update={"version": "v2"})
PLAIN = fact("8027", kind="port", subject="api", reserved="The port of the api?")


@pytest.fixture
def world(tmp_path, monkeypatch):
    world = World(tmp_path, monkeypatch)
    world.collect(MOVED, PORT, USED, PLAIN)
    world.answers = {
        MOVED.reserved: "shop/basket.py",
        PORT.reserved: "8025",
        USED.reserved: "I do not know.",
        PLAIN.reserved: "I do not know.",
    }
    ask_ledger(world.cycle, world.runtime)
    return world


def test_stale_facts_and_important_unknown_ones_are_frozen_by_id_without_text(world):
    found = frozen(world.runtime.store, "shop", [world.cycle.cycle_id], BASE)
    assert (
        found.pop("facts")
        == world.cycle.manifest(world.runtime.store, "knowledge").outputs["facts.jsonl"].sha256
    )
    assert found == {
        "cycle_id": world.cycle.cycle_id,
        "version": "base-1",
        "weights": dict(sorted({MOVED.id: 6.25, USED.id: 0.5}.items())),
        "stale": [MOVED.id],
    }


def test_the_ledger_of_another_model_steers_nothing(world):
    assert frozen(world.runtime.store, "shop", [world.cycle.cycle_id], OTHER) == {}
    assert frozen(world.runtime.store, "shop", ["2026-11-01T0000Z"], BASE) == {}


GONE = fact(None, subject="Till", until="2026-11-20T12:00:00Z", earlier=[("till.py", "2026-11-20T12:00:00Z")])


def test_what_was_taught_first_is_taught_again_while_it_is_known(world):
    """The champion learned MOVED and GONE as changes, and PLAIN because it was important once."""
    store, adapter = world.runtime.store, Adapter(path="x", sha256="a" * 64)
    trained = a_cycle(cycle_id="2026-11-22T1200Z", ledger={"stale": [MOVED.id, GONE.id]})
    store.write_json(f"{trained.folder}/cycle.json", trained)
    questions = [{"id": MOVED.id, "steered": True}, {"id": PLAIN.id, "steered": True}, {"id": PORT.id}]
    store.write_jsonl(f"{trained.folder}/generated/ast_parser.questions.jsonl", questions)
    champion = BASE.model_copy(update={"version": "v2", "adapter": adapter, "cycle_id": trained.cycle_id})
    world.serve(champion)
    later = a_cycle(world.runtime.settings, cycle_id="2026-11-23T2359Z", until="2026-11-23T23:59:00Z")
    world.collect(MOVED, PORT, USED, PLAIN, GONE, cycle=later)
    world.answers |= {MOVED.reserved: "shop/cart.py", PLAIN.reserved: "8027", GONE.reserved: "It is gone."}
    ask_ledger(later, world.runtime)
    found = frozen(store, "shop", [later.cycle_id], champion)
    assert found["weights"] == {MOVED.id: 3.25, PLAIN.id: 3.0, GONE.id: 3.25, USED.id: 0.5}
    assert sorted(found["stale"]) == sorted([MOVED.id, GONE.id])


@pytest.mark.parametrize(
    "outcome, taught, changes, users, asked, expected",
    [
        ("known", False, 9, 99, 99, 0.0),
        (None, False, 9, 99, 99, 0.0),
        ("unknown", False, 0, 0, 0, 0.0),
        ("unknown", True, 2, 5, 0, 0.75),
        ("unknown", False, 0, 0, 1, 0.2),
        ("wrong", False, 9, 99, 99, 3.0),
        ("known", True, 0, 0, 0, 3.0),
        (None, True, 2, 0, 0, 3.5),
        ("stale", False, 0, 0, 0, 6.0),
        ("stale", True, 9, 99, 99, 9.0),
    ],
)
def test_weight(outcome, taught, changes, users, asked, expected):
    about = fact(users=users, asked=asked, earlier=[(str(k), "2026-11-20T00:00:00Z") for k in range(changes)])
    assert weight(about, outcome, taught) == expected
