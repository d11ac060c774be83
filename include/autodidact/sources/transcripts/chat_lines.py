"""Formats with one conversation a line: OpenAI chat, Anthropic messages, ShareGPT.

`{"messages": [...], "tools": [...]}` or `{"conversations": [...]}` (Gemini: `contents`), the list perhaps as
JSON in a string. Logs of requests add the answer as `choices`, with its `finish_reason`. Where a run that the
conversation is of failed (`resolved`, `error`), or somebody disliked it, nothing of it is taught. Where
several agents talk (AutoGen), or people, all but one may speak in the role of the user (several_people.py).
A request may hold the `messages`, and a field beside them the answer (`response`, `completion`).
"""

import re
from datetime import datetime

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.judgements import disliked, failed
from autodidact.sources.transcripts.message_to_turn import answers, is_message, turn_of
from autodidact.sources.transcripts.outcomes import Outcome, ending, of_exit, worse
from autodidact.sources.transcripts.reader_base import Format
from autodidact.sources.transcripts.several_people import speakers_of
from autodidact.sources.transcripts.times_of_messages import oldest_first, time_of
from autodidact.sources.transcripts.turn import Turn, Who
from autodidact.sources.transcripts.turns_to_exchanges import Thread
from autodidact.sources.transcripts.untrusted_fields import MAX_TEXT, name_of, parsed, text_of

_RAN = re.compile(r"\s*exit ?code: (-?\d{1,9})\b", re.IGNORECASE)
# Fields that hold an answer beside the messages that it is to.
_ANSWERS = ("response", "completion", "output", "answer", "reply")


class ChatLines(Format):
    """Nothing is carried from line to line."""

    @staticmethod
    def reads(record: dict) -> bool:
        messages = _messages(record)
        return messages is not None and (not messages or any(map(is_message, dicts_of(messages[:3]))))

    def feed(self, line: int, record: dict) -> list[Exchange]:
        if isinstance(record.get("request"), dict):
            record = record["request"] | {key: record[key] for key in record if key != "request"}
        last = ending(record.get("finish_reason", record.get("stop_reason")))
        messages = oldest_first(dicts_of(_messages(record)))
        messages[-1:] = [_reasons(record) | message for message in messages[-1:]]
        if messages and "choices" not in record and not answers(messages[-1]):
            messages = [*messages, *_answer(record)]
        for choice in dicts_of(record.get("choices"))[:1]:
            messages = [*messages, _reasons(choice) | dict_of(choice.get("message"))]
            last = worse(worse(last, ending(choice.get("finish_reason"))), self.judged(choice, line))
        whole = time_of(record)
        times = [time_of(message) or whole for message in messages]
        if not all([self.reading.keeps(time) for time in (whole, *times)]):
            # Something in it is newer than the window.
            return []
        thread = self.new_thread()
        functions = parsed(record.get("functions"), list) or ()
        declared = parsed(record.get("tools"), list) or [{"function": function} for function in functions]
        thread.tools = self.reading.toolbox.declare(declared)
        thread.system = _system(messages)
        self._add(thread, messages, times, line)
        thread.ends(last)
        found = thread.close()
        if failed(record):
            for exchange in found:
                exchange.ends(Outcome.FAILED)
        said = self.judged(record, line)
        for exchange in found:
            exchange.ends(worse(said, Outcome.REFUSED) if disliked(record) else said)
        return found

    def _add(self, thread: Thread, messages: list[dict], times: list[datetime | None], line: int) -> None:
        second, speakers = _of_a_second_model(messages), speakers_of(messages)
        for place, (message, time) in enumerate(zip(messages, times, strict=True)):
            if place in second:
                self.trouble("answer of a second model to the same question", line)
            elif speakers.is_another(message) or speakers.speaks_to_another(message):
                went = _judged(text_of(message.get("content", message.get("value"))))
                thread.add(Turn(Who.SUBAGENT, line=line, time=time, outcome=went))
            elif turn := turn_of(message, line, time, self.trouble):
                thread.add(turn)


def _of_a_second_model(messages: list[dict]) -> set[int]:
    """The places of answers that another model gave to a question which the one before it had answered: a log
    that compares models (ShareGPT: `chatgpt`, then `bing`) holds both, and the first is kept.
    """
    found: set[int] = set()
    first = None
    for place, message in enumerate(messages):
        speaker = name_of(message.get("from"))
        if speaker is None or not answers(message):
            first = None
        elif first is None:
            first = speaker
        elif speaker != first:
            found.add(place)
    return found


def _answer(record: dict) -> list[dict]:
    """The answer that stands in a field beside the messages; [] without one."""
    for key in _ANSWERS:
        given = record.get(key)
        if isinstance(given, str) and given.strip():
            return [{"role": "assistant", "content": given}]
        if isinstance(given, dict) and "choices" in given:
            return [_reasons(one) | dict_of(one.get("message")) for one in dicts_of(given["choices"])[:1]]
        if isinstance(given, dict) and is_message(given) and answers(given):
            return [given]
        # A list in `output` is one of items (openai_response_items.py).
        listed = dicts_of(given) if key != "output" else []
        if listed and all(is_message(each) for each in listed) and answers(listed[0]):
            return listed
    return []


def _reasons(given: dict) -> dict:
    """The fields that say why an answer ended."""
    return {key: given[key] for key in ("finish_reason", "stop_reason") if key in given}


def _judged(text: str) -> Outcome:
    """What another agent's words say of the answer before: it ran the code, or gives an opinion."""
    ran = _RAN.match(text)
    return of_exit(int(ran[1])) if ran else Outcome.UNKNOWN


def _system(messages: list[dict]) -> str:
    """The system prompt that a conversation begins with; "" without one."""
    first = messages[0] if messages else {}
    if first.get("role", first.get("from")) not in ("system", "developer"):
        return ""
    return text_of(first.get("content", first.get("value"))).strip()[:MAX_TEXT]


def _messages(record: dict) -> list | None:
    """The messages of a record, or of the request or the input that it holds beside an answer."""
    asked = record.get("request")
    if isinstance(asked, dict) and _answer(record):
        return _messages(asked)
    keys = ("input", "prompt") if _answer(record) else ()
    for key in ("messages", "conversations", "conversation", "contents", *keys):
        found = record.get(key)
        if isinstance(found, list):
            return found
        if isinstance(found, str) and found.lstrip()[:1] == "[":
            return parsed(found, list)
    return None
