"""A cycle for tests that need no real one."""

from typing import Any

from autodidact.cycle.record import Cycle
from autodidact.records import Champion
from autodidact.settings import Settings

BASE = Champion(
    version="base-1",
    base={"id": "base", "revision": None, "sha256": "b" * 64},
    quantization="nf4",
    cycle_id="",
    promoted_at="2026-11-01T00:00:00Z",
)
DRAW = {
    "suite": "autodidact",
    "version": "1",
    "level": 1,
    "week": "2026-W48",
    "salt": "",
    "blocks": [0],
    "looks": 0,
}


def a_cycle(settings: Settings | None = None, **fields: Any) -> Cycle:
    """A live cycle of the system `shop` that ends at noon of 23 November 2026, with these fields."""
    known = {
        "cycle_id": "2026-11-23T1200Z",
        "system": "shop",
        "kind": "live",
        "since": None,
        "until": "2026-11-23T12:00:00Z",
        "seed": 7,
        "settings": (settings or Settings()).frozen(),
        "settings_sha256": "",
        "repositories": [],
        "base": BASE.base,
        "champion": BASE,
        "champion_commit": None,
        "feedback": {},
        "history": {},
        "replay": [],
        "benchmark": DRAW,
    }
    return Cycle.model_validate(known | fields)
