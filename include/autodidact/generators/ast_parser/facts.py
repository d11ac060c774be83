"""Which facts of a code base the knowledge probe asks about: public names that it defines once."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

from autodidact.generators import find
from autodidact.generators.writing.probe_questions import Fact, Wordings
from autodidact.records import sha256
from autodidact.sources.code.cache import IS_CLASS, TRAITS
from autodidact.sources.code.codebase import CodeBase

_ASIDE = re.compile(
    r"(^|/)(docs?|examples?|samples?|demos?|scripts?|tools|benchmarks?)/"
)  # asked about only where there is little else

# Most questions of the knowledge probe.
SHARE = find("ast_parser").probe

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
    ),
}


def facts(code: CodeBase, old: CodeBase | None, changed: set[str]) -> list[Fact]:
    """Facts with one right answer, enough to choose from: all of the changed files, and of the others as many
    as it takes.

    `old` holds the changed files as the champion saw them; what is in it is not fresh, without it all is.
    """
    known = (
        {(fact.kind, fact.subject, fact.value) for _, mine in _by_file(old, old.files) for fact in mine}
        if old
        else set()
    )
    order = sorted(code.files, key=lambda path: (path not in changed, sha256(path)))
    enough = {kind: 1.5 * SHARE * wordings.share for kind, wordings in WORDINGS.items()}
    counts: Counter = Counter()  # files with facts of each kind
    found: list[Fact] = []
    for path, mine in _by_file(code, order):
        if path not in changed and all(counts[kind] >= enough[kind] for kind in WORDINGS):
            break
        counts.update({fact.kind for fact in mine})
        for fact in mine:
            fact.fresh = old is None or (
                path in changed and (fact.kind, fact.subject, fact.value) not in known
            )
            found.append(fact)
    return found


def source(code: CodeBase, path: str, lines: list[int]) -> dict:
    """Where an example about these lines can be checked."""
    return {"kind": "git", "ref": f"{path}:{lines[0]}", "commit": code.commit, "path": path, "lines": lines}


def _by_file(code: CodeBase, order: Iterable[str]) -> Iterator[tuple[str, list[Fact]]]:
    """(path, its facts): public names that are defined in one place of the code, tests left out where there
    is other code.
    """
    written = [path for path, file in code.files.items() if not file.test] or list(code.files)
    product = {path for path in written if not _ASIDE.search(path)}
    mine = product if sum(len(code.files[path].names) for path in product) >= SHARE else set(written)
    names = list(itertools.chain.from_iterable(code.files[path].distinct for path in mine))
    tops, members = (
        Counter(names),
        Counter([name.partition(".")[2] for name in names if name.count(".") == 1]),
    )
    for path in order:
        if path not in mine:
            continue
        file = code.files[path]
        found = []
        for name, index in file.places.items():
            owner, _, simple = name.rpartition(".")
            if name[0] == "_" or simple[0] == "_" or len(simple) < 4:
                continue
            where = partial(_where, code, path, index)
            if not owner and tops[name] == 1:
                found.append(
                    Fact(
                        "defined_in",
                        name,
                        path,
                        [path, *([file.module] if "." in file.module else [])],
                        where,
                    )
                )
                bases = file.at(index).bases if file.traits[index] & TRAITS["bases"] else ()
                base = bases[0].rpartition(".")[2] if len(bases) == 1 else name
                if base != name:
                    found.append(Fact("base_class", name, base, [base], where))
            elif owner and "." not in owner and members[simple] == 1 and not file.traits[index] & IS_CLASS:
                found.append(Fact("method_of", simple, owner, [owner], where))
        yield path, found


def _where(code: CodeBase, path: str, index: int) -> dict:
    return source(code, path, code.files[path].at(index).lines)
