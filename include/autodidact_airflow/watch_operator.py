"""Operators of our own: what a plain task cannot do, which is to wait without holding a worker."""

from datetime import timedelta

from airflow.sdk import BaseOperator

from autodidact_airflow.system_of_dag import System


class WatchChampion(BaseOperator):
    """Probes the champion every `every` until its bake time is over; between two looks the task is deferred
    and holds no worker.

    Which version: the param `version`, else the one the champion asset tells of. Returns the last look
    (promotion/watch.py).
    """

    def __init__(self, *, every: timedelta = timedelta(minutes=1), system: System | None = None, **kwargs):
        super().__init__(**kwargs)
        self.every, self.system = every, system or System()

    def execute(self, context):
        return self.look(context)

    def look(self, context, event=None):
        from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger

        from autodidact.promotion.watch import pause_of
        from autodidact_airflow import tasks

        look = self.system.within(tasks.watch)
        seen = look(context["params"], told_by(context.get("triggering_asset_events")))
        if seen["ended"] is None:
            wait = timedelta(seconds=pause_of(seen, self.every.total_seconds()))
            self.defer(trigger=TimeDeltaTrigger(wait), method_name="look")
        return seen


def told_by(events) -> dict:
    """What the newest event of the champion asset says: {"system", "version", ...}; {} for a run that no
    event triggered.
    """
    found = [event for each in (events or {}).values() for event in each]
    newest = max(found, key=lambda event: event.timestamp, default=None)
    return dict(newest.extra or {}) if newest else {}
