"""Lessons on code: where a name is defined, who calls whom, what a change did, what a docstring says."""

import itertools

from autodidact_sprout.lessons.maker import PHRASES, UNKNOWN, Lesson, Maker, about


def where(m: Maker) -> Lesson:
    """Facts about a code base given in the context, asked in many wordings; sometimes about a name that is
    not there.
    """
    phrases = PHRASES["where"]
    names: list[str] = []
    while len(names) < m.count(2, 6):
        if (new := m.one([m.snake, m.camel, m.name])()) not in names:
            names.append(new)
    paths = {n: m.path() for n in names}
    form = m.one(phrases["form"])
    text = m.one([" ", "\n"]).join(form.format(n, p) for n, p in paths.items())
    short = m.chance(0.5)
    turns = []
    for _ in range(m.count(2, 5)):
        n = m.one(names)
        p = paths[n]
        if m.chance(0.12):
            n, p = m.name(), UNKNOWN
            if n in names:
                continue
        elif m.chance(0.15) and sum(q == p for q in paths.values()) == 1:
            question = m.one(phrases["name_of_path"]).format(p)
            turns.append((question, n if short else f"`{p}` defines `{n}`."))
            continue
        q = m.one(phrases["path_of_name"]).format(n)
        turns.append(
            (m.please(q) if short else q, p if short or p == UNKNOWN else f"`{n}` is defined in `{p}`.")
        )
    lesson = about(m, text, turns)
    if short:
        head = f"{lesson.system}\n" if lesson.system else ""
        lesson.system = head + "Answer with the path or name only."
    elif lesson.system and lesson.system != text:
        lesson.system = m.one([None, "Answer in one sentence."])
    return lesson


def graph(m: Maker) -> Lesson:
    """Who calls whom: direct neighbours, everything reached, the way from one to another."""
    nodes = m.names(m.count(3, 6))
    verb = m.one(["calls", "imports", "uses", "feeds", "sends to", "depends on"])
    chain = nodes[: m.count(3, 4)]
    edges = list(itertools.pairwise(chain))
    edges += [(chain[m.random.randrange(len(chain))], x) for x in nodes[len(chain) :]]
    shown = edges[:]
    if m.chance(0.6):
        m.random.shuffle(shown)
    form = m.one(["{0} {2} {1}.", "`{0}` {2} `{1}`.", "{0} -> {1}"])
    text = m.one([" ", "\n"]).join(form.format(a, b, verb) for a, b in shown)
    out = {n: [b for a, b in edges if a == n] for n in nodes}

    def reach(n: str) -> list[str]:
        found = list(out[n])
        for x in found:
            found += [y for y in out[x] if y not in found]
        return found

    turns = []
    base = {
        "calls": "call",
        "imports": "import",
        "uses": "use",
        "feeds": "feed",
        "sends to": "send to",
        "depends on": "depend on",
    }[verb]
    for _ in range(m.count(2, 4)):
        n, kind = m.one(nodes), m.random.randint(0, 3)
        if kind == 0:
            turns.append((f"What does {n} {base} directly?", ", ".join(out[n]) or "nothing"))
        elif kind == 1:
            turns.append(
                (
                    f"What {verb} {n}?" if m.chance(0.5) else f"Which one {verb} {n}?",
                    ", ".join(a for a, b in edges if b == n) or "nothing",
                )
            )
        elif kind == 2:
            turns.append(
                (
                    m.one([f"What does {n} reach?", f"List everything reached from {n}, nearest first."]),
                    ", ".join(reach(n)) or "nothing",
                )
            )
        else:
            i, j = sorted(m.random.sample(range(len(chain)), 2))
            turns.append((f"What is the way from {chain[i]} to {chain[j]}?", " -> ".join(chain[i : j + 1])))
    return about(m, text, turns)


def diff(m: Maker) -> Lesson:
    """A small change to code: what it was, what it is, and whether it does what its name says."""
    a, b, f = m.snake(), m.snake(), m.snake()
    old, new = m.random.sample(["<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "and", "or"], 2)
    style = m.random.randint(0, 3)
    if style < 2:
        lines, asks = _operator_change(m, a, b, f, old, new)
    elif style == 2:
        lines, asks = _setting_change(m, a)
    else:
        lines, asks = _promise(m, a, b, f)
    fence = m.one(["diff\n", "python\n", "\n"])
    text = "\n".join(lines)
    if m.chance(0.5):
        text = f"```{fence}{text}\n```"
    return about(m, text, m.random.sample(asks, m.count(2, 3)))


# The lines of a text, and what can be asked about it.
Asked = tuple[list[str], list[tuple[str, str]]]


def _operator_change(m: Maker, a: str, b: str, f: str, old: str, new: str) -> Asked:
    keep = [f"    {m.snake()} = {m.value()}" for _ in range(m.count(0, 2))]
    lead = m.one(["return", f"{m.word()} =", "if"])
    end = ":" if lead == "if" else ""
    lines = [
        f" def {f}({a}, {b}):",
        *(" " + k for k in keep),
        f"-    {lead} {a} {old} {b}{end}",
        f"+    {lead} {a} {new} {b}{end}",
    ]
    return lines, [
        ("Which operator was changed?", f"`{old}` became `{new}`."),
        ("What was the operator before?", old),
        ("What is the operator now?", new),
        ("Which function changed?", f),
        ("Quote the added line.", f"{lead} {a} {new} {b}{end}"),
        ("Quote the removed line.", f"{lead} {a} {old} {b}{end}"),
    ]


def _setting_change(m: Maker, name: str) -> Asked:
    was, now = m.random.sample([m.value(), m.value() + "0", m.number() + "1"], 2)
    return [f" [{m.word()}]", f"-{name} = {was}", f"+{name} = {now}"], [
        ("Which setting changed?", name),
        ("What was the value before?", was),
        ("What is the value now?", now),
        ("Summarise the change.", f"`{name}` changed from {was} to {now}."),
    ]


def _promise(m: Maker, a: str, b: str, f: str) -> Asked:
    """A function whose docstring may promise another operation than its last line does."""
    names = {"+": "sum", "-": "difference", "*": "product"}
    op = m.one("+-*")
    promised = m.one([op, op, m.one("+-*")])
    n = m.count(1, 3)
    body = [f"    {m.snake()} = {m.number()}" for _ in range(n)] + [f"    return {a} {op} {b}"]
    code = [f"def {f}({a}, {b}):", f'    """The {names[promised]} of {a} and {b}."""', *body]
    right = op == promised
    return [f"{i}: {line}" for i, line in enumerate(code, 1)], [
        ("Does the code do what its docstring says?", "yes" if right else "no"),
        ("Which line is wrong?", "none" if right else f"line {len(code)}"),
        ("What should the last line be?", f"return {a} {promised} {b}"),
        ("What does the docstring promise?", f"The {names[promised]} of {a} and {b}."),
    ]


def first_line(m: Maker) -> Lesson:
    """A docstring, summarised by its first sentence as good docstrings are."""
    for _ in range(20):
        name, path, doc = m.one(m.docs)
        text = " ".join(doc.split())[:240]
        first = text.split(". ")[0].split(": ")[0]
        if len(first) < 120:
            break
    first = first[:120].rstrip(".") + "."
    turns = [
        (
            m.one(
                [
                    "Summarise in one sentence.\n{}",
                    "Summary of this docstring?\n\n{}",
                    "{}\n\nSummarise the text above in one sentence.",
                    "TL;DR: {}",
                ]
            ).format(text),
            first,
        )
    ]
    if name:
        turns.append(
            (
                f"This is the docstring of `{name}` in `{path}`. Where is `{name}` defined?",
                f"`{name}` is defined in `{path}`.",
            )
        )
    return Lesson(turns)


def describe(m: Maker) -> Lesson:
    """What a real function of the standard library or an installed package does, from its name."""
    name, path, doc = m.one(m.docs)
    first = " ".join(doc.split("\n\n")[0].split())[:200]
    return Lesson(
        [
            (
                m.one(
                    ["What does `{}` in `{}` do?", "Describe `{}` from `{}`.", "Explain `{}` ({})."]
                ).format(name or "this module", path),
                first,
            )
        ]
    )
