"""The list of the generators, in the order of the article, and what a generator is.

A generator is a folder here with the name that it has in the list, and these functions in its `__init__.py`:

    read(snapshot) -> facts                           reads the sources, once; raises Skipped without any
    examples(facts, snapshot) -> Iterator[Example]    puts what was read into words, some `snapshot.limit`

With a share of the knowledge probe (`probe`), it has three more and a table, and its examples come after the
questions that they teach:

    WORDINGS                                          kind of fact -> Wordings (writing/probe_questions.py)
    probe_facts(facts, snapshot) -> list[ProbeFact]   all that has one right answer
    questions(facts, snapshot) -> list[Question]      what the probe asks of these facts
    gone(facts, snapshot) -> (Fact) -> bool           whether a fact of an earlier cycle is seen to be gone;
                                                      without it nothing counts as gone
    examples(facts, snapshot, asked) -> Iterator[Example]    the trained wordings of `asked` first

Facts are written in one of two registers (`generators.register`). `drill` is short, for a base of a few
million parameters; `full` is what a good engineer would answer. A generator that has a way of its own for
`full` keeps it in its `full.py`, or in a folder `full`:

    full_examples(facts, snapshot[, asked]) -> Iterator[Example]    else `examples` is for both

`facts` is of whatever type suits. NoSource is a Skipped that names the setting which would give a source. All
are pure: equal snapshots give equal examples. The docstring of the folder's `__init__.py` says what the
generator makes, from which source, and shows a real example: docs/generators.md is made of these by
`python scripts/document_generators.py`. Words that a generator draws from stand in its `wordings.yaml`.

A new generator is one folder and one line of this list. Airflow's tasks, the stages, the gate, the probe, the
teacher and the documentation read the list alone. It imports no generator, so that a DAG file may read it.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from autodidact.benchmark_categories import CATEGORIES
from autodidact.errors import UsageError


@dataclass(frozen=True)
class Generator:
    """What others have to know of a generator."""

    # Of its folder, its task and its files.
    name: str
    # Categories of its examples. The first is that of the facts of the knowledge probe.
    teaches: tuple[str, ...]
    # Most questions that it gives the knowledge probe in a cycle.
    probe: int = 0
    # Whether it reads what is new alone, so that the gate adds what earlier cycles kept of it.
    replayed: bool = False
    # Whether the teacher may reword its examples. False: they are dev items of the benchmark, word for word.
    varied: bool = True
    # Whether it reads the repository, so that each of `sources.repositories` is a part of its work.
    repositories: bool = False


GENERATORS = (
    Generator("ast_parser", teaches=("architecture", "reasoning"), probe=80, repositories=True),
    Generator("diff_miner", teaches=("code_review",), replayed=True, repositories=True),
    Generator("session_miner", teaches=("intent_classification", "tool_use"), replayed=True),
    Generator("knowledge_graph", teaches=("architecture",), probe=10, repositories=True),
    Generator("goal_examples", teaches=("orchestration",), probe=10),
    Generator("interrupt_handler", teaches=("orchestration", "intent_classification")),
    Generator("architecture_docs", teaches=("architecture",), probe=10, repositories=True),
    Generator("benchmark_targeted", teaches=CATEGORIES, replayed=True, varied=False),
    Generator("wikipedia_harvest", teaches=("reasoning",)),
    Generator("affect_examples", teaches=("affect_reasoning",)),
    Generator("conciseness_drills", teaches=("conciseness",), repositories=True),
    Generator("tool_spec", teaches=("tool_use",), probe=10),
    Generator("consciousness", teaches=("consciousness_articulation",)),
)

# What a generator writes besides its examples, by how the names end.
PROBE_FILES = (".questions.jsonl", ".facts_now.jsonl")

# Who makes examples of dev items of the benchmark; nobody else may touch these. `anchor`: what training adds.
DEV_ITEMS = (*(generator.name for generator in GENERATORS if not generator.varied), "anchor")


def select(only: Sequence[str] | None = None) -> list[str]:
    """The names of these generators, or of all, in the order of the list. UsageError for an unknown name."""
    for name in only or ():
        find(name)
    return [generator.name for generator in GENERATORS if not only or generator.name in only]


def find(name: str) -> Generator:
    """The generator of this name. UsageError for an unknown name."""
    known = {generator.name: generator for generator in GENERATORS}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(f"Unknown generator {name}", f"{hint}Available: {', '.join(known)}.")
    return known[name]
