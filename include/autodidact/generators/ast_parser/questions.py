"""What can be asked about a definition of a code base: one method a kind, which gives question shapes, the
answer and where it is to be checked.

What is not there, and what a mistaken question takes for granted, is in code_denials.py.
"""

import ast
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autodidact.errors import AutodidactError
from autodidact.generators.writing.wording import capital, listing
from autodidact.sources.code.codebase import CANDIDATES, CodeBase
from autodidact.sources.code.definitions import is_test
from autodidact.sources.code.files import Definition
from autodidact.sources.git.repository import Repository

# Names in one answer; a longer list is no answer.
MOST = 8
# characters.
MAX_SIGNATURE = 240
MAX_LINE = 160
ROLES = re.compile(
    r":[\w+-]+(?::[\w+-]+)?:`[~!]?([^`<]+?)(?:\s*<[^`]*>)?`"
)  # reStructuredText: :class:`~a.B`


@dataclass
class Asked:
    """`shapes`: the ways to ask. `path` and `lines`: where the answer is to be seen, those of the definition
    unless given.
    """

    shapes: Sequence[str]
    answer: str
    path: str | None = None
    lines: list[int] | None = None


class Questions:
    """A method of the name of a kind takes (definition, rng) and returns Asked, or None where there is
    nothing to ask.
    """

    def __init__(self, code: CodeBase, repository: Repository):
        self.code, self.repository = code, repository
        self.count = Counter(itertools.chain.from_iterable(file.distinct for file in code.files.values()))

    def label(self, d: Definition) -> str:
        return f"`{d.qualname}`" if self.count[d.qualname] == 1 else f"`{d.qualname}` in `{d.path}`"

    def listed(self, found: Iterable[Definition]) -> str:
        """Names by file: "`a` and `b` in `x.py`; `c` in `y.py`"."""
        files: dict[str, dict[str, None]] = {}
        for d in found:  # a getter and its setter have one name
            files.setdefault(d.path, {})["the top level" if d.kind == "module" else f"`{d.qualname}`"] = None
        return "; ".join(
            f"{listing(names)} {'of' if [*names] == ['the top level'] else 'in'} `{path}`"
            for path, names in files.items()
        )

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
        return Asked(asked, f"`{d.signature}`, {place}.")

    def doc(self, d, rng):
        text = prose(d.doc)
        if not 20 <= len(text) <= 400:
            return None
        name, thing = self.label(d), "class" if d.kind == "class" else "method" if d.owner else "function"
        asked = [f"What does {name} do?", f"What is {name} for?", f"Explain {name} in a sentence or two."]
        if d.signature and len(d.signature) <= 120:
            asked.append(f"```python\n{d.signature}\n```\nWhat does this {thing} of `{d.path}` do?")
        return Asked(asked, text)

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
        return Asked(asked, f"It calls {self.listed(found)}.")

    def callers(self, d, rng):
        known = self.code.callers(d)
        if not known or not 1 <= len(known[0]) <= MOST:
            return None
        found, all_of_them = known
        real = [c for c in found if not c.test]
        if not all_of_them:
            answer = (
                f"At least {self.listed(real or found)}. Other calls of a `{d.name}` do not show whose it is."
            )
        elif real:
            answer = capital(f"{self.listed(real)}.")
        else:
            answer = f"Only tests call it: {self.listed(found)}."
        name = self.label(d)
        return Asked(
            [
                f"Who calls {name}?",
                f"I am changing {name}. Which callers do I check?",
                f"Where is {name} called?",
            ],
            answer,
        )

    def usage(self, d, rng):
        known = self.code.callers(d)
        if not known or not known[0]:
            return None
        callers = [c for c in known[0] if not c.test] or known[0]
        caller = rng.choice(callers)
        number = self.code.line_of(caller, d)
        line = self.line(caller.path, number)
        if line is None:
            return None
        name = self.label(d)
        asked = [
            f"How is {name} used?",
            f"Show me a real call of {name}.",
            f"Give me an example of {name} from this repository.",
        ]
        if not d.owner:
            asked.append(f"I want to use `{d.name}` from `{d.path}`. How do others here do it?")
        place = f"line {number} of `{caller.path}`" + (
            "" if caller.kind == "module" else f", in `{caller.qualname}`"
        )
        lines = [number, number] if caller.kind == "module" else caller.lines
        return Asked(asked, f"```python\n{line}\n```\nThat is {place}.", caller.path, lines)

    def tests(self, d, rng):
        tested = not d.test and d.public and any(file.test for file in self.code.calling(d.name))
        known = self.code.callers(d) if tested else None
        found = [c for c in known[0] if c.test and c.name.startswith("test")] if known else []
        if not 1 <= len(found) <= MOST:
            return None
        name = self.label(d)
        asked = [
            f"Which tests call {name}?",
            f"I changed {name}. Which tests exercise it directly?",
            f"Where is {name} tested?",
        ]
        return Asked(asked, f"{self.listed(found)}." if known[1] else f"At least {self.listed(found)}.")

    def bases(self, d, rng):
        if d.kind != "class" or not 1 <= len(d.bases) <= MOST:
            return None
        name = self.label(d)
        asked = [
            f"Which classes does {name} build on?",
            f"How does the class statement of {name} name its bases?",
            f"{name} derives from what?",
        ]
        return Asked(
            asked, f"`{d.name}` inherits from {listing(f'`{b}`' for b in d.bases)}; it is in `{d.path}`."
        )

    def subclasses(self, d, rng):
        found = self.code.children(d) if len(self.code.deriving(d.name)) <= CANDIDATES else []
        if not 1 <= len(found) <= MOST:
            return None
        name = self.label(d)
        return Asked(
            [f"Which classes inherit from {name}?", f"What subclasses does {name} have?"],
            f"{self.listed(found)}.",
        )

    def lineage(self, d, rng):
        """A class's bases of bases, as far as this code base defines them."""
        line, last = [], d
        while last.kind == "class" and len(last.bases) == 1 and len(line) < 5:
            found = self.code.bases(last)
            if len(found) != 1:
                break
            last = found[0]
            line.append(last)
        if len(line) < 2:
            return None
        name = self.label(d)
        asked = [
            f"What are the ancestors of {name}?",
            f"Which classes stand above {name}?",
            f"Trace the inheritance of {name} upwards.",
        ]
        steps = f"`{d.name}` inherits from " + ", which inherits from ".join(
            f"`{base.qualname}` (`{base.path}`)" for base in line
        )
        return Asked(asked, f"{steps}.")

    def overrides(self, d, rng):
        if not d.owner or d.kind == "class" or d.name == "__init__":
            return None
        holder = self.code.files[d.path].get(d.owner)
        found = (
            [
                base
                for base in self.code.bases(holder)
                if self.code.files[base.path].get(f"{base.qualname}.{d.name}")
            ]
            if holder
            else []
        )
        if len(found) != 1:
            return None
        base, name = found[0], self.label(d)
        asked = [
            f"Which method does {name} override?",
            f"Does {name} replace something that it would inherit?",
        ]
        return Asked(
            asked,
            f"`{base.qualname}.{d.name}` in `{base.path}`: `{d.owner}` inherits from `{base.qualname}` and"
            f" defines `{d.name}` anew.",
        )

    def methods(self, d, rng):
        found = (
            [m for m in dict.fromkeys(m.name for m in self.code.members(d)) if not m.startswith("_")]
            if d.kind == "class"
            else []
        )
        if not 1 <= len(found) <= 12:
            return None
        name = self.label(d)
        asked = [
            f"Which public methods does {name} define?",
            f"What can I call on {name}?",
            f"List the public methods of {name}.",
        ]
        return Asked(asked, f"{listing(f'`{m}`' for m in found)}, defined in `{d.path}`.")

    def decorators(self, d, rng):
        if not d.decorators:
            return None
        name = self.label(d)
        asked = [f"How is {name} decorated?", f"Which decorators does {name} have?"]
        return Asked(
            asked, f"With {listing(f'`@{x}`' for x in d.decorators)}, at `{d.path}` line {d.lines[0]}."
        )

    def default(self, d, rng):
        if not d.defaults or len(d.signature) > MAX_SIGNATURE:
            return None
        parameter = rng.choice(sorted(d.defaults))
        name = self.label(d)
        asked = [
            f"What is the default of `{parameter}` in {name}?",
            f"I call {name} without `{parameter}`. Which value does it get?",
        ]
        return Asked(asked, f"`{d.defaults[parameter]}`: the signature is `{d.signature}`.")

    def raises(self, d, rng):
        if not 1 <= len(d.raises) <= MOST:
            return None
        name = self.label(d)
        asked = [
            f"Which exceptions does {name} raise itself?",
            f"What may {name} raise in its own body?",
            f"What do I catch around {name}?",
        ]
        return Asked(asked, f"{listing(f'`{x}`' for x in d.raises)}, raised in the body of `{d.qualname}`.")

    def returns(self, d, rng):
        if not d.returns or d.returns == "None":
            return None
        name = self.label(d)
        asked = [f"What type does {name} return?", f"What do I get back from {name}?"]
        return Asked(asked, f"`{d.returns}`, by the annotation of `{d.name}` in `{d.path}`.")

    def where(self, d, rng):
        if self.count[d.qualname] != 1 or not d.owner:
            return None
        asked = [
            f"Where is the code of `{d.qualname}`?",
            f"Which file and line has `{d.qualname}`?",
            f"Open `{d.qualname}` for me: which file?",
        ]
        return Asked(asked, f"`{d.qualname}` is in `{d.path}`, at line {d.lines[0]}.")

    def module(self, d, rng):
        file = self.code.files[d.path]
        if d.qualname != file.names[0]:
            return None
        text = prose(file.doc)
        if 20 <= len(text) <= 400:
            return Asked(
                [f"What is `{d.path}` about?", f"What is the module `{file.module}` for?"],
                text,
                lines=[1, d.lines[1]],
            )
        own = [name for name in file.places if "." not in name and not name.startswith("_")]
        if not 1 <= len(own) <= 10:
            return None
        asked = [f"What does `{d.path}` define?", f"Which public names does `{d.path}` have?"]
        last = max(x.lines[1] for x in file)
        return Asked(
            asked,
            f"At its top level `{d.path}` defines {listing(f'`{x}`' for x in own)}.",
            lines=[d.lines[0], last],
        )

    def importers(self, d, rng):
        """How the others use a file."""
        file = self.code.files[d.path]
        if d.qualname != file.names[0]:
            return None
        found = [other.path for other in self.code.importers(file)]
        real = [path for path in found if not is_test(path)]
        if not 1 <= len(real or found) <= MOST:
            return None
        asked = [
            f"Which files import `{d.path}`?",
            f"Who depends on the module `{file.module}`?",
            f"I am renaming `{d.path}`. Which imports break?",
        ]
        named = listing(f"`{path}`" for path in real or found)
        answer = f"{named}." if real else f"Only tests import it: {named}."
        for target in map(file.at, range(min(MOST, len(file.names)))):
            use = next(
                (caller for caller in (self.code.callers(target) or ([],))[0] if caller.path in real), None
            )
            if use:
                answer += f" For example {self.listed([use])} calls `{target.qualname}`."
                break
        return Asked(asked, answer, lines=[1, d.lines[1]])

    def chain(self, d, rng):
        direct = self.code.callees(d)
        known = {id(x) for x in (d, *direct)}
        steps = [
            (middle, last)
            for middle in direct[:MOST]
            for last in self.code.callees(middle)[:MOST]
            if id(last) not in known
        ]
        if not steps:
            return None
        middle, last = rng.choice(steps)
        one, other = self.label(d), self.label(last)
        asked = [
            f"How does {one} come to call {other}?",
            f"By which way does a change of {other} reach {one}?",
        ]
        return Asked(
            asked,
            f"Through `{middle.qualname}`: `{d.qualname}` calls `{middle.qualname}`, which calls"
            f" `{last.qualname}`.",
        )

    def line(self, path: str, number: int) -> str | None:
        """A line of a file if it is a whole statement by itself."""
        try:
            source = self.repository.read(self.code.files[path].blob).decode("utf-8-sig")
            text = re.split(r"\r\n|\r|\n", source)[number - 1].strip()
        except (AutodidactError, UnicodeDecodeError, IndexError):
            return None
        if not 8 <= len(text) <= MAX_LINE or text.startswith(("@", "def ", "async def ", "class ")):
            return None
        try:
            ast.parse(f"async def f():\n {text} pass" if text.endswith(":") else f"async def f():\n {text}")
        except (SyntaxError, ValueError):
            return None
        return text


def prose(doc: str) -> str:
    """A docstring's first paragraph as a sentence: reStructuredText roles and double backticks as plain code,
    a full stop at its end.
    """
    text = ROLES.sub(r"`\1`", doc).replace("``", "`").strip()
    if re.search(r"^(>>>|:\w+ |@\w+|\.\. |[-=*#]{3})", text):
        return ""
    return text if not text or text[-1] in ".!?" else text.rstrip(":;,") + "."
