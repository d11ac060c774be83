"""Five categories of the suite: reasoning, architecture, conciseness, affect and self. What every family
promises, and solvers of our own.
"""

import re
from random import Random

import pytest

from autodidact.benchmark.family import LEVELS, Draw, Family, item_of, payload
from autodidact.benchmark.scorers import WORDY, score
from autodidact.benchmark.suite import families
from autodidact.records import canonical

CATEGORIES = ("reasoning", "architecture", "conciseness", "affect_reasoning", "consciousness_articulation")
ALL = [(category, family) for category in CATEGORIES for family in families()[category]]
NAMED = pytest.mark.parametrize(("category", "family"), ALL, ids=[f"{c}/{f.name}" for c, f in ALL])
REFUSAL = "I can't help with this request."
CHATTER = " ".join(
    ["Let me know whether there is more that one could look into together some other time."] * 6
)


def draws(family: Family, level: int, n: int) -> list[Draw]:
    rng = Random(f"{family.name} {level}")
    return [family.draw(rng, level) for _ in range(n)]


def value(category: str, family: Family, draw: Draw, answer: str | dict) -> float:
    item = item_of(category, family, draw, "0", 0, 1)
    return score(item, {"role": "assistant", "content": answer} if isinstance(answer, str) else answer).value


def chance(draw: Draw) -> float:
    if draw.chance is not None:
        return draw.chance
    return 1 / len(draw.target["labels"]) if draw.scorer == "label" else 0.0


@pytest.mark.parametrize("category", CATEGORIES)
def test_fifteen_families_five_of_them_hidden_ten_scored_by_rule(category):
    members = families()[category]
    assert len(members) == len({family.name for family in members}) == 15
    assert sum(family.hidden for family in members) == 5
    assert sum(family.draw(Random(1), 1).scorer != "judge" for family in members) >= 10


@NAMED
def test_the_reference_is_right_and_equal_draws_are_equal(category, family):
    for level in LEVELS:
        for draw in draws(family, level, 12):
            assert value(category, family, draw, draw.reference) == 1.0, (level, draw.user, draw.reference)
        assert canonical(draws(family, level, 3)[2].target) == canonical(draws(family, level, 3)[2].target)


@NAMED
def test_no_lazy_answer_scores(category, family):
    for level in LEVELS:
        for draw in draws(family, level, 6):
            assert value(category, family, draw, "") == 0
            assert value(category, family, draw, REFUSAL) == 0, draw.user
            assert value(category, family, draw, draw.user) <= {"number": 0.5, "order": 0.25}.get(
                draw.scorer, 0.0
            ), draw.user
            if draw.scorer in ("label", "exact", "number", "budget", "set", "order"):
                assert value(category, family, draw, f"{draw.reference} {CHATTER}") <= 0.5, draw.user
            else:
                assert value(category, family, draw, f"{draw.reference} {CHATTER}") < 0.7, draw.user


@NAMED
def test_near_misses_lose(category, family):
    for level in LEVELS:
        for draw in draws(family, level, 6):
            for near, most in near_misses(draw):
                assert value(category, family, draw, near) <= most, (near, draw.reference, draw.user)


def near_misses(draw: Draw):
    """Answers that are almost right, and the most that each may score."""
    target, reference = draw.target, draw.reference
    if draw.scorer == "label":
        yield from ((label, 0.0) for label in target["labels"] if label != target["answer"])
        yield ", ".join(target["labels"]), 0.0
        yield f"not {target['answer']}", 0.0
    elif draw.scorer == "number":
        yield from ((f"{target['answer'] + step:g}", 0.0) for step in (-1, 1, 10))
    elif draw.scorer == "exact":
        yield from (
            (re.sub(r"\w(\W*)$", r"\1", reference), 0.0),
            (f"x{reference}", 0.0),
            *((other, 0.0) for other in target.get("others", ())),
        )
    elif draw.scorer == "order":
        right = target["items"]
        yield from (
            (", ".join(right[::-1]), 0.0),
            (", ".join([*right[1:], right[0]]), 0.49),
            (", ".join(right[:-1]), 0.49),
        )
    elif draw.scorer == "set":
        right, wrong = target["items"], [x for x in target["universe"] if x not in target["items"]]
        yield from ((", ".join(target["universe"]), 0.0 if wrong else 1.0), (", ".join(right[1:]), 0.9))
        yield from ((f"{reference}, {x}", 0.9) for x in wrong)
    else:
        facts = target if draw.scorer in ("facts", "budget") else target["checks"]
        yield from ((f"{reference} {bad}", 0.0) for bad in facts["forbidden"][:4])
        for fact in facts["required"]:
            shorter = reference
            for wording in [fact] if isinstance(fact, str) else fact:
                shorter = re.sub(rf"\b{re.escape(wording)}\b", "it", shorter, flags=re.IGNORECASE)
            yield shorter, 0.95


@NAMED
def test_no_constant_answer_beats_chance(category, family):
    for level in LEVELS:
        drawn = draws(family, level, 124)
        lucky = sum(map(chance, drawn)) / len(drawn)
        for constant in {draw.reference for draw in drawn[:4]}:
            rest = [draw for draw in drawn[4:] if draw.reference != constant or lucky]
            got = sum(value(category, family, draw, constant) for draw in rest) / len(rest)
            assert got <= lucky + 0.1 + 0.045, (level, constant)  # 0.045: a standard error of 120 draws


@NAMED
def test_the_answer_to_another_item_is_wrong(category, family):
    for level in LEVELS:
        drawn = draws(family, level, 41)
        pairs = list(zip(drawn, drawn[1:], strict=False))
        got = [value(category, family, draw, other.reference) for draw, other in pairs]
        assert sum(got) / len(got) <= sum(chance(draw) for draw, _ in pairs) / len(pairs) + 0.2


@NAMED
def test_a_tiny_model_can_read_level_one(category, family):
    for draw in draws(family, 1, 25):
        text = f"{draw.system or ''} {draw.user}"
        assert len(re.findall(r"[A-Za-z]+|\d|[^\sA-Za-z\d]", text)) <= 100, text


@NAMED
def test_room_for_the_answer(category, family):
    for level in LEVELS:
        for draw in draws(family, level, 10):
            assert len(re.findall(r"[A-Za-z]{1,5}|\d|[^\sA-Za-z\d]", draw.reference)) <= draw.max_tokens
            assert draw.scorer not in ("label", "exact", "number") or len(draw.reference.split()) < WORDY


@pytest.mark.slow
@NAMED
def test_two_thousand_payloads(category, family):
    """Of 2,000 equally likely ones 4,000 draws meet 1,729 on average; families with some likelier than others
    have more.
    """
    for level in LEVELS:
        assert len({payload(draw) for draw in draws(family, level, 4000)}) >= 1600, level


# Solvers of our own: they read nothing but the prompt.


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
