"""Whether something may be called where no call of its name is written."""

import re

from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView
from autodidact.sources.code.file_analysis import Definition

# What `ast.NodeVisitor`, `cmd.Cmd`, pytest and others look up by its name.
_LOOKED_UP = re.compile(r"(?:visit|depart|leave|do|on|handle|pytest|test)_")
# Bases from outside the code base that call no method of those who derive from them.
_QUIET = re.compile(r"object|ABC|Generic|Protocol|NamedTuple|TypedDict|\w*(?:Error|Exception|Warning|Enum)")


def called_unseen(view: FullView, d: Definition) -> bool:
    """Whether code may call a definition without its name before the brackets: it is handed on as a value
    (`make = self.node`), looked up by its name (`visit_Name`), or a method that a base class from outside
    may call.
    """
    if d.name in view.handed_on or _LOOKED_UP.match(d.name):
        return True
    holder = view.code.files[d.path].first.get(d.owner) if d.owner and d.name[0] != "_" else None
    if holder is None or d.kind == "class":
        return False
    return any(
        one.hidden_bases or len(view.code.bases(one)) < sum(not _quiet(base) for base in one.bases)
        for one in view.code.names.order(holder)
    )


def _quiet(base: str) -> bool:
    return _QUIET.fullmatch(base.rpartition(".")[2]) is not None
