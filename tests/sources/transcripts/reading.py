"""What a transcript of a few literal lines holds."""

import json
from datetime import datetime, timezone
from pathlib import Path

from autodidact.sources.transcripts import Exchange, Toolbox, exchanges
from autodidact.stage import Troubles

UNTIL = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


def write(path: Path, *lines: str | bytes | dict) -> Path:
    data = (
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    )
    path.write_bytes(b"\n".join(data) + b"\n")
    return path


def read(path: Path, **more) -> tuple[list[Exchange], dict[str, int], Toolbox]:
    """The exchanges of a file, what was wrong by reason, and the tools that it shows."""
    troubles, toolbox = Troubles(), Toolbox()
    found = list(exchanges(path, more.pop("until", UNTIL), troubles, toolbox, **more))
    return found, {t.reason: t.count for t in troubles.list()}, toolbox


def told(found: list[Exchange]) -> list[tuple]:
    """Each exchange as (request, [(tool, arguments, ok)], later calls, answer)."""
    return [(e.text, [(c.name, c.arguments, c.ok) for c in e.calls], e.later, e.reply) for e in found]
