"""Which facts of a code base the knowledge probe asks about: public names that it defines once."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from autodidact.generators import find
from autodidact.generators.ast_parser.base_names import own_name, variable
from autodidact.generators.ast_parser.codebase_for_questions import source
from autodidact.generators.ast_parser.questions_that_use_facts_of_code import Uses
from autodidact.generators.writing.probe_questions import ProbeFact, Use, Wordings
from autodidact.records import sha256
from autodidact.shipped_tables import read_table
from autodidact.sources.code.codebase import CODE, ELSEWHERE, CodeBase
from autodidact.sources.code.definitions import is_test
from autodidact.sources.code.file_analysis import Definition, is_property
from autodidact.sources.unread import Unread

# Folders that are a subject only where there is little else.
_ASIDE = re.compile(r"(^|/)(docs?|examples?|samples?|demos?|scripts?|tools|benchmarks?)/")

# Most questions of the knowledge probe.
SHARE = find("ast_parser").probe

# What the register `full` trains, by kind.
_FULL = read_table(__file__, "full/wordings.yaml")["probe"]

WORDINGS = {
    "defined_in": Wordings(
        (
            "Which file defines `{}`?",
            "Where is `{}` defined?",
            "In which module do I find `{}`?",
            "I need to edit `{}`. Which file do I open?",
        ),
        "What file is `{}` defined in?",
        "`{}` is defined in `{}`.",
        0.7,
        _FULL["defined_in"],
        {"ask": "Complete the import line: `from ? import {0}`", "scored": "given"},
    ),
    "base_class": Wordings(
        (
            "What does the class `{}` inherit from?",
            "Which class does `{}` extend?",
            "Name the base class of `{}`.",
            "`{}` is a subclass of which class?",
        ),
        "What is the parent class of `{}`?",
        "The class `{}` inherits directly from `{}`.",
        0.15,
        _FULL["base_class"],
        {"ask": "Complete the first line of the class: `class {0}(?):`", "scored": "given"},
    ),
    "method_of": Wordings(
        (
            "Which class has the method `{}`?",
            "`{}` is a method of which class?",
            "On which class do I call `{}`?",
            "To which class does the method `{}` belong?",
        ),
        "Which class implements the method `{}`?",
        "The method `{}` belongs to the class `{}`.",
        0.15,
        _FULL["method_of"],
        {
            "ask": "One line calls `{1}.{0}`, another one `{2}.{0}`. Which of the two classes defines it?",
            "scored": "given",
        },
    ),
}


def code_facts(
    code: CodeBase, old: CodeBase | None, changed: set[str], *, every: bool = False
) -> list[ProbeFact]:
    """Facts with one right answer, enough to choose from: all of the changed files, and of the others as many
    as it takes; with `every`, all there are.

    `old` holds the changed files as the champion saw them; what is in it is not fresh, without it all is.
    """
    before = [fact for _, here in _by_file(old, old.files, Unread()) for fact in here] if old else []
    known = {(fact.kind, fact.subject, fact.value) for fact in before}
    order = sorted(code.files, key=lambda path: (path not in changed, sha256(path)))
    enough = {kind: 1.5 * SHARE * wordings.share for kind, wordings in WORDINGS.items()}
    # Files with facts of each kind.
    counts: Counter[str] = Counter()
    found: list[ProbeFact] = []
    for path, here in _by_file(code, order, code.unread):
        if not every and path not in changed and all(counts[kind] >= enough[kind] for kind in WORDINGS):
            break
        counts.update({fact.kind for fact in here})
        for fact in here:
            fact.fresh = old is None or (
                path in changed and (fact.kind, fact.subject, fact.value) not in known
            )
            found.append(fact)
    return found


def about(code: CodeBase) -> Callable[[str], bool]:
    """Tells of a path whether the probe asks about what is defined there: no tests and nothing besides the
    product, unless there is little else.
    """
    alone = all(file.test for file in code.files.values())
    written = [path for path, file in code.files.items() if alone or not file.test]
    product = [path for path in written if not _ASIDE.search(path)]
    small = sum(len(code.files[path].definitions) for path in product) < SHARE
    return lambda path: (alone or not is_test(path)) and (small or not _ASIDE.search(path))


def is_method(d: Definition) -> bool:
    """Whether it is called as a method: no class, and nothing that is read as an attribute is."""
    return d.kind != "class" and not is_property(d)


def users(code: CodeBase, definition: Definition) -> set[str]:
    """The files that are seen to call it, or to have classes that inherit from it."""
    found = {
        path
        for path, calls in code.calls_of(definition.name).items()
        if any(code.resolve(path, call, caller.owner) is definition for caller, call in calls)
    }
    return found | {heir.path for heir in code.children(definition)[0]}


def _by_file(code: CodeBase, order: Iterable[str], unread: Unread) -> Iterator[tuple[str, list[ProbeFact]]]:
    """(path, its facts): public names that are defined in one place of the code, tests left out where there
    is other code. `unread`: what may define another of that name.
    """
    chosen = about(code)
    # Whether there is one of a name only is a question to all files, the tests too.
    names = [name for file in code.files.values() for name in file.first]
    bound = [name for file in code.files.values() for d in file.definitions for name in d.binds]
    modules = Counter(file.module for file in code.files.values())
    tops = Counter(names)
    members = Counter([*bound, *(name.partition(".")[2] for name in names if name.count(".") == 1)])
    uses = Uses(code)
    for path in order:
        if not chosen(path):
            continue
        file = code.files[path]
        found = []
        for name, d in file.first.items():
            if name[0] == "_" or d.name[0] == "_" or len(d.name) < 4:
                continue
            # A test that a package brings for those who use it is asked about as little as any other.
            if d.name.startswith("test_") and not file.test:
                continue
            if not unread.whole(CODE, ELSEWHERE, naming=d.name if d.name.isascii() else None):
                continue
            where = source(code, path, d.lines)
            if d.owner is None and tops[name] == 1:
                places = [path, *([file.module] if "." in file.module and modules[file.module] == 1 else [])]
                found.append(ProbeFact("defined_in", name, path, places, where, use=uses.imported(d)))
                base = own_name(file, d.bases[0]).rpartition(".")[2] if len(d.bases) == 1 else name
                # That a class derives from `object` is true of all and helps nobody.
                if base not in (name, "object") and not (d.hidden_bases or variable(code, d)):
                    bases = list(dict.fromkeys((base, d.bases[0])))
                    found.append(ProbeFact("base_class", name, base, [base], where, use=Use((), bases)))
            elif d.owner and name.count(".") == 1 and members[d.name] == 1 and is_method(d):
                use = uses.called(d)
                found.append(ProbeFact("method_of", d.name, d.owner, [d.owner], where, use=use))
        yield path, found
