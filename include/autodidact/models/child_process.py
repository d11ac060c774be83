"""Heavy work in a process of its own: it dies with its parent, and its parent stays clean of what it loaded.

The child reads its work as JSON lines on its standard input, which stays open as long as the parent lives,
and talks JSON lines on its standard output ({"say"}, {"event"}, {"result"}, {"error"}); whatever libraries
print goes to its standard error, of which the parent quotes the end when the child breaks.
"""

import collections
import contextlib
import ctypes
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from autodidact.errors import AutodidactError, Interrupted, as_data, from_data

# Lines of standard error kept for the message of a broken child.
TAIL = 20
# linux/prctl.h.
PR_SET_PDEATHSIG = 1


def run(
    module: str, spec: dict, *, say: Callable[[str], None], on_event: Callable[[dict], None] | None = None
) -> Any:
    """Has a child of its own do the work of `spec`; see `Child.ask`."""
    with Child(module) as child:
        return child.ask(spec, say=say, on_event=on_event)


class Child:
    """A process of `python -m module`, which begins with the first `ask`, keeps what it has loaded, and ends
    with the `with` block.
    """

    def __init__(self, module: str):
        self._module = module
        self._process: subprocess.Popen | None = None
        self._folder: tempfile.TemporaryDirectory | None = None

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def ask(
        self, spec: dict, *, say: Callable[[str], None], on_event: Callable[[dict], None] | None = None
    ) -> Any:
        """What the work returned for `spec`.

        Raises the AutodidactError the work raised, or Interrupted when the child was killed: the same call
        then goes on where it stopped. After any of them the next `ask` begins a new process.
        """
        if self._process is None:
            self._start()
        process, result = self._process, {}
        try:
            try:
                process.stdin.write(json.dumps(spec) + "\n")
                process.stdin.flush()
            except BrokenPipeError:
                pass  # it is gone: its end tells why
            result = _listen(process, say, on_event)
            if not result:
                process.wait()
        finally:
            if "result" not in result:
                tail = self.close()
        if "error" in result:
            raise from_data(result["error"])
        if process.returncode is not None and process.returncode < 0:
            name = signal.Signals(-process.returncode).name
            raise Interrupted(
                f"The process of {self._module} was killed by {name}",
                "Run the same command again: it goes on where it stopped.",
            )
        if "result" not in result:
            said = " | ".join(line.strip() for line in tail[-3:]) or f"status {process.returncode}"
            raise AutodidactError(
                f"The process of {self._module} broke: {said[-600:]}",
                "AUTODIDACT_DEBUG=1 shows all that it printed.",
            )
        return result["result"]

    def _start(self) -> None:
        # Threads that spin slow down everyone on a shared machine; nothing here is compiled, and torch's
        # compiler takes 1.3 s to import.
        environment = {"OMP_WAIT_POLICY": "PASSIVE", "TORCHDYNAMO_DISABLE": "1"}
        environment |= {key: value for key, value in os.environ.items() if not key.startswith("INSPECT_")}
        here = str(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
        self._folder = tempfile.TemporaryDirectory(prefix="autodidact-")
        environment["XDG_DATA_HOME"] = (
            self._folder.name
        )  # inspect_ai's traces, which quote prompts, go when the child has gone
        self._process = subprocess.Popen(
            [sys.executable, "-m", self._module, self._folder.name, str(os.getpid())],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._tail: collections.deque[str] = collections.deque(maxlen=TAIL)
        self._reader = threading.Thread(target=_drain, args=(self._process.stderr, self._tail), daemon=True)
        self._reader.start()

    def close(self) -> list[str]:
        """Ends the process, if there is one. Returns the last lines of its standard error."""
        if self._process is None:
            return []
        if self._process.poll() is None:
            self._process.kill()  # it has nothing of its own to save
            self._process.wait()
        self._reader.join(timeout=5)
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                stream.close()
        self._folder.cleanup()
        self._process = None
        return list(self._tail)


def _listen(
    process: subprocess.Popen, say: Callable[[str], None], on_event: Callable[[dict], None] | None
) -> dict:
    """Hands on what the child says until it has a result or an error; {} when it ended without."""
    for line in process.stdout:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if "say" in message:
            say(message["say"])
        elif "event" in message and on_event:
            on_event(message["event"])
        elif "result" in message or "error" in message:
            return message
    return {}


def _drain(stream, tail: collections.deque) -> None:
    loud = os.environ.get("AUTODIDACT_DEBUG")
    with contextlib.suppress(ValueError, OSError):
        for line in stream:
            if line.strip():
                tail.append(line)
            if loud:
                sys.stderr.write(line)


class Voice:
    """What a child says to its parent: `voice("a line for people")`, `voice.event({...})`."""

    def __init__(self, stream):
        self._stream, self._lock = stream, threading.Lock()

    def send(self, message: dict) -> None:
        with self._lock:
            self._stream.write(json.dumps(message) + "\n")
            self._stream.flush()

    def __call__(self, line: str) -> None:
        self.send({"say": line})

    def event(self, event: dict) -> None:
        self.send({"event": event})


def main(work: Callable[[dict, Voice], Any]) -> NoReturn:
    """The child's main: does `work(spec, voice)` for each spec, a line of JSON on its standard input, and
    sends what it returns.
    """
    voice = Voice(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    folder, parent = sys.argv[1:]
    specs = _specs(int(parent))
    os.chdir(folder)  # no .env or config file of the folder that the parent happens to be in
    while True:
        spec = json.loads(specs.get())
        try:
            voice.send({"result": work(spec, voice)})
        except AutodidactError as error:
            voice.send({"error": as_data(error)})
        except Exception:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)  # threads of the libraries do not delay the end


def _specs(parent: int) -> queue.SimpleQueue:
    """The lines of standard input as they come. This process ends when its parent does: by the kernel on
    Linux, and everywhere when standard input closes.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    lines: queue.SimpleQueue = queue.SimpleQueue()

    def read() -> None:
        with contextlib.suppress(OSError, ValueError), os.fdopen(0, "rb", closefd=False) as source:
            for line in source:
                lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return lines
