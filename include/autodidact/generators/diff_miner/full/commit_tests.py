"""The tests that came with a commit: what they call and need, which others it adapted, how to run them."""

import random
import re
import textwrap

from autodidact.generators.diff_miner.full.change_sentences import joined
from autodidact.generators.diff_miner.full.commit_answers import tested
from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.full.definition_changes import Definition, Helper
from autodidact.generators.diff_miner.full.quotable_commit_message import third_person
from autodidact.generators.diff_miner.shown_diff import block
from autodidact.generators.writing.facts_into_words import listing

# Lines of a test that is shown, and tests that are named.
MOST_LINES, MOST_TESTS = 16, 3
# Names that tests need, and tests that a command names.
MOST_NEEDED, MOST_RUN = 6, 5


def tests(change: Change, rng: random.Random) -> str | None:
    """The tests that came with the commit and call what it changes: their names, one of them in full, what
    they need of the commit, which tests it adapted, and how to run them all.
    """
    known = [t.after.short for t in change.parsed.touched] + [d.short for d in change.parsed.added]
    name = (tested(change) or "").rpartition(".")[2] or next((n for n in known if change.covering(n)), "")
    found = change.covering(name) if change.complete else []
    needed = change.needed(found)
    if not found or len(needed) > MOST_NEEDED:
        return None
    path = found[0].path
    here = [test for test in found if test.path == path]
    chosen = here[:MOST_TESTS]
    names = listing(
        [f"`{t.name}`" for t in chosen] + [f"{len(here) - len(chosen)} more"] * (len(here) > len(chosen))
    )
    where = f"`{path}`, a new file" if path in change.parsed.new_files else f"`{path}`"
    lead = rng.choice(
        (
            f"The commit comes with {names} in {where}.",
            f"In {where}: {names}.",
            f"With {change.sha} came {names} ({where}).",
        )
    )
    adapted = change.covering(name, adapted=True)
    lead = joined(lead, _calling(name, here), _further(change, here), _also_adapted(name, adapted))
    lead = joined(lead, _needs(needed, change.data_of(here), len(here) == 1))
    shown = min(chosen, key=lambda t: t.text.count("\n"))
    twins = len({t.short for t in here}) < len(here)
    called = shown.name if twins else shown.short
    says = shown.docstring()
    says = f' `{called}` says of itself: "{says}"' if says and '"' not in says else ""
    code = ""
    if shown.text.count("\n") < MOST_LINES and len(shown.text) < 1100:
        several = len(here) + len(adapted) + len(change.parsed.tests) > 2
        code = f" The body{f' of `{called}`' if several else ''}:\n\n" + block(
            "python", textwrap.dedent(shown.text)
        )
    if not (code or says):
        return None
    return f"{lead}{says}{code}{_run(change, path, [*here, *adapted])}"


def _calling(name: str, tests: list[Definition]) -> str:
    """That these tests call a function, or at least name it."""
    verb = "call" if all(re.search(rf"\b{re.escape(name)}\(", test.text) for test in tests) else "name"
    return f"It {third_person(verb)} `{name}`." if len(tests) == 1 else f"They {verb} `{name}`."


def _further(change: Change, named: list[Definition]) -> str:
    """How many more tests are new."""
    rest = [test for test in change.parsed.tests if test not in named]
    if not rest:
        return ""
    files = listing(dict.fromkeys(f"`{test.path}`" for test in rest))
    what, are = ("One further test", "is") if len(rest) == 1 else (f"{len(rest)} further tests", "are")
    return f"{what} in {files} {are} new."


def _also_adapted(name: str, tests: list[Definition]) -> str:
    """Which tests of a function the commit changes."""
    if not tests:
        return ""
    shown = [f"`{test.name}`" for test in tests[:MOST_TESTS]]
    names = listing(shown + [f"{len(tests) - len(shown)} more"] * (len(tests) > len(shown)))
    return f"The commit also changes {names}, which {'calls' if len(tests) == 1 else 'call'} `{name}` too."


def _needs(needed: list[Helper], data: list[str], one: bool) -> str:
    """What tests need that the commit adds or changes as well."""
    kinds = {"fixture": "the fixture", "import": "the import of", "helper": ""}
    parts = [f"{kinds[h.kind]} `{h.name}` in `{h.path}`".strip() for h in needed if h.new]
    parts += [f"`{path}`" for path in data]
    changed = [f"`{h.name}` in `{h.path}`" for h in needed if not h.new]
    both = [
        f"what the commit {verb} beside {'it' if one else 'them'}: {listing(found)}"
        for verb, found in (("adds", parts), ("changes", changed))
        if found
    ]
    return f"{'It needs' if one else 'They need'} {', and '.join(both)}." if both else ""


def _run(change: Change, path: str, tests: list[Definition]) -> str:
    """The command that runs these tests of a file, where pytest runs it."""
    if "pytest" not in (change.read_at(path) or "") and not any(
        one.path.endswith("conftest.py") for one in change.parsed.helpers
    ):
        return ""
    names = list(dict.fromkeys(test.short for test in tests if test.path == path))
    names = [one for one in names if not any(other != one and other in one for other in names)]
    if len(names) > MOST_RUN:
        return f"\n\nRun `pytest {path}`."
    which = names[0] if len(names) == 1 else f'"{" or ".join(names)}"'
    return f"\n\nRun `pytest {path} -k {which}`."
