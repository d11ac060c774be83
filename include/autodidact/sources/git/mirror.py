"""A bare mirror of a repository that is somewhere else, fetched before a cycle.

What is fetched is hostile: of the protocols only https and ssh (http on this machine), no redirects, no
hooks, no submodules, no configuration of the user's, and bounds on time and size. Branches alone are fetched.
A key goes to git in its environment, never into a command line, a file or an error.
"""

import base64
import contextlib
import fcntl
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from autodidact.errors import AutodidactError, Unavailable, UsageError
from autodidact.records import sha256
from autodidact.safe_text import one_line
from autodidact.sources.git.revisions import SHA, exists
from autodidact.sources.git.run_git import command, environment

# Seconds that a fetch may take, and bytes that a mirror may have: the Linux kernel's are about 6 GB.
MOST_SECONDS, MOST_BYTES = 1800.0, 20_000_000_000
# Seconds that an address may take to answer a test.
ASKED_SECONDS = 30.0
# Seconds between two looks at the clock and at the folder.
LOOK = 0.5
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SCP = re.compile(r"(?:[\w.-]+@)?\w[\w.-]*:(?!/|\d+/)[^\s:]+")
_BRANCH = re.compile(r"ref: (refs/heads/[^\s~^:?*\[\\\x00-\x1f]{1,200})\tHEAD")
_SETTINGS = {
    "credential.helper": "",
    "http.followRedirects": "false",
    # Less than 1,000 bytes a second for a minute: the server hangs.
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
    "fetch.recurseSubmodules": "false",
}
# Variables of the worker that reach git: where the certificates of authorities are that it trusts.
_AUTHORITIES = ("GIT_SSL_CAINFO", "GIT_SSL_CAPATH")
_SSH = "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=30"


def folder_of(address: str, root: Path) -> Path:
    """Where the mirror of an address is: `<root>/<digest>/<name>.git`. Its name is the repository's, after
    which a system is called. Raises UsageError for an address that is not fetched.
    """
    _protocol(address)
    last = re.split(r"[/:]", re.sub(r"(/?\.git)?/*$", "", address))[-1]
    name = re.sub(r"[^\w.-]+", "-", last)
    return root / sha256(address)[:12] / f"{name.strip('-.') or 'repository'}.git"


def fetch(address: str, folder: Path, *, login: str = "", key: str = "") -> None:
    """Brings the mirror up to date: its branches, and which of them is the default. Killed anywhere, it is
    whole again after the next fetch. One process at a time fetches, others wait.

    Raises UsageError for an address that is not fetched, Unavailable where git cannot fetch it,
    AutodidactError where it is too large.
    """
    given, options = _asking(address, login, key)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock(folder.parent / "lock"):
        end = time.monotonic() + MOST_SECONDS
        for left in folder.glob("objects/pack/tmp_*"):  # of a fetch that was killed
            left.unlink(missing_ok=True)
        _git(folder, given, end, "init", "--quiet", "--bare", "--template=")
        quiet = ("--quiet", "--prune", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
        branches = "+refs/heads/*:refs/heads/*"
        _git(folder, given, end, *options, "fetch", *quiet, "--", address, branches)
        if branch := _default_branch(address, folder, given, end, options):
            _git(folder, given, end, "symbolic-ref", "HEAD", branch)


def default_branch(address: str, folder: Path, *, login: str = "", key: str = "") -> str | None:
    """What the address answers without fetching anything: its default branch. `folder`: an empty place for a
    git folder. Raises as `fetch` does.
    """
    given, options = _asking(address, login, key)
    end = time.monotonic() + ASKED_SECONDS
    _git(folder, given, end, "init", "--quiet", "--bare", "--template=")
    found = _default_branch(address, folder, given, end, options)
    return found.removeprefix("refs/heads/") if found else None


def _asking(address: str, login: str, key: str) -> tuple[dict[str, str], list[str]]:
    """The variables and the options with which git asks the address."""
    protocol = _protocol(address)
    # Without a program that is asked for passwords, such as the one that SSH_ASKPASS names.
    given = environment() | {"GIT_ALLOW_PROTOCOL": protocol, "GIT_SSH_COMMAND": _SSH, "GIT_ASKPASS": ""}
    given |= {name: os.environ[name] for name in _AUTHORITIES if name in os.environ}
    if key:
        said = base64.b64encode(f"{login or 'git'}:{key}".encode()).decode()
        given |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader"}
        given |= {"GIT_CONFIG_VALUE_0": f"Authorization: Basic {said}"}
    settings = {f"protocol.{protocol}.allow": "always"} | _SETTINGS
    return given, [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _default_branch(
    address: str, folder: Path, given: dict[str, str], end: float, options: list[str]
) -> str | None:
    printed = _git(folder, given, end, *options, "ls-remote", "--quiet", "--symref", "--", address, "HEAD")
    found = _BRANCH.search(printed)
    return found[1] if found else None


def has(folder: Path, commit: str) -> bool:
    """Whether the mirror is there and has the commit."""
    return bool(SHA.fullmatch(commit)) and (folder / "HEAD").exists() and exists(folder, commit)


def _protocol(address: str) -> str:
    """`https`, `ssh` or, on this machine, `http`. Raises UsageError for any other, and repeats no address."""
    what = "Name an https or ssh address, without a password: that belongs into the Connection."
    if not address.isprintable() or address.startswith("-") or " " in address:
        raise UsageError("The address of the repository is no address", what)
    if "://" not in address:
        if _SCP.fullmatch(address):
            return "ssh"
        raise UsageError("The address of the repository has no protocol", what)
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise UsageError("The address of the repository is no address", what) from None
    allowed = ("https", "ssh", "http") if host in LOOPBACK else ("https", "ssh")
    if parts.scheme not in allowed or not host or host.startswith("-"):
        raise UsageError(f"A repository is not fetched by {parts.scheme[:20]!r}", what)
    if parts.password or (parts.username and parts.scheme != "ssh"):
        raise UsageError("The address of the repository holds a login", what)
    return parts.scheme


@contextlib.contextmanager
def _lock(file: Path) -> Iterator[None]:
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _git(folder: Path, given: dict[str, str], end: float, *arguments: str) -> str:
    """What git prints, at most 20,000 characters of it."""
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(
            command(folder, arguments),
            env=given,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            while child.poll() is None:
                _require_bounds(folder, output, end)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(LOOK)
        finally:
            _end(child)
        output.seek(0)
        printed = output.read(20_000).decode("utf-8", "replace")
    if child.returncode:
        reason = one_line(" ".join(printed.split()))[-300:] or f"git ended with status {child.returncode}"
        raise Unavailable(f"The repository could not be fetched: {reason}", _remedy(printed))
    return printed


def _remedy(printed: str) -> str:
    """What to do, by what git printed."""
    if re.search("SSL: |SSL certificate|certificate verification", printed):
        return (
            "The server's certificate is not trusted here: add its authority to the system's, or name the"
            " file of its certificate in GIT_SSL_CAINFO."
        )
    if re.search("could not read (Username|Password)|Authentication failed", printed):
        return "The server wants a login and a password, and takes none that the Connection has."
    if re.search("Host key verification failed", printed):
        return (
            "The server's key is not the one in the known_hosts of the worker's user: compare it with what"
            " the server's owner says, then write it there (ssh-keyscan prints it)."
        )
    if re.search(r"Permission denied \(", printed):
        return "The server takes no key of the worker's user: give it the public key in that user's ~/.ssh."
    return "Check its address and the Connection."


def _require_bounds(folder: Path, output: IO[bytes], end: float) -> None:
    if time.monotonic() > end:
        raise Unavailable(
            f"The repository was not fetched within {MOST_SECONDS / 60:.0f} minutes",
            "Clone it on the worker, and name the folder in sources.repository.",
        )
    if _size(folder) + os.fstat(output.fileno()).st_size > MOST_BYTES:
        raise AutodidactError(
            f"The repository is larger than {MOST_BYTES / 1e9:g} GB",
            "Clone it on the worker, and name the folder in sources.repository.",
        )


def _size(folder: Path) -> int:
    found = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # a temporary file that is gone by now
                found += os.lstat(os.path.join(place, name)).st_size
    return found


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ends git and what it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
