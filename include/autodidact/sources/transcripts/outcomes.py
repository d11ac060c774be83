"""How a call or an answer ended, as the record says it.

Formats have fields for it (`is_error`, `status`, `exit_code`, `finish_reason`), or the text of a result says
it: a header with an exit code, or the words with which tools report that a call went wrong.
"""

import json
import re
from enum import StrEnum
from typing import Any

from autodidact.sources.json_of_expected_type import list_of


class Outcome(StrEnum):
    """How a call or an answer ended. Only what succeeded is taught."""

    SUCCEEDED = "succeeded"
    # The record does not say.
    UNKNOWN = "unknown"
    # The record was written before the end.
    RUNNING = "running"
    # By a person, or by the model.
    REFUSED = "refused"
    # At a limit of length, or because somebody stopped it.
    CUT = "cut"
    FAILED = "failed"


_BAD = list(Outcome)


def worse(one: Outcome, other: Outcome) -> Outcome:
    """The worse of two outcomes of parts, which is that of the whole."""
    return max(one, other, key=_BAD.index)


# What interfaces and their gateways write as `finish_reason`, `stop_reason` or `stopReason` (OpenAI chat and
# responses, Anthropic, Gemini, OpenTelemetry GenAI, Pi), without case and underscores.
_ENDINGS = {
    Outcome.SUCCEEDED: "stop endturn stopsequence tooluse toolcalls toolcall functioncall eos eostoken"
    " complete completed finished finish success pauseturn",
    Outcome.CUT: "length maxtokens maxoutputtokens maxtokensreached incomplete modelcontextwindowexceeded"
    " contextlength aborted cancelled canceled interrupted",
    Outcome.REFUSED: "refusal refused contentfilter contentfiltered safety recitation prohibitedcontent"
    " blocklist spii imagesafety language guardrailintervened",
    Outcome.FAILED: "error failed malformedfunctioncall unexpectedtoolcall",
}
_BY_ENDING = {name: outcome for outcome, names in _ENDINGS.items() for name in names.split()}


def ending(reason: Any) -> Outcome:
    """How an answer ended by the reason that its interface gave. None (no field, or a part of an answer) says
    nothing against it; a reason that is not known is not known to be good.
    """
    if reason is None or reason == "":
        return Outcome.SUCCEEDED
    if isinstance(reason, list):
        found = Outcome.SUCCEEDED
        for each in reason[:100]:
            found = worse(found, ending(each))
        return found
    if not isinstance(reason, str):
        return Outcome.UNKNOWN
    return _BY_ENDING.get(re.sub(r"[\W_]", "", reason[:80]).lower(), Outcome.UNKNOWN)


# What an answer's record leaves open: it paused, and resumes if anything follows; or its reason is null, as
# of an answer that is still written.
PAUSED, UNSAID = "paused", "unsaid"
# Of an answer after one that the program did not take: it is none either, unless it is the model's last step.
SENT_BACK, LAST = "sent back", "last"
# Words from which on an answer without a mark at its end may have stopped within a sentence.
LEAST_WORDS = 5


def left_open(message: dict) -> str:
    """What the record of an answer leaves open of its end: PAUSED, UNSAID, or "" for nothing."""
    given = [message[key] for key in ("finish_reason", "stop_reason") if key in message]
    if "pause_turn" in given:
        return PAUSED
    return UNSAID if given and not any(given) else ""


def is_cut(left: str, reply: str) -> bool:
    """Whether an answer after which nothing came, and whose record leaves its end open, is not whole, or not
    taken.
    """
    open_end = re.search(r"(?:[^\W\d_]|,)\s*\Z", reply) is not None
    within = open_end and len(reply.split()) >= LEAST_WORDS
    return left in (PAUSED, SENT_BACK) or (left == UNSAID and within)


# Characters at either end of a result in which its header, or its last line, says how it ended.
_EDGE = 400
# Characters of a result that is read as JSON.
MAX_OBJECT = 200_000
# Objects in it that are looked at, and how deep they are wrapped.
MAX_HELD, MAX_WRAPPED = 50, 4
EXIT_CODES = (
    "exit_code",
    "exitCode",
    "exit_status",
    "exitStatus",
    "returncode",
    "return_code",
    "returnCode",
    "rc",
)
# Fields of an object that hold what another program gave.
_WRAPS = (
    "result",
    "response",
    "output",
    "content",
    "text",
    "data",
    "body",
    "metadata",
    "meta",
    "structuredContent",
)
_FAILED = re.compile(
    r"\s*(<tool_use_error>|error\b|traceback \(most recent call last\)|fatal:|exception:|failed to parse"
    r" function arguments|unsupported call|execution error|script (failed|error|terminated)"
    r"|\{\s*\"(error|isError)\"\s*:\s*(?!null|false|\"\"|\[\]|\{\})"
    r"|\{\s*\"(success|ok)\"\s*:\s*false"
    r"|permission denied|command not found"
    r"|(the )?(tool|command|request)( call| execution)? (failed|timed out|error:)"
    r"|failed in sandbox\b|<error>"
    r"|missing value for required parameter)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\s*(the user (doesn['’]t want to (proceed|take this action)|denied this operation|rejected)"
    r"|(tool|command|request) was rejected|permission to use \S+ (has been|was) denied|\[request interrupted"
    r"|(?:your |the )?(?:permission|approval|authori[sz]ation|request|access)(?: (?:for|to) [^.\n]{1,80}?)?"
    r" (?:has been|was|is|got) (?:denied|refused|rejected|declined|not (?:granted|given|approved))\b"
    r"|(?:this|the|your)? ?(?:tool|command|action|operation|call|request|edit|execution|tool call|tool use)s?"
    r"(?: call| execution)?(?: (?:has been|was|is|got|were))? (?:denied|refused|rejected|declined|blocked"
    r"|disallowed"
    r"|forbidden|not (?:allowed|permitted|approved|authori[sz]ed|confirmed)|skipped|vetoed)\b"
    r"|(?:denied|rejected|declined|blocked|refused|disallowed|vetoed) by (?:the |your |an? )?"
    r"(?:user|policy|hook|administrator|admin|rule|sandbox|classifier|system|person|operator|reviewer"
    r"|guardrail)\b"
    r"|(?:user|person|operator|reviewer)(?: has| did)? (?:declined|denied|rejected|refused|vetoed|disapproved"
    r"|not (?:approve|allow|confirm))\b"
    r"|aborted by user|exec command rejected|rejected by user|user (cancelled|canceled|rejected|denied)"
    r"|(the )?(tool|command|request|[a-z]+_\w+)(?: call| execution)? (?:was )?cancell?ed (?:by|before)\b)",
    re.IGNORECASE,
)
_RUNNING = re.compile(
    r"\s*(script running\b"
    r"|(?:this |the |your )?(?:\w+ )?(?:is |are |still )?(?:a?waiting|pending|queued)\b.{0,40}"
    r"\b(?:approval|confirmation|permission|review|authori[sz]ation|decision|user|person|input|execution)\b"
    r"|(?:user |human |manual )?(?:approval|confirmation|permission|authori[sz]ation)(?: is)?"
    r" (?:required|needed|pending|requested|awaited)\b"
    r"|(?:this |the )?(?:tool|command|action|call|operation|request)(?: call)? (?:requires|needs)(?: \w+)?"
    r" (?:approval|confirmation|permission|authori[sz]ation)\b"
    r"|command (is )?(still )?running\b"
    r"|command was (manually )?(moved to the )?background|async agent launched|process running\b)"
    r"|(.*\n){0,4}process running with session id\b",
    re.IGNORECASE,
)
# What stands for a result that the record does not hold any more: "[Old tool result content cleared]"; and
# what says nothing of how a call went.
_GONE = (
    r"(?:cleared|omitted|removed|elided|redacted|hidden|pruned|compacted|discarded|dropped|expired"
    r"|not (?:shown|recorded|available|stored|included))"
)
_NOT_HELD = re.compile(
    rf"[\[(<](?:{_GONE}|[^\]\n]{{0,60}}\b(?:results?|outputs?|contents?|text|message|context|data|history|tokens?"
    rf"|lines|here)\b[^\]\n]{{0,40}}\b{_GONE}\b[^\]\n]{{0,80}})[\])>]|(?-i:None|null|undefined|nil|NaN)",
    re.IGNORECASE,
)
_EXIT = re.compile(
    r"^(?:\(?(?:process|command)? ?(?:exited|finished|completed|failed) with (?:exit )?(?:code|status)"
    r"|\[?(?:the command completed with )?exit[ _](?:code|status)[:=]?|[\[(]exit:?"
    r"|.{0,200}returned non-zero exit status|<returncode>) ?(-?\d{1,10})",
    re.MULTILINE | re.IGNORECASE,
)


_ANY_EXIT = re.compile(
    r"(?:\bexit(?:ed with)?(?: exit)?[ _](?:code|status)\W{0,4}|<returncode>)(-?\d{1,10})", re.IGNORECASE
)


def of_exit(code: Any) -> Outcome:
    """Of an exit code; anything but a number says nothing."""
    if isinstance(code, bool) or not isinstance(code, int):
        return Outcome.UNKNOWN
    return Outcome.SUCCEEDED if code == 0 else Outcome.FAILED


def of_command(text: str) -> Outcome:
    """Of a command whose format does not mark failures: only an exit code tells that it went well."""
    went = of_result(text)
    exits = _ANY_EXIT.search(text[:_EDGE]) or _ANY_EXIT.search(text[-_EDGE:])
    if went is not Outcome.SUCCEEDED:
        return went
    return of_exit(int(exits[1])) if exits else Outcome.UNKNOWN


def exits(text: str) -> bool:
    """Whether the text of a result holds an exit code, at its beginning or its end."""
    return (_EXIT.search(text[:_EDGE]) or _EXIT.search(text[-_EDGE:])) is not None


def of_result(text: str) -> Outcome:
    """How a call went by the text of its result."""
    text = text.lstrip()
    if _REFUSED.match(text):
        return Outcome.REFUSED
    if _FAILED.match(text):
        return Outcome.FAILED
    if _RUNNING.match(text[:_EDGE]):
        return Outcome.RUNNING
    if _NOT_HELD.fullmatch(text.strip()):
        return Outcome.UNKNOWN
    if text[:1] in "{[" and (found := _of_object(text)):
        return found
    exits = _EXIT.search(text[:_EDGE]) or _EXIT.search(text[-_EDGE:])
    return of_exit(int(exits[1])) if exits else Outcome.SUCCEEDED


def _of_object(text: str) -> Outcome | None:
    """Of a result that is JSON and has a field for it, in itself or in what it wraps, or exit codes in the
    objects that it holds; None of any other. A `status` of what it tells about says nothing.
    """
    given = _json(text)
    found = [went for each in wrapped(given) if (went := _of_fields(each)) is not None]
    held = list(given.values()) if isinstance(given, dict) else list_of(given)
    parts = [part for item in held[:MAX_HELD] for part in (item, *list_of(item)[:MAX_HELD])]
    found += [of_exit(code) for part in parts if (code := exit_code(part)) is not None]
    return max(found, key=_BAD.index) if found else None


def wrapped(given: Any, depth: int = 0) -> list[dict]:
    """An object, and those that it wraps: what a tool gave, in the form of the one that hands it on."""
    if isinstance(given, str) and depth and given.lstrip()[:1] == "{":
        given = _json(given)
    if isinstance(given, list):
        blocks = [each for each in given[:MAX_HELD] if isinstance(each, dict) and "type" in each]
        return [one for each in blocks for one in wrapped(each, depth)]
    if not isinstance(given, dict) or depth > MAX_WRAPPED:
        return []
    inner = (given[key] for key in _WRAPS if isinstance(given.get(key), (dict, list, str)))
    return [given, *(one for each in inner for one in wrapped(each, depth + 1))]


def _of_fields(given: dict) -> Outcome | None:
    """Of one object by its own fields."""
    code = exit_code(given)
    if code is not None and of_exit(code) is not Outcome.SUCCEEDED:
        return of_exit(code)
    wrong = any(_plain(given.get(key)) == "true" for key in ("isError", "is_error"))
    wrong = wrong or any(_plain(given.get(key)) == "false" for key in ("success", "ok"))
    if wrong or given.get("status") == "error":
        return Outcome.FAILED
    return None if code is None else Outcome.SUCCEEDED


def _plain(value: Any) -> str:
    return str(value).strip().lower() if isinstance(value, (bool, str)) else ""


def _json(text: str) -> Any:
    try:
        return json.loads(text) if len(text) <= MAX_OBJECT else None
    except (ValueError, RecursionError):
        return None


def exit_code(given: Any) -> Any:
    """The exit code of an object, a number in a text as a number; None without one."""
    if not isinstance(given, dict):
        return None
    code = next((given[key] for key in EXIT_CODES if given.get(key) is not None), None)
    return int(code) if isinstance(code, str) and re.fullmatch(r"-?\d{1,9}", code.strip()) else code


def of_error(text: str) -> Outcome:
    """Of a result that its format marks as an error."""
    return Outcome.REFUSED if _REFUSED.match(text) else Outcome.FAILED
