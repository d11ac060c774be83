"""Bases of classes that are expressions and may give any class of the code base: `__import__(name).Shape`,
`registry.pick()`. Where a class has one, no list of the heirs of another class is known to be whole.
"""

import builtins

from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.code.name_resolution import Names

# What finds a thing by a name that is computed, or by another thing.
_LOOKUPS = frozenset(
    "__class__ __import__ eval getattr globals import_module importlib locals type vars".split()
)
# Of these, what makes a new class as well: `type("Shape", (Base,), {})`.
_MAKES = "type"


def may_inherit_from_any(names: Names, definition: Definition) -> bool:
    """Whether an expression among the bases of a class shows neither a class nor something of another code
    base of which it would be made, as `namedtuple("P", "x y")` and `with_metaclass(Meta, Base)` do.
    """
    inside = definition.hidden_bases
    if definition.kind != "class" or not inside:
        return False
    path, found = definition.path, [one for one in inside if one not in _LOOKUPS]
    if any(not hasattr(builtins, one) and names.outside(path, one) for one in found):
        return False
    if _LOOKUPS.intersection(inside) - {_MAKES}:
        return True
    known = (names.resolve(path, one, definition.owner) for one in found)
    is_class = any(one is not None and one.kind == "class" for one in known)
    return not is_class and not any(isinstance(getattr(builtins, one, None), type) for one in found)
