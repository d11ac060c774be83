"""Measuring through the server that clients ask: what it is, and how much it agrees with itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from autodidact.records import ItemResult, Report

# Items of each category that a model is asked a second time: 45 in all.
AGAIN_EACH = 5


@dataclass(frozen=True)
class Through:
    """A server with one version on it. `name`: what it calls the version; `kind`: of the deployment;
    `precision`: what it computes in, as far as that can be known from outside; `server`: the program.
    """

    url: str
    name: str
    kind: str
    precision: str
    server: str = ""

    def shown(self) -> dict[str, Any]:
        """What a report says of it: no address, which may hold a key."""
        return {key: value for key, value in asdict(self).items() if key != "url"}


def agreement(first: Sequence[ItemResult], second: Sequence[ItemResult]) -> dict[str, Any]:
    """How far two runs over the same items agree: {"n", "equal" (share of equal answers), "scores" (the two
    means, of the items that have a score in both), "difference" (second minus first)}.
    """
    by_id = {item.id: item for item in first}
    pairs = [(by_id[item.id], item) for item in second if item.id in by_id]
    scored = [(a.score, b.score) for a, b in pairs if a.score is not None and b.score is not None]
    means = [sum(column) / len(scored) for column in zip(*scored, strict=True)] or [None, None]
    equal = sum(a.answer == b.answer and a.missing == b.missing for a, b in pairs)
    return {
        "n": len(pairs),
        "equal": equal / len(pairs) if pairs else None,
        "scores": means,
        "difference": means[1] - means[0] if scored else None,
    }


def sentence(report: Report | None) -> str | None:
    """ "measured through the server (vllm 0.32.0): asked twice, ..."; None for a report of another engine."""
    if report is None or not report.served:
        return None
    program = report.served.get("server") or report.served["kind"]
    return f"measured through the server ({program}): {in_words(report.aa)}".rstrip(": ")


def in_words(found: dict[str, Any] | None) -> str:
    """ "asked twice, 45 of 45 answers equal, score +0.000"; "" without a figure."""
    if not found or not found.get("n"):
        return ""
    equal = round(found["equal"] * found["n"])
    change = "" if found["difference"] is None else f", score {found['difference']:+.3f}"
    return f"asked twice, {equal} of {found['n']} answers equal{change}"
