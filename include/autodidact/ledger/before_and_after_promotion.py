"""What a promotion changed: the version that served before it is asked what its successor was asked.

`<cycle>/ledger/replaced.json`: {"version", "asked", "before": {outcome: count}, "after": {outcome: count},
"rows": [{"fact", "before", "after"}], "says"}, about the facts that both were asked. Only of a version that
was trained: a base never learned anything about the system.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from autodidact.ledger.answer_outcome import OUTCOMES
from autodidact.ledger.entries import Entry


def summary(version: str, before: Sequence[Entry], after: Sequence[Entry]) -> dict[str, Any]:
    """What replaced.json holds. `before`: what the `version` that was replaced was asked, `after`: what its
    successor was.
    """
    then = {row.fact: row.outcome for row in before}
    rows = [(row.fact, then[row.fact], row.outcome) for row in after if row.fact in then]
    counts = {
        "before": _counts(Counter(outcome for _, outcome, _ in rows)),
        "after": _counts(Counter(outcome for _, _, outcome in rows)),
    }
    return {
        "format": 1,
        "version": version,
        "asked": len(rows),
        **counts,
        "rows": [{"fact": fact, "before": old, "after": new} for fact, old, new in rows],
        "says": _sentence(version, counts["before"], counts["after"], len(rows)),
    }


def _counts(found: Mapping[str, int]) -> dict[str, int]:
    return {name: found.get(name, 0) for name in OUTCOMES}


def _sentence(version: str, before: Mapping[str, int], after: Mapping[str, int], asked: int) -> str:
    """ "of the same 120 questions v1, which it replaced, knows 25 (now 38) and is stale on 14 (now 6)"."""
    return (
        f"of the same {asked} questions {version}, which it replaced, knows {before['known']}"
        f" (now {after['known']}) and is stale on {before['stale']} (now {after['stale']})"
    )
