"""Runs a command, and ends it with all that it started, wherever that went: `python -I -S
process_supervisor.py COMMAND ...` (Linux).

A process that calls setsid leaves its group and its session, and one whose parent ends becomes init's. Here
it becomes this process's, so that all are its descendants. They end when SIGTERM comes, or when whoever
started this ends; without them this ends by itself. end_orphaned_processes.py does the same where a server
ends its keeper.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

# Of linux/prctl.h.
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
# For ending processes that start new ones faster than they end.
SECONDS = 5.0


def main(command: list[str]) -> int:
    """The exit status of the command; 127 when it cannot be started."""
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(end()))
    library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    try:
        process = subprocess.Popen(command)
    except OSError:
        return 127
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    # The command alone has the other ends now, so that they close with it.
    os.dup2(nothing, 1)
    status = 0
    with contextlib.suppress(ChildProcessError):
        while True:
            ended, code = os.wait()
            if ended == process.pid:
                status = os.waitstatus_to_exitcode(code)
    return status & 255


def end() -> int:
    """Kills all descendants. Returns 143, the status of a process that SIGTERM ended."""
    until = time.monotonic() + SECONDS
    while (found := descendants(os.getpid())) and time.monotonic() < until:
        kill(found)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)
    return 143


def kill(processes: list[int]) -> None:
    """Kills them, after none of them can start another one."""
    for kind in (signal.SIGSTOP, signal.SIGKILL):
        for process in processes:
            with contextlib.suppress(OSError):
                os.kill(process, kind)


def descendants(root: int) -> list[int]:
    """All processes below `root`, also those that have ended and whose status nobody has read."""
    children: dict[int, list[int]] = {}
    for process, parent in parents().items():
        children.setdefault(parent, []).append(process)
    found, waiting = [], [root]
    while waiting:
        inner = children.get(waiting.pop(), [])
        found += inner
        waiting += inner
    return found


def parents() -> dict[int, int]:
    """The parent of every process."""
    found = {}
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with (
            contextlib.suppress(OSError, ValueError, IndexError),
            open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file,
        ):
            # Its name, in brackets, may hold anything.
            found[int(name)] = int(file.read().rpartition(")")[2].split()[1])
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
