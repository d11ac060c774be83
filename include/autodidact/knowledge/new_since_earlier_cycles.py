"""What generators read from sources without a history (goals, tools, documents, graphs), and what of it is
new.

Each generator's stage writes `generated/<generator>.facts.json`: {"format": 1, "read": {source: {name: sha256
of what it holds}}}. A later cycle compares with the files of two earlier ones, which `open_cycle` names in
cycle.json by their digests: the champion's (what is not in it is new to the model in service) and the one
before (what is not in it comes first, and is counted as new). No clock and no cache is asked. Where an
earlier cycle wrote no such file, nothing counts as new since then, and the manifest says so: unknown is not
new.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodidact.records import Example, canonical, sha256
from autodidact.stage import load_manifest
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle
    from autodidact.settings import Settings
    from autodidact.sources.snapshot import Snapshot

# Kinds of sources that are not the living system.
NO_SOURCE = {"template", "chronicle", "model"}
# Subjects of one graph that are compared one by one (2 MB of names and digests); a larger graph is new as a
# whole.
MOST_NAMES = 20_000


@dataclass(frozen=True)
class Earlier:
    """What one generator read in an earlier cycle: source to name to digest. `read` None: that is not known.

    `lost`: the cycle itself is not in the store any more.
    """

    cycle_id: str
    read: Mapping[str, Mapping[str, str]] | None
    lost: bool = False


class Compared:
    """The things of one source, compared with what earlier cycles read of it.

    `things`: name to anything that changes when the thing does. Making a Compared notes them for the stage's
    facts file, and those that are new for the count (`refs`: how examples cite them, if not by name).
    """

    def __init__(
        self,
        snapshot: "Snapshot",
        source: str,
        things: Mapping[str, object],
        refs: Mapping[str, str] | None = None,
    ):
        self._snapshot, self._source = snapshot, source
        self._digests = {name: sha256(canonical(content)) for name, content in things.items()}
        snapshot.read.setdefault(source, {}).update(self._digests)
        refs = refs or {}
        snapshot.new.update(refs.get(name, name) for name in things if self.fresh(name))

    def fresh(self, name: str) -> bool:
        """Whether it is new or changed since the cycle before; always, when there was none."""
        return self._differs(name, self._snapshot.previous)

    def news(self, name: str) -> bool:
        """Whether it is new or changed since the champion's cycle; always, when the base model serves."""
        return self._differs(name, self._snapshot.champion)

    def _differs(self, name: str, earlier: Earlier | None) -> bool:
        if earlier is None:
            return True
        if earlier.read is None:
            reason = f"what the cycle {earlier.cycle_id} read is not recorded: nothing counts as new since"
            self._snapshot.unknown(reason, self._source)
            return False
        return earlier.read.get(self._source, {}).get(name) != self._digests[name]


class ComparedGraph:
    """A kept graph, compared with what earlier cycles read of it, relation by relation of each subject."""

    def __init__(
        self, snapshot: "Snapshot", source: Mapping[str, Any], triples: Iterable[tuple[str, str, str]]
    ):
        triples = list(triples)
        self._names: dict[str, dict[str, str]] = {}
        objects: dict[str, list[str]] = {}
        for subject, relation, value in triples:
            name = self._names.setdefault(subject, {}).setdefault(relation, f"{relation}/{subject}")
            objects.setdefault(name, []).append(value)
        self._whole = len(self._names) > MOST_NAMES
        things: dict[str, object] = {name: sorted(values) for name, values in objects.items()}
        if self._whole:
            things = {"": sorted(list(triple) for triple in triples)}
        self._compared = Compared(snapshot, f"graph {source['kind']}", things, {"": source["ref"]})

    def fresh(self, subject: str) -> bool:
        """Whether something that the graph says of a subject is new or changed since the cycle before."""
        if self._whole:
            return subject in self._names and self._compared.fresh("")
        return any(self._compared.fresh(name) for name in self._names.get(subject, {}).values())

    def news(self, subject: str, relation: str) -> bool:
        """Whether what one relation of a subject leads to is new or changed since the champion's cycle."""
        return self._compared.news("" if self._whole else self._names[subject][relation])


def newness(snapshot: "Snapshot", *, window: bool = False) -> Callable[[Example], bool]:
    """Tells whether an example's source is new or changed since the cycle before.

    `window`: the generator reads the window alone, so all that it makes of the system is new.
    `training.min_news` counts such examples. Code and documents in git count by the file. In the first cycle
    everything is new.
    """
    first = snapshot.previous is None and snapshot.previous_commit is None
    repository = snapshot.repository
    changed = repository.changed(snapshot.previous_commit) if repository and not first else set()

    def new(row: Example) -> bool:
        source = row.source
        also = source.model_extra or {}
        if source.kind in NO_SOURCE:
            return False
        if first or window:
            return True
        if source.kind == "git":
            return also.get("path") in changed
        names = {source.ref, source.ref.partition("#")[0], source.ref.rpartition(":")[0]}
        names.update(also.get("goals", ()))
        for subject, relation, *_ in also.get("triples", ()):
            names |= {subject, f"{relation}/{subject}"}
        return not snapshot.new.isdisjoint(names)

    return new


def reference(store: Store, system: str, cycle_id: str) -> dict:
    """What cycle.json says of an earlier cycle: {"cycle_id", "facts": {generator: sha256 of its facts file}}.

    A generator that did not run there, or had no source, is not listed: all it reads is new. One that wrote
    no facts file (the cycle is older than these files) has null. `facts` is null when the store has no such
    cycle.
    """
    folder = f"{system}/cycles/{cycle_id}"
    if not store.exists(f"{folder}/cycle.json"):
        return {"cycle_id": cycle_id, "facts": None}
    found = {}
    for key in store.list(f"{folder}/generated"):
        name = key.removeprefix(f"{folder}/generated/").removesuffix(".manifest.json")
        if not key.endswith(".manifest.json") or "/" in name:
            continue
        manifest = load_manifest(store, key)
        if manifest and manifest.status == "done":
            facts = manifest.outputs.get(f"{name}.facts.json")
            found[name] = facts.sha256 if facts else None
    return {"cycle_id": cycle_id, "facts": dict(sorted(found.items()))}


def earlier(store: Store, system: str, reference: Mapping[str, Any] | None, generator: str) -> Earlier | None:
    """What a generator read in the cycle of a reference; None without a reference."""
    if not reference:
        return None
    name, facts = reference["cycle_id"], reference["facts"]
    if facts is None:
        return Earlier(name, None, lost=True)
    if generator not in facts:
        return Earlier(name, {})
    key = f"{system}/cycles/{name}/generated/{generator}.facts.json"
    data = store.read_bytes(key) if facts[generator] and store.exists(key) else b""
    return Earlier(name, json.loads(data)["read"] if sha256(data) == facts[generator] else None)


def followed(store: Store, system: str, latest: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """{"cycle_id", "until"} of the cycle that a window follows; `latest`: the latest closed one, or None.

    Where that one ended early for want of news it is the one that it followed itself: what was too little to
    train on is read again, together with what came since.
    """
    folder = f"{system}/cycles/{latest['cycle_id']}" if latest else ""
    manifest = load_manifest(store, f"{folder}/gate/manifest.json") if latest else None
    if manifest is None or not (manifest.model_extra or {}).get("news", {}).get("ends_early"):
        return latest
    cycle = store.read_json(f"{folder}/cycle.json")
    return {"cycle_id": cycle["compared"]["previous"]["cycle_id"], "until": cycle["since"]}


def frozen(store: Store, system: str, champion: str | None, previous: str | None) -> dict[str, Any]:
    """What cycle.json says of the cycles to compare with: {"champion", "previous"}, each a reference or null.
    `champion`: the cycle that trained the champion; None while the base serves.

    The one before also has `training`: the digest of the settings that it trained with, null if it did not
    train.
    """
    references = {name: reference(store, system, name) for name in {champion, previous} if name}
    before = dict(references[previous]) if previous else None
    if before:
        folder = f"{system}/cycles/{previous}"
        manifest = load_manifest(store, f"{folder}/training/manifest.json")
        done = manifest is not None and manifest.status == "done"
        before["training"] = recipe(store.read_json(f"{folder}/cycle.json")["settings"]) if done else None
    return {"champion": references[champion] if champion else None, "previous": before}


def recipe(settings: Mapping[str, Any]) -> str:
    """The digest of what frozen settings say of the training; another one is worth a try without any news."""
    return sha256(canonical({key: value for key, value in settings["training"].items() if key != "min_news"}))


def news(cycle: "Cycle", settings: "Settings", count: int) -> dict[str, Any]:
    """What the gate says of the news: {"new", "since", "ends_early", "says"}.

    `count`: new or changed examples of all generators. A live cycle ends early with fewer than
    `training.min_news`, unless there is something else to try: the cycle before trained nothing, or with
    other
    settings (a lever that the feedback changed among them), or what it read is not recorded.
    """
    before, least = cycle.compared.get("previous"), settings.training.min_news
    known = before and before["facts"] is not None and None not in before["facts"].values()
    tried = before and known and before["training"] == recipe(cycle.settings)
    since = f"since cycle {before['cycle_id']}" if before else "in all"
    return {
        "new": count,
        "since": before["cycle_id"] if before else None,
        "ends_early": bool(cycle.kind == "live" and tried and count < least),
        "says": f"{count} new or changed examples {since}; training.min_news is {least}",
    }
