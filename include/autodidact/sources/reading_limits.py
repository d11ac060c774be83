"""What reading one input may cost. Inputs come from outside: a few bytes of them may stand for years of work
or all the memory there is.

Two kinds of bound. `Budget` counts what a reader makes (arrows, values, files) and is exact: the same input
always ends at the same place. `Allowance` bounds processor time and memory while a block runs, whatever it
does; it is there for what the counts do not foresee. Both raise OverBudget, and `within` turns that into one
counted trouble: the input costs itself and nothing else.
"""

import signal
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from autodidact.errors import AutodidactError
from autodidact.stage import Troubles

# Of processor time for one input; the largest honest documents take one.
SECONDS = 20.0
# Bytes that reading one input may take beyond what the process has; 1 MB of YAML takes 100 MB.
MEMORY = 1 << 30
# Seconds after which a time limit that was swallowed strikes once more.
AGAIN = 0.5
# What is counted of an input that its reader did not foresee, before the kind of its error.
FAULT = "makes its reader fail"

Item = TypeVar("Item")


class OverBudget(BaseException):
    """An input costs more than it may. The text is the reason under which it is counted.

    No Exception, so that what catches every error of a parser does not catch this.
    """


class Budget:
    """A number of things that may be made: `spend` raises OverBudget beyond it, with `reason`."""

    def __init__(self, most: int, reason: str):
        self.left, self.reason = most, reason

    def spend(self, count: int = 1) -> None:
        self.left -= count
        if self.left < 0:
            raise OverBudget(self.reason)


class Allowance:
    """Seconds of processor time, and bytes of memory, for blocks that run one after another `with` it. They
    may be nested.

    Time is bounded in the main thread only, where Python handles signals: that is where stages run. It also
    ends a regular expression. Memory is bounded where the system has RLIMIT_AS. A block must not start
    processes, which would inherit that limit. With `memory` None only time is bounded.
    """

    _open: list["Allowance"] = []

    def __init__(self, seconds: float = SECONDS, memory: int | None = MEMORY):
        self.left, self.memory = seconds, memory
        self._main = False

    def __enter__(self) -> "Allowance":
        if self.left <= 0:
            raise OverBudget(_SLOW)
        self._limit = None if self.memory is None else _lower(self.memory)
        self._main = threading.current_thread() is threading.main_thread()
        if self._main:
            self._handler = signal.signal(signal.SIGPROF, _strike)
            outer = signal.setitimer(signal.ITIMER_PROF, self.left, AGAIN)[0]
            # What the block around this one had left; 0 without one.
            self._outer = outer
            if 0 < outer < self.left:
                signal.setitimer(signal.ITIMER_PROF, outer, AGAIN)
            self._began = time.process_time()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self._main:
            signal.setitimer(signal.ITIMER_PROF, 0)
            used = time.process_time() - self._began
            self.left -= used
            signal.signal(signal.SIGPROF, self._handler if self._handler is not None else signal.SIG_DFL)
            if self._outer:
                signal.setitimer(signal.ITIMER_PROF, max(self._outer - used, 0.001), AGAIN)
        _restore(self._limit)
        if kind in _REASONS:
            raise OverBudget(_REASONS[kind]) from None


_SLOW = "takes too long to read"
_REASONS = {MemoryError: "takes too much memory to read", RecursionError: "is nested too deep to read"}


def _strike(number: int, frame: Any) -> None:
    # Which is about to end the block anyway.
    if frame is None or frame.f_code is not Allowance.__exit__.__code__:
        raise OverBudget(_SLOW)


def _lower(memory: int) -> tuple[int, int] | None:
    """Bounds the memory of the process to `memory` bytes beyond what it has; returns the limit before, None
    where there is none.
    """
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            most = int(file.read().split()[0]) * resource.getpagesize() + memory
        before = resource.getrlimit(resource.RLIMIT_AS)
        if before[0] != resource.RLIM_INFINITY and before[0] <= most:
            return None
        resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    except (ImportError, OSError, ValueError):
        return None
    return before


def _restore(limit: tuple[int, int] | None) -> None:
    if limit:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, limit)


@contextmanager
def within(
    troubles: Troubles,
    ref: str,
    allowance: Allowance | None = None,
    *,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Iterator[None]:
    """A block that reads one input, which `ref` names. What goes over a budget ends the block and is counted,
    and so does what its reader did not foresee: it costs this input alone.

    What the block has made by then is half of something: use nothing of it. `allowance`: what several blocks
    about one input share.
    """
    try:
        with allowance or Allowance(seconds, memory):
            yield
    except OverBudget as over:
        troubles.add(str(over), ref)
    except (AutodidactError, OSError):
        raise
    except Exception as error:
        troubles.add(f"{FAULT} ({type(error).__name__})", ref)


def each(
    items: Iterable[Item], troubles: Troubles, ref: str, *, seconds: float = SECONDS, memory: int = MEMORY
) -> Iterator[Item]:
    """The items of a reader of one input, which has `seconds` for all of them together. Ends, counted, when
    they are used up.
    """
    allowance, items = Allowance(seconds, memory), iter(items)
    while True:
        try:
            with allowance:
                item = next(items)
        except StopIteration:
            return
        except OverBudget as over:
            troubles.add(str(over), ref)
            return
        yield item
