"""A code base as questions look at it: how a definition is called in a sentence, lines of the source, and
other definitions to compare with.
"""

import ast
import random
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from autodidact.errors import AutodidactError
from autodidact.generators.ast_parser.calls_outside_functions import TOP, UNKNOWN, places
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.codebase import CODE, ELSEWHERE, CodeBase
from autodidact.sources.code.copied_docstrings import copied
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.code.python_syntax import Unreadable, text_of
from autodidact.sources.git.repository import Repository

# Names in one answer; a longer list is no answer.
MOST = 8
# The syntax of code that is shown: what the oldest Python that runs this reads, so that all show the same.
SYNTAX = (3, 11)
# Characters.
MAX_SIGNATURE = 240
MAX_LINE = 160
# Of reStructuredText: :class:`~a.B`
ROLES = re.compile(r":[\w+-]+(?::[\w+-]+)?:`[~!]?([^`<]+?)(?:\s*<[^`]*>)?`")


@dataclass
class QuestionAndAnswer:
    """`ways`: how the question may be put. `path` and `lines`: where the answer can be checked, those of the
    definition unless given.
    """

    ways: Sequence[str]
    answer: str
    path: str | None = None
    lines: tuple[int, int] | None = None


class CodeView:
    def __init__(self, code: CodeBase, repository: Repository):
        self.code, self.repository = code, repository
        # In how many files each qualified name is defined.
        self.count = Counter(name for file in code.files.values() for name in file.first)
        # In how many files each dotted name of a module stands for one.
        self.modules = Counter(file.module for file in code.files.values())
        self.paths = [path for path, file in code.files.items() if file.definitions]

    def label(self, d: Definition) -> str:
        """The name alone where no other file, of whatever language, has one like it."""
        naming = d.name if d.name.isascii() else None
        alone = self.count[d.qualname] == 1 and self.code.unread.whole(CODE, ELSEWHERE, naming=naming)
        return f"`{d.qualname}`" if alone else f"`{d.qualname}` in `{d.path}`"

    def closed(self, answer: str, name: str | None) -> str:
        """An answer that is true only if no file that was left out has this name, or None: any; else ""."""
        # What a file in an unknown encoding names with other letters is not seen.
        naming = name if name and name.isascii() else None
        return self.code.unread.closed(answer, CODE, naming=naming)

    def listed(self, found: Iterable[Definition], called: Definition | None = None) -> str:
        """Names by file: "`a` and `b` in `x.py`; `c` in `y.py`". `called`: what they call, if they are
        callers.
        """
        files: dict[str, dict[str, None]] = {}
        for d in found:
            outside = self.outside_functions(d, called) if called else {UNKNOWN: []}
            # A dict, because a getter and its setter have one name.
            names = [*outside] if d.kind == "module" else [f"`{d.qualname}`"]
            files.setdefault(d.path, {}).update(dict.fromkeys(names))
        return "; ".join(
            f"{listing(names)} {'of' if [*names] == [TOP] else 'in'} `{path}`"
            for path, names in files.items()
        )

    def outside_functions(self, caller: Definition, d: Definition) -> dict[str, list[int]]:
        """Where a file calls something outside its functions -> the lines; nothing of a function."""
        if caller.kind != "module":
            return {}
        return places(self.tree(caller.path), {*self.code.names_of(d.name)})

    def tree(self, path: str) -> ast.Module | None:
        """The syntax tree of a file; None where it cannot be read."""
        try:
            text = text_of(self.repository.read(self.code.files[path].blob))
            with warnings.catch_warnings():
                # Invalid escapes in somebody's source are not ours to report.
                warnings.simplefilter("ignore")
                return ast.parse(text, feature_version=SYNTAX)
        except (AutodidactError, Unreadable, SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def another(self, rng: random.Random, wanted: Callable[[Definition], object]) -> Definition | None:
        """Some definition that is wanted; None after twelve that are not."""
        for _ in range(12):
            d = rng.choice(self.code.files[rng.choice(self.paths)].definitions)
            if wanted(d):
                return d
        return None

    def exists(self, name: str) -> bool:
        """Whether something of that name is defined, bound or called anywhere, in inner functions too."""
        return (
            name in self.code.simple
            or name in self._inner
            or bool(self.code.calling(name))
            or self.code.called_inside(name)
        )

    @cached_property
    def copied(self) -> set[str]:
        """The first sentences of docstrings that were copied from one definition to another."""
        return copied((d.name, d.doc) for d in self.code.definitions if d.doc)

    @cached_property
    def _inner(self) -> set[str]:
        return {name for file in self.code.files.values() for name in file.inner}

    def mentions(self, d: Definition, name: str) -> bool:
        """Whether the lines of a definition have a word, or cannot be read."""
        try:
            lines = text_of(self.repository.read(self.code.files[d.path].blob)).split("\n")
        except (AutodidactError, Unreadable):
            return True
        return re.search(rf"\b{re.escape(name)}\b", "\n".join(lines[d.lines[0] - 1 : d.lines[1]])) is not None

    def line(self, path: str, number: int) -> str | None:
        """A line of a file if it is a whole statement by itself."""
        try:
            source = text_of(self.repository.read(self.code.files[path].blob))
            text = source.split("\n")[number - 1].strip()
        except (AutodidactError, Unreadable, IndexError):
            return None
        if not 8 <= len(text) <= MAX_LINE or text.startswith(("@", "def ", "async def ", "class ")):
            return None
        try:
            body = f"{text} pass" if text.endswith(":") else text
            ast.parse(f"async def f():\n {body}", feature_version=SYNTAX)
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


def source(code: CodeBase, path: str, lines: tuple[int, int]) -> dict:
    """Where an example about these lines can be checked."""
    return {
        "kind": "git",
        "ref": f"{path}:{lines[0]}",
        "commit": code.commit,
        "path": path,
        "lines": [*lines],
    }


def is_function(d: Definition) -> bool:
    return d.kind != "class"


def is_class(d: Definition) -> bool:
    return d.kind == "class"
