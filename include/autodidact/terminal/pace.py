"""How fast counted work goes, and how long it will still take: of lines such as `train: update 3 of 10`."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

_COUNTED = re.compile(r"\b(?:update|batch|judging|tokens|reading|generator) ([\d,]+) of ([\d,]+)\b")
# Seconds between two lines about work that is counted while it is read.
PAUSE = 2.0
# Seconds that a rate needs: batches that end together, as several do of a model, are no speed.
ENOUGH = 0.5
# Units of a rate, the largest number of seconds last: 0.2 in a second are 12 in a minute.
_UNITS = ((1, "s"), (60, "min"), (3600, "h"))


@dataclass(frozen=True)
class Count:
    """How much of some work is done; `rate` is a second's, None before it is known."""

    done: int
    whole: int
    rate: float | None = None

    @property
    def left(self) -> float | None:
        """Seconds that the rest takes at this rate."""
        return (self.whole - self.done) / self.rate if self.rate else None

    @property
    def share(self) -> float:
        return min(1.0, self.done / max(1, self.whole))

    def __str__(self) -> str:
        """Rate and time left, "1.2/s, 6 s left"; empty while they are not known, or nothing is left."""
        if self.rate is None or self.left is None or self.done >= self.whole:
            return ""
        return f"{_rate(self.rate)}, {duration(self.left)} left"


class Pace:
    """Follows one piece of work at a time; another one begins where the text before the count, or the whole,
    is another.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._work: tuple[str, int] | None = None
        self._first = self._last = 0
        self._began = 0.0

    def of(self, line: str) -> Count | None:
        """What a line counts; None for a line that counts nothing.

        What a resumed work had before counts for nothing in its rate.
        """
        found = _COUNTED.search(line)
        if not found:
            return None
        done, whole = (int(number.replace(",", "")) for number in found.groups())
        work, now = (line[: found.start()], whole), self._clock()
        if work != self._work or done < self._last:
            self._work, self._first, self._began = work, done, now
        self._last = done
        seconds = now - self._began
        rate = (done - self._first) / seconds if done > self._first and seconds >= ENOUGH else None
        return Count(done, whole, rate)


Item = TypeVar("Item")


def counted(
    items: Iterable[Item],
    whole: int,
    say: Callable[[str], None],
    what: str,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Item]:
    """The items, of which there are about `whole`; says "`what`: reading 3 of 10" every PAUSE seconds."""
    last = clock()
    for number, item in enumerate(items, 1):
        if number <= whole and (now := clock()) - last >= PAUSE:
            last = now
            say(f"{what}: reading {number:,} of {whole:,}")
        yield item


def _rate(a_second: float) -> str:
    seconds, unit = next((each for each in _UNITS if a_second * each[0] >= 1), _UNITS[-1])
    return f"{a_second * seconds:,.1f}/{unit}"


def duration(seconds: float) -> str:
    """ "41 s", "2 min 14 s", "1 h 03 min": two units at most."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60:02d} min"
