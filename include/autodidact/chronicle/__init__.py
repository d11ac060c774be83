"""The log of record: what happened in every cycle, which versions exist, which one is the champion.

Rows are only ever added. The one row that changes is a system's line in `champions`, and only by compare-and-swap.
"""

from autodidact.chronicle.log import Chronicle
from autodidact.chronicle.versions import STATES, TRANSITIONS, base_name, version_name

__all__ = ["STATES", "TRANSITIONS", "Chronicle", "base_name", "version_name"]
