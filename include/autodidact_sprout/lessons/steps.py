"""Lessons on steps and lists: their order, the next step, what a list has and lacks, one word changed."""

import itertools
import json

from autodidact_sprout.lessons.maker import PHRASES, Lesson, Maker, about


def order(m: Maker) -> Lesson:
    """Put in order what is given pair by pair, and ask for the first, the last, and neighbours."""
    phrases = PHRASES["order"]
    items = m.names(m.count(3, 5))
    word = m.one(["before", "then", "first"])
    pairs = list(itertools.pairwise(items))
    form = {"before": m.one(phrases["before"]), "then": "{0} then {1}", "first": "{0} < {1}"}[word]
    shown = [form.format(a, b) for a, b in pairs]
    if m.chance(0.7):
        m.random.shuffle(shown)
    text = m.one([", ", "; ", ". ", "\n"]).join(shown) + m.one([".", ""])
    sep = m.one([" -> ", ", ", "\n"])
    how = {" -> ": "Join with ->.", ", ": "Join with commas.", "\n": "One a line."}[sep]
    turns = [(m.one(phrases["ask"]) + " " + how, sep.join(items))]
    asks = [
        ("What comes first?", items[0]),
        ("What comes last?", items[-1]),
        ("Where do we start?", items[0]),
    ]
    i = m.random.randrange(len(items) - 1)
    asks += [
        (f"What comes right after {items[i]}?", items[i + 1]),
        (f"What comes right before {items[i + 1]}?", items[i]),
    ]
    a, b = sorted(m.random.sample(range(len(items)), 2))
    asks += [
        (f"Does {items[a]} come before {items[b]}?", "yes"),
        (f"Does {items[b]} come before {items[a]}?", "no"),
    ]
    turns += m.random.sample(asks, m.count(1, 4))
    if m.chance(0.5):
        m.random.shuffle(turns)
    return about(m, text, turns)


def plan(m: Maker) -> Lesson:
    """Steps already listed, to be written as asked: numbered, in reverse, the next one, how many."""
    steps = [f"{m.word()} the {m.word()}" if m.chance(0.5) else m.name() for _ in range(m.count(2, 5))]
    text = (
        f"{m.one(['Goal', 'Plan', 'Task'])}: {m.word()} the {m.word()}."
        f" {m.one(['Steps', 'Actions', 'Parts'])}: {'; '.join(steps)}."
    )
    i = m.random.randrange(len(steps))
    asks = [
        ("Write the steps as a numbered list.", "\n".join(f"{k}. {s}" for k, s in enumerate(steps, 1))),
        ("Write the steps as a bulleted list.", "\n".join(f"- {s}" for s in steps)),
        ("How many steps are there?", str(len(steps))),
        (f"What is step {i + 1}?", steps[i]),
        ("Give the steps as a JSON list.", json.dumps(steps)),
        (
            f"Step {i + 1} is done. What is next?",
            steps[i + 1] if i + 1 < len(steps) else "Nothing. The plan is done.",
        ),
        ("Give the steps in reverse, with commas.", ", ".join(steps[::-1])),
    ]
    return about(m, text, m.random.sample(asks, m.count(2, 4)))


def member(m: Maker) -> Lesson:
    """Is it in the list; how many; which is new."""
    items = m.names(m.count(3, 7))
    text = m.one(["List: {}.", "Allowed: {}.", "Members: {}.", "Installed: {}.", "We have {}."]).format(
        ", ".join(items)
    )
    turns = []
    for _ in range(m.count(2, 5)):
        inside = m.chance(0.5)
        x = m.one(items) if inside else m.one([m.name, m.word])()
        inside = x in items
        turns.append(
            (
                m.one(
                    [
                        f"Is {x} in the list?",
                        f"Is {x} one of them?",
                        f"Is `{x}` there?",
                        f"Does the list have {x}?",
                    ]
                )
                + m.one(["", " Answer yes or no."]),
                "yes" if inside else "no",
            )
        )
    if m.chance(0.3):
        turns.append(("How many are there?", str(len(items))))
    if m.chance(0.3):
        i = m.random.randrange(len(items))
        turns.append((f"What is number {i + 1} in the list?", items[i]))
    m.random.shuffle(turns)
    return about(m, text, turns)


def sets(m: Maker) -> Lesson:
    """What is missing, what is in both, what has a property: lists compared with lists."""
    items = m.names(m.count(3, 5))
    if m.chance(0.5):
        have = m.random.sample(items, len(items) - 1)
        extra = [x for x in m.names(1) if x not in items]
        (gone,) = set(items) - set(have)
        shown = m.random.sample(have + extra, len(have) + len(extra))
        text = m.one(["Needed: {}. Given: {}.", "It takes {}.\nWe have {}.", "Wanted: {}\nFound: {}"]).format(
            ", ".join(items), ", ".join(shown)
        )
        turns = [
            (m.one(["Which is missing?", "What is not there?", "What do we still need?"]), gone),
            *[
                (m.one(["Which one is not needed?", "What is too much?"]), extra[0])
                for _ in extra
                if m.chance(0.5)
            ],
            (
                m.one(["Which are there of those?", "What do we have of it?"]),
                ", ".join(x for x in items if x in have),
            ),
        ]
        return about(m, text, turns[: m.count(1, 3)])
    groups = m.some(2) if m.chance(0.6) else ["done", "open"]
    which = {x: m.one(groups) for x in items}
    form = m.one(["- {}: {}", "{} is {}", "{}: {}", "{} ({})"])
    text = m.one(["\n", "\n", ". ", "; "]).join(form.format(k, v) for k, v in which.items())
    turns = []
    for g in groups:
        found = [x for x in items if which[x] == g]
        turns.append(
            (
                m.one(["Which are {}?", "List those that are {}.", "All with {}, with commas."]).format(g),
                ", ".join(found) or "none",
            )
        )
        turns.append((m.one(["How many are {}?", "Number of {}?"]).format(g), str(len(found))))
    x = m.one(items)
    turns += [
        (f"Is {x} {which[x]}?", "yes"),
        (f"Is {x} {next(g for g in groups if g != which[x])}?", "no"),
        (f"What is {x}?", which[x]),
    ]
    return about(m, text, m.random.sample(turns, m.count(2, 5)))


def edit(m: Maker) -> Lesson:
    """A sentence with one thing changed: a word out, a word for another, a beginning, an end; all else to the
    letter.
    """
    turns = []
    for _ in range(m.count(2, 4)):
        words = [m.one([m.word, m.word, m.word, m.name, m.number])() for _ in range(m.count(4, 9))]
        i, new = m.random.randrange(len(words)), m.word()
        if words.count(words[i]) > 1:
            continue
        text, without = " ".join(words), " ".join(words[:i] + words[i + 1 :])
        turns.append(
            m.one(
                [
                    (f"Leave out {words[i]}: {text}", without),
                    (f"Write it without {words[i]}.\n{text}", without),
                    (
                        f"{text}\nSay {new} instead of {words[i]}.",
                        " ".join([*words[:i], new, *words[i + 1 :]]),
                    ),
                    (f"Replace {words[i]} with {new}: {text}", " ".join([*words[:i], new, *words[i + 1 :]])),
                    (f"Begin with {new}: {text}", f"{new} {text}"),
                    (f"Put {new} at the end of: {text}", f"{text} {new}"),
                    (f"The first two words of: {text}", " ".join(words[:2])),
                    (f"The last word of: {text}", words[-1]),
                    (
                        f"What comes after {words[i]}? {text}",
                        words[i + 1] if i + 1 < len(words) else "nothing",
                    ),
                ]
            )
        )
    return Lesson(turns or [("Say nothing new: ok", "ok")])
