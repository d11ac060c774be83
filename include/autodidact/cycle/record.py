"""The cycle: what `open_cycle` froze, and what its stages left in the store."""

from typing import Any, NotRequired

from pydantic import ConfigDict, ValidationError, with_config
from typing_extensions import TypedDict

from autodidact.chronicle.version_states import version_name
from autodidact.errors import AutodidactError, Skipped, UsageError
from autodidact.knowledge.fact import Question
from autodidact.records import Adapter, Champion, Manifest, Record, Report, Verdict, canonical, sha256
from autodidact.runtime import Runtime
from autodidact.settings import Settings, thaw
from autodidact.sources import forgotten_sources
from autodidact.stage import load_manifest, manifest_key, verified
from autodidact.store import Store

# Where a stage puts the report of each role.
REPORTS = {
    "benchmark": {"candidate": "report.json", "champion": "champion.json", "base": "base.json"},
    "measure_champion": {"champion": "report.json"},
}


# Equal files make equal digests: a key that is not known here stays.
AS_WRITTEN = with_config(ConfigDict(extra="allow"))


@AS_WRITTEN
class Repository(TypedDict):
    """A repository at the ends of the window; `previous`: the commit at its beginning.

    One of `sources.repositories` also has a `name`, the time (`since`) at which the window begins for it
    (None: it is read from its first commit on), and the commit that the `champion` was trained at.
    """

    path: str
    branch: str | None
    commit: str
    previous: str | None
    name: NotRequired[str]
    since: NotRequired[str | None]
    champion: NotRequired[str | None]


@AS_WRITTEN
class Base(TypedDict):
    """The base model. `revision`: of a hub id."""

    id: str
    revision: str | None
    sha256: str


@AS_WRITTEN
class Replayed(TypedDict):
    """The kept.jsonl of an earlier cycle."""

    cycle_id: str
    sha256: str


@AS_WRITTEN
class Draw(TypedDict):
    """What the items of the benchmark are drawn by."""

    suite: str
    version: str
    level: int
    # The ISO week: "2026-W48"
    week: str
    salt: str
    blocks: list[int]
    # Verdicts that the week has had; cycles that are older than this count have none.
    looks: NotRequired[int]


class Cycle(Record):
    """cycle.json. Equal cycles make equal examples, byte for byte."""

    format: int = 1
    cycle_id: str
    system: str
    # "live" or "historical"
    kind: str
    since: str | None
    until: str
    seed: int
    # Without the runtime keys; `effective` gives the object.
    settings: dict[str, Any]
    settings_sha256: str
    repositories: list[Repository]
    base: Base
    # champion.json as it was
    champion: Champion | None
    champion_commit: str | None
    # {"champion", "previous"}: the cycles that sources are compared with
    # (knowledge/new_since_earlier_cycles.py: frozen)
    compared: dict[str, Any] = {}
    # What the model in service did not know after the cycle before (knowledge/teaching_priorities.py)
    ledger: dict[str, Any] = {}
    feedback: dict[str, Any]
    history: dict[str, Any]
    replay: list[Replayed]
    benchmark: Draw
    # The setting that the feedback changed, or would have: {"name", "from", "to", "why", "applied"}
    lever: dict[str, Any] | None = None

    @property
    def folder(self) -> str:
        """Where the cycle lies in the store."""
        return f"{self.system}/cycles/{self.cycle_id}"

    @property
    def digest(self) -> str:
        """The sha256 of all that was frozen."""
        return sha256(canonical(self.model_dump(mode="json")))

    def repository(self, name: str | None = None) -> Repository | None:
        """The repository of this name, without one `sources.repository`; None where it was not read."""
        return next((each for each in self.repositories if each.get("name") == name), None)

    def effective(self, now: Settings) -> Settings:
        """The frozen settings with the runtime keys of this process."""
        return thaw(self.settings, now)

    def generators(self) -> list[str]:
        """The names of this cycle's generators, in the order of the list."""
        from autodidact.generators import select

        return select(self.settings["generators"]["only"])

    def manifest(self, store: Store, stage: str) -> Manifest | None:
        """The manifest of a stage by its task name (`generate.tool_spec`, `gate`); None while it has not
        finished.
        """
        return load_manifest(store, f"{self.folder}/{manifest_key(stage)}")

    def done(self, store: Store, stage: str) -> Manifest:
        """The manifest of a stage that made something. Raises Skipped when it was skipped, AutodidactError
        when it has not run.
        """
        manifest = self.manifest(store, stage)
        if manifest is None and stage == "train":
            # Where the gate was skipped there was nothing to train on: nothing is missing.
            self.done(store, "gate")
        if manifest is None:
            raise AutodidactError(
                f"{stage} of {self.cycle_id} has not finished",
                f"Run it first: autodidact {stage.split('.')[0]} --cycle {self.cycle_id}.",
            )
        if manifest.status == "skipped":
            raise Skipped(manifest.reason or f"{stage} was skipped")
        return manifest

    def adapter(self, store: Store) -> Adapter | None:
        """The adapter that this cycle trained; None while there is none."""
        manifest = self.manifest(store, "train")
        if manifest is None or manifest.status != "done":
            return None
        return Adapter(path=f"{self.folder}/training/adapter", sha256=manifest.outputs["adapter"].sha256)

    def quantization(self, store: Store) -> str:
        """The precision that the base had while this cycle's adapter was trained."""
        training = (self.done(store, "train").model_extra or {})["training"]
        return str(training["settings"]["quantization"])

    def candidate(self, store: Store) -> str | None:
        """The version that this cycle trained; None while there is none."""
        adapter = self.adapter(store)
        return version_name(self.cycle_id, adapter.sha256) if adapter else None

    def gate_report(self, store: Store) -> dict[str, Any] | None:
        """The gate's report.json; None where it wrote none."""
        manifest = self.manifest(store, "gate")
        if manifest is None or "report.json" not in manifest.outputs:
            return None
        report: dict[str, Any] = store.read_json(f"{self.folder}/gate/report.json")
        return report

    def questions(self, store: Store) -> list[Question]:
        """The knowledge probe: what the generators ask about the system as it is at `until`."""
        found = []
        for name in self.generators():
            manifest, key = self.manifest(store, f"generate.{name}"), f"{name}.questions.jsonl"
            if manifest and key in manifest.outputs:
                lines = store.read_lines(verified(store, f"{self.folder}/generated", manifest, key))
                found += [Question.model_validate_json(line) for line in lines]
        return found

    def reports(self, store: Store) -> dict[str, Report]:
        """{"candidate", "champion", "base"} as far as they were measured."""
        for stage, names in REPORTS.items():
            manifest = self.manifest(store, stage)
            if manifest and manifest.status == "done":
                folder = f"{self.folder}/{manifest_key(stage).rpartition('/')[0]}"
                return {
                    role: Report.model_validate(store.read_json(verified(store, folder, manifest, name)))
                    for role, name in names.items()
                }
        return {}

    def verdict(self, store: Store) -> Verdict | None:
        """The verdict on this cycle's candidate; None while there is none."""
        written = self.verdict_file(store)
        return Verdict.model_validate(written) if written else None

    def verdict_file(self, store: Store) -> dict[str, Any]:
        """verdict.json: the verdict, and what became of it; empty while there is none."""
        key = f"{self.folder}/verdict.json"
        written: dict[str, Any] = store.read_json(key) if store.exists(key) else {}
        return written

    def chosen(self, store: Store) -> "Cycle":
        """The cycle whose candidate the verdict here is to promote: an earlier one, or this one."""
        name = (self.verdict_file(store).get("promotes") or {}).get("cycle_id", self.cycle_id)
        return self if name == self.cycle_id else read_cycle(store, self.system, name)

    def earlier(self, store: Store, names: set[str]) -> list["Cycle"]:
        """Those of the named cycles that are of the same kind and ended before this one, oldest first."""
        cycles = (read_cycle(store, self.system, name) for name in names - {self.cycle_id})
        found = [each for each in cycles if each.kind == self.kind and each.until < self.until]
        return sorted(found, key=lambda each: each.until)

    def files_of_all(self, store: Store, *names: str) -> list[dict[str, str]]:
        """For each of `names` {cycle: key} of the cycles of the system that have this file below their
        folder. One listing of all cycles.
        """
        found: dict[str, dict[str, str]] = {name: {} for name in names}
        start = len(f"{self.system}/cycles/")
        for key in store.list(f"{self.system}/cycles"):
            cycle, _, name = key[start:].partition("/")
            if name in found:
                found[name][cycle] = key
        return list(found.values())


def read_cycle(store: Store, system: str, name: str) -> Cycle:
    """The cycle of this name, which must be in the store. Raises AutodidactError for a damaged file."""
    key = f"{system}/cycles/{name}/cycle.json"
    try:
        return Cycle.model_validate(store.read_json(key))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise AutodidactError(
            f"{key} is no cycle: {where}: {first['msg']}",
            "It was changed from outside: put it back from a backup, or open the window again with `again`.",
        ) from None


def cycle_of_version(runtime: Runtime, system: str, version: str) -> tuple[Cycle, Adapter]:
    """The cycle that trained a version, and its adapter. Raises UsageError for a base model."""
    with runtime.chronicle() as chronicle:
        row = chronicle.version(system, version)
    if not row["adapter"]:
        raise UsageError(
            f"{version} is a base model: it was not trained here", "`autodidact history` lists the versions."
        )
    return load_cycle(runtime, system, row["cycle_id"]), Adapter.model_validate(row["adapter"])


def load_cycle(runtime: Runtime, system: str, name: str) -> Cycle:
    """The cycle of this name. Raises UsageError when the store has none."""
    if not runtime.store.exists(f"{system}/cycles/{name}/cycle.json"):
        if name in forgotten_sources.dropped(runtime.store, system):
            raise UsageError(
                f"The cycle {name} of {system} was deleted when a source was forgotten that it had read",
                "Open its window again: in Airflow, clear `open_cycle` of its run.",
            )
        raise UsageError(
            f"There is no cycle {name!r} of {system} in {runtime.store.shown}",
            "`autodidact history` lists them.",
        )
    return read_cycle(runtime.store, system, name)
