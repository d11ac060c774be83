"""Bugs of what runs and what does not: returns, awaits, exceptions, loops, checks, clean-up."""

import re
from collections.abc import Iterator

import libcst as cst

from autodidact.generators.diff_miner.codemods.change import Change, Sight, brief


def returns(node: cst.Return, see: Sight) -> Iterator[Change]:
    value, function = node.value, see.function()
    if not isinstance(function, cst.FunctionDef):
        return
    whole = f"return {see.text(value)}" if value else ""
    inner = value.expression if isinstance(value, cst.Await) else value
    if value and isinstance(inner, cst.Call):
        bare = cst.Expr(value=value, semicolon=node.semicolon)
        short = brief(see.text(value))
        yield Change(
            "lost return",
            node,
            bare,
            "`return` is missing",
            short,
            f"return {short}",
            "what the call gives is not handed back",
        )
    elif isinstance(value, cst.Name):
        body = see.text(function.body)
        made = [
            name
            for name in re.findall(r"^\s+(\w+)(?:: [^=\n]+)? = ", body, re.MULTILINE)
            if name != value.value
        ]
        if re.search(rf"^\s+{value.value}(: [^=\n]+)? = ", body, re.MULTILINE) and made:
            new = node.with_changes(value=value.with_changes(value=made[0]))
            effect = f"what comes back is not `{value.value}`"
            yield Change(
                "wrong return", node, new, "the wrong variable is returned", see.text(new), whole, effect
            )
    elif (
        isinstance(value, cst.Tuple)
        and len(value.elements) == 2
        and all(isinstance(e.value, cst.Name) for e in value.elements)
    ):
        first, second = value.elements
        swapped = value.with_changes(
            elements=[first.with_changes(value=second.value), second.with_changes(value=first.value)]
        )
        new = node.with_changes(value=swapped)
        if see.text(first.value) != see.text(second.value):
            yield Change(
                "wrong return",
                node,
                new,
                "the pair is returned in the wrong order",
                see.text(new),
                whole,
                "whoever unpacks it gets them swapped",
            )


def awaits(node: cst.Await, see: Sight) -> Iterator[Change]:
    new = node.expression
    if node.lpar:
        new = new.with_changes(lpar=[*node.lpar, *new.lpar], rpar=[*new.rpar, *node.rpar])
    # What is awaited may be a task, too, which runs whether or not somebody waits for it.
    alone = isinstance(see.parent, cst.Expr)
    effect = "nothing waits for what it gives" if alone else "this is an awaitable, not its result"
    yield Change(
        "missing await", node, new, "`await` is missing", brief(see.text(new)), brief(see.text(node)), effect
    )


def raises(node: cst.Raise, see: Sight) -> Iterator[Change]:
    handler = see.within(cst.ExceptHandler)
    if isinstance(handler, cst.ExceptHandler):
        # A handler of several statements may log the error, store it or return something.
        block = handler.body.body
        alone = len(block) == 1 and (block[0] is node or isinstance(block[0], cst.SimpleStatementLine))
        yield Change(
            "swallowed exception",
            node,
            cst.Pass(semicolon=node.semicolon),
            "the exception is swallowed",
            "pass",
            brief(see.text(node)),
            "the handler does nothing else, so the error is lost"
            if alone
            else "nothing is raised at this point",
        )


_NOT_EXCEPTION = {
    "Exception",
    "BaseException",
    "KeyboardInterrupt",
    "SystemExit",
    "GeneratorExit",
    "CancelledError",
}


def handlers(node: cst.ExceptHandler, see: Sight) -> Iterator[Change]:
    if isinstance(node.type, (cst.Name, cst.Attribute)):
        name = see.text(node.type)
        if (
            name.rpartition(".")[2] not in _NOT_EXCEPTION
            and isinstance(see.parent, cst.Try)
            and len(see.parent.handlers) == 1
        ):
            effect = f"errors that are no `{name}`, bugs among them, are handled here too"
            yield Change(
                "broad except",
                node.type,
                cst.Name("Exception"),
                "too much is caught",
                "except Exception",
                f"except {name}",
                effect,
            )


def breaks(node: cst.Break, see: Sight) -> Iterator[Change]:
    new = cst.Continue(semicolon=node.semicolon)
    yield Change(
        "missing break",
        node,
        new,
        "`break` is missing",
        "continue",
        "break",
        "the loop goes on instead of ending",
    )


_CLOSERS = {
    "close": "closed",
    "aclose": "closed",
    "release": "released",
    "disconnect": "disconnected",
    "cleanup": "cleaned up",
}


def statements(node: cst.SimpleStatementLine, see: Sight) -> Iterator[Change]:
    """A statement taken away: a `close()`, or the call of the base class's `__init__`."""
    if len(node.body) != 1 or not isinstance(node.body[0], cst.Expr) or see.alone():
        return
    value = node.body[0].value
    call = value.expression if isinstance(value, cst.Await) else value
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return
    name, of, text = call.func.attr.value, see.text(call.func.value), see.text(value)
    if name in _CLOSERS and not call.args:
        yield Change(
            "missing close",
            node,
            cst.RemoveFromParent(),
            f"`{text}` is missing",
            "",
            text,
            f"`{of}` is not {_CLOSERS[name]} here",
            context=True,
        )
    elif name == "__init__" and of.startswith("super("):
        yield Change(
            "missing super",
            node,
            cst.RemoveFromParent(),
            f"`{text}` is missing",
            "",
            text,
            "the `__init__` of the base class is not called here",
            context=True,
        )


def conditions(node: cst.If | cst.While, see: Sight) -> Iterator[Change]:
    test, word = (
        node.test,
        "while" if isinstance(node, cst.While) else "elif" if isinstance(see.parent, cst.If) else "if",
    )
    new = None
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        new = test.expression
    elif isinstance(test, (cst.Name, cst.Attribute, cst.Call)):
        new = cst.UnaryOperation(cst.Not(), test)
    if (
        new is not None
        and see.text(test) not in ("True", "1")
        and not test.lpar
        and "TYPE_CHECKING" not in see.text(test)
    ):
        bad, good = f"{word} {see.text(new)}", f"{word} {see.text(test)}"
        effect = (
            "of the cases that get there, it runs in exactly the wrong ones"
            if word == "elif"
            else "the block runs exactly when it should not"
        )
        yield Change("inverted condition", test, new, "the condition is inverted", bad, good, effect)
    if (
        word == "if"
        and isinstance(node, cst.If)
        and node.orelse is None
        and isinstance(node.body, cst.IndentedBlock)
        and not see.alone()
    ):
        last = node.body.body[-1]
        leaves = (
            isinstance(last, cst.SimpleStatementLine)
            and _refuses(last.body[0], see)
            and len(node.body.body) == 1
        )
        if leaves:
            check = f"if {see.text(test)}:"
            yield Change(
                "removed check",
                node,
                cst.RemoveFromParent(),
                f"the check `{check}` is missing",
                "",
                check,
                _passes(last.body[0], see),  # type: ignore[attr-defined]
                context=True,
            )


def _passes(statement: cst.BaseSmallStatement, see: Sight) -> str:
    """What no longer happens without a check that refuses something."""
    if not isinstance(statement, cst.Raise):
        return "the function is not left here in that case"
    if statement.exc is None:
        return "the exception is not raised again in that case"
    raised = statement.exc.func if isinstance(statement.exc, cst.Call) else statement.exc
    return f"`{see.text(raised)}` is not raised here in that case"


def _refuses(statement: cst.BaseSmallStatement, see: Sight) -> bool:
    """A raise, or a return of nothing."""
    if isinstance(statement, cst.Return):
        return statement.value is None or see.text(statement.value) in ("None", "False")
    return isinstance(statement, cst.Raise)
