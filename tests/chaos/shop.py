"""The repository that is read: twenty small modules and some commits; another one before each cycle."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.sandbox import NOON, Sandbox

PARTS = (
    *("basket", "price", "order", "invoice", "stock", "supplier", "parcel", "address", "customer", "refund"),
    *("coupon", "tax", "receipt", "shelf", "label", "carrier", "review", "wish", "gift", "season"),
)
MODULE = '''"""Keeps each {part} of the shop."""

LIMIT = {number}


def find_{part}(name: str, limit: int = {number}) -> list[str]:
    """The first {number} of type {part} whose names begin with `name`."""
    return [name] * limit


def count_{part}(names: list[str]) -> int:
    """How many of type {part} there are, at most {number}."""
    return min(len(names), LIMIT)
'''


class Shop(Sandbox):
    """`change()` commits a change of two modules, made now."""

    def __init__(self, path: Path):
        super().__init__(path)
        self.changes = 0
        for hour, some in enumerate((PARTS[:8], PARTS[8:14], PARTS[14:])):
            files = {f"shop/{part}.py": MODULE.format(part=part, number=10 + hour) for part in some}
            self.commit(f"Add {', '.join(some)} to the shop", files, hours=hour)

    def change(self) -> None:
        self.changes += 1
        first = (2 * self.changes) % len(PARTS)
        files = {
            f"shop/{part}.py": MODULE.format(part=part, number=20 + self.changes)
            for part in PARTS[first : first + 2]
        }
        hours = (datetime.now(timezone.utc) - NOON) / timedelta(hours=1)
        self.commit(f"Let find_{PARTS[first]} return up to {20 + self.changes} names", files, hours=hours)
