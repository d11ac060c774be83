"""Small pieces of Python, each with ways to break it: what the diffs of code_review are made of
(code_snippets.yaml).
"""

from dataclasses import dataclass
from random import Random

from autodidact.benchmark.suite.item_building_blocks import table
from autodidact.benchmark.suite.made_up.vocabulary import FUNCTIONS, MODULES, STORES, VARIABLES

_WORDS = table("made_up/code_snippets")
KINDS, CUES = _WORDS["kinds"], _WORDS["cues"]
# Names for {x}: no list's name, and none that a snippet uses itself.
_VALUES = [name for name in VARIABLES if name not in (*_WORDS["lists"], *_WORDS["used"])]


@dataclass(frozen=True)
class Code:
    """A snippet with its names filled in, and with one defect."""

    about: str
    clean: list[str]
    broken: list[str]
    kind: str
    # Of the defect, from 1.
    line: int


def fill(rng: Random, *texts: str) -> list[str]:
    """The texts with the same names in all."""
    names = {
        "f": rng.choice(FUNCTIONS),
        "xs": rng.choice(_WORDS["lists"]),
        "x": rng.choice(_VALUES),
        "m": rng.choice(MODULES),
        "p": rng.choice(STORES),
        "n": str(rng.randint(3, 60)),
    }
    return [text.format(**names) for text in texts]


def code(rng: Random, kinds: list[str] | None = None, size: int = 0, place: int = 0) -> Code:
    """A snippet with one defect of one of the kinds. `size`: lines in all, filled up above and below;
    `place`: the line of the defect.
    """
    kinds = kinds or list(KINDS)
    kind = rng.choice(kinds)
    found = []
    for snippet in _WORDS["snippets"]:
        lines = snippet["code"].splitlines()
        for defect in snippet["defects"]:
            for above in range(max(0, size - len(lines)) + 1) if size else (0,):
                if defect["kind"] == kind if not place else _stands_at(defect, kinds, place - above):
                    found.append((snippet["about"], lines, defect, above))
    about, lines, defect, above = rng.choice(found)
    top = rng.sample(_WORDS["above"], above)
    bottom = rng.sample(_WORDS["below"], max(0, size - above - len(lines)))
    about, instead, *clean = fill(rng, about, defect["instead"], *top, *lines, *bottom)
    first, wrong = above + defect["line"] - 1, instead.split("\n")
    broken = [*clean[:first], *wrong, *clean[first + len(wrong) :]]
    return Code(about, clean, broken, defect["kind"], first + 1)


def _stands_at(defect: dict, kinds: list[str], line: int) -> bool:
    """Whether the defect is one of the kinds and in that line of its snippet."""
    return defect["kind"] in kinds and defect["line"] == line


def added(path: str, lines: list[str]) -> str:
    """The lines as a diff that adds them."""
    return "\n".join([f"+++ {path}", *(f"+{line}" for line in lines)])
