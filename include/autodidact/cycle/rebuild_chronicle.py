"""The Chronicle made again from the store, and every disagreement of the two by name.

Cycles, stages, reports, items and verdicts lie in the store as files; what happened in the database alone
lies there as its journal (chronicle/journal_in_store.py). A store written before there was a journal tells
less:
closings and states are then worked out from the files, and say so. Every step adds only what is missing, so
a rebuild that is killed is finished by the next.
"""

from typing import Any

from autodidact.chronicle import Chronicle, journal_in_store, matches_store
from autodidact.chronicle.chronicle import UnderWay
from autodidact.chronicle.matches_store import Disagreement, pointer_of
from autodidact.chronicle.tables import clean
from autodidact.chronicle.version_states import now
from autodidact.cycle.import_manifests import import_manifests
from autodidact.cycle.record import Cycle, load_cycle
from autodidact.cycle.version_states_from_files import closing, states
from autodidact.errors import AutodidactError, UsageError
from autodidact.promotion.champion_file import publish
from autodidact.promotion.deploy import check_adapter, require_not_withdrawn
from autodidact.records import Verdict, instant
from autodidact.runtime import Runtime
from autodidact.sources.forgotten_sources import withdrawn
from autodidact.store import Store

# What verdict.json has besides the verdict.
ALSO = ("candidate", "week", "promotes", "ended")


def agree(runtime: Runtime, chronicle: Chronicle, system: str) -> list[str]:
    """Sees that Chronicle and store belong together, and makes what is missing in the Chronicle from the
    store. A line for each thing done.

    Raises Disagreement where only a person can tell which of the two is right. A promotion that is under way
    elsewhere is left to itself.
    """
    try:
        with chronicle.promotion_lock(system):
            lines = []
            try:
                matches_store.require(chronicle, runtime.store, system)
            except Disagreement as found:
                if not found.mendable:
                    raise
                lines = [found.message, *rebuild(runtime, chronicle, system)]
                matches_store.require(chronicle, runtime.store, system)
            journal_in_store.write(chronicle, runtime.store, system)
            return lines
    except UnderWay:
        return []


def rebuild(runtime: Runtime, chronicle: Chronicle, system: str) -> list[str]:
    """Adds to the Chronicle what the store has and it has not, the champion last. A line for each kind of
    thing, and for what cannot be mended.

    For a holder of the promotion lock.
    """
    store, lines = runtime.store, []
    matches_store.require_whole(store, system)
    rows, damaged = journal_in_store.read(store, system)
    lines += damaged
    cycles = _cycles(runtime, system, lines)
    opened = {row["cycle_id"]: row["at"] for row in rows if row["table"] == "cycles"}
    new = 0
    for cycle in cycles:
        try:
            frozen = store.read_json(f"{cycle.folder}/cycle.json")
            new += chronicle.record_cycle(frozen, opened.get(cycle.cycle_id, cycle.until))
        except AutodidactError as error:
            lines.append(error.message)
    lines += [f"{new} cycles"] if new else []
    restored = chronicle.restore(system, rows)
    lines += [f"{restored} rows of the journal"] if restored else []
    imported = 0
    for cycle in cycles:
        try:
            imported += import_cycle(cycle, runtime, chronicle)
        except AutodidactError as error:
            lines.append(f"{cycle.cycle_id}: {error.message}")
    lines += [f"reports and verdicts of {imported} cycles"] if imported else []
    serving = _serving(chronicle, store, system)
    lines += _work_out(
        chronicle, store, system, [cycle for cycle in cycles if cycle.cycle_id not in opened], serving
    )
    lines += _withdraw(chronicle, store, system)
    lines += _point(chronicle, system, serving)
    journal_in_store.write(chronicle, store, system, whole=True)
    chronicle.event(system, "rebuilt", "from the store: " + ("; ".join(lines) or "nothing was missing"))
    return lines


def _cycles(runtime: Runtime, system: str, lines: list[str]) -> list[Cycle]:
    """The store's cycles, oldest first; one that cannot be read is named in `lines`."""
    found = []
    for name in matches_store.cycles_in(runtime.store, system):
        try:
            found.append(load_cycle(runtime, system, name))
        except (AutodidactError, ValueError) as error:
            lines.append(f"{name}: cycle.json cannot be read ({type(error).__name__})")
    return sorted(found, key=lambda cycle: (cycle.until, cycle.cycle_id))


def import_cycle(cycle: Cycle, runtime: Runtime, chronicle: Chronicle) -> bool:
    """What the cycle's stages and its verdict left in the store; whether any verdict was new."""
    import_manifests(cycle, runtime.store, chronicle)
    key = f"{cycle.folder}/verdict.json"
    if not runtime.store.exists(key):
        return False
    written = runtime.store.read_json(key)
    plain = Verdict.model_validate({name: value for name, value in written.items() if name not in ALSO})
    candidate = written.get("candidate")
    # A verdict.json of before the week was written in it: a live cycle's verdict counted as a look.
    week = (
        written["week"]
        if "week" in written
        else cycle.benchmark["week"]
        if candidate and cycle.kind == "live"
        else None
    )
    champion = cycle.champion.version if cycle.champion else None
    return chronicle.record_verdict(
        cycle.system, cycle.cycle_id, plain, candidate=candidate, champion=champion, week=week
    )


def _serving(chronicle: Chronicle, store: Store, system: str) -> dict[str, Any] | None:
    """champion.json, unless the Chronicle's champion came later, or nobody can tell which did: then it is
    not for a rebuild to change.
    """
    champion, pointer = chronicle.champion(system), pointer_of(store, system)
    return (
        pointer
        if matches_store.authority(champion, pointer, chronicle.reigns(system)) in ("store", "both")
        else None
    )


def _work_out(
    chronicle: Chronicle, store: Store, system: str, cycles: list[Cycle], serving: dict[str, Any] | None
) -> list[str]:
    """Closings and states that no journal has, by what the files of these `cycles` show; a line for each."""
    lines, verdicts = [], {}
    for cycle in cycles:
        if store.exists(key := f"{cycle.folder}/verdict.json"):
            verdicts[cycle.cycle_id] = store.read_json(key)
    old = {cycle.cycle_id for cycle in cycles}
    for row in chronicle.cycles(system, status="open"):
        ended = (
            closing(row, verdicts.get(row["cycle_id"]), cycles, serving) if row["cycle_id"] in old else None
        )
        if ended and chronicle.close_cycle(system, row["cycle_id"], *ended):
            lines.append(f"the closing of {row['cycle_id']} was worked out: {ended[0]}")
    known = {row["version"] for row in chronicle.versions(system)}
    served = [cycle.champion.model_dump(mode="json") for cycle in cycles if cycle.champion]
    served += [serving] if serving else []
    for each in {each["version"]: each for each in served if each["version"] not in known}.values():
        what = (each["cycle_id"], each["base"], each["adapter"], each["quantization"])
        chronicle.register_version(system, each["version"], *what, by="rebuild")
    past = {row["version"]: chronicle.states(system, row["version"]) for row in chronicle.versions(system)}
    found = states(past, cycles, verdicts, serving, now())
    if chronicle.restore(system, found):
        lines.append(f"the states of {len({row['version'] for row in found})} versions were worked out")
    return lines


def _withdraw(chronicle: Chronicle, store: Store, system: str) -> list[str]:
    """Versions that were trained on a forgotten source stay withdrawn, whatever the files show."""
    gone = withdrawn(store, system)
    rows = [row for row in chronicle.versions(system) if row["version"] in gone]
    left = [row["version"] for row in rows if row["state"] not in ("withdrawn", "champion", "promoting")]
    for version in left:
        chronicle.set_state(system, version, "withdrawn", "rebuild", "a source of it was forgotten")
    return [f"{len(left)} versions are withdrawn"] if left else []


def _point(chronicle: Chronicle, system: str, serving: dict[str, Any] | None) -> list[str]:
    """The champion of champion.json, or, where that is gone, the last one of the journal."""
    if serving:
        changed = chronicle.restore_champion(
            system, serving["version"], serving.get("generation"), serving["promoted_at"]
        )
        return [f"the champion {serving['version']}"] if changed else []
    reigns = chronicle.reigns(system)
    if reigns and chronicle.champion(system) is None:
        chronicle.restore_champion(system, reigns[-1], None, instant(now()))
        return [f"the champion {reigns[-1]}, the last of the journal: champion.json is gone or damaged"]
    return []


def name_champion(runtime: Runtime, chronicle: Chronicle, system: str, version: str, by: str) -> list[str]:
    """A person decides which version serves, where Chronicle and store contradict each other: both say so
    from now on.

    Raises UsageError for a version that is not in the Chronicle, AutodidactError for one whose adapter is
    not in the store as registered.
    """
    rows = {row["version"]: row for row in chronicle.versions(system)}
    if version not in rows:
        raise UsageError(f"{system} has no version {version}", f"It has: {', '.join(rows) or 'none'}.")
    require_not_withdrawn(runtime.store, rows[version])
    check_adapter(runtime.store, rows[version])
    champion, pointer, at = chronicle.champion(system), pointer_of(runtime.store, system), now()
    chronicle.event(
        system, matches_store.ACCEPTED, f"{by} named {version} the champion and took the store as it is"
    )
    changes = max((champion or {}).get("generation") or 0, (pointer or {}).get("generation") or 0) + 1
    past = {name: chronicle.states(system, name) for name in rows}
    chosen = rows[version] | {"promoted_at": instant(at)}
    chronicle.restore(
        system, states(past, [], {}, chosen, at, reason=f"named by {by}: Chronicle and store disagreed")
    )
    chronicle.restore_champion(system, version, changes, instant(at))
    publish(chronicle, runtime.store, chronicle.reigning(system))
    return [f"{version} is the champion in the Chronicle and in the store"]


def systems_of(runtime: Runtime, chronicle: Chronicle) -> list[str]:
    """Every system that the store or the Chronicle has a cycle of, by name."""
    stored = [name for name in runtime.store.folders() if runtime.store.exists(f"{name}/champion.json")]
    return sorted({*stored, *chronicle.systems()})


def mend(runtime: Runtime, system: str | None, *, champion: str | None, by: str) -> list[dict[str, Any]]:
    """`autodidact chronicle rebuild`, of one system or of all: {"system", "done": lines, "left":
    disagreements that it cannot mend} each. With `champion`, a person's decision on the one.
    """
    found = []
    with runtime.chronicle() as chronicle:
        for name in [system] if system else systems_of(runtime, chronicle):
            with chronicle.promotion_lock(name):
                done = rebuild(runtime, chronicle, name)
                if champion:
                    done += name_champion(runtime, chronicle, name, champion, by)
            found.append({"system": name, "done": done, "left": disagreements(runtime, chronicle, name)})
    return found


def check(runtime: Runtime, system: str | None) -> list[dict[str, Any]]:
    """`autodidact chronicle check`, of one system or of all: {"system", "left": disagreements} each."""
    with runtime.chronicle() as chronicle:
        names = [system] if system else systems_of(runtime, chronicle)
        return [{"system": name, "left": disagreements(runtime, chronicle, name)} for name in names]


def warnings(runtime: Runtime, chronicle: Chronicle) -> list[str]:
    """A line for each system of which the Chronicle does not tell all, or something else than the store."""
    lines = []
    for system in systems_of(runtime, chronicle):
        try:
            matches_store.require(chronicle, runtime.store, system)
        except Disagreement as found:
            lines.append(str(found))
    return lines


def disagreements(runtime: Runtime, chronicle: Chronicle, system: str) -> list[dict[str, Any]]:
    """All that the Chronicle and the store say differently of a system: {"what", "subject", "chronicle",
    "store"} each; empty when they agree.
    """
    store, found = runtime.store, []

    def differs(what: str, subject: str, here: str | None, there: str | None) -> None:
        found.append(
            {"what": what, "subject": subject, "chronicle": here or "nothing", "store": there or "nothing"}
        )

    lines: list[str] = []
    kept = {cycle.cycle_id: cycle for cycle in _cycles(runtime, system, lines)}
    known = {row["cycle_id"]: row for row in chronicle.cycles(system)}
    for line in lines:
        differs("file", line.partition(":")[0], "a cycle" if line.partition(":")[0] in known else None, line)
    for name in sorted(kept.keys() | known.keys()):
        if name not in kept:
            differs("cycle", name, known[name]["status"], None)
        elif name not in known:
            differs("cycle", name, None, "cycle.json")
        elif known[name]["cycle"] != clean(store.read_json(f"{kept[name].folder}/cycle.json")):
            differs("cycle", name, "another cycle.json", "cycle.json")
        elif store.exists(f"{kept[name].folder}/verdict.json") and not chronicle.verdict_of(system, name):
            differs("verdict", name, None, "verdict.json")
    champion, pointer = chronicle.champion(system), pointer_of(store, system)
    here, there = (row["version"] if row else None for row in (champion, pointer))
    if here != there:
        differs("champion", system, here, there)
    gone = {
        event["message"].partition("adapter of ")[2].partition(",")[0]
        for event in chronicle.events(system, 10_000)
        if event["kind"] == "pruned"
    }
    for row in chronicle.versions(system):
        try:
            if row["version"] not in gone and row["state"] != "withdrawn":
                check_adapter(store, row)
        except AutodidactError as error:
            differs("adapter", row["version"], row["state"], error.message)
    if lacking := matches_store.missing_here(chronicle, store, system, whole=True):
        differs("journal", system, f"{lacking} rows fewer", "a journal with them")
    return found


def as_text(found: list[dict[str, Any]]) -> str:
    """What `mend` or `check` found, a line each, system by system."""
    lines = []
    for row in found:
        lines += [f"{row['system']}: made from the store: {line}" for line in row.get("done", [])]
        lines += [
            f"{row['system']}: {left['what']} {left['subject']}: the Chronicle has {left['chronicle']}, "
            f"the store has {left['store']}"
            for left in row["left"]
        ]
        if not row["left"]:
            lines.append(f"{row['system']}: the Chronicle and the store agree")
    return "\n".join(lines) or "There is no cycle yet, neither in the Chronicle nor in the store."
