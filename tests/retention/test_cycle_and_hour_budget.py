"""When the budget of a day or a month is used up, no cycle is opened, and it is said until when."""

from datetime import datetime, timedelta, timezone

import pytest

from autodidact.chronicle import Chronicle
from autodidact.errors import Skipped
from autodidact.retention.cycle_and_hour_budget import require_budget
from autodidact.settings import load_settings
from autodidact.store import Store

NOW = datetime(2026, 12, 31, 18, tzinfo=timezone.utc)


@pytest.fixture
def system(tmp_path):
    """A store and a Chronicle with two cycles of 31 December: one trained for 2 hours and measured for 1."""
    store = Store(tmp_path)
    with Chronicle(f"sqlite:///{tmp_path}/chronicle.db") as chronicle:
        for name, hour in (("a", 4), ("b", 16)):
            until = f"2026-12-31T{hour:02}:00:00Z"
            row = {
                "system": "shop",
                "cycle_id": name,
                "kind": "live",
                "since": None,
                "until": until,
                "seed": 1,
            }
            chronicle.record_cycle(row, at=until)
        for stage, hours in (("training", 2), ("benchmark", 1)):
            store.write_json(
                f"shop/cycles/a/{stage}/manifest.json",
                {
                    "format": 1,
                    "stage": stage,
                    "cycle_id": "a",
                    "inputs": {},
                    "code": "1",
                    "outputs": {},
                    "status": "done",
                    "reason": None,
                    "counts": {},
                    "errors": [],
                    "started": "2026-12-31T04:10:00Z",
                    "seconds": hours * 3600,
                },
            )
        yield store, chronicle


def settings(**budget):
    return load_settings(overrides={f"budget.{key}": value for key, value in budget.items()}, environ={})


def test_without_a_budget_nothing_is_looked_at(system):
    require_budget(settings(), *system, "shop", NOW)


def test_cycles_of_a_day(system):
    require_budget(settings(cycles_a_day=3), *system, "shop", NOW)
    with pytest.raises(Skipped) as error:
        require_budget(settings(cycles_a_day=2), *system, "shop", NOW)
    assert str(error.value) == (
        "2 of 2 cycles of 2026-12-31 are used (budget.cycles_a_day); the next cycle may open on 2027-01-01 UTC,"
        " and the version in service stays"
    )
    require_budget(settings(cycles_a_day=2), *system, "shop", NOW + timedelta(hours=7))


def test_hours_of_a_month(system):
    require_budget(settings(gpu_hours_a_month=3.5), *system, "shop", NOW)
    with pytest.raises(Skipped) as error:
        require_budget(settings(gpu_hours_a_month=3), *system, "shop", NOW)
    assert str(error.value) == (
        "3.0 of 3 hours of December are used (budget.gpu_hours_a_month); the next cycle may open on 2027-01-01"
        " UTC, and the version in service stays"
    )
    require_budget(settings(gpu_hours_a_month=3), *system, "shop", NOW + timedelta(days=1))


def test_a_pause_is_logged_once(system):
    for _ in range(3):
        with pytest.raises(Skipped):
            require_budget(settings(cycles_a_day=2), *system, "shop", NOW)
    events = [row for row in system[1].events("shop") if row["kind"] == "paused"]
    assert len(events) == 1
