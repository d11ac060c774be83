"""For scripts that run Airflow: processes that end with the one that started them, a
PostgreSQL out of a wheel, the secrets that Airflow's parts sign with, and the questions to its API server.

All files lie in AIRFLOW_HOME. The script that imports this one names the log and the lock: that of
standalone_parts.py is standalone.log.
"""

import ctypes
import fcntl
import json
import logging
import os
import secrets
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import own_postgres
import psutil

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(os.environ["AIRFLOW_HOME"])
NAME = Path(sys.argv[0]).stem.removesuffix("_parts")
DATABASE, LOG = HOME / "postgres", HOME / f"{NAME}.log"
PASSWORDS = HOME / "simple_auth_manager_passwords.json.generated"
HOST, PORT = os.environ.get("AIRFLOW__API__HOST", "127.0.0.1"), os.environ.get("AIRFLOW__API__PORT", "8080")
# Seconds until all of it must be up; 15 to 60 are usual on two cores.
UP_SECONDS = 300
# Seconds that the parts, and then PostgreSQL, have to end by themselves: a training saves a checkpoint in it.
END_SECONDS = 10
# Seconds in which an earlier one that is ending lets go of AIRFLOW_HOME.
LOCK_SECONDS = 2 * END_SECONDS
# Bytes of randomness in a secret: 86 characters, and HS512 wants 64 at least.
SECRET_BYTES = 64
# Linux's prctl: signal this process when its parent dies; adopt the orphans among its descendants.
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


# Set once all of this is to end.
stopping = threading.Event()


def serve(run: Callable[[], None]) -> None:
    """Runs `run` in AIRFLOW_HOME alone until it returns, then ends every process below, PostgreSQL last."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    threading.Thread(target=watch_input, daemon=True).start()
    require_port()
    os.umask(0o077)  # what people write into the UI, and what tasks log, is their owner's alone
    (HOME / "logs").mkdir(parents=True, exist_ok=True)
    with require_lock():
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        try:
            run()
        finally:
            end_parts()
            end_database()


def open_log() -> int:
    """An empty log that only its owner can read."""
    return os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)


def prepare(environment: dict) -> bool:
    """Airflow's database, pools and DAGs, once. False when all is to end before that."""
    ready = start([str(ROOT / "scripts" / "airflow_ready.py")], environment)
    while ready.poll() is None:
        if stopping.wait(0.2):
            return False
    if ready.returncode:
        sys.exit(1)  # it said why
    return True


def wait_for(reached: Callable[[], bool], check: Callable[[], None]) -> bool:
    """Waits until it is `reached`, and calls `check` meanwhile; False when all is to end before that."""
    end = time.monotonic() + UP_SECONDS
    while not reached():
        check()
        if time.monotonic() > end:
            fail(f"Airflow is not up after {UP_SECONDS} s. Why: {LOG}")
        if stopping.wait(0.5):
            return False
    return True


def tell_login(*more: str) -> None:
    """Prints address, user, password and log, and the lines `more`."""
    user, password = next(iter(passwords().items()), ("as AIRFLOW__CORE__AUTH_MANAGER knows it", "-"))
    lines = [f"Web UI    {url()}", f"user      {user}", f"password  {password}", *more]
    tell("\n".join([*lines, f"log       {LOG} (Ctrl-C ends it)"]))


def tell(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone
        print(text, flush=True)


def fail(line: str) -> None:
    tell(line)
    sys.exit(1)


def url() -> str:
    """Where the API server is reached from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(HOST, HOST)
    return f"http://{f'[{host}]' if ':' in host else host}:{PORT}"


def require_port() -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(HOST, PORT, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        remedy = f"Choose another: AIRFLOW__API__PORT=8081 make {NAME}"
        fail(f"Port {PORT} of {HOST} cannot be had: {reason}. {remedy}")


def require_lock():
    """AIRFLOW_HOME for this process alone."""
    lock = (HOME / f"{NAME}.lock").open("w")
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if time.monotonic() > end:
                fail(f"`make {NAME}` runs already, on {HOME}. End that one first")
            if stopping.wait(0.2):
                sys.exit(0)


def start_database(*more: str) -> list[str]:
    """Starts PostgreSQL and makes Airflow's database in it, once, and the databases `more`. Returns their
    addresses, Airflow's first.
    """
    logging.basicConfig(filename=LOG, level=logging.WARNING)
    modes = {folder: stat.S_IMODE(folder.stat().st_mode) for folder in DATABASE.parents}
    try:
        own_postgres.start(DATABASE, UP_SECONDS)
    except (own_postgres.Trouble, subprocess.SubprocessError, OSError, RuntimeError, AssertionError) as error:
        for folder, mode in modes.items():
            folder.chmod(mode)
        logging.error("%s", error)
        known = isinstance(error, own_postgres.Trouble)
        fail(str(error) if known else f"PostgreSQL cannot be started in {DATABASE}. Why: {LOG}")
    if os.geteuid() == 0:  # it runs as another user then, and all may read the way there: passing is enough
        for folder, mode in modes.items():
            folder.chmod(mode | 0o011)
    names = ["airflow", *more]
    there = {name for (name,) in own_postgres.ask(DATABASE, "SELECT datname FROM pg_database")}
    for name in names:
        if name not in there:
            own_postgres.ask(DATABASE, f"CREATE DATABASE {name}")
    if "airflow" not in there:
        for mark in HOME.glob(".ready-postgresql*"):
            mark.unlink()
    return [own_postgres.address(DATABASE, name) for name in names]


def make_environment(database: str) -> dict[str, str]:
    """What Airflow's parts run with: the variables that are set, over the defaults here. `database`: the
    address of Airflow's own.
    """
    PASSWORDS.touch()
    PASSWORDS.chmod(0o600)
    here = {
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": PORT,
        "AIRFLOW__API__BASE_URL": url(),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url()}/execution/",
        "PYTHONUNBUFFERED": "1",
    }
    address = database.replace("postgresql://", "postgresql+psycopg2://", 1)
    return here | make_secrets() | os.environ | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": address}


def make_secrets() -> dict[str, str]:
    """The keys that the parts sign with: a login outlives a restart."""
    names = ("AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY")
    return kept("secrets.json", lambda: {name: secrets.token_urlsafe(SECRET_BYTES) for name in names})


def kept(name: str, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What `make` returned the first time: kept in a file of AIRFLOW_HOME for this user's eyes only."""
    file = HOME / name
    if not file.exists():
        write_private(file, json.dumps(make()))
    return json.loads(file.read_text())


def write_private(file: Path, text: str) -> None:
    """Replaces `file`, which only its owner can read."""
    draft = file.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(text)
    draft.replace(file)


def start(command: list[str], environment: dict, log=None) -> subprocess.Popen:
    """A Python process that ends with this one; its output goes to `log`, or where this one's goes."""
    return start_program([sys.executable, *command], environment, log)


def start_program(command: list[str], environment: dict, log=None, **more) -> subprocess.Popen:
    """The same of any program; `more` goes to Popen."""

    def end_with_parent() -> None:
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    given = {"cwd": ROOT, "env": environment, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
    return subprocess.Popen(command, preexec_fn=end_with_parent, **given, **more)


def passwords() -> dict[str, str]:
    """The users that Airflow made, with their passwords."""
    with suppress(ValueError):
        return json.loads(PASSWORDS.read_text())
    return {}


def answers(*parts: str) -> bool:
    """Whether the API server answers, and says that its database and these parts are healthy."""
    try:
        health = ask("/api/v2/monitor/health")
        return all(health[part]["status"] == "healthy" for part in ("metadatabase", *parts))
    except (OSError, ValueError, KeyError):  # not there yet, or not ready to answer
        return False


def is_up() -> bool:
    """Whether every part is healthy and the DAG is listed for the first user."""
    if not answers("scheduler", "dag_processor", "triggerer"):
        return False
    try:
        for user, password in passwords().items():
            token = ask("/auth/token", {"username": user, "password": password})["access_token"]
            return ask("/api/v2/dags/autodidact_cycle", token=token)["dag_id"] == "autodidact_cycle"
    except (OSError, ValueError, KeyError):
        return False
    return True


def ask(path: str, body: dict | None = None, token: str | None = None) -> dict:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url() + path, json.dumps(body).encode() if body else None, headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # on this machine: no proxy
    with opener.open(request, timeout=10) as reply:
        return json.load(reply)


def require_parts(parts: dict[str, subprocess.Popen]) -> None:
    """Ends everything when a part has ended."""
    for name, process in parts.items():
        if process.poll() is not None:
            fail(f"The {name} ended, with exit status {process.returncode}. Why: {LOG}")
    require_database()


def require_database() -> None:
    if not own_postgres.postmaster(DATABASE):
        fail(f"PostgreSQL ended. Why: {DATABASE}/log")


def end_parts() -> None:
    """Ends every process below this one, orphans too, but PostgreSQL's: by SIGTERM, and killed after
    END_SECONDS.
    """
    end = time.monotonic() + END_SECONDS
    signalled = set()
    while rest := [
        process for process in psutil.Process().children(recursive=True) if not of_database(process)
    ]:
        late = time.monotonic() > end
        for process in rest:
            with suppress(psutil.NoSuchProcess):
                if late:
                    process.kill()
                elif process not in signalled:
                    process.terminate()
                    signalled.add(process)
        psutil.wait_procs(rest, timeout=0.5)


def of_database(process: psutil.Process) -> bool:
    try:
        return "postgres" in process.name() or process.name() == "pg_ctl"
    except psutil.NoSuchProcess:
        return False


def end_database() -> None:
    """Ends PostgreSQL as for a shutdown of the machine: connections are cut, everything is written."""
    if server := own_postgres.postmaster(DATABASE):
        own_postgres.remove_socket_folder(DATABASE)
        server.send_signal(signal.SIGINT)
        gone, _ = psutil.wait_procs([server], timeout=END_SECONDS)
        if not gone:
            server.send_signal(signal.SIGQUIT)
            psutil.wait_procs([server], timeout=END_SECONDS)


def watch_input() -> None:
    """Ends all of this once the process that started it is gone."""
    while os.read(0, 1024):  # nobody writes there
        pass
    stopping.set()
