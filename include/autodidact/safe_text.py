"""What people may be shown: addresses without their credentials, foreign text without what steers a
terminal."""

import re
from urllib.parse import quote, unquote

HIDDEN = "***"
# Characters of a value in a query that is hidden wherever it stands; `1` would be anywhere.
SHORTEST_VALUE = 8

_ADDRESS = re.compile(r"[A-Za-z][\w+.:-]*://[^\s'\"<>]+")

# C0 but for tab and newline, DEL, C1 (a terminal obeys them as it does ESC), line and paragraph separators,
# the marks that turn the direction of what follows (https://trojansource.codes), and halves of characters,
# which nothing can print.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
# The most characters of an error in a log: a name or a value in it may be as long as somebody likes.
LONGEST_LINE = 3000


def address(url: str) -> str:
    """An address without login and query, where passwords and keys travel: `s3://***@bucket/prefix`. A path
    comes back as it is.
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    login, at, place = rest.rpartition("@")
    if not at or not _is_login(login):
        login, place = "", rest
    bare = re.split("[?#]", place, maxsplit=1)[0]
    return f"{scheme}://{f'{HIDDEN}@' if login else ''}{bare}{f'?{HIDDEN}' if bare != place else ''}"


def _is_login(text: str) -> bool:
    """Whether what stands before the last `@` is a login: no slash in it, or only after a colon that begins
    no port, in its password.
    """
    host, slash, _ = text.partition("/")
    return not slash or "@" in host or (":" in host and not host.rpartition(":")[2].isdigit())


def addresses(text: str, known: str = "") -> str:
    """The text with every address in it shown without credentials; of `known`, an address, password and query
    nowhere else either.
    """
    if known and (shown := address(known)) != known:
        text = text.replace(known, shown)
        login, _, query = known.partition("://")[2].rpartition("@")[0], *known.partition("?")[1:]
        values = [
            value for pair in query.split("&") if len(value := pair.partition("=")[2]) >= SHORTEST_VALUE
        ]
        for piece in (login, login.partition(":")[2], query, *values):
            for form in {piece, unquote(piece), quote(piece), quote(piece, safe="")} - {""}:
                text = text.replace(form, HIDDEN)
    return _ADDRESS.sub(lambda match: address(match[0]), text)


def harmless(text: str) -> str:
    """The text with what would steer a terminal written out: ESC as `\\u001b`, which is what JSON calls it.
    Lines and tabs stay.
    """
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def one_line(text: str) -> str:
    """The text in one line of at most LONGEST_LINE characters, harmless: it cannot add a line to a log."""
    line = harmless(text[:LONGEST_LINE]).replace("\n", "\\n")
    return (
        line if len(line) <= LONGEST_LINE and len(text) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 3]}..."
    )
