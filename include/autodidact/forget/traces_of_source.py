"""What came from a forgotten source, recognised in a record or a text: by its citation, by the words that
only the source has, by the ids of what cited it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autodidact.forget.distinguishing_words import decoded, hashed, paths, words
from autodidact.sources.forgotten_sources import Forgotten, places

# What stands where a text of the source stood.
GONE = "(forgotten)"
# Fields that say which record this is, not what it says.
NAMES = {"cycle_id", "version", "sha256", "commit", "id", "fact", "at", "stage", "system", "settings", "base"}
# A question names here what other sources say: of a question that stays, only that of the sources goes.
OTHERS = "confuse"
# Fields under which a record names others by their ids.
IDS = ("id", "was", "fact")
# Characters of a text that may be a path and a place in it.
LONGEST_PATH = 300


@dataclass
class Trace:
    """How to recognise what came from the `forgotten` sources. `words`: hashes of their own words; `ids`: of
    examples, questions and facts that cite them; `labels`: hashed names of things that only they define.
    """

    forgotten: Forgotten
    words: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    # sha256 of the adapters that were trained on the sources: whatever they answered goes.
    adapters: set[str] = field(default_factory=set)
    # The versions that they are.
    versions: set[str] = field(default_factory=set)

    def text(self, text: str) -> bool:
        """Whether a text has a word that only the sources have, or names one of them."""
        if self._own(text):
            return True
        return len(text) < LONGEST_PATH and any(map(self.forgotten.path, places(text)))

    def raw(self, data: bytes) -> bool:
        """Whether the bytes of a file of any form have a word that only the sources have."""
        return self._own(decoded(data))

    def _own(self, text: str) -> bool:
        return not self.words.isdisjoint(map(hashed, words(text) | paths(text)))

    def row(self, row: Mapping[str, Any]) -> bool:
        """Whether a record came from the sources: an example, a question, a fact, an answer."""
        source = row.get("source")
        if isinstance(source, Mapping) and self.forgotten.cites(source):
            return True
        if any(row.get(name) in self.ids for name in IDS if isinstance(row.get(name), str)):
            return True
        return self.anywhere({key: value for key, value in row.items() if key != OTHERS})

    def anywhere(self, value: Any, name: str = "") -> bool:
        """Whether any text in a JSON value is the sources'."""
        if isinstance(value, str):
            return name not in NAMES and self.text(value)
        if isinstance(value, Mapping):
            return any(self._key(key) or self.anywhere(item, key) for key, item in value.items())
        if isinstance(value, (list, tuple)):
            return any(self.anywhere(item, name) for item in value)
        return False

    def _key(self, key: str) -> bool:
        return key not in NAMES and (label(key) in self.labels or self.text(key))

    def without(self, value: Any, name: str = "") -> Any:
        """A JSON value without what is the sources': records that came from them are left out of lists, keys
        out of objects, and other texts are replaced. What stands under `settings` stays: a person wrote it.
        """
        if name in NAMES:
            return value
        if isinstance(value, str):
            return GONE if self.text(value) else value
        if isinstance(value, Mapping):
            return {key: self.without(item, key) for key, item in value.items() if not self._key(key)}
        if isinstance(value, (list, tuple)):
            kept = (item for item in value if not self._listed(item))
            return [self.without(item, name) for item in kept]
        return value

    def report(self, value: Any) -> Any:
        """As `without`, of a whole file or row: of what a version said that was trained on the sources, no
        answer stays, whether in a report or in the ledger.
        """
        if isinstance(value, Mapping) and "says" in value and value.get("version") in self.versions:
            value = {**value, "says": ""}
        model = value.get("model") if isinstance(value, Mapping) else None
        if isinstance(model, Mapping) and model.get("adapter_sha256") in self.adapters:
            value = dict(value)
            for name in ("items", "probe_items"):
                value[name] = [{**item, "answer": "", "explanation": ""} for item in value.get(name, ())]
        return self.without(value)

    def _listed(self, item: Any) -> bool:
        """Whether a record of a list is left out as a whole."""
        if isinstance(item, list):
            return any(map(self._listed, item)) and all(isinstance(each, Mapping) for each in item)
        if not isinstance(item, Mapping):
            return False
        source, cited = item.get("source"), False
        if isinstance(source, Mapping):
            cited = self.forgotten.cites(source)
        elif isinstance(source, str):
            cited = any(map(self.forgotten.path, places(source)))
        return cited or any(item.get(key) in self.ids for key in IDS if isinstance(item.get(key), str))


def label(name: str) -> str:
    return hashed(f"label {name}")


def labels_of(row: Mapping[str, Any]) -> Iterable[str]:
    """The names of the things that a record from the sources is about, as facts.json has them, hashed."""
    source = row["source"]
    found = [source["ref"].partition("#")[2], source.get("title"), *(source.get("goals") or ())]
    if "kind" in row and "subject" in row:
        found.append(f"{row['kind']}/{row['subject']}")
    return {label(name) for name in found if name and isinstance(name, str)}
