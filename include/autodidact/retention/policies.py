"""The policies of retention: what of a store may go once a cycle is closed, each with the setting that says
after how many days.

Kept whatever the settings say is what later cycles, a rollback or a rebuilt Chronicle read: manifests,
reports, kept examples, verdicts, facts and questions, and `tool_spec.jsonl`, with which replay compares the
tools of today.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.chronicle.queries import measured_models
from autodidact.records import instant
from autodidact.retention.listed_files import Files
from autodidact.settings import Settings

# Those of one repository, too, that a generator which failed has left (generators/parts_by_repository.py).
_EXAMPLES = re.compile(r"/generated/(parts/\w+/[^/]+/)?(?!tool_spec\.)\w+\.jsonl$")
# Those of a shard, too, and what passed in it, which a gate that failed has left (gate/shards.py).
_DROPPED = re.compile(r"/gate/(dropped\.jsonl|shards/[^/]+/\w+\.jsonl)$")


# The key of a file, and its bytes.
Found = Iterator[tuple[str, int]]


@dataclass(frozen=True)
class Held:
    """What the policies look at: a system's files in the store, its Chronicle, and today. `lately`: of the
    cycles, only those that have been over their days for no longer than so many days.
    """

    files: Files
    chronicle: Chronicle
    system: str
    now: datetime
    lately: float | None = None

    def before(self, days: float) -> str:
        return instant(self.now - timedelta(days=days))

    def closed(self, days: float) -> set[str]:
        """The folders of the cycles that were closed more than `days` ago."""
        first = "" if self.lately is None else self.before(days + self.lately)
        last = self.before(days)
        rows = self.chronicle.cycles(self.system, status="closed")
        return {f"{self.system}/cycles/{row['cycle_id']}" for row in rows if first <= row["closed"] < last}

    def of_cycles(self, days: float, wanted: Callable[[str], Any]) -> Found:
        for folder in sorted(self.closed(days)):
            yield from ((key, size) for key, size in self.files.below(folder).items() if wanted(key))


@dataclass(frozen=True)
class Policy:
    """`find` yields the files that are over the policy's days."""

    name: str
    days: Callable[[Settings], float | None]
    find: Callable[[Held, float], Found]


def _examples(held: Held, days: float) -> Found:
    return held.of_cycles(days, _EXAMPLES.search)


def _dropped(held: Held, days: float) -> Found:
    return held.of_cycles(days, _DROPPED.search)


def _checkpoints(held: Held, days: float) -> Found:
    return held.of_cycles(days, lambda key: "/training/checkpoints/" in key)


def _logs(held: Held, days: float) -> Found:
    """Logs of models that nobody will ask again soon. A model that the Chronicle does not know is being
    measured for the first time, and stays.
    """
    system, chronicle = held.system, held.chronicle
    runs = chronicle.ask(measured_models, system)
    serving = {chronicle.version(system, name)["cycle_id"] for name in chronicle.reigns(system)[-2:]}
    still_open = {row["cycle_id"] for row in chronicle.open_cycles(system)}
    needed = {
        run["model"]
        for run in runs
        if run["at"] >= held.before(days)
        or run["role"] == "base"
        or run["cycle_id"] in still_open
        or (run["role"] == "candidate" and run["cycle_id"] in serving)
    }
    gone = {run["model"] for run in runs} - needed
    folder = f"{system}/benchmarks"
    for model in held.files.folders(folder):
        if model in gone:
            yield from held.files.below(f"{folder}/{model}").items()


POLICIES = (
    Policy("examples", lambda settings: settings.retention.examples_days, _examples),
    Policy("dropped", lambda settings: settings.retention.dropped_days, _dropped),
    Policy("checkpoints", lambda settings: settings.retention.checkpoints_days, _checkpoints),
    Policy("logs", lambda settings: settings.retention.logs_days, _logs),
)
