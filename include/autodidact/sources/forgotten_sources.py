"""What must never be read again: the sources that a person had forgotten (`autodidact forget`).

`<system>/forgotten/list.json` names them by the hashes of their names, so that the list tells nobody what was
forgotten; only a glob stands there as it was given. A source is a file or a folder (in the repository or
next to it), a conversation (the file of a transcript, or the id that its tool named the file by) or an
article (its title or its address).
"""

import fnmatch
import glob
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from autodidact.errors import UsageError
from autodidact.records import canonical, sha256
from autodidact.settings import Settings
from autodidact.sources.table_files import shown
from autodidact.sources.transcripts.record_lines import files
from autodidact.store import Store

# Kinds of sources of an example that are no part of the living system.
NOT_READ = ("template", "chronicle", "model")
# How the names of the files end that say how far a forgetting has come; gone when it has ended.
PLAN = ".plan.json"
NO_MORE: Mapping[str, str] = {}
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# Where a file name ends in the id of a conversation: `rollout-2026-11-23T12-00-00-<uuid>.jsonl`.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


def key(system: str) -> str:
    """Where a system's list lies in the store."""
    return f"{system}/forgotten/list.json"


def hashed(name: str) -> str:
    """How the list names a path, a conversation or an article."""
    return sha256(canonical(["forgotten", name]))


def _title(name: str) -> str:
    """An article's title, or the last part of its address, as both are compared."""
    if "://" in name:
        name = urlsplit(name).path.rpartition("/")[2]
    return f"article {unquote(name).replace('_', ' ').strip()}"


def names_of(source: str, repository: str | None, more: Mapping[str, str] = NO_MORE) -> list[str]:
    """The names by which readers may know what a person calls `source`: as it was given, as an absolute path,
    as a path in the repository or in one of `more` ({name: path}), and as the title of an article.
    """
    plain = source.removeprefix("./").rstrip("/") or source
    if "://" in plain:
        return [plain, _title(plain)]
    path = Path(plain).expanduser()
    found = [plain]
    for place in (path.absolute(), path.resolve()):
        found += [place.as_posix(), shown(place)]
        root = Path(repository).expanduser().resolve() if repository else None
        if root and place.is_relative_to(root) and place != root:
            found.append(place.relative_to(root).as_posix())
        for name, folder in more.items():
            root = Path(folder).expanduser().resolve()
            if place.is_relative_to(root):
                found.append(f"{name}:{place.relative_to(root).as_posix()}".removesuffix("."))
    return list(dict.fromkeys([*found, _title(plain)]))


@dataclass(frozen=True)
class Forgotten:
    """The forgotten sources of a system: names, hashed, and globs."""

    names: frozenset[str] = frozenset()
    globs: tuple[str, ...] = ()
    # What stands before the paths of one of `sources.repositories`: `billing:`.
    prefix: str = ""
    _paths: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.names or self.globs)

    @cached_property
    def digest(self) -> str:
        """Of the whole list."""
        return sha256(canonical([sorted(self.names), sorted(self.globs)]))

    def path(self, path: str) -> bool:
        """Whether a file, by its path in the repository or on disk, or a folder above it, is forgotten."""
        if not self:
            return False
        if path not in self._paths:
            self._paths[path] = any(map(self._one, _with_parents(self.prefix + path)))
        return self._paths[path]

    def _one(self, path: str) -> bool:
        return hashed(path) in self.names or any(fnmatch.fnmatchcase(path, each) for each in self.globs)

    def within(self, repository: str) -> "Forgotten":
        """The same for one of `sources.repositories`: its file `src/app.py` is `billing:src/app.py`."""
        return replace(self, prefix=f"{repository}:", _paths={})

    def conversation(self, path: str) -> bool:
        """Whether the file of a transcript is forgotten, by its path or by the id that it is named by."""
        if not self:
            return False
        stem = path.rpartition("/")[2].partition(".")[0]
        end = _UUID.search(stem)
        return self.path(path) or hashed(stem) in self.names or bool(end and hashed(end[0]) in self.names)

    def article(self, *names: str) -> bool:
        """Whether an article is forgotten, by its title or its address."""
        return bool(self) and any(hashed(_title(name)) in self.names for name in names)

    def cites(self, source: Mapping[str, Any]) -> bool:
        """Whether the `source` of an example, a question or a fact is forgotten."""
        if not self or source.get("kind") in NOT_READ:
            return False
        if isinstance(name := source.get("repository"), str):
            ref = str(source.get("ref")).removeprefix(f"{name}:")
            return self.within(name).cites({**source, "ref": ref, "repository": None})
        texts = [source[name] for name in ("path", "file", "ref") if isinstance(source.get(name), str)]
        titles = [source[name] for name in ("title", "ref") if isinstance(source.get(name), str)]
        if source.get("kind") == "wiki" and self.article(*titles):
            return True
        return any(self.conversation(place) for text in texts for place in places(text))


NOTHING = Forgotten()


def places(ref: str) -> list[str]:
    """The paths that a reference may stand for: `path`, `path:12`, `path#name`, `<commit>:path`."""
    head, _, rest = ref.partition(":")
    found = [ref, ref.partition("#")[0], ref.rpartition(":")[0]]
    return [place for place in dict.fromkeys([*found, rest if _SHA.fullmatch(head) else ""]) if place]


def _with_parents(path: str) -> Iterable[str]:
    yield path
    while (cut := path.rfind("/")) > 0:
        path = path[:cut]
        yield path
    # All of one of `sources.repositories`.
    if ":" in path:
        yield path[: path.index(":") + 1]


def load(store: Store, system: str) -> Forgotten:
    """The forgotten sources of a system."""
    there = store.read_json(key(system))["sources"] if store.exists(key(system)) else []
    return together(there)


def add(store: Store, system: str, entry: Mapping[str, Any]) -> None:
    """Adds an entry to the system's list."""
    there = store.read_json(key(system))["sources"] if store.exists(key(system)) else []
    if entry not in there:
        store.write_json(key(system), {"format": 1, "sources": [*there, entry]})


def withdrawn(store: Store, system: str) -> set[str]:
    """The versions that were trained on a forgotten source, by the receipts in the store."""
    return {version for receipt in _receipts(store, system) for version in receipt["versions"]}


def dropped(store: Store, system: str) -> set[str]:
    """The open cycles that were deleted when a source was forgotten, by the receipts in the store."""
    return {name for receipt in _receipts(store, system) for name in receipt.get("dropped_cycles", ())}


def _receipts(store: Store, system: str) -> Iterator[dict[str, Any]]:
    there = (each for each in store.list(f"{system}/forgotten") if each != key(system))
    return (store.read_json(each) for each in there if not each.endswith(PLAN))


def unfinished(store: Store, system: str) -> dict[str, str]:
    """The forgettings that have not ended: id to the step that they are at."""
    plans = [each for each in store.list(f"{system}/forgotten") if each.endswith(PLAN)]
    return {each.rpartition("/")[2].removesuffix(PLAN): store.read_json(each)["step"] for each in plans}


def together(sources: Iterable[Mapping[str, Any]]) -> Forgotten:
    """What entries of a list make together: {"names": hashes, "globs"} each."""
    sources = list(sources)
    return Forgotten(
        frozenset(name for each in sources for name in each["names"]),
        tuple(sorted({pattern for each in sources for pattern in each["globs"]})),
    )


def entry(source: str, repository: str | None, more: Mapping[str, str] = NO_MORE) -> dict[str, Any]:
    """How a list names a source: {"id", "names", "globs"}. The id is the same whenever it is given again.
    `more`: {name: path} of `sources.repositories`, of which `billing:` names all of one.
    Raises UsageError for what names nothing, or the whole repository.
    """
    root = Path(repository).expanduser().resolve() if repository else None
    if not source.strip(" ./*") or (root and root.is_relative_to(Path(source).expanduser().resolve())):
        raise UsageError(
            f"{source!r} names everything, or nothing", "Name a file, a folder, a conversation or a page."
        )
    if "://" not in source and glob.has_magic(source):
        return {"id": hashed(source)[:16], "names": [], "globs": [source.removeprefix("./")]}
    return {
        "id": hashed(source.rstrip("/"))[:16],
        "names": sorted(map(hashed, names_of(source, repository, more))),
        "globs": [],
    }


def readable(settings: Settings, forgotten: Forgotten) -> Settings:
    """The settings without the files that are forgotten: of conversations, folders and globs of which some
    are become the list of the others. Documents are left out where they are read, since they are called by
    the folder that names them.
    """
    if not forgotten:
        return settings
    sources = settings.sources
    changed: dict[str, Any] = {}
    for name in ("mcp", "knowledge_graph", "goals", "interrupts", "affect"):
        value = getattr(sources, name)
        if value and forgotten.path(shown(Path(value).expanduser())):
            changed[name] = None
    conversations = [shown(path) for path in files(sources.sessions)]
    if any(map(forgotten.conversation, conversations)):
        left = [path for path in files(sources.sessions) if not forgotten.conversation(shown(path))]
        changed["sessions"] = [str(path) for path in left]
    if sources.wikipedia.dump and forgotten.path(shown(Path(sources.wikipedia.dump).expanduser())):
        changed["wikipedia"] = sources.wikipedia.model_copy(update={"dump": None})
    return settings.model_copy(update={"sources": sources.model_copy(update=changed)})
