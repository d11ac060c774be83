"""What a generator sees: the living system as it was at the end of the cycle's window. Nothing in it changes while the cycle runs."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from autodidact.errors import UsageError
from autodidact.records import instant
from autodidact.settings import Settings
from autodidact.stage import Troubles
from autodidact.store import Cache

if TYPE_CHECKING:
    from autodidact.sources.git import Repository


# How far the clocks of two machines may be apart: what Kerberos allows by default.
CLOCK_SKEW = timedelta(minutes=5)


def require_window(since: datetime | None, until: datetime) -> None:
    """Raises UsageError for a window that no cycle can have: it ends in the future, or before it begins."""
    now = datetime.now(timezone.utc)
    if until > now + CLOCK_SKEW:
        raise UsageError(
            f"The window ends in the future: {instant(until)}, and it is {instant(now)}",
            "Choose an end up to now.",
        )
    if since is not None and since >= until:
        raise UsageError(
            f"The window is empty: it begins at {instant(since)} and ends at {instant(until)}",
            "Choose a begin (--since) before its end (--until; default: now).",
        )


@dataclass
class Snapshot:
    system: str
    cycle_id: str
    seed: int
    since: datetime | None  # the window is (since, until]; None: from the beginning
    until: datetime
    settings: Settings
    cache: Cache
    repository: "Repository | None" = None
    previous_commit: str | None = None  # the commit at `since`; None: everything is new
    champion_commit: str | None = None  # the commit that the champion was trained at; None: every fact is fresh
    feedback: dict = field(default_factory=dict)  # feedback.json of the cycle before
    history: dict = field(default_factory=dict)  # what the Chronicle said when the cycle was opened
    troubles: Troubles = field(default_factory=Troubles)

    @property
    def limit(self) -> int:
        """Most raw examples one generator yields."""
        return self.settings.generators.limit

    def rng(self, *names: str) -> random.Random:
        """Random numbers that depend on the cycle's seed and `names` alone."""
        return random.Random("/".join((str(self.seed), *names)))
