"""Ten faults in one cycle of the command `autodidact cycle`, at moments that a seed gives."""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.chaos.clock import Clocks
from tests.chaos.invariants import Place
from tests.chaos.settings import SYSTEM, as_variables
from tests.chaos.shop import Shop

# The moments: the command says so when one of these begins, in a run that resumes too.
STAGES = (
    *("generate.ast_parser", "knowledge", "gate", "measure_champion", "train", "benchmark", "decide"),
    *("ask_ledger", "close_cycle"),
)
HOST = "127.0.0.1"
# Bytes of a file that can be written while the disk is full.
FULL = 4096
# Seconds that the command may take.
LONG = 600


class Command:
    """The command in a folder of its own, with the repository, the store and the Chronicle."""

    def __init__(self, folder: Path):
        self.folder, self.shop, self.clocks = folder, Shop(folder / "shop"), Clocks(folder)
        places = {
            "AUTODIDACT_STORE": str(folder / "store"),
            "AUTODIDACT_CHRONICLE__URL": f"sqlite:///{folder}/chronicle.db",
            "AUTODIDACT_SOURCES__REPOSITORY": str(self.shop.path),
            "CLUSTER_HOST": HOST,
        }
        self.environment = os.environ | as_variables() | places | self.clocks.environment
        settings = load_settings(cwd=folder, environ=self.environment)
        self.place = Place(Runtime(settings, say=lambda line: None), SYSTEM)

    def run(self, stage: str = "", then: Callable[["Running"], None] | None = None) -> "Running":
        """Runs the command to its end. When it begins `stage`, `then` is called, on it."""
        running = Running(self)
        for line in running.process.stderr:
            running.lines.append(line)
            if then and line.startswith(f"== {stage}"):
                threading.Thread(target=then, args=[running]).start()
                then = None
        running.process.wait(LONG)
        return running


class Running:
    """A run of the command; `lines`: what it said."""

    def __init__(self, command: Command):
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            ["autodidact", "cycle"],
            cwd=command.folder,
            env=command.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def kill(self) -> None:
        """kill -9 of the command and all below it."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def tree(self) -> list[psutil.Process]:
        with suppress(psutil.Error):
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        return []


def killed(command: Command, stage: str, chance: random.Random) -> str:
    """kill -9 of the command with all below it"""
    wait = chance.uniform(0, 1.5)

    def then(running: Running) -> None:
        time.sleep(wait)
        running.kill()

    return _ended(command.run(stage, then))


def child_killed(command: Command, stage: str, chance: random.Random) -> str:
    """kill -9 of the process that trains or measures"""

    def then(running: Running) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end and running.process.poll() is None:
            below = [each for each in running.tree()[1:] if "autodidact." in " ".join(each.cmdline())]
            if below:
                time.sleep(chance.uniform(0, 1.5))
                return below[0].kill()
            time.sleep(0.1)
        return None

    return _ended(command.run(chance.choice(["measure_champion", "train", "benchmark"]), then))


def disk_full(command: Command, stage: str, chance: random.Random) -> str:
    """the disk is full: no file can grow beyond 4 KB"""

    def then(running: Running) -> None:
        for process in running.tree():
            with suppress(psutil.Error, ProcessLookupError):
                process.rlimit(psutil.RLIMIT_FSIZE, (FULL, FULL))

    return _ended(command.run(stage, then))


def store_gone(command: Command, stage: str, chance: random.Random) -> str:
    """the store is not there, as a disk that is not mounted"""
    store, away = command.folder / "store", command.folder / "away"

    def then(running: Running) -> None:
        store.rename(away)

    ended = _ended(command.run(stage, then))
    # The command makes its folder anew where it is missing; what it wrote there is of no use to anybody.
    if store.exists():
        store.rename(command.folder / f"mistaken-{time.monotonic_ns()}")
    away.rename(store)
    return ended


def clock_jumped(command: Command, stage: str, chance: random.Random) -> str:
    """the clock jumps by an hour, the command is killed, and the clock jumps back"""
    offset = chance.choice([-3600, 3600])

    def then(running: Running) -> None:
        command.clocks.set(HOST, offset)
        time.sleep(1)
        running.kill()

    ended = _ended(command.run(stage, then))
    command.clocks.set(HOST, 0)
    return ended


def two_at_once(command: Command, stage: str, chance: random.Random) -> str:
    """a second process of the same window; the first is killed"""
    second: list[Running] = []

    def then(running: Running) -> None:
        second.append(Running(command))
        time.sleep(chance.uniform(5, 10))
        running.kill()

    first = _ended(command.run(stage, then))
    for line in second[0].process.stderr:
        second[0].lines.append(line)
    second[0].process.wait(LONG)
    return f"{first}; {_ended(second[0])}"


def _ended(running: Running) -> str:
    """How the command ended: its exit status, and its last line."""
    return f"exit {running.process.returncode}: {running.lines[-1].strip() if running.lines else ''}"


TEN = [
    *(killed, killed, killed, killed, child_killed, child_killed),
    *(disk_full, store_gone, clock_jumped, two_at_once),
]
