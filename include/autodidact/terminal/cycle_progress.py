"""What a cycle is doing: its stages with state and duration, what was said last, and what went wrong.

`PlainLines` prints a line where a stage begins and ends; `live_screen.LiveScreen` draws one screen. Nothing
that they quote steers a terminal, and every error and warning is printed at once and stays.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TextIO

from autodidact.safe_text import one_line
from autodidact.terminal.pace import Count, Pace, duration

GENERATORS = "generators"
STAGES = tuple(
    f"open_cycle {GENERATORS} knowledge gate measure_champion train benchmark decide promote keep_champion"
    " ask_ledger close_cycle".split()
)
# Characters of a note behind a stage.
MOST_NOTE = 200
_TROUBLE = ("ERROR", "WARNING")
# How a cycle says that it was opened: its id and its system.
OPENED = re.compile(r"(?:opened: \w+ cycle|resumed: cycle) (\S{1,80}) of ([^\s,;]{1,200})")
_SECONDS = re.compile(r" in [\d.]+ s$")


@dataclass
class Stage:
    """One stage: `state` is waiting, running, done, skipped, failed, or "to be tried again"."""

    name: str
    state: str = "waiting"
    began: float | None = None
    seconds: float = 0.0
    note: str = ""


class CycleProgress:
    """Follows one cycle. Tasks that begin with `generate.` are one stage, `generators`, with their states
    counted.
    """

    def __init__(self, stages: Iterable[str] = STAGES, clock: Callable[[], float] = time.monotonic):
        self.clock, self.began = clock, clock()
        self.stages = {name: Stage(name) for name in stages}
        # The cycle; the last line, and the last one that is worth a note behind its stage.
        self.title = self.last = self._note = ""
        self.count: Count | None = None
        self.current: Stage | None = None
        self._pace, self._generators = Pace(clock), Counter[str]()
        self._troubles: set[str] = set()

    def start(self, task: str) -> None:
        """A task began. The generators end where another stage begins."""
        name = GENERATORS if task.startswith("generate.") else one_line(task)
        self._end_generators(but=name)
        stage = self.stages.setdefault(name, Stage(name))
        if stage.state != "running":
            stage.state, stage.began, stage.note = "running", self.clock(), ""
            self.began_stage(stage)
        self.current, self.count, self.last = stage, None, task.removeprefix("generate.")
        self._note = ""

    def end(self, task: str, state: str, reason: str = "") -> None:
        """A task ended. `reason`: why it was skipped or failed; else what it said last stands behind it."""
        if task.startswith("generate."):
            self._generators[state] += 1
            counts = ", ".join(f"{count} {name}" for name, count in self._generators.items())
            self.stages[GENERATORS].note = counts
            return
        stage = self.stages.setdefault(one_line(task), Stage(one_line(task)))
        note = reason or _SECONDS.sub("", self._note.removeprefix(f"{task}: "))
        self._close(stage, state, one_line(note)[:MOST_NOTE])

    def say(self, line: str) -> None:
        """What a stage says. A warning or an error is printed, once."""
        line = one_line(line.rstrip())
        if line.startswith(_TROUBLE):
            self.trouble(line)
            return
        if found := OPENED.match(line):
            self.title = f"Cycle {found[1]} of {found[2]}"
        self.count = self._pace.of(line)
        self.last = line.strip()
        self._note = self._note if self.count else self.last

    def trouble(self, line: str) -> None:
        """Shows what went wrong; what was shown already, not again."""
        line = one_line(line)
        if line not in self._troubles:
            self._troubles.add(line)
            self.visible(line)

    def was_told(self, sentence: str) -> bool:
        return any(one_line(sentence) in line for line in self._troubles)

    @property
    def troubled(self) -> bool:
        """Whether any error was shown; a warning is none."""
        return any(not line.startswith("WARNING") for line in self._troubles)

    def finish(self) -> None:
        """No more comes: what still waits was not needed, what still runs was stopped."""
        self._end_generators()
        for stage in self.stages.values():
            if stage.state == "running":
                self._close(stage, "stopped", "")
        failed = any(stage.state in ("failed", "stopped") for stage in self.stages.values())
        for stage in self.stages.values():
            if stage.state == "waiting":
                stage.state = "not reached" if failed else "not needed"

    def seconds(self, stage: Stage) -> float:
        running = stage.state == "running" and stage.began is not None
        return self.clock() - (stage.began or 0) if running else stage.seconds

    def _end_generators(self, but: str = "") -> None:
        stage = self.stages.get(GENERATORS)
        if stage and stage.state == "running" and but != GENERATORS:
            state = next((name for name in ("done", "failed") if self._generators[name]), "skipped")
            self._close(stage, state, stage.note)

    def _close(self, stage: Stage, state: str, note: str) -> None:
        stage.seconds = self.clock() - stage.began if stage.began is not None else 0.0
        stage.state, stage.note = state, note
        self.current, self.count, self.last = None, None, ""
        self.ended_stage(stage)

    def began_stage(self, stage: Stage) -> None:
        """Called where a stage begins."""

    def ended_stage(self, stage: Stage) -> None:
        """Called where a stage ended."""

    def visible(self, line: str) -> None:
        """Called with what must be seen."""


class PlainLines(CycleProgress):
    """A line where a stage begins, one where it ends, and one for what went wrong: for a log or a pipe."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic):
        super().__init__(clock=clock)
        self._stream = stream or sys.stdout

    def __enter__(self) -> "PlainLines":
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()

    def began_stage(self, stage: Stage) -> None:
        self.visible(f"{stage.name} {'begin' if stage.name == GENERATORS else 'begins'}")

    def ended_stage(self, stage: Stage) -> None:
        note = f": {stage.note}" if stage.note else ""
        self.visible(f"{stage.name} {stage.state} after {duration(stage.seconds)}{note}")

    def visible(self, line: str) -> None:
        print(f"{self.clock() - self.began:6.0f} s  {line}", file=self._stream, flush=True)
