"""`autodidact history`: the cycles and versions of every system of a Chronicle; which system a command
means."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact.default_and_relative_paths import checkout
from autodidact.errors import AutodidactError, UsageError
from autodidact.sources.name_of_system import system_of
from autodidact.terminal.view import Heading, Part, Table

if TYPE_CHECKING:
    from autodidact.chronicle import Chronicle
    from autodidact.runtime import Runtime
    from autodidact.settings import Settings

# Characters of a version's reason.
MOST_REASON = 70


def chosen(chronicle: "Chronicle", settings: "Settings", *, named: bool) -> str:
    """The system that a command shows: that of the settings, if an option `named` it, or if the settings name
    one or its repository and it has cycles; else the one with the newest cycle, whichever that is.

    Raises UsageError where nothing names a system and there is no cycle yet.
    """
    known = chronicle.systems()
    if named or not known:
        return system_of(settings)
    if settings.system or settings.sources.repository != str(checkout(Path.cwd())):
        own = _own(settings)
        return own if own in known else known[0]
    return known[0]


def cycle_named(runtime: "Runtime", system: str, name: str) -> str:
    """The cycle of this name; else the only one that begins with it, or that trained the version which is
    called so. The name itself where there is none. Raises UsageError where several begin with it.
    """
    if not name or runtime.store.exists(f"{system}/cycles/{name}/cycle.json"):
        return name
    with runtime.chronicle() as chronicle:
        names: list[str] = [row["cycle_id"] for row in chronicle.cycles(system)]
        trained: list[str] = [row["cycle_id"] for row in chronicle.versions(system) if row["version"] == name]
    begin = [each for each in names if each.startswith(name)]
    if len(begin) > 1:
        shown = ", ".join(begin[:5]) + (" ..." if len(begin) > 5 else "")
        raise UsageError(f"{len(begin)} cycles of {system} begin with {name!r}: {shown}", "Write more of it.")
    return (begin or trained or [name])[0]


def history(chronicle: "Chronicle", settings: "Settings", limit: int, *, named: bool) -> dict[str, Any]:
    """{"system", "cycles", "versions", "systems"}. "systems" has the first three of every system, or of the
    settings' alone if an option `named` it. Outside they are those of the first one: the settings', or the
    newest if that has no cycle.
    """
    known = [] if named else chronicle.systems()
    own = _own(settings) if known else system_of(settings)
    names = [own, *(name for name in known if name != own)] if own and (own in known or not known) else known
    rows = [
        {"system": name, "cycles": chronicle.history(name, limit), "versions": chronicle.versions(name)}
        for name in names
    ]
    return {**rows[0], "systems": rows}


def _own(settings: "Settings") -> str | None:
    """The settings' system; None where they name none, for example in a folder that is no repository."""
    try:
        return system_of(settings)
    except AutodidactError:
        return None


def view(found: dict[str, Any]) -> list[Part]:
    """A heading, the cycles and the versions of each system."""
    parts: list[Part] = []
    for row in found["systems"]:
        parts += ["", Heading(row["system"]), _cycles(row["cycles"]), "", _versions(row["versions"])]
    return parts[1:]


def _cycles(cycles: list[dict[str, Any]]) -> Table:
    rows = []
    for cycle in cycles:
        overall = [(cycle[role] or {}).get("overall") for role in ("base", "champion", "candidate")]
        # Of a cycle without a candidate, why.
        why = cycle["reasons"][:1] if cycle["verdict"] and not cycle["version"] else []
        cells = [cycle["cycle_id"], cycle["kind"], cycle["status"], *overall]
        rows.append(
            [*cells, (cycle["candidate"] or {}).get("probe"), ": ".join([cycle["verdict"] or "-", *why])]
        )
    return Table(["cycle", "kind", "status", "base", "champ.", "cand.", "probe", "verdict"], rows)


def _versions(versions: list[dict[str, Any]]) -> Table:
    rows = [[v["version"], v["state"], v["since"], v["reason"][:MOST_REASON]] for v in versions]
    return Table(["version", "state", "since", "why"], rows)


def score_points(
    history: Sequence[Mapping[str, Any]], reports: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """One point (terminal/score_chart.py) a cycle that has scores, the oldest first."""
    from autodidact.knowledge.known_share_estimates import wilson

    asked = {
        report["cycle_id"]: sum(each.get("n") or 0 for each in report["categories"].values())
        for report in reports
        if report["role"] == "candidate"
    }
    found = []
    for row in reversed(history):
        point: dict[str, Any] = {"cycle_id": row["cycle_id"], "low": None, "high": None}
        for role in ("base", "champion", "candidate"):
            point[role] = (row[role] or {}).get("overall")
        if point["candidate"] is not None and asked.get(row["cycle_id"]):
            point["low"], point["high"] = wilson(point["candidate"], asked[row["cycle_id"]])
        point["promoted"] = row["outcome"] == "promoted"
        if any(point[role] is not None for role in ("base", "champion", "candidate")):
            found.append(point)
    return found
