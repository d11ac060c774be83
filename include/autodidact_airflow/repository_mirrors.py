"""A repository that is somewhere else: a Connection has its git address, and it is fetched before a cycle.

`autodidact_git`, or what a DAG file names, has the address in its extra (`url`) or as its host, and login and
password, where the server wants them. The setting sources.repository is then the folder of the mirror, the
same on every worker.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autodidact_airflow.find_connection import GIT_CONNECTION, find_connection

if TYPE_CHECKING:
    from airflow.sdk import Connection

    from autodidact.cycle.record import Cycle
    from autodidact.runtime import Runtime

# The folder of all mirrors; the variable names another. Safe to delete while nothing runs.
VARIABLE, DEFAULT = "AUTODIDACT_MIRRORS", "~/.cache/autodidact/mirrors"


class Mirror(NamedTuple):
    address: str
    folder: Path
    login: str
    key: str


def mirror_of(connection: "Connection") -> Mirror:
    """Raises UsageError where the Connection names no address that is fetched."""
    from autodidact.sources.git.mirror import folder_of

    extra = connection.extra_dejson
    named = extra.get("url") if isinstance(extra, dict) else None
    address = named if isinstance(named, str) and named else (connection.host or "").strip()
    root = Path(os.environ.get(VARIABLE) or DEFAULT).expanduser()
    folder = folder_of(address, root)
    return Mirror(address, folder, connection.login or "", connection.password or "")


def refresh(here: "Runtime") -> None:
    """Fetches the repository, if it is a mirror."""
    from autodidact.safe_text import address
    from autodidact.sources.git.mirror import fetch

    if mirror := _of(here.settings.sources.repository):
        here.say(f"fetching {address(mirror.address)}")
        fetch(mirror.address, mirror.folder, login=mirror.login, key=mirror.key)


def require_commits(cycle: "Cycle", here: "Runtime") -> None:
    """Fetches the repository where this worker has not the commits that the cycle reads."""
    from autodidact.sources.git.mirror import has

    for each in cycle.repositories:
        # One of sources.repositories is a folder of this machine's.
        mirror = None if "name" in each else _of(each["path"])
        if mirror and not has(mirror.folder, each["commit"]):
            refresh(here)


def _of(path: str | None) -> Mirror | None:
    """The mirror at this path; None for any other repository."""
    conn_id = os.environ.get(GIT_CONNECTION)
    connection = find_connection("git", conn_id) if path and conn_id else None
    mirror = mirror_of(connection) if connection else None
    return mirror if mirror and str(mirror.folder) == path else None
