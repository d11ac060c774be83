"""The ledger for people: a table, a picture over the cycles, and the narrowed figures of some facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from autodidact.knowledge.known_share_estimates import shown
from autodidact.ledger.ledger_statistics import Asking, sentence
from autodidact.store import Store
from autodidact.svg import curves
from autodidact.terminal.view import Beside, Either, Heading, Table

# Facts of a list in a terminal; --json has all.
LISTED = 40
# Characters of an answer in a list.
QUOTED = 60


def narrowed(asking: Asking, *, kind: str | None, generator: str | None) -> Asking:
    """What was asked about the facts of this kind and this generator; None: of all."""
    facts = [
        fact for fact in asking.facts if kind in (None, fact.kind) and generator in (None, fact.generator)
    ]
    names = {fact.id for fact in facts}
    return replace(asking, facts=facts, entries=[row for row in asking.entries if row.fact in names])


def as_text(found: Mapping[str, Any], *, stale: bool = False) -> str:
    """The figures; with `stale` the stale facts alone, by name."""
    head = f"{found['version']} {sentence(found)}"
    if stale:
        return "\n".join([head, *_stale(found["stale_facts"])])
    lines = [head, _asked(found), _changed(found), *_hours(found), *_also(found), ""]
    lines.append(f"{'':<34}{'facts':>8}{'asked':>8}{'known':>8}{'unknown':>9}{'wrong':>8}{'stale':>8}  share")
    for group in ("generator", "kind", "age"):
        if len(found["by"][group]) > 1 or group == "generator":
            lines += [f"by {group}", *(_row(name, part) for name, part in found["by"][group].items()), ""]
    return "\n".join([*lines, *_stale(found["stale_facts"])]).rstrip()


def as_parts(found: Mapping[str, Any], *, stale: bool = False) -> Either:
    """The same as tables for a terminal; the plain lines elsewhere."""
    head = Heading(f"{found['version']} {sentence(found)}")
    drawn: list[str | Heading | Table | Beside] = [head]
    if not stale:
        drawn += [_asked(found), _changed(found), *_hours(found), *_also(found)]
        drawn += [
            _group(name, found["by"][name]) for name in ("generator", "kind", "age") if found["by"][name]
        ]
    names = ("kind", "subject", "is", "says", "since")
    rows = [
        ["gone" if row[n] is None and n == "is" else row[n] for n in names] for row in found["stale_facts"]
    ]
    if rows:
        drawn.append(Table(["stale", "of", "is now", "it says", "since"], rows[:LISTED]))
        drawn += [f"and {len(rows) - LISTED} more (--json lists all)"] if len(rows) > LISTED else []
    return Either(as_text(found, stale=stale), drawn)


def _group(name: str, parts: Mapping[str, Mapping[str, Any]]) -> Table:
    counts = ("facts", "asked", "known", "unknown", "wrong", "stale")
    rows = [[each, *(part[count] for count in counts), shown(part["share"])] for each, part in parts.items()]
    return Table([name, *counts, "share known"], rows)


def _asked(found: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{found[name]} {name}" for name in ("known", "unknown", "wrong", "stale"))
    served = found.get("served")
    where = f", through the server ({served['server'] or served['kind']})" if served else ""
    return f"asked about {found['asked']} facts in cycle {found['cycle']}{where}: {counts}"


def _changed(found: Mapping[str, Any]) -> str:
    part = found["changed"]
    return f"of what changed in 30 days: {part['known']} of {part['asked']} known, {shown(part['share'])}"


def _hours(found: Mapping[str, Any]) -> list[str]:
    lines, hours = [], found["hours"]
    if hours["changes"]:
        median, most = (
            "more than that" if hours[name] is None else f"{hours[name]:g} h" for name in ("median", "p90")
        )
        lines.append(
            f"from commit to knowledge: median {median}, 90% {most}"
            f" ({hours['changes']} changes, {hours['waiting']} still wait)"
        )
    if found["age_hours"] is not None:
        lines.append(f"age of the knowledge: {found['age_hours']:g} h")
    return lines


def _also(found: Mapping[str, Any]) -> list[str]:
    """What its promotion changed, what it can do with facts, and what looking them up is worth, as far as
    that was asked.
    """
    lines = [f"{name}: {found[name]['says']}" for name in ("replaced", "use") if name in found]
    if "rival" in found:
        arms = ", ".join(
            f"{arm} {counts['known_share']:.0%}" for arm, counts in found["rival"]["arms"].items()
        )
        lines += [
            f"rival: {found['rival']['says']}",
            f"       known: {arms}; retrieval shows the answer to {found['rival']['found']:.0%}",
        ]
    return lines


def _row(name: str, part: Mapping[str, Any]) -> str:
    cells = f"{part['facts']:>8}{part['asked']:>8}{part['known']:>8}{part['unknown']:>9}{part['wrong']:>8}"
    return f"  {name[:31]:<32}{cells}{part['stale']:>8}  {shown(part['share'])}"


def _stale(rows: list[Mapping[str, Any]]) -> list[str]:
    """A line a stale fact, the oldest first."""
    lines = [
        f"stale: {row['kind']} of {row['subject']} is {row['is'] if row['is'] is not None else 'gone'}"
        f" since {row['since'] or 'a time that is not known'}; says: {row['says'][:QUOTED]}"
        for row in rows[:LISTED]
    ]
    more = len(rows) - LISTED
    return [*lines, f"and {more} more (--json lists all)"] if more > 0 else lines


def over_time(store: Store, system: str, cycles: Iterable[str]) -> list[dict[str, Any]]:
    """The figures of the named cycles whose model was asked, in their order."""
    keys = (f"{system}/cycles/{name}/ledger/figures.json" for name in cycles)
    return [store.read_json(key) for key in keys if store.exists(key)]


def picture(found: Sequence[Mapping[str, Any]]) -> str:
    """An SVG: the share known over the cycles, with its bounds, and the share stale of what was asked."""
    times = [datetime.fromisoformat(row["asked_at"]) for row in found]
    days = [(time - times[0]).total_seconds() / 86400 for time in times]

    def line(value: Any) -> list[tuple[float, float]]:
        return [(day, value(row)) for day, row in zip(days, found, strict=True)]

    return curves(
        "What the model in service knows",
        [
            ("known", line(lambda row: row["share"]["mean"] or 0.0), True),
            ("at most", line(lambda row: row["share"]["high"] or 0.0), False),
            ("at least", line(lambda row: row["share"]["low"] or 0.0), False),
            ("stale", line(lambda row: row["stale"] / max(1, row["asked"])), True),
        ],
        across="days",
    )
