"""The log of record: what happened in every cycle, which versions exist, which one is the champion.

Rows are only ever added. The one row that changes is a system's line in `champions`, and only by
compare-and-swap. The store keeps a copy of what happened in the database alone (journal_in_store.py), so that
a lost Chronicle is made again from the store (cycle/rebuild_chronicle.py).
"""

from autodidact.chronicle.chronicle import Chronicle
from autodidact.chronicle.version_states import STATES, TRANSITIONS, base_name, version_name

__all__ = ["STATES", "TRANSITIONS", "Chronicle", "base_name", "version_name"]
