"""Turns as they come, gathered into exchanges.

Some tools keep a conversation as a tree: a prompt that hangs on an earlier turn takes back everything after
that turn. So the newest exchanges wait before they are given out; a step back beyond them is read as the next
turn. That keeps the memory constant.
"""

from collections import deque

from autodidact.sources.transcripts.asked_back import own_words, question
from autodidact.sources.transcripts.declared_tools import Toolbox
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.failure_words import runs_program, says_failure, says_success
from autodidact.sources.transcripts.outcomes import LAST, SENT_BACK, Outcome, exits, is_cut
from autodidact.sources.transcripts.steps_in_words import STEP, is_step
from autodidact.sources.transcripts.times_of_messages import before
from autodidact.sources.transcripts.turn import Call, Result, Turn, Who
from autodidact.sources.transcripts.turn_text import answered, has_markers
from autodidact.sources.transcripts.untrusted_fields import MAX_TEXT

# Exchanges that a step back can still take back.
WAITING = 16
# Turns of one exchange that a later turn can hang on.
MAX_NODES = 2_000
# Calls of one exchange whose results are waited for.
MAX_OPEN = 200
# Characters of a model's first words that are kept as its reaction to the person's.
MAX_REACTION = 300
# Calls of one step, more are no lesson; and calls after it that are kept.
MAX_CALLS = 8


class Thread:
    """One conversation. What is settled is taken from `take()`; `close()` settles the rest.

    `waiting`: how many exchanges wait for a step back, and for the person's next words.
    """

    def __init__(self, file: str, toolbox: Toolbox, troubles, *, waiting: int):
        self.file, self.toolbox, self.troubles, self.waiting = file, toolbox, troubles, waiting
        self.done: list[Exchange] = []
        self.tools: tuple[str, ...] = ()
        self.system = ""
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

    def add(self, turn: Turn) -> None:
        """The next turn. One that is there already (a file may repeat what it continues) counts once."""
        if turn.who is not Who.TOOL and self.knows(turn.node):
            return
        for result in turn.results:
            self._result(result, turn)
        if turn.who is Who.TOOL and turn.lost:
            self._observed(turn)
        if turn.who is Who.MODEL:
            self._answer(turn)
        elif turn.again and self.current:
            self.current.reply, self.current.final, self.current.left = "", False, SENT_BACK
        elif turn.who is not Who.TOOL:
            self._opens(turn)

    def _observed(self, turn: Turn) -> None:
        """What a tool gave, in words. Before any answer a person wrote it."""
        if (now := self.current) is None or not (now.reply or now.called):
            turn.who, turn.lost = Who.PERSON, ""
            return
        self.touch(turn.node, turn.time)
        now.lost = now.lost or turn.lost

    def knows(self, node: str | None) -> bool:
        """Whether a turn of this name is among those that a later one can hang on."""
        return node is not None and any(node in nodes for nodes in self._nodes)

    def _opens(self, turn: Turn) -> None:
        """Words that begin an exchange. Hanging on an earlier turn, they take back what came after it."""
        self._step_back(turn.parent)
        person = turn.who is Who.PERSON
        steers = person and (turn.steers or self._unfinished())
        if steers:
            self._cut(turn.steers)
        self._settle_calls()
        if self.current and not person:
            self.current.ends(turn.outcome)
        if self.current and self.current.empty:
            self._forget_notice()
        if person:
            self._follow(turn.text)
        if len(self._queue) >= self.waiting:
            self.done.append(self._queue.popleft())
            self._nodes.popleft()
        exchange = Exchange(
            self.file, turn.text if person else "", turn.line, turn.time, turn.time, tools=self.tools
        )
        exchange.system = self.system
        exchange.who, exchange.lost, exchange.steers = turn.who, turn.lost, steers
        last = self.current or (self.done[-1] if self.done else None)
        if last:
            # A copy without its own past, so that no chain holds the whole file.
            exchange.before = Exchange(**vars(last) | {"before": None})
        self._queue.append(exchange)
        self._nodes.append({turn.node: None} if turn.node else {})
        self._message, self._first, self._resulted = None, None, False

    def _cut(self, plainly: bool) -> None:
        """A person spoke before the answer was ready, to their last words and all that was answered since.
        `plainly`: the record says so.
        """
        for exchange in reversed(self._queue):
            if plainly or exchange.called:
                exchange.ends(Outcome.CUT)
            if exchange.who is Who.PERSON:
                return

    def _unfinished(self) -> bool:
        """Whether the model still had to answer a person's words or a result, and nothing had stopped it."""
        now = self.current
        if now is None or now.who is not Who.PERSON or now.outcome is not Outcome.SUCCEEDED:
            return False
        return not now.final and not any(call.outcome is Outcome.RUNNING for call in self._open.values())

    def _follow(self, text: str) -> None:
        """A person's next words, which judge all that was answered since their last."""
        for exchange in reversed(self._queue):
            exchange.followed, exchange.reaction = text, ""
            if exchange.who is Who.PERSON:
                return

    def _react(self, text: str) -> None:
        """The model's first words after a person's, which tell how it took them: they judge, too, what was
        answered before. Beside the exchanges themselves the copy that the newest has of the one before.
        """
        now = self.current
        if now is None or now.who is not Who.PERSON or now.reply or now.before is None:
            return
        for exchange in (now.before, *list(self._queue)[-2::-1]):
            exchange.reaction = exchange.reaction or text[:MAX_REACTION]
            if exchange is not now.before and exchange.who is Who.PERSON:
                return

    def _forget_notice(self) -> None:
        """Nobody answered it: what hangs on it hangs on the exchange before."""
        self._queue.pop()
        nodes = self._nodes.pop()
        if self._nodes:
            self._nodes[-1] |= nodes

    def _answer(self, turn: Turn) -> None:
        exchange = self.current
        if exchange is None:
            # Words before the first question.
            return
        nodes, message = self._nodes[-1], turn.message
        if (
            turn.parent is not None
            and turn.parent == next(iter(nodes), None)
            and (exchange.reply or exchange.called)
            and (message is None or message != self._message)
        ):
            self._again(exchange)
        if before(turn.time, exchange.time):
            # Not its own: a list may stand newest first.
            exchange.ends(Outcome.UNKNOWN)
            self.troubles.add("answer that is older than its question", f"{self.file}:{turn.line}")
        self.touch(turn.node, turn.time)
        exchange.ends(turn.outcome)
        exchange.lost = exchange.lost or turn.lost
        exchange.left = SENT_BACK if exchange.left == SENT_BACK and turn.left != LAST else turn.left
        if text := answered(turn.text):
            self._react(text)
            together = message is not None and message == self._message and exchange.final
            exchange.reply = f"{exchange.reply}\n{text}"[:MAX_TEXT] if together else text
            exchange.final, exchange.answered = True, turn.line
            exchange.lost = exchange.lost or (STEP if is_step(text) else "")
        for ident, call in turn.calls:
            self._called(exchange, ident, call, turn)
        self._message = message

    def _called(self, exchange: Exchange, ident: str | None, call: Call, turn: Turn) -> None:
        exchange.final = False
        first_step = not self._resulted or (turn.message is not None and turn.message == self._first)
        if first_step and len(exchange.calls) < MAX_CALLS:
            exchange.calls.append(call)
            exchange.called = exchange.called or turn.line
            self._first = turn.message
        else:
            exchange.later += 1
            if len(exchange.then) < MAX_CALLS:
                exchange.then.append(call)
        if len(self._open) < MAX_OPEN:
            self._open[ident or f"#{len(self._open)}"] = call
        else:
            exchange.ends(Outcome.UNKNOWN)

    def _result(self, result: Result, turn: Turn) -> None:
        """A call's result; without an id that of the oldest call that has none."""
        self.touch(turn.node, turn.time)
        key = result.ident if result.ident is not None else next(iter(self._open), None)
        call = self._open.get(key) if key is not None else None
        exchange = self.current
        if call is None or key is None or exchange is None:
            if exchange and turn.who is Who.TOOL and not any(one.called for one in self._queue):
                shown = has_markers(exchange.reply, True) and result.outcome is Outcome.SUCCEEDED
                exchange.lost = exchange.lost or ("" if shown else STEP)
            return
        outcome = result.outcome
        exited = result.exited or exits(result.text)
        if outcome is Outcome.SUCCEEDED and not exited and says_failure(result.text, call):
            outcome = Outcome.FAILED
        elif outcome is Outcome.SUCCEEDED and not (exited or result.marked) and not says_success(result.text):
            # A program prints whatever it likes, and its failure may be put in any words.
            outcome = Outcome.UNKNOWN if runs_program(call) else outcome
        call.result, call.outcome = result.text[:MAX_TEXT], outcome
        if words := own_words(call):
            exchange.heard, exchange.asked = f"{exchange.heard} {words}".strip()[:MAX_TEXT], question(call)
        if outcome is Outcome.RUNNING:
            return
        del self._open[key]
        self._resulted = True
        if call.ok:
            self.toolbox.add_call(call)
        exchange.ends(outcome)

    def awaits(self, ident: str | None) -> bool:
        """Whether a call of this id (None: any call) has no result yet."""
        return ident in self._open if ident is not None else bool(self._open)

    def renamed(self, ident: str, new: str) -> bool:
        """The result of an open call will come under another id. False of a call that is not open."""
        if ident in self._open:
            self._open[new] = self._open.pop(ident)
            return True
        return False

    def touch(self, node: str | None, time=None, parent: str | None = None) -> None:
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

    def ends(self, outcome: Outcome) -> None:
        """What is being answered ended so: it was stopped, or broke."""
        if self.current:
            self.current.ends(outcome)

    def rolled_back(self, count: int) -> None:
        """The person took back their last prompts."""
        while count > 0 and self._queue:
            count -= self._queue[-1].who is Who.PERSON
            self._take_back()

    def back_to(self, node: str) -> None:
        """The person took back everything from this turn on; a turn that is not known takes back all."""
        while self._queue and node not in self._nodes[-1]:
            self._take_back()
        if self._queue:
            self._take_back()

    def take(self) -> list[Exchange]:
        """What is settled since the last time."""
        settled, self.done = self.done, []
        return settled

    def close(self) -> list[Exchange]:
        """Everything that still waits; nothing comes any more."""
        self._settle_calls()
        settled = self.take() + [exchange for exchange in self._queue if not exchange.empty]
        self._queue.clear()
        self._nodes.clear()
        return settled

    def _settle_calls(self) -> None:
        for call in self._open.values():
            # No result is known: it was not refused either.
            self.toolbox.add_call(call)
            if self.current:
                self.current.ends(call.outcome)
        self._open = {}
        if self.current and self.current.final and is_cut(self.current.left, self.current.reply):
            self.current.ends(Outcome.CUT)

    def _again(self, exchange: Exchange) -> None:
        """A second answer was wanted; the first one was thrown away."""
        self._open = {}
        exchange.calls, exchange.called, exchange.later, exchange.then = [], 0, 0, []
        exchange.reply, exchange.final, exchange.outcome, exchange.heard = "", False, Outcome.SUCCEEDED, ""
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
        if not gone.empty:
            self.troubles.add("turn that was taken back", f"{self.file}:{gone.line}")

    def plain(self) -> dict:
        """Its state as JSON, from which `restore` continues as if nothing had been between."""
        calls = [*self.current.calls, *self.current.then] if self.current else []
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
            "system": self.system,
        }

    def restore(self, state: dict) -> None:
        for data in state["queue"]:
            before = Exchange.from_plain(data["before"]) if data["before"] else None
            self._queue.append(Exchange.from_plain(data | {"before": None}))
            self._queue[-1].before = before
        self._nodes = deque(dict.fromkeys(nodes) for nodes in state["nodes"])
        calls = [*self._queue[-1].calls, *self._queue[-1].then] if self._queue else []
        for key, found in state["open"].items():
            known = isinstance(found, int)
            self._open[key] = calls[found] if known else Call.from_plain(found)
        self._message, self._first, self._resulted = state["message"], state["first"], state["resulted"]
        self.tools, self.system = tuple(state["tools"]), state["system"]
