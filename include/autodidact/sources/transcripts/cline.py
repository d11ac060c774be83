"""Cline: `api_conversation_history.json`, a list of `{"role", "content": [blocks]}`, one task a file; and
other lists of messages without anything around them.

Of early versions the calls are tags in the answer's text (`<read_file><path>a.py</path></read_file>`) and the
results texts in the role of the user (`[read_file for 'a.py'] Result:`). What a person typed stands in
`<task>`, `<feedback>`, `<answer>` or `<user_message>`; the answer to them in `<attempt_completion>`,
`<ask_followup_question>` or `<plan_mode_respond>`.
"""

import re
from datetime import datetime

from autodidact.sources.json_of_expected_type import dicts_of
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.message_to_turn import is_message, turn_of
from autodidact.sources.transcripts.outcomes import LAST, Outcome, of_command, of_result
from autodidact.sources.transcripts.reader_base import Reading, ThreadFormat
from autodidact.sources.transcripts.several_people import Speakers
from autodidact.sources.transcripts.turn import Call, Result, Turn, Who
from autodidact.sources.transcripts.turn_text import answered, typed
from autodidact.sources.transcripts.untrusted_fields import moment, text_of

# The tools of Cline and of its forks.
_TOOLS = (
    "execute_command|read_file|write_to_file|replace_in_file|apply_diff|insert_content|search_and_replace"
    "|search_files|list_files|list_code_definition_names|browser_action|use_mcp_tool|access_mcp_resource"
    "|web_fetch"
    "|codebase_search|switch_mode|new_task|update_todo_list|fetch_instructions"
)
# Calls whose argument is the answer to the person.
_ANSWERS = {
    "attempt_completion": "result",
    "ask_followup_question": "question",
    "plan_mode_respond": "response",
    "plan_mode_response": "response",
}
_CALL = re.compile(rf"<({_TOOLS}|{'|'.join(_ANSWERS)})>")
_ARGUMENT = re.compile(r"<([a-z_]{1,40})>")
_RESULT = re.compile(rf"\[({_TOOLS}|{'|'.join(_ANSWERS)})(?: for [^\n]{{0,2000}}?)?\] Result:[ \t]*\n?")
_SPOKEN = re.compile(r"<(feedback|user_feedback|answer|user_message)>\n?")
# What stands before a person's words where the answer was no result of a call.
_FEEDBACK = "The user has provided feedback"


class Cline(ThreadFormat):
    @staticmethod
    def reads(record: dict) -> bool:
        return is_message(record) and "type" not in record and "uuid" not in record

    def __init__(self, reading: Reading):
        super().__init__(reading)
        self.speakers = Speakers()

    def feed(self, line: int, record: dict) -> list[Exchange]:
        stamps = (record.get(key) for key in ("ts", "timestamp", "created_at"))
        time = next((found for found in map(moment, stamps) if found), None)
        if not self.reading.keeps(time):
            return []
        if record.get("role") == "user" and not self._by_text(record, line, time):
            return self.thread.take()
        self.speakers.learn(record)
        if self.speakers.is_another(record):
            self.thread.add(Turn(Who.SUBAGENT, line=line, time=time, outcome=Outcome.UNKNOWN))
            return self.thread.take()
        turn = turn_of(record, line, time, self.trouble)
        if turn and turn.who is Who.MODEL:
            _read_tags(turn)
        if turn is None:
            return self.thread.take()
        if turn.who is Who.PERSON and turn.text.startswith(_FEEDBACK):
            turn.text = _spoken(turn.text) or turn.text
        spoken, instead = None, False
        for result in turn.results:
            if words := _spoken(result.text):
                spoken, result.outcome = words, Outcome.REFUSED
                instead = self.thread.awaits(result.ident)
        self.thread.add(turn)
        if spoken:
            self.thread.add(typed(Turn(Who.PERSON, spoken, line, time, steers=instead)))
        return self.thread.take()

    def plain(self) -> dict:
        known = {"person": self.speakers.person, "labelled": self.speakers.labelled}
        return self.thread.plain() | {"speakers": known}

    def restore(self, state: dict) -> None:
        self.speakers = Speakers(**state["speakers"])
        self.thread.restore(state)

    def _by_text(self, record: dict, line: int, time: datetime | None) -> bool:
        """Reads a message of results as texts. True of any other message: it is read as all are."""
        blocks = dicts_of(record.get("content"))
        texts = [text_of([block]).strip() for block in blocks if block.get("type") in (None, "text")]
        if not any(_RESULT.match(text) for text in texts):
            return True
        results, spoken = [], None
        for place, text in enumerate(texts):
            found = _RESULT.match(text)
            if found is None:
                continue
            text = text[found.end() :].strip()
            if not text and place + 1 < len(texts) and not _RESULT.match(texts[place + 1]):
                text = texts[place + 1]
            words = _spoken(text)
            spoken = words or spoken
            if found[1] not in _ANSWERS:
                went = of_command(text) if found[1] == "execute_command" else of_result(text)
                results.append(Result(None, text, Outcome.REFUSED if words else went))
        self.thread.add(Turn(Who.TOOL, line=line, time=time, results=results))
        if spoken:
            # Instead of letting a call be; about an answer it is their next turn.
            self.thread.add(typed(Turn(Who.PERSON, spoken, line, time, steers=bool(results))))
        return False


def _spoken(result: str) -> str | None:
    """What a person typed instead of letting a call be, or about its result."""
    found = _SPOKEN.search(result)
    end = result.rfind(f"</{found[1]}>") if found else -1
    return result[found.end() : end].strip() or None if found and end >= 0 else None


def _read_tags(turn: Turn) -> None:
    """Takes the calls out of an answer's text."""
    text = answered(turn.text)
    found = _CALL.search(text)
    if found is None:
        for place, (_, call) in enumerate(turn.calls):
            # Newer versions make the answer a call of the interface.
            words = (call.arguments or {}).get(_ANSWERS.get(call.name, ""))
            if isinstance(words, str):
                turn.text, turn.calls, turn.left = words, turn.calls[:place], LAST
                break
        return
    end = text.find(f"</{found[1]}>", found.end())
    inner = text[found.end() : end if end >= 0 else len(text)]
    arguments = _arguments(inner)
    if found[1] in _ANSWERS:
        words = arguments.get(_ANSWERS[found[1]], "")
        turn.text, turn.left = words, LAST
        turn.outcome = turn.outcome if end >= 0 else Outcome.CUT
    else:
        turn.text = text[: found.start()]
        turn.calls = [*turn.calls, (None, Call.of(found[1], dict(arguments)))]
        turn.outcome = turn.outcome if end >= 0 else Outcome.CUT


def _arguments(inner: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while match := _ARGUMENT.search(inner, at):
        end = inner.find(f"</{match[1]}>", match.end())
        if end < 0:
            break
        found[match[1]] = inner[match.end() : end].strip()
        at = end + len(match[1]) + 3
    return found
