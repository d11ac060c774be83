"""Since when the things of an outside source (a tool, a goal) are as they are, for sources that keep no history of their own.

One small file in the cache remembers it. Without it everything counts as new, which costs a cycle its order and nothing else.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timezone

from autodidact.records import canonical, instant, sha256
from autodidact.snapshot import Snapshot

KIND = "first-seen"


class FirstSeen:
    """`things`: name -> anything that changes when the thing does. Reading notes what is new as first seen at the cycle's `until`."""

    def __init__(self, snapshot: Snapshot, source: str, things: Mapping[str, object]):
        key = sha256(canonical([snapshot.system, source]))
        try:
            known = json.loads(snapshot.cache.get(KIND, key) or b"{}")
        except ValueError:
            known = {}
        known = known if isinstance(known, dict) else {}
        self._since, now = snapshot.since, instant(snapshot.until)
        self._seen: dict[str, str] = {}
        for name, content in things.items():
            digest = sha256(canonical(content))
            before = known.get(name)
            same = isinstance(before, list) and len(before) == 2 and before[0] == digest
            known[name] = [digest, min(str(before[1]), now) if same else now]
            self._seen[name] = known[name][1]
        snapshot.cache.put(KIND, key, json.dumps(known, sort_keys=True).encode())

    def fresh(self, name: str, since: datetime | None = None) -> bool:
        """Whether it is new or changed since `since`, by default since the window began; always, when there is no such moment."""
        since = since or self._since
        return since is None or self._seen[name] > instant(since)


def champion_time(snapshot: Snapshot) -> datetime | None:
    """The end of the window that the champion was trained on; None when it is the base model, or nobody knows: every fact is fresh then."""
    trained = snapshot.history.get("trained_on") if isinstance(snapshot.history, dict) else None
    if snapshot.champion_commit is None or not isinstance(trained, dict):
        return None
    try:
        return datetime.strptime(str(trained.get("cycle_id"))[:16], "%Y-%m-%dT%H%MZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
