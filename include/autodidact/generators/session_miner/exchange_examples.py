"""The examples that an exchange gives: a method a kind."""

import random
from collections.abc import Iterator

from autodidact.generators.session_miner.exchange_selection import LONGEST, MOST_ARGUMENTS, alone, handed_to
from autodidact.generators.session_miner.routing_questions import ask_after_correction, ask_for_handler
from autodidact.records import Example, call, example
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.transcripts import Call, Exchange, Toolbox, handler, hands_over, size

NAME = "session_miner"
# Offered with one request.
MOST_TOOLS = 5


class ExamplesOf:
    """Makes examples of exchanges, among all tools that occur in the conversations."""

    def __init__(self, snapshot: Snapshot, toolbox: Toolbox, of_file: dict[str, set[str]] | None = None):
        """`of_file`: the tools that were called in a file; without any, all of them belong together."""
        self.snapshot, self.toolbox, self.of_file = snapshot, toolbox, of_file
        self.handlers = sorted(toolbox.handlers)
        self.by_tool = not self.handlers  # nothing is ever handed over: then the tool is who takes it
        if self.by_tool:
            self.handlers = toolbox.names()
        self.described: dict[str, str] = {}
        for name in toolbox.latest:
            taken, schema = handler(name, None), toolbox.schema(name)
            if taken and schema:
                self.described[taken] = schema["function"]["description"].strip().rstrip(".")

    def intent(self, exchange: Exchange) -> Iterator[Example]:
        """Who takes it, in two questions: among many handlers and among few."""
        taken = (
            exchange.calls[0].name
            if self.by_tool
            else handler(exchange.calls[0].name, exchange.calls[0].arguments)
        )
        if taken is None or len(self.handlers) < 2 or (taken not in self.handlers):
            return
        rng = self.rng("intent", exchange)
        for most in (8, rng.randint(3, 5)):
            ask, answer = ask_for_handler(exchange.text, taken, self.handlers, self.described, most, rng)
            yield example(NAME, "intent_classification", ask, answer, source_of(exchange), time=exchange.time)

    def call(self, exchange: Exchange) -> Iterator[Example]:
        """The request, some tools, and the calls that answered it."""
        tools = self.offered(exchange, exchange.calls)
        yield example(
            NAME,
            "tool_use",
            exchange.text,
            message(exchange.calls),
            source_of(exchange),
            history=[] if alone(exchange) else _history(exchange),
            tools=tools,
            time=exchange.time,
        )

    def result(self, exchange: Exchange) -> Iterator[Example]:
        """The request, the calls and what they gave, and the answer that was made of it."""
        history = [{"role": "user", "content": exchange.text}, message(exchange.calls)]
        history += [{"role": "tool", "content": c.result} for c in exchange.calls]
        tools = self.offered(exchange, exchange.calls)
        yield example(
            NAME,
            "tool_use",
            "",
            exchange.reply,
            source_of(exchange),
            history=history,
            tools=tools,
            time=exchange.time,
        )

    def reply(self, exchange: Exchange) -> Iterator[Example]:
        """The answer that needed no tool, with the tools that were there."""
        tools = [
            self.toolbox.declared[digest] for digest in exchange.tools if digest in self.toolbox.declared
        ][:MOST_TOOLS]
        history = [] if alone(exchange) else _history(exchange)
        yield example(
            NAME,
            "tool_use",
            exchange.text,
            exchange.reply,
            source_of(exchange),
            history=history,
            tools=tools,
            time=exchange.time,
        )

    def lesson(self, exchange: Exchange) -> Iterator[Example]:
        """What was right after a correction: who should have taken the request, which call or answer it
        needed.
        """
        before = exchange.before
        if before is None:
            return
        right, wrong = handed_to(exchange), handed_to(before)
        source = source_of(exchange, before)
        if right and wrong and right != wrong:
            rng = self.rng("lesson", exchange)
            ask = ask_after_correction(before.text, wrong, exchange.text, rng)
            yield example(NAME, "intent_classification", ask, right, source, time=exchange.time)
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
                else [message(calls)]
            )
            answer = message(exchange.calls) if exchange.calls else exchange.reply
            shown = exchange.calls + ([] if before.reply else calls)
            tools = self.offered(exchange, shown) if shown else []
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

    def offered(self, exchange: Exchange, calls: list[Call]) -> list[dict]:
        """The tools called, as the conversation declares them or as they are known, among a few others."""
        own = {
            self.toolbox.declared[d]["function"]["name"]: self.toolbox.declared[d]
            for d in exchange.tools
            if d in self.toolbox.declared
        }
        names = sorted({c.name for c in calls})
        near = self.toolbox.names() if self.of_file is None else sorted(self.of_file.get(exchange.file, ()))
        others = [
            name for name in (sorted(own) if own else near) if name not in names and not hands_over(name)
        ]
        rng = self.rng("tools", exchange)
        offered = names + rng.sample(others, min(len(others), max(0, MOST_TOOLS - len(names))))
        rng.shuffle(offered)
        found = (own.get(name) or self.toolbox.schema(name) for name in offered)
        return [schema for schema in found if schema]

    def rng(self, kind: str, exchange: Exchange) -> random.Random:
        """The draws of one kind of example of an exchange."""
        return self.snapshot.rng(NAME, kind, exchange.file, str(exchange.line), exchange.text)


def message(calls: list[Call]) -> dict:
    """The assistant's message that makes these calls."""
    return call(*((made.name, made.arguments or {}) for made in calls))


def _history(exchange: Exchange) -> list[dict]:
    before = exchange.before
    if before is None:
        return []
    return [
        {"role": "user", "content": before.text},
        {"role": "assistant", "content": before.reply[:LONGEST]},
    ]


def source_of(exchange: Exchange, first: Exchange | None = None) -> dict:
    """Where it stands: the request's line, and the lines from the first to the last that the example is made
    of.
    """
    start = (first or exchange.before if not alone(exchange) and exchange.before else exchange).line
    lines = [min(start, exchange.line), max(exchange.line, exchange.called, exchange.answered)]
    return {
        "kind": "transcript",
        "ref": f"{exchange.file}:{exchange.line}",
        "file": exchange.file,
        "lines": lines,
        "line": exchange.line,
    }
