"""Which handler takes a request, which call answers it, and how it was answered, from the conversations of
the window.

Source: transcripts that `sources.sessions` names (files, folders, globs): Claude Code, Codex, Pi, Session
Trace Simple Format, OpenAI chat, ShareGPT, OpenTelemetry GenAI spans (OTLP JSON) and OpenInference; the
format is told by the content. An exchange belongs to the window in which it ended. Kinds: who takes the
request (a sub-agent, a skill, `transfer_to_x`; without any, the tool), the call that the request needs (with
the declared schema, else as the calls show it), the answer from a call's result, the answer without a call,
and lessons: what was done right after the person corrected it. What failed, was interrupted, taken back or
corrected is never taught as good.

    {"generator": "session_miner", "category": "intent_classification",
     "messages": [{"role": "user", "content": "Handlers: bookings, crew, notices, refunds.\\nRequest: B-2107
     missed the boat because our clock ..."},
                  {"role": "assistant", "content": "refunds"}],
     "source": {"kind": "transcript", "ref": "samples/sessions/desk-morning.jsonl:38", "file":
     "samples/sessions/desk-morning.jsonl",
                "lines": [38, 41], "line": 38}}
"""

import heapq
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autodidact.errors import NoSource, Skipped
from autodidact.generators.session_miner.words import CORRECTED, ask_for_handler
from autodidact.records import Example, call, example, sha256
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.transcripts import (
    Call,
    Exchange,
    Toolbox,
    exchanges,
    files,
    handler,
    hands_over,
    size,
)

NAME = "session_miner"
# Offered with one request.
MOST_TOOLS = 5
# Characters of a request.
LONGEST = 600
# Characters of a call's arguments as JSON.
MOST_ARGUMENTS = 500
# Characters of an answer.
MOST_SAID = 1_200
# Characters of a call's result.
MOST_RESULT = 1_500
# Exchanges of one kind that are held while the files are read.
MOST_KEPT = 2_000

_CORRECTION = re.compile(
    r"\s*(no[,.!]|no (that|this|not|i|you|they|it)\b|nope\b|not (that|what|like)\b|wrong\b|that(['’]s| is)"
    r" (not|wrong)\b"
    r"|(stop|undo|revert)( that| it)?([,.!]|$)|i (meant|said|asked)\b|you (should"
    r" not|shouldn['’]t)\b|actually,|why did you\b)",
    re.IGNORECASE,
)
_UNSOLVED = re.compile(
    r"(it|that|this) (still )?(does|did)(n['’]t| not) (work|help|compile|fix)|\bstill"
    r" (fails|failing|broken|wrong|the same|not|getting)\b"
    r"|\bsame (error|problem)\b|\bnot (fixed|solved)\b|^\s*(try|do it|do that) again\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"\s*(and|then|also|but|so|now|again|the same|same|it|that|those|these|this one|yes|ok|okay|sure|please"
    r" do|go on|continue|do it|try again)\b",
    re.IGNORECASE,
)
_GAVE_UP = re.compile(
    r"\s*(i['’]?m sorry|sorry|unfortunately|i (can(no|['’])t|could(n['’]t| not)|was(n['’]t| not) able|am"
    r" unable)|(api )?error\b)",
    re.IGNORECASE,
)


@dataclass
class Conversations:
    """A fair choice of the window's exchanges, by kind of example, and the tools that occur in all of them."""

    samples: "dict[str, _Sample]"
    toolbox: Toolbox


def read(snapshot: Snapshot) -> Conversations:
    """The exchanges of the window. Skipped when no transcript is named or none lies in the window."""
    paths = files(snapshot.settings.sources.sessions, snapshot.troubles)
    if not paths:
        raise NoSource("no conversations: sources.sessions names no transcripts", setting="sources.sessions")
    most = min(snapshot.limit, MOST_KEPT)
    samples = {kind: _Sample(f"{snapshot.seed}/{kind}", most) for kind in _KINDS}
    toolbox, any_new = Toolbox(), False
    for path in paths:
        for exchange in exchanges(
            path, snapshot.until, snapshot.troubles, toolbox, since=snapshot.since, cache=snapshot.cache
        ):
            if snapshot.since is not None and (exchange.end is None or exchange.end <= snapshot.since):
                continue  # what has no time is of the first window
            any_new = True
            if reason := spoiled(exchange):
                snapshot.troubles.add(f"turn {reason}", f"{exchange.file}:{exchange.line}")
                continue
            for kind, (fits, _) in _KINDS.items():
                if fits(exchange):
                    samples[kind].add(exchange)
    if not any_new:
        raise Skipped("no conversations in the window")
    return Conversations(samples, toolbox)


def examples(facts: Conversations, snapshot: Snapshot) -> Iterator[Example]:
    """Examples of all kinds in turn."""
    teacher = _Teacher(snapshot, facts.toolbox)
    asked: set[str] = set()
    queues = [_told(teacher, facts.samples[kind], tell) for kind, (_, tell) in _KINDS.items()]
    while queues:
        for queue in list(queues):
            row = next((r for r in queue if r.prompt() not in asked), None)
            if row is None:
                queues.remove(queue)
            else:
                asked.add(row.prompt())
                yield row


def _told(teacher: "_Teacher", sample: "_Sample", tell: Callable) -> Iterator[Example]:
    return (row for exchange in sample.chosen() for row in tell(teacher, exchange))


def spoiled(exchange: Exchange) -> str | None:
    """Why an exchange is not taught; None when it went well."""
    if exchange.interrupted:
        return "that was interrupted"
    if exchange.failed:
        return "that failed"
    if exchange.followed and _CORRECTION.match(exchange.followed):
        return "that was corrected"
    if exchange.followed and _UNSOLVED.search(exchange.followed[:200]):
        return "that solved nothing"
    if not exchange.reply and not exchange.calls:
        return "without an answer"
    return None


class _Sample:
    """The exchanges with the smallest hashes, one a request, the newest of equal ones: a fair choice in
    bounded memory.
    """

    def __init__(self, salt: str, most: int):
        self._salt, self._most = salt, most
        self._kept: dict[int, Exchange] = {}
        self._largest: list[int] = []

    def add(self, exchange: Exchange) -> None:
        number = int(sha256(f"{self._salt}/{exchange.text}")[:15], 16)
        if number in self._kept:
            self._kept[number] = exchange
        elif len(self._kept) < self._most or number < -self._largest[0]:
            self._kept[number] = exchange
            heapq.heappush(self._largest, -number)
            if len(self._kept) > self._most:
                del self._kept[-heapq.heappop(self._largest)]

    def chosen(self) -> Iterator[Exchange]:
        for number in sorted(self._kept):
            yield self._kept[number]


def _alone(exchange: Exchange) -> bool:
    """Whether the request is understood without what was said before."""
    text = exchange.text
    return (
        not _CORRECTION.match(text)
        and not (exchange.before and _CONTINUES.match(text))
        and 2 < len(text) <= LONGEST
    )


def _corrects(exchange: Exchange) -> bool:
    before = exchange.before
    return (
        before is not None
        and 2 < len(exchange.text) <= LONGEST
        and len(before.text) <= LONGEST
        and _CORRECTION.match(exchange.text) is not None
        and bool(before.reply or before.calls)
    )


def _in_context(exchange: Exchange) -> bool:
    """Whether the request can be told, with the exchange before it where it needs that."""
    if len(exchange.text) > LONGEST or _CORRECTION.match(exchange.text):
        return False
    before = exchange.before
    return _alone(exchange) or (
        before is not None
        and spoiled(before) is None
        and 2 < len(before.text) <= LONGEST
        and bool(before.reply)
        and not _CONTINUES.match(before.text)
    )


def _called(exchange: Exchange) -> bool:
    """Whether its first step is a lesson in calling tools: all succeeded, none hands over, none too long."""
    return bool(exchange.calls) and all(
        c.ok is True
        and not hands_over(c.name)
        and c.arguments is not None
        and size(c.arguments, MOST_ARGUMENTS) <= MOST_ARGUMENTS
        for c in exchange.calls
    )


def _answered(exchange: Exchange) -> bool:
    return exchange.final and 1 < len(exchange.reply) <= MOST_SAID and not _GAVE_UP.match(exchange.reply)


def _labelled(exchange: Exchange) -> bool:
    return _alone(exchange) and len({handler(c.name, c.arguments) or c.name for c in exchange.calls}) == 1


def _uses_result(exchange: Exchange) -> bool:
    results_fit = all(0 < len(c.result) <= MOST_RESULT for c in exchange.calls)
    return (
        exchange.later == 0 and _called(exchange) and results_fit and _answered(exchange) and _alone(exchange)
    )


def _replies(exchange: Exchange) -> bool:
    return not exchange.calls and _answered(exchange) and _in_context(exchange)


def _lesson(exchange: Exchange) -> bool:
    return _corrects(exchange) and (
        _called(exchange) or (not exchange.calls and _answered(exchange)) or _handed(exchange) is not None
    )


def _handed(exchange: Exchange) -> str | None:
    """The one handler that took it."""
    names = {handler(c.name, c.arguments) for c in exchange.calls}
    return names.pop() if len(names) == 1 else None


class _Teacher:
    """One method a kind: the examples that an exchange gives."""

    def __init__(self, snapshot: Snapshot, toolbox: Toolbox):
        self.snapshot, self.toolbox = snapshot, toolbox
        self.handlers = sorted(toolbox.handlers)
        self.by_tool = not self.handlers  # nothing is ever handed over: then the tool is who takes it
        if self.by_tool:
            self.handlers = toolbox.names()
        self.described: dict[str, str] = {}
        for name in toolbox.latest:
            if taken := handler(name, None):
                self.described[taken] = toolbox.schema(name)["function"]["description"].strip().rstrip(".")

    def intent(self, exchange: Exchange) -> Iterator[Example]:
        """Who takes it, asked twice: among many handlers and among few."""
        taken = (
            exchange.calls[0].name
            if self.by_tool
            else handler(exchange.calls[0].name, exchange.calls[0].arguments)
        )
        if taken is None or len(self.handlers) < 2 or (taken not in self.handlers):
            return
        rng = self._rng("intent", exchange)
        for most in (8, rng.randint(3, 5)):
            asked, answer = ask_for_handler(exchange.text, taken, self.handlers, self.described, most, rng)
            yield example(NAME, "intent_classification", asked, answer, _source(exchange), time=exchange.time)

    def call(self, exchange: Exchange) -> Iterator[Example]:
        """The request, some tools, and the calls that answered it."""
        tools = self._offered(exchange, exchange.calls)
        yield example(
            NAME,
            "tool_use",
            exchange.text,
            call(*((c.name, c.arguments) for c in exchange.calls)),
            _source(exchange),
            history=[] if _alone(exchange) else _history(exchange),
            tools=tools,
            time=exchange.time,
        )

    def result(self, exchange: Exchange) -> Iterator[Example]:
        """The request, the calls and what they gave, and the answer that was made of it."""
        history = [
            {"role": "user", "content": exchange.text},
            call(*((c.name, c.arguments) for c in exchange.calls)),
        ]
        history += [{"role": "tool", "content": c.result} for c in exchange.calls]
        tools = self._offered(exchange, exchange.calls)
        yield example(
            NAME,
            "tool_use",
            "",
            exchange.reply,
            _source(exchange),
            history=history,
            tools=tools,
            time=exchange.time,
        )

    def reply(self, exchange: Exchange) -> Iterator[Example]:
        """The answer that needed no tool, with the tools that were there."""
        tools = [
            self.toolbox.declared[digest] for digest in exchange.tools if digest in self.toolbox.declared
        ][:MOST_TOOLS]
        history = [] if _alone(exchange) else _history(exchange)
        yield example(
            NAME,
            "tool_use",
            exchange.text,
            exchange.reply,
            _source(exchange),
            history=history,
            tools=tools,
            time=exchange.time,
        )

    def lesson(self, exchange: Exchange) -> Iterator[Example]:
        """What was right after a correction: who should have taken the request, which call or answer it
        needed.
        """
        before = exchange.before
        right, wrong = _handed(exchange), _handed(before)
        source = _source(exchange, before)
        if right and wrong and right != wrong:
            rng = self._rng("lesson", exchange)
            asked = rng.choice(CORRECTED).format(request=before.text, wrong=wrong, correction=exchange.text)
            yield example(NAME, "intent_classification", asked, right, source, time=exchange.time)
        elif not right and not any(hands_over(c.name) for c in [*before.calls, *exchange.calls]):
            calls = [
                c
                for c in before.calls
                if c.arguments is not None and size(c.arguments, MOST_ARGUMENTS) <= MOST_ARGUMENTS
            ]
            if not before.reply and not calls:
                return
            history = [{"role": "user", "content": before.text}]
            history += (
                [{"role": "assistant", "content": before.reply[:LONGEST]}]
                if before.reply
                else [call(*((c.name, c.arguments) for c in calls))]
            )
            answer = (
                call(*((c.name, c.arguments) for c in exchange.calls)) if exchange.calls else exchange.reply
            )
            shown = exchange.calls + ([] if before.reply else calls)
            tools = self._offered(exchange, shown) if shown else []
            yield example(
                NAME,
                "tool_use",
                exchange.text,
                answer,
                source,
                history=history,
                tools=tools,
                time=exchange.time,
            )

    def _offered(self, exchange: Exchange, calls: list[Call]) -> list[dict]:
        """The tools called, as the conversation declares them or as they are known, among a few others."""
        own = {
            self.toolbox.declared[d]["function"]["name"]: self.toolbox.declared[d]
            for d in exchange.tools
            if d in self.toolbox.declared
        }
        names = sorted({c.name for c in calls})
        others = [
            name
            for name in (sorted(own) if own else self.toolbox.names())
            if name not in names and not hands_over(name)
        ]
        rng = self._rng("tools", exchange)
        offered = names + rng.sample(others, min(len(others), max(0, MOST_TOOLS - len(names))))
        rng.shuffle(offered)
        found = (own.get(name) or self.toolbox.schema(name) for name in offered)
        return [schema for schema in found if schema]

    def _rng(self, kind: str, exchange: Exchange):
        return self.snapshot.rng(NAME, kind, exchange.file, str(exchange.line), exchange.text)


def _history(exchange: Exchange) -> list[dict]:
    before = exchange.before
    return [
        {"role": "user", "content": before.text},
        {"role": "assistant", "content": before.reply[:LONGEST]},
    ]


def _source(exchange: Exchange, first: Exchange | None = None) -> dict:
    """Where it stands: the request's line, and the lines from the first to the last that the example is made
    of.
    """
    start = (first or exchange.before if not _alone(exchange) and exchange.before else exchange).line
    lines = [min(start, exchange.line), max(exchange.line, exchange.called, exchange.answered)]
    return {
        "kind": "transcript",
        "ref": f"{exchange.file}:{exchange.line}",
        "file": exchange.file,
        "lines": lines,
        "line": exchange.line,
    }


_KINDS: dict[str, tuple[Callable[[Exchange], bool], Callable[[_Teacher, Exchange], Iterator[Example]]]] = {
    "intent": (_labelled, _Teacher.intent),
    "call": (lambda e: _called(e) and _in_context(e), _Teacher.call),
    "result": (_uses_result, _Teacher.result),
    "reply": (_replies, _Teacher.reply),
    "lesson": (_lesson, _Teacher.lesson),
}
