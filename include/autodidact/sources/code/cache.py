"""The analyses of a repository's Python files in the cache, by git blob id: read at once, taken apart only
where somebody asks.

An entry is lines of text: the blob id with what became of it, the names that the file defines, what each of
them has (TRAITS), the simple names that the file calls (with a `~`: in functions inside functions, in lambdas
and as decorators), those of the classes it inherits from, other names that it binds, what it imports
(`..module:name`), the other facts of the file as JSON, and a line of JSON for each definition.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

# What a definition has, as bits: reading one number is much cheaper than taking out the definition.
TRAITS = {
    "doc": 1,
    "signature": 2,
    "params": 4,
    "defaults": 8,
    "returns": 16,
    "raises": 32,
    "decorators": 64,
    "bases": 128,
    "calls": 256,
}
IS_CLASS, IS_FUNCTION, IS_FIRST, IS_MEMBER, IS_ONCE = (
    512,
    1024,
    2048,
    4096,
    8192,
)  # once: no other definition of the file has its name

_END = b"\x1e\n"
# What is new is written into a file of its own until that is a quarter of the first.
_MERGED = 4
_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Analysis:
    """A file's facts, still as bytes: a column is decoded when somebody asks. `error`: why there are none
    ("generated" too).
    """

    def __init__(self, entry: str | bytes):
        outcome, *self._columns = (
            entry.encode("utf-8", "surrogatepass") if isinstance(entry, str) else entry
        ).split(b"\n", 8)
        error, _, line = outcome.decode().partition("\t")
        self.error, self.line = error, int(line or 0)

    def _column(self, number: int) -> str:
        return self._columns[number].decode("utf-8", "surrogatepass") if number < len(self._columns) else ""

    @property
    def names(self) -> list[str]:
        """Qualified, in the order of the source."""
        return self._column(0).split()

    @property
    def traits(self) -> list[int]:
        """What each of `names` has."""
        return list(map(int, self._column(1).split()))

    @property
    def called(self) -> list[str]:
        return self._column(2).split()

    @property
    def based(self) -> list[str]:
        return self._column(3).split()

    @property
    def bound(self) -> list[str]:
        return self._column(4).split()

    @property
    def importing(self) -> str:
        return self._column(5)

    @cached_property
    def head(self) -> str:
        """JSON of the file."""
        return self._column(6)

    @cached_property
    def lines(self) -> list[str]:
        """JSON of each definition, in the order of `names`."""
        text = self._column(7)
        return text.split("\n") if text else []


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
    importing = dict.fromkeys(
        f"{'.' * level}{module}:{name or ''}" for module, name, level in imports.values()
    )
    importing |= dict.fromkeys(f"{'.' * level}{module}:*" for module, level in found["stars"])
    count = Counter(d["qualname"] for d in definitions)
    traits = [
        str(_traits(d, first=number == 0, once=count[d["qualname"]] == 1))
        for number, d in enumerate(definitions)
    ]
    rows = (_compact({key: value for key, value in d.items() if value}) for d in definitions)
    columns = [d["qualname"] for d in definitions], traits, called, based, bound, importing
    return "\n".join(("\t", *map(" ".join, columns), _compact(head), *rows))


def _traits(definition: dict, first: bool, once: bool) -> int:
    bits = IS_CLASS if definition["kind"] == "class" else IS_FUNCTION
    bits |= IS_FIRST * first | IS_MEMBER * (definition["owner"] is not None) | IS_ONCE * once
    return bits | sum(bit for name, bit in TRAITS.items() if definition.get(name))


class Pack:
    """Entries by blob id, kept under a name in the cache. Without a cache they last as long as the object."""

    def __init__(self, cache, name: str):
        self._cache, self._name = cache, name
        self._entries: dict[
            str, tuple[bytes, int, int]
        ] = {}  # a text, and where in it the entry begins and ends
        self._old: set[str] = set()  # what the first of the two files holds
        self._sizes = [0, 0]
        for number, key in enumerate(self._keys()) if cache else ():
            kept = cache.get("code", key) or b""
            self._sizes[number] = len(kept)
            found = dict(_entries(kept))
            self._entries |= found
            self._old = self._old or set(found)
        self._new = False

    def _keys(self) -> tuple[str, str]:
        return self._name, f"{self._name}-new"

    def get(self, blob: str) -> bytes | None:
        found = self._entries.get(blob)
        return found and found[0][found[1] : found[2]]

    def __contains__(self, blob: str) -> bool:
        return blob in self._entries

    def put(self, blob: str, entry: str) -> None:
        text = entry.encode("utf-8", "surrogatepass")
        self._entries[blob] = text, 0, len(text)
        self._new = True

    def save(self, blobs: Iterable[str]) -> None:
        """Keeps these entries; writes nothing when nothing is new, and of a little that is new only that."""
        if not self._cache or not self._new:
            return
        wanted = [blob for blob in blobs if blob in self._entries]
        fresh = self._text(blob for blob in wanted if blob not in self._old)
        whole, added = self._keys()
        if len(fresh) * _MERGED <= self._sizes[0]:
            self._cache.put("code", added, fresh)
            return
        self._cache.put("code", whole, self._text(wanted))
        if self._sizes[1]:
            self._cache.put("code", added, b"")

    def _text(self, blobs: Iterable[str]) -> bytes:
        return _END.join(b"%b\t%b" % (blob.encode("ascii"), self.get(blob)) for blob in blobs)


def _entries(kept: bytes) -> Iterator[tuple[str, tuple[bytes, int, int]]]:
    """(blob id, the text with the entry's beginning and end): without copies, of which megabytes would be
    made in vain.
    """
    start = 0
    while start < len(kept):
        end = kept.find(
            _END[:1], start
        )  # a byte that JSON and names do not contain; looking for one is ten times faster than for two
        end = len(kept) if end < 0 else end
        tab = kept.find(b"\t", start, end)
        if tab >= 0:
            yield kept[start:tab].decode("ascii", "replace"), (kept, tab + 1, end)
        start = end + len(_END)


def _simple(name: str, imports: dict[str, list]) -> str:
    """The last part of a dotted name as its definition writes it: an imported name's own, not its alias
    here."""
    head, separator, _ = name.partition(".")
    if not separator and ":" not in name:
        target = imports.get(head)
        return target[1] or head.rpartition(".")[2] if target else head
    return name.rpartition(":")[2].rpartition(".")[2]
