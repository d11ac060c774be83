"""What to do when something interrupts a running task: go on, drop the task, queue the interrupt, ask, or
escalate; and why.

Source: `sources.interrupts`, a YAML or JSON file with `patterns` (id, when, response, because, to, any_task),
a `log` of interrupts that really happened (task, interrupt, response, pattern or reason, time) and what the
`responses` do; or a log alone as JSON lines or CSV (sources/interrupts.py says which other names of columns
are understood). Kinds: the decision with its reason, as one word, as JSON, what becomes of the task, whom to
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
from dataclasses import dataclass

from autodidact.generators.interrupt_handler import comprehension
from autodidact.generators.writing import in_context
from autodidact.generators.writing.wording import Fact, capital, choose, listing, to_examples
from autodidact.knowledge.facts import Compared
from autodidact.records import Example, instant
from autodidact.sources.interrupts import RESPONSES, Interrupt, Pattern, read_interrupts
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import named_file, read_text, shown
from autodidact.stage import Troubles

NAME = "interrupt_handler"
CATEGORY = "orchestration"
# Logged tasks that an interrupt of an `any_task` pattern is also put before.
OTHER_TASKS = 12
# Kinds of question about an interrupt before such a task.
OTHER_SHAPES = 3
# Second interrupts of one logged task.
PAIRS = 4

CHOICE = listing(RESPONSES, "or")
DECIDE = (
    "Running: {task}\nInterrupt: {text}\nWhat do you do?",
    "While you are {task}, this comes in: {text}. " + capital(CHOICE) + "? Say why.",
    "You are {task}. New message: {text}. Your decision?",
    "{text_cap}. This arrives while you are {task}. How do you react?",
    "[task] {task}\n[event] {text}\nDecide and give the reason.",
    "In the middle of {task}: {text}. What now?",
    "An interrupt: {text}. The task that runs: {task}. Go on, or not?",
    "busy with = {task}\nsignal = {text}\nresponse and reason =",
    "Half way through {task} somebody tells you: {text}. Handle it.",
    (
        "Your queue shows {task} as running. Then a line appears: {text}. Which way do you go, and for what"
        " reason?"
    ),
    "Event log\n- started {task}\n- received: {text}\nNext entry?",
    "Would you stop {task} for this: {text}? Explain your choice in one line.",
    "I have just heard: {text}. You still have {task} open. Tell me what happens next.",
    "Orchestrator, current job is {task}; incoming: {text}. Triage it.",
    "Something cuts in ({text}) before {task} is done. Act.",
    "Picture it: {task}, nearly finished, and then {text}. Right reaction, and why?",
)
WORD = (
    "Task: {task}\nInterrupt: {text}\nOne word: {choice}?",
    "You are {task}, then: {text}. Answer with one of {choice}.",
    "Classify the interrupt ({choice}).\ntask={task}\ninterrupt={text}",
    "{text_cap} (during {task}). Only the label, {choice}:",
    "Pick {choice} for an orchestrator that is {task} and hears: {text}",
    "Label set: {choice}. Situation: {task}; then {text}. Label?",
    "No explanation, please. At work: {task}. Heard: {text}. So, {choice}?",
)
AS_JSON = (
    'Answer as JSON with the keys "response", "to" and "because".\nTask: {task}\nInterrupt: {text}',
    '{{"task": {task_json}, "interrupt": {text_json}}}\nReturn {{"response", "to", "because"}}.',
    (
        'Decide as a machine would read it: an object of "response", "to", "because". Running is {task}; in'
        " comes {text}."
    ),
    "Fill response, to and because (JSON) for this event: {text}. At work on: {task}.",
)
AFTER = (
    "You were {task} when this came in: {text}. What becomes of the task?",
    "{text_cap}. What happens to the running task ({task})?",
    "Does {task} go on after this: {text}?",
    "What is the fate of {task} once this is known: {text}?",
    "{text_cap}. Where does that leave {task}?",
    "Somebody reports: {text}. And the work on hand, {task}?",
)
WHOM = (
    "You are {task}. {text_cap}. Whom do you turn to?",
    "Task: {task}\nInterrupt: {text}\nWho has to know, if anybody?",
    "Is there a person to call for this, and who: {text}? At work on {task}.",
    "{text_cap}. You have {task} open. Does anybody get a message from you?",
    "Who hears of it from you: {text}? The task is {task}.",
)
PROPOSAL = (
    "You are {task}. This comes in: {text}. I would say: {proposed}. Right?",
    "Task: {task}\nInterrupt: {text}\nProposed response: {proposed}. Confirm or correct it.",
    "{text_cap}, while {task}. {proposed_cap}, I suppose?",
    "A colleague was {task} when this came in: {text}. The choice was {proposed}. Correct?",
    "Check my handling. Running: {task}. Event: {text}. I picked {proposed}.",
    "In the middle of {task} this came in: {text}. The draft of the answer says {proposed}. Keep it?",
)
TWO = (
    "Running: {task}\nTwo things come in: (1) {first}; (2) {second}.\nWhat do you do about each?",
    "You are {task}.\n1. {first}\n2. {second}\nDecide both.",
    "Both at once while {task}: first {first}, then {second}. One line for each.",
    "Inbox during {task}: 1) {first} 2) {second}. Sort them out, numbered.",
)
RULE = (
    "What is the rule for this interrupt: {when}?",
    "A task is running. Then: {when}. What now?",
    "How is {when} handled while a task runs?",
    "Rule for: {when}",
    "Something comes in: {when}. Response and reason?",
    "{when_cap}. What does our policy say?",
    "Teach a new colleague what to do about {when}.",
)
RULE_PROPOSAL = (
    "When it is {when}, do I answer with {proposed}?",
    "{when_cap}: that means {proposed}, right?",
    "Is it correct for {when} to choose {proposed}?",
)
RULE_WHOM = (
    "Who is called when it is this: {when}?",
    "{when_cap}. To whom does that go?",
    "Which person, if any, deals with {when}?",
)
WHICH = (
    "Which pattern does this interrupt fall under ({ids})?\nTask: {task}\nInterrupt: {text}",
    "Label the interrupt with one of {ids}.\n{text} (during: {task})",
    "{text_cap}, said to somebody who is {task}. File it as {ids}.",
)
MEANS = (
    "What does {response} mean for the running task?",
    "I answer an interrupt with {response}. What happens to the task?",
)
WHEN = ("When do you answer an interrupt with {response}?", "Which interrupts lead to {response}?")
NO_RESPONSE = ("snooze", "ignore", "retry", "delegate", "restart", "panic", "wait", "merge")
UNKNOWN = (
    "When do you answer an interrupt with {word}?",
    "An interrupt came in. Shall I {word} it?",
    "What does {word} do to the running task?",
)
SHAPES = {"decide": DECIDE, "word": WORD, "json": AS_JSON, "after": AFTER, "whom": WHOM, "proposal": PROPOSAL}
ASKED = {
    "decide": 6,
    "word": 3,
    "json": 2,
    "after": 3,
    "whom": 3,
    "proposal": 3,
}  # shapes of one logged interrupt


@dataclass
class InterruptTable:
    """The patterns, the interrupts that happened until the end of the window, what each response does to the
    running task, and the name of the file.
    """

    patterns: list[Pattern]
    log: list[Interrupt]
    effects: dict[str, str]
    name: str


def read(snapshot: Snapshot) -> InterruptTable:
    """The table of interrupts. Skipped without one."""
    path = named_file(snapshot.settings.sources.interrupts, "sources.interrupts")
    Compared(snapshot, "table", {shown(path): read_text(path, Troubles())})
    patterns, log, effects = read_interrupts(path, snapshot.troubles)
    until = instant(snapshot.until)
    log = [entry for entry in log if entry.time is None or entry.time <= until]
    return InterruptTable(patterns, log, effects, shown(path))


def examples(facts: InterruptTable, snapshot: Snapshot) -> Iterator[Example]:
    """Answers to the interrupts that happened, and the rules behind them."""
    patterns, log, effects = facts.patterns, facts.log, facts.effects
    teller = _Teller(effects)
    tasks = sorted({entry.task for entry in log})
    anywhere = [entry for entry in log if entry.pattern and entry.pattern.any_task and not entry.because]
    for entry in log:
        rng = snapshot.rng(NAME, entry.ref)
        teller.logged(entry, [pattern.id for pattern in patterns], rng)
        teller.pairs(entry, [other for other in anywhere if other.text != entry.text], rng)
        if entry in anywhere:
            others = [task for task in tasks if task != entry.task]
            for task in rng.sample(others, min(OTHER_TASKS, len(others))):
                teller.moved(entry, task, rng)
    for pattern in patterns:
        teller.rule(pattern)
    teller.responses(patterns, effects, facts.name)
    rows = to_examples(NAME, CATEGORY, choose(teller.groups, snapshot.limit, snapshot.rng(NAME)))
    source = {"kind": "table", "ref": facts.name, "ask": "open book"}
    opened = comprehension.questions(patterns, log, source, snapshot.limit, snapshot.rng(NAME, "open book"))
    yield from in_context.mixed(
        rows, (row for category, fact in opened for row in to_examples(NAME, category, [fact]))
    )


class _Teller:
    """Collects the facts by kind of question."""

    def __init__(self, effects: dict[str, str]):
        self.effects = effects
        self.groups: dict[str, list[Fact]] = {}

    def add(
        self, ask: str, user: str, answer: str, ref: str, time: str | None = None, short: bool = False
    ) -> None:
        where = {"kind": "table", "ref": ref, "ask": ask}
        self.groups.setdefault(ask, []).append(Fact(user, answer, where, time=time, short=short))

    def logged(self, entry: Interrupt, ids: list[str], rng: random.Random) -> None:
        """What was done about an interrupt, in some shapes of every kind."""
        self._of(
            entry, entry.task, rng, {kind: rng.sample(SHAPES[kind], most) for kind, most in ASKED.items()}
        )
        if entry.pattern and len(ids) > 1:
            some = rng.sample([name for name in ids if name != entry.pattern.id], min(3, len(ids) - 1))
            for ask in rng.sample(WHICH, 2):
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
            {kind: [rng.choice(SHAPES[kind])] for kind in rng.sample(list(SHAPES), OTHER_SHAPES)},
            moved="moved ",
        )

    def _of(
        self, entry: Interrupt, task: str, rng: random.Random, asked: dict[str, list[str]], moved: str = ""
    ) -> None:
        slots = {
            "task": task,
            "text": entry.text,
            "text_cap": capital(entry.text),
            "choice": CHOICE,
            "task_json": json.dumps(task),
            "text_json": json.dumps(entry.text),
        }
        found = {"ref": entry.ref, "time": entry.time}
        for ask in asked.get("decide", ()):
            self.add(f"{moved}decide", ask.format(**slots), reply(entry), **found)
        for ask in asked.get("word", ()):
            self.add(f"{moved}word", ask.format(**slots), entry.response, **found, short=True)
        for ask in asked.get("json", ()):
            made = {"response": entry.response, "to": entry.to or None, "because": reason(entry)}
            self.add(f"{moved}json", ask.format(**slots), json.dumps(made, ensure_ascii=False), **found)
        for ask in asked.get("after", ()):
            effect = self.effects[entry.response]
            answer = f"{capital(entry.response)}: {effect}." if "go on" in ask else f"{capital(effect)}."
            self.add(f"{moved}after", ask.format(**slots), answer, **found)
        for ask in asked.get("whom", ()):
            answer = f"{capital(entry.to)}: {reason(entry)}." if entry.to else f"Nobody. {reply(entry)}"
            self.add(f"{moved}whom", ask.format(**slots), answer, **found)
        for ask in asked.get("proposal", ()):
            proposed = (
                entry.response
                if rng.random() < 0.4
                else rng.choice([name for name in RESPONSES if name != entry.response])
            )
            answer = f"Yes. {reply(entry)}" if proposed == entry.response else f"No. {reply(entry)}"
            self.add(
                f"{moved}proposal",
                ask.format(**slots, proposed=proposed, proposed_cap=capital(proposed)),
                answer,
                **found,
            )

    def pairs(self, entry: Interrupt, others: list[Interrupt], rng: random.Random) -> None:
        """Two interrupts at once: that of the log, and one that is judged the same whatever is running."""
        for other in rng.sample(others, min(PAIRS, len(others))):
            first, second = (entry, other) if rng.random() < 0.5 else (other, entry)
            user = rng.choice(TWO).format(task=entry.task, first=first.text, second=second.text)
            self.add("two", user, f"1. {reply(first)}\n2. {reply(second)}", entry.ref, entry.time)

    def rule(self, pattern: Pattern) -> None:
        """A pattern as the rule that it is."""
        slots = {"when": pattern.when, "when_cap": capital(pattern.when)}
        answer = decision(pattern.response, pattern.to) + (
            f": {pattern.because}." if pattern.because else "."
        )
        for ask in RULE:
            self.add("rule", ask.format(**slots), answer, pattern.ref)
        for ask in RULE_WHOM:
            whom = (
                f"{capital(pattern.to)}: {pattern.because or pattern.when}."
                if pattern.to
                else f"Nobody. {answer}"
            )
            self.add("rule whom", ask.format(**slots), whom, pattern.ref)
        for ask in RULE_PROPOSAL:
            for proposed in RESPONSES:
                right = "Yes" if proposed == pattern.response else "No"
                self.add(
                    "rule proposal", ask.format(**slots, proposed=proposed), f"{right}. {answer}", pattern.ref
                )

    def responses(self, patterns: list[Pattern], effects: dict[str, str], name: str) -> None:
        """What each response does and when it is given, and that there are no others."""
        for response, effect in effects.items():
            for ask in MEANS:
                self.add("means", ask.format(response=response), f"{capital(effect)}.", name)
            named = [pattern.when for pattern in patterns if pattern.response == response]
            for ask in WHEN if named else ():
                self.add("when", ask.format(response=response), f"When it is this: {'; '.join(named)}.", name)
        for word in NO_RESPONSE:
            for ask in UNKNOWN:
                self.add(
                    "unknown",
                    ask.format(word=word),
                    f"There is no `{word}` here. An interrupt is answered with {CHOICE}.",
                    name,
                )


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
