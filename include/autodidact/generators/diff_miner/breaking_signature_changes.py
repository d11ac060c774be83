"""Whether a change of a function's parameters breaks those who call it, by the rules of Python alone."""

import ast
import random
import re
from collections.abc import Iterator

from autodidact.generators.diff_miner.shown_diff import Shown, block, source
from autodidact.generators.writing.facts_into_words import capital, code, listing
from autodidact.records import Example, example
from autodidact.shipped_tables import read_table
from autodidact.sources.git.commits_with_diffs import Commit
from autodidact.sources.git.hunks import Hunk

# Question: how its answer begins if the change breaks callers, and if it does not.
ASKS = read_table(__file__)["signature"]

# What follows from a signature alone; what the function does with its arguments is another matter.
FIT = " Calls that fit before still fit."

_HEAD = re.compile(r"\s*(?:async )?def (\w+)\(.*\).*:\s*(#.*)?$")


def to_examples(commit: Commit, shown: Shown, most: int, rng: random.Random) -> Iterator[Example]:
    """One example for the first function whose one-line signature the diff changes."""
    if "def " not in shown.file.patch:
        return
    for hunk in shown.hunks:
        if not any(line[0] == "-" and "def " in line for line in hunk.lines):
            continue
        for start, end in hunk.cuts(most):
            lines = hunk.lines[start:end]
            heads = {
                sign: [(m[1], line[1:]) for line in lines if line[0] == sign and (m := _HEAD.match(line[1:]))]
                for sign in "-+"
            }
            for name, old in heads["-"]:
                new = [head for other, head in heads["+"] if other == name]
                if (
                    len(new) == 1
                    and sum(other == name for other, _ in heads["-"]) == 1
                    and (verdict := _verdict(old, new[0]))
                ):
                    breaks, why = verdict
                    if _adapts_calls(commit, name) if breaks else _refuses_more(lines):
                        continue
                    ask = rng.choice(list(ASKS))
                    answer = ASKS[ask][0 if breaks else 1] + why
                    yield _row(commit, shown, hunk.part(start, end), ask.format(name=name), capital(answer))
                    return


def _refuses_more(lines: list[str]) -> bool:
    """Whether the change raises more than before: calls that fit may fail for what they pass."""
    return any(line[0] == "+" and re.match(r"\s*(raise|assert)\b", line[1:]) for line in lines)


def _adapts_calls(commit: Commit, name: str) -> bool:
    """Whether the commit changes calls of the function as well: then nothing breaks that it leaves behind."""
    call = re.compile(rf"^[-+](?!\s*(?:async )?def ).*\b{re.escape(name)}\(", re.MULTILINE)
    return any(call.search(file.patch) for file in commit.files)


def _row(commit: Commit, shown: Shown, part: Hunk, ask: str, answer: str) -> Example:
    diff = block("diff", Shown(shown.file, [part]).diff())
    where = source(commit, shown.file, [part], "signature")
    return example("diff_miner", "code_review", f"{ask}\n{diff}", answer, where, time=commit.committer_time)


def compatible(old: str, new: str) -> bool:
    """Whether calls that fit the first line of a function before it was changed certainly fit it now."""
    before, after = _arguments(old), _arguments(new)
    same = before is not None and after is not None and ast.dump(before) == ast.dump(after)
    verdict = _verdict(old, new)
    return ("async def" in old) == ("async def" in new) and (same or verdict is not None and not verdict[0])


def _verdict(old: str, new: str) -> tuple[bool, str] | None:
    """(whether the change breaks calls, why); None where that takes more than the two signatures."""
    if ("async def" in old) != ("async def" in new):
        return None
    before, after = _arguments(old), _arguments(new)
    if before is None or after is None or _beyond_names(before) or _beyond_names(after):
        return None
    had, has = [a.arg for a in before.args], [a.arg for a in after.args]
    only_had, only_has = [a.arg for a in before.kwonlyargs], [a.arg for a in after.kwonlyargs]
    if had[:1] != has[:1] and {"self", "cls"} & {*had[:1], *has[:1]}:
        return None
    gone = [name for name in had + only_had if name not in has + only_has]
    added = [name for name in has + only_has if name not in had + only_had]
    if breaks := _breaking(gone, added, _required(after)):
        return True, breaks
    if (_required(after) - _required(before)) & {*had, *only_had}:
        return None
    kept = [name for name in has if name in had]
    if kept != had or has[: len(had)] != had or only_had and set(only_had) - set(only_has):
        return None
    if added:
        new = "is new and has a default" if len(added) == 1 else "are new and have defaults"
        return False, f"{code(added)} {new}.{FIT}"
    if had == has and only_had == only_has and ast.dump(before) != ast.dump(after):
        same = [ast.dump(d) for d in before.defaults] == [ast.dump(d) for d in after.defaults]
        if same and _bare(before) == _bare(after):
            return False, "the parameters keep their names, order and defaults. Only annotations change."
    return None


def _beyond_names(arguments: ast.arguments) -> bool:
    """Whether there are parameters of which a call need not know the name."""
    return bool(arguments.vararg or arguments.kwarg or arguments.posonlyargs)


def _required(arguments: ast.arguments) -> set[str]:
    """The parameters without a default."""
    names = [a.arg for a in arguments.args]
    only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {
        *names[: len(names) - len(arguments.defaults)],
        *(a.arg for a, default in only if default is None),
    }


def _breaking(gone: list[str], added: list[str], required: set[str]) -> str:
    """Why calls break when these parameters are gone and these are new; "" when they do not."""
    it, are = ("it", "is") if len(gone) == 1 else ("them", "are")
    if gone and added:
        by_name = listing((f"`{name}=`" for name in gone), "or")
        new = f"{code(added)} {'is' if len(added) == 1 else 'are'} new"
        return f"{code(gone)} {are} gone and {new}. Calls that pass {by_name} by name raise TypeError."
    if gone:
        return f"{code(gone)} {are} gone. Calls that pass {it} must stop doing so."
    if missing := [name for name in added if name in required]:
        it, are = ("it", "is") if len(missing) == 1 else ("them", "are")
        return f"{code(missing)} {are} new without a default. Calls without {it} raise TypeError."
    return ""


def _bare(arguments: ast.arguments) -> list[str]:
    """The defaults, of keyword-only parameters too."""
    return [ast.dump(d) if d else "" for d in [*arguments.defaults, *arguments.kw_defaults]]


def _arguments(head: str) -> ast.arguments | None:
    try:
        (node,) = ast.parse(
            f"{head.strip()}\n    pass\n" if head.rstrip().endswith(":") else f"{head.strip()}\n pass"
        ).body
    except (SyntaxError, ValueError, RecursionError):
        return None
    return node.args if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
