"""How a test replaces a method: with its import, and with what a call is to give."""

import ast

from autodidact.generators.ast_parser.full.class_answers import does_nothing
from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView
from autodidact.generators.ast_parser.full.file_texts_and_trees import body_of, own_nodes
from autodidact.sources.code.file_analysis import Definition

_CODE = """```python
from unittest.mock import patch

from {module} import {owner}

with patch.object({owner}, "{name}"{value}) as {name}:
    ...
```"""


def patched(view: FullView, d: Definition) -> str:
    """An answer on how to patch a method; "" of what a mock does not stand for: a protocol's or an abstract
    method, a generator, what always raises, a method with two underscores, or of a class that nobody imports.
    """
    holder = view.code.files[d.path].first.get(d.owner or "")
    function = view.texts.function(d)
    if holder is None or function is None or d.name.startswith("__") or does_nothing(view, d):
        return ""
    module = view.public_module(holder)
    bases = {base.rpartition(".")[2] for base in holder.bases}
    nodes = own_nodes(body_of(function))
    if not module or "Protocol" in bases or any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in nodes):
        return ""
    # In place of what always raises, a mock would go on.
    if d.returns and d.returns.rpartition(".")[2] in ("NoReturn", "Never"):
        return ""
    if isinstance(body_of(function)[-1], ast.Raise):
        return ""
    # What else a decorator makes of it, the patch would replace as well.
    if not {"staticmethod", "classmethod", "override"} >= {*d.decorators}:
        return ""
    gives = any(isinstance(one, ast.Return) and one.value is not None for one in nodes)
    code = _CODE.format(
        module=module, owner=d.owner, name=d.name, value=", return_value=value" if gives else ""
    )
    waited = d.kind == "async function"
    end = (
        f"`value` stands for what the test wants from `{d.name}`; without it,"
        f" {'awaiting the call' if waited else 'a call'} gives a `MagicMock`."
        if gives
        else f"`{d.name}` returns nothing, so no `return_value` is needed; the mock knows its calls, for"
        f" example for `{d.name}.{'assert_awaited_once' if waited else 'assert_called_once'}()`."
    )
    return f"Patch it on `{d.owner}` (`{d.path}`):\n\n{code}\n\n{end}"
