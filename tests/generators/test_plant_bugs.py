"""Bugs planted by codemods: exactly the intended line changes, the words name it, the formatting stays."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.generators.diff_miner.plant_bugs import Defect, plant

SERVICE = """class Service(Base):
    def __init__(self, name, tags=None):
        super().__init__(name)
        self.name = name
        if tags is None:
            tags = []

    async def find(self, items, limit):
        if not items:
            return None
        total = 0
        for i in range(len(items)):   # every one
            total += items[i]
            if total > limit:
                break
        try:
            result = await self.fetch(items[0], limit)
            other = 1
        except KeyError:
            raise
        finally:
            log(f"{total} of {limit}")
            self.conn.close()
        return result
"""


def planted(
    source: str, own: str, kind: str, around: str = ""
) -> tuple[int, int, tuple[str, ...], str] | None:
    """The defect of that kind in the lines that contain `own`, whatever chance would choose."""
    lines = source.splitlines()
    numbers = {n for n, text in enumerate(lines, 1) if own in text}
    context = {n for n, text in enumerate(lines, 1) if around and around in text} - numbers
    defect = plant(source, numbers, context, random.Random(0), Counter({kind: -1}))
    if defect is None or defect.kind != kind:
        return None
    return (
        defect.line,
        defect.count,
        defect.planted,
        f"{defect.wrong}. `{defect.bad}` should be `{defect.good}`: {defect.effect}",
    )


@pytest.mark.parametrize(
    ("own", "kind", "line", "now", "says"),
    [
        (
            "def __init__(self, name",
            "mutable default",
            2,
            "    def __init__(self, name, tags=[]):",
            (
                "mutable default. `tags=[]` should be `tags=None`: that list is made once and shared by all"
                " calls"
            ),
        ),
        (
            "self.name = name",
            "lost self",
            4,
            "        name = name",
            (
                "`self.` is missing. `name = name` should be `self.name = name`: this line does"
                " not set the attribute `name`"
            ),
        ),
        (
            "if not items",
            "inverted condition",
            9,
            "        if items:",
            (
                "the condition is inverted. `if items` should be `if not items`: the block runs exactly when"
                " it should not"
            ),
        ),
        (
            "range(len",
            "off by one",
            12,
            "        for i in range(len(items) - 1):   # every one",
            (
                "off by one. `range(len(items) - 1)` should be `range(len(items))`: the last number of the"
                " range is left out"
            ),
        ),
        (
            "total += items",
            "wrong operator",
            13,
            "            total = items[i]",
            (
                "`total` is overwritten instead of added to. `total = items[i]` should be `total +="
                " items[i]`: each pass of the loop that gets there overwrites `total`"
            ),
        ),
        (
            "if total > limit",
            "off by one",
            14,
            "            if total >= limit:",
            "off by one. `total >= limit` should be `total > limit`: it also holds when both sides are equal",
        ),
        (
            "if total > limit",
            "wrong variable",
            14,
            "            if total > total:",
            "wrong variable. `total > total` should be `total > limit`: `total` is compared with itself",
        ),
        (
            "break",
            "missing break",
            15,
            "                continue",
            ("`break` is missing. `continue` should be `break`: the loop goes on instead of ending"),
        ),
        (
            "await self.fetch",
            "missing await",
            17,
            "            result = self.fetch(items[0], limit)",
            (
                "`await` is missing. `self.fetch(items[0], limit)` should be `await self.fetch(items[0],"
                " limit)`: this is an awaitable, not its result"
            ),
        ),
        (
            "except KeyError",
            "broad except",
            19,
            "        except Exception:",
            (
                "too much is caught. `except Exception` should be `except KeyError`: errors that are no"
                " `KeyError`, bugs among them, are handled here too"
            ),
        ),
        (
            "raise",
            "swallowed exception",
            20,
            "            pass",
            (
                "the exception is swallowed. `pass` should be `raise`: the handler does nothing else, so the"
                " error is lost"
            ),
        ),
        (
            "log(f",
            "missing f",
            22,
            '            log("{total} of {limit}")',
            (
                'the `f` of the f-string is missing. `"{total} of {limit}"` should be `f"{total} of'
                ' {limit}"`: the text shows `{total}` itself instead of its value'
            ),
        ),
        (
            "return result",
            "wrong return",
            24,
            "        return total",
            (
                "the wrong variable is returned. `return total` should be `return result`: what comes"
                " back is not `result`"
            ),
        ),
    ],
)
def test_each_kind_changes_its_line_and_names_it(own, kind, line, now, says):
    assert planted(SERVICE, own, kind) == (line, 1, (now,), says)


@pytest.mark.parametrize(
    ("source", "own", "kind", "now"),
    [
        ("def f(a, b):\n    ok = a.x < b.y\n", "<", "wrong operator", "    ok = a.x > b.y"),
        ("def f(a):\n    ok = a.é is not None\n", "is not", "reversed comparison", "    ok = a.é is None"),
        ("def f(a):\n    if a.x and a.y:\n        g()\n", "and", "wrong operator", "    if a.x or a.y:"),
        ("def f(a):\n    return a.n - 1\n", "-", "off by one", "    return a.n"),
        ("def f(a):\n    b = a.n[0]\n", "[0]", "off by one", "    b = a.n[1]"),
        ("def f(a):\n    b = a[1:]\n", "[1:]", "off by one", "    b = a[2:]"),
        ("def f(a):\n    b = a[:-1]\n", "[:", "off by one", "    b = a[:-2]"),
        ("def f(a):\n    return g(a)\n", "return", "lost return", "    g(a)"),
        ("def f(a, b):\n    c = g(a, b)\n", "g(", "wrong variable", "    c = g(a, a)"),
        (
            "def f(a, b):\n    return isinstance(a, b)\n",
            "isi",
            "swapped arguments",
            "    return isinstance(b, a)",
        ),
        (
            "def f(a, b):\n    return 1\n\n\ndef g(b, a):\n    return f(a, b)\n",
            "f(a, b)",
            "swapped arguments",
            "    return f(b, a)",
        ),
        ("def f(a):\n    ok = a == 'x'\n", "==", "identity", "    ok = a is 'x'"),
        ("def f(a, b):\n    return a // b\n", "//", "wrong operator", "    return a / b"),
        (
            "def f(a):\n    return any(x.ok for x in a)\n",
            "any",
            "wrong function",
            "    return all(x.ok for x in a)",
        ),
        ("def f(a):\n    b = sorted(a, key=len)\n", "sorted", "wrong function", "    b = a.sort(key=len)"),
        ("def f(a, b):\n    return a, b\n", "return", "wrong return", "    return b, a"),
        ("async def f(a):\n    x = await g(\n        a,\n    )\n", "", "missing await", "    x = g("),
    ],
)
def test_more_kinds(source, own, kind, now):
    found = planted(source, own, kind)
    if kind == "swapped arguments" and "def g" in source:
        assert found[0] == 6
    assert found is not None and found[2] == (now,)


def test_checks_and_clean_up_around_the_lines_may_be_taken_away():
    assert planted(SERVICE, "total = 0", "removed check", "items:") is None  # the check is only shown in part
    defect = plant(SERVICE, {11}, {9, 10}, random.Random(0))
    assert defect == Defect(
        "removed check",
        9,
        2,
        (),
        "the check `if not items:` is missing",
        "",
        "if not items:",
        "the function is not left here in that case",
    )
    close = plant(SERVICE, {11}, {23}, random.Random(0))
    assert (close.kind, close.line, close.planted, close.wrong) == (
        "missing close",
        23,
        (),
        "`self.conn.close()` is missing",
    )
    base = plant(SERVICE, {11}, {3}, random.Random(0))
    assert (base.kind, base.line, base.effect) == (
        "missing super",
        3,
        "the `__init__` of the base class is not called here",
    )


@pytest.mark.parametrize(
    "source",
    [
        "def f(:\n    return g(a)\n",
        "print 'Python 2', a < b\n",
        "x = 1\n",
        "s = '''\nif a < b:\n    pass\n'''\n",
        "import a\n",
        "ok = sys.version_info >= (3, 8)\n",
        "",
    ],
)
def test_nothing_is_planted_where_nothing_can_break(source):
    assert plant(source, set(range(1, source.count("\n") + 1)), set(), random.Random(0)) is None


def test_a_default_that_the_function_heals_is_no_bug():
    assert planted("def f(tags=None):\n    tags = tags or []\n", "tags", "mutable default") is None


def test_kinds_take_turns():
    used, own = Counter(), set(range(1, SERVICE.count("\n") + 1))
    for seed in range(32):
        used[plant(SERVICE, own, set(), random.Random(seed), used).kind] += 1
    assert len(used) == 16 and set(used.values()) == {2}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sets(st.integers(1, 24), min_size=1), st.sets(st.integers(1, 24)))
def test_only_the_named_lines_change_and_the_result_is_python(seed, own, around):
    defect = plant(SERVICE, own, around - own, random.Random(seed))
    if defect:
        lines = SERVICE.split("\n")
        touched = set(range(defect.line, defect.line + defect.count))
        assert touched <= own or touched <= around - own
        after = [*lines[: defect.line - 1], *defect.planted, *lines[defect.line - 1 + defect.count :]]
        compile("\n".join(after), "planted", "exec")
        assert after != lines
        assert not defect.bad or defect.bad in "\n".join(after)
        assert defect.good in "\n".join(lines)


@pytest.mark.parametrize(
    ("beside", "breakable"),
    [
        ("# the name of a shop", True),
        ("# must be <40 chars", False),
        ("# 40 letters are what the column has", False),
        ('"""Refuse a name of more than the column has."""', False),
        ('print("names have at most a line")', False),
    ],
)
def test_no_bound_is_moved_where_words_beside_it_say_what_it_is(beside, breakable):
    code = f"def check(name):\n    {beside}\n    if len(name) > 40:\n        raise ValueError(name)\n"
    made = plant(code, {1, 2, 3, 4}, set(), random.Random(0), Counter({"off by one": -1}))
    assert (made is not None and made.kind == "off by one") is breakable


def test_a_text_in_parentheses_loses_no_f():
    source = 'def note(name):\n    return (f"of {name}")\n'
    assert planted(source, "of {name}", "missing f") is None
    bare = source.replace("(f", "f").replace('")', '"')
    assert planted(bare, "of {name}", "missing f") is not None


def test_a_thing_is_looked_for_in_itself_and_not_compared_with_it():
    source = "def ready(key, required):\n    if key in required:\n        return key\n"
    assert effect_of(source, "if key", "wrong variable") == "`key` is looked for in itself"


def effect_of(source: str, own: str, kind: str, around: str = "") -> str:
    """What a review says that a planted bug leads to."""
    return (planted(source, own, kind, around) or (0, 0, (), ": "))[3].rpartition(": ")[2]


HANDLER = "def load(path):\n    try:\n        return read(path)\n    except OSError as error:\n{}"
LOST = "the handler does nothing else, so the error is lost"
RAISED_NO_MORE = "nothing is raised at this point"


@pytest.mark.parametrize(
    ("handler", "effect"),
    [
        ("        raise\n", LOST),
        ("        raise Unread(path) from error\n", LOST),
        ('        log.exception("unread")\n        raise\n', RAISED_NO_MORE),
        ("        if path:\n            raise\n", RAISED_NO_MORE),
        ("        failed.append(error)\n        raise\n", RAISED_NO_MORE),
    ],
)
def test_an_error_is_called_lost_only_where_its_handler_does_nothing_else(handler, effect):
    assert effect_of(HANDLER.format(handler), "raise", "swallowed exception") == effect


@pytest.mark.parametrize(
    ("source", "own", "kind", "effect"),
    [
        ("async def f(task):\n    await task\n", "await", "missing await", "nothing waits for what it gives"),
        (
            "async def f(a):\n    x = await a.b\n",
            "await",
            "missing await",
            "this is an awaitable, not its result",
        ),
        (
            "def f(a):\n    if a.x:\n        g()\n    elif a.y:\n        h()\n",
            "elif",
            "inverted condition",
            "of the cases that get there, it runs in exactly the wrong ones",
        ),
        ("def f(m):\n    a = m[1]\n", "[1]", "off by one", "it takes what is at 0 instead of what is at 1"),
        ("def f(a, b):\n    return a // b\n", "//", "wrong operator", "`/` does not round down as `//` does"),
    ],
)
def test_a_review_claims_no_more_than_the_line_tells(source, own, kind, effect):
    assert effect_of(source, own, kind) == effect


@pytest.mark.parametrize(
    ("check", "effect"),
    [
        ("if not isinstance(e, Exception):\n        raise", "the exception is not raised again in that case"),
        ("if not a:\n        raise ValueError(a)", "`ValueError` is not raised here in that case"),
        ("if not a:\n        return", "the function is not left here in that case"),
    ],
)
def test_a_removed_check_is_told_by_what_it_did(check, effect):
    source = f"def f(a, e):\n    {check}\n    b = 1\n"
    defect = plant(source, {4}, {2, 3}, random.Random(0), Counter({"removed check": -1}))
    assert defect is not None and (defect.kind, defect.effect) == ("removed check", effect)


@pytest.mark.parametrize(
    "source",
    [
        "def any(x):\n    return x\n\n\ndef f(a):\n    return any(a)\n",
        "from ours import any\n\n\ndef f(a):\n    return any(a)\n",
        "def f(a, any):\n    return any(a)\n",
    ],
)
def test_a_name_of_python_that_is_bound_anew_is_not_taken_for_python_s(source):
    assert planted(source, "return any", "wrong function") is None


def test_what_no_parameter_gives_does_not_lose_its_self():
    source = "class A:\n    def f(self):\n        self.LIMIT = LIMIT\n"
    assert planted(source, "self.LIMIT", "lost self") is None


def test_two_functions_of_one_name_do_not_tell_the_order_of_arguments():
    source = "def f(b, a):\n    x = g(a, b)\n\n\nclass A:\n    def g(self, a, b):\n        pass\n"
    assert planted(source, "x = g", "swapped arguments") is not None
    assert planted(f"{source}\n\ndef g(b, a):\n    pass\n", "x = g", "swapped arguments") is None


@pytest.mark.parametrize(("second", "kind"), [("name", "wrong variable"), ("None", None)])
def test_none_is_no_variable_that_is_left_out(second, kind):
    """`pop(key, key)` for `pop(key, None)` may do no harm."""
    source = f"def f(items, key, name):\n    items.pop(key, {second})\n"
    defect = plant(source, {2}, set(), random.Random(0), Counter({"wrong variable": -1}))
    assert (defect.kind if defect else None) == kind
