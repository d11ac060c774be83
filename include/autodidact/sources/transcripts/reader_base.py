"""What the readers of all formats share: a file that is being read, and what a reader can do."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from autodidact.sources.transcripts.declared_tools import Toolbox
from autodidact.sources.transcripts.exchange import Exchange

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
