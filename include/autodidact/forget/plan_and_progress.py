"""How far a forgetting has come: `<system>/forgotten/<id>.plan.json`, from its first step to its last. It
holds hashes, ids and keys, and no text of the source; so a rerun recognises what is left when half is gone.
"""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from autodidact.forget.find import Found
from autodidact.forget.traces_of_source import Trace
from autodidact.sources.forgotten_sources import PLAN, Forgotten
from autodidact.store import Store

_ID = re.compile("[0-9a-f]{16}")
# What a trace is made of.
KINDS = ("words", "ids", "labels", "adapters", "versions")


@dataclass
class Plan:
    """`step`: the one that is under way, `withdraw`, `erase`, `remake` or `chronicle`. `touched`: files that
    changed or went; `hashes`: what took the place of the sha256 of a file.
    """

    id: str
    system: str
    entry: dict[str, Any]
    trace: Trace
    found: Found
    step: str = "withdraw"
    champion: dict[str, Any] = field(default_factory=dict)
    # Cycles whose adapter was trained on the source.
    trained: list[str] = field(default_factory=list)
    # Open cycles that read the source, or whose champion is withdrawn: as if they had never been opened.
    dropped: list[str] = field(default_factory=list)
    # Digests of the models that were trained on it.
    models: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    # What was made again, by cycle.
    remade: dict[str, list[str]] = field(default_factory=dict)
    started: str = ""
    by: str = ""

    @property
    def key(self) -> str:
        return f"{self.system}/forgotten/{self.id}{PLAN}"

    def save(self, store: Store) -> None:
        trace = self.trace
        sets = {name: sorted(getattr(trace, name)) for name in KINDS}
        own = asdict(self) | {"format": 1, "trace": sets}
        store.write_json(self.key, own)


def load(store: Store, system: str, name: str) -> Plan | None:
    """The plan of the unfinished forgetting with this id; None where there is none."""
    key = f"{system}/forgotten/{name}{PLAN}"
    if not _ID.fullmatch(name) or not store.exists(key):
        return None
    data = store.read_json(key)
    entry = data["entry"]
    forgotten = Forgotten(frozenset(entry["names"]), tuple(entry["globs"]))
    trace = Trace(forgotten, **{kind: set(values) for kind, values in data["trace"].items()})
    rest = {key: value for key, value in data.items() if key not in ("format", "trace", "found")}
    return Plan(trace=trace, found=Found(**data["found"]), **rest)
