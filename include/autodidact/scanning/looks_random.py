"""Is a word drawn at random, as keys are, or made by people, as names, paths and numbers are?

Two measures, both of the word alone: how often its characters change between upper case, lower case and
digits, and how many of its pairs of neighbouring letters are among the 180 commonest of code and prose. Those
180 cover 91% of the pairs in what the generators make and 27% of the pairs in random letters.
"""

import re

from autodidact.shipped_tables import own_table

_TABLE = own_table(__file__)
_COMMON = frozenset(_TABLE["common_pairs"].split())
_PLACEHOLDER = re.compile(_TABLE["placeholder"])

# A word of more common pairs than this is made of words.
COMMON_SHARE = 0.55

# The same where a name says that a secret comes: chance alone makes one key in twenty look like words.
NAMED_SHARE = 0.85

# Least changes of class a character: 0.6 in random letters and digits of both cases, 0.4 in one case with
# digits, 0.1 in names.
CHANGES = 0.25

# In a word of so many characters half the changes will do when so few of its pairs are common: base32 has few
# digits.
LONG, RARE_SHARE = 24, 0.4

# With so many groups of digits in a word as long, its pairs do not matter.
SURE = 3

_DIGITS = re.compile("[0-9]+")


def classes(word: str) -> str:
    """One letter a character: `u`pper case, `l`ower case, `d`igit, `o`ther."""
    return "".join("d" if c.isdigit() else "u" if c.isupper() else "l" if c.islower() else "o" for c in word)


def common_share(word: str) -> float:
    """Share of common pairs among the pairs of neighbouring letters; 0 when there are fewer than six of them,
    too few to tell.
    """
    pairs = [
        a + b
        for a, b in zip(word, word[1:], strict=False)
        if a.isalpha() and b.isalpha() and not (a.islower() and b.isupper())
    ]
    return sum(pair.lower() in _COMMON for pair in pairs) / len(pairs) if len(pairs) >= 6 else 0.0


def changes(word: str) -> int:
    """How often the class of the characters changes."""
    kinds = classes(word)
    return sum(a != b for a, b in zip(kinds, kinds[1:], strict=False))


def is_placeholder(word: str) -> bool:
    """`your-key-here`, `xxxxxxxx`, `0123456789`: written in the place of a key."""
    return bool(_PLACEHOLDER.search(word))


def is_random(word: str, share: float = COMMON_SHARE) -> bool:
    """Letters and digits mixed as by chance. Hexadecimal numbers are random too; who wants keys only asks
    `is_hex` first.
    """
    kinds = classes(word)
    moves = changes(word)
    return (
        (
            moves >= CHANGES * len(word)
            or (
                len(word) >= LONG
                and moves >= CHANGES / 2 * len(word)
                and 0 < common_share(word) <= RARE_SHARE
            )
        )
        and len(set(word)) >= min(10, len(word) * 2 // 3)
        and "d" in kinds
        and ("u" in kinds or "l" in kinds)
        and (common_share(word) <= share or (len(word) >= LONG and len(_DIGITS.findall(word)) >= SURE))
    )


_HEX = re.compile(r"(?:0[xX])?(?:[0-9a-f]+|[0-9A-F]+)(?:-(?:[0-9a-f]+|[0-9A-F]+))*")


def is_hex(word: str) -> bool:
    """A hash, a commit or a UUID."""
    return bool(_HEX.fullmatch(word))
