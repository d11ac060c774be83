"""Every kind of question about a definition: its share, which definitions it fits, what it trains."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import autodidact.generators.ast_parser.declaration_questions as declarations
import autodidact.generators.ast_parser.relation_questions as links
import autodidact.generators.ast_parser.wrong_premise_questions as denials
from autodidact.generators.ast_parser.codebase_for_questions import (
    CodeView,
    QuestionAndAnswer,
    is_class,
    is_function,
)
from autodidact.sources.code.file_analysis import Definition


@dataclass(frozen=True)
class Kind:
    """`share` is relative to those of the other kinds. `needs`: what a definition must have to be asked
    about. `ask`: a question about it, None where there is none.
    """

    ask: Callable[[CodeView, Definition, random.Random], QuestionAndAnswer | None]
    share: int
    needs: Callable[[CodeView, Definition], object]
    category: Literal["architecture", "reasoning"] = "architecture"


def _any(view: CodeView, d: Definition) -> bool:
    return True


def _function(view: CodeView, d: Definition) -> bool:
    return is_function(d)


def _class(view: CodeView, d: Definition) -> bool:
    return is_class(d)


def _method(view: CodeView, d: Definition) -> bool:
    return is_function(d) and d.owner is not None


def _opens_file(view: CodeView, d: Definition) -> bool:
    """Whether it is the first of its file: a file is a subject once."""
    return view.code.files[d.path].definitions[0] is d


def _has(field: str) -> Callable[[CodeView, Definition], object]:
    return lambda view, d: getattr(d, field)


# A fifth are about what is not there, so that the model learns to answer that.
KINDS = (
    Kind(declarations.signature, 12, _function),
    Kind(declarations.doc, 14, _has("doc")),
    Kind(links.calls, 8, _has("calls")),
    Kind(links.callers, 9, _any, "reasoning"),
    Kind(links.usage, 8, _any, "reasoning"),
    Kind(links.tests, 3, _any),
    Kind(declarations.bases, 3, _has("bases")),
    Kind(links.subclasses, 3, _class),
    Kind(links.lineage, 2, _has("bases"), "reasoning"),
    Kind(links.overrides, 2, _method, "reasoning"),
    Kind(declarations.methods, 5, _class),
    Kind(declarations.decorators, 3, _has("decorators")),
    Kind(declarations.default, 6, _has("defaults"), "reasoning"),
    Kind(declarations.raises, 5, _has("raises")),
    Kind(declarations.returns, 4, _has("returns")),
    Kind(declarations.where, 5, _has("owner")),
    Kind(declarations.module, 3, _opens_file),
    Kind(links.importers, 3, _opens_file),
    Kind(links.chain, 5, _has("calls"), "reasoning"),
    Kind(denials.absent, 5, _function),
    Kind(denials.elsewhere, 4, _any, "reasoning"),
    Kind(denials.no_parameter, 3, _has("params"), "reasoning"),
    Kind(denials.wrong_default, 2, _has("defaults"), "reasoning"),
    Kind(denials.not_base, 2, _has("bases"), "reasoning"),
    Kind(denials.not_called, 2, _has("calls"), "reasoning"),
    Kind(denials.uncalled, 2, _function, "reasoning"),
)
