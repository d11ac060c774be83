"""Classes and functions of a repository in prose: the family of a class, and who calls a function."""

import random
import re
from collections.abc import Callable, Iterator

from autodidact.generators.knowledge_graph.full.module_quotes import code
from autodidact.generators.writing.facts_into_words import capital
from autodidact.generators.writing.template_rotation import Row, Shapes
from autodidact.sources.code.definitions import is_test
from autodidact.sources.code.relations import CALLS, INHERITS, Relations

# Names in a list, and definitions of one kind that are asked about.
MOST = 8
MANY = 400


class DefinitionRows:
    """The rows about classes and functions; `cited(path)` is where one can be checked, `text(path)` what
    stands in a file.
    """

    def __init__(
        self,
        found: Relations,
        cited: Callable[[str], dict],
        changed: set[str],
        ask: Shapes,
        rng: random.Random,
        text: Callable[[str], str] = lambda path: "",
    ):
        self.found, self.graph, self.cited, self.text = found, found.graph, cited, text
        self.changed, self.ask, self.rng = changed, ask, rng

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(kind, row) of classes with subclasses or bases, and of functions with callers."""
        for name in self._some(self.graph.objects(INHERITS)):
            yield "subclasses", self._row("subclasses", self._subclasses(name), name)
        for name in self._some(self.graph.subjects(INHERITS)):
            yield "bases", self._row("bases", self._bases(name), name)
        for name in self._some(self.graph.objects(CALLS)):
            yield "callers", self._row("callers", self._callers(name), name)

    def _some(self, names: list[str]) -> list[str]:
        names = [name for name in names if name in self.found.places and not is_test(self._path(name))]
        return sorted(self.rng.sample(names, len(names)), key=lambda n: self._path(n) not in self.changed)[
            :MANY
        ]

    def _path(self, name: str) -> str:
        return self.found.places[name][0]

    def place(self, name: str) -> str:
        """`app/jobs.py:12`."""
        path, (first, _) = self.found.places[name]
        return f"`{path}:{first}`"

    def _row(self, kind: str, body: str, name: str) -> Row:
        path, (first, last) = self.found.places[name]
        # Only who derives from an abstract class has to define its abstract methods.
        wording = f"{kind} abstract" if kind == "subclasses" and self._abstract(name) else kind
        ask = self.ask.draw(self.rng.choice((kind, wording)), m=f"`{name}`") if body else ""
        if "more than one place" in ask:
            body = f"{'No' if 'by nothing else' in body else 'Yes'}. {capital(body)}"
        source = self.cited(path) | {
            "ref": f"{path}:{first}",
            "lines": [first, last],
            "asks": [f"full {kind}", name],
        }
        return Row(ask, capital(body), source, path in self.changed, path)

    def _abstract(self, name: str) -> bool:
        """Whether a class is marked as abstract in its own text."""
        path, (first, last) = self.found.places[name]
        text = "\n".join(self.text(path).splitlines()[first - 1 : last])
        return (
            re.search(r"^\s*@(?:\w+\.)*abstract|\A\s*class [^:]*\b(?:ABC|ABCMeta|Protocol)\b", text, re.M)
            is not None
        )

    def call_line(self, caller: str, name: str) -> str:
        """`app/jobs.py:15`, where a function is called in another; the place of that one where no line shows
        it.
        """
        path, (first, last) = self.found.places[caller]
        called = re.compile(rf"(?<!def )\b{re.escape(name.rpartition('.')[2])}\b")
        for number, line in enumerate(self.text(path).splitlines()[first:last], first + 1):
            if called.search(line.partition("#")[0]):
                return f"`{path}:{number}`"
        return self.place(caller)

    def _subclasses(self, name: str) -> str:
        """The classes right below a class and those below them, with their places."""
        direct = [one for one in self.graph.back(name, INHERITS) if one in self.found.places]
        if (name, INHERITS) not in self.found.back or not 1 <= len(direct) <= MOST:
            return ""
        lines = []
        for one in direct:
            below = sorted(self.graph.affected(one, INHERITS))
            known = (one, INHERITS) in self.found.back and 1 <= len(below) <= 5
            lines.append(f"- `{one}` in {self.place(one)}{f', and below it {code(below)}' if known else ''}")
        if len(direct) == 1:
            text = f"`{direct[0]}` in {self.place(direct[0])} inherits from `{name}` ({self.place(name)})"
            below = sorted(self.graph.affected(direct[0], INHERITS))
            known = (direct[0], INHERITS) in self.found.back
            if below and known and len(below) <= 5:
                turn = f"and {code(below)} from that in turn"
                return f"{text}, {turn}. A change of `{name}` may reach all of them."
            if known and not below:
                return f"{text}. No class of the repository stands below that one."
            return f"{text}. A change of `{name}` reaches it as far as it does not override what changed."
        return f"{len(direct)} classes inherit from `{name}` ({self.place(name)}):\n\n" + "\n".join(lines)

    def _bases(self, name: str) -> str:
        """The bases of a class up to the top, where there is one way up."""
        chain = [name]
        while (chain[-1], INHERITS) in self.found.out:
            bases = self.graph.out(chain[-1], INHERITS)
            if len(bases) != 1 or bases[0] in chain or bases[0] not in self.found.places or len(chain) > 5:
                break
            chain.append(bases[0])
        if len(chain) < 2:
            return ""
        phrases = [
            f"`{a}` ({self.place(a)}) inherits from `{b}`" for a, b in zip(chain, chain[1:], strict=False)
        ]
        text = f"{'; '.join(phrases)}, which is in {self.place(chain[-1])}."
        top = chain[-1]
        more = self.graph.out(top, INHERITS)
        if written := ([] if more else self._written_bases(top)):
            text += f" The class statement of `{top}` names {code(written)}, which no file of ours defines."
        elif (top, INHERITS) not in self.found.out or more:
            on = f" ({code(more)})" if more else ""
            text += f" `{top}` has bases of its own{on}, so the hierarchy goes on from there."
        look = f"A method that `{name}` does not define itself is looked up there"
        return f"{text} {look}{', in this order' if len(chain) > 2 else ''}."

    def _written_bases(self, name: str) -> list[str]:
        """The bases in a class statement of one line, where they are plain names that no class of the
        repository has.
        """
        path, (first, last) = self.found.places[name]
        lines = self.text(path).splitlines()[first - 1 : last]
        found = re.search(
            rf"^\s*class {re.escape(name.rpartition('.')[2])}\(([\w., ]+)\):", "\n".join(lines), re.M
        )
        bases = [base.strip() for base in found[1].split(",") if base.strip()] if found else []
        ours = {one.rpartition(".")[2] for one in self.found.places}
        return bases if not {base.rpartition(".")[2] for base in bases} & (ours | {"object"}) else []

    def _callers(self, name: str) -> str:
        """Who calls a function outside the tests, and who calls those."""
        direct = [one for one in self.graph.back(name, CALLS) if one in self.found.places]
        if (name, CALLS) not in self.found.back or not 1 <= len(direct) <= MOST:
            return ""
        second = {
            one: self.graph.back(one, CALLS)
            for one in direct
            if (one, CALLS) in self.found.back and 1 <= len(self.graph.back(one, CALLS)) <= 4
        }
        if len(direct) == 1:
            text = f"outside the tests, `{name}` ({self.place(name)}) is called by `{direct[0]}` in"
            text += f" {self.call_line(direct[0], name)} and by nothing else."
            if direct[0] in second:
                text += f" That one is called by {code(second[direct[0]])}."
            return text
        lines = []
        for one in direct:
            more = f", itself called by {code(second[one])}" if one in second else ""
            lines.append(f"- `{one}` in {self.call_line(one, name)}{more}")
        head = f"`{name}` ({self.place(name)}) has {len(direct)} callers outside the tests:"
        return f"{head}\n\n" + "\n".join(lines)
