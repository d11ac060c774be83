"""Questions about how definitions are connected: calls, uses, tests, inheritance and imports across files."""

import random

from autodidact.generators.ast_parser.base_names import base_name
from autodidact.generators.ast_parser.codebase_for_questions import MOST, CodeView, QuestionAndAnswer
from autodidact.generators.writing.facts_into_words import capital, code
from autodidact.sources.code.codebase import CANDIDATES, OTHERWISE
from autodidact.sources.code.file_analysis import Definition


def calls(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    found = view.code.callees(d) if d.calls else []
    if not 1 <= len(found) <= MOST:
        return None
    name = view.label(d)
    ways = [
        f"What does {name} call in this code base?",
        f"What of this project does {name} call?",
        f"List the calls of this project's own code that {name} makes.",
    ]
    if not view.code.sure_of_callees(d):
        ways = [
            f"Name something of this code base that {name} calls.",
            f"Where do I read on to understand {name}?",
        ]
    return QuestionAndAnswer(ways, f"It calls {view.listed(found)}.{_itself(view, d)}")


def callers(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    known = view.code.callers(d)
    if not known or not 1 <= len(known[0]) <= MOST:
        return None
    found, all_of_them = known
    real = [c for c in found if not c.test]
    if not all_of_them:
        other = f"Whether other calls of a `{d.name}` mean this one the code alone does not say."
        answer = f"At least {view.listed(real or found, d)}. {other}"
    elif real:
        answer = view.closed(capital(f"{view.listed(real, d)}."), d.name)
    elif any(not file.test for file in view.code.calling(d.name)):
        # Of something else that has its name; who reads that may think otherwise.
        return None
    else:
        only = "" if d.test else "Only tests call it: "
        answer = view.closed(capital(f"{only}{view.listed(found, d)}."), d.name)
    answer = answer or f"At least {view.listed(real or found, d)}. A file that was not read has its name too."
    name = view.label(d)
    return QuestionAndAnswer(
        [
            f"Who calls {name}?",
            f"I am changing {name}. Which callers do I check?",
            f"Where is {name} called?",
        ],
        f"{answer}{_itself(view, d)}",
    )


def _itself(view: CodeView, d: Definition) -> str:
    """What is to be added of a definition that calls itself: it is not among its callers and callees."""
    recurs = any(view.code.resolve(d.path, call, d.owner) is d for call in d.calls)
    return " It also calls itself." if recurs else ""


def usage(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    known = view.code.callers(d)
    if not known or not known[0]:
        return None
    callers = [c for c in known[0] if not c.test] or known[0]
    caller = rng.choice(callers)
    number = view.code.line_of(caller, d)
    line = view.line(caller.path, number)
    # A class method's `cls()` shows nobody how others call it.
    if line is None or not any(name in line for name in view.code.names_of(d.name)):
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
    at_least = f"At least {view.listed(found, d)}."
    if known is None or not known[1]:
        return QuestionAndAnswer(ways, at_least)
    return QuestionAndAnswer(ways, view.closed(f"{view.listed(found, d)}.", d.name) or at_least)


def subclasses(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    files = {child.path for child in view.code.deriving(d.name)}
    found, whole = view.code.children(d) if len(files) <= CANDIDATES else ([], False)
    if not 1 <= len(found) <= MOST or not whole:
        return None
    name, heirs = view.label(d), view.listed(found)
    return QuestionAndAnswer(
        [f"Which classes inherit from {name}?", f"What subclasses does {name} have?"],
        f"At least {heirs}." if view.code.unreadable_bases else view.closed(f"{heirs}.", d.name),
    )


def lineage(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    """A class's bases of bases, up to one that has none or is of another code base."""
    line: list[Definition] = []
    last = d
    while last.kind == "class" and len(last.bases) == 1 and not last.hidden_bases and len(line) < 5:
        found = view.code.bases(last)
        if len(found) != 1:
            break
        last = found[0]
        line.append(last)
    outside = all(view.code.names.outside(last.path, base) for base in last.bases)
    if len(line) < 2 or len(last.bases) > 1 or last.hidden_bases or not outside:
        return None
    name = view.label(d)
    ways = [
        f"What are the ancestors of {name}?",
        f"Which classes stand above {name}?",
        f"Trace the inheritance of {name} upwards.",
    ]
    steps = [f"`{base.qualname}` (`{base.path}`)" for base in line] + [
        base_name(view.code, last, base) for base in last.bases
    ]
    return QuestionAndAnswer(ways, f"`{d.name}` inherits from {', which inherits from '.join(steps)}.")


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
    heir = f"`{d.owner}` inherits from `{base.qualname}`"
    if d.owner == base.qualname:
        heir = f"the `{d.owner}` of `{d.path}` inherits from that of `{base.path}`"
    return QuestionAndAnswer(
        ways, f"`{base.qualname}.{d.name}` in `{base.path}`: {heir} and defines `{d.name}` anew."
    )


def importers(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    """Who imports a file, asked with its first definition. Not of a package: whoever imports one of its
    modules runs it as well.
    """
    file = view.code.files[d.path]
    known = view.code.importers(file)
    if file.opens_package or not known.whole or not known.run:
        return None
    real = [other.path for other in known.run if not other.test]
    tests = [other.path for other in known.run if other.test]
    typing = [other.path for other in known.typing]
    if max(map(len, (real, tests, typing))) > MOST:
        return None
    ways = [f"Which files import `{d.path}`?", f"I am renaming `{d.path}`. Which imports break?"]
    if view.modules[file.module] == 1:
        ways.append(f"Who depends on the module `{file.module}`?")
    parts = [f"{code(real)}."] if real else [f"Only tests import it: {code(tests)}."]
    if real and tests:
        parts.append(f"Of the tests: {code(tests)}.")
    if typing:
        parts.append(f"For type checkers alone: {code(typing)}.")
    name = file.module.rpartition(".")[2]
    answer = view.closed(" ".join(parts), name) if view.code.unread.whole(OTHERWISE, naming=name) else ""
    example = _example_of_use(view, file.definitions, real)
    return QuestionAndAnswer(ways, f"{answer}{example}" if answer else "", lines=(1, d.lines[1]))


def _example_of_use(view: CodeView, definitions: list[Definition], importers: list[str]) -> str:
    for target in definitions[:MOST]:
        known = view.code.callers(target)
        uses = [caller for caller in known[0] if caller.path in importers] if known else []
        if uses:
            return f" For example {view.listed(uses[:1], target)} calls `{target.qualname}`."
    return ""


def chain(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    direct = view.code.callees(d)
    known = {d, *direct}
    # A call that is expected to raise may end before it comes to what it would call next.
    ended = {view.code.resolve(d.path, call, d.owner) for call in d.ended}
    steps = [
        (middle, last)
        for middle in direct[:MOST]
        if middle not in ended
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
