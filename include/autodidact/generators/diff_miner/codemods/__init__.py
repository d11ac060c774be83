"""The codemods that plant a bug: each looks at one node of a libcst tree and offers changes of it, in the
words of a reviewer.

A codemod is `(node, see) -> Iterator[Change]`, listed under the node it looks at in CODEMODS; a new one is a
function and a line there. Only what a reader can notice in the shown lines is offered, and nothing that
leaves the meaning as it was.
"""

from collections.abc import Callable, Iterator

import libcst as cst

from autodidact.generators.diff_miner.codemods import (
    call_and_assignment_bugs,
    control_flow_bugs,
    operator_bugs,
)
from autodidact.generators.diff_miner.codemods.change import LONGEST, Change, Sight

__all__ = ["CODEMODS", "LONGEST", "Change", "Sight"]

CODEMODS: dict[type, tuple[Callable[..., Iterator[Change]], ...]] = {
    cst.Comparison: (operator_bugs.comparisons,),
    cst.BooleanOperation: (operator_bugs.booleans,),
    cst.BinaryOperation: (operator_bugs.arithmetic,),
    cst.AugAssign: (operator_bugs.accumulations,),
    cst.Subscript: (operator_bugs.subscripts,),
    cst.Return: (control_flow_bugs.returns,),
    cst.Await: (control_flow_bugs.awaits,),
    cst.Param: (call_and_assignment_bugs.parameters,),
    cst.Raise: (control_flow_bugs.raises,),
    cst.ExceptHandler: (control_flow_bugs.handlers,),
    cst.Break: (control_flow_bugs.breaks,),
    cst.SimpleStatementLine: (control_flow_bugs.statements,),
    cst.If: (control_flow_bugs.conditions,),
    cst.While: (control_flow_bugs.conditions,),
    cst.Call: (call_and_assignment_bugs.calls,),
    cst.FormattedString: (call_and_assignment_bugs.texts,),
    cst.Assign: (call_and_assignment_bugs.assignments,),
}
