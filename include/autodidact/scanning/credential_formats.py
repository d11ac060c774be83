"""The credential formats in use (credential_formats.yaml), and how one is recognised in a text.

After the prefix most issuers put letters and digits drawn at random; `tail` checks that, so that
`sk_test_helper_for_payments` stays code. A prefix that only issuers write is a credential also when what
follows has a form that no format describes: issuers change their formats.
"""

import re
from dataclasses import dataclass

from autodidact.scanning.decodings import BETWEEN, join
from autodidact.scanning.looks_like_password import by_chance
from autodidact.scanning.looks_random import CHANGES, changes, common_share, is_placeholder
from autodidact.scanning.word_search import Beginnings
from autodidact.shipped_tables import own_table

# Characters of a credential that are looked at.
LIMIT = 600

# Places where one prefix is looked at in one text: enough for any example, and a bound on hostile ones.
TRIES = 200

# The word that begins here ends at a line's end or at a sign after which a string may go on.
_CUT = re.compile(r"""[^\s"'`\x1e]*[ \t]{0,40}["'`)+.&\\\r\n]""")


@dataclass(frozen=True)
class Format:
    """One format. `anywhere`: the pattern is searched for in the whole text, else matched where a prefix
    stands. `spaced`: it may have blanks within.
    """

    name: str
    pattern: re.Pattern
    anywhere: bool
    spaced: bool

    def accepts(self, match: re.Match | None) -> bool:
        drawn = match and match.groupdict().get("t")
        return match is not None and (drawn is None or tail(drawn[:LIMIT]))

    def found(self, prefix: str, text: str) -> bool:
        """Whether a credential of this format is in a text that holds `prefix`."""
        if self.anywhere:
            return any(map(self.accepts, self.pattern.finditer(text)))
        for place in _places(prefix, text):
            if self.accepts(self.pattern.match(text, place)):
                return True
            if self.spaced or _CUT.match(text, place):
                piece = join(text[place : place + LIMIT].partition(BETWEEN)[0])
                if self.accepts(self.pattern.match(piece)):
                    return True
        return False


def _load() -> tuple[dict[str, list[Format]], frozenset[str]]:
    """(the formats by prefix, the prefixes that only issuers write)"""
    table = own_table(__file__)
    formats: dict[str, list[Format]] = {}
    for entry in table["formats"]:
        pattern = entry["pattern"]
        spaced = " " in pattern or r"\s" in pattern
        one = Format(entry["name"], re.compile(pattern), anywhere="near" in entry, spaced=spaced)
        for prefix in entry.get("near") or entry["prefix"]:
            formats.setdefault(prefix, []).append(one)
    telling = (p for p in formats if len(p) > 2 and p[0].isalnum() and p[-1] in "_-.")
    return formats, frozenset(p for p in telling if not p.startswith(tuple(table["common"])))


FORMATS, ISSUERS = _load()
_PREFIXES = Beginnings(FORMATS)


def find(text: str) -> str | None:
    """The name of the first credential of a known format, or of a known issuer; None when there is none."""
    there = _PREFIXES.standing(text)
    for prefix in there:
        for one in FORMATS[prefix]:
            if one.found(prefix, text):
                return one.name
    for prefix in filter(ISSUERS.__contains__, there):
        if any(by_chance(text[place + len(prefix) : place + LIMIT]) for place in _places(prefix, text)):
            return "a key of a known issuer"
    return None


def _places(prefix: str, text: str) -> list[int]:
    """Where the prefix stands, not in the middle of a word; the first `TRIES` places."""
    found, place = [], text.find(prefix)
    for _ in range(TRIES):
        if place < 0:
            break
        if not (place and text[place - 1].isalnum() and prefix[0].isalnum()):
            found.append(place)
        place = text.find(prefix, place + 1)
    return found


def tail(word: str) -> bool:
    """Could what follows a prefix be drawn at random? No for words in snake case, for `xxxx` and for
    `your-key-here`.
    """
    if is_placeholder(word) and not any(c.isdigit() for c in word[-8:]):
        return False
    if len(set(word)) < 6:
        return False
    letters = re.sub("[^A-Za-z0-9]", "", word)
    if changes(letters) >= CHANGES * len(letters):
        return True
    return any(c.isdigit() for c in word) and common_share(letters) <= 0.5
