"""What shows without weighing that an answer was corrected (plain_corrections.yaml): the model owns a mistake
in its reply, or a few words say what is not as the answer has it, ask for what it lacks, or doubt it.
"""

import re
from functools import cache
from typing import NamedTuple

from autodidact.shipped_tables import read_table

# Characters of a turn of a few words.
FEW = 48
# What a reply may say before it owns a mistake.
_BEFORE = r"(?:(?:ah|oh|oops|hm+|yes|ja|oui|sí|sim|да|right|indeed|ok|okay)[,.!…—-]* )*"
# What may stand before and after the words of a doubt.
_AROUND = (
    r"(?:(?:oh|ah|eh|h+m+|huh|wow|wait|but|and|ok(?:ay)?|und|aber|ach|moment|et|mais|pero|mas|а|но|и|ну|嗯|哦|えっ?)"
    r"[,.…!—-]* ?)*",
    r"(?:,? (?:please|though|exactly|then|bitte|denn|eigentlich|genau|s'il (?:te|vous) plaît|por favor"
    r"|пожалуйста))?",
)
_QUESTIONS = re.compile(r"[?？]+")


class _Plain(NamedTuple):
    reply: re.Pattern[str]
    turn: re.Pattern[str]
    doubt: re.Pattern[str]
    where: list[re.Pattern[str]]


def owns_a_mistake(reply: str) -> bool:
    """Whether a model's reply begins by saying that its answer before was not right."""
    return _plain().reply.match(_spaced(reply)) is not None


def says_what_is_not_so(turn: str) -> bool:
    """Whether a short turn is no more than what the answer before it has otherwise."""
    said = _spaced(turn).rstrip(" .!")
    return len(said) <= FEW and _plain().turn.fullmatch(said) is not None


def doubts(turn: str) -> bool:
    """Whether a turn is questions and nothing else, and they ask whether the answer is so, or its source."""
    *asked, rest = _QUESTIONS.split(_spaced(turn))
    return (
        bool(asked)
        and not rest.strip(" .!")
        and all(_plain().doubt.fullmatch(one.strip(" ¿¡")) for one in asked)
    )


def asks_for_what_is_missing(turn: str, answer: str) -> bool:
    """Whether a turn asks where something is that the code of the answer before it does not have."""
    if "```" not in answer:
        return False
    asked = [found for one in _plain().where if (found := one.fullmatch(_spaced(turn)))]
    return any(found[1].casefold() not in answer.casefold() for found in asked)


def _spaced(text: str) -> str:
    return " ".join(text[:300].replace("’", "'").split())


@cache
def _plain() -> _Plain:
    table = list(read_table(__file__, "plain_corrections.yaml").values())
    reply, turn, doubt = (
        "|".join(one for kinds in table for one in kinds[kind]) for kind in ("reply", "turn", "doubt")
    )
    before, after = _AROUND
    where = [re.compile(kinds["where"], re.IGNORECASE) for kinds in table]
    return _Plain(
        re.compile(f"{_BEFORE}(?:{reply})", re.IGNORECASE),
        re.compile(f"(?:{turn})", re.IGNORECASE),
        re.compile(f"{before}(?:{doubt}){after}", re.IGNORECASE),
        where,
    )
