"""Why cycles and versions ended as they did, in a line."""

from collections.abc import Mapping, Sequence
from typing import Any

from autodidact.chronicle import dashboard_queries
from autodidact.promotion.what_would_change import needed
from autodidact_airflow.dashboard.page_data_sources import Here
from autodidact_airflow.dashboard.rendering import words


def verdicts(at: Here, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Cycle to its newest verdict, as the Chronicle has it."""
    found: dict[str, dict[str, Any]] = at.chronicle.ask(dashboard_queries.verdicts_of, at.known(), names)
    return found


def why_of_cycles(rows: Sequence[Mapping[str, Any]], judged: Mapping[str, Any]) -> dict[str, str]:
    """Cycle to why it ended as it did. Where its reason only repeats those of the verdict: what decided."""
    found = {}
    for row in rows:
        every = row["reasons"]
        repeats = not row["reason"] or row["reason"] == "; ".join(every)
        short = needed(judged.get(row["cycle_id"], {})) if repeats else ""
        if row["verdict"] == "promote" and repeats:
            short = next((each for each in every if each.startswith("promoted: ")), "")
        found[row["cycle_id"]] = short or row["reason"] or (every[0] if every else "")
    return found


def refused(verdict: str | None, kept: bool) -> str | None:
    """The verdict's word for a candidate that does not serve (`kept`): undecided, reject or
    not_comparable. None where no verdict refused it.
    """
    return verdict if kept and verdict and verdict != "promote" else None


def why_of_version(row: Mapping[str, Any], judged: Mapping[str, Any]) -> str:
    """Why a version is in its state; of one that its cycle's verdict refused: what decided."""
    outcome, reason = judged.get("outcome"), str(row["reason"])
    short = needed(judged) if row["state"] == "rejected" and reason.startswith(f"{outcome}: ") else ""
    return f"{words(outcome)}: {short}" if short else reason
