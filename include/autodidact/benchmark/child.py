"""Heavy work in a process of its own: it dies with its parent, and its parent stays clean of what it loaded.

The child talks JSON lines on its standard output ({"say"}, {"event"}, {"result"}, {"error"}); whatever libraries print goes to its
standard error, of which the parent quotes the end when the child breaks. Its standard input stays open as long as the parent lives.
"""

import collections
import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from autodidact import errors
from autodidact.errors import AutodidactError, Interrupted

TAIL = 20  # lines of standard error kept for the message of a broken child
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def run(module: str, spec: dict, *, say: Callable[[str], None], on_event: Callable[[dict], None] | None = None) -> Any:
    """Runs `python -m module SPEC_FILE` and returns what its work returned.

    Raises the AutodidactError the work raised, or Interrupted when the child was killed: the same call then goes on where it stopped.
    """
    environment = {"OMP_WAIT_POLICY": "PASSIVE"}  # threads that spin slow down everyone on a shared machine
    environment |= {key: value for key, value in os.environ.items() if not key.startswith("INSPECT_")}
    here = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    with tempfile.TemporaryDirectory(prefix="autodidact-") as folder:
        environment["XDG_DATA_HOME"] = folder  # inspect_ai's traces, which quote prompts, go when the child has gone
        file = Path(folder) / "spec.json"
        file.write_text(json.dumps(spec | {"parent": os.getpid()}), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(file)], env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        tail: collections.deque[str] = collections.deque(maxlen=TAIL)
        reader = threading.Thread(target=_drain, args=(process.stderr, tail), daemon=True)
        reader.start()
        try:
            result = _listen(process, say, on_event)
            process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            reader.join(timeout=5)
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    stream.close()
    if "error" in result:
        kind = getattr(errors, result["error"]["kind"], AutodidactError)
        raise kind(result["error"]["message"], result["error"]["remedy"])
    if process.returncode < 0:
        name = signal.Signals(-process.returncode).name
        raise Interrupted(f"The process of {module} was killed by {name}", "Run the same command again: it goes on where it stopped.")
    if process.returncode or "result" not in result:
        said = " | ".join(line.strip() for line in list(tail)[-3:]) or f"status {process.returncode}"
        raise AutodidactError(f"The process of {module} broke: {said[-600:]}", "AUTODIDACT_DEBUG=1 shows all that it printed.")
    return result["result"]


def _listen(process: subprocess.Popen, say: Callable[[str], None], on_event: Callable[[dict], None] | None) -> dict:
    result: dict = {}
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
            result = message
    return result


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
    """The child's main: reads the spec, does `work(spec, voice)`, sends what it returns, ends the process."""
    voice = Voice(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    spec = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    die_with(spec.pop("parent"))
    os.chdir(Path(sys.argv[1]).parent)  # no .env or config file of the folder that the parent happens to be in
    status = 0
    try:
        voice.send({"result": work(spec, voice)})
    except AutodidactError as error:
        voice.send({"error": {"kind": type(error).__name__, "message": error.message, "remedy": error.remedy}})
        status = 1
    except Exception:
        traceback.print_exc()
        status = 1
    sys.stderr.flush()
    os._exit(status)  # threads of the libraries do not delay the end


def die_with(parent: int) -> None:
    """This process ends when its parent does: by the kernel on Linux, and everywhere when standard input closes."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)

    def watch() -> None:
        with contextlib.suppress(OSError, ValueError):
            while os.read(0, 4096):
                pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
