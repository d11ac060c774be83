"""Secrets of no known format: a word that looks drawn at random, above all where something says that it is a key.

`password = ...`, `"token": ...`, `X_API_KEY=...`, `--secret ...`, `scheme://name:password@host`, `Basic ...`. Hashes, commits, UUIDs and
checksums are random too, and no secrets: they count only right after a word that says so.
"""

import binascii
import re
from collections.abc import Iterator

from autodidact.gate.randomness import changes, classes, is_hex, is_placeholder, is_random

MIN_NAMED, MIN_BARE, MIN_BARE_PIECE = 16, 32, 24
"""Characters of a random word: after a telling name; with no name, as a whole; with no name, between two `_` or `-`."""

MAX_WORD = 400
"""A longer run is data (an image, a table), not a key."""

BEFORE = 96
"""Characters before a value in which its name is looked for."""

_WORD = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_RANDOM_PAIR = re.compile(r"[0-9][A-Za-z]|[A-Za-z][0-9][A-Za-z0-9]")
_DIGIT = re.compile(r"[0-9]")
_PIECES = re.compile(r"[_/+-]")
_NAMED = re.compile(
    r"""(?:pass(?:w(?:or)?d|wd|phrase|code)|pwd|secret|token|api.?key|access.?key|auth\w{0,12}|credentials?|bearer|basic|webhook|otp
    |(?:private|signing|encrypt\w{0,4}|master|account|license|shared|storage|client|service|admin|deploy|secret|app\w{0,8}).?key
    |x-[\w-]{1,20}-key|[a-z0-9]_key|session.?id|sid|cookie|api|sig|signature)
    [\w-]{0,24}[^A-Za-z0-9\x1e]{1,16}
    (?:(?:value|is|was|str|string|bytes|[bfru]|bearer|basic|to|token|set|text|content|password|const|env|default)[^A-Za-z0-9\x1e]{1,12}){0,3}\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_STRICT = re.compile(
    r"""(?:passw(?:or)?d|secret|token|api[_. -]?key|access[_-]?key|auth[_-]?key|(?:private|signing|encryption|master|app|application|client)[_-]?key|bearer)
    (?:[_-]?(?:id|value|prod\w*|live|dev))?["'`\])}]{0,3}\s{0,4}(?:=|:|=>|:=|\||>|,|\s)[\s=:>|"'`bfru(\[{,]{0,12}
    (?:(?:value|str|bearer|token)[\s"'`:=>]{1,8}){0,2}\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_HASH_NAME = re.compile(r"(?i)hash|sha\d|md5|digest|checksum|commit|etag|revision|integrity|fingerprint|uuid|sha\b")
_INTEGRITY = re.compile(r"(?i)(?:sha\d{1,3}|md5|h1|blake\w{1,3})[-:=]$|base64,$|(?:nonce|opaque|etag)\W{1,4}$")
_NAMES = ("pass", "pwd", "secret", "token", "credential", "key", "login", "auth")
_GIVEN = re.compile(
    r"""[\w-]{0,24}
    (?:["'`\])]{0,3}\s{0,3}(?::\s?(?:str|string|bytes)\s?=|:=|=>|==?|:|\||>)\s{0,3}|["'],\s{0,2}["']value["']:\s?|["']\s?value=|\s{1,3}(?=\S{8,64}(?:\s|\Z)))
    [bruf]{0,2}["'`]{0,3}([^\s"'`<>,;(){}\[\]|\\\x1e]{8,80})""",
    re.IGNORECASE | re.VERBOSE,
)
"""What follows a name that says that a password comes."""

_USER = re.compile(r"""(?:\s-u|--user|--basic|--proxy-user)[ =]["']?[\w.@-]{1,64}:([^\s"']{6,80})""")
_PGPASS = re.compile(r"(?m):(?:\d{2,5}|\*):[\w*-]{1,60}:[\w*-]{1,60}:(\S{6,80})$")
_URL = re.compile(r"[A-Za-z][\w+.-]{1,30}:/{2}([^\s/:@'\"<>{}$%`]{0,64}):([^\s/@'\"<>{}$`]{4,128})@(\[?[A-Za-z0-9][\w.:-]*)")
_BASIC = re.compile(r"(?i)\bbasic\s{1,3}([A-Za-z0-9+/]{8,400}={0,2})")
_OPTIONS = (" -u", "--user", "--basic", "--proxy-user", " -p", " -a ")
_MYSQL = re.compile(
    r"\b(?:mysql|mysqldump|mysqladmin|mariadb|psql|sshpass|redis-cli|plink|mongo\w{0,4})\b[^\n]{0,80}?\s(?:-p|-a|-pw)\s?['\"]?([^\s'\"-][^\s'\"]{5,80})"
)

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
"""Lower case without a change of length, which some letters of other alphabets have."""

_WEAK = frozenset(
    """password passwd pass pw pwd secret secrets guest user username admin root postgres postgresql mysql test tests testing example changeme
    mypassword mypass mysecret userpassword dbpassword redis rabbitmq rabbit foo bar baz foobar none null token mytoken apikey key string str
    pa pass word somepassword yourpassword yourpass xxx abc abcd abcdef letmein qwerty demo default airflow celery django docker localhost
    hostname host db app myapp hello world me you bob alice hunter passphrase secretpassword topsecret supersecret verysecret credentials""".split()
)
"""Letters of what documentation and tests write in the place of a password."""

_LOCAL = re.compile(
    r"(?i)(?:localhost|127\.|0\.0\.0\.0|\[?::1|host(?:name)?\b|.*\.(?:example|test|invalid|local|localhost)\b|(?:.*\.)?example\.(?:com|org|net))"
)


def weak(password: str) -> bool:
    """Written for readers, not to keep anybody out: `guest`, `password123`, `my-secret`."""
    letters = "".join(c for c in password.lower() if c.isalpha())
    return letters in _WEAK or all(part in _WEAK for part in re.findall("[a-z]+", password.lower())) or is_placeholder(password)


def password_like(value: str) -> bool:
    """Like a good password: letters and digits mixed as by chance, or with signs among them. Names, calls and format strings are not."""
    value = value.rstrip(".:!?&")
    if (
        len(value) < 8
        or weak(value)
        or not _DIGIT.search(value)
        or "://" in value
        or value[0] in "$%{-/.\\"
        or "%s" in value
        or "..." in value
    ):
        return False
    if is_hex(value) or re.match(r"\d{4}-\d\d-\d\d", value) or re.fullmatch(r"[\d.,:_/+-]+[a-zA-Z%]{0,3}|[\w.-]+@[\w.-]+\.\w+", value):
        return False  # a number, a hash, an address
    kinds = classes(value)
    present = set(kinds) - {"o"}
    signs = any(c in "!@#$%^&*+?~" for c in value)
    moves = changes(value)
    if signs:
        return len(present) >= 2 and moves >= 3
    return is_random(value) and (moves >= 0.35 * len(value) if len(present) == 3 else moves >= 0.3 * len(value) and len(value) >= 10)


def find(text: str) -> str | None:
    """The kind of the first secret of no known format, None when there is none. `text` may be several readings (`readings.BETWEEN`)."""
    for match in _WORD.finditer(text):
        word = match[0]
        if _RANDOM_PAIR.search(word) and len(word) <= MAX_WORD and (kind := _word(word, text, match.start())):
            return kind
    if "://" in text and "@" in text:
        for match in _URL.finditer(text):
            name, password, host = match.groups()
            if password_like(password) or not (
                weak(password) or _LOCAL.match(host) or password == name or len(password) < 6 or password.isdigit()
            ):
                return "password in a URL"
    lower = text.lower() if text.isascii() else text.translate(_LOWER)
    if "basic " in lower:
        for match in _BASIC.finditer(text):
            if _basic(match[1]):
                return "basic authentication"
    if any(password_like(part) for given in _given(text, lower) for part in (given, given.partition("&")[0])):
        return "password"
    if any(option in text for option in _OPTIONS) and any(
        password_like(m[1]) for pattern in (_USER, _MYSQL) for m in pattern.finditer(text)
    ):
        return "password on a command line"
    if ":" in text and any(password_like(match[1]) for match in _PGPASS.finditer(text)):
        return "password"
    return None


def _given(text: str, lower: str) -> Iterator[str]:
    """What stands after each name of a password."""
    for name in _NAMES:
        place = lower.find(name)
        while place >= 0:
            named = name != "key" or (place and (lower[place - 1].isalnum() or lower[place - 1] in "_-"))
            if named and (match := _GIVEN.match(text, place + len(name))):
                yield match[1]
            place = lower.find(name, place + len(name))


def _word(word: str, text: str, start: int) -> str | None:
    bare = word.rstrip("=")
    before = text[max(0, start - BEFORE) : start]
    if is_hex(bare):
        size = len(bare.removeprefix("0x").replace("-", ""))
        return "secret in hexadecimal digits" if size >= 32 and _STRICT.search(before) and not _HASH_NAME.search(before[-40:]) else None
    if "/" in bare and is_hex(first := bare.partition("/")[0]):
        return _word(first, text, start) if first else None
    if not is_random(bare) or is_placeholder(bare):
        return _piece(bare, before)
    if _INTEGRITY.search(before) or _HASH_NAME.match(bare) or before.rstrip().lower().endswith("basic"):  # `_basic` looks inside
        return None
    if len(bare) >= MIN_BARE and len(set(classes(bare)) - {"o"}) == 3:
        return "random word"
    return "assigned secret" if len(bare) >= MIN_NAMED and _NAMED.search(before) else _piece(bare, before)


def _piece(word: str, before: str) -> str | None:
    """An unknown prefix and then chance: `acme_live_q7Xk...`."""
    if _INTEGRITY.search(before):
        return None
    for piece in _PIECES.split(word):
        if len(piece) < MIN_NAMED or is_hex(piece) or not is_random(piece) or is_placeholder(piece):
            continue
        if (len(piece) >= MIN_BARE_PIECE and len(set(classes(piece))) == 3) or _NAMED.search(before):
            return "random word"
    return None


def _basic(encoded: str) -> bool:
    try:
        name, colon, password = binascii.a2b_base64(encoded + "=" * (-len(encoded) % 4)).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return False
    return bool(colon) and name.isprintable() and password.isprintable() and len(password) >= 4 and not weak(password)
