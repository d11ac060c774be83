"""The repository's code at the cycle's commit, and which of its definitions are new or changed."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from autodidact.sources.code.blob_cache import BlobCache
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.file_analysis import Analysis, Definition
from autodidact.sources.git.repository import Repository

Item = TypeVar("Item")


@dataclass
class PythonCode:
    """The repository's code at the cycle's commit; by commit, what changed since as it was there."""

    repository: Repository
    code: CodeBase
    analyses: BlobCache[Analysis]
    before: dict[str, CodeBase] = field(default_factory=dict)


def before(facts: PythonCode, commit: str | None) -> CodeBase | None:
    """The files that changed since an earlier commit, as they were there; None when they cannot be read."""
    if commit and commit not in facts.before and facts.repository.has(commit):
        with facts.repository.at(commit) as then:
            changed = facts.repository.changed(commit)
            facts.before[commit] = CodeBase(then, facts.analyses, only=changed)
    return facts.before.get(commit) if commit else None


def fresh_definitions(code: CodeBase, old: CodeBase | None, changed: set[str]) -> Iterator[Definition]:
    """The definitions of the changed files that an earlier commit did not have, or not with these facts."""
    for path, file in code.files.items():
        if path in changed:
            then = old.files.get(path) if old else None
            known = {_without_place(d) for d in then.definitions} if then else set()
            new = {place for place, d in enumerate(file.definitions) if _without_place(d) not in known}
            yield from (file.definitions[place] for place in new)


def _without_place(d: Definition) -> bytes:
    """What is known of a definition wherever in its file it stands."""
    placeless = msgspec.structs.replace(d, module="", lines=(0, 0), calls={})
    return msgspec.json.encode((placeless, list(d.calls)), order="sorted")


def scattered(items: Sequence[Item], rng: random.Random) -> Iterator[Item]:
    """Each item once, in an irregular order: by steps whose length has no divisor in common with their
    number.
    """
    count = len(items)
    if not count:
        return
    step = rng.randrange(count // 3, count) or 1
    while math.gcd(step, count) != 1:
        step += 1
    start = rng.randrange(count)
    for number in range(count):
        yield items[(start + number * step) % count]
