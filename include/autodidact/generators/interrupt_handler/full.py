"""Interrupts in the register `full`: the decision first, then its reason, what becomes of the running task
and who hears of it; rules explained by what really happened; proposals corrected; two interrupts at once.

Effects, reasons and receivers are those of the table. That nobody is called is said only where the table was
read whole.
"""

import random
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autodidact.generators.interrupt_handler.reason_phrases import (
    adds_to_asking,
    is_clause,
    one_receiver,
    why,
)
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.facts_into_words import capital, lower
from autodidact.generators.writing.word_tables import read_table
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

# Of two interrupts, one with strength decides about the task if the other has none.
STRENGTH = {"resume": 0, "queue": 0, "ask": 1, "drop": 1, "escalate": 1}
# Responses for which nobody has to be called where none is named.
QUIET = ("resume", "drop", "queue")
# Responses after which the running task goes on: between them a reader sees no difference for it.
GOES_ON = ("resume", "queue")

# A reason that denies a deadline, and words of an interrupt that set one.
_NO_DEADLINE = re.compile(r"\b(?:no|without an?y?|not an?y?) (?:deadline|due date|time limit)\b", re.I)
_DEADLINE = re.compile(
    r"\b(?:today|tonight|tomorrow|deadline|due|urgent\w*|asap|at once|immediately|right now|noon|midnight"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:this|next) (?:morning|afternoon|evening|week|month)"
    r"|(?:within|until|before|by) (?:the |an? )?(?:\d+|end|hour|day|week|month)"
    r"|\d{1,2}:\d\d|\d{4}-\d\d-\d\d)\b",
    re.I,
)

_NO_DOING = frozenset("morning evening everything something anything nothing spring string sibling".split())
# A clause with a subject of its own.
_SENTENCE = re.compile(
    r"(?:the|an?|it|its|this|that|these|those|they|we|i|you|he|she|nothing|nobody|somebody|everything"
    r"|work|our"
    r"|your|both|all)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|every one|any|all) of (?:them|these|those)\b", re.IGNORECASE)
# What tells of something that went wrong or grew too much: that it is no matter for a task is known of the
# task in the log alone, and even there not why.
_TROUBLE = re.compile(
    r"\b(?:refus\w+|fail\w*|errors?|down|dead|gone|broken?|lost|missing|over|above|limits?|alarms?"
    r"|time[sd]? ?out|timeouts?|unreachable|unavailable|offline"
    r"|stopp?ed|stands?|stuck|crash\w*|leak\w*|full|late|delayed|closed"
    r"|overheat\w*|not (?:answer|respond|reach|work)\w*|5\d\d|km/h|exceed\w*|below|hurt|injur\w*)\b",
    re.IGNORECASE,
)

_TABLE = read_table(__file__, "full.yaml")


def full_examples(facts: "InterruptTable", snapshot: Snapshot) -> Iterator[Example]:
    """What happened and how it was handled, kind by kind; then the rules."""
    writer, log = _Writer(facts), facts.file.log
    made = [
        writer.write(kind, entry, entry.task, snapshot.rng(NAME, "full", entry.ref, kind))
        for kind in LOGGED
        for entry in log
        if kind == "history" or not unexplained(entry)
    ]
    anywhere = [entry for entry in log if _any_task(entry) and not unexplained(entry)]
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


def unexplained(entry: Interrupt) -> bool:
    """Whether it tells of trouble and was yet passed over, for a reason that the table does not give."""
    return entry.response == "resume" and not entry.because and _TROUBLE.search(entry.text) is not None


def _any_task(entry: Interrupt) -> bool:
    return bool(entry.pattern and entry.pattern.any_task and not entry.because)


def verb(response: str, to: str) -> str:
    """`escalate it to control-room`, with a name of one word as code."""
    shape: str = _TABLE["verbs"][response]["to" if to else "alone"]
    return shape.format(to=whom(to))


def whom(to: str) -> str:
    """A name of one word as code: it is one that the system has; others (`whoever gave the task`) as they
    are, a role with its article (`the duty editor`).
    """
    if not to or " " not in to:
        return f"`{to}`" if to else ""
    if not one_receiver(to):
        either = to.split(" or ")
        roles = any(" " in one for one in either)  # beside "head of retail" a "registrar" is a role too
        return " or ".join(
            f"the {one}" if roles and one.isalpha() and one.islower() else whom(one) for one in either
        )
    role = to[:1].islower() and not re.match(
        r"(?:the|an?|who\w*|our|your|my|both|all|any\w*|some\w*|every\w*|each|nobody)\b", to
    )
    return f"the {to}" if role else to


def holds(because: str, text: str) -> bool:
    """Whether the reason of a rule is one for this interrupt: not "it has no deadline" where one is named."""
    return not (_NO_DEADLINE.search(because) and _DEADLINE.search(text))


def is_doing(task: str) -> bool:
    """Whether a task is what one does ("selling passes"), and no thing ("the duty list")."""
    first = task.split(" ", 1)[0].lower()
    return len(first) > 5 and first.endswith("ing") and first not in _NO_DOING


def doing(task: str) -> str:
    """What somebody is who has a task: "selling passes", "busy with the duty list"."""
    return task if is_doing(task) else f"busy with {task}"


def effect_of(response: str, effect: str, hypothetical: bool = False) -> str:
    """What becomes of the task, as a sentence: as it stands where the table has one ("the task goes on"),
    else with the response that it explains ("stop and do not finish").
    """
    if not effect or _SENTENCE.match(effect):
        return f"with `{response}`, {effect}" if effect and hypothetical else effect
    return f"`{response}` {'would mean' if hypothetical else 'means'}: {effect}"


def reason(because: str) -> str:
    """The reason of a rule as a clause, without a plural that one interrupt gives nothing for."""
    named = re.match(r"[A-Z]\w+ [A-Z]", because)  # "Maeve Branagh signs"
    return _EACH.sub("each such interrupt", because if named else lower(because))


def _reasons(because: str) -> dict[str, str]:
    """The slots of a reason: behind a statement, by itself (in quotes where it is no clause), as a clause."""
    clause = because if is_clause(because) else ""
    return {"why": why(because), "because": clause or (because and f'"{because}"'), "clause": clause}


class _Writer:
    """Writes about the entries of one table."""

    def __init__(self, facts: "InterruptTable"):
        self.effects, self.unread, self.name = facts.file.effects, facts.file.unread, facts.name
        self.patterns = facts.file.patterns

    def _slots(self, entry: Interrupt, task: str) -> dict[str, str]:
        effect, rule = self.effects.get(entry.response, ""), entry.pattern
        nobody = self.unread.closed("Nobody has to be called for it.", f"to/{entry.ref}")
        quiet = not entry.to and entry.response in QUIET
        because = entry.because or (reason(rule.because) if rule and holds(rule.because, entry.text) else "")
        return {
            "task": task,
            "Task": capital(task),
            "text": entry.text,
            "Text": capital(entry.text),
            "response": entry.response,
            "verb": (done := verb(entry.response, entry.to)),
            "Verb": capital(done),
            **_reasons(because),
            "own": why(entry.because),
            "when": rule.when if rule and not entry.because else "",
            "effect": (shown := effect_of(entry.response, effect)),
            "Effect": capital(shown),
            "raw": effect,
            "Raw": capital(effect),
            "doing": doing(task),
            "go_on": f"go on {'' if is_doing(task) else 'with '}{task}",
            "to": whom(entry.to),
            "nobody": nobody if quiet else "",
            "mild": _TABLE["mild"].get(entry.response, ""),
            "day": (entry.time or "")[:10],
        }

    def write(self, kind: str, entry: Interrupt, task: str, rng: random.Random) -> Example | None:
        """One kind of text about an entry; None where the table does not hold what that needs, or names two
        receivers and not which of them this case is for.
        """
        if not one_receiver(entry.to):
            return None
        slots = self._slots(entry, task)
        groups = _TABLE[kind] if slots["because"] else _TABLE["bare"].get(kind, ())
        more: dict[str, Any] = {}
        goes_on = entry.response in GOES_ON
        others = [
            name
            for name in RESPONSES
            if name != entry.response and name in self.effects and not (goes_on and name in GOES_ON)
        ]
        proposed = rng.choice(others) if others else ""
        other = self.effects.get(proposed, "")
        other = other and effect_of(proposed, other, hypothetical=True)
        slots |= {"proposed": proposed, "other": other, "Other": capital(other)}
        if kind == "policy":
            more["system"] = self._policy()
        if kind == "aftermath":
            if entry.response == "ask" and not adds_to_asking(slots["raw"]):
                slots["raw"] = slots["Raw"] = ""  # "I ask before going on" has said that
            # The answer says nothing of the running task, so its question does not ask for that.
            asks = [ask for ask in _TABLE["handle"][0]["ask"] if "what happens to" not in ask]
            asked = rng.choice(asks).format(**slots)
            answer = f"I {slots['verb']}{slots['why']}."
            more["history"] = [user(asked), assistant(answer)]
        said = _said(groups, entry.response, slots, rng)
        if not said or (kind == "policy" and not more["system"]):
            return None
        return self._row(kind, *said, entry.ref, entry.time, **more)

    def two(self, entry: Interrupt, other: Interrupt, rng: random.Random) -> Example | None:
        """That of the log, and one that is judged the same whatever is running, where it is clear which of
        them decides about the task: the other one only waits in the queue, or needs nothing.
        """
        strong, weak = sorted((entry, other), key=lambda one: STRENGTH[one.response], reverse=True)
        known = one_receiver(entry.to) and one_receiver(other.to)
        if STRENGTH[strong.response] == 0 or weak.response not in _TABLE["mild"] or not known:
            return None
        slots = {"task": entry.task, "doing": doing(entry.task)}
        for number, one in ((1, strong), (2, weak)):
            slots |= {f"{name}{number}": value for name, value in self._slots(one, entry.task).items()}
        a, b = rng.sample((entry.text, other.text), 2)
        slots |= {"a": a, "A": capital(a), "b": b}
        said = _said(_TABLE["two"], strong.response, slots, rng)
        return self._row("two", *said, entry.ref, entry.time) if said else None

    def rule(
        self, pattern: Pattern, shape: dict[str, Any], log: list[Interrupt], rng: random.Random
    ) -> Example | None:
        """A pattern as the rule that it is, with a case of it from the log."""
        cases = [
            entry
            for entry in log
            if entry.pattern == pattern
            and entry.response == pattern.response
            and holds(pattern.because, entry.text)
            and not unexplained(entry)
        ]
        case = rng.choice(cases) if cases else None
        day = case.time[:10] if case and case.time else ""
        slots = {
            "when": pattern.when,
            "When": capital(pattern.when),
            "verb": verb(pattern.response, pattern.to),
            **_reasons(reason(pattern.because)),
            "Effect": capital(effect_of(pattern.response, self.effects.get(pattern.response, ""))),
            "case": f'"{case.text}", while the orchestrator was {doing(case.task)}' if case else "",
            "day": day,
        }
        if not _is_for(shape, pattern.response) or not _has_all(shape["ask"] + shape["say"], slots):
            return None
        return self._row("rule", shape["ask"].format(**slots), shape["say"].format(**slots), pattern.ref)

    def _policy(self) -> str:
        """All rules as a system prompt; empty where they were not read whole, or are none."""
        lines = [
            f"- {capital(one.when)}: {verb(one.response, one.to)}" + f"{why(reason(one.because))}."
            for one in self.patterns
        ]
        lead: str = _TABLE["system"]
        return self.unread.closed(lead + "\n" + "\n".join(lines), "patterns") if lines else ""

    def _row(self, kind: str, ask: str, say: str, ref: str, time: str | None = None, **more: Any) -> Example:
        return example(
            NAME, CATEGORY, ask, say, {"kind": "table", "ref": ref, "ask": kind}, time=time, **more
        )


def _said(
    groups: Sequence[dict[str, list[str]]], response: str, slots: dict[str, str], rng: random.Random
) -> tuple[str, str] | None:
    """A question and an answer of one group that is for this response; None where no group has its slots."""
    found = []
    for group in groups:
        asks, says = ([text for text in group[part] if _has_all(text, slots)] for part in ("ask", "say"))
        if asks and says and _is_for(group, response):
            found.append((asks, says))
    if not found:
        return None
    asks, says = rng.choice(found)
    return rng.choice(asks).format(**slots), rng.choice(says).format(**slots)


def _is_for(group: dict[str, Any], response: str) -> bool:
    return response in group.get("of", RESPONSES)


def _has_all(text: str, slots: dict[str, str]) -> bool:
    return not any("{" + name + "}" in text for name, value in slots.items() if not value)
