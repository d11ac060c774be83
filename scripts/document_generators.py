"""Writes docs/generators.md from the module docstrings of the generators: what each makes, from which source,
one real example.
"""

import re
import textwrap
from pathlib import Path

from autodidact.generators import GENERATORS
from autodidact.generators.run import load
from autodidact.names import CATEGORIES

HEAD = """# The generators

Made by `python scripts/document_generators.py` from the docstring at the top of each file in
`include/autodidact/generators/`; the example is a real one.

A generator is two functions, `read(snapshot)` and `examples(facts, snapshot)`: pure, deterministic, and
grounded, so that every fact in an answer follows from `source`. Most yield what changed first, then a sample
of the rest, up to `generators.limit`; `diff_miner` and `session_miner` read the window alone. A generator
without a source is skipped, broken input costs itself alone and is counted by reason in the generator's
manifest, beside how varied its wording is. Half of what eight of them make beside the probe's facts, and up
to half of what diff_miner does, brings its facts along and wants a word for an answer
(`writing/in_context.py`, and `comprehension.py` of each generator): reading what stands in the prompt is a
skill that sentences from memory do not teach (docs/learning.md). Five also yield the questions of the
knowledge probe, and teach each fact that it asks for, in four other wordings with the bare value as the
answer. For the generators that read code, history, conversations and documents, checkers in
`tests/grounding/` find each fact again by another way; `python -m benchmarks.generators REPOSITORY...` runs
them over everything that these make of a repository.

To add one: a folder and a line in `include/autodidact/generators/__init__.py`, whose docstring says what is
in the folder, and a test in `tests/generators/`.

| generator | teaches |
| --- | --- |
"""


def section(name: str, module) -> str:
    """A docstring as Markdown: its indented record becomes a code block."""
    first, _, rest = textwrap.dedent(module.__doc__).strip().partition("\n")
    rest = re.sub(
        r"(?m)(?:^ {4}.*\n?)+",
        lambda m: f"```json\n{textwrap.dedent(m[0]).rstrip()}\n```\n",
        textwrap.dedent(rest).strip("\n") + "\n",
    )
    return f"## {name}\n\n{first}\n{rest.rstrip()}\n"


def text() -> str:
    rows = []
    for generator in GENERATORS:
        taught = "all nine" if generator.teaches == CATEGORIES else ", ".join(generator.teaches)
        rows.append(f"| [{generator.name}](#{generator.name}) | {taught} |")
    sections = [section(generator.name, load(generator.name)) for generator in GENERATORS]
    return HEAD + "\n".join(rows) + "\n\n" + "\n".join(sections)


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("docs", "generators.md").write_text(text())
