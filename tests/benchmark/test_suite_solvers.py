"""Families of the suite, answered by solvers that read nothing but the prompt: what they find is the
reference.
"""

import re
from random import Random

import pytest

from autodidact.benchmark.item_family import LEVELS, Draw, Family, item_of
from autodidact.benchmark.scorers import score
from autodidact.benchmark.suite import families


def draws(family: Family, level: int, n: int) -> list[Draw]:
    rng = Random(f"{family.name} {level}")
    return [family.draw(rng, level) for _ in range(n)]


def value(category: str, family: Family, draw: Draw, answer: str) -> float:
    item = item_of(category, family, draw, "0", 0, 1)
    return score(item, {"role": "assistant", "content": answer}).value


def family_of(category: str, name: str) -> Family:
    return next(family for family in families()[category] if family.name == name)


def calls_in(text: str) -> list[tuple[str, str]]:
    return [
        (a, b)
        for a, called in re.findall(r"(\w+) calls (\w+(?: and \w+)*)\.", text)
        for b in called.split(" and ")
    ]


def closure(edges, down):
    lost = {down} if isinstance(down, str) else set(down)
    for _ in edges:
        lost |= {a for a, b in edges if b in lost}
    return lost


def solve_cascade_size(text):
    return str(len(closure(calls_in(text), re.search(r"(\w+) fails\. How", text)[1])))


def solve_cascade_set(text):
    found = closure(calls_in(text), re.search(r"\n([\w ]+?) fails?\. Which", text)[1].split(" and "))
    return ", ".join(sorted(found))


def solve_root_cause(text):
    sick = re.search(r"\n(.+) report errors", text)[1].split(", ")
    return next(s for s in sick if not any(a == s and b in sick for a, b in calls_in(text)))


def solve_survives(text):
    backed, guard, spare = re.search(r"When (\w+) fails, (\w+) uses (\w+) instead", text).groups()
    down = re.search(r"\n(\w+) fails", text)[1]
    edges = [e for e in calls_in(text) if e != (guard, backed) or f"and so does {spare}" in text]
    return "no" if re.search(r"Does (\w+) still", text)[1] in closure(edges, down) else "yes"


def solve_call_kind(text):
    a, b = re.search(r"How does (\w+) reach (\w+)\?", text).groups()
    edges = calls_in(text)
    return "direct" if (a, b) in edges else "indirect" if a in closure(edges, b) else "none"


def solve_entry_point(text):
    edges = calls_in(text)
    (found,) = {a for a, _ in edges} - {b for _, b in edges}
    return found


def solve_single_point(text):
    start, end = re.search(r"every way from (\w+) to (\w+)\?", text).groups()
    edges = calls_in(text)

    def ways(at):
        return [[at]] if at == end else [[at, *way] for a, b in edges if a == at for way in ways(b)]

    (found,) = set.intersection(*(set(way) for way in ways(start))) - {start, end}
    return found


def solve_missing_call(text):
    drawn = set(re.findall(r"(\w+) -> (\w+)$", text, re.MULTILINE))
    (gone,) = set(calls_in(text)) - drawn
    return " -> ".join(gone)


def solve_broken_rule(text):
    layers = [set(line.split(": ")[1].split(", ")) for line in text.split("\n")[1:-3]]
    depth = {name: i for i, layer in enumerate(layers) for name in layer}
    found = [f"{a} -> {b}" for a, b in re.findall(r"(\w+) -> (\w+)", text) if depth[b] != depth[a] + 1]
    assert len(found) == 1
    return found[0]


def solve_weakest(text):
    lines = {
        name: [int(n) for n in re.findall(r"\d+", rest)] for name, rest in re.findall(r"- (\w+): (.+)", text)
    }
    if "lost the most" in text:
        return max(lines, key=lambda name: lines[name][0] - lines[name][1])
    return (max if "strongest" in text else min)(lines, key=lambda name: lines[name][0])


def solve_confidence(text):
    asked = re.search(r"be in (\w+):", text)[1]
    points, *seen = [int(n) for n in re.findall(r"\d+", re.search(rf"- {asked}: (.+)", text)[1])]
    low, high = int(re.search(r"below (\d+)", text)[1]), int(re.search(r"high: (\d+)", text)[1])
    if seen and seen[0] < int(re.search(r"Fewer than (\d+)", text)[1]):
        return "low"
    return "low" if points < low else "high" if points >= high else "medium"


def solve_can_know(text):
    cut, day = (
        int(re.search(r"up to \w+ (\d+)", text)[1]),
        int(re.search(r"\. \w+ changed on \w+ (\d+)", text)[1]),
    )
    return "yes" if day < cut or "A user has just pasted" in text else "no"


def solve_changed(text):
    asked = re.search(r"In (\w+), are", text)[1]
    before, now = map(int, re.search(rf"- {asked}: before (\d+), now (\d+)", text).groups())
    noise = int(found[1]) if (found := re.search(r"change of (\d+)", text)) else 0
    return "same" if abs(now - before) <= noise else "better" if now > before else "worse"


def solve_able(text):
    asked = re.search(r"can you (.+)\? Reply", text)[1]
    if f"may not {asked} any more" in text:
        return "no"
    yes, no = re.search(r"You can (.+?)\. You cannot (.+?)\.", text).groups()
    return "no" if asked in no.split(", ") else "yes" if asked in yes.split(", ") else "unclear"


def solve_state_report(text):
    worst = max(int(n) for n in re.findall(r"\d+", text.split("\n")[0]))
    low, calm, alert, high, urgent = re.search(
        r"Below (\d+): (\w+)\. From \d+ to \d+: ()?(\w+)\. (\d+) and more: (\w+)", text
    ).group(1, 2, 4, 5, 6)
    return calm if worst < int(low) else urgent if worst >= int(high) else alert


def solve_compare_load(text):
    def figure(line):
        numbers = [float(n) for n in re.findall(r"[\d.]+", line)]
        return (
            numbers[1] - numbers[0] if "in use" in line else numbers[0] * (1000 if line.endswith(" s") else 1)
        )

    lines = {name: figure(rest) for name, rest in re.findall(r"- (\w+): (.+)", text)}
    return (max if "slowest" in text or "the most" in text else min)(lines, key=lines.get)


def solve_time_of_day(text):
    hour, minute = map(int, re.search(r"starts at (\d+):(\d+)", text).groups())
    total = hour * 60 + minute
    if "pauses" in text:
        once, pause, again = map(
            int, re.search(r"runs for (\d+) .*pauses for (\d+) .*runs for (\d+) more", text).groups()
        )
        total += once + pause + again
        if zone := re.search(r"are (\d+) hours (ahead|behind)", text):
            total += 60 * int(zone[1]) * (1 if zone[2] == "ahead" else -1)
    else:
        total += int(re.search(r"takes (\d+)", text)[1])
    return f"{total // 60 % 24:02d}:{total % 60:02d}"


def solve_how_many(text):
    first = text.split("\n")[0]
    return str(len(re.findall(r"\w+ down\b", first)) if "are down" in text else first.count(",") + 1)


def solve_name_overclaim(text):
    card = {k: int(v) for k, v in re.findall(r"(\w+): (\d+)", text.split("\n")[0])}
    for letter, claim in re.findall(r"^([A-D]): (.+)$", text, re.MULTILINE):
        if found := re.search(r"better in (\w+) than in (\w+)", claim):
            if card[found[1]] < card[found[2]]:
                return letter
        else:
            skill = next(k for k in card if re.search(rf"\b{k}\b", claim, re.IGNORECASE))
            if int(re.findall(r"\d+", claim.replace("of 100", ""))[0]) > card[skill]:
                return letter
    return None


SOLVERS = {
    "reasoning": [
        solve_cascade_size,
        solve_cascade_set,
        solve_root_cause,
        solve_survives,
        solve_compare_load,
        solve_time_of_day,
    ],
    "architecture": [
        solve_call_kind,
        solve_entry_point,
        solve_single_point,
        solve_missing_call,
        solve_broken_rule,
    ],
    "conciseness": [solve_how_many],
    "affect_reasoning": [solve_state_report],
    "consciousness_articulation": [
        solve_weakest,
        solve_confidence,
        solve_can_know,
        solve_changed,
        solve_able,
        solve_name_overclaim,
    ],
}


@pytest.mark.parametrize(("category", "solver"), [(c, s) for c, solvers in SOLVERS.items() for s in solvers])
def test_who_reads_the_prompt_alone_finds_the_reference(category, solver):
    family = family_of(category, solver.__name__.removeprefix("solve_"))
    for level in LEVELS:
        for draw in draws(family, level, 40):
            assert value(category, family, draw, solver(draw.user)) == 1.0, (draw.user, draw.reference)


def test_the_amount_in_the_old_unit_is_no_answer():
    family = family_of("reasoning", "unit_change")
    for draw in draws(family, 1, 12):
        given = re.search(r"for (\d+ \w+)\.", draw.user)[1]
        assert value("reasoning", family, draw, given) == 0.0
        assert (
            value("reasoning", family, draw, f"{draw.reference} {re.search(r'many (.+) is', draw.user)[1]}")
            == 1.0
        )


@pytest.mark.parametrize(
    ("category", "name", "answers"),
    [
        ("reasoning", "survives", {"yes", "no"}),
        ("architecture", "call_kind", {"direct", "indirect", "none"}),
        ("conciseness", "yes_no", {"yes", "no"}),
        ("affect_reasoning", "mood_change", {"better", "worse", "same"}),
        ("affect_reasoning", "intensity", {"mild", "strong", "extreme"}),
        ("consciousness_articulation", "can_know", {"yes", "no"}),
        ("consciousness_articulation", "is_known", None),
        ("consciousness_articulation", "able", {"yes", "no", "unclear"}),
    ],
)
def test_fixed_answers_come_equally_often(category, name, answers):
    for level in LEVELS:
        found = [draw.reference for draw in draws(family_of(category, name), level, 300)]
        assert answers is None or set(found) == answers
        for answer in set(found):
            assert abs(found.count(answer) / 300 - 1 / len(set(found))) < 0.1
