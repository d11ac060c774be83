"""The `autodidact` command: the same stages as the DAG, on a cycle or on plain paths.

One module a group of commands. Exit status: 0 done, 1 failed or a negative answer, 2 wrong usage,
75 interrupted (run again).
"""

from autodidact.cli import (
    cycles,
    examples,
    exporting,
    facts,
    forgetting,
    init,
    inspect_and_compare,
    maintenance,
    promote_and_serve,
    pruning,
    single_stages,
)
from autodidact.cli.command import app, main

__all__ = [
    "app",
    "cycles",
    "examples",
    "exporting",
    "facts",
    "forgetting",
    "init",
    "inspect_and_compare",
    "main",
    "maintenance",
    "promote_and_serve",
    "pruning",
    "single_stages",
]
