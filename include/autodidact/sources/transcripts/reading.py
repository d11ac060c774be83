"""What the readers of all formats share while one file is read."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from autodidact.sources.transcripts.declared_tools import Toolbox

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
