"""The stage that asks the model in service what it knows, after every cycle: `<cycle>/ledger/`.

    plan.json     what was chosen: {"version", "again", "asked": [{"fact", "stratum"}]}
    figures.json  what came of it (ledger_statistics.py), with the figures of the next three
    replaced.json after a promotion, what the version before it says to the same questions
    (before_and_after_promotion.py) use.json      some of the facts asked about again, by a question that
    needs them (questions_that_use_facts.py) rival.json    the same questions asked of models that look things
    up (retrieval_comparison.py)

The entries themselves lie in `<system>/ledger/<version>/<cycle>.jsonl` (entries.py). All of it is made from
the store alone; `close_cycle` puts the entries into the Chronicle.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from autodidact import sealed_cycle
from autodidact.benchmark import knowledge_probe
from autodidact.benchmark.engines import Prompt
from autodidact.benchmark.measure_cycle_models import OnTheServer
from autodidact.errors import AutodidactError, Interrupted, Skipped, Unavailable
from autodidact.knowledge.fact import Fact
from autodidact.knowledge.sample_facts_to_ask import Choice, choose
from autodidact.ledger import (
    before_and_after_promotion,
    entries,
    questions_that_use_facts,
    retrieval_comparison,
)
from autodidact.ledger.answer_outcome import outcome, values_by_kind
from autodidact.ledger.ask_versions import Asker, base_version
from autodidact.ledger.kept_answers import WORKER
from autodidact.ledger.ledger_statistics import Asking, figures, sentence
from autodidact.models.child_process import Child
from autodidact.records import Champion, canonical, instant, sha256
from autodidact.runtime import Runtime
from autodidact.scanning.scan_artifacts import scan
from autodidact.sources.forgotten_sources import withdrawn
from autodidact.stage import Stage, Work, verified
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

VERSION = "1"
# A window that ended longer ago is of the past, and its model was asked, as it were, at its end.
PAST = timedelta(days=7)
# What stands for an answer that looks like a secret.
WITHHELD = "(left out: it looks like a secret)"
COULD_NOT = {
    "rival": "the rival could not be asked",
    "replaced": "the version that served before could not be asked",
}


def _inputs(cycle: "Cycle", runtime: Runtime) -> dict[str, str]:
    """Raises Skipped where there is nothing to ask, or nobody whom it would concern."""
    settings = cycle.effective(runtime.settings)
    if settings.knowledge.questions == 0:
        raise Skipped("knowledge.questions is 0")
    champion = in_service(runtime.store, cycle.system)
    if _ahead(cycle, runtime.store, champion):
        raise Skipped(f"{champion.version} was trained on a later window: what it knows of this one is past")
    return {
        "facts": _manifest(cycle, runtime.store).outputs["facts.jsonl"].sha256,
        "champion": sha256(canonical(champion.model_dump(mode="json"))),
        "settings": sha256(canonical(settings.knowledge.model_dump(mode="json"))),
    }


def in_service(store: Store, system: str) -> Champion:
    """The version that serves. Raises Skipped before the first."""
    key = f"{system}/champion.json"
    if not store.exists(key):
        raise Skipped(f"no version of {system} is in service")
    return Champion.model_validate(store.read_json(key))


def _ahead(cycle: "Cycle", store: Store, champion: Champion) -> bool:
    """Whether the model in service was trained on a later window than this one."""
    trained = _trained_until(store, cycle.system, champion)
    return trained is not None and trained > cycle.until


def _trained_until(store: Store, system: str, champion: Champion) -> str | None:
    """The end of the window that a version was trained on; None for a base model."""
    key = f"{system}/cycles/{champion.cycle_id}/cycle.json"
    if champion.adapter is None or not store.exists(key):
        return None
    return str(store.read_json(key)["until"])


def _manifest(cycle: "Cycle", store: Store) -> Any:
    manifest = cycle.manifest(store, "knowledge")
    if manifest is None or "facts.jsonl" not in manifest.outputs:
        raise Skipped("the facts of the cycle were not collected")
    return manifest


def facts_of(cycle: "Cycle", store: Store) -> list[Fact]:
    """Every fact of a cycle, with those that are gone. Raises Skipped where they were not collected."""
    key = verified(store, f"{cycle.folder}/knowledge", _manifest(cycle, store), "facts.jsonl")
    return [Fact.model_validate_json(line) for line in store.read_lines(key)]


def ask_ledger(on_the_server: OnTheServer) -> Stage:
    """The stage; `on_the_server` as `Asker` takes it."""

    def work(cycle: "Cycle", runtime: Runtime, run: Work) -> None:
        _work(cycle, runtime, run, on_the_server)

    return Stage("ask_ledger", VERSION, _inputs, work, sealed_cycle.closed)


def _work(cycle: "Cycle", runtime: Runtime, run: Work, on_the_server: OnTheServer) -> None:
    champion, lease = in_service(runtime.store, cycle.system), run.key("lease.json")
    old = _replaced(cycle, runtime.store, champion)
    versions = [champion, *([old] if old else [])]
    if all(each.adapter for each in versions):
        versions.append(base_version(cycle.effective(runtime.settings)))
    with runtime.store.lease(lease, wait=120), Child(WORKER) as worker:
        asker = Asker(cycle, runtime, worker, lease=lease, on_the_server=on_the_server, versions=versions)
        found, plan = ask(cycle, runtime, champion, asker=asker)
        if asker.served:
            found["served"] = asker.served
        asked = {row["fact"] for row in plan["asked"]}
        found |= _more(cycle, runtime, champion, old, asked, run, asker)
    run.write_json("plan.json", plan)
    run.write_json("figures.json", found)
    run.counts = {name: found[name] for name in ("facts", "asked", "known", "unknown", "wrong", "stale")}
    if missing := len(plan["asked"]) - found["asked"]:
        run.troubles.add("a question that could not be answered", champion.version, missing)
    runtime.say(f"ask_ledger: {champion.version} {sentence(found)}")


def _replaced(cycle: "Cycle", store: Store, champion: Champion) -> Champion | None:
    """The version that the cycle's promotion replaced; None without one, or where that was a base, or is
    withdrawn.
    """
    old = cycle.champion
    if old is None or old.adapter is None or champion.cycle_id != cycle.cycle_id:
        return None
    return None if old.version in withdrawn(store, cycle.system) else old


def _more(
    cycle: "Cycle",
    runtime: Runtime,
    champion: Champion,
    old: Champion | None,
    asked: set[str],
    run: Work,
    asker: Asker,
) -> dict[str, Any]:
    """{"use", "rival", "replaced"}: what the version can do with the facts (questions_that_use_facts.py),
    what looking them up is worth (retrieval_comparison.py), and what the version before it knows; as files as
    well, fact by fact. Without what cannot be asked, which is counted.
    """
    facts, found = facts_of(cycle, runtime.store), {}
    made: dict[str, Any] = {
        "use": questions_that_use_facts.of_cycle(cycle, runtime, champion, facts, asked, asker)
    }
    more: dict[str, Callable[[], dict[str, Any]]] = {}
    if cycle.effective(runtime.settings).knowledge.rival:
        more["rival"] = lambda: retrieval_comparison.of_cycle(cycle, runtime, champion, facts, asker)
    if old:
        more["replaced"] = lambda: _before(cycle, runtime, champion, old, asker)
    for name, work in more.items():
        try:
            made[name] = work()
        except (Interrupted, Unavailable):
            raise  # tried again, with what was answered kept
        except AutodidactError as error:
            run.troubles.add(COULD_NOT[name], error.message[:200])
    for name, whole in made.items():
        if whole["rows"]:
            run.write_json(f"{name}.json", whole)
            found[name] = {key: value for key, value in whole.items() if key != "rows"}
    return found


def _before(
    cycle: "Cycle", runtime: Runtime, champion: Champion, old: Champion, asker: Asker
) -> dict[str, Any]:
    """What replaced.json holds."""
    runtime.say(f"ask_ledger: {old.version}, which served before, on the same questions")
    ask(cycle, runtime, old, served=False, asker=asker)
    then, now = (
        entries.read(runtime.store, cycle.system, each.version, cycle.cycle_id) for each in (old, champion)
    )
    return before_and_after_promotion.summary(old.version, then, now)


def ask(
    cycle: "Cycle", runtime: Runtime, version: Champion, *, served: bool = True, asker: Asker | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(figures, plan) of a version that is asked about the facts of a cycle, with its entries written.

    What the store has of its answers is not asked again. `served`: whether it is in service. `asker` None: it
    is asked in a process of this machine.
    """
    store = runtime.store
    facts, again = facts_of(cycle, store), _stale_before(store, cycle)
    choice = _choice(cycle, facts, again)
    _answer(cycle, runtime, version, facts, choice, served, asker or Asker(cycle, runtime))
    plan = {
        "format": 1,
        "version": version.version,
        "again": sorted(again),
        "asked": [{"fact": fact.id, "stratum": choice.strata[fact.id]} for fact in choice.asked],
    }
    return figures_from(cycle, store, version, asking_of(cycle, store, version.version)), plan


def _choice(cycle: "Cycle", facts: list[Fact], again: set[str]) -> Choice:
    now, questions = datetime.fromisoformat(cycle.until), cycle.settings["knowledge"]["questions"]
    return choose(facts, cycle_id=cycle.cycle_id, now=now, questions=questions, again=again)


def _stale_before(store: Store, cycle: "Cycle") -> set[str]:
    """The facts that a model in service was stale on when it was last asked, before this cycle."""
    rows = entries.history(store, cycle.system, cycle.cycle_id)
    latest = {row.fact: row.outcome for row in rows if row.cycle != cycle.cycle_id}
    return {name for name, last in latest.items() if last == "stale"}


def _answer(
    cycle: "Cycle",
    runtime: Runtime,
    version: Champion,
    facts: list[Fact],
    choice: Choice,
    served: bool,
    asker: Asker,
) -> None:
    """Writes the entries of what was chosen."""
    store, settings = runtime.store, cycle.effective(runtime.settings)
    given = asker.ask(version, [prompt_of(fact) for fact in choice.asked])
    others = values_by_kind(facts)
    at = _asked_at(cycle)
    rows = []
    for fact in choice.asked:
        text = given[fact.id]
        if text is None:
            continue
        row = entries.entry(
            fact,
            text,
            version=version.version,
            cycle=cycle.cycle_id,
            outcome=outcome(fact, text, others[fact.generator, fact.kind]),
            asked_at=at,
            stratum=choice.strata[fact.id],
            served=served,
        )
        if list(scan([row.says], settings.gate)):
            row.says = WITHHELD
        rows.append(row)
    entries.write(store, cycle.system, rows)


def prompt_of(fact: Fact) -> Prompt:
    """What is asked about a fact: as the knowledge probe asks."""
    message = {"role": "user", "content": fact.reserved}
    return Prompt(fact.id, [message], [], knowledge_probe.MAX_TOKENS)


def _asked_at(cycle: "Cycle") -> str:
    until, now = datetime.fromisoformat(cycle.until), datetime.now(timezone.utc)
    return instant(now if now - until <= PAST else until)


def asking_of(cycle: "Cycle", store: Store, version: str) -> Asking:
    """What a version was asked about the facts of a cycle. Raises Skipped where these were not collected."""
    rows = entries.read(store, cycle.system, version, cycle.cycle_id)
    facts, until = facts_of(cycle, store), datetime.fromisoformat(cycle.until)
    now = max((datetime.fromisoformat(row.asked_at) for row in rows), default=until)
    choice = _choice(cycle, facts, _stale_before(store, cycle))
    return Asking(version, cycle.cycle_id, facts, choice.strata, rows, now)


def figures_from(cycle: "Cycle", store: Store, version: Champion, asking: Asking) -> dict[str, Any]:
    """The figures of what a version was asked, or of a part of it."""
    history = entries.history(store, cycle.system, cycle.cycle_id)
    return figures(asking, history, _trained_until(store, cycle.system, version))


def figures_of(cycle: "Cycle", store: Store) -> dict[str, Any] | None:
    """The figures of a cycle; None where its model was not asked."""
    manifest = cycle.manifest(store, "ask_ledger")
    if manifest is None or manifest.status != "done":
        return None
    found: dict[str, Any] = store.read_json(f"{cycle.folder}/ledger/figures.json")
    return found


def also_asked(cycle: "Cycle", store: Store, version: str) -> dict[str, Any]:
    """{"use", "rival", "replaced", "served"} of the version that was in service after a cycle, as far as
    there is such; empty for another version.
    """
    found = figures_of(cycle, store)
    if found is None or found["version"] != version:
        return {}
    return {name: found[name] for name in ("use", "rival", "replaced", "served") if name in found}


def champion_of(row: dict[str, Any]) -> Champion:
    """A version as the Chronicle has it, as something that can be asked."""
    names = ("version", "base", "adapter", "quantization", "cycle_id")
    return Champion.model_validate({name: row[name] for name in names} | {"promoted_at": ""})
