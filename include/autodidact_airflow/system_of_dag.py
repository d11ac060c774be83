"""The system that a DAG file names: its settings, its Connections, and what its DAGs are called.

A deployment says once (autodidact.toml, variables, Connections) what holds for every system. A DAG file says
with it what holds for one, so that one deployment serves several. What it says is in force while a task of
its DAGs runs.
"""

import contextlib
import functools
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autodidact.errors import UsageError
from autodidact_airflow.errors_as_task_outcomes import airflow_terms
from autodidact_airflow.runtime_from_connections import SERVICES, use_connections

# What the API server's page reads for all systems, and what is wired when DAGs are parsed.
NOT_OF_ONE_SYSTEM = ("store", "chronicle.url", "approval", "training.where")
# What follows `autodidact_cycle` in the ids of a system's DAGs.
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9_.-]")
_KEY = re.compile(r"[a-z_]+(\.[a-z_]+)*")


@dataclass(frozen=True)
class System:
    """`name` None: the one system of the deployment. `settings`: dotted keys. `connections`: which Connection
    is the system's `judge`, `teacher`, `server` or `git`. Raises UsageError for what cannot be of one system.
    """

    name: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    connections: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.settings:
            if key in NOT_OF_ONE_SYSTEM or not _KEY.fullmatch(key):
                raise UsageError(
                    f"A DAG file may not set {key!r} for one system",
                    "Set it for the whole deployment: docs/airflow.md, Several systems.",
                )
        for service in self.connections:
            if service not in (*SERVICES, "git"):
                raise UsageError(
                    f"`connections` names the unknown service {service!r}",
                    f"Known: {', '.join(SERVICES)}, git.",
                )

    @property
    def suffix(self) -> str:
        """What follows the names of the shipped DAGs and assets: "" or "_shop"."""
        return f"_{_NOT_IN_AN_ID.sub('_', self.name)}" if self.name else ""

    def dag_id(self, kind: str) -> str:
        """`kind`: `cycle`, `watch` or `rollback`."""
        return f"autodidact_{kind}{self.suffix}"

    def variables(self) -> dict[str, str]:
        """The settings as AUTODIDACT_* variables, as everything is handed to the library."""
        given = dict(self.settings) | ({"system": self.name} if self.name else {})
        return {
            "AUTODIDACT_" + key.upper().replace(".", "__"): _as_text(value) for key, value in given.items()
        }

    @contextlib.contextmanager
    def in_force(self) -> Iterator[None]:
        """While it lasts, this process has the settings and addresses of the system; afterwards none of them,
        so that the next task, which may be of another system, gets no address or key of this one.
        """
        if self == System():
            yield
            return
        before = dict(os.environ)
        try:
            use_connections(self.connections)
            os.environ.update(self.variables())
            yield
        finally:
            for name in os.environ.keys() - before.keys():
                del os.environ[name]
            os.environ.update(before)

    def within(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function of a task, with the system in force. Airflow sees its name and parameters."""

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            with airflow_terms(), self.in_force():
                return function(*arguments, **named)

        return call


def suffix_of(dag_id: str) -> str | None:
    """The suffix of a cycle's DAG; None for a DAG that runs no cycles."""
    kind = System().dag_id("cycle")
    return dag_id.removeprefix(kind) if dag_id == kind or dag_id.startswith(f"{kind}_") else None


def _as_text(value: Any) -> str:
    """A setting as a variable has it: JSON, or the text itself where it is no JSON."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            json.loads(value)
            return json.dumps(value)
        return value or '""'
    return json.dumps(value)
