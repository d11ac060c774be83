"""The answer that a log keeps next to the messages that it is to: a field `response` or `completion`, the
response of an interface as it came (OpenAI's `choices`, Gemini's `candidates`, Ollama's `message`), or that
response within the `body` of a batch's line.
"""

from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.transcripts.langchain_messages import as_chat
from autodidact.sources.transcripts.message_to_turn import answers, is_message
from autodidact.sources.transcripts.untrusted_fields import parsed, text_of

# Fields that hold an answer; of `message` one in words may be anything.
_ANSWERS = ("response", "completion", "output", "answer", "reply", "message")
# Fields of a choice that are no verdict on it.
_OF_CHOICE = ("message", "content", "index", "logprobs", "delta")
# How deep a response is wrapped.
_MOST_WRAPPED = 3
# What comes of an answer that a request began.
JOINED, SAME, UNCLEAR = "joined", "same", "answer that may resume the one before it"


def answer_beside(record: dict) -> list[dict]:
    """The messages of the answer; [] without one."""
    for key in _ANSWERS:
        given = record.get(key)
        if isinstance(given, str) and given.strip() and key != "message":
            return [{"role": "assistant", "content": given}]
        if isinstance(given, dict) and (found := _of_response(given)):
            return found
        # A list in `output` is one of items (openai_response_items.py).
        listed = dicts_of(given) if key != "output" else []
        if listed and all(is_message(each) for each in listed) and answers(listed[0]):
            return listed
    return []


def _of_response(given: dict, depth: int = 0) -> list[dict]:
    given = as_chat(given)
    if "choices" in given:
        return [_of_choice(one) | dict_of(one.get("message")) for one in dicts_of(given["choices"])[:1]]
    if "candidates" in given:
        return [
            _of_choice(one) | {"role": "model"} | dict_of(one.get("content"))
            for one in dicts_of(given["candidates"])[:1]
        ]
    if is_message(given) and answers(given):
        return [given]
    if depth < _MOST_WRAPPED:
        if body := parsed(given.get("body")):
            return _of_response(body, depth + 1)
        message = dict_of(given.get("message"))
        if is_message(message) and answers(message):
            return [{key: given[key] for key in ("done_reason",) if key in given} | message]
    return []


def _of_choice(choice: dict) -> dict:
    """What a choice says besides its words: why it ended, what a filter found."""
    return {key: value for key, value in choice.items() if key not in _OF_CHOICE}


def request_of(record: dict) -> dict:
    """The request of a record, or the body of it; {} without one."""
    asked = dict_of(record.get("request"))
    return parsed(asked.get("body")) or asked


def resumed(begun: dict, answer: dict) -> tuple[str, dict]:
    """What an answer is after one with which its request ends (a prefill), and that whole: JOINED of
    Anthropic's, which go on where those stop; SAME where one holds the other; else UNCLEAR.
    """
    head, rest = text_of(begun.get("content")), text_of(answer.get("content"))
    if begun.get("tool_calls"):
        return UNCLEAR, begun
    if not head.strip() or rest.startswith(head):
        return SAME, answer
    if rest.strip() in head:
        return SAME, begun
    if answer.get("type") != "message" and "stop_reason" not in answer:
        return UNCLEAR, begun
    content: Any = answer.get("content")
    if isinstance(content, str):
        return JOINED, answer | {"content": head + content}
    parts = dicts_of(content)
    first = parts[0] if parts and parts[0].get("type") == "text" else {"type": "text", "text": ""}
    others = parts[1:] if parts and first is parts[0] else parts
    return JOINED, answer | {"content": [first | {"text": head + str(first.get("text", ""))}, *others]}
