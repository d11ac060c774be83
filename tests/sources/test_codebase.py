"""Calls followed to their definitions, by names, imports and written types; and the pack that remembers what
was read.
"""

import ast
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.sources.code.cache import Analysis, Pack, dump
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.definitions import analyse
from autodidact.sources.git.repository import Repository
from autodidact.store import Cache, Store

LIB = """class Base:
    def close(self): pass


class Client(Base):
    def get(self): return super().close()

    def copy(self) -> "Client": pass


def make() -> Client: pass


def helper(): pass
"""


def calls(code: str) -> dict[str, int]:
    """What the first definition of a module calls."""
    return analyse(code.encode())["definitions"][0]["calls"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("def f(c: Client):\n    c.get()", {"Client:get": 2}),
        ("def f(c: 'lib.Client | None'):\n    c.get()", {"lib.Client:get": 2}),
        ("def f(c: Optional[Client] = None):\n    c.get()", {"Client:get": 2}),
        ("def f(c):\n    c.get()", {"?:get": 2}),
        ("def f(c: Client):\n    c = other()\n    c.get()", {"other": 2, "?:get": 3}),
        ("def f():\n    c = Client()\n    c.get()", {"Client": 2, "Client:get": 3}),
        ("def f():\n    Client().get()", {"Client": 2, "Client:get": 2}),
        ("def f(helper):\n    helper()", {}),  # a parameter is not the function of that name
        ("def f():\n    for helper in x:\n        helper()", {}),
        ("def f():\n    return lambda: helper()", {}),  # called by somebody else
        ("def f():\n    def helper(): pass\n    helper()", {}),
        ("def f():\n    match x:\n        case [helper, *rest]:\n            helper()", {}),
    ],
)
def test_a_call_is_written_so_that_it_can_be_followed(body, found):
    assert calls(body) == found


def followed(sandbox, app: str) -> dict[str, list[str]]:
    """Name of each definition of app.py -> what it calls of lib.py."""
    commit = sandbox.commit("Begin", {"lib.py": LIB, "app.py": app})
    with Repository(sandbox.path, commit) as repository:
        code = CodeBase(repository)
        return {
            d.qualname: [x.qualname for x in code.callees(d)]
            for d in code.files["app.py"]
            if d.kind != "class"
        }


def test_calls_on_annotated_parameters_and_attributes_are_followed(sandbox):
    app = """import lib as library
from lib import Client as C, make


class App:
    session: C

    def __init__(self, client: C):
        self.client = client
        self.other = make()
        self.odd = 1

    def run(self):
        self.session.get()
        self.client.close()
        self.other.copy()
        self.odd.get()


def annotated(c: library.Client): c.get()
def made(): return make().copy()
def late():
    from lib import helper as h
    return h()
"""
    assert followed(sandbox, app) == {
        "App.__init__": ["make"],
        "App.run": ["Client.get", "Base.close", "Client.copy"],
        "annotated": ["Client.get"],
        "made": ["make", "Client.copy"],
        "late": ["helper"],
    }


def test_everything_imported_with_a_star_is_found(sandbox):
    assert followed(sandbox, "from lib import *\n\n\ndef f(): helper()\n") == {"f": ["helper"]}


def test_callers_and_whether_there_can_be_others(sandbox):
    app = "import lib\n\n\ndef f(): lib.helper()\n\n\ndef g(x): x.copy()\n\n\nlib.helper()\n"
    commit = sandbox.commit("Begin", {"lib.py": LIB, "app.py": app})
    with Repository(sandbox.path, commit) as repository:
        code = CodeBase(repository)
        lib = code.files["lib.py"]
        found, sure = code.callers(lib.get("helper"))
        assert [(d.kind, d.qualname) for d in found] == [("function", "f"), ("module", "app.py")] and sure
        assert code.line_of(found[0], lib.get("helper")) == 4
        assert code.callers(lib.get("Client.copy")) == ([], False)  # `g` does not say whose `copy` it calls
        assert [d.qualname for d in code.children(lib.get("Base"))] == ["Client"]


def test_who_imports_a_file_in_whichever_way(sandbox):
    ways = {
        "one": "import shop.cart.lines as l",
        "two": "from shop.cart import lines",
        "three": "from shop.cart.lines import Line",
        "four": "from shop.cart.lines import *",
        "five": "from .cart import lines",
        "six": "from .cart.lines import Line",
        "none": "from shop import line",
    }
    files = {f"src/shop/{name}.py": f"{text}\n" for name, text in ways.items()} | {
        "src/shop/__init__.py": "",
        "src/shop/cart/__init__.py": "from . import lines\n",
        "src/shop/cart/lines.py": "from .. import one\n",
        "src/shop/cart/more.py": "from .lines import Line\n",
        "src/lines.py": "",
        "away/b.py": "from . import lines\n",
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        code = CodeBase(repository)
        found = {path: [other.path for other in code.importers(file)] for path, file in code.files.items()}
    users = [
        "src/shop/cart/__init__.py",
        "src/shop/cart/more.py",
        *(f"src/shop/{name}.py" for name in ("five", "four", "one", "six", "three", "two")),
    ]
    assert found["src/shop/cart/lines.py"] == users
    assert found["src/shop/__init__.py"] == ["src/shop/cart/lines.py", "src/shop/none.py"]
    assert found["src/shop/one.py"] == ["src/shop/cart/lines.py"] and found["src/lines.py"] == []


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (b"print 'two'\n", {"error": "Python 2", "line": 1}),
        (b"def f(:\n", {"error": "syntax error", "line": 1}),
        (b"# caf\xe9\nA = 1\n", {"error": "not UTF-8", "line": 1}),
        (b"#" * 5_000_000, {"error": "larger than 1 MB", "line": 0}),
        (b"A = 1\0\n", {"error": "syntax error", "line": 0}),
    ],
)
def test_what_cannot_be_read_is_named(source, error):
    found = analyse(source)
    assert found["error"] == error["error"] or found["error"] == "not Python source"
    assert Analysis(dump(found)).error == found["error"]


def test_a_link_out_of_the_tree_is_not_followed(sandbox, tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("def hidden(): pass\n")
    (sandbox.path / "link.py").symlink_to(secret)
    commit = sandbox.commit("Begin", {"lib.py": LIB})
    with Repository(sandbox.path, commit) as repository:
        assert list(CodeBase(repository).files) == ["lib.py"]


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_give_an_analysis_or_an_error(source):
    assert {"error", "definitions"} & analyse(source).keys()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-zé]{1,5}_?", fullmatch=True), st.text(max_size=20)),
        max_size=5,
        unique_by=lambda pair: pair[0],
    )
)
def test_the_pack_gives_back_what_was_put_in(pairs):
    source = "\n".join(f"def f{name}():\n    {json.dumps(doc)}\n    g{name}()" for name, doc in pairs)
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return
    found = analyse(source.encode("utf-8", "replace"))
    kept = Analysis(dump(found))
    assert kept.names == [d["qualname"] for d in found["definitions"]]
    assert [json.loads(line).get("calls", {}) for line in kept.lines] == [
        d["calls"] for d in found["definitions"]
    ]


def test_a_pack_writes_what_is_new_beside_what_it_has(tmp_path):
    cache, files = Cache(Store(tmp_path)), lambda: sorted(p.name for p in tmp_path.rglob("*") if p.is_file())
    old = {f"{n:040x}": f"\t\nname{n}" for n in range(20)}
    pack = Pack(cache, "shop")
    for blob, entry in old.items():
        pack.put(blob, entry)
    pack.save(old)
    whole = next(tmp_path.rglob("shop")).read_bytes()
    pack = Pack(cache, "shop")
    pack.put("f" * 40, "\t\nnéw")
    pack.save([*old, "f" * 40])
    assert files() == ["shop", "shop-new"] and next(tmp_path.rglob("shop")).read_bytes() == whole
    pack = Pack(cache, "shop")
    assert (
        pack.get("f" * 40).decode() == "\t\nnéw"
        and pack.get("0" * 40) == b"\t\nname0"
        and "e" * 40 not in pack
    )
    for n in range(10):
        pack.put(f"{n + 100:040x}", "\t\nmore")
    pack.save([*old, "f" * 40, *(f"{n + 100:040x}" for n in range(10))])
    assert next(tmp_path.rglob("shop-new")).read_bytes() == b"" and "f" * 40 in Pack(cache, "shop")
