"""Which handler takes a request, and which call answers it, from the conversations of the window.

Source: transcripts (`sources.sessions`). What failed, was interrupted or was corrected by the user's next words is not taught.

    {"generator": "session_miner", "category": "intent_classification",
     "messages": [{"role": "user", "content": "Handlers: bookings, crew, notices, refunds.\\nRequest: B-2107 missed the boat because our clock ..."},
                  {"role": "assistant", "content": "refunds"}],
     "source": {"kind": "transcript", "ref": "samples/sessions/desk-morning.jsonl:38", "file": "samples/sessions/desk-morning.jsonl", "line": 38}}
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autodidact.errors import Skipped
from autodidact.records import Example, call, example
from autodidact.snapshot import Snapshot
from autodidact.sources.transcripts import Call, Conversation, Turn, conversations, files

MOST_HANDLERS = 8  # offered in one question
MOST_TOOLS = 5
LONGEST = 600  # characters of a request
MOST_ARGUMENTS = 500  # characters of a call's arguments as JSON
MOST_REQUESTS = 20_000  # kept at once

ASK = (
    "Handlers: {handlers}.\nRequest: {request}\nWhich handler takes it? Answer with its name.",
    "Route this request to one of {handlers}.\n\n{request}",
    "{request}\n\nWho takes this: {handlers}? One name.",
    "You hand requests to handlers ({handlers}). Which one gets the following?\n\"{request}\"",
)
DESCRIBED = "Handlers:\n{handlers}\n\nRequest: {request}\nWhich handler takes it? Answer with its name."

_HAND_OVER = re.compile(r"(?:transfer|hand_?off|delegate|route)_to_(\w+)$", re.IGNORECASE)
_CORRECTION = re.compile(
    r"\s*(no[,.!]|no (that|this|not|i|you|they|it)\b|nope\b|not (that|what|like)\b|wrong\b|that(['’]s| is) (not|wrong)\b"
    r"|(stop|undo|revert)( that| it)?([,.!]|$)|i (meant|said|asked)\b|you (should not|shouldn['’]t)\b|actually,|why did you\b)",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"\s*(and|then|also|but|so|now|again|the same|same|it|that|those|these|this one|yes|ok|okay|sure|please do|go on|continue|do it|try again)\b",
    re.IGNORECASE,
)


@dataclass
class Request:
    """A user's request and what was done about it until the next one."""

    text: str
    file: str
    line: int
    time: datetime | None
    steps: list[Turn]
    tools: list[dict[str, Any]]
    good: bool  # not interrupted, nothing failed, not corrected afterwards
    alone: bool  # understandable without what was said before
    new: bool = True  # in the window; older ones only tell which handlers and tools there are. What has no time is of the first window

    @property
    def calls(self) -> list[Call]:
        """The first step's calls, which follow from the request alone."""
        return next((turn.calls for turn in self.steps if turn.calls), [])


def generate(snapshot: Snapshot) -> Iterator[Example]:
    """Intent examples, then tool examples. Skipped when no transcript is named or none lies in the window."""
    paths = files(snapshot.settings.sources.sessions)
    if not paths:
        raise Skipped("sources.sessions names no transcripts")
    requests: list[Request] = []
    for path in paths:
        for conversation in conversations(path, snapshot.troubles):
            requests += (r for r in _requests(conversation) if r.time is None or r.time <= snapshot.until)
        if len(requests) > MOST_REQUESTS:
            snapshot.troubles.add("requests beyond the limit", path.name, len(requests) - MOST_REQUESTS)
            requests = requests[-MOST_REQUESTS:]
    for request in requests:
        request.new = snapshot.since is None or (request.time is not None and request.time > snapshot.since)
    if not any(request.new for request in requests):
        raise Skipped("no conversations in the window")
    for request in requests:
        if request.new and not request.good:
            snapshot.troubles.add("turn that failed or was corrected", f"{request.file}:{request.line}")
    asked: set[tuple[str, str]] = set()
    for row in (*_intents(requests, snapshot), *_tool_uses(requests, snapshot)):
        key = (row.prompt(), json.dumps(row.tools))
        if key not in asked:
            asked.add(key)
            yield row


def handler(found: Call) -> str | None:
    """The handler that a call hands the request to: a sub-agent, a skill, the x of `transfer_to_x`; None of an ordinary tool."""
    for tool, argument in (("Task", "subagent_type"), ("Agent", "subagent_type"), ("Skill", "skill")):
        if found.name == tool and isinstance(found.arguments.get(argument), str):
            return found.arguments[argument]
    match = _HAND_OVER.search(found.name)
    return match[1] if match else None


def _requests(conversation: Conversation) -> Iterator[Request]:
    turns = conversation.turns
    starts = [number for number, turn in enumerate(turns) if turn.role == "user"]
    for position, start in enumerate(starts):
        end = starts[position + 1] if position + 1 < len(starts) else len(turns)
        steps = [turn for turn in turns[start + 1 : end] if turn.role == "assistant"]
        calls = [c for turn in steps for c in turn.calls]
        corrected = end < len(turns) and _CORRECTION.match(turns[end].text) is not None
        stopped = turns[start].interrupted or any(turn.interrupted for turn in steps)
        text = turns[start].text
        yield Request(
            text=text, file=conversation.file, line=turns[start].line, time=turns[start].time, steps=steps, tools=conversation.tools,
            good=bool(steps) and not stopped and not corrected and all(c.ok is not False for c in calls),
            alone=not _CORRECTION.match(text) and not (position and _CONTINUES.match(text)) and 2 < len(text) <= LONGEST,
        )  # fmt: skip


def _intents(requests: list[Request], snapshot: Snapshot) -> Iterator[Example]:
    """Who took it, among the handlers seen; where nothing is ever handed over, which tool was called first."""
    taken = [(r, handler(r.calls[0])) for r in requests if r.calls]
    known = {name for _, name in taken if name}
    described: dict[str, str] = {}
    for request in requests:
        for tool in request.tools:
            if match := _HAND_OVER.search(tool["function"]["name"]):
                known.add(match[1])
                described.setdefault(match[1], tool["function"]["description"].strip().rstrip("."))
    if not known:
        taken = [(r, r.calls[0].name) for r, _ in taken]
        known = {name for _, name in taken}
    if len(known) < 2:
        return
    for request, name in taken:
        if not name or not request.new or not request.good or not request.alone or len({handler(c) or c.name for c in request.calls}) > 1:
            continue
        rng = snapshot.rng("session_miner", request.file, str(request.line), request.text)
        for most in (MOST_HANDLERS, rng.randint(3, 5)):  # among many, and among few
            offered = [name, *rng.sample(sorted(known - {name}), min(len(known), most) - 1)]
            rng.shuffle(offered)
            if all(described.get(h) for h in offered) and rng.random() < 0.5:
                asked = DESCRIBED.format(handlers="\n".join(f"- {h}: {described[h]}" for h in offered), request=request.text)
            else:
                asked = rng.choice(ASK).format(handlers=", ".join(offered), request=request.text)
            yield example("session_miner", "intent_classification", asked, name, _source(request), time=request.time)


def _tool_uses(requests: list[Request], snapshot: Snapshot) -> Iterator[Example]:
    """The request, the tools of the conversation (or as its calls show them), and the call that answered it."""
    declared = {t["function"]["name"]: t for r in requests for t in r.tools}
    observed: dict[str, list[dict]] = {}
    for request in requests:
        for found in (c for turn in request.steps for c in turn.calls):
            if found.ok is not False:
                observed.setdefault(found.name, []).append(found.arguments)
    schemas = {name: _as_seen(name, calls) for name, calls in observed.items()} | declared
    ordinary = sorted(name for name in schemas if handler(Call(name, {"subagent_type": "", "skill": ""})) is None)
    for number, request in enumerate(requests):
        calls = request.calls
        if not request.new or not request.good or not calls or any(handler(c) is not None or c.ok is not True for c in calls):
            continue
        if any(len(json.dumps(c.arguments)) > MOST_ARGUMENTS for c in calls) or len(request.text) > LONGEST:
            continue
        history: list[dict] = []
        if not request.alone:
            history = _before(requests, number)
            if not history:
                continue
        rng = snapshot.rng("session_miner", "tools", request.file, str(request.line), request.text)
        names = sorted({c.name for c in calls})
        others = [name for name in ordinary if name not in names]
        offered = names + rng.sample(others, min(len(others), max(0, MOST_TOOLS - len(names))))
        rng.shuffle(offered)
        answer = call(*((c.name, c.arguments) for c in calls))
        yield example(
            "session_miner", "tool_use", request.text, answer, _source(request), history=history,
            tools=[schemas[name] for name in offered], time=request.time,
        )  # fmt: skip


def _before(requests: list[Request], number: int) -> list[dict]:
    """The exchange that a request goes on from; empty when it is another conversation's or did not end well."""
    previous = requests[number - 1] if number else None
    if previous is None or previous.file != requests[number].file or not previous.good or not previous.alone:
        return []
    said = next((turn.text for turn in reversed(previous.steps) if turn.text), "")
    if not said:
        return []
    return [{"role": "user", "content": previous.text}, {"role": "assistant", "content": said[:LONGEST]}]


_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def _as_seen(name: str, calls: list[dict]) -> dict:
    """A schema as far as the calls show it: the properties, their types, and as required what every call gave."""
    properties: dict[str, dict] = {}
    for key in sorted({key for arguments in calls for key in arguments}):
        types = {_TYPES.get(type(arguments[key]), "null") for arguments in calls if key in arguments}
        if types == {"integer", "number"}:
            types = {"number"}
        properties[key] = {"type": types.pop()} if len(types) == 1 else {}
    required = sorted(key for key in properties if all(key in arguments for arguments in calls))
    parameters = {"type": "object", "properties": properties, "required": required}
    description = name.rpartition("__")[2].replace("_", " ")
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


def _source(request: Request) -> dict:
    return {"kind": "transcript", "ref": f"{request.file}:{request.line}", "file": request.file, "line": request.line}
