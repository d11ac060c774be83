"""How `autodidact cycle` shows itself: one screen on a terminal, and all of the detail in a log; elsewhere a
line for everything.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from autodidact.default_and_relative_paths import checkout
from autodidact.terminal.view import draws

if TYPE_CHECKING:
    from autodidact.runtime import Runtime
    from autodidact.terminal.cycle_progress import CycleProgress

# What `cycle/run.py` says of a stage that did not end well: ": skipped, why".
ENDINGS = ("skipped", "failed")


@contextlib.contextmanager
def watched(runtime: "Runtime") -> Iterator[Callable[[str], None]]:
    """Shows what the runtime says from here on; yields what `run` calls where a stage begins."""
    if not draws(sys.stderr):
        yield lambda stage: runtime.say(f"== {stage}")
        return
    from rich.console import Console

    from autodidact.terminal.live_screen import LiveScreen

    path = checkout(Path.cwd()) / ".autodidact" / "cycle.log"
    before = runtime.say
    # Libraries print; the screen belongs to the stages.
    with (
        _private(path) as log,
        LiveScreen(str(path), Console(file=sys.stderr)) as screen,
        contextlib.redirect_stdout(log),
        contextlib.redirect_stderr(log),
    ):
        stages = InProcess(screen, log)
        runtime.say = stages.say
        try:
            stages.start("open_cycle")
            yield stages.start
            stages.end()
        finally:
            runtime.say = before


class InProcess:
    """Tells a screen of the stages that run in this process, one after the other, and a log all that is
    said.
    """

    def __init__(self, screen: "CycleProgress", log: TextIO):
        self._screen, self._log = screen, log
        self._stage, self._state, self._reason = "", "done", ""

    def start(self, stage: str) -> None:
        """A stage began: the one before has ended."""
        self.end()
        self._write(f"== {stage}")
        self._stage, self._state, self._reason = stage, "done", ""
        self._screen.start(stage)

    def end(self) -> None:
        if self._stage:
            self._screen.end(self._stage, self._state, self._reason)
        self._stage = ""

    def say(self, line: str) -> None:
        self._write(line)
        for state in ENDINGS:
            if line.startswith(mark := f"{self._stage}: {state}, "):
                self._state, self._reason = state, line.removeprefix(mark)
                if state == "failed":
                    self._screen.trouble(f"ERROR in {self._stage}: {self._reason}")
                return
        self._screen.say(line)

    def _write(self, line: str) -> None:
        self._log.write(line + "\n")
        self._log.flush()


def _private(path: Path) -> TextIO:
    """The file, for its owner alone, emptied."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8", errors="replace")
