"""What Airflow's metrics (StatsD or OpenTelemetry, `[metrics]` of its configuration) show of cycles and
models.

All are gauges below Airflow's own prefix, with the tag `system`. They are set when a cycle closes; what is
not known is not set. deploy/grafana/ has a dashboard and alerts of them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

COUNTS = ("facts", "asked", "known", "unknown", "wrong", "stale", "stale_standing")


class Gauge(NamedTuple):
    name: str
    value: float
    tags: dict[str, str]


def gauges(summary: Mapping[str, Any]) -> None:
    """Sets the gauges of a cycle that has closed. `summary`: as cycle/summary.py makes it."""
    from airflow.sdk.observability import stats

    for gauge in of_cycle(summary):
        stats.gauge(f"autodidact.{gauge.name}", gauge.value, tags={"system": summary["system"]} | gauge.tags)


def of_cycle(summary: Mapping[str, Any]) -> Iterator[Gauge]:
    """What the model in service knows; and, of a live cycle, what each part of it did. A backfill measures
    the past: it would hide that no live cycle came.
    """
    for name, value in knowledge(summary.get("knowledge") or {}).items():
        yield Gauge(f"knowledge.{name}", value, {})
    if summary["kind"] != "live":
        return
    yield Gauge("cycle.until", datetime.fromisoformat(summary["until"]).timestamp(), {})
    promoted = summary["candidate"] is not None and summary["champion"] == summary["candidate"]
    yield Gauge("cycle.promoted", float(promoted), {})
    for row in summary["generators"]:
        tags = {"generator": row["name"]}
        yield Gauge("generator.failed", float(row["status"] == "failed"), tags)
        for name in ("examples", "new", "seconds"):
            if row[name] is not None:
                yield Gauge(f"generator.{name}", float(row[name]), tags)
    yield from _gate(summary.get("gate") or {})
    for role, scores in summary["scores"].items():
        if scores["overall"] is not None:
            yield Gauge("score.overall", scores["overall"], {"role": role})
        for category, value in scores["categories"].items():
            if value is not None:
                yield Gauge("score.category", value, {"role": role, "category": category})
    if speed := (summary.get("training") or {}).get("tokens_per_second"):
        yield Gauge("training.tokens_per_second", float(speed), {})


def _gate(report: Mapping[str, Any]) -> Iterator[Gauge]:
    for name in ("raw", "kept", "kept_share"):
        if report.get(name) is not None:
            yield Gauge(f"gate.{name}", float(report[name]), {})
    for rule, row in report.get("by_rule", {}).items():
        yield Gauge("gate.dropped", float(row["dropped"]), {"rule": rule})


def knowledge(found: Mapping[str, Any]) -> dict[str, float]:
    """Gauge to value, of the figures in ledger/ledger_statistics.py: the counts, the share known, the median
    hours from commit to knowledge, and the age.
    """
    every = {name: found.get(name) for name in COUNTS}
    every["share"] = found.get("share", {}).get("mean")
    every["hours"] = found.get("hours", {}).get("median")
    every["age_hours"] = found.get("age_hours")
    return {name: float(value) for name, value in every.items() if value is not None}
