"""Personal data: e-mail addresses, telephone numbers, bank accounts, payment cards, public IP addresses, home
folders.

Each becomes a mark that keeps the sentence useful: `<EMAIL>`, `<PHONE>`, `<IBAN>`, `<CARD>`, `<IP>`,
`/home/<USER>/`. A pattern finds what may be one, a check decides: accounts and cards by their check digits,
telephone numbers by the international or North American form or by the word before them. What is no one's
stays (personal_data.yaml): documentation domains and address blocks (RFC 2606, 5737, 3849), private networks,
public resolvers, 555-01xx.
"""

import ipaddress
import re
import string
from collections.abc import Callable

from stdnum import iban, luhn

from autodidact.scanning.decodings import join, readings
from autodidact.shipped_tables import own_table

_TABLE = own_table(__file__)
_NOT_DOMAINS, _NOT_PEOPLE, _KNOWN, _PAGES, _NOBODY = (
    frozenset(_TABLE[name].split())
    for name in ("not_domains", "not_people", "known_addresses", "pages", "nobody")
)
_RESERVED = tuple(_TABLE["reserved_domains"])

# `name@domain`, `name (at) domain`; also right after `\n` in a string of code.
EMAIL = re.compile(
    r"""(?:(?<![\w.+/@%\\-])|(?<=\\[nrt]))(?:mailto:)?
        ([A-Za-z0-9][\w.+-]{0,62}+)(?:@|[ ]?[(\[]at[)\]][ ]?)((?:[\w-]{1,63}\.)+[^\W\d_]{2,12})
        (?![\w:/(\[@-]|\.\w)""",
    re.VERBOSE,
)
_AT = re.compile(r"@|at[)\]]")
# What stands before a password in a URL, which is no name.
_USER_OF_URL = re.compile(r"//[^\s/@]{0,64}:\Z")

# Two letters, two check digits, groups of four.
IBAN = re.compile(
    r"[A-Z](?<![A-Za-z0-9].)[A-Z]\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)

# Groups of four, or those of American Express.
CARD = re.compile(
    r"""(?<![\w.+/-])(?:3[47]\d{2}[ -]?\d{6}[ -]?\d{5}|[2-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?)
        (?![\w-]|\.\d)""",
    re.VERBOSE,
)
# The first digits by issuer (ISO/IEC 7812).
_CARD_STARTS = re.compile(
    r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|6(?:011|5|4[4-9]|2)"
    r"|35(?:2[89]|[3-8])|50|5[6-8]|6[37]"
)

# `+49 30 901820 11`; `(212) 664-7665`, `212-664-7665`, with `1 ` before it perhaps; `030/9018 2011`.
PHONE = re.compile(
    r"""(?<![\w.+/=#&?-])(?<!\d[ ])(?:
      \+[1-9]\d{0,2}[ .\-/]?(?:\(0?\d{1,4}\)[ .\-/]?)?\d{1,4}(?:[ .\-/]?\d{2,4}){2,4}
    | (?:1[ .-])?\([2-9]\d{2}\)[ ]?[2-9]\d{2}[-. ]\d{4}
    | (?:1[.-])?[2-9]\d{2}([-.])[2-9]\d{2}\1\d{4}
    | 00[1-9]\d{1,2}[ /-]\d{2,4}(?:[ /-]?\d{2,4}){2,4}
    )(?![\w-]|\.\d)""",
    re.VERBOSE,
)
# Any number of seven digits and more after a word that calls it one.
NAMED_PHONE = re.compile(
    r"""(?<![A-Za-z])
        ((?:tele?phone|phone|mobile|handy|fax|cell|whatsapp|telefon|tel)(?:[_ -]?(?:number|no|nr|nummer))?
         ["'.:=\s]{1,6})
        (\(?0?[1-9]?\d(?:[ ./()\-]{0,2}\d){6,13})(?![\w-]|\.\d)""",
    re.IGNORECASE | re.VERBOSE,
)
# Stands in each card, and in each number with enough digits for a telephone.
_SEVEN_DIGITS = re.compile(r"\d(?:[ ./()\-]{0,2}\d){6}")
# 555-01xx, one digit seven times, digits in a row: numbers of films and of documentation.
_FICTION = re.compile(r"555\D?01\d\d$|(?:\+1|\b1)?\D?555\D?555\D?\d{4}$|(\d)\1{6}|1234567|0000000")

# Four numbers. After `/` or `=`, as in a URL, a port, a path or the end must follow.
IPV4 = re.compile(r"\d(?<![\w.+<>~^-].)(?<![vV=<>~] .)\d{0,2}(?:\.\d{1,3}){3}(?![\w-]|\.\d)")
_AFTER_HOST = ("", *":/\"')&", *string.whitespace, "\x1e")
IPV6 = re.compile(r"[23](?<![\w:.].)[0-9a-fA-F]{3}:[0-9a-fA-F:]{4,34}[0-9a-fA-F:](?![\w:.])")
_VERSION = re.compile(r"(?i)(?:version|release|ver|v|==|>=|<=|~=|[a-z]/|oid|rev|build|section|rfc)\W{0,3}\Z")
# Resolvers of Google and Cloudflare.
_KNOWN_IPV6 = ("2001:4860:4860", "2606:4700:4700")

# `/home/NAME`, `C:\Users\NAME`, and what may stand before it: `/mnt/c`, `\\wsl$\Ubuntu`.
HOME = re.compile(
    r"""((?:/|\\{1,2})(?:home|Users|Documents[ ]and[ ]Settings)(?:/|\\{1,2}))
        ([A-Za-z0-9][\w.@-]{0,40}(?:[ ][A-Z][\w.-]{0,40}(?=\\))?)(?=[/\\]|["'`\s:;,)\]&|]|\Z)""",
    re.VERBOSE,
)
_HOMES = re.compile("home|Users|Documents")
_BEFORE_HOME = re.compile(
    r"""(?<![\w.<>-])
        (?: /private | /mnt/[a-z] | /cygdrive/[a-z] | /[a-z] | /var | /export | [A-Za-z]:
          | \\{2,4}wsl(?:\$|\.localhost)\\{1,2}[\w.-]{1,40} )?\Z""",
    re.VERBOSE,
)
# A folder named after a path, as some tools keep what belongs to a project: `-home-jo-src-shop`.
HOME_IN_NAME = re.compile(r"(?<![\w.<>-])(-(?:Users|home)-)([A-Za-z0-9]{1,40})(?=-)")


def _email(match: re.Match) -> str:
    name, domain = match[1].lower(), match[2].lower()
    start = match.start()
    if _USER_OF_URL.search(match.string, max(0, start - 80), start):
        return match[0]
    reserved = domain in _RESERVED or domain.endswith(tuple("." + one for one in _RESERVED))
    nobody = domain.rpartition(".")[2] in _NOT_DOMAINS or name in _NOT_PEOPLE
    return match[0] if reserved or nobody else "<EMAIL>"


def _iban(match: re.Match) -> str:
    return "<IBAN>" if iban.is_valid(match[0], check_country=False) else match[0]


def _card(match: re.Match) -> str:
    number = re.sub("[ -]", "", match[0])
    sizes = (15,) if number.startswith(("34", "37")) else (16, 17, 18, 19)
    known = len(number) in sizes and _CARD_STARTS.match(number) and len(set(number)) > 1
    return "<CARD>" if known and luhn.is_valid(number) else match[0]


def _phone(match: re.Match) -> str:
    digits = sum(c.isdigit() for c in match[0])
    return "<PHONE>" if 9 <= digits <= 15 and not _FICTION.search(match[0]) else match[0]


def _named_phone(match: re.Match) -> str:
    digits = sum(c.isdigit() for c in match[2])
    return f"{match[1]}<PHONE>" if 7 <= digits <= 15 and not _FICTION.search(match[2]) else match[0]


def _ipv4(match: re.Match) -> str:
    parts = match[0].split(".")
    numbers = [int(part) for part in parts]
    if max(numbers) > 255 or match[0] in _KNOWN or any(len(part) > 1 and int(part[0]) == 0 for part in parts):
        return match[0]
    before, after = (match.string[place : place + 1] for place in (match.start() - 1, match.end()))
    if match.start() and before in "/=" and after not in _AFTER_HOST:
        return match[0]
    version = _VERSION.search(match.string, max(0, match.start() - 12), match.start())
    if version or sum(number > 9 for number in numbers) < 2:
        return match[0]  # 4.0.12.1: a version, a section
    plain = ".".join(map(str, numbers))  # a digit may be of another script, which `ipaddress` refuses
    return "<IP>" if ipaddress.ip_address(plain).is_global else match[0]


def _ipv6(match: re.Match) -> str:
    try:
        address = ipaddress.ip_address(match[0])
    except ValueError:
        return match[0]
    return "<IP>" if address.is_global and not match[0].startswith(_KNOWN_IPV6) else match[0]


def _home(match: re.Match) -> str:
    start = match.start()
    if not _BEFORE_HOME.search(match.string, max(0, start - 60), start):
        return match[0]  # the way to a page
    return _folder(match)


def _folder(match: re.Match) -> str:
    name = match[2].lower().rstrip(".")
    whole = match.string[match.end() : match.end() + 1] not in ("/", "\\", "-")
    return match[0] if name in _NOBODY or (whole and name in _PAGES) else f"{match[1]}<USER>"


_DIGIT = re.compile(r"\d")

# Part -> (pattern, mask), in this order. A part is what each match of its patterns holds, and most texts do
# not; a mask is what to write in the place of a match: a mark, or the match itself when it is none.
MASKS: dict[re.Pattern, tuple[tuple[re.Pattern, Callable[[re.Match], str]], ...]] = {
    _AT: ((EMAIL, _email),),
    _HOMES: ((HOME, _home), (HOME_IN_NAME, _folder)),
    _DIGIT: ((IBAN, _iban), (IPV4, _ipv4), (IPV6, _ipv6)),
    _SEVEN_DIGITS: ((CARD, _card), (PHONE, _phone), (NAMED_PHONE, _named_phone)),
}


def redact(text: str) -> str:
    """The text with a mark in the place of each personal datum."""
    if text.isalpha():
        return text  # the name of a role, mostly
    for part, masks in MASKS.items():
        if part.search(text):
            for pattern, mask in masks:
                text = pattern.sub(mask, text)
    return text


def hidden(text: str) -> str | None:
    """The kind of personal datum that shows only when escapes are undone, markup is gone or lines are joined,
    so that no mark can be set; None when there is none. Addresses are not looked for in joined lines, which
    make some of decorators.
    """
    others = readings(text)[1:]
    joined = (*others, join(text))
    for kind, part, pattern, mask, places in (
        ("e-mail address", _AT, EMAIL, _email, others),
        ("bank account", _DIGIT, IBAN, _iban, joined),
        ("payment card", _SEVEN_DIGITS, CARD, _card, joined),
    ):
        for place in places:
            if part.search(place) and any(
                mask(match) != match[0] and match[0] not in text for match in pattern.finditer(place)
            ):
                return kind
    return None
