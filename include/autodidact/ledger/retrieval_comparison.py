"""The rival of fine-tuning: the same questions, asked of a model that is shown passages of the sources.

Four arms answer some of the facts, in their reserved wordings and through the same engine: the base and the
champion, each from memory and with what a retrieval finds (retrieval.py). The rule that says whether an
answer is right is the ledger's (answer_outcome.py). The facts are a simple random sample by the hash of their
ids: the same ones from cycle to cycle while they hold, so that the base answers from memory once.

`<cycle>/ledger/rival.json`: {"cycle", "version", "questions", "passages", "found": share of the questions
whose answer stands in what was shown, "arms": {arm: {outcome: count, "known_share"}}, "worth": {difference:
{"mean", "low", "high"}}, "rows", "says"}. Intervals are 95%, of paired answers.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autodidact.benchmark.engines import Prompt
from autodidact.benchmark.knowledge_probe import MAX_TOKENS
from autodidact.benchmark.names_in_text import find
from autodidact.generators.snapshots import snapshots_of
from autodidact.knowledge.fact import Fact
from autodidact.knowledge.known_share_estimates import paired
from autodidact.ledger import retrieval
from autodidact.ledger.answer_outcome import OUTCOMES, Outcome, outcome, values_by_kind
from autodidact.ledger.ask_versions import Asker, base_version
from autodidact.ledger.cut_passages import Passage
from autodidact.ledger.passages_of_sources import MOST, passages
from autodidact.models.chat_template import count_tokens
from autodidact.models.embedding import ByteCache
from autodidact.models.find_base_model import BaseModelRef, resolve_base
from autodidact.records import Champion, sha256
from autodidact.runtime import Runtime
from autodidact.settings import Settings

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

# Tokens of all passages of a question together; a longer prompt costs time and tells no more: see
# docs/knowledge.md for how often the answer stands in it.
MOST_TOKENS = 1_000
# Tokens that a chat template may put around a prompt.
AROUND = 64

BASE, CHAMPION = "base", "champion"
SHOWN = " + retrieval"
# What is compared with what: the first less the second.
WORTH = {
    "training": (CHAMPION, BASE),
    "retrieval": (BASE + SHOWN, BASE),
    "training_over_retrieval": (CHAMPION, BASE + SHOWN),
    "both_over_retrieval": (CHAMPION + SHOWN, BASE + SHOWN),
}

FRAME = "Answer the question from these passages of our sources.\n\n{passages}\n\n{question}"


def chosen(facts: Iterable[Fact], questions: int) -> list[Fact]:
    """The facts that are asked about, of those that hold now."""
    there = {fact.id: fact for fact in facts if fact.value is not None}
    return [there[key] for key in sorted(there, key=lambda key: sha256(f"rival/{key}"))[:questions]]


def of_cycle(
    cycle: "Cycle", runtime: Runtime, champion: Champion, facts: Sequence[Fact], asker: Asker
) -> dict[str, Any]:
    """What rival.json holds. `champion`: the version in service; `facts`: all of the cycle. Raises what
    `compare` raises.
    """
    settings = cycle.effective(runtime.settings)
    asked = chosen(facts, settings.knowledge.rival)
    found = compare(cycle, runtime, champion, facts, asked, asker)
    return {"format": 1, "cycle": cycle.cycle_id, "version": champion.version, **found}


def compare(
    cycle: "Cycle",
    runtime: Runtime,
    champion: Champion,
    facts: Sequence[Fact],
    asked: Sequence[Fact],
    asker: Asker,
) -> dict[str, Any]:
    """The four arms (two, where the champion is the base) on the facts `asked`.

    Raises Interrupted when the process that answers was killed, Unavailable when a server is away,
    AutodidactError without the embedding model, or where a model cannot be had; the next call then resumes.
    """
    settings = cycle.effective(runtime.settings)
    versions = {CHAMPION: champion} if champion.adapter else {}
    versions[BASE] = base_version(settings)
    found: list[Passage] = []
    for snapshot in snapshots_of(cycle, runtime, "ast_parser"):
        try:
            found += passages(snapshot)
        finally:
            if snapshot.repository:
                snapshot.repository.close()
    found = found[:MOST]
    runtime.say(f"rival: looking for {len(asked)} answers in {len(found)} passages")
    shown = best(asked, found, resolve_base(settings), settings, runtime.cache)
    arms = _asked(versions, asked, shown, values_by_kind(facts), asker, runtime.say)
    return summary(asked, shown, arms) | {"passages": len(found)}


def _asked(
    versions: Mapping[str, Champion],
    asked: Sequence[Fact],
    shown: Mapping[str, list[str]],
    others: Mapping[tuple[str, str], list[str]],
    asker: Asker,
    say: Callable[[str], None],
) -> dict[str, dict[str, Outcome]]:
    """What the answers of each arm show, by arm and fact. The champion comes first: it was the last one that
    had to be loaded.
    """
    arms: dict[str, dict[str, Outcome]] = {}
    for role, version in versions.items():
        for arm, prompts in ((role, _plain(asked)), (role + SHOWN, _with_passages(asked, shown))):
            say(f"rival: {arm}, {len(prompts)} questions")
            given = asker.ask(version, prompts)
            arms[arm] = {
                fact.id: outcome(fact, given[fact.id] or "", others[fact.generator, fact.kind])
                for fact in asked
            }
    return {arm: arms[arm] for arm in sorted(arms)}


def best(
    asked: Sequence[Fact],
    found: Sequence[Passage],
    base: BaseModelRef,
    settings: Settings,
    cache: ByteCache | None,
) -> dict[str, list[str]]:
    """Fact to the passages that a model is shown: the best ones that fit the base's context, and
    MOST_TOKENS.
    """
    index, tokenizer = retrieval.Index(found, retrieval.embedder(cache)), base.tokenizer()

    def length(text: str) -> int:
        return count_tokens(tokenizer, text)

    config = json.loads((base.path / "config.json").read_text(encoding="utf-8"))
    context = config.get("max_position_embeddings") or MOST_TOKENS
    shown = {}
    for fact, ranked in zip(asked, index.ranked([fact.reserved for fact in asked]), strict=True):
        room = context - MAX_TOKENS - AROUND - length(FRAME + fact.reserved)
        shown[fact.id] = retrieval.fitting(ranked, min(room, MOST_TOKENS), length, settings)
    return shown


def _plain(asked: Sequence[Fact]) -> list[Prompt]:
    return [_prompt(fact.id, fact.reserved) for fact in asked]


def _with_passages(asked: Sequence[Fact], shown: Mapping[str, list[str]]) -> list[Prompt]:
    """The prompts with passages; the bare question where none fits."""
    return [
        _prompt(
            fact.id,
            FRAME.format(passages="\n\n".join(shown[fact.id]), question=fact.reserved)
            if shown[fact.id]
            else fact.reserved,
        )
        for fact in asked
    ]


def _prompt(key: str, text: str) -> Prompt:
    return Prompt(key, [{"role": "user", "content": text}], [], MAX_TOKENS)


def summary(
    asked: Sequence[Fact], shown: Mapping[str, list[str]], arms: Mapping[str, Mapping[str, Outcome]]
) -> dict[str, Any]:
    """Counts, differences and the sentence, of what each arm's answers were found to be."""
    found = {fact.id: any(find(name, "\n".join(shown[fact.id])) for name in fact.accept) for fact in asked}
    counts = {arm: Counter(outcomes.values()) for arm, outcomes in arms.items()}
    worth = {
        name: paired(*_discordant(arms[a], arms[b]), len(asked))
        for name, (a, b) in WORTH.items()
        if asked and a in arms and b in arms
    }
    return {
        "questions": len(asked),
        "found": sum(found.values()) / len(asked) if asked else None,
        "arms": {
            arm: {name: count[name] for name in OUTCOMES}
            | {"known_share": count["known"] / len(asked) if asked else None}
            for arm, count in counts.items()
        },
        "worth": worth,
        "says": sentence(worth, len(asked)),
        "rows": [
            {"fact": f.id, "found": found[f.id]} | {arm: outcomes[f.id] for arm, outcomes in arms.items()}
            for f in asked
        ],
    }


def _discordant(mine: Mapping[str, Outcome], theirs: Mapping[str, Outcome]) -> tuple[int, int]:
    """How many facts only the first one knows, and how many only the second one."""
    knows, know = ({key for key, found in each.items() if found == "known"} for each in (mine, theirs))
    return len(knows - know), len(know - knows)


def sentence(worth: Mapping[str, Mapping[str, float]], questions: int) -> str:
    """What a person reads; empty while there is nothing to compare."""
    number = f"{questions} question{'' if questions == 1 else 's'}"
    if "training_over_retrieval" in worth:
        return (
            f"{_worth('fine-tuning', worth['training_over_retrieval'], 'over retrieval')};"
            f" both together {_figure(worth['both_over_retrieval'])} ({number})"
        )
    if "retrieval" in worth:
        return f"{_worth('retrieval', worth['retrieval'], 'to the base')} ({number})"
    return ""


def _worth(what: str, found: Mapping[str, float], over: str) -> str:
    """Worth something only where the interval leaves 0 out."""
    if found["low"] <= 0 <= found["high"]:
        return f"{what}: {_figure(found)} {over}, no clear difference"
    return f"{what} is worth {_figure(found)} {over}"


def _figure(found: Mapping[str, float]) -> str:
    mean, low, high = (f"{round(100 * found[name]):+d}" for name in ("mean", "low", "high"))
    return f"{mean} [{low}, {high}] points"
