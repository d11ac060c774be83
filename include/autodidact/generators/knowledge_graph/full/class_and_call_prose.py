"""Classes and functions of a repository in prose: the family of a class, and who calls a function."""

import ast
import random
import symtable
from collections.abc import Callable, Iterator

from autodidact.generators.writing.facts_into_words import capital, code, listing
from autodidact.generators.writing.template_rotation import Row, Shapes
from autodidact.sources.code.definitions import is_test
from autodidact.sources.code.relations import CALLS, INHERITS, Relations
from autodidact.sources.code.top_level_names import names_bound

# Classes below one of a list that are named.
BELOW = 5
# Names in a list, and definitions of one kind that are asked about.
MOST = 8
MANY = 400
# Characters of a base in a class statement.
LONGEST = 60


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
        ask = self.ask.draw(kind, m=f"`{name}`") if body else ""
        if "more than one place" in ask:
            body = f"{'No' if 'by nothing else' in body else 'Yes'}. {capital(body)}"
        source = self.cited(path) | {
            "ref": f"{path}:{first}",
            "lines": [first, last],
            "asks": [f"full {kind}", name],
        }
        return Row(ask, capital(body), source, path in self.changed, path)

    def _statement(self, name: str) -> ast.stmt | None:
        """The class or function statement of a definition, with its lines in the file; None where it cannot
        be read by itself.
        """
        path, (first, last) = self.found.places[name]
        text = "\n".join(self.text(path).split("\n")[first - 1 : last])
        # Below an `if`, so that lines of a text which begin further left do no harm.
        text = f"if 1:\n{text}" if text[:1].isspace() else text
        try:
            (node,) = ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        node = node.body[0] if isinstance(node, ast.If) else node
        return ast.increment_lineno(node, first - node.lineno)

    def _uses(self, caller: str, name: str) -> list[ast.Name | ast.Attribute]:
        """Where the body of a definition has the name of a function, in the order of the source."""
        node, short = self._statement(caller), name.rpartition(".")[2]
        found = [
            one
            for one in (ast.walk(node) if node else ())
            if isinstance(one, ast.Name)
            and one.id == short
            or isinstance(one, ast.Attribute)
            and one.attr == short
            and ast.unparse(one.value) != "super()"
        ]
        return sorted(found, key=_line)

    def call_lines(self, caller: str, name: str) -> list[int]:
        """The lines where a function is used in another; none where no line shows it, or where the uses are
        not written alike, so that some may be of something else that has its name.
        """
        uses = self._uses(caller, name)
        written = {ast.unparse(one.value) if isinstance(one, ast.Attribute) else "" for one in uses}
        return sorted({*map(_line, uses)}) if len(written) == 1 else []

    def own_lines(self, name: str) -> list[int] | None:
        """The lines where a function calls itself; None of a method that uses its name on another object,
        which may be one of its class or not, and of a function in which a part binds its name anew.
        """
        owner, uses = name.rpartition(".")[0], self._uses(name, name)
        if not owner:
            bound = _binds(self._statement(name))
            if bound is not False:
                # The name is a variable there.
                return [] if bound else None
            return sorted({_line(one) for one in uses if isinstance(one, ast.Name)})
        on = [(ast.unparse(one.value), one) for one in uses if isinstance(one, ast.Attribute)]
        if not {text for text, _ in on} <= {"self", "cls", owner.rpartition(".")[2]}:
            return None
        return sorted({_line(one) for _, one in on})

    def _call_place(self, caller: str, lines: list[int]) -> str:
        """`app/jobs.py:15`, "lines 15 and 17 of `app/jobs.py`", or, of many, where they begin and end."""
        path = self._path(caller)
        if len(lines) > MOST:
            return f"{len(lines)} lines of `{path}` from {lines[0]} to {lines[-1]}"
        return f"`{path}:{lines[0]}`" if len(lines) == 1 else f"lines {listing(map(str, lines))} of `{path}`"

    def _subclasses(self, name: str) -> str:
        """The classes right below a class with their places, and all below them; "" unless all are known."""
        direct = [one for one in self.graph.back(name, INHERITS) if one in self.found.places]
        family = (name, *self.graph.affected(name, INHERITS))
        whole = all((one, INHERITS) in self.found.back for one in family)
        if not whole or not 1 <= len(direct) <= MOST:
            return ""
        under = {one: sorted(self.graph.affected(one, INHERITS)) for one in direct}
        if len(direct) == 1:
            text = f"`{direct[0]}` in {self.place(direct[0])} inherits from `{name}` ({self.place(name)})"
            if below := under[direct[0]]:
                turn = f"and {_named_or_counted(below)} from that in turn"
                return f"{text}, {turn}."
            return f"{text}. No class of the repository inherits from `{direct[0]}`."
        lines = [
            f"- `{one}` in {self.place(one)}{f', and below it {_named_or_counted(below)}' if below else ''}"
            for one, below in under.items()
        ]
        head = f"{len(direct)} classes inherit directly from `{name}` ({self.place(name)}):"
        return f"{head}\n\n" + "\n".join(lines)

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
        if (top, INHERITS) not in self.found.out or self.graph.out(top, INHERITS):
            # All of them or none: a method may be in the one that is left out.
            written = self._written_bases(top)
            has = f"The class statement of `{top}` names {code(written)}" if written else ""
            has = has or f"`{top}` has bases of its own"
            text += f" {has}, so the hierarchy goes on from there." if written != ["object"] else ""
        look = f"A method that `{name}` does not define itself is looked up there"
        return f"{text} {look}{', in this order' if len(chain) > 2 else ''}."

    def _written_bases(self, name: str) -> list[str]:
        """All that a class statement gives as bases, as it is written; none where one of them is long."""
        node = self._statement(name)
        bases = [ast.unparse(base) for base in node.bases] if isinstance(node, ast.ClassDef) else []
        return bases if all(len(base) <= LONGEST and "`" not in base for base in bases) else []

    def _callers(self, name: str) -> str:
        """Who calls a function outside the tests, the function itself among them."""
        direct = [one for one in self.graph.back(name, CALLS) if one in self.found.places]
        if (name, CALLS) not in self.found.back or not 1 <= len(direct) <= MOST:
            return ""
        own, used = self.own_lines(name), {one: self.call_lines(one, name) for one in direct}
        if own is None or not all(used.values()):
            return ""
        in_lines = f"line {own[0]}" if len(own) == 1 else f"lines {listing(map(str, own))}"
        if len(direct) == 1:
            (one,) = direct
            text = f"outside the tests, `{name}` ({self.place(name)}) is called by `{one}` in"
            text += f" {self._call_place(one, used[one])} and by "
            several = len(used[one]) > 1
            return text + (
                f"itself in {in_lines}." if own else "no other function." if several else "nothing else."
            )
        lines = [f"- `{one}` in {self._call_place(one, used[one])}" for one in direct]
        head = f"`{name}` ({self.place(name)}) has {len(direct)} callers outside the tests"
        body = f"{head}{' besides itself' if own else ''}:\n\n" + "\n".join(lines)
        return f"{body}\n\nIt also calls itself, in {in_lines}." if own else body


def _named_or_counted(classes: list[str]) -> str:
    """All classes by their names where they are few, else how many they are."""
    return code(classes) if len(classes) <= BELOW else f"{len(classes)} classes"


def _binds(node: ast.stmt | None) -> bool | None:
    """Whether a function makes its own name a variable of its own, such as a parameter; None where only a
    part of it does, such as a function inside, or where it means the module's name.
    """
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    parts = (part for child in ast.iter_child_nodes(node) for part in ast.walk(child))
    if not any(node.name in names_bound(part) for part in parts):
        return False
    whole = symtable.symtable(ast.unparse(node), node.name, "exec")
    own = next(table for table in whole.get_children() if table.get_name() == node.name)
    return True if node.name in own.get_identifiers() and own.lookup(node.name).is_local() else None


def _line(node: ast.expr) -> int:
    """The line on which a name stands, which may be below that of what it is an attribute of."""
    return node.end_lineno or node.lineno
