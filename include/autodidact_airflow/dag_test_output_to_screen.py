"""Tells the screen of a cycle what `airflow dags test` prints: which task began, how it ended and why, and
what the stages say.

Of Airflow's own lines it knows four, and only those that begin with Airflow's time and level: what a stage
prints cannot pass for them. A release of Airflow that words them otherwise costs the states, never a line.
"""

import re
from collections.abc import Callable

from autodidact.terminal.cycle_progress import OPENED, CycleProgress

MARK = "[autodidact] "
_AIRFLOW = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z \[(\w+)\s*\] (.*)")
_BEGINS = re.compile(r"\[DAG TEST\] starting task_id=([\w.-]{1,200})")
_STATE = re.compile(r"Task instance state updated .* new_state=(\w+)")
_SKIP = re.compile(r"Skipping task\. .* reason=(.*)")
STATES = {
    "success": "done",
    "skipped": "skipped",
    "failed": "failed",
    "up_for_retry": "to be tried again",
    "deferred": "waits elsewhere",
}


class DagTestLog:
    """Feed it every line; `cycle` is called with the cycle and its system as soon as they are known."""

    def __init__(self, screen: CycleProgress, cycle: Callable[[str, str], None] = lambda *_: None):
        self._screen, self._cycle = screen, cycle
        self._task, self._reason = "", ""
        # The last line of a traceback, from "Task failed with exception" to Airflow's next line.
        self._failure: str | None = None

    def read(self, line: str) -> None:
        place = line.find(MARK)
        if found := _AIRFLOW.match(line[:4000]):
            self._airflow(*found.groups())
        elif place >= 0:
            self._say(line[place + len(MARK) :])
        elif self._failure is not None and line.strip() and not line.startswith((" ", "Traceback")):
            self._failure = line.strip()

    def _airflow(self, level: str, text: str) -> None:
        if self._failure:
            self._failed(self._failure)
        self._failure = None
        if level == "error" and text.startswith("Task failed with exception"):
            self._failure = ""
        elif found := _BEGINS.match(text):
            self._task, self._reason = found[1], ""
            self._screen.start(self._task)
        elif found := _SKIP.match(text):
            self._reason = found[1].strip().strip("'\"")
        elif self._task and (found := _STATE.match(text)):
            self._screen.end(self._task, STATES.get(found[1], found[1]), self._reason)

    def _failed(self, error: str) -> None:
        """Shows the last line of a traceback, unless the task said the same sentence before."""
        kind, _, sentence = error.partition(": ")
        self._reason = sentence if kind.startswith("airflow.") and sentence else error
        if not self._screen.was_told(self._reason):
            self._screen.trouble(f"ERROR in {self._task}: {self._reason}")

    def _say(self, line: str) -> None:
        if found := OPENED.match(line):
            self._cycle(found[1], found[2])
        self._screen.say(line)
