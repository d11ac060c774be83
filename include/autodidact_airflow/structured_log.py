"""The fields that a collector of logs finds on the JSON lines of a task: which cycle, which stage, how it
ended.

Airflow writes a task's log as one JSON object a line. Its own lines (a task that failed, with the traceback)
get the cycle's fields from here; each stage adds one line of its own when it ends. The lines for people stay
as they are: Airflow reads them from the task's output, which has no fields.
"""

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle
    from autodidact.records import Manifest

# Before `reason` in the alphabet, in which a console prints the fields: dag_test_output_to_screen.py reads
# that one to the end of its line.
SYSTEM, CYCLE = "autodidact_system", "autodidact_cycle"


def name_cycle(cycle: "Cycle") -> None:
    """Every line that this process logs from now on names the cycle."""
    structlog.contextvars.bind_contextvars(**{SYSTEM: cycle.system, CYCLE: cycle.cycle_id})


def stage_ended(cycle: "Cycle", manifest: "Manifest") -> None:
    """One line `autodidact stage ended`: stage, status, seconds, how many inputs were left out, and the
    stage's counts that are plain numbers.
    """
    counts = {name: count for name, count in manifest.counts.items() if isinstance(count, int | float)}
    structlog.get_logger("autodidact").info(
        "autodidact stage ended",
        **{SYSTEM: cycle.system, CYCLE: cycle.cycle_id},
        stage=manifest.stage,
        status=manifest.status,
        seconds=manifest.seconds,
        left_out=sum(trouble.count for trouble in manifest.errors),
        counts=counts,
    )
