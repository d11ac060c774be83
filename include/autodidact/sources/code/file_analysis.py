"""What is known of one Python file from its bytes alone, in the form in which it is cached.

None of these holds what holds it, so the garbage collector need not look at them (`gc=False`): of what
it would walk of a thousand files these are two thirds.
"""

import msgspec

# Decorators that make an attribute of a function, besides all that end in `property`.
ACCESSORS = frozenset(("setter", "getter", "deleter", "reify"))


class Definition(msgspec.Struct, eq=False, omit_defaults=True, gc=False):
    """A function, method or class, or the top level of a file (kind "module").

    `kind`: "function", "async function", "class" or "module". `owner`: the class around it. `lines`: the
    first and the last. `defaults`: parameter -> text of its default. `returns`: text of the annotation,
    `gives` the class that it names. `attributes` of a class: name -> class. `calls`: callee, as calls.py
    writes it -> line of the first call; `ended`: those of them that are expected to raise. `hidden_bases`:
    simple names in what the class statement gives as bases and that is no name itself. `raises_more`: whether
    it raises something that is not in `raises`. `binds` of a class: names that its body binds to what may be
    a method. `path`, `module` and `test` are those of the file, set once it is known where the content lies.
    """

    name: str
    qualname: str
    kind: str
    lines: tuple[int, int]
    path: str = ""
    module: str = ""
    test: bool = False
    owner: str | None = None
    doc: str = ""
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    hidden_bases: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    attributes: dict[str, str] = {}
    signature: str = ""
    params: tuple[str, ...] = ()
    defaults: dict[str, str] = {}
    returns: str | None = None
    gives: str | None = None
    raises: tuple[str, ...] = ()
    raises_more: bool = False
    calls: dict[str, int] = {}
    ended: tuple[str, ...] = ()

    @property
    def public(self) -> bool:
        """Whether neither it nor the class around it is private."""
        return self.qualname[0] != "_" and "._" not in self.qualname


class Import(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """`from <level dots><module> import <name>`; without a name the module itself is imported."""

    module: str
    name: str | None
    level: int


class Analysis(msgspec.Struct, omit_defaults=True, gc=False):
    """A file's facts, or why there are none: `error`, at `line` where that is known.

    `doc`: the module's first paragraph. `imports`: alias -> what it means, those inside functions too.
    `either`: names of the top level that may mean one thing or another, such as the alternatives of a `try`.
    `stars`: modules of which everything is imported. `run`: what its statements import anywhere in the file,
    `typing`: what they import for type checkers alone, `never`: what they would import where Python never
    comes (`if False`). `loaded`: the words in quotes of a file that imports by a name given at run time,
    `unwritten`: how such names begin that are not written whole. `moves`: whether the file changes where
    Python looks for modules. `assigned`: other names of the top level, and of them `aliases`: name -> the
    name that it stands for. `exports`: what `__all__` lists, None without it or where it is worked out.
    `settled`: whether the names of the top level are all written there. `inner`: names of functions and
    classes inside functions, `called_inside` the simple names of what those call. `calls`: those of the top
    level and of class bodies, callee -> line of the first. `definitions`: in the order of the source.
    """

    error: str = ""
    line: int = 0
    doc: str = ""
    imports: dict[str, Import] = {}
    either: list[str] = []
    stars: list[Import] = []
    run: list[Import] = []
    typing: list[Import] = []
    never: list[Import] = []
    loaded: list[str] = []
    unwritten: list[str] = []
    moves: bool = False
    assigned: list[str] = []
    aliases: dict[str, str] = {}
    exports: list[str] | None = None
    settled: bool = True
    inner: list[str] = []
    called_inside: list[str] = []
    calls: dict[str, int] = {}
    definitions: list[Definition] = []


def is_property(d: Definition) -> bool:
    """Whether what a class defines as a function is read without a call: by a decorator such as `property`,
    `functools.cached_property`, `hybrid_property` or `size.setter`.
    """
    names = [one.rpartition(".")[2] for one in d.decorators]
    return any(one.lower().endswith("property") or one in ACCESSORS for one in names)
