"""Lessons on finding one thing by another: which entry has this value, which value has this entry, which
statement says it, and what is two steps away.

Most requests to a working assistant are of this kind, whatever their words: a route, an owner, a rule, a
setting, a status. So these lessons vary the words as much as they can, and ask often: several turns a
context, and lists of cues answered line by line, where every line is one more look-up.
"""

import json

from autodidact_sprout.lessons.maker import PHRASES, UNKNOWN, Lesson, Maker, about

VERBS = (
    "handles owns calls uses needs feeds writes reads builds checks likes wants keeps runs starts stops sends"
    " holds knows makes serves tests wrote found moved fixed broke opened closed leads follows hosts stores"
    " loads mends paints cleans guards watches teaches sells buys".split()
)


def _keys(m: Maker, n: int) -> list[str]:
    """What answers are made of: names, words, people, codes, letters."""
    kind = m.random.random()
    if kind < 0.12:
        return m.random.sample([f"{a}{b}" for a in "ABCDEFGHKLMNPRSTUX" for b in range(10, 99)], n)
    if kind < 0.2:
        return list("ABCDEFGH"[:n])
    if kind < 0.7:
        return m.simple(n)
    return m.names(n)


def _values(m: Maker, n: int) -> list[list[str]]:
    """n lists of one to three values; no word is in two of them."""
    most = m.one([1, 1, 2, 3])
    double = m.chance(0.25)  # values of two words
    pool = m.simple(n * most * (2 if double else 1))
    if double:
        pool = [f"{a} {b}" for a, b in zip(pool[::2], pool[1::2], strict=True)]
    elif m.chance(0.15):
        pool = m.random.sample([str(x) for x in range(2, 999)], n * most)
    return [pool[i * most : (i + 1) * most] for i in range(n)]


def _shown(m: Maker, table: dict[str, list[str]], verb: str) -> str:
    """The table as text, in one of many forms."""
    style = m.random.randint(0, 11)
    joined = {k: m.one([", ", ", ", " and ", " or "]).join(v) for k, v in table.items()}
    rows = list(joined.items())
    lead = m.one(["- ", "- ", "", "* ", "1. "])
    if style < 3:
        return "\n".join(f"{f'{i}. ' if lead == '1. ' else lead}{k}: {v}" for i, (k, v) in enumerate(rows, 1))
    if style == 3:
        return " ".join(f"{k} {verb} {v}." for k, v in rows)
    if style == 4:
        return "\n".join(f"{lead if lead != '1. ' else ''}{k} {verb} {v}" for k, v in rows)
    if style == 5:
        sep = m.one([" -> ", " = ", " / ", " — ", " | ", " goes to ", " belongs to ", " => "])
        return m.one(["\n", "; "]).join(f"{v}{sep}{k}" for k, v in rows)
    if style == 6:
        return "; ".join(f"{k} ({v})" for k, v in rows)
    if style == 7:
        return "| name | what |\n| --- | --- |\n" + "\n".join(f"| {k} | {v} |" for k, v in rows)
    if style == 8:
        return json.dumps(
            {k: v if len(v) > 1 else v[0] for k, v in table.items()}, indent=m.one([None, None, 1])
        )
    if style == 9:
        return "\n".join(f"{m.one(['if', 'for', 'on', 'with'])} {v}: {k}" for k, v in rows)
    if style == 10:
        return " ".join(
            m.one(["{0} is for {1}.", "{0} has {1}.", "{1} is with {0}.", "{0}: {1}."]).format(k, v)
            for k, v in rows
        )
    return "\n".join(f"`{k}` {m.one(['for', 'when', 'about', 'with'])} {v}" for k, v in rows)


def _sentence(m: Maker, cue: str, taken: set[str]) -> str:
    """A message in which the cue is one word among others."""
    other, more = (next(w for w in iter(m.word, None) if w not in taken) for _ in range(2))
    number = m.number()
    return m.one(PHRASES["sentence"]).format(cue, other, more.capitalize(), number=number)


def beside(m: Maker) -> Lesson:
    """Which word stands beside another one, mostly before it: the step without which no label is ever found
    by its description.

    Copying what followed a word before is learned early; what stood before it is not, unless it is asked for
    by itself, in words of one token. So taught, it is right in 95% of cases after 0.8M tokens; within
    `associate` alone 2M tokens left it at chance.
    """
    n = m.count(2, 6)
    words = m.random.sample(m.plain, 3 * n)
    form = m.one(["{0} {1}", "{0}: {1}", "{0}: {2}, {1}", "{0} ({1})", "{0}: {1}, {2}", "{1} {0}"])
    entries = [form.format(*words[i::n]) for i in range(n)]
    turns = []
    for _ in range(m.count(4, 7)):
        i = m.random.randrange(n)
        turns.append(
            (
                m.one(["Which is with {}?", "Find {}.", "The one of {}", "We need the {} of it."]).format(
                    words[n + i]
                ),
                words[i],
            )
        )
    return Lesson(
        turns,
        m.one(["List: ", "Choose one: ", ""])
        + m.one(["\n- ", "\n- ", "\n", "; ", ", "]).join(["", *entries]).strip("\n;, "),
    )


def associate(m: Maker) -> Lesson:
    """Entries with their values, asked in both directions; the cue bare, in a sentence, or in a list answered
    line by line.
    """
    phrases = PHRASES["associate"]
    n = m.count(3, 6)
    table = dict(zip(_keys(m, n), _values(m, n), strict=True))
    verb, what = m.one(VERBS), m.one(phrases["what"])
    text = _shown(m, table, verb)
    taken = {w for vs in table.values() for v in vs for w in v.split()} | set(table)
    turns, form = [], m.random.random()
    forward = m.chance(0.3)
    if form < 0.4:  # many cues at once
        keys = [m.one(list(table)) for _ in range(m.count(4, 9))]
        pairs = [
            (k, m.one([", ", " and "]).join(table[k])) if forward else (m.one(table[k]), k) for k in keys
        ]
        ask = m.one(phrases["many"])
        turns = [(f"{ask} {', '.join(a for a, _ in pairs)}", "\n".join(f"{a}: {b}" for a, b in pairs))]
    for _ in range(m.count(1, 2) if turns else m.count(3, 7)):
        k = m.one(list(table))
        if forward:
            turns.append((m.one(phrases["forward"]).format(k, verb=verb), ", ".join(table[k])))
        else:
            question = _which(m, m.one(table[k]), taken, verb, what)
            turns.append((question + m.one(PHRASES["only"]).format(what), k))
    if not forward and m.chance(0.5):
        text = m.one(phrases["head"]).format(what=what) + "\n" + text
    if m.chance(0.15):
        turns.append((f"{_sentence(m, m.name(), taken)}\nIf none fits, say none.", "none"))
    return about(m, text, turns)


def _which(m: Maker, cue: str, taken: set[str], verb: str, what: str) -> str:
    """Asks for the entry of a cue, bare or within a message."""
    phrases = PHRASES["associate"]
    if m.chance(0.25):
        return m.one(phrases["backward"]).format(cue, what=what, verb=verb)
    question = m.one(phrases["lead"]) + _sentence(m, cue, taken)
    return question + m.one(phrases["end"]).format(what=what, What=what.capitalize())


def pick(m: Maker) -> Lesson:
    """Lettered or numbered statements: which one says it, which one is false against a record, what one of
    them says.
    """
    phrases = PHRASES["pick"]
    n = m.count(2, 4)
    names = m.names(n)
    facts = dict(zip(names, m.names(n) if m.chance(0.6) else [m.number() for _ in names], strict=True))
    marks = list(m.one(["ABCD", "1234", "abcd"]))[:n]
    form = m.one(phrases["form"])
    if m.chance(0.5):
        return _which_statement(m, marks, facts, form)
    wrong = m.random.randrange(n)
    right = facts[names[wrong]]
    stated = dict(facts)
    stated[names[wrong]] = next(x for x in iter(m.number if right.isdigit() else m.name, None) if x != right)
    text = "Record: " + "; ".join(f"{k} {v}" for k, v in facts.items()) + ".\n"
    text += "\n".join(f"{x}: {form.format(k, v)}" for x, (k, v) in zip(marks, stated.items(), strict=True))
    turns = [(m.one(phrases["wrong"]), marks[wrong])]
    for _ in range(m.count(1, 3)):
        i = m.random.randrange(n)
        question = m.one([f"Is {marks[i]} right?", f"Does {marks[i]} agree with the record?"])
        turns.append((question, "no" if i == wrong else "yes"))
    return about(m, text, turns)


def _which_statement(m: Maker, marks: list[str], facts: dict[str, str], form: str) -> Lesson:
    """Which of the statements is about a name or a value, and what one of them says."""
    names = list(facts)
    text = "\n".join(f"{x}: {form.format(k, v)}" for x, (k, v) in zip(marks, facts.items(), strict=True))
    only = " The letter only." if marks[0] in "Aa" else ""
    turns = []
    for _ in range(m.count(2, 5)):
        i = m.random.randrange(len(names))
        k, v = names[i], facts[names[i]]
        turns.append(
            m.one(
                [
                    (f"Which statement is about {k}?", marks[i]),
                    (f"Which one says {v}?", marks[i]),
                    (f"Which one names {k}?{only}", marks[i]),
                    (f"What does {marks[i]} say?", form.format(k, v)),
                    (f"Write {marks[i]} again.", form.format(k, v)),
                ]
            )
        )
    return about(m, text, turns)


def hops(m: Maker) -> Lesson:
    """Two steps: from a cue to an entry, and from there to another table."""
    n = m.count(2, 4)
    first, second, third = m.names(n), m.some(n), _keys(m, n)
    verb, other = m.random.sample(VERBS, 2)
    order, again = m.random.sample(range(n), n), m.random.sample(range(n), n)
    one = [f"{first[i]} {verb} {second[i]}." for i in order]
    two = [f"{second[i]} {other} {third[i]}." for i in again]
    text = m.one([" ", "\n"]).join(one + two)
    turns = []
    for _ in range(m.count(2, 5)):
        i = m.random.randrange(n)
        turns.append(
            m.one(
                [
                    (f"{first[i]} {verb} what?", second[i]),
                    (f"{first[i]} {verb} something. What has that {other}?", third[i]),
                    (f"What is reached from {first[i]} in two steps?", third[i]),
                    (f"The way from {first[i]} to {third[i]}?", f"{first[i]}, {second[i]}, {third[i]}"),
                    (f"Which one {other} {third[i]}?", second[i]),
                ]
            )
        )
    if m.chance(0.1):
        turns.append((f"{m.name()} {verb} what?", UNKNOWN))
    return about(m, text, turns)
