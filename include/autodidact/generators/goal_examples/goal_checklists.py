"""The steps and key results of a goal: as a list, a mapping, a cell or a free text has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from autodidact.generators.goal_examples.parse_goal_fields import (
    STATE_WORDS,
    TABLE,
    deadline,
    empty,
    plain,
    share,
    spelled,
    unstruck,
)
from autodidact.sources.placeholders import is_no_value
from autodidact.sources.table_files import NOTHING, UNKNOWN

_TEXTS, _STATES, _TICKS, _ASIDE, _OPEN, _RESULTS = (
    TABLE["step"][part] for part in ("text", "state", "done", "aside", "open", "result")
)
# What stands in the box of an entry: open, done, given up; any other mark is not known.
_BOX = re.compile(r"\s*(?:[-*+]\s+|\d+[.)]\s+)?\[(.)\]\s*(.*)", re.DOTALL)
_BOXES = {" ": "open", "x": "done", "X": "done", "-": "dropped"}
_SIGNS = {"\u2705": "done", "\u2714": "done", "\u2611": "done", "\u2610": "open", "\u2b1c": "open"}
_SIGNED = re.compile(rf"\s*([{''.join(_SIGNS)}])\ufe0f?\s*(\S.*)", re.DOTALL)
# "done: buy the disks", "buy the disks (done)".
_BEFORE, _BEHIND = re.compile(r"([^:]+):\s+(.+)", re.DOTALL), re.compile(r"(.+?)\s*\(([^()]+)\)", re.DOTALL)
# "(done) buy the disks".
_IN_FRONT = re.compile(r"[(\[]([^()\[\]]+)[)\]]\s*(\S.*)", re.DOTALL)
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})(.*)")
# Whoever fills in a form says so in the first person: "I have searched existing issues".
_ATTESTS = re.compile(r"(?:I\s+[a-z]|I['\u2019](?:m|ve|ll|d)\b|Ich\s|Je\s|J['\u2019]|Yo\s)")
_WAITS = re.compile(
    r"[^\w>~`<!?\"']*(?:is\s+)?(?:blocked\s+by|depends\s+on)\W+"
    r"((?:(?:#\d+|[A-Z][A-Z0-9]+-\d+)(?:\s*(?:,|and)\s*)?)+)[^\w?~`]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Checklist:
    """(what, whether it is done) of each step; where not `whole`, up to the first that is not understood or
    is held up. `held`: whether that one may be in the way of the goal.
    """

    steps: tuple[tuple[str, bool], ...] = ()
    whole: bool = True
    held: bool = False


def checklist(value: Any) -> Checklist:
    """The steps of a list, a mapping (step -> its state), or the lines or the parts of a cell. What was given
    up is no step.
    """
    found: list[tuple[str, bool]] = []
    left_out = False
    for entry in _entries(value):
        text, state = _step(entry)
        if text.lower() in NOTHING and state != "dropped":
            if isinstance(entry, dict):
                return Checklist(tuple(found), whole=False, held=True)
            continue
        if state not in ("open", "done", "dropped"):
            return Checklist(tuple(found), whole=False, held=True)
        left_out = left_out or state == "dropped"
        if state != "dropped":
            found.append((text, state == "done"))
    # With one that was given up not all steps are done, even where none is open.
    return Checklist(tuple(found), whole=not left_out or any(not done for _, done in found))


class Results(NamedTuple):
    """(key result, the share of it that is reached, or None) of a goal; `whole`: whether they are all."""

    found: tuple[tuple[str, float | None], ...] = ()
    whole: bool = True


def key_results(value: Any) -> Results:
    """The key results of a list of OKRs, without those that were given up."""
    found, whole = [], True
    for result in value if isinstance(value, list) else ():
        given = result if isinstance(result, dict) else {}
        if not given and plain(result).lower() in NOTHING:
            continue
        text, state = _result(given) if given else _step(plain(result))
        if state == "dropped":
            continue
        if not state or is_no_value(text):
            whole = False
            continue
        found.append((text, share(next((given[key] for key in ("progress", "score") if key in given), None))))
    return Results(tuple(found), whole)


def _result(result: dict) -> tuple[str, str]:
    """(what, its state) of a key result that is a mapping: its numbers say nothing of whether it holds."""
    text = next((plain(result[key]) for key in _RESULTS if not empty(result.get(key))), "")
    states = {
        key: value for key, value in result.items() if _says_state(spelled(str(key)).removeprefix("is "))
    }
    text, state = _step({_TEXTS[0]: text} | states)
    # At risk, blocked, done or not: it is one of them.
    return text, "open" if state == "held" else state


def _says_state(name: str) -> bool:
    return name in _STATES or name in _TICKS or name in STATE_WORDS


def _entries(value: Any) -> list[Any]:
    if isinstance(value, dict):
        nodes = value.get("nodes")
        return nodes if isinstance(nodes, list) else [_of_mapping(key, one) for key, one in value.items()]
    if isinstance(value, str):
        return value.split("\n" if "\n" in value else ";")
    return value if isinstance(value, list) else []


def _of_mapping(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"title": key} | value
    return {"title": key, "done" if isinstance(value, bool) else "state": value}


def _step(entry: Any) -> tuple[str, str]:
    """(what, its state: open, held up, done or dropped, "" where that is not known) of one entry."""
    if isinstance(entry, dict):
        text, states = _named_text(entry), set(_states(entry))
        if not unstruck(text) and text:
            return "", "dropped"
        states -= {"none"}
        state = next(iter(states)) if len(states) == 1 else "" if states else "open"
        return _clean(text), state
    text, state = str(entry), "open"
    if match := _BOX.fullmatch(text):
        text, state = match[2], _BOXES.get(match[1], "")
    elif match := _SIGNED.fullmatch(text):
        text, state = match[2], _SIGNS[match[1]]
    text, said = _said_in(text)
    state = said or state
    if text.strip() and not unstruck(text):
        return "", "dropped"
    text = _clean(text)
    return text, "" if text.lower() in UNKNOWN else state


def _said_in(text: str) -> tuple[str, str]:
    """(the step, "done", "dropped" or "held") where the text itself says that it is over or held up; (the
    text, "") else.
    """
    text = " ".join(text.split())
    for pattern, what, how in ((_BEFORE, 2, 1), (_BEHIND, 1, 2), (_IN_FRONT, 2, 1)):
        match = pattern.fullmatch(text)
        words = match[how].lower().split() if match else []
        state = STATE_WORDS.get(" ".join(words), "")
        if match and state in ("done", "dropped"):
            return match[what], state
        # "waiting for the barge" and "on hold until May" as well.
        if match and "held" in (_kind(" ".join(words[:1])), _kind(" ".join(words[:2]))):
            return match[what], "held"
    return text, ""


def _clean(text: str) -> str:
    return unstruck(text).rstrip(".")


def _named_text(entry: dict) -> str:
    text = next((plain(entry[key]) for key in _TEXTS if not empty(entry.get(key))), "")
    # `{do: red, 2 %, done: true}` is one step, whose text YAML cuts at its comma.
    cut = [key for key, value in entry.items() if value is None and text and " " in str(key)]
    return ", ".join(map(str, [text, *cut]))


def _states(entry: dict) -> Iterator[str]:
    """What the fields of a step say of its state; "" of a field that may say something of it."""
    for key, value in entry.items():
        name = spelled(str(key)).removeprefix("is ")
        if name in _TEXTS or name in _ASIDE or value is None or value == "":
            continue
        if name in _STATES:
            yield _kind(plain(value).lower() if not isinstance(value, bool) else "")
        elif name in _TICKS or name in STATE_WORDS:
            kind = "done" if name in _TICKS else _kind(name)
            ticked = _truth(value)
            yield "" if ticked is None else kind if ticked else "open" if kind == "done" else "none"
        else:
            yield ""


def _kind(word: str) -> str:
    state = STATE_WORDS.get(word) or STATE_WORDS.get(spelled(word), "")
    if state in ("waiting", "blocked"):
        return "open" if word in _OPEN else "held"
    return state if state in ("done", "dropped") else "" if state in ("closed", "") else "open"


def _truth(value: Any) -> bool | None:
    """Whether something is ticked off; a date says so, too. None where that is not known."""
    text = plain(value).lower()
    if text in ("true", "yes", "x", "1"):
        return True
    return False if text in ("false", "no", "0") else True if deadline(text) else None


@dataclass(frozen=True)
class Prose:
    """What a free text says in a form: checklists, and what it waits for. `rest`: whether there is more."""

    steps: Checklist
    waits_for: tuple[str, ...]
    rest: bool


def prose(value: Any) -> Prose:
    """What can be read of a free text: not its comments, its code, nor what is quoted or crossed out."""
    given = value if isinstance(value, str) else ""
    checked, waits, rest = [], [], not (value is None or isinstance(value, str)) and not empty(value)
    for line, own in _lines(given):
        if not own:
            rest = True
        elif (match := _BOX.fullmatch(line)) and match[1] in _BOXES and not _ATTESTS.match(match[2]):
            checked.append(line)
        elif match := _WAITS.fullmatch(unstruck(line)):
            waits += re.findall(r"#\d+|[A-Z][A-Z0-9]+-\d+", match[1], re.IGNORECASE)
        else:
            rest = rest or bool(unstruck(line))
    return Prose(checklist(checked), tuple(waits), rest)


def _uncommented(text: str) -> str:
    """A text without its comments, up to one that has no end."""
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts.append(text[at:start])
        at = end + len("-->")
    return "".join([*parts, text[at:]])


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """(line, whether the author says it) without comments: a line of code or of a quotation is not."""
    fence = ""
    for line in _uncommented(text).splitlines():
        match = _FENCE.fullmatch(line)
        if fence:
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
            yield line, False
        elif match:
            fence = match[1]
            yield line, False
        elif "<!--" in line:
            # A comment without an end goes on to the end of the text.
            yield line, False
            return
        else:
            yield line, not line.lstrip().startswith(">")
