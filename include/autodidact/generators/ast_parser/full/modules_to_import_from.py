"""Which modules others are meant to import a name from."""

import ast
import re

from autodidact.generators.ast_parser.codebase_for_questions import CodeView
from autodidact.sources.code.file_analysis import Definition

# "This module is considered private API." in the docstring of a module.
_PRIVATE = re.compile(
    r"\b(?:this|the) (?:module|file|package) (?:is|are) (?!not\b)(?:\w+ ){0,3}(?:private|internal)\b"
    r"|\bnot (?:a )?part of the public\b|\b(?:for|meant for) internal use\b|\binternal use only\b",
    re.IGNORECASE,
)


def hands_on(view: CodeView, package: str, d: Definition) -> bool:
    """Whether a package that imports a name is meant to hand it on: it is around the module or at the
    top, and it lists the name in `__all__`, imports it `as` itself, or has no use for it in its own code.
    """
    path = next((p for p, f in view.code.files.items() if f.module == package and f.opens_package), "")
    front = "." not in package or d.module.startswith(f"{package}.")
    tree = view.tree(path) if path and front else None
    if tree is None:
        return False
    if (exports := view.code.files[path].exports) is not None:
        return d.name in exports
    nodes = list(ast.walk(tree))
    alias = any(isinstance(one, ast.alias) and one.asname == one.name == d.name for one in nodes)
    return alias or not any(isinstance(one, ast.Name) and one.id == d.name for one in nodes)


def says_private(view: CodeView, path: str) -> bool:
    """Whether a module's docstring keeps others from importing it."""
    tree = view.tree(path)
    return bool(tree and _PRIVATE.search(" ".join((ast.get_docstring(tree) or "").split())))
