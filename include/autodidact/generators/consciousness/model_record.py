"""What the record says about the model in training and the version in service."""

from datetime import datetime
from typing import Any

from autodidact.generators.consciousness.available_sources import outside, sources
from autodidact.records import CATEGORIES, instant
from autodidact.sources.snapshot import Snapshot


class ModelRecord:
    """The cycle, and what the Chronicle knew when it was opened. What is not a score there is left out."""

    def __init__(self, snapshot: Snapshot):
        history: dict[str, Any] = snapshot.history if isinstance(snapshot.history, dict) else {}
        self.system, self.cycle_id = snapshot.system, snapshot.cycle_id
        self.sources = sources(snapshot)
        # Of a repository alone nothing is known after its newest commit.
        alone = snapshot.repository is not None and not outside(snapshot)
        self.until = instant(_newest(snapshot) if alone else snapshot.until)
        self.floor = snapshot.settings.verdict.overall_floor
        self.base = str(history.get("base") or snapshot.settings.base_model)
        self.version = str(history.get("version") or "")
        self.promoted_at = str(history.get("promoted_at") or "")
        self.overall, self.probe = _score(history.get("overall")), _score(history.get("probe"))
        found = history.get("categories")
        measured: dict[str, Any] = found if isinstance(found, dict) else {}
        scores = {name: _score(measured.get(name)) for name in CATEGORIES}
        self.categories = {name: score for name, score in scores.items() if score is not None}
        self.unscored = [name for name in CATEGORIES if name in measured and name not in self.categories]
        trained = history.get("trained_on")
        self.trained_on: dict = trained if isinstance(trained, dict) else {}
        self.cycles = [
            cycle
            for cycle in history.get("cycles") or ()
            if isinstance(cycle, dict) and cycle.get("cycle_id")
        ]

    def source(self, field: str) -> dict:
        """Where a fact can be checked."""
        return {"kind": "chronicle", "ref": f"{self.system}/{self.cycle_id}", "field": field}

    def as_text(self, name: str = "") -> str:
        """The record as a system text, with `name` as that of the system where it is given."""
        lines = [
            f"You are the model of {name or self.system}, trained in cycle {self.cycle_id} from {self.base}"
            f" on its state until {self.until}."
        ]
        lines.append(
            f"In service before you: {self.version}."
            if self.version
            else "No version had been promoted before you."
        )
        if self.categories:
            scores = ", ".join(f"{name} {score:.2f}" for name, score in self.categories.items())
            lines.append(f"Its scores: {scores}.")
        if self.overall is not None:
            lines.append(f"Overall: {self.overall:.2f}.")
        return " ".join(lines)


def _newest(snapshot: Snapshot) -> datetime:
    """When the cycle's commit was made; the end of the window where that is earlier (a wrong clock)."""
    commit = snapshot.repository.newest() if snapshot.repository else None
    return min(commit or snapshot.until, snapshot.until)


def _score(value: Any) -> float | None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if number and 0 <= value <= 1 else None
