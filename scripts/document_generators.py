"""Writes docs/generators.md from the module docstrings of the generators: what each makes, from which source,
one real example.
"""

import re
import textwrap
from pathlib import Path

from autodidact.benchmark_categories import CATEGORIES
from autodidact.generators import GENERATORS
from autodidact.generators.run_generator import load

HEAD = """# The generators

Made by `python scripts/document_generators.py` from the docstring at the top of each file in
`include/autodidact/generators/`; the example is a real one.

A generator is two functions, `read(snapshot)` and `examples(facts, snapshot)`. Both are deterministic: the
same snapshot gives the same examples. Every fact in an answer follows from the example's `source`.

Most generators yield first what has changed, and then a sample of the rest, up to `generators.limit`.
`diff_miner` and `session_miner` read only the window. A generator without a source is skipped. Broken input
is left out, and the generator's manifest counts it by reason; the manifest also says how varied the wording
is.

Some examples contain the facts in the prompt, and their answer is a word or two: half of what eight
generators make (not counting the facts of the knowledge probe), and up to half of what `diff_miner` makes
(`writing/open_book.py`, and the modules `open_book_*.py` of the generators). They teach the model to read its
prompt, which examples that are answered from memory do not (docs/learning.md).

Five generators also yield the questions of the knowledge probe. They teach each fact that the probe asks for
in four wordings that the probe does not use, with nothing but the value as the answer.

For the generators that read code, history and conversations, checkers in `tests/grounding/` find each fact
in the source again, by another method. `python -m benchmarks.generators REPOSITORY...` runs these
checkers over all examples that the generators make of a repository.

On celery (400 files of code, 13,000 commits), in the register `full` and with the limits of the profile
`production`, the generators took 41 s, two at once and at most 376 MB together, and the gate of what they
made 29 s and 658 MB, on two cores (`python -m benchmarks.generators_and_gate REPOSITORY`). Five of these
generators have no source there; on the samples they take seconds.

To add a generator: a folder, a line in `include/autodidact/generators/__init__.py` (its docstring says what
is in the folder), and a test in `tests/generators/`.

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
