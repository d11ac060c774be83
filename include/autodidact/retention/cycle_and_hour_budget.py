"""A budget of cycles and hours: when it is used up no cycle is opened until the next day, or month."""

from datetime import datetime, timedelta, timezone
from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.errors import Skipped
from autodidact.settings import Settings
from autodidact.stage import load_manifest, manifest_key
from autodidact.store import Store

# The stages that a GPU is kept busy with.
BUSY = ("train", "measure_champion", "benchmark")


def hours(store: Store, system: str, rows: list[dict[str, Any]], since: str) -> float:
    """Hours of the stages in BUSY that began at or after `since`, over the cycles in `rows`. What was made
    and thrown away by a kill is not in it: only a manifest says how long a stage took.
    """
    folders = [f"{system}/cycles/{row['cycle_id']}" for row in rows]
    found = (load_manifest(store, f"{folder}/{manifest_key(stage)}") for folder in folders for stage in BUSY)
    return sum(each.seconds for each in found if each and each.started >= since) / 3600


def require_budget(
    settings: Settings, store: Store, chronicle: Chronicle, system: str, now: datetime | None = None
) -> None:
    """Raises Skipped where the budget of today or of this month (UTC) is used up, and logs that once."""
    budget, now = settings.budget, (now or datetime.now(timezone.utc)).astimezone(timezone.utc)
    if budget.cycles_a_day is None and budget.gpu_hours_a_month is None:
        return
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    month = today.replace(day=1)
    rows = chronicle.cycles(system)
    opened = sum(row["at"] >= _text(today) for row in rows)
    if budget.cycles_a_day is not None and opened >= budget.cycles_a_day:
        said = f"{opened} of {budget.cycles_a_day} cycles of {today:%Y-%m-%d} are used (budget.cycles_a_day)"
        _pause(chronicle, system, said, today + timedelta(days=1))
    if budget.gpu_hours_a_month is not None:
        # A stage that began this month may belong to a cycle that was opened in the month before.
        lately = [row for row in rows if row["at"] >= _text(month - timedelta(days=31))]
        used = hours(store, system, lately, _text(month))
        if used >= budget.gpu_hours_a_month:
            said = f"{used:.1f} of {budget.gpu_hours_a_month:g} hours of {month:%B} are used"
            following = (month + timedelta(days=32)).replace(day=1)
            _pause(chronicle, system, f"{said} (budget.gpu_hours_a_month)", following)


def _pause(chronicle: Chronicle, system: str, said: str, until: datetime) -> None:
    line = f"{said}; the next cycle may open on {until:%Y-%m-%d} UTC, and the version in service stays"
    before = chronicle.newest_event(system, "paused")
    if before is None or before["message"] != line:
        chronicle.event(system, "paused", line)
    raise Skipped(line)


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
