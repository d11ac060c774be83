"""Interrupts in the register `full`: the decision first, then its rule with the reason that the table gives;
rules explained by what really happened; proposals corrected; two interrupts at once.

What the table says of a task, an interrupt, a rule and a reason is quoted as it stands there: it may be no
sentence, and a reason is one for the rule and not for each case of it.
"""

import random
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autodidact.generators.writing.facts_into_words import capital
from autodidact.records import Example, example
from autodidact.shipped_tables import read_table
from autodidact.sources.interrupts import RESPONSES, Interrupt, Pattern
from autodidact.sources.snapshot import Snapshot

if TYPE_CHECKING:
    from autodidact.generators.interrupt_handler import InterruptTable

NAME = "interrupt_handler"
CATEGORY = "orchestration"

# Other logged tasks before which an interrupt is put that is judged the same whatever was running.
OTHER_TASKS = 3
# What of an interrupt as it was logged is written about; before another task, the first of these.
LOGGED = ("handle", "policy", "message", "proposal", "history")

# Of two interrupts, one with strength decides about the task if the other has none.
STRENGTH = {"resume": 0, "queue": 0, "ask": 1, "drop": 1, "escalate": 1}
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
# What tells of something that went wrong or grew too much: that it is no matter for a task is known of the
# task in the log alone, and even there not why.
_TROUBLE = re.compile(
    r"\b(?:refus\w+|fail\w*|errors?|down|dead|gone|broken?|lost|missing|over|above|limits?|alarms?"
    r"|time[sd]? ?out|timeouts?|unreachable|unavailable|offline"
    r"|stopp?ed|stands?|stuck|crash\w*|leak\w*|full|late|delayed|closed"
    r"|overheat\w*|not (?:answer|respond|reach|work)\w*|5\d\d|km/h|exceed\w*|below|hurt|injur\w*)\b",
    re.IGNORECASE,
)

# Words that a person is called by, and words before which no article stands.
_PERSON = re.compile(r"\b(?:\w+(?:er|or|ist)|nurse|chief|head|lead|registrar|clerk|technician)\b")
_IN_WORDS = re.compile(
    r"(?:the|an?|that|this|these|those|his|her|its|their|who\w*|our|your|my|both|all|any\w*|some\w*|every\w*|each"
    r"|nobody|them|him|us|me)\b"
)
# Words that point to the task or to what was said before: "translate them too" means nothing in another one.
_POINTS_TO_TASK = re.compile(
    r"\b(?:it|its|them|they|their|that|this|these|those|too|also|as well|again|instead|then|the other|same"
    r"|one of|auch|aussi|también|também|anche|też|také)\b",
    re.IGNORECASE,
)
# Words and numbers that name a matter.
_TELLING = re.compile(r"[^\W\d_]{4,}|\w*\d\w*")
# Receivers of whom it is one, and those whom only the case names.
_SEVERAL = re.compile(r",| (?:or|if|unless|when) ")
_POINTS = re.compile(r"(?:them|him|her|us|me|it|his|their|its|that person)\b")

_TABLE = read_table(__file__, "full.yaml")


def full_examples(facts: "InterruptTable", snapshot: Snapshot) -> Iterator[Example]:
    """What happened and how it was handled, kind by kind; then the rules."""
    writer = _Writer(facts)
    log = [
        entry
        for entry in facts.file.log
        if one_receiver(entry.to) and not unexplained(entry) and not speaks_of_receiver(entry)
    ]
    made = [
        writer.write(kind, entry, entry.task, snapshot.rng(NAME, "full", entry.ref, kind))
        for kind in LOGGED
        for entry in log
    ]
    anywhere = [entry for entry in log if holds_anywhere(entry)]
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


def speaks_of_receiver(entry: Interrupt) -> bool:
    """Whether it names whoever has to be asked: "Werkmeister is ill" is no matter to ask that person."""
    return bool(entry.to) and entry.to.lower() in entry.text.lower()


def holds_anywhere(entry: Interrupt) -> bool:
    """Whether it would be judged the same during another task, and says the same there."""
    rule = entry.pattern
    judged = rule is not None and rule.any_task and not entry.because
    return judged and not _POINTS_TO_TASK.search(entry.text) and not gives_up_its_own(entry)


def gives_up_its_own(entry: Interrupt) -> bool:
    """Whether a task is given up for something that the interrupt says of it by name: "the newsletter was put
    off" ends the mailing of the newsletter, and no other task.
    """
    of_task, said = (set(_TELLING.findall(text.casefold())) for text in (entry.task, entry.text))
    return entry.response == "drop" and bool(of_task & said)


def one_receiver(to: str) -> bool:
    """Whether it is known who is meant: of "registrar or head of retail" and of "zuza, otto if she sleeps" it
    is one of two, and "its owner" is known in the case alone.
    """
    if _POINTS.match(to):
        return False
    return not _SEVERAL.search(to) or in_words(to)


def in_words(to: str) -> bool:
    """Whether a receiver is described, not named: "whoever owns it"."""
    return re.search(r"\b(?:who\w*|that|which)\b", to) is not None


def verb(response: str, to: str) -> str:
    """`escalate it to control-room`, with a name as code."""
    shape: str = _TABLE["verbs"][response]["to" if to else "alone"]
    return shape.format(to=whom(to))


def whom(to: str) -> str:
    """Who hears of it: a role of a person, or somebody of a team, with an article (`the duty editor`, `the
    on-call of that team`), a name with a capital and what is told in words (`whoever gave the task`) as they
    are; anything else as code, because it may be a team or a rota (`hardware on call`).
    """
    for word in (" or ", " and "):
        if word in to and (word == " and " or not one_receiver(to)) and not in_words(to):
            return word.join(map(whom, to.split(word)))
    if not to or to[:1].isupper() or _IN_WORDS.match(to) or _SEVERAL.search(to):
        return to
    return f"the {to}" if " of " in to or (" " in to and _PERSON.search(to)) else f"`{to}`"


def holds(because: str, text: str) -> bool:
    """Whether the reason of a rule is one for this interrupt: not "it has no deadline" where one is named."""
    return not (_NO_DEADLINE.search(because) and _DEADLINE.search(text))


class _Writer:
    """Writes about the entries of one table."""

    def __init__(self, facts: "InterruptTable"):
        self.effects, self.unread, self.patterns = facts.file.effects, facts.file.unread, facts.file.patterns
        self.log = facts.file.log

    def _slots(self, entry: Interrupt, task: str) -> dict[str, str]:
        rule = None if entry.because else entry.pattern
        day = (entry.time or "")[:10]
        at_work = [(one.task, (one.time or "")[:10]) for one in self.log]
        slots = {
            "task": task,
            "text": entry.text,
            "response": entry.response,
            "verb": (done := verb(entry.response, entry.to)),
            "Verb": capital(done),
            "own": entry.because,
            "when": rule.when if rule else "",
            "because": rule.because if rule and holds(rule.because, entry.text) else "",
            "to": whom(entry.to),
            "mild": _TABLE["mild"].get(entry.response, ""),
            "day": day,
            # A day on which the task was interrupted by nothing else.
            "only_day": day if at_work.count((entry.task, day)) == 1 else "",
        }
        # Most of them stand in quotes.
        return {name: value.replace('"', "'") for name, value in slots.items()}

    def write(self, kind: str, entry: Interrupt, task: str, rng: random.Random) -> Example | None:
        """One kind of text about an entry; None where the table does not hold what that needs."""
        # Nobody can send a message to "whoever owns it" or "the owner of the service", or to "Georg + 112".
        if kind == "message" and (in_words(entry.to) or re.search(r"owner|[+&]", entry.to.lower())):
            return None
        slots = self._slots(entry, task)
        goes_on = entry.response in GOES_ON
        others = [
            name
            for name in RESPONSES
            if name != entry.response and name in self.effects and not (goes_on and name in GOES_ON)
        ]
        proposed = rng.choice(others) if others else ""
        slots |= {"proposed": proposed, "other": self.effects.get(proposed, "")}
        system = self._policy() if kind == "policy" else None
        said = _said(_TABLE[kind], entry.response, slots, rng)
        if not said or system == "":
            return None
        return self._row(kind, *said, entry.ref, entry.time, system=system)

    def two(self, entry: Interrupt, other: Interrupt, rng: random.Random) -> Example | None:
        """That of the log, and one that is judged the same whatever is running, where it is clear which of
        them decides about the task: the other one only waits in the queue, or needs nothing, and nobody hears
        of it.
        """
        strong, weak = sorted((entry, other), key=lambda one: STRENGTH[one.response], reverse=True)
        if STRENGTH[strong.response] == 0 or weak.response not in _TABLE["mild"] or weak.to:
            return None
        slots = {"task": entry.task}
        for number, one in ((1, strong), (2, weak)):
            slots |= {f"{name}{number}": value for name, value in self._slots(one, entry.task).items()}
        slots["a"], slots["b"] = rng.sample((entry.text, other.text), 2)
        said = _said(_TABLE["two"], strong.response, slots, rng)
        return self._row("two", *said, entry.ref, entry.time) if said else None

    def rule(
        self, pattern: Pattern, shape: dict[str, str], log: list[Interrupt], rng: random.Random
    ) -> Example | None:
        """A pattern as the rule that it is, with a case of it from the log."""
        cases = [
            entry
            for entry in log
            if entry.pattern == pattern
            and entry.response == pattern.response
            and entry.time
            and not entry.because
            and holds(pattern.because, entry.text)
        ]
        if not cases:
            return None
        case = rng.choice(cases)
        slots = self._slots(case, case.task) | {"verb": verb(pattern.response, pattern.to)}
        if not _has_all(shape["ask"] + shape["say"], slots):
            return None
        return self._row("rule", shape["ask"].format(**slots), shape["say"].format(**slots), pattern.ref)

    def _policy(self) -> str:
        """All rules as a system prompt; empty where they were not read whole, or are none."""
        lines = [
            f"- {one.when}: {verb(one.response, one.to)}" + (f" (reason: {one.because})" * bool(one.because))
            for one in self.patterns
        ]
        lead: str = _TABLE["system"]
        return self.unread.closed(lead + "\n" + "\n".join(lines), "patterns") if lines else ""

    def _row(self, kind: str, ask: str, say: str, ref: str, time: str | None = None, **more: Any) -> Example:
        return example(
            NAME, CATEGORY, ask, say, {"kind": "table", "ref": ref, "ask": kind}, time=time, **more
        )


def _said(
    groups: Sequence[dict[str, Any]], response: str, slots: dict[str, str], rng: random.Random
) -> tuple[str, str] | None:
    """A question and an answer of one group that is for this response; None where no group has its slots."""
    found = []
    for group in groups:
        asks, says = ([text for text in group[part] if _has_all(text, slots)] for part in ("ask", "say"))
        # An answer without a reason is for rules that have none.
        fits = response in group.get("of", RESPONSES) and not (group.get("bare") and slots["because"])
        if asks and says and fits:
            found.append((asks, says))
    if not found:
        return None
    asks, says = rng.choice(found)
    return rng.choice(asks).format(**slots), rng.choice(says).format(**slots)


def _has_all(text: str, slots: dict[str, str]) -> bool:
    """Whether every slot of a text is filled."""
    return not any("{" + name + "}" in text for name, value in slots.items() if not value)
