"""The graph of a repository's own modules in prose: who feels a change, which lines import what, the way from
one module to another, what surrounds it, which tests use it.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence

from autodidact.generators.knowledge_graph.full.module_quotes import Sources, counted, few, is_test_of
from autodidact.generators.writing.facts_into_words import capital, code
from autodidact.generators.writing.template_rotation import Row, Shapes
from autodidact.sources.code.import_graph import IMPORTS, CodeGraph
from autodidact.sources.graphs.graph import Graph, Triple

# Names in a list, and modules of one kind that are asked about.
MOST = 8
MANY = 400
# How many modules more have to import one of two before they are compared.
APART = 2
# Share of the ways that are asked for as the reason why a module is loaded, where they are that.
LOADS = 0.5
# Lines of an excerpt, and import lines in an answer.
EDGES = (4, 7)
LINES = 12
# Files that pytest collects, by their names.
_TESTS = re.compile(r"(^|/)(test_[^/]*|[^/]*_test|tests)\.py$")


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
            yield "tests", self._row("tests", "tests", self.tests(module), module)
            yield from self._between(module)
            yield from self._premise(module)
            yield from self._pasted(module)
        yield from self._compare()

    def _some(self, modules: list[str]) -> list[str]:
        fresh = sorted(
            self.rng.sample(modules, len(modules)), key=lambda m: self.code.paths[m] not in self.changed
        )
        return fresh[:MANY]

    def _row(
        self, kind: str, say: str, body: str, module: str, other: str = "", wording: str = "", **fields: str
    ) -> Row:
        """A row of this kind, asked in the words of `wording`, if that is another."""
        paths = self.code.paths
        fields |= {"m": f"`{module}`", "f": f"`{paths[module]}`"}
        if other:
            fields |= {"n": f"`{other}`", "g": f"`{paths[other]}`"}
        ask = self.ask.draw(wording or kind, **fields) if body else ""
        if ask.startswith("Are there"):
            body = f"yes. {capital(body)}"
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
        if not direct:
            return ""
        reached = self.graph.affected(module, IMPORTS)
        second = sorted(name for name, steps in reached.items() if steps == 2)
        further = sorted(name for name, steps in reached.items() if steps > 2)
        text = f"{few(direct)} {'imports' if len(direct) == 1 else 'import'} `{module}` directly."
        known = all(name in self.code.back for name in direct)
        if second and known:
            through = "it" if len(direct) == 1 else "them"
            others = f", and through these {few(further)}" if further else ""
            text += f" Through {through}, a change may reach {few(second)}{others}."
        elif known:
            text += (
                f" No module outside the tests imports {'that one' if len(direct) == 1 else 'these'} in turn."
            )
        else:
            return ""
        if way := self._way(module, second if known else []):
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
        if not (doc or documented):
            return ""
        text = [f'`{module}` says of itself: "{doc}"'] if doc else []
        if public:
            more = ", among others" if len(public) < len(names) or len(public) > MOST else ""
            text.append(f"{'It' if doc else f'`{module}`'} defines {code(public[:MOST])}{more}.")
            text += [f"From the docstrings: {'; '.join(documented[:2])}"] if documented else []
        text.append(f"Of our own modules it imports {code(out)}.")
        if back:
            text.append(f"{few(back)} {'imports' if len(back) == 1 else 'import'} it, tests aside.")
        return " ".join(text) if len(text) > 2 else ""

    def tests(self, module: str) -> str:
        """Which tests import a module, and how to run them."""
        tests = self._test_files(module)
        if module not in self.code.tested or not 1 <= len(tests) <= MOST or self._imported_inside(module):
            return ""
        # Tests may get at a module through its package: those named after it have to be among these.
        if not any(is_test_of(module, path) for path in tests):
            return ""
        what = f"{code(tests)} {'imports' if len(tests) == 1 else 'import'} `{module}`"
        text = f"{what}, so start there:\n\n```bash\npytest {' '.join(tests)}\n```"
        users = self.direct(module)
        if users and len(users) <= MOST:
            more = sorted({path for user in users for path in self._test_files(user)} - set(tests))
            if 1 <= len(more) <= 5:
                text += f"\n\nSecond in line {'is' if len(more) == 1 else 'are'} {code(more)},"
                text += f" which {'imports' if len(more) == 1 else 'import'} modules that use `{module}`."
        return text

    def _imported_inside(self, module: str) -> bool:
        """Whether a test imports a module in a function only: most tests of it may get at it otherwise."""
        lines = [self.sources.line(test, module) for test in self.code.tests.back(module, IMPORTS)]
        return any(line and not line[2] for line in lines)

    def _test_files(self, module: str) -> list[str]:
        """The files of tests that import a module, without what only helps them."""
        paths = [self.code.paths[test] for test in self.code.tests.back(module, IMPORTS)]
        return sorted(path for path in paths if _TESTS.search(path))

    def _between(self, module: str) -> Iterator[tuple[str, Row]]:
        ways = self.graph.paths(module, IMPORTS)
        ends = sorted(end for end, steps in ways.steps.items() if 2 <= steps <= 3 and ways.only(end))
        for end in self.rng.sample(ends, min(2, len(ends))):
            if end.startswith(f"{module}.") or module.startswith(f"{end}.") or module not in self.code.out:
                continue
            way = ways[end]
            if not {*way[:-1]} <= self.code.out:
                continue  # a shorter way may not have been read
            proofs = [self.sources.proof(a, b) for a, b in zip(way, way[1:], strict=False)]
            lines = [self.sources.line(a, b) for a, b in zip(way, way[1:], strict=False)]
            if not all(proofs) or not all(line and line[2] for line in lines):
                continue
            listed = "\n".join(f"{n}. {proof[0].upper()}{proof[1:]}" for n, proof in enumerate(proofs, 1))
            chain = " -> ".join(f"`{step}`" for step in way)
            body = f"the shortest way is {chain}:\n\n{listed}\n\n`{module}` has no import of `{end}` itself."
            kind = "between loads" if self._loads_so(way) and self.rng.random() < LOADS else "between"
            yield "between", self._row("between", "plain", body, module, end, wording=kind)

    def _loads_so(self, way: Sequence[str]) -> bool:
        """Whether the way is how the last module comes to be loaded when the first one is imported: nothing
        that is loaded besides leads to it, neither a package around a module of the way, which Python loads
        before, nor another import of one.
        """
        steps = zip(way, way[1:], strict=False)
        others = [o for a, b in steps for o in self.graph.out(a, IMPORTS) if o != b]
        packages = {one for module in way for one in self._packages(module)}
        loaded = self._loaded([*others, *packages])
        return loaded is not None and way[-1] not in loaded

    def _packages(self, module: str) -> list[str]:
        """The packages around a module that have code of their own."""
        parts = module.split(".")
        around = (".".join(parts[:n]) for n in range(1, len(parts)))
        return [one for one in around if one in self.code.paths]

    def _loaded(self, modules: Iterable[str]) -> set[str] | None:
        """All modules that are loaded with these; None where the imports of one are not known."""
        found: set[str] = set()
        left = [*modules]
        while left:
            one = left.pop()
            if one in found:
                continue
            if one not in self.code.out:
                return None
            found.add(one)
            left += [*self.graph.out(one, IMPORTS), *self._packages(one)]
        return found

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
                doc = self.sources.doc(other)
                body = f"yes, `{module}` imports `{other}`: see {proof}."
                body += f' `{other}` says of itself: "{doc}"' if doc else ""
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
        reasons = []
        for name, steps in hit:
            way = small.paths(name, IMPORTS)[module]
            how = "imports it directly" if steps == 1 else f"through {code(way[1:-1])}"
            reasons.append(f"- `{name}`: {how}")
        rest = sorted({n for edge in edges for n in edge} - {module, *dict(hit)})
        body = f"{code(name for name, _ in hit)}. The reasons:\n\n" + "\n".join(reasons)
        body += f"\n\nFrom {code(rest[:4])} no line leads to `{module}`." if 0 < len(rest) <= 4 else ""
        yield "pasted", self._row("pasted", "plain", body, module, edges=f"```\n{lines}\n```")
        far = [(name, small.paths(name, IMPORTS)[module]) for name, steps in hit if steps > 1]
        if far:
            name, way = far[0]
            steps_told = "; ".join(f"`{a}` imports `{b}`" for a, b in zip(way, way[1:], strict=False))
            body = f"through {code(way[1:-1])}: {steps_told}. The other lines are not needed for that."
            yield (
                "pasted way",
                self._row("pasted way", "plain", body, name, module, edges=f"```\n{lines}\n```"),
            )

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


def _names(module: str, line: str) -> bool:
    """Whether a line has the last part of a module's name."""
    return re.search(rf"\b{re.escape(module.rpartition('.')[2])}\b", line) is not None
