"""The graph of a repository's own modules in prose: who depends on a module, which lines import what, the
way from one module to another, what surrounds it.
"""

import random
import re
from collections.abc import Iterator, Sequence

from autodidact.generators.knowledge_graph.full.module_quotes import Sources, counted, few
from autodidact.generators.writing.facts_into_words import capital, code
from autodidact.generators.writing.template_rotation import Row, Shapes
from autodidact.sources.code.import_graph import IMPORTS, CodeGraph
from autodidact.sources.graphs.triple_graph import Graph, Triple

# Names in a list, and modules of one kind that are asked about.
MOST = 8
MANY = 400
# How many modules more have to import one of two before they are compared.
APART = 2
# Lines of an excerpt, and import lines in an answer.
EDGES = (4, 7)
LINES = 12


class CodeRows:
    """The rows about modules."""

    def __init__(
        self,
        graph: CodeGraph,
        sources: Sources,
        changed: set[str],
        ask: Shapes,
        say: Shapes,
        rng: random.Random,
    ):
        self.code, self.graph, self.sources = graph, graph.graph, sources
        self.changed, self.ask, self.say, self.rng = changed, ask, say, rng
        self.modules = self.graph.nodes(IMPORTS)

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(kind, row) of modules."""
        for module in self._some(self.modules):
            yield "impact", self._row("impact", "impact", self.impact(module), module)
            yield "delete", self._row("delete", "plain", self.lines(module), module)
            yield "around", self._row("around", "around", self.around(module), module)
            yield from self._between(module)
            yield from self._premise(module)
            yield from self._pasted(module)
        yield from self._compare()

    def _some(self, modules: list[str]) -> list[str]:
        fresh = sorted(
            self.rng.sample(modules, len(modules)), key=lambda m: self.code.paths[m] not in self.changed
        )
        return fresh[:MANY]

    def _row(self, kind: str, say: str, body: str, module: str, other: str = "", **fields: str) -> Row:
        paths = self.code.paths
        fields |= {"m": f"`{module}`", "f": f"`{paths[module]}`"}
        if other:
            fields |= {"n": f"`{other}`", "g": f"`{paths[other]}`"}
        ask = self.ask.draw(kind, **fields) if body else ""
        answer = capital(self.say.draw(say, body=body)) if body else ""
        source = self.cited(module) | {"asks": [f"full {kind}", module, *([other] if other else [])]}
        return Row(ask, answer, source, paths[module] in self.changed, module.rpartition(".")[0])

    def cited(self, module: str) -> dict:
        """Where a row about a module can be checked."""
        path = self.code.paths[module]
        return {"kind": "git", "ref": path, "commit": self.sources.commit, "path": path}

    def direct(self, module: str) -> list[str] | None:
        """Who imports a module; None where that is not known whole."""
        return self.graph.back(module, IMPORTS) if module in self.code.back else None

    def impact(self, module: str) -> str:
        """Who imports a module, who imports those, and one way with the lines that prove it."""
        direct = self.direct(module)
        reached = self.graph.affected(module, IMPORTS)
        if not direct or not all(name in self.code.back for name in reached):
            return ""
        second = sorted(name for name, steps in reached.items() if steps == 2)
        further = sorted(name for name, steps in reached.items() if steps > 2)
        text = f"{few(direct)} {'imports' if len(direct) == 1 else 'import'} `{module}` directly."
        if second:
            through = "it" if len(direct) == 1 else "them"
            verb = "depends" if len(second) == 1 else "depend"
            text += f" Through {through}, {few(second)} {verb} on `{module}`"
            text += f", and further away {few(further)}." if further else "."
        else:
            these = "that one" if len(direct) == 1 else "these"
            text += f" No module outside the tests imports {these} in turn."
        if way := self._way(module, second):
            text += f" {way}"
        elif len(direct) == 1 and (proof := self.sources.proof(direct[0], module)):
            text += f" You see it in {proof}."
        return text

    def _way(self, module: str, second: list[str]) -> str:
        """One way of two steps to the module, with its lines where they are plain."""
        for name in second[:12]:
            way = self.graph.paths(name, IMPORTS).get(module)
            if way is None or len(way) != 3:
                continue
            proofs = [self.sources.proof(a, b) for a, b in zip(way, way[1:], strict=False)]
            if all(proofs):
                return f"For example, `{way[0]}` -> `{way[1]}` -> `{way[2]}`: {proofs[0]}, and {proofs[1]}."
        return ""

    def lines(self, module: str) -> str:
        """The lines that import a module."""
        direct = self.direct(module)
        if not direct or len(direct) > MOST:
            return ""
        found = {name: self.sources.lines(name, module) for name in direct}
        if not all(found.values()) or sum(map(len, found.values())) > LINES:
            return ""
        # A line that goes on below proves nothing unless it names the module.
        if not all(_names(module, text) for lines in found.values() for _, text in lines):
            return ""
        shown = "\n".join(
            f"{self.code.paths[n]}:{at}: {text}" for n, lines in found.items() for at, text in lines
        )
        # What only helps the tests has such a line too.
        tests = self.code.tests.back(module, IMPORTS)
        many = len(direct) > 1
        count = f"{len(direct)} modules import" if many else "one module imports"
        text = f"outside the tests, {count} `{module}`:\n\n```\n{shown}\n```"
        if module in self.code.tested and len(tests) <= MOST:
            files = code(sorted(self.code.paths[t] for t in tests))
            text += (
                f"\n\nAmong the tests, {files} {'does' if len(tests) == 1 else 'do'} too." if tests else ""
            )
        return text

    def around(self, module: str) -> str:
        """What it is, what it imports, who imports it, what it defines."""
        out, back = self.graph.out(module, IMPORTS), self.direct(module)
        if module not in self.code.out or back is None or not out or len(out) > MOST:
            return ""
        doc = self.sources.doc(module)
        names = self.sources.defined(module)
        public = [name for name in names if not name.startswith("_")]
        documented = [] if doc else [f'`{n}`: "{said}"' for n in public[:MOST] if (said := names[n])]
        # Names alone say little more than where a module lies.
        if not doc and len(documented) < 2:
            return ""
        text = [f'`{module}` says of itself: "{doc}"'] if doc else []
        if public:
            more = ", among others" if len(public) < len(names) or len(public) > MOST else ""
            text.append(f"{'It' if doc else f'`{module}`'} defines {code(public[:MOST])}{more}.")
            text += [f"From the docstrings: {'; '.join(documented[:2])}"] if documented else []
        text.append(f"Of our own modules it imports {code(out)}.")
        who = (
            f"{few(back)} {'imports' if len(back) == 1 else 'import'}" if back else "No other module imports"
        )
        text.append(f"{who} it, tests aside.")
        return " ".join(text) if len(text) > 2 else ""

    def _between(self, module: str) -> Iterator[tuple[str, Row]]:
        ways = self.graph.paths(module, IMPORTS)
        ends = sorted(end for end, steps in ways.steps.items() if 2 <= steps <= 3 and ways.only(end))
        for end in self.rng.sample(ends, min(2, len(ends))):
            way = ways[end]
            if end.startswith(f"{module}.") or of_its_package(module, way) or module not in self.code.out:
                continue
            if not {*way[:-1]} <= self.code.out:
                continue  # a shorter way may not have been read
            proofs = [self.sources.proof(a, b) for a, b in zip(way, way[1:], strict=False)]
            lines = [self.sources.line(a, b) for a, b in zip(way, way[1:], strict=False)]
            if not all(proofs) or not all(line and line[2] for line in lines):
                continue
            listed = "\n".join(f"{n}. {proof[0].upper()}{proof[1:]}" for n, proof in enumerate(proofs, 1))
            chain = " -> ".join(f"`{step}`" for step in way)
            body = f"the shortest way is {chain}:\n\n{listed}\n\n`{module}` has no import of `{end}` itself."
            yield "between", self._row("between", "plain", body, module, end)

    def _premise(self, module: str) -> Iterator[tuple[str, Row]]:
        """The wrong way round, or a right assumption."""
        back, out = self.graph.back(module, IMPORTS), self.graph.out(module, IMPORTS)
        reached = self.graph.paths(module, IMPORTS)
        turned = [name for name in back if name not in reached and not module.startswith(f"{name}.")]
        if turned and module in self.code.out and len(out) <= MOST:
            other = self.rng.choice(turned)
            if proof := self.sources.proof(other, module):
                body = f"no, it is the other way round: `{other}` imports `{module}`, in {proof}. "
                body += (
                    f"`{module}` itself imports {code(out)}."
                    if out
                    else f"`{module}` imports no module of ours."
                )
                yield "premise", self._row("premise", "plain", body, module, other)
        elif out:
            other = self.rng.choice(out)
            if proof := self.sources.proof(module, other):
                body = f"yes, `{module}` imports `{other}`: see {proof}."
                yield "premise", self._row("premise", "plain", body, module, other)

    def _pasted(self, module: str) -> Iterator[tuple[str, Row]]:
        """A question about a few edges that it brings along, answered with the way as the reason."""
        reached = self.graph.affected(module, IMPORTS)
        near = sorted(name for name, steps in reached.items() if steps <= 2)
        if not len(near) >= 2:
            return
        shown: dict[tuple[str, str], None] = {}
        for name in self.rng.sample(near, min(3, len(near))):
            way = self.graph.paths(name, IMPORTS).get(module) or []
            shown |= dict.fromkeys(zip(way, way[1:], strict=False))
        others = [
            (t.subject, t.object)
            for t in self.rng.sample(self.graph.triples, min(4, len(self.graph.triples)))
        ]
        edges = list(dict.fromkeys([*shown, *others]))[: EDGES[1]]
        if len(edges) < EDGES[0]:
            return
        small = Graph(Triple(a, IMPORTS, b) for a, b in edges)
        lines = "\n".join(f"{a} -> {b}" for a, b in self.rng.sample(edges, len(edges)))
        hit = sorted(small.affected(module, IMPORTS).items(), key=lambda pair: (pair[1], pair[0]))
        # One step alone would be the lines read back.
        if hit[-1][1] < 2:
            return
        reasons = []
        for name, steps in hit:
            way = small.paths(name, IMPORTS)[module]
            how = "imports it directly" if steps == 1 else f"through {code(way[1:-1])}"
            reasons.append(f"- `{name}`: {how}")
        rest = sorted({n for edge in edges for n in edge} - {module, *dict(hit)})
        body = f"{code(name for name, _ in hit)}. The reasons:\n\n" + "\n".join(reasons)
        body += f"\n\nFrom {code(rest[:4])} no line leads to `{module}`." if 0 < len(rest) <= 4 else ""
        yield "pasted", self._row("pasted", "plain", body, module, edges=f"```\n{lines}\n```")
        name = next(name for name, steps in hit if steps > 1)
        way = small.paths(name, IMPORTS)[module]
        imports = "; ".join(f"`{a}` imports `{b}`" for a, b in zip(way, way[1:], strict=False))
        body = f"through {code(way[1:-1])}: {imports}."
        yield "pasted way", self._row("pasted way", "plain", body, name, module, edges=f"```\n{lines}\n```")

    def _compare(self) -> Iterator[tuple[str, Row]]:
        """Two modules of one package that share imports or importers."""
        known = [m for m in self.modules if m in self.code.out and m in self.code.back]
        for one, other in zip(known, known[1:], strict=False):
            if one.rpartition(".")[0] != other.rpartition(".")[0]:
                continue
            both_out = sorted({*self.graph.out(one, IMPORTS)} & {*self.graph.out(other, IMPORTS)})
            both_back = sorted({*self.graph.back(one, IMPORTS)} & {*self.graph.back(other, IMPORTS)})
            counts = [len(self.graph.back(m, IMPORTS)) for m in (one, other)]
            if (
                not (both_out or both_back)
                or abs(counts[0] - counts[1]) < APART
                or max(len(both_out), len(both_back)) > MOST
            ):
                continue
            more, less = (one, other) if counts[0] > counts[1] else (other, one)
            against = f"against {counted(min(counts)) if min(counts) else 'none'} for `{less}`."
            many = f"{counted(max(counts))} outside the tests import{'s' if max(counts) == 1 else ''} it"
            shared = [
                f"`{a}` imports `{b}`."
                for a, b in ((one, other), (other, one))
                if b in self.graph.out(a, IMPORTS)
            ]
            shared += [f"Both import {code(both_out)}."] if both_out else []
            if both_back:
                shared.append(f"{code(both_back)} {'imports' if len(both_back) == 1 else 'import'} both.")
            risk = [f"`{more}`: {many}, {against}", *shared]
            yield "compare", self._row("compare risk", "plain", " ".join(risk), one, other)
            common = [*shared, f"Of the two, `{more}` is in wider use: {many}, {against}"]
            yield "compare", self._row("compare", "plain", " ".join(common), one, other)


def of_its_package(module: str, way: Sequence[str]) -> bool:
    """Whether a way leads through, or to, a package that a module is in, which is imported with it anyway."""
    return any(module.startswith(f"{step}.") for step in way)


def _names(module: str, line: str) -> bool:
    """Whether a line has the last part of a module's name."""
    return re.search(rf"\b{re.escape(module.rpartition('.')[2])}\b", line) is not None
