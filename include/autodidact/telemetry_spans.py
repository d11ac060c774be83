"""Spans of OpenTelemetry: how long each stage took, and what it was part of.

In Airflow a span is a child of the task's own, where its traces are on; elsewhere, and where nobody has set a
tracer up, nothing happens.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def span(name: str, attributes: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A span `autodidact.<name>` with these attributes, and with those that the block adds to the dict it is
    given. An error that leaves the block is the span's status, by its type: a message may say more than a
    collector should have.
    """
    from opentelemetry import trace  # 50 ms, which a command that runs no stage need not wait for

    tracer = trace.get_tracer("autodidact")
    more: dict[str, Any] = {}
    with tracer.start_as_current_span(
        f"autodidact.{name}", record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield more
        except BaseException as error:
            current.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise
        finally:
            found = (attributes | more).items()
            current.set_attributes({f"autodidact.{key}": value for key, value in found})
