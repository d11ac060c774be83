"""What a cycle freezes of the ledger of the one before."""

import pytest

from autodidact.cycle.run import ask_ledger
from autodidact.ledger.facts_to_teach import frozen, weight
from tests.ledger.facts import fact
from tests.ledger.test_stage import MOVED, PORT, World

USED = fact("8026", kind="port", subject="web", users=10, reserved="The port of web?")
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
    found = frozen(world.runtime.store, "shop", [world.cycle.cycle_id], "base-1")
    assert (
        found.pop("facts")
        == world.cycle.manifest(world.runtime.store, "knowledge").outputs["facts.jsonl"].sha256
    )
    assert found == {
        "cycle_id": world.cycle.cycle_id,
        "version": "base-1",
        "weights": dict(sorted({MOVED.id: 3.25, USED.id: 0.5}.items())),
        "stale": [MOVED.id],
    }


def test_the_ledger_of_another_model_steers_nothing(world):
    assert frozen(world.runtime.store, "shop", [world.cycle.cycle_id], "v2") == {}
    assert frozen(world.runtime.store, "shop", ["2026-11-01T0000Z"], "base-1") == {}


@pytest.mark.parametrize(
    "outcome, changes, users, asked, expected",
    [
        ("known", 9, 99, 99, 0.0),
        ("unknown", 0, 0, 0, 0.0),
        ("unknown", 2, 5, 0, 0.75),
        ("unknown", 0, 0, 1, 0.2),
        ("wrong", 9, 99, 99, 3.0),
        ("stale", 0, 0, 0, 3.0),
        ("stale", 9, 99, 99, 6.0),
    ],
)
def test_weight(outcome, changes, users, asked, expected):
    about = fact(users=users, asked=asked, earlier=[(str(k), "2026-11-20T00:00:00Z") for k in range(changes)])
    assert weight(about, outcome) == expected
