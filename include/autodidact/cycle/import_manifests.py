"""What the stages of a cycle wrote to the store, put into the Chronicle."""

from autodidact import sealed_cycle
from autodidact.chronicle import Chronicle
from autodidact.chronicle.cycle_rows import Role
from autodidact.cycle.record import Cycle
from autodidact.ledger import entries
from autodidact.store import Store

ROLES: tuple[Role, ...] = ("candidate", "champion", "base")


def import_manifests(cycle: Cycle, store: Store, chronicle: Chronicle) -> None:
    """Records generators, gate, facts, training and reports, and registers the candidate. What is there
    already stays as it is.
    """
    system, name = cycle.system, cycle.cycle_id
    for generator in cycle.generators():
        if manifest := cycle.manifest(store, f"generate.{generator}"):
            chronicle.record_generator(system, name, manifest)
    if manifest := cycle.manifest(store, "gate"):
        chronicle.record_gate(system, name, manifest, cycle.gate_report(store) or {})
    if manifest := cycle.manifest(store, "knowledge"):
        # Counts alone: a row for each of thousands of facts and each cycle would say what the store says.
        chronicle.record_knowledge(system, name, manifest)
    if manifest := cycle.manifest(store, "train"):
        chronicle.record_training(system, name, manifest)
    if (adapter := cycle.adapter(store)) and (version := cycle.candidate(store)):
        sealed_cycle.seal(store, cycle.folder, version=version)
        row = adapter.model_dump()
        chronicle.register_version(system, version, name, dict(cycle.base), row, cycle.quantization(store))
    reports = cycle.reports(store)
    for role in ROLES:
        if role in reports:
            chronicle.record_benchmark(system, name, role, reports[role])
    for cycle_id, version in entries.cycles_asked(store, system):
        if cycle_id == name:
            rows = entries.read(store, system, version, cycle_id)
            chronicle.record_ledger(system, [row.model_dump(mode="json") for row in rows])
