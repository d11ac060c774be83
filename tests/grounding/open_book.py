"""Checks questions that bring their facts along: each fact shown holds, and the answer follows from those
shown, reckoned again without the package.
"""

from collections import defaultdict
from collections.abc import Callable

Fact = tuple[str, str, str]


class Wrong(Exception):
    """What does not follow from what is shown."""


def need(condition: object, reason: str) -> None:
    if not condition:
        raise Wrong(reason)


def check(row: dict, holds: Callable[[Fact], bool]) -> str | None:
    """None when every fact is true and stands in the prompt, and the answer is the one that these facts
    give."""
    source, asked, answer = row["source"], row["messages"][-2]["content"], row["messages"][-1]["content"]
    facts = [tuple(triple) for triple in source["triples"]]
    for fact in facts:
        if not holds(fact):
            return f"shows what does not hold: {fact}"
        if not any(_together(line, fact) for line in asked.replace("`", "").split("\n")):
            return f"does not show {fact}"
    kind, *about = source["open_book"]
    if kind != "letter" and (
        missing := [
            one
            for one in about
            if one not in ("first", "last", "highest", "lowest", "down", "up") and one not in asked
        ]
    ):
        return f"does not ask about {missing[0]}"
    try:
        globals()[f"_{kind}"](facts, asked, answer, *about)
    except Wrong as wrong:
        return str(wrong)
    return None


def _together(line: str, fact: Fact) -> bool:
    """Whether a line names the subject and, behind it, the object."""
    at = line.find(fact[0])
    return at >= 0 and fact[2].replace("`", "") in line[at + len(fact[0]) :]


def _listed(answer: str) -> list[str]:
    return answer.split(", ")


def _same(answer: str, names: set[str]) -> None:
    """The answer lists these, in any order; a name may have a comma of its own."""
    need(
        names and ", ".join(sorted(names)) == answer or set(_listed(answer)) == names,
        f"it is {sorted(names)}",
    )


def _value(facts, asked, answer, subject) -> None:
    need({o for s, _, o in facts if s == subject} == {answer}, "another value is shown")


def _subject(facts, asked, answer, obj) -> None:
    need(
        {s for s, _, o in facts if o == obj} == ({answer} if answer != "none" else set()),
        "something else has that value",
    )


def _values(facts, asked, answer, subject) -> None:
    _same(answer, {o for s, _, o in facts if s == subject})


def _subjects(facts, asked, answer, obj) -> None:
    _same(answer, {s for s, _, o in facts if o == obj})


def _count(facts, asked, answer, obj) -> None:
    need(answer == str(len({s for s, _, o in facts if o == obj})), "a wrong number")


def _whether(facts, asked, answer, subject, obj) -> None:
    need(
        answer == ("yes" if any((s, o) == (subject, obj) for s, _, o in facts) else "no"),
        "the facts say the opposite",
    )


def _letter(facts, asked, answer, which, *statements) -> None:
    odd = [tuple(statement) in facts for statement in statements]
    need(odd.count(which == "right") == 1, "more than one statement would do")
    need(answer == "ABC"[odd.index(which == "right")], "another statement it is")
    for letter, (subject, _, obj) in zip("ABC", statements, strict=True):
        line = next(
            (line for line in asked.replace("`", "").split("\n") if line.startswith(f"{letter}: ")), ""
        )
        need(subject in line and obj in line, f"statement {letter} is another")


def _reaching(facts, node: str) -> set[str]:
    back, found, waiting = defaultdict(set), set(), [node]
    for s, _, o in facts:
        back[o].add(s)
    while waiting:
        for other in back[waiting.pop()] - found - {node}:
            found.add(other)
            waiting.append(other)
    return found


def _way(facts, asked, answer, start, end) -> None:
    steps = _listed(answer)
    need((steps[0], steps[-1]) == (start, end), "a way from or to elsewhere")
    need(
        all(any((s, o) == pair for s, _, o in facts) for pair in zip(steps, steps[1:], strict=False)),
        "a step that is not shown",
    )
    need(all(len({o for s, _, o in facts if s == step}) < 2 for step in steps), "there is another way")


def _ends(facts, asked, answer, which) -> None:
    subjects, objects = {s for s, _, _ in facts}, {o for _, _, o in facts}
    _same(answer, subjects - objects if which == "first" else objects - subjects)


def _hit(facts, asked, answer, node) -> None:
    _same(answer, _reaching(facts, node))


def _order(facts, asked, answer) -> None:
    order = _listed(answer)
    need(
        set(order) == {name for s, _, o in facts for name in (s, o)} and len(set(order)) == len(order),
        "not all of them, or one twice",
    )
    need(all(order.index(o) < order.index(s) for s, _, o in facts), "something stands before what it needs")
    need(
        all(any((s, o) == (b, a) for s, _, o in facts) for a, b in zip(order, order[1:], strict=False)),
        "another order would do",
    )


def _ranked(facts, asked, answer, direction) -> None:
    numbers = {s: float(o) for s, _, o in facts}
    need(
        _listed(answer) == sorted(numbers, key=numbers.get, reverse=direction == "down")
        and len(set(numbers.values())) == len(numbers),
        "another order",
    )


def _most(facts, asked, answer, which) -> None:
    numbers = {s: float(o) for s, _, o in facts}
    best = (max if which == "highest" else min)(numbers.values())
    need([name for name, number in numbers.items() if number == best] == [answer], "another one it is")
