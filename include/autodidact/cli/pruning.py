"""`autodidact prune`: deletes what retention lets go, and says what a system takes up."""

from typing import Annotated, Any

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.options import Common, Repo, System


@command
def prune(
    common: Common,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go and what is taken up; delete nothing.")
    ] = False,
    repo: Repo = None,
    system: System = None,
) -> Answer:
    """Delete the files of closed cycles that are older than `retention` says. Every cycle does this when it
    closes.
    """
    from autodidact.retention.prune import prune as delete
    from autodidact.retention.prune import sizes

    runtime, name = common.system(repo, system)
    with runtime.chronicle() as chronicle:
        deleted = delete(runtime, chronicle, name, dry_run=dry_run)
    found = {"system": name, "dry_run": dry_run, "deleted": deleted, "left": sizes(runtime, name)}
    return found, as_text(found), 0


def as_text(found: dict[str, Any]) -> str:
    """What went, or would go, and what the system takes up, for people."""
    left = found["left"]
    lines = [f"{'To be deleted' if found['dry_run'] else 'Deleted'} of {found['system']}, by retention:"]
    for name, row in found["deleted"].items():
        lines.append(f"  {name:<12} {row['files']:>6} files {size(row['bytes']):>10}")
    lines.append(f"In the store: {size(left['bytes'])} in {len(left['cycles'])} cycles")
    for kind, count in sorted(left["kinds"].items(), key=lambda pair: -pair[1]):
        lines.append(f"  {kind:<12} {size(count):>23}")
    if left["cycles"]:
        name, count = list(left["cycles"].items())[-1]
        lines.append(f"The latest cycle, {name}, takes {size(count)}.")
    return "\n".join(lines)


def size(count: float) -> str:
    """Bytes for people: `1.5 MB`, in steps of 1,000."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
