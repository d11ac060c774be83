"""Secrets of no known format: a word that looks drawn at random, above all where something says that it is a
key.

`password = ...`, `"token": ...`, `X_API_KEY=...`, `--secret ...`, `scheme://name:password@host`, `Basic ...`.
Hashes, commits, UUIDs and
checksums are random too, and no secrets: they count only right after a word that says so.
"""

import binascii
import re
from collections.abc import Iterator

from autodidact.scanning.key_names import telling
from autodidact.scanning.randomness import (
    COMMON_SHARE,
    NAMED_SHARE,
    changes,
    classes,
    common_share,
    is_hex,
    is_placeholder,
    is_random,
)

MIN_NAMED, MIN_PREFIXED, MIN_BARE, MIN_WHOLE = 16, 18, 24, 32
"""Letters of both cases and digits in a random word: after a telling name; after a prefix (`acme_live_`);
with neither; with `_` and `-` in it.
"""

MIN_PASSWORD = 12
"""The same without digits, right after the name of a password."""

MIN_HEX, MIN_PREFIXED_HEX, MIN_PREFIXED_CASE = 28, 32, 24
"""Hexadecimal digits after a telling name; after a prefix; letters of one case and digits after a prefix."""

MIN_ONE_CASE = 48
"""Letters of one case and digits in a word without a prefix, and no hexadecimal digits: base32, bech32."""

MAX_ONE_CASE = 80
"""A longer one is data."""

MAX_WORD = 400
"""A longer run is data (an image, a table), not a key."""

ONE_CASE_SHARE = 0.5
"""Largest share of common pairs in a word of letters of one case alone that a name says to be a password, as
Google and Apple draw them, of 16 letters: a name of code, written in one, has more.
"""

BEFORE = 96
"""Characters before a value in which its name is looked for."""

_WORD = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_RANDOM_PAIR = re.compile(r"[0-9][A-Za-z]|[A-Za-z][0-9][A-Za-z0-9]")
_MIXED = re.compile(r"[a-z][A-Z][a-z]{0,2}[A-Z]")
_DIGIT = re.compile(r"[0-9]")
_PIECES = re.compile(r"[A-Za-z0-9]+")
_FOLDER = re.compile(r"(?:^|/)[A-Za-z][a-z]{2,}(?:/|$)")
_PREFIX = re.compile(r"(?:[A-Za-z][A-Za-z0-9]{0,11}[_-]){1,4}")
_TIME = re.compile(
    r"(?<![A-Za-z0-9])(?:19|20)\d\d-[01]\d-[0-3]\d(?:T\d{2,6}(?:Z|(?=[/_-]|\Z)))?(?![A-Za-z0-9])"
)
_ASSET = re.compile(
    r"\.(?:js|mjs|css|map|png|jpe?g|svg|gif|woff2?|ttf|ico|json|html?|py[cdi]?|so|whl|gz|zip|tar|lock|dll|db)\b"
)
_HASH_NAME = re.compile(
    r"(?i)hash|sha\d|md5|digest|checksum|commit|etag|revision|integrity|fingerprint|uuid|sha\b"
)
_INTEGRITY = re.compile(
    r"(?i)(?:sha\d{1,3}|md5|h1|blake\w{1,3})[-:=]$|base64,$|(?:nonce|opaque|etag)\W{1,4}$"
)
_ISSUED = re.compile(
    r"(?:^|[/_-])(?:pat|sk|sdk|mob|api|key|tok|token|secret|access|auth)(?:[_-]\w{1,12}){0,2}[_-][0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_KNOWN = frozenset(
    "sha commit blob tree rev ref file img image cache build test docker main chunk release id uuid object"
    " etag asset static".split()
)
"""Prefixes of what is named by its hash."""

_NAMES = ("pass", "pwd", "pw", "psk", "secret", "token", "credential", "key", "login", "auth")
_GIVEN = re.compile(
    r"""[\w-]{0,24}
    (?:["'`\])]{0,3}\s{0,3}(?::\s?(?:str|string|bytes)\s?=|:=|=>|==?|:|\||>)\s{0,3}|["'],\s{0,2}(?:["']value["']:\s?|(?=["']))|["']\s?value=|\s{1,3}(?:(?:is|was|to|as|of)\s{1,3})?(?=\S{8,80}(?:\s|\Z)))
    [bruf]{0,2}["'`]{0,3}([^\s"'`<>,;(){}\[\]|\\\x1e]{1,80})""",
    re.IGNORECASE | re.VERBOSE,
)
"""What follows a name that says that a password comes."""

_USER = re.compile(r"""(?:\s-u|--user|--basic|--proxy-user)[ =]["']?[\w.@-]{1,64}:([^\s"']{6,80})""")
_PGPASS = re.compile(
    r"(?m):(?:\d{2,5}|\*):[\w*-]{1,60}:[\w*-]{1,60}:([^\s\"'`<>,;\\]{6,80})(?=[\s\"'`<>,;\\]|\Z)"
)
_SCHEME = re.compile(r"[A-Za-z][\w+.-]{1,30}\Z")
_URL = re.compile(r":/{2}([^\s/:@'\"<>{}$`]{0,64}):([^\s/@'\"<>{}$`]{4,128})@(\[?\w[\w.:-]*)")
_TOKEN_URL = re.compile(r":/{2}([A-Za-z0-9_-]{16,128}):?@(\[?\w[\w.:-]*)")
"""A token where the name of a user belongs."""

_PHRASE = re.compile(
    r"(?i)(?:mnemonic|(?:seed|recovery|backup|secret)[ _-]?phrase)[\"']?\W{1,5}([a-z]{3,8}(?:"
    r" [a-z]{3,8}){11,23})(?![\w ])"
)
"""The words that a wallet is restored from: twelve and more of three to eight letters, none of them `a`, `is`
or `of`.
"""

_BASIC = re.compile(r"(?i)\bbasic\s{1,3}([A-Za-z0-9+/]{8,400}={0,2})")
_OPTIONS = (" -u", "--user", "--basic", "--proxy-user", " -p", " -P", " -a ", " -U", "htpasswd")
_MYSQL = re.compile(
    r"\b(?:mysql\w{0,6}|mariadb|psql|sshpass|redis-cli|plink|mongo\w{0,4}|sqlcmd|smbclient|ldap\w{3,9}|htpasswd)\b[^\n]{0,80}?\s(?:-p|-P|-a|-pw|-U\s?\w+%|-w|-\w?b\w?\s\S{1,60}\s\S{1,60})\s?['\"]?([^\s'\"-][^\s'\"]{5,80})"
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
    if len(letters) * 2 < len(password):
        return is_placeholder(password)
    return (
        letters in _WEAK
        or all(part in _WEAK for part in re.findall("[a-z]+", password.lower()))
        or is_placeholder(password)
    )


def password_like(value: str) -> bool:
    """Like a good password: letters and digits mixed as by chance, or with signs among them. Names, calls and
    format strings are not.
    """
    value = value.rstrip(".:!?&")
    if (
        len(value) < 8
        or weak(value)
        or "://" in value
        or value[0] in "$%{-/.\\"
        or "%s" in value
        or "..." in value
    ):
        return False
    if (
        is_hex(value)
        or re.match(r"\d{4}-\d\d-\d\d", value)
        or re.fullmatch(r"[\d.,:_/+-]+[a-zA-Z%]{0,3}|[\w.-]+@[\w.-]+\.\w+", value)
    ):
        return False  # a number, a hash, an address
    if not _DIGIT.search(value):
        return mixed(value, MIN_PASSWORD)
    present = set(classes(value)) - {"o"}
    moves = changes(value)
    if any(c in "!@#$%^&*+?~" for c in value):
        return len(present) >= 2 and moves >= 3
    return is_random(value, NAMED_SHARE if len(present) == 3 else COMMON_SHARE) and (
        moves >= 0.35 * len(value) if len(present) == 3 else moves >= 0.3 * len(value) and len(value) >= 10
    )


def mixed(word: str, least: int = MIN_NAMED) -> bool:
    """`least` letters of both cases without digits that follow each other as by chance, which one random word
    of twenty characters in 30 is.
    """
    return (
        len(word) >= least
        and word.isalnum()
        and changes(word) >= 0.35 * len(word)
        and common_share(word) <= 0.45
    )


def one_case(word: str) -> bool:
    """Sixteen letters or more of one case that are no words."""
    return (
        len(word) >= MIN_NAMED
        and word.isalpha()
        and (word.islower() or word.isupper())
        and len(set(word)) >= 8
        and common_share(word) <= ONE_CASE_SHARE
    )


def find(text: str) -> str | None:
    """The kind of the first secret of no known format, None when there is none. `text` may be several
    readings (`readings.BETWEEN`).
    """
    for match in _WORD.finditer(text):
        word = match[0]
        if len(word) > MAX_WORD:
            continue
        if _RANDOM_PAIR.search(word):
            if kind := _word(word, text, match.start()):
                return kind
        elif (one_case(word) or (_MIXED.search(word) and mixed(word))) and telling(
            text[max(0, match.start() - BEFORE) : match.start()]
        ) == 2:
            return "assigned secret"
    if "://" in text and "@" in text:
        for match in _URL.finditer(text):
            if not _SCHEME.search(text[max(0, match.start() - 31) : match.start()]):
                continue
            name, password, host = match.groups()
            if password_like(password) or not (
                weak(password)
                or _LOCAL.match(host)
                or password == name
                or len(password) < 6
                or password.isdigit()
            ):
                return "password in a URL"
        for match in _TOKEN_URL.finditer(text):
            token, host = match.groups()
            if (
                ((is_hex(token) and len(token) >= MIN_HEX) or is_random(token, NAMED_SHARE))
                and not is_placeholder(token)
                and not _LOCAL.match(host)
            ):
                return "token in a URL"
    lower = text.lower() if text.isascii() else text.translate(_LOWER)
    if ("phrase" in lower or "mnemonic" in lower) and any(
        len(set(match[1].split())) > 6 for match in _PHRASE.finditer(text)
    ):
        return "words of a wallet"
    if "basic " in lower:
        for match in _BASIC.finditer(text):
            if _basic(match[1]):
                return "basic authentication"
    if any(password_like(part) for given in _given(text, lower) for part in (given, given.partition("&")[0])):
        return "password"
    if any(map(text.__contains__, _OPTIONS)) and any(
        password_like(m[1]) or (is_hex(m[1]) and len(m[1]) >= MIN_HEX)
        for pattern in (_USER, _MYSQL)
        for m in pattern.finditer(text)
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
                if match[1].lower() == "basic":
                    place = lower.find(name, place + len(name))
                    continue  # `_basic` looks inside
                quote = text[match.start(1) - 1]
                end = text.find(quote, match.start(1), match.start(1) + 100) if quote in "\"'" else -1
                if (
                    end > match.end(1)
                    and len(set(classes(whole := text[match.start(1) : end]))) == 4
                    and changes(whole) >= 0.4 * len(whole)
                ):
                    yield "".join(c for c in whole if c.isalnum())
            place = lower.find(name, place + len(name))


def _word(word: str, text: str, start: int) -> str | None:
    bare = word.rstrip("=")
    before = text[max(0, start - BEFORE) : start]
    if is_hex(bare):
        size = len(bare.removeprefix("0x").replace("-", ""))
        if size >= MIN_HEX and telling(before) == 2:
            return "secret in hexadecimal digits"
        return None
    if "/" in bare and is_hex(first := bare.partition("/")[0]):  # `<commit>/<path>`
        rest = len(first) + 1
        return _word(first, text, start) or _word(word[rest:], text, start + rest)
    if (issued := _ISSUED.search(bare)) and issued.end() == len(bare):
        return "key with a UUID"
    if (
        _INTEGRITY.search(before) or _HASH_NAME.match(bare) or before.rstrip().lower().endswith("basic")
    ):  # `_basic` looks inside
        return None
    if (
        len(bare) >= MIN_NAMED
        and is_random(bare, NAMED_SHARE)
        and not is_placeholder(bare)
        and telling(before)
    ):
        return "assigned secret"
    whole = _TIME.sub("", bare)  # `shop-dd5db41a/2026-11-28T0708Z`: the name of a cycle
    if (
        len(whole) >= MIN_WHOLE
        and len(set(classes(whole)) - {"o"}) == 3
        and is_random(whole)
        and not is_placeholder(whole)
        and not _FOLDER.search(whole)
    ):
        return "random word"
    return _piece(bare, before, text[start + len(word) : start + len(word) + 8])


def _piece(word: str, before: str, after: str) -> str | None:
    """Chance within a word: `acme_live_q7Xk...`."""
    for match in _PIECES.finditer(word):
        piece = match[0]
        size = len(piece)
        if size < MIN_NAMED:
            continue
        if is_hex(piece):
            if (
                size >= MIN_PREFIXED_HEX
                and _prefix(word[: match.start()])
                and not _ASSET.match(after)
                and not _HASH_NAME.search(before[-40:])
            ):
                return "random word"
        elif is_random(piece) and not is_placeholder(piece):
            classy = len(set(classes(piece))) == 3
            if classy and size >= MIN_BARE:
                return "random word"
            if not classy and MIN_ONE_CASE <= size <= MAX_ONE_CASE and piece == word:
                return "random word"
            if size >= (MIN_PREFIXED if classy else MIN_PREFIXED_CASE) and _prefix(word[: match.start()]):
                return "random word"
            if telling(before + word[: match.start()]):
                return "assigned secret"
    return None


_TAIL = re.compile(r"[A-Za-z0-9_.-]{16,200}")


def by_chance(text: str) -> bool:
    """Does it begin with a word of sixteen characters and more in which a piece of ten looks drawn at random?"""
    match = _TAIL.match(text)
    return bool(match) and any(
        len(piece) >= 10
        and not is_placeholder(piece)
        and _DIGIT.search(piece)
        and not piece.isdigit()
        and (is_hex(piece) or is_random(piece))
        for piece in _PIECES.findall(match[0])
    )


def _prefix(text: str) -> bool:
    """Is this what an issuer puts before a key, and not the name of something that is hashed?"""
    text = text[max(text.rfind("/"), text.rfind("+")) + 1 :].lstrip("-_")
    return (
        bool(_PREFIX.fullmatch(text))
        and not _HASH_NAME.search(text)
        and not _KNOWN.intersection(re.split("[_-]", text.lower()))
    )


def _basic(encoded: str) -> bool:
    try:
        name, colon, password = (
            binascii.a2b_base64(encoded + "=" * (-len(encoded) % 4)).decode("utf-8").partition(":")
        )
    except (binascii.Error, ValueError):
        return False
    return (
        bool(colon)
        and name.isprintable()
        and password.isprintable()
        and len(password) >= 4
        and not weak(password)
    )
