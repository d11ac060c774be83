"""Messages of chat interfaces as turns: OpenAI's, Anthropic's content blocks, ShareGPT's, and mixtures of
them.

OpenAI: `{"role", "content", "tool_calls"}`, the role `tool` for results. Anthropic: `content` is a list of
the blocks `text`, `tool_use` and (in the role of the user) `tool_result`. ShareGPT: `{"from", "value"}`, with
`function_call` and `observation` for tools.
"""

from collections.abc import Callable
from datetime import datetime

from autodidact.sources.json_of_expected_type import dict_of, dicts_of, list_of
from autodidact.sources.transcripts.ending_fields import NOT_GOOD, by_fields
from autodidact.sources.transcripts.judgements import NOT_TRAINED, disliked, weightless
from autodidact.sources.transcripts.outcomes import Outcome, ending, left_open, of_error, of_result, worse
from autodidact.sources.transcripts.turn import Call, Result, Turn, Who
from autodidact.sources.transcripts.turn_text import only_beside, typed
from autodidact.sources.transcripts.unread_parts import of_answer, of_parts
from autodidact.sources.transcripts.untrusted_fields import (
    has_attachment,
    name_of,
    parsed,
    short_json,
    text_of,
)

_ROLES = {
    **dict.fromkeys(("human", "user"), "user"),
    **dict.fromkeys(("gpt", "chatgpt", "bing", "bard", "claude", "gemini", "copilot"), "assistant"),
    **dict.fromkeys(("assistant", "model", "ai", "bot", "chatbot", "llm"), "assistant"),
    **dict.fromkeys(("thinking", "thought", "reasoning"), "thought"),
    **dict.fromkeys(("system", "developer"), "system"),
    **dict.fromkeys(("function_call", "tool_call"), "call"),
    **dict.fromkeys(("observation", "tool", "function", "function_response", "tool_response"), "result"),
}
# Fields with which a result's record says how its call went.
_MARKS = ("is_error", "isError", "status", "success", "exit_code")
# (reason, line) counts what cannot be read.
Trouble = Callable[[str, int], None]


def is_message(record: dict) -> bool:
    """Whether an object is one message."""
    speaks = "role" in record or "from" in record
    return speaks and any(key in record for key in ("content", "value", "tool_calls", "parts"))


def answers(message: dict) -> bool:
    """Whether a model speaks in a message: no call, no result, no person."""
    return _ROLES.get(name_of(message.get("role", message.get("from"))) or "") == "assistant"


def turn_of(message: dict, line: int, time: datetime | None, trouble: Trouble) -> Turn | None:
    """The turn that a message is; None of a system prompt. Of an unknown role, which is counted, nobody knows
    what it means for the words before and after it.
    """
    role = _ROLES.get(name_of(message.get("role", message.get("from"))) or "")
    content = message.get("content", message.get("value", _blocks(message.get("parts"))))
    if role is None or not isinstance(content, (str, list, type(None))):
        trouble("unknown role", line)
        return Turn(Who.SESSION, line=line, time=time, outcome=Outcome.UNKNOWN) if role is None else None
    turn = Turn(Who.MODEL, text_of(content), line, time)
    if role == "user":
        turn.who, turn.results = Who.PERSON, results_of(content)
        if turn.results and only_beside(turn.text):
            turn.who = Who.TOOL
            return turn
        attached = has_attachment(content)
        if not turn.text.strip() and not attached:
            return None
        said = typed(turn, attached)
        said.lost = said.lost or (of_parts(content) if said.who is Who.PERSON else "")
        return said
    if role == "assistant":
        turn.calls = [*tool_uses(content, line, trouble), *tool_calls(message, line, trouble)]
        turn.outcome, turn.left = _ended(message), left_open(message)
        turn.lost = of_answer(message, [ident for ident, _ in turn.calls])
        if weightless(message):
            turn.lost = NOT_TRAINED
        ended, bad = by_fields(message)
        for field in bad:
            trouble(NOT_GOOD.format(field), line)
        turn.outcome = worse(turn.outcome, ended)
        if isinstance(message.get("refusal"), str) or disliked(message):
            turn.outcome = worse(turn.outcome, Outcome.REFUSED)
        return turn
    if role == "call":
        turn.text, turn.calls = "", _call_in_text(turn.text, line, trouble)
        return turn
    if role == "result":
        outcome = of_error(turn.text) if message.get("is_error") else of_result(turn.text)
        ident, marked = name_of(message.get("tool_call_id")), _is_marked(message)
        outcome = worse(outcome, by_fields(message)[0])
        results = results_of(content) or [Result(ident, turn.text.strip(), outcome, marked=marked)]
        return Turn(Who.TOOL, line=line, time=time, results=results)
    return None


def _is_marked(given: dict) -> bool:
    """Whether the record of a result has a field that says how its call went."""
    return any(given.get(key) is not None for key in _MARKS)


def _ended(message: dict) -> Outcome:
    """How an answer ended by its reason and, where it is one that is known, its `status`."""
    status = ending(message.get("status"))
    reason = ending(message.get("finish_reason", message.get("stop_reason")))
    return reason if status is Outcome.UNKNOWN else worse(reason, status)


def tool_calls(message: dict, line: int, trouble: Trouble) -> list[tuple[str | None, Call]]:
    """An answer's calls in OpenAI's form (`tool_calls`, or the older `function_call`), each with its id."""
    listed = [*list_of(message.get("tool_calls")), *list_of(message.get("toolCalls"))]
    if isinstance(message.get("function_call"), dict):
        listed = [*listed, {"function": message["function_call"]}]
    calls = []
    for raw in map(dict_of, listed):
        call = call_of(dict_of(raw.get("function", raw)), line, trouble)
        calls += [(name_of(raw.get("id")), call)] if call else []
    return calls


def call_of(function: dict, line: int, trouble: Trouble) -> Call | None:
    """The call of `{"name", "arguments"}`; None, counted, of one that cannot be read."""
    arguments = parsed(function.get("arguments"))
    if arguments is None or not name_of(function.get("name")):
        trouble("tool call that cannot be read", line)
        return None
    return Call.of(function["name"], arguments)


def _blocks(parts) -> list[dict] | None:
    """Gemini's parts as Anthropic's blocks; None where there are none."""
    if not isinstance(parts, list):
        return None
    blocks = []
    for part in dicts_of(parts):
        called, gave = dict_of(part.get("functionCall")), dict_of(part.get("functionResponse"))
        if called:
            blocks.append({"type": "tool_use", "input": called.get("args", {})} | called)
        elif gave:
            given = dict_of(gave.get("response"))
            text = short_json(given.get("output", given.get("error", given)))
            failed = {"is_error": True} if given.get("error") else {}
            blocks.append({"type": "tool_result", "tool_use_id": gave.get("id"), "content": text} | failed)
        elif not part.get("thought"):
            blocks.append(part)
    return blocks


def tool_uses(content, line: int, trouble: Trouble) -> list[tuple[str | None, Call]]:
    """An answer's calls that are Anthropic's blocks, each with its id."""
    calls = []
    for block in dicts_of(content):
        if block.get("type") == "tool_use":
            call = call_of({"name": block.get("name"), "arguments": block.get("input")}, line, trouble)
            calls += [(name_of(block.get("id")), call)] if call else []
    return calls


def results_of(content) -> list[Result]:
    """The results that are Anthropic's blocks."""
    found = []
    for block in dicts_of(content):
        if block.get("type") == "tool_result":
            text = text_of(block.get("content")).strip()
            outcome = of_error(text) if block.get("is_error") else of_result(text)
            outcome = worse(outcome, by_fields(block)[0])
            marked = _is_marked(block)
            found.append(Result(name_of(block.get("tool_use_id")), text, outcome, marked=marked))
    return found


def _call_in_text(text: str, line: int, trouble: Trouble) -> list[tuple[str | None, Call]]:
    """The call, or the calls, that a message's text is as JSON."""
    whole = parsed(text, (dict, list))
    calls: list[tuple[str | None, Call]] = []
    for raw in [whole] if isinstance(whole, dict) else list_of(whole) or [None]:
        given = dict_of(raw)
        call = call_of({"name": given.get("name"), "arguments": given.get("arguments", {})}, line, trouble)
        calls += [(None, call)] if call else []
    return calls
