"""What happens to the cluster: one list of faults. Each has a name, `begin`, which does it, and how it is undone.

`begin` returns the function that undoes it, after `seconds`; None where nothing is to be undone, and False where
it could not be done, for example because no training runs just now.
"""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

import psutil

from tests.chaos.shaken_cluster import WORKERS, ShakenCluster

Undo = Callable[[], None] | None
Begin = Callable[[ShakenCluster, random.Random], "Undo | bool"]
# Bytes of a file that can be written while the disk is full.
FULL = 4096


class Fault(NamedTuple):
    name: str
    begin: Begin
    # How long it lasts.
    seconds: tuple[float, float] = (0, 0)
    # How often it is drawn, compared with the others.
    weight: int = 2
    # What an operator has to do then; without it the system settles by itself.
    command: str = "itself"
    # Whether it has settled only when every run has ended.
    to_the_end: bool = False


def _kill(processes: list[psutil.Process]) -> bool:
    for process in processes:
        with suppress(psutil.Error):
            process.kill()
    return bool(processes)


def part_killed(part: str, *, whole: bool) -> Begin:
    """kill -9 of the first process of a part; `whole`: and of all below it, at once."""

    def begin(cluster: ShakenCluster, chance: random.Random) -> bool:
        found = cluster.processes_of(part)
        return _kill(found if whole else found[:1])

    return begin


def task_killed(cluster: ShakenCluster, chance: random.Random) -> bool:
    found = cluster.task_processes()
    return _kill([chance.choice(found)] if found else [])


def computing_killed(cluster: ShakenCluster, chance: random.Random) -> bool:
    found = cluster.computing_processes()
    return _kill([chance.choice(found)] if found else [])


def server_killed(cluster: ShakenCluster, chance: random.Random) -> bool:
    cluster.server.kill()
    return True


def database_ended(how: signal.Signals) -> Begin:
    """SIGINT: it ends as for a restart, and cuts all connections; SIGKILL: of its first process."""

    def begin(cluster: ShakenCluster, chance: random.Random) -> bool:
        cluster.database().send_signal(how)
        return True

    return begin


def broker_flushed(cluster: ShakenCluster, chance: random.Random) -> bool:
    cluster.broker().flushall()
    return True


def store_fails(cluster: ShakenCluster, chance: random.Random) -> Undo:
    """Most requests are answered with 503."""
    cluster.front.failing = 0.8
    return lambda: setattr(cluster.front, "failing", 0.0)


def store_is_slow(cluster: ShakenCluster, chance: random.Random) -> Undo:
    """Each answer is late by one or two seconds."""
    cluster.front.late = chance.uniform(1, 2)
    return lambda: setattr(cluster.front, "late", 0.0)


def store_hangs(cluster: ShakenCluster, chance: random.Random) -> "Undo | bool":
    """The object store is stopped, so that it accepts requests and does not answer."""
    found = cluster.processes_of("object store")
    if not found:
        return False
    found[0].suspend()

    def undo() -> None:
        with suppress(psutil.Error):
            found[0].resume()

    return undo


def clock_jumps(cluster: ShakenCluster, chance: random.Random) -> "Undo | bool":
    """The clock of a worker's host jumps, by up to an hour in either direction, and later back."""
    if not cluster.clocks.environment:
        return False
    host, minutes = chance.choice(list(WORKERS.values())), chance.choice([-60, -5, -1, 1, 5, 60])
    cluster.clocks.set(host, 60 * minutes)
    return lambda: cluster.clocks.set(host, 0)


def _limited(process: psutil.Process, size: str) -> bool:
    """Whether its files cannot grow beyond `size` from now on. PostgreSQL has a user of its own, and only that
    one may say so.
    """
    with suppress(psutil.Error):
        command = ["prlimit", "--pid", str(process.pid), f"--fsize={size}:"]
        who = process.uids().real if os.geteuid() == 0 else None
        group = None if who is None else process.gids().real
        return not subprocess.run(command, user=who, group=group, capture_output=True).returncode
    return False


def disk_full(*parts: str) -> Begin:
    """No file that one of these parts writes can grow beyond FULL bytes."""

    def begin(cluster: ShakenCluster, chance: random.Random) -> "Undo | bool":
        part = chance.choice(parts)
        if not any([_limited(process, str(FULL)) for process in cluster.processes_of(part)]):
            return False

        def undo() -> None:
            for process in cluster.processes_of(part):
                _limited(process, "unlimited")

        return undo

    return begin


def second_scheduler(cluster: ShakenCluster, chance: random.Random) -> "Undo | bool":
    """Another scheduler works beside the first one, and is then killed."""
    found = cluster.processes_of("scheduler")
    if not found:
        return False
    command = [sys.executable, "-m", "airflow", "scheduler", "--skip-serve-logs"]
    with (cluster.folder / "second-scheduler.log").open("ab") as log:
        second = subprocess.Popen(
            command, env=found[0].environ(), stdout=log, stderr=log, start_new_session=True
        )

    def undo() -> None:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait()

    return undo


def second_cycle(cluster: ShakenCluster, chance: random.Random) -> "Undo | bool":
    """Somebody runs `autodidact cycle`, which goes on with the open cycle that Airflow runs just now."""
    if not cluster.running_tasks():
        return False
    with (cluster.folder / "second-cycle.log").open("ab") as log:
        second = subprocess.Popen(
            ["autodidact", "cycle"],
            cwd=cluster.home,
            env=cluster.environment | cluster.places,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def undo() -> None:
        with suppress(ProcessLookupError):
            os.killpg(second.pid, signal.SIGKILL)
        second.wait()

    return undo


def backfill(cluster: ShakenCluster, chance: random.Random) -> "Undo | bool":
    """A window of the past is run beside what runs."""
    if not cluster.running_tasks():
        return False
    cluster.backfills += 1
    cluster.backfill(datetime(2026, 3, 1) + timedelta(days=cluster.backfills))
    return None


def all_killed(cluster: ShakenCluster, chance: random.Random) -> None:
    """kill -9 of every process at once, PostgreSQL and the cluster's own script too."""
    _kill([psutil.Process(cluster.started.process_id), *cluster.started.processes()])
    assert cluster.started.left() == []
    cluster.start()


FAULTS = [
    Fault("kill -9 of a task", task_killed, weight=4),
    Fault("kill -9 of the process that trains or measures", computing_killed, weight=4),
    Fault("kill -9 of worker `gpu`", part_killed("worker gpu", whole=False)),
    Fault("kill -9 of worker `gpu` with its tasks", part_killed("worker gpu", whole=True)),
    Fault("kill -9 of worker `default` with its tasks", part_killed("worker default", whole=True)),
    Fault("kill -9 of the scheduler", part_killed("scheduler", whole=False)),
    Fault("kill -9 of the API server", part_killed("API server", whole=True)),
    Fault("kill -9 of the DAG processor", part_killed("DAG processor", whole=True), weight=1),
    Fault("kill -9 of the triggerer", part_killed("triggerer", whole=True), weight=1),
    Fault("kill -9 of `autodidact serve`", server_killed),
    Fault("PostgreSQL restarted", database_ended(signal.SIGINT)),
    Fault("kill -9 of PostgreSQL", database_ended(signal.SIGKILL)),
    Fault("kill -9 of the broker", part_killed("broker", whole=True)),
    Fault("broker flushed", broker_flushed),
    Fault("kill -9 of the object store", part_killed("object store", whole=True)),
    Fault("object store answers errors", store_fails, (10, 30)),
    Fault("object store is slow", store_is_slow, (10, 30)),
    Fault("object store does not answer", store_hangs, (10, 30)),
    Fault("clock of a worker's host jumps", clock_jumps, (10, 30)),
    Fault("disk of a worker's host is full", disk_full(*WORKERS), (5, 20)),
    Fault("disk of PostgreSQL is full", disk_full("PostgreSQL"), (5, 20)),
    Fault("disk of the object store is full", disk_full("object store"), (5, 20)),
    Fault("two schedulers", second_scheduler, (30, 60)),
    Fault("two processes of one window", second_cycle, (40, 90)),
    Fault("a backfill beside another run", backfill, to_the_end=True),
    Fault("kill -9 of every process", all_killed, weight=1, command="`make cluster`"),
]


def drawn(seed: int, number: int) -> list[Fault]:
    """`number` faults in the order that the seed gives: each as often as its weight says, in rounds."""
    chance, found = random.Random(seed), list[Fault]()
    while len(found) < number:
        some = [fault for fault in FAULTS for _ in range(fault.weight)]
        chance.shuffle(some)
        found += some
    return found[:number]
