"""How every stage runs: nothing to do when its inputs and its code are unchanged; else work, outputs, and the
manifest last.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact import sealed_cycle
from autodidact.digests import LineSink, file_sha256, folder_digest
from autodidact.errors import AutodidactError, NoSource, Skipped
from autodidact.records import Manifest, Output, Trouble, instant
from autodidact.store import Store
from autodidact.telemetry_spans import span

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle
    from autodidact.runtime import Runtime

# Where each stage's results lie in a cycle's folder.
FOLDERS = {
    "generate": "generated",
    "knowledge": "knowledge",
    "gate": "gate",
    "train": "training",
    "measure_champion": "champion",
    "benchmark": "benchmark",
    "ask_ledger": "ledger",
}


def manifest_key(stage: str) -> str:
    """The key of a stage's manifest, below the cycle's folder: of `gate`, or of one generator's
    `generate.tool_spec`.
    """
    group, _, generator = stage.partition(".")
    return f"{FOLDERS[group]}/{generator}{'.' if generator else ''}manifest.json"


class Troubles:
    """Bad input, counted by reason with the first place where; it never stops the work."""

    def __init__(self) -> None:
        self._by_reason: dict[str, Trouble] = {}

    def add(self, reason: str, ref: str | None = None, count: int = 1) -> None:
        if reason in self._by_reason:
            self._by_reason[reason].count += count
        else:
            self._by_reason[reason] = Trouble(reason=reason, count=count, ref=ref)

    def list(self) -> list[Trouble]:
        return [self._by_reason[reason] for reason in sorted(self._by_reason)]


class Work:
    """What a stage's function fills in while it runs. `folder` is the stage's key, empty where the store is
    the folder itself; outputs are named relative to it.
    """

    def __init__(self, store: Store, folder: str = ""):
        self.store, self.folder = store, folder
        self.outputs: dict[str, Output] = {}
        self.counts: dict[str, Any] = {}
        self.troubles = Troubles()
        self.extra: dict[str, Any] = {}

    def key(self, name: str) -> str:
        return f"{self.folder}/{name}" if self.folder else name

    def write_text(self, name: str, text: str) -> None:
        self.outputs[name] = self.store.write_text(self.key(name), text)

    def write_json(self, name: str, value: Any) -> None:
        self.outputs[name] = self.store.write_json(self.key(name), value)

    @contextlib.contextmanager
    def lines(self, name: str) -> Iterator[LineSink]:
        """A function that takes one row a call; the output is there after the block."""
        with self.store.lines(self.key(name)) as sink:
            yield sink
        self.outputs[name] = sink.output


@dataclass
class Stage:
    """A stage of a cycle. `inputs` are the digests that it depends on, `work` makes its outputs.

    Both may raise Skipped or AutodidactError. Raise `version` when the results change: what earlier versions
    made is then made again. `sealed` tells why what is there must stay (sealed_cycle.py).
    """

    name: str
    version: str
    inputs: Callable[["Cycle", "Runtime"], dict[str, str]]
    work: Callable[["Cycle", "Runtime", Work], None]
    sealed: Callable[[Store, str], str | None] = sealed_cycle.sealed

    def run(self, cycle: "Cycle", runtime: "Runtime", *, force: bool = False) -> Manifest:
        """The manifest of what is done. Raises Skipped when there was nothing to do."""
        folder, _, manifest_name = f"{cycle.folder}/{manifest_key(self.name)}".rpartition("/")
        manifest = run_stage(
            runtime.store,
            cycle.cycle_id,
            self.name,
            folder,
            code=self.version,
            inputs=self.inputs(cycle, runtime),
            work=lambda run: self.work(cycle, runtime, run),
            force=force,
            manifest_name=manifest_name,
            sealed=self.sealed(runtime.store, cycle.folder),
        )
        if manifest.status == "skipped":
            raise Skipped(manifest.reason or "nothing to do")
        return manifest


def load_manifest(store: Store, key: str) -> Manifest | None:
    """The manifest at `key`; None when the stage has not finished."""
    return Manifest.model_validate(store.read_json(key)) if store.exists(key) else None


def verified(store: Store, folder: str, manifest: Manifest, name: str) -> str:
    """The key of an output, a file or a folder, once its content is seen to be what the manifest says. Raises
    AutodidactError otherwise.
    """
    key, expected = f"{folder}/{name}", manifest.outputs[name]
    remedy = f"Run the cycle again, or `{_command(manifest)}`: it is made again."
    if not store.exists(key):
        raise AutodidactError(f"{key} is gone", remedy)
    path = Path(store.local(key))
    if (file_sha256(path) if path.is_file() else folder_digest(path)) != expected.sha256:
        raise AutodidactError(f"{key} is not what the stage {manifest.stage} wrote (wrong sha256)", remedy)
    return key


def _command(manifest: Manifest) -> str:
    """What makes a stage's outputs again."""
    stage, _, generator = manifest.stage.partition(".")
    return f"autodidact {stage.replace('_', '-')} --cycle {manifest.cycle_id} --force" + (
        f" --only {generator}" if generator else ""
    )


def _require_intact(store: Store, folder: str, manifest: Manifest, why: str) -> None:
    try:
        for name in manifest.outputs:
            verified(store, folder, manifest, name)
    except AutodidactError as error:
        raise AutodidactError(
            f"{error.message}, and {why}", f"Put it back from a backup. {sealed_cycle.AGAIN}."
        ) from None


def run_stage(
    store: Store,
    cycle_id: str,
    stage: str,
    folder: str,
    *,
    code: str,
    inputs: dict[str, str],
    work: Callable[[Work], None],
    force: bool = False,
    manifest_name: str = "manifest.json",
    sealed: str | None = None,
) -> Manifest:
    """Runs `work` unless the manifest says it is done for these inputs and this code. Returns the manifest.

    `code` is the stage's version, raised when its results change. A run that is replaced keeps its manifest,
    under the time when it started. `Skipped` makes a manifest too, so that the rest of the cycle knows that
    nothing is missing. `sealed`: why what is there must stay (sealed_cycle.py); then the manifest is
    returned, whatever the inputs are now. Raises UsageError where there is none, or with `force`.
    """
    key = f"{folder}/{manifest_name}"
    old = load_manifest(store, key)
    if sealed and old and not force:
        _require_intact(store, folder, old, sealed)
        return old
    sealed_cycle.require_unsealed(sealed)
    if old and not force and old.inputs == inputs and old.code == code and _intact(store, folder, old):
        return old
    if old:
        _set_aside(store, key, old)
    started, clock, run = datetime.now(timezone.utc), time.monotonic(), Work(store, folder)
    with span(stage, {"cycle_id": cycle_id, "folder": folder}) as attributes:
        reason = _do(work, run)
        counts = {f"counts.{name}": count for name, count in run.counts.items() if isinstance(count, int)}
        attributes.update(counts, status="done" if reason is None else "skipped")
    manifest = Manifest(
        stage=stage,
        cycle_id=cycle_id,
        inputs=inputs,
        code=code,
        outputs=run.outputs,
        status="done" if reason is None else "skipped",
        reason=reason,
        counts=run.counts,
        errors=run.troubles.list(),
        started=instant(started),
        seconds=round(time.monotonic() - clock, 3),
        **run.extra,
    )
    store.write_json(key, manifest)
    return manifest


def _set_aside(store: Store, key: str, old: Manifest) -> None:
    """Keeps the manifest of a run that is replaced, under the time when that run started."""
    store.write_json(f"{key.removesuffix('.json')}-{old.started.replace(':', '')}.json", old)
    store.delete(key)


def _intact(store: Store, folder: str, manifest: Manifest) -> bool:
    """Whether all that a stage made is there as it made it."""
    try:
        for name in manifest.outputs:
            verified(store, folder, manifest, name)
    except AutodidactError:
        return False
    return True


def _do(work: Callable[[Work], None], run: Work) -> str | None:
    """Does the work. Returns why it was skipped; None when it was done."""
    try:
        work(run)
    except Skipped as skip:
        if isinstance(skip, NoSource):
            run.extra["setting"] = skip.setting
        return str(skip)
    return None
