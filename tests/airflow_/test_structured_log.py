"""What a collector of logs gets of a task beside the lines for people."""

import json

import structlog
from structlog.testing import capture_logs

from autodidact.records import Manifest, Trouble
from autodidact_airflow import structured_log
from tests.cycles import a_cycle


def test_a_stage_that_ended_is_one_line_with_its_fields():
    cycle = a_cycle()
    manifest = Manifest(
        cycle_id=cycle.cycle_id,
        stage="generate.ast_parser",
        status="done",
        counts={"examples": 30, "new": 2, "by_kind": {"port": 3}},
        errors=[Trouble(reason="Python 2", count=4, ref="old.py")],
        seconds=1.5,
        started="2026-11-23T12:00:00Z",
        code="1",
    )
    with capture_logs() as lines:
        structured_log.stage_ended(cycle, manifest)
    assert lines == [
        {
            "event": "autodidact stage ended",
            "log_level": "info",
            "autodidact_system": "shop",
            "autodidact_cycle": "2026-11-23T1200Z",
            "stage": "generate.ast_parser",
            "status": "done",
            "seconds": 1.5,
            "left_out": 4,
            "counts": {"examples": 30, "new": 2},
        }
    ]


def test_the_lines_of_airflow_itself_name_the_cycle_as_json(capfd):
    from airflow.sdk.log import configure_logging

    before = structlog.get_config()
    try:
        configure_logging(json_output=True)
        structured_log.name_cycle(a_cycle())
        structlog.get_logger("task").error("Task failed with exception")
    finally:
        structlog.configure(**before)
        structlog.contextvars.clear_contextvars()
    written = "".join(capfd.readouterr())
    (line,) = [json.loads(line) for line in written.splitlines() if "Task failed" in line]
    assert (line["level"], line["autodidact_system"], line["autodidact_cycle"]) == (
        "error",
        "shop",
        "2026-11-23T1200Z",
    )
