"""git as a child process on repositories that nobody vouches for: no shell, and nothing of theirs is
executed.

Switched off is what a repository's own configuration or files can make git run or fetch: hooks, fsmonitor,
external diff, textconv, signature programs, replacement objects, lazy fetches, prompts. The caller's GIT_*
variables and the user's configuration do not reach it either, so that equal commits give equal output on
every machine. The git folder is named outright, so whose it is does not matter.
"""

import os
import re
import shutil
from pathlib import Path

from autodidact.errors import AutodidactError
from autodidact.sources.bounded_process_output import Pipe, Stalled
from autodidact.sources.reading_limits import OverBudget

# Seconds that a git process may be silent.
TIMEOUT = 120.0
# Bytes that a short command may print; the list of Chromium's files has 60 million.
MAX_OUTPUT = 80_000_000
# How a process ends for which there is not enough time, memory or stack. It is quiet where it is killed.
EXHAUSTED = re.compile(
    "^no answer for |^it did not end |out of memory|^it ended early$|too deep|maximum allowed depth",
    re.IGNORECASE,
)
FSCK = "Check the repository with `git fsck`."

_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.attributesFile": "/dev/null",
    "core.alternateRefsCommand": "",
    # No .gitattributes and no index of a work tree.
    "core.bare": "true",
    # The empty tree: no .gitattributes of HEAD either.
    "attr.tree": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "core.quotePath": "true",
    # Larger files count as binary in diffs.
    "core.bigFileThreshold": "1m",
    "log.showSignature": "false",
    "log.follow": "false",
    "log.mailmap": "false",
    "diff.renames": "true",
    # Files of a commit compared for similarity (git's own default: 1,000).
    "diff.renameLimit": "400",
    "diff.ignoreSubmodules": "all",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.allow": "never",
}
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "LC_ALL": "C",
    "LANGUAGE": "C",
    "TZ": "UTC",
}


def run(folder: Path, *arguments: str, check: bool = True) -> bytes:
    """What a short git command on the git folder `folder` prints.

    AutodidactError when it fails (unless check=False), OverBudget when it prints more than MAX_OUTPUT or
    takes more than a process may.
    """
    pipe = stream(folder, *arguments)
    try:
        printed = pipe.rest(MAX_OUTPUT)
        if check and (status := pipe.status()):
            if status < 0 or EXHAUSTED.search(pipe.reason()):
                raise OverBudget(f"git {arguments[0]} is out of time or memory")
            raise AutodidactError(f"git {arguments[0]} failed in {folder}: {pipe.reason()}", FSCK)
        return printed
    except Stalled as stalled:
        if check and EXHAUSTED.search(str(stalled)):
            raise OverBudget(f"git {arguments[0]} is out of time") from None
        raise AutodidactError(f"git {arguments[0]} failed in {folder}: {stalled}", FSCK) from None
    finally:
        pipe.close()


def lines(folder: Path, *arguments: str) -> list[str]:
    """The printed lines of a short git command."""
    return text(run(folder, *arguments)).splitlines()


def stream(folder: Path, *arguments: str, writable: bool = False) -> Pipe:
    """A long git command, to be read piece by piece and closed."""
    return Pipe(command(folder, arguments), environment(), timeout=TIMEOUT, writable=writable)


def text(data: bytes) -> str:
    """Paths and messages as text; bytes that are not UTF-8 stay distinct, as escapes."""
    return data.decode("utf-8", "backslashreplace")


def command(folder: Path, arguments: tuple[str, ...]) -> list[str]:
    """The command line of git on the git folder."""
    git = shutil.which("git")
    if git is None:
        raise AutodidactError("git is not installed", "Install git and put it on the PATH.")
    settings = [part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")]
    return [
        git,
        "--no-pager",
        "--no-replace-objects",
        "--literal-pathspecs",
        f"--git-dir={folder}",
        *settings,
        *arguments,
    ]


def environment() -> dict[str, str]:
    """The variables that git gets."""
    return {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | _ENVIRONMENT
