"""Hosts of `make cluster` whose clocks can be set: clock.c between their programs and the C library."""

import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")
# Where API server, scheduler and DAG processor are, and the hosts of the two workers.
HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")


class Clocks:
    """`environment` is what the cluster has to be started with; empty where no C compiler is."""

    def __init__(self, folder: Path):
        self.folder = folder / "clocks"
        self.folder.mkdir()
        for host in HOSTS:
            self.set(host, 0)
        self.environment = {}
        if compiler := shutil.which("cc"):
            library = self.folder / "clock.so"
            command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"]
            subprocess.run(command, check=True)
            self.environment = {"LD_PRELOAD": str(library), "CHAOS_CLOCK": str(self.folder)}

    def set(self, host: str, seconds: int) -> None:
        """From now on the clock of `host` is wrong by so many seconds."""
        with (self.folder / host).open("r+b" if (self.folder / host).exists() else "w+b") as file:
            file.write(struct.pack("q", seconds))
