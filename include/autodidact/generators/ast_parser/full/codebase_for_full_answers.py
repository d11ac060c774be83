"""A code base as full answers look at it: what a definition does in a sentence, who calls it, its tests."""

import ast
import re
from collections import Counter
from functools import cached_property
from typing import NamedTuple

from autodidact.generators.ast_parser.codebase_for_questions import CodeView
from autodidact.generators.ast_parser.full.docstring_parts import Doc, read_doc
from autodidact.generators.ast_parser.full.file_texts_and_trees import Texts
from autodidact.generators.ast_parser.full.informative_docstrings import says_more
from autodidact.generators.ast_parser.full.modules_to_import_from import hands_on, says_private
from autodidact.generators.ast_parser.full.outdated_docstrings import up_to_date
from autodidact.generators.ast_parser.full.results_denied_by_code import without_denied
from autodidact.generators.ast_parser.questions_that_use_facts_of_code import Uses
from autodidact.generators.writing.conversations import RepositoryTools
from autodidact.generators.writing.facts_into_words import lower
from autodidact.shipped_tables import read_table
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.copied_docstrings import first_sentence
from autodidact.sources.code.file_analysis import Definition, is_property
from autodidact.sources.documents.sentences import sentences
from autodidact.sources.git.repository import Repository

TABLE = read_table(__file__)
VERBS = frozenset(TABLE["verbs"].split())
# Definitions whose docstrings are kept.
KEPT = 4000

# A second verb of the same subject, which would need its ending changed too.
_SECOND = re.compile(r"(?:,?\s(?:and|or|then|but|also)|,)\s+(?:also |then |optionally )?([a-z]+)\b")
# Verbs that may stand before "for"; before it, and before "of", others are nouns.
_FOR = frozenset("ask call check listen look search wait watch allow account filter".split())
_TESTS = re.compile(r"(^|/)(tests?|t|__tests__)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest|tests?)\.py$")
# What a sentence may go on with after its verb. A bare noun ("Get backend class") lacks its article there.
_OBJECT = re.compile(
    r"(an?|the|all|any|each|every|both|either|no|its|their|some|several|one|two|three|whether|if|when"
    r"|where|how"
    r"|what|which|that|it|them|to|into|from|in|on|for|with|as|at|up|down|out|by|over|through|like|only|more"
    r"|True|False|None|\w+ly|[\w-]+[^s\W]s)\b|[`\"'\d]"
)
_PASSIVE = re.compile(r"(Called|Raised|Used|Invoked|Emitted|Dispatched|Triggered|Executed) ")
# A sentence with a subject of its own: "A task can raise this".
_CLAUSE = re.compile(
    r"\w+( [\w`.-]+){1,4} (can|may|must|will|would|should|could|is|are|was|were|has|have|had|does|do|did"
    r"|raised|failed|passed|needs|\w+ed (?:an?|the|any|no|its|more|less))\b"
)
# What makes a subject of the word in front of it: "List does not contain item".
_FINITE = re.compile(
    r"(can|cannot|may|must|will|would|should|could|is|are|was|were|has|have|had|does|do|did)\b"
)
_PERSONAL = re.compile(r"\b(I|we|our|us|my|you|your|let's)\b", re.IGNORECASE)


class Callers(NamedTuple):
    """Who calls a definition, outside the tests and in them. `whole`: whether these are all of the Python
    code.
    """

    real: list[Definition]
    tests: list[Definition]
    whole: bool


class FullView(CodeView):
    def __init__(self, code: CodeBase, repository: Repository, system: str):
        super().__init__(code, repository)
        self.system = system
        self.texts = Texts(code, repository)
        self.tools = RepositoryTools(repository)
        self._docs: dict[Definition, Doc] = {}

    def doc(self, d: Definition) -> Doc:
        """The docstring of a definition, taken apart; nothing of one that was copied from another."""
        if d not in self._docs:
            if len(self._docs) >= KEPT:
                self._docs.clear()
            own = d.doc and first_sentence(d.doc) not in self.copied
            doc = read_doc(self.texts.docstring(d)) if own else Doc()
            node = self.texts.function(d)
            if node:
                doc = without_denied(up_to_date(doc, node, frozenset(self.names)), node)
            self._docs[d] = doc
        return self._docs[d]

    def deprecated(self, d: Definition) -> bool:
        """Whether its docstring or a decorator speaks of deprecation."""
        return any("deprecated" in text.lower() for text in (self.texts.docstring(d), *d.decorators))

    def plain(self, d: Definition) -> str:
        """Its qualified name as code."""
        return f"`{d.qualname}`"

    def name(self, d: Definition) -> str:
        """What the definition is called in a sentence: with its file where others have the same name."""
        return self.placed(d) if self.count[d.qualname] > 1 else self.plain(d)

    def placed(self, d: Definition) -> str:
        """Its name and its file."""
        return f"`{d.qualname}` in `{d.path}`"

    def does(self, d: Definition, subject: str = "") -> str:
        """What a definition does or is, as a sentence about `subject`, in the words of its docstring; ""
        without one, or where it says no more than the name.
        """
        return self.summed_up(d, subject) if says_more(_known(d), self.doc(d).summary) else ""

    def summed_up(self, d: Definition, subject: str = "") -> str:
        """The same also where it says no more than the name: as the beginning of something longer."""
        return stated(subject or self.plain(d), self.doc(d).summary)

    def first_sentence(self, d: Definition) -> str:
        """What its docstring says first; "" without one, where that is long, or no more than the name."""
        text = next(iter(sentences(self.doc(d).summary)), "")
        return text if len(text) <= 140 and says_more(_known(d), text) else ""

    def imported_from(self, d: Definition) -> str:
        """The module that a definition is imported from: the outermost package that brings it along, else its
        own; "" where that is not certain, or the module's docstring says that it is private.
        """
        if d.owner or not self.code.modules.importable(d.path):
            return ""
        use = self._uses.imported(d)
        handing = [one for one in use.accept[1:] if hands_on(self, one, d)] if use else []
        found = [use.accept[0], *handing][-1] if use else ""
        return "" if found == d.module and says_private(self, d.path) else found

    def public_module(self, d: Definition) -> str:
        """As `imported_from`; instead of a private module the package that hands its names to others."""
        module = self.imported_from(d)
        if not any(part.startswith("_") for part in module.split(".")):
            return module
        found = [
            file.module
            for path, file in self.code.files.items()
            if file.opens_package and not file.test and d.name in file.imports
            if not any(part.startswith("_") for part in file.module.split("."))
            if self.code.resolve(path, d.name, None) is d and hands_on(self, file.module, d)
        ]
        return min(found, key=lambda name: (name.count("."), name), default=module)

    def callers(self, d: Definition) -> Callers | None:
        """None where too many files call something of its name."""
        known = self.code.callers(d)
        if known is None:
            return None
        real = [c for c in known[0] if not in_tests(c)]
        tests = [c for c in known[0] if in_tests(c)]
        return Callers(real, tests, known[1] and bool(self.closed("whole", d.name)))

    def below(self, d: Definition) -> list[Definition]:
        """The classes that derive from one, through others too, those of tests aside."""
        found: dict[Definition, None] = {}
        left = [d]
        while left:
            one = left.pop()
            children = [c for c in self.code.deriving(one.name) if one in self.code.bases(c) and not c.test]
            new = [child for child in children if child not in found and child is not d]
            found |= dict.fromkeys(new)
            left += new
        return sorted(found, key=lambda heir: (heir.path, heir.lines))

    @cached_property
    def _uses(self) -> Uses:
        return Uses(self.code)

    @cached_property
    def names(self) -> Counter[str]:
        """How many definitions have each simple name."""
        return Counter(d.name for d in self.code.definitions)

    @cached_property
    def handed_on(self) -> set[str]:
        """The names that code outside the tests has other than as what is called, in texts too."""
        found: set[str] = set()
        for path, file in self.code.files.items():
            nodes = list(ast.walk(tree)) if not file.test and (tree := self.texts.tree(path)) else []
            called = {id(one.func) for one in nodes if isinstance(one, ast.Call)}
            left = [one for one in nodes if id(one) not in called]
            found |= {one.id for one in left if isinstance(one, ast.Name)}
            found |= {one.attr for one in left if isinstance(one, ast.Attribute)}
            found |= {
                one.value for one in left if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
        return found

    def tree(self, path: str) -> ast.Module | None:
        return self.texts.tree(path)

    def spread(self, found: list[Definition], called: Definition | None = None) -> str:
        """Names by file within a sentence: "`a` and `b` in `x.py`, and `c` in `y.py`". `called`: as in
        `listed`.
        """
        groups = self.listed(found, called).split("; ")
        if len(groups) == 1:
            return groups[0]
        comma = "," if len(groups) > 2 or any(" and " in group for group in groups) else ""
        return f"{', '.join(groups[:-1])}{comma} and {groups[-1]}"


def in_tests(d: Definition) -> bool:
    """Whether it stands among tests. A package named `testing` is for those who use the code."""
    return d.test and (d.name.startswith("test") or _TESTS.search(d.path) is not None)


def is_error(d: Definition) -> bool:
    """Whether a class is an exception, by its name and those of its bases."""
    return any(name.endswith(("Error", "Exception", "Warning")) for name in (d.name, *d.bases))


def is_exception(view: FullView, d: Definition) -> bool:
    """Whether a class is an exception, also through classes of this code base."""
    return d.kind == "class" and any(map(is_error, view.code.names.order(d)))


def _known(d: Definition) -> str:
    """What everybody knows who has a definition's name: that, and its package's."""
    return f"{d.module.partition('.')[0]} {d.qualname}"


def own_params(d: Definition) -> list[str]:
    """The parameters that a caller passes: without the object or the class that a method is called on."""
    bound = d.owner is not None and "staticmethod" not in d.decorators
    return [*d.params[1 if bound else 0 :]]


def calls_itself(view: CodeView, d: Definition) -> bool:
    """Whether it is recursive: it is not among its own callers."""
    return any(view.code.resolve(d.path, call, d.owner) is d for call in d.calls)


def thing(d: Definition) -> str:
    """What kind of thing a definition is: "class", "method", "coroutine" ..."""
    if d.kind == "class":
        return "class"
    if is_property(d):
        return "property"
    if "classmethod" in d.decorators:
        return "class method"
    if "staticmethod" in d.decorators:
        return "static method"
    if d.kind == "async function":
        return "asynchronous method" if d.owner else "coroutine function"
    return "method" if d.owner else "function"


def a(noun: str) -> str:
    """With its article: "an asynchronous method"."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def article(name: str) -> str:
    """ "a" or "an" before a name, by the sound of its first letter; of an acronym by that letter's name."""
    start = name.lstrip("_")
    acronym = start[:2].isupper()
    return "an" if start[:1] in ("AEFHILMNORSX" if acronym else "AEIOaeio") else "a"


def stated(subject: str, summary: str) -> str:
    """A summary in quotation marks: its slips and its promises stay its own; "" of nothing."""
    found = [one for one in sentences(summary) if not one.lower().startswith("see ")]
    return f"The docstring of {subject} reads: {quoted(' '.join(found))}" if found else ""


def about(subject: str, summary: str, names_it: bool) -> str:
    """A summary as sentences about the subject: "Return the size." is "`f` returns the size."; quoted where
    its first sentence cannot be turned; "" of nothing.
    """
    if not summary:
        return ""
    first, *rest = sentences(summary)
    rest = [one for one in rest if not one.lower().startswith("see ")]
    turned = _turned(subject, first, names_it)
    personal = any(_PERSONAL.search(one) for one in (first, *rest))
    if turned is None or personal or any(map(_is_order, rest)):
        return f"The docstring of {subject} reads: {quoted(' '.join((first, *rest)))}"
    return " ".join([turned, *rest])


def _is_order(sentence: str) -> bool:
    """Whether a sentence begins with a verb in its base form, which would have to be turned as well."""
    word = sentence.partition(" ")[0]
    return word.istitle() and word.lower() in VERBS


def _turned(subject: str, first: str, names_it: bool) -> str | None:
    word, _, rest = first.partition(" ")
    verb = word.lower()
    if not rest or not word.isalpha() or rest.startswith("of ") or rest.endswith("?"):
        return None
    if rest.startswith("for ") and base_form(verb) not in _FOR:
        return None
    # "Use this to cache a result" tells the caller what to do.
    if verb == "use" or _FINITE.match(rest):
        return None
    if verb in VERBS or base_form(verb) in VERBS:
        if word != word.capitalize() or verb in VERBS and _several_verbs(rest) or not _OBJECT.match(rest):
            return None
        return f"{subject} {third_person(verb) if verb in VERBS else verb} {rest}"
    if _PASSIVE.match(first) and not _several_verbs(rest):
        return f"{subject} is {lower(first)}"
    if names_it and re.match(r"(A|An|The) [A-Za-z`]", first) and not _CLAUSE.match(first):
        return f"{subject} is {lower(first)}"
    return None


def _several_verbs(text: str) -> bool:
    return any(match[1] in VERBS for match in _SECOND.finditer(f" {text}"))


def third_person(verb: str) -> str:
    """The third person of a regular verb: "tries"."""
    if verb in ("do", "go") or verb.endswith(("s", "sh", "ch", "x", "z")):
        return f"{verb}es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def base_form(word: str) -> str:
    """The verb of a third person; the word itself where it is none."""
    for base in (word[:-1], word[:-2], f"{word[:-3]}y"):
        if base in VERBS and third_person(base) == word:
            return base
    return word


def quoted(text: str) -> str:
    """A text in quotation marks."""
    return f'"{text}"' if '"' not in text else f"\u201c{text}\u201d"


def quoted_block(paragraphs: list[str]) -> str:
    """Paragraphs as a quotation of Markdown."""
    return "\n>\n".join(f"> {paragraph}" for paragraph in paragraphs)


def joined(*parts: str) -> str:
    """Sentences of one paragraph; those that are empty are left out."""
    return " ".join(part for part in parts if part)


def paragraphs(*parts: str) -> str:
    """Paragraphs; those that are empty are left out."""
    return "\n\n".join(part for part in parts if part)
