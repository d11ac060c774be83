import pytest

from autodidact.cycle.record import read_cycle
from autodidact.errors import AutodidactError
from autodidact.store import Store
from tests.cycles import DRAW, a_cycle


@pytest.mark.parametrize(
    "text, why",
    [
        ("[]", "the whole: Input should be a valid dictionary or instance of Cycle"),
        ("{}", "cycle_id: Field required"),
    ],
)
def test_a_cycle_that_was_damaged_is_named_in_one_line(text, why, tmp_path):
    store = Store(tmp_path)
    store.write_text("shop/cycles/2026-11-23T1200Z/cycle.json", text)
    with pytest.raises(AutodidactError) as told:
        read_cycle(store, "shop", "2026-11-23T1200Z")
    assert told.value.message == f"shop/cycles/2026-11-23T1200Z/cycle.json is no cycle: {why}"


def test_a_cycle_file_keeps_its_digest_whichever_release_wrote_it(tmp_path):
    store = Store(tmp_path)
    key = "shop/cycles/2026-11-23T1200Z/cycle.json"
    written = a_cycle().model_dump(mode="json")
    # Before looks were counted.
    written["benchmark"] = {name: value for name, value in DRAW.items() if name != "looks"}
    written["repositories"] = [
        {"path": "/shop", "branch": None, "commit": "c" * 40, "previous": None, "later": "unknown here"}
    ]
    store.write_json(key, written)
    cycle = read_cycle(store, "shop", "2026-11-23T1200Z")
    assert cycle.model_dump(mode="json") == written


def test_a_part_of_a_cycle_that_was_damaged_is_named(tmp_path):
    store = Store(tmp_path)
    written = a_cycle().model_dump(mode="json")
    del written["benchmark"]["salt"]
    store.write_json("shop/cycles/2026-11-23T1200Z/cycle.json", written)
    with pytest.raises(AutodidactError, match=r"cycle.json is no cycle: benchmark.salt: Field required"):
        read_cycle(store, "shop", "2026-11-23T1200Z")
