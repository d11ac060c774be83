"""Whether the text of a result says that its call went wrong, where no field of the record does.

Tools write it in their own ways: "npm ERR!", "make: *** ", "HTTP 503", `{"status": "failed"}`, a traceback.
But a file that was read, or a log that was asked for, shows such words too: of a call that only shows
something, only a result of one line can say that it failed.
"""

import json
import re

from autodidact.sources.transcripts.turn import Call

# Characters of a result that are looked through, from its beginning and from its end.
MOST_BEGINNING, MOST_END = 20_000, 4_000
# Characters of a result that is read as JSON.
MOST_JSON = 200_000
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
_BAD_STATUS = frozenset("fail failed failure error errored timeout timed_out denied aborted".split())
_STATUS_CODES = ("code", "status", "statusCode", "status_code", "httpStatus")
# What a report of a failure holds, and nothing else.
_REPORT = frozenset((*_STATUS_CODES, *("reason message error errors detail details description".split())))
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
    text, shows = text.strip(), only_shows(call)
    if text[:1] in ("{", "["):
        return _object_says(text, shows)
    first, _, more = text.partition("\n")
    if shows and (more or len(first) > MOST_LINE):
        return False
    if len(first) <= MOST_LINE and (_FIRST.match(first) or (not more and _ABSENT.search(first))):
        return True
    return _in_some_line(text[:MOST_BEGINNING]) or _in_some_line(text[MOST_BEGINNING:][-MOST_END:])


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


def _object_says(text: str, shows: bool) -> bool:
    """Of a result that is JSON. A field `status` of what a call shows is an answer, not a failure, unless the
    object holds nothing but a report.
    """
    try:
        given = json.loads(text) if len(text) <= MOST_JSON else None
    except (ValueError, RecursionError):
        return False
    if not isinstance(given, dict):
        return False
    if given.get("error") and not isinstance(given["error"], (int, float)) or given.get("error") is True:
        return True
    if given.get("errors") and isinstance(given["errors"], (list, dict, str)):
        return True
    if shows and not given.keys() <= _REPORT:
        return False
    codes = [given[key] for key in _STATUS_CODES if type(given.get(key)) is int]
    if any(400 <= code <= 599 for code in codes):
        return True
    process = type(given.get("code")) is int and (given.keys() <= _REPORT or given.keys() & _OF_PROCESS)
    return bool(process and given["code"] != 0 and not 200 <= given["code"] < 400) or (
        isinstance(given.get("status"), str) and given["status"].lower() in _BAD_STATUS
    )
