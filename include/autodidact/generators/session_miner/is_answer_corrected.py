"""Whether a person's next words correct the answer before them.

Few rules tell, and no embedding: "the column is called berth" and "rename the column to berth" lie near each
other. What tells are the small words by which people say in each language that something is not so
(correction_signs.py), how the model took their words ("You are right, ..."), and how much of the question and
the answer is said again (correction_model.py). In doubt an answer is not taught. What is caught and what is
lost: docs/generators.md, by `python -m benchmarks.train_correction_model`.
"""

import re
from functools import lru_cache

from autodidact.generators.session_miner.correction_model import log_odds
from autodidact.generators.session_miner.correction_signs import objects, signs_for
from autodidact.generators.session_miner.language_of_turn import accepts, is_known
from autodidact.generators.session_miner.plain_corrections import (
    asks_for_what_is_missing,
    disapproves,
    doubts,
    owns_a_mistake,
    says_what_is_not_so,
    takes_back,
)
from autodidact.sources.transcripts import Exchange

# Characters of a turn that are looked at: a correction says early that it is one.
LOOKED_AT = 300
# Turns whose answer is remembered: each is asked about for every kind of example.
REMEMBERED = 64

# Characters of a turn that says little more than that it objects.
MOST_OBJECTION = 40

# "/memory show" is said to the program.
_COMMAND = re.compile(r"/\w+(?:\s|$)")


def corrects(text: str, exchange: Exchange | None = None) -> bool:
    """Whether a turn corrects, undoes or doubts the answer before it, or may.

    `exchange`: what came before, where it is known, with the model's reaction to the turn.
    """
    before = ("", "", "") if exchange is None else (exchange.text, exchange.reply, exchange.reaction)
    return _corrects(text, *before)


@lru_cache(REMEMBERED)
def _corrects(text: str, question: str, answer: str, reaction: str) -> bool:
    plain = plainly(text, answer, reaction)
    return plain if plain is not None else log_odds(_looked_at(text), question, answer, reaction) > 0


def plainly(text: str, answer: str, reaction: str = "") -> bool | None:
    """Whether a turn corrects, where nothing needs to be weighed: a few words that object, and no answer to a
    question; a question that only doubts the answer; or words that are said to the program, or that all is
    well. None of all others.

    A turn in a language without a table may correct, unless it thanks.
    """
    said = _looked_at(text)
    accepted = any(one.accepted.fullmatch(said.strip(" .!¡")) for one in signs_for(said))
    # "das stimmt nicht mit der Liste überein" begins as "das stimmt so" does.
    if _COMMAND.match(said) or (accepted and not says_what_is_not_so(said)):
        return False
    if owns_a_mistake(reaction) or asks_for_what_is_missing(said, answer) or doubts(said):
        return True
    if not is_known(said):
        return not accepts(said)
    asks = said.endswith(("?", "？")) or answer.rstrip().endswith(("?", "？"))
    if asks:
        return None
    if disapproves(said) or takes_back(said):
        return True
    return True if says_what_is_not_so(said) or (len(said) <= MOST_OBJECTION and objects(said)) else None


@lru_cache(REMEMBERED)
def plainly_corrects(text: str) -> bool:
    """Whether its first words say that the answer before it was not right, and the turn is more than that
    nothing was solved: what is done next may then be what the person wanted.
    """
    said = _looked_at(text)
    return corrects(text) and any(
        one.opening.match(said) and not one.asking.match(said) and not one.unsolved.search(said)
        for one in signs_for(said)
    )


def _looked_at(text: str) -> str:
    return " ".join(text[:LOOKED_AT].replace("’", "'").split())
