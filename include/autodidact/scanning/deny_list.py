"""The user's own list of what must never be trained on (`gate.deny`): names of customers, inner hosts, code
words.

Entries are literal text, found whatever the case, or `/regular expressions/`. They are read where the gate
runs, are part of no cycle's frozen settings, of no hash and of no message: an error names an entry by its
number.
"""

import re
from functools import lru_cache
from typing import Any

from autodidact.errors import UsageError
from autodidact.scanning.decodings import readings


@lru_cache(maxsize=8)
def compiled(entries: tuple[str, ...]) -> tuple[tuple[int, re.Pattern], ...]:
    """(number from 1, pattern) of each entry. Raises UsageError, without the entry, when one is no regular
    expression.
    """
    patterns = []
    for number, entry in enumerate(entries, 1):
        expression = len(entry) > 2 and entry.startswith("/") and entry.endswith("/")
        if not entry.strip():
            raise UsageError(f"Entry {number} of gate.deny is empty", "It would match everything; remove it.")
        try:
            pattern = re.compile(entry[1:-1]) if expression else re.compile(re.escape(entry), re.IGNORECASE)
        except re.error:
            raise UsageError(
                f"Entry {number} of gate.deny is no regular expression", "Mend it, or leave out the two `/`."
            ) from None
        patterns.append((number, pattern))
    return tuple(patterns)


def denied(text: str, settings: Any) -> int | None:
    """The number of the first entry of `settings.deny` that is in a reading of the text, None when none
    is."""
    entries = tuple(getattr(settings, "deny", None) or ())
    if not entries:
        return None
    texts = readings(text)
    return next(
        (
            number
            for number, pattern in compiled(entries)
            if any(pattern.search(reading) for reading in texts)
        ),
        None,
    )
