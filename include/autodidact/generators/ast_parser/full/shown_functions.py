"""Functions that are short enough to be shown as they stand."""

from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView
from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, Shown, body_of
from autodidact.sources.code.file_analysis import Definition

# Lines of a function that is shown.
LINES = (4, 24)
# Decorators that leave what a function returns and raises as it is.
PLAIN = frozenset(("property", "classmethod", "staticmethod", "abstractmethod", "override"))


def shown_function(view: FullView, d: Definition) -> tuple[Function, Shown] | None:
    """The tree and the text of a function that can be shown."""
    if d.kind == "class" or not LINES[0] <= d.lines[1] - d.lines[0] + 1 <= LINES[1]:
        return None
    node, shown = view.texts.function(d), view.texts.definition(d)
    return (node, shown) if node and shown and body_of(node) else None
