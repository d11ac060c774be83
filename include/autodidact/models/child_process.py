"""Heavy work in a process of its own: it dies with its parent, and its parent stays clean of what it loaded.

The parent writes each piece of work as a line of JSON on the child's standard input, which stays open as long
as the parent lives. The child answers with lines of JSON on its standard output: {"say": text} and {"event":
{...}} while it works, then {"result": ...} or {"error": {...}}. Whatever libraries print goes to standard
error, a log of which the parent quotes the end when the child breaks.
"""

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
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from autodidact.errors import AutodidactError, Interrupted, as_data, from_data

# Lines of the log that the message of a broken child quotes, and their characters at most.
QUOTED_LINES, QUOTED_CHARACTERS = 3, 600
# linux/prctl.h.
PR_SET_PDEATHSIG = 1


class Killed(Interrupted):
    """The child was killed by the signal `number`; what it had saved is there."""

    def __init__(self, module: str, number: int):
        super().__init__(
            f"The process of {module} was killed by {signal.Signals(number).name}",
            "Run the same command again: it resumes where it stopped.",
        )
        self.number = number


@dataclass
class _Running:
    """A process that was started, with the ends of its pipes and the folder it works in."""

    process: subprocess.Popen
    specs: IO[str]
    messages: IO[str]
    folder: tempfile.TemporaryDirectory


class Child:
    """A process of `python -m module`. It begins with the first `ask`, keeps what it has loaded, and ends
    with the `with` block.

    `log`: the file of its standard error; None: one that is deleted with it. `environment`: its own
    variables. `grace`: seconds that it has to save when the caller is stopped; 0: it has nothing to save.
    """

    def __init__(
        self,
        module: str,
        *,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
        grace: float = 0,
    ):
        self._module, self._log, self._grace = module, log, grace
        self._environment = dict(environment or {})
        self._running: _Running | None = None

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process's id; None when there is none."""
        return self._running.process.pid if self._running else None

    def ask(
        self, spec: dict, *, say: Callable[[str], None], on_event: Callable[[dict], None] | None = None
    ) -> Any:
        """What the work returned for `spec`.

        Raises the AutodidactError that the work raised, or Killed; the same call then resumes. After any of
        them the next `ask` begins a new process. When `say` or `on_event` raises, the child gets its grace
        to save, and the error is passed on.
        """
        running = self._running = self._running or self._start()
        process = running.process
        try:
            with contextlib.suppress(BrokenPipeError):  # it is gone: how it ended says why
                running.specs.write(json.dumps(spec) + "\n")
                running.specs.flush()
            message = _listen(running.messages, say, on_event)
            if "result" in message:
                return message["result"]
            process.wait()
        except BaseException:
            self._end(self._grace)
            raise
        end = _end_of(self._log or _log_in(running.folder))
        self.close()
        if "error" in message:
            raise from_data(message["error"])
        if process.returncode < 0:
            raise Killed(self._module, -process.returncode)
        raise AutodidactError(
            f"The process of {self._module} broke: {end or f'status {process.returncode}'}",
            f"Its log is {self._log}." if self._log else "AUTODIDACT_DEBUG=1 shows all that it printed.",
        )

    def _start(self) -> _Running:
        # Threads that spin while they wait slow down everyone on a shared machine; nothing here is compiled,
        # and torch's compiler takes 1.3 s to import.
        environment = {"OMP_WAIT_POLICY": "PASSIVE", "TORCHDYNAMO_DISABLE": "1"}
        environment |= {key: value for key, value in os.environ.items() if not key.startswith("INSPECT_")}
        library = str(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join([library, *filter(None, [os.environ.get("PYTHONPATH")])])
        folder = tempfile.TemporaryDirectory(prefix="autodidact-")
        # inspect_ai's traces, which quote prompts, go when the child has gone.
        environment["XDG_DATA_HOME"] = folder.name
        with contextlib.ExitStack() as files:
            log = None
            if not os.environ.get("AUTODIDACT_DEBUG"):
                log = files.enter_context((self._log or _log_in(folder)).open("wb"))
            process = subprocess.Popen(
                command(self._module, folder.name),
                env=environment | self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        assert process.stdin and process.stdout
        return _Running(process, process.stdin, process.stdout, folder)

    def close(self) -> None:
        """Ends the process at once, if there is one: its work is done, or worth nothing."""
        self._end(0)

    def _end(self, grace: float) -> None:
        """Ends the process; with a grace SIGTERM comes first, so that it can save."""
        if self._running is None:
            return
        running, self._running = self._running, None
        if grace:
            running.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.process.wait(grace)
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()
        for stream in (running.specs, running.messages):
            with contextlib.suppress(OSError):
                stream.close()
        running.folder.cleanup()


def run(
    module: str, spec: dict, *, say: Callable[[str], None], on_event: Callable[[dict], None] | None = None
) -> Any:
    """Has a child of its own do the work of `spec`; see `Child.ask`."""
    with Child(module) as child:
        return child.ask(spec, say=say, on_event=on_event)


def command(module: str, folder: str | Path) -> list[str]:
    """The command of a child of this process, which works in `folder`."""
    return [sys.executable, "-m", module, str(folder), str(os.getpid())]


def _log_in(folder: tempfile.TemporaryDirectory) -> Path:
    return Path(folder.name) / "log"


def _end_of(log: Path) -> str:
    """The last lines of a log, in one; "" when there are none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(lines[-QUOTED_LINES:])[-QUOTED_CHARACTERS:]


def _listen(messages: IO[str], say: Callable[[str], None], on_event: Callable[[dict], None] | None) -> dict:
    """Passes on the child's messages until the result or the error, which it returns; {} when it ended
    without.
    """
    for line in messages:
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


class Voice:
    """A child's messages to its parent: `voice("a line for people")`, `voice.event({...})`."""

    def __init__(self, stream):
        self._stream, self._lock = stream, threading.Lock()

    def send(self, message: dict) -> None:
        """Writes one message. Where the parent is gone this does nothing: the process is being ended."""
        with self._lock, contextlib.suppress(BrokenPipeError):
            self._stream.write(json.dumps(message) + "\n")
            self._stream.flush()

    def __call__(self, line: str) -> None:
        self.send({"say": line})

    def event(self, event: dict) -> None:
        self.send({"event": event})


def main(work: Callable[[dict, Voice], Any], *, grace: float = 0) -> NoReturn:
    """The child's main: does `work(spec, voice)` for each spec, a line of JSON on its standard input, and
    sends what it returns. It ends with the first error; with its parent; and with its own status, without
    the tidying-up of libraries, which can take seconds.

    With `grace` a parent that dies means SIGTERM here, whose handler may save; after so many seconds it ends.
    """
    voice = Voice(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)  # what libraries print must not look like a message
    folder, parent = sys.argv[1:]
    specs = _Specs(int(parent), grace)
    os.chdir(folder)  # no .env or configuration of the folder that the parent happens to be in
    while True:
        spec = json.loads(specs.next())
        try:
            voice.send({"result": work(spec, voice)})
        except AutodidactError as error:
            voice.send({"error": as_data(error)})
            os._exit(error.exit_status)
        except Exception:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)


def end_with_parent(number: int = signal.SIGKILL) -> None:
    """Has the kernel send this process the signal when its parent dies. On Linux; elsewhere this does
    nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)


class _Specs:
    """The lines of standard input as they come. This process ends when its parent does: by the kernel on
    Linux, and everywhere when standard input closes.
    """

    def __init__(self, parent: int, grace: float):
        self._lines: queue.SimpleQueue = queue.SimpleQueue()
        self._grace, self._idle = grace, True
        end_with_parent(signal.SIGTERM if grace else signal.SIGKILL)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> bytes:
        """Waits for the next line."""
        self._idle = True
        line = self._lines.get()
        self._idle = False
        return line

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError), os.fdopen(0, "rb", closefd=False) as source:
            for line in source:
                self._lines.put(line)
        if self._grace and not self._idle:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(self._grace)
        os._exit(0)
