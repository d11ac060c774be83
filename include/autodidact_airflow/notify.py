"""Notifiers: what became of a cycle, sent to people as soon as it is known.

    promoted       another version serves
    kept           a live cycle has closed, and the champion serves on
    rolled_back    the version before serves again: by the watch, by a person, or after a failed deployment
    stale          more stale facts than `knowledge.stale_after` stand for longer than a day
    stalled        a run has not closed its cycle in time

A task pushes what happened (`push`); the notifiers at that task read it. Each of ours posts JSON to the
address of the Connection `autodidact_notify`; any other notifier of Airflow's can stand in its place.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.sdk.bases.notifier import BaseNotifier

from autodidact.safe_text import one_line

if TYPE_CHECKING:
    from airflow.sdk import Connection

EVENTS = ("promoted", "kept", "rolled_back", "stale", "stalled")
# Which of them are sent: names with commas between, or `all`.
VARIABLE = "AUTODIDACT_NOTIFY"
CONNECTION = "autodidact_notify"
# Where a task leaves {event: sentence} and what they are about.
XCOM_KEY = "autodidact_events"
# Seconds that an address may take; characters of a sentence.
TIMEOUT, LONGEST = 10.0, 1000


def events_of(row: Mapping[str, Any], said: str, summary: Mapping[str, Any]) -> dict[str, str]:
    """Event to sentence, of a cycle that has closed. `row`: the Chronicle's; `said`: how it ended, in words.
    A backfill that promotes nothing measures the past: nothing is sent.
    """
    outcome = row["outcome"] if row["outcome"] in ("promoted", "rolled_back") else "kept"
    if outcome != "promoted" and row["kind"] != "live":
        return {}
    about = f"{row['system']}, cycle {row['cycle_id']}: "
    found = {outcome: about + said}
    if warning := (summary.get("knowledge") or {}).get("warning"):
        found["stale"] = about + warning
    return found


def push(ti: Any, system: str, events: Mapping[str, str], cycle_id: str | None = None) -> None:
    """Leaves the events of a task for the notifiers at it. `ti` None: nobody listens."""
    if ti is not None:
        ti.xcom_push(key=XCOM_KEY, value={"system": system, "cycle_id": cycle_id, "events": dict(events)})


def pushed(context: Mapping[str, Any], event: str) -> dict[str, Any] | None:
    """{"event", "text", "system", "cycle_id", "dag_id", "run_id"} where the event happened in this task."""
    ti = context["ti"]
    found = ti.xcom_pull(task_ids=ti.task_id, key=XCOM_KEY) or {}
    if not (text := found.get("events", {}).get(event)):
        return None
    about = {"system": found.get("system"), "cycle_id": found.get("cycle_id")}
    run = {"dag_id": ti.dag_id, "run_id": ti.run_id}
    return {"event": event, "text": one_line(text)[:LONGEST]} | about | run


class EventNotifier(BaseNotifier):
    """Posts what happened as JSON. `conn_id`: whose address, and whose password as a bearer token."""

    event = ""

    def __init__(self, conn_id: str = CONNECTION, context: Any = None):
        super().__init__(context=context)
        self.conn_id = conn_id

    def notify(self, context: Any) -> None:
        import httpx
        from airflow.sdk import Connection

        if message := self.message(context):
            address, headers = _target(Connection.get(self.conn_id))
            reply = httpx.post(address, json=message, headers=headers, timeout=TIMEOUT)
            _check(reply.status_code, self.conn_id)

    async def async_notify(self, context: Any) -> None:
        import httpx
        from airflow.sdk import Connection

        if message := self.message(context):
            address, headers = _target(await Connection.async_get(self.conn_id))
            async with httpx.AsyncClient(timeout=TIMEOUT) as client:
                reply = await client.post(address, json=message, headers=headers)
            _check(reply.status_code, self.conn_id)

    def message(self, context: Any) -> dict[str, Any] | None:
        """What is posted; None where there is nothing to tell."""
        found = pushed(context, self.event)
        return found | {"link": _link(found["dag_id"], found["run_id"])} if found else None


class PromotedNotifier(EventNotifier):
    event = "promoted"


class KeptNotifier(EventNotifier):
    event = "kept"


class RolledBackNotifier(EventNotifier):
    event = "rolled_back"


class StaleNotifier(EventNotifier):
    event = "stale"


class StalledNotifier(EventNotifier):
    """Of a deadline: it is called in the triggerer, with the run alone."""

    event = "stalled"

    def message(self, context: Any) -> dict[str, Any] | None:
        run = context["dag_run"]
        dag_id, run_id = run["dag_id"], run.get("dag_run_id") or run.get("run_id")
        text = f"{dag_id}: the run {run_id} has not closed its cycle in time; the champion serves on"
        about = {"event": self.event, "text": one_line(text)[:LONGEST], "dag_id": dag_id, "run_id": run_id}
        return about | {"link": _link(dag_id, run_id)}


NOTIFIERS: dict[str, type[EventNotifier]] = {
    each.event: each
    for each in (PromotedNotifier, KeptNotifier, RolledBackNotifier, StaleNotifier, StalledNotifier)
}


class When:
    """A notifier of somebody else's, called where the event happened; its templates have `autodidact`, as
    `pushed` makes it: "{{ autodidact.text }}".
    """

    def __init__(self, event: str, notifier: Callable[[Any], None]):
        self.event, self.notifier = event, notifier

    def __call__(self, context: Any) -> None:
        if found := pushed(context, self.event):
            context["autodidact"] = found
            self.notifier(context)


def wanted(environ: Mapping[str, str] = os.environ) -> dict[str, EventNotifier]:
    """What the variable asks for, by event. What it names and nobody knows is an error of `complaint`."""
    return {name: NOTIFIERS[name]() for name in _named(environ) if name in NOTIFIERS}


def complaint(environ: Mapping[str, str] = os.environ) -> str | None:
    """What is wrong with the variable; None when nothing is."""
    wrong = [name for name in _named(environ) if name not in NOTIFIERS]
    return f"{VARIABLE} names {wrong[0]!r}, which is no event" if wrong else None


def callbacks(notify: Mapping[str, Any], *events: str) -> list[Callable[[Any], None]]:
    """What is called when a task in which these events may happen has ended well."""
    found: list[Callable[[Any], None]] = []
    for event in events:
        given = notify.get(event) or []
        for each in given if isinstance(given, Sequence) else [given]:
            found.append(each if isinstance(each, EventNotifier) else When(event, each))
    return found


def _named(environ: Mapping[str, str]) -> list[str]:
    names = [name.strip() for name in environ.get(VARIABLE, "").split(",") if name.strip()]
    return list(EVENTS) if names == ["all"] else names


def _target(connection: "Connection") -> tuple[str, dict[str, str]]:
    from autodidact_airflow.runtime_from_connections import connection_url

    key = connection.password
    return connection_url(connection, "notify"), {"Authorization": f"Bearer {key}"} if key else {}


def _check(status: int, conn_id: str) -> None:
    if status >= 300:
        raise RuntimeError(f"The address of the Connection {conn_id} answered {status}")


def _link(dag_id: str, run_id: str) -> str:
    from airflow.sdk.configuration import conf

    base = conf.get("api", "base_url", fallback="").rstrip("/")
    return f"{base}/dags/{quote(dag_id)}/runs/{quote(run_id)}"
