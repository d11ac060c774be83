"""git as a child process on repositories that nobody vouches for: no shell, and nothing of theirs is executed.

Switched off is what a repository's own configuration or files can make git run or fetch: hooks, fsmonitor, external diff, textconv,
signature programs, replacement objects, lazy fetches, prompts. The caller's GIT_* variables and the user's configuration do not reach it
either, so that equal commits give equal output on every machine. The git folder is named outright, so whose it is does not matter.
"""

import os
import shutil
import subprocess
from pathlib import Path

from autodidact.errors import AutodidactError
from autodidact.sources.pipe import Pipe

TIMEOUT = 120.0  # seconds a git process may say nothing
FSCK = "Check the repository with `git fsck`."

_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.attributesFile": "/dev/null",
    "core.alternateRefsCommand": "",
    "core.bare": "true",  # no .gitattributes and no index of a work tree
    "attr.tree": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",  # the empty tree: no .gitattributes of HEAD either
    "core.quotePath": "true",
    "core.bigFileThreshold": "1m",  # larger files count as binary in diffs
    "log.showSignature": "false",
    "log.follow": "false",
    "log.mailmap": "false",
    "diff.renames": "true",
    "diff.renameLimit": "400",  # files of a commit compared for similarity (git's own default: 1,000)
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
    """What a short git command on the git folder `folder` prints. AutodidactError when it fails (unless check=False) or takes too long."""
    try:
        done = subprocess.run(
            _command(folder, arguments), env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        raise AutodidactError(f"git {arguments[0]} took more than {TIMEOUT:.0f} s in {folder}", FSCK) from None
    if check and done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise AutodidactError(f"git {arguments[0]} failed in {folder}: {said[-1] if said else f'exit status {done.returncode}'}", FSCK)
    return done.stdout


def lines(folder: Path, *arguments: str) -> list[str]:
    """The printed lines of a short git command."""
    return text(run(folder, *arguments)).splitlines()


def stream(folder: Path, *arguments: str, writable: bool = False) -> Pipe:
    """A long git command, to be read piece by piece and closed."""
    return Pipe(_command(folder, arguments), _environment(), timeout=TIMEOUT, writable=writable)


def text(data: bytes) -> str:
    """Paths and messages as text; bytes that are not UTF-8 stay distinct, as escapes."""
    return data.decode("utf-8", "backslashreplace")


def _command(folder: Path, arguments: tuple[str, ...]) -> list[str]:
    git = shutil.which("git")
    if git is None:
        raise AutodidactError("git is not installed", "Install git and put it on the PATH.")
    settings = [part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")]
    return [git, "--no-pager", "--no-replace-objects", "--literal-pathspecs", f"--git-dir={folder}", *settings, *arguments]


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | _ENVIRONMENT
