"""What a piece of Python code calls and raises, each call by a name that can be followed to a definition.

`f`, `a.b.f`, `self.f`: as written; `self`: what a method is called on, in a class method the class. `T:f`:
the method `f` of an object that T makes or that is annotated with T; T is a class or a function. `self.x:f`:
of an attribute. `super:f`: of a base class. `class:T`: T, or a class below it, in a method of T that makes an
object of its own class. `?:f`: of something that is not known here.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable

from autodidact.sources.code.file_analysis import Import
from autodidact.sources.code.import_statements import imported

# The class of the object that a method is called on, when it is called itself.
_CLASS = "self.__class__"
# Begins a call of the class that a method is called on.
OWN = "class:"
# What a test calls around what is to fail: `pytest.raises`, `self.assertRaisesRegex`.
_EXPECTS = re.compile(r"(assert_?)?raises\w*", re.IGNORECASE)
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
    if isinstance(node, (ast.Name, ast.Attribute)):
        return dotted(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 100:
        try:
            return type_name(ast.parse(node.value.strip(), mode="eval").body)
        except (SyntaxError, ValueError):
            return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        nones = [isinstance(side, ast.Constant) and side.value is None for side in (node.left, node.right)]
        sides = [side for side, none in zip((node.left, node.right), nones, strict=True) if not none]
        return type_name(sides[0]) if len(sides) == 1 else None
    if isinstance(node, ast.Subscript) and dotted(node.value) in _OPTIONAL:
        return type_name(node.slice)
    return None


def loaded_module(value: ast.expr | None) -> Import | None:
    """The module that a call gives by its name, where that is written: `importlib.import_module("a.b")`,
    `__import__("a")`.
    """
    if not isinstance(value, ast.Call) or len(value.args) != 1 or value.keywords:
        return None
    by, name = dotted(value.func), getattr(value.args[0], "value", None)
    if not isinstance(name, str) or not all(map(str.isidentifier, name.split("."))):
        return None
    # `__import__("a.b")` gives `a`.
    known = by in ("import_module", "importlib.import_module") or (by == "__import__" and "." not in name)
    return Import(name, None, 0) if known else None


def making_its_own(calls: dict[str, int], by_class: bool, owner: str) -> dict[str, int]:
    """The calls of a method, with the class around it where it makes an object of its own class: `cls()`,
    `type(self)()`, `self.__class__()`. `by_class`: whether it is called on the class.
    """
    makes = [_CLASS, "self"] if by_class else [_CLASS]
    found: dict[str, int] = {}
    for call, line in calls.items():
        if call in makes or call != "self":
            found.setdefault(f"{OWN}{owner}" if call in makes else call, line)
    return found


def _place(call: ast.Call) -> tuple:
    """Where a call stands; in `a().b()` first `a`."""
    return call.lineno, call.col_offset, call.func.end_lineno, call.func.end_col_offset


class CallReader:
    """Walks a function's own body; functions and classes inside it are not its own. On a module's body it
    reads all but the functions.

    `params`: the parameters with the classes they are annotated with, None for a module. `stored`: how often
    each name is bound. `imports`: alias -> what it means. `globals`: names that it binds at the module's top
    level. `nested`: functions, classes and lambdas inside,
    whose calls are made by somebody else.
    """

    def __init__(self, params: dict[str, str | None] | None = None):
        self.params = params
        self.stored: Counter[str] = Counter()
        self.imports: dict[str, Import] = {}
        # Local name -> the module that it is given, by its name at run time.
        self._loaded: dict[str, Import] = {}
        self.globals: set[str] = set()
        self.nested: list[ast.AST] = []
        # Whether something is raised that is not named.
        self.raises_more = False
        self._called: list[ast.Call] = []
        self._raised: list[tuple[int, int, str]] = []
        # First and last lines of blocks that are expected to raise something.
        self._ending: list[tuple[int, int]] = []
        # Local name -> what its value is made by, or annotated with.
        self._made: dict[str, str] = {}
        # Object, attribute, assigned value, annotated class.
        self._attributes: list[tuple[str, str, ast.expr | None, str | None]] = []

    def walk(self, body: list[ast.stmt]) -> None:
        """Collects from these statements and whatever they contain."""
        stack: list[ast.AST] = list(body)
        while stack:
            node = stack.pop()
            kind = type(node)
            read = _READERS.get(kind)
            stack.extend(read(self, node) if read else _PARTS.get(kind, ast.iter_child_nodes)(node))
        if self.params is not None:
            self.imports |= {name: module for name, module in self._loaded.items() if self._module(name)}

    # Each of the following reads a node of one kind and returns the parts of it that are to be read too.

    def _name(self, node: ast.Name) -> Iterable[ast.AST]:
        if type(node.ctx) is not ast.Load:
            self.stored[node.id] += 1
        return ()

    def _attribute(self, node: ast.Attribute) -> Iterable[ast.AST]:
        return (node.value,)

    def _call(self, node: ast.Call) -> Iterable[ast.AST]:
        self._called.append(node)
        return (node.func, *node.args, *node.keywords)

    def _assign(self, node: ast.Assign) -> Iterable[ast.AST]:
        self._assigned(node.targets, node.value, None)
        return (*node.targets, node.value)

    def _annotated(self, node: ast.AnnAssign) -> Iterable[ast.AST]:
        self._assigned([node.target], node.value, type_name(node.annotation))
        return (node.target, node.value) if node.value else (node.target,)

    def _raise(self, node: ast.Raise) -> Iterable[ast.AST]:
        error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = dotted(error) if error else None
        if name and name.rpartition(".")[2][:1].isupper():
            self._raised.append((node.lineno, node.col_offset, name))
        else:
            self.raises_more = True
        return ast.iter_child_nodes(node)

    def _with(self, node: ast.With | ast.AsyncWith) -> Iterable[ast.AST]:
        managers = [item.context_expr for item in node.items]
        made = [dotted(one.func) or "" for one in managers if isinstance(one, ast.Call)]
        if any(_EXPECTS.fullmatch(name.rpartition(".")[2]) for name in made):
            self._ending.append((node.body[0].lineno, node.end_lineno or node.lineno))
        return ast.iter_child_nodes(node)

    def _binds(self, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> Iterable[ast.AST]:
        if node.name:
            self.stored[node.name] += 1
        return ast.iter_child_nodes(node)

    def _match_mapping(self, node: ast.MatchMapping) -> Iterable[ast.AST]:
        if node.rest:
            self.stored[node.rest] += 1
        return ast.iter_child_nodes(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> Iterable[ast.AST]:
        if self.params is not None:
            self.imports |= dict(imported(node))
        return ()

    def _global(self, node: ast.Global) -> Iterable[ast.AST]:
        self.globals.update(node.names)
        return ()

    def _lambda(self, node: ast.Lambda) -> Iterable[ast.AST]:
        self.nested.append(node)
        return ()

    def _class(self, node: ast.ClassDef) -> Iterable[ast.AST]:
        if self.params is None:
            return (*node.body, *node.decorator_list, *node.bases, *node.keywords)
        self.stored[node.name] += 1
        self.nested.append(node)
        return node.decorator_list

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterable[ast.AST]:
        self.stored[node.name] += 1
        if self.params is not None:
            self.nested.append(node)
        defaults = (*node.args.defaults, *node.args.kw_defaults)
        return (*node.decorator_list, *(value for value in defaults if value))

    def _assigned(self, targets: list[ast.expr], value: ast.expr | None, kind: str | None) -> None:
        made = kind or (dotted(value.func) if isinstance(value, ast.Call) else None)
        for target in targets:
            if isinstance(target, ast.Name):
                if module := loaded_module(value) if made else None:
                    self._loaded[target.id] = module
                if made:
                    self._made[target.id] = made
            elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                self._attributes.append((target.value.id, target.attr, value, kind))

    def raises(self) -> list[str]:
        """The exceptions, in the order of the source."""
        return list(dict.fromkeys(name for _, _, name in sorted(self._raised)))

    def inside(self) -> set[str]:
        """Simple names of what the functions, classes and lambdas inside call."""
        nodes = (node for outer in self.nested for node in ast.walk(outer))
        callees = [node.func for node in nodes if isinstance(node, ast.Call)]
        names = {func.id for func in callees if isinstance(func, ast.Name)}
        return names | {func.attr for func in callees if isinstance(func, ast.Attribute)}

    def attributes(self, self_name: str) -> list[tuple[str, str | None, bool]]:
        """(attribute of `self`, its type or None where it is not known, whether that is written); an
        assignment of None shows nothing.
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
        for call in sorted(self._called, key=_place):
            if name := self._callee(call.func, self_name):
                found.setdefault(name, call.lineno)
        return found

    def ended(self, self_name: str | None = None) -> list[str]:
        """The callees, as in `calls`, of which every call stands where something is expected to be raised:
        how far such a call comes does not show.
        """
        if not self._ending:
            return []
        ends: dict[str, bool] = {}
        for call in sorted(self._called, key=_place):
            if name := self._callee(call.func, self_name):
                inside = any(first <= call.lineno <= last for first, last in self._ending)
                ends[name] = inside and ends.get(name, True)
        return [name for name, always in ends.items() if always]

    def _callee(self, func: ast.expr, self_name: str | None) -> str | None:
        name = dotted(func)
        if name is None:
            if type(func) is ast.Call and dotted(func.func) == "type" and len(func.args) == 1:
                return _CLASS if dotted(func.args[0]) == self_name else None
            if type(func) is not ast.Attribute:
                return None
            maker = dotted(func.value.func) if type(func.value) is ast.Call else None
            return f"{maker if maker == 'super' else self._free(maker) or '?'}:{func.attr}"
        head, _, rest = name.partition(".")
        if not self._local(head):
            return name
        if not rest:
            # The class in a class method; else a local function, or a parameter that is called.
            return "self" if head == self_name and not self.stored[head] else None
        attribute, _, method = rest.rpartition(".")
        if head == self_name and not self.stored[head]:
            if not attribute:
                return f"self.{rest}"
            return f"?:{method}" if "." in attribute else f"self.{attribute}:{method}"
        maker = None if attribute else self._type(head)
        return f"{maker or '?'}:{method}"

    def _local(self, name: str) -> bool:
        bound = self.params is not None and (name in self.params or self.stored[name] > 0)
        return bound and not self._module(name)

    def _module(self, name: str) -> bool:
        """Whether a local name is a module that is imported by its name, and nothing else."""
        return name in self._loaded and self.stored[name] == 1 and name not in (self.params or ())

    def _free(self, name: str | None) -> str | None:
        """The name if it means what it means in the module."""
        return name if name and not self._local(name.partition(".")[0]) else None

    def _type(self, name: str) -> str | None:
        """What a local name is, if it is bound once."""
        params = self.params or {}
        if name in params:
            return params[name] if not self.stored[name] else None
        return self._free(self._made.get(name)) if self.stored[name] == 1 else None


# Kinds of nodes that mean more than their parts, or of which not all parts are read.
_READERS: dict[type, Callable] = {
    ast.Name: CallReader._name,
    ast.Attribute: CallReader._attribute,
    ast.Call: CallReader._call,
    ast.Assign: CallReader._assign,
    ast.AnnAssign: CallReader._annotated,
    ast.Raise: CallReader._raise,
    ast.With: CallReader._with,
    ast.AsyncWith: CallReader._with,
    ast.ExceptHandler: CallReader._binds,
    ast.MatchAs: CallReader._binds,
    ast.MatchStar: CallReader._binds,
    ast.MatchMapping: CallReader._match_mapping,
    ast.Import: CallReader._import,
    ast.ImportFrom: CallReader._import,
    ast.Global: CallReader._global,
    ast.Lambda: CallReader._lambda,
    ast.ClassDef: CallReader._class,
    ast.FunctionDef: CallReader._function,
    ast.AsyncFunctionDef: CallReader._function,
}
# Of the other kinds the frequent ones, with their parts: to ask a node for its fields takes longer.
_PARTS: dict[type, Callable] = {
    ast.Constant: lambda node: (),
    ast.Expr: lambda node: (node.value,),
    ast.keyword: lambda node: (node.value,),
    ast.Return: lambda node: (node.value,) if node.value else (),
    ast.If: lambda node: (node.test, *node.body, *node.orelse),
    ast.Compare: lambda node: (node.left, *node.comparators),
    ast.BinOp: lambda node: (node.left, node.right),
    ast.UnaryOp: lambda node: (node.operand,),
    ast.BoolOp: lambda node: node.values,
    ast.Subscript: lambda node: (node.value, node.slice),
    ast.Tuple: lambda node: node.elts,
    ast.List: lambda node: node.elts,
}
