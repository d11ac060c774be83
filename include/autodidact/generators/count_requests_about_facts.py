"""How often people ask about the subject of a fact: in how many requests of the last days' conversations it
is named. Only the counts are kept; the ledger goes by them for what is taught first.

A name with a capital, a digit, `_`, `.` or `/` in it counts wherever it stands as a whole word. A subject
that is an ordinary word (`mail`) counts only in backquotes, one of several words (a goal) wherever these
stand.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from autodidact.knowledge.add_repository_name import plain_subject
from autodidact.knowledge.fact import Fact
from autodidact.sources.transcripts import Toolbox, Who, exchanges, files
from autodidact.stage import Troubles

# Conversations are looked at for so long.
DAYS = timedelta(days=30)
# The newest files, so many bytes of them at most: about ten seconds of reading.
MOST_BYTES = 100_000_000
# Characters of a request: what is longer was pasted.
LONGEST = 2_000
# Requests that name one subject are counted up to here.
MOST = 1_000

_WORD = re.compile(r"[\w./-]+")
_QUOTED = re.compile(r"`([^`\n]{1,200})`")


def counts(facts: Iterable[Fact], sessions: Any, until: datetime) -> dict[str, int]:
    """Fact id to the number of requests that name its subject, without those of none. `sessions`: as
    `sources.sessions`. What cannot be read is left out; the generator has counted it.
    """
    subjects: defaultdict[str, list[str]] = defaultdict(list)
    for fact in facts:
        subjects[plain_subject(fact)].append(fact.id)
    several: defaultdict[str, list[str]] = defaultdict(list)
    for subject in subjects:
        if len(words := subject.lower().split()) > 1:
            several[words[0]].append(" ".join(words))
    spelled = {" ".join(subject.lower().split()): subject for subject in subjects if len(subject.split()) > 1}
    found: Counter[str] = Counter()
    for text in _requests(sessions, until):
        named = _names(text) & subjects.keys()
        flat = " ".join(_WORD.findall(text.lower()))
        for word in set(flat.split()) & several.keys():
            named |= {spelled[each] for each in several[word] if f" {each} " in f" {flat} "}
        found.update(id for subject in named for id in subjects[subject])
    return {id: min(count, MOST) for id, count in found.items()}


def _names(text: str) -> set[str]:
    """What a request names: words that look like names, their parts after a dot, and what it quotes."""
    words = {word.strip("./-") for word in _WORD.findall(text)}
    words |= {part for word in words if "/" not in word for part in word.split(".")}
    names = {word for word in words if not (word.islower() and word.isalpha())}
    quoted = {name.strip().removesuffix("()") for name in _QUOTED.findall(text)}
    return names | quoted


def _requests(sessions: Any, until: datetime) -> Iterator[str]:
    """What people typed in the last days, the newest files first. A request without a time is left out."""
    troubles, left = Troubles(), MOST_BYTES
    for path, size in _newest(files(sessions, troubles), until - DAYS):
        left -= size
        if left < 0:
            return
        for exchange in exchanges(path, until, troubles, Toolbox()):
            time = exchange.time or exchange.end
            if exchange.who is Who.PERSON and time and time > until - DAYS and len(exchange.text) <= LONGEST:
                yield exchange.text


def _newest(paths: Iterable[Path], since: datetime) -> list[tuple[Path, int]]:
    """(file, bytes) of those that were written since then."""
    found = []
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            continue
        if stat.st_mtime > since.timestamp():
            found.append((stat.st_mtime, path, stat.st_size))
    return [(path, size) for _, path, size in sorted(found, key=lambda row: (-row[0], str(row[1])))]
