"""Checks examples of `tool_spec`: asks the servers itself (plain JSON-RPC, no SDK), or reads the schema file,
and holds each answer to that.
"""

import json
import re
import subprocess
import sys
import urllib.request
from functools import cache
from pathlib import Path

from jsonschema import FormatChecker
from jsonschema.validators import validator_for

from tests.grounding import open_book

_START = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "checker", "version": "1"},
}
_SMALL = set(
    "about after also before could from gets have into just more need only over please some than that their"
    " them then there this those want what when which will with your".split()
)
_KINDS = {
    "a string": "string",
    "an integer": "integer",
    "a number": "number",
    "true or false": "boolean",
    "a list": "array",
    "an object": "object",
}


def check(row: dict, snapshot) -> str | None:
    """None when the call, or every fact of the answer, follows from the tool's schema and the request."""
    known = _all(snapshot.settings.sources.mcp)
    place = (row["source"]["server"], row["source"]["name"])
    if place not in known:
        return f"there is no tool {place}"
    tool, offered = known[place], [shown["function"]["name"] for shown in row["tools"]]
    names = {name for _, name in known}
    if not set(offered) <= names or len(set(offered)) < len(offered):
        return "offers a tool that is not there, or one twice"
    if wrong := next((r for shown in row["tools"] if (r := _shown(shown["function"], known))), None):
        return wrong
    answer, asked = row["messages"][-1], row["messages"][-2]
    if "open_book" in row["source"]:
        return open_book.check(row, lambda fact: _told(fact, known))
    if row.get("probe"):
        return _probe(asked["content"], answer["content"], known)
    if answer.get("tool_calls"):
        return _calls(answer["tool_calls"], asked["content"], offered, known)
    if asked["role"] == "tool":
        user, called = row["messages"][-4]["content"], row["messages"][-3]["tool_calls"]
        return _calls(called, user, offered, known) or _result(
            answer["content"], asked["content"], user, tool["name"]
        )
    return _text(answer["content"], asked["content"], tool, offered, known)


def _told(fact: tuple[str, str, str], known: dict) -> bool:
    """Whether a tool, or the one argument of that name, is as a fact says."""
    subject, relation, value = fact
    tool = next(
        (tool for (_, name), tool in known.items() if name == subject), {"schema": {}, "description": ""}
    )
    part = next(
        (
            _resolved(t["schema"]["properties"][subject], t["schema"])
            for t in known.values()
            if subject in t["schema"].get("properties", {})
        ),
        {},
    )
    return {
        "takes": lambda: value in tool["schema"].get("properties", {}),
        "needs": lambda: value in tool["schema"].get("required", []),
        "is_for": lambda: _stems(value) <= _stems(f"{subject} {tool['description']}"),
        "has_type": lambda: part.get("type") == value,
        "may_be": lambda: (
            value in [_shown_value(v) for v in part.get("enum", [])]
            or value in map(str, part.get("enum", []))
        ),
    }[relation]()


def _stems(text: str) -> set[str]:
    return {word.lower().rstrip("s").removesuffix("e") for word in re.findall(r"[A-Za-z]+", text)}


def _shown(function: dict, known: dict) -> str | None:
    for (_, name), tool in known.items():
        if name == function["name"]:
            mine, theirs = function["parameters"], tool["schema"]
            if set(mine.get("properties", {})) == set(theirs.get("properties", {})) and mine.get(
                "required", []
            ) == theirs.get("required", []):
                return None
    return f"{function['name']} is shown with other arguments than it has"


def _calls(calls: list[dict], asked: str, offered: list[str], known: dict) -> str | None:
    parts = _requests(asked, len(calls))
    if parts is None:
        return f"{len(calls)} calls for another number of requests"
    for made, part in zip(calls, parts, strict=True):
        name, given = made["function"]["name"], made["function"]["arguments"]
        schema = next((tool["schema"] for (_, one), tool in known.items() if one == name), None)
        if name not in offered or schema is None:
            return f"calls {name}, which is not offered"
        error = next(
            iter(validator_for(schema)(schema, format_checker=FormatChecker()).iter_errors(given)), None
        )
        if error:
            return f"{name} does not accept this: {error.message[:80]}"
        for path, value in _leaves(given) if given else ():
            if not _said(path, value, part):
                return f"{path} = {value!r} is not in the request"
        if len(calls) == 1:
            fenced = re.search(r"```json\n(.*?)\n```", asked, re.DOTALL)
            if fenced and json.loads(fenced[1]) != given:
                return "the arguments are not those of the request"
            plain = _without_purpose(
                asked, next(tool["description"] for (_, one), tool in known.items() if one == name)
            )
            for key in sorted(given, key=len, reverse=True):
                plain = re.sub(rf"\b{re.escape(_spoken(key))}\b", "", plain, flags=re.I)
            for key in schema.get("properties", {}):
                if key not in given and re.search(
                    rf"(?:^|[\s,;])(?:{re.escape(key)}|{re.escape(_spoken(key))})(?:: |=| = | is )[^\s]",
                    plain,
                    re.I,
                ):
                    return f"{key} is in the request and not in the call"
    if len(calls) > 1:
        made = [json.dumps(call, sort_keys=True) for call in calls]
        if len(set(made)) < len(made):
            return "the same call twice"
    return None


def _requests(asked: str, number: int) -> list[str] | None:
    """What each of several calls was asked with: numbered, or joined by "Also:"."""
    if number == 1:
        return [asked]
    numbered = re.split(r"(?m)^\d+\. ", asked)[1:]
    parts = numbered or re.split(r" (?:Also|And|At the same time): ", asked)
    return parts if len(parts) == number else None


def _without_purpose(asked: str, description: str) -> str:
    """A request without the words of the tool's description, in which a parameter's name may occur."""
    head = re.split(r"[.;:(]", " ".join(description.split()))[0].split()
    return re.sub(re.escape(" ".join(head[1:])), "", asked, flags=re.I) if len(head) > 1 else asked


def _leaves(value, path=""):
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}[{number}]")
    else:
        yield path, value


def _spoken(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).replace("_", " ").replace("-", " ").lower()


def _said(path: str, value, asked: str) -> bool:
    if isinstance(value, bool):
        words = ("yes", "true") if value else ("no", "false")
        name = _spoken(re.split(r"[.\[]", path)[0])
        return any(
            re.search(
                rf"(?:{re.escape(path)}|\b{re.escape(name)}|\"{re.escape(path.split('.')[-1])}\")\W*(?:is"
                rf" )?{word}\b",
                asked,
                re.I,
            )
            for word in words
        )
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return (
        bool(re.search(rf"(?<![\w.]){re.escape(text)}(?!\w|\.\d)", asked)) or json.dumps(text)[1:-1] in asked
    )


def _result(answer: str, content: str, asked: str, name: str) -> str | None:
    try:
        result = json.loads(content)
    except ValueError:
        result = {"error": content}
    if isinstance(result, dict) and set(result) == {"error"}:
        told = re.search(r"(?:failed: |answered: |says \")(.+?)\"?\.$", answer)
        return (
            None
            if told and told[1] == result["error"] and f"`{name}`" in answer
            else "does not tell the error"
        )
    if isinstance(result, list):
        ids = [one["id"] for one in result]
        right = f"{len(ids)}: " if ids else "None: the result is empty."
        return (
            None
            if answer.startswith(right) and re.findall(r"`(.+?)`", answer) == ids
            else "not what the result lists"
        )
    if absent := re.fullmatch(r"The result has no `(.+?)`; it has (.*)\.", answer):
        asks = _spoken(absent[1]) in asked.lower() and absent[1] not in result
        return (
            None
            if asks and re.findall(r"`(.+?)`", absent[2]) == list(result)
            else "says wrongly what is absent"
        )
    told = re.findall(r"`([^`]+)` is `([^`]*)`", answer) or [
        (key, value)
        for word, value in re.findall(r"^The (.+?) is `([^`]*)`", answer)
        for key in result
        if _spoken(key) == word
    ]
    if not told or any(_plain(result.get(key)) != value for key, value in told):
        return "not what the result says"
    return (
        None
        if len(told) == len(result) or any(_spoken(key) in asked.lower() for key, _ in told)
        else "answers another field than was asked"
    )


def _plain(value) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _named(text: str) -> list[str]:
    return re.findall(r"`([^`]*)`", text)


def _shown_value(value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        value
        if isinstance(value, str) and re.fullmatch(r"[\w./:@+-]+", value)
        else json.dumps(value, ensure_ascii=False)
    )


def _text(answer: str, asked: str, tool: dict, offered: list[str], known: dict) -> str | None:
    """An answer in words: which of the known forms it has, and whether that is so."""
    name, schema = tool["name"], tool["schema"]
    parts, required = schema.get("properties", {}), schema.get("required", [])
    flat = {key: _resolved(part, schema) for key, part in parts.items()}
    if re.match(r"None of my tools does that|No tool fits|I have no tool for that", answer):
        if sorted(_named(answer)) != sorted(offered):
            return "lists other tools than are offered"
        own = _words(f"{name} {tool['description']}")
        wanted = own if len(own & _words(asked)) >= 0.4 * len(own) else _words(asked)
        return next(
            (
                f"{one} may fit"
                for one in offered
                if _words(f"{one} {_description(one, known)}") & wanted or one == name
            ),
            None,
        )
    if name not in offered:
        return f"{name} is not offered"
    if found := (
        re.search(rf"`{re.escape(name)}` (?:also )?(?:needs|requires) `([^`]+)`[:.]", answer)
        if "?" in answer
        else None
    ):
        return _missing(found[1], answer, _without_purpose(asked, tool["description"]), flat, required)
    if found := re.match(r"`(.+?)` of `.+?` cannot be `(.+?)`: it is one of (.*)\. Which", answer):
        fits = _named(found[3]) == [_shown_value(v) for v in flat.get(found[1], {}).get("enum", [])]
        return (
            None
            if fits and found[2] not in _named(found[3]) and found[2] in asked
            else "the values are others"
        )
    if found := re.match(
        r"`(.+?)` of `.+?` is (?:from (\S+) to (\S+)|at most (\S+)), so (\S+) does not work", answer
    ):
        part = flat.get(found[1], {})
        low, high = found[2], found[3] or found[4]
        fits = (
            str(part.get("maximum")) == high
            and (low is None or str(part.get("minimum")) == low)
            and float(found[5]) > float(high)
        )
        return None if fits and found[5] in asked else "the limits are others"
    if found := re.match(r"`(.+?)` of `.+?` has to match `(.+)`, and `(.+?)` does not\.", answer):
        part = flat.get(found[1], {})
        return (
            None
            if part.get("pattern") == found[2] and not re.search(found[2], found[3]) and found[3] in asked
            else "the pattern is another"
        )
    if found := re.match(
        r"(?:No: )?`.+?` has no argument `(.+?)`(?:\.|;) [Ii]t takes (.*?)\.(?: Shall|$)", answer
    ):
        return (
            None
            if found[1] not in parts
            and _named(found[2]) == list(parts)
            and (found[1] in asked or _spoken(found[1]) in asked.lower())
            else "the arguments are others"
        )
    return _described(answer, asked, tool, flat, required)


def _missing(key: str, answer: str, asked: str, flat: dict, required: list) -> str | None:
    if key not in required:
        return f"{key} is not required"
    if re.search(rf"(?:^|[\s,;\"]){re.escape(key)}\"?\s?(?::|=| is )\s?\S", asked):
        return f"{key} is in the request"
    if answer.count("?") != 1 or _spoken(key) not in answer.lower():
        return "is not one question for it"
    if hint := re.search(r" It is one of (.*)\.$", answer):
        return (
            None
            if hint[1] == ", ".join(_shown_value(v) for v in flat[key].get("enum", []))
            else "hints at other values"
        )
    if hint := re.search(r" \((.*)\.\)$", answer):
        return (
            None
            if hint[1] == " ".join(flat[key].get("description", "").split()).rstrip(".")
            else "hints at something else"
        )
    return None


def _described(answer: str, asked: str, tool: dict, flat: dict, required: list) -> str | None:
    name, optional = f"`{tool['name']}`", [key for key in flat if key not in required]
    key = next((k for k in re.findall(r"`([^`]+)`", asked) if k in flat), None)
    part = flat.get(key, {})
    inner = part.get("properties") or (part.get("items") or {}).get("properties") or {}
    purpose = " ".join(tool["description"].split())[:300]
    for pattern, right in (
        (rf"{re.escape(name)} requires (.*)\.", lambda m: _named(m[1]) == [k for k in required if k in flat]),
        (rf"None: every argument of {re.escape(name)} is optional\.", lambda m: not required),
        (rf"In {re.escape(name)} you may leave out (.*)\.", lambda m: _named(m[1]) == optional),
        (
            rf"`(.+?)` of {re.escape(name)} is one of (.*)\.",
            lambda m: m[1] == key and _named(m[2]) == [_shown_value(v) for v in part.get("enum", [])],
        ),
        (
            rf"{re.escape(name)} assumes `(.*)` for `(.+?)`\.",
            lambda m: m[2] == key and m[1] == _shown_value(part.get("default")),
        ),
        (
            rf"`(.+?)` of {re.escape(name)} is ({'|'.join(_KINDS)})(.*); it is (required|optional)\.",
            lambda m: (
                m[1] == key
                and part.get("type") == _KINDS[m[2]]
                and (m[4] == "required") == (key in required)
                and _bounds(m[3], part)
            ),
        ),
        (
            r"Yes, it is (required|optional)\.",
            lambda m: key is not None and (m[1] == "required") == (key in required),
        ),
        (r"(?:An entry|It) has (.*)\.", lambda m: _named(m[1]) == list(inner)),
        (
            rf"{re.escape(name)}, which takes (.*)\.",
            lambda m: purpose in asked and (_named(m[1]) or []) == list(flat),
        ),
    ):
        if match := re.fullmatch(pattern, answer):
            return None if right(match) else "the schema says otherwise"
    return None if answer == purpose and name in asked else "says what no schema says"


def _bounds(text: str, part: dict) -> bool:
    numbers = re.findall(r"(?:from|to|at least|at most) (\S+)", text)
    if numbers:
        return numbers == [str(part[key]) for key in ("minimum", "maximum") if key in part]
    if found := re.search(r"format (\S+)$", text):
        return part.get("format") == found[1]
    return re.search(r"matches `(.*)`", text)[1] == part.get("pattern") if "matches" in text else not text


PROBE = [
    (r"Which tool do I use to (.+)\?", "To {}, use `{}`."),
    (r"I want to (.+)\. Which tool is that\?", "To {}, use `{}`."),
    (r"Name the tool to (.+)\.", "To {}, use `{}`."),
    (r"What do I call to (.+)\?", "To {}, use `{}`."),
    (r"Which tool takes the argument `(.+)`\?", "The argument `{}` belongs to the tool `{}`."),
    (r"`(.+)` is an argument of which tool\?", "The argument `{}` belongs to the tool `{}`."),
    (r"To which tool do I pass `(.+)`\?", "The argument `{}` belongs to the tool `{}`."),
    (r"Name the tool that has the parameter `(.+)`\.", "The argument `{}` belongs to the tool `{}`."),
    (r"What is the default of `(.+)`\?", "The default of `{}` is `{}`."),
    (r"Which value does `(.+)` have when I leave it out\?", "The default of `{}` is `{}`."),
    (r"I do not pass `(.+)`\. What does the tool assume\?", "The default of `{}` is `{}`."),
    (r"`(.+)`: default\?", "The default of `{}` is `{}`."),
]
"""What a question of the probe and the bare value say together."""


def _probe(asked: str, value: str, known: dict) -> str | None:
    answer = next(
        (
            sentence.format(found[1], value)
            for pattern, sentence in PROBE
            if (found := re.fullmatch(pattern, asked))
        ),
        "",
    )
    by_name = {name: tool for (_, name), tool in known.items()}
    if found := re.fullmatch(r"To (.*), use `(.+)`\.", answer):
        said = _words(found[1])
        best = max(
            by_name,
            key=lambda name: (
                len(said & _words(f"{name} {by_name[name]['description']}"))
                / (1 + len(_words(by_name[name]["description"])))
            ),
        )
        mine = len(said & _words(f"{found[2]} {by_name.get(found[2], {'description': ''})['description']}"))
        return (
            None
            if mine and mine >= 0.7 * len(said) and (best == found[2] or mine == len(said))
            else "another tool does that"
        )
    if found := re.fullmatch(r"The argument `(.+)` belongs to the tool `(.+)`\.", answer):
        return (
            None
            if [name for name, tool in by_name.items() if found[1] in tool["schema"].get("properties", {})]
            == [found[2]]
            else "not so"
        )
    if found := re.fullmatch(r"The default of `(.+)\.([^.]+)` is `(.+)`\.", answer):
        part = by_name.get(found[1], {"schema": {}})["schema"].get("properties", {}).get(found[2], {})
        return (
            None
            if "default" in part and _shown_value(part["default"]) == found[3]
            else "the default is another"
        )
    return "no known form"


def _words(text: str) -> set[str]:
    """Words of substance, without endings."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)
    return {
        re.sub(r"(?:ies|ing|ed|es|s|e|y)$", "", word.lower())
        for word in words
        if len(word) > 4 and word.lower() not in _SMALL
    }


def _description(name: str, known: dict) -> str:
    return next((tool["description"] for (_, one), tool in known.items() if one == name), "")


def _resolved(part, root: dict, depth: int = 0):
    """References written out, so far as a question goes into them."""
    if not isinstance(part, dict) or depth > 8:
        return {}
    if isinstance(part.get("$ref"), str):
        at = root
        for step in part["$ref"].removeprefix("#/").split("/"):
            at = at.get(step, {}) if isinstance(at, dict) else {}
        part = {**at, **{key: value for key, value in part.items() if key != "$ref"}}
        return _resolved(part, root, depth + 1)
    return {
        key: _resolved(value, root, depth + 1) if key == "items" else value for key, value in part.items()
    }


@cache
def _all(setting: str) -> dict[tuple[str, str], dict]:
    """(server, name) -> {"name", "description", "schema"} of every tool."""
    path = Path(setting).expanduser().resolve()
    found = {}
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
        entries = (
            (content.get("mcpServers") or content.get("servers") or {}) if isinstance(content, dict) else {}
        )
        listed = content.get("tools", []) if isinstance(content, dict) else content
        for server, entry in entries.items():
            for raw in _over_http(entry["url"]) if "url" in entry else _over_stdio(entry, file.parent):
                found[server, raw["name"]] = raw
        for raw in listed:
            raw = raw.get("function", raw)
            for server in (file.as_posix(), f"samples/{file.name}"):
                found[server, raw["name"]] = raw
    schema = ("inputSchema", "parameters", "input_schema")
    return {
        key: {
            "name": key[1],
            "description": raw.get("description") or "",
            "schema": next((raw[one] for one in schema if raw.get(one)), {}),
        }
        for key, raw in found.items()
    }


def _over_stdio(entry: dict, folder: Path) -> list[dict]:
    command = sys.executable if entry["command"] in ("python", "python3") else entry["command"]
    place = folder / entry["cwd"] if entry.get("cwd") else folder
    server = subprocess.Popen(
        [command, *entry.get("args", [])],
        cwd=place,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )

    def ask(number: int, method: str, params: dict) -> dict:
        server.stdin.write(
            json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n"
        )
        server.stdin.flush()
        for line in server.stdout:
            said = json.loads(line) if line.startswith("{") else {}
            if said.get("id") == number:
                return said["result"]
        raise RuntimeError("the server ended")

    try:
        ask(1, "initialize", _START)
        server.stdin.write('{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
        page = ask(2, "tools/list", {})
        tools = page["tools"]
        while page.get("nextCursor"):
            page = ask(2 + len(tools), "tools/list", {"cursor": page["nextCursor"]})
            tools += page["tools"]
        return tools
    finally:
        server.kill()
        server.wait()


def _over_http(url: str) -> list[dict]:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}

    def ask(number: int, method: str, params: dict) -> dict:
        body = json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode()
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as answer:
            headers.update(
                {"Mcp-Session-Id": answer.headers["Mcp-Session-Id"]}
                if answer.headers["Mcp-Session-Id"]
                else {}
            )
            text = answer.read().decode()
        return json.loads(
            text if text.startswith("{") else re.search(r"^data: (.*)$", text, re.MULTILINE)[1]
        )["result"]

    ask(1, "initialize", _START)
    return ask(2, "tools/list", {})["tools"]
