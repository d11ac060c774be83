"""Gemini CLI: `{"sessionId", "projectHash", "messages": [{"id", "type": "user" | "gemini", "content"}]}`, one
session a file (.json), or the same one message a line after a line of what the session is (.jsonl).

A message is written anew, under its id, as long as it grows. `$rewindTo` takes back a message and what came
after it. An answer of a model holds its calls with their results. What the program says after it (`info`,
`warning`, `error`) may be that it was stopped, cut or blocked.
"""

import re
from collections import OrderedDict
from datetime import datetime

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.outcomes import Outcome, of_result, worse
from autodidact.sources.transcripts.reader_base import Reading, ThreadFormat
from autodidact.sources.transcripts.turn import Call, Result, Turn, Who
from autodidact.sources.transcripts.turn_text import answered, typed
from autodidact.sources.transcripts.turns_to_exchanges import WAITING
from autodidact.sources.transcripts.untrusted_fields import (
    MAX_TEXT,
    has_attachment,
    moment,
    name_of,
    short_json,
    text_of,
)

# Messages of one exchange that may still grow.
MAX_GROWING = 400
_TYPES = ("user", "gemini", "info", "error", "warning")
_ANNOUNCES = re.compile(
    r"(let me|let's|i will|i'll|i am going|i'm going|first|now|next|looking|checking|reading|searching"
    r"|running)\b"
    r"|[^\n]*(:|\.\.\.|…)\s*\Z",
    re.IGNORECASE,
)
# Characters of a notice that say what it is about.
_NOTICED = 400
# What a notice says of the answer before it.
_ENDED = {
    Outcome.FAILED: r"\bmalformed\b"
    r"|\b(?:response|answer|request|turn|execution|generation)\b.{0,30}\b(?:failed|timed out)\b",
    Outcome.REFUSED: r"\b(?:response|answer|request|prompt|content|execution)\b.{0,40}"
    r"\b(?:blocked|refused|rejected)|\bblocked\b.{0,40}\b(?:safety|policy|filter|hook)"
    r"|(?:stopped|ended|cut|halted|due to).{0,30}"
    r"\b(?:safety|recitation|prohibited|forbidden|blocklist|policy|unsupported language)",
    Outcome.CUT: r"cancel|\babort|\binterrupted\b|\btruncated\b|\bcut (?:off|short)\b|\bhalted\b"
    r"|\b(?:response|answer|request|turn|execution|generation|output)\b.{0,40}\b(?:cut|stopped|incomplete)\b"
    r"|\b(?:reached|exceed(?:s|ed)?|hit|over)\b.{0,60}\b(?:limit|maximum|max)\b"
    r"|\b(?:limit|maximum number of turns|max[ _]?(?:session[ _]?)?turns)\b.{0,40}"
    r"\b(?:reached|exceeded|hit)\b",
}
# Of the session, not of the answer: another model takes over, the memory was compressed.
_BESIDE = re.compile(r"switch(?:ed|ing)? |fallback|falling back|compress|update|upgrad", re.IGNORECASE)
_STATUS = {"success": Outcome.SUCCEEDED, "error": Outcome.FAILED, "cancelled": Outcome.REFUSED}


class Gemini(ThreadFormat):
    waiting = WAITING

    @staticmethod
    def reads(record: dict) -> bool:
        if "projectHash" in record and "sessionId" in record:
            return True
        if "$rewindTo" in record or "$set" in record:
            return True
        return (
            record.get("type") in _TYPES and "id" in record and "content" in record and "uuid" not in record
        )

    def __init__(self, reading: Reading):
        super().__init__(reading)
        self.growing: OrderedDict[str, list[Turn]] = OrderedDict()
        self.side = False

    def feed(self, line: int, record: dict) -> list[Exchange]:
        if "projectHash" in record:
            self.side = record.get("kind") == "subagent"
            for message in dicts_of(record.get("messages")):
                self._message(line, message)
        elif name_of(record.get("$rewindTo")):
            self._rewind(record["$rewindTo"])
        elif "$set" not in record:
            self._message(line, record)
        return self.thread.take()

    def _message(self, line: int, message: dict) -> None:
        time, node = moment(message.get("timestamp")), name_of(message.get("id"))
        if self.side or not self.reading.keeps(time):
            return
        node = node or f"#{line}.{len(self.growing)}"
        if self.thread.knows(node):
            # Of an exchange that is over: only its figures change.
            return
        if node in self.growing:
            line = self.growing[node][0].line
        turns = self._turns(message, line, time, node)
        if not turns:
            return
        opens = node not in self.growing and turns[0].who is not Who.MODEL
        if opens or len(self.growing) >= MAX_GROWING:
            self._settle()
        self.growing[node] = turns

    def _turns(self, message: dict, line: int, time: datetime | None, node: str) -> list[Turn]:
        kind, content = message.get("type"), message.get("content")
        if kind == "user":
            shown = message.get("displayContent")
            shown = content if shown is None else shown
            text = text_of(shown).strip()
            attached = has_attachment(content) or "--- Content from referenced files ---" in text_of(content)
            turn = typed(Turn(Who.PERSON, text, line, time, node), attached)
            return [turn] if text or attached else []
        if kind == "error":
            return [Turn(Who.MODEL, "", line, time, node, outcome=Outcome.FAILED)]
        if kind in ("info", "warning"):
            went = _of_notice(text_of(content))
            return [Turn(Who.MODEL, "", line, time, node, outcome=went)] if went else []
        if kind != "gemini":
            return []
        made = dicts_of(message.get("toolCalls"))
        called = Turn(Who.MODEL, "", line, time, node)
        for raw in made:
            if name_of(raw.get("name")) and isinstance(raw.get("args"), dict):
                called.calls.append((name_of(raw.get("id")), Call.of(raw["name"], raw["args"])))
                called.results.append(_result(raw))
            else:
                self.trouble("tool call that cannot be read", line)
        said = Turn(Who.MODEL, answered(text_of(content)), line, time)
        said.outcome = self.judged({k: v for k, v in message.items() if k != "displayContent"}, line)
        # A call with its own time was made after the words. Without one they may be the answer made of it,
        # unless they only announce it.
        timed = any("timestamp" in raw for raw in made)
        after = bool(made) and not timed and not _ANNOUNCES.match(said.text)
        return [called, said] if after else [said, called]

    def _settle(self) -> None:
        for turns in self.growing.values():
            for turn in turns:
                results, turn.results = turn.results, []
                self.thread.add(turn)
                if results:
                    self.thread.add(Turn(Who.TOOL, line=turn.line, time=turn.time, results=results))
        self.growing.clear()

    def _rewind(self, node: str) -> None:
        if node in self.growing:
            # What comes after it goes with it; a question takes its whole exchange.
            while self.growing and self.growing.popitem()[0] != node:
                pass
        else:
            self.growing.clear()
            self.thread.back_to(node)

    def plain(self) -> dict:
        growing = {node: [turn.plain() for turn in turns] for node, turns in self.growing.items()}
        return self.thread.plain() | {"growing": growing, "side": self.side}

    def restore(self, state: dict) -> None:
        self.side = state["side"]
        for node, turns in state["growing"].items():
            self.growing[node] = [Turn.from_plain(turn) for turn in turns]
        self.thread.restore(state)

    def close(self) -> list[Exchange]:
        self._settle()
        return self.thread.close()


def _of_notice(text: str) -> Outcome | None:
    """How the answer before a notice of the program ended; None of a notice about something else."""
    text = " ".join(text[:_NOTICED].split())
    found = (went for went, says in _ENDED.items() if re.search(says, text, re.IGNORECASE))
    return None if _BESIDE.search(text) else next(found, None)


def _result(raw: dict) -> Result:
    """A call's result and how it went, by its status and by what it gave."""
    outcome = _STATUS.get(str(raw.get("status")), Outcome.RUNNING)
    texts = []
    for part in dicts_of(raw.get("result")):
        response = dict_of(dict_of(part.get("functionResponse")).get("response"))
        if response.get("error"):
            outcome = worse(outcome, Outcome.FAILED)
        texts.append(short_json(response.get("output", response.get("error"))) or text_of([part]))
    text = "\n".join(texts)
    return Result(name_of(raw.get("id")), text[:MAX_TEXT], worse(outcome, of_result(text)), marked=True)
