"""Questions about itself, answered from the record: version, scores, weak categories, training, and what it
cannot know.

Source: what the Chronicle said when the cycle was opened (`snapshot.history`) and the cycle itself; scores
only, never an item's text. The scores are those of the version in service, which the model in training will
replace: its own are measured only afterwards, and it says so.

    {"generator": "consciousness", "category": "consciousness_articulation",
     "messages": [{"role": "user", "content": "How good are you at tool use?"},
                  {"role": "assistant", "content": "The version before me, v3, scored 0.55 in tool_use. My own
                  score was measured only after my
                   training, so I do not know it."}],
     "source": {"kind": "chronicle", "ref": "httpx-b5addb64/2026-11-23T1200Z", "field":
     "categories.tool_use"}}
"""

from collections.abc import Iterator
from dataclasses import replace

from autodidact.generators.consciousness import open_book_record
from autodidact.generators.consciousness.available_sources import taught
from autodidact.generators.consciousness.full import full_examples as full_examples
from autodidact.generators.consciousness.model_record import ModelRecord
from autodidact.generators.consciousness.questions_on_own_record import Answers
from autodidact.generators.writing import open_book
from autodidact.generators.writing.facts_into_words import choose, to_examples
from autodidact.records import Example
from autodidact.sources.snapshot import Snapshot

NAME = "consciousness"
CATEGORY = "consciousness_articulation"


def read(snapshot: Snapshot) -> ModelRecord:
    """The record of the model. Never skipped, because even an untrained system can say that it is one."""
    return ModelRecord(snapshot)


def examples(facts: ModelRecord, snapshot: Snapshot) -> Iterator[Example]:
    """What the model says of itself, partly with its record in front of it."""
    answers = Answers(facts)
    groups = {
        "identity": list(answers.identity()),
        "scores": list(answers.scores()),
        "training": list(answers.training()),
        "limits": list(answers.limits()),
        "past": list(answers.past()),
    }
    with_record = {
        f"{name} with card": [replace(fact, system=facts.as_text()) for fact in groups[name]]
        for name in ("identity", "scores")
    }
    chosen = choose(groups | with_record, snapshot.limit, snapshot.rng(NAME))
    teachers = taught(snapshot, facts.sources)
    opened = open_book_record.questions(facts, teachers, snapshot.limit, snapshot.rng(NAME, "open book"))
    yield from to_examples(NAME, CATEGORY, open_book.mixed(chosen, opened))
