"""Bugs of arguments, defaults, functions, texts and attributes."""

import re
from collections.abc import Iterator

import libcst as cst

from autodidact.generators.diff_miner.codemods.change import Change, Sight


def parameters(node: cst.Param, see: Sight) -> Iterator[Change]:
    function = see.function()
    if (
        not isinstance(node.default, cst.Name)
        or node.default.value != "None"
        or not isinstance(function, cst.FunctionDef)
    ):
        return
    name, body = re.escape(node.name.value), see.text(function.body)
    if not re.search(rf"\b{name} is None\b", body):  # `x = x or []` heals an empty default
        return
    for empty, put, what in ((r"\[\]|list\(", cst.List([]), "list"), (r"\{\}|dict\(", cst.Dict([]), "dict")):
        if re.search(rf"\b{name} = (?:{empty})", body):
            bare = node.with_changes(comma=cst.MaybeSentinel.DEFAULT)
            new = bare.with_changes(default=put)
            effect = f"that {what} is made once and shared by all calls"
            yield Change(
                "mutable default",
                node,
                node.with_changes(default=put),
                "mutable default",
                see.text(new),
                see.text(bare),
                effect,
            )
            return


_FIRST_SECOND = {  # calls whose order of arguments everybody knows
    "isinstance": "the object comes first, then the class",
    "issubclass": "the class comes first, then its base",
    "getattr": "the object comes first, then the name",
    "setattr": "the object comes first, then the name",
    "hasattr": "the object comes first, then the name",
    "map": "the function comes first, then the values",
    "filter": "the function comes first, then the values",
    "os.rename": "the old path comes first",
    "os.replace": "the old path comes first",
    "shutil.copy": "the source comes first",
    "shutil.move": "the source comes first",
    "re.match": "the pattern comes first, then the text",
    "re.search": "the pattern comes first, then the text",
}


_PAIRS = {
    "min": ("max", "the larger value wins"),
    "max": ("min", "the smaller value wins"),
    "any": ("all", "every one must hold, where one was enough"),
    "all": ("any", "one is enough, where every one must hold"),
}


_METHODS = {
    "startswith": ("endswith", "the end is looked at instead of the start"),
    "endswith": ("startswith", "the start is looked at instead of the end"),
}


def calls(node: cst.Call, see: Sight) -> Iterator[Change]:
    name = see.text(node.func)
    if _shadowed(name, see.whole):
        return
    plain = [a for a in node.args if a.keyword is None and not a.star]
    if isinstance(node.func, cst.Name) and name in _PAIRS and node.args:
        other, effect = _PAIRS[name]
        new = node.with_changes(func=node.func.with_changes(value=other))
        yield see.replaced("wrong function", node, new, f"`{other}` instead of `{name}`", effect)
    elif isinstance(node.func, cst.Attribute) and node.func.attr.value in _METHODS:
        other, effect = _METHODS[node.func.attr.value]
        new = node.with_changes(func=node.func.with_changes(attr=cst.Name(other)))
        yield see.replaced(
            "wrong function", node, new, f"`{other}` instead of `{node.func.attr.value}`", effect
        )
    elif name == "range" and plain and len(node.args) <= 2:
        yield from _ranges(node, see)
    elif (
        name == "sorted"
        and plain
        and isinstance(plain[0].value, (cst.Name, cst.Attribute))
        and plain[0] is node.args[0]
    ):
        new = node.with_changes(
            func=cst.Attribute(plain[0].value, cst.Name("sort")), args=list(node.args[1:])
        )
        yield see.replaced(
            "wrong function", node, new, "`sort` returns nothing", "the `sort` of a list gives None"
        )
    if len(plain) >= 2 and list(node.args[:2]) == plain[:2]:
        yield from _arguments(node, name, plain, see)


def _shadowed(name: str, whole: str) -> bool:
    """Whether a file may bind a name of Python's own to something else."""
    if name not in {*_PAIRS, *_FIRST_SECOND, "range", "sorted"} or "." in name:
        return False
    bound = rf"\bdef {name}\(|\bimport\b[^\n]*\b{name}\b|^\s*{name}\b[^=\n()]*=(?!=)|[(,]\s*{name}\s*[:=,)]"
    return re.search(rf"{bound}|\b(?:for|as) {name}\b", whole, re.MULTILINE) is not None


def _ranges(node: cst.Call, see: Sight) -> Iterator[Change]:
    *rest, stop = node.args
    value = stop.value
    if (
        isinstance(value, cst.BinaryOperation)
        and isinstance(value.operator, cst.Add)
        and see.text(value.right) == "1"
    ):
        less = value.left
    elif isinstance(value, (cst.Name, cst.Attribute, cst.Call)):
        less = cst.BinaryOperation(value, cst.Subtract(), cst.Integer("1"))
    else:
        return
    new = node.with_changes(args=[*rest, stop.with_changes(value=less)])
    yield see.replaced("off by one", node, new, "off by one", "the last number of the range is left out")


def _arguments(node: cst.Call, name: str, plain: list[cst.Arg], see: Sight) -> Iterator[Change]:
    """The first two arguments swapped where the right order can be known, or one of them given twice."""
    first, second = plain[:2]
    if see.text(first.value) == see.text(second.value):
        return
    effect = _FIRST_SECOND.get(name)
    if effect is None and isinstance(first.value, cst.Name) and isinstance(second.value, cst.Name):
        called = re.escape(name.rpartition(".")[2])
        both = rf"\(\s*(?:self,\s*|cls,\s*)?{first.value.value}\b[^,()]*,\s*{second.value.value}\b"
        once = len(re.findall(rf"\bdef {called}\(", see.whole)) == 1
        if once and re.search(rf"\bdef {called}{both}", see.whole):
            effect = f"`{name}` takes `{first.value.value}` before `{second.value.value}`"
    if effect:
        new = node.with_changes(
            args=[
                first.with_changes(value=second.value),
                second.with_changes(value=first.value),
                *node.args[2:],
            ]
        )
        yield see.replaced("swapped arguments", node, new, "the arguments are swapped", effect)
    elif len(node.args) == 2 and _is_variable(first.value) and _is_variable(second.value):
        new = node.with_changes(args=[first, second.with_changes(value=first.value.deep_clone())])
        effect = f"`{see.text(first.value)}` is passed twice and `{see.text(second.value)}` not at all"
        yield see.replaced("wrong variable", node, new, "wrong variable", effect)


def _is_variable(node: cst.BaseExpression) -> bool:
    """Whether this is a name, other than `None`, `True` and `False`."""
    return isinstance(node, cst.Name) and node.value not in ("None", "True", "False")


def texts(node: cst.FormattedString, see: Sight) -> Iterator[Change]:
    text = see.text(node)
    if node.lpar:  # its text begins with the parenthesis, and not with the `f`
        return
    if node.start.lower()[0] != "f" or len(node.start) != 2 or "{{" in text or "}}" in text or "\n" in text:
        return
    fields = [see.text(part) for part in node.parts if isinstance(part, cst.FormattedStringExpression)]
    new = text[1:]
    if fields and not any(node.start[1] in field for field in fields):
        effect = f"the text shows `{fields[0]}` itself instead of its value"
        yield Change(
            "missing f",
            node,
            cst.SimpleString(new, lpar=node.lpar, rpar=node.rpar),
            "the `f` of the f-string is missing",
            new,
            text,
            effect,
        )


def assignments(node: cst.Assign, see: Sight) -> Iterator[Change]:
    """`self.name = name` without its `self.`."""
    if len(node.targets) == 1 and isinstance(node.value, cst.Name):
        name, function = node.value.value, see.function()
        if see.text(node.targets[0].target) == f"self.{name}" and _takes(function, name):
            new = node.with_changes(targets=[node.targets[0].with_changes(target=cst.Name(name))])
            effect = f"this line does not set the attribute `{name}`"
            yield see.replaced("lost self", node, new, "`self.` is missing", effect)


def _takes(function: cst.CSTNode | None, name: str) -> bool:
    """Whether a function has a parameter of that name."""
    if not isinstance(function, cst.FunctionDef):
        return False
    given = function.params
    found = (*given.posonly_params, *given.params, *given.kwonly_params)
    return name in {one.name.value for one in found}
