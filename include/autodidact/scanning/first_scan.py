"""The first look for credentials: which of the ways to find one finds something in a text, in whichever
reading.

The formats of some hundred issuers (credential_formats.py), words that look drawn at random, above all after
a telling name (unknown_format_secrets.py), what programs are given (unnamed_passwords.py), what a sentence
calls a password (prose_secrets.py); the first two again in what is spelled, in what base64 stands for, and
all in what pieces are together (split_keys.py).
"""

from collections.abc import Iterable
from itertools import chain

import autodidact.scanning.credential_formats as credentials
import autodidact.scanning.decodings as decodings
import autodidact.scanning.prose_secrets as prose_secrets
import autodidact.scanning.split_keys as split_keys
import autodidact.scanning.unknown_format_secrets as assignments
import autodidact.scanning.unnamed_passwords as command_passwords


def find(text: str) -> str | None:
    """The kind of the first credential in a text, in whichever reading; None when there is none. Never the
    credential itself.
    """
    text = decodings.visible(text)
    readings = decodings.readings(text)
    together = decodings.BETWEEN.join(readings)
    return (
        _among(decodings.spelled(text), "spelled")
        or prose_secrets.find(together)
        or credentials.find(together)
        or assignments.find(together)
        or command_passwords.find(together)
        or _among(chain(decodings.decoded(readings[-1]), decodings.base85(text)), "encoded")
        or _in_pieces(text)
    )


def _among(texts: Iterable[str], how: str) -> str | None:
    for text in texts:
        if kind := credentials.find(text) or assignments.find(text):
            return f"{kind}, {how}"
    return None


def _in_pieces(text: str) -> str | None:
    lettered = split_keys.letters(text)
    rows = decodings.rows(text)
    pieces = chain(split_keys.together(text), split_keys.together(rows) if rows != text else ())
    for together, named in chain([(lettered, True)] if lettered else [], pieces):
        kind = credentials.find(together)
        if not kind and named:
            kind = assignments.find(together) or prose_secrets.find(together)
        if kind:
            return f"{kind}, in pieces"
    return None
