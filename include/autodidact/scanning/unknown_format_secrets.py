"""Secrets of no known format: a word that looks drawn at random, above all where something says that it is a
key.

`password = ...`, `"token": ...`, `X_API_KEY=...`, `--secret ...`, `scheme://name:password@host`, `Basic ...`.
Hashes, commits, UUIDs and checksums are random too, and no secrets: they count only right after a word that
says so.
"""

import binascii
import re
from collections.abc import Iterator

import autodidact.scanning.seed_phrases as seed_phrases
from autodidact.scanning.decodings import lower_case
from autodidact.scanning.looks_like_password import MIN_NAMED, mixed, one_case, password_like, weak
from autodidact.scanning.looks_random import NAMED_SHARE, changes, classes, is_hex, is_placeholder, is_random
from autodidact.scanning.secret_field_names import telling
from autodidact.shipped_tables import own_table

# Letters of both cases and digits in a random word: after a prefix (`acme_live_`), without one, and with `_`
# and `-` in it. After a telling name MIN_NAMED are enough.
MIN_PREFIXED, MIN_BARE, MIN_WHOLE = 18, 24, 32

# Hexadecimal digits after a telling name; after a prefix; letters of one case and digits after a prefix.
MIN_HEX, MIN_PREFIXED_HEX, MIN_PREFIXED_CASE = 28, 32, 24

# Letters of one case and digits in a word without a prefix, no hexadecimal digits: base32, bech32. A longer
# one is data.
MIN_ONE_CASE, MAX_ONE_CASE = 48, 80

# A longer run is data (an image, a table), not a key.
MAX_WORD = 400

# Characters before a value in which its name is looked for.
BEFORE = 96

# Characters of a string after a telling name that need not have letters of both cases.
LONG = 24

_TABLE = own_table(__file__)
_HASHED = frozenset(_TABLE["hashed"].split())
_NAMES = re.compile("|".join(_TABLE["names"]))

_WORD = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_RANDOM_PAIR = re.compile(r"[0-9][A-Za-z]|[A-Za-z][0-9][A-Za-z0-9]")
_PIECES = re.compile(r"[A-Za-z0-9]+")
_FOLDER = re.compile(r"(?:^|/)[A-Za-z][a-z]{2,}(?:/|$)")
_PREFIX = re.compile(r"(?:[A-Za-z][A-Za-z0-9]{0,11}[_-]){1,4}")
_TIME = re.compile(
    r"(?<![A-Za-z0-9])(?:19|20)\d\d-[01]\d-[0-3]\d(?:T\d{2,6}(?:Z|(?=[/_-]|\Z)))?(?![A-Za-z0-9])"
)
_ASSET = re.compile(
    r"\.(?:js|mjs|css|map|png|jpe?g|svg|gif|woff2?|ttf|ico|json|html?"
    r"|py[cdi]?|so|whl|gz|zip|tar|lock|dll|db)\b"
)
_HASH_NAME = re.compile(
    r"(?i)hash|sha\d|md5|digest|checksum|commit|etag|revision|integrity|fingerprint|uuid|sha\b"
)
_INTEGRITY = re.compile(
    r"(?i)(?:sha\d{1,3}|md5|h1|blake\w{1,3})[-:=]$|base64,$|(?:nonce|opaque|etag)\W{1,4}$"
)
_ISSUED = re.compile(
    r"""(?:^|[/_-])(?:pat|sk|sdk|mob|api|key|tok|token|secret|access|auth)(?:[_-]\w{1,12}){0,2}[_-]
        [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z""",
    re.VERBOSE,
)

# What follows a name after which a password comes: `=`, `:`, `": "`, `is`, or blanks and one word to the end.
_GIVEN = re.compile(
    r"""[\w-]{0,24}
    (?: ["'`\])]{0,3} \s{0,3}
        (?: :\s?(?:str|string|bytes)\s?= | := | => | ==? | :\s?[|>][+-]?\s*\n | : | \| | > ) \s{0,8}
      | ["'],\s{0,2} (?: ["']value["']:\s? | (?=["']) )
      | ["']\s?value=
      | \s{1,3} (?:(?:is|was|to|as|of)\s{1,3})? (?=\S{8,80}(?:\s|\Z))
    )
    [bruf]{0,2} ["'`]{0,3} ([^\s"'`<>,;(){}\[\]|\\\x1e]{1,80})""",
    re.IGNORECASE | re.VERBOSE,
)

_SCHEME = re.compile(r"[A-Za-z][\w+.-]{1,30}\Z")
_URL = re.compile(r""":/{2}([^\s/:@'"<>{}$`]{0,64}):([^\s/@'"<>{}$`]{4,128})@(\[?\w[\w.:-]*)""")
# A token where the name of a user belongs.
_TOKEN_URL = re.compile(r":/{2}([A-Za-z0-9_-]{16,128}):?@(\[?\w[\w.:-]*)")
_LOCAL = re.compile(
    r"""(?i)localhost|127\.|0\.0\.0\.0|\[?::1|host(?:name)?\b
        |.*\.(?:example|test|invalid|local|localhost)\b|(?:.*\.)?example\.(?:com|org|net)""",
    re.VERBOSE,
)

_BASIC = re.compile(r"(?:[Bb]asic|BASIC)\s{1,3}([A-Za-z0-9+/]{8,400}={0,2})")

# `curl -u name:password`, `mysql -p...`, a line of .pgpass.
_USER = re.compile(r"""(?:\s-u|--user|--basic|--proxy-user)[ =]["']?[\w.@-]{1,64}:([^\s"']{6,80})""")
_CLIENT = re.compile(
    r"""(?:mysql\w{0,6}|mariadb|psql|sshpass|redis-cli|plink|mongo\w{0,4}|sqlcmd|smbclient|ldap\w{3,9}
        |htpasswd)\b
        [^\n]{0,80}?\s(?:-p|-P|-a|-pw|-U\s?\w+%|-w|-\w?b\w?\s\S{1,60}\s\S{1,60})
        \s?['"]?([^\s'"-][^\s'"]{5,80})""",
    re.VERBOSE,
)
# Each match of the first holds one of these, each of the second one of those.
_USER_SIGNS = ("-u", "--basic")
_CLIENTS = ("mysql", "maria", "psql", "ssh", "redis", "plink", "mongo", "sqlcmd", "smb", "ldap", "htpasswd")
_PGPASS = re.compile(
    r""":(?:\d{2,5}|\*):[\w*-]{1,60}:[\w*-]{1,60}:([^\s"'`<>,;\\]{6,80})(?=[\s"'`<>,;\\]|\Z)"""
)


def find(text: str) -> str | None:
    """The kind of the first secret of no known format, None when there is none. `text` may be several
    readings (`decodings.BETWEEN`).
    """
    lower = lower_case(text)
    if kind := _random_word(text) or _in_url(text):
        return kind
    if seed_phrases.found(lower):
        return "words of a wallet"
    if "basic" in lower and any(_is_login(match[1]) for match in _BASIC.finditer(text)):
        return "basic authentication"
    if any(password_like(part) for given in _given(text, lower) for part in (given, given.partition("&")[0])):
        return "password"
    for signs, pattern in ((_USER_SIGNS, _USER), (_CLIENTS, _CLIENT)):
        matches = pattern.finditer(text) if any(sign in text for sign in signs) else ()
        if any(_is_password_or_hex(match[1]) for match in matches):
            return "password on a command line"
    if any(password_like(match[1]) for match in _PGPASS.finditer(text)):
        return "password"
    return None


def _random_word(text: str) -> str | None:
    """Looks at every long word of the text."""
    for match in _WORD.finditer(text):
        word, start = match[0], match.start()
        if len(word) > MAX_WORD:
            continue
        if _RANDOM_PAIR.search(word):
            if kind := _word(word, text, start):
                return kind
        elif (one_case(word) or mixed(word)) and telling(text[max(0, start - BEFORE) : start]) == 2:
            return "assigned secret"
    return None


def _word(word: str, text: str, start: int) -> str | None:
    """The kind of a word with digits among its letters, which stands at `start`."""
    bare, before = word.rstrip("="), text[max(0, start - BEFORE) : start]
    if is_hex(bare):
        size = len(bare.removeprefix("0x").replace("-", ""))
        return "secret in hexadecimal digits" if size >= MIN_HEX and telling(before) == 2 else None
    if "/" in bare and is_hex(first := bare.partition("/")[0]):  # `<commit>/<path>`
        rest = len(first) + 1
        return _word(first, text, start) or _word(word[rest:], text, start + rest)
    if _ISSUED.search(bare):
        return "key with a UUID"
    if _INTEGRITY.search(before) or _HASH_NAME.match(bare):
        return None
    if before.rstrip().lower().endswith("basic"):
        return None  # `_is_login` looks inside
    named = len(bare) >= MIN_NAMED and is_random(bare, NAMED_SHARE) and not is_placeholder(bare)
    if named and telling(before):
        return "assigned secret"
    if _is_random_whole(_TIME.sub("", bare)):  # without the time in `shop-dd5db41a/2026-11-28T0708Z`
        return "random word"
    return _piece(bare, before, text[start + len(word) : start + len(word) + 8])


def _is_random_whole(word: str) -> bool:
    """Whether a word with `_` and `-` in it looks drawn at random as a whole."""
    if len(word) < MIN_WHOLE or len(set(classes(word)) - {"o"}) < 3 or _FOLDER.search(word):
        return False
    return is_random(word) and not is_placeholder(word)


def _piece(word: str, before: str, after: str) -> str | None:
    """Chance within a word: `acme_live_q7Xk...`."""
    for match in _PIECES.finditer(word):
        piece, head = match[0], word[: match.start()]
        size = len(piece)
        if size < MIN_NAMED:
            continue
        if is_hex(piece):
            hashed = _ASSET.match(after) or _HASH_NAME.search(before[-40:])
            if size >= MIN_PREFIXED_HEX and _is_prefix(head) and not hashed:
                return "random word"
        elif is_random(piece) and not is_placeholder(piece):
            both_cases = len(set(classes(piece))) == 3
            if both_cases and size >= MIN_BARE:
                return "random word"
            if not both_cases and MIN_ONE_CASE <= size <= MAX_ONE_CASE and piece == word:
                return "random word"
            if size >= (MIN_PREFIXED if both_cases else MIN_PREFIXED_CASE) and _is_prefix(head):
                return "random word"
            if telling(before + head):
                return "assigned secret"
    return None


def _is_prefix(text: str) -> bool:
    """Is this what an issuer puts before a key, and not the name of something that is hashed?"""
    text = text[max(text.rfind("/"), text.rfind("+")) + 1 :].lstrip("-_")
    if not _PREFIX.fullmatch(text) or _HASH_NAME.search(text):
        return False
    return not _HASHED.intersection(re.split("[_-]", text.lower()))


def _in_url(text: str) -> str | None:
    for match in _URL.finditer(text):
        if not _SCHEME.search(text, max(0, match.start() - 31), match.start()):
            continue
        name, password, host = match.groups()
        open_to_all = weak(password) or _LOCAL.match(host) or password == name or password.isdigit()
        if password_like(password) or (not open_to_all and len(password) >= 6):
            return "password in a URL"
    for match in _TOKEN_URL.finditer(text):
        token, host = match.groups()
        drawn = (is_hex(token) and len(token) >= MIN_HEX) or is_random(token, NAMED_SHARE)
        if drawn and not is_placeholder(token) and not _LOCAL.match(host):
            return "token in a URL"
    return None


def _is_login(encoded: str) -> bool:
    """Whether base64 holds a name and a password that keeps somebody out."""
    try:
        login = binascii.a2b_base64(encoded + "=" * (-len(encoded) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return False
    _, colon, password = login.partition(":")
    return bool(colon) and login.isprintable() and len(password) >= 4 and not weak(password)


def _is_password_or_hex(word: str) -> bool:
    return password_like(word) or (is_hex(word) and len(word) >= MIN_HEX)


def _given(text: str, lower: str) -> Iterator[str]:
    """What stands after each name of a password; of a quoted value with signs in it the letters and digits
    too.
    """
    for name in _NAMES.finditer(lower):
        before = lower[name.start() - 1 : name.start()]
        if name[0] == "key" and not (before.isalnum() or before in ("_", "-")):
            continue  # `key` alone is the key of a table
        match = _GIVEN.match(text, name.end())
        if not match:
            continue
        yield match[1]
        if match[1].lower() != "basic" and (quoted := _quoted(text, match)):  # `_is_login` looks inside
            yield "".join(c for c in quoted if c.isalnum())


def _quoted(text: str, given: re.Match) -> str | None:
    """The whole string that a value begins, when it looks drawn at random and has signs in it."""
    start, quote = given.start(1), text[given.start(1) - 1]
    end = text.find(quote, start, start + 100) if quote in "\"'" else -1
    whole = text[start:end]
    kinds = 3 if len(whole) >= LONG else 4
    random = end > given.end(1) and len(set(classes(whole))) >= kinds and changes(whole) >= 0.4 * len(whole)
    return whole if random else None
