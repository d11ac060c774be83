"""Every regular expression that is compiled when the library is imported, tried on texts that are made to be
dear for it: what one of its repeats takes, many times over, and then what nothing takes.

A pattern that may take the same characters in two ways, again and again, tries all combinations: thirty words
can cost years. Run as a script it prints such patterns, one a line; seconds of processor time each, at most.
"""

import importlib
import pkgutil
import random
import re
import signal
import sys
import warnings
from collections.abc import Iterator
from re import _compiler, _parser  # what a pattern consists of

LENGTH, SECONDS, TRIES, REPEATS = 300, 0.4, 14, 40
CHARACTERS = {"SPACE": " ", "WORD": "a", "DIGIT": "1", "NOT_SPACE": "a", "NOT_WORD": " ", "NOT_DIGIT": "a"}
REPEAT = {"MAX_REPEAT", "MIN_REPEAT"}


class Late(BaseException):
    pass


def dear(pattern: str, flags: int = 0) -> str | None:
    """A short text over which the pattern takes more than SECONDS; None where none was found."""
    tree, rng, compiled = _parser.parse(pattern, flags), random.Random(0), re.compile(pattern, flags)
    for before, body in list(_repeats(tree, "", rng))[:REPEATS]:
        for text in {text for _ in range(TRIES) for text in _texts(before, _example(body, rng))}:
            if not _ends(compiled, text):
                return text
    return None


def _texts(before: str, part: str) -> list[str]:
    if not part:
        return []
    some = before + part * 4 + "\x01"
    return [before + (part * LENGTH)[:LENGTH] + "\x01\n", (some * LENGTH)[:LENGTH]]


def _ends(compiled: re.Pattern, text: str) -> bool:
    def late(*_):
        raise Late

    handler = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        for _ in compiled.finditer(text):
            pass
        return True
    except Late:
        return False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)


def _repeats(tree, before: str, rng: random.Random) -> Iterator[tuple[str, list]]:
    """(what comes before, what is repeated) of each repeat that has a choice in it."""
    for kind, value in tree:
        name = str(kind)
        if name in REPEAT:
            if int(value[1]) >= 5 and any(
                str(inner) in REPEAT | {"BRANCH", "SUBPATTERN"} for inner, _ in value[2]
            ):
                yield before, value[2]
            yield from _repeats(value[2], before, rng)
        elif name == "SUBPATTERN":
            yield from _repeats(value[3], before, rng)
        elif name == "BRANCH":
            for way in value[1]:
                yield from _repeats(way, before, rng)
        before += _example([(kind, value)], rng)


def _example(tree, rng: random.Random) -> str:
    """A text that the pattern takes, as a rule: what it looks ahead or back for is left out."""
    text = ""
    for kind, value in tree:
        name = str(kind)
        if name == "LITERAL":
            text += chr(value)
        elif name in ("NOT_LITERAL", "ANY"):
            text += rng.choice("a ,:")
        elif name == "IN":
            text += _one_of(value, rng)
        elif name == "BRANCH":
            text += _example(rng.choice(value[1]), rng)
        elif name == "SUBPATTERN":
            text += _example(value[3], rng)
        elif name == "ATOMIC_GROUP":
            text += _example(value, rng)
        elif name in REPEAT:
            least, most, body = value
            text += "".join(_example(body, rng) for _ in range(min(int(most), least + rng.randint(0, 2), 6)))
    return text


def _one_of(choices: list, rng: random.Random) -> str:
    kind, value = rng.choice(choices)
    if str(kind) == "LITERAL":
        return chr(value)
    if str(kind) == "RANGE":
        return chr(rng.randint(*value))
    if str(kind) == "CATEGORY":
        return CHARACTERS[str(value).removeprefix("CATEGORY_").removeprefix("UNI_")]
    return rng.choice("a ,")  # what is not in the set: most likely one of these


def compiled_on_import() -> dict[tuple[str, int], str]:
    """{(pattern, flags): the module} of everything that the library's modules compile."""
    found: dict[tuple[str, int], str] = {}
    compile_ = _compiler.compile

    def noted(pattern, flags=0):
        if isinstance(pattern, str):
            found.setdefault((pattern, int(flags)), sys._getframe(3).f_globals.get("__name__", "?"))
        return compile_(pattern, flags)

    _compiler.compile = noted
    import autodidact

    for module in pkgutil.walk_packages(autodidact.__path__, "autodidact."):
        if not module.name.endswith(("__main__", "migrations.env")):
            importlib.import_module(module.name)
    _compiler.compile = compile_
    return {key: name for key, name in found.items() if name.startswith("autodidact")}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    patterns = compiled_on_import()
    assert len(patterns) > 500, "none are noted any more"
    for (pattern, flags), module in patterns.items():
        if text := dear(pattern, flags):
            print(f"{module}: {pattern!r} on {text!r}")
