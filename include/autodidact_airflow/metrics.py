"""What Airflow's metrics (StatsD or OpenTelemetry, `[metrics]` of its configuration) show of the models."""

from collections.abc import Mapping
from typing import Any

# Gauges, under Airflow's own prefix, with the tag `system`: name to what it is in the figures of the ledger.
PREFIX = "autodidact.knowledge"
COUNTS = ("facts", "asked", "known", "unknown", "wrong", "stale", "stale_standing")


def gauges(system: str, found: Mapping[str, Any] | None) -> None:
    """Sets the gauges of what the model in service knows. `found`: the figures of a cycle, as in
    ledger/figures.py; None: nobody was asked. What is not known is not set.
    """
    from airflow.sdk.observability import stats

    for name, value in values(found or {}).items():
        stats.gauge(f"{PREFIX}.{name}", value, tags={"system": system})


def values(found: Mapping[str, Any]) -> dict[str, float]:
    """Gauge to value: the counts, the share known, the median hours from commit to knowledge, and the age."""
    every = {name: found.get(name) for name in COUNTS}
    every["share"] = found.get("share", {}).get("mean")
    every["hours"] = found.get("hours", {}).get("median")
    every["age_hours"] = found.get("age_hours")
    return {name: float(value) for name, value in every.items() if value is not None}
