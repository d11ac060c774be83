"""The codemods that plant a bug: each looks at one node of a libcst tree and offers changes of it, in the
words of a reviewer.

A codemod is `(node, see) -> Iterator[Change]`, listed under the node it looks at in CODEMODS; a new one is a
function and a line there. Only what a reader can notice in the shown lines is offered, and nothing that
leaves the meaning as it was.
"""

from collections.abc import Callable, Iterator

import libcst as cst

from autodidact.generators.diff_miner.codemods import flow, operators, renames
from autodidact.generators.diff_miner.codemods.change import LONGEST, Change, Sight

__all__ = ["CODEMODS", "LONGEST", "Change", "Sight"]

CODEMODS: dict[type, tuple[Callable[..., Iterator[Change]], ...]] = {
    cst.Comparison: (operators.comparisons,),
    cst.BooleanOperation: (operators.booleans,),
    cst.BinaryOperation: (operators.arithmetic,),
    cst.AugAssign: (operators.accumulations,),
    cst.Subscript: (operators.subscripts,),
    cst.Return: (flow.returns,),
    cst.Await: (flow.awaits,),
    cst.Param: (renames.parameters,),
    cst.Raise: (flow.raises,),
    cst.ExceptHandler: (flow.handlers,),
    cst.Break: (flow.breaks,),
    cst.SimpleStatementLine: (flow.statements,),
    cst.If: (flow.conditions,),
    cst.While: (flow.conditions,),
    cst.Call: (renames.calls,),
    cst.FormattedString: (renames.texts,),
    cst.Assign: (renames.assignments,),
}
