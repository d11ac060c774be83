"""Whether the text of a result says that its call went wrong, where no field of the record does.

Tools write it in their own ways: "npm ERR!", "make: *** ", "HTTP 503", `{"status": "failed"}`, a traceback.
But a file that was read, or a log that was asked for, shows such words too: of a call that only shows
something, only a result of one line can say that it failed.
"""

import json
import re
from typing import Any

from autodidact.sources.json_of_expected_type import dicts_of
from autodidact.sources.transcripts.outcomes import EXIT_CODES, wrapped
from autodidact.sources.transcripts.turn import Call

# Characters of a result that are looked through, from its beginning and from its end.
MOST_BEGINNING, MOST_END = 20_000, 4_000
# Characters of a result that is read as JSON.
MOST_JSON = 200_000
# Characters of a page that say what it is.
MOST_PAGE = 3_000
# Characters of one line that is a report of its own.
MOST_LINE = 300

# The first word of a report, in several languages.
_ERROR = (
    r"(?:fatal )?(?:error|fehler|erreur|errore|erro|fout|fel|błąd|chyba|hata|ошибка|помилка|错误|錯誤"
    r"|エラー|오류)"
)
# Of any line: "Error: no such table", "error[E0308]", "Ошибка 500"; not "error: 0".
_LINE = re.compile(
    rf"^[ \t]*(?:{_ERROR}(?:\s*[:：!\[(]|\s+\d|[ \t]*$)(?!\s*(?:0|none|null|false)\b)"
    r"|npm (?:ERR!|error )|g?make(?:\[\d+\])?: \*\*\* |mcp error -\d|tool execution error\b"
    r"|inputvalidationerror\b"
    r"|timed? ?out\b(?!\s*[:=]?\s*\d)(?=[ \t]*$|[ \t:,.!]|[ \t]\w)"
    r"|(?:[^\s:]+: ){1,3}(?:.{0,120}: )?(?:command )?not found[ \t]*$"
    r"|(?:[^\s:]+: ){1,3}.{0,200}no such file or dir"
    r"|(?:error: )?enoent\b|string to replace not found\b|file does not exist\b|no such file\b)",
    re.IGNORECASE | re.MULTILINE,
)
# An exception's name begins with a capital letter.
_EXCEPTION = re.compile(
    r"^(?:[a-z_]\w*\.){0,6}[A-Z]\w{0,60}(?:Error|Exception)(?:: |[ \t]*$)"
    r"|^Traceback \(most recent call last\):",
    re.MULTILINE,
)
# Of the first line: "apply_patch verification failed: ...", "Request failed with status code 404".
_FIRST = re.compile(
    r"[❌✗✘⛔]|"
    r"(?:(?=[a-z_])[\w./-]+[ \t]+){1,3}failed\b(?!\s*[:=]?\s*\d)"
    r"|(?=[a-z_])[\w./-]+: failed\b"
    r"|http(?:/[\d.]+)?(?: error| status)?(?: code)?:?[ \t]+[45]\d\d\b|status(?: code)?[ \t:=]+[45]\d\d\b"
    r"|[45]\d\d (?:bad|unauthorized|forbidden|not found|conflict|internal|service|gateway|too many)\b"
    rf"|{_ERROR}\b",
    re.IGNORECASE,
)
# A short result as a whole: "kiosk: unit not found; nothing was restarted".
_ABSENT = re.compile(
    r"\b(?:file|path|folder|directory|unit|service|module|package|command|tool|function|host|table|resource"
    r"|record|object|page|branch|container|image|key|user)\b.{0,80}"
    r"\b(?:not found|(?:does not|doesn['’]t) exist)\b"
    r"|^not found\b",
    re.IGNORECASE,
)
# What stands before what a command printed, of a program that says how long it took.
_HEADER = re.compile(r"\A(?:[A-Z][^\n:]{0,40}: [^\n]{0,80}\n){1,8}Output:[ \t]*\n")
# What a shell says of a program that it does not have.
_NO_PROGRAM = re.compile(
    r"^(?:\S{0,40}sh: command not found: |\S{0,40}sh: (?:line )?\d+: |\S{0,40}sh: )([\w./+-]{1,60})"
    r"(?=(?:: (?:command )?not found)?[ \t]*$)",
    re.MULTILINE,
)
# A page that a server gives in the place of what was asked for.
_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<\?xml[^>]{0,200}>\s*<(?:html|error))", re.IGNORECASE)
_PAGE_FAILS = re.compile(
    r"<(?:title|h1|center><h1)[^>]{0,100}>\s*(?:(?:http |error )*[45]\d\d\b|(?:page )?not found\b|bad gateway"
    r"|access denied|forbidden\b|unauthori[sz]ed\b|service (?:temporarily )?unavailable|internal server error"
    r"|gateway time-?out|too many requests|just a moment\b|attention required|bad request\b|error\b(?!\s*\w))"
    r"|<error\b",
    re.IGNORECASE,
)
_BAD_STATUS = frozenset("fail failed failure error errored timeout timed_out denied aborted".split())
_STATUS_CODES = ("code", "status", "statusCode", "status_code", "httpStatus")
# What a report of a failure holds, and nothing else.
_REPORT = frozenset(
    (*_STATUS_CODES, *("reason message error errors detail details description body headers".split()))
)
_ERRORS = ("error", "errors", "error_message", "errorMessage", "error_code", "errorCode")
_OF_PROCESS = frozenset("stdout stderr output signal".split())

_READS = frozenset(
    "read grep glob cat search log logs view show list get find ls fetch open query diff history"
    " status".split()
)
# Programs that only show something, and what may stand before them.
_SHOWS = frozenset(
    "cat bat head tail less more grep egrep fgrep rg ag sed awk find fd ls tree jq diff journalctl wc"
    " sort uniq nl echo printf cd pwd true".split()
)
_SHOWING_PARTS = re.compile(
    r"(?:git|docker|kubectl|hg|svn) (?:log|logs|show|diff|blame|grep|describe|get|cat-file)\b"
)


def says_failure(text: str, call: Call) -> bool:
    """Whether the text of a call's result reports that it failed."""
    text, shows = _HEADER.sub("", text.strip()).strip(), only_shows(call)
    if text[:1] in ("{", "["):
        return _object_says(text, shows, call)
    if _PAGE.match(text) and _PAGE_FAILS.search(text[:MOST_PAGE]):
        return True
    first, _, more = text.partition("\n")
    if any(name in _ran(call) for name in _NO_PROGRAM.findall(text[:MOST_BEGINNING])):
        return True
    if shows and (more or len(first) > MOST_LINE):
        return False
    if len(first) <= MOST_LINE and (_FIRST.match(first) or (not more and _ABSENT.search(first))):
        return True
    return _in_some_line(text[:MOST_BEGINNING]) or _in_some_line(text[MOST_BEGINNING:][-MOST_END:])


def _ran(call: Call) -> str:
    """The command that a call runs, as text."""
    given = call.arguments or {}
    return str(given.get("command", given.get("cmd", "")))


def _in_some_line(text: str) -> bool:
    return _LINE.search(text) is not None or _EXCEPTION.search(text) is not None


def only_shows(call: Call) -> bool:
    """Whether a call reads something: by a word of its tool's name, or by the commands that it runs."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", call.name[:200])
    if any(word.lower() in _READS for word in words):
        return True
    given = call.arguments or {}
    command = given.get("command", given.get("cmd"))
    if isinstance(command, list) and command:
        # ["bash", "-lc", "the command"]
        command = command[-1]
    parts = re.split(r"&&|\|\||;|\n", command) if isinstance(command, str) else []
    commands = [part.strip() for part in parts if part.strip()]
    return bool(commands) and all(map(_part_shows, commands))


def _part_shows(part: str) -> bool:
    """Whether one command shows something; of a pipe its first, or a search among what the first printed."""
    stages = [stage.strip() for stage in part.split("|")]
    programs = [stage.split(maxsplit=1)[0] if stage else "" for stage in stages]
    searched = any(program in ("grep", "egrep", "rg") for program in programs)
    return searched or programs[0] in _SHOWS or _SHOWING_PARTS.match(stages[0]) is not None


def _object_says(text: str, shows: bool, call: Call) -> bool:
    """Of a result that is JSON. A field `status` of what a call shows is an answer, not a failure, unless the
    object holds nothing but a report.
    """
    try:
        given = json.loads(text) if len(text) <= MOST_JSON else None
    except (ValueError, RecursionError):
        return False
    blocks = [block["text"] for block in dicts_of(given) if isinstance(block.get("text"), str)]
    if blocks:
        return says_failure("\n".join(blocks), call)
    return any(_one_says(each, shows) for each in wrapped(given))


def _one_says(given: dict, shows: bool) -> bool:
    errors = (given.get(key) for key in _ERRORS)
    if any(error is True or (error and not isinstance(error, (int, float))) for error in errors):
        return True
    if shows and not given.keys() <= _REPORT:
        return False
    codes = {key: code for key in _STATUS_CODES if (code := _number(given.get(key))) is not None}
    if any(400 <= code <= 599 for code in codes.values()):
        return True
    if given.keys() <= _REPORT and any(
        isinstance(words, str) and len(words) <= MOST_LINE and _ABSENT.search(words)
        for words in given.values()
    ):
        return True
    code = codes.get("code", 0) if given.keys() <= _REPORT or given.keys() & _OF_PROCESS else 0
    return (code != 0 and not 200 <= code < 400) or (
        isinstance(given.get("status"), str) and given["status"].lower() in _BAD_STATUS
    )


def _number(value: Any) -> int | None:
    """A whole number, or a text that is one."""
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else None


# Tools that run whatever command or code they are given.
_RUNS = frozenset(
    "run runs exec execute shell bash sh zsh terminal command commands cmd powershell console script python"
    " ipython repl interpreter process subprocess".split()
)
_PROGRAM = ("command", "commands", "cmd", "script", "code")
_PRINTED = frozenset("stdout stderr output".split())


def runs_program(call: Call) -> bool:
    """Whether a call runs a program that may end badly, and does not only show something."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", call.name[:200])
    given = call.shape.keys() | (call.arguments or {}).keys()
    named = any(word.lower() in _RUNS for word in words) or not given.isdisjoint(_PROGRAM)
    return named and not only_shows(call)


def says_success(text: str) -> bool:
    """Whether a result is an object of a tool's own, or one whose field says that the program went well."""
    try:
        given = json.loads(text) if text.lstrip()[:1] in "{[" and len(text) <= MOST_JSON else None
    except (ValueError, RecursionError):
        return False
    if isinstance(given, list):
        return bool(given) and all(isinstance(item, dict) for item in given) and "text" not in given[0]
    if not isinstance(given, dict):
        return False
    if given.get("success") is True or given.get("ok") is True or given.get("isError") is False:
        return True
    code = next((given[key] for key in EXIT_CODES if given.get(key) is not None), None)
    return code is not None or given.keys().isdisjoint(_PRINTED)
