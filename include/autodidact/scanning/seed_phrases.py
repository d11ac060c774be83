"""The words that open a wallet: twelve to twenty-four of a list (BIP-39), numbered or in a row, near a word
that says what they are.
"""

import re

from autodidact.shipped_tables import read_table

# Words that follow each other, and how many of them are different.
LEAST, DIFFERENT = 12, 7
# Characters on each side of the name: twenty-four words with their numbers.
NEAR = 500
# Characters between two words, none of them a letter.
GAP = 12

_NAMES = re.compile(
    r"""\b(?:(?:seed|recovery|backup|secret|mnemonic|wallet|restore)[ _-]?(?:phrase|word|seed|mnemonic)s?
        |mnemonics?|bip-?39|metamask|trezor|ledger(?:'s)?[ ](?:nano|device|recovery|seed)
        |(?:12|15|18|21|24|twelve|fifteen|eighteen|twenty-?(?:one|four))[ -](?:(?:secret|seed)[ ])?words
        )\b""",
    re.VERBOSE,
)
# Each of these names holds one of these words.
_PARTS = ("phrase", "seed", "mnemonic", "word", "bip", "metamask", "trezor", "ledger")
_WORD = re.compile("[a-z]+")
_TABLE = read_table(__file__, "prose_secrets.yaml")
_COMMON = frozenset(_TABLE["common"].split())


def found(lower: str) -> bool:
    """Whether a text in lower case has such words: a sentence of so many of three to eight letters would need
    one of the common ones, or a shorter one.
    """
    for name in _NAMES.finditer(lower) if any(part in lower for part in _PARTS) else ():
        for start, end in ((max(0, name.start() - NEAR), name.start()), (name.end(), name.end() + NEAR)):
            if _are_in_a_row(lower[start:end]):
                return True
    return False


def _are_in_a_row(text: str) -> bool:
    run: list[str] = []
    end = 0
    for word in _WORD.finditer(text):
        drawn = 3 <= len(word[0]) <= 8 and word[0] not in _COMMON
        if not drawn or word.start() - end > GAP:
            run = []
        if drawn:
            run.append(word[0])
        if len(run) >= LEAST and len(set(run)) >= DIFFERENT:
            return True
        end = word.end()
    return False
