"""Open-book questions about a few lines of a commit: a number, a name, a word. One in two has a planted bug
that has to be found.

shown    40   def total(self, items):
         41 +     if len(items) >= 3:
asked    One line should have `len(items) > 3`. Which? Reply with the number only.
answer   41
"""

import random
import re
from collections.abc import Callable, Iterator

from autodidact.generators.diff_miner.hunk_reviews import adds
from autodidact.generators.diff_miner.plant_bugs import Defect
from autodidact.generators.diff_miner.shown_diff import Shown, source
from autodidact.generators.writing.prompt_layouts import NAME, NUMBER, ending, put
from autodidact.records import Example, example
from autodidact.shipped_tables import read_table
from autodidact.sources.git.commits_with_diffs import Commit, FileDiff

# What `source.ask` says of these.
ASK = "open book"
# Of a file, shown.
LINES = (3, 7)
CHARACTERS = 320
# Questions of one commit at most.
EACH = 2
# Hunks of one commit, picked at random.
LOOKED_AT = 8

_ASK = read_table(__file__)["reading"]
_WRONG, _KIND, _HAS, _STATE, _COUNT, _DEFINES = (
    _ASK[kind] for kind in ("wrong", "kind", "has", "state", "count", "defines")
)

_DEFINITION = re.compile(r"\s*(?:async )?(?:def|class) (\w+)")

Plant = Callable[[Commit, FileDiff, list[tuple[str, int]], random.Random], Defect | None]


def questions(
    commit: Commit, files: list[Shown], plant: Plant, used: list[str], rng: random.Random
) -> Iterator[Example]:
    """At most EACH of one commit. `used`: the kinds of bug so far, among which is asked."""
    whole = [(shown.file, hunk) for shown in files if shown.file.after_blob for hunk in shown.hunks]
    if len(whole) > LOOKED_AT:
        whole = rng.sample(whole, LOOKED_AT)
    parts = [
        (file, hunk, start, end)
        for file, hunk in whole
        for start, end in hunk.cuts(LINES[1])
        if _worth(hunk.lines[start:end])
    ]
    for file, hunk, start, end in rng.sample(parts, min(EACH, len(parts))):
        part = hunk.part(start, end)
        rows = [(line, number) for line, number in part.numbered() if line[0] != "-"]
        defect = plant(commit, file, part.numbered(), rng) if rng.random() < 0.5 else None
        if defect and not (
            defect.count == len(defect.planted) == 1 and defect.bad and defect.bad in defect.planted[0]
        ):
            defect = None
        if defect:
            rows = [
                (line[0] + defect.planted[0], number) if number == defect.line else (line, number)
                for line, number in rows
            ]
            if sum(defect.bad in line for line, _ in rows) != 1:
                continue
        # A name is not new where a definition goes: its own that only changes, or another's that it renames.
        renames = any(line[:1] == "-" and _DEFINITION.match(line[1:]) for line in file.patch.split("\n"))
        made = _with_bug(defect, used, rng) if defect else _plain(rows, renames, rng)
        if made:
            ask, answer, what = made
            lines = "\n".join(
                f"{number} {'+' if line[0] == '+' else ' '} {line[1:]}".rstrip() for line, number in rows
            )
            where = source(commit, file, [part], ASK) | {"open_book": what}
            where |= {"defect": {"kind": defect.kind, "line": defect.line, "count": 1}} if defect else {}
            yield example(
                "diff_miner",
                "code_review",
                put(lines, ask, rng),
                answer,
                where,
                time=commit.committer_time,
                short=True,
            )


def _worth(lines: list[str]) -> bool:
    lines = [line for line in lines if line[0] != "-"]
    return LINES[0] <= len(lines) and sum(map(len, lines)) <= CHARACTERS and adds(lines)


def _with_bug(defect: Defect, used: list[str], rng: random.Random) -> tuple[str, str, list]:
    others = sorted({kind for kind in used if kind != defect.kind})
    if len(others) > 1 and rng.random() < 0.3:
        kinds = rng.sample([defect.kind, *rng.sample(others, 2)], 3)
        ask = rng.choice(_KIND).format(
            bad=defect.bad, good=defect.good, kinds=f"{', '.join(kinds[:-1])} or {kinds[-1]}"
        )
        return f"{ask} {ending(NAME, rng, 'kind')}", defect.kind, ["kind"]
    return (
        f"{rng.choice(_WRONG).format(bad=defect.bad, good=defect.good)} {ending(NUMBER, rng)}",
        str(defect.line),
        ["wrong"],
    )


def _plain(rows: list[tuple[str, int]], renames: bool, rng: random.Random) -> tuple[str, str, list] | None:
    """A question about the lines as they are. `renames`: a definition was removed from the file."""
    defined = {match[1] for line, _ in rows if line[0] == "+" and (match := _DEFINITION.match(line[1:]))}
    defined = set() if renames else defined
    texts = {
        line[1:].strip(): number
        for line, number in rows
        if 8 <= len(line[1:].strip()) <= 50 and "`" not in line
    }
    texts = {text: number for text, number in texts.items() if sum(text in line for line, _ in rows) == 1}
    kind = rng.choice(
        ("has", "state", "count", "defines") if len(defined) == 1 else ("has", "state", "count")
    )
    if kind == "defines":
        return f"{rng.choice(_DEFINES)} {ending(NAME, rng)}", defined.pop(), ["defines"]
    if kind == "count":
        return (
            f"{rng.choice(_COUNT)} {ending(NUMBER, rng)}",
            str(sum(line[0] == "+" for line, _ in rows)),
            ["count"],
        )
    if kind == "state":
        line, number = rng.choice(rows)
        return (
            f"{rng.choice(_STATE).format(line=number)} {ending(NAME, rng, 'word')}",
            "new" if line[0] == "+" else "old",
            ["state", number],
        )
    if not texts:
        return None
    text = rng.choice(sorted(texts))
    return f"{rng.choice(_HAS).format(text=text)} {ending(NUMBER, rng)}", str(texts[text]), ["has", text]
