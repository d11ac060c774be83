"""What a request may say, and what answers look like: the OpenAI API's chat completions and completions, as
far as they are served.
"""

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from autodidact.errors import AutodidactError

MOST_MESSAGES, MOST_TOOLS, MOST_STOPS, MOST_TOP = 1000, 256, 4, 20
# Fields that change nothing at these values; at any other the request is refused, for it would not get what
# it asks for.
NEUTRAL: dict[str, tuple] = {
    "n": (1,),
    "best_of": (1,),
    "presence_penalty": (0,),
    "frequency_penalty": (0,),
    "repetition_penalty": (1,),
    "logit_bias": ({},),
    "response_format": ({"type": "text"},),
    "suffix": ("",),
    "min_p": (0,),
    "parallel_tool_calls": (True,),
    "top_k": (-1, 0),
}


class Wrong(AutodidactError):
    """The request cannot be served. `status` is HTTP's, `kind` OpenAI's error type."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        param: str | None = None,
    ):
        super().__init__(message)
        self.status, self.kind, self.param = status, kind, param

    def body(self) -> dict:
        return {
            "error": {"message": self.message, "type": self.kind, "param": self.param, "code": self.status}
        }


@dataclass
class Sampling:
    # None: what the context leaves.
    max_tokens: int | None
    temperature: float = 1.0
    top_p: float = 1.0
    seed: int | None = None
    stop: tuple[str, ...] = ()
    # Alternatives whose log-probabilities come with each token's; None: no log-probabilities at all.
    top: int | None = None


@dataclass
class Ask:
    """A request. Either `messages` (chat), or `prompt` (text or token ids)."""

    model: str | None
    sampling: Sampling
    messages: list[dict] = field(default_factory=list)
    tools: list[dict] = field(default_factory=list)
    prompt: str | list[int] = ""
    echo: bool = False
    stream: bool = False
    stream_usage: bool = False


def chat(body: Any) -> Ask:
    """A chat completion request. Raises Wrong."""
    body = _object(body)
    ask = _common(body)
    messages = _list(body, "messages", MOST_MESSAGES)
    if not messages:
        raise Wrong("messages is empty", param="messages")
    ask.messages = [_message(message) for message in messages]
    choice = body.get("tool_choice")
    if choice not in (None, "none", "auto"):
        raise Wrong("tool_choice may be auto or none here", param="tool_choice")
    ask.tools = [] if choice == "none" else [_tool(tool) for tool in _list(body, "tools", MOST_TOOLS)]
    thinking = (
        (body.get("chat_template_kwargs") or {}) if isinstance(body.get("chat_template_kwargs"), dict) else {}
    )
    if thinking.get("enable_thinking"):
        raise Wrong("thinking is off, in training as in serving", param="chat_template_kwargs")
    if _typed(body, "logprobs", bool, False):
        ask.sampling.top = int(_number(body, "top_logprobs", 0, 0, MOST_TOP))
    return ask


def completion(body: Any) -> Ask:
    """A completion request: one prompt, text or token ids. Raises Wrong."""
    body = _object(body)
    ask = _common(body)
    prompt = body.get("prompt")
    tokens = (
        isinstance(prompt, list)
        and bool(prompt)
        and all(isinstance(token, int) and not isinstance(token, bool) for token in prompt)
    )
    if not (tokens or (isinstance(prompt, str) and prompt)):
        raise Wrong("prompt must be a text or a list of token ids", param="prompt")
    ask.prompt, ask.echo = prompt, _typed(body, "echo", bool, False)
    if ask.stream:
        raise Wrong("completions are not streamed here; chat completions are", param="stream")
    if body.get("logprobs") is not None:
        ask.sampling.top = int(_number(body, "logprobs", 0, 0, MOST_TOP))
    if ask.sampling.max_tokens is None:
        ask.sampling.max_tokens = 16  # as OpenAI's
    return ask


def _common(body: dict) -> Ask:
    for name, neutral in NEUTRAL.items():
        if body.get(name) is not None and body[name] not in neutral:
            raise Wrong(f"{name} is not supported here", param=name)
    name = "max_completion_tokens" if body.get("max_completion_tokens") is not None else "max_tokens"
    least = 0 if "prompt" in body else 1
    most = int(_number(body, name, 0, least, 10**6)) if body.get(name) is not None else None
    stop = body.get("stop")
    stops = [stop] if isinstance(stop, str) else stop or []
    if (
        not isinstance(stops, list)
        or len(stops) > MOST_STOPS
        or not all(isinstance(each, str) and 0 < len(each) <= 200 for each in stops)
    ):
        raise Wrong(f"stop must be a text or at most {MOST_STOPS} of them", param="stop")
    options = body.get("stream_options") or {}
    return Ask(
        model=_typed(body, "model", str, None),
        sampling=Sampling(
            max_tokens=most,
            temperature=_number(body, "temperature", 1.0, 0, 2),
            top_p=_number(body, "top_p", 1.0, 1e-6, 1),
            seed=int(_number(body, "seed", 0, -(2**63), 2**63)) if body.get("seed") is not None else None,
            stop=tuple(stops),
        ),
        stream=_typed(body, "stream", bool, False),
        stream_usage=isinstance(options, dict) and options.get("include_usage") is True,
    )


def parsed(data: bytes | str) -> Any:
    """The value of a JSON text. Raises Wrong for what is none, numbers that are none, and text that cannot be
    written as UTF-8.
    """
    try:
        value = json.loads(data, parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Wrong("the body has half a character (a lone surrogate, \\ud800 to \\udfff)") from None
    except (ValueError, RecursionError):
        raise Wrong("the body is not JSON") from None
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _object(body: Any) -> dict:
    if not isinstance(body, dict):
        raise Wrong("the body must be a JSON object")
    return body


def _typed(body: dict, name: str, kind: type, default: Any) -> Any:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise Wrong(f"{name} has the wrong type", param=name)
    return value


def _number(body: dict, name: str, default: float, least: float, most: float) -> float:
    value = body.get(name)
    if value is None:
        return default
    if (
        isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most
    ):  # NaN is in no range
        raise Wrong(f"{name} must be a number from {least:g} to {most:g}", param=name)
    return value


def _list(body: dict, name: str, most: int) -> list:
    value = body.get(name) or []
    if not isinstance(value, list) or len(value) > most:
        raise Wrong(f"{name} must be a list of at most {most}", param=name)
    return value


def _message(message: Any) -> dict:
    """A message as the chat template wants it: content a text, a tool call's arguments an object."""
    if not isinstance(message, dict) or message.get("role") not in (
        "system",
        "developer",
        "user",
        "assistant",
        "tool",
    ):
        raise Wrong("a message needs a role: system, user, assistant or tool", param="messages")
    role, content = message["role"], message.get("content")
    if isinstance(content, list):
        if not all(
            isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)
            for part in content
        ):
            raise Wrong("a message's content may be text only", param="messages")
        content = "".join(part["text"] for part in content)
    calls = message.get("tool_calls")
    if not (isinstance(content, str) or (content is None and calls)):
        raise Wrong("a message's content must be a text", param="messages")
    plain = {"role": "system" if role == "developer" else role, "content": content or ""}
    if calls:
        if not isinstance(calls, list):
            raise Wrong("tool_calls must be a list", param="messages")
        plain["tool_calls"] = [_call(call) for call in calls]
    return plain


def _call(call: Any) -> dict:
    try:
        name, arguments = call["function"]["name"], call["function"].get("arguments") or {}
        arguments = parsed(arguments) if isinstance(arguments, str) else arguments
        if not isinstance(name, str) or not isinstance(arguments, dict):
            raise TypeError
    except (KeyError, TypeError, AttributeError, Wrong):
        raise Wrong(
            "a tool call needs a function's name and its arguments as JSON", param="messages"
        ) from None
    return {"type": "function", "function": {"name": name, "arguments": arguments}}


def _tool(tool: Any) -> dict:
    function = tool.get("function") if isinstance(tool, dict) else None
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        raise Wrong(
            'a tool is {"type": "function", "function": {"name", "description", "parameters"}}', param="tools"
        )
    return tool


def envelope(kind: str, model: str) -> dict:
    """What every answer begins with; `model` is the version that answers."""
    prefix = "cmpl" if kind == "text_completion" else "chatcmpl"
    return {
        "id": f"{prefix}-{uuid.uuid4().hex[:24]}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }


def tool_calls(message: dict, streamed: bool = False) -> list[dict]:
    """A parsed message's calls as HTTP has them: with an id, arguments as JSON text."""
    return [
        {
            "id": f"call_{uuid.uuid4().hex[:24]}",
            "type": "function",
            "function": {
                "name": call["function"]["name"],
                "arguments": json.dumps(call["function"]["arguments"], ensure_ascii=False),
            },
        }
        | ({"index": place} if streamed else {})
        for place, call in enumerate(message.get("tool_calls") or ())
    ]


class StreamedText:
    """The part of a growing text that may be streamed: nothing of what might become thinking or a tool call,
    no white space at the end.

    When the text is complete, `parse_answer` says what the message is, and `rest` is what was kept back.
    """

    MARKS = ("<think>", "<tool_call>")

    def __init__(self):
        self.sent = ""

    def grow(self, text: str) -> str:
        """What can be sent now, of all the text so far."""
        end = min([text.find(mark) for mark in self.MARKS if mark in text], default=len(text))
        if end == len(text):
            for mark in self.MARKS:
                while cut := next(
                    (n for n in range(len(mark) - 1, 0, -1) if text[:end].endswith(mark[:n])), 0
                ):
                    end -= cut
        return self._send(text[:end].strip())

    def rest(self, content: str) -> str:
        return self._send(content)

    def _send(self, safe: str) -> str:
        if not safe.startswith(self.sent):
            return ""
        new, self.sent = safe[len(self.sent) :], safe
        return new
