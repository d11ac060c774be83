"""A next turn that asks for no more than the rest: "go on". It says that the answer before it was cut where
that ends without a mark, and what comes then is the rest of that answer, and none of its own.

Many records hold no reason for which an answer ended. asked_to_go_on.yaml has the words, by language.
"""

import re
import unicodedata
from functools import cache

from autodidact.shipped_tables import read_table
from autodidact.sources.transcripts import Exchange

# Characters of a turn that asks for nothing else.
LONGEST = 80
# What may close an answer behind its last mark.
_CLOSING = " \t\n*_~\"'”’»)]}」』）】"
_MARKS = ".!?。！？؟।"
# Courtesy that may stand within: "schreib bitte weiter".
_WITHIN = re.compile(
    r"\b(?:please|just|bitte|mal|doch|jetzt|nun|einfach|por favor|пожалуйста|stp|svp"
    r"|s['’]il (?:te|vous) pla[iî]t)\b"
)
_OTHER_SIGNS = re.compile(r"[^\w'’ -]+")


def only_the_rest(text: str) -> bool:
    """Whether a turn asks to go on, and for nothing else."""
    return any(form.fullmatch(_said(text)) for form in _words())


def broke_off(exchange: Exchange) -> bool:
    """Whether an answer was cut by the next words of the person, or is the rest of one that was."""
    before = exchange.before
    return _cut(exchange.reply, exchange.followed) or (
        before is not None and _cut(before.reply, exchange.text)
    )


def _cut(reply: str, asked: str | None) -> bool:
    if not asked or not reply or len(asked) > LONGEST:
        return False
    on, cut = _words()
    said = _said(asked)
    return cut.fullmatch(said) is not None or (on.fullmatch(said) is not None and not _ends(reply))


def _ends(reply: str) -> bool:
    """Whether an answer has a mark at its end, ends with a block of code, or with a sign for a word."""
    end = reply.rstrip()
    if end.endswith("```"):
        return True
    end = end.rstrip(_CLOSING)
    if end.endswith(("...", "…", "..")):
        return False
    return end[-1:] in tuple(_MARKS) or (bool(end) and unicodedata.category(end[-1]) == "So")


def _said(text: str) -> str:
    said = _OTHER_SIGNS.sub(" ", text[: LONGEST + 1].casefold())
    return " ".join(_WITHIN.sub(" ", said).split())


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How a person asks to go on, and how they say that an answer was cut."""
    on, cut = [], []
    for kinds in read_table(__file__, "asked_to_go_on.yaml").values():
        before, after = (rf"(?:(?:{kinds['around']})\s*)*", rf"(?:\s*(?:{kinds['around']}))*")
        on += [f"{before}(?:{one})(?:\\s*(?:{one}))?{after}" for one in kinds["rest"]]
        cut += [f"{before}(?:{one}){after}" for one in kinds["cut"]]
    return re.compile("|".join(on)), re.compile("|".join(cut))
