"""Docstrings that promise a result which no return statement of the function can give."""

import ast
import re
from dataclasses import replace

from autodidact.generators.ast_parser.full.docstring_parts import Doc
from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, body_of, own_nodes
from autodidact.sources.documents.sentences import sentences

_VALUE = r"[`*]*(None|True|False)\b[`*]*"
_PROMISES = (
    re.compile(rf"{_VALUE}(?: or {_VALUE})? (?:is|will be|gets) returned"),
    re.compile(rf"\b[Rr]eturn(?:s|ing)? (?:either )?{_VALUE}(?! (?:and|,))"),
)
# What is said of a result begins with it.
_RESULT = re.compile(rf"{_VALUE}(?:,? (?:if|when|unless|otherwise|in case|or)\b|\.?$)")
# Values that are neither None nor a truth value.
_DISPLAYS = (
    *(ast.Tuple, ast.List, ast.Dict, ast.Set, ast.JoinedStr),
    *(ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp),
)


def without_denied(doc: Doc, node: Function) -> Doc:
    """A docstring up to the sentence that promises None or a truth value where the function returns only
    tuples, lists and texts, or `None, None` for what is not there.
    """
    given = _given(node)
    if given is None:
        return doc
    kept: list[str] = []
    for text in (doc.summary, *doc.more):
        found = sentences(text)
        end = next((n for n, one in enumerate(found) if _promised(one) - given), len(found))
        if end:
            kept.append(text if end == len(found) else " ".join(found[:end]))
        if end < len(found):
            break
    returns = "" if (match := _RESULT.match(doc.returns)) and match[1] not in given else doc.returns
    if not kept and doc.summary:
        return Doc()
    return replace(doc, summary=kept[0] if kept else "", more=kept[1:], returns=returns)


def _promised(sentence: str) -> set[str]:
    found = (match for form in _PROMISES for match in form.finditer(sentence))
    return {word for match in found for word in match.groups() if word}


def _given(node: Function) -> set[str] | None:
    """Which of None, True and False a function may return; None where that is not seen."""
    nodes = own_nodes(body_of(node))
    values = [one.value for one in nodes if isinstance(one, ast.Return)]
    if any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in nodes) or not values:
        return None
    constants = {str(one.value) for one in values if isinstance(one, ast.Constant)}
    if not isinstance(node.body[-1], (ast.Return, ast.Raise)) or None in values:
        constants.add("None")
    if any(isinstance(one, ast.Tuple) and one.elts and all(map(_is_none, one.elts)) for one in values):
        return constants | {"True", "False"}
    return (
        constants if all(isinstance(one, (*_DISPLAYS, ast.Constant, type(None))) for one in values) else None
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
