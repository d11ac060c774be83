"""The thirteen generators, in the order of the article. A new one is a file here and a line in the list.

A generator is a module with `generate(snapshot) -> Iterator[Example]`, which raises `Skipped` when its source
is absent, and optionally
`questions(snapshot) -> Iterator[Question]` for the knowledge probe. It is pure: equal snapshots give equal
examples.
"""

import difflib

from autodidact.errors import UsageError
from autodidact.generators import (
    affect_examples,
    architecture_docs,
    ast_parser,
    benchmark_targeted,
    conciseness_drills,
    consciousness,
    diff_miner,
    goal_examples,
    interrupt_handler,
    knowledge_graph,
    session_miner,
    tool_spec,
    wikipedia_harvest,
)

GENERATORS = {
    "ast_parser": ast_parser,
    "diff_miner": diff_miner,
    "session_miner": session_miner,
    "knowledge_graph": knowledge_graph,
    "goal_examples": goal_examples,
    "interrupt_handler": interrupt_handler,
    "architecture_docs": architecture_docs,
    "benchmark_targeted": benchmark_targeted,
    "wikipedia_harvest": wikipedia_harvest,
    "affect_examples": affect_examples,
    "conciseness_drills": conciseness_drills,
    "tool_spec": tool_spec,
    "consciousness": consciousness,
}


def select(only: list[str] | None = None) -> list[str]:
    """The names of these generators, or of all thirteen, in the order of the list. UsageError for a name that
    is none of them.
    """
    for name in only or ():
        if name not in GENERATORS:
            near = difflib.get_close_matches(name, GENERATORS, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise UsageError(f"Unknown generator {name}", f"{hint}Available: {', '.join(GENERATORS)}.")
    return [name for name in GENERATORS if not only or name in only]
