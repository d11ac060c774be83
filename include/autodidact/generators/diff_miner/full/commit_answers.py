"""Answers about one commit, each out of what its message says and what its code shows; None where that is not
enough for a good one.
"""

import ast
import random
import re

import autodidact.generators.diff_miner.breaking_signature_changes as signatures
from autodidact.generators.diff_miner.full.change_sentences import (
    edits,
    joined,
    news,
    parameters,
    quoted,
    said_of_body,
)
from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.full.definition_changes import Definition, Touched, written
from autodidact.generators.diff_miner.full.quotable_commit_message import gives_reason, states_cause
from autodidact.generators.writing.facts_into_words import capital, listing, lower

# Calls that are listed.
MOST_CALLS = 4
# A question whether there are tests.
_WHETHER = re.compile(r"\b(Did (tests|a test) come|Did anybody write a test|Does \w+ come with tests)\b")


def explain(change: Change, rng: random.Random) -> str | None:
    """What the commit does, with the whole reason that its message gives; None without a reason, as the diff
    alone is there to be read.
    """
    reason = change.message.quote()
    if not gives_reason(reason):
        return None
    lead, code, new, does = _lead(change), edits(change), news(change), change.message.does()
    if not code and not new and change.path.endswith(".py"):
        return None  # what is different in the code could be said, and the message alone does not say it
    says = rng.choice(
        ("The commit message says:", "The message explains:", "Its author writes:", "From the message:")
    )
    order = rng.random()
    if code and order < 0.3:
        return joined(code, new, _message_of(change, rng), quoted(reason))
    if does and order < 0.6:
        lead = f"It {does}{_where(change)}."
    if order < 0.7 or not code:
        return joined(lead, says, quoted(reason), code, new)
    return joined(lead, code, new, says, quoted(reason), _covered(change, rng))


def _lead(change: Change) -> str:
    """Which commit it is, and which files it changes, where these are few."""
    subject, paths = change.message.subject, [f"`{shown.file.path}`" for shown in change.code]
    called = f', "{subject}",' if '"' not in subject else ""
    if 0 < len(paths) <= 3:
        kinds = {shown.file.status for shown in change.code}
        verb = {"A": "adds", "D": "deletes"}.get(kinds.pop() if len(kinds) == 1 else "", "changes")
        return f"{change.sha}{called} {verb} {listing(paths)}."
    return f'{change.sha} is "{subject}".' if called else f"{change.sha} is of {change.date}."


def _where(change: Change) -> str:
    """` in` and the one file that is neither a test nor a list of changes; "" where there are more."""
    return f" in `{change.path}`" if len(change.code) == 1 else ""


def _message_of(change: Change, rng: random.Random) -> str:
    """How a quotation of the message begins that comes after the code."""
    subject = change.message.subject
    named = f', "{subject}"' if '"' not in subject else ""
    return rng.choice(
        (
            f"The message of {change.sha} says why:",
            f"That is {change.sha}{named}, whose message says:",
            f"The author's account, in {change.sha}:",
        )
    )


def _covered(change: Change, rng: random.Random) -> str:
    """A sentence about a test of the commit that calls what changed; "" where there is none. It says nothing
    about what else is tested.
    """
    for called in [one.after.short for one in change.parsed.touched[:2]]:
        for test in change.covering(called)[:1]:
            if f"{called}(" in test.text:
                return rng.choice(
                    (
                        f"Among its tests is `{test.name}` in `{test.path}`, which calls `{called}`.",
                        f"`{test.name}` in `{test.path}` came with it and calls `{called}`.",
                    )
                )
    return ""


def why(change: Change, rng: random.Random, brief: bool = False) -> str | None:
    """The reason that the message gives, attributed, with what was done about it. `brief`: what was done has
    been said before.
    """
    reason = change.message.quote()
    if not gives_reason(reason):
        return None
    code = "" if brief else edits(change)
    sha, date, does, subject = change.sha, change.date, change.message.does(), change.message.subject
    issue = change.message.closes()
    form = rng.random()
    # Where no sentence gives a cause or names a fault, the message is quoted and not called a reason.
    if not states_cause(reason) and (form < 0.3 or 0.5 <= form < 0.75):
        return joined(f"The message of {sha}, of {date}, says:", quoted(reason), code, issue)
    if form < 0.3:
        return joined(f"The message of {sha} gives the reason:", quoted(reason), code, issue)
    if form < 0.5 and '"' not in reason:
        did = f"So {sha} {does}{_where(change)}." if does and not brief else ""
        return joined(quoted(reason), f"That is what the message of {sha} says, of {date}.", did, issue)
    if form < 0.75 and not brief and '"' not in subject:
        which = f'{sha}, "{subject}"' if form < 0.62 else f'"{subject}" ({sha}, {date})'
        return joined(f"The reason is in the message of {which}:", quoted(reason), code, issue)
    if does and not brief:
        return joined(
            f"{sha} {does}{_where(change)}. Its message, of {date}, explains:", quoted(reason), code, issue
        )
    return joined(f"According to the message of {sha}, dated {date}:", quoted(reason), code, issue)


def tested(change: Change) -> str | None:
    """The changed or new function that a test of the commit calls; None where there is none."""
    known = [t.after for t in change.parsed.touched] + change.parsed.added
    return next((one.name for one in known if len(one.short) > 5 and change.covering(one.short)), None)


def breaking(change: Change) -> list[Touched]:
    """The functions of which `breaks` speaks: all whose change breaks calls, or one that is all that changes.
    A private one breaks nobody outside of its package.
    """
    named = [one for one in change.parsed.touched if "._" not in f".{one.after.name}"]
    verdicts = [(one, compare(one)) for one in named]
    found = [one for one, verdict in verdicts if verdict]
    alone = len(found) == 1 and len(change.parsed.touched) == 1 and not change.parsed.removed
    return found if alone else [one for one, verdict in verdicts if verdict and verdict[0]]


def to_question(ask: str, answer: str) -> str:
    """The answer about tests, begun with "Yes" where that was the question: there are some."""
    return f"Yes. {answer}" if _WHETHER.search(ask) else answer


def breaks(change: Change, users: dict[str, list[str]], rng: random.Random) -> str | None:
    """What a changed signature means for calls, and which lines call it. `users`: by name, `path:line: text`
    of all calls at this commit.
    """
    found = breaking(change)
    verdicts = {verdict for one in found if (verdict := compare(one))}
    if len(verdicts) != 1:
        return None  # of several, one sentence does not tell what becomes of each
    one, (broken, says) = found[0], verdicts.pop()
    if len(found) > 1:
        names = listing(f"`{each.after.name}`" for each in found)
        adapted = _adapts(change, [each.after for each in found])
        return (
            None if "by name" in says else joined(f"Breaking for callers of {names}: {lower(says)}", adapted)
        )
    # Of a method, the name alone does not tell which lines call it.
    calls = users.get(one.after.short, []) if "." not in one.after.name else []
    # A method of that name is another one.
    method = re.compile(rf"(?:super\(\)|self|cls)\.{re.escape(one.after.short)}\b")
    calls = [call for call in calls if not method.search(call)]
    name = one.after.name
    lead = f"Breaking for callers of `{name}`:" if broken else f"Calls of `{name}` still fit its signature:"
    passed = re.findall(r"`(\w+=)`", says) if "by name" in says and _renames(one) else []
    if passed:
        now = next(new for old, new in _places(one) if old != new)
        lead = f"It depends on how `{name}` is called."
        says += f" What is passed by position lands in `{now}` and is accepted as before."
    text = f"{lead} {lower(says) if not passed else capital(says)}"
    if not broken and not passed:
        text, other = text.removesuffix(signatures.FIT), _does_else(one)
        return joined(text, other, _covered(change, rng)) if other else None
    text = joined(text, _adapts(change, [one.after]))
    if calls:
        shown = "\n".join(f"- `{call}`" for call in calls[:MOST_CALLS])
        many = f" ({len(calls)} in all)" if len(calls) > MOST_CALLS else ""
        text += f"\n\nAt {change.sha} these lines call something of that name{many}:\n\n{shown}"
        whole = all(call.count("(") == call.count(")") for call in calls)
        if passed and whole and not any(name in call for call in calls for name in passed):
            text += f"\n\nNo line of these passes `{passed[0]}`."
    return text


def _does_else(one: Touched) -> str:
    """What a call does otherwise, as a signature that fits does not tell that; "" where it cannot be said."""
    old, new = (
        [ast.dump(node) for node in side.node.body if not _is_text(node)] for side in (one.before, one.after)
    )
    if old == new:
        return "The body is the same as before."
    phrases = said_of_body(one)
    return f"In the body, it {phrases}." if phrases else ""


def _is_text(node: ast.stmt) -> bool:
    """Whether a statement is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _adapts(change: Change, functions: list[Definition]) -> str:
    """In which files the commit itself changes calls of these functions; "" where it changes none."""
    paths = dict.fromkeys(path for one in functions for path in _adapted(change, one))
    # The name of a method does not tell whose it is.
    of = " of methods so named" if any("." in one.name for one in functions) else ""
    return (
        f"The commit itself changes calls{of} in {listing(f'`{path}`' for path in paths)}." if paths else ""
    )


def _adapted(change: Change, function: Definition) -> list[str]:
    """The files, without tests, in which the commit replaces calls of a function: in one piece of the diff a
    call by its plain name goes and one comes, in its own file or in one that imports it; of a method, a call
    of one that has its name, in any file.
    """
    method = "." in function.name
    before = r"(?<!super\(\))\." if method else r"(?<!def )(?<![\w.])"
    call = re.compile(rf"{before}{re.escape(function.short)}\(")
    home = re.escape(function.path.rpartition("/")[2].removesuffix(".py"))
    brought = re.compile(
        rf"^\s*from [\w.]*\b{home} import (?:\([^)]*|[^\n]*)\b{re.escape(function.short)}\b", re.M
    )
    found = []
    for shown in change.code:
        path = shown.file.path
        signs = [{line[0] for line in hunk.lines if call.search(line)} for hunk in shown.hunks]
        if any(one >= {"-", "+"} for one in signs) and (
            method or path == function.path or brought.search(change.read_at(path) or "")
        ):
            found.append(path)
    return found[:3]


def _renames(one: Touched) -> bool:
    """Whether one parameter has another name and the others stay in their places."""
    places = _places(one)
    return len(places) > 0 and sum(old != new for old, new in places) == 1


def _places(one: Touched) -> list[tuple[str, str]]:
    """The parameters before and after, in pairs; none where their numbers differ."""
    sides = (one.before, one.after)
    old, new = (list(parameters(side.node.args)) for side in sides)  # type: ignore[union-attr]
    return list(zip(old, new, strict=True)) if len(old) == len(new) else []


def _wrapped(one: Definition) -> bool:
    """Whether a decorator may call the function in its own way."""
    names = {written(node).rpartition(".")[2] for node in one.node.decorator_list}
    return bool(names - {"staticmethod", "classmethod", "abstractmethod"})


def compare(one: Touched) -> tuple[bool, str] | None:
    """(whether calls break, why) of a function that has other parameters or defaults; None where that cannot
    be known.
    """
    if one.after.short.startswith("__") or _wrapped(one.before) or _wrapped(one.after):
        return None
    heads = []
    for side in (one.before, one.after):
        node = side.node
        prefix = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
        heads.append(f"{prefix} {node.name}({written(node.args)}):")  # type: ignore[union-attr]
    verdict = signatures._verdict(*heads)
    return None if verdict and "annotations" in verdict[1] else verdict
