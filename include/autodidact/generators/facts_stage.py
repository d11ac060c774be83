"""The stage `knowledge`: every fact that a question could be asked about, since when it is true, what was so
before, and what is gone. Written once a cycle, after the generators.

    knowledge/facts.jsonl        records Fact, present and gone
    knowledge/set_aside.jsonl    facts that have no single answer now, kept for when they have one again

Facts of code have their times from the history of the branch, which is read up to the cycle's commit; all
others from the file of the cycle before (knowledge/facts_over_time.py).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timezone
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from autodidact import sealed_cycle
from autodidact.errors import AutodidactError, Skipped
from autodidact.generators import count_requests_about_facts
from autodidact.generators.ast_parser import code_over_time
from autodidact.generators.run_generator import load
from autodidact.generators.snapshots import snapshot_of, snapshots_of
from autodidact.knowledge.add_repository_name import named, plain, repository_of
from autodidact.knowledge.fact import Fact, Moment
from autodidact.knowledge.facts_as_lines import FactLines
from autodidact.knowledge.facts_over_time import (
    FILE,
    SET_ASIDE,
    Before,
    When,
    carried,
    missing,
    news,
    read_before,
    recent,
)
from autodidact.records import instant
from autodidact.runtime import Runtime
from autodidact.scanning.scan_artifacts import scan
from autodidact.sources.code.definition_history import name_history
from autodidact.sources.git.first_parents import Change, Step, steps
from autodidact.sources.snapshot import Snapshot
from autodidact.stage import Stage, Troubles, Work, load_manifest, manifest_key, verified
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

VERSION = "3"
CODE, DOCUMENTS, TALKS = "ast_parser", "architecture_docs", "session_miner"
# Commits between two cycles that are looked through for the one that changed a fact.
MOST_COMMITS = 2_000
# Versions of one document that are looked through.
MOST_VERSIONS = 50
NO_HISTORY = "the history of the branch cannot be read: since when facts of code are true is not known"


def _inputs(cycle: "Cycle", runtime: Runtime) -> dict[str, str]:
    found = {"cycle": cycle.digest}
    for name in cycle.generators():
        manifest = cycle.manifest(runtime.store, f"generate.{name}")
        file = f"{name}.facts_now.jsonl"
        if manifest and file in manifest.outputs:
            found[f"facts.{name}"] = manifest.outputs[file].sha256
    if before := cycle_before(runtime.store, cycle):
        manifest = load_manifest(runtime.store, f"{before}/{manifest_key('knowledge')}")
        found |= (
            {f"before.{name}": output.sha256 for name, output in manifest.outputs.items()} if manifest else {}
        )
    return found


def _sealed(store: Store, folder: str) -> str | None:
    done = store.exists(f"{folder}/{manifest_key('knowledge')}")
    return sealed_cycle.sealed(store, folder) if done else sealed_cycle.closed(store, folder)


def _work(cycle: "Cycle", runtime: Runtime, run: Work) -> None:
    now = dict(_files_now(cycle, runtime.store))
    if not now:
        raise Skipped("no generator has read a fact that a question could be asked about")
    before = _before(cycle, runtime.store)
    at = Moment(time=instant(cycle.until), cycle=cycle.cycle_id)
    facts, aside = FactLines(), FactLines()
    for name, file in now.items():
        mine: dict[str | None, FactLines] = defaultdict(FactLines)
        for fact in map(Fact.model_validate_json, runtime.store.read_lines(file)):
            mine[repository_of(fact.source)].add([plain(fact)])
        for snapshot in snapshots_of(cycle, runtime, name):
            try:
                here = list(mine.pop(snapshot.repository_name, ()))
                found, left = _of_part(name, here, before, at, snapshot, run.troubles)
            finally:
                if snapshot.repository:
                    snapshot.repository.close()
            facts.add(found)
            aside.add(left)
    _add_not_read(cycle, runtime.store, now, before.all, facts, aside)
    asked = _asked(cycle, runtime, facts)
    limits = cycle.effective(runtime.settings).gate
    known, apart = FactLines(), FactLines()
    counted = (fact.model_copy(update={"asked": asked.get(fact.id, 0)}) for fact in facts)
    clean = _without_secrets(counted, limits, run.troubles)
    known.add(recent(clean, datetime.fromisoformat(cycle.until)))
    apart.add(_without_secrets(aside, limits, run.troubles))
    _write(run, known, apart, before.all)


def _of_part(
    name: str, read: list[Fact], before: "_Earlier", at: Moment, snapshot: Snapshot, troubles: Troubles
) -> tuple[list[Fact], list[Fact]]:
    """(facts present and gone, facts set aside) of a generator's part, of which `read` are the
    facts now.
    """
    repository = snapshot.repository_name
    left: list[Fact] = []
    if name == CODE:
        found = code_facts(read, snapshot, troubles) if snapshot.repository else []
    else:
        was, commit = before.of(repository)
        found, left = _compared(name, read, was, _when(name, at, snapshot, commit), snapshot)
    if repository is None:
        return found, left
    return [named(fact, repository) for fact in found], [named(fact, repository) for fact in left]


def _add_not_read(
    cycle: "Cycle", store: Store, now: Collection[str], before: Before, facts: FactLines, aside: FactLines
) -> None:
    """Adds the facts of the cycle before that nothing was read of now. What a generator without a source
    knew has no answer now, and what was known of a repository that is not read any more; of a generator that
    failed it stays as it was.
    """
    done = {name for name in cycle.generators() if cycle.manifest(store, f"generate.{name}")}
    failed = {*cycle.generators()} - done
    for fact in before.facts.values():
        repository = repository_of(fact.source)
        if fact.generator not in now or (repository and not cycle.repository(repository)):
            stays = fact.generator in failed and fact.id not in before.aside
            (facts if stays else aside).add([fact])


def _asked(cycle: "Cycle", runtime: Runtime, facts: Iterable[Fact]) -> dict[str, int]:
    """How many requests name the subject of each fact; empty where no conversations are read."""
    if TALKS not in cycle.generators():
        return {}
    snapshot = snapshot_of(cycle, runtime, TALKS)
    if snapshot.repository:
        snapshot.repository.close()
    return count_requests_about_facts.counts(facts, snapshot.settings.sources.sessions, snapshot.until)


KNOWLEDGE = Stage("knowledge", VERSION, _inputs, _work, _sealed)


def cycle_before(store: Store, cycle: "Cycle") -> str | None:
    """The folder of the newest earlier cycle that wrote its facts down; None without one."""
    names = [name for name in store.folders(f"{cycle.system}/cycles") if name < cycle.cycle_id]
    folders = (f"{cycle.system}/cycles/{name}" for name in reversed(names))
    return next((one for one in folders if store.exists(f"{one}/{manifest_key('knowledge')}")), None)


def code_facts(facts: Iterable[Fact], snapshot: Snapshot, troubles: Troubles) -> list[Fact]:
    """The facts of code at the snapshot's commit with their times, and what is gone from the code."""
    assert snapshot.repository is not None
    read = load(CODE).read(snapshot)
    try:
        history = name_history(snapshot.repository, snapshot.cache, snapshot.system)
    except AutodidactError as error:
        troubles.add(NO_HISTORY, error.message)
        return list(facts)
    present = list(code_over_time.dated(facts, read.code, history))
    return [*present, *code_over_time.gone_facts(read, history, snapshot.until)]


def _files_now(cycle: "Cycle", store: Store) -> Iterator[tuple[str, str]]:
    """(generator, key of the file with all that it could ask about in this cycle)."""
    for name in cycle.generators():
        manifest, file = cycle.manifest(store, f"generate.{name}"), f"{name}.facts_now.jsonl"
        if manifest and file in manifest.outputs:
            yield name, verified(store, f"{cycle.folder}/generated", manifest, file)


class _Earlier:
    """What the cycle before wrote down, and the commits that it read; `folder`: where it lies."""

    def __init__(self, store: Store, folder: str | None):
        manifest = load_manifest(store, f"{folder}/{manifest_key('knowledge')}") if folder else None
        known = [name.removeprefix("facts.") for name in (manifest.inputs if manifest else ())]
        self.all = read_before(store, folder, known)
        rows = store.read_json(f"{folder}/cycle.json")["repositories"] if folder else []
        self._commits = {row.get("name"): row["commit"] for row in rows}
        self._by_repository: dict[str | None, list[str]] = defaultdict(list)
        for fact in self.all.facts.values():
            self._by_repository[repository_of(fact.source)].append(fact.id)

    def of(self, repository: str | None) -> tuple[Before, str | None]:
        """(what it wrote down of a repository, as its generators know it; the commit that it read)."""
        facts, aside = {}, set()
        for id in self._by_repository.get(repository, ()):
            one = plain(self.all.facts[id])
            facts[one.id] = one
            if id in self.all.aside:
                aside.add(one.id)
        # Of a repository that was not read then, everything is read for the first time.
        known = self.all.known if repository is None or repository in self._commits else frozenset()
        return Before(facts, known, frozenset(aside)), self._commits.get(repository)


def _before(cycle: "Cycle", store: Store) -> _Earlier:
    return _Earlier(store, cycle_before(store, cycle))


def _compared(
    name: str, read: list[Fact], before: Before, when: When, snapshot: Snapshot
) -> tuple[list[Fact], list[Fact]]:
    """(facts present and gone, facts set aside) of a generator whose sources have no history."""
    present = list(carried(read, before, when))
    met = {fact.id for fact in present}
    old = [fact for fact in before.facts.values() if fact.generator == name]
    if met.issuperset(fact.id for fact in old):
        return present, []
    gone, aside = missing(met, old, _gone(name, snapshot), when)
    return [*present, *gone], aside


def _gone(name: str, snapshot: Snapshot) -> Callable[[Fact], bool]:
    """What tells whether a fact of a generator is gone; none is where its sources cannot be read again."""
    module = load(name)
    try:
        if hasattr(module, "gone"):
            found: Callable[[Fact], bool] = module.gone(module.read(snapshot), snapshot)
            return found
    except (Skipped, AutodidactError):
        # The sources went away since the generator has read them: the next cycle sees what is gone.
        pass
    return lambda fact: False


def _when(name: str, at: Moment, snapshot: Snapshot, commit: str | None) -> When:
    """Tells when a fact changed that the cycle before had otherwise: by its commit, where one commit since
    `commit` alone can have done it; else by the cycle that found it so.
    """
    repository = snapshot.repository
    if repository is None or not commit or not repository.has(commit):
        return lambda fact, ended: at
    line = steps(repository.folder, repository.commit, commit, lambda path: not repository.left(path))
    try:
        since = list(islice(line, MOST_COMMITS + 1))
    except AutodidactError:
        # An object that is missing: by the cycle, then.
        return lambda fact, ended: at
    finally:
        line.close()
    if len(since) > MOST_COMMITS or any(step.truncated for step in since):
        return lambda fact, ended: at

    touching: dict[str, list[tuple[Step, Change]]] = defaultdict(list)
    for step in since:
        for change in step.changes:
            touching[change.path].append((step, change))

    @lru_cache(MOST_VERSIONS)
    def text_of(blob: str) -> str | None:
        data = next((data for _, data in repository.read_many([blob])), None)
        return None if data is None else data.decode("utf-8", "replace")

    def able(fact: Fact, ended: bool) -> list[Step]:
        path = (fact.source.model_extra or {}).get("path")
        if path is None or name != DOCUMENTS:
            return since if path else []
        text = fact.subject if fact.kind == "section" else fact.value or ""
        changes = touching.get(path, [])
        if len(changes) > MOST_VERSIONS:
            return []
        return [step for step, change in changes if _brings(change, text, ended, text_of)]

    def when(fact: Fact, ended: bool) -> Moment:
        found = able(fact, ended)
        if len(found) != 1:
            return at
        time = datetime.fromtimestamp(found[0].time, timezone.utc)
        return at.model_copy(update={"time": instant(time), "commit": found[0].sha})

    return when


def _brings(change: Change, text: str, away: bool, text_of: Callable[[str], str | None]) -> bool:
    """Whether a change brings a text into a file; or takes it `away`."""
    blobs = (change.after, change.before) if away else (change.before, change.after)
    without, with_it = (text_of(blob) if blob else "" for blob in blobs)
    return without is not None and with_it is not None and text not in without and text in with_it


def _without_secrets(facts: Iterable[Fact], settings: Any, troubles: Troubles) -> Iterator[Fact]:
    """The facts without those that hold what looks like a secret, or what `gate.deny` (`settings`) names:
    nothing that a cycle leaves behind may. Other answers that do are left out of `confuse`.
    """

    @lru_cache(None)
    def clean(name: str) -> bool:
        return not list(scan([name], settings))

    for fact in facts:
        fact = fact.model_copy(update={"confuse": [name for name in fact.confuse if clean(name)]})
        if list(scan([fact.model_dump_json()], settings)):
            troubles.add(
                "a fact that holds what looks like a secret, or what gate.deny names", fact.source.ref
            )
        else:
            yield fact


def _write(run: Work, facts: FactLines, aside: FactLines, before: Before) -> None:
    """Both files, and the counts: `new` is what the cycle before did not have, or had otherwise."""
    for name, rows in ((FILE, facts), (SET_ASIDE, aside)):
        with run.lines(name) as line:
            for fact in rows.sorted():
                line(fact)
    present, dated = Counter[str](), 0
    for fact in facts:
        if fact.value is not None:
            present[fact.generator] += 1
            dated += fact.since is not None
    run.counts |= {
        "facts": present.total(),
        "gone": len(facts) - present.total(),
        "set_aside": len(aside),
        "new": sum(1 for _ in news(facts, before)),
        "dated": dated,
        "by_generator": dict(sorted(present.items())),
    }
