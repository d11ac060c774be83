"""Secrets in sentences: "the password of the old box is ...", "log in with ...", 64 hexadecimal digits after
"wallet".

What a sentence calls a password need not look drawn at random: letters with a digit or a sign among them will
do, where a verb says that it is one. What stands after `=` or `:` alone is looked at in
unknown_format_secrets.py, which asks for more, as code is full of it. The words of the languages are in
prose_secrets.yaml.

Names and verbs are found in the text in lower case, values are read from the text as it stands.
"""

import re
from collections.abc import Iterator

from autodidact.scanning.decodings import lower_case
from autodidact.scanning.looks_like_password import password_like, weak
from autodidact.scanning.looks_random import COMMON_SHARE, common_share, is_hex
from autodidact.shipped_tables import own_table

# Characters before a name in which a value may stand: `... is the password`.
BEFORE = 100

_TABLE = own_table(__file__)
_COMMON = frozenset(_TABLE["common"].split())


def _any(name: str) -> str:
    """The entries of a list as one regular expression."""
    return "|".join(_TABLE[name])


# The name of a secret, which is no call, no argument and no part of a name in code. All begin with a letter
# or a digit, which is asked first as there are many.
_NAME = re.compile(
    rf"(?<![a-z0-9])(?=[^\W_])(?:(?P<password>{_any('passwords')})|(?P<code>{_any('codes')})"
    rf"|(?P<key>{_any('keys')}))"
    r"(?![a-z]?[(=_]|[a-z]{2})"
)
_SAYS = re.compile(
    rf"""\b(?:{_any("verbs")})(?=[\s:"'`“«„*])|(?<=[Ii]t|at|re|at)['’]s(?=\s)"""
    r"|[是为為成]了?|[はがを은는이가:：→=—–]|->|هي|هو|है|היא"
)
_BLANKS = r"""[\s:：=,"'`“”‘’«»„「『*_(\[-]"""
_FILLER = re.compile(rf"{_BLANKS}*(?:(?:{_any('adverbs')}){_BLANKS}+){{0,4}}")
_VALUE = re.compile(r"[A-Za-z0-9!#$%&()*+./:=?@\[\]\\^_{|}~'-]{4,80}")

# The rest of a sentence, in which the secret may stand; a dot in the name of a host ends none.
_REST = re.compile(
    r"(?:[^.!?。！？\n\x1e]|[.!?](?=\w)"
    r"|[.!?] (?=(?:[Ii]t|[Tt]hat|[Tt]his|[Hh]ere|[Ee]s|[Cc]'est|[Ээ]то)\b)){0,90}"
)

_SIGNS = frozenset("!@#$%^&*?~+=|")

# Terms, numbers, addresses, calls and names of code.
_TECHNICAL = re.compile(
    r"""(?:sha|md|base|utf|oauth|openid|http|ipv|x\.?|argon|pbkdf|bcrypt|scrypt|aes|rsa|hs|rs|es|ed|tls|ssl
        |wpa|rfc|python|win|mp|s|web|k|v|i|l|h|ec|neo|log|py|http/)-?\d[\w.+/-]*
    | \d[\d.,:/-]*-?(?:[a-z%°]{0,4}|char\w*|bits?|digits?|bytes?|letters?|days?|min\w*|hours?|times?|fold|step
        |factor)
    | [\w.-]+@[\w.-]+\.\w+ | \w+://\S*
    | .*[(){}\[\]\\].* | [$%&/<-].* | .*(?:\.\.\.|…|%[sdr](?![A-Za-z0-9])|/\w*/).*
    | [a-z_]\w*(?:\.[a-z_]\w*)+
    | (?-i:[a-z]+(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)
    | (?-i:[a-z]+\d?(?:-[a-z]+\d?){1,2})
    | (?-i:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\d?)""",
    re.IGNORECASE | re.VERBOSE,
)
# Pieces of code: `tokenUrl=`, `t.start[0]`.
_CODE = re.compile(r"[A-Za-z_][\w.]*=\S*|[\w.]+[\[(]\w*[\])]?\S*")

_WORD = re.compile(r"(?<![^\s\"'`“«,])[A-Za-z0-9!#$%&*+?@^_~.-]{8,40}(?![^\s\"'`”»,.;:)])")
_AT_ONCE = re.compile(r"(?: ?[:=/,?]| ->)? ?[\"'`“«*]{0,3}")
_APART = re.compile(r"(?:, | \()[\"'`“«*]{0,3}([^\s\"'`“”«»<>,;()]{8,40})[\"'`”»*]{0,3}[,)]")
_PHRASE = re.compile(
    r"[\"'`“«„*]{0,3}([a-z]{3,9}(?:[ ._-][a-z]{3,9}){3,11})(?=[\"'`”»“*]{0,3}(?:[.,;!?)\n]|\s*\Z|\s*\x1e))"
)

# `root: ...`, `admin / ...`: a name and its password.
_PAIR = re.compile(
    r"""(?:admin|administrator|root|user|login|guest|postgres|operator)\b(?:[ ]?[:|][ ]?|[ ]/[ ])["'`]?
        ([^\s"'`,;<>/]{8,40})""",
    re.VERBOSE,
)

# What such a pair is called before it.
_ACCOUNT = re.compile(r"\b(?:creds?|credentials?|log-?ins?|accounts?)\b[^\n\x1e]{0,60}\Z")

# Each match holds one of the words.
_ACCOUNTS_PARTS = ("creds", "credentials", "log", "accounts")
_ACCOUNTS = re.compile(r"\b(?:creds|credentials|log-?ins|accounts)\b(?=[^\n\x1e]{0,40}:)")
_NAMED = re.compile(r"(?<![\w/])[\w.@-]{2,32}:([^\s\"'`,;<>/]{8,40})")


# What stands before the name of a password: `... as the password`, `... is our old staging`.
_BACKWARDS = re.compile(
    r"""([^\s"'`“”«»<>,;]{6,64})["'`”»*]{0,3},?(?:[ ](?:it|that|this|which))?
        (?:[ ]is|'s|[ ]was|[ ]as|[ ]for|[ ]ist|[ ]est|[ ]es|[ ]é|[ ]→|[ ]=)[ ]
        (?:(?:the|our|my|your|his|her|their|its|a|das|mein|unser|le|la|el)[ ])?
        (?:[\w-]+[ ]){0,3}\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_OF_PASSWORDS = re.compile(
    r" ?(?:hash|field|reset|manager|polic|file|format|algorithm|type|input|column|check|strength)"
)

# `log in with ...`.
_ENTERED = re.compile(
    r"""\b(?:log(?:ged|ging)?[ ]?(?:in|on)(?:to)?|sign(?:ed|ing)?[ ]?in|authenticat\w+|connect(?:ed|ing)?
        |get[ ]in(?:to)?|gets[ ]you[ ]in(?:to)?|unlock\w*|decrypt\w*|opens?[ ](?:it|the[ ]\w+)
        |anmelden|einloggen|connecte\w*|inicia\w*[ ]sesión)\b""",
    re.VERBOSE,
)
_WITH = re.compile(
    r"""\b(?:with|using|use|typing|type|entering|enter|try|via|mit|avec|con|com|/|and|und|et|y)\s+
        ["'`“«*]{0,3}([^\s"`“”«»<>,;]{8,64})""",
    re.IGNORECASE | re.VERBOSE,
)

# `door code 4839#`.
_DOOR = re.compile(r" \d{4,8}[#*]?(?![\w-])")

# `use ... to log in`.
_USED = re.compile(
    r"""\b(?:use|using|type|enter|try|give|with)\s+["'`“«*]{0,3}([^\s"`“”«»<>,;]{8,64})["'`”»*]{0,3}
        [ ](?:to|and|when[ ]you|for|if[ ]you|you|one|we)[ ](?:[\w']+[ ]){0,3}\Z""",
    re.IGNORECASE | re.VERBOSE,
)

# The digits, in one piece or in groups; and a word on the same line or on the one before that tells what they
# open.
_DIGITS = re.compile(
    r"(?<![0-9a-z])(?:0x)?([0-9a-f]{64}|(?:[0-9a-f]{2,16}[ :-]){3,31}[0-9a-f]{2,16})(?![0-9a-z])"
)
_WALLET = re.compile(
    rf"(?:{_any('wallets')})\b(?:[^\n\x1e]{{0,80}}|[^\n\x1e]{{0,60}}\n\n?[^\n\x1e]{{0,30}})\Z"
)
# What 64 of them begin with.
_DIGITS_PART = re.compile("[0-9a-f][0-9a-f][0-9a-f :-]{30}")
_PUBLIC = re.compile(_any("public"))


def find(text: str) -> str | None:
    """The kind of the first secret in a sentence; None when there is none. `text` may be several readings
    (`decodings.BETWEEN`).
    """
    lower = lower_case(text)
    for name in _NAME.finditer(lower):
        if kind := _after(name, text) or _before(name, text):
            return kind
    for match in _PAIR.finditer(lower):
        value = text[match.start(1) : match.end(1)].rstrip(".")
        marked = _SIGNS.intersection(value) or " / " in match[0]
        strong = marked and any(map(str.isdigit, value)) and _is_strong(value)
        named = _ACCOUNT.search(lower, max(0, match.start() - BEFORE), match.start())
        if strong or (named and _is_unusual(value, least=8)):
            return "name and password"
    for match in _ACCOUNTS.finditer(lower) if any(part in lower for part in _ACCOUNTS_PARTS) else ():
        line = text[match.end() : match.end() + BEFORE].partition("\n")[0]
        if any(_is_strong_with_sign(value.rstrip(".")) for value in _NAMED.findall(line)):
            return "name and password"
    for match in _ENTERED.finditer(lower):
        before = _USED.search(text, max(0, match.start() - BEFORE), match.start())
        values = [value[1] for value in _WITH.finditer(_rest(text, match.end()))]
        if any(map(_is_strong, [before[1], *values] if before else values)):
            return "password in a sentence"
    return _wallet(lower)


def _past(pattern: re.Pattern, text: str, place: int) -> int:
    """The place after what a pattern matches there; the same place when it matches nothing."""
    match = pattern.match(text, place)
    return match.end() if match else place


def _rest(text: str, place: int) -> str:
    """The rest of the sentence from there on."""
    return text[place : _past(_REST, text, place)]


def _after(name: re.Match, text: str) -> str | None:
    """The kind of the secret that comes after a name."""
    values = list(_values(name, text))
    if any(_is_named_secret(value, name) for value in values):
        return "password in a sentence"
    if name["code"] and name[0] != "pin" and _DOOR.match(text, name.end()):
        return "code of a door"
    if not name["password"]:
        return None
    end = name.end() + len(_rest(text, name.end()))
    if any(map(_is_sure, _WORD.findall(text, name.end(), end))):
        return "password in a sentence"
    return "password" if _is_phrase_said(text, name.end()) or _follows(text, name.end()) else None


def _before(name: re.Match, text: str) -> str | None:
    """The kind of the password that comes before its name."""
    if not name["password"] or _OF_PASSWORDS.match(name.string, name.end()):
        return None
    match = _BACKWARDS.search(text, max(0, name.start() - BEFORE), name.start())
    return "password in a sentence" if match and _is_unusual(match[1], least=8) else None


def _ends_of_verbs(text: str, place: int) -> Iterator[re.Match]:
    """The verbs of the rest of a sentence."""
    return _SAYS.finditer(text, place, place + len(_rest(text, place)))


def _values(name: re.Match, text: str) -> Iterator[str]:
    """What stands after each verb of the rest of the sentence. A sign is a verb after a word (`password for
    the box: ...`), or after a name of a language that no code is written in.
    """
    for verb in _ends_of_verbs(text, name.end()):
        if verb[0] in (":", "=", "->") and name[0].isascii() and not _in_prose(name, text, verb.start()):
            continue
        if match := _VALUE.match(text, _past(_FILLER, text, verb.end())):
            yield match[0]


def _in_prose(name: re.Match, text: str, sign: int) -> bool:
    """Whether words stand between the name and a sign, or two before the name, as code has none; or it is the
    code of a door.
    """
    between = re.match(r"['’]?s?\s+\w", text[name.end() : sign])
    before = re.search(r"[A-Za-z]{2,} (?:[\w'’]+ )+\Z", text[max(0, name.start() - 40) : name.start()])
    door = name["code"] and text[name.start() : name.end()] != "pin"
    return bool(between or before or door)


def _is_named_secret(value: str, name: re.Match) -> bool:
    if name["code"] and re.fullmatch(r"\d(?:[ -]?\d){3,11}[#*]?", value.rstrip(".!?)'")):
        return True
    if not name["key"]:
        return _is_unusual(value)
    return password_like(value.rstrip(".:?)'")) and not _CODE.fullmatch(value)


def _is_unusual(value: str, least: int = 6) -> bool:
    """No plain word, name, number or term: letters with a digit or a sign among them."""
    value = value.rstrip(".:?)'*_")
    if _CODE.fullmatch(value):
        return False
    if password_like(value):
        return True
    bare = value.rstrip("!")
    if len(value) < least or weak(bare) or is_hex(bare) or _TECHNICAL.fullmatch(bare):
        return False
    if bare.isalpha():
        both_cases = not bare.islower() and not bare.isupper()
        return len(bare) >= 10 and both_cases and common_share(bare) <= COMMON_SHARE
    return any(map(str.isalpha, bare)) and (any(map(str.isdigit, bare)) or bool(_SIGNS.intersection(bare)))


def _is_sure(value: str) -> bool:
    """A word that is a password wherever it stands in a sentence that speaks of one: with a digit, a sign,
    and capitals or small letters, or as random as `password_like` asks.
    """
    value = value.rstrip(".:?)'")
    if _CODE.fullmatch(value) or _TECHNICAL.fullmatch(value.rstrip("!")):
        return False
    return password_like(value) or _is_strong_with_sign(value)


def _is_strong_with_sign(value: str) -> bool:
    return any(map(str.isdigit, value)) and bool(_SIGNS.intersection(value[1:])) and _is_strong(value)


def _is_strong(value: str) -> bool:
    """Unusual, and of three of the four: capitals, small letters, digits, signs."""
    kinds = (str.isupper, str.islower, str.isdigit, _SIGNS.__contains__)
    return _is_unusual(value, least=8) and sum(any(map(kind, value)) for kind in kinds) >= 3


def _follows(text: str, place: int) -> bool:
    """Whether a password follows its name at once: `password Kelp2031!`, `pw: ...`, `passphrase
    kelp-tunnel-cedar-pebble`.
    """
    if (apart := _APART.match(text, place)) and _is_strong(apart[1]):
        return True
    start = _past(_AT_ONCE, text, place)
    if start == place:
        return False
    value = _VALUE.match(text, start)
    return _is_phrase(text, start) or bool(value and _is_strong_with_sign(value[0].rstrip(".:?)'")))


def _is_phrase_said(text: str, place: int) -> bool:
    """Whether a passphrase comes after a verb of the rest of the sentence."""
    verbs = _ends_of_verbs(text, place)
    return any(_is_phrase(text, _past(_FILLER, text, verb.end())) for verb in verbs)


def _is_phrase(text: str, place: int) -> bool:
    """Whether four and more different words stand there, none of which a sentence would need."""
    match = _PHRASE.match(text, place)
    words = set(re.split("[ ._-]", match[1])) if match else set()
    return len(words) > 3 and not _COMMON.intersection(words)


def _wallet(lower: str) -> str | None:
    """64 hexadecimal digits, in one piece or in groups, after a word that tells that they open a wallet: the
    kind, or None.
    """
    for match in _DIGITS.finditer(lower) if _DIGITS_PART.search(lower) else ():
        digits, start = re.sub("[^0-9a-f]", "", match[1]), match.start()
        if len(digits) != 64 or len(set(digits)) < 8:
            continue
        name = _WALLET.search(lower, max(0, start - 120), start)
        if name and not _PUBLIC.search(lower, max(0, name.start() - 40), start):
            return "key of a wallet in hexadecimal digits"
    return None
