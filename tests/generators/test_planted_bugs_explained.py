"""What a review in the register `full` says of a planted bug: what follows from it, in the names of the code
that is shown; and which bugs are left alone, because the diff does not show what is right.
"""

import pytest

from autodidact.generators.diff_miner.full import review_answers as reviews
from autodidact.generators.diff_miner.full.consequences import consequence
from autodidact.generators.diff_miner.full.example_kinds import UNSURE
from autodidact.generators.diff_miner.plant_bugs import Defect
from autodidact.sources.git.commits_with_diffs import FileDiff
from autodidact.sources.git.hunks import Hunk

FILE = FileDiff("till.py", "till.py", "M", "a", "b")


def bug(kind: str, line: str, good: str, bad: str, *, after: str = "", before: str = "", **words):
    """A line of a diff that has `bad` where `good` belongs, between other lines with their signs."""
    above, below = (text.split("\n") if text else [] for text in (before, after))
    wrong = line.replace(good, bad, 1)
    right, shown = (Hunk(1, 1, "", [*above, f"+{text}", *below]) for text in (line, wrong))
    number = 1 + sum(text[0] != "-" for text in above)
    words = {"wrong": "", "effect": ""} | words
    return reviews.Planted(FILE, right, shown, Defect(kind, number, 1, (wrong,), bad=bad, good=good, **words))


RAISE = "         raise Empty(left)\n     return left"


@pytest.mark.parametrize(
    ("kind", "line", "good", "bad", "after", "said"),
    [
        (
            "reversed comparison",
            "    elif left == 2:",
            "left == 2",
            "left != 2",
            "         sell()\n     else:\n         order()",
            "Of the cases that get here, `sell()` runs if `left != 2` instead of if `left == 2`, and `left == 2`"
            " leads to `order()`.",
        ),
        # What a test was to keep from a look-up, an attribute or an element.
        (
            "reversed comparison",
            "    if key not in stock or stock[key][1] < size:",
            "key not in stock",
            "key in stock",
            "",
            "If `key` is not in `stock`, `stock[key]` is evaluated now, which raises `KeyError`.",
        ),
        (
            "wrong operator",
            "    if till is not None and till.open:",
            "till is not None and till.open",
            "till is not None or till.open",
            "         sell()",
            "With `or`, `till is not None` or `till.open` alone is enough for `sell()`, where both have to hold."
            " If `till` is `None`, `till.open` is evaluated now, which raises `AttributeError`.",
        ),
        (
            "inverted condition",
            "    if len(left) > 0:",
            "len(left) > 0",
            "not len(left) > 0",
            "         sell(left[-1])",
            "As written, `sell(left[-1])` is skipped if `len(left) > 0` and runs if `not len(left) > 0`."
            " If `left` is empty, `left[-1]` is evaluated now, which raises `IndexError`.",
        ),
        (
            "wrong operator",
            '    unit = "kMG"[(left - 1) // 3]',
            "(left - 1) // 3",
            "(left - 1) / 3",
            "",
            "`/` gives a float, and a text with a float as its index raises `TypeError`.",
        ),
        (
            "wrong operator",
            "    for day in range(left // 7 + 1):",
            "left // 7",
            "left / 7",
            "         sell()",
            "`/` gives a float, and `range` raises `TypeError` for one.",
        ),
    ],
)
def test_what_fails_is_said(kind, line, good, bad, after, said):
    joined = "the conditions are joined wrongly" if " or " in bad and " and " in good else ""
    one = bug(kind, line, good, bad, after=after, before=f"-{line}", wrong=joined)
    assert consequence(one) == said
    assert not reviews.in_doubt(one)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("    return left - 1", "Callers get a number that is 2 too large."),
        ("    last = left - 1", "So `last` is 2 too large."),
        (
            "    sell(names[left - 1])",
            "It takes the element of `names` 2 places behind the one that is needed.",
        ),
        ('    sell("kMG"[left - 1])', "It takes the character 2 places behind the one that is needed."),
        ("    sell(names[: left - 1])", "The slice ends 2 too late."),
        ("    for n in range(left - 1, 0):", "The range begins 2 too late."),
        # What becomes of it, nobody can tell.
        ("    for n in range(9, 0, left - 1):", None),
        ("    sell(names[:: left - 1])", None),
        ("    unit = names[(left - 1) // 3]", None),
        ("    rest = (left - 1) % 7", None),
    ],
)
def test_how_far_a_number_is_off_is_said_of_the_whole_value_alone(line, said):
    effect = "the result is 2 too large"
    one = bug("off by one", line, "left - 1", "left + 1", before=f"-{line}", effect=effect)
    assert reviews.in_doubt(one) is (said is None)
    assert said is None or consequence(one) == said


@pytest.mark.parametrize(
    ("line", "good", "bad", "after"),
    [
        ("    if left is None:", "left is None", "left is not None", ""),
        ("    if stock and key in stock:", "key in stock", "key not in stock", ""),
        ("    sell(left, one in stock)", "one in stock", "one not in stock", ""),
    ],
)
def test_a_test_of_which_nobody_sees_what_it_decides_is_in_doubt(line, good, bad, after):
    assert reviews.in_doubt(bug("reversed comparison", line, good, bad, after=after, before=f"-{line}"))


@pytest.mark.parametrize(
    ("line", "good", "bad", "after", "said"),
    [
        (
            "    if not left:",
            "if not left",
            "if left",
            RAISE,
            "As written, `raise Empty(left)` is skipped if `not left`, and that case goes on to `return left`;"
            " if `left`, it is the other way round.",
        ),
        (
            "    if left is None:",
            "left is None",
            "left is not None",
            "         left = 0\n         log(left)",
            "As written, `left = 0` is skipped if `left is None` and runs if `left is not None`.",
        ),
        (
            "    if left is None:",
            "left is None",
            "left is not None",
            "         raise Empty(\n             left\n         )\n     return left",
            "As written, `raise Empty(...)` is skipped if `left is None`, and that case goes on to `return left`;"
            " if `left is not None`, it is the other way round.",
        ),
        (
            "    if left:",
            "if left",
            "if not left",
            "         sell()\n     else:\n         order()",
            "So the two branches are exchanged: `sell()` runs if `not left`, and `order()` if `left`.",
        ),
        (
            "    elif left:",
            "elif left",
            "elif not left",
            "         sell()",
            "Of the cases that get here, `sell()` runs if `not left` instead of if `left`.",
        ),
        (
            "    while left:",
            "while left",
            "while not left",
            "         sell()",
            "If `left` to begin with, `sell()` never runs; otherwise it runs until `left`.",
        ),
        (
            "    assert left == 2",
            "left == 2",
            "left != 2",
            "",
            "The assertion fails if `left == 2`, which is just what it has to confirm.",
        ),
        (
            "    return left == 2",
            "left == 2",
            "left != 2",
            "",
            "Every caller gets the opposite of the right answer.",
        ),
        (
            "    sold = left == 2",
            "left == 2",
            "left != 2",
            "",
            "So `sold` says the opposite of what it should.",
        ),
        (
            "    left = 0 if left is None else left",
            "left is None",
            "left is not None",
            "",
            "So the value is `0` if `left is not None`, and `left` if `left is None`: they are exchanged.",
        ),
        (
            "    left = [one for one in left if one in stock]",
            "one in stock",
            "one not in stock",
            "",
            "What fulfils `one in stock` is left out, and the rest is kept.",
        ),
        (
            "    if all(one in stock for one in left):",
            "one in stock",
            "one not in stock",
            "         sell()",
            "`all` then asks for `one not in stock` of each of them, and not for `one in stock`.",
        ),
        (
            "    if left and one in stock:",
            "one in stock",
            "one not in stock",
            "         sell()",
            "With this, `sell()` is never reached if `one in stock`, though that is required.",
        ),
        (
            "    while one in stock and left:",
            "one in stock",
            "one not in stock",
            "         sell()",
            "With this, `sell()` is never reached if `one in stock`, though that is required.",
        ),
        (
            "    sell(left, one in stock)",
            "one in stock",
            "one not in stock",
            "",
            "It is true if `one not in stock`, and has to be true if `one in stock`.",
        ),
        (
            "    if left or one in stock:",
            "one in stock",
            "one not in stock",
            "         sell()",
            "With this, `sell()` is reached whenever `one not in stock`, and `one in stock` alone no longer"
            " leads there.",
        ),
    ],
)
def test_of_a_test_turned_round_it_is_said_what_runs_and_what_does_not(line, good, bad, after, said):
    assert consequence(bug("reversed comparison", line, good, bad, after=after)) == said


@pytest.mark.parametrize(
    ("kind", "line", "good", "bad", "words", "said"),
    [
        (
            "wrong operator",
            "    if left and stock:",
            "left and stock",
            "left or stock",
            {"wrong": "the conditions are joined wrongly"},
            "With `or`, `left` or `stock` alone is enough for the block, where both have to hold.",
        ),
        (
            "wrong operator",
            "    left = left or 2",
            "left or 2",
            "left and 2",
            {"wrong": "the fallback is joined wrongly"},
            "If `left` is set, `2` takes its place, and if not, the fallback is not used.",
        ),
        (
            "wrong operator",
            "    left += 2",
            "left += 2",
            "left = 2",
            {"wrong": "`left` is overwritten instead of added to"},
            "Each time it is reached, it sets `left` to `2`, and what was there before is lost.",
        ),
        (
            "off by one",
            "    if left < 2:",
            "left < 2",
            "left <= 2",
            {},
            "That makes a difference if `left` equals `2`: the block runs then, and should not.",
        ),
        (
            "off by one",
            "    left = stock[0]",
            "stock[0]",
            "stock[1]",
            {},
            "Index 1 is the second element of `stock`, and the first is needed.",
        ),
        (
            "off by one",
            "    left = till.stock[0]",
            "till.stock[0]",
            "till.stock[1]",
            {},
            "Index 1 is the second element of `till.stock`, and the first is needed.",
        ),
        (
            "off by one",
            "    left = stock[:end]",
            "stock[:end]",
            "stock[:end - 1]",
            {},
            "It takes one element less of `stock`: up to `end - 1` instead of up to `end`.",
        ),
        ("identity", '    if left is "all":', 'left is "all"', 'left is "all"', {}, ""),
        (
            "identity",
            '    if left == "all":',
            'left == "all"',
            'left is "all"',
            {},
            "`is` compares identity, not value: an equal string that is made at run time need not be the same"
            " object, so the test can fail although `left` has the right value.",
        ),
        (
            "identity",
            "    if left == 2:",
            "left == 2",
            "left is 2",
            {},
            "`is` compares identity, not value: that equal small numbers are one object is a detail of CPython,"
            " and no test may rest on it.",
        ),
        (
            "mutable default",
            "def sell(left: dict | None = None):",
            "left: dict | None = None",
            "left: dict | None = {}",
            {},
            "That `{}` is made once, with the function, and all calls without `left` share it: what one call puts"
            " in, the next one finds.",
        ),
        (
            "missing await",
            "    await sell(left)",
            "await sell(left)",
            "sell(left)",
            {},
            "The call alone only makes an awaitable: nothing waits for it, and a coroutine never runs.",
        ),
        (
            "missing await",
            "    sold = await sell(left)",
            "await sell(left)",
            "sell(left)",
            {},
            "`sold` is the awaitable itself then, and not its result.",
        ),
        (
            "wrong operator",
            "    half = left // 2",
            "left // 2",
            "left / 2",
            {"wrong": "wrong division"},
            "`/` gives a float with its fraction, where `//` gives the whole number below it.",
        ),
        (
            "swapped arguments",
            "    if isinstance(left, int):",
            "isinstance(left, int)",
            "isinstance(int, left)",
            {},
            "Called like this, it raises `TypeError` unless `left` happens to be a class.",
        ),
        (
            "swapped arguments",
            '    left = getattr(stock, "pen")',
            'getattr(stock, "pen")',
            'getattr("pen", stock)',
            {},
            "`getattr` takes the attribute's name second, and raises `TypeError` if that is no string.",
        ),
        (
            "wrong variable",
            "    while left < stock:",
            "left < stock",
            "left < left",
            {"effect": "`left` is compared with itself"},
            "`left` is compared with itself, which is never true: the block is never reached.",
        ),
        (
            "wrong variable",
            "    if left is not None and stock:",
            "left is not None",
            "left is not left",
            {"effect": "`left` is compared with itself"},
            "`left` is compared with itself, which is never true: the block is never reached.",
        ),
        (
            "wrong variable",
            "    if left is None:",
            "left is None",
            "left is left",
            {"effect": "`left` is compared with itself"},
            "`left` is compared with itself, which is always true: the block runs each time that this line is"
            " reached.",
        ),
        (
            "wrong variable",
            "    left = stock if left is None else left",
            "left is None",
            "left is left",
            {"effect": "`left` is compared with itself"},
            "`left` is compared with itself, which is always true: the value is `stock` each time.",
        ),
        (
            "wrong variable",
            "    if left in stock:",
            "left in stock",
            "left in left",
            {"effect": "`left` is looked for in itself"},
            "`left` is looked for in itself, and `stock` is not asked at all.",
        ),
        (
            "wrong function",
            "    left = name.startswith('pen')",
            "name.startswith('pen')",
            "name.endswith('pen')",
            {},
            "It asks whether `name` ends with `'pen'`, and not whether it begins with it.",
        ),
        (
            "lost self",
            "    self.left = left",
            "self.left = left",
            "left = left",
            {},
            "This assigns the parameter `left` to itself, and the attribute `self.left` is not set.",
        ),
        (
            "missing f",
            '    name = f"{left} pens"',
            'f"{left} pens"',
            '"{left} pens"',
            {"effect": "the text shows `{left}` itself instead of its value"},
            "The text then has `{left}` in it literally, and not its value.",
        ),
        (
            "wrong return",
            "    return left",
            "return left",
            "return stock",
            {"effect": "what comes back is not `left`"},
            "Callers get `stock` where they need `left`.",
        ),
    ],
)
def test_what_follows_is_said_with_the_names_of_the_code(kind, line, good, bad, words, said):
    if said:
        assert consequence(bug(kind, line, good, bad, **words)) == said


def test_the_whole_statement_is_shown_whose_last_line_is_wrong():
    one = bug(
        "off by one",
        "        stock[0],",
        "stock[0]",
        "stock[1]",
        before="     sell(\n         left,",
        after="     )",
    )
    assert one.statement == ["        stock[0],"]  # a line by itself, which is one
    one = bug(
        "reversed comparison",
        "        if left is None",
        "left is None",
        "left is not None",
        before="     left = (\n         0",
        after="         else left\n     )",
    )
    assert [line.strip() for line in one.statement] == ["left = (", "0", "if left is None", "else left", ")"]


@pytest.mark.parametrize(
    ("before", "after", "doubt"),
    [
        ("-    if left is None:", "         left = 0", False),
        # That the commit takes the other part away may be what is wrong.
        ("-    if left is None and stock:", "         left = 0", True),
    ],
)
def test_a_condition_of_which_the_commit_drops_a_part_is_in_doubt(before, after, doubt):
    one = bug(
        "reversed comparison",
        "    if left is None:",
        "left is None",
        "left is not None",
        before=before,
        after=after,
    )
    assert reviews.in_doubt(one) is doubt


def test_a_part_of_a_statement_is_no_fix():
    one = bug(
        "reversed comparison",
        "        if left is None",
        "left is None",
        "left is not None",
        before="         0",
    )
    assert reviews.in_doubt(one)


@pytest.mark.parametrize(
    ("before", "doubt"),
    [
        # Made for nothing else than to be returned.
        (" def f(x):\n     left = x", False),
        (" def f(x):\n     left = x\n     stock = left", True),
        (" def f(x):\n     left = x\n     stock = left\n-    return left", False),
    ],
)
def test_which_of_two_values_is_to_be_returned_has_to_show(before, doubt):
    effect = "what comes back is not `left`"
    one = bug("wrong return", "    return left", "return left", "return x", before=before, effect=effect)
    assert reviews.in_doubt(one) is doubt


@pytest.mark.parametrize("before", ["-    except KeyError:", "     left = stock[0]"])
@pytest.mark.parametrize("after", ["         raise Empty(left)", "         left = None"])
def test_how_much_a_handler_catches_is_a_matter_of_judgement(before, after):
    line = "    except KeyError:"
    one = bug("broad except", line, "except KeyError", "except Exception", before=before, after=after)
    assert reviews.in_doubt(one)
    assert "broad except" in UNSURE


@pytest.mark.parametrize(
    ("inner", "below", "said"),
    [
        ("sell()", "     order()", "`sell()` is never reached if `left`, though that is required."),
        # It may be reached from another line.
        ("sell()", "     sell()", "the whole condition is false if `left`, though that is required."),
        ("return left", "     order()", "the whole condition is false if `left`, though that is required."),
    ],
)
def test_never_reached_is_said_of_a_statement_that_stands_once(inner, below, said):
    after = f"         {inner}\n{below}"
    line = "    if left and stock:"
    one = bug("inverted condition", line, "left", "not left", after=after)
    assert consequence(one) == f"With this, {said}"


def test_a_decorator_is_no_statement_that_runs():
    one = bug(
        "inverted condition",
        "    if left:",
        "if left",
        "if not left",
        after="         @cached\n         def f():",
    )
    assert consequence(one) == "As written, the block is skipped if `left` and runs if `not left`."


@pytest.mark.parametrize(("removed", "shown"), [('    say("{left}")', False), ("    say(left)", True)])
def test_what_was_there_before_is_no_new_bug(removed, shown):
    """The commit mends the very thing: planted again, the same line would go and come."""
    hunk = Hunk(1, 1, "", [f"-{removed}", '+    say(f"{left}")'])
    good, bad = 'f"{left}"', '"{left}"'
    defect = Defect("missing f", 1, 1, (f"    say({bad})",), "", bad, good, "the text shows itself")
    assert (reviews.planted(FILE, hunk, defect) is not None) is shown
