"""`autodidact forget`: takes a source back, with all that came from it."""

from datetime import datetime, timezone
from typing import Annotated, Any

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.options import Common, Repo, System, person


@command
def forget(
    common: Common,
    source: Annotated[
        str,
        typer.Argument(
            help="A file, a folder, a conversation, a page (its title or document), or a glob; or the id of a"
            " forgetting that was interrupted.",
            metavar="SOURCE",
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would go, by ids and counts; change nothing.")
    ] = False,
    train: Annotated[bool, typer.Option("--train", help="Run a cycle at once, which trains anew.")] = False,
    repo: Repo = None,
    system: System = None,
) -> Answer:
    """Withdraw every version trained on a source, delete all that came from it, and never read it again."""
    from autodidact.forget import run

    runtime, name = common.system(repo, system)
    if dry_run:
        found = run.dry_run(runtime, name, source)
        return found, as_text(found, done=False), 0
    receipt = run.forget(runtime, name, source, by=person())
    text = as_text(receipt, done=True)
    if not train:
        return receipt, text, 0
    from autodidact.cli.cycle_screen import watched
    from autodidact.cycle.open import open_cycle
    from autodidact.cycle.report_text import as_text as summary_text
    from autodidact.cycle.run import run as run_cycle

    with watched(runtime) as on_stage:
        opened = open_cycle(runtime, until=datetime.now(timezone.utc))
        summary = run_cycle(runtime, opened, on_stage=on_stage)
    return receipt | {"cycle": summary}, f"{text}\n{summary_text(summary)}", 0


def as_text(found: dict[str, Any], *, done: bool) -> str:
    """What went, or would go, for people."""
    rows = found["rows"]
    champion = found["champion"]
    lines = [
        f"{'Forgotten' if done else 'To be forgotten'}: {found['id']} of {found['system']}",
        f"  versions withdrawn   {_listed(found['versions'])}",
        f"  in service           {champion.get('after')}"
        + (f", before {champion['before']}" if champion.get("before") != champion.get("after") else ""),
        f"  cycles               {_listed(found['cycles'])}",
        f"  rows                 {sum(map(len, rows.values()))}"
        + "".join(f"\n    {name:<18} {len(ids)}: {_listed(ids, 3)}" for name, ids in rows.items()),
        f"  logged items         {len(found['items'])}",
    ]
    files = found["files"] if done else {"rewritten": len(found["files"]), "deleted": len(found["deleted"])}
    lines.append(f"  files of the store   {files['rewritten']} rewritten, {files['deleted']} deleted")
    cached = found["cached"] if done else found["cached"]["files"]
    lines.append(f"  cached readings      {cached}")
    counts = ", ".join(f"{name} {count}" for name, count in sorted(found["chronicle"].items()))
    lines.append(f"  Chronicle rows       {counts or 'none'}")
    return "\n".join(lines)


def _listed(names: Any, most: int = 10) -> str:
    """The first names, and how many there are besides."""
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "none") + more
