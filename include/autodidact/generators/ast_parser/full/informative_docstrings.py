"""Whether what a docstring says is more than the name that it is said of."""

import re

# How many words of its own a summary has to have.
LEAST = 2
# Letters by which words are compared: "register" and "registered" are one.
STEM = 4

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Words that say nothing of their own in a summary.
_EMPTY = frozenset(
    """a an the this that these those it its of to in on at by for from with as into and or not no is are
    be was were has have can could may must will would should do does did if when whether which what
    where how you your all any each some one given specified current new own other same true false none
    self cls get gets return returns set sets make makes create creates build builds use used uses using
    allow allows check checks test tests properly simple simply helper wrapper base function method
    class object instance value type represent represents represented couldn couldnt called raised""".split()
)


def says_more(name: str, summary: str) -> bool:
    """Whether a summary has words that are not in the qualified name: "Properly register a hook." below
    `register_hook` has none.
    """
    return len(_own(name, summary)) >= LEAST


def explains(name: str, said: str) -> bool:
    """Whether what is said of a parameter has a word that is not in its name: "The field name." of
    `field_name` has none.
    """
    return bool(_own(name, said)) or any(sign in said for sign in "`0123456789")


def _own(name: str, text: str) -> set[str]:
    known = {word.lower()[:STEM] for word in _WORD.findall(name)}
    words = {word.lower() for word in _WORD.findall(text)} - _EMPTY
    return {word for word in words if len(word) > 1 and not _known(word, known)}


def _known(word: str, stems: set[str]) -> bool:
    return word[:STEM] in stems or any(len(stem) > 2 and word.startswith(stem) for stem in stems)
