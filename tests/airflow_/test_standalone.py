"""`make standalone` as a user starts and ends it: the real script, its four parts and its PostgreSQL."""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from autodidact.chronicle import Chronicle
from tests.airflow_.started import ROOT, Started, ask, free_port


@pytest.fixture(scope="module")
def environment() -> Iterator[dict]:
    """A checkout's variables as the Makefile sets them, with a folder and a port of the tests' own; its
    Chronicle has a cycle.
    """
    # Where PostgreSQL's user may go, and short: a socket is in it.
    folder = Path(tempfile.mkdtemp(prefix="standalone-"))
    with Chronicle(f"sqlite:///{folder}/chronicle.db") as chronicle:
        cycle = {"system": "shop", "cycle_id": "2026-11-23T1200Z", "until": "2026-11-23T12:00:00Z"}
        chronicle.record_cycle(cycle | {"kind": "live", "since": None, "settings": {}, "seed": 1})
    (folder / "airflow").mkdir(mode=0o700)
    (folder / "airflow" / ".ready-sqlite-0").touch()  # `make cycle` set its own database up
    yield {
        **{name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW__API")},
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",  # no cycle of its own accord
        "AIRFLOW__API__PORT": str(free_port()),
        "AUTODIDACT_STORE": str(folder / "store"),
        "AUTODIDACT_CHRONICLE__URL": f"sqlite:///{folder}/chronicle.db",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start() -> Iterator[Callable[[dict], Started]]:
    """Starts the script; what a failed test leaves of it is ended."""
    started = []
    yield lambda environment: started.append(Started(environment)) or started[-1]
    for each in started:
        each.end()


def test_a_port_that_is_taken_is_one_line_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        variables = {
            "AIRFLOW_HOME": str(tmp_path / "airflow"),
            "AIRFLOW__API__PORT": str(taken.getsockname()[1]),
        }
        line = [sys.executable, ROOT / "scripts" / "standalone.py"]
        done = subprocess.run(line, env=os.environ | variables, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stderr == ""
    assert re.fullmatch(
        r"Port \d+ of 127\.0\.0\.1 cannot be had: Address already in use\. Choose another: .*\n", done.stdout
    )
    assert not (tmp_path / "airflow").exists()


@pytest.mark.slow
def test_it_shows_address_user_and_password_and_ctrl_c_ends_all_of_it(environment, start):
    started = start(environment)
    text = started.wait_for(r"Ctrl-C ends it\)\n")
    url, home = f"http://127.0.0.1:{environment['AIRFLOW__API__PORT']}", Path(environment["AIRFLOW_HOME"])
    shown = re.fullmatch(
        r"Airflow: database, pools, DAGs \(once, about 20 s\)\n"
        r"Web UI    (\S+)\nuser      (\S+)\npassword  (\S+)\nlog       (\S+) \(Ctrl-C ends it\)\n",
        text,
    )
    assert shown, text
    assert (shown[1], shown[2], shown[4]) == (url, "admin", str(home / "standalone.log"))

    status, reply = ask(f"{url}/auth/token", {"username": shown[2], "password": shown[3]})
    token = json.loads(reply)["access_token"]
    assert status == 201
    assert ask(f"{url}/autodidact/")[0] == 401
    status, page = ask(f"{url}/autodidact/", token=token)
    # The Chronicle that `make cycle` and the command have.
    assert status == 200 and "2026-11-23T1200Z" in page, page[-1500:]
    assert json.loads(ask(f"{url}/api/v2/dags/autodidact_cycle", token=token)[1])["is_paused"] is False

    addresses = {
        connection.laddr.ip
        for process in started.processes()
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN and connection.family != socket.AF_UNIX
    }
    assert addresses == {"127.0.0.1"}
    # PostgreSQL's user passes through where this is root.
    assert stat.S_IMODE(home.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)
    for path in home.iterdir():
        if path.name not in ("postgres", ".ready-sqlite-0"):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    assert {len(value) for value in json.loads((home / "secrets.json").read_text()).values()} == {86}
    assert (home / ".ready-sqlite-0").exists() and len(list(home.glob(".ready-postgresql*"))) == 1
    assert "InsecureKeyLength" not in (home / "standalone.log").read_text()

    assert len(started.processes()) > 6
    os.write(started.terminal, termios_interrupt(started.terminal))
    assert started.exit_status() == 0
    assert started.left() == []


def termios_interrupt(terminal: int) -> bytes:
    """The key that interrupts: Ctrl-C."""
    return termios.tcgetattr(terminal)[6][termios.VINTR]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGTERM", "the terminal goes away", "SIGKILL"])
def test_however_the_script_alone_ends_all_of_it_ends_and_can_be_started_again(environment, start, how):
    started = start(environment)
    started.wait_for_part("dag-processor")
    if how == "the terminal goes away":
        os.close(started.terminal)
    else:
        os.kill(started.process_id, getattr(signal, how))
    assert started.exit_status() == (-signal.SIGKILL if how == "SIGKILL" else 0)
    assert started.left() == []
    assert not Path(environment["AIRFLOW_HOME"], "postgres", "postmaster.pid").exists()


@pytest.mark.slow
def test_a_part_that_dies_is_one_line_and_ends_the_rest(environment, start):
    started = start(environment)
    part = started.wait_for_part("triggerer")
    started.processes()
    part.kill()
    assert started.exit_status() == 1
    assert re.fullmatch(
        r"The triggerer ended, with exit status -9\. Why: \S+/standalone\.log\n", started.read()
    )
    assert started.left() == []


@pytest.mark.slow
def test_a_database_that_does_not_start_is_one_line_and_its_reason_is_in_the_log(environment, start):
    home = Path(tempfile.mkdtemp(prefix="standalone-"))
    (home / "postgres").mkdir()
    (home / "postgres" / "other").write_text("not PostgreSQL's")
    started = start(environment | {"AIRFLOW_HOME": str(home)})
    assert started.exit_status() == 1
    assert started.read() == f"PostgreSQL cannot be started in {home}/postgres. Why: {home}/standalone.log\n"
    assert "exists but is not empty" in (home / "standalone.log").read_text()
    shutil.rmtree(home)
