"""In which case a function returns or raises what, by its syntax alone.

def size(self, unit=None):
    if unit is None:                 "When `unit` is `None`, it returns `self.raw`."
        return self.raw              "Otherwise it raises `ValueError(unit)`."
    raise ValueError(unit)
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass

from autodidact.generators.writing.facts_into_words import listing

# Parts of a condition joined by `and` or `or` that are put into words.
MOST_PARTS = 3

Expression = Callable[[ast.AST], str | None]

_COMPARED = {
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.Eq: ("equals", "differs from"),
    ast.NotEq: ("differs from", "equals"),
    ast.In: ("is in", "is not in"),
    ast.NotIn: ("is not in", "is in"),
    ast.Gt: ("is greater than", "is not greater than"),
    ast.GtE: ("is at least", "is below"),
    ast.Lt: ("is less than", "is not less than"),
    ast.LtE: ("is at most", "is above"),
}
_ORDERED = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)


@dataclass(frozen=True)
class Guard:
    """What stands around a statement: a condition that holds or not, a loop; `words` without "if".
    `ends`: of a condition that does not hold, that the case in which it holds has left the function.
    """

    kind: str
    words: str
    ends: bool = False


@dataclass(frozen=True)
class Outcome:
    """A `return` or `raise`, or the end. `value`: what it names, as it is written; "" without one. `before`:
    the statements of its branch that lead there, where they are few.
    """

    kind: str
    value: str
    guards: tuple[Guard, ...]
    line: int
    before: tuple[str, ...] = ()


class Unclear(Exception):
    """Syntax that is not put into words."""


def outcomes(body: list[ast.stmt], expression: Expression) -> list[Outcome] | None:
    """Every way out of a function that is written in it, in the order of the source; None where some cannot
    be put into words. A body whose end can be reached has an outcome `end` last.
    """
    found: list[Outcome] = []
    try:
        left = _walk(body, (), expression, found)
    except Unclear:
        return None
    if left is not None:
        found.append(Outcome("end", "", left, body[-1].end_lineno or 0))
    return found


def condition(node: ast.expr, holds: bool, expression: Expression) -> str | None:
    """A condition, or that it does not hold, in words: "`unit` is `None`"."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return condition(node.operand, not holds, expression)
    if isinstance(node, ast.BoolOp):
        parts = [condition(value, holds, expression) for value in node.values]
        if len(parts) > MOST_PARTS or any(p is None or " or " in p or " and " in p for p in parts):
            return _whole(node, holds, expression)
        joint = "and" if isinstance(node.op, ast.And) is holds else "or"
        return listing([p for p in parts if p], joint)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = expression(node.left), expression(node.comparators[0])
        verbs = _COMPARED[type(node.ops[0])]
        # What cannot be ordered (NaN, sets) makes both false.
        if left and right and (holds or not isinstance(node.ops[0], _ORDERED)):
            return f"`{left}` {verbs[0] if holds else verbs[1]} `{right}`"
        return _whole(node, holds, expression)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance" and len(node.args) == 2:
        thing, kind = expression(node.args[0]), expression(node.args[1])
        of = "one of" if isinstance(node.args[1], ast.Tuple) else "an instance of"
        return f"`{thing}` is {'' if holds else 'not '}{of} `{kind}`" if thing and kind else None
    if isinstance(node, (ast.Name, ast.Attribute)):
        text = expression(node)
        return f"`{text}` is {'truthy' if holds else 'falsy'}" if text else None
    return _whole(node, holds, expression)


def _whole(node: ast.expr, holds: bool, expression: Expression) -> str | None:
    text = expression(node)
    return f"`{text}` is {'true' if holds else 'false'}" if text else None


Guards = tuple[Guard, ...]


def _walk(body: list[ast.stmt], guards: Guards, say: Expression, found: list[Outcome]) -> Guards | None:
    """Adds the outcomes of these statements. What must hold for their end to be reached; None where it cannot
    be.
    """
    for number, node in enumerate(body):
        if isinstance(node, (ast.Return, ast.Raise)):
            found.append(_outcome(node, guards, say, body[:number]))
            return None
        after: Guards | None = guards
        if isinstance(node, ast.If):
            after = _branches(node, guards, say, found)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            # A context manager may swallow what is raised.
            if any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
                raise Unclear
            after = _walk(node.body, guards, say, found)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            _loop(node, guards, say, found)
        elif (
            isinstance(node, (ast.While, ast.Assert))
            or isinstance(node, (ast.Try, ast.TryStar, ast.Match))
            and _has_way_out(node)
        ):
            raise Unclear
        if after is None:
            return None
        guards = after
    return guards


def _branches(node: ast.If, guards: Guards, say: Expression, found: list[Outcome]) -> Guards | None:
    if not _has_way_out(node):
        return guards
    first = _walk(node.body, (*guards, _guard(node.test, True, say)), say, found)
    negative = _guard(node.test, False, say, ends=first is None)
    second = _walk(node.orelse, (*guards, negative), say, found) if node.orelse else (*guards, negative)
    if first is None:
        return second
    # Where one branch comes to its end, or both do: by either.
    return first if second is None else guards


def _loop(node: ast.For | ast.AsyncFor, guards: Guards, say: Expression, found: list[Outcome]) -> None:
    if not _has_way_out(node):
        return
    target, over = say(node.target), say(node.iter)
    skips = any(isinstance(one, (ast.Break, ast.Continue)) for one in ast.walk(node))
    if not target or not over or node.orelse or skips:
        raise Unclear
    _walk(node.body, (*guards, Guard("loop", f"for the first `{target}` in `{over}`")), say, found)


def _guard(test: ast.expr, holds: bool, say: Expression, ends: bool = False) -> Guard:
    words = condition(test, holds, say)
    if words is None:
        raise Unclear
    return Guard("if" if holds else "else", words, ends)


def _outcome(
    node: ast.Return | ast.Raise, guards: Guards, say: Expression, before: list[ast.stmt]
) -> Outcome:
    value = node.value if isinstance(node, ast.Return) else node.exc
    text = "" if value is None else say(value)
    if text is None:
        raise Unclear
    kind = "return" if isinstance(node, ast.Return) else "raise"
    inside = bool(guards) and not guards[-1].ends and 1 <= len(before) <= 2
    steps = [say(one) for one in before if isinstance(one, (ast.Expr, ast.Assign, ast.AugAssign, ast.Delete))]
    known = inside and len(steps) == len(before) and all(steps)
    return Outcome(kind, text, guards, node.lineno, tuple(one for one in steps if one) if known else ())


def _has_way_out(node: ast.AST) -> bool:
    inner = ast.walk(node)
    return any(isinstance(one, (ast.Return, ast.Raise, ast.Break, ast.Yield, ast.YieldFrom)) for one in inner)


def in_words(outcome: Outcome) -> str:
    """What an outcome does: "returns `x`"."""
    if outcome.kind == "return":
        return f"returns `{outcome.value or 'None'}`"
    if outcome.kind == "raise":
        return f"raises `{outcome.value}`"
    return "reaches its end and returns `None`"


def case(outcome: Outcome) -> str:
    """When an outcome is met, given that none of those before it is: "when `a` is `None`"; "" always."""
    parts: list[str] = []
    conditions: list[str] = []
    for guard in (*outcome.guards, None):
        if guard and guard.kind in ("if", "else"):
            if not guard.ends:
                conditions.append(guard.words)
            continue
        if conditions:
            joined = [f"({c})" if " or " in c and len(conditions) > 1 else c for c in conditions]
            after = parts[-1] if parts else ""
            opening = "for which" if after.startswith("for the first") else "and" if after else "when"
            parts = [*parts[:-1], " ".join(filter(None, (after, opening, listing(joined))))]
            conditions = []
        if guard:
            parts.append(guard.words)
    return ", ".join(parts)
