"""Replay: what earlier cycles kept and this one would not make again, as far as its source still holds.

Only generators that the list calls `replayed` are (`diff_miner`, `session_miner`, `benchmark_targeted`): the
first two read the window, the third draws other dev items of the suite each time, and every adapter starts
from the frozen base, so without replay the model would forget last week's commits and conversations, and what
it was drilled in. The others read the whole state in every cycle; to replay them would set
yesterday's state against today's.

What holds:
- a commit: it is still in the history of the cycle's commit (not rewritten away, not on a branch that was
  dropped);
- code and documents in git: the path is there at the cycle's commit, with the same blob or with the same
  lines at the same place;
- a conversation: the file is there and says the same on that line, and a tool that it calls is not gone from
  the schemas that `tool_spec` read, nor asks for other arguments now.
- a dev item: the suite has the same version and level (that no scored item asks the same is the leakage
  rule's to see).
What does not hold is left behind and counted by reason. What cannot be looked at (no repository here) is left
behind too.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact.digests import file_sha256
from autodidact.errors import AutodidactError
from autodidact.generators import GENERATORS
from autodidact.sources.forgotten_sources import load as load_forgotten
from autodidact.sources.forgotten_sources import readable
from autodidact.stage import Troubles
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

REPLAYED = tuple(generator.name for generator in GENERATORS if generator.replayed)

# Examples of one generator taken over: a third of the cap, so that they never crowd out what is new.
LIMIT = 200


@dataclass
class ReplayCounts:
    """What was taken over, by generator, and what was left behind, by reason with its first place."""

    taken: Counter = field(default_factory=Counter)
    left: Troubles = field(default_factory=Troubles)

    def as_dict(self) -> dict:
        return {
            "taken": dict(sorted(self.taken.items())),
            "left": {trouble.reason: trouble.count for trouble in self.left.list()},
        }


def replayed(
    cycle: "Cycle", store: Store, settings: Any, counts: ReplayCounts
) -> Iterator[tuple[str, int, str]]:
    """(generator, line number, line) of the rows that earlier cycles kept and whose source holds, newest
    cycle first, marked `replay_of`.
    """
    with Sources(cycle, store, settings) as sources:
        known: set[str] = set()
        for earlier in cycle.replay:
            key = f"{cycle.system}/cycles/{earlier['cycle_id']}/gate/kept.jsonl"
            if not store.exists(key) or file_sha256(Path(store.local(key))) != earlier["sha256"]:
                counts.left.add("what an earlier cycle kept is gone or was changed", earlier["cycle_id"])
                continue
            for number, line in enumerate(store.read_lines(key), 1):
                row = json.loads(line)
                name = row["generator"]
                if name not in REPLAYED or counts.taken[name] >= LIMIT or row["id"] in known:
                    continue
                known.add(row["id"])
                if complaint := sources.complaint(row, earlier["cycle_id"]):
                    counts.left.add(complaint, row["source"]["ref"])
                    continue
                counts.taken[name] += 1
                row["replay_of"] = row.get("replay_of") or earlier["cycle_id"]
                yield name, number, json.dumps(row, ensure_ascii=False, separators=(",", ":"))


class Sources:
    """The living system at the cycle's `until`, for one question: does an example's source still hold?"""

    def __init__(self, cycle: "Cycle", store: Store, settings: Any):
        self.cycle, self.store = cycle, store
        self.forgotten = load_forgotten(store, cycle.system)
        self.settings = readable(settings, self.forgotten)
        # Of `sources.repository` under None, of `sources.repositories` by their names; None: it is not here.
        self._repositories: dict[str | None, Any] = {}
        self._histories: dict[str | None, set[str]] = {}
        # (repository, commit) -> {path: blob}
        self._trees: dict[tuple[str | None, str], dict[str, str] | None] = {}
        self._transcripts: dict[str, dict[int, str] | None] = {}  # name -> {line: text}
        self._tools: dict[str, dict[str, dict]] = {}  # cycle -> {name: schema}

    def __enter__(self) -> "Sources":
        return self

    def __exit__(self, *_: object) -> None:
        for repository in filter(None, self._repositories.values()):
            repository.close()

    def complaint(self, row: dict, kept_in: str) -> str | None:
        """Why the source of a row that the cycle `kept_in` kept no longer holds; None when it does."""
        source = row["source"]
        if self.forgotten.cites(source):
            return "its source was forgotten"
        try:
            if source["kind"] == "git":
                ref = source["ref"].removeprefix(f"{source.get('repository')}:")
                return self._commit(source) if ref.startswith(source["commit"]) else self._state(source)
            if source["kind"] == "transcript":
                return self._conversation(row) or self._calls(row, kept_in)
            if row["generator"] == "benchmark_targeted":
                return self._suite(source)
        except (AutodidactError, KeyError, TypeError):
            return "its source cannot be looked at"
        return f"a source of kind {source['kind']} is read anew in every cycle"

    def _suite(self, source: dict) -> str | None:
        drawn = self.cycle.benchmark
        same = (source["suite"], source["level"]) == (f"{drawn['suite']} {drawn['version']}", drawn["level"])
        return None if same else "it is of another version or level of the suite"

    # Git: all that was there once can be read again by its id, so old and new are compared and nothing about
    # them is stored.

    def _git(self, source: dict) -> Any:
        """The repository that a source is in, at the cycle's commit."""
        name = source.get("repository")
        if name not in self._repositories:
            from autodidact.sources.git.repository import Repository

            # One that is not here now will not come back for the next row.
            self._repositories[name] = None
            rows = self.cycle.repositories
            here = next((each for each in rows if each.get("name") == name), None)
            forgotten = self.forgotten.within(name) if name else self.forgotten
            found = Repository(here["path"], here["commit"], forgotten=forgotten) if here else None
            self._repositories[name] = found
        if self._repositories[name] is None:
            raise AutodidactError("The repository cannot be read", "Name it in sources.repository.")
        return self._repositories[name]

    def _commit(self, source: dict) -> str | None:
        name = source.get("repository")
        if name not in self._histories:
            from autodidact.sources.git.run_git import lines

            repository = self._git(source)
            self._histories[name] = set(lines(repository.folder, "rev-list", repository.commit, "--"))
        return None if source["commit"] in self._histories[name] else "its commit is no longer in the history"

    def _tree(self, source: dict, commit: str) -> dict[str, str] | None:
        """Path to blob id at a commit; None when the commit is gone."""
        key = source.get("repository"), commit
        if key not in self._trees:
            repository = self._git(source)
            there = commit == repository.commit or repository.has(commit)
            at = repository if commit == repository.commit else repository.at(commit) if there else None
            self._trees[key] = {entry.path: entry.blob for entry in at.files(vendored=True)} if at else None
        return self._trees[key]

    def _state(self, source: dict) -> str | None:
        then, now = self._tree(source, source["commit"]), self._tree(source, self._git(source).commit)
        path = source["path"]
        if now is None or path not in now:
            return "its file is gone"
        if then is None or path not in then:
            return "its commit is no longer in the history"
        if then[path] == now[path]:
            return None
        if not source.get("lines"):
            return "its file says something else now"
        first, last = source["lines"]
        read = self._git(source).read
        old, new = (read(blob).splitlines()[first - 1 : last] for blob in (then[path], now[path]))
        return None if old == new and len(new) == last - first + 1 else "its lines say something else now"

    # Conversations

    def _conversation(self, row: dict) -> str | None:
        source = row["source"]
        lines = self._lines(source["file"])
        if lines is None:
            return "its transcript is gone"
        text = lines.get(source["line"])
        if text is None:
            return "its transcript says something else now"
        shown = "\n".join(_plain(message["content"]) for message in row["messages"])
        # What the gate rewrote (an address, a notice) differs by that from the file.
        return None if row.get("was") or _plain(text) in shown else "its transcript says something else now"

    def _lines(self, name: str) -> dict[int, str] | None:
        """What people wrote in a transcript, by line; None when there is no such file among
        `sources.sessions`.
        """
        if name not in self._transcripts:
            from autodidact.sources.table_files import shown
            from autodidact.sources.transcripts import Toolbox, exchanges, files

            path = next((file for file in files(self.settings.sources.sessions) if shown(file) == name), None)
            until = datetime.fromisoformat(self.cycle.until)
            found = exchanges(path, until, Troubles(), Toolbox()) if path else ()
            self._transcripts[name] = {each.line: each.text for each in found} if path else None
        return self._transcripts[name]

    def _calls(self, row: dict, kept_in: str) -> str | None:
        """Whether the tools called are still as they were. Only what `tool_spec` knew then can be missed
        now."""
        calls = [call["function"] for message in row["messages"] for call in message.get("tool_calls") or ()]
        then, now = self._schemas(kept_in), self._schemas(self.cycle.cycle_id)
        for called in calls if now else ():
            name = called["name"].rpartition("__")[2]
            if name in then and name not in now:
                return "a tool that it calls is gone"
            if name in now and then.get(name) != now[name] and not _fits(called["arguments"], now[name]):
                return "a tool that it calls asks for other arguments now"
        return None

    def _schemas(self, cycle_id: str) -> dict[str, dict]:
        """The parameters of each tool in what `tool_spec` made in a cycle; empty when it made nothing."""
        if cycle_id not in self._tools:
            key = f"{self.cycle.system}/cycles/{cycle_id}/generated/tool_spec.jsonl"
            found: dict[str, dict] = {}
            for line in self.store.read_lines(key) if self.store.exists(key) else ():
                for tool in json.loads(line)["tools"]:
                    found[tool["function"]["name"].rpartition("__")[2]] = (
                        tool["function"].get("parameters") or {}
                    )
            self._tools[cycle_id] = found
        return self._tools[cycle_id]


def _fits(arguments: dict, schema: dict) -> bool:
    known, required = schema.get("properties") or {}, schema.get("required") or []
    return set(required) <= set(arguments) and (not known or set(arguments) <= set(known))


def _plain(text: str) -> str:
    return " ".join(text.split())
