"""A text made to cost time costs little: no pattern is tried again and again over the same characters."""

import pytest

from autodidact.scanning import find, hidden, redact, suspicious
from autodidact.scanning.decodings import readings
from tests.bounded import bounded

LENGTH = 4_000

# What is repeated to fill a text.
REPEATED = """
a|A|1|a1|aA1|_|-|.|/|=|@|a@|a.|a@a.|:|1:|2a0f:|1.|10.20.30.40.|<|<a|<!--|&#|%2|%25|\\|"'|'a', |' |x |1, |12 |
0x41, |deadbeef|-----BEGIN |sk-|ghp_a|eyJ.|eyJaaaaaaaa.|"kty" |'kty''d'|otpauth://|a://|a://b:|$5$|$argon2i$|
a:production.|aaa8Q~|password is |password |password=|the password of the |the pin is 1|password, it's |
abcdef as the password |log in with |admin:|key|wallet |seed ab |
wallet a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4 |token: a1b2c3.|authorization:|
mysql |mysql -b a b -| -u a:|basic |chr(65)+|a| b|a1@|home/|/home/|C:\\Users\\|\\\\wsl$\\a\\|-home-a|+1 2|
(212) |a, |a;b |as an AI, |(212) |tel |tel 1|DE89 |DE89370 |4111 |4111-|&amp;|[/a]|organizations/|maker.ifttt.com/|logz.io|QUJD|é|İ|ａ|
"""
PIECES = [piece for line in REPEATED.strip().split("\n") for piece in line.split("|") if piece]
WHOLE = {
    "blanks": " " * LENGTH,
    "lines of blanks": (" " * 200 + "\n") * 50,
    "lines": "\n" * LENGTH,
    "a card before blanks": "4111 1111 1111 1112" + " " * LENGTH + "x",
    "a private key of blanks": "-----BEGIN " + "A " * (LENGTH // 2),
    "words of a wallet": "seed phrase: " + "word " * (LENGTH // 5),
    "a list that is joined": "join(" + "'a','" * (LENGTH // 5),
    "base85": "b85decode " + "!#$%a" * (LENGTH // 5),
    "a number": "+" + "12 " * (LENGTH // 3),
    "a long name in a URL": ("//" + "a" * 60 + ":") * (LENGTH // 63),
    "a dump": "0000000 4141 4141\n" * (LENGTH // 18),
    "a table": "|a1|b2|\n" * (LENGTH // 8),
    "lines of base64": ("QUJD" * 10 + "\n") * (LENGTH // 41),
    "colours": "\x1b[" * (LENGTH // 2),
    "heads of columns": "a: " + "b, " * (LENGTH // 3),
    "heads of columns, of a name": "name, password, " + "a, " * (LENGTH // 3) + "!",
    "joiners": "a\u200b" * (LENGTH // 2),
}


@pytest.mark.parametrize("look", [find, redact, hidden, suspicious], ids=lambda look: look.__name__)
def test_hostile_text_is_looked_through_in_bounded_time(look):
    for text in [piece * (LENGTH // len(piece)) for piece in PIECES] + list(WHOLE.values()):
        readings.cache_clear()
        with bounded(seconds=1.5):
            look(text)
