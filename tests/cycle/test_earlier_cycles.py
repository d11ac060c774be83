"""What a cycle asks of all earlier ones of its system, which ever more cycles must not make dear."""

import pytest

from autodidact.benchmark.stage import unmeasured
from autodidact.chronicle import Chronicle
from autodidact.cycle.decide import _waiting
from autodidact.generators.facts_stage import cycle_before
from autodidact.records import Manifest, Output
from autodidact.store import Store
from tests.cycles import BASE, a_cycle

OLDEST, OLDER, NOW = "2026-11-21T1200Z", "2026-11-22T1200Z", a_cycle()


class Watched(Store):
    """A store that remembers what was read and listed."""

    def __init__(self, url):
        super().__init__(url)
        self.asked: list[str] = []

    def read_bytes(self, key):
        self.asked.append(f"read {key}")
        return super().read_bytes(key)

    def list(self, prefix):
        self.asked.append(f"list {prefix}")
        return super().list(prefix)

    def folders(self, prefix=""):
        self.asked.append(f"folders {prefix}")
        return super().folders(prefix)


@pytest.fixture
def store(tmp_path) -> Watched:
    """Two earlier cycles that trained, and the one that runs now."""
    found = Watched(tmp_path / "store")
    for name in (OLDEST, OLDER):
        folder = f"shop/cycles/{name}"
        found.write_json(f"{folder}/cycle.json", a_cycle(cycle_id=name, until=f"{name[:13]}:00:00Z"))
        outputs = {"adapter": Output(sha256="a" * 64, bytes=1)}
        stage = Manifest(
            stage="train",
            cycle_id=name,
            code="1",
            outputs=outputs,
            started="2026-11-21T12:00:00Z",
            seconds=1.0,
        )
        found.write_json(f"{folder}/training/manifest.json", stage)
    found.write_json(f"{NOW.folder}/cycle.json", NOW)
    return found


@pytest.fixture
def chronicle(tmp_path) -> Chronicle:
    found = Chronicle(f"sqlite:///{tmp_path}/chronicle.db")
    adapter = {"path": f"shop/cycles/{OLDER}/training/adapter", "sha256": "a" * 64}
    for name in (OLDEST, OLDER):
        found.record_cycle({"system": "shop", "cycle_id": name, "until": f"{name[:13]}:00:00Z"})
    found.register_version("shop", "v-1", OLDER, BASE.base, adapter, "nf4")
    found.set_state("shop", "v-1", "benchmarked", "autodidact", "overall 0.3")
    return found


def test_those_that_were_trained_and_never_measured_are_found_by_one_listing(store):
    store.write_text(f"shop/cycles/{OLDEST}/benchmark/manifest.json", "{}")
    store.asked.clear()
    assert [each.cycle_id for each in unmeasured(NOW, store)] == [OLDER]
    assert [each for each in store.asked if "list" in each] == ["list shop/cycles"]


def test_those_that_were_measured_and_got_no_verdict_wait_for_one(store, chronicle):
    store.write_text(f"shop/cycles/{OLDER}/benchmark/manifest.json", "{}")
    assert [each.cycle_id for each in _waiting(NOW, store, chronicle)] == [OLDER]


def test_one_whose_promotion_failed_waits_while_its_cycle_is_open_and_of_closed_ones_no_verdict_is_read(
    store, chronicle
):
    chosen = {"promotes": {"cycle_id": OLDER, "version": "v-1"}}
    for name in (OLDEST, OLDER):
        store.write_json(f"shop/cycles/{name}/verdict.json", chosen if name == OLDER else {"promotes": None})
    chronicle.close_cycle("shop", OLDEST, "kept")
    store.asked.clear()
    assert [each.cycle_id for each in _waiting(NOW, store, chronicle)] == [OLDER]
    assert store.asked == [
        "list shop/cycles",
        f"read shop/cycles/{OLDER}/verdict.json",
        f"read shop/cycles/{OLDER}/cycle.json",
    ]
    chronicle.close_cycle("shop", OLDER, "kept")
    assert _waiting(NOW, store, chronicle) == []


def test_the_cycle_whose_facts_are_compared_is_found_without_listing_any_file(store):
    assert cycle_before(store, NOW) is None
    store.write_text(f"shop/cycles/{OLDEST}/knowledge/manifest.json", "{}")
    store.write_text("shop/cycles/2026-11-24T1200Z/knowledge/manifest.json", "{}")
    store.asked.clear()
    assert cycle_before(store, NOW) == f"shop/cycles/{OLDEST}"
    assert store.asked == ["folders shop/cycles"]
