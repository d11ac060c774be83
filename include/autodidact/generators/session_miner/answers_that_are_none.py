"""Answers that are none: one that stops before its end, one that says that it could not be given, and a
program's line in the model's place.

A model that is cut off leaves something open: a fence, a backtick, a bracket, a number without its step, a
row without its cells, a colon, or an announcement of what it does next (answers_that_are_none.yaml). A
program writes short lines without an answer's sentence: "Request timed out."
"""

import re
from functools import cache

from autodidact.shipped_tables import read_table

# Words from which on a sentence without a mark at its end is taken for one that was cut off.
# A number ends a complete one more often: "The harbour has 12".
LEAST_CUT, LEAST_CUT_NUMBER = 8, 14
# Characters of a program's line.
LONGEST_LINE = 240

_FENCE = re.compile(r"\s*(?:[-*+] +|\d+[.)] +)?(?:> ?)?(`{3,}|~{3,})(.*)$")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_OPEN_BACKTICK = re.compile(r"(?:^|[\s(])`[^\s`][^`]*\Z")
# No brackets: ":-(", "a)" and what is quoted; no colon that announces: ":tada:".
_NO_BRACKETS = re.compile(
    r"[:;=]['’]?-?[()\[\]]|^\s*\w{1,3}\)|\"[^\"\n]*\"|“[^”\n]*”|'[^'\s]'|:[a-z_+-]+\d*:", re.MULTILINE
)
_ITEM = re.compile(r"\s*(?:\d+[.)]|[-*+•])(?:\s|$)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*|\n+")
# What follows an answer where a program broke it off.
_BROKEN_OFF = re.compile(
    r"(?:^|\s)\[(?:\.\.\.|…|[^\]\n]{0,40}"
    r"\b(?:truncated|interrupted|cancel+ed|aborted|cut off|timed out|omitted)\b"
    r"[^\]\n]{0,40})\]\W*\Z",
    re.IGNORECASE,
)

_NOTHING = re.compile(r"[\s.…·\-—–_*\[\]()]+")
_TAGGED = re.compile(
    r"\[(?:NOTE|ERROR|WARNING|SYSTEM|NOTICE|FATAL)\] "
    r"|\[(?:DONE|END|EOF|STOP|ABORTED|CANCELLED|NULL|EMPTY)\]\Z"
    r"|\[[^\]\n]{0,40}\bno (?:response|content|output|answer)\b[^\]\n]{0,40}\]\Z"
)
_STATUS = re.compile(
    r"(?:(?:http|error|status|code)[ :]*)*[45]\d\d[:,\- ]+(?:[a-z]+ ?){1,5}[.!]?", re.IGNORECASE
)
# What a program speaks of, without an article, and what became of it.
_SUBJECT = (
    r"(?:(?:the )?(?:model|server)|your (?:session|credit|account)|(?:api|access|auth) (?:key|token)"
    r"|session|request|response|connection|network|stream|server|service|token|credits?|prompt|context"
    r"|conversation|model|login|authentication|generation|operation|gateway|upstream)"
)
_BECAME = (
    r"(?:timed out|time-?out|expired|invalid|too (?:long|low|large)|failed|overloaded|unavailable|interrupted"
    r"|aborted|cancel+ed|denied|unauthori[sz]ed|lost|reset|busy|closed|refused|error)"
)
_ABOUT = re.compile(
    r"[^\w\s]*\s*(?:(?:api |internal |unexpected |server |network )*error[:.,] *)?"
    r"(?:you(?:'ve| have) (?:hit|reached|exceeded) your [\w ]{0,30}(?:limit|quota)\b"
    r"|(?:\w+ ){0,3}(?:limits?|quota) (?:was |has been |is )?(?:reached|exceeded|hit)\b"
    r"|(?:oops\W+)?something went wrong\b|an? (?:\w+ )?error (?:has )?occurred\b"
    r"|(?:invalid|missing|expired|incorrect) (?:api|access|auth\w*)[ _](?:key|token)|invalid credentials"
    r"|(?:insufficient (?:credits?|quota|funds|balance)|too many requests|bad gateway"
    r"|internal server error)\b"
    rf"|{_SUBJECT}\b[a-z ]{{0,30}}?\b{_BECAME}(?=\W*\Z|[.!:·,;(–-]|\s[·(–-]"
    r"| (?:after \d|to \w|by (?:the )?(?:peer|user|server|client))))",
    re.IGNORECASE,
)
# What an answer about such a thing has: it explains, names a thing of its own, or points to one.
_EXPLAINS = re.compile(
    r"\b(?:because|since|when|if|whenever|means|which|who|so that|therefore|every|each)\b|`|\n\n",
    re.IGNORECASE,
)


def is_none(reply: str) -> bool:
    return gave_up(reply) or of_a_program(reply) or unfinished(reply)


def gave_up(reply: str) -> bool:
    """Whether an answer says that it could not be given, or that it was refused."""
    return _words()[0].match(reply.lstrip(" \n*_#>⚠️")) is not None


def of_a_program(reply: str) -> bool:
    """Whether an answer is a program's line in the model's place ("503 Service Unavailable"), or no word."""
    said = reply.strip()
    if _NOTHING.fullmatch(said) or _TAGGED.match(said):
        return True
    if len(said) > LONGEST_LINE or _EXPLAINS.search(said):
        return False
    return _STATUS.fullmatch(said) is not None or _ABOUT.match(said.replace("’", "'")) is not None


def unfinished(reply: str) -> bool:
    """Whether an answer stops before its end, or only says what comes next."""
    said = reply.strip()
    outside, open_fence = _outside_fences(said)
    if open_fence or _BROKEN_OFF.search(said):
        return True
    if not outside or not outside[-1].strip():
        return False  # it ends with a block of code
    return _breaks_off(outside) or _announces(outside[-1])


def cut_off(reply: str) -> bool:
    """Whether an answer of some length stops within a sentence: "because the holiday only"."""
    said, words = reply.strip(), len(reply.split())
    within = re.search(r"[^\W\d_]$|,$", said) is not None
    return (within and words >= LEAST_CUT) or (said[-1:].isdigit() and words >= LEAST_CUT_NUMBER)


def _outside_fences(text: str) -> tuple[list[str], bool]:
    """The lines that stand in no block of code, an empty one for each block, and whether a block is open; a
    last line of nothing but a fence closes a block that holds others.
    """
    outside, fence, lines = list[str](), "", text.splitlines()
    for line in lines:
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not found[2].strip():
                fence = ""
        elif found and "`" not in found[2]:
            fence = found[1]
            outside.append("")
        else:
            outside.append(line)
    return outside, bool(fence) and bool(lines[-1].strip("`~ "))


def _breaks_off(lines: list[str]) -> bool:
    """Whether the last lines leave something open."""
    last = lines[-1]
    if _half_a_table(lines):
        return True
    if re.fullmatch(r"\s*(?:\d+[.)]|[-*+•])\s*", last):
        return any(_ITEM.match(line) for line in lines[:-1])
    end = next((k for k in range(len(lines) - 1, -1, -1) if not lines[k].strip()), -1)
    words = _CODE.sub("x", "\n".join(lines[end + 1 :]))
    if _OPEN_BACKTICK.search(words):
        return True
    bare = _NO_BRACKETS.sub("", words)
    opened, closed = (sum(map(bare.count, some)) for some in ("([{", ")]}"))
    return opened > closed or bare.rstrip("*_ ").endswith((":", "："))


def _half_a_table(lines: list[str]) -> bool:
    """Whether a table ends within a row, or before its first."""
    rows = list[str]()
    for line in reversed(lines):
        if not line.lstrip().startswith("|"):
            break
        rows.insert(0, line.strip().replace("\\|", ""))
    if len(rows) < 2 or not re.fullmatch(r"\|(?:\s*:?-+:?\s*\|?)+", rows[1]):
        return False
    return len(rows) == 2 or rows[-1].count("|") < rows[0].count("|")


def _announces(last: str) -> bool:
    """Whether the last sentence says what the model does next."""
    sentences = [one for one in _SENTENCE.split(last) if one.strip()]
    if not sentences or _ITEM.match(last):
        return False
    said = sentences[-1].strip().lstrip("*_> ")
    return not said.endswith(("?", "？")) and _words()[1].match(said) is not None


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How an answer that could not be given begins, and a last sentence that announces one."""
    table = read_table(__file__, "answers_that_are_none.yaml").values()
    refusal, announcement = (
        re.compile("|".join(f"(?:{one})" for kinds in table for one in kinds[kind]), re.IGNORECASE)
        for kind in ("refusal", "announcement")
    )
    return refusal, announcement
