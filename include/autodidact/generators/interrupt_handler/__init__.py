"""What to do when something interrupts a running task: go on, drop the task, queue the interrupt, ask, or
escalate; and why.

Source: `sources.interrupts`, a YAML or JSON file with `patterns` (id, when, response, because, to, any_task),
a `log` of interrupts that really happened (task, interrupt, response, pattern or reason, time) and what the
`responses` do; or a log alone as JSON lines or CSV (sources/interrupts.py says which other names of columns
are understood). An entry or a rule that a further field finds fault with, or whose columns are not all known,
teaches nothing. Kinds: the decision with its reason, as one word, as JSON, what becomes of the task, whom to
call, two interrupts at once, proposals confirmed or corrected, the rules themselves, what is no response. A
pattern marked `any_task` is judged the same whatever was running, so its interrupts are also put before the
other logged tasks.

    {"generator": "interrupt_handler", "category": "orchestration",
     "messages": [{"role": "user", "content": "Running: drafting the fog notice\\nInterrupt: a kayak is adrift
     in front of Skerry\\nWhat do you do?"},
                  {"role": "assistant", "content": "Escalate to control-room: people or a vessel may be in
                  danger; safety comes before any task."}],
     "source": {"kind": "table", "ref": "samples/interrupts.yaml#10", "ask": "decide"}, "time":
     "2026-04-19T06:58:00Z"}
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from autodidact.errors import Skipped
from autodidact.generators.interrupt_handler import open_book_interrupts
from autodidact.generators.interrupt_handler.full import full_examples as full_examples
from autodidact.generators.interrupt_handler.full import gives_up_its_own
from autodidact.generators.writing import open_book
from autodidact.generators.writing.facts_into_words import Fact, capital, choose, listing, to_examples
from autodidact.knowledge.new_since_earlier_cycles import Compared
from autodidact.records import Example, instant
from autodidact.shipped_tables import read_table
from autodidact.sources.decided_interrupts import settled
from autodidact.sources.interrupts import RESPONSES, Interrupt, InterruptFile, Pattern, read_interrupts
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import fields, named_file, read_text, shown, table
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles

NAME = "interrupt_handler"
CATEGORY = "orchestration"
# Logged tasks that an interrupt of an `any_task` pattern is also put before.
OTHER_TASKS = 12
# Kinds of question about an interrupt before such a task.
OTHER_SHAPES = 3
# Second interrupts of one logged task.
PAIRS = 4

# Shapes of each kind of question about one logged interrupt.
SHAPES = {"decide": 6, "word": 3, "json": 2, "after": 3, "whom": 3, "proposal": 3}

CHOICE = listing(RESPONSES, "or")

_TABLE = read_table(__file__)
ASK = _TABLE["ask"]


@dataclass
class InterruptTable:
    """What the file holds until the end of the window, and its name."""

    file: InterruptFile
    name: str


def read(snapshot: Snapshot) -> InterruptTable:
    """The table of interrupts. Skipped without one, and where nothing can be read of it."""
    path = named_file(snapshot.settings.sources.interrupts, "sources.interrupts")
    Compared(snapshot, "table", {shown(path): read_text(path, Troubles())})
    found = read_interrupts(path, snapshot.troubles)
    if not found.patterns and not found.log:
        columns = listing(f"`{name[:40]}`" for name in fields(table(path, Unread(), "log"))[:20])
        why = (
            f"its columns are {columns}"
            if columns
            else listing(sorted({gap.reason for gap in found.unread.gaps}))
        )
        raise Skipped(f"no interrupt and no pattern can be read of {shown(path)}: {why or 'it is empty'}")
    until = instant(snapshot.until)
    log = [entry for entry in found.log if entry.time is None or entry.time <= until]
    return InterruptTable(replace(found, log=settled(log, snapshot.troubles)), shown(path))


def examples(facts: InterruptTable, snapshot: Snapshot) -> Iterator[Example]:
    """Answers to the interrupts that happened, and the rules behind them."""
    patterns, log, unread = facts.file.patterns, facts.file.log, facts.file.unread
    collected = _FactsByKind(facts.file.effects, unread)
    tasks = sorted({entry.task for entry in log})
    anywhere = [
        entry
        for entry in log
        if entry.pattern and entry.pattern.any_task and not entry.because and not gives_up_its_own(entry)
    ]
    for entry in log:
        rng = snapshot.rng(NAME, entry.ref)
        collected.logged(entry, [pattern.id for pattern in patterns], rng)
        collected.pairs(entry, [other for other in anywhere if other.text != entry.text], rng)
        if entry in anywhere:
            others = [task for task in tasks if task != entry.task]
            for task in rng.sample(others, min(OTHER_TASKS, len(others))):
                collected.moved(entry, task, rng)
    for pattern in patterns:
        collected.rule(pattern)
    collected.responses(patterns, facts.name)
    rows = to_examples(NAME, CATEGORY, choose(collected.groups, snapshot.limit, snapshot.rng(NAME)))
    source = {"kind": "table", "ref": facts.name, "ask": "open book"}
    opened = open_book_interrupts.questions(
        patterns, log, source, snapshot.limit, unread, snapshot.rng(NAME, "open book")
    )
    yield from open_book.mixed(
        rows, (row for category, fact in opened for row in to_examples(NAME, category, [fact]))
    )


class _FactsByKind:
    """The facts, by kind of question."""

    def __init__(self, effects: dict[str, str], unread: Unread):
        self.effects, self.unread = effects, unread
        self.groups: dict[str, list[Fact]] = {}

    def add(
        self, ask: str, user: str, answer: str, ref: str, time: str | None = None, short: bool = False
    ) -> None:
        where = {"kind": "table", "ref": ref, "ask": ask}
        self.groups.setdefault(ask, []).append(Fact(user, answer, where, time=time, short=short))

    def logged(self, entry: Interrupt, ids: list[str], rng: random.Random) -> None:
        """What was done about an interrupt, in some shapes of every kind."""
        self._of(entry, entry.task, rng, {kind: rng.sample(ASK[kind], most) for kind, most in SHAPES.items()})
        if entry.pattern and len(ids) > 1:
            some = rng.sample([name for name in ids if name != entry.pattern.id], min(3, len(ids) - 1))
            for ask in rng.sample(ASK["which"], 2):
                offered = listing(rng.sample([entry.pattern.id, *some], len(some) + 1), "or")
                user = ask.format(ids=offered, task=entry.task, text=entry.text, text_cap=capital(entry.text))
                self.add("which", user, entry.pattern.id, entry.ref, entry.time, short=True)

    def moved(self, entry: Interrupt, task: str, rng: random.Random) -> None:
        """The same interrupt before another task, in a few shapes: the pattern says that the task does not
        matter.
        """
        self._of(
            entry,
            task,
            rng,
            {kind: [rng.choice(ASK[kind])] for kind in rng.sample(list(SHAPES), OTHER_SHAPES)},
            moved="moved ",
        )

    def _of(
        self, entry: Interrupt, task: str, rng: random.Random, shapes: dict[str, list[str]], moved: str = ""
    ) -> None:
        slots = {
            "task": task,
            "text": entry.text,
            "text_cap": capital(entry.text),
            "choice": CHOICE,
            "choice_cap": capital(CHOICE),
            "task_json": json.dumps(task),
            "text_json": json.dumps(entry.text),
        }
        add = partial(self.add, ref=entry.ref, time=entry.time)
        for ask in shapes.get("decide", ()):
            add(f"{moved}decide", ask.format(**slots), reply(entry))
        for ask in shapes.get("word", ()):
            add(f"{moved}word", ask.format(**slots), entry.response, short=True)
        # Whom it goes to may stand where it was not read: then it is not said that it goes to nobody.
        known = entry.to or self.unread.whole(f"to/{entry.ref}")
        for ask in shapes.get("json", ()) if known else ():
            made = {"response": entry.response, "to": entry.to or None, "because": reason(entry)}
            add(f"{moved}json", ask.format(**slots), json.dumps(made, ensure_ascii=False))
        for ask in shapes.get("after", ()) if entry.response in self.effects else ():
            effect = self.effects[entry.response]
            answer = f"{capital(entry.response)}: {effect}." if "go on" in ask else f"{capital(effect)}."
            add(f"{moved}after", ask.format(**slots), answer)
        for ask in shapes.get("whom", ()):
            nobody = self.unread.closed(f"Nobody. {reply(entry)}", f"to/{entry.ref}")
            answer = f"{capital(entry.to)}: {reason(entry)}." if entry.to else nobody
            add(f"{moved}whom", ask.format(**slots), answer)
        for ask in shapes.get("proposal", ()):
            proposed = (
                entry.response
                if rng.random() < 0.4
                else rng.choice([name for name in RESPONSES if name != entry.response])
            )
            answer = f"Yes. {reply(entry)}" if proposed == entry.response else f"No. {reply(entry)}"
            add(
                f"{moved}proposal",
                ask.format(**slots, proposed=proposed, proposed_cap=capital(proposed)),
                answer,
            )

    def pairs(self, entry: Interrupt, others: list[Interrupt], rng: random.Random) -> None:
        """Two interrupts at once: that of the log, and one that is judged the same whatever is running."""
        for other in rng.sample(others, min(PAIRS, len(others))):
            first, second = (entry, other) if rng.random() < 0.5 else (other, entry)
            user = rng.choice(ASK["two"]).format(task=entry.task, first=first.text, second=second.text)
            self.add("two", user, f"1. {reply(first)}\n2. {reply(second)}", entry.ref, entry.time)

    def rule(self, pattern: Pattern) -> None:
        """A pattern as the rule that it is."""
        slots = {"when": pattern.when, "when_cap": capital(pattern.when)}
        answer = decision(pattern.response, pattern.to) + (
            f": {pattern.because}." if pattern.because else "."
        )
        for ask in ASK["rule"]:
            self.add("rule", ask.format(**slots), answer, pattern.ref)
        for ask in ASK["rule_whom"]:
            nobody = self.unread.closed(f"Nobody. {answer}", f"to/{pattern.ref}")
            whom = f"{capital(pattern.to)}: {pattern.because or pattern.when}." if pattern.to else nobody
            self.add("rule whom", ask.format(**slots), whom, pattern.ref)
        for ask in ASK["rule_proposal"]:
            for proposed in RESPONSES:
                right = "Yes" if proposed == pattern.response else "No"
                self.add(
                    "rule proposal", ask.format(**slots, proposed=proposed), f"{right}. {answer}", pattern.ref
                )

    def responses(self, patterns: list[Pattern], name: str) -> None:
        """What each response does and when it is given, and that there are no others."""
        for response in RESPONSES:
            for ask in ASK["means"] if response in self.effects else ():
                self.add("means", ask.format(response=response), f"{capital(self.effects[response])}.", name)
            named = [pattern.when for pattern in patterns if pattern.response == response]
            for ask in ASK["when"] if named else ():
                answer = self.unread.closed(f"When it is this: {'; '.join(named)}.", "patterns")
                self.add("when", ask.format(response=response), answer, name)
        for word in _TABLE["no_response"]:
            for ask in ASK["unknown"]:
                answer = f"There is no `{word}` here. An interrupt is answered with {CHOICE}."
                answer = self.unread.closed(answer, "responses", "patterns", "log")
                self.add("unknown", ask.format(word=word), answer, name)


def decision(response: str, to: str) -> str:
    """The response and to whom it goes."""
    return (
        f"{capital(response)} {to}"
        if response == "ask" and to
        else f"{capital(response)} to {to}"
        if to
        else capital(response)
    )


def reason(entry: Interrupt) -> str:
    """Why it was answered so: what the log says, else the situation and the reason of the pattern."""
    if entry.because or not entry.pattern:
        return entry.because
    return f"{entry.pattern.when}; {entry.pattern.because}" if entry.pattern.because else entry.pattern.when


def reply(entry: Interrupt) -> str:
    """The decision, to whom it goes, and the reason."""
    return f"{decision(entry.response, entry.to)}: {reason(entry)}."
