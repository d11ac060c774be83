"""What a person who may only trigger runs can do to the worker of a real `make standalone`:

    python -m benchmarks.standalone_params [--port 8090]

Starts `make standalone` of this checkout with a folder of its own, logs in as a user who may only trigger
(Airflow's role `user`), and triggers `autodidact_cycle` over REST: with all settings keys of a section, with
all that a run may set of it, with all keys, with each param. The values are hostile: commands that would make
a file, an address on which this process listens, files of the worker. Prints what each run answered. Exit
status 1 if a run opened a cycle, if the log of its `open_cycle` has anything but one line of error, or if
anything was started, asked or read.

Measured on two cores that others used: 27 runs in 447 s; each was refused in one line, nothing was touched.
"""

import argparse
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autodidact.settings import known_keys
from autodidact_airflow.allowed_params import PARAMS, RUN_MAY_SET

ROOT = Path(__file__).parents[1]
UP_SECONDS, RUN_SECONDS = 300, 300
RUNS = "/api/v2/dags/autodidact_cycle/dagRuns"
OURS = "[autodidact] "
# Settings that are an address, or part of one.
ADDRESS = re.compile(r"url|store|webhook|api|suite|image|kubernetes|base_model")


class Traps:
    """What no run may touch: an address, programs, and files that remember when they were read."""

    def __init__(self, folder: Path):
        self.folder, self.calls, listener = folder, 0, socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        self.servers = folder / "bait.json"
        server = {"command": "touch", "args": [f"{folder}/started-server"]}
        self.servers.write_text(json.dumps({"mcpServers": {"bait": server}}))
        subprocess.run(["git", "init", "-q", folder], check=True)
        self.files = [self.servers, folder / ".git" / "config"]
        with self.files[1].open("a") as config:
            config.write(f"[core]\n\tfsmonitor = touch {folder}/started-git\n")
        self.arm()
        self.servers.read_bytes()
        if not self.touched():
            sys.exit(f"The disk of {folder} keeps no time of reading: set TMPDIR to a folder on another one")
        self.arm()
        threading.Thread(target=self._listen, args=[listener], daemon=True).start()

    def arm(self) -> None:
        for file in self.files:
            os.utime(file, (0, file.stat().st_mtime))

    def touched(self) -> list[str]:
        read = [f"{file} was read" for file in self.files if file.stat().st_atime]
        asked = [f"the address was asked {self.calls} times"] if self.calls else []
        return read + [f"{file} was made" for file in self.folder.glob("started-*")] + asked

    def value(self, key: str) -> str:
        """What somebody of bad intent would write for this setting."""
        if key.endswith("command"):
            return f"touch {self.folder}/started-command"
        if ADDRESS.search(key):
            return self.address
        return str(self.servers if key == "sources.mcp" else self.folder)

    def _listen(self, listener: socket.socket) -> None:
        while True:
            listener.accept()[0].close()
            self.calls += 1


def hostile(traps: Traps) -> Iterator[tuple[str, dict]]:
    """(name, params) of each run."""
    values = {key: traps.value(key) for key in known_keys()}
    for section in sorted({key.rpartition(".")[0].partition(".")[0] for key in values}):
        keys = [key for key in values if key.rpartition(".")[0].partition(".")[0] == section]
        name = section or "without a section"
        yield f"settings: {name}", {"settings": {key: values[key] for key in keys}}
        if allowed := {key: values[key] for key in keys if key in RUN_MAY_SET}:
            yield f"settings that a run may set: {name}", {"settings": allowed}
    yield "settings: all", {"settings": values}
    for param, key in PARAMS.items():
        yield f"param: {param}", {param: traps.value(key)}
    yield "param: deploy", {"deploy": traps.value("deploy.command")}


class Airflow:
    """The API of a running `make standalone`, for one of its users."""

    def __init__(self, port: int, home: Path, user: str):
        self._url, self._token = f"http://127.0.0.1:{port}", ""
        passwords = json.loads((home / "simple_auth_manager_passwords.json.generated").read_text())
        login = {"username": user, "password": passwords[user]}
        self._token = self.ask("/auth/token", login)[1]["access_token"]

    def ask(self, path: str, body: dict | None = None) -> tuple[int, dict]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        data = json.dumps(body).encode() if body is not None else None
        try:
            request = urllib.request.Request(self._url + path, data, headers)
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def run(self, params: dict) -> list[str]:
        """What a run with these params answers: the lines of its `open_cycle`, or that Airflow refused it."""
        status, made = self.ask(RUNS, {"logical_date": None, "conf": params})
        if status == 400:
            return [f"Airflow: {made['detail']}".partition("\n")[0]]
        run, end = f"{RUNS}/{made['dag_run_id']}", time.monotonic() + RUN_SECONDS
        while (state := self.ask(run)[1]["state"]) not in ("success", "failed"):
            if time.monotonic() > end:
                return [f"it is still {state} after {RUN_SECONDS} s"]
            time.sleep(1)
        log = self.ask(f"{run}/taskInstances/open_cycle/logs/1")[1]["content"]
        lines = [line["event"] for line in log if line.get("logger") == "task.stdout"]
        return [line.removeprefix(OURS) for line in lines] + ([state] if state != "failed" else [])


@contextmanager
def standalone(port: int, folder: Path) -> Iterator[Airflow]:
    """`make standalone` with the users `admin` and `click`, who may only trigger."""
    given = {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,click:user",
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",  # no cycle of its own accord
        "AIRFLOW__API__PORT": str(port),
        "AUTODIDACT_STORE": f"{folder}/store",
        "AUTODIDACT_CHRONICLE__URL": f"sqlite:///{folder}/chronicle.db",
    }
    home = folder / "airflow"
    made = subprocess.Popen(
        ["make", "standalone", f"AIRFLOW_HOME={home}"],
        cwd=ROOT,
        env=os.environ | given,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    timer = threading.Timer(UP_SECONDS, made.terminate)
    timer.start()
    try:
        for line in made.stdout:
            if line.startswith("log "):
                break
        else:
            sys.exit("`make standalone` did not start")
        timer.cancel()
        yield Airflow(port, home, "click")
    finally:
        os.killpg(made.pid, signal.SIGTERM)
        made.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, default=8090)
    port, failed = parser.parse_args().port, False
    # PostgreSQL keeps a socket below it: a short name, in which its own user may go.
    with tempfile.TemporaryDirectory(prefix="params-") as name:
        bait = Path(name, f"bait-{secrets.token_hex(2)}")
        bait.mkdir()
        os.chmod(name, 0o755)
        traps, begun = Traps(bait), time.monotonic()
        runs = list(hostile(traps))
        with standalone(port, Path(name)) as airflow:
            for title, params in runs:
                lines = airflow.run(params)
                touched = traps.touched() + (["a store was made"] if Path(name, "store").exists() else [])
                well = len(lines) == 1 and lines[0].startswith(("ERROR: ", "Airflow: ")) and not touched
                failed |= not well
                print(
                    f"{'ok' if well else 'NO'}  {title}\n    " + "\n    ".join([*lines, *touched]), flush=True
                )
    seconds = time.monotonic() - begun
    print(f"{len(runs)} runs in {seconds:.0f} s: {'SOME GOT THROUGH' if failed else 'all refused'}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
