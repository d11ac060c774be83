"""Bugs of one operator, number or bound."""

import re
from collections.abc import Iterator
from typing import Any

import libcst as cst

from autodidact.generators.diff_miner.codemods.change import Change, Sight

_COUNTED = re.compile(
    r"\blen\(|\b\d+\b|_(count|size|limit)\b"
    r"|(^|[._])(count|limit|size|max|min|length|index|idx|num|number|retries|attempts?|total|depth|i|j|n)$"
)
_REVERSED = {
    cst.Equal: (cst.NotEqual, "==", "!="),
    cst.NotEqual: (cst.Equal, "!=", "=="),
    cst.Is: (cst.IsNot, "is", "is not"),
    cst.IsNot: (cst.Is, "is not", "is"),
    cst.In: (cst.NotIn, "in", "not in"),
    cst.NotIn: (cst.In, "not in", "in"),
}


_ORDER = {
    cst.LessThan: cst.LessThanEqual,
    cst.LessThanEqual: cst.LessThan,
    cst.GreaterThan: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.GreaterThan,
}


_TURNED = {
    cst.LessThan: cst.GreaterThan,
    cst.LessThanEqual: cst.GreaterThanEqual,
    cst.GreaterThan: cst.LessThan,
    cst.GreaterThanEqual: cst.LessThanEqual,
}


def _spaces(operator: Any) -> dict[str, Any]:
    """The white space around an operator, where it has any of its own."""
    names = ("whitespace_before", "whitespace_after")
    return {name: getattr(operator, name) for name in names if hasattr(operator, name)}


def comparisons(node: cst.Comparison, see: Sight) -> Iterator[Change]:
    if len(node.comparisons) != 1 or isinstance(see.parent, cst.UnaryOperation):
        return
    target = node.comparisons[0]
    old, left, right = target.operator, see.text(node.left), see.text(target.comparator)

    def spaced(kind: type) -> cst.BaseCompOp:
        return kind(**_spaces(old))

    def offer(kind: str, operator: cst.BaseCompOp, wrong: str, effect: str) -> Iterator[Change]:
        new = node.with_changes(comparisons=[target.with_changes(operator=operator)])
        yield see.replaced(kind, node, new, wrong, effect)

    if type(old) in _ORDER:
        if "version" in f"{left}{right}" or right.startswith("(") or left.startswith("("):
            return  # (3, 8) is less than (3, 8, 0): the bound itself hardly ever occurs
        if _COUNTED.search(left) or _COUNTED.search(right):
            strict = isinstance(old, (cst.LessThan, cst.GreaterThan))
            effect = f"it {'also' if strict else 'no longer'} holds when both sides are equal"
            yield from offer("off by one", spaced(_ORDER[type(old)]), "off by one", effect)
        else:
            yield from offer(
                "wrong operator",
                spaced(_TURNED[type(old)]),
                "the comparison points the wrong way",
                "it holds for the opposite order",
            )
    elif type(old) in _REVERSED:
        yield from offer(
            "reversed comparison",
            spaced(_REVERSED[type(old)][0]),
            "the comparison is reversed",
            "it holds exactly when it should not",
        )
    if isinstance(old, cst.Equal) and isinstance(target.comparator, (cst.SimpleString, cst.Integer)):
        effect = "`is` asks for the same object, not for an equal value"
        yield from offer(
            "identity",
            cst.Is(cst.SimpleWhitespace(" "), cst.SimpleWhitespace(" ")),
            "identity instead of equality",
            effect,
        )
    if isinstance(node.left, cst.Name) and isinstance(target.comparator, cst.Name) and left != right:
        new = node.with_changes(comparisons=[target.with_changes(comparator=node.left.deep_clone())])
        sought = isinstance(old, (cst.In, cst.NotIn))
        effect = f"`{left}` is {'looked for in' if sought else 'compared with'} itself"
        yield see.replaced("wrong variable", node, new, "wrong variable", effect)


def booleans(node: cst.BooleanOperation, see: Sight) -> Iterator[Change]:
    if any(isinstance(near, cst.BooleanOperation) for near in (node.left, node.right, see.parent)):
        return
    spaces = {
        "whitespace_before": node.operator.whitespace_before,
        "whitespace_after": node.operator.whitespace_after,
    }
    either = isinstance(node.operator, cst.Or)
    new = node.with_changes(operator=cst.And(**spaces) if either else cst.Or(**spaces))
    if see.is_condition():
        effect = (
            "both must hold now, where one was enough"
            if either
            else "one of the two is enough now, where both must hold"
        )
        yield see.replaced("wrong operator", node, new, "the conditions are joined wrongly", effect)
    elif (
        either
        and isinstance(node.left, (cst.Name, cst.Attribute))
        and isinstance(see.parent, (cst.Assign, cst.Return, cst.Arg, cst.AnnAssign))
    ):
        effect = f"a `{see.text(node.left)}` that is truthy is replaced, and one that is falsy is kept"
        yield see.replaced("wrong operator", node, new, "the fallback is joined wrongly", effect)


def arithmetic(node: cst.BinaryOperation, see: Sight) -> Iterator[Change]:
    if see.within(cst.Annotation):
        return
    old = node.operator
    spaces = _spaces(old)
    one = isinstance(node.right, cst.Integer) and node.right.value == "1"
    if one and isinstance(old, (cst.Add, cst.Subtract)):
        adds = isinstance(old, cst.Add)
        for new, amount in (
            (node.with_changes(operator=cst.Subtract(**spaces) if adds else cst.Add(**spaces)), 2),
            (node.left, 1),
        ):
            effect = f"the result is {amount} too {'small' if adds else 'large'}"
            yield see.replaced("off by one", node, new, "off by one", effect)
    elif isinstance(old, cst.FloorDivide):
        new = node.with_changes(operator=cst.Divide(**spaces))
        yield see.replaced(
            "wrong operator", node, new, "wrong division", "`/` does not round down as `//` does"
        )
    elif (
        isinstance(node.left, cst.Name)
        and isinstance(node.right, cst.Name)
        and node.left.value != node.right.value
        # Within `a | b | list[a | b]` both names stand there still.
        and not isinstance(see.parent, cst.BinaryOperation)
        and not isinstance(old, cst.BitOr)
    ):
        new = node.with_changes(right=node.left.deep_clone())
        effect = f"`{node.left.value}` is used twice and `{node.right.value}` not at all"
        yield see.replaced("wrong variable", node, new, "wrong variable", effect)


def accumulations(node: cst.AugAssign, see: Sight) -> Iterator[Change]:
    if not isinstance(node.operator, cst.AddAssign):
        return
    name = see.text(node.target)
    if see.within((cst.For, cst.While)):
        assign = cst.Assign(targets=[cst.AssignTarget(node.target)], value=node.value)
        effect = f"each pass of the loop that gets there overwrites `{name}`"
        yield see.replaced(
            "wrong operator", node, assign, f"`{name}` is overwritten instead of added to", effect
        )
    if isinstance(node.value, cst.Integer):
        operator = cst.SubtractAssign(
            whitespace_before=node.operator.whitespace_before, whitespace_after=node.operator.whitespace_after
        )
        new = node.with_changes(operator=operator)
        yield see.replaced(
            "wrong operator", node, new, "wrong direction", f"`{name}` goes down instead of up"
        )


def subscripts(node: cst.Subscript, see: Sight) -> Iterator[Change]:
    if len(node.slice) != 1 or see.within(cst.Annotation):
        return
    element = node.slice[0]
    part = element.slice

    def put(**changes) -> cst.Subscript:
        return node.with_changes(slice=[element.with_changes(slice=part.with_changes(**changes))])

    places = {
        "0": ("1", "what is at 1 instead of what is at 0"),
        "1": ("0", "what is at 0 instead of what is at 1"),
    }
    if isinstance(part, cst.Index) and isinstance(part.value, cst.Integer) and part.value.value in places:
        index, effect = places[part.value.value]
        new = put(value=part.value.with_changes(value=index))
        yield see.replaced("off by one", node, new, "off by one", f"it takes {effect}")
    elif isinstance(part, cst.Index) and see.text(part.value) == "-1":
        new = put(value=part.value.with_changes(expression=cst.Integer("2")))
        yield see.replaced(
            "off by one", node, new, "off by one", "it takes the last but one instead of the last"
        )
    elif isinstance(part, cst.Slice) and part.step is None:
        if part.lower is not None and part.upper is None and see.text(part.lower) == "1":
            new = put(lower=cst.Integer("2"))
            yield see.replaced(
                "off by one", node, new, "off by one", "one item too many is left out at the start"
            )
        elif part.lower is None and part.upper is not None and see.text(part.upper) == "-1":
            new = put(upper=part.upper.with_changes(expression=cst.Integer("2")))
            yield see.replaced(
                "off by one", node, new, "off by one", "one item too many is cut off at the end"
            )
        elif part.lower is None and isinstance(part.upper, (cst.Name, cst.Attribute)):
            new = put(upper=cst.BinaryOperation(part.upper, cst.Subtract(), cst.Integer("1")))
            yield see.replaced("off by one", node, new, "off by one", "it ends one item earlier")
