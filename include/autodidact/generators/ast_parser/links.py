"""Questions about how definitions are connected: calls, uses, tests, inheritance and imports across files."""

import random

from autodidact.generators.ast_parser.code_view import MOST, CodeView, QuestionAndAnswer
from autodidact.generators.writing.wording import capital, listing
from autodidact.sources.code.analysis import Definition
from autodidact.sources.code.codebase import CANDIDATES
from autodidact.sources.code.definitions import is_test


def calls(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    found = view.code.callees(d) if d.calls else []
    if not 1 <= len(found) <= MOST:
        return None
    name = view.label(d)
    ways = [
        f"What does {name} call in this code base?",
        f"Which parts of this project does {name} use?",
        f"List the calls {name} makes.",
    ]
    return QuestionAndAnswer(ways, f"It calls {view.listed(found)}.")


def callers(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    known = view.code.callers(d)
    if not known or not 1 <= len(known[0]) <= MOST:
        return None
    found, all_of_them = known
    real = [c for c in found if not c.test]
    if not all_of_them:
        answer = (
            f"At least {view.listed(real or found)}. Other calls of a `{d.name}` do not show whose it is."
        )
    elif real:
        answer = capital(f"{view.listed(real)}.")
    else:
        answer = f"Only tests call it: {view.listed(found)}."
    name = view.label(d)
    return QuestionAndAnswer(
        [
            f"Who calls {name}?",
            f"I am changing {name}. Which callers do I check?",
            f"Where is {name} called?",
        ],
        answer,
    )


def usage(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    known = view.code.callers(d)
    if not known or not known[0]:
        return None
    callers = [c for c in known[0] if not c.test] or known[0]
    caller = rng.choice(callers)
    number = view.code.line_of(caller, d)
    line = view.line(caller.path, number)
    if line is None:
        return None
    name = view.label(d)
    ways = [
        f"How is {name} used?",
        f"Show me a real call of {name}.",
        f"Give me an example of {name} from this repository.",
    ]
    if not d.owner:
        ways.append(f"I want to use `{d.name}` from `{d.path}`. How do others here do it?")
    place = f"line {number} of `{caller.path}`" + (
        "" if caller.kind == "module" else f", in `{caller.qualname}`"
    )
    lines = (number, number) if caller.kind == "module" else caller.lines
    return QuestionAndAnswer(ways, f"```python\n{line}\n```\nThat is {place}.", caller.path, lines)


def tests(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    tested = not d.test and d.public and any(file.test for file in view.code.calling(d.name))
    known = view.code.callers(d) if tested else None
    found = [c for c in known[0] if c.test and c.name.startswith("test")] if known else []
    if not 1 <= len(found) <= MOST:
        return None
    name = view.label(d)
    ways = [
        f"Which tests call {name}?",
        f"I changed {name}. Which tests exercise it directly?",
        f"Where is {name} tested?",
    ]
    sure = known is not None and known[1]
    return QuestionAndAnswer(ways, f"{view.listed(found)}." if sure else f"At least {view.listed(found)}.")


def subclasses(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    files = {child.path for child in view.code.deriving(d.name)}
    found = view.code.children(d) if len(files) <= CANDIDATES else []
    if not 1 <= len(found) <= MOST:
        return None
    name = view.label(d)
    return QuestionAndAnswer(
        [f"Which classes inherit from {name}?", f"What subclasses does {name} have?"],
        f"{view.listed(found)}.",
    )


def lineage(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    """A class's bases of bases, as far as this code base defines them."""
    line: list[Definition] = []
    last = d
    while last.kind == "class" and len(last.bases) == 1 and len(line) < 5:
        found = view.code.bases(last)
        if len(found) != 1:
            break
        last = found[0]
        line.append(last)
    if len(line) < 2:
        return None
    name = view.label(d)
    ways = [
        f"What are the ancestors of {name}?",
        f"Which classes stand above {name}?",
        f"Trace the inheritance of {name} upwards.",
    ]
    steps = f"`{d.name}` inherits from " + ", which inherits from ".join(
        f"`{base.qualname}` (`{base.path}`)" for base in line
    )
    return QuestionAndAnswer(ways, f"{steps}.")


def overrides(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if not d.owner or d.kind == "class" or d.name == "__init__":
        return None
    holder = view.code.files[d.path].first.get(d.owner)
    bases = view.code.bases(holder) if holder else []
    found = [base for base in bases if f"{base.qualname}.{d.name}" in view.code.files[base.path].first]
    if len(found) != 1:
        return None
    base, name = found[0], view.label(d)
    ways = [f"Which method does {name} override?", f"Does {name} replace something that it would inherit?"]
    return QuestionAndAnswer(
        ways,
        f"`{base.qualname}.{d.name}` in `{base.path}`: `{d.owner}` inherits from `{base.qualname}` and"
        f" defines `{d.name}` anew.",
    )


def importers(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    """How the others use a file, asked with its first definition."""
    file = view.code.files[d.path]
    found = [other.path for other in view.code.importers(file)]
    real = [path for path in found if not is_test(path)]
    if not 1 <= len(real or found) <= MOST:
        return None
    ways = [
        f"Which files import `{d.path}`?",
        f"Who depends on the module `{file.module}`?",
        f"I am renaming `{d.path}`. Which imports break?",
    ]
    named = listing(f"`{path}`" for path in real or found)
    answer = f"{named}." if real else f"Only tests import it: {named}."
    for target in file.definitions[:MOST]:
        known = view.code.callers(target)
        uses = [caller for caller in known[0] if caller.path in real] if known else []
        if uses:
            answer += f" For example {view.listed(uses[:1])} calls `{target.qualname}`."
            break
    return QuestionAndAnswer(ways, answer, lines=(1, d.lines[1]))


def chain(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    direct = view.code.callees(d)
    known = {d, *direct}
    steps = [
        (middle, last)
        for middle in direct[:MOST]
        for last in view.code.callees(middle)[:MOST]
        if last not in known
    ]
    if not steps:
        return None
    middle, last = rng.choice(steps)
    one, other = view.label(d), view.label(last)
    ways = [f"How does {one} come to call {other}?", f"By which way does a change of {other} reach {one}?"]
    return QuestionAndAnswer(
        ways,
        f"Through `{middle.qualname}`: `{d.qualname}` calls `{middle.qualname}`, which calls"
        f" `{last.qualname}`.",
    )
