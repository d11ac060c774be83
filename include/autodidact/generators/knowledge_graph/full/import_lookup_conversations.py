"""Conversations in which the files of modules are read before something is said of their imports."""

import random
import re
from collections.abc import Iterator

from autodidact.generators.knowledge_graph.full.import_graph_prose import CodeRows, of_its_package
from autodidact.generators.writing.conversations import TOOLS, RepositoryTools, user
from autodidact.generators.writing.facts_into_words import code
from autodidact.generators.writing.template_rotation import Row, Shapes
from autodidact.sources.code.import_graph import IMPORTS

# Lines around an import that a tool reads, and most lines that it reads at once.
AROUND = 6
LINES = 45
# Names in an answer.
MOST = 8


class Reading:
    """The conversations about the modules of `rows`."""

    def __init__(self, rows: CodeRows, tools: RepositoryTools, ask: Shapes, rng: random.Random):
        self.rows, self.tools, self.ask, self.rng = rows, tools, ask, rng
        self.graph, self.sources, self.paths = rows.graph, rows.sources, rows.code.paths

    def conversations(self) -> Iterator[tuple[str, Row]]:
        """(kind, row): one file that imports a module, one that does not, and two on the way to a module."""
        for module in self.rng.sample(self.rows.modules, len(self.rows.modules)):
            if self.graph.out(module, IMPORTS):
                yield from self._line(module)
                yield from self._way(module)
                yield from self._none(module)

    def _around(self, module: str, line: int) -> list[dict] | None:
        """The call that reads the lines around an import, and its result."""
        last = min(line + AROUND, len(self.sources.text(module).splitlines()))
        return self.tools.read_file(self.paths[module], max(1, line - AROUND), last)

    def _row(self, kind: str, module: str, other: str, answer: str, turns: list[dict], ask: str) -> Row:
        names = {"m": f"`{module}`", "n": f"`{other}`", "f": f"`{self.paths[module]}`"}
        shapes = self.rows.ask if ask == "read" else self.ask
        source = self.rows.cited(module) | {"asks": [kind, module, other]}
        fresh = self.paths[module] in self.rows.changed
        asked = shapes.draw(ask, **names)
        # Who asks for the line does not ask whether there is one.
        if not re.match(r"Does|Please verify|In ", asked):
            answer = answer.replace("Yes, in line", "It is line", 1)
        return Row("", answer, source, fresh, module, [user(asked), *turns], tools=TOOLS)

    def _line(self, module: str) -> Iterator[tuple[str, Row]]:
        other = self.rng.choice(self.graph.out(module, IMPORTS))
        line = self.sources.line(module, other)
        turns = self._around(module, line[0]) if line else None
        # When an indented import runs, the lines around it do not always show.
        if not line or not line[2] or turns is None or not self.sources.proof(module, other):
            return
        # A line that was read is quoted whole, with what it says to a linter, or not at all.
        if self.sources.text(module).splitlines()[line[0] - 1].strip() != line[1]:
            return
        answer = f"Yes, in line {line[0]} of `{self.paths[module]}`:\n\n```python\n{line[1]}\n```"
        yield "read", self._row("read", module, other, answer, turns, "read")

    def _way(self, module: str) -> Iterator[tuple[str, Row]]:
        """Two files are read, one after the other."""
        ways = self.graph.paths(module, IMPORTS)
        ends = sorted(end for end, steps in ways.steps.items() if steps == 2 and ways.only(end))
        for end in self.rng.sample(ends, min(3, len(ends))):
            _, middle, _ = ways[end]
            if of_its_package(module, (middle, end)):
                continue
            lines = [self.sources.line(module, middle), self.sources.line(middle, end)]
            proofs = self.sources.proof(module, middle) and self.sources.proof(middle, end)
            if not all(line and line[2] for line in lines) or not proofs:
                continue
            (first, said, _), (second, says, _) = [line for line in lines if line]
            turns = [self._around(module, first), self._around(middle, second)]
            if turns[0] is None or turns[1] is None or sum(len(t[1]["content"]) for t in turns if t) > 2200:
                continue
            answer = (
                f"Through `{middle}`. Line {first} of `{self.paths[module]}` has `{said}`, and line {second}"
                f" of `{self.paths[middle]}` has `{says}`. So `{module}` -> `{middle}` -> `{end}`."
            )
            yield "read way", self._row("read way", module, end, answer, [*turns[0], *turns[1]], "read way")
            return

    def _none(self, module: str) -> Iterator[tuple[str, Row]]:
        """All imports of a file are read, and another module is not among them."""
        out = self.graph.out(module, IMPORTS)
        found = self.sources.imports(module)
        count = len(self.sources.text(module).splitlines())
        last = min(max(number for number, *_ in found) + 3, count) if found else 0
        if module not in self.rows.code.out or not found or last > LINES or len(out) > MOST:
            return
        known = {name for *_, names in found for name in names}
        near = {o for user in self.graph.back(out[0], IMPORTS) for o in self.graph.out(user, IMPORTS)}
        others = sorted(near - set(out) - {module} - known - set(self.graph.paths(module, IMPORTS)))
        turns = self.tools.read_file(self.paths[module], 1, last)
        if not others or turns is None or not set(out) <= known:
            return
        other = self.rng.choice(others)
        path = self.paths[module]
        answer = f"No. Of our own modules, `{path}` imports {code(out)}; `{other}` is not among them."
        yield "read no", self._row("read no", module, other, answer, turns, "read no")
