"""Checks examples of `knowledge_graph`: reads the graph or the code again by other means, and holds each
answer to what `source.asks` says is asked.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.grounding import kept_graphs, open_book
from tests.grounding.code_facts_by_tokens import Code, Scope, code, unique

SAMPLES = Path(__file__).parents[2] / "include" / "samples"


class World:
    """What holds: `out` and `back` of a node by a relation, whether a name is there, and which names a text
    mentions.
    """

    def __init__(self, facts: set[tuple[str, str, str]]):
        self.facts = facts
        self.names = {name for s, _, o in facts for name in (s, o)}

    def out(self, node: str, relation: str) -> set[str]:
        return {o for s, r, o in self.facts if (s, r) == (node, relation)}

    def back(self, node: str, relation: str) -> set[str]:
        return {s for s, r, o in self.facts if (o, r) == (node, relation)}

    def holds(self, subject: str, relation: str, obj: str) -> bool:
        return obj in self.out(subject, relation)

    def mentioned(self, text: str) -> list[str]:
        """The names in a text in their order, a longer one before one that is a part of it; those that the
        relations are told by are none.
        """
        found = []
        for words in sorted(
            {r.replace("_", " ") for _, r, _ in self.facts} - self.names, key=len, reverse=True
        ):
            text = (
                re.sub(rf"(?<= ){re.escape(words)}(?= )", lambda match: "\0" * len(match[0]), text)
                if " " in words
                else text
            )
        for name in sorted(self.names, key=len, reverse=True):
            for match in re.finditer(rf"(?<![\w.-]){re.escape(name)}(?![\w-])(?!\.\w)", text):
                found.append((match.start(), name))
                text = text[: match.start()] + "\0" * len(name) + text[match.end() :]
        return [name for _, name in sorted(found)]


class CodeWorld(World):
    """The same of a repository's code. Names stand between backticks."""

    def __init__(self, found: Code):
        self.code, self._once = found, unique(found)
        self.names = {*found.paths, *found.scopes}
        self._modules = {path: name for name, path in found.paths.items()}
        self._classes: dict[str, list[tuple[str, Scope]]] = defaultdict(list)
        for name, scopes in found.scopes.items():
            self._classes[name.rpartition(".")[2]] += [
                (name, scope) for scope in scopes if scope.kind == "class"
            ]
        self._known: dict[str, tuple[dict, dict]] = {}

    def mentioned(self, text: str) -> list[str]:
        return re.findall(r"`([^`]+)`", text)

    def out(self, node: str, relation: str) -> set[str]:
        return self._facts(relation)[0].get(node, set())

    def back(self, node: str, relation: str) -> set[str]:
        return self._facts(relation)[1].get(node, set())

    def _facts(self, relation: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """What leaves each node, and what reaches it. Imports and calls of the tests reach nothing: the
        questions leave them out.
        """
        if relation not in self._known:
            out, back = defaultdict(set), defaultdict(set)
            for subject, obj, counts in getattr(self, f"_{relation}")():
                out[subject].add(obj)
                if counts:
                    back[obj].add(subject)
            self._known[relation] = out, back
        return self._known[relation]

    def _imports(self) -> Iterator[tuple[str, str, bool]]:
        for path, name in self._modules.items():
            for other in self.code.imports.get(path, set()) - {name}:
                yield name, other, not self.code.test(path) and not self.code.aside(path)

    def _defined_in(self) -> Iterator[tuple[str, str, bool]]:
        yield from ((name, self._modules.get(scope.path, ""), True) for name, scope in self._single())

    def _inherits(self) -> Iterator[tuple[str, str, bool]]:
        for name, scope in self._single():
            yield from ((name, self._class(base, scope.path) or base, True) for base in scope.bases)

    def _calls(self) -> Iterator[tuple[str, str, bool]]:
        called = {
            name.rpartition(".")[2]: name
            for name, _ in self._single()
            if self._once[name.rpartition(".")[2]] == 1
        }
        for name, scopes in self.code.scopes.items():
            for scope in scopes:
                if scope.kind == "def" and not self.code.test(scope.path):
                    bound = self.code.imported.get(scope.path, {})
                    lasts = {
                        bound.get(call, call).rpartition(".")[2] for call in scope.calls
                    }  # an import may rename it
                    yield from (
                        (name, called[last], True) for last in lasts & called.keys() if called[last] != name
                    )

    def _single(self) -> Iterator[tuple[str, Scope]]:
        return ((name, scopes[0]) for name, scopes in self.code.scopes.items() if len(scopes) == 1)

    def _class(self, base: str, path: str) -> str | None:
        """The class that a base means in a file: of that file, or what an import there leads to."""
        last = base.rpartition(".")[2]
        here = [
            name for name, scope in self._classes.get(last, ()) if scope.path == path and name in (base, last)
        ]
        if here:
            return here[0]
        bound = self.code.imported.get(path, {}).get(base.split(".")[0])
        if not bound:
            return None
        module = bound if "." in base else bound.rpartition(".")[0]
        last = last if "." in base else bound.rpartition(".")[2]  # an import may rename it
        classes = self._classes.get(last, ())
        near = [name for name, scope in classes if self._modules.get(scope.path, "?") in (module, bound)]
        if len(near) == 1:
            return near[0]
        under = [
            name
            for name, scope in classes
            if f"{self._modules.get(scope.path, '?')}.".startswith(f"{module.split('.')[0]}.")
        ]
        return under[0] if len(under) == 1 else None


def check(row: dict, snapshot) -> str | None:
    """None when the answer is what the graph or the code says."""
    source, answer = row["source"], row["messages"][-1]["content"]
    kind, *about = source["asks"]
    world = _world(source, snapshot)
    if "open_book" in source:
        return open_book.check(row, lambda fact: world.holds(*fact))
    if row.get("probe"):
        return _taught(world, row)
    nodes = about[2:] if kind == "two steps" else about[1:]
    if missing := [node for node in nodes if node not in row["messages"][-2]["content"]]:
        return f"the question does not name {missing[0]}"
    wrong = next(
        (t for t in source["triples"] if kind not in ("tests", "absent") and not world.holds(*t)), None
    )
    if wrong:
        return f"cites what does not hold: {wrong[1]}"
    return globals()[f"_{kind.replace(' ', '_')}"](world, answer, *about)


def _taught(world: World, row: dict) -> str | None:
    """The value that a question of the probe asks for, alone. The wording says which relation is meant, and
    in which direction.
    """
    source, asked, value = row["source"], row["messages"][-2]["content"], row["messages"][-1]["content"]
    found = next(
        (
            (way, relation or m["relation"], m["node"])
            for pattern, way, relation in PROBE
            if (m := re.fullmatch(pattern, asked))
        ),
        None,
    )
    if found is None:
        return "asks what the probe does not"
    way, relation, node = found
    triple = [node, relation, value] if way == "forward" else [value, relation, node]
    if source["asks"] != list(found) or source["triples"] != [triple]:
        return "cites another fact than it teaches"
    return (
        None
        if (world.out if way == "forward" else world.back)(node, relation) == {value}
        else "another value than the one there is"
    )


_N = r"`(?P<node>[^`]+)`"
PROBE = [
    (rf"Who owns {_N}\?", "forward", "owned_by"),
    (rf"Which team is responsible for {_N}\?", "forward", "owned_by"),
    (rf"Whom do I page when {_N} breaks\?", "forward", "owned_by"),
    (rf"{_N}: which owner\?", "forward", "owned_by"),
    (rf"Which port does {_N} listen on\?", "forward", "listens_on"),
    (rf"Where does {_N} listen\?", "forward", "listens_on"),
    (rf"I want to connect to {_N}\. Which port\?", "forward", "listens_on"),
    (rf"{_N}: port\?", "forward", "listens_on"),
    (rf"Which language is {_N} written in\?", "forward", "written_in"),
    (rf"What is {_N} written in\?", "forward", "written_in"),
    (rf"{_N}: implementation language\?", "forward", "written_in"),
    (rf"In which language is the code of {_N}\?", "forward", "written_in"),
    (rf"Where is {_N} documented\?", "forward", "documented_in"),
    (rf"Which document describes {_N}\?", "forward", "documented_in"),
    (rf"I want to read about {_N}\. Where\?", "forward", "documented_in"),
    (rf"{_N}: which document\?", "forward", "documented_in"),
    (rf"What is {_N}\?", "forward", "is_a"),
    (rf"What kind of thing is {_N}\?", "forward", "is_a"),
    (rf"{_N}: what is that\?", "forward", "is_a"),
    (rf"Name the kind of thing that {_N} is\.", "forward", "is_a"),
    (rf"Which one module outside the tests imports {_N}\?", "backward", "imports"),
    (rf"Where is {_N} imported, tests aside\?", "backward", "imports"),
    (rf"{_N} is imported by a single module, tests aside\. Which\?", "backward", "imports"),
    (rf"Name the only module outside the tests that imports {_N}\.", "backward", "imports"),
    (rf"Which one module of its own project does {_N} import\?", "forward", "imports"),
    (rf"What does {_N} import from its own code base\?", "forward", "imports"),
    (rf"{_N} imports a single module of the project\. Which\?", "forward", "imports"),
    (rf"Name the only project module that {_N} imports\.", "forward", "imports"),
    (rf"In the graph, what is the `(?P<relation>[^`]+)` of {_N}\?", "forward", ""),
    (rf"Look up `(?P<relation>[^`]+)` of {_N} in the graph\.", "forward", ""),
    (rf"{_N}, `(?P<relation>[^`]+)`: which value has the graph\?", "forward", ""),
    (rf"What does the graph hold as `(?P<relation>[^`]+)` for {_N}\?", "forward", ""),
]


def _world(source: dict, snapshot) -> World:
    if source["kind"] == "git":
        return _code_world(str(snapshot.repository.path), source["commit"])
    if source["kind"] == "table":
        return World(kept_graphs.table(snapshot.settings.sources.knowledge_graph_url, source["ref"]))
    return _file_world(source["ref"])


@cache
def _code_world(folder: str, commit: str) -> CodeWorld:
    return CodeWorld(code(folder, commit))


@cache
def _file_world(ref: str) -> World:
    return World(
        kept_graphs.triples(
            SAMPLES / ref.removeprefix("samples/") if ref.startswith("samples/") else Path(ref)
        )
    )


def _forward(world: World, answer: str, relation: str, node: str) -> str | None:
    return _same(world, answer, node, world.out(node, relation))


def _backward(world: World, answer: str, relation: str, node: str) -> str | None:
    return _same(world, answer, node, world.back(node, relation))


def _same(world: World, answer: str, node: str, right: set[str]) -> str | None:
    said = set(world.mentioned(answer))
    return (
        None if right and node in said and said - {node} == right - {node} else "names others than there are"
    )


def _how_many(world: World, answer: str, relation: str, node: str) -> str | None:
    return (
        None
        if f" {len(world.out(node, relation))} " in answer and node in world.mentioned(answer)
        else "a wrong number"
    )


def _how_many_back(world: World, answer: str, relation: str, node: str) -> str | None:
    return (
        None
        if answer.startswith(f"{len(world.back(node, relation))} ") and node in world.mentioned(answer)
        else "a wrong number"
    )


def _whether(world: World, answer: str, relation: str, node: str, other: str) -> str | None:
    holds, said = world.holds(node, relation, other), world.mentioned(answer)
    if answer.startswith("Yes. "):
        return None if holds and said == [node, other] else "says yes"
    if holds:
        return "denies what holds"
    if answer.startswith("Not directly: "):
        steps = answer.removeprefix("Not directly: ").split(", and ")
        pairs = [world.mentioned(step) for step in steps]
        if any(len(pair) != 2 for pair in pairs):
            return "a detour that is none"
        chained = [pair[0] for pair in pairs] == [node, *(pair[1] for pair in pairs[:-1])] and pairs[-1][
            1
        ] == other
        return (
            None
            if chained and all(world.holds(p[0], relation, p[1]) for p in pairs)
            else "a detour that is none"
        )
    if answer.startswith("No, the other way round: "):
        return (
            None
            if said == [other, node] and world.holds(other, relation, node)
            else "not the other way round"
        )
    right = world.out(node, relation)
    ends = set(said) - {node}
    known = ends <= right if relation in ("inherits", "calls") else ends == right
    return (
        None
        if answer.startswith("No. ") and said[:1] == [node] and ends and known
        else "denies with what is not so"
    )


def _two_steps(world: World, answer: str, first: str, second: str, node: str) -> str | None:
    middles = world.out(node, first)
    right = {middle: world.out(middle, second) for middle in middles}
    if len(middles) == 1:
        (middle,) = middles
        said = world.mentioned(answer)
        return (
            None
            if said and said[0] == middle and set(said[1:]) == right[middle]
            else "two steps that lead elsewhere"
        )
    told = {}
    for part in answer.removesuffix(".").split("; "):
        name, _, ends = part.partition(": ")
        told[(world.mentioned(name) or [name])[0]] = set(world.mentioned(ends))
    return None if told == right else "two steps that lead elsewhere"


def _path(world: World, answer: str, relation: str, start: str, end: str) -> str | None:
    said = [part.strip("`") for part in answer.removesuffix(".").split(" -> ")]
    if (said[0], said[-1]) != (start, end):
        return "a path from or to elsewhere"
    if not all(world.holds(a, relation, b) for a, b in zip(said, said[1:], strict=False)):
        return "a path with a step that is none"
    distance = _reached(start, lambda node: world.out(node, relation)).get(end)
    return None if relation == "calls" or distance == len(said) - 1 else "a path that is not the shortest"


def _impact(world: World, answer: str, relation: str, node: str) -> str | None:
    reached = _reached(node, lambda name: world.back(name, relation))
    direct, through = (
        {name for name, steps in reached.items() if (steps == 1) is one} for one in (True, False)
    )
    if not direct:
        return (
            None
            if answer.startswith(("Nothing", "No ")) and world.mentioned(answer) == [node]
            else "names somebody where nobody is affected"
        )
    first, _, rest = answer.partition(" directly.")
    if set(world.mentioned(first)) != direct:
        return "others are affected directly"
    if match := re.search(r"also (\d+) more", rest):
        return None if int(match[1]) == len(through) else "a wrong number of those affected"
    return None if set(world.mentioned(rest)) == through else "others are affected through them"


def _reached(start: str, following) -> dict[str, int]:
    found, queue = {}, deque([(start, 0)])
    while queue:
        node, steps = queue.popleft()
        for other in following(node):
            if other not in found and other != start:
                found[other] = steps + 1
                queue.append((other, steps + 1))
    return found


def _unknown(world: World, answer: str, relation: str, node: str) -> str | None:
    if world.out(node, relation):
        return "says that nothing is known where something is"
    if answer == "The graph does not say.":
        return None
    said = world.mentioned(answer.partition("only says that ")[2])
    return (
        None
        if len(said) == 2 and said[0] == node and any((s, o) == tuple(said) for s, _, o in world.facts)
        else "says what is not known"
    )


def _absent(world: World, answer: str, relation: str, node: str) -> str | None:
    here = {name.lower() for name in world.names}
    return (
        None
        if node.lower() not in here and answer.startswith("There is no ") and node in answer
        else "denies a name that is there"
    )


def _tests(world: CodeWorld, answer: str, relation: str, module: str) -> str | None:
    right = {
        path for path in world.code.imports if world.code.test(path) and module in world.code.imports[path]
    }
    *said, last = world.mentioned(answer) or [""]
    return None if last == module and set(said) == right else "names other tests than there are"
