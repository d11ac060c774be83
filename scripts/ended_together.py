"""Runs a script of this folder, which starts many processes, in a session of its own while this one lives.

However this process ends (Ctrl-C, SIGTERM, the terminal going away, SIGKILL), the pipe to the other closes;
then the other ends all that it started, PostgreSQL last.
"""

import signal
import subprocess
import sys
from pathlib import Path


def run(script: str) -> None:
    """Ends this process as the script ends: status 1 if it failed, else 0."""
    command = [sys.executable, Path(__file__).with_name(script)]
    parts = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: parts.stdin.close())
    sys.exit(1 if parts.wait() else 0)
