"""Whether the shown lines tell that a planted bug is one, and what is right instead.

A line that was there before is shown in both versions. Of a line that the commit wrote itself only some bugs
show: those that Python alone makes wrong (`is` with a text, a default that is shared), or whose right form
follows from the lines around them. A bound that could as well be another, or a check that nobody sees is
missing, cannot be found by anybody who has only the diff.
"""

import re

from autodidact.generators.diff_miner.codemods import Change

# Wrong by themselves, with one way to put them right.
_ALONE = {"identity", "mutable default", "missing f", "lost self"}
# What code in a `try` speaks for an exception.
_RAISES = {
    "ImportError": r"\bimport\b",
    "ModuleNotFoundError": r"\bimport\b",
    "KeyError": r"\w\[|\.pop\(",
    "IndexError": r"\w\[|\.pop\(",
    "ValueError": r"\b(?:int|float)\(|\.index\(|json\.loads?\(|strptime\(",
    "JSONDecodeError": r"json\.loads?\(",
    "OSError": r"\bopen\(|\bos\.|\.(?:read|write|unlink|mkdir|stat)",
    "FileNotFoundError": r"\bopen\(|\.(?:read_text|read_bytes|unlink|stat)\(",
    "AttributeError": r"\bgetattr\(|\w\.\w",
    "UnicodeDecodeError": r"\.decode\(",
    "StopIteration": r"\bnext\(",
    "ZeroDivisionError": r" [/%]|//",
}
_DEFINITION = re.compile(r"\s*(?:async )?def (\w+)\(")
# A rule about a bound in words, and what holds words: docstrings, comments, texts.
_RULE = re.compile(
    r"\b(at (least|most)|(less|more|fewer|greater|longer|shorter|larger|smaller|higher|lower) than|exceed\w*"
    r"|(must|should)( not)? be|cannot be|up to|(no|not) (more|longer|larger|less|fewer)|maximum|minimum"
    r"|inclusive|exclusive|or (more|less|fewer)|out of (range|bounds)"
    r"|too (many|few|long|short|large|small|big))\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\"{3}[\s\S]*?(?:\"{3}|\Z)|#.*|\"[^\"\n]*\"|'[^'\n]*'")
# A good form of fewer characters in a removed line may be another one's.
_SHORTEST = 5


def ruled(change: Change, lines: list[str]) -> bool:
    """Whether words near a bound may say what it is, so that a bug there may be what they say. `lines`:
    those that are shown.
    """
    if change.kind not in ("off by one", "wrong operator"):
        return False
    if any(_RULE.search(line) for line in lines):
        return True
    numbers = set(re.findall(r"\b\d+\b", f"{change.bad} {change.good}"))
    words = "\n".join(_WORDS.findall("\n".join(lines)))
    return bool(numbers & set(re.findall(r"\b\d+\b", words)))


def evident(change: Change, where: set[int], shown: list[tuple[str, int]]) -> bool:
    """Whether a change of these lines, which the commit wrote, can be found in the diff. `shown`: its lines
    with their numbers.
    """
    if not change.bad:
        # What is missing was never shown.
        return False
    removed = [line[1:] for line, _ in shown if line[0] == "-"]
    above = [line[1:] for line, number in shown if line[0] != "-" and number < min(where)]
    around = above + [line[1:] for line, number in shown if line[0] != "-" and number > max(where)]
    if len(change.good) >= _SHORTEST and any(change.good in line for line in removed):
        return True
    return change.kind in _ALONE or _follows(change, above, around)


def _follows(change: Change, above: list[str], around: list[str]) -> bool:
    """Whether what is right follows from the lines above, or from all lines around it."""
    text = "\n".join(around)
    heads = [line for line in above if _DEFINITION.match(line)]
    match change.kind:
        case "wrong variable":
            there, names = (set(re.findall(r"[A-Za-z_]\w*", part)) for part in (change.bad, change.good))
            names -= there
            return bool(names) and all(re.search(rf"\b{name}\b", text) for name in names)
        case "wrong function":
            return change.wrong.startswith("`sort` ")
        case "swapped arguments":
            called = change.good.partition("(")[0].rpartition(".")[2]
            return "comes first" in change.effect or any(f"def {called}(" in line for line in around)
        case "missing await":
            called = change.bad.partition("(")[0]
            name = re.escape(called.rpartition(".")[2])
            return called.startswith("asyncio.") or bool(re.search(rf"\basync def {name}\(", text))
        case "lost return":
            return bool(heads) and "->" in heads[-1] and "-> None" not in heads[-1]
        case "wrong return":
            return bool(heads)
        case "broad except":
            name = change.good.removeprefix("except ").rpartition(".")[2]
            tries = [number for number, line in enumerate(above) if line.strip() == "try:"]
            body = "\n".join(above[tries[-1] + 1 :]) if tries else ""
            return bool(body) and name in _RAISES and bool(re.search(_RAISES[name], body))
        case "wrong operator" if "instead of added to" in change.wrong:
            name = re.escape(change.bad.partition(" =")[0])
            begun = re.compile(rf"\s*{name}(?:: [^=]+)? = (?:0|0\.0|\[\]|\"\"|'')\s*$")
            return any(begun.match(line) for line in above)
    return False
