"""Personal data: e-mail addresses, telephone numbers, bank accounts, payment cards, public IP addresses, home
folders.

Each becomes a mark that keeps the sentence useful: `<EMAIL>`, `<PHONE>`, `<IBAN>`, `<CARD>`, `<IP>`,
`/home/<USER>/`. Accounts and cards are known by their check digits, telephone numbers by the international or
North American form or by the word before them. What is no one's stays: documentation domains and address
blocks (RFC 2606, 5737, 3849), private networks, public resolvers, 555-01xx.
"""

import ipaddress
import re
from collections.abc import Sequence

from autodidact.scanning.decodings import Words, holding, join, plain, shape

RESERVED_DOMAINS = (
    "example.com",
    "example.org",
    "example.net",
    "localhost",
    "invalid",
    "test",
    "example",
    "local",
    "noreply.github.com",
)
"""For documentation (RFC 2606) or machines: no one's address."""

_EMAIL = re.compile(
    r"(?:(?<![\w.+/@%\\-])|(?<=\\[nrt]))(?:mailto:)?([A-Za-z0-9][\w.+-]{0,62})(?:@| ?[(\[]at[)\]]"
    r" ?)((?:[\w-]{1,63}\.)+[^\W\d_]{2,12})(?![\w:/(\[@-]|\.\w)"
)
_SPELLED_AT = ("(at)", "[at]")
_USER_OF_URL = re.compile(r"//[^\s/@]{0,64}:\Z")
"""What stands before a password in a URL, which is no name."""

_NOT_DOMAINS = frozenset(
    "png jpg jpeg svg gif webp css js ts py md json yaml yml toml html txt setter getter deleter route task".split()
)
_NOT_PEOPLE = frozenset(
    "git noreply no-reply user username you your.email email name someone me example".split()
)

# These begin with the characters that the whole may begin with, and look behind these only then: a pattern
# that begins by looking behind is tried at
# every character of a text, which takes ten times as long.
_IBAN = re.compile(
    r"([A-Z](?<![A-Za-z0-9][A-Z])[A-Z]\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?)(?![A-Za-z0-9])"
)
_IBAN_LENGTHS = {
    "AD": 24,
    "AE": 23,
    "AL": 28,
    "AT": 20,
    "AZ": 28,
    "BA": 20,
    "BE": 16,
    "BG": 22,
    "BH": 22,
    "BR": 29,
    "BY": 28,
    "CH": 21,
    "CR": 22,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "DO": 28,
    "EE": 20,
    "EG": 29,
    "ES": 24,
    "FI": 18,
    "FO": 18,
    "FR": 27,
    "GB": 22,
    "GE": 22,
    "GI": 23,
    "GL": 18,
    "GR": 27,
    "GT": 28,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IL": 23,
    "IQ": 23,
    "IS": 26,
    "IT": 27,
    "JO": 30,
    "KW": 30,
    "KZ": 20,
    "LB": 28,
    "LC": 32,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "LY": 25,
    "MC": 27,
    "MD": 24,
    "ME": 22,
    "MK": 19,
    "MR": 27,
    "MT": 31,
    "MU": 30,
    "NL": 18,
    "NO": 15,
    "PK": 24,
    "PL": 28,
    "PS": 29,
    "PT": 25,
    "QA": 29,
    "RO": 24,
    "RS": 22,
    "SA": 24,
    "SC": 31,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "ST": 25,
    "SV": 28,
    "TL": 23,
    "TN": 24,
    "TR": 26,
    "UA": 29,
    "VA": 22,
    "VG": 24,
    "XK": 20,
}

_CARD = re.compile(
    r"([2-6](?<![\w.+/-][2-6])(?:(?<=3)[47]\d{2}[ -]?\d{6}[ -]?\d{5}|\d{3}(?:[ -]?\d{4}){3}(?:["
    r" -]?\d{1,3})?))(?![\w-]|\.\d)"
)
_CARD_STARTS = re.compile(
    r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|6(?:011|5|4[4-9]|2)|35(?:2[89]|[3-8])|50|5[6-8]|6[37]"
)

_PHONE = re.compile(
    r"""[+(0-9](?<![\w.+/=#&?-][+(0-9])(?<!\d[ ][+(0-9])(?:
      (?<=\+)(?!0)\d{1,3}[ .\-/]?(?:\(0?\d{1,4}\)[ .\-/]?)?\d{1,4}(?:[ .\-/]?\d{2,4}){2,4}
    | (?:(?<=1)[ .-]\(|(?<=\())[2-9]\d{2}\)[ ]?[2-9]\d{2}[-. ]\d{4}
    | (?:(?<=1)[.-][2-9]|(?<=[2-9]))\d{2}([-.])[2-9]\d{2}\1\d{4}
    | (?<=0)0[1-9]\d{1,2}[ /-]\d{2,4}(?:[ /-]?\d{2,4}){2,4}
    )(?![\w-]|\.\d)""",
    re.VERBOSE,
)
_PHONE_NAMED = re.compile(
    r"""(?ix)(?<![A-Za-z])((?:tele?phone|phone|mobile|handy|fax|cell|whatsapp|telefon|tel)(?:[_ -]?(?:number|no|nr|nummer))?["'.:=\s]{1,6})
    (\(?0?[1-9]?\d(?:[ ./()\-]{0,2}\d){6,13})(?![\w-]|\.\d)"""
)
_FICTION = re.compile(r"555\D?01\d\d$|(?:\+1|\b1)?\D?555\D?555\D?\d{4}$|(\d)\1{6}|1234567|0000000")

_IPV4 = re.compile(
    r"(\d(?:(?<![\w.+/=<>~^-]\d)(?<![vV=<>~] \d)\d{0,2}\.(?:\d{1,3}\.){2}\d{1,3}(?![\w-]|\.\d)"
    r"|(?<=[/=]\d)\d{0,2}\.(?:\d{1,3}\.){2}\d{1,3}(?=[:/\s\"')&]|\Z)))"
)
_IPV6 = re.compile(r"([23](?<![\w:.][23])[0-9a-fA-F]{3}:[0-9a-fA-F:]{4,34}[0-9a-fA-F:])(?![\w:.])")
_GROUPS = re.compile(rb"d[dlu]{3}:")
"""How the shape of such an address begins."""

_VERSION = re.compile(r"(?i)(?:version|release|ver|v|==|>=|<=|~=|[a-z]/|oid|rev|build|section|rfc)\W{0,3}$")
_RESOLVERS = frozenset(
    "8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 9.9.9.9 208.67.222.222 208.67.220.220 4.4.4.4 2.2.2.2 3.3.3.3 1.2.3.4"
    " 4.3.2.1 5.6.7.8".split()
)

_HOME = re.compile(
    r"(?<![\w.<>-])((?:/private|/mnt/[a-z]|/cygdrive/[a-z]|/[a-z]|/var|/export)?/(?:home|Users)/"
    r"|(?:[A-Za-z]:)?(?:\\{1,2}|/)(?:Users|Documents and"
    r" Settings)(?:\\{1,2}|/)|\\{2,4}wsl(?:\$|\.localhost)\\{1,2}[\w.-]{1,40}\\{1,2}home\\{1,2})"
    r"([A-Za-z0-9][\w.@-]{0,40}(?: [A-Z][\w.-]{0,40}(?=\\))?)(?=[/\\]|[\"'`\s:;,)\]&|]|\Z)"
)
_HOME_IN_NAME = re.compile(r"(?<![\w.<>-])(-(?:Users|home)-)([A-Za-z0-9]{1,40})(?=-)")
"""A folder named after a path, as some tools keep what belongs to a project: `-home-jo-src-shop`."""

_PAGES = frozenset(
    """page pages index dashboard about list profile settings search login logout feed news contact help main welcome view edit id new all
    menu tab screen start state info data config status""".split()
)
"""What ends `/home/` where it is the way to a page, and to no folder."""

_NOBODY = frozenset(
    """user users username name you me runner runneradmin ubuntu debian vagrant app root node jovyan vscode airflow docker git ec2-user centos admin
    administrator public shared default dev developer test tests tester guest someone somebody foo bar myuser yourname your-name your_name
    youruser appuser nobody www www-data deploy builder build circleci travis gitpod codespace home celery flask django python project""".split()
)


FEWEST = b"d" * 7
"""Digits of a telephone number that a word before it says to be one."""

_CALLS = ("hone", "el:", "el.", "tel ", "Tel ", "obile", "ax:", "andy", "ell:", "hatsApp", "PHONE", "elefon")
_ADDRESS = re.compile(r"@(?<=[\w>*`]@)[\w<*`]")
_ESCAPED_AT = ("%40", "&#64", "&#x40", "&commat", "u0040", "x40")
_HOMES = ("home/", "Users", "and Settings", "-home-", "\\home")


def _close(seen: bytes) -> bytes:
    """A shape without what stands between digits."""
    return seen.translate(None, b" .")


def _numbers(text: str) -> bool:
    """Eight digits with nothing but signs between them, four groups with dots, letters among digits as in an
    account, or a telling word.
    """
    seen = shape(text)
    close = _close(seen)
    return (
        b"ddddddddd" in close
        or b"uudd" in close
        or (b"d.d" in seen and bool(_IPV4.search(text)))
        or (close.count(b":") > 3 and bool(_IPV6.search(text)))
        or _called(text, close)
    )


def _called(text: str, close: bytes) -> bool:
    """A telling word, and digits enough for a telephone number; digits of other scripts are not in a shape."""
    return (FEWEST in close or not text.isascii()) and any(map(text.__contains__, _CALLS))


def _with_at(text: str) -> bool:
    return ("@" in text and bool(_ADDRESS.search(text))) or any(map(text.__contains__, _SPELLED_AT))


def _address(text: str) -> bool:
    return _with_at(text) or (("40" in text or "&" in text) and any(map(text.__contains__, _ESCAPED_AT)))


_CLUES = Words((*_HOMES, *_ESCAPED_AT, *_SPELLED_AT, *_CALLS))


def may_hold(texts: Sequence[str]) -> list[bool]:
    """Whether `possible` may be true of each text; a quick look at all of them at once."""
    seen = [shape(text) for text in texts]
    close = [_close(one) for one in seen]
    looks = (
        _CLUES.among(texts),
        ["@" in text for text in texts],
        holding(close, (b"ddddddddd", b"uudd"), b"|"),
        holding(seen, (b"d.d",), b"|"),
        [one.count(b":") > 3 and _GROUPS.search(one) for one in close],
    )
    return [any(found) for found in zip(*looks, strict=True)]


def possible(text: str) -> bool:
    """Could there be any? A quick look that spares most examples the slow ones."""
    return any(map(text.__contains__, _HOMES)) or _address(text) or _numbers(text)


def masks(text: str) -> bool:
    """Whether `redact` would find anything to look at in a text or a part of it, which is quicker than to
    rewrite all parts.
    """
    seen = shape(text)
    close = _close(seen)
    return (
        (_with_at(text) and bool(_EMAIL.search(text)))
        or (any(map(text.__contains__, _HOMES)) and bool(_HOME.search(text) or _HOME_IN_NAME.search(text)))
        or (b"uudd" in close and bool(_IBAN.search(text)))
        or (b"ddddddddddddddd" in close and bool(_CARD.search(text)))
        or (b"d.d" in seen and bool(_IPV4.search(text)))
        or (close.count(b":") > 2 and bool(_IPV6.search(text)))
        or (b"ddddddddd" in close and bool(_PHONE.search(text)))
        or (_called(text, close) and bool(_PHONE_NAMED.search(text)))
    )


def redact(text: str) -> str:
    """The text with a mark in the place of each personal datum."""
    if "@" in text or any(map(text.__contains__, _SPELLED_AT)):
        text = _EMAIL.sub(_email, text)
    if any(map(text.__contains__, _HOMES)):
        text = _HOME_IN_NAME.sub(_home, _HOME.sub(_home, text))
    seen = shape(text)
    close = _close(seen)
    if b"uudd" in close:
        text = _IBAN.sub(_iban, text)
    if b"ddddddddddddddd" in close:
        text = _CARD.sub(_card, text)
    if b"d.d" in seen:
        text = _IPV4.sub(_ipv4, text)
    if close.count(b":") > 2:
        text = _IPV6.sub(_ipv6, text)
    if b"ddddddddd" in close:
        text = _PHONE.sub(_phone, text)
    if any(map(text.__contains__, _CALLS)):
        text = _PHONE_NAMED.sub(_phone_named, text)
    return text


def hidden(text: str) -> str | None:
    """The kind of personal datum that shows only when escapes are undone, markup is gone or lines are joined,
    None when there is none.
    """
    readings = plain(text)
    close = _close(shape(readings[-1]))
    joined = (
        [join(text)] if b"uudd" in close or b"ddddddddddddddd" in close else []
    )  # not for addresses: lines that are joined make some of decorators
    for kind, pattern, mask, places in (
        ("e-mail address", _EMAIL, _email, readings[1:] if _address(text) else ()),
        ("bank account", _IBAN, _iban, readings[1:] + joined if b"uudd" in close else ()),
        ("payment card", _CARD, _card, readings[1:] + joined if b"ddddddddddddddd" in close else ()),
    ):
        if any(
            mask(match) != match[0] and match[0] not in text
            for reading in places
            for match in pattern.finditer(reading)
        ):
            return kind
    return None


def _email(match: re.Match) -> str:
    name, domain = match[1].lower(), match[2].lower()
    if match.string[match.start() - 1 : match.start()] == ":" and _USER_OF_URL.search(
        match.string, max(0, match.start() - 80), match.start()
    ):
        return match[0]
    reserved = any(domain == one or domain.endswith("." + one) for one in RESERVED_DOMAINS)
    return (
        match[0]
        if reserved or domain.rpartition(".")[2] in _NOT_DOMAINS or name in _NOT_PEOPLE
        else "<EMAIL>"
    )


def _iban(match: re.Match) -> str:
    account = re.sub("[ -]", "", match[1])
    if _IBAN_LENGTHS.get(account[:2]) != len(account):
        return match[0]
    number = "".join(str(int(c, 36)) for c in account[4:] + account[:4])
    return "<IBAN>" if int(number) % 97 == 1 else match[0]


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1: the last digit checks the others."""
    total = 0
    for place, digit in enumerate(int(c) for c in reversed(number)):
        total += digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4)
    return total % 10 == 0


def _card(match: re.Match) -> str:
    number = re.sub("[ -]", "", match[1])
    real = (
        (len(number) == 15 if number[:2] in ("34", "37") else 16 <= len(number) <= 19)
        and _CARD_STARTS.match(number)
        and luhn(number)
        and len(set(number)) > 1
    )
    return "<CARD>" if real else match[0]


def _phone(match: re.Match) -> str:
    digits = sum(c.isdigit() for c in match[0])
    return match[0] if not 9 <= digits <= 15 or _FICTION.search(match[0]) else "<PHONE>"


def _phone_named(match: re.Match) -> str:
    digits = sum(c.isdigit() for c in match[2])
    return match[0] if not 7 <= digits <= 15 or _FICTION.search(match[2]) else match[1] + "<PHONE>"


def _ipv4(match: re.Match) -> str:
    text = match[1]
    parts = [int(part) for part in text.split(".")]
    if (
        max(parts) > 255
        or text in _RESOLVERS
        or any(len(part) > 1 and part[0] == "0" for part in text.split("."))
    ):
        return match[0]
    if sum(part > 9 for part in parts) < 2 or _VERSION.search(
        match.string[max(0, match.start() - 12) : match.start()]
    ):
        return match[0]  # 4.0.12.1: a version, a section
    plain = ".".join(map(str, parts))  # a digit may be of another script, which `ipaddress` refuses
    return "<IP>" if ipaddress.ip_address(plain).is_global else match[0]


def _ipv6(match: re.Match) -> str:
    try:
        address = ipaddress.ip_address(match[1])
    except ValueError:
        return match[0]
    known = match[1].startswith(("2001:4860:4860", "2606:4700:4700"))
    return "<IP>" if address.is_global and not known else match[0]


def _home(match: re.Match) -> str:
    name = match[2].lower().rstrip(".")
    whole = match.string[match.end() : match.end() + 1] not in ("/", "\\", "-")
    return match[0] if name in _NOBODY or (whole and name in _PAGES) else f"{match[1]}<USER>"
