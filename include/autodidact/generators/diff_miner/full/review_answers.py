"""Reviews with reasons: what is wrong in a diff with a planted bug, what follows from it and the code that
mends it; and that it is mended.
"""

import ast
import contextlib
import random
import re
import textwrap
from dataclasses import dataclass

from autodidact.generators.diff_miner.hunk_reviews import with_defect
from autodidact.generators.diff_miner.plant_bugs import Defect
from autodidact.generators.diff_miner.shown_diff import Shown, block
from autodidact.generators.writing.facts_into_words import capital
from autodidact.sources.git.commits_with_diffs import FileDiff
from autodidact.sources.git.hunks import Hunk

# Texts that are filled in elsewhere, so that one without an `f` may be meant so.
_TEMPLATE = re.compile(
    r"f-string|template|\.format\(|\bcompile|(?<![\w\"'])[rRuU]?[\"'][^\"'\n]*\{[A-Za-z_][\w.!]*\}",
    re.IGNORECASE,
)
# Questions whether something is wrong, and whether all is right.
_ASKS_FOR_FAULTS = re.compile(
    r"\b(?:Anything that stops|Did I break it|Is anything wrong|Is there a bug)\b", re.IGNORECASE
)
_ASKS_FOR_APPROVAL = re.compile(
    r"\b(?:sign this off|right now|fine as well|Approve\?|merged\?|code agree|author\. Is it|LGTM)",
    re.IGNORECASE,
)
# Texts within a line, whose brackets open nothing.
_TEXTS = re.compile(r"'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
# Lines of a statement that is put right.
MOST_LINES = 8


def _open(lines: list[str]) -> int:
    """How many brackets are open at the end of some lines, by their signs alone."""
    text = _TEXTS.sub("", "\n".join(lines))
    return sum(text.count(sign) for sign in "([{") - sum(text.count(sign) for sign in ")]}")


def _is_whole(lines: list[str]) -> bool:
    """Whether lines are statements of Python, or end with the head of a block."""
    text = textwrap.dedent("\n".join(lines)).strip("\n")
    for end in ("", " pass"):
        with contextlib.suppress(SyntaxError, ValueError):
            ast.parse(text + end)
            return True
    return False


@dataclass(frozen=True)
class Planted:
    """A hunk with a bug: `hunk` as it was merged, `shown` with the bug in it."""

    file: FileDiff
    hunk: Hunk
    shown: Hunk
    defect: Defect

    @property
    def right(self) -> list[str]:
        """The lines that belong there."""
        hit = range(self.defect.line, self.defect.line + self.defect.count)
        return [line[1:] for line, number in self.hunk.numbered() if line[0] != "-" and number in hit]

    @property
    def statement(self) -> list[str]:
        """The lines that belong there, with those that end the statement which they begin."""
        after = [(line[1:], number) for line, number in self.hunk.numbered() if line[0] != "-"]
        lines = list(self.right)
        for text, number in after:
            if number < self.defect.line + self.defect.count or _open(lines) == 0:
                continue
            if len(lines) > MOST_LINES:
                break
            lines.append(text)
        return lines if _is_whole(lines) else self.right

    @property
    def inner(self) -> str | None:
        """The first statement of the block that the bad line opens."""
        after = [(line[1:], number) for line, number in self.hunk.numbered() if line[0] != "-"]
        for text, number in after:
            if number == self.defect.line + self.defect.count and len(self.right) == 1:
                head = self.right[0]
                deeper = len(text) - len(text.lstrip()) > len(head) - len(head.lstrip())
                short = 3 < len(text.strip()) <= 60 and "`" not in text and not text.strip().startswith("#")
                return text.strip() if deeper and short and text[-1] != ":" and not _open([text]) else None
        return None

    def diff(self) -> str:
        """The diff with the bug."""
        return Shown(self.file, [self.shown]).diff()

    def mended(self) -> str:
        """The diff without it."""
        return Shown(self.file, [self.hunk]).diff()


def planted(file: FileDiff, hunk: Hunk, defect: Defect) -> Planted | None:
    """The two versions; None where nothing of the change is left to be reviewed."""
    shown = with_defect(hunk, defect)
    return Planted(file, hunk, shown, defect) if any(line[0] in "+-" for line in shown.lines) else None


def finding(one: Planted, rng: random.Random, asked: str = "") -> str:
    """What is wrong, where, what follows, and the code that mends it; after a yes or no, where `asked` is a
    question for that.
    """
    defect, path = one.defect, one.file.path
    effect = f"{capital(defect.effect)}.".replace("that get there, it runs", "that get there, the block runs")
    # Of a condition with several parts, one part alone decides nothing.
    line = "".join(one.right).strip()
    whole = line.startswith("if ") and line in (f"if {defect.good}:", f"{defect.good}:")
    inside = one.inner if whole and defect.kind in ("reversed comparison", "inverted condition") else None
    if inside:
        # That it runs needlessly may do no harm; that it does not run where it is needed always does some.
        effect = rng.choice(
            (
                f"So `{inside}` is skipped when it is needed, and runs when it is not.",
                f"As it stands, `{inside}` is left out where it is meant to run, and runs where it is not.",
            )
        )
    elif defect.effect.startswith("it "):
        # The sentence before may have named what is right last.
        effect = f"As it stands, {defect.effect}."
    # Whether something is wrong is no question of what comes first.
    first = (
        ()
        if _ASKS_FOR_FAULTS.search(asked)
        else (f"One thing has to change first, in line {defect.line}: `{defect.bad}`.",)
    )
    lead = rng.choice(
        (
            *first,
            f"Line {defect.line} of `{path}` needs another look: {defect.wrong}.",
            f"`{defect.bad}` in line {defect.line} should be `{defect.good}`.",
            f"{capital(defect.wrong)}, in line {defect.line} of `{path}`.",
            f"In line {defect.line} it says `{defect.bad}` where `{defect.good}` belongs.",
            f"I'd request one change: `{defect.good}` instead of `{defect.bad}` (line {defect.line}).",
            f"Please fix line {defect.line} before this goes in: {defect.wrong}.",
        )
    )
    parts = [_verdict(asked) + lead]
    if defect.wrong not in lead.lower() and "`" not in defect.wrong and rng.random() < 0.5:
        effect = f"{capital(defect.wrong)}: {effect[0].lower() + effect[1:]}"
    parts.append(effect)
    # The fix below says once more what the line has to be.
    parts.append("" if defect.good in lead else _before(one, rng))
    # "So ... So:" says it twice.
    so = () if "So `" in " ".join(parts) or ": so `" in " ".join(parts) else ("So:",)
    put = rng.choice(("It should read:", "Corrected:", "The fix:", *so, "Corrected code:"))
    return f"{' '.join(part for part in parts if part)} {put}\n\n{_fix(one)}"


def _verdict(asked: str) -> str:
    """Yes to whether something is wrong, no to whether all is right; "" where neither is asked."""
    if _ASKS_FOR_FAULTS.search(asked):
        return "Yes. "
    return "No, not yet. " if _ASKS_FOR_APPROVAL.search(asked) else ""


def _fix(one: Planted) -> str:
    return block("python", textwrap.dedent("\n".join(one.statement)).strip("\n"))


def _before(one: Planted, rng: random.Random) -> str:
    """A sentence on what the bad line was before, where the diff removes that very line."""
    gone = [line[1:].strip() for line in one.shown.lines if line[0] == "-"]
    if not {line.strip() for line in one.right} <= {*gone}:
        return ""
    good = one.defect.good
    return rng.choice(
        (
            f"The line that goes away had `{good}`.",
            f"Before the patch it was `{good}`.",
            f"The removed version says `{good}`.",
        )
    )


def in_doubt(one: Planted) -> bool:
    """Whether somebody who knows the code may say that the planted bug is none, or cannot see what the review
    claims: a text without its `f` among templates, a handler without its `except`, a value that is computed
    where nothing of it is shown, an order of results or arguments that nothing shown gives, the `sort` of
    what may be no list.
    """
    hit = range(one.defect.line, one.defect.line + one.defect.count)
    after = [(line[1:], number) for line, number in one.shown.numbered() if line[0] != "-"]
    others = [text for text, number in after if number not in hit]
    if one.defect.kind == "missing f":
        return any(_TEMPLATE.search(text) for text in others)
    if one.defect.kind == "swallowed exception":
        # Without its head nobody sees that the line is a handler's.
        above = [text for text, number in after if number < one.defect.line]
        return not any(text.lstrip().startswith("except") for text in above)
    if one.defect.wrong.startswith("`sort` "):
        # Only a list has one: of anything else, its lack is what is wrong.
        return True
    if one.defect.effect.startswith("whoever unpacks it"):
        return not _was_there(one)
    if " takes `" in one.defect.effect or "is passed twice" in one.defect.effect:
        return not (_was_there(one) or _takes_in_order(one.defect.good, others))
    if one.defect.kind == "wrong return" and "comes back" in one.defect.effect:
        name = one.defect.good.removeprefix("return ").strip()
        return not any(re.search(rf"^\s*{re.escape(name)}\b[^=]*=(?!=)", text) for text in others)
    return False


def _was_there(one: Planted) -> bool:
    """Whether a removed line of the diff has what is right."""
    return any(line[0] == "-" and one.defect.good in line for line in one.shown.lines)


def _takes_in_order(call: str, shown: list[str]) -> bool:
    """Whether one of these lines defines what is called, with the call's two names in that order."""
    found = re.fullmatch(r"(?:[\w.]*\.)?(\w+)\((\w+), *(\w+)\b.*\)", call, re.DOTALL)
    head = re.compile(rf"\bdef {found[1]}\(.*\b{found[2]}\b.*\b{found[3]}\b") if found else None
    return head is not None and any(head.search(line) for line in shown)


def confirmed(mended: Planted, rng: random.Random, asked: str = "") -> str:
    """That the bug is mended as requested, and that nothing else is different; after a yes, where `asked` is
    a question for that.
    """
    yes = "Yes, from my side. " if asked.endswith("?") else ""
    fixed = f"Line {mended.defect.line} has `{mended.defect.good}` now"
    # That nothing else is wrong, a later commit may refute.
    lead = rng.choice(
        (
            f"{fixed}, so my objection is gone.",
            f"{fixed}, as requested.",
            f"{fixed}: that was my only objection.",
        )
    )
    rest = rng.choice(
        ("The rest of the diff is as it was.", "The other lines are those of your first version.")
    )
    return f"{yes}{lead} {rest}"
