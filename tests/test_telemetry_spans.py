"""What a collector of OpenTelemetry is told of a stage."""

import json
import subprocess
import sys

import pytest

from autodidact.errors import AutodidactError, Skipped
from autodidact.stage import run_stage
from autodidact.store import Store
from autodidact.telemetry_spans import span

# A tracer can be set up once in a process, so each of these is a process of its own.
TOLD = """
import json, sys
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from autodidact.errors import AutodidactError, Skipped
from autodidact.stage import run_stage
from autodidact.store import Store

exporter, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)

def work(run):
    run.counts["kept"] = 3
    {body}

with trace.get_tracer("airflow").start_as_current_span("worker.gate"):
    try:
        run_stage(Store(sys.argv[1]), "2026-11-23T1200Z", "gate", "shop/gate", code="1", inputs={{}}, work=work)
    except AutodidactError:
        pass
ours, task = exporter.get_finished_spans()
assert ours.parent.span_id == task.context.span_id
print(json.dumps([ours.name, dict(ours.attributes), ours.status.status_code.name, ours.status.description]))
"""
KNOWN = {"autodidact.cycle_id": "2026-11-23T1200Z", "autodidact.folder": "shop/gate"}


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        ("pass", {"autodidact.counts.kept": 3, "autodidact.status": "done"}, ["UNSET", None]),
        (
            "raise Skipped('nothing to do')",
            {"autodidact.counts.kept": 3, "autodidact.status": "skipped"},
            ["UNSET", None],
        ),
        ("raise AutodidactError('the key is hunter2')", {}, ["ERROR", "AutodidactError"]),
    ],
)
def test_a_stage_is_a_span_below_the_task_s(tmp_path, body, more, status):
    code = TOLD.format(body=body)
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == ["autodidact.gate", KNOWN | more, *status]


def test_without_a_tracer_nothing_happens(tmp_path):
    with span("gate", {"cycle_id": "x"}) as attributes:
        attributes["status"] = "done"
    with pytest.raises(AutodidactError, match="no space"):
        run_stage(Store(tmp_path), "x", "gate", "shop/gate", code="1", inputs={}, work=_fails)
    with pytest.raises(Skipped), span("gate", {}):
        raise Skipped("nothing to do")


def _fails(run) -> None:
    raise AutodidactError("no space")
