"""Questions about the Python code of the repository at the cycle's commit, answered from its syntax trees.

Source: git blobs read by `ast`. What changed since the window began comes first, then a refresh sample of the rest; tests come last.

    {"generator": "ast_parser", "category": "architecture",
     "messages": [{"role": "user", "content": "Who calls `BaseClient._build_auth`?"},
                  {"role": "assistant", "content": "`BaseClient.auth` and `BaseClient._build_request_auth` in `httpx/_client.py`."}],
     "source": {"kind": "git", "ref": "httpx/_client.py:438", "commit": "ae1b9f66...", "path": "httpx/_client.py", "lines": [438, 450]}}
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from autodidact.errors import Skipped
from autodidact.generators import code_facts, probe_facts
from autodidact.generators.code_facts import source
from autodidact.records import Example, Question, example
from autodidact.snapshot import Snapshot
from autodidact.sources.code import is_test
from autodidact.sources.codebase import CodeBase, Definition

MOST = 8  # names in one answer; a longer list is no answer
MAX_SIGNATURE = 240  # characters
SHAPES = 2  # questions asked about one fact

# Share of each kind of question; a fifth are about what is not there, so that the model learns to say so.
KINDS = {
    "signature": 12, "doc": 14, "calls": 8, "callers": 11, "bases": 4, "subclasses": 3, "methods": 5, "decorators": 3, "default": 6,
    "raises": 5, "returns": 4, "where": 5, "module": 3, "chain": 5, "absent": 6, "elsewhere": 4, "no_parameter": 3, "not_base": 2,
}  # fmt: skip
_SPECIAL = re.compile(r"__\w+__")
_ASKED = ("__init__", "__call__")  # of the special methods
REASONING = {"callers", "default", "chain", "no_parameter", "not_base", "elsewhere"}


def generate(snapshot: Snapshot) -> Iterator[Example]:
    """The trained wordings of the knowledge probe, then questions of every kind up to the limit. Skipped without Python code."""
    code = _read(snapshot)
    asked = questions(snapshot, code)
    met = {question.reserved for question in asked}
    for row in probe_facts.examples(asked, code_facts.WORDINGS, "architecture"):
        met.add(row.prompt())
        yield row
    for kind, definition, prompt, answer in _facts(snapshot, code):
        if prompt not in met:
            met.add(prompt)
            category = "reasoning" if kind in REASONING else "architecture"
            yield example("ast_parser", category, prompt, answer, source(code, definition.path, definition.lines))


def questions(snapshot: Snapshot, code: CodeBase | None = None) -> list[Question]:
    """What the knowledge probe asks about this commit; facts that the champion's commit did not have come first and are `fresh`."""
    code = code or _read(snapshot)
    old = None
    changed = snapshot.repository.changed(snapshot.champion_commit)
    if snapshot.champion_commit and snapshot.repository.has(snapshot.champion_commit):
        with snapshot.repository.at(snapshot.champion_commit) as before:
            old = CodeBase(before, snapshot.cache, only=changed)
    return probe_facts.questions("ast_parser", code_facts.facts(code, old, changed), code_facts.WORDINGS)


def _read(snapshot: Snapshot) -> CodeBase:
    if snapshot.repository is None:
        raise Skipped("no repository")
    if not snapshot.repository.files([".py"]):
        raise Skipped("the repository has no Python files")
    code = CodeBase(snapshot.repository, snapshot.cache, snapshot.troubles)
    if not code.files:
        raise Skipped("none of the repository's Python files can be read")
    return code


def _facts(snapshot: Snapshot, code: CodeBase) -> Iterator[tuple[str, Definition, str, str]]:
    """(kind, definition, question, answer): changed files first, tests last, kinds mixed by their shares; then other questions on the same."""
    changed = snapshot.repository.changed(snapshot.previous_commit)
    asker = _Asker(code)
    for shape in range(SHAPES):
        for test in (False, True):
            for new in (True, False):
                rng = snapshot.rng("ast_parser", str(shape), str(test), str(new))
                tier = [d for d in asker.definitions if d.test is test and (d.path in changed) is new]
                queues = {}
                for kind in KINDS:
                    rng.shuffle(tier)
                    queues[kind] = _ask(asker, kind, list(tier), shape, rng)
                while queues:
                    (kind,) = rng.choices(list(queues), [KINDS[k] for k in queues])
                    fact = next(queues[kind], None)
                    if fact is None:
                        del queues[kind]
                    else:
                        yield kind, *fact


def _ask(asker: "_Asker", kind: str, tier: list[Definition], shape: int, rng: random.Random) -> Iterator[tuple[Definition, str, str]]:
    make: Callable = getattr(asker, kind)
    for definition in tier:
        found = make(definition, rng)
        if found:
            shapes, answer = found
            yield definition, shapes[(len(definition.qualname) + definition.lines[0] + shape) % len(shapes)], answer


class _Asker:
    """One method a kind: (questions, answer) on a definition, or None where there is nothing to ask."""

    def __init__(self, code: CodeBase):
        self.code = code
        self.count = Counter(d.qualname for d in code.definitions)
        own = Counter((d.path, d.qualname) for d in code.definitions)
        self.definitions = [
            d for d in code.definitions if own[d.path, d.qualname] == 1 and (not _SPECIAL.fullmatch(d.name) or d.name in _ASKED)
        ]  # overloads and setters share a name
        self.names = {d.name for d in code.definitions} | {p for d in code.definitions for p in d.params}
        self.parameters = sorted({p for d in code.definitions if not d.test for p in d.params if len(p) > 2 and not p.startswith("_")})
        self.paths = [path for path in sorted(code.files) if not is_test(path)] or sorted(code.files)
        self.words = sorted({w for d in code.definitions if d.public for w in d.name.split("_") if len(w) > 2 and w.islower()})
        self.first = {path: next((d for d in self.definitions if d.path == path), None) for path in code.files}

    def label(self, d: Definition) -> str:
        return f"`{d.qualname}`" if self.count[d.qualname] == 1 else f"`{d.qualname}` in `{d.path}`"

    def listed(self, found: Iterable[Definition]) -> str:
        """Names by file: "`a` and `b` in `x.py`; `c` in `y.py`"."""
        files: dict[str, list[str]] = {}
        for d in found:
            files.setdefault(d.path, []).append(f"`{d.qualname}`")
        return "; ".join(f"{_and(names)} in `{path}`" for path, names in files.items())

    def signature(self, d, rng):
        if d.kind == "class" or len(d.signature) > MAX_SIGNATURE:
            return None
        place = f"a method of `{d.owner}` in `{d.path}`" if d.owner else f"in `{d.path}`"
        name = self.label(d)
        asked = [
            f"What is the signature of {name}?",
            f"How is {name} declared?",
            f"Which arguments does {name} take?",
            f"{name}: signature?",
        ]
        return asked, f"`{d.signature}`, {place}."

    def doc(self, d, rng):
        text = _prose(d.doc)
        if not 20 <= len(text) <= 400:
            return None
        name, thing = self.label(d), "class" if d.kind == "class" else "method" if d.owner else "function"
        asked = [f"What does {name} do?", f"What is {name} for?", f"Explain {name} in a sentence or two."]
        if d.signature and len(d.signature) <= 120:
            asked.append(f"```python\n{d.signature}\n```\nWhat does this {thing} of `{d.path}` do?")
        return asked, text

    def calls(self, d, rng):
        found = self.code.callees(d) if d.calls else []
        if not 1 <= len(found) <= MOST:
            return None
        name = self.label(d)
        asked = [
            f"What does {name} call in this code base?",
            f"Which parts of this project does {name} use?",
            f"List the calls {name} makes.",
        ]
        return asked, f"It calls {self.listed(found)}."

    def callers(self, d, rng):
        found = self.code.callers(d)
        if not 1 <= len(found) <= MOST:
            return None
        real = [c for c in found if not c.test]
        answer = f"{self.listed(real or found)}."
        if not real:
            answer = f"Only tests call it: {answer}"
        name = self.label(d)
        return [f"Who calls {name}?", f"I am changing {name}. Which callers do I check?", f"Where is {name} called?"], answer

    def bases(self, d, rng):
        if d.kind != "class" or not 1 <= len(d.bases) <= MOST:
            return None
        name = self.label(d)
        asked = [
            f"Which classes does {name} build on?",
            f"How does the class statement of {name} name its bases?",
            f"{name} derives from what?",
        ]
        return asked, f"`{d.name}` inherits from {_and(f'`{b}`' for b in d.bases)}; it is in `{d.path}`."

    def subclasses(self, d, rng):
        found = self.code.children(d) if d.kind == "class" else []
        if not 1 <= len(found) <= MOST:
            return None
        name = self.label(d)
        return [f"Which classes inherit from {name}?", f"What subclasses does {name} have?"], f"{self.listed(found)}."

    def methods(self, d, rng):
        found = [m for m in dict.fromkeys(m.name for m in self.code.members(d)) if not m.startswith("_")] if d.kind == "class" else []
        if not 1 <= len(found) <= 12:
            return None
        name = self.label(d)
        asked = [f"Which public methods does {name} define?", f"What can I call on {name}?", f"List the public methods of {name}."]
        return asked, f"{_and(f'`{m}`' for m in found)}, defined in `{d.path}`."

    def decorators(self, d, rng):
        if not d.decorators:
            return None
        name = self.label(d)
        asked = [f"How is {name} decorated?", f"Which decorators does {name} have?"]
        return asked, f"With {_and(f'`@{x}`' for x in d.decorators)}, at `{d.path}` line {d.lines[0]}."

    def default(self, d, rng):
        if not d.defaults or len(d.signature) > MAX_SIGNATURE:
            return None
        parameter = rng.choice(sorted(d.defaults))
        name = self.label(d)
        asked = [f"What is the default of `{parameter}` in {name}?", f"I call {name} without `{parameter}`. Which value does it get?"]
        return asked, f"`{d.defaults[parameter]}`: the signature is `{d.signature}`."

    def raises(self, d, rng):
        if not 1 <= len(d.raises) <= MOST:
            return None
        name = self.label(d)
        asked = [f"Which exceptions does {name} raise itself?", f"What may {name} raise in its own body?"]
        return asked, f"{_and(f'`{x}`' for x in d.raises)}, raised in the body of `{d.qualname}`."

    def returns(self, d, rng):
        if not d.returns or d.returns == "None":
            return None
        name = self.label(d)
        asked = [f"What type does {name} return?", f"What do I get back from {name}?"]
        return asked, f"`{d.returns}`, by the annotation of `{d.name}` in `{d.path}`."

    def where(self, d, rng):
        if self.count[d.qualname] != 1 or not d.owner:
            return None
        asked = [
            f"Where is the code of `{d.qualname}`?",
            f"Which file and line has `{d.qualname}`?",
            f"Open `{d.qualname}` for me: which file?",
        ]
        return asked, f"`{d.qualname}` is in `{d.path}`, at line {d.lines[0]}."

    def module(self, d, rng):
        file = self.code.files[d.path]
        if self.first[d.path] is not d:
            return None
        own = [x.name for x in file.names.values() if x.owner is None and x.public]
        text = _prose(file.doc)
        if 20 <= len(text) <= 400:
            return [f"What is `{d.path}` about?", f"What is the module `{file.module}` for?"], text
        if not 1 <= len(own) <= 10:
            return None
        asked = [f"What does `{d.path}` define?", f"Which public names does `{d.path}` have?"]
        return asked, f"At its top level `{d.path}` defines {_and(f'`{x}`' for x in own)}."

    def chain(self, d, rng):
        steps = [(middle, last) for middle in self.code.callees(d) for last in self.code.callees(middle) if last not in (d, middle)]
        direct = {id(x) for x in self.code.callees(d)}
        steps = [(middle, last) for middle, last in steps if id(last) not in direct]
        if not steps:
            return None
        middle, last = rng.choice(steps)
        one, other = self.label(d), self.label(last)
        asked = [f"How does {one} come to call {other}?", f"By which way does a change of {other} reach {one}?"]
        return asked, f"Through `{middle.qualname}`: `{d.qualname}` calls `{middle.qualname}`, which calls `{last.qualname}`."

    def absent(self, d, rng):
        parts = d.name.split("_")
        if not d.public or len(parts) < 2 or len(self.words) < 20 or d.kind == "class":
            return None
        position = rng.randrange(len(parts))
        word = rng.choice(self.words)
        name = "_".join([*parts[:position], word, *parts[position + 1 :]])
        if name in self.names or word == parts[position]:
            return None
        asked = [f"What does `{name}` do?", f"Who calls `{name}`?", f"Which file has `{name}`?", f"What is the signature of `{name}`?"]
        return asked, f"No function or class of this code base is named `{name}`. One that exists: `{d.qualname}` in `{d.path}`."

    def elsewhere(self, d, rng):
        if self.count[d.qualname] != 1 or d.owner or not d.public:
            return None
        other = rng.choice(self.paths)
        file = self.code.files[other]
        if other == d.path or d.name in file.names or d.name in file.imports:
            return None
        asked = [f"What does `{d.name}` in `{other}` do?", f"Where in `{other}` is `{d.name}` defined?"]
        return asked, f"`{d.name}` is not in `{other}`; it is defined in `{d.path}`."

    def no_parameter(self, d, rng):
        taken = [p for p in d.params if p not in ("self", "cls")]
        if d.kind == "class" or "*" in d.signature or not 1 <= len(taken) <= MOST:
            return None
        name = rng.choice(self.parameters) if self.parameters else None
        if name is None or name in d.params:
            return None
        asked = [f"What is the default of `{name}` in {self.label(d)}?", f"What do I pass as `{name}` to {self.label(d)}?"]
        return asked, f"`{d.qualname}` has no parameter `{name}`; it takes {_and(f'`{p}`' for p in taken)}."

    def not_base(self, d, rng):
        if d.kind != "class" or len(d.bases) != 1:
            return None
        classes = [x for x in self.definitions if x.kind == "class" and not x.owner and x.public and not x.test]
        other = rng.choice(classes) if classes else None
        if other is None or other is d or self._inherits(d, other.name):
            return None
        asked = [f"Why does {self.label(d)} inherit from `{other.name}`?", f"What does {self.label(d)} take over from `{other.name}`?"]
        return asked, f"It does not inherit from `{other.name}`: the base class of `{d.name}` is `{d.bases[0]}`."

    def _inherits(self, d: Definition, name: str, depth: int = 8) -> bool:
        if any(base.rpartition(".")[2] == name for base in d.bases):
            return True
        return depth > 0 and any(self._inherits(base, name, depth - 1) for base in self.code.bases(d))


def _and(items: Iterable[str]) -> str:
    items = list(items)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _prose(doc: str) -> str:
    """A docstring's first paragraph as a sentence: reStructuredText roles and double backticks as plain code, a full stop at its end."""
    text = re.sub(r":[\w+-]+(?::[\w+-]+)?:`[~!]?([^`<]+?)(?:\s*<[^`]*>)?`", r"`\1`", doc).replace("``", "`").strip()
    if re.search(r"^(>>>|:\w+ |@\w+|\.\. |[-=*#]{3})", text):
        return ""
    return text if not text or text[-1] in ".!?" else text.rstrip(":;,") + "."
