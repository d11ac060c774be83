"""The figures of the ledger: how many facts a version knows, what it is stale on, how long news takes.

docs/knowledge.md explains each to somebody who has never heard of it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from autodidact.knowledge.fact import Fact, Moment
from autodidact.knowledge.known_share_estimates import Stratum, share, waited
from autodidact.knowledge.sample_facts_to_ask import CHANGED, GONE_SUBJECTS
from autodidact.ledger.answer_outcome import OUTCOMES
from autodidact.ledger.entries import Entry, value_digest

# Ages of facts, by the days since when they are so: each up to the next.
AGES = (("under 7 days", 7), ("7 to 30 days", 30), ("30 days to a year", 365), ("over a year", None))
# A stale fact counts for the alert when the change is older.
STANDING = timedelta(days=1)


@dataclass(frozen=True)
class Asking:
    """What a version was asked. `facts`: all of the cycle, with those that are gone; `strata`: the stratum of
    each that could be chosen; `entries`: the answers; `now`: when it was asked.
    """

    version: str
    cycle: str
    facts: list[Fact]
    strata: Mapping[str, str]
    entries: list[Entry]
    now: datetime


def figures(asking: Asking, history: Iterable[Entry], trained_until: str | None) -> dict[str, Any]:
    """All figures as one JSON object.

    `history`: what the versions in service were asked so far, these entries included. `trained_until`: the
    end of the window that the version was trained on; None for a base model.
    """
    facts = {fact.id: fact for fact in asking.facts}
    found = _part(asking, lambda fact: True)
    stale = stale_facts(asking)
    standing = [row for row in stale if (row["hours"] or 0) > STANDING.total_seconds() / 3600]
    return {
        "format": 1,
        "version": asking.version,
        "cycle": asking.cycle,
        "asked_at": max((row.asked_at for row in asking.entries), default=None),
        **found,
        "changed": _part(asking, lambda fact: _is_changed(fact, asking.now)),
        "hours": hours(facts.values(), history, asking.now),
        "age_hours": _hours(trained_until, asking.now),
        "by": {
            "generator": _by(asking, lambda fact: fact.generator),
            "kind": _by(asking, lambda fact: f"{fact.generator}/{fact.kind}"),
            "age": _by(asking, lambda fact: age(fact, asking.now)),
        },
        "stale_standing": len(standing),
        "stale_facts": stale,
    }


def _part(asking: Asking, wanted: Callable[[Fact], bool]) -> dict[str, Any]:
    """{"facts" (those that hold), "asked", each outcome, "share"} of the facts that are wanted. Subjects that
    are gone count among the answers, and are no part of the share.
    """
    facts = {fact.id: fact for fact in asking.facts if wanted(fact)}
    entries = [row for row in asking.entries if row.fact in facts]
    outcomes = Counter(row.outcome for row in entries)
    present = {name for name, fact in facts.items() if fact.value is not None}
    sizes = Counter(name for key, name in asking.strata.items() if key in present)
    rows: defaultdict[str, list[Entry]] = defaultdict(list)
    for row in entries:
        if row.fact in present and row.stratum != GONE_SUBJECTS:
            rows[row.stratum].append(row)
    strata = [
        Stratum(size, len(rows[name]), sum(row.outcome == "known" for row in rows[name]))
        for name, size in sorted(sizes.items())
    ]
    return {
        "facts": len(present),
        "asked": len(entries),
        **{name: outcomes[name] for name in OUTCOMES},
        "share": share(strata),
    }


def _by(asking: Asking, group: Callable[[Fact], str]) -> dict[str, Any]:
    def of(name: str) -> dict[str, Any]:
        return _part(asking, lambda fact: group(fact) == name)

    parts = {name: of(name) for name in sorted({group(fact) for fact in asking.facts})}
    return {name: part for name, part in parts.items() if part["facts"] or part["asked"]}


def stale_facts(asking: Asking) -> list[dict[str, Any]]:
    """{"kind", "subject", "says", "is", "since", "generator", "fact", "hours"} of each stale fact, the oldest
    first. `is` None: the subject is gone. `hours`: since the change.
    """
    facts = {fact.id: fact for fact in asking.facts}
    rows = []
    for row in asking.entries:
        fact = facts.get(row.fact)
        if row.outcome == "stale" and fact:
            since = _time(fact.until if fact.value is None else fact.since)
            rows.append(
                {
                    "kind": fact.kind,
                    "subject": fact.subject,
                    "says": row.says,
                    "is": fact.value,
                    "since": since,
                    "generator": fact.generator,
                    "fact": fact.id,
                    "hours": _hours(since, asking.now),
                }
            )
    return sorted(rows, key=lambda row: (row["since"] or "9", row["kind"], row["subject"]))


def hours(facts: Iterable[Fact], history: Iterable[Entry], now: datetime) -> dict[str, Any]:
    """{"median", "p90", "changes", "waiting"}: hours from a change to the first time that a version in
    service knew it, by Kaplan and Meier.

    A change that none knows yet waits until now, one that was overtaken by another until then. Changes from
    before the ledger's first entry tell nothing: nobody was asked in time.
    """
    rows = sorted(history, key=lambda row: row.asked_at)
    first: dict[tuple[str, str], str | None] = {}
    for row in rows:
        key = (row.fact, row.value_asked)
        if first.get(key) is None:
            first[key] = row.asked_at if row.outcome == "known" else None
    began = rows[0].asked_at if rows else None
    times: list[tuple[float, bool]] = []
    for fact in facts:
        values: list[tuple[str, Moment | None, Moment | None]] = [
            (each.value, each.since, each.until) for each in fact.earlier
        ]
        if fact.value is not None:
            values.append((fact.value, fact.since, None))
        for value, since, until in values:
            begin, key = _time(since), (fact.id, value_digest(value))
            if begin and began and key in first and _moment(begin) >= _moment(began):
                known, end = first[key], _time(until)
                times.append((_between(begin, known or end or _text(now)), known is not None))
    return {
        "median": _rounded(waited(times)),
        "p90": _rounded(waited(times, 0.9)),
        "changes": len(times),
        "waiting": sum(not over for _, over in times),
    }


def age(fact: Fact, now: datetime) -> str:
    """How long a fact has been so, in words; of a subject that is gone, that it is."""
    since = _time(fact.since)
    if since is None or fact.value is None:
        return "not known" if fact.value is not None else "gone"
    days = _between(since, _text(now)) / 24
    return next(name for name, most in AGES if most is None or days < most)


def _is_changed(fact: Fact, now: datetime) -> bool:
    since = _time(fact.until if fact.value is None else fact.since)
    return since is not None and _between(since, _text(now)) <= CHANGED.total_seconds() / 3600


def _time(moment: Moment | None) -> str | None:
    return moment.time if moment else None


def _text(moment: datetime) -> str:
    return moment.isoformat()


def _between(begin: str, end: str) -> float:
    """Hours from one time to another; 0 where the clocks of two machines disagree."""
    return max(0.0, (_moment(end) - _moment(begin)).total_seconds() / 3600)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _hours(begin: str | None, now: datetime) -> float | None:
    return None if begin is None else round(_between(begin, _text(now)), 1)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def sentence(found: Mapping[str, Any]) -> str:
    """The figures in one line: "knows about 81% of 3,412 facts (120 asked; 95% interval 77% to 85%); 6 stale
    answers (out of date for up to 9 days); from commit to knowledge 13 h".
    """
    known = found["share"]
    parts = [f"knows - of {found['facts']:,} facts"]
    if known["mean"] is not None:
        wide = f"{found['asked']:,} asked; 95% interval {known['low']:.0%} to {known['high']:.0%}"
        parts = [f"knows about {known['mean']:.0%} of {found['facts']:,} facts ({wide})"]
    if found["stale"]:
        oldest = max((row["hours"] or 0 for row in found["stale_facts"]), default=0)
        one = found["stale"] == 1
        answers = (
            "1 stale answer (out of date for"
            if one
            else f"{found['stale']} stale answers (out of date for up to"
        )
        parts.append(f"{answers} {_words(oldest)})")
    else:
        parts.append("no stale answer")
    if found["hours"]["median"] is not None:
        parts.append(f"from commit to knowledge {_words(found['hours']['median'])}")
    elif waiting := found["hours"]["waiting"]:
        parts.append("1 change waits to be known" if waiting == 1 else f"{waiting} changes wait to be known")
    return "; ".join(parts)


def _words(hours: float) -> str:
    """A time in words: `13 h`, from two days on `9 days`."""
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} h"


def warning(found: Mapping[str, Any], stale_after: int | None) -> str | None:
    """What is to be said when more than `stale_after` facts have been stale for longer than a day."""
    standing = found["stale_standing"]
    if stale_after is None or standing <= stale_after:
        return None
    what = "1 fact has" if standing == 1 else f"{standing} facts have"
    names = ", ".join(f"{row['kind']} of {row['subject']}" for row in found["stale_facts"][:3])
    return (
        f"{what} been stale for more than a day, and knowledge.stale_after is {stale_after}:"
        f" {names}{' and others' if standing > 3 else ''} (autodidact facts --stale lists them)"
    )
