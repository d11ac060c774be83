"""Sentences about what a commit does to code, and the signs around what is quoted."""

import ast
import re
from collections.abc import Iterator

from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.full.definition_changes import Definition, Touched, defaults, written
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.git.hunks import Hunk

# Phrases about one function, and functions, that an answer lists.
MOST_PHRASES, MOST_FUNCTIONS = 3, 2

# A line that comes, or one that goes, which defines a function or class.
_DEFINES = {
    sign: re.compile(rf"^{re.escape(sign)}[ \t]*(?:async )?(?:def|class) ", re.MULTILINE) for sign in "+-"
}
# A line with code, other than a plain import and what a docstring or a comment consists of.
_CODE_LINE = re.compile(r"\s*(?!#|$|import |from \S+ import |[\"'][^\"']*[\"']?$)")
# Phrases that read the lines of a diff aloud.
_CLUMSY = re.compile(r"sets `|has `(?!.*as the default of)|imports `")

# That it returns or raises something, without a condition.
_LEAVES = re.compile(r"(?:returns|raises) (?!.* (?:when|instead of) )")


def quoted(text: str) -> str:
    """A text in quotation marks; as a block where it has some of its own."""
    return f"\n\n> {text}\n\n" if '"' in text else f'"{text}"'


def joined(*parts: str) -> str:
    """The parts that are not empty, with a space between them, or with an empty line around a block."""
    return re.sub(r" *\n\n *", "\n\n", " ".join(part for part in parts if part)).strip()


def edits(change: Change) -> str:
    """What the functions do now and no longer; "" unless all that is different can be said."""
    parsed = change.parsed
    if _elsewhere(change):
        return ""
    touched = [t for t in parsed.touched if t.edits.now or t.edits.gone or not t.edits.whole]
    signed = [t for t in parsed.touched if signature(t) != ""]
    said = list(dict.fromkeys(t.after.name for t in [*touched, *signed]))
    if not parsed.whole or not 0 < len(said) <= MOST_FUNCTIONS or any(not t.edits.whole for t in touched):
        return ""
    sentences: dict[str, list[str]] = {}
    for one in parsed.touched:
        if one.after.name in said:
            text = about(one)
            if text is None:
                return ""
            sentences.setdefault(text.removeprefix(f"`{one.after.name}`"), []).append(one.after.name)
    # What is the same in two functions is said once.
    return " ".join(
        f"`{first}`{text}" + (f" The same goes for {listing(f'`{name}`' for name in more)}." if more else "")
        for text, (first, *more) in sentences.items()
    )


def _elsewhere(change: Change) -> bool:
    """Whether lines of code differ outside the functions that are compared and those that are new or gone: of
    a class whose base is another one, its methods do not tell. An import that comes or goes is none.
    """
    parsed = change.parsed
    known = {
        "+": [t.after for t in parsed.touched] + parsed.added,
        "-": [t.before for t in parsed.touched] + parsed.removed,
    }
    return any(
        _CODE_LINE.match(line[1:]) and not _within(known[line[0]], shown.file.path, number)
        for shown in change.code
        if shown.file.path.endswith(".py")
        for hunk in shown.hunks
        for line, number in _numbers_of_both(hunk)
    )


def _within(known: list[Definition], path: str, number: int) -> bool:
    """Whether a line of a file is one of these definitions, or of their decorators."""
    return any(
        one.path == path
        and min([one.node.lineno, *(d.lineno for d in one.node.decorator_list)]) <= number
        and number <= (one.node.end_lineno or 0)
        for one in known
    )


def _numbers_of_both(hunk: Hunk) -> Iterator[tuple[str, int]]:
    """The lines that come, with their numbers after the commit, and those that go, with theirs before it."""
    at = {"-": hunk.old, "+": hunk.new}
    for line in hunk.lines:
        if line[0] in at:
            yield line, at[line[0]]
        for sign in at:
            at[sign] += line[0] in (" ", sign)


def about(one: Touched) -> str | None:
    """A sentence or two about one function."""
    changed = signature(one)
    said = None if changed is None else _phrases(one, changed)
    if said is None:
        return None
    name, (now, gone) = f"`{one.after.name}`", said
    if now and gone:
        return f"{name} now {listing(now)}, and no longer {listing(gone, 'or')}."
    if now:
        return f"{name} now {listing(now)}."
    return f"{name} no longer {listing(gone, 'or')}." if gone else None


def _phrases(one: Touched, changed: str) -> tuple[list[str], list[str]] | None:
    """What a function does now and no longer; None where that takes more words. `changed`: what is different
    in its parameters.
    """
    now, gone = list(one.edits.now), list(one.edits.gone)
    if len(now) + len(gone) > MOST_PHRASES or len(gone) > 1:
        return None
    if any(_CLUMSY.match(phrase) for phrase in [*now, *gone]) or any("(...)" in phrase for phrase in gone):
        return None
    if any(code in one.after.text for phrase in gone for code in re.findall(r"`([^`]+)`", phrase)[:1]):
        return None  # it stands there a second time
    if changed:
        now.insert(0, changed)
    if any(_LEAVES.match(phrase) for phrase in [*now, *gone]) and _exits(one) > 1:
        return None  # which of its exits is meant, the words would not say
    again = [phrase for phrase in gone if phrase in now]
    return [p for p in now if p not in again], [p for p in gone if p not in again]


def _exits(one: Touched) -> int:
    """How many statements leave the function, in the version that has more of them."""
    return max(len(re.findall(r"\b(?:return|raise)\b", side.text)) for side in (one.before, one.after))


def signature(one: Touched) -> str | None:
    """What is different in the parameters; "" where nothing is, None where it takes more words."""
    old, new = one.before.node.args, one.after.node.args  # type: ignore[union-attr]
    if ast.dump(old) == ast.dump(new):
        return ""
    was, now = (list(parameters(node)) for node in (old, new))
    added, gone = [p for p in now if p not in was], [p for p in was if p not in now]
    values = _defaults_of(one.after)
    if len(added) == 1 and not gone:
        default = values.get(added[0])
        rest = f" (default: `{default}`)" if default else ""
        return f"takes `{added[0]}`{rest}" if default != "" else None
    if len(gone) == 1 and not added:
        return f"does without the parameter `{gone[0]}`"
    if not gone and not added and values != _defaults_of(one.before):
        before = _defaults_of(one.before)
        (name, *more) = [key for key in values if values[key] != before.get(key)] or [""]
        if name and not more and before.get(name) and values[name]:
            return f"has `{values[name]}` instead of `{before[name]}` as the default of `{name}`"
    return None


def parameters(arguments: ast.arguments) -> list[str]:
    """The names of the parameters, in order; starred ones last, with their stars."""
    star = [f"{mark}{a.arg}" for mark, a in (("*", arguments.vararg), ("**", arguments.kwarg)) if a]
    return [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)] + star


def _defaults_of(one: Definition) -> dict[str, str]:

    return {
        name: text if len(text := written(node)) <= 40 else "" for name, node in defaults(one.node).items()
    }


def news(change: Change) -> str:
    """The new or the removed functions and classes; "" where there is none, or where there are many, or where
    lines that go and lines that come both define something: what looks new may have had another name.
    """
    parsed, parts = change.parsed, []
    if all(_DEFINES[sign].search(change.diff(change.files)) for sign in "+-"):
        return ""
    added = [
        d
        for d in parsed.added
        if "." not in d.name or d.name.rpartition(".")[0] not in {a.name for a in parsed.added}
    ]
    if 0 < len(added) <= 2:
        for one in added:
            kind = one.kind
            says = one.docstring()
            says = f' Its docstring: "{says}"' if says and '"' not in says else ""
            name = one.name if "." in one.name else one.call()
            parts.append(f"New in `{one.path}` is the {kind} `{name}`.{says}")
    removed = [d for d in parsed.removed if "." not in d.name]
    if 0 < len(removed) <= 2:
        names = listing(f"`{d.name}`" for d in removed)
        parts.append(f"{names} {'is' if len(removed) == 1 else 'are'} gone from `{removed[0].path}`.")
    return " ".join(parts)
