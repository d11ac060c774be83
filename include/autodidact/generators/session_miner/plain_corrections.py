"""What shows without weighing that an answer was corrected (plain_corrections.yaml): the model owns a mistake
in its reply, or a few words say what is not as the answer has it, ask for what it lacks, or doubt it; a sign
alone disapproves; or praise is taken back.
"""

import re
from functools import cache
from typing import NamedTuple

from autodidact.generators.session_miner.correction_signs import signs_for
from autodidact.shipped_tables import read_table

# Characters of a turn of a few words.
FEW = 48
# What a reply may say before it owns a mistake.
_BEFORE = r"(?:(?:ah|oh|oops|hm+|yes|ja|oui|sí|sim|да|right|indeed|ok|okay)[,.!…—-]* )*"
# What may stand before and after the words of a doubt.
_AROUND = (
    r"(?:(?:oh|ah|eh|h+m+|huh|wow|wait|but|and|ok(?:ay)?|und|aber|ach|moment|et|mais|pero|mas|а|но|и|ну|嗯"
    r"|哦|えっ?)"
    r"[,.…!—-]* ?)*",
    r"(?:,? (?:please|though|exactly|then|bitte|denn|eigentlich|genau|s'il (?:te|vous) plaît|por favor"
    r"|пожалуйста))?",
)
# What lies before a `but` that takes it back: two words, and no request as in "ok drop it, but ...".
_AT_ONCE = re.compile(r"(?:[^\s,.!?:;…，。、！？—–]{1,16} ?){1,2}[,.!;:…，。、！—–\s-]*")
# A place, and no question about it: "bei leerer Liste", not "bei welcher Liste".
_PLACE = re.compile(r"(?:auf|in|bei|mit|en|em|в|на) (?!welch|was|wem|qu|чём|чем|как)", re.IGNORECASE)
# Signs that stand for a word, without the parts that choose their colour or shape.
_UNSEEN = re.compile("[\ufe0e\ufe0f\u200d\u2640\u2642\U0001f3fb-\U0001f3ff]")
_DISAPPROVES = re.compile("[👎😡🤬😠😤🙄🤦😒😞😕🤨❌🚫💩😑😩😫🤮🤔😖😣🤷✖]")
_APPROVES = re.compile("[👍🎉🙏❤👏💯✅🚀😍🥳😀-😆😊🤩👌🙌]")
# "why would you multiply??"
_WHY = re.compile(
    r"(?:but |and |wait,? )?(?:why|how come|warum|wieso|pourquoi|¿*por ?qu[eêé]|почему|зачем|为什么|なぜ"
    r"|なんで)(?!\w)"
    r".{0,40}(?:[?？]\s*){2,}",
    re.IGNORECASE,
)
_QUESTIONS = re.compile(r"[?？]+")


class _Plain(NamedTuple):
    reply: re.Pattern[str]
    turn: re.Pattern[str]
    doubt: re.Pattern[str]
    nearly: re.Pattern[str]
    where: list[re.Pattern[str]]


def owns_a_mistake(reply: str) -> bool:
    """Whether a model's reply begins by saying that its answer before was not right."""
    return _plain().reply.match(_spaced(reply)) is not None


def says_what_is_not_so(turn: str) -> bool:
    """Whether a short turn is no more than what the answer before it has otherwise."""
    said = _spaced(turn).rstrip(" .!")
    return len(said) <= FEW and _plain().turn.fullmatch(said) is not None


def disapproves(turn: str) -> bool:
    """Whether a turn is signs without a word, and one of them disapproves: 👎."""
    said = _UNSEEN.sub("", turn)
    return not any(map(str.isalnum, said)) and not _APPROVES.search(said) and bool(_DISAPPROVES.search(said))


def takes_back(turn: str) -> bool:
    """Whether a turn thanks or praises and then says what is not so ("good, but ..."), or that the answer
    was nearly right: "almost. ...". No question follows, and after a `but` no request.
    """
    said = _spaced(turn)
    if said.endswith(("?", "？")):
        return False
    if _plain().nearly.match(said):
        return True
    signs = signs_for(said)
    if not any(one.thanks.match(said) or one.praise.match(said) for one in signs):
        return False
    buts = [
        found
        for one in signs
        if (found := one.but.search(said)) and _AT_ONCE.fullmatch(said[: found.start()])
    ]
    rest = said[min(found.end() for found in buts) :].lstrip(" ,，、") if buts else ""
    asks = (kind.match(rest) for one in signs for kind in (one.asks, one.task, one.how_to))
    return bool(rest) and (_PLACE.match(rest) is not None or not any(asks))


def doubts(turn: str) -> bool:
    """Whether a turn is questions and nothing else, and they ask whether the answer is so, or its source."""
    if _WHY.fullmatch(_spaced(turn)):
        return True
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
    reply, turn, doubt, nearly = (
        "|".join(one for kinds in table for one in kinds[kind])
        for kind in ("reply", "turn", "doubt", "nearly")
    )
    before, after = _AROUND
    where = [re.compile(kinds["where"], re.IGNORECASE) for kinds in table]
    return _Plain(
        re.compile(f"{_BEFORE}(?:{reply})", re.IGNORECASE),
        re.compile(f"(?:{turn})", re.IGNORECASE),
        re.compile(f"{before}(?:{doubt}){after}", re.IGNORECASE),
        re.compile(
            rf"(?:{nearly})(?=\W*\Z|\s*[,.;:!…，。、！—–]|\s-+\s)[\s,.;:!…，。、！—–-]*", re.IGNORECASE
        ),
        where,
    )
