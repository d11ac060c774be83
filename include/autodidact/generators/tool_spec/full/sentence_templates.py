"""The sentences of `sentences.yaml`, filled in."""

import re
from random import Random

from autodidact.generators.writing.facts_into_words import capital
from autodidact.shipped_tables import read_table

_TABLE = read_table(__file__, "sentences.yaml")
# A name that begins a sentence of its own.
_STARTS = re.compile(r"([.?!] )\{(\w+)\}")


def say(group: str, kind: str, rng: Random, **words: object) -> str:
    """One of the sentences of a kind, its names filled in, with a capital where it begins with a word."""
    form: str = rng.choice(_TABLE[group][kind])
    return capital(_STARTS.sub(lambda slot: f"{slot[1]}{capital(str(words[slot[2]]))}", form).format(**words))


def pair(group: str, kind: str, rng: Random, **words: object) -> tuple[str, str]:
    """A question and its answer (`ask`, `say`), filled in."""
    found = _TABLE[group][kind]
    return rng.choice(found["ask"]).format(**words), capital(found["say"].format(**words))
