"""Turns as they come, gathered into exchanges.

Some tools keep a conversation as a tree: a prompt that hangs on an earlier turn takes back everything after
that turn. So the newest exchanges wait before they are given out; a step back beyond them is read as the next
turn. That keeps the memory constant.
"""

from collections import deque
from collections.abc import Iterable
from datetime import datetime

from autodidact.sources.transcripts.declared_tools import Toolbox
from autodidact.sources.transcripts.exchange import MAX_TEXT, Call, Exchange

# Exchanges that a step back can still take back.
WAITING = 16
# Turns of one exchange that a later turn can hang on.
MAX_NODES = 2_000
# Calls of one exchange whose results are waited for.
MAX_OPEN = 200
# Calls of one step; more are no lesson.
MAX_CALLS = 8


class Thread:
    """One conversation. What is settled is taken from `done`; `close()` settles the rest.

    `waiting`: how many exchanges wait for a step back, none in formats that have no tree.
    """

    def __init__(self, file: str, toolbox: Toolbox, troubles, *, waiting: int = 1):
        self.file, self.toolbox, self.troubles, self.waiting = file, toolbox, troubles, waiting
        self.done: list[Exchange] = []
        self.tools: tuple[str, ...] = ()
        self._queue: deque[Exchange] = deque()
        # The turns of each exchange of the queue.
        self._nodes: deque[dict[str, None]] = deque()
        # Of the newest exchange, by call id.
        self._open: dict[str, Call] = {}
        # The model's answer that the newest calls or words are part of.
        self._message: str | None = None
        # The one that the first step's calls are part of.
        self._first: str | None = None
        self._resulted = False

    @property
    def current(self) -> Exchange | None:
        return self._queue[-1] if self._queue else None

    def question(
        self, text: str, line: int, time: datetime | None, node: str | None = None, parent: str | None = None
    ) -> None:
        """A person's words. Hanging on an earlier turn, they take back what came after it."""
        self._step_back(parent)
        self._settle_calls()
        previous = self.current
        if previous:
            previous.followed = text
            before = previous
            if len(self._queue) >= self.waiting:
                self.done.append(self._queue.popleft())
                self._nodes.popleft()
        else:
            before = None
        exchange = Exchange(self.file, text, line, time, time, before=before, tools=self.tools)
        if before:
            # A copy without its own past, so that no chain holds the whole file.
            exchange.before = Exchange(**vars(before) | {"before": None})
        self._queue.append(exchange)
        self._nodes.append({node: None} if node else {})
        self._message, self._first, self._resulted = None, None, False

    def answer(
        self,
        text: str,
        calls: Iterable[tuple[str | None, Call]],
        line: int,
        time: datetime | None,
        node: str | None = None,
        parent: str | None = None,
        message: str | None = None,
    ) -> None:
        """An answer's words and calls, these as (id, call)."""
        exchange = self.current
        if exchange is None:
            # Words before the first question.
            return
        nodes = self._nodes[-1]
        if (
            parent is not None
            and parent == next(iter(nodes), None)
            and (exchange.reply or exchange.called)
            and (message is None or message != self._message)
        ):
            self._again(exchange)
        self.touch(node, time)
        if text:
            together = message is not None and message == self._message and exchange.final
            exchange.reply = f"{exchange.reply}\n{text}"[:MAX_TEXT] if together else text
            exchange.final = True
            exchange.answered = line
        for ident, call in calls:
            exchange.final = False
            if not self._resulted or (message is not None and message == self._first):
                if len(exchange.calls) < MAX_CALLS:
                    exchange.calls.append(call)
                    exchange.called = exchange.called or line
                    self._first = message
                else:
                    exchange.later += 1
            else:
                exchange.later += 1
            if len(self._open) < MAX_OPEN:
                self._open[ident or f"#{len(self._open)}"] = call
        self._message = message

    def result(
        self, ident: str | None, text: str, ok: bool, time: datetime | None = None, node: str | None = None
    ) -> None:
        """A call's result; without an id that of the oldest call that has none."""
        self.touch(node, time)
        key = ident if ident is not None else next(iter(self._open), None)
        call = self._open.pop(key, None) if key is not None else None
        exchange = self.current
        if call is None or exchange is None:
            return
        call.result, call.ok = text[:MAX_TEXT], ok
        self._resulted = True
        if ok:
            self.toolbox.add_call(call)
        else:
            exchange.failed = True

    def touch(self, node: str | None, time: datetime | None = None, parent: str | None = None) -> None:
        """A turn without words of its own but that others may hang on; it belongs to the exchange of its
        parent.
        """
        if node and self._nodes:
            around = (nodes for nodes in reversed(self._nodes) if parent and parent in nodes)
            nodes = next(around, self._nodes[-1])
            if len(nodes) < MAX_NODES:
                nodes[node] = None
        exchange = self.current
        if exchange and time and (exchange.end is None or time > exchange.end):
            exchange.end = time

    def interrupt(self) -> None:
        if self.current:
            self.current.interrupted = True

    def fail(self) -> None:
        """The answer ended in an error."""
        if self.current:
            self.current.failed = True

    def rolled_back(self, count: int) -> None:
        """The person took back their last prompts."""
        for _ in range(min(max(count, 0), len(self._queue))):
            self._take_back()

    def take(self) -> list[Exchange]:
        """What is settled since the last time."""
        settled, self.done = self.done, []
        return settled

    def close(self) -> list[Exchange]:
        """Everything that still waits; nothing comes any more."""
        self._settle_calls()
        settled = self.take() + list(self._queue)
        self._queue.clear()
        self._nodes.clear()
        return settled

    def _settle_calls(self) -> None:
        for call in self._open.values():
            # No result is known: it was not refused either.
            self.toolbox.add_call(call)
        self._open = {}

    def _again(self, exchange: Exchange) -> None:
        """A second answer was wanted; the first one was thrown away."""
        self._open = {}
        exchange.calls, exchange.called, exchange.later = [], 0, 0
        exchange.reply, exchange.final, exchange.failed = "", False, False
        self._message, self._first, self._resulted = None, None, False

    def _step_back(self, parent: str | None) -> None:
        if parent is None or not self._nodes or parent in self._nodes[-1]:
            return
        if any(parent in nodes for nodes in self._nodes):
            while parent not in self._nodes[-1]:
                self._take_back()

    def _take_back(self) -> None:
        gone = self._queue.pop()
        self._nodes.pop()
        self._open = {}
        self.troubles.add("turn that was taken back", f"{self.file}:{gone.line}")

    def plain(self) -> dict:
        """Its state as JSON, from which `restore` continues as if nothing had been between."""
        calls = self.current.calls if self.current else []
        places = {
            key: [place for place, known in enumerate(calls) if known is call]
            for key, call in (self._open if self.current else {}).items()
        }
        return {
            "queue": [e.plain() | {"before": e.before.plain() if e.before else None} for e in self._queue],
            "nodes": [list(nodes) for nodes in self._nodes],
            "open": {key: found[0] if found else vars(self._open[key]) for key, found in places.items()},
            "message": self._message,
            "first": self._first,
            "resulted": self._resulted,
            "tools": list(self.tools),
        }

    def restore(self, state: dict) -> None:
        for data in state["queue"]:
            before = Exchange.from_plain(data["before"]) if data["before"] else None
            self._queue.append(Exchange.from_plain(data | {"before": None}))
            self._queue[-1].before = before
        self._nodes = deque(dict.fromkeys(nodes) for nodes in state["nodes"])
        for key, found in state["open"].items():
            self._open[key] = self._queue[-1].calls[found] if isinstance(found, int) else Call(**found)
        self._message, self._first, self._resulted = state["message"], state["first"], state["resulted"]
        self.tools = tuple(state["tools"])
