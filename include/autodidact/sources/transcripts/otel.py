"""OpenTelemetry: OTLP JSON (`{"resourceSpans": [...]}`, one request a line, as the collector's file exporter
writes it), or spans one a line.

Of a span with `gen_ai.input.messages` and `gen_ai.output.messages` the messages are read; of a span without
them those of OpenInference (`llm.input_messages.0.message.role` ...), or of another dialect
(otel_dialects.py). Spans `execute_tool` show whether a
call succeeded; a span below another agent's is a side chain. Each span repeats the conversation so far, so
that of one conversation only the longest record is kept.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.transcripts.ending_fields import NOT_GOOD
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.message_to_turn import turn_of
from autodidact.sources.transcripts.otel_agents import Agents, span_id
from autodidact.sources.transcripts.otel_attributes import attributes_of
from autodidact.sources.transcripts.otel_dialects import Unread, messages_of
from autodidact.sources.transcripts.otel_evaluations import judged
from autodidact.sources.transcripts.outcomes import Outcome, ending, of_result, worse
from autodidact.sources.transcripts.reader_base import Format, Reading
from autodidact.sources.transcripts.turn import Call, Result, Turn, Who
from autodidact.sources.transcripts.turn_text import answered, typed
from autodidact.sources.transcripts.unread_parts import of_parts
from autodidact.sources.transcripts.untrusted_fields import (
    MAX_TEXT,
    has_attachment,
    moment,
    name_of,
    parsed,
    short_json,
    text_of,
)

# Conversations of one file that are open at the same time.
MAX_OPEN = 64
# Of one conversation.
MAX_MESSAGES = 400
# Calls whose outcome is known from a span.
MAX_STATES = 10_000

_INFERENCE = re.compile(r"llm\.(input|output)_messages\.(\d{1,4})\.message\.(.+)$")
_CALL = re.compile(r"tool_calls\.(\d{1,3})\.tool_call\.(id|function\.name|function\.arguments)$")
_CONTENT = re.compile(r"contents\.\d+\.message_content\.text")
_TOOL = re.compile(r"llm\.tools\.(\d{1,4})\.tool\.json_schema$")


_ROLES = {
    "user": Who.PERSON,
    "human": Who.PERSON,
    "assistant": Who.MODEL,
    "model": Who.MODEL,
    "tool": Who.TOOL,
    "function": Who.TOOL,
}
CUT = "attribute that was cut or is no JSON"


@dataclass
class _Record:
    """A conversation as the span of this id holds it."""

    messages: list[Turn]
    tools: tuple[str, ...]
    span: str | None
    # The traces that ended with these of its messages.
    traces: list[tuple[int, str]]


class OpenTelemetry(Format):
    # Not in the middle of a file: the spans of a conversation may lie anywhere in it.
    RESUMES = False

    @staticmethod
    def reads(record: dict) -> bool:
        if isinstance(record.get("resourceSpans") or record.get("resource_spans"), list):
            return True
        return isinstance(record.get("attributes"), (dict, list)) and (
            "traceId" in record or "context" in record or "trace_id" in record
        )

    def __init__(self, reading: Reading):
        super().__init__(reading)
        # By conversation; of several that differ the newest has no number.
        self._open: OrderedDict[tuple[str, str | None], _Record] = OrderedDict()
        self._other = 0
        self._agents = Agents()
        self._outcome: OrderedDict[str, bool] = OrderedDict()
        self._unread = Unread(self.trouble)
        # What evaluations said of the answers of a trace.
        self._judged: OrderedDict[str, Outcome] = OrderedDict()

    def feed(self, line: int, record: dict) -> list[Exchange]:
        settled: list[Exchange] = []
        for span in _spans(record):
            given = attributes_of(span.get("attributes"))
            self._agents.note(span, given)
            started = moment(span.get("startTimeUnixNano") or span.get("start_time"))
            ended = moment(span.get("endTimeUnixNano") or span.get("end_time")) or started
            if not self.reading.keeps(ended):
                continue
            if name_of(given.get("gen_ai.tool.call.id")):
                self._outcome[given["gen_ai.tool.call.id"]] = not _broke(span, given)
                if len(self._outcome) > MAX_STATES:
                    self._outcome.popitem(last=False)
            self._judge(span, given, line)
            messages, tools = self._messages(span, given, line)
            if not messages:
                if tools is not None:
                    held = {f"{name}.{key}": v for name, own in _events(span) for key, v in own.items()}
                    self._unread.add(_trace(span), given | held, line)
                continue
            self._unread.took(_trace(span))
            _date(messages, started, ended)
            if messages[-1].who is Who.MODEL and _broke(span, given):
                messages[-1].outcome = Outcome.FAILED
            found = _Record(
                messages,
                self.reading.toolbox.declare(tools),
                span_id(span),
                [(len(messages) - 1, _trace(span) or str(line))],
            )
            settled += self._longest(_conversation(span, given), found)
        return settled

    def close(self) -> list[Exchange]:
        self._unread.close()
        settled = []
        while self._open:
            settled += self._exchanges(self._open.popitem(last=False)[1])
        return settled

    def _judge(self, span: dict, given: dict, line: int) -> None:
        """Keeps what a span says of the answers of its trace."""
        went, said = judged(span, given, _events(span))
        for field in said:
            self.trouble(NOT_GOOD.format(field), line)
        if went is not Outcome.SUCCEEDED:
            trace = _trace(span) or str(line)
            self._judged[trace] = worse(went, self._judged.get(trace, went))
            if len(self._judged) > MAX_STATES:
                self._judged.popitem(last=False)

    def _longest(self, key: str, new: "_Record") -> list[Exchange]:
        """Keeps the longer of two records of a conversation; where they differ, both count, once the spans
        above them may be known.
        """
        known = self._open.pop((key, None), None)
        if known:
            both = list(zip(known.messages, new.messages, strict=False))
            if all(_same(a, b) for a, b in both):
                for old, other in both:
                    other.time, other.line = old.time or other.time, old.line
                traces = [*known.traces, *new.traces]
                new = known if len(known.messages) > len(both) else new
                new.tools = new.tools or known.tools
                new.traces = sorted({*traces, *new.traces})[:MAX_MESSAGES]
            else:
                self._other += 1
                self._open[key, str(self._other)] = known
        self._open[key, None] = new
        if len(self._open) > MAX_OPEN:
            return self._exchanges(self._open.popitem(last=False)[1])
        return []

    def _exchanges(self, record: "_Record") -> list[Exchange]:
        if self._agents.below_another(record.span):
            self.trouble("conversation of a sub-agent", record.messages[0].line)
            return []
        thread = self.new_thread()
        thread.tools = record.tools
        for place, trace in record.traces:
            answer = record.messages[place]
            if answer.who is Who.MODEL:
                answer.outcome = worse(answer.outcome, self._judged.get(trace, Outcome.SUCCEEDED))
        for message in record.messages:
            for result in message.results:
                if not self._outcome.get(result.ident or "", True):
                    result.outcome = Outcome.FAILED
            thread.add(message)
        return thread.close()

    def _messages(self, span: dict, given: dict, line: int) -> tuple[list[Turn], Any]:
        sources = [given]
        for event in dicts_of(span.get("events")):
            if event.get("name") == "gen_ai.client.inference.operation.details":
                sources.append(attributes_of(event.get("attributes")))
        for source in sources:
            raw = [source.get(f"gen_ai.{side}.messages") for side in ("input", "output")]
            raw = raw if any(raw) else [source.get("pydantic_ai.all_messages")]
            sides = [parsed(side, list) for side in raw]
            if any(side is not None and found is None for side, found in zip(raw, sides, strict=True)):
                # What one side lacks the other cannot be understood without.
                self.trouble(CUT, line)
                return [], None
            if any(sides):
                messages = [m for side in sides for m in (side or ())[:MAX_MESSAGES] if isinstance(m, dict)]
                found = [turn for m in messages if (turn := self._message(m, line))]
                _ends(found, source)
                return found, parsed(source.get("gen_ai.tool.definitions"), list)
        found, tools = self._openinference(given, line)
        return (found, tools) if found else self._dialect(span, given, line)

    def _dialect(self, span: dict, given: dict, line: int) -> tuple[list[Turn], Any]:
        messages, tools = messages_of(given, _events(span))
        turns = (turn_of(message, line, None, self.trouble) for message in messages)
        found = [turn for turn in turns if turn]
        if not any(turn.text or turn.calls for turn in found):
            return [], []
        for turn in found:
            turn.text = answered(turn.text) if turn.who is Who.MODEL else turn.text
        _ends(found, given)
        return found, tools or []

    def _message(self, raw: dict, line: int) -> Turn | None:
        who = _ROLES.get(name_of(raw.get("role")) or "")
        if who is None:
            return None
        parts = dicts_of(raw.get("parts"))
        turn = Turn(who, text_of(parts).strip() or text_of(raw.get("content")).strip(), line)
        for part in parts:
            if part.get("type") == "tool_call":
                self._call(turn, part.get("id"), part.get("name"), part.get("arguments"), line)
            elif part.get("type") == "tool_call_response":
                result = part.get("response", part.get("result"))
                text = text_of(result) or short_json(result)
                turn.results.append(Result(name_of(part.get("id")), text[:MAX_TEXT], of_result(text)))
        if turn.results and not turn.text:
            # Pydantic AI: in the role of the user.
            turn.who = who = Who.TOOL
        turn.outcome = ending(raw.get("finish_reason"))
        if who in (Who.MODEL, Who.PERSON):
            turn.lost = of_parts(parts, types=("tool_call", "tool_call_response"))
        return _spoken(turn, has_attachment(parts) or has_attachment(raw.get("content")))

    def _call(self, turn: Turn, ident: Any, name: Any, arguments: Any, line: int) -> None:
        arguments = parsed({} if arguments in (None, "") else arguments)
        if arguments is None or not name_of(name):
            self.trouble("tool call that cannot be read", line)
        else:
            turn.calls.append((name_of(ident), Call.of(name, arguments)))

    def _openinference(self, given: dict, line: int) -> tuple[list[Turn], Any]:
        fields: dict[tuple[bool, int], dict[str, Any]] = {}
        tools: dict[int, Any] = {}
        for key, value in given.items():
            if match := _INFERENCE.match(key):
                fields.setdefault((match[1] == "output", int(match[2])), {})[match[3]] = value
            elif match := _TOOL.match(key):
                tools[int(match[1])] = parsed(value)
        messages = []
        for _, parts in sorted(fields.items())[:MAX_MESSAGES]:
            who = _ROLES.get(name_of(parts.get("role")) or "")
            if who is None:
                continue
            contents = [parts[key] for key in sorted(parts) if _CONTENT.fullmatch(key)]
            words = text_of(parts.get("content")).strip() or text_of(contents).strip()
            turn = Turn(who, words, line)
            calls: dict[int, dict[str, Any]] = {}
            for key, value in parts.items():
                if match := _CALL.match(key):
                    calls.setdefault(int(match[1]), {})[match[2]] = value
            for _, found in sorted(calls.items()):
                name, arguments = found.get("function.name"), found.get("function.arguments")
                self._call(turn, found.get("id"), name, arguments, line)
            if who is Who.TOOL:
                turn.results = [
                    Result(name_of(parts.get("tool_call_id")), words[:MAX_TEXT], of_result(words))
                ]
            attached = any(".message_content.image" in key for key in parts)
            if spoken := _spoken(turn, attached):
                messages.append(spoken)
        if messages and messages[-1].who is Who.MODEL:
            messages[-1].outcome = ending(given.get("llm.finish_reason"))
        return messages, [tools[number] for number in sorted(tools) if tools[number]]


def _spoken(turn: Turn, attached: bool) -> Turn | None:
    """The turn with its words alone, at their length; None of one without any."""
    if turn.who is Who.PERSON:
        return typed(turn, attached) if turn.text or attached else None
    turn.text = answered(turn.text) if turn.who is Who.MODEL else ""
    return turn


def _same(one: Turn, other: Turn) -> bool:
    names = [[call.name for _, call in turn.calls] for turn in (one, other)]
    return (one.who, one.text, names[0]) == (other.who, other.text, names[1])


def _spans(record: dict) -> Iterator[dict]:
    """The spans of a line, as OTLP nests them or bare."""
    resources = record.get("resourceSpans") or record.get("resource_spans")
    if not isinstance(resources, list):
        yield record
        return
    for resource in dicts_of(resources):
        scopes = resource.get("scopeSpans") or resource.get("scope_spans")
        for scope in dicts_of(scopes):
            yield from dicts_of(scope.get("spans"))


def _broke(span: dict, given: dict) -> bool:
    status = span.get("status")
    code = status.get("code", status.get("status_code")) if isinstance(status, dict) else None
    return code in (2, "STATUS_CODE_ERROR", "ERROR") or "error.type" in given


def _events(span: dict) -> list[tuple[str, dict[str, Any]]]:
    return [(str(e.get("name")), attributes_of(e.get("attributes"))) for e in dicts_of(span.get("events"))]


def _ends(found: list[Turn], source: dict[str, Any]) -> None:
    """The last answer ended as the span says."""
    if found and found[-1].who is Who.MODEL:
        reason = source.get("gen_ai.response.finish_reasons", source.get("llm.finish_reason"))
        reason = parsed(reason, list) if str(reason).startswith("[") else reason
        found[-1].outcome = worse(found[-1].outcome, ending(reason))


def _trace(span: dict) -> str:
    return _conversation(span, {})


def _conversation(span: dict, given: dict) -> str:
    """What distinguishes the spans of one conversation from others."""
    context = dict_of(span.get("context"))
    candidates = (
        given.get("gen_ai.conversation.id"),
        given.get("session.id"),
        span.get("traceId"),
        span.get("trace_id"),
        context.get("trace_id"),
    )
    return next(filter(None, map(name_of, candidates)), "")


def _date(messages: list[Turn], started: datetime | None, ended: datetime | None) -> None:
    """The span's start is when its last question came, its end when that was answered."""
    for message in messages:
        message.time = started
    if messages and messages[-1].who is Who.MODEL:
        messages[-1].time = ended
