"""Calls followed to their definitions, by names, imports and written types; and the cache that remembers what
was read.
"""

import ast
import json
import tempfile

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.sources.code.blob_cache import BlobCache
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.definitions import analyse
from autodidact.sources.code.file_analysis import Analysis
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
    return analyse(code.encode()).definitions[0].calls


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


@pytest.mark.parametrize(
    ("body", "ended"),
    [
        ("with pytest.raises(ValueError):\n        Bill([]).total()", ("Bill", "Bill:total")),
        ("with self.assertRaisesRegex(E, 'x') as e, other():\n        total()", ("total",)),
        ("with raises(E):\n        total()\n    total()", ()),
        ("with open(x):\n        total()", ()),
        ("total()", ()),
    ],
)
def test_calls_that_are_expected_to_raise_are_known(body, ended):
    assert analyse(f"def f(self):\n    {body}\n".encode()).definitions[0].ended == ended


def followed(sandbox, app: str) -> dict[str, list[str]]:
    """Name of each definition of app.py -> what it calls of lib.py."""
    commit = sandbox.commit("Begin", {"lib.py": LIB, "app.py": app})
    with Repository(sandbox.path, commit) as repository:
        code = CodeBase(repository)
        return {
            d.qualname: [x.qualname for x in code.callees(d)]
            for d in code.files["app.py"].definitions
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


def test_a_method_is_looked_for_as_python_does(sandbox):
    app = """class Top:
    def run(self): pass


class Left(Top): pass


class Right(Top):
    def run(self): pass


class Both(Left, Right):
    def go(self): self.run()
    def again(self): super().run()


class Odd(Top, Left): pass


def odd(x: Odd): x.run()
"""
    with Repository(sandbox.path, sandbox.commit("Begin", {"app.py": app})) as repository:
        code = CodeBase(repository)
        made = {d.name: [x.qualname for x in code.callees(d)] for d in code.files["app.py"].definitions}
    assert made["go"] == made["again"] == ["Right.run"] and made["odd"] == ["Top.run"]


def test_what_an_overloaded_function_makes_is_not_known(sandbox):
    app = """from lib import Base, Client


@overload
def made(x: int) -> Client: ...
@overload
def made(x: str) -> Base: ...
def made(x): pass


def use():
    made(1).close()
    m = made("")
    m.close()
"""
    assert followed(sandbox, app)["use"] == ["made"]


def test_a_package_is_bound_by_the_import_of_its_module(sandbox):
    files = {"shop/__init__.py": "from . import cart, money\n", "shop/cart.py": "", "shop/money.py": LIB}
    app = "import shop.cart\n\n\ndef f(): shop.money.helper()\n"
    with Repository(sandbox.path, sandbox.commit("Begin", files | {"app.py": app})) as repository:
        code = CodeBase(repository)
        assert [d.qualname for d in code.callees(code.files["app.py"].first["f"])] == ["helper"]


def test_a_class_that_makes_its_own_is_a_caller_of_itself(sandbox):
    app = """class App:
    @classmethod
    def made(cls): return cls()

    def copied(self): return type(self)()

    def again(self): return self.__class__()

    def called(self): return self()
"""
    with Repository(sandbox.path, sandbox.commit("Go on", {"app.py": app})) as repository:
        code = CodeBase(repository)
        made = {d.name: [x.name for x in code.callees(d)] for d in code.files["app.py"].definitions}
    assert made == {"App": [], "made": ["App"], "copied": ["App"], "again": ["App"], "called": []}


@pytest.mark.parametrize(
    ("app", "defined"),
    [
        ("def f(): pass\ndef g(): pass\ndel f", ["g"]),
        ("def f(): pass\ndel f\ndef f(): pass", ["f"]),
        ("class A:\n    def f(self): pass\ndel A\nB = 1\ndel (B, C)", []),
        ("B = 1\ndel B\nB = 2", ["B"]),
        ("for name in (1, 2):\n    C = name\ndel name", ["C"]),
        ("def f(): pass\nif f():\n    del f", []),
        ("D = {}\ndel D['x']", ["D"]),
    ],
)
def test_what_a_module_deletes_is_not_there(sandbox, app, defined):
    with Repository(sandbox.path, sandbox.commit("Begin", {"app.py": app})) as repository:
        assert CodeBase(repository).files["app.py"].defined() == defined


def test_a_call_of_what_is_deleted_leads_nowhere_and_an_import_of_it_too(sandbox):
    files = {
        "lib.py": LIB,
        "app.py": "from lib import helper\n\n\nclass A:\n    def slug(self): return slug(self)\n"
        "    def gone(self): pass\n    del gone\n    def kept(self): self.gone()\n\n\n"
        "def slug(x): pass\n\n\ndel slug, helper\n",
        "use.py": "from app import helper\n\n\ndef f(): helper()\n",
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        code = CodeBase(repository)
        file = code.files["app.py"]
        assert [d.qualname for d in file.definitions] == ["A", "A.slug", "A.kept"]
        assert {d.qualname: code.callees(d) for d in file.definitions} == {
            "A": [],
            "A.slug": [],
            "A.kept": [],
        }
        assert "gone" in file.inner and not code.sure_of_callees(code.files["use.py"].first["f"])
        assert code.callees(code.files["use.py"].first["f"]) == []


FAMILY = """class Shape:
    @classmethod
    def make(cls): return cls()

    def again(self): return type(self)()


class Square(Shape): pass


class Alone:
    @classmethod
    def make(cls): return cls()


def outer(): return Square.make()


def plain(): return Shape(), Square(), Alone()
"""


def test_a_class_that_others_inherit_from_makes_perhaps_one_of_those(sandbox):
    with Repository(sandbox.path, sandbox.commit("Go on", {"app.py": FAMILY})) as repository:
        code = CodeBase(repository)
        file = code.files["app.py"]
        callers = {name: code.callers(file.first[name]) for name in ("Shape", "Square", "Alone")}
        assert code.callees(file.first["Shape.make"]) == []
        assert not code.sure_of_callees(file.first["Shape.make"])
    assert {name: ([d.qualname for d in found], sure) for name, (found, sure) in callers.items()} == {
        "Shape": (["plain"], False),
        "Square": (["plain"], False),
        "Alone": (["Alone.make", "plain"], True),
    }


def test_everything_imported_with_a_star_is_found(sandbox):
    assert followed(sandbox, "from lib import *\n\n\ndef f(): helper()\n") == {"f": ["helper"]}


def test_callers_and_whether_there_can_be_others(sandbox):
    app = "import lib\n\n\ndef f(): lib.helper()\n\n\ndef g(x): x.copy()\n\n\nlib.helper()\n"
    commit = sandbox.commit("Begin", {"lib.py": LIB, "app.py": app})
    with Repository(sandbox.path, commit) as repository:
        code = CodeBase(repository)
        lib = code.files["lib.py"]
        found, sure = code.callers(lib.first["helper"])
        assert [(d.kind, d.qualname) for d in found] == [("function", "f"), ("module", "app.py")] and sure
        assert code.line_of(found[0], lib.first["helper"]) == 4
        assert code.callers(lib.first["Client.copy"]) == ([], False)  # `g` does not say whose `copy` it calls
        heirs, whole = code.children(lib.first["Base"])
        assert [d.qualname for d in heirs] == ["Client"] and whole


@pytest.mark.parametrize(
    ("app", "found"),
    [
        # By a name that is written the module is known.
        ("def f():\n    m = importlib.import_module('lib')\n    m.helper()", (["f"], True)),
        ("m = importlib.import_module('lib')\n\n\ndef f(): m.helper()", (["f"], True)),
        ("def f():\n    m = __import__('lib')\n    m.helper()", (["f"], True)),
        # By another it may be any.
        ("def f(x):\n    m = importlib.import_module(x)\n    m.helper()", ([], False)),
        ("def f(x): load(x).helper()", ([], False)),
        ("def f(x): __import__(x).helper()", ([], False)),
        ("m = importlib.import_module('lib')\nm = other()\n\n\ndef f(): m.helper()", ([], False)),
        ("def f(x):\n    m = importlib.import_module('lib')\n    m = other()\n    m.helper()", ([], False)),
        (
            "def f():\n    m = importlib.import_module('lib')\n    m.helper()\n\n\n"
            "def g():\n    m = importlib.import_module('json')\n    m.helper()",
            (["f"], False),
        ),
        # A module from elsewhere is none of this code base, nor is what a library makes.
        ("def f():\n    m = importlib.import_module('json')\n    m.helper()", ([], True)),
        ("def f(x): importlib.metadata.version(x).helper()", ([], True)),
    ],
)
def test_calls_on_a_module_that_is_imported_by_its_name(sandbox, app, found):
    head = "import importlib\nfrom importlib import import_module as load\n\n\n"
    commit = sandbox.commit("Begin", {"lib.py": LIB, "app.py": f"{head}{app}\n"})
    with Repository(sandbox.path, commit) as repository:
        code = CodeBase(repository)
        callers, sure = code.callers(code.files["lib.py"].first["helper"])
        assert ([d.qualname for d in callers], sure) == found


@pytest.mark.parametrize(
    ("head", "module", "found"),
    [
        ("import sys\nsys.path.insert(0, '../vendor')\n", "kit", []),
        ("import sys\nsys.path[:0] = ['../vendor']\n", "kit", []),
        ("import sys\nsys.path += ['../vendor']\n", "kit", []),
        # One file alone has the name.
        ("import sys\nsys.path.insert(0, '..')\n", "lib", ["helper"]),
        # Nothing is changed.
        ("import sys\nprint(sys.path == [], sys.path[0])\n", "kit", ["helper"]),
    ],
)
def test_of_two_modules_on_a_changed_path_neither_is_named(sandbox, head, module, found):
    app = f"{head}from {module} import helper\n\n\ndef f(): helper()\n"
    files = {"kit/__init__.py": LIB, "parts/kit.py": LIB, "lib.py": LIB, "app/main.py": app}
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        code = CodeBase(repository)
        assert [d.qualname for d in code.callees(code.files["app/main.py"].first["f"])] == found


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
        found = {
            path: [other.path for other in code.importers(file).run] for path, file in code.files.items()
        }
    users = [
        "src/shop/cart/__init__.py",
        "src/shop/cart/more.py",
        *(f"src/shop/{name}.py" for name in ("five", "four", "one", "six", "three", "two")),
    ]
    assert found["src/shop/cart/lines.py"] == users
    assert found["src/shop/__init__.py"] == ["src/shop/none.py"]
    assert found["src/shop/one.py"] == ["src/shop/cart/lines.py"] and found["src/lines.py"] == []


@pytest.mark.parametrize(
    ("source", "errors"),
    [
        (b"print 'two'\n", {"Python 2"}),
        (b"def f(:\n", {"syntax error"}),
        (b"# caf\xe9\nA = 1\n", {"not UTF-8"}),
        (b"#" * 5_000_000, {"larger than 1 MB"}),
        # Python releases differ in what they call a NUL.
        (b"A = 1\0\n", {"syntax error", "not Python source"}),
    ],
)
def test_what_cannot_be_read_is_named(source, errors):
    assert analyse(source).error in errors


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
    assert isinstance(analyse(source), Analysis)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-zé]{1,5}_?", fullmatch=True), st.text(max_size=20)),
        max_size=5,
        unique_by=lambda pair: pair[0],
    )
)
def test_the_cache_gives_back_what_was_put_in(pairs):
    source = "\n".join(f"def f{name}():\n    {json.dumps(doc)}\n    g{name}()" for name, doc in pairs)
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return
    found = analyse(source.encode("utf-8", "replace"))
    with tempfile.TemporaryDirectory() as folder:
        store = Cache(Store(folder))
        first = BlobCache(store, "shop", Analysis)
        first["blob"] = found
        first.save(["blob"])
        kept = BlobCache(store, "shop", Analysis)["blob"]
    assert msgspec.to_builtins(kept) == msgspec.to_builtins(found)


def test_a_cache_writes_when_something_is_new_and_forgets_what_is_not_named(tmp_path):
    cache = Cache(Store(tmp_path))
    known = BlobCache(cache, "shop", list[int])
    known["a" * 40], known["b" * 40] = [1], [2]
    known.save(["a" * 40, "b" * 40, "c" * 40])
    entry = next(tmp_path.rglob("shop"))
    assert entry.read_bytes() == b'{"%b":[1],"%b":[2]}' % (b"a" * 40, b"b" * 40)
    again = BlobCache(cache, "shop", list[int])
    assert again["b" * 40] == [2] and "c" * 40 not in again
    again.save([])
    assert entry.stat().st_size > 2
    again["c" * 40] = [3]
    again.save(["c" * 40])
    assert entry.read_bytes() == b'{"%b":[3]}' % (b"c" * 40)


@pytest.mark.parametrize("kept", [b"{", b"[1, 2]", b'{"a": "text"}', b"\xff"])
def test_a_cache_that_cannot_be_read_is_made_again(tmp_path, kept):
    cache = Cache(Store(tmp_path))
    cache.put("code", "shop", kept)
    assert "a" not in BlobCache(cache, "shop", list[int])
