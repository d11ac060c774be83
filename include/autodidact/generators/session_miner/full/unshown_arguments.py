"""What the calls of a conversation are given that nothing before them shows: a card number or a reference
that the record's model knew from elsewhere, and that a trained one could only invent.
"""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

from autodidact.generators.session_miner.full.words_backed_by_conversation import handed_in_shown_words
from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.shipped_tables import read_table
from autodidact.sources.json_of_expected_type import dict_of, dicts_of, list_of
from autodidact.sources.transcripts import handler

# Arguments whose text is the model's own work: code, commands and patterns; words that it searches for.
_WORK = re.compile(
    r"old|new|content|code|command|cmd|script|pattern|regex|glob|sql|diff|patch|edits?|todos?|plan|steps?",
    re.IGNORECASE,
)
# Arguments that are said in the model's own words: only the names and numbers in them must be shown.
_PROSE = re.compile(
    r"text|body|message|prompt|description|request|note|reason|title|subject|summary|comment|task"
    r"|question|query"
    r"|^q$|search|keywords?|terms?|words?",
    re.IGNORECASE,
)
# A command of a shell; programs that look into files and folders, and those that are given a pattern first.
_COMMAND = re.compile(r"command|cmd|script", re.IGNORECASE)
_LOOKS_INTO = frozenset("cat cd curl du find head ls less sqlite3 stat tail tree wc wget".split())
_SEARCHES = frozenset("ag awk egrep grep rg sed".split())
# Parts of a path or an address that nobody has to have said.
_KNOWN_PLACE = re.compile(r"[.$~]|https?$|localhost$")
# Words to look for, which nobody has to have said.
_SOUGHT = re.compile(r"query|^q$|search|keywords?|terms?|words?|pattern", re.IGNORECASE)
# Arguments that say how a tool works and how much it gives.
_MANNER = re.compile(
    r"mode|type|format|level|sort|order|lang|unit|status|limit|offset|timeout|count|size|depth|lines?"
    r"|context|page"
    r"|max|min|first|last|top|head|tail|^-|^n$",
    re.IGNORECASE,
)
# Addresses, of which a part that is shown does not give the rest; with them paths from somebody's home on.
_ADDRESS = re.compile(r"\w@\w|://|^/home/|^/Users/")
# The name of a file: of `owl_idle_old.aseprite` nobody knows from `owl_idle.aseprite`.
_FILE = re.compile(r"[^\s/]+\.[A-Za-z]\w{1,11}")
# A name that is joined of several words, each of which has to be shown: `brake-pad-K`, not of "brake pads".
_JOINED = re.compile(r"\w+(?:[-_]\w+)+")
# What one looks for in any log.
_OF_EVERY_LOG = re.compile(r"err|warn|fail|fatal|crit|exception|timeout|refus|denied|panic", re.IGNORECASE)
# An hour of a day in a command.
_HOUR = re.compile(r"\d{4}-\d\d-\d\d[T ]\d[\d:]*")
_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"[^\W_]*\d[^\W_]*")
_COUNTED = {
    word: float(n)
    for n, words in read_table(__file__, "unshown_arguments.yaml")["counted"].items()
    for word in words
}
# How many of the unit that an argument counts in a larger one has, by the argument's name: an hour has
# 60 minutes.
_UNITS: tuple[tuple[str, tuple[float, ...]], ...] = (
    (r"min", (60,)),
    (r"sec|ttl", (60, 3600)),
    (r"ms$|milli|gram|met(?:er|re)", (1000,)),
    (r"cent|amount|minor", (100,)),
    (r"hour", (24,)),
    (r"day", (7,)),
)
_WHEN = re.compile(r"\d{4}-\d\d-\d\d(?:[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
# A date with what hour it has: of its digits nothing else is known, but what day or hour it is (`court: 5` is
# not that of "court 4 on 2026-05-07"); and the arguments that say this.
_DATE = re.compile(r"(?<![\d-])\d{4}-\d\d-\d\d(?:T[\d:.]+)?(?![\d-])|(?<![\d.])\d\d?\.\d\d?\.\d{4}(?![\d.])")
_OF_TIME = re.compile(
    r"day|date|month|year|hour|min|time|week|when|start|end|from|until|since|due|open|close|born|birth"
    r"|(?:^|_)(?:at|to|on|y|m|d|h)$",
    re.IGNORECASE,
)
_FEW_DIGITS = re.compile(r"\d{1,2}")
# Words of a value that is read as a name or a choice, letters that two forms of a word share, and characters
# of a text of which it is seen that it was cut off.
MOST_WORDS, STEM, LEAST_CUT = 3, 4, 12


def arguments_shown(messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> bool:
    """Whether every text and number that the calls in `messages` are given stands in the messages before it,
    is said there in another way, or is one of the choices or the default of the schemas in `tools`.
    """
    schemas = {tool["function"]["name"]: dict_of(tool["function"].get("parameters")) for tool in tools}
    does = {tool["function"]["name"]: str(tool["function"].get("description", "")) for tool in tools}
    shown = ""
    for one in messages:
        for made in one.get("tool_calls") or []:
            name, given = made["function"]["name"], made["function"]["arguments"]
            parts = dict_of(dict_of(schemas.get(name)).get("properties"))
            taken = handler(name, given)
            for key, value, part in _leaves(given, parts):
                words = f"{shown}\n{does.get(name, '')}"
                if _is_fixed(value, part):
                    continue
                if taken and value == taken and not re.search(rf"(?<!\w){re.escape(taken)}(?!\w)", words):
                    return False  # nobody knows that there is such an agent
                if value != taken and not (_is_shown(key, value, shown) and _handed(key, value, words)):
                    return False
        shown += "\n" + one["content"]
        if calls := one.get("tool_calls"):
            shown += "\n" + json.dumps(calls, ensure_ascii=False)
    return True


def short_numbers_shown(given: dict[str, Any], shown: str) -> bool:
    """Whether what is shown has every number of one or two digits that a call is given."""
    return all(
        _is_shown(key, value, shown)
        for key, value, _ in _leaves(given, {})
        if _FEW_DIGITS.fullmatch(str(value))
    )


def _leaves(given: dict[str, Any], parts: dict[str, Any]) -> Iterator[tuple[str, Any, dict]]:
    """(name, value, schema) of all texts and numbers in arguments; those of a list have the list's name."""
    for key, value in given.items():
        part = dict_of(parts.get(key))
        for one in value if isinstance(value, list) else [value]:
            inner = dict_of(part.get("items")) if isinstance(value, list) else part
            if isinstance(one, dict):
                yield from _leaves(one, dict_of(inner.get("properties")))
            elif isinstance(one, (str, int, float)) and not isinstance(one, bool):
                yield key, one, inner


def _is_fixed(value: Any, part: dict) -> bool:
    """Whether the schema itself has the value: a choice, or what is taken where nothing is given."""
    parts = [part, *dicts_of(list_of(part.get("anyOf")) + list_of(part.get("oneOf")))]
    return any(value in values_of(one) or ("default" in one and one["default"] == value) for one in parts)


def _is_shown(key: str, value: str | float, shown: str) -> bool:
    few = _FEW_DIGITS.fullmatch(str(value)) is not None and _MANNER.search(key) is None
    numbers = shown if _OF_TIME.search(key) or not few else _DATE.sub(" ", shown)
    if not isinstance(value, str):
        return _MANNER.search(key) is not None or _number_shown(key, value, numbers)
    if few:
        return float(value) in _numbers(numbers)
    said = shown.lower()
    if not value.strip() or value.lower() in said:
        return not _cut_off(value, shown)
    if _WORK.search(key):
        folders = searched_places(value) if _COMMAND.search(key) else ()
        filtered = filters(value) if _COMMAND.search(key) else ()
        return all(hour in shown for hour in _HOUR.findall(value)) and all(
            map(said.__contains__, [*folders, *filtered])
        )
    if _ADDRESS.search(value) or _FILE.fullmatch(value):
        return False
    if _WHEN.fullmatch(value):
        return _time_shown(value, shown)
    words = _WORD.findall(value)
    if not all(_code_shown(word, shown) for word in _NUMBERED.findall(value)):
        return False
    # The first word of a text of the model's own has a capital letter whatever it is.
    prose = bool(_PROSE.search(key)) or len(words) > MOST_WORDS
    names = [word for word in words[prose:] if word[:1].isupper() and len(word) > 2 and not word.isupper()]
    stems = {word[:STEM].lower() for word in _WORD.findall(shown)}
    # `MAT: towels smell of chlorine`, of a ward that nobody named.
    names += [word for word in words if prose and word.isupper() and word.isalpha() and len(word) > 2]
    if not all(name[:STEM].lower() in stems for name in names):
        return False
    if _JOINED.fullmatch(value):
        return all(word[:STEM].lower() in stems for word in words)
    plain = [word for word in words if len(word) > 1]
    return prose or _MANNER.search(key) is not None or any(word[:STEM].lower() in stems for word in plain)


def _handed(key: str, value: Any, shown: str) -> bool:
    """Whether a text that is neither looked for nor the model's own work is one that is shown."""
    own = isinstance(value, str) and not (_SOUGHT.search(key) or _WORK.search(key))
    return not own or value.lower() in shown.lower() or handed_in_shown_words(value, shown)


def searched_places(command: str) -> list[str]:
    """The files and folders that a shell command looks into, in lower case, by the parts of their paths; what
    a shell fills in, and the pattern that is searched for, are none.
    """
    found: list[str] = []
    for part in re.split(r"[|;&\n]+|\$\(", command):
        try:
            name, *given = shlex.split(part)
        except ValueError:
            continue  # no command, or a quotation with such a sign in it
        given = [word for word in given[: _first_test(given)] if not re.match(r"[-+<>0-9]", word)]
        if name in _LOOKS_INTO:
            found += given
        elif name in _SEARCHES:
            found += given[1:]
    parts = [part.lower() for place in found for part in re.split(r"[/*{},:?=&]+", place)]
    return [part for part in parts if re.search(r"[^\W_]", part) and not _KNOWN_PLACE.match(part)]


def filters(command: str) -> list[str]:
    """The first letters of the words that the output of a command is searched for: nobody knows why
    `| grep exam` finds something if exams were not spoken of. What every log has is left out.
    """
    found: list[str] = []
    for part in command.split("|")[1:]:
        match = re.match(r"\s*e?grep(?: -\w+)* +['\"]?([^\s'\"]+)", part)
        found += re.findall(r"[^\W\d_]{3,}", match[1]) if match else []
    return [word[:STEM].lower() for word in found if not _OF_EVERY_LOG.match(word)]


def _first_test(given: list[str]) -> int | None:
    """Where the tests of a `find` begin, which are behind its folders."""
    return next((at for at, word in enumerate(given) if re.match(r"-(?:i?name|type|path|exec)$", word)), None)


def _cut_off(value: str, shown: str) -> bool:
    """Whether a text is one that is shown, cut off in the middle of a word."""
    ends = value[-1:].isalpha() and len(value) >= LEAST_CUT
    return ends and re.search(rf"{re.escape(value)}(?!\w)", shown, re.IGNORECASE) is None


def _numbers(shown: str) -> set[float]:
    """All numbers in a text, those in words among them; 1,500 is one, and it is two."""
    found = {float(one) for one in re.findall(r"\d+(?:\.\d+)?", shown)}
    found |= {float(one.replace(",", "")) for one in re.findall(r"\d{1,3}(?:,\d{3})+", shown)}
    found |= {float(one.replace(".", "").replace(",", ".")) for one in re.findall(r"\d[\d.]*,\d+", shown)}
    return found | {_COUNTED[word] for word in _WORD.findall(shown.lower()) if word in _COUNTED}


def _number_shown(key: str, value: float, shown: str) -> bool:
    """Whether a number is shown, in its own unit or another one; of one thing nobody says that it is one."""
    units = [one for name, sizes in _UNITS if re.search(name, key, re.IGNORECASE) for one in sizes]
    known = _numbers(shown)
    return value == 1 or any(abs(value - one * unit) < 1e-6 for one in known for unit in (1, *units))


def _code_shown(word: str, shown: str) -> bool:
    """Whether a word with digits is shown, however its parts are joined there."""
    if re.fullmatch(r"x?\d{1,4}[a-z]{0,2}", word) and float(re.sub(r"\D", "", word)) in _numbers(shown):
        return True
    joined = re.sub(r"[\s._/-]+", "", shown).lower()
    return re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", shown, re.IGNORECASE) is not None or (
        len(word) >= 4 and word.lower() in joined
    )


def _time_shown(value: str, shown: str) -> bool:
    """Whether the time of day is shown; of the day it is known where a prompt says which day it is."""
    match = _WHEN.fullmatch(value)
    if match is None or match[1] is None:
        return True
    known = _numbers(shown)
    hour, minute = int(match[1]), int(match[2])
    return (hour in known or hour - 12 in known or (hour == 0 and 12 in known)) and (
        not minute or minute in known
    )
