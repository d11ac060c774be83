"""What answers of the register `full` on code hold so that somebody would learn from them: lists that are whole,
calls that can be copied, docstrings without slips, mocks that work.
"""

import pytest

from autodidact.generators.ast_parser.code_probe_facts import code_facts
from autodidact.generators.ast_parser.full import (
    class_answers,
    conversations,
    definition_surroundings,
    premises_corrected_or_confirmed,
    purpose_and_usage,
    teach_probe_facts,
)
from autodidact.generators.ast_parser.full.caller_lists import callers
from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView
from autodidact.generators.ast_parser.full.patched_methods import patched
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import FULL, questions_of, snapshot
from tests.generators.test_ast_parser_full import answers, pieces, view_of

PATCHED = """import abc


class Clock:
    def now(self):
        return 1

    def wind(self):
        self.turns = 9

    async def tick(self):
        return 2

    def strikes(self):
        yield 3

    def stop(self):
        raise OSError

    @abc.abstractmethod
    def read(self):
        ...

    def __len__(self):
        return 4
"""


@pytest.mark.parametrize(
    ("name", "value", "end"),
    [
        ("now", ", return_value=value", "without it, a call gives a `MagicMock`."),
        ("tick", ", return_value=value", "without it, awaiting the call gives a `MagicMock`."),
        ("wind", "", "the mock knows its calls, for example for `wind.assert_called_once()`."),
    ],
)
def test_a_patch_says_what_the_method_is_to_give(sandbox, name, value, end):
    view = view_of(sandbox, {"clock.py": PATCHED})
    (d,) = [one for one in view.code.definitions if one.name == name]
    say = patched(view, d)
    assert f'with patch.object(Clock, "{name}"{value}) as {name}:' in say
    assert "from clock import Clock\n" in say
    assert say.endswith(end)


def test_nobody_patches_what_a_mock_does_not_stand_for(sandbox):
    view = view_of(sandbox, {"clock.py": PATCHED})
    found = {d.name: patched(view, d) for d in view.code.definitions if d.owner}
    assert {name for name, say in found.items() if not say} == {"strikes", "stop", "read", "__len__"}


def test_a_class_that_inherits_a_method_is_no_wrong_guess_of_its_class(sandbox, tmp_path):
    code = (
        "class Reader:\n    def read_page(self):\n        return 1\n\n\n"
        "class WebReader(Reader):\n    def web_page(self):\n        return 2\n\n\n"
        "class Printer:\n    def print_page(self):\n        return 3\n"
    )
    with Repository(sandbox.path, sandbox.commit("Begin", {"pages.py": code})) as repository:
        view = FullView(CodeBase(repository), repository, "pages")
        asked = questions_of("ast_parser", snapshot(tmp_path, repository, settings=FULL))
        found = [piece.ask for piece, _ in teach_probe_facts.pieces(view, asked)]
    wrong = {ask for ask in found if "belongs to the class" in ask and "`read_page`" in ask}
    assert wrong <= {"`read_page` belongs to the class `Printer`, right?"}
    assert not any("`web_page` belongs to the class `Reader`" in ask for ask in found)


@pytest.mark.parametrize(
    ("params", "docs", "says"),
    [
        # All of them, those with stars too.
        (
            "path, *parts, **options",
            "    path: Where it begins.\n    parts: What comes behind it.\n    options: For the server.\n",
            "- `path`: Where it begins.\n- `*parts`: What comes behind it.\n- `**options`: For the server.",
        ),
        # What goes on in the keywords is documented by its name.
        (
            "path, **options",
            "    path: Where it begins.\n    retries: How often it is tried.\n",
            "- `path`: Where it begins.\n- `retries`: How often it is tried.",
        ),
        # What is said of one of them cannot be quoted.
        ("path, mode", "    path: Where it begins.\n    mode: See {% x %}.\n", None),
        # A parameter that is gone.
        ("path", "    path: Where it begins.\n    speed: How fast it is read.\n", None),
        # A type is no meaning.
        ("path", "    path: A `Path` object.\n", None),
    ],
)
def test_parameters_are_explained_all_of_them_or_none(sandbox, params, docs, says):
    code = (
        f'def fetch({params}):\n    """Fetch what is behind an address for the reader.\n\n    Args:\n'
        + "".join(f"    {line}\n" for line in docs.splitlines())
        + '    """\n    return path\n\n\ndef go():\n    return fetch("a")\n'
    )
    found = answers(pieces(view_of(sandbox, {"web.py": code}), purpose_and_usage.explain, "fetch"))
    lists = {text.partition(":\n\n")[2].partition("\n\n")[0] for text in found}
    assert lists == ({says} if says else set()) or not says and not any("- `" in text for text in found)


@pytest.mark.parametrize(
    ("more", "explained"),
    [
        ("", True),
        ("\n\n    .. warning:: It cannot be undone.", False),
        ("\n\n    Warning:\n        It cannot be undone.", False),
    ],
)
def test_what_a_docstring_warns_of_is_not_left_out(sandbox, more, explained):
    code = (
        f'def drop(cart):\n    """Take everything out of a cart and forget its owner.{more}\n    """\n'
        "    cart.clear()\n\n\ndef go(cart):\n    drop(cart)\n"
    )
    assert bool(pieces(view_of(sandbox, {"a.py": code}), purpose_and_usage.explain, "drop")) is explained


@pytest.mark.parametrize(
    ("summary", "explained"),
    [("A signal.", False), ("Tells everybody who waits that something has happened.", True)],
)
def test_a_few_words_and_one_argument_explain_nothing(sandbox, summary, explained):
    code = (
        f'class Bell:\n    """{summary}\n\n    :param tone: How it sounds in the hall.\n    """\n\n'
        "    def __init__(self, tone=None):\n        pass\n"
    )
    assert bool(pieces(view_of(sandbox, {"bell.py": code}), purpose_and_usage.explain, "Bell")) is explained


@pytest.mark.parametrize(("most", "asked"), [(3, True), (40, False)])
def test_who_asks_for_arguments_reads_them(sandbox, most, asked):
    params = ", ".join(f"name_{n}" for n in range(most))
    code = f'def load_page({params}):\n    """Fetch one page and keep it for the next reader."""\n'
    found = pieces(view_of(sandbox, {"a.py": code}), premises_corrected_or_confirmed.unknown, "load_page")
    answers_to = {piece.say for piece in found if piece.ask == "What are the arguments of `read_page`?"}
    assert found
    assert bool(answers_to) is asked
    assert all(f"It is declared as `def load_page({params})`." in say for say in answers_to)


def test_users_are_named_or_counted(sandbox):
    calls = "".join(f"def go_{n}():\n    return size(1)\n\n\n" for n in "abcdef")
    view = view_of(sandbox, {"a.py": f"def size(cart):\n    return 1\n\n\n{calls}"})
    (d,) = [one for one in view.code.definitions if one.name == "size"]
    assert purpose_and_usage.called_by(view, d) == (
        "It is called by 6 callers outside the tests, among them `go_a`, `go_b` and `go_c` in `a.py`."
    )


@pytest.mark.parametrize(
    ("real", "test", "shown"),
    [
        # Other code calls it: that call is the model.
        ("def go():\n    return size('real')\n", "    assert size('ada') == 1\n", "return size('real')"),
        # What the test made above it does not show.
        ("", "    cart = 'ada'\n    assert size(cart) == 1\n", ""),
        ("", "    assert size('ada') == 1\n", "assert size('ada') == 1"),
    ],
)
def test_a_call_of_a_test_is_a_model_where_it_is_whole_and_nothing_else_calls_it(sandbox, real, test, shown):
    cart = (
        'def size(owner):\n    """Count what a customer has in the cart at this very moment of the day."""\n'
    )
    files = {
        "cart.py": f"{cart}    return 1\n",
        "till.py": f"from cart import size\n\n\n{real}",
        "tests/test_cart.py": f"from cart import size\n\n\ndef test_size():\n{test}",
    }
    found = answers(pieces(view_of(sandbox, files), purpose_and_usage.usage, "size"))
    assert all(shown in text for text in found) if shown else not found
    assert bool(found) is bool(shown)


def test_a_public_method_called_on_self_is_no_model(sandbox):
    code = (
        "class Till:\n    def {0}(self, owner):\n"
        '        """Count what a customer has in the cart at this very moment of the day."""\n\n'
        "    def go(self):\n        return self.{0}('ada')\n"
    )
    found = []
    for name in ("size", "_size"):
        view = view_of(sandbox, {"till.py": code.format(name)})
        found.append(bool(pieces(view, purpose_and_usage.usage, f"Till.{name}")))
    assert found == [False, True]


def test_the_import_of_a_model_is_said_to_be_internal(sandbox):
    cart = (
        'def size(owner):\n    """Count what a customer has in the cart at this very moment of the day."""\n'
    )
    files = {
        "shop/__init__.py": "",
        "shop/_cart.py": f"{cart}    return 1\n",
        "shop/till.py": "from shop._cart import size\n\n\ndef go():\n    return size('ada')\n",
    }
    found = answers(pieces(view_of(sandbox, files), purpose_and_usage.usage, "size"))
    end = "The import for it is `from shop._cart import size`; the underscore marks that module as internal."
    assert found and all(text.endswith(end) for text in found)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("return kept(size('ada'))", True),
        ("return kept(size('ada'), 1)(2)", False),
        ("return [size('ada')]", True),
        ("return size('ada') if first else 2", False),
    ],
)
def test_a_model_is_no_part_of_something_intricate(sandbox, line, shown):
    cart = (
        'def size(owner):\n    """Count what a customer has in the cart at this very moment of the day."""\n'
    )
    code = f"{cart}    return 1\n\n\ndef go(first):\n    {line}\n"
    assert bool(pieces(view_of(sandbox, {"cart.py": code}), purpose_and_usage.usage, "size")) is shown


def test_whoever_changes_a_signature_reads_of_the_tests_that_call_it(sandbox):
    tests = "".join(f"def test_{n}():\n    assert size(1)\n\n\n" for n in "abcd")
    files = {
        "cart.py": "def size(cart):\n    return 1\n\n\ndef go():\n    return size(2)\n",
        "tests/test_cart.py": f"from cart import size\n\n\n{tests}",
    }
    found = {piece.ask[:12]: piece.say for piece in pieces(view_of(sandbox, files), callers, "size")}
    assert found["I'm about to"].endswith("In the tests it has 4 callers in `tests/test_cart.py`.")
    assert "test_cart" not in found["Where is `si"]


def test_many_overriding_methods_are_named_by_their_classes(sandbox):
    heirs = "".join(f"class {n}(Till):\n    def _sell(self):\n        return 2\n\n\n" for n in "ABCD")
    code = (
        "class Till:\n    def _sell(self):\n        return 1\n\n    def go(self):\n        self._sell()\n\n\n"
    )
    found = answers(pieces(view_of(sandbox, {"till.py": code + heirs}), callers, "Till._sell"))
    says = "4 subclasses override it, so keep their signatures in step: `A`, `B`, `C` and `D`."
    assert found and all(says in text for text in found)

    files = {"till.py": code + heirs, "more.py": "class Loaded(__import__(NAME).Till):\n    pass\n"}
    found = answers(pieces(view_of(sandbox, files), callers, "Till._sell"))
    assert found and all(f"At least {says}" in text for text in found)


@pytest.mark.parametrize(("base", "asked"), [("", False), ("(Reader)", True)])
def test_a_similar_name_is_the_only_one_or_that_which_others_override(sandbox, base, asked):
    code = (
        'class Reader:\n    def load_page(self):\n        """Fetch one page and keep it for the next reader."""\n'
        f"        return 1\n\n\nclass Other{base}:\n    def load_page(self):\n        return 2\n"
    )
    found = pieces(
        view_of(sandbox, {"a.py": code}), premises_corrected_or_confirmed.unknown, "Reader.load_page"
    )
    asks = {piece.ask for piece in found}
    assert ("`read_page` gives me an AttributeError. What am I missing?" in asks) is asked
    assert bool(asks) is asked


def test_how_two_methods_differ_shows_both(sandbox):
    code = (
        "class Till:\n    def sell(self, thing):\n        return thing\n\n\n"
        "class Counted(Till):\n    def sell(self, thing):\n        return 2 * thing\n"
    )
    found = pieces(view_of(sandbox, {"till.py": code}), class_answers.override, "Counted.sell")
    (say,) = {piece.say for piece in found if piece.ask.startswith("How does") and "replaces" in piece.say}
    assert say.endswith(
        "The code of `Counted.sell`:\n\n```python\ndef sell(self, thing):\n    return 2 * thing\n```\n\n"
        "The inherited one, `Till.sell`:\n\n```python\ndef sell(self, thing):\n    return thing\n```"
    )


@pytest.mark.parametrize(
    ("caller", "asked"),
    [
        ("return size(name, 2)", True),
        ("return size(owner, limit)", False),
        ("return size(owner, 1) + size(owner, 2)", False),
    ],
)
def test_what_everybody_has_just_read_is_not_what_a_caller_hands_on(sandbox, caller, asked):
    code = (
        "def size(owner, limit):\n    if owner:\n        return limit\n    return 0\n\n\n"
        f"def go(owner, limit, name):\n    if not owner:\n        return 0\n    {caller}\n"
    )
    assert bool(pieces(view_of(sandbox, {"a.py": code}), conversations.two_reads, "size")) is asked


@pytest.mark.parametrize(
    ("path", "test", "named"),
    [
        ("tests/test_environs.py", "test_repr", False),
        ("tests/test_core.py", "test_en_v", True),
        ("tests/test_env.py", "test_repr", True),
        ("tests/test_envs.py", "test_repr", True),
    ],
)
def test_a_test_has_the_whole_name_of_what_it_tests(sandbox, path, test, named):
    files = {
        "env.py": "def env(name):\n    return name\n",
        path: f"from env import env\n\n\ndef {test}():\n    assert env('a')\n",
    }
    view = view_of(sandbox, files)
    (d, model) = (next(x for x in view.code.definitions if x.name == name) for name in ("env", test))
    assert definition_surroundings._is_named_after(model, d) is named


def test_a_test_that_a_package_brings_along_is_no_fact(sandbox):
    files = {
        "shop/testing.py": "class Case:\n    def test_sells(self):\n        pass\n\n    def sells(self):\n        pass\n"
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        facts = code_facts(CodeBase(repository), None, set())
    assert {fact.subject for fact in facts if fact.kind == "method_of"} == {"sells"}


def test_what_was_said_before_is_left_out_with_the_space_before_it(sandbox):
    code = (
        'def size(owner):\n    """Count what a customer has in the cart at this very moment of the day."""\n'
        "    return 1\n\n\ndef go(first):\n    return size(first.name)\n"
    )
    found = pieces(view_of(sandbox, {"cart.py": code}), conversations.follow_up, "size", 300)
    says = {str(piece.say) for piece in found if "goes to `owner`." in str(piece.say)}
    assert says and not any(line.endswith(" ") for say in says for line in say.splitlines())
