"""The gauges that an operator watches, as a collector gets them; dashboard and alerts that show them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import yaml
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from autodidact_airflow import metrics
from tests.loopback import Handler, Server

GRAFANA = Path(__file__).resolve().parents[2] / "deploy" / "grafana"
SUMMARY = {
    "system": "shop",
    "kind": "live",
    "until": "2026-11-23T12:00:00Z",
    "candidate": "2026-11-23T1200Z-aa",
    "champion": "2026-11-23T1200Z-aa",
    "generators": [
        {"name": "ast_parser", "status": "done", "examples": 90, "new": 12, "seconds": 3.5},
        {"name": "tool_spec", "status": "failed", "examples": None, "new": None, "seconds": None},
    ],
    "gate": {"raw": 100, "kept": 80, "kept_share": 0.8, "by_rule": {"length": {"dropped": 20}}},
    "training": {"tokens_per_second": 2178.0},
    "scores": {"candidate": {"overall": 0.5, "categories": {"tool_use": 0.25, "reasoning": None}}},
    "knowledge": {
        "facts": 3412,
        "asked": 120,
        "known": 90,
        "unknown": 20,
        "wrong": 4,
        "stale": 6,
        "stale_standing": 5,
        "share": {"mean": 0.81, "low": 0.77, "high": 0.85},
        "hours": {"median": 7.5, "p90": None},
        "age_hours": None,
    },
}
KNOWLEDGE = {
    "knowledge.facts": 3412,
    "knowledge.asked": 120,
    "knowledge.known": 90,
    "knowledge.unknown": 20,
    "knowledge.wrong": 4,
    "knowledge.stale": 6,
    "knowledge.stale_standing": 5,
    "knowledge.share": 0.81,
    "knowledge.hours": 7.5,
}
CYCLE = {
    "cycle.until": 1795435200,
    "cycle.promoted": 1,
    "generator.failed ast_parser": 0,
    "generator.examples ast_parser": 90,
    "generator.new ast_parser": 12,
    "generator.seconds ast_parser": 3.5,
    "generator.failed tool_spec": 1,
    "gate.raw": 100,
    "gate.kept": 80,
    "gate.kept_share": 0.8,
    "gate.dropped length": 20,
    "score.overall candidate": 0.5,
    "score.category candidate tool_use": 0.25,
    "training.tokens_per_second": 2178,
}


def named(gauges) -> dict[str, float]:
    return {" ".join([gauge.name, *gauge.tags.values()]): gauge.value for gauge in gauges}


def test_a_live_cycle_sets_a_gauge_for_each_figure_that_is_known():
    assert named(metrics.of_cycle(SUMMARY)) == KNOWLEDGE | CYCLE


def test_a_backfill_sets_only_what_the_model_in_service_knows():
    assert named(metrics.of_cycle(SUMMARY | {"kind": "historical"})) == KNOWLEDGE


def test_a_cycle_that_ended_early_has_no_figures_but_its_window():
    ended = {
        "knowledge": None,
        "gate": None,
        "training": None,
        "scores": {},
        "generators": [],
        "candidate": None,
    }
    assert named(metrics.of_cycle(SUMMARY | ended)) == {"cycle.until": 1795435200, "cycle.promoted": 0}


def test_without_a_backend_nothing_happens():
    metrics.gauges(SUMMARY)


def test_a_collector_of_opentelemetry_gets_them_with_their_tags(tmp_path):
    bodies = []

    class Collector(Handler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.reply(b"")

    server = Server(Collector)
    variables = {
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__METRICS__OTEL_ON": "True",
        "AIRFLOW__METRICS__OTEL_HOST": "127.0.0.1",
        "AIRFLOW__METRICS__OTEL_PORT": str(server.server_port),
    }
    code = f"import json; from autodidact_airflow import metrics; metrics.gauges(json.loads({json.dumps(SUMMARY)!r}))"
    subprocess.run([sys.executable, "-c", code], env=os.environ | variables, check=True, timeout=120)
    server.shutdown()
    seen = {}
    for body in bodies:
        for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in metric.gauge.data_points:
                        tags = {tag.key: tag.value.string_value for tag in point.attributes}
                        assert tags.pop("system") == "shop"
                        seen[" ".join([metric.name, *tags.values()])] = point.as_double or point.as_int
    assert seen == {f"airflow.autodidact.{name}": value for name, value in (KNOWLEDGE | CYCLE).items()}


def test_dashboard_and_alerts_name_only_gauges_that_a_cycle_sets():
    dashboard = json.loads((GRAFANA / "autodidact.json").read_text())
    rules = yaml.safe_load((GRAFANA / "alerts.yaml").read_text())["groups"][0]["rules"]
    shown = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    expressions = [*shown, *(rule["expr"] for rule in rules)]
    names = {name for text in expressions for name in re.findall(r"airflow_autodidact_(\w+)", text)}
    assert names <= {gauge.name.replace(".", "_") for gauge in metrics.of_cycle(SUMMARY)}
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"]) == 14
    assert all(rule["annotations"].keys() == {"summary", "action"} for rule in rules)
