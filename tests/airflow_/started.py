"""A script that starts Airflow, in a terminal of its own as a user starts it, and the API of that Airflow."""

import fcntl
import json
import os
import pty
import re
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
# Seconds: a first start is about 30 on two idle cores, an end about 10.
UP, GONE = 240, 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Started:
    """The script in a terminal of its own; `text` is what it has shown so far."""

    def __init__(self, environment: dict, script: str = "standalone.py"):
        self.home, self.text, self.status = environment["AIRFLOW_HOME"], "", None
        self.known: set[psutil.Process] = set()
        self.sessions: set[int] = set()
        self.process_id, self.terminal = pty.fork()
        if self.process_id == 0:
            try:
                os.chdir(ROOT)
                os.execve(sys.executable, [sys.executable, f"scripts/{script}"], environment)
            finally:
                os._exit(127)
        fcntl.fcntl(self.terminal, fcntl.F_SETFL, os.O_NONBLOCK)

    def read(self) -> str:
        try:
            self.text += os.read(self.terminal, 65536).decode(errors="replace").replace("\r\n", "\n")
        except OSError:  # nothing there now
            pass
        return self.text

    def wait_for(self, pattern: str, seconds: float = UP) -> str:
        end = time.monotonic() + seconds
        while not re.search(pattern, self.read()):
            assert time.monotonic() < end and self.exit_status(0) is None, f"no {pattern} in {self.text!r}"
            time.sleep(0.2)
        return self.text

    def wait_for_part(self, name: str) -> psutil.Process:
        """A process of Airflow's that was started with this argument."""
        end = time.monotonic() + UP
        while time.monotonic() < end and self.exit_status(0) is None:
            found = [process for process in self.processes() if name in _line(process)]
            if found:
                return found[0]
            time.sleep(0.2)
        raise AssertionError(f"no {name}: {self.read()}")

    def exit_status(self, seconds: float = GONE) -> int | None:
        """What the script ended with; None while it lives."""
        end = time.monotonic() + seconds
        while self.status is None:
            done, status = os.waitpid(self.process_id, os.WNOHANG)
            if done:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() >= end:
                break
            else:
                self.read()
                time.sleep(0.1)
        return self.status

    def processes(self) -> list[psutil.Process]:
        """All that was started for this AIRFLOW_HOME, PostgreSQL too: below the script, of its session, or by
        environment or arguments (some overwrite one of these with a title).
        """
        with suppress(psutil.Error, OSError):
            below = psutil.Process(self.process_id).children(recursive=True)
            self.known |= set(below)
            self.sessions |= {os.getsid(process.pid) for process in below if process.is_running()} - {
                self.process_id
            }
        return [
            process
            for process in psutil.process_iter()
            if process.pid != self.process_id and self._is_ours(process)
        ]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            home = process.environ().get("AIRFLOW_HOME") or ""
            marked = home.startswith(self.home) or self.home in _line(process)
            return marked or process in self.known or os.getsid(process.pid) in self.sessions
        except (psutil.Error, OSError):
            return False

    def end(self) -> int | None:
        """Ends the script as SIGTERM does, if it lives."""
        if self.exit_status(0) is None:
            os.kill(self.process_id, signal.SIGTERM)
        return self.exit_status()

    def left(self) -> list[str]:
        """The processes that are still there after a while."""
        end = time.monotonic() + GONE
        while (rest := self.processes()) and time.monotonic() < end:
            time.sleep(0.2)
        return [_line(process) for process in rest]


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def ask(url: str, body: dict | None = None, token: str | None = None) -> tuple[int, str]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
