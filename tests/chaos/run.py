"""Cycles one after the other, and faults at random moments of them."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from urllib.error import URLError

import psutil

from tests.chaos.faults import Fault
from tests.chaos.invariants import Rows, broken, rows_of
from tests.chaos.shaken_cluster import ShakenCluster

# Seconds between two faults, and how many may be unsettled at a time.
BETWEEN, AT_A_TIME = (3.0, 15.0), 4
# Seconds after which a fault has not settled.
GIVEN_UP = 2400.0
# Times that a fault may be impossible before it is left out: without a C compiler no clock jumps.
REFUSED = 200
WELL = ("success", "skipped", "removed")


@dataclass
class Struck:
    """A fault that happened. `interrupted`: the tasks that were running or queued then."""

    name: str
    moment: str
    at: str
    interrupted: list[tuple[str, str]]
    settled_by: str
    seconds: float | None = None
    broken: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Pending:
    """A fault that has not settled yet."""

    struck: Struck
    since: float
    undo: Callable[[], None] | None
    undo_at: float
    # Whether it has settled only when every run has ended.
    to_the_end: bool


class Chaos:
    """Runs `faults` on a cluster. What happened is added to `file`, one JSON object a line."""

    def __init__(self, cluster: ShakenCluster, faults: list[Fault], seed: int, file: Path):
        self.cluster, self.faults, self.file = cluster, list(faults), file
        self.chance, self.seed = random.Random(f"moments {seed}"), seed
        self.pending: list[Pending] = []
        self.refused: Counter[str] = Counter()
        self.next_at, self.unchecked = 0.0, list[Struck]()
        self.rows: Rows = {}
        self.ended: dict[str, str] = {}
        self.cycles = 0

    def run(self, until: float) -> None:
        """Until all faults happened and settled, or the clock (time.monotonic) says `until`."""
        while True:
            self.cluster.keep_serving()
            self.cluster.started.read()
            over = time.monotonic() > until or not self.faults
            self.undo_what_is_over()
            runs = self.cluster.run_states() or {}
            self.clear_failed(runs)
            self.settle(runs)
            if runs is not None and not self.active(runs) and not self.pending:
                self.check(runs)
                if over:
                    return
                self.begin_cycle()
            elif not over:
                self.strike()
            time.sleep(2)

    def active(self, runs: dict[str, tuple[str, str]]) -> list[str]:
        return [run for run, (state, _) in runs.items() if state in ("running", "queued")]

    def begin_cycle(self) -> None:
        try:
            run = self.cluster.begin_cycle()
        except (URLError, OSError, AssertionError) as error:
            return self.say(f"no cycle could be started: {error}")
        self.say(f"cycle {run}")
        self.next_at = time.monotonic() + self.chance.uniform(*BETWEEN)
        return None

    def strike(self) -> None:
        """The next fault, if it is time for one and a cycle runs."""
        tasks = self.cluster.running_tasks()
        if time.monotonic() < self.next_at or len(self.pending) >= AT_A_TIME or not tasks:
            return None
        fault = self.faults.pop(0)
        moment = ", ".join(f"{seconds:.0f} s into `{task}`" for _, task, seconds in tasks)
        now = datetime.now(timezone.utc).strftime("%H:%M:%S")
        begun, states = time.monotonic(), self.cluster.task_states() or {}
        open_tasks = [task for task, state in states.items() if state in ("running", "queued")]
        try:
            undo = fault.begin(self.cluster, self.chance)
        except (psutil.Error, OSError, AttributeError, AssertionError) as error:
            self.say(f"not now: {fault.name}: {type(error).__name__}: {error}")
            undo = False
        if undo is False:  # not now: later
            self.refused[fault.name] += 1
            if self.refused[fault.name] > REFUSED:
                return self.say(f"left out, as it cannot be done here: {fault.name}")
            return self.faults.insert(min(len(self.faults), self.chance.randint(1, 4)), fault)
        struck = Struck(fault.name, moment, now, open_tasks, fault.command)
        undo_at = begun + self.chance.uniform(*fault.seconds)
        self.pending.append(
            Pending(struck, begun, undo if callable(undo) else None, undo_at, fault.to_the_end)
        )
        self.next_at = time.monotonic() + self.chance.uniform(*BETWEEN)
        return self.say(f"{fault.name}: {moment}")

    def undo_what_is_over(self) -> None:
        for each in self.pending:
            if each.undo and time.monotonic() > each.undo_at:
                each.undo()
                each.undo = None

    def clear_failed(self, runs: dict[str, tuple[str, str]]) -> None:
        """What an operator does with a run that failed: Clear."""
        for run, (state, _) in runs.items():
            if state != "failed":
                continue
            try:
                self.cluster.clear(run)
            except (URLError, OSError, AssertionError):
                continue
            self.say(f"{run} failed: cleared")
            for each in self.pending:
                if any(name == run for name, _ in each.struck.interrupted):
                    each.struck.settled_by = "Clear in the web UI"

    def settle(self, runs: dict[str, tuple[str, str]]) -> None:
        """Notes the faults that have settled: undone, all parts are well, and what they interrupted ended."""
        waiting = [each for each in self.pending if not each.undo]
        states = self.cluster.task_states() if waiting else None
        if states is None or not self.cluster.is_whole():
            ready = []
        else:
            ready = [
                each
                for each in waiting
                if not (each.to_the_end and self.active(runs))
                and all(states.get((run, task)) in WELL for run, task in each.struck.interrupted)
            ]
        late = [each for each in waiting if time.monotonic() > each.since + GIVEN_UP and each not in ready]
        for each in late:
            each.struck.broken["settled"] = [f"not after {GIVEN_UP:.0f} s: {states}"]
        for each in [*ready, *late]:
            each.struck.seconds = round(time.monotonic() - each.since, 1)
            self.pending.remove(each)
            self.unchecked.append(each.struck)
            self.say(f"{each.struck.name}: settled by {each.struck.settled_by} in {each.struck.seconds} s")

    def check(self, runs: dict[str, tuple[str, str]]) -> None:
        """The invariants, between two cycles; a fault whose cycle left one broken says so."""
        if not self.cluster.has_champion():
            return
        now = rows_of(self.cluster.place)
        wrong = broken(self.cluster.place, self.rows, now)
        self.rows, self.cycles = now, sum(state == "success" for state, _ in runs.values())
        for struck in self.unchecked:
            struck.broken |= wrong
            self.write(asdict(struck) | {"seed": self.seed, "cycles": self.cycles})
        if wrong:
            self.say(f"BROKEN: {json.dumps(wrong, indent=1)}")
        if self.unchecked:
            self.say(f"{self.cycles} cycles; all invariants hold: {not wrong}")
        self.unchecked = []

    def write(self, row: dict) -> None:
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def say(self, line: str) -> None:
        print(f"{datetime.now(timezone.utc):%H:%M:%S}  {line}", flush=True)
