"""What a method does besides calling the one that it overrides, in words."""

import ast

from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, body_of
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.calls import dotted
from autodidact.sources.code.file_analysis import Definition

# Characters of a call, and things in one sentence.
MAX_CALL = 60
MOST = 5


def added_to_inherited(function: Function, base: Definition) -> str:
    """A sentence on the calls and the assignments to attributes that a method adds to the inherited code; ""
    where these are not all that it does.
    """
    sets: dict[str, None] = {}
    calls: dict[str, None] = {}
    inherited = 0
    for statement in body_of(function):
        value = statement.value if isinstance(statement, (ast.Expr, ast.Return, ast.Assign)) else None
        call = value.value if isinstance(value, ast.Await) else value
        if isinstance(call, ast.Call) and _is_inherited(call, base):
            inherited += 1
        elif isinstance(statement, ast.Expr) and isinstance(call, ast.Call):
            calls[ast.unparse(call)] = None
        elif not isinstance(statement, ast.Assign) or _calls(statement):
            return ""
        if isinstance(statement, ast.Assign):
            targets = [dotted(target) for target in statement.targets]
            if None in targets:
                return ""
            # A local name is a step on the way to something else.
            sets |= {name: None for name in targets if name and "." in name}
    if inherited != 1 or not 1 <= len(sets) + len(calls) <= MOST or any(len(c) > MAX_CALL for c in calls):
        return ""
    parts = [f"calls {listing(f'`{text}`' for text in calls)}"] if calls else []
    parts = [f"sets {listing(f'`{name}`' for name in sets)}", *parts] if sets else parts
    return f"Besides that it {' and '.join(parts)}."


def _calls(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Call) for one in ast.walk(node))


def _is_inherited(call: ast.Call, base: Definition) -> bool:
    """Whether a call runs the overridden method: `super().clear()`, `Basket.clear(self)`."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != base.name:
        return False
    on = call.func.value
    if isinstance(on, ast.Call):
        return isinstance(on.func, ast.Name) and on.func.id == "super"
    return (dotted(on) or "").rpartition(".")[2] == (base.owner or "").rpartition(".")[2]
