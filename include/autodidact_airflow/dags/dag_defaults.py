"""What the DAGs have in common."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import DAG, Asset

from autodidact.errors import UsageError
from autodidact_airflow.system_of_dag import System
from autodidact_airflow.timeouts_and_retries import HOURS, hours

# A callback of Airflow's, or several.
Callbacks = Mapping[str, Callable[..., Any] | Sequence[Callable[..., Any]]]
CALLBACKS = ("on_success_callback", "on_failure_callback")
POOLS = ("gpu", "generate")
# After a run was queued; the next one is due an hour later.
DEADLINE = timedelta(hours=11)


def wanted() -> Mapping[str, Any]:
    """Who hears of what, as the variable AUTODIDACT_NOTIFY says."""
    if not os.environ.get("AUTODIDACT_NOTIFY"):
        return {}  # without an import: this is read whenever a DAG file is parsed
    from autodidact_airflow import notify

    return notify.wanted()


@dataclass(frozen=True)
class Options:
    """What the factories take besides the system. Raises UsageError for names that nothing reads."""

    queue: str = "gpu"
    pools: Mapping[str, str] = field(default_factory=dict)
    timeouts: Mapping[str, timedelta] = field(default_factory=dict)
    callbacks: Callbacks = field(default_factory=dict)
    default_args: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()
    notify: Mapping[str, Any] = field(default_factory=wanted)

    def __post_init__(self) -> None:
        _require("pools", self.pools, POOLS)
        _require("timeouts", self.timeouts, HOURS)
        _require("callbacks", self.callbacks, CALLBACKS)
        if self.notify:
            from autodidact_airflow.notify import EVENTS

            _require("notify", self.notify, EVENTS)

    def limit(self, name: str) -> timedelta:
        """How long a task may take; `name`: a key of limits.HOURS."""
        return self.timeouts.get(name) or hours(name)

    def pool(self, name: str) -> str:
        return self.pools.get(name, name)

    def notifiers_of(self, *events: str) -> list[Callable[[Any], None]]:
        """What is called when a task in which these events may happen has ended well."""
        if not self.notify:
            return []
        from autodidact_airflow.notify import callbacks

        return callbacks(self.notify, *events)

    def deadline(self) -> list[Any]:
        """The alerts of a run that has not closed its cycle DEADLINE after it was queued."""
        if not (given := self.notify.get("stalled")):
            return []
        from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

        return [
            DeadlineAlert(
                reference=DeadlineReference.DAGRUN_QUEUED_AT, interval=DEADLINE, callback=_awaited(each)
            )
            for each in (given if isinstance(given, Sequence) else [given])
        ]


def _awaited(notifier: Any) -> Any:
    """A deadline's callback, which Airflow makes anew in the triggerer: of a notifier of ours its class."""
    from airflow.sdk.definitions.callback import AsyncCallback

    from autodidact_airflow.notify import EventNotifier

    if isinstance(notifier, EventNotifier):
        return AsyncCallback(type(notifier), kwargs={"conn_id": notifier.conn_id})
    return notifier


def _require(what: str, given: Mapping[str, Any], known: Any) -> None:
    for name in given:
        if name not in known:
            raise UsageError(f"`{what}` has the unknown name {name!r}", f"Known: {', '.join(known)}.")


def champion_of(system: System) -> Asset:
    """The asset that changes whenever another version serves the system."""
    return Asset(f"autodidact_champion{system.suffix}")


def knowledge_of(system: System) -> Asset:
    """The asset that changes with each cycle: the system at a commit, and what is known of it."""
    return Asset(f"autodidact_knowledge{system.suffix}")


def new_dag(
    system: System, kind: str, options: Options, retries: Mapping[str, Any], tags: Sequence[str], **more: Any
) -> DAG:
    """An empty DAG. `retries`: how its tasks are tried again; `more`: what Airflow's DAG takes."""
    named = ["autodidact", *tags, *options.tags, *([system.name] if system.name else [])]
    return DAG(
        dag_id=system.dag_id(kind),
        start_date=datetime(2026, 1, 1),
        catchup=False,
        max_active_runs=1,
        default_args={"owner": "autodidact", **retries, **options.default_args},
        tags=named,
        **options.callbacks,
        **more,
    )
