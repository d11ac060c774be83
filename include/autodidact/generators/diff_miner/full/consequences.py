"""What follows from a planted bug, said with the names and values of the code that is shown."""

import ast
import re
from collections.abc import Callable

from autodidact.generators.diff_miner.full.decided_by_test import (
    as_in,
    as_written,
    block_of,
    chosen,
    decides,
    expression,
    is_required,
    only_block_of,
    opposite,
)
from autodidact.generators.diff_miner.full.numbers_off import division, number_off
from autodidact.generators.diff_miner.full.planted_bug import Planted
from autodidact.generators.diff_miner.full.what_fails import failure, negated
from autodidact.generators.writing.facts_into_words import capital

# What is said where the statement that a test decides about is not shown.
_UNSHOWN = re.compile(r"\bthe block\b|^It is true if|the first one runs if|^The loop runs as long")


def consequence(one: Planted) -> str:
    """A sentence or two on what the code does with the bug in it."""
    said = _OF_KIND[one.defect.kind](one) if one.defect.kind in _OF_KIND else ""
    return said or _general(one)


def unclear(one: Planted) -> bool:
    """Whether it cannot be said what the bug does: which statement runs that should not, what fails, or what
    becomes of a number.
    """
    tree = expression(one.defect.good)
    if isinstance(tree, ast.BinOp):
        floor = isinstance(tree.op, ast.FloorDiv)
        off = one.defect.kind == "off by one" and number_off(one) is None
        return off or floor and division(one) is None
    said = consequence(one)
    if "alone is enough, where" in said or "both have to hold, where" in said:
        return "raises" not in said
    return bool(_UNSHOWN.search(said)) and "raises" not in said


def _general(one: Planted) -> str:
    """What is said of its kind."""
    effect = one.defect.effect
    return f"As it stands, {effect}." if effect.startswith("it ") else f"{capital(effect)}."


def _joined(one: Planted) -> str:
    """Of `and` for `or`, or the other way round; of an order turned round; of `=` for `+=`, `/` for `//`."""
    good = one.defect.good
    if isinstance(one.tree, ast.AugAssign) and "overwritten" in one.defect.wrong:
        name, value = (as_written(part, one) for part in (one.tree.target, one.tree.value))
        return f"Each time it is reached, it sets `{name}` to `{value}`, and what was there before is lost."
    match expression(good):
        case ast.BinOp(op=ast.FloorDiv()):
            return division(one) or ""
        case ast.BoolOp(op=op, values=[first, second]) if "joined" in one.defect.wrong:
            left, right = as_in(good, first), as_in(good, second)
            if "fallback" in one.defect.wrong:
                return f"If `{left}` is set, `{right}` takes its place, and if not, the fallback is not used."
            to = f" for {block_of(one)}" if decides(one, good) else ""
            if isinstance(op, ast.Or):
                said = f"With `and`, `{left}` and `{right}` both have to hold{to}, where one is enough."
                return f"{said} {failure(left, right)}".strip()
            said = f"With `or`, `{left}` or `{right}` alone is enough{to}, where both have to hold."
            return f"{said} {failure(negated(left), right)}".strip()
        case ast.Compare(left=first, ops=[op], comparators=[second]):
            left, right = as_in(good, first), as_in(good, second)
            than = "larger" if isinstance(op, (ast.Lt, ast.LtE)) else "smaller"
            return f"It holds when `{left}` is {than} than `{right}`: the wrong way round."
    return ""


def _off_by_one(one: Planted) -> str:
    good = one.defect.good
    match expression(good):
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            case = f"That makes a difference if `{as_in(good, left)}` equals `{as_in(good, right)}`:"
            strict = isinstance(op, (ast.Lt, ast.Gt))
            if decides(one, good):
                return (
                    f"{case} {block_of(one)} {'runs then, and should not' if strict else 'is skipped then'}."
                )
            return f"{case} the test is {'true' if strict else 'false'} then, and should not be."
        case ast.BinOp():
            return number_off(one) or ""
        case ast.Subscript(value=value, slice=part):
            return _element(as_in(good, value), good, part)
        case ast.Call(args=[*_, last]):
            end = f"`{as_in(good, last)} - 1`"
            if isinstance(last, ast.BinOp) and isinstance(last.op, ast.Add):
                end = f"`{as_in(good, last.left)}`"
            return f"The range ends one too early: {end}, its last number, is left out."
    return ""


def _element(of: str, good: str, part: ast.expr) -> str:
    match part:
        case ast.Constant(value=0):
            # How many there are, the lines do not tell: whether it fails is not said.
            return f"Index 1 is the second element of `{of}`, and the first is needed."
        case ast.Constant(value=1):
            return f"Index 0 is the first element of `{of}`, and the second is needed."
        case ast.UnaryOp():
            return f"Index -2 is the last but one of `{of}`, and the last is needed."
        case ast.Slice(lower=ast.Constant(value=1), upper=None):
            return f"It drops the first two elements of `{of}` instead of one."
        case ast.Slice(lower=None, upper=ast.UnaryOp()):
            return f"It cuts two elements off the end of `{of}` instead of one."
        case ast.Slice(lower=None, upper=ast.expr() as upper):
            end = as_in(good, upper)
            return f"It takes one element less of `{of}`: up to `{end} - 1` instead of up to `{end}`."
    return ""


def _identity(one: Planted) -> str:
    tree = expression(one.defect.good)
    if not isinstance(tree, ast.Compare) or not isinstance(tree.comparators[0], ast.Constant):
        return ""
    if not isinstance(tree.comparators[0].value, str):
        return (
            "`is` compares identity, not value: that equal small numbers are one object is a detail of"
            " CPython, and no test may rest on it."
        )
    return (
        "`is` compares identity, not value: an equal string that is made at run time need not be the same"
        f" object, so the test can fail although `{as_in(one.defect.good, tree.left)}` has the right value."
    )


def _swapped(one: Planted) -> str:
    """Of arguments in the wrong order."""
    good = one.defect.good
    call = expression(good)
    if not isinstance(call, ast.Call) or len(call.args) < 2:
        return ""
    name, (first, second) = as_in(good, call.func), (as_in(good, part) for part in call.args[:2])
    match name:
        case "isinstance":
            return f"Called like this, it raises `TypeError` unless `{first}` happens to be a class."
        case "hasattr" | "getattr" | "setattr":
            return f"`{name}` takes the attribute's name second, and raises `TypeError` if that is no string."
        case "map" | "filter":
            return (
                f"`{name}` takes the function first: like this it has to iterate over `{first}`, which raises"
                " `TypeError`."
            )
        case "re.match" | "re.search":
            return f"The pattern comes first: here `{second}` is taken for it, and `{first}` is searched."
        case "issubclass":
            return f"It asks whether `{second}` is derived from `{first}`."
        case "os.rename" | "os.replace" | "shutil.copy" | "shutil.move":
            return f"The source comes first: here `{second}` is taken for it, and `{first}` for the target."
    return f"Each of the two parameters gets the other one's value: {one.defect.effect}."


def _twice(one: Planted) -> str:
    """Of a name that stands where another one belongs."""
    effect, good = one.defect.effect, expression(one.defect.good)
    bad = expression(one.defect.bad)
    if not isinstance(bad, ast.Compare) or not isinstance(good, ast.Compare) or "itself" not in effect:
        return ""
    if "looked for in itself" in effect:
        return f"{capital(effect)}, and `{as_in(one.defect.good, good.comparators[0])}` is not asked at all."
    always = isinstance(bad.ops[0], (ast.Eq, ast.Is, ast.LtE, ast.GtE))
    said = f"{capital(effect)}, which is {'always' if always else 'never'} true"
    if value := chosen(one, one.defect.good, always):
        return f"{said}: the value is `{value}` each time."
    alone = decides(one, one.defect.good)
    if always and alone:
        return f"{said}: {block_of(one)} runs each time that this line is reached."
    if not always and (alone or is_required(one, one.defect.good)):
        return f"{said}: {only_block_of(one)} is never reached."
    return f"{said}."


def _other_function(one: Planted) -> str:
    good = one.defect.good
    call = expression(good)
    match call:
        case ast.Call(func=ast.Attribute(value=of, attr=name), args=[sought, *_]):
            place = ("ends", "begins") if name == "startswith" else ("begins", "ends")
            text, part = as_in(good, of), as_in(good, sought)
            return (
                f"It asks whether `{text}` {place[0]} with `{part}`, and not whether it {place[1]} with it."
            )
        case ast.Call(func=ast.Name(id="max" | "min" as name)):
            sizes = ("smallest", "largest") if name == "max" else ("largest", "smallest")
            return f"It takes the {sizes[0]} value instead of the {sizes[1]}."
        case ast.Call(func=ast.Name(id="any" | "all" as name)):
            if name == "any":
                return "Then every one of them has to hold, where one is enough."
            return "Then one of them is enough, where every one has to hold."
    return ""


def _lost_self(one: Planted) -> str:
    name = one.defect.good.partition("=")[0].strip().removeprefix("self.")
    return f"This assigns the parameter `{name}` to itself, and the attribute `self.{name}` is not set."


def _swallowed(one: Planted) -> str:
    if "does nothing else" in one.defect.effect:
        return "The handler does nothing else, so the error is lost, and what is below runs after it too."
    return "Without the `raise` the exception ends in this handler, and what is below runs after it too."


def _mutable_default(one: Planted) -> str:
    name, _, value = one.defect.bad.replace(" ", "").partition("=")
    return (
        f"That `{value}` is made once, with the function, and all calls without"
        f" `{name.partition(':')[0]}` share it: what one call puts in, the next one finds."
    )


def _missing_await(one: Planted) -> str:
    match one.tree:
        case ast.Expr():
            return "The call alone only makes an awaitable: nothing waits for it, and a coroutine never runs."
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Await()):
            return f"`{name}` is the awaitable itself then, and not its result."
        case ast.Return(value=ast.Await()):
            return "What is returned is the awaitable itself, and not its result."
    return ""


def _missing_f(one: Planted) -> str:
    field = re.search(r"`(\{.*\})` itself", one.defect.effect)
    return f"The text then has `{field[1]}` in it literally, and not its value." if field else ""


def _wrong_return(one: Planted) -> str:
    good, bad = (text.removeprefix("return ") for text in (one.defect.good, one.defect.bad))
    return f"Callers get `{bad}` where they need `{good}`." if "," not in good else ""


_OF_KIND: dict[str, Callable[[Planted], str]] = {
    "inverted condition": opposite,
    "reversed comparison": opposite,
    "wrong operator": _joined,
    "wrong function": _other_function,
    "off by one": _off_by_one,
    "identity": _identity,
    "swapped arguments": _swapped,
    "wrong variable": _twice,
    "lost self": _lost_self,
    "swallowed exception": _swallowed,
    "missing await": _missing_await,
    "mutable default": _mutable_default,
    "missing f": _missing_f,
    "wrong return": _wrong_return,
}
