"""What a test of hostile input may cost, so that a reader without an end fails its test and takes no machine
down.
"""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def bounded(seconds: float = 6.0, megabytes: int = 500) -> Iterator[None]:
    """The block has so much processor time of its own thread, as others of the process may be at work, and so much
    memory beyond what the process has. The dearest of the inputs takes 2.1 s on a quiet machine and took 3.5 s on
    one that others share; a reader without an end takes minutes.
    """
    with open("/proc/self/statm", encoding="ascii") as file:
        there = int(file.read().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (there + (megabytes << 20), before[1]))
    began = time.thread_time()
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    used = time.thread_time() - began
    assert used < seconds, f"it took {used:.1f} s"
