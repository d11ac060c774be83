"""Checks examples of `session_miner`: looks into the raw transcript with a plain walk over its JSON, whatever
the format.

What was asked, called and answered must stand there; the call's result must be no failure; the person's next
words must be no correction.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

from autodidact.settings import SAMPLES

_ERROR = re.compile(
    r"\s*(error|traceback|fatal|exception|failed|<tool_use_error>|the user doesn.t want|permission"
    r" denied|\{\"error\")",
    re.IGNORECASE,
)
_EXIT = re.compile(r"(?:exited with code|exit code:|\"exit_code\":) *(-?\d+)", re.IGNORECASE)
_PROTEST = re.compile(
    r"\s*(no[,.!]|nope\b|wrong\b|that.?s (not|wrong)|(stop|undo|revert)[,.!]|actually,|i"
    r" (meant|said|asked)\b|\[request interrupted)"
    r"|.*\b(still (fails|failing|broken|wrong)|(does|did)(n.t| not) (work|help|fix)|same error)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:Yes, (?P<yes>.+)\.|No: (?P<no>.+) takes it, not (?P<wrong>.+)\.|None of these; (?P<none>.+) takes"
    r" it\.)$"
)
_RESULT_IDS = ("call_id", "tool_use_id", "tool_call_id", "toolCallId", "gen_ai.tool.call.id")


def check(row: dict, snapshot) -> str | None:
    """None when the transcript says what the example says, and nothing there takes it back."""
    source = row["source"]
    path = SAMPLES.parent / source["file"] if source["file"].startswith("samples/") else Path(source["file"])
    file = _file(str(path))
    first, last = source["lines"]
    near = [(number, record) for number, record in file if first <= number <= last]
    here = [record for number, record in near if number == source["line"]]
    asked = [text for record in here for text in _asked(record)]
    messages, answer = row["messages"], row["messages"][-1]
    prompt = "\n".join(m["content"] for m in messages[:-1])
    mine = [text for text in asked if text and text in prompt]
    if not mine:
        return "what was asked does not stand in that line"
    if protest := _protest(file, source["line"], max(mine, key=len), prompt):
        return f"the person took it back: {protest[:60]}"
    calls = [found for _, record in near for found in _calls(record)]
    if row["category"] == "intent_classification":
        return _label(answer["content"], prompt, calls, file)
    for call in answer.get("tool_calls") or [c for m in messages[:-1] for c in m.get("tool_calls") or ()]:
        function = call["function"]
        same = [
            ident
            for name, arguments, ident in calls
            if name == function["name"] and arguments == function["arguments"]
        ]
        if not same:
            return f"{function['name']} was not called so"
        if answer.get("tool_calls") and not any(_succeeded(ident, file, near) for ident in same):
            return f"{function['name']} did not succeed"
    said = "\n".join(text for _, record in near for text in _strings(record))
    for message in messages[1 if len(messages) > 2 else 0 :]:
        if message["role"] in ("assistant", "tool") and not all(
            part.strip() in said for part in message["content"].split("\n")
        ):
            return "what was answered does not stand there"
    offered = {tool["function"]["name"] for tool in row["tools"]}
    if answer.get("tool_calls") and not {c["function"]["name"] for c in answer["tool_calls"]} <= offered:
        return "a tool is called that is not offered"
    return None


def _label(answer: str, prompt: str, calls: list, file: list) -> str | None:
    """The handler named in the answer must be one that such a call went to, and be offered or not as the
    answer says.
    """
    match = _LABEL.match(answer)
    taken = next(filter(None, (match[key] for key in ("yes", "no", "none"))), "") if match else answer
    to = [ident for name, arguments, ident in calls if taken in (_handed(name, arguments), name)]
    if not to:
        return f"nothing was handed to {taken}"
    if all(_failed(ident, file) for ident in to):
        return f"handing it to {taken} failed"
    if match and match["wrong"] == taken:
        return "the wrong handler is the right one"
    named = re.search(rf"(?<![\w-]){re.escape(taken)}(?![\w-])", prompt) is not None
    if match and match["none"] and re.search(rf"(: |, |\(|Can ){re.escape(taken)}[,.)]", prompt):
        return "the right handler was offered"
    return None if named or (match and not match["yes"]) else f"{taken} is not offered"


def _handed(name: str, arguments: dict) -> str | None:
    for key in ("subagent_type", "skill", "agent_type", "agent"):
        if name in ("Task", "Agent", "Skill", "spawn_agent", "subagent") and isinstance(
            arguments.get(key), str
        ):
            return arguments[key]
    return name.rpartition("_to_")[2] if "_to_" in name else None


@lru_cache(maxsize=4)
def _file(path: str) -> list[tuple[int, dict]]:
    """(number, record) of each line; of a file that is one JSON value its items."""
    text = Path(path).read_text(encoding="utf-8-sig", errors="replace")
    try:
        whole = json.loads(text) if path.endswith(".json") else None
    except ValueError:
        whole = None
    if isinstance(whole, list):
        return list(enumerate(whole, 1))
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            found.append((number, record))
    return found or ([(1, whole)] if isinstance(whole, dict) else [])


def _walk(value):
    """Every object in a value, also those in strings; OpenTelemetry's attributes as one object."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            value = json.loads(value)
        except ValueError:
            return
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _walk(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, dict) and "key" in item and "value" in item for item in value):
            yield {
                item["key"]: next(iter(item["value"].values()), None)
                for item in value
                if isinstance(item["value"], dict)
            }
        for item in value:
            yield from _walk(item)


def _strings(value):
    if isinstance(value, str):
        yield value
        if value[:1] in ("{", "["):
            try:
                yield from _strings(json.loads(value))
            except ValueError:
                pass
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in ("response", "result") and not isinstance(item, str):
                yield json.dumps(item, ensure_ascii=False)
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


# Around a person's words, and before them.
_BESIDE = re.compile(r"<(system-reminder|ide_\w+|environment_\w+|[\w-]+-hook)>.*?</\1>", re.DOTALL)
_WRAP = re.compile(r"<(task|feedback|answer)>\s*(.*?)\s*</\1>", re.DOTALL)
_SETUP = re.compile(r"# Context from my IDE setup:.*?^## My request[^\n]*:\n", re.DOTALL | re.MULTILINE)


def _typed(text: str) -> str:
    text = _SETUP.sub("", _BESIDE.sub("", text)).strip()
    wrapped = _WRAP.fullmatch(text)
    return wrapped[2] if wrapped else text


def _of_person(item: dict) -> bool:
    if item.get("source") == "user":
        return item.get("action") == "message"
    return (
        item.get("role") == "user"
        or item.get("from") in ("human", "user")
        or item.get("type") == "UserMessage"
    )


def _asked(record: dict) -> list[str]:
    """What people say in a record, in order."""
    found = []
    for item in _walk(record):
        gemini = item.get("type") == "user" and "message" not in item
        if _of_person(item) or gemini:
            content = item.get("content", item.get("value", item.get("parts", item.get("message"))))
            parts = [content] if isinstance(content, str) else []
            for part in content if isinstance(content, list) else ():
                if isinstance(part, dict) and part.get("type") in ("text", "input_text", None):
                    parts.append(part.get("text", part.get("content")))
            text = _typed("\n".join(p for p in parts if isinstance(p, str)))
            if text and not text.startswith("<"):
                found.append(text)
        for key in item:
            if re.fullmatch(r"llm\.input_messages\.\d+\.message\.role", key) and item[key] == "user":
                found.append(str(item.get(key.replace(".role", ".content"), "")).strip())
    return list(dict.fromkeys(found))


def _protest(file: list, line: int, text: str, prompt: str) -> str | None:
    """The person's next words, when they take back what was done."""
    after = [t for number, record in file if number >= line for t in _asked(record)]
    if text in after:
        after = after[after.index(text) + 1 :]
    one_line = any(
        key in record for number, record in file if number == line for key in ("messages", "conversations")
    )
    if one_line:
        after = [t for number, record in file if number == line for t in _asked(record)]
        after = after[after.index(text) + 1 :] if text in after else []
    following = next((t for t in after if t not in prompt), None)
    return following if following and _PROTEST.match(following[:200]) else None


_NESTED = re.compile(r"tools\.(\w+)\(\{(\w+):\"([^\"]*)\"\}\)")
_TAGGED = re.compile(r"<(\w+)><(\w+)>([^<]*)</\2></\1>")


def _calls(record: dict) -> list[tuple[str, dict, str | None]]:
    """(name, arguments, id) of every call in a record."""
    found = []
    for item in _walk(record):
        function = item.get("function") if isinstance(item.get("function"), dict) else item
        name = function.get("name")
        given = next((function[key] for key in ("arguments", "input", "args") if key in function), None)
        if item.get("source") == "agent" and "action" in item:
            name, given = item["action"], item.get("args")
        texts = (text for text in (item.get("input"), item.get("text")) if isinstance(text, str))
        for found_call in (
            match for text in texts for match in (*_NESTED.finditer(text), *_TAGGED.finditer(text))
        ):
            ident = item.get("call_id") if isinstance(item.get("call_id"), str) else None
            found.append((found_call[1], {found_call[2]: found_call[3]}, ident))
        if item.get("type") == "local_shell_call":
            name, given = "local_shell", item.get("action")
        if item.get("type") == "custom_tool_call":
            given = {"input": item.get("input")}
        if isinstance(name, str) and given is not None:
            try:
                arguments = json.loads(given) if isinstance(given, str) else given
            except ValueError:
                continue
            if isinstance(arguments, dict):
                found.append(
                    (
                        name,
                        arguments,
                        next(
                            (item[key] for key in ("call_id", "id") if isinstance(item.get(key), str)), None
                        ),
                    )
                )
        for key in item:
            if key.endswith("tool_call.function.name"):
                stem = key.removesuffix("function.name")
                found.append(
                    (
                        item[key],
                        json.loads(item.get(stem + "function.arguments") or "{}"),
                        item.get(stem + "id"),
                    )
                )
    return found


def _results(ident: str, file: list):
    for _, record in file:
        for item in _walk(record):
            kind = item.get("type")
            named = any(item.get(key) == ident for key in _RESULT_IDS) and kind not in (
                "function_call",
                "custom_tool_call",
                "local_shell_call",
            )
            flat = next(
                (key for key in item if key.endswith(".message.tool_call_id") and item[key] == ident), None
            )
            if flat:
                yield {"content": item.get(flat.replace("tool_call_id", "content"))}
            elif named or (item.get("id") == ident and (kind == "tool_call_response" or "response" in item)):
                yield item
        for span in (s for s in _walk(record) if "spanId" in s or "traceId" in s):
            if any(given.get("gen_ai.tool.call.id") == ident for given in _walk(span.get("attributes"))):
                yield {"is_error": (span.get("status") or {}).get("code") in (2, "STATUS_CODE_ERROR")}


def _bad(result: dict) -> bool:
    if result.get("is_error") or result.get("isError") or "error.type" in result:
        return True
    values = [result[key] for key in ("output", "content", "response", "result", "value") if result.get(key)]
    text = "" if not values else values[0] if isinstance(values[0], str) else json.dumps(values[0])
    code = _EXIT.search(text[:400]) or re.search(r"\"exit_code\": *(-?\d+)", text)
    inner = re.match(r"\{\"output\": *\"(.*)", text, re.DOTALL)
    return (
        bool(code and code[1] != "0") or _ERROR.match(inner[1] if inner else text.lstrip('[{"')) is not None
    )


def _failed(ident: str | None, file: list) -> bool:
    return ident is not None and any(_bad(result) for result in _results(ident, file))


def _succeeded(ident: str | None, file: list, near: list) -> bool:
    """A call without an id has its result beside it: then none of the results there may be bad."""
    if ident is not None:
        results = list(_results(ident, file))
        return bool(results) and not any(map(_bad, results))
    beside = [
        item
        for _, r in near
        for item in _walk(r)
        if item.get("from") in ("observation", "tool")
        or item.get("role") in ("tool", "function")
        or "observation" in item
        or " Result:" in str(item.get("text"))[:80]
    ]
    return bool(beside) and not any(map(_bad, beside))
