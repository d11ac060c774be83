"""Which of the tests that call a definition are its own: those of its class, or of its file."""

import re
from functools import lru_cache

from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView
from autodidact.sources.code.file_analysis import Definition

_TEST = re.compile(r"^tests?_|_tests?$|(?<=[a-z0-9])Tests?(?:Case)?$|^Tests?(?=[A-Z])|(?:Test)?Case$")


def own_tests(view: FullView, d: Definition, tests: list[Definition]) -> list[Definition]:
    """Those of these tests that belong to a definition, the nearest first: in a test class of its own, else
    in the test file of its module. A test class of another class is left out.
    """
    found = [t for t in tests if t.name.startswith("test") and t.kind != "module"]
    names = {_plain(one) for one in (d.owner or "", d.name) if one}
    mine = [t for t in found if _subject(t) in names or d.owner is None and _plain(t.name) in names]
    if mine:
        return mine
    stem = _stem(d.path)
    here = [(t, _subject(t)) for t in found if _stem(t.path) == stem]
    if not any(subject for _, subject in here):
        return [t for t, _ in here]
    others = _all_plain(view.code.class_names) - names
    return [t for t, subject in here if not subject or subject not in others]


def own_file(view: FullView, d: Definition, path: str) -> bool:
    """Whether a file is where the tests of a definition's module are: it has the module's name, or no test
    file has it.
    """
    stem = _stem(d.path)
    return _stem(path) == stem or not any(
        _stem(one) == stem for one, file in view.code.files.items() if file.test
    )


def _subject(test: Definition) -> str:
    """What a test class is named after: "eagerresult" of `test_EagerResult`; "" outside a class."""
    return _plain((test.owner or "").partition(".")[0])


def _plain(name: str) -> str:
    """A name without what says that it is a test, in small letters."""
    return _TEST.sub("", name.rpartition(".")[2]).replace("_", "").lower()


@lru_cache(maxsize=2)
def _all_plain(names: frozenset[str]) -> frozenset[str]:
    return frozenset(map(_plain, names))


def _stem(path: str) -> str:
    """What a file is named after: "result" of `test_result.py`, the folder of an `__init__.py`."""
    folder, _, base = path.rpartition("/")
    name = base.removesuffix(".py")
    return _plain(folder.rpartition("/")[2] if name == "__init__" else name)
