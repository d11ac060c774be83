"""What a piece of Python code calls and raises, each call by a name that can be followed to a definition.

`f`, `a.b.f`, `self.f`: as written. `T:f`: the method `f` of an object that T makes or that is annotated with
T; T is a class or a function.
`self.x:f`: of an attribute. `super:f`: of a base class. `?:f`: of something that is not known here.
"""

import ast
from collections import Counter

_SKIPPED = {
    "ctx",
    "op",
    "ops",
    "id",
    "attr",
    "arg",
    "name",
    "names",
    "kind",
    "level",
    "module",
    "type_comment",
    "simple",
    "type_params",
    "annotation",
    "conversion",
    "is_async",
    "rest",
    "kwd_attrs",
}
_FIELDS = {
    kind: tuple(name for name in kind._fields if name not in _SKIPPED)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_SPECIAL = frozenset(
    {
        ast.Assign,
        ast.AnnAssign,
        ast.Raise,
        ast.ExceptHandler,
        ast.Import,
        ast.ImportFrom,
        ast.ClassDef,
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.MatchAs,
        ast.MatchStar,
        ast.MatchMapping,
        ast.Lambda,
    }
)
_LEAVES = frozenset(kind for kind, fields in _FIELDS.items() if not fields) - _SPECIAL - {ast.Name}
_LEAVES |= {ast.Constant, ast.MatchSingleton, type(None)}
_OPTIONAL = ("Optional", "typing.Optional", "t.Optional")


def dotted(node: ast.expr) -> str | None:
    """`a.b.c` of a name or a chain of attributes; None of anything else."""
    if type(node) is ast.Name:
        return node.id
    parts: list[str] = []
    while type(node) is ast.Attribute:
        parts.append(node.attr)
        node = node.value
    if type(node) is not ast.Name:
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


def type_name(node: ast.expr) -> str | None:
    """The class that an annotation names, without `None`: `T` of `T`, `"T"`, `T | None`, `Optional[T]`."""
    kind = type(node)
    if kind is ast.Name or kind is ast.Attribute:
        return dotted(node)
    if kind is ast.Constant and type(node.value) is str and len(node.value) < 100:
        try:
            return type_name(ast.parse(node.value.strip(), mode="eval").body)
        except (SyntaxError, ValueError):
            return None
    if kind is ast.BinOp and type(node.op) is ast.BitOr:
        sides = [
            side
            for side in (node.left, node.right)
            if not (type(side) is ast.Constant and side.value is None)
        ]
        return type_name(sides[0]) if len(sides) == 1 else None
    if kind is ast.Subscript and dotted(node.value) in _OPTIONAL:
        return type_name(node.slice)
    return None


def _place(call: tuple[int, int, ast.expr]) -> tuple:
    """Where a call stands; in `a().b()` first `a`."""
    line, column, func = call
    return line, column, func.end_lineno, func.end_col_offset


class CallReader:
    """Walks a function's own body; functions and classes inside it are not its own. On a module's body it
    reads all but the functions.

    `params`: the parameters with the classes they are annotated with. `stored`: how often each name is bound.
    `imports`: alias -> target.
    """

    def __init__(self, params: dict[str, str | None] | None = None):
        self.params = params
        self.stored: Counter = Counter()
        self.imports: dict[str, list] = {}
        self.nested: list[
            ast.AST
        ] = []  # functions, classes and lambdas inside: their calls are made by somebody else
        self._called: list[tuple[int, int, ast.expr]] = []
        self._raised: list[tuple[int, int, str]] = []
        self._made: dict[str, str] = {}  # local name -> what its one value is made by, or annotated with
        self._attributes: list[tuple[str, str, ast.expr | None, str | None]] = []

    def walk(self, body: list[ast.stmt]) -> None:
        """Collects. The loop runs half a million times for a large code base, so it is written to be
        quick."""
        stack: list = list(body)
        pop, push, extend = stack.pop, stack.append, stack.extend
        called, stored, fields_of, leaves = self._called, self.stored, _FIELDS, _LEAVES
        while stack:
            node = pop()
            kind = type(node)
            if kind in leaves:
                continue
            if kind is ast.Name:
                if type(node.ctx) is not ast.Load:
                    stored[node.id] += 1
                continue
            if kind is ast.Attribute:
                while type(node) is ast.Attribute:
                    node = node.value
                if type(node) is not ast.Name:
                    push(node)
                continue
            if kind is ast.Call:
                called.append((node.lineno, node.col_offset, node.func))
            elif kind in _SPECIAL and not self._special(node, kind, stack):
                continue
            for field in fields_of[kind]:
                value = getattr(node, field)
                if type(value) is list:
                    if value:
                        extend(value)
                elif value is not None:
                    push(value)

    def _special(self, node: ast.AST, kind: type, stack: list) -> bool:
        """Statements that say more than their parts. Whether the parts are to be read."""
        if kind is ast.Assign or kind is ast.AnnAssign:
            self._assigned(node.targets if kind is ast.Assign else [node.target], node)
        elif kind is ast.Raise:
            name = node.exc and dotted(node.exc.func if type(node.exc) is ast.Call else node.exc)
            if name and name.rpartition(".")[2][:1].isupper():
                self._raised.append((node.lineno, node.col_offset, name))
        elif (
            kind is ast.ExceptHandler
            or kind is ast.MatchAs
            or kind is ast.MatchStar
            or kind is ast.MatchMapping
        ):
            if name := node.rest if kind is ast.MatchMapping else node.name:
                self.stored[name] += 1
        elif kind is ast.Import or kind is ast.ImportFrom:
            if self.params is not None:
                for alias in node.names:
                    whole = kind is ast.Import
                    target = [alias.name, None, 0] if whole else [node.module or "", alias.name, node.level]
                    self.imports[alias.asname or alias.name] = target
            return False
        elif kind is ast.Lambda:
            self.nested.append(node)
            return False
        elif kind is ast.ClassDef and self.params is None:
            stack.extend((*node.body, *node.decorator_list, *node.bases, *node.keywords))
            return False
        elif kind is ast.FunctionDef or kind is ast.AsyncFunctionDef or kind is ast.ClassDef:
            self.stored[node.name] += 1
            stack.extend(node.decorator_list)
            if kind is not ast.ClassDef:
                stack.extend((*node.args.defaults, *node.args.kw_defaults))
            if self.params is not None:
                self.nested.append(node)
            return False
        return True

    def _assigned(self, targets: list[ast.expr], node: ast.Assign | ast.AnnAssign) -> None:
        kind = type_name(node.annotation) if type(node) is ast.AnnAssign else None
        made = kind or (type(node.value) is ast.Call and dotted(node.value.func)) or None
        for target in targets:
            if type(target) is ast.Name:
                if made:
                    self._made[target.id] = made
            elif type(target) is ast.Attribute and type(target.value) is ast.Name:
                self._attributes.append((target.value.id, target.attr, node.value, kind))

    def raises(self) -> list[str]:
        """The exceptions, in the order of the source."""
        return list(dict.fromkeys(name for _, _, name in sorted(self._raised)))

    def inside(self) -> set[str]:
        """Simple names of what the functions, classes and lambdas inside call."""
        calls = (node.func for outer in self.nested for node in ast.walk(outer) if type(node) is ast.Call)
        return {
            func.id if type(func) is ast.Name else func.attr
            for func in calls
            if type(func) in (ast.Name, ast.Attribute)
        }

    def attributes(self, self_name: str) -> list[tuple[str, str | None, bool]]:
        """(attribute of `self`, its type or None where it is not known, whether that is written); an
        assignment of None says nothing.
        """
        found = []
        for name, attribute, value, declared in self._attributes:
            if name == self_name and (declared or not (type(value) is ast.Constant and value.value is None)):
                kind = declared
                if not kind and type(value) is ast.Name and not self.stored[value.id]:
                    kind = (self.params or {}).get(value.id)
                elif not kind and type(value) is ast.Call:
                    kind = self._free(dotted(value.func))
                found.append((attribute, kind, declared is not None))
        return found

    def calls(self, self_name: str | None = None) -> dict[str, int]:
        """Callee -> line of the first call, in the order of the source. `self_name`: how the function names
        its object or class.
        """
        found: dict[str, int] = {}
        for line, _, func in sorted(self._called, key=_place) if len(self._called) > 1 else self._called:
            if name := self._callee(func, self_name):
                found.setdefault(name, line)
        return found

    def _callee(self, func: ast.expr, self_name: str | None) -> str | None:
        name = dotted(func)
        if name is None:
            if type(func) is not ast.Attribute:
                return None
            maker = dotted(func.value.func) if type(func.value) is ast.Call else None
            return f"{maker if maker == 'super' else self._free(maker) or '?'}:{func.attr}"
        head, _, rest = name.partition(".")
        if not self._local(head):
            return name
        if not rest:
            return None  # a local function, or a parameter that is called
        attribute, _, method = rest.rpartition(".")
        if head == self_name and not self.stored[head]:
            return (
                f"self.{rest}"
                if not attribute
                else f"self.{attribute}:{method}"
                if "." not in attribute
                else f"?:{method}"
            )
        return f"{self._type(head) or '?'}:{method}" if not attribute else f"?:{method}"

    def _local(self, name: str) -> bool:
        return self.params is not None and (name in self.params or self.stored[name] > 0)

    def _free(self, name: str | None) -> str | None:
        """The name if it means what it means in the module."""
        return name if name and not self._local(name.partition(".")[0]) else None

    def _type(self, name: str) -> str | None:
        """What a local name is, if it is bound once."""
        if name in self.params:
            return self.params[name] if not self.stored[name] else None
        return self._free(self._made.get(name)) if self.stored[name] == 1 else None
