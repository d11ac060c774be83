"""What the readers of all formats share: a file that is being read, and what a reader can do."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from autodidact.sources.transcripts.declared_tools import Toolbox
from autodidact.sources.transcripts.ending_fields import NOT_GOOD, by_fields
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.outcomes import Outcome
from autodidact.sources.transcripts.turns_to_exchanges import Thread

if TYPE_CHECKING:
    from autodidact.stage import Troubles


@dataclass
class Reading:
    """One file being read as it was at `until`. `latest`: the newest time met; `beyond`: something newer than
    `until` was met.
    """

    file: str
    until: datetime
    troubles: "Troubles"
    toolbox: Toolbox = field(default_factory=Toolbox)
    latest: datetime | None = None
    beyond: bool = False

    def keeps(self, time: datetime | None) -> bool:
        """Whether a record of this time counts. Asked before anything is learned from the record."""
        if time is None:
            return True
        if time > self.until:
            self.beyond = True
            return False
        if self.latest is None or time > self.latest:
            self.latest = time
        return True


class Format(ABC):
    """The reader of one format of transcripts, for one file."""

    # Whether it can continue in the middle of a file, from the state that `plain` gives.
    RESUMES = True
    # Exchanges that wait until it is clear that nobody takes a step back behind them.
    waiting = 4

    def __init__(self, reading: Reading):
        self.reading = reading

    @staticmethod
    @abstractmethod
    def reads(record: dict) -> bool:
        """Whether a record has this format."""

    @abstractmethod
    def feed(self, line: int, record: dict) -> list[Exchange]:
        """The exchanges that are settled with this record."""

    def close(self) -> list[Exchange]:
        """The exchanges that were still open; nothing follows."""
        return []

    def plain(self) -> dict:
        """Its state as JSON."""
        return {}

    def restore(self, state: dict) -> None:  # noqa: B027
        """Continues from that state."""

    def trouble(self, reason: str, line: int) -> None:
        """Counts something that cannot be read."""
        self.reading.troubles.add(reason, f"{self.reading.file}:{line}")

    def judged(self, given: dict, line: int) -> Outcome:
        """How an answer ended by the fields of its record; those that do not say a good end are counted."""
        outcome, found = by_fields(given)
        for said in found:
            self.trouble(NOT_GOOD.format(said), line)
        return outcome

    def new_thread(self) -> Thread:
        """A conversation of this file."""
        return Thread(self.reading.file, self.reading.toolbox, self.reading.troubles, waiting=self.waiting)


class ThreadFormat(Format):
    """A format whose file is one conversation, or one after the other: `thread` is the one being read."""

    def __init__(self, reading: Reading):
        super().__init__(reading)
        self.thread = self.new_thread()

    def close(self) -> list[Exchange]:
        return self.thread.close()

    def plain(self) -> dict:
        return self.thread.plain()

    def restore(self, state: dict) -> None:
        self.thread.restore(state)
