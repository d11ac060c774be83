"""`kill -9` at a step or at a line: work in a child process that ends there."""

import os
import signal
import sys
from collections.abc import Callable


def killed(work: Callable[[], object], tracer: Callable | None = None) -> bool:
    """Does `work` in a child process that `tracer` watches and may kill; whether it was killed."""
    child = os.fork()
    if child == 0:
        try:
            sys.settrace(tracer)
            work()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def at_step(step: str, moment: str) -> Callable:
    """Kills when a function of the library is called, or returns. `step`: its name, after `>` where only calls
    of another one count: `promote>publish`.
    """
    caller, _, function = step.rpartition(">")

    def watch(frame, event, _):
        if "autodidact" not in frame.f_code.co_filename:
            return None
        if (
            frame.f_code.co_name == function
            and event == moment
            and caller in ("", frame.f_back.f_code.co_name)
        ):
            os.kill(os.getpid(), signal.SIGKILL)
        return watch

    return watch


def at_line(number: int, *files: str) -> Callable:
    """Kills at the n-th line that is executed in these files."""
    left = [number]

    def watch(frame, event, _):
        if not frame.f_code.co_filename.endswith(files):
            return None
        if event == "line":
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch

    return watch
