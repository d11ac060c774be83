"""One chat template, thinking off, in training, benchmark and serving: the model's own.

Rendering goes through the template twice, with and without the answer, so it needs no `{% generation %}`
markers and works on any template whose full text starts with its generation prompt (Qwen3's does: with
thinking off both carry an empty think block).
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.models.tool_template import knows_tools, with_tools
from autodidact.records import canonical, nfc


def template_of(folder: Path) -> str:
    """The chat template of a model folder, as text; empty when it has none. Reads files only: no library is
    loaded for it.
    """
    file = folder / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8")
    for name in ("tokenizer_config.json", "chat_template.json"):
        if (folder / name).is_file():
            template = json.loads((folder / name).read_text(encoding="utf-8")).get("chat_template")
            if template:
                return template if isinstance(template, str) else canonical(template)
    return ""


def load_tokenizer(path: Path) -> Any:
    """The tokenizer of a model folder, padding on the left, with a chat template that knows tools
    (tool_template.py). Raises AutodidactError when it has none, or one that cannot be given them.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(path), trust_remote_code=False, local_files_only=True)
    except Exception as error:  # the libraries raise all kinds for files that are no tokenizer
        raise AutodidactError(
            f"The tokenizer in {path} cannot be loaded: {(str(error) or repr(error)).splitlines()[0][:160]}",
            "Restore its files.",
        ) from None
    if not tokenizer.chat_template:
        raise AutodidactError(
            f"The model in {path} has no chat template",
            "Use a chat model as base_model, for example Qwen/Qwen3-8B.",
        )
    if tokenizer.eos_token is None:
        raise AutodidactError(
            f"The tokenizer in {path} has no end-of-sequence token", "Use a chat model as base_model."
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "left"
    if not knows_tools(tokenizer.chat_template):
        tokenizer.chat_template = with_tools(tokenizer)
    return tokenizer


# Control tokens in the shapes that the families of models write them in: <|im_end|>, <\uff5cAssistant\uff5c>,
# <start_of_turn>, <<SYS>>, [INST].
_SHAPES = (
    r"<[|\uff5c][^<>|\uff5c\s]{1,60}[|\uff5c]>",
    r"<(?:start|end)_of_turn>",
    r"<</?SYS>>",
    r"\[/?INST\]",
)

# What `parse_answer` reads as thoughts and calls, whatever the base model.
_PARSED = ("<think>", "</think>", "<tool_call>", "</tool_call>")

_MARKER = r"<[^<>\s\"'=]{1,60}>|\[/?[A-Z_]{2,40}\]"
_AT_AN_END = (re.compile(rf"\s*((?:{_MARKER})+)"), re.compile(rf"((?:{_MARKER})+)\s*\Z"))


def control_tokens(tokenizer: Any = None) -> re.Pattern:
    """A pattern for all that is no longer text once it stands in a rendered conversation: it would end a
    turn, open a call or a thought.

    Special tokens of the tokenizer, the markers of its chat template (what its pieces of text begin or end
    with), what `parse_answer` reads, and the shapes that other models' control tokens have. Without a
    tokenizer: the last two. A marker that looks like any tag of XML (`<name>`) counts only where it is a
    token of its own.
    """
    tokens = {*_PARSED}
    if tokenizer is not None:
        own = list(tokenizer.added_tokens_decoder.values())
        tokens.update(tokenizer.all_special_tokens, (str(token) for token in own if token.special))
        markers, names = _markers(tokenizer.chat_template), {str(token) for token in own}
        tokens.update(
            marker for marker in markers if marker in names or not re.fullmatch(r"</?[A-Za-z]+>", marker)
        )
    longest_first = sorted(filter(None, tokens), key=lambda token: (-len(token), token))
    return re.compile("|".join([*map(re.escape, longest_first), *_SHAPES]))


def _markers(template: Any) -> set[str]:
    """`<tool_response>`, `[INST]`: the markers that a chat template's pieces of text begin or end with. One
    in the midst of a piece is prose.
    """
    from jinja2 import Environment, TemplateSyntaxError

    found: set[str] = set()
    for source in template.values() if isinstance(template, dict) else [template or ""]:
        try:
            pieces = [value for _, kind, value in Environment().lex(source) if kind in ("string", "data")]
        except TemplateSyntaxError:
            continue  # then it cannot be rendered either
        for piece in pieces:
            text = (
                piece[1:-1].replace("\\n", "\n") if piece[:1] in "'\"" and piece[:1] == piece[-1:] else piece
            )
            for runs in (_AT_AN_END[0].match(text), _AT_AN_END[1].search(text)):
                found.update(re.findall(_MARKER, runs[1]) if runs else ())
    return found


def _for_template(messages: list[dict], tools: list[dict]) -> dict[str, Any]:
    return {
        "conversation": nfc(messages),
        "tools": nfc(tools) or None,
        "tokenize": False,
        "enable_thinking": False,
    }


def render_prompt(tokenizer, messages: list[dict], tools: Sequence[dict] = ()) -> str:
    """The text the model continues: `messages` without the answer, ending where the assistant begins."""
    return tokenizer.apply_chat_template(
        **_for_template(list(messages), list(tools)), add_generation_prompt=True
    )


_EMPTY_THINK = re.compile(r"<think>\s*</think>\s*\Z")


def render(tokenizer, messages: list[dict], tools: Sequence[dict] = ()) -> tuple[str, str]:
    """(prompt, completion) of an example; the completion ends with the stop token, and is the part that is
    trained on.

    A template may close an empty think block in its generation prompt that its answers do not carry: the
    prompt keeps it, as when it is served. Raises AutodidactError when the template does not continue its own
    generation prompt: nothing could then be masked soundly.
    """
    prompt = render_prompt(tokenizer, messages[:-1], tools)
    whole = tokenizer.apply_chat_template(
        **_for_template(list(messages), list(tools)), add_generation_prompt=False
    )
    head = prompt if whole.startswith(prompt) else _EMPTY_THINK.sub("", prompt)
    if not whole.startswith(head):
        raise AutodidactError(
            "The chat template of this model does not continue its generation prompt",
            "Use a base model with a Qwen3-like template.",
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
