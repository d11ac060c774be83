"""Passwords where programs are given them without a name before: on command lines, in calls, in SQL, in the
code of a wireless network, and under the head of a column.

What stands in such a place need only look like a good password (`_likely`).
"""

import re
from collections.abc import Iterator

from autodidact.scanning.decodings import lower_case
from autodidact.scanning.looks_like_password import password_like, weak
from autodidact.scanning.looks_random import changes, classes
from autodidact.scanning.secret_field_names import strength

# The longest list with columns that is looked at, in lines.
MOST = 200

_VALUE = r"""["']?([^\s"'`|;<>]{6,80})"""
_QUOTED = r"""["']([^"'\n]{6,80})["']"""

# Ways to give a password that have no name for it before the value; the value is their group. Each match
# holds one of the words before the pattern, so that most texts need not be searched.
_PLACES: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (words, re.compile(pattern))
    for words, pattern in (
        # docker login -u bob -p ...; unzip -P ...; 7z x -p...; ldapsearch -w ...; snmpwalk -c ...
        (("login",), rf"login\b[^\n|]{{0,80}}?\s-p[ =]?{_VALUE}"),
        (("zip", "rar", "7z"), rf"(?:zip|rar|7z[ar]?)\b[^\n|]{{0,80}}?\s-(?:P ?|h?p){_VALUE}"),
        (("ldap",), rf"ldap\w{{3,9}}\b[^\n|]{{0,120}}?\s-w ?{_VALUE}"),
        (("snmp",), rf"snmp\w{{3,9}}\b[^\n|]{{0,80}}?\s-(?:c|A|X) ?{_VALUE}"),
        (("net user",), rf"net user \S{{1,40}} {_VALUE}"),
        # echo ... | sudo -S; echo bob:... | chpasswd; echo ... | docker login --password-stdin
        (
            ("|",),
            rf"(?:echo|printf|print"
            rf"|Write-Output)\s+(?:-n\s+)?(?:['\"]?[\w.-]{{1,32}}:)?{_VALUE}['\"]?\s*\|\s*"
            r"(?:sudo\b[^\n|]{0,40}\s-S|(?:sudo\s+)?(?:chpasswd|passwd)\b"
            r"|[^\n|]{0,80}--(?:password|passphrase)-(?:stdin|fd))",
        ),
    )
)
# The same of what is written in any case: the patterns are for a text in lower case.
_PLACES_IN_LOWER_CASE: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (words, re.compile(pattern))
    for words, pattern in (
        # setPassword("..."), login("bob", "..."), auth=("bob", "..."), ConvertTo-SecureString "..."
        (("pass",), rf"pass(?:word|wd|phrase)?\(\s*{_QUOTED}"),
        (
            ("log", "sign", "auth", "connect", "credential"),
            r"(?:log_?in|sign_?in|auth(?:enticate)?|connect|(?:basic|digest)_?auth\w*|credentials?\w*)"
            rf"\s*(?:=\s*)?\(\s*[\"'][^\"'\n]{{1,64}}[\"']\s*,\s*{_QUOTED}",
        ),
        (("convertto-",), rf"convertto-securestring\s+(?:-\w+\s+)?{_QUOTED}"),
        (("identified",), rf"identified\s+(?:with\s+\S{{1,40}}\s+)?(?:by|as)\s+(?:password\s+)?{_QUOTED}"),
        (
            ("oracle", "sqlplus"),
            r"(?:jdbc:oracle:\w{1,10}:|sqlplus\s+(?:-\w+\s+)*)\w{1,40}/([^\s@/\"']{4,80})@",
        ),
        (("assword",), r"assword[^\n]{0,20}\n[^\n]{0,20}send\w*\s*\(?[\"']([^\"'\n\\]{6,80})"),
        (
            ("wi-fi", "wifi", "wlan", "ssid", "wpa"),
            r"(?:wi-?fi|wlan|ssid|wpa2?)\b[^\n.;]{0,60}?\b(?:key|code|pw)\b(?: is|:|=)? +"
            r"[\"']?([^\s\"',;]{8,63})",
        ),
    )
)
_NETWORK = re.compile(r"WIFI:[^\n\x1e]{0,120}?\bP:((?:\\.|[^;\\\n]){8,63});")

# A cell is taken in one way alone (?>): a blank before it could be part of it, or not, in each of thirty.
_HEAD = re.compile(
    r"(?m)(?:^|: )[\"']?[A-Za-z][\w .-]{0,40}[\"']?(?>[,;\t][ \"']?[\w .-]{1,40}[\"']?){1,30}$"
)
# The last column of each head: begins with a sign, so that a text without one is soon left.
_LAST_COLUMN = re.compile(r"(?m)[,;\t][ \"']?[\w .-]{1,40}[\"']?$")


def find(text: str) -> str | None:
    """The kind of the first password in such a place, None when there is none."""
    if any(map(_likely, _given(text))):
        return "password that a program is given"
    if any(not weak(match[1]) for match in _NETWORK.finditer(text)):
        return "code of a wireless network"
    return "password in a column" if any(map(password_like, _columns(text))) else None


def _given(text: str) -> Iterator[str]:
    """What stands in each place."""
    lower = lower_case(text)
    for words, place in _PLACES:
        if any(word in text for word in words):
            yield from (match[1] for match in place.finditer(text))
    for words, place in _PLACES_IN_LOWER_CASE:
        if any(word in lower for word in words):
            yield from (text[match.start(1) : match.end(1)] for match in place.finditer(lower))


def _likely(value: str) -> bool:
    """As `password_like`; or capitals, small letters and digits that change as by chance."""
    mixed = len(value) >= 10 and value.isalnum() and len(set(classes(value))) == 3
    return password_like(value) or (mixed and changes(value) >= 0.4 * len(value) and not weak(value))


def _columns(text: str) -> Iterator[str]:
    """The cells under each head that names a secret, of lists with commas, semicolons or tabs."""
    for head in _HEAD.finditer(text) if _LAST_COLUMN.search(text) else ():
        mark = next(mark for mark in ";\t," if mark in head[0])
        names = [name.strip(" :\"'") for name in head[0].split(mark)]
        telling = [place for place, name in enumerate(names) if strength(name) == 2]
        for line in text[head.end() + 1 :].split("\n", MOST)[:MOST] if telling else ():
            cells = line.split(mark)
            if len(cells) != len(names):
                break
            yield from (cells[place].strip(" \"'") for place in telling)
