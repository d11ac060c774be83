"""What follows from a planted bug, said with the names and values of the code that is shown."""

import ast
import re
from collections.abc import Callable

from autodidact.generators.diff_miner.full.planted_bug import Planted
from autodidact.generators.writing.facts_into_words import capital

# Characters of a condition that is said twice.
SHORT = 40


def consequence(one: Planted) -> str:
    """A sentence or two on what the code does with the bug in it."""
    said = _OF_KIND[one.defect.kind](one) if one.defect.kind in _OF_KIND else ""
    return said or _general(one)


def _general(one: Planted) -> str:
    """What is said of its kind."""
    effect = one.defect.effect
    return f"As it stands, {effect}." if effect.startswith("it ") else f"{capital(effect)}."


def _condition(text: str) -> str:
    """`if a` as `a`."""
    return re.sub(r"^(?:if|elif|while) ", "", text)


def _opposite(one: Planted) -> str:
    """Of a test that says the opposite of what it should."""
    good, bad = (_condition(text) for text in (one.defect.good, one.defect.bad))
    tree = one.tree
    found = _test_of(tree, good) if tree else None
    match found:
        case ast.If() if one.right[0].lstrip().startswith("elif "):
            return f"Of the cases that get here, the block runs if `{bad}` instead of if `{good}`."
        case ast.If():
            return _branch(one, good, bad)
        case ast.While():
            return f"The loop runs as long as `{bad}`, and not as long as `{good}`."
        case ast.Assert():
            return f"The assertion fails if `{good}`, which is just what it has to confirm."
        case ast.Return():
            return "Every caller gets the opposite of the right answer."
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return f"So `{name}` says the opposite of what it should."
        case ast.IfExp():
            first, second = (_as_written(part, one) for part in (found.body, found.orelse))
            return f"So the value is `{first}` if `{bad}`, and `{second}` if `{good}`: they are exchanged."
        case ast.comprehension():
            return f"What fulfils `{good}` is left out, and the rest is kept."
        case ast.BoolOp() if isinstance(tree, ast.If) and _test_of(tree, ast.unparse(found)) is tree:
            return _part(one, found, good, bad)
    return ""


def _as_written(node: ast.expr, one: Planted) -> str:
    """An expression with the quotation marks that the code has."""
    text = ast.unparse(node)
    other = text.replace("'", '"')
    return other if other in "\n".join(one.statement) else text


def _branch(one: Planted, good: str, bad: str) -> str:
    inner, falls_to = one.inner, one.falls_to
    if one.has_else:
        return f"So the two branches are exchanged: the first one runs if `{bad}`."
    if inner and falls_to:
        return (
            f"As written, `{inner}` is skipped if `{good}`, and that case goes on to `{falls_to}`;"
            f" if `{bad}`, it is the other way round."
        )
    block = _block(one)
    if len(good) > SHORT and one.was_there:
        return f"So {block} runs in just the cases in which it was skipped before, and in no other."
    return f"As written, {block} is skipped if `{good}` and runs if `{bad}`."


def _part(one: Planted, whole: ast.BoolOp, good: str, bad: str) -> str:
    """Of one part of a condition."""
    block = _block(one)
    if isinstance(whole.op, ast.And):
        return f"With this, {block} is never reached if `{good}`, though that is required."
    return f"With this, {block} is reached whenever `{bad}`, and `{good}` alone no longer leads there."


def _test_of(tree: ast.AST, test: str) -> ast.AST | None:
    """What a test decides: the statement, expression or part of a comprehension that it belongs to."""
    wanted = _dump(test)
    if wanted is None:
        return None
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        match node:
            case ast.If() | ast.While() | ast.Assert() | ast.IfExp():
                parts = [node.test]
            case ast.comprehension():
                parts = node.ifs if len(node.ifs) == 1 else []
            case ast.BoolOp():
                parts = node.values
            case ast.Return(value=ast.expr() as value) | ast.Assign(value=value):
                parts = [value]
            case ast.AnnAssign(value=ast.expr() as value):
                parts = [value]
        if any(ast.dump(part) == wanted for part in parts):
            return node
    return None


def _dump(text: str) -> str | None:
    tree = _expression(text)
    return ast.dump(tree) if tree else None


def _joined(one: Planted) -> str:
    """Of `and` for `or`, or the other way round; of an order turned round; of `=` for `+=`."""
    good = one.defect.good
    if isinstance(one.tree, ast.AugAssign) and "overwritten" in one.defect.wrong:
        name, value = (_as_written(part, one) for part in (one.tree.target, one.tree.value))
        return f"Each time it is reached, it sets `{name}` to `{value}`, and what was there before is lost."
    match _expression(good):
        case ast.BoolOp(op=op, values=[first, second]) if "joined" in one.defect.wrong:
            left, right = _as_in(good, first), _as_in(good, second)
            if "fallback" in one.defect.wrong:
                return f"A `{left}` that is set is replaced by `{right}`, and one that is empty is kept."
            if isinstance(op, ast.Or):
                return f"With `and`, `{left}` and `{right}` both have to hold, where one is enough."
            to = f" for {_block(one)}" if _decides(one, good) else ""
            return f"With `or`, `{left}` or `{right}` alone is enough{to}, where both have to hold."
        case ast.Compare(left=first, ops=[op], comparators=[second]):
            left, right = _as_in(good, first), _as_in(good, second)
            than = "larger" if isinstance(op, (ast.Lt, ast.LtE)) else "smaller"
            return f"It holds when `{left}` is {than} than `{right}`: the wrong way round."
    return ""


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def _as_in(text: str, node: ast.AST) -> str:
    """A part of an expression as it is written there."""
    return ast.get_source_segment(text, node) or ast.unparse(node)


def _off_by_one(one: Planted) -> str:
    good = one.defect.good
    match _expression(good):
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            case = f"That makes a difference if `{_as_in(good, left)}` equals `{_as_in(good, right)}`:"
            strict = isinstance(op, (ast.Lt, ast.Gt))
            if _decides(one, good):
                return f"{case} {_block(one)} {'runs then, and should not' if strict else 'is skipped then'}."
            return f"{case} the test is {'true' if strict else 'false'} then, and should not be."
        case ast.Subscript(value=value, slice=part):
            return _element(_as_in(good, value), good, part)
        case ast.Call(args=[*_, last]):
            end = f"`{_as_in(good, last)} - 1`"
            if isinstance(last, ast.BinOp) and isinstance(last.op, ast.Add):
                end = f"`{_as_in(good, last.left)}`"
            return f"The range ends one too early: {end}, its last number, is left out."
    return ""


def _element(of: str, good: str, part: ast.expr) -> str:
    match part:
        case ast.Constant(value=0):
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
            end = _as_in(good, upper)
            return f"It takes one element less of `{of}`: up to `{end} - 1` instead of up to `{end}`."
    return ""


def _identity(one: Planted) -> str:
    tree = _expression(one.defect.good)
    if not isinstance(tree, ast.Compare) or not isinstance(tree.comparators[0], ast.Constant):
        return ""
    what = "string" if isinstance(tree.comparators[0].value, str) else "number"
    return (
        f"`is` compares identity, not value: an equal {what} that was made at run time is another object, so"
        f" the test can fail although `{_as_in(one.defect.good, tree.left)}` has the right value."
    )


def _swapped(one: Planted) -> str:
    """Of arguments in the wrong order."""
    good = one.defect.good
    call = _expression(good)
    if not isinstance(call, ast.Call) or len(call.args) < 2:
        return ""
    name, (first, second) = _as_in(good, call.func), (_as_in(good, part) for part in call.args[:2])
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
    tree = _expression(one.defect.bad)
    if not isinstance(tree, ast.Compare) or "compared with itself" not in one.defect.effect:
        return ""
    outcome = "always" if isinstance(tree.ops[0], (ast.Eq, ast.Is, ast.LtE, ast.GtE)) else "never"
    said = f"{capital(one.defect.effect)}, which is {outcome} true"
    if _decides(one, one.defect.good):
        return f"{said}: {_block(one)} {'runs in any case' if outcome == 'always' else 'is never reached'}."
    return f"{said}."


def _decides(one: Planted, test: str) -> bool:
    """Whether a test alone decides about the block that the bad line opens."""
    tree = one.tree
    return isinstance(tree, ast.If | ast.While) and _test_of(tree, test) is tree


def _block(one: Planted) -> str:
    """The block that the bad line opens, by its first statement where that is shown."""
    return f"`{one.inner}`" if one.inner else "the block"


def _other_function(one: Planted) -> str:
    good = one.defect.good
    call = _expression(good)
    match call:
        case ast.Call(func=ast.Attribute(value=of, attr=name), args=[sought, *_]):
            place = ("ends", "begins") if name == "startswith" else ("begins", "ends")
            text, part = _as_in(good, of), _as_in(good, sought)
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


def _broad(one: Planted) -> str:
    name = one.defect.good.removeprefix("except ")
    body = one.inner
    if body and body != "pass" and not body.startswith("raise"):
        return f"Then any other error in the `try`, a bug too, ends in `{body}` as if it were `{name}`."
    if body == "pass":
        return f"Then any other error in the `try`, a bug too, is passed over as if it were `{name}`."
    return f"Errors that are no `{name}`, bugs among them, are handled here too."


def _swallowed(one: Planted) -> str:
    if "does nothing else" in one.defect.effect:
        return "The handler does nothing else, so the error is lost and the code goes on as if all were well."
    return "Nothing is raised here, so the exception ends in this handler and no caller learns of it."


def _missing_f(one: Planted) -> str:
    field = re.search(r"`(\{.*\})` itself", one.defect.effect)
    return f"The text then has `{field[1]}` in it, letter by letter, and not its value." if field else ""


def _wrong_return(one: Planted) -> str:
    good, bad = (text.removeprefix("return ") for text in (one.defect.good, one.defect.bad))
    return f"Callers get `{bad}` where they need `{good}`." if "," not in good else ""


_OF_KIND: dict[str, Callable[[Planted], str]] = {
    "inverted condition": _opposite,
    "reversed comparison": _opposite,
    "wrong operator": _joined,
    "wrong function": _other_function,
    "off by one": _off_by_one,
    "identity": _identity,
    "swapped arguments": _swapped,
    "wrong variable": _twice,
    "lost self": _lost_self,
    "broad except": _broad,
    "swallowed exception": _swallowed,
    "missing f": _missing_f,
    "wrong return": _wrong_return,
}
