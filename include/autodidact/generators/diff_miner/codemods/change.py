"""What a codemod offers, and what it may ask about the place it looks at."""

import re
from dataclasses import dataclass

import libcst as cst

# Characters of an expression that a review quotes.
LONGEST = 90


@dataclass(frozen=True)
class Change:
    """`node` becomes `new`. A review says: `wrong`: `bad` should be `good`: `effect`. Without `bad`, `good`
    is what is missing.

    `context`: the change may also be made to lines around those that the commit wrote, where the diff then
    shows it as the commit's doing.
    """

    kind: str
    node: cst.CSTNode
    new: cst.CSTNode | cst.RemovalSentinel
    wrong: str
    bad: str
    good: str
    effect: str
    context: bool = False


class Sight:
    """What a codemod may ask about the place it looks at: the text of a node, and the nodes around it
    (innermost last).
    """

    def __init__(self, module: cst.Module, whole: str):
        self.module, self.whole = module, whole
        self.around: tuple[cst.CSTNode, ...] = ()

    def text(self, node: cst.CSTNode) -> str:
        """A node as it is written."""
        return self.module.code_for_node(node).strip()

    def replaced(self, kind: str, node: cst.CSTNode, new: cst.CSTNode, wrong: str, effect: str) -> Change:
        """The change of a node into a new one that is quoted whole."""
        return Change(kind, node, new, wrong, self.text(new), self.text(node), effect)

    @property
    def parent(self) -> cst.CSTNode | None:
        return self.around[-1] if self.around else None

    def function(self) -> cst.FunctionDef | cst.Lambda | cst.ClassDef | None:
        """The function or class around this place."""
        return next(
            (
                node
                for node in reversed(self.around)
                if isinstance(node, (cst.FunctionDef, cst.Lambda, cst.ClassDef))
            ),
            None,
        )

    def within(self, kind: type | tuple[type, ...]) -> cst.CSTNode | None:
        """The nearest node of that kind around this place, inside the same function."""
        for node in reversed(self.around):
            if isinstance(node, kind):
                return node
            if isinstance(node, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
                return None
        return None

    def is_condition(self) -> bool:
        """Whether this place decides a branch, a loop or an assertion."""
        return isinstance(self.parent, (cst.If, cst.While, cst.Assert, cst.IfExp, cst.CompIf)) or (
            isinstance(self.parent, cst.UnaryOperation)
            and isinstance(self.around[-2], (cst.If, cst.While, cst.Assert))
        )

    def alone(self) -> bool:
        """Whether this statement is the only one of its block, or no block is near."""
        block = next(
            (
                node
                for node in reversed(self.around)
                if isinstance(node, (cst.IndentedBlock, cst.SimpleStatementSuite))
            ),
            None,
        )
        return not isinstance(block, cst.IndentedBlock) or len(block.body) < 2


def brief(text: str) -> str:
    """A call too long to quote, without its arguments."""
    return text if len(text) <= LONGEST and "\n" not in text else re.sub(r"(?s)\(.*", "(...)", text)
