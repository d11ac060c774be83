"""What a change of Python code does, statement by statement, in words: `calls `close()``, `raises `KeyError`
when `name not in self``. What cannot be said shortly is not said, and the list is marked as incomplete.
"""

import ast
import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

# Characters of code that is quoted in a sentence.
LONGEST = 72
# Lines of it.
MOST_LINES = 6
# Statements of one block that are compared.
MOST_STATEMENTS = 400
# Depth of statements inside each other.
DEEPEST = 12

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass
class Edits:
    """What a function, class or module does now (`now`) and no longer (`gone`), as what follows its name.
    `whole`: nothing else is different. `guards`: (condition, what happens) of new early exits.
    """

    now: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    whole: bool = True
    guards: list[tuple[str, str]] = field(default_factory=list)
    documented: bool = False


class Comparer:
    """Compares a node before and after a change. `before`, `after`: the sources."""

    def __init__(self, before: str, after: str):
        # As `ast` counts columns: in bytes.
        self._before, self._after = before.encode().split(b"\n"), after.encode().split(b"\n")
        self._edits = Edits()
        # The lines of what is compared, before.
        self._was = ""

    def functions(self, old: ast.AST, new: ast.AST) -> Edits:
        """What is different in the body, and in decorators. Parameters are not looked at."""
        first, last = getattr(old, "lineno", 1), getattr(old, "end_lineno", None)
        self._was = b"\n".join(self._before[first - 1 : last]).decode("utf-8", "replace")
        old_body, new_body = _body(old), _body(new)
        old_doc, new_doc = _docstring(old_body), _docstring(new_body)
        self._edits.documented = old_doc != new_doc
        self._bodies(old_body[old_doc is not None :], new_body[new_doc is not None :], 0)
        was, now = (self._decorators(node, place) for node, place in ((old, False), (new, True)))
        if was is None or now is None:
            self._edits.whole = False
        else:
            self._edits.now += [f"has the decorator `@{d}`" for d in sorted(now - was)]
            self._edits.gone += [f"has the decorator `@{d}`" for d in sorted(was - now)]
        return self._edits

    def _decorators(self, node: ast.AST, now: bool) -> set[str] | None:
        """How they are written; None where one of them is long."""
        texts = [self._quote(d, now) for d in getattr(node, "decorator_list", ())]
        return None if None in texts else {text for text in texts if text}

    def _bodies(self, old: list[ast.stmt], new: list[ast.stmt], depth: int) -> None:
        if depth > DEEPEST or max(len(old), len(new)) > MOST_STATEMENTS:
            self._edits.whole = False
            return
        dumps = [ast.dump(node) for node in old], [ast.dump(node) for node in new]
        for tag, a, b, c, d in difflib.SequenceMatcher(a=dumps[0], b=dumps[1], autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            gone, come = old[a:b], new[c:d]
            if self._wrapped(gone, come):
                continue
            if len(gone) == len(come) and all(type(x) is type(y) for x, y in zip(gone, come, strict=True)):
                for x, y in zip(gone, come, strict=True):
                    self._pair(x, y, depth + 1)
                continue
            if depth:
                # It runs only under the conditions around it, which the words would not name.
                self._edits.whole = False
                continue
            for node in gone:
                self._say(self._edits.gone, self._done(node, now=False))
            for node in come:
                self._new(node)

    def _new(self, node: ast.stmt) -> None:
        if (
            isinstance(node, ast.If)
            and len(node.body) == 1
            and isinstance(node.body[0], _LEAVES)
            and not node.orelse
        ):
            condition, exit_ = self._quote(node.test), self._exit(node.body[0])
            if condition and exit_:
                self._edits.guards.append((condition, exit_))
                self._say(self._edits.now, f"{exit_} when `{condition}`")
                return
        self._say(self._edits.now, self._done(node, now=True))

    def _say(self, to: list[str], phrase: str | None) -> None:
        if phrase is None:
            self._edits.whole = False
        elif phrase not in to:
            to.append(phrase)

    def _exit(self, node: ast.stmt, now: bool = True) -> str | None:
        """What a statement that leaves its block does."""
        if isinstance(node, ast.Return):
            if node.value is None:
                return "returns early"
            text = self._quote(node.value, now)
            return text and f"returns `{text}`"
        if isinstance(node, ast.Raise):
            if node.exc is None:
                return "raises the exception again"
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            text = self._quote(raised, now)
            return text and f"raises `{text}`"
        return "goes on with the next item" if isinstance(node, ast.Continue) else "ends the loop"

    def _done(self, node: ast.stmt, now: bool) -> str | None:
        """What a statement does; None where it takes more than a few words."""
        if isinstance(node, (ast.Return, ast.Raise)):
            return self._exit(node, now)
        if isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Await)):
            return self._called(node.value, now)
        if (
            isinstance(node, ast.Assign)
            and len(node.targets) == 1
            or isinstance(node, ast.AnnAssign)
            and node.value
        ):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name, value = self._quote(target, now), self._quote(node.value, now)
            return f"sets `{name}` to `{value}`" if name and value else None
        if isinstance(node, (ast.Import, ast.ImportFrom)) and (text := self._quote(node, now)):
            names = [alias.asname or alias.name for alias in node.names]
            return f"imports `{names[0]}`" if len(names) == 1 and names[0] != "*" else f"has `{text}`"
        if isinstance(node, ast.Assert) and (text := self._quote(node.test, now)):
            return f"asserts `{text}`"
        if isinstance(node, ast.If) and len(node.body) == 1 and not node.orelse:
            condition, inner = self._quote(node.test, now), self._done(node.body[0], now)
            return f"{inner} when `{condition}`" if condition and inner and " when " not in inner else None
        return None

    def _called(self, value: ast.expr, now: bool) -> str | None:
        verb = "awaits" if isinstance(value, ast.Await) else "calls"
        inner = value.value if isinstance(value, ast.Await) else value
        text = self._quote(inner, now)
        if text is None and isinstance(inner, ast.Call) and (name := self._quote(inner.func, now)):
            text = self._shortened(inner, name) if now else f"{name}(...)"
        return text and f"{verb} `{text}`"

    def _shortened(self, call: ast.Call, name: str) -> str | None:
        """A new call that is long, with its first argument where there was one of that name; None if old."""
        if f"{name}(" not in self._was:
            return f"{name}(...)"
        first = call.args[0] if call.args else None
        text = self._quote(first) if isinstance(first, ast.Constant) else None
        return f"{name}({text}, ...)" if text and text not in self._was else None

    def _wrapped(self, gone: list[ast.stmt], come: list[ast.stmt]) -> bool:
        """Whether the old statements are put into a block, or taken out of one; says so."""
        for inner, outer, now in ((gone, come, True), (come, gone, False)):
            if len(outer) != 1 or not inner or not isinstance(outer[0], (ast.If, ast.Try, ast.With)):
                continue
            block = outer[0]
            if [ast.dump(n) for n in block.body] != [ast.dump(n) for n in inner]:
                continue
            phrase = self._around(block, block.body, now)
            self._say(self._edits.now if now else self._edits.gone, phrase)
            return True
        return False

    def _around(self, block: ast.stmt, inner: list[ast.stmt], now: bool) -> str | None:
        what = self._done(inner[0], now) if len(inner) == 1 else None
        if what is None:
            return None
        if isinstance(block, ast.If) and not block.orelse and (test := self._quote(block.test, now)):
            return f"{what} only when `{test}`"
        if (
            isinstance(block, ast.With)
            and len(block.items) == 1
            and (item := self._quote(block.items[0].context_expr, now))
        ):
            return f"{what} inside `with {item}`"
        if (
            isinstance(block, ast.Try)
            and len(block.handlers) == 1
            and not block.orelse
            and not block.finalbody
        ):
            caught = block.handlers[0]
            name = self._quote(caught.type, now) if caught.type else None
            does = self._done(caught.body[0], now) if len(caught.body) == 1 else None
            if name and isinstance(caught.body[0], ast.Pass):
                return f"ignores `{name}` when it {what}"
            return f"{what} in a `try`, and {does} on `{name}`" if name and does else None
        return None

    def _pair(self, old: ast.stmt, new: ast.stmt, depth: int) -> None:
        """Two statements of one kind that are different."""
        for name in ("body", "orelse", "finalbody", "handlers"):
            if isinstance(getattr(old, name, None), list):
                self._blocks(getattr(old, name), getattr(new, name), depth)
        changed = [
            name
            for name in old._fields
            if name not in ("body", "orelse", "finalbody", "handlers", "type_comment")
            and _dump(getattr(old, name)) != _dump(getattr(new, name))
        ]
        if not changed:
            return
        if len(changed) > 1 or isinstance(old, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self._edits.whole = False
            return
        self._say(self._edits.now, self._field(old, new, changed[0]))

    def _blocks(self, old: list, new: list, depth: int) -> None:
        if not all(isinstance(node, ast.ExceptHandler) for node in [*old, *new]) or not old:
            self._bodies(old, new, depth)
        elif len(old) != len(new):
            self._edits.whole = False
        else:
            for x, y in zip(old, new, strict=True):
                if _dump(x.type) != _dump(y.type):
                    a, b = (
                        self._quote(node.type, now) if node.type else None
                        for node, now in ((x, False), (y, True))
                    )
                    self._say(self._edits.now, f"catches `{b}` instead of `{a}`" if a and b else None)
                self._bodies(x.body, y.body, depth)

    def _field(self, old: ast.stmt, new: ast.stmt, name: str) -> str | None:
        """What one changed part of a statement means."""
        was, now = getattr(old, name), getattr(new, name)
        if not isinstance(was, ast.expr) or not isinstance(now, ast.expr):
            return None
        a, b = self._quote(was, False), self._quote(now)
        if isinstance(old, (ast.If, ast.While)) and a and b:
            return f"tests `{b}` instead of `{a}`"
        if isinstance(old, ast.Return) and a and b:
            return f"returns `{b}` instead of `{a}`"
        if isinstance(old, ast.For) and name == "iter" and a and b:
            return f"goes over `{b}` instead of `{a}`"
        if isinstance(old, (ast.Assign, ast.AnnAssign)) and name == "value" and a and b:
            target = new.targets[0] if isinstance(new, ast.Assign) else getattr(new, "target", None)
            text = self._quote(target)
            return text and f"sets `{text}` to `{b}` instead of `{a}`"
        return self._inside(was, now)

    def _inside(self, old: ast.expr, new: ast.expr) -> str | None:
        """The smallest difference of two expressions that has a name of its own."""
        for _ in range(DEEPEST):
            both = isinstance(old, ast.Call) and isinstance(new, ast.Call)
            if both and (phrase := self._keywords(old, new)):
                return phrase
            inner = [(x, y) for x, y in _children(old, new) if _dump(x) != _dump(y)]
            a, b = self._quote(old, False), self._quote(new)
            if a and b and (len(a) + len(b) <= LONGEST or len(inner) != 1):
                return f"has `{b}` where it had `{a}`"
            if len(inner) != 1:
                return None
            old, new = inner[0]
        return None

    def _keywords(self, old: ast.expr, new: ast.expr) -> str | None:
        """A keyword argument that comes, where all else of the call is the same."""
        assert isinstance(old, ast.Call) and isinstance(new, ast.Call)
        name = self._quote(new.func)
        if name is None or _dump([old.func, old.args]) != _dump([new.func, new.args]):
            return None
        was, now = ({k.arg: _dump(k.value) for k in call.keywords} for call in (old, new))
        added = [k for k in new.keywords if k.arg and k.arg not in was]
        if len(added) != 1 or any(was[k] != now.get(k) for k in was):
            return None
        value = self._quote(added[0].value)
        return value and f"passes `{added[0].arg}={value}` to `{name}`"

    def _quote(self, node: ast.AST | None, now: bool = True) -> str | None:
        """A node as it is written, if it is short and on one line."""
        if node is None:
            return None
        text = _segment(self._after if now else self._before, node)
        if "\n" in text:
            text = " ".join(part.strip() for part in text.split("\n")) if len(text) < 2 * LONGEST else ""
            text = (
                text.replace("( ", "(")
                .replace(" )", ")")
                .replace("[ ", "[")
                .replace(" ]", "]")
                .replace(",)", ")")
            )
        return text if 0 < len(text) <= LONGEST and "`" not in text and "#" not in text else None


def _segment(lines: list[bytes], node: ast.AST) -> str:
    """The source of a node, "" where it is none of these lines or on more than a few of them."""
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
    if not 0 < first <= last <= len(lines) or last - first > MOST_LINES:
        return ""
    found = lines[first - 1 : last]
    found[-1] = found[-1][: node.end_col_offset]  # type: ignore[attr-defined]
    found[0] = found[0][node.col_offset :]  # type: ignore[attr-defined]
    return b"\n".join(found).decode("utf-8", "replace")


def _children(old: ast.AST, new: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """The parts of two expressions of one kind, in pairs; none where they have not the same number."""
    if type(old) is not type(new):
        return []
    pairs = []
    for name in old._fields:
        a, b = getattr(old, name), getattr(new, name)
        a, b = (x if isinstance(x, list) else [x] for x in (a, b))
        if len(a) != len(b):
            return []
        for x, y in zip(a, b, strict=True):
            x, y = (n.value if isinstance(n, ast.keyword) else n for n in (x, y))
            if isinstance(x, ast.expr) and isinstance(y, ast.expr):
                pairs.append((x, y))
            elif _dump(x) != _dump(y):
                return []
    return pairs


def _dump(value: object) -> str:
    if isinstance(value, ast.AST):
        return ast.dump(value)
    return repr([_dump(item) for item in value]) if isinstance(value, list) else repr(value)


def _body(node: ast.AST) -> list[ast.stmt]:
    return list(getattr(node, "body", []))


def _docstring(body: Sequence[ast.stmt]) -> str | None:
    first = body[0] if body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        return first.value.value
    return None
