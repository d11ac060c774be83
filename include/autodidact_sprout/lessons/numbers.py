"""Lessons on numbers: sums, the most and the least, bounds."""

from autodidact_sprout.lessons.maker import PHRASES, Lesson, Maker, about


def sums(m: Maker) -> Lesson:
    """Small numbers: plus, minus, times, comparisons, and one-sentence stories."""
    turns = []
    for _ in range(m.count(2, 5)):
        a, b = m.random.randint(0, m.one([9, 20, 60])), m.random.randint(0, m.one([9, 20, 39]))
        thing, who = m.word(), m.word().capitalize()
        low, high = min(a, b), max(a, b)
        turns.append(
            m.one(
                [
                    (
                        m.one(["What is {} + {}?", "{} + {} =", "Add {} and {}.", "{} plus {}?"]).format(
                            a, b
                        ),
                        str(a + b),
                    ),
                    (
                        m.one(["What is {} - {}?", "{} - {} =", "{} minus {}?"]).format(high, low),
                        str(high - low),
                    ),
                    (f"What is {a % 10} * {b % 10}?", str(a % 10 * (b % 10))),
                    (f"{who} has {a} {thing} and gets {b} more. How many now?", str(a + b)),
                    (f"There are {high} {thing}. {low} are removed. How many are left?", str(high - low)),
                    (f"Which is larger, {a} or {b}?", str(high)),
                    (f"Which is smaller, {a} or {b}?", str(low)),
                    (f"Is {a} greater than {b}? Answer yes or no.", "yes" if a > b else "no"),
                    (f"What comes after {a}?", str(a + 1)),
                ]
            )
        )
    return Lesson(turns, m.one([None, None, "Answer with the number only."]))


def extreme(m: Maker) -> Lesson:
    """Numbers of names: the most, the least, the order, what a number belongs to, and what is above a
    bound.
    """
    phrases = PHRASES["extreme"]
    names = m.names(m.count(2, 5))
    top = m.one([9, 99, 99])
    numbers = dict(zip(names, m.random.sample(range(1, top + 1), len(names)), strict=True))
    unit = m.one(phrases["unit"])
    form = m.one(phrases["form"])
    text = m.one(["\n", "\n", "; ", ", "]).join(form.format(k, f"{v}{unit}") for k, v in numbers.items())
    falling = sorted(names, key=numbers.__getitem__, reverse=True)
    asks = [
        (m.one(phrases["most"]), falling[0]),
        (m.one(phrases["least"]), falling[-1]),
        (m.one(phrases["falling"]), ", ".join(falling)),
        (m.one(phrases["rising"]), ", ".join(falling[::-1])),
        *((m.one(phrases["number_of"]).format(k), f"{v}{unit}") for k, v in numbers.items()),
        *((m.one(phrases["name_of"]).format(f"{v}{unit}"), k) for k, v in list(numbers.items())[:2]),
    ]
    a, b = m.random.sample(names, 2)
    asks += [
        (f"Has {a} more than {b}?", "yes" if numbers[a] > numbers[b] else "no"),
        (f"{a} or {b}: which has more?", max(a, b, key=numbers.__getitem__)),
    ]
    turns = [
        (q + m.one(PHRASES["only"]).format("name") if a in names else q, a)
        for q, a in m.random.sample(asks, min(len(asks), m.count(3, 6)))
    ]
    return about(m, text, turns)


def grade(m: Maker) -> Lesson:
    """Bounds that divide numbers into grades, and which grade a number gets."""
    grades = m.one(
        [["low", "medium", "high"], ["small", "large"], ["green", "yellow", "red"], m.some(2), m.some(3)]
    )
    bounds = sorted(m.random.sample(range(10, 91), len(grades) - 1))
    parts = [f"{grades[0]}: below {bounds[0]}"]
    parts += [f"{g}: {bounds[i]} to {bounds[i + 1] - 1}" for i, g in enumerate(grades[1:-1])]
    parts += [f"{grades[-1]}: {bounds[-1]} and more"]
    text = m.one([". ", "; ", "\n"]).join(parts)
    turns = []
    for _ in range(m.count(3, 6)):
        x = m.random.randint(1, 99)
        turns.append(
            (
                m.one(
                    [f"{x}", f"{m.word()} has {x}.", f"Which grade has {x}?", f"{m.word().capitalize()}: {x}"]
                ),
                grades[sum(x >= b for b in bounds)],
            )
        )
    return about(m, text, turns)
