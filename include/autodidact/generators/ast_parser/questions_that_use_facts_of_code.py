"""What a fact of a code base is needed for: an import line, and which of two calls is right."""

from collections import Counter
from functools import cached_property

from autodidact.generators.writing.probe_questions import Use, one_of_two
from autodidact.records import sha256
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.file_analysis import Definition

# Classes that a wrong call is drawn from.
MOST = 50


class Uses:
    """The questions about the use of the definitions of a code base."""

    def __init__(self, code: CodeBase):
        self._code = code
        self._modules = Counter(file.module for file in code.files.values())
        self._packages = {file.module: path for path, file in code.files.items() if file.opens_package}

    def imported(self, definition: Definition) -> Use | None:
        """`from ? import NAME`: its module, or a package around it that brings the name along; None where
        another file is imported by the same name, or this one by another.
        """
        module, name = definition.module, definition.name
        if self._modules[module] != 1 or not self._code.modules.agreed(definition.path):
            return None
        parts = module.split(".")
        around = [".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
        brings = [
            package
            for package in around
            if package in self._packages
            and self._code.resolve(self._packages[package], name, None) is definition
        ]
        return Use((), [module, *brings])

    def called(self, method: Definition) -> Use | None:
        """Which of two classes has a method: its own, or one that inherits nothing; None without such."""
        others = [name for name in self._plain if name != method.owner]
        other = min(others, key=lambda name: sha256(f"{method.name}/{name}"), default=None)
        if not method.owner or not other:
            return None
        return one_of_two(method.owner, other, f".{method.name}")

    @cached_property
    def _plain(self) -> list[str]:
        """Public classes, each defined once, that have no base class and no decorator, so that they define
        all their methods themselves: at most MOST, by hash.
        """
        tops = Counter(name for file in self._code.files.values() for name in file.first)
        found = [
            d.name
            for d in self._code.definitions
            if d.kind == "class" and d.owner is None and not (d.bases or d.hidden_bases or d.decorators)
            if d.public and not d.test and tops[d.name] == 1
        ]
        return sorted(found, key=sha256)[:MOST]
