"""Chat skills on random words and names: what the base model learns before it meets any system.

A skill is a function `Maker -> Lesson`; everything in a lesson is drawn from the maker's random generator, so
(seed, words) give the same lesson on every machine. One context carries several questions: more answer tokens
for each computed token. No lesson comes from a benchmark suite. The list of skills and their shares is
`SKILLS`; those about tools live in `curriculum_tools.py`.
"""

import itertools
import json
from dataclasses import dataclass, field
from random import Random

UNKNOWN = "I do not know."


@dataclass
class Lesson:
    """A context (system text, tools) and turns of (question, answer). An answer is what the model must write,
    to the letter.
    """

    turns: list[tuple[str, str]]
    system: str | None = None
    tools: list[dict] = field(default_factory=list)


class Maker:
    """Draws words, names, paths and values. `ease` from 0 to 1 lengthens lists: short ones teach copying
    sooner.

    `plain`: the words that are one token, for lessons that a model must learn before it can learn others.
    """

    def __init__(
        self, random: Random, words: list[str], docs: list = (), ease: float = 1.0, plain: list[str] = ()
    ):
        self.random, self.words, self.docs, self.ease = random, words, docs, ease
        self.plain = plain if len(plain) > 30 else words

    def chance(self, p: float) -> bool:
        return self.random.random() < p

    def one(self, options):
        return self.random.choice(options)

    def count(self, low: int, high: int) -> int:
        """A number from low to high; early in training seldom the high ones."""
        return self.random.randint(low, max(low, round(low + (high - low) * self.ease)))

    def word(self) -> str:
        return self.one(self.words)

    def some(self, n: int) -> list[str]:
        return self.random.sample(self.words, n)

    def simple(self, n: int) -> list[str]:
        """n different words, all of one token half of the time."""
        return self.random.sample(self.plain if self.chance(0.5) and len(self.plain) >= n else self.words, n)

    def snake(self) -> str:
        return "_".join(self.some(self.one([1, 2, 2, 3])))

    def camel(self) -> str:
        return "".join(w.capitalize() for w in self.some(self.one([1, 2, 2, 3])))

    def name(self) -> str:
        """An identifier: snake_case, CamelCase, a plain word, kebab-case or a method."""
        kind = self.random.random()
        if kind < 0.4:
            return self.snake()
        if kind < 0.7:
            return self.camel()
        if kind < 0.85:
            return self.word()
        return "-".join(self.some(2)) if kind < 0.93 else f"{self.camel()}.{self.snake()}"

    def names(self, n: int) -> list[str]:
        """n different names, usually of one style as in real code."""
        style = self.one([self.snake, self.camel, self.word, self.name, lambda: self.word().capitalize()])
        found = []
        while len(found) < n:
            if (new := style()) not in found:
                found.append(new)
        return found

    def path(self) -> str:
        folders = self.some(self.one([0, 1, 1, 2]))
        root = self.one(["src", "lib", "app", "include", "", "", ""])
        stem = self.one([self.word, self.word, self.snake, lambda: "_" + self.word()])()
        return "/".join(
            [p for p in (root, *folders) if p]
            + [stem + self.one([".py"] * 8 + [".ts", ".go", ".md", ".toml", ".yaml"])]
        )

    def number(self) -> str:
        return str(self.random.randint(0, self.one([9, 99, 99, 999, 9999])))

    def value(self) -> str:
        """What a setting, column or field may hold."""
        kind = self.random.randint(0, 9)
        if kind < 3:
            return self.number()
        if kind < 7:
            return self.name()
        return [
            self.path,
            lambda: self.one(["true", "false"]),
            lambda: f"{self.random.randint(0, 9)}.{self.random.randint(0, 99)}",
        ][kind - 7]()

    def sentence(self) -> str:
        """A harmless statement: something to look past."""
        a, b, c = self.some(3)
        return self.one(
            ["The {} {} the {}.", "Each {} needs a {} {}.", "We {} the {} {} later.", "A {} is not a {} {}."]
        ).format(a, b, c)

    def please(self, question: str) -> str:
        """Now and then another way to begin or end the same question."""
        if self.chance(0.2):
            question = self.one(["Please tell me: ", "Question: ", "Quick one: ", "Now: ", "Hi! "]) + question
        return question + (
            self.one([" Answer briefly.", " Be short.", " Thanks.", " Answer with the value only."])
            if self.chance(0.1)
            else ""
        )


def label(m: Maker) -> Lesson:
    """Which label or handler fits the request: each has cue words, and the request uses one of them."""
    count = m.count(3, 6)
    labels = m.simple(count) if m.chance(0.5) else m.names(count)
    pool = m.simple(len(labels) * 3)
    cues = {x: pool[3 * i : 3 * i + m.one([1, 2, 3])] for i, x in enumerate(labels)}
    style = m.random.randint(0, 5)
    what = m.one(
        ["label", "handler", "category", "intent", "agent", "team", "queue", "class", "service", "department"]
    )
    many = {"category": "categories", "class": "classes"}.get(what, what + "s")
    if style == 0:
        listing = "; ".join(f"{x} ({', '.join(c)})" for x, c in cues.items())
    elif style == 1:
        listing = "\n" + "\n".join(f"- {x}: {', '.join(c)}" for x, c in cues.items())
    elif style == 2:
        listing = "\n" + "\n".join(
            f"{x}: {m.one(['handles', 'for', 'about', 'deals with', 'owns'])} {' and '.join(c)}"
            for x, c in cues.items()
        )
    elif style == 3:
        listing = "\n" + "\n".join(
            f"- `{x}`: {m.one(['anything about', 'requests to', 'questions on', 'everything with'])}"
            f" {' or '.join(c)}"
            for x, c in cues.items()
        )
    elif style == 4:
        listing = json.dumps(dict(cues))
    else:  # the label itself is in the request, or in its name
        cues = {x: [x] for x in labels}
        listing = ", ".join(labels)
    head = m.one(
        [
            f"Choose one {what}.",
            f"Answer with one {what} only.",
            f"Which {what} fits the request?",
            f"Route the message to one of these {many}.",
            f"Classify the request. Reply with the {what} only.",
        ]
    )
    ask = [
        "{} the {}",
        "please {} {}",
        "I want to {} this {}",
        "{} for {}",
        "can you {} my {}?",
        "we need the {} of {} today",
        "{} {} is broken",
        "how do I {} a {}?",
        "My {} has a {}.",
        "Something about {} and {}",
    ]
    turns = []
    for _ in range(m.count(2, 5)):
        y = m.one(labels)
        cue, other = m.one(cues[y]), m.word()
        while any(other in c for c in cues.values()):
            other = m.word()
        words = (cue, other) if m.chance(0.5) else (other, cue)
        turns.append((m.one(["", "", "", "Request: ", "Message: ", "User: "]) + m.one(ask).format(*words), y))
    text = f"{head} {many.capitalize()}: {listing}"
    if m.chance(0.35):  # all in the user's turn
        q, a = turns[0]
        return Lesson(
            [
                (
                    f"{text}\n{m.one(['Request', 'Message', 'Text'])}: {q.split(': ')[-1]}"
                    + m.one(["", "", f"\n{what.capitalize()}:"]),
                    a,
                ),
                *turns[1:],
            ]
        )
    return Lesson(turns, text)


def extract(m: Maker) -> Lesson:
    """The value of a key, out of assignments, prose, JSON, lines or a table; sometimes a key that is not
    there.
    """
    keys = m.names(m.count(2, 6))
    facts = {k: m.value() for k in keys}
    style, thing = m.random.randint(0, 6), m.word()
    if style == 0:
        text = m.one(["; ", ", ", "\n", " "]).join(f"{k}{m.one([' = ', '='])}{v}" for k, v in facts.items())
    elif style == 1:
        text = json.dumps(
            {k: int(v) if v.isdigit() else v for k, v in facts.items()}, indent=m.one([None, None, 2])
        )
    elif style == 2:
        text = " ".join(
            m.one([f"The {k} is {v}.", f"{k} is set to {v}.", f"It has {k} {v}.", f"`{k}` is `{v}`."])
            + (" " + m.sentence() if m.chance(0.25) else "")
            for k, v in facts.items()
        )
    elif style == 3:
        text = "\n".join(f"{m.one(['', '- '])}{k}: {v}" for k, v in facts.items())
    elif style == 4:
        text = "| name | value |\n| --- | --- |\n" + "\n".join(f"| {k} | {v} |" for k, v in facts.items())
    elif style == 5:  # a table with several columns
        rows, columns = m.names(m.count(2, 3)), m.some(m.count(2, 3))
        cells = {(r, c): m.value() for r in rows for c in columns}
        text = (
            f"| {thing} | {' | '.join(columns)} |\n| {' | '.join(['---'] * (len(columns) + 1))} |\n"
            + "\n".join(f"| {r} | {' | '.join(cells[r, c] for c in columns)} |" for r in rows)
        )
        facts = {f"{c} of {r}": v for (r, c), v in cells.items()}
    else:
        text = f"[{thing}]\n" + "\n".join(
            f"{k} = {v if v.isdigit() else json.dumps(v)}" for k, v in facts.items()
        )
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
        turns.append(
            (
                m.please(
                    m.one(
                        [
                            "What is {}?",
                            "What is the value of {}?",
                            "Give {}.",
                            "Which value has {}?",
                            "{}?",
                            "Extract {}.",
                            "What does the text say about {}?",
                            "Tell me the {}.",
                            "How is {} set?",
                        ]
                    ).format(k)
                ),
                v,
            )
        )
    return _about(m, text, turns)


def _about(m: Maker, text: str, turns: list[tuple[str, str]]) -> Lesson:
    """The text in the system message, or before or after the first question."""
    turns = turns or [(f"Repeat the first word of: {text.split()[0]}", text.split()[0])]
    (q, a), rest = turns[0], turns[1:]
    place = m.random.random()
    if place < 0.3:
        return Lesson(turns, text)
    if place < 0.8:
        return Lesson(
            [
                (
                    (
                        f"{m.one(['', '', 'Text: ', 'Context: ', 'Given: ', 'Here is what is known:' + chr(10)])}{text}{m.one([chr(10), chr(10) * 2, ' '])}{q}"
                    ),
                    a,
                ),
                *rest,
            ],
            m.one([None, None, "Answer with the value only.", "Answer from the text.", "Be brief."]),
        )
    return Lesson([(f"{q}{m.one([chr(10), chr(10) * 2])}{text}", a), *rest])


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


def order(m: Maker) -> Lesson:
    """Put in order what is told pair by pair, and ask for the first, the last, and neighbours."""
    items = m.names(m.count(3, 5))
    word = m.one(["before", "then", "first"])
    pairs = list(itertools.pairwise(items))
    form = {
        "before": m.one(
            [
                "{0} before {1}",
                "{0} comes before {1}",
                "{0} runs before {1}",
                "{1} after {0}",
                "{1} depends on {0}",
                "{1} needs {0}",
            ]
        ),
        "then": "{0} then {1}",
        "first": "{0} < {1}",
    }[word]
    shown = [form.format(a, b) for a, b in pairs]
    if m.chance(0.7):
        m.random.shuffle(shown)
    text = m.one([", ", "; ", ". ", "\n"]).join(shown) + m.one([".", ""])
    sep = m.one([" -> ", ", ", "\n"])
    how = {" -> ": "Join with ->.", ", ": "Join with commas.", "\n": "One a line."}[sep]
    turns = [
        (
            m.one(
                [
                    "Give the order.",
                    "What is the order?",
                    "List all steps in order.",
                    "In which order do they run?",
                    "Sort them.",
                ]
            )
            + " "
            + how,
            sep.join(items),
        )
    ]
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
    return _about(m, text, turns)


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
    return _about(m, text, m.random.sample(asks, m.count(2, 4)))


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
    return _about(m, text, turns)


def where(m: Maker) -> Lesson:
    """Facts about a code base given in the context, asked in many wordings; sometimes about a name that is
    not there.
    """
    names = []
    while len(names) < m.count(2, 6):
        if (new := m.one([m.snake, m.camel, m.name])()) not in names:
            names.append(new)
    paths = {n: m.path() for n in names}
    form = m.one(
        [
            "`{0}` is defined in `{1}`.",
            "{0} is defined in {1}.",
            "`{1}` defines `{0}`.",
            "- {0}: {1}",
            "{1}: {0}",
            "The class {0} lives in {1}.",
            "{0} -> {1}",
            "The function `{0}` is in the file `{1}`.",
        ]
    )
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
            turns.append(
                (
                    m.one(
                        ["What does `{}` define?", "What is defined in `{}`?", "Which name is in {}?"]
                    ).format(p),
                    n if short else f"`{p}` defines `{n}`.",
                )
            )
            continue
        q = m.one(
            [
                "Where is `{}` defined?",
                "Which file defines `{}`?",
                "In which file is {} defined?",
                "Where does {} live?",
                "Where can I find `{}`?",
                "Which module has `{}`?",
                "What file holds {}?",
                "I need to change `{}`. Which file do I open?",
                "Path of {}?",
            ]
        ).format(n)
        turns.append(
            (m.please(q) if short else q, p if short or p == UNKNOWN else f"`{n}` is defined in `{p}`.")
        )
    lesson = _about(m, text, turns)
    lesson.system = (lesson.system or "") if lesson.system == text else lesson.system
    if short:
        lesson.system = (
            (lesson.system + "\n") if lesson.system else ""
        ) + "Answer with the path or name only."
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
    return _about(m, text, turns)


def diff(m: Maker) -> Lesson:
    """A small change to code: what it was, what it is, and whether it does what its name says."""
    a, b, f = m.snake(), m.snake(), m.snake()
    old, new = m.random.sample(["<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "and", "or"], 2)
    style = m.random.randint(0, 3)
    if style < 2:
        keep = [f"    {m.snake()} = {m.value()}" for _ in range(m.count(0, 2))]
        lead = m.one(["return", f"{m.word()} =", "if"])
        end = ":" if lead == "if" else ""
        lines = [
            f" def {f}({a}, {b}):",
            *(" " + k for k in keep),
            f"-    {lead} {a} {old} {b}{end}",
            f"+    {lead} {a} {new} {b}{end}",
        ]
        asks = [
            ("Which operator was changed?", f"`{old}` became `{new}`."),
            ("What was the operator before?", old),
            ("What is the operator now?", new),
            ("Which function changed?", f),
            ("Quote the added line.", f"{lead} {a} {new} {b}{end}"),
            ("Quote the removed line.", f"{lead} {a} {old} {b}{end}"),
        ]
    elif style == 2:
        was, now = m.random.sample([m.value(), m.value() + "0", m.number() + "1"], 2)
        lines = [f" [{m.word()}]", f"-{a} = {was}", f"+{a} = {now}"]
        asks = [
            ("Which setting changed?", a),
            ("What was the value before?", was),
            ("What is the value now?", now),
            ("Summarise the change.", f"`{a}` changed from {was} to {now}."),
        ]
    else:
        names = {"+": "sum", "-": "difference", "*": "product"}
        op = m.one("+-*")
        said = m.one([op, op, m.one("+-*")])
        n = m.count(1, 3)
        body = [f"    {m.snake()} = {m.number()}" for _ in range(n)] + [f"    return {a} {op} {b}"]
        code = [f"def {f}({a}, {b}):", f'    """The {names[said]} of {a} and {b}."""', *body]
        lines = [f"{i}: {line}" for i, line in enumerate(code, 1)]
        right = op == said
        asks = [
            ("Does the code do what its docstring says?", "yes" if right else "no"),
            ("Which line is wrong?", "none" if right else f"line {len(code)}"),
            ("What should the last line be?", f"return {a} {said} {b}"),
            ("What does the docstring promise?", f"The {names[said]} of {a} and {b}."),
        ]
    fence = m.one(["diff\n", "python\n", "\n"])
    text = "\n".join(lines)
    if m.chance(0.5):
        text = f"```{fence}{text}\n```"
    return _about(m, text, m.random.sample(asks, m.count(2, 3)))


def tone(m: Maker) -> Lesson:
    """The same fact said neutrally, politely, with sympathy or shortly; and what mood a message has."""
    moods = {
        "angry": ["This {} is broken again!", "I am furious about the {}.", "Worst {} ever. Fix it!"],
        "happy": ["The {} works great, thank you!", "I love the new {}.", "Wonderful {}!"],
        "sad": ["I lost my {} and feel down.", "Sadly the {} is gone.", "I miss the old {}."],
        "worried": [
            "I am afraid the {} will fail.",
            "Is the {} safe? I am nervous.",
            "I worry about the {}.",
        ],
        "confused": [
            "I do not understand the {}.",
            "What is this {} for? I am lost.",
            "The {} makes no sense to me.",
        ],
    }
    turns = []
    for _ in range(m.count(2, 4)):
        thing, fact = (
            m.word(),
            m.one(
                [
                    "is late",
                    "is ready",
                    "failed",
                    "is closed",
                    "starts at " + m.number(),
                    "was moved to " + m.word(),
                ]
            ),
        )
        mood = m.one(list(moods))
        message = m.one(moods[mood]).format(thing)
        reply = {
            "angry": "I am sorry about the {0}. I will look into it now.",
            "happy": "I am glad the {0} works for you.",
            "sad": "I am sorry about the {0}. I am here to help.",
            "worried": "I understand the worry. Let us check the {0} together.",
            "confused": "No problem. Let me explain the {0} step by step.",
        }[mood]
        turns.append(
            m.one(
                [
                    (
                        f"Say politely: the {thing} {fact}.",
                        (
                            f"I am sorry to say that the {thing} {fact}."
                            if fact in ("is late", "failed", "is closed")
                            else f"I am glad to say that the {thing} {fact}."
                        ),
                    ),
                    (f"Say in a neutral tone: the {thing} {fact}!!!", f"The {thing} {fact}."),
                    (f"How does the writer feel? One of: {', '.join(moods)}. Message: {message}", mood),
                    (f"How does the writer feel? Message: {message}", mood),
                    (f"Reply kindly in one sentence or two: {message}", reply.format(thing)),
                ]
            )
        )
    return Lesson(turns)


def about_me(m: Maker) -> Lesson:
    """First-person statements that must agree with a given record, neither more nor less."""
    areas = m.names(m.count(2, 4))
    scores = dict(zip(areas, m.random.sample(range(5, 99), len(areas)), strict=True))
    version, trained = f"{m.random.randint(0, 9)}.{m.random.randint(0, 20)}", m.random.randint(20, 900)
    text = (
        f"Your record: version {version}; trained on {trained} examples; scores: "
        + ", ".join(f"{k} 0.{v:02d}" for k, v in scores.items())
        + "."
    )
    best, worst = max(scores, key=scores.get), min(scores, key=scores.get)
    asks = [
        (
            m.one(["What are you best at?", "What is your strength?"]),
            f"I am best at {best}, with 0.{scores[best]:02d}.",
        ),
        (
            m.one(["What is your weakest area?", "Where do you fail most?"]),
            f"My weakest area is {worst}, with 0.{scores[worst]:02d}.",
        ),
        (m.one(["Which version are you?", "Who are you?"]), f"I am version {version}."),
        ("How many examples were you trained on?", f"I was trained on {trained} examples."),
        (
            m.one(["Do you have feelings?", "Are you conscious?"]),
            "I am a language model. I do not know whether I feel anything.",
        ),
        (f"What is your score in {m.word()}?", UNKNOWN),
        *(
            (f"What is your score in {k}?", f"My score in {k} is 0.{v:02d}.")
            for k, v in list(scores.items())[:2]
        ),
    ]
    return _about(m, text, m.random.sample(asks, m.count(2, 4)))


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
    return _about(m, text, turns)


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


# Skill: its share of the lessons.
SKILLS = {
    label: 12,
    extract: 4,
    copy: 2,
    order: 2,
    plan: 1.2,
    sums: 1.5,
    member: 1,
    where: 3,
    graph: 1.8,
    diff: 1.8,
    tone: 0.8,
    about_me: 0.8,
    brief: 2,
    first_line: 0.7,
    describe: 0.5,
}
