"""Docstrings that were copied from one definition to another and not adapted."""

import re
from collections.abc import Iterable

from autodidact.sources.documents.sentences import sentences

# What names one thing: code, a name in capitals or of several parts, a capital within the sentence.
_NAMES = re.compile(r"`|\w_\w|\w\.\w|[a-z][A-Z]|\s[A-Z]")


def first_sentence(doc: str) -> str:
    """The first sentence of a docstring, with single spaces."""
    return (sentences(doc.partition("\n\n")[0]) or [""])[0]


def copied(docs: Iterable[tuple[str, str]]) -> set[str]:
    """The first sentences that definitions of different names share and that name something: whose it is
    cannot be known. `docs`: the simple name of a definition, and its docstring.
    """
    names: dict[str, set[str]] = {}
    for name, doc in docs:
        if (sentence := first_sentence(doc)) and _NAMES.search(sentence):
            names.setdefault(sentence, set()).add(name)
    return {sentence for sentence, found in names.items() if len(found) > 1}
