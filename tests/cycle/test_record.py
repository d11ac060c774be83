import pytest

from autodidact.cycle.record import read_cycle
from autodidact.errors import AutodidactError
from autodidact.store import Store


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
