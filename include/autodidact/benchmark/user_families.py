"""A user's own families: YAML files in the folder `benchmark.families`. They join the shipped ones in the
blocks that decide, and are hidden from training. Their form is that of suite/family_files.py.
"""

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from random import Random

from autodidact.benchmark.item_family import LEVELS, Family, item_of
from autodidact.benchmark.scorers import score
from autodidact.benchmark.suite import families, family_files
from autodidact.errors import UsageError
from autodidact.records import response_text, sha256

MOST_FILES = 100
# As of the shipped families.
LEAST_PAYLOADS = 2000
# Draws that a file is tested with.
TRIED = 200
# The share of items that one answer may be right for, beyond chance: 0.1, and what TRIED draws leave open.
ABOVE_CHANCE = 0.15


def families_with(folder: str | None) -> dict[str, list[Family]]:
    """Category -> its shipped families in the order of the suite, then those of the folder. Raises UsageError
    when one of these is bad.
    """
    if folder is None:
        return families()
    more = cached(folder, digest(folder))
    return {name: [*members, *more.get(name, ())] for name, members in families().items()}


@lru_cache(maxsize=8)
def cached(folder: str, digest: str) -> dict[str, list[Family]]:
    """As `load`; another `digest` of the folder reads it again."""
    return load(folder, families())


def load(folder: str | Path, shipped: dict[str, list[Family]]) -> dict[str, list[Family]]:
    """Category -> the families of the folder's `*.yaml` files, in the order of their names. They are hidden:
    training never meets their like.

    Raises UsageError in one line that names the file, what is wrong with it, and what to do.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise UsageError(
            f"benchmark.families is {str(folder)!r}, which is no folder",
            "Name the folder that holds your family files.",
        )
    files = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    if not files or len(files) > MOST_FILES:
        raise UsageError(
            f"{folder} has {len(files)} family files (*.yaml)",
            f"Put between 1 and {MOST_FILES} of them there.",
        )
    found: dict[str, list[Family]] = {}
    for path in files:
        category, family = family_files.read(path, LEAST_PAYLOADS)
        for level in LEVELS:
            _try(family, path, level)
        present = {each.name for each in [*shipped[category], *found.get(category, ())]}
        if family.name in present:
            raise UsageError(
                f"{path}: there is a family {category}/{family.name} already", "Give it another `name`."
            )
        found.setdefault(category, []).append(family)
    return found


def _try(family: Family, path: Path, level: int) -> None:
    """Draws items of the level: the answer must score 1.0, and no one answer may be right more often than
    chance and a tenth.
    """
    answers: Counter = Counter()
    chance = 0.0
    for number in range(TRIED):
        try:
            draw = family.draw(Random(f"try/{number}"), level)
            item = item_of("", family, draw, "0", 0, level)
            result = score(item, item.reference)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, re.error) as error:
            reason = f"{type(error).__name__}: {str(error)[:80]}"
            raise UsageError(
                f"{path}: its answer or target does not suit its scorer ({reason})",
                "docs/benchmark.md says what each scorer takes.",
            ) from None
        if result.value != 1.0:
            raise UsageError(
                f"{path}: its own answer scores {result.value:g}: {result.explanation}",
                "Mend `answer` or `target`.",
            )
        answers[response_text(item.reference)] += 1
        chance = 1 / max(1, len(draw.target["labels"])) if draw.scorer == "label" else 0.0
    most, count = answers.most_common(1)[0]
    if count / TRIED > chance + ABOVE_CHANCE:
        raise UsageError(
            f"{path}: the answer {most[:60]!r} is right for {count / TRIED:.0%} of its items",
            "Make answers vary: the chance of guessing and 10% at most.",
        )


def digest(folder: str | Path) -> str:
    """Of the names and contents of the family files: part of the fingerprint. Empty when there is none."""
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        return ""
    files = sorted(path for path in folder.glob("*.y*ml") if path.is_file() and not path.is_symlink())
    if not files:
        return ""
    most = family_files.MOST_BYTES + 1
    return sha256("\n".join(f"{sha256(path.read_bytes()[:most])}  {path.name}" for path in files))
