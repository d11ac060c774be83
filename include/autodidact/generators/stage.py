"""The stage of one generator: its examples, its questions for the knowledge probe, and what it read. On a
cycle, or of a repository into a folder.
"""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact import sealed_cycle
from autodidact.errors import NoSource, Skipped, UsageError
from autodidact.generators import PROBE_FILES, select
from autodidact.generators.parts_by_repository import folder_of, parts_of, remove_parts, together
from autodidact.generators.run_generator import run_generator
from autodidact.generators.snapshots import System, snapshot_of
from autodidact.records import Manifest, cycle_id, sha256
from autodidact.runtime import Runtime, say_on_stderr
from autodidact.settings import Settings
from autodidact.sources.forgotten_sources import load as load_forgotten
from autodidact.sources.forgotten_sources import readable
from autodidact.sources.snapshot import Snapshot, require_window
from autodidact.stage import Stage, Work, manifest_key, run_stage
from autodidact.store import Cache, Store

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

VERSION = "54"


def stage(name: str) -> Stage:
    """The stage of this generator. It raises Skipped when its source is absent."""
    return Stage(f"generate.{name}", VERSION, _inputs, partial(_of_cycle, name), partial(_sealed, name))


def make(name: str, cycle: "Cycle", runtime: Runtime, *, force: bool = False) -> Manifest:
    """The manifest of a generator on a cycle. Raises Skipped when its source is absent."""
    try:
        manifest = stage(name).run(cycle, runtime, force=force)
    except Skipped:
        remove_parts(name, cycle, runtime.store)
        raise
    remove_parts(name, cycle, runtime.store)
    return manifest


def make_part(name: str, part: str, cycle: "Cycle", runtime: Runtime) -> Manifest:
    """The manifest of one part, made by a task of its own; `make` then only puts them together.
    Nothing is to do where that is done. Raises Skipped where the part has nothing to read.
    """
    whole = cycle.manifest(runtime.store, f"generate.{name}")
    if whole and whole.code == VERSION and whole.inputs == _inputs(cycle, runtime):
        return whole
    sealed_cycle.require_unsealed(_sealed(name, runtime.store, cycle.folder))
    manifest = _make_part(name, part, cycle, runtime, System(cycle, runtime, name))
    if manifest.status == "skipped":
        raise Skipped(manifest.reason or "there is nothing to read")
    return manifest


def _inputs(cycle: "Cycle", runtime: Runtime) -> dict[str, str]:
    return {"cycle": cycle.digest}


def _sealed(name: str, store: Store, folder: str) -> str | None:
    done = store.exists(f"{folder}/{manifest_key(f'generate.{name}')}")
    return sealed_cycle.sealed(store, folder) if done else sealed_cycle.closed(store, folder)


def _of_cycle(name: str, cycle: "Cycle", runtime: Runtime, run: Work) -> None:
    if names := parts_of(cycle, name):
        system = System(cycle, runtime, name)
        together(name, run, [(part, _make_part(name, part, cycle, runtime, system)) for part in names])
    else:
        _of_snapshot(name, snapshot_of(cycle, runtime, name), run)


def _make_part(name: str, part: str, cycle: "Cycle", runtime: Runtime, system: System) -> Manifest:
    """The manifest of a generator's part, which is made unless it is there; `status` says whether
    it had anything to read.
    """
    return run_stage(
        runtime.store,
        cycle.cycle_id,
        f"generate.{name}",
        f"{cycle.folder}/generated/{folder_of(name, part)}",
        code=VERSION,
        inputs=_inputs(cycle, runtime),
        work=lambda run: _of_snapshot(name, system.part(part), run),
    )


def _of_snapshot(name: str, snapshot: Snapshot, run: Work) -> None:
    work(name, snapshot, run)
    run.write_json(f"{name}.facts.json", {"format": 1, "read": snapshot.read})


def work(name: str, snapshot: Snapshot, run: Work) -> None:
    """Writes what one generator makes (run_generator.py). Closes the snapshot's repository."""
    try:
        run_generator(name, snapshot, run)
    finally:
        if snapshot.repository:
            snapshot.repository.close()


def snapshot_at(settings: Settings, *, since: datetime | None, until: datetime) -> Snapshot:
    """The living system that the settings name, outside any cycle; of several repositories
    `sources.repository` alone. The caller closes its repository.
    """
    from autodidact.sources.git.repository import Repository
    from autodidact.sources.git.revisions import commit_at, resolve
    from autodidact.sources.name_of_system import system_of
    from autodidact.sources.samples import with_samples

    require_window(since, until)
    path, branch = settings.sources.repository, settings.sources.branch
    system, settings = system_of(settings), with_samples(settings)
    forgotten = load_forgotten(Store(settings.store), system)
    return Snapshot(
        system=system,
        cycle_id=cycle_id(until),
        seed=int(sha256(f"{system}/{until.isoformat()}")[:8], 16),
        since=since,
        until=until,
        settings=readable(settings, forgotten),
        cache=Cache(Store(settings.store)),
        repository=Repository(path, commit_at(path, branch, until), forgotten=forgotten) if path else None,
        previous_commit=resolve(path, branch, since) if path and since else None,
        forgotten=forgotten,
    )


def into_folder(
    settings: Settings, out: Path, *, since: datetime | None, until: datetime
) -> dict[str, dict[str, Any]]:
    """Writes `out/<generator>.jsonl` (and questions). Returns {generator: {"status", "examples", "reason",
    "errors"}}; a failure costs itself.

    What an earlier run left of these generators is removed first, so that a generator that is skipped, fails
    or is never reached leaves nothing that could be taken for new. Other files stay.
    """
    names = select(settings.generators.only)
    # Raises before anything is removed.
    if repository := snapshot_at(settings, since=since, until=until).repository:
        repository.close()
    _remove_earlier(out, names)
    if settings.sources.repositories:
        say_on_stderr("generate: sources.repositories are read in cycles alone, and not here")
    rows = {}
    for number, name in enumerate(names, 1):
        say_on_stderr(f"generate: generator {number} of {len(names)}: {name}")
        rows[name] = _row(name, snapshot_at(settings, since=since, until=until), Store(out))
    return rows


def _row(name: str, snapshot: Snapshot, store: Store) -> dict[str, Any]:
    """What one generator made in a folder: {"status", "examples", "reason", "errors"}."""
    run, row = Work(store), {"status": "done", "examples": 0}
    try:
        work(name, snapshot, run)
        row["examples"] = run.counts.get("examples", 0)
    except Skipped as skip:
        row |= {"status": "skipped", "reason": str(skip)}
        if isinstance(skip, NoSource):
            row["setting"] = skip.setting
    except Exception as error:
        # The examples are written already where the questions failed.
        store.delete(f"{name}.jsonl")
        if isinstance(error, UsageError):
            raise
        row |= {"status": "failed", "reason": f"{type(error).__name__}: {error}"}
    return row | {"errors": [error.model_dump() for error in run.troubles.list()]}


def _remove_earlier(out: Path, names: list[str]) -> None:
    """Removes what an earlier run left of the generators, and says so; says as well what else the gate would
    read there.
    """
    own = {f"{name}{ending}" for name in names for ending in (".jsonl", *PROBE_FILES)}
    there = sorted(path for path in out.glob("*.jsonl") if path.is_file() or path.is_symlink())
    if earlier := [path for path in there if path.name in own]:
        for path in earlier:
            path.unlink()
        names_of_files = ", ".join(path.name for path in earlier)
        say_on_stderr(f"generate: removed from {out} what an earlier run left: {names_of_files}")
    others = [path.name for path in there if path not in earlier and not path.name.endswith(PROBE_FILES)]
    if others:
        say_on_stderr(
            f"generate: {out} has files of other runs, which the gate would read too: {', '.join(others)}"
        )
