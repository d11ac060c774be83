"""The analyses of a repository's Python files in one file of the cache, by git blob id: read at once, taken apart only where somebody asks.

An entry is lines of text: the blob id with what became of it, the names that the file defines, the simple names that it calls (with a `~`: in
functions inside functions, in lambdas and as decorators), those of the classes it inherits from, other names that it binds, the other facts of the file as
JSON, and a line of JSON for each definition.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

_END = "\x1e\n"
_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


@dataclass(slots=True)
class Analysis:
    """A file's facts, mostly still as text. `error`: why there are none ("generated" too)."""

    names: list[str]  # qualified, in the order of the source
    called: list[str]
    based: list[str]
    bound: list[str]
    rest: str
    error: str | None = None
    line: int = 0

    def lines(self) -> list[str]:
        """JSON of the file, then of each definition in the order of `names`."""
        return self.rest.split("\n")


def dump(found: dict) -> str:
    """The analysis of `code.analyse` as an entry without its blob id."""
    if "error" in found:
        return f"{found['error']}\t{found['line']}"
    definitions = found["definitions"]
    imports = found["imports"]
    calls = [name for d in (found, *definitions) for name in d.get("calls", ())]
    called = dict.fromkeys(_simple(name, imports) for name in calls)
    called |= dict.fromkeys(f"~{_simple(name, imports)}" for name in found["nested"])
    called |= dict.fromkeys(f"~{_simple(name, imports)}" for d in definitions for name in d["decorators"])
    based = dict.fromkeys(_simple(name, imports) for d in definitions for name in d.get("bases", ()))
    head = {key: found[key] for key in ("doc", "imports", "stars", "calls") if found[key]}
    bound = [*found["assigned"], *found["inner"]]
    rows = (_compact({key: value for key, value in d.items() if value}) for d in definitions)
    columns = [d["qualname"] for d in definitions], called, based, bound
    return "\n".join(("\t", *map(" ".join, columns), _compact(head), *rows))


def load(entry: str) -> Analysis:
    """What `dump` made."""
    outcome, _, text = entry.partition("\n")
    reason, _, line = outcome.partition("\t")
    if reason:
        return Analysis([], [], [], [], "", reason, int(line))
    *columns, rest = text.split("\n", 4)
    return Analysis(*map(str.split, columns), rest)


class Pack:
    """Entries by blob id, kept under a name in the cache. Without a cache they last as long as the object."""

    def __init__(self, cache, name: str):
        self._cache, self._name = cache, name
        kept = cache.get("code", name) if cache else None
        entries = kept.decode("utf-8", "surrogatepass").split(_END) if kept else []
        self._entries = {blob: entry for blob, separator, entry in (text.partition("\t") for text in entries) if separator}
        self._new = False

    def get(self, blob: str) -> str | None:
        return self._entries.get(blob)

    def put(self, blob: str, entry: str) -> None:
        self._entries[blob] = entry
        self._new = True

    def save(self, blobs: Iterable[str]) -> None:
        """Keeps these entries; writes nothing when nothing is new."""
        if self._cache and self._new:
            text = _END.join(f"{blob}\t{self._entries[blob]}" for blob in blobs if blob in self._entries)
            self._cache.put("code", self._name, text.encode("utf-8", "surrogatepass"))


def _simple(name: str, imports: dict[str, list]) -> str:
    """The last part of a dotted name as its definition writes it: an imported name's own, not its alias here."""
    head, separator, _ = name.partition(".")
    if not separator and ":" not in name:
        target = imports.get(head)
        return target[1] or head.rpartition(".")[2] if target else head
    return name.rpartition(":")[2].rpartition(".")[2]
