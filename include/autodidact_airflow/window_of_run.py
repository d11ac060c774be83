"""The window of an Airflow run: which `until` it stands for, and whether that is history."""

from datetime import datetime, timedelta, timezone
from typing import NamedTuple

# A window that ended longer before its run was due is history.
HISTORICAL_AFTER = timedelta(hours=12)


class Window(NamedTuple):
    since: datetime | None
    until: datetime
    historical: bool


def window_of(run_type, run_after: datetime, start: datetime | None, end: datetime | None) -> Window:
    """A run's window. Without a data interval (triggered without a date, by an asset, by REST) it ends at
    `run_after`.

    Historical: a backfill, or a window that ended more than 12 h before the run was due (`airflow dags test
    DAG 2026-11-20`). It stands for its data interval, literally. `run_type` is Airflow's DagRunType, or its
    value.
    """
    until = (end or run_after).astimezone(timezone.utc)
    historical = (
        getattr(run_type, "value", run_type) == "backfill"
        or run_after.astimezone(timezone.utc) - until > HISTORICAL_AFTER
    )
    return Window(start.astimezone(timezone.utc) if historical and start else None, until, historical)
