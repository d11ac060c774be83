"""Items of OpenAI's responses as turns: `message`, `function_call`, `function_call_output`,
`custom_tool_call`, `local_shell_call`. Codex keeps them one a line; logs of the interface keep a request's
`input` and its `output`.
"""

import re
from datetime import datetime

from autodidact.sources.json_of_expected_type import dicts_of
from autodidact.sources.transcripts.codex_javascript_calls import nested_calls, outcome_of_script
from autodidact.sources.transcripts.ending_fields import NOT_GOOD, by_fields
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.message_to_turn import Trouble
from autodidact.sources.transcripts.outcomes import Outcome, ending, of_exit, of_result, worse
from autodidact.sources.transcripts.reader_base import Format
from autodidact.sources.transcripts.turn import Call, Result, Turn, Who
from autodidact.sources.transcripts.turn_text import HOSTED, typed
from autodidact.sources.transcripts.turns_to_exchanges import Thread
from autodidact.sources.transcripts.untrusted_fields import (
    has_attachment,
    moment,
    name_of,
    parsed,
    short_json,
    text_of,
)

CALLS = ("function_call", "custom_tool_call", "local_shell_call")
OUTPUTS = ("function_call_output", "custom_tool_call_output", "local_shell_call_output")
# Scripts and commands that still run, of one conversation.
MAX_CELLS = 200
_SESSION = re.compile(r"^Process running with session ID (\S{1,80})", re.MULTILINE)


class ResponseItems:
    """Adds items to a thread. `cells`: the calls that still run, by the cell or session that `wait` and
    `write_stdin` name.
    """

    def __init__(self, thread: Thread, trouble: Trouble):
        self.thread, self.trouble = thread, trouble
        self.cells: dict[str, str] = {}

    def add(self, item: dict, line: int, time: datetime | None, steers: bool = False) -> None:
        kind = item.get("type")
        if kind == "message" or (kind is None and "role" in item):
            self._message(item, line, time, steers)
        elif kind in CALLS:
            self._call(item, line, time)
        elif kind in OUTPUTS:
            self._output(item, line, time)
        elif isinstance(kind, str) and kind.endswith("_call"):
            # The interface made it, and keeps what it gave.
            self.thread.add(Turn(Who.MODEL, "", line, time, lost=HOSTED))

    def _message(self, item: dict, line: int, time: datetime | None, steers: bool) -> None:
        content, role = item.get("content"), item.get("role")
        text = text_of(content).strip()
        if role == "assistant" and text:
            went, bad = by_fields({key: value for key, value in item.items() if key != "status"})
            for field in bad:
                self.trouble(NOT_GOOD.format(field), line)
            self.thread.add(Turn(Who.MODEL, text, line, time, outcome=worse(_status(item), went)))
            if item.get("phase") == "commentary" and self.thread.current:
                self.thread.current.final = False
        elif role == "user":
            self.asked(text, line, time, has_attachment(content), steers)

    def asked(
        self, text: str, line: int, time: datetime | None, attached: bool = False, steers: bool = False
    ) -> None:
        """What stands in the role of the user. The same words twice with no answer between are one turn."""
        if not text and not attached:
            return
        turn = typed(Turn(Who.PERSON, text, line, time, steers=steers), attached)
        now = self.thread.current
        if now and now.text and now.text == turn.text and not (now.reply or now.called):
            return
        self.thread.add(turn)

    def _call(self, item: dict, line: int, time: datetime | None) -> None:
        kind, ident = item["type"], name_of(item.get("call_id"))
        name, arguments = name_of(item.get("name")), parsed(item.get("arguments"))
        script = item.get("input") if kind == "custom_tool_call" else None
        if kind == "local_shell_call":
            name, arguments = "local_shell", parsed(item.get("action"))
        elif isinstance(script, str):
            arguments = {"input": script}
        if name is None or arguments is None:
            self.trouble("tool call that cannot be read", line)
            return
        if ident and self._waits(name, arguments, ident):
            return
        nested = nested_calls(script) if name == "exec" and isinstance(script, str) else []
        calls = [(ident, call) for call in nested] or [(ident, Call.of(name, arguments))]
        numbered = [(f"{ident} {place}" if place else ident, call) for place, (_, call) in enumerate(calls)]
        self.thread.add(Turn(Who.MODEL, "", line, time, calls=numbered, outcome=_status(item)))

    def _waits(self, name: str, arguments: dict, ident: str) -> bool:
        """Whether a call only waits for one that still runs: its result is that call's."""
        if name == "wait":
            cell = str(arguments.get("cell_id", ""))
        elif name == "write_stdin" and not arguments.get("chars"):
            cell = str(arguments.get("session_id", ""))
        else:
            return False
        return cell in self.cells and self.thread.renamed(self.cells.pop(cell), ident)

    def _output(self, item: dict, line: int, time: datetime | None) -> None:
        ident, output = name_of(item.get("call_id")), item.get("output")
        texts = [text_of([part]) for part in dicts_of(output)] or [output if isinstance(output, str) else ""]
        text, outcome, cell = outcome_of_script(texts)
        # The header says how the script went.
        exited, marked = False, outcome is Outcome.SUCCEEDED
        if outcome is Outcome.UNKNOWN:
            text, outcome, exited = _output(output)
            session = _SESSION.search(text[:400])
            cell = session[1] if session else None
            outcome = Outcome.RUNNING if cell else outcome
        if cell and ident and len(self.cells) < MAX_CELLS:
            self.cells[cell] = ident
        results = [Result(ident, text, outcome, exited, marked)]
        # The other calls of the same script.
        for place in range(1, 9) if ident else ():
            results.append(Result(f"{ident} {place}", text, outcome, exited, marked))
        self.thread.add(Turn(Who.TOOL, line=line, time=time, results=results))


def _status(item: dict) -> Outcome:
    """`in_progress` is how a log that is written as it comes calls a part that came whole."""
    status = item.get("status")
    return Outcome.SUCCEEDED if status == "in_progress" else ending(status)


def _output(output) -> tuple[str, Outcome, bool]:
    """The text of a call's output, how the call went, and whether an exit code says so."""
    if output is None:
        return "", Outcome.UNKNOWN, False
    wrapped = parsed(output) if not isinstance(output, str) or output.startswith("{") else None
    if wrapped and ("output" in wrapped or "content" in wrapped):
        meta = wrapped.get("metadata")
        code = meta.get("exit_code") if isinstance(meta, dict) else None
        text = text_of(wrapped.get("output", wrapped.get("content")))
        outcome = of_result(text) if code is None else worse(of_exit(code), of_result(text))
        # What it says itself, and the rest of it, but not its text once more.
        own = {key: value for key, value in wrapped.items() if key not in ("output", "content")}
        outcome = worse(outcome, of_result(short_json(own)))
        return text, outcome, code is not None or wrapped.get("success") is True
    text = text_of(output) or short_json(wrapped)
    return text, of_result(text), False


class Responses(Format):
    """`{"input": ..., "output": [...], "tools": [...], "status"}`: one request and its response a line."""

    @staticmethod
    def reads(record: dict) -> bool:
        output = record.get("output")
        return (
            isinstance(record.get("input"), (str, list)) and isinstance(output, list) and "type" not in record
        )

    def feed(self, line: int, record: dict) -> list[Exchange]:
        stamps = (record.get(key) for key in ("completed_at", "created_at", "timestamp"))
        time = next((found for found in map(moment, stamps) if found), None)
        if not self.reading.keeps(time):
            return []
        thread = self.new_thread()
        thread.tools = self.reading.toolbox.declare(parsed(record.get("tools"), list))
        items = ResponseItems(thread, self.trouble)
        given = record["input"]
        for item in [{"role": "user", "content": given}] if isinstance(given, str) else dicts_of(given):
            items.add(item, line, time)
        for item in dicts_of(record["output"]):
            items.add(item, line, time)
        thread.ends(worse(ending(record.get("status")), self.judged(record, line)))
        if record.get("error"):
            thread.ends(Outcome.FAILED)
        return thread.close()
