"""Interrupts in the register `full`: the decision first, then its reason, what becomes of the running task
and who hears of it; rules explained by what really happened; proposals corrected; two interrupts at once.

Effects, reasons and receivers are those of the table. That nobody is called is said only where the table was
read whole.
"""

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.tables import read_table
from autodidact.generators.writing.wording import capital, lower
from autodidact.records import Example, example
from autodidact.sources.interrupts import RESPONSES, Interrupt, Pattern
from autodidact.sources.snapshot import Snapshot

if TYPE_CHECKING:
    from autodidact.generators.interrupt_handler import InterruptTable

NAME = "interrupt_handler"
CATEGORY = "orchestration"

# Other logged tasks before which an interrupt is put that is judged the same whatever was running.
OTHER_TASKS = 3
# What of an interrupt as it was logged is written about; before another task, the first of these.
LOGGED = ("handle", "policy", "message", "proposal", "aftermath", "history")

_TABLE = read_table(__file__, "full.yaml")


def full_examples(facts: "InterruptTable", snapshot: Snapshot) -> Iterator[Example]:
    """What happened and how it was handled, kind by kind; then the rules."""
    writer, log = _Writer(facts), facts.file.log
    made = [
        writer.write(kind, entry, entry.task, snapshot.rng(NAME, "full", entry.ref, kind))
        for kind in LOGGED
        for entry in log
    ]
    anywhere = [entry for entry in log if _any_task(entry)]
    for entry in anywhere:
        rng = snapshot.rng(NAME, "full", entry.ref, "moved")
        tasks = sorted({other.task for other in log} - {entry.task})
        for task in rng.sample(tasks, min(OTHER_TASKS, len(tasks))):
            made.append(writer.write(rng.choice(LOGGED[:4]), entry, task, rng))
    for entry in log:
        rng = snapshot.rng(NAME, "full", entry.ref, "two")
        if others := [other for other in anywhere if other.text != entry.text]:
            made.append(writer.two(entry, rng.choice(others), rng))
    for pattern in facts.file.patterns:
        rng = snapshot.rng(NAME, "full", pattern.ref)
        made += [writer.rule(pattern, shape, log, rng) for shape in _TABLE["rule"]]
    rows = [row for row in made if row]
    snapshot.rng(NAME, "full").shuffle(rows)
    yield from rows[: snapshot.limit]


def _any_task(entry: Interrupt) -> bool:
    return bool(entry.pattern and entry.pattern.any_task and not entry.because)


def verb(response: str, to: str) -> str:
    """`escalate this to control-room`."""
    shape: str = _TABLE["verbs"][response]["to" if to else "alone"]
    return shape.format(to=to)


def why(entry: Interrupt, rng: random.Random) -> str:
    """`people may be in danger, and safety comes before any task`; what the log says where it says why."""
    if entry.because or not entry.pattern:
        return entry.because
    rule = entry.pattern
    shapes = _TABLE["why"]["reasoned" if rule.because else "bare"]
    shape: str = rng.choice(shapes)
    return shape.format(when=rule.when, because=lower(rule.because))


class _Writer:
    """Writes about the entries of one table."""

    def __init__(self, facts: "InterruptTable"):
        self.effects, self.unread, self.name = facts.file.effects, facts.file.unread, facts.name
        self.patterns = facts.file.patterns

    def _slots(self, entry: Interrupt, task: str, rng: random.Random) -> dict[str, str]:
        effect = self.effects.get(entry.response, "")
        reason = why(entry, rng)
        nobody = self.unread.closed("Nobody has to be called for it.", f"to/{entry.ref}")
        return {
            "task": task,
            "text": entry.text,
            "Text": capital(entry.text),
            "response": entry.response,
            "verb": verb(entry.response, entry.to),
            "Verb": capital(verb(entry.response, entry.to)),
            "why": reason,
            "Why": capital(reason),
            "effect": effect,
            "Effect": capital(effect),
            "to": entry.to,
            "whom": f"It goes to {entry.to}." if entry.to else nobody,
            "day": (entry.time or "")[:10],
        }

    def write(self, kind: str, entry: Interrupt, task: str, rng: random.Random) -> Example | None:
        """One kind of text about an entry; None where the table does not hold what that needs."""
        slots = self._slots(entry, task, rng)
        more: dict[str, Any] = {}
        if (
            not slots["why"]
            or (kind == "message" and not entry.to)
            or (kind == "history" and not slots["day"])
        ):
            return None
        shapes = _TABLE[kind]
        if kind == "proposal":
            others = [name for name in RESPONSES if name != entry.response and name in self.effects]
            proposed = rng.choice(others) if others else ""
            slots |= {"proposed": proposed, "other": self.effects.get(proposed, "")}
        if kind == "policy":
            more["system"] = self._policy()
        if kind == "aftermath":
            asked = rng.choice(_TABLE["handle"]["ask"]).format(**slots)
            answer = f"{slots['Verb']}: {slots['why']}."
            more["history"] = [user(asked), assistant(answer)]
        answers = [say for say in shapes["say"] if _has_all(say, slots)]
        if not answers or (kind == "policy" and not more["system"]):
            return None
        ask = rng.choice(shapes["ask"]).format(**slots)
        return self._row(kind, ask, rng.choice(answers).format(**slots), entry.ref, entry.time, **more)

    def two(self, entry: Interrupt, other: Interrupt, rng: random.Random) -> Example | None:
        """That of the log, and one that is judged the same whatever is running."""
        first, second = (entry, other) if rng.random() < 0.5 else (other, entry)
        a, b = self._slots(first, entry.task, rng), self._slots(second, entry.task, rng)
        if not a["why"] or not b["why"]:
            return None
        slots = {"task": entry.task} | {f"{key}1": value for key, value in a.items()}
        slots |= {f"{key}2": value for key, value in b.items()}
        ask, say = (rng.choice(_TABLE["two"][part]).format(**slots) for part in ("ask", "say"))
        return self._row("two", ask, say, entry.ref, entry.time)

    def rule(
        self, pattern: Pattern, shape: dict[str, str], log: list[Interrupt], rng: random.Random
    ) -> Example | None:
        """A pattern as the rule that it is, with a case of it from the log."""
        cases = [entry for entry in log if entry.pattern == pattern and entry.response == pattern.response]
        case = rng.choice(cases) if cases else None
        day = case.time[:10] if case and case.time else ""
        slots = {
            "when": pattern.when,
            "When": capital(pattern.when),
            "verb": verb(pattern.response, pattern.to),
            "Verb": capital(verb(pattern.response, pattern.to)),
            "because": lower(pattern.because),
            "Because": capital(pattern.because),
            "effect": self.effects.get(pattern.response, ""),
            "case": f'"{case.text}", while the orchestrator was {case.task}' if case else "",
            "day": day,
        }
        if not _has_all(shape["ask"] + shape["say"], slots):
            return None
        return self._row("rule", shape["ask"].format(**slots), shape["say"].format(**slots), pattern.ref)

    def _policy(self) -> str:
        """All rules as a system prompt; empty where they were not read whole, or are none."""
        lines = [
            f"- When it is this: {one.when}. Then: {verb(one.response, one.to)}."
            + (f" Reason: {one.because}." if one.because else "")
            for one in self.patterns
        ]
        lead: str = _TABLE["policy"]["system"]
        return self.unread.closed(lead + "\n" + "\n".join(lines), "patterns") if lines else ""

    def _row(self, kind: str, ask: str, say: str, ref: str, time: str | None = None, **more: Any) -> Example:
        return example(
            NAME, CATEGORY, ask, say, {"kind": "table", "ref": ref, "ask": kind}, time=time, **more
        )


def _has_all(text: str, slots: dict[str, str]) -> bool:
    return not any("{" + name + "}" in text for name, value in slots.items() if not value)
