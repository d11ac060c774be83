"""Answers that say of themselves that something was done: "I put everything back". Such a deed takes a call;
where the conversation shows none, the words are empty, and whoever learns them learns to claim.

An answer that shows what it made (a block of code, or text behind a colon) is its own deed.
claims_of_deeds.yaml has the words, by language.
"""

import re
from functools import cache

from autodidact.shipped_tables import read_table
from autodidact.sources.transcripts import Exchange

# Characters behind a colon that are what was made.
LEAST_SHOWN = 30
_SHOWN = re.compile(
    rf"```|~~~|[:：]\s*\n+\s*\S|[:：]\s*[\"“«„'`「][^\n]{{{LEAST_SHOWN},}}|^\s*(?:\||>)", re.MULTILINE
)
_QUOTED = re.compile(r"`[^`\n]*`|\"[^\"\n]*\"|“[^”\n]*”|«[^»\n]*»|„[^“”\n]*[“”]|「[^」\n]*」")
# Who tells a story or gives an example speaks in the first person as well.
_ASKED_FOR_WORDS = re.compile(
    r"\b(?:story|poem|essay|letter|e-?mail|message|post|speech|sentence|dialog(?:ue)?|diary|translat\w*"
    r"|rewrite|rephrase"
    r"|paraphrase|correct|proofread|example|role-?play|pretend|write|übersetz\w*|schreib\w*|tradui\w*"
    r"|écris|traduc\w*"
    r"|escrib\w*|traduz\w*|escrev\w*|перевед\w*|напиш\w*)\b|翻译|写|改写|書いて|訳",
    re.IGNORECASE,
)


def claims_a_deed(exchange: Exchange) -> bool:
    """Whether an answer without a call says that something was done, and neither it nor the exchange before
    it shows that.
    """
    before = exchange.before
    called = exchange.calls or exchange.then or (before is not None and (before.calls or before.then))
    if called or not exchange.reply or _SHOWN.search(exchange.reply):
        return False
    return not _ASKED_FOR_WORDS.search(exchange.text) and _claims(exchange.reply)


def _claims(reply: str) -> bool:
    said = _QUOTED.sub("x", reply)
    claims, whole = _words()
    return claims.search(said) is not None or whole.match(said.lstrip(" \n*_#>✅✔️")) is not None


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = read_table(__file__, "claims_of_deeds.yaml").values()
    claims = "|".join(f"(?:{one})" for kinds in table for one in kinds["claims"])
    whole = "|".join(f"(?:{kinds['whole']})" for kinds in table)
    return re.compile(claims, re.IGNORECASE), re.compile(whole, re.IGNORECASE)
