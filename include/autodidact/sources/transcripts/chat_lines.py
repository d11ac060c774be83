"""Formats with one conversation a line: OpenAI chat, Anthropic messages, ShareGPT.

`{"messages": [...], "tools": [...]}` or `{"conversations": [...]}` (Gemini: `contents`), the list perhaps as
JSON in a string. Logs of requests add the answer as `choices`, with its `finish_reason`. Where a run that the
conversation is of failed (`resolved`, `error`), or somebody disliked it, nothing of it is taught. Where
several agents talk (AutoGen), or people, all but one may speak in the role of the user (several_people.py).
A request may hold the `messages`, and a field next to them the answer (answers_beside.py). Messages may be
LangChain's (langchain_messages.py).
"""

import re
from datetime import datetime

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.transcripts.answers_beside import UNCLEAR, answer_beside, request_of, resumed
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.judgements import disliked, failed
from autodidact.sources.transcripts.langchain_messages import as_chat
from autodidact.sources.transcripts.message_to_turn import answers, is_message, turn_of
from autodidact.sources.transcripts.outcomes import Outcome, ending, of_exit, worse
from autodidact.sources.transcripts.reader_base import Format
from autodidact.sources.transcripts.several_people import speakers_of
from autodidact.sources.transcripts.times_of_messages import oldest_first, time_of
from autodidact.sources.transcripts.turn import Turn, Who
from autodidact.sources.transcripts.turns_to_exchanges import Thread
from autodidact.sources.transcripts.untrusted_fields import MAX_TEXT, name_of, parsed, text_of

_RAN = re.compile(r"\s*exit ?code: (-?\d{1,9})\b", re.IGNORECASE)


class ChatLines(Format):
    """Nothing is carried from line to line."""

    @staticmethod
    def reads(record: dict) -> bool:
        messages = _messages(record)
        return messages is not None and (not messages or any(map(is_message, dicts_of(messages[:3]))))

    def feed(self, line: int, record: dict) -> list[Exchange]:
        asked = request_of(record)
        record = asked | {key: record[key] for key in record if not asked or key != "request"}
        last = ending(record.get("finish_reason", record.get("stop_reason")))
        messages = oldest_first(dicts_of(_messages(record)))
        messages[-1:] = [_reasons(record) | message for message in messages[-1:]]
        answer = answer_beside(record) if messages and "choices" not in record else []
        for choice in dicts_of(record.get("choices"))[:1]:
            answer = [_reasons(choice) | dict_of(choice.get("message"))]
            last = worse(worse(last, ending(choice.get("finish_reason"))), self.judged(choice, line))
        messages, whole_answer = self._with(messages, answer, bool(asked) or "choices" in record, line)
        last = worse(last, whole_answer)
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

    def _with(
        self, messages: list[dict], answer: list[dict], logged: bool, line: int
    ) -> tuple[list[dict], Outcome]:
        """The messages and the answer to them. `logged`: they are those of a request, and where they end with
        an answer, the model had to go on with it.
        """
        if not answer or not messages or not answers(messages[-1]):
            return [*messages, *answer], Outcome.SUCCEEDED
        if not logged and answer[0].keys() <= {"role", "content"}:
            # A data set's: the answer again, or another one.
            return messages, Outcome.SUCCEEDED
        found, whole = resumed(messages[-1], answer[0])
        if found == UNCLEAR:
            self.trouble(UNCLEAR, line)
            return messages, Outcome.UNKNOWN
        return [*messages[:-1], whole, *answer[1:]], Outcome.SUCCEEDED

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


def _reasons(given: dict) -> dict:
    """The fields that say why an answer ended."""
    return {
        key: given[key] for key in ("finish_reason", "stop_reason", "content_filter_results") if key in given
    }


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
    """The messages of a record, or of the request or the input that it holds next to an answer."""
    asked, answered = request_of(record), bool(answer_beside(record))
    if asked and answered:
        return _messages(asked)
    keys = ("input", "prompt") if answered else ()
    for key in ("messages", "conversations", "conversation", "contents", *keys):
        found = record.get(key)
        if isinstance(found, str) and found.lstrip()[:1] == "[":
            found = parsed(found, list)
            return found and _as_chat(found)
        if isinstance(found, list):
            return _as_chat(found)
    return None


def _as_chat(messages: list) -> list:
    return [as_chat(one) if isinstance(one, dict) else one for one in messages]
