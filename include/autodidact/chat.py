"""One chat template, thinking off, in training, benchmark and serving: the model's own.

Rendering goes through the template twice, with and without the answer, so it needs no `{% generation %}` markers and works on any
template whose full text starts with its generation prompt (Qwen3's does: with thinking off both carry an empty think block).
"""

import json
import re
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.records import nfc


def _for_template(messages: list[dict], tools: list[dict]) -> dict[str, Any]:
    return {"conversation": nfc(messages), "tools": nfc(tools) or None, "tokenize": False, "enable_thinking": False}


def render_prompt(tokenizer, messages: list[dict], tools: list[dict] = ()) -> str:
    """The text the model continues: `messages` without the answer, ending where the assistant begins."""
    return tokenizer.apply_chat_template(**_for_template(list(messages), list(tools)), add_generation_prompt=True)


_EMPTY_THINK = re.compile(r"<think>\s*</think>\s*\Z")


def render(tokenizer, messages: list[dict], tools: list[dict] = ()) -> tuple[str, str]:
    """(prompt, completion) of an example; the completion ends with the stop token, and is the part that is trained on.

    A template may close an empty think block in its generation prompt that its answers do not carry: the prompt keeps it, as when it is
    served. Raises AutodidactError when the template does not continue its own generation prompt: nothing could then be masked soundly.
    """
    prompt = render_prompt(tokenizer, messages[:-1], tools)
    whole = tokenizer.apply_chat_template(**_for_template(list(messages), list(tools)), add_generation_prompt=False)
    head = prompt if whole.startswith(prompt) else _EMPTY_THINK.sub("", prompt)
    if not whole.startswith(head):
        raise AutodidactError(
            "The chat template of this model does not continue its generation prompt", "Use a base model with a Qwen3-like template."
        )
    completion = whole[len(head) :]
    stop = tokenizer.eos_token
    end = completion.rfind(stop)
    return prompt, completion[: end + len(stop)] if end >= 0 else completion + stop


def count_tokens(tokenizer, text: str) -> int:
    """Tokens of plain text, without special ones."""
    return len(tokenizer(text, add_special_tokens=False)["input_ids"])


_THINK = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_CALL = re.compile(r"<tool_call>\s*(.*?)\s*(?:</tool_call>|\Z)", re.DOTALL)


def parse_answer(text: str) -> dict:
    """An assistant message out of generated text: thinking removed, `<tool_call>` blocks as calls.

    A block that is not a JSON object with a name stays in `content`, where a scorer sees that it is wrong.
    """
    text = _THINK.sub("", text).replace("<|im_end|>", "").strip()
    calls = []

    def take(match: re.Match) -> str:
        try:
            call = json.loads(match[1])
            name, arguments = call["name"], call.get("arguments", {})
            if isinstance(arguments, str):  # some models write the arguments as a JSON text of their own
                arguments = json.loads(arguments)
            if not isinstance(name, str) or not isinstance(arguments, dict):
                return match[0]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return match[0]
        calls.append({"type": "function", "function": {"name": name, "arguments": arguments}})
        return ""

    content = _CALL.sub(take, text).strip()
    message: dict[str, Any] = {"role": "assistant", "content": content}
    if calls:
        message["tool_calls"] = calls
    return message
