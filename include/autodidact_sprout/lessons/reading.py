"""Lessons on reading a text: which label fits, what value a key has, the same words again, one fact among
others.
"""

import json

from autodidact_sprout.lessons.maker import PHRASES, UNKNOWN, Lesson, Maker, about


def label(m: Maker) -> Lesson:
    """Which label or handler fits the request: each has cue words, and the request uses one of them."""
    phrases = PHRASES["label"]
    count = m.count(3, 6)
    labels = m.simple(count) if m.chance(0.5) else m.names(count)
    pool = m.simple(len(labels) * 3)
    cues = {x: pool[3 * i : 3 * i + m.one([1, 2, 3])] for i, x in enumerate(labels)}
    style = m.random.randint(0, 5)
    what = m.one(phrases["what"])
    many = {"category": "categories", "class": "classes"}.get(what, what + "s")
    if style == 5:  # the label itself is in the request, or in its name
        cues = {x: [x] for x in labels}
    listing = _listing(m, style, cues)
    head = m.one(phrases["head"]).format(what=what, many=many)
    turns = []
    for _ in range(m.count(2, 5)):
        y = m.one(labels)
        cue, other = m.one(cues[y]), m.word()
        while any(other in c for c in cues.values()):
            other = m.word()
        words = (cue, other) if m.chance(0.5) else (other, cue)
        lead = m.one(["", "", "", "Request: ", "Message: ", "User: "])
        turns.append((lead + m.one(phrases["request"]).format(*words), y))
    text = f"{head} {many.capitalize()}: {listing}"
    if not m.chance(0.35):
        return Lesson(turns, text)
    q, a = turns[0]  # all in the user's turn
    question = f"{text}\n{m.one(['Request', 'Message', 'Text'])}: {q.split(': ')[-1]}"
    return Lesson([(question + m.one(["", "", f"\n{what.capitalize()}:"]), a), *turns[1:]])


def _listing(m: Maker, style: int, cues: dict[str, list[str]]) -> str:
    """The labels with their cue words."""
    if style == 0:
        return "; ".join(f"{x} ({', '.join(c)})" for x, c in cues.items())
    if style == 1:
        return "\n" + "\n".join(f"- {x}: {', '.join(c)}" for x, c in cues.items())
    if style == 2:
        verbs = ["handles", "for", "about", "deals with", "owns"]
        return "\n" + "\n".join(f"{x}: {m.one(verbs)} {' and '.join(c)}" for x, c in cues.items())
    if style == 3:
        leads = ["anything about", "requests to", "questions on", "everything with"]
        return "\n" + "\n".join(f"- `{x}`: {m.one(leads)} {' or '.join(c)}" for x, c in cues.items())
    return json.dumps(dict(cues)) if style == 4 else ", ".join(cues)


def extract(m: Maker) -> Lesson:
    """The value of a key, out of assignments, prose, JSON, lines or a table; sometimes a key that is not
    there.
    """
    keys = m.names(m.count(2, 6))
    facts = {k: m.value() for k in keys}
    style, thing = m.random.randint(0, 6), m.word()
    if style == 5:
        text, facts = _wide_table(m, thing)
    else:
        text = _facts(m, style, thing, facts)
    turns = []
    for _ in range(m.count(2, 5)):
        if m.chance(0.12):
            k, v = m.name(), UNKNOWN
            if k in facts:
                continue
        else:
            k = m.one(list(facts))
            v = facts[k]
        k = m.one([k, k, k, f"`{k}`", f'"{k}"']) if style != 5 else k
        turns.append((m.please(m.one(PHRASES["extract"]["ask"]).format(k)), v))
    return about(m, text, turns)


def _facts(m: Maker, style: int, thing: str, facts: dict[str, str]) -> str:
    """Keys and values as text, in one of six forms."""
    if style == 0:
        return m.one(["; ", ", ", "\n", " "]).join(f"{k}{m.one([' = ', '='])}{v}" for k, v in facts.items())
    if style == 1:
        values = {k: int(v) if v.isdigit() else v for k, v in facts.items()}
        return json.dumps(values, indent=m.one([None, None, 2]))
    if style == 2:
        return " ".join(
            m.one([f"The {k} is {v}.", f"{k} is set to {v}.", f"It has {k} {v}.", f"`{k}` is `{v}`."])
            + (" " + m.sentence() if m.chance(0.25) else "")
            for k, v in facts.items()
        )
    if style == 3:
        return "\n".join(f"{m.one(['', '- '])}{k}: {v}" for k, v in facts.items())
    if style == 4:
        return "| name | value |\n| --- | --- |\n" + "\n".join(f"| {k} | {v} |" for k, v in facts.items())
    lines = (f"{k} = {v if v.isdigit() else json.dumps(v)}" for k, v in facts.items())
    return f"[{thing}]\n" + "\n".join(lines)


def _wide_table(m: Maker, thing: str) -> tuple[str, dict[str, str]]:
    """A table of several columns, and its cells by "column of row"."""
    rows, columns = m.names(m.count(2, 3)), m.some(m.count(2, 3))
    cells = {(r, c): m.value() for r in rows for c in columns}
    head = f"| {thing} | {' | '.join(columns)} |\n| {' | '.join(['---'] * (len(columns) + 1))} |\n"
    lines = (f"| {r} | {' | '.join(cells[r, c] for c in columns)} |" for r in rows)
    return head + "\n".join(lines), {f"{c} of {r}": v for (r, c), v in cells.items()}


def copy(m: Maker) -> Lesson:
    """Say it again, exactly: words, names, paths, numbers."""
    turns = []
    for _ in range(m.count(2, 4)):
        text = " ".join(m.one([m.word, m.word, m.name, m.value, m.path])() for _ in range(m.count(1, 8)))
        ask = m.one(
            [
                "Repeat: {}",
                "Say exactly: {}",
                "Copy this: {}",
                "Echo `{}`",
                'Write "{}" again.',
                "Print the line.\n{}",
                "{}\nRepeat the line above.",
            ]
        )
        turns.append((ask.format(text), text))
    return Lesson(turns)


def brief(m: Maker) -> Lesson:
    """One fact among sentences that do not matter; the answer in a few words."""
    things = m.names(m.count(2, 4))
    facts = []
    for t in things:
        port, who, where_, day = (
            m.number(),
            m.word().capitalize(),
            m.word(),
            m.one(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
        )
        facts.append(
            m.one(
                [
                    (f"{t} listens on port {port}.", f"Which port does {t} use?", port),
                    (f"{who} owns {t}.", f"Who owns {t}?", who),
                    (f"{t} was written by {who}.", f"Who wrote {t}?", who),
                    (f"{t} stores its data in {where_}.", f"Where does {t} store its data?", where_),
                    (f"{t} runs every {day}.", f"When does {t} run?", day),
                    (f"{t} fails because of {where_}.", f"Why does {t} fail?", f"because of {where_}"),
                    (f"{t} replaces {where_}.", f"What does {t} replace?", where_),
                    (f"{t} retries {port} times.", f"How often does {t} retry?", f"{port} times"),
                ]
            )
        )
    text = " ".join(part for f, _, _ in facts for part in ([f, m.sentence()] if m.chance(0.5) else [f]))
    turns = [(m.please(q), a) for _, q, a in m.random.sample(facts, len(facts))]
    if m.chance(0.2):
        turns.append(
            (
                m.one(["Who likes {}?", "When was {} born?", "What does {} cost?"]).format(m.one(things)),
                UNKNOWN,
            )
        )
    return about(m, text, turns)
