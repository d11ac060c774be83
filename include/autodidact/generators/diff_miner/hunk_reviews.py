"""Reviews of hunks: half with a bug planted into the commit's own lines, half as they are. What is left of a
commit's share is asked to be mended: the question says that there is a bug.
"""

import itertools
import random
import re
from collections import Counter
from collections.abc import Collection, Iterator

from autodidact.errors import AutodidactError
from autodidact.generators.diff_miner.call_compatibility import Calls
from autodidact.generators.diff_miner.code_survival import Confirmed
from autodidact.generators.diff_miner.plant_bugs import Defect, plant
from autodidact.generators.diff_miner.shown_diff import Shown, block, source, stands_alone
from autodidact.records import Example, example
from autodidact.shipped_tables import read_table
from autodidact.sources.code.definitions import is_test
from autodidact.sources.git.commits_with_diffs import Commit, FileDiff
from autodidact.sources.git.hunks import Hunk
from autodidact.sources.snapshot import Snapshot

# Of one commit, and one more for each EXTRA lines of it, up to MOST_REVIEWS.
REVIEWS = 2
EXTRA = 60
MOST_REVIEWS = 6
# One in so many reviews may be of one sort, with a bug or without, more than of the other: a stretch of a
# history may have few of one.
SLACK = 4
# Hunks of one commit, picked at random.
LOOKED_AT = 24
# Characters; longer ones are data.
LONGEST_LINE = 160
# Share of the reviews that ask about one line, right or wrong.
PREMISES = 0.15
# Share of the hunks without a risky line that are reviewed too.
PLAIN = 0.1


_TABLE = read_table(__file__)
REVIEW, FIX, LINE = (_TABLE["review"][kind] for kind in ("ask", "fix", "line"))

# Lines in which the codemods could plant something: a clean diff has to have some too, or their lack would
# give it away.
_RISKY = re.compile(
    r"^.\s*(if|elif|while|return|raise|except|break|assert|self\.(\w+) = \2$)\b|\bawait"
    r" |\b(isinstance|range|sorted|any|all|min|max|setattr|getattr)\("
    r"| ([<>]=?|==|!=|\+=|is|is not|not in) |\[-?\d|\[:|\.close\(\)|[+-] 1\b|\bf[\"'].*\{"
)


# A line of a docstring: some words in a row, without a mark of code among them, that do not begin as a
# statement does.
_PROSE = re.compile(
    r"(?!(?:if|elif|while|for|with|return|raise|except|assert|yield|await|del|lambda|import|from|not|and|or"
    r"|else|async|in|is)\b)"
    r"[A-Za-z][\w`'\"./-]*(?:[,;:]? [\w`'\"./-]+){3,}[.,:;!?]*$"
)


class Reviewer:
    """Keeps the balance of clean and planted, and of the kinds of bug, over all commits."""

    def __init__(self, snapshot: Snapshot, most: int, text: int, without: Collection[str] = ()):
        """`without`: kinds of bugs that are not planted."""
        assert snapshot.repository is not None
        self.snapshot, self.repository = snapshot, snapshot.repository
        self.calls = Calls(snapshot.repository)
        self.most, self.text, self.without = most, text, without
        self.kinds: Counter = Counter()
        self.planted = self.clean = 0
        self.confirmed = Confirmed(self.repository)
        # Of the commit that was reviewed last: the parts without a review, and how many more it may have.
        self._rest: list[tuple[FileDiff, Hunk]] = []
        self._left = 0

    def reviews(
        self, commit: Commit, files: list[Shown], says: str | None, rng: random.Random
    ) -> Iterator[Example]:
        """Reviews of parts of one commit. `says`: what the commit does, where one hunk can be the whole of
        it.
        """
        whole = [(shown.file, hunk) for shown in files if shown.file.after_blob for hunk in shown.hunks]
        if len(whole) > LOOKED_AT:
            whole = rng.sample(whole, LOOKED_AT)
        parts = [
            (file, hunk.part(start, end))
            for file, hunk in whole
            for start, end in hunk.cuts(self.most)
            if self._worth(hunk.lines[start:end])
        ]
        rng.shuffle(parts)
        right = [(file, part, self.confirmed.stands(commit, file, part)) for file, part in parts]
        # Few can be called right: they come first.
        right.sort(key=lambda one: (is_test(one[0].path), not one[2]))
        left = min(REVIEWS + sum(len(part.lines) for _, part in parts) // EXTRA, MOST_REVIEWS)
        self._rest = []
        for file, part, stands in right[: 2 * left]:
            if left and (
                row := self._review(commit, file, part, stands, says if len(parts) == 1 else None, rng)
            ):
                left -= 1
                yield row
            else:
                self._rest.append((file, part))
        self._left = left

    def to_mend(self, commit: Commit, rng: random.Random) -> Iterator[Example]:
        """Bugs in parts of the commit that was reviewed last which came to no review, as many as its share
        leaves.
        """
        rows = (self._to_mend(commit, file, part, rng) for file, part in self._rest)
        yield from itertools.islice(filter(None, rows), self._left)

    def _worth(self, lines: list[str]) -> bool:
        return sum(map(len, lines)) <= self.text and adds(lines)

    def _review(
        self, commit: Commit, file: FileDiff, hunk: Hunk, stands: bool, says: str | None, rng: random.Random
    ) -> Example | None:
        """`stands`: time has confirmed the part."""
        rows = hunk.numbered()
        risky = _risky(rows)
        room = self.clean + self.clean // SLACK - self.planted
        due = risky and rng.random() < (0.2 if stands else 0.5) + 0.1 * room
        defect = self.plant(commit, file, rows, rng, found_by_reading=True) if due else None
        if defect and _is_change(with_defect(hunk, defect)):
            self.planted += 1
            self.kinds[defect.kind] += 1
            return self._with_bug(commit, file, hunk, defect, rng)
        # Of several files, one may be right only with the others.
        stands = stands and stands_alone(commit)
        if not stands or not (risky or rng.random() < PLAIN):
            return None
        if self.clean > self.planted + self.planted // SLACK:
            return None
        if self.confirmed.mended(file, hunk):
            self.snapshot.troubles.add("change that a later commit fixed", f"{commit.sha}:{file.path}")
            return None
        if not self.calls.fit(commit.sha, file, hunk):
            self.snapshot.troubles.add("change after which a call may fail", f"{commit.sha}:{file.path}")
            return None
        self.clean += 1
        return self._without_bug(commit, file, hunk, risky, says, rng)

    def _to_mend(self, commit: Commit, file: FileDiff, hunk: Hunk, rng: random.Random) -> Example | None:
        """A bug of which the question says that it is there, so that no clean review has to balance it. It
        has to be the only one as far as the history shows.
        """
        rows = hunk.numbered()
        if not _risky(rows) or self.confirmed.mended(file, hunk) or self.confirmed.led_to_a_fix(file, hunk):
            return None
        defect = self.plant(commit, file, rows, rng, found_by_reading=True)
        if not defect or not defect.bad or not _is_change(with_defect(hunk, defect)):
            return None
        self.kinds[defect.kind] += 1
        ask = rng.choice(FIX).format(path=file.path)
        answer = (
            f"Line {defect.line} of `{file.path}`: {defect.wrong}: {defect.effect}. Write:\n"
            f"{_right(hunk, defect)}"
        )
        return self._row(commit, file, hunk, with_defect(hunk, defect), ask, answer, "mend", _also(defect))

    def plant(
        self,
        commit: Commit,
        file: FileDiff,
        rows: list[tuple[str, int]],
        rng: random.Random,
        found_by_reading: bool = False,
        without: Collection[str] = (),
    ) -> Defect | None:
        """A bug in these lines, of a kind that was planted least so far; None where none can be.
        `found_by_reading`: the lines themselves have to tell that it is one (bug_is_visible.py). `without`:
        more kinds that are not planted.
        """
        try:
            content = self.repository.read(file.after_blob or "").decode("utf-8")
        except AutodidactError:
            self.snapshot.troubles.add("file missing from the repository", f"{commit.sha}:{file.path}")
            return None
        except UnicodeDecodeError:
            self.snapshot.troubles.add("not UTF-8", f"{commit.sha}:{file.path}")
            return None
        own = {number for line, number in rows if line[0] == "+"}
        around = {number for line, number in rows if line[0] == " "}
        content = content.replace("\r\n", "\n")
        if "\r" in content:
            return None
        shown = rows if found_by_reading else None
        unwanted = {*self.without, *without}
        return plant(content, own, around, rng, self.kinds, shown=shown, without=unwanted)

    def _with_bug(
        self, commit: Commit, file: FileDiff, hunk: Hunk, defect: Defect, rng: random.Random
    ) -> Example:
        shown = with_defect(hunk, defect)
        numbers = [number for line, number in shown.numbered() if line[0] != "-"]
        where = f"Line {defect.line} of `{file.path}`"
        if not defect.planted:
            where = (
                f"Before line {defect.line} of `{file.path}`"
                if defect.line in numbers
                else f"After line {defect.line - 1} of `{file.path}`"
            )
        mend = _right(hunk, defect)
        fine = [
            n
            for line, n in shown.numbered()
            if line[0] == "+" and abs(n - defect.line) > 1 and len(line.strip()) > 8
        ]
        form = rng.random()
        if form < PREMISES and fine and defect.bad:
            asked = rng.choice(fine) if rng.random() < 0.5 else defect.line
            ask, text = rng.choice(LINE).format(line=asked, path=file.path), self._in_words(where, defect)
            answer = (
                f"Line {asked} is not the problem. {text}" if asked != defect.line else f"It is wrong. {text}"
            )
            kind = "line"
        elif form < 0.35 or not defect.bad:
            ask, kind = (
                rng.choice(FIX if form < 0.3 and defect.bad else REVIEW).format(path=file.path),
                "review",
            )
            answer = (
                f"{where}: {defect.wrong}: {defect.effect}. {'Write' if defect.bad else 'Put back'}:\n{mend}"
            )
        else:
            ask, kind, answer = (
                rng.choice(REVIEW).format(path=file.path),
                "review",
                self._in_words(where, defect),
            )
        return self._row(commit, file, hunk, shown, ask, answer, kind, _also(defect))

    def _in_words(self, where: str, defect: Defect) -> str:
        return f"{where}: {defect.wrong}. `{defect.bad}` should be `{defect.good}`: {defect.effect}."

    def _without_bug(
        self, commit: Commit, file: FileDiff, hunk: Hunk, risky: list, says: str | None, rng: random.Random
    ) -> Example:
        quotable = [(number, text) for number, text in risky if len(text) <= 70 and "`" not in text]
        verdict = rng.choice(
            (
                "I see nothing wrong in these lines.",
                "I see nothing that is wrong in these lines.",
                f"I find no bug in these lines of `{file.path}`.",
            )
        )
        if quotable and rng.random() < PREMISES:
            number, text = rng.choice(quotable)
            ask = rng.choice(LINE).format(line=number, path=file.path)
            answer, kind = f"I see nothing wrong in line {number} (`{text}`). {verdict}", "line"
        else:
            ask, kind = rng.choice(REVIEW).format(path=file.path), "review"
            read = _read(hunk, file.path) if rng.random() < 0.7 else ""
            meant = f'Its message says: "{says}"' if says else ""
            answer = " ".join(part for part in (verdict, meant, read) if part)
        return self._row(commit, file, hunk, hunk, ask, answer, kind, {})

    def _row(
        self,
        commit: Commit,
        file: FileDiff,
        hunk: Hunk,
        shown: Hunk,
        ask: str,
        answer: str,
        kind: str,
        also: dict,
    ) -> Example:
        answer = _TABLE["openings"].get(ask, ("", ""))[0 if also else 1] + answer
        user = f"{ask}\n{block('diff', Shown(file, [shown]).diff())}"
        return example(
            "diff_miner",
            "code_review",
            user,
            answer,
            source(commit, file, [hunk], kind) | also,
            time=commit.committer_time,
        )


def _risky(rows: list[tuple[str, int]]) -> list[tuple[int, str]]:
    """The new lines, with their numbers, in which a bug might be planted."""
    return [
        (number, line[1:].strip())
        for line, number in rows
        if line[0] == "+"
        and _RISKY.search(line)
        and not line[1:].lstrip().startswith("#")
        and not _PROSE.match(line[1:].strip())
    ]


def _is_change(hunk: Hunk) -> bool:
    """Whether some of the change is left to be reviewed."""
    return any(line[0] in "+-" for line in hunk.lines)


def _right(hunk: Hunk, defect: Defect) -> str:
    """What the lines of a bug are without it."""
    right = [
        line[1:]
        for line, number in hunk.numbered()
        if line[0] != "-" and defect.line <= number < defect.line + defect.count
    ]
    return block("python", "\n".join(right))


def _also(defect: Defect) -> dict:
    return {"defect": {"kind": defect.kind, "line": defect.line, "count": defect.count}}


def _read(hunk: Hunk, path: str) -> str:
    """What a review without a finding rests on."""
    last = hunk.new + max(len(hunk.after()), 1) - 1
    lines = f"line {hunk.new}" if last == hunk.new else f"lines {hunk.new} to {last}"
    return f"I have read {lines} of `{path}`, not the code that uses them."


def adds(lines: list[str]) -> bool:
    """Whether one of them is new and says something."""
    for line in lines:  # noqa: SIM110  (twice as fast as any() on a few lines)
        if line[0] == "+" and len(line.strip()) > 8:
            return True
    return False


def with_defect(hunk: Hunk, defect: Defect) -> Hunk:
    """The hunk as it would look had the commit written the defect: its own lines replaced, lines around them
    changed by it.
    """
    hit = range(defect.line, defect.line + defect.count)
    lines: list[str] = []
    put = False
    for line, number in hunk.numbered():
        if line[0] == "-" or number not in hit:
            lines.append(line)
            continue
        if line[0] == " ":
            lines.append("-" + line[1:])
        if not put:
            lines += ["+" + planted for planted in defect.planted]
            put = True
    return Hunk(hunk.old, hunk.new, hunk.section, lines)
