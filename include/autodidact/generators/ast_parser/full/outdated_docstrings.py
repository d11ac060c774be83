"""Docstrings that speak of what their function had in former days."""

import ast
import builtins
import keyword
import re
from dataclasses import replace

from autodidact.generators.ast_parser.full.docstring_parts import Doc

# A name in code marks: `args`, `**kwargs`.
_CODED = re.compile(r"`\*{0,2}([a-z_]\w*)`")
# A name of a module in code marks: `re.match`.
_DOTTED = re.compile(r"`([a-z_]\w*\.[a-z_]\w*)(?:\(\))?`")
# Names that every function knows.
_EVERYWHERE = frozenset((*dir(builtins), *keyword.kwlist))


def up_to_date(doc: Doc, node: ast.FunctionDef | ast.AsyncFunctionDef, others: frozenset[str]) -> Doc:
    """A docstring up to the paragraph that has a name in code marks which neither the function nor the code
    base has: it may be that of a parameter which is gone. `others`: what the code base defines.
    """
    doc = replace(doc, params={name: said for name, said in doc.params.items() if _still_used(said, node)})
    prose = [doc.summary, *doc.more]
    coded = [set(_CODED.findall(text)) - others - _EVERYWHERE for text in prose]
    known = _names(node) if any(coded) else frozenset()
    end = next((n for n, names in enumerate(coded) if not names <= known), None)
    if end == 0:
        return Doc()
    return doc if end is None else replace(doc, more=prose[1:end])


def _still_used(said: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether what is said of a parameter has no name of a module of which the function uses others alone."""
    if not _DOTTED.search(said):
        return True
    used = {ast.unparse(one) for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    modules = {name.partition(".")[0] for name in used}
    named = [name for name in _DOTTED.findall(said) if name.partition(".")[0] in modules]
    return used.issuperset(named)


def _names(node: ast.AST) -> frozenset[str]:
    """All names that some code has: parameters, variables, attributes, keywords, and texts that are one."""
    found: set[str] = set()
    for one in ast.walk(node):
        found.update(
            value
            for field in ("id", "arg", "attr", "name", "value")
            if isinstance(value := getattr(one, field, None), str)
        )
    return frozenset(found)
