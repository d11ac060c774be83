"""What the DAGs have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import DAG, Asset

from autodidact.errors import UsageError
from autodidact_airflow.limits import HOURS, hours
from autodidact_airflow.system import System

# A callback of Airflow's, or several.
Callbacks = Mapping[str, Callable[..., Any] | Sequence[Callable[..., Any]]]
CALLBACKS = ("on_success_callback", "on_failure_callback")
POOLS = ("gpu", "generate")


@dataclass(frozen=True)
class Options:
    """What the factories take besides the system. Raises UsageError for names that nothing reads."""

    queue: str = "gpu"
    pools: Mapping[str, str] = field(default_factory=dict)
    timeouts: Mapping[str, timedelta] = field(default_factory=dict)
    callbacks: Callbacks = field(default_factory=dict)
    default_args: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()

    def __post_init__(self) -> None:
        _require("pools", self.pools, POOLS)
        _require("timeouts", self.timeouts, HOURS)
        _require("callbacks", self.callbacks, CALLBACKS)

    def limit(self, name: str) -> timedelta:
        """How long a task may take; `name`: a key of limits.HOURS."""
        return self.timeouts.get(name) or hours(name)

    def pool(self, name: str) -> str:
        return self.pools.get(name, name)


def _require(what: str, given: Mapping[str, Any], known: Any) -> None:
    for name in given:
        if name not in known:
            raise UsageError(f"`{what}` has the unknown name {name!r}", f"Known: {', '.join(known)}.")


def champion_of(system: System) -> Asset:
    """The asset that changes whenever another version serves the system."""
    return Asset(f"autodidact_champion{system.suffix}")


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
