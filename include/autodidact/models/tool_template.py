"""Tools for a chat template that knows none: Qwen3's form of tools, calls and results, on the template's own
turn markers.

A template that drops `tools` would show no tool in the prompt and an empty answer in place of a call. So the
markers of its turns are read off what it renders, and a template with the same turns and with tools is
written around them. It has to render every conversation without tools as the model's own does, character for
character; a template of which that is not true cannot be extended soundly, and is refused.

Where it is used: `load_tokenizer` (chat_template.py) puts it in the place of the model's own, so training,
benchmark, probe and serving have the same text. VERSION is part of the fingerprint of what was measured.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autodidact.errors import AutodidactError

VERSION = 1

# Text that no template holds, one a turn.
_SYSTEM, _FIRST, _ANSWER, _SECOND = (
    "\u2045system\u2046",
    "\u2045first\u2046",
    "\u2045answer\u2046",
    "\u2045second\u2046",
)

# Renders messages: (messages, with the generation prompt) -> text.
Render = Callable[[list[dict[str, Any]], bool], str]


class Turns(NamedTuple):
    """What a template writes around the text of each turn. `start`: before everything; `default`: the system
    prompt that it puts in by itself, None where it has none.
    """

    start: str
    default: str | None
    system: tuple[str, str]
    user: tuple[str, str]
    assistant: tuple[str, str]
    generation: str


def knows_tools(template: Any) -> bool:
    """Whether a chat template renders tools and calls by itself. Several named ones: the model's author wrote
    one for tools, or none of them does.
    """
    from jinja2 import Environment, TemplateSyntaxError, meta

    if not isinstance(template, str):
        return any(map(knows_tools, (template or {}).values()))
    try:
        asked = meta.find_undeclared_variables(
            Environment(extensions=["jinja2.ext.loopcontrols"]).parse(template)
        )
    except TemplateSyntaxError:
        return True  # newer Jinja than this one: left alone, and an error of its own where it is rendered
    return "tools" in asked and "tool_calls" in template


def with_tools(tokenizer: Any) -> str:
    """The tokenizer's chat template with tools. Raises AutodidactError where none is the same without
    them.
    """
    own = tokenizer.chat_template

    def render(messages: list[dict[str, Any]], prompt: bool) -> str:
        return str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=prompt))

    refusal = AutodidactError(
        "The chat template of this model knows no tools, and cannot be given them soundly",
        "Use a base model whose template knows tools, such as Qwen/Qwen3-8B.",
    )
    try:
        turns = _turns(render)
        expected = _rendered(render)
        # Some templates strip each message, others leave it as it is.
        for trim in (False, True):
            tokenizer.chat_template = _template(turns, trim)
            if _rendered(render) == expected:
                return str(tokenizer.chat_template)
    except Exception as error:  # a template may raise whatever it likes
        raise refusal from error
    finally:
        tokenizer.chat_template = own
    raise refusal


def _rendered(render: Render) -> list[str]:
    return [render(messages, prompt) for messages in _CONVERSATIONS for prompt in (False, True)]


def _turns(render: Render) -> Turns:
    """The markers of a template. Raises ValueError where a turn is not text between two markers."""
    system, first, answer, second = (
        {"role": role, "content": text}
        for role, text in (("system", _SYSTEM), ("user", _FIRST), ("assistant", _ANSWER), ("user", _SECOND))
    )
    opens, opened, asked, again, ends = _around(
        render([system, first, answer, second], False), (_SYSTEM, _FIRST, _ANSWER, _SECOND)
    )
    *_, answered = _around(render([first, answer], False), (_FIRST, _ANSWER))
    begins, _ = _around(render([first], False), (_FIRST,))
    generation = _after(render([first], True), render([first], False))
    user_open = _after(again, answered)
    user, assistant = (user_open, ends), (_after(asked, ends), answered)
    system_close = _before(opened, user_open)
    head = _before(begins, user_open)
    default = None
    start = head
    if head and head != opens and not opens.startswith(head):
        start = _common(opens, head)
        default = _before(head[len(opens) :], system_close) if head.startswith(opens) else None
        if default is None:
            raise ValueError("the system prompt that is put in cannot be told apart from the markers")
        start = ""
    return Turns(start, default, (opens[len(start) :], system_close), user, assistant, generation)


def _around(text: str, marks: Sequence[str]) -> list[str]:
    """The pieces of a text between some marks, which stand in it once each and in this order."""
    pieces = []
    for mark in marks:
        before, found, text = text.partition(mark)
        if not found or mark in text:
            raise ValueError("a turn is not rendered as it is")
        pieces.append(before)
    return [*pieces, text]


def _after(text: str, prefix: str) -> str:
    if not text.startswith(prefix):
        raise ValueError("turns are not rendered one after the other")
    return text[len(prefix) :]


def _before(text: str, suffix: str) -> str:
    if not text.endswith(suffix):
        raise ValueError("turns are not rendered one after the other")
    return text[: len(text) - len(suffix)]


def _common(one: str, other: str) -> str:
    size = next(
        (k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return one[:size]


_HEAD = """\
# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>"""
_TAIL = """
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> \
XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>"""


def _template(turns: Turns, trim: bool) -> str:
    """A template of these turns, with tools in the system turn and results in a user turn, as Qwen3 has
    them.
    """
    names = {
        "start": turns.start,
        "default": turns.default,
        "system_open": turns.system[0],
        "system_close": turns.system[1],
        "user_open": turns.user[0],
        "user_close": turns.user[1],
        "assistant_open": turns.assistant[0],
        "assistant_close": turns.assistant[1],
        "generation": turns.generation,
        "tools_head": _HEAD,
        "tools_tail": _TAIL,
    }
    settings = "".join(f"{{%- set {name} = {_literal(value)} -%}}\n" for name, value in names.items())
    return settings + (_BODY.replace(".content", ".content | trim") if trim else _BODY)


def _literal(value: str | None) -> str:
    """A text as Jinja reads it: its escapes are Python's, of which JSON's are a part."""
    return "none" if value is None else json.dumps(value).replace("{", "\\x7b").replace("}", "\\x7d")


_BODY = """\
{%- set said = namespace(system=default, from=0, results=false) -%}
{%- if messages and messages[0].role == "system" -%}
    {%- set said.system = messages[0].content -%}
    {%- set said.from = 1 -%}
{%- endif -%}
{{- start -}}
{%- if tools -%}
    {{- system_open -}}
    {%- if said.system -%}{{- said.system + "\\n\\n" -}}{%- endif -%}
    {{- tools_head -}}
    {%- for tool in tools -%}{{- "\\n" + (tool | tojson) -}}{%- endfor -%}
    {{- tools_tail + system_close -}}
{%- elif said.system is not none -%}
    {{- system_open + said.system + system_close -}}
{%- endif -%}
{%- for message in messages[said.from:] -%}
    {%- if message.role == "tool" -%}
        {%- if not said.results -%}{{- user_open -}}{%- else -%}{{- "\\n" -}}{%- endif -%}
        {{- "<tool_response>\\n" + message.content + "\\n</tool_response>" -}}
        {%- set said.results = true -%}
        {%- if loop.last or loop.nextitem.role != "tool" -%}
            {{- user_close -}}
            {%- set said.results = false -%}
        {%- endif -%}
    {%- elif message.role == "assistant" -%}
        {{- assistant_open + (message.content or "") -}}
        {%- for call in message.tool_calls or [] -%}
            {%- if not loop.first or message.content -%}{{- "\\n" -}}{%- endif -%}
            {%- set function = call.function or call -%}
            {{- '<tool_call>\\n{"name": ' + (function.name | tojson) + ', "arguments": ' -}}
            {{- (function.arguments if function.arguments is string else (function.arguments | tojson)) -}}
            {{- "}\\n</tool_call>" -}}
        {%- endfor -%}
        {{- assistant_close -}}
    {%- elif message.role == "system" -%}
        {{- system_open + message.content + system_close -}}
    {%- else -%}
        {{- user_open + message.content + user_close -}}
    {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- generation -}}{%- endif -%}
"""


def _conversation(*turns: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"role": role, "content": content} for role, content in turns]


# Without tools, both templates must say the same of these.
_CONVERSATIONS = (
    _conversation(("user", "Hi.")),
    _conversation(("system", "Be brief."), ("user", "Hi.")),
    _conversation(("system", ""), ("user", "Hi.")),
    _conversation(("user", "Hi."), ("assistant", "Hello.")),
    _conversation(("user", "Hi."), ("assistant", "Hello."), ("user", "Bye."), ("assistant", "Bye.")),
    _conversation(
        ("system", " {{ braces }} and\n\nlines "),
        ("user", "  kept \n"),
        ("assistant", "\n x = {1: 'a'}\n"),
        ("user", "ä < b & c \\n"),
    ),
    _conversation(("user", ""), ("assistant", "")),
)
