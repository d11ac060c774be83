"""What a generator sees: the living system as it was at the end of the cycle's window. Nothing in it changes
while the cycle runs.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from autodidact.errors import UsageError
from autodidact.knowledge.new_since_earlier_cycles import Earlier
from autodidact.knowledge.teaching_priorities import Steered
from autodidact.records import instant
from autodidact.settings import Settings
from autodidact.sources.forgotten_sources import NOTHING, Forgotten
from autodidact.stage import Troubles
from autodidact.store import Cache

if TYPE_CHECKING:
    from autodidact.sources.git.repository import Repository


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
    # The window is (since, until]; None: from the beginning.
    since: datetime | None
    until: datetime
    settings: Settings
    cache: Cache
    repository: "Repository | None" = None
    # What the rows of this repository name it by; None: `sources.repository`, or whatever is in none.
    repository_name: str | None = None
    # Which part of the system's repositories this is, and of how many (generators/parts_by_repository.py).
    part: tuple[int, int] = (0, 1)
    # The commit at `since`; None: everything is new.
    previous_commit: str | None = None
    # The commit that the champion was trained at; None: every fact is fresh.
    champion_commit: str | None = None
    # feedback.json of the cycle before.
    feedback: dict = field(default_factory=dict)
    # What the Chronicle knew when the cycle was opened.
    history: dict = field(default_factory=dict)
    # What this generator read in the champion's cycle (None: the base serves, every fact is new to it) and in
    # the cycle before (None: everything is new).
    champion: Earlier | None = None
    previous: Earlier | None = None
    # Facts of this generator that the model in service does not know, by their ids: taught before others.
    steered: Mapping[str, Steered] = field(default_factory=dict)
    # What it reads now, source to name to digest (facts.py), and how examples cite what of it is new or
    # changed.
    read: dict[str, dict[str, str]] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    troubles: Troubles = field(default_factory=Troubles)
    # What must not be read; `settings` and `repository` are without it already.
    forgotten: Forgotten = NOTHING
    _unknown: set[str] = field(default_factory=set)

    @property
    def limit(self) -> int:
        """Most raw examples one generator yields: of several repositories an even share, rounded up."""
        return -(-self.settings.generators.limit // self.part[1])

    @property
    def register(self) -> str:
        """`drill` or `full`: how generators write what they read (`generators.register`)."""
        return self.settings.generators.register

    @property
    def champion_code_unknown(self) -> bool:
        """Whether an adapter serves, and the code it was trained on cannot be read any more (a rewritten
        history).

        Nothing counts as new then: unknown is not new.
        """
        if self.champion_commit and self.repository:
            lost = not self.repository.has(self.champion_commit)
        else:
            lost = self.champion is not None and self.champion.lost
        if lost:
            reason = "the commit that the champion was trained at is gone: nothing counts as new since"
            self.unknown(reason, self.champion_commit)
        return lost

    def unknown(self, reason: str, ref: str | None) -> None:
        """Counts, once, that something earlier is not known."""
        if reason not in self._unknown:
            self._unknown.add(reason)
            self.troubles.add(reason, ref)

    def rng(self, *names: str) -> random.Random:
        """Random numbers that depend on the cycle's seed and `names` alone."""
        return random.Random("/".join((str(self.seed), *names)))
