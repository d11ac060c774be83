"""Use, not only recall: of the facts that a model was asked about, some are asked about a second time, by a
question that cannot be answered without the fact.

`<cycle>/ledger/use.json`: {"asked", "recalled", "known", "stale", "wrong", "unknown", "by": the same by
kind, "rows", "says"}. `recalled` is how many of the same facts the model stated when it was asked for them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autodidact.benchmark.engines import Prompt
from autodidact.benchmark.knowledge_probe import MAX_TOKENS
from autodidact.knowledge.fact import Fact
from autodidact.ledger import entries
from autodidact.ledger.answer_outcome import OUTCOMES, Outcome, outcome, values_by_kind
from autodidact.ledger.ask_versions import Asker
from autodidact.records import Champion, sha256
from autodidact.runtime import Runtime

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

# Of the questions of a cycle.
PART = 4


def chosen(asked: Sequence[Fact], cycle_id: str) -> list[Fact]:
    """The facts of those asked whose use is asked about, by a hash: as many as a PART of all, the kinds in
    turn.
    """
    kinds: dict[str, list[Fact]] = {}
    for fact in sorted(asked, key=lambda fact: sha256(f"use/{cycle_id}/{fact.id}")):
        if fact.use is not None and fact.value is not None:
            kinds.setdefault(f"{fact.generator}/{fact.kind}", []).append(fact)
    rounds = max(map(len, kinds.values()), default=0)
    turns = [kinds[name][k] for k in range(rounds) for name in sorted(kinds) if k < len(kinds[name])]
    return turns[: len(asked) // PART]


def of_cycle(
    cycle: "Cycle",
    runtime: Runtime,
    version: Champion,
    facts: Sequence[Fact],
    asked: Collection[str],
    asker: Asker,
) -> dict[str, Any]:
    """What use.json holds. `facts`: all of the cycle; `asked`: the ids of those that the version was asked
    about. Raises what `Asker.ask` raises.
    """
    used = chosen([fact for fact in facts if fact.id in asked], cycle.cycle_id)
    given = asker.ask(version, prompts(used))
    others = values_by_kind(facts)
    texts = {fact.id: given[fact.use.id] for fact in used if fact.use is not None}
    answered = [fact for fact in used if texts[fact.id] is not None]
    outcomes = {
        fact.id: judged(fact, texts[fact.id] or "", others[fact.generator, fact.kind]) for fact in answered
    }
    rows = entries.read(runtime.store, cycle.system, version.version, cycle.cycle_id)
    return summary(answered, outcomes, {row.fact: row.outcome for row in rows})


def prompts(facts: Iterable[Fact]) -> list[Prompt]:
    """What is asked about the use of the facts."""
    return [
        Prompt(fact.use.id, [{"role": "user", "content": fact.use.reserved}], [], MAX_TOKENS)
        for fact in facts
        if fact.use is not None
    ]


def judged(fact: Fact, text: str, others: Iterable[str] = ()) -> Outcome:
    """What an answer about the use of a fact shows, by the ledger's rule. `others`: as there."""
    use = fact.use
    assert use is not None
    own = use.accept == fact.accept
    question = fact.model_copy(
        update={
            # Of what is to be chosen from, the question names both: then it excuses neither.
            "reserved": "" if use.confuse and not own else use.reserved,
            "value": use.accept[0],
            "accept": use.accept,
            "confuse": use.confuse,
            "earlier": fact.earlier if own else [],
        }
    )
    return outcome(question, text, others if own else ())


def summary(
    facts: Sequence[Fact], outcomes: Mapping[str, Outcome], recalled: Mapping[str, Outcome]
) -> dict[str, Any]:
    """What use.json holds. `outcomes`: of the questions about uses, `recalled`: of those about the same
    facts; both by the fact's id.
    """
    kinds: dict[str, list[Fact]] = {}
    for fact in facts:
        kinds.setdefault(f"{fact.generator}/{fact.kind}", []).append(fact)
    found = _counts(facts, outcomes, recalled)
    return {
        "format": 1,
        **found,
        "by": {name: _counts(kinds[name], outcomes, recalled) for name in sorted(kinds)},
        "rows": [{"fact": f.id, "use": outcomes[f.id], "recall": recalled.get(f.id)} for f in facts],
        "says": f"of {found['asked']} facts of the sample it states {found['recalled']} when asked directly,"
        f" and uses {found['known']} correctly in a task that needs the fact",
    }


def _counts(
    facts: Sequence[Fact], outcomes: Mapping[str, Outcome], recalled: Mapping[str, Outcome]
) -> dict[str, int]:
    counts = Counter(outcomes[fact.id] for fact in facts)
    return {
        "asked": len(facts),
        "recalled": sum(recalled.get(fact.id) == "known" for fact in facts),
        **{name: counts[name] for name in OUTCOMES},
    }
