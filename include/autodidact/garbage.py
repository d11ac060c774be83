"""How often Python looks for objects that only refer to each other."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# New objects before Python looks (its own number is 700). A syntax tree has tens of thousands, none of them
# garbage: looking after each 700 of them takes a fourteenth of diff_miner's time, for 3 MB of memory.
NEW_OBJECTS = 100_000


@contextmanager
def looked_for_rarely() -> Iterator[None]:
    """Python looks after NEW_OBJECTS new objects, and afterwards as often as before."""
    before = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
