"""code_review: find the planted defect in a small change, name it, put it right, or say that there is
none."""

from random import Random

from autodidact.benchmark.item_family import Draw, Family
from autodidact.benchmark.suite.code_against_rules import (
    broken_rule,
    call_order,
    left_over_name,
    merge_decision,
    rule_breakers,
    unsafe_query,
    what_changed,
)
from autodidact.benchmark.suite.family_files import shipped
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, numbered, shuffled, table
from autodidact.benchmark.suite.made_up.code_snippets import CUES, KINDS, Code, added, code
from autodidact.benchmark.suite.made_up.vocabulary import FUNCTIONS, VARIABLES, path

_WORDS = table("code_review")
_OPPOSITE, _MATH, _PHRASES = _WORDS["opposites"], _WORDS["arithmetic"], _WORDS["comparisons"]


def _shown(found: Code, lines: list[str]) -> list[str]:
    """The lines below a comment that says what they are for."""
    return [f"# {found.about}", *lines]


def _next_to_clean(rng: Random, lines: list[str]) -> list[str]:
    """The lines before or after another function, which has no defect and another name."""
    other = code(rng)
    while other.clean[0].split("(")[0] == lines[1].split("(")[0]:
        other = code(rng)
    first, second = shuffled(rng, [lines, _shown(other, other.clean)])
    return [*first, "", *second]


def defect_kind(rng: Random, level: int) -> Draw:
    """Which kind of defect the change has. Level 1 says what each looks like; level 3 hides it next to
    a second, clean function.
    """
    kinds = rng.sample(list(CUES if level == 1 else KINDS), {1: 3, 2: 5, 3: 8}[level])
    found = code(rng, kinds)
    lines = _shown(found, found.broken)
    if level == 3:
        lines = _next_to_clean(rng, lines)
    listed = bullets([f"{kind}: {(CUES if level == 1 else KINDS)[kind]}" for kind in kinds])
    user = (
        f"{added(path(rng), lines)}\n\nKinds of defect:\n{listed}\nWhich one does the change have? Reply with"
        " the name only."
    )
    return choose(user, kinds, found.kind, code=lines)


def defect_line(rng: Random, level: int) -> Draw:
    """Which line is wrong. Level 1 says what it looks like, level 2 which kind it is, level 3 only what the
    function is for.
    """
    size = {1: 5, 2: 7, 3: 8}[level]
    found = code(rng, list(CUES) if level == 1 else None, size, rng.randint(1, size))
    hint = {
        1: f"Look for {CUES.get(found.kind)}.",
        2: f"The defect: {KINDS[found.kind]}.",
        3: f"The function: {found.about}",
    }[level]
    user = f"{numbered(found.broken)}\n\n{hint} Which line is wrong? Names and imports do not"
    user += " count. Reply with its number only."
    return choose(user, [str(i) for i in range(1, size + 1)], str(found.line), code=found.broken)


def has_defect(rng: Random, level: int) -> Draw:
    """Half of the changes have no defect."""
    found = code(rng, list(CUES) if level == 1 else None)
    answer = rng.choice(["yes", "no"])
    lines = _shown(found, found.clean if answer == "no" else found.broken)
    hint = f"A defect would be: {CUES[found.kind]}.\n" if level == 1 else ""
    if level == 3:
        lines = _next_to_clean(rng, lines)
    user = f"{added(path(rng), lines)}\n\n{hint}Does the change have a defect? Names and"
    user += " imports do not count. Reply with yes or no."
    return choose(user, ["yes", "no"], answer, code=lines)


def docstring_kept(rng: Random, level: int) -> Draw:
    """Does the code do what its docstring says? Half of the time."""
    kept = rng.random() < 0.5
    f, (a, b), n = rng.choice(FUNCTIONS), rng.sample(VARIABLES, 2), rng.randint(2, 90)
    if level == 1 or (level == 2 and rng.random() < 0.5):
        name = rng.choice(list(_MATH))
        sign = _MATH[name] if kept else rng.choice([s for k, s in _MATH.items() if k != name])
        lines = [f"def {f}({a}, {b}):", f'    """The {name} of {a} and {b}."""', f"    return {a} {sign} {b}"]
        if level == 2:
            lines[1:] = [
                f'    """The {name} of {a} and {b}, plus {n}."""',
                f"    result = {a} {sign} {b}",
                f"    return result + {n}",
            ]
    else:
        phrase = rng.choice(list(_PHRASES))
        sign = _PHRASES[phrase] if kept else rng.choice([s for s in _OPPOSITE if s != _PHRASES[phrase]])
        lines = [f"def {f}({a}):", f'    """Whether {a} is {phrase} {n}."""', f"    return {a} {sign} {n}"]
        if level == 3:
            if rng.random() < 0.5:
                # The same in other words: by its opposite.
                lines[2:] = [f"    if {a} {_OPPOSITE[sign]} {n}:", "        return False", "    return True"]
            lines[1] = f'    """Whether {a} is {phrase} {n}; {b} plays no part in it."""'
            lines[0] = f"def {f}({a}, {b}=None):"
    text = "\n".join(lines)
    user = f"{text}\n\nDoes the code do what its docstring says? Reply with yes or no."
    return choose(user, ["yes", "no"], "yes" if kept else "no", code=lines)


def _division(rng: Random, x: str, n: int) -> tuple[list[str], list[str]]:
    """Code and inputs, the first of which divides by zero."""
    values = rng.sample(range(1, 60), n)
    factor = rng.randint(2, 9)
    lines = [f"    rest = {factor} * {x} - {factor * values[0]}", f"    return {rng.randint(10, 99)} / rest"]
    return lines if n > 3 else [f"    return {rng.randint(10, 99)} / ({x} - {values[0]})"], [
        str(v) for v in values
    ]


def _index(rng: Random, x: str, n: int) -> tuple[list[str], list[str]]:
    """Code and inputs, the first of which is too short a list."""
    place = rng.randint(2, 4)
    sizes = [place, *(rng.randint(place + 1, place + 3) for _ in range(n - 1))]
    return [f"    return {x}[{place}] - {x}[0]"], [
        str([rng.randint(1, 99) for _ in range(size)]) for size in sizes
    ]


def _key(rng: Random, x: str, n: int) -> tuple[list[str], list[str]]:
    """Code and inputs, the first of which lacks a key without a default."""
    a, b, c = rng.sample([v for v in VARIABLES if v != x], 3)
    rows = [
        {key: rng.randint(1, 99) for key in ((a, b, c) if rng.random() < 0.5 else (a, b))} for _ in range(n)
    ]
    rows[0] = {key: rng.randint(1, 99) for key in rng.choice([(a, c), (b, c)])}
    return [f"    return {x}['{a}'] + {x}['{b}'] + {x}.get('{c}', 0)"], [str(row) for row in rows]


def failing_input(rng: Random, level: int) -> Draw:
    """Which of the inputs makes the new code raise: by division, then by a list that is too short, then by a
    missing key.
    """
    f, x = rng.choice(FUNCTIONS), rng.choice(VARIABLES)
    n = {1: 3, 2: 4, 3: 5}[level]
    lines, inputs = rng.choice([_division, _index, _key][:level])(rng, x, n)
    shown, body = shuffled(rng, inputs), "\n".join([f"def {f}({x}):", *lines])
    if level == 1:
        user = f"{body}\n\nWhich input raises an error: {', '.join(shown)}? Reply with the input only."
        return choose(user, inputs, inputs[0], code=[f, *lines])
    letters = list("ABCDE"[:n])
    listed = "\n".join(f"{letter}: {one}" for letter, one in zip(letters, shown, strict=True))
    user = f"{body}\n\nInputs:\n{listed}\nWhich input raises an error? Reply with the letter only."
    return choose(user, letters, letters[shown.index(inputs[0])], code=[f, *lines], inputs=sorted(inputs))


def fix_line(rng: Random, level: int) -> Draw:
    """The right form of the wrong line. Level 1: an operator in one line; then a comparison; then a line of a
    function.
    """
    f, (a, b), n = rng.choice(FUNCTIONS), rng.sample(VARIABLES, 2), rng.randint(2, 90)
    if level == 1:
        name = rng.choice(list(_MATH))
        bad = rng.choice([s for k, s in _MATH.items() if k != name])
        answer = f"return {a} {_MATH[name]} {b}"
        user = (
            f"def {f}({a}, {b}):\n    return {a} {bad} {b}\n\nIt should return {a} {_MATH[name]} {b}. Write"
            " the corrected return line only."
        )
        return Draw(user, {"answer": answer}, answer, "exact", slots={"f": f, "bad": bad}, max_tokens=32)
    if level == 2:
        phrase = rng.choice(list(_PHRASES))
        bad = rng.choice([s for s in _OPPOSITE if s != _PHRASES[phrase]])
        answer = f"return {a} {_PHRASES[phrase]} {n}"
        user = (
            f"def {f}({a}):\n    return {a} {bad} {n}\n\nIt should be true when {a} is {phrase} {n}. Write"
            " the corrected return line only."
        )
        return Draw(user, {"answer": answer}, answer, "exact", slots={"f": f, "bad": bad}, max_tokens=32)
    found = code(rng, ["off_by_one", "missing_return", "missing_await"])
    answer = found.clean[found.line - 1].strip()
    body = "\n".join(found.broken)
    user = f"{found.about}\n\n{body}\n\nThe defect: {KINDS[found.kind]}. Write the corrected line only."
    return Draw(
        user, {"answer": answer, "case": True}, answer, "exact", slots={"code": found.broken}, max_tokens=48
    )


def failing_test(rng: Random, level: int) -> Draw:
    """Which test fails. Level 1: one expects a wrong sum. Higher: the change moves a limit, or what happens
    above it.
    """
    f, x = rng.choice(FUNCTIONS), rng.choice(VARIABLES)
    k, limit, n = rng.randint(2, 9), rng.randint(10, 40), {1: 3, 2: 4, 3: 5}[level]
    # The first one fails.
    names = [f"test_{word}" for word in rng.sample(_WORDS["test_names"], n)]
    if level == 1:
        inputs = rng.sample(range(1, 60), n)
        expected = [i + k for i in inputs]
        expected[0] += rng.choice([-1, 1, 10])
        text = f"def {f}({x}):\n    return {x} + {k}"
    else:
        above = level == 3 and rng.random() < 0.5
        factor = 1 if level == 2 else rng.randint(2, 5)
        lower = rng.sample(range(1, limit), n - 1)
        inputs = (
            [rng.randint(limit, 60), *lower]
            if above
            else [limit, *lower[: n - 2], rng.randint(limit + 1, 60)]
        )
        expected = [factor * i + (k if i >= limit else 0) for i in inputs]
        tail = f"return {x}" if factor == 1 else f"return {factor} * {x}"
        change = [
            f"     if {x} < {limit}:",
            f"         {tail}",
            f"-    {tail} + {k}",
            f"+    {tail} + {k + 1}",
        ]
        if not above:
            change = [
                f"-    if {x} < {limit}:",
                f"+    if {x} <= {limit}:",
                f"         {tail}",
                f"     {tail} + {k}",
            ]
        text = "\n".join([f" def {f}({x}):", *change])
    tests = shuffled(
        rng, [f"{name}: {f}({i}) == {a}" for name, i, a in zip(names, inputs, expected, strict=True)]
    )
    when = "with this code" if level == 1 else "after the change"
    user = f"{text}\n\nTests:\n{bullets(tests)}\nExactly one fails {when}. Which? Reply with its name only."
    return choose(user, names, names[0], code=text, tests=sorted(t.split(": ")[1] for t in tests))


FAMILIES = [
    Family("defect_kind", defect_kind),
    Family("defect_line", defect_line),
    Family("has_defect", has_defect),
    Family("what_changed", what_changed),
    Family("docstring_kept", docstring_kept),
    shipped("code_review/boundary", hidden=True),
    Family("unsafe_query", unsafe_query, hidden=True),
    Family("failing_input", failing_input),
    Family("fix_line", fix_line),
    Family("call_order", call_order, hidden=True),
    Family("failing_test", failing_test),
    Family("broken_rule", broken_rule),
    Family("rule_breakers", rule_breakers, hidden=True),
    Family("left_over_name", left_over_name, hidden=True),
    Family("merge_decision", merge_decision),
]
