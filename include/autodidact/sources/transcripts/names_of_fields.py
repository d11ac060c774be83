"""The words that the name of a field is made of, however it is written."""

import re

# Characters of a name that are looked at.
_MOST = 80


def words_of(key: str) -> list[str]:
    """`isCorrect`, `is_correct`, `IS-CORRECT`: is, correct."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", key[:_MOST])]
