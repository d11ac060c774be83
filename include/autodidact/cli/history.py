"""`autodidact history`: the cycles and versions of every system of a Chronicle; which system a command
means."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact.checkout_paths import checkout
from autodidact.errors import AutodidactError
from autodidact.sources.name_of_system import system_of

if TYPE_CHECKING:
    from autodidact.chronicle import Chronicle
    from autodidact.settings import Settings

HEAD = f"{'cycle':<22}{'kind':<12}{'status':<9}{'base':>7}{'champ.':>8}{'cand.':>8}{'probe':>8}  verdict"


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


def as_text(found: dict[str, Any]) -> str:
    """A heading, the cycles and the versions of each system."""
    return "\n\n".join("\n".join(_lines(row)) for row in found["systems"])


def _lines(row: dict[str, Any]) -> list[str]:
    lines = [row["system"], HEAD]
    for cycle in row["cycles"]:
        overall = [(cycle[role] or {}).get("overall") for role in ("base", "champion", "candidate")]
        cells = [*overall, (cycle["candidate"] or {}).get("probe")]
        numbers = "".join(f"{'-' if cell is None else format(cell, '.3f'):>8}" for cell in cells)
        what = f"{cycle['cycle_id']:<22}{cycle['kind']:<12}{cycle['status']:<9}"
        why = cycle["reasons"][:1] if cycle["verdict"] and not cycle["version"] else []  # without a candidate
        lines.append(f"{what}{numbers[1:]}  {': '.join([cycle['verdict'] or '-', *why])}")
    lines += ["", f"{'version':<36}{'state':<13}since"]
    return lines + [
        f"{v['version']:<36}{v['state']:<13}{v['since']}  {v['reason'][:70]}" for v in row["versions"]
    ]
