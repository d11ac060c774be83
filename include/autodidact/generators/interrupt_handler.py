"""What to do when something interrupts a running task: go on, drop the task, queue the interrupt, ask, or escalate; and why.

Source: a table of patterns and a log of interrupts that really happened. A pattern marked `any_task` is judged the same whatever was
running, so its interrupts are also put before the other logged tasks.

    {"generator": "interrupt_handler", "category": "orchestration",
     "messages": [{"role": "user", "content": "Running: drafting the fog notice\\nInterrupt: a kayak is adrift in front of Skerry\\nWhat do you do?"},
                  {"role": "assistant", "content": "Escalate to control-room: people or a vessel may be in danger; safety comes before any task."}],
     "source": {"kind": "table", "ref": "samples/interrupts.yaml#10"}, "time": "2026-04-19T06:58:00Z"}
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autodidact.generators.wording import Fact, capital, choose, listing, told
from autodidact.records import Example, instant
from autodidact.snapshot import Snapshot
from autodidact.sources.tables import Row, load, named_file, rows, shown
from autodidact.stage import Troubles

NAME = "interrupt_handler"
CATEGORY = "orchestration"

RESPONSES = {  # what each does to the running task, unless the table says it in its own words
    "resume": "the task goes on",
    "drop": "the task is given up",
    "queue": "the task is finished first, then comes the interrupt",
    "ask": "the task waits until a person has answered",
    "escalate": "the task waits, a person is called at once",
}
OTHER_TASKS = 4  # logged tasks that an interrupt of an `any_task` pattern is also put before


@dataclass(frozen=True)
class Pattern:
    id: str
    when: str
    response: str
    because: str
    to: str
    any_task: bool
    ref: str


@dataclass(frozen=True)
class Interrupt:
    task: str
    text: str
    response: str
    because: str
    to: str
    pattern: Pattern | None
    time: str | None
    ref: str


def generate(snapshot: Snapshot) -> Iterator[Example]:
    """Answers to interrupts that happened until the end of the window. Skipped without a table of interrupts."""
    path = named_file(snapshot.settings.sources.interrupts, "sources.interrupts")
    patterns, log, effects = read_interrupts(path, snapshot.troubles)
    until = instant(snapshot.until)
    log = [entry for entry in log if entry.time is None or entry.time <= until]
    rng = snapshot.rng(NAME, "tasks")
    choice = listing(RESPONSES, "or")
    groups: dict[str, list[Fact]] = {"logged": [], "one word": [], "moved": [], "afterwards": [], "patterns": list(_about(patterns, effects, shown(path)))}
    tasks = sorted({entry.task for entry in log})
    for entry in log:
        source, told_when = {"kind": "table", "ref": entry.ref}, {"time": entry.time}
        for ask in (
            f"Running: {entry.task}\nInterrupt: {entry.text}\nWhat do you do?",
            f"While you are {entry.task}, this comes in: {entry.text}. {capital(choice)}? Say why.",
        ):
            groups["logged"].append(Fact(ask, _reply(entry), source, **told_when))
        label = f"Task: {entry.task}\nInterrupt: {entry.text}\nOne word: {choice}?"
        groups["one word"].append(Fact(label, entry.response, source, short=True, **told_when))
        then = f"You were {entry.task} when this came in: {entry.text}. What becomes of the task?"
        groups["afterwards"].append(Fact(then, f"{capital(effects[entry.response])}.", source, short=True, **told_when))
        if entry.pattern and entry.pattern.any_task and not entry.because:
            others = [task for task in tasks if task != entry.task]
            for task in rng.sample(others, min(OTHER_TASKS, len(others))):
                ask = f"Running: {task}\nInterrupt: {entry.text}\n{rng.choice(('What do you do?', 'Your decision?', 'How do you react?'))}"
                groups["moved"].append(Fact(ask, _reply(entry), source, **told_when))
    yield from told(NAME, CATEGORY, choose(groups, snapshot.limit, snapshot.rng(NAME)))


def _reply(entry: Interrupt) -> str:
    """The decision, to whom it goes, and the reason."""
    whom = f" {entry.to}" if entry.response == "ask" and entry.to else f" to {entry.to}" if entry.to else ""
    reason = entry.because or (f"{entry.pattern.when}; {entry.pattern.because}" if entry.pattern and entry.pattern.because else "")
    reason = reason or (entry.pattern.when if entry.pattern else "")
    return f"{capital(entry.response)}{whom}: {reason}."


def _about(patterns: list[Pattern], effects: dict[str, str], name: str) -> Iterator[Fact]:
    """Questions about the patterns and the responses themselves."""
    for pattern in patterns:
        source = {"kind": "table", "ref": pattern.ref}
        whom = f" {pattern.to}" if pattern.response == "ask" and pattern.to else f" to {pattern.to}" if pattern.to else ""
        answer = f"{capital(pattern.response)}{whom}" + (f": {pattern.because}." if pattern.because else ".")
        for ask in (f"What is the rule for this interrupt: {pattern.when}?", f"A task is running. Then: {pattern.when}. What now?"):
            yield Fact(ask, answer, source)
    for response, effect in effects.items():
        source = {"kind": "table", "ref": name}
        named = [pattern.when for pattern in patterns if pattern.response == response]
        yield Fact(f"What does {response} mean for the running task?", f"{capital(effect)}.", source)
        if named:
            yield Fact(f"When do you answer an interrupt with {response}?", f"When it is this: {'; '.join(named)}.", source)


def read_interrupts(path: Path, troubles: Troubles) -> tuple[list[Pattern], list[Interrupt], dict[str, str]]:
    """(patterns, logged interrupts, what each response does) of a YAML or JSON table, or of a log as JSON lines.

    Entries without a task, an interrupt, a known response and a reason are counted and left out.
    """
    lines = path.suffix.lower() in (".jsonl", ".ndjson", ".csv")
    content = {} if lines else load(path, troubles)
    said = content.get("responses") if isinstance(content, dict) else None
    effects = {name: str(said[name]) if isinstance(said, dict) and said.get(name) else effect for name, effect in RESPONSES.items()}
    patterns = [] if lines else [p for row in rows(path, troubles, "patterns") if (p := _pattern(row, troubles))]
    by_id = {pattern.id: pattern for pattern in patterns}
    log = [e for row in rows(path, troubles, "log") if (e := _interrupt(row, by_id, troubles))]
    return patterns, log, effects


def _text(row: Row, key: str) -> str:
    return " ".join(str(row.data.get(key) or "").split()).rstrip(".")


def _pattern(row: Row, troubles: Troubles) -> Pattern | None:
    name, when, response = _text(row, "id"), _text(row, "when"), _text(row, "response").lower()
    if not name or not when or response not in RESPONSES:
        troubles.add("pattern without id, situation or known response", row.ref)
        return None
    return Pattern(name, when, response, _text(row, "because"), _text(row, "to"), row.data.get("any_task") is True, row.ref)


def _interrupt(row: Row, patterns: dict[str, Pattern], troubles: Troubles) -> Interrupt | None:
    task, text, named = _text(row, "task"), _text(row, "interrupt"), _text(row, "pattern")
    pattern = patterns.get(named)
    response = _text(row, "response").lower() or (pattern.response if pattern else "")
    because = _text(row, "because") or _text(row, "reason")
    if not task or not text or response not in RESPONSES or not (because or pattern):
        troubles.add("interrupt without task, text, known response or reason", row.ref)
        return None
    if pattern and pattern.response != response and not because:
        troubles.add("interrupt answered against its pattern, without a reason", row.ref)
        return None
    try:
        time = instant(str(row.data["time"])) if row.data.get("time") else None
    except ValueError:
        troubles.add("not a time", row.ref)
        time = None
    return Interrupt(task, text, response, because, _text(row, "to") or (pattern.to if pattern else ""), pattern, time, row.ref)
