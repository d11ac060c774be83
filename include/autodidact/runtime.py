"""What is resolved where a stage runs, and never written or hashed: addresses, tokens, the store, the
Chronicle.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autodidact.progress import show
from autodidact.settings import Settings
from autodidact.store import Cache, Store

if TYPE_CHECKING:
    from autodidact.chronicle import Chronicle


def say_on_stderr(line: str) -> None:
    show(line, sys.stderr)


@dataclass
class Runtime:
    settings: Settings  # of this process; a stage uses the cycle's frozen ones with these runtime keys
    store: Store = field(init=False)
    say: Callable[[str], None] = say_on_stderr

    def __post_init__(self):
        self.store = Store(self.settings.store)

    @property
    def cache(self) -> Cache:
        return Cache(self.store)

    def chronicle(self) -> "Chronicle":
        """The log of record, its schema brought up to date. Raises AutodidactError when the database does not
        answer.
        """
        from autodidact.chronicle import Chronicle

        return Chronicle(self.settings.chronicle.url)
