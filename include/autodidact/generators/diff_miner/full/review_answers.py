"""Reviews with reasons: what is wrong in a diff with a planted bug, what follows from it and the code that
mends it; and that this bug is mended.
"""

import random
import re
import textwrap

from autodidact.generators.diff_miner.full.consequences import consequence, unclear
from autodidact.generators.diff_miner.full.planted_bug import Planted, planted
from autodidact.generators.diff_miner.shown_diff import block
from autodidact.generators.writing.facts_into_words import capital

__all__ = ["Planted", "confirmed", "finding", "in_doubt", "planted"]

# Texts that are filled in elsewhere, so that one without an `f` may be meant so.
_TEMPLATE = re.compile(
    r"f-string|template|\.format\(|\bcompile|(?<![\w\"'])[rRuU]?[\"'][^\"'\n]*\{[A-Za-z_][\w.!]*\}",
    re.IGNORECASE,
)
# What a question asks for, and how a review of something with a bug begins then. Three words at most: what
# follows is of this bug alone (sentence_frame_limit.py).
_VERDICTS = (
    (r"Anything that stops|Did I break it|Is anything wrong|Is there a bug", ("Yes.",)),
    (r"Does the code agree", ("Not yet.", "No.", "Not quite.")),
    (r"Approve or request changes|verdict", ("Request changes.", "Changes needed.", "Changes requested.")),
    (
        r"sign this off|right now|fine as well|Approve\?|merged\?|author\. Is it|LGTM",
        ("No, not yet.", "Not yet.", "No."),
    ),
    (r"before I push", ("Not yet.", "Better not yet.", "Don't push yet.")),
    (r"Be strict", ("Not ready yet.", "One bug.", "One blocking comment.")),
)
_ANY = ("Request changes.", "One blocking comment.", "Not mergeable yet.", "Changes requested.", "One bug.")


def finding(one: Planted, rng: random.Random, asked: str = "") -> str:
    """The verdict, what is wrong and where, what follows, and the code that mends it."""
    defect, path = one.defect, one.file.path
    line, bad, good = f"line {defect.line}", f"`{defect.bad}`", f"`{defect.good}`"
    # The diff itself shows what the line was.
    ground = ", as in the line that it replaces" if one.replaces_it else ""
    ground = ground or (", as in the code that is removed" if one.was_there else "")
    turned = (f"{capital(line)} of `{path}` turns {good} into {bad}.",) if one.replaces_it else ()
    lead = rng.choice(
        (
            *turned,
            f"{bad} in {line} of `{path}` should be {good}{ground}.",
            f"{capital(line)} of `{path}` has {bad}; it should be {good}{ground}.",
            f"{capital(line)} of `{path}` says {bad} where {good} belongs{ground}.",
        )
    )
    put = rng.choice(("It should read:", "Corrected:", "The fix:", "Corrected code:", "With that put right:"))
    return f"{_verdict(asked, rng)} {lead} {consequence(one)} {put}\n\n{_fix(one)}"


def _verdict(asked: str, rng: random.Random) -> str:
    """The answer to what is asked of a change with a bug in it."""
    fitting = (words for pattern, words in _VERDICTS if re.search(pattern, asked, re.IGNORECASE))
    return rng.choice(next(fitting, _ANY))


def _fix(one: Planted) -> str:
    return block("python", textwrap.dedent("\n".join(one.statement)).strip("\n"))


def in_doubt(one: Planted) -> bool:
    """Whether somebody who knows the code may say that the planted bug is none, or cannot see what the review
    claims: a text without its `f` among templates, a handler without its `except`, a value that is computed
    where nothing of it is shown, an order of results or arguments that nothing shown gives, the `sort` of
    what may be no list; or what the fix is: a part of a statement, a condition of which the commit itself
    drops a part; or what the bug does.
    """
    if one.tree is None or _drops_a_condition(one) or unclear(one):
        return True
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
        return not one.was_there
    if " takes `" in one.defect.effect or "is passed twice" in one.defect.effect:
        return not (one.was_there or _takes_in_order(one.defect.good, others))
    if one.defect.kind == "broad except":
        # How much a handler should catch is a matter of judgement.
        return True
    if re.search("is (?:used twice|compared with itself|looked for in itself)", one.defect.effect):
        return not one.was_there
    if one.defect.kind == "wrong return" and "comes back" in one.defect.effect:
        name = re.escape(one.defect.good.removeprefix("return ").strip())
        made = any(re.search(rf"^\s*{name}\b[^=]*=(?!=)", text) for text in others)
        # What is made and used for nothing else is made to be returned.
        used = sum(len(re.findall(rf"(?<![\w.]){name}\b", text)) for text in others)
        return not made or not (one.was_there or used == 1)
    return False


def _drops_a_condition(one: Planted) -> bool:
    """Whether what is right stood in a condition with other parts, which the commit takes away: whether that
    is meant, the diff does not say.
    """
    parts = [len(re.findall(r"\b(?:and|or)\b", line)) for line in (*one.removed, "".join(one.right))]
    there = [count for line, count in zip(one.removed, parts, strict=False) if one.defect.good in line]
    return bool(there) and max(there) > parts[-1]


def _takes_in_order(call: str, shown: list[str]) -> bool:
    """Whether one of these lines defines what is called, with the call's two names in that order."""
    found = re.fullmatch(r"(?:[\w.]*\.)?(\w+)\((\w+), *(\w+)\b.*\)", call, re.DOTALL)
    head = re.compile(rf"\bdef {found[1]}\(.*\b{found[2]}\b.*\b{found[3]}\b") if found else None
    return head is not None and any(head.search(line) for line in shown)


def confirmed(mended: Planted, rng: random.Random) -> str:
    """That the bug is mended, which is all that was asked: that the rest is right, a later commit may
    refute.
    """
    line, good, path = mended.defect.line, f"`{mended.defect.good}`", f"`{mended.file.path}`"
    now = "again" if mended.was_there else "now"
    return rng.choice(
        (
            f"Yes, that mends it: line {line} has {good} {now}.",
            f"Yes. Line {line} of {path} has {good} {now}.",
            f"Yes, line {line} of {path} is right with {good}.",
            f"Yes: {good} stands in line {line} {now}, as it should.",
        )
    )
