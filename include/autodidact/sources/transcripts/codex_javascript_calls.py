"""Codex's tool `exec`: a script in JavaScript that calls tools, `await tools.exec_command({cmd:"ls"})`.

Of its calls the tool and, where they are literals, the arguments are read; nothing is run.
"""

import json
import re
from typing import Any

from autodidact.sources.transcripts.outcomes import Outcome, of_result, worse
from autodidact.sources.transcripts.turn import Call

# Calls of one script; more are no lesson.
MAX_NESTED = 9
# Characters of a script, and the depth of its arguments.
MAX_SCRIPT = 20_000
MAX_DEPTH = 8

_NESTED = re.compile(r"\btools(?:\.([A-Za-z_$][\w$]{0,100})|\[[\"']([\w$-]{1,100})[\"']\])\s*\(")
_KEY = re.compile(r"\s*(?:([A-Za-z_$][\w$]*)|\"([^\"\\\n]*)\"|'([^'\\\n]*)')\s*:")
_TEXT = re.compile(r"\s*(\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\$]|\\.)*+`)")
_PLAIN = re.compile(r"\s*(-?\d{1,15}(?:\.\d{1,15})?|true|false|null)\b")
_NEXT = re.compile(r"\s*([,}\]])")
_HEADER = re.compile(r"Script (completed|running with cell ID (\S{1,80})|\w+)[^\n]*(?:\n|\Z)")
_OUTPUT = re.compile(r"\AScript [^\n]*\n(?:Wall time[^\n]*\n)?(?:Output:\n?)?")


def nested_calls(script: str) -> list[Call]:
    """The tools that a script calls. Arguments are known of a script with one call whose arguments are a
    literal; empty for a script that calls none.
    """
    found = list(_NESTED.finditer(script[:MAX_SCRIPT]))[:MAX_NESTED]
    calls = [Call(match[1] or match[2], None) for match in found]
    if len(calls) == 1 and len(script) <= MAX_SCRIPT:
        try:
            arguments, _ = _value(script, found[0].end(), 0)
        except ValueError:
            return calls
        if isinstance(arguments, dict):
            return [Call.of(calls[0].name, arguments)]
    return calls


def outcome_of_script(texts: list[str]) -> tuple[str, Outcome, str | None]:
    """(what it printed, how it went, the cell it still runs in) of the parts of a script's output.

    The header says how the script went, then each part how the tools in it did.
    """
    header = _HEADER.match(texts[0]) if texts else None
    if header is None:
        return "\n".join(texts), Outcome.UNKNOWN, None
    parts = [_OUTPUT.sub("", texts[0]), *texts[1:]]
    printed = "\n".join(part for part in parts if part.strip()).strip()
    if header[2]:
        return printed, Outcome.RUNNING, header[2]
    if header[1] != "completed":
        return printed, Outcome.FAILED, None
    outcome = Outcome.SUCCEEDED
    for part in parts:
        outcome = worse(outcome, of_result(part))
    return printed, outcome, None


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    """A literal of JavaScript and where it ends. ValueError for anything else."""
    if depth > MAX_DEPTH:
        raise ValueError("too deep")
    if match := _TEXT.match(text, at):
        return _string(match[1]), match.end()
    if match := _PLAIN.match(text, at):
        return json.loads(match[1]), match.end()
    opened = re.compile(r"\s*([{\[])").match(text, at)
    if opened is None:
        raise ValueError("no literal")
    return _object(text, opened.end(), depth) if opened[1] == "{" else _list(text, opened.end(), depth)


def _object(text: str, at: int, depth: int) -> tuple[dict, int]:
    found: dict[str, Any] = {}
    while True:
        end = _NEXT.match(text, at)
        if end and end[1] == "}":
            return found, end.end()
        at = end.end() if end and end[1] == "," else at
        key = _KEY.match(text, at)
        if key is None:
            if (end := _NEXT.match(text, at)) and end[1] == "}":
                return found, end.end()
            raise ValueError("no literal")
        found[next(name for name in key.groups() if name is not None)], at = _value(
            text, key.end(), depth + 1
        )
        if not _NEXT.match(text, at):
            raise ValueError("no literal")


def _list(text: str, at: int, depth: int) -> tuple[list, int]:
    found: list[Any] = []
    while True:
        end = _NEXT.match(text, at)
        if end and end[1] == "]":
            return found, end.end()
        item, at = _value(text, end.end() if end and end[1] == "," else at, depth + 1)
        found.append(item)
        if not _NEXT.match(text, at):
            raise ValueError("no literal")


def _string(quoted: str) -> str:
    inner = quoted[1:-1]
    if quoted[0] != '"':
        inner = (
            re.sub(r"\\([`'$])", r"\1", inner).replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        )
    value = json.loads(f'"{inner}"')
    return str(value)
