"""Whether a drill's terse answer keeps what its verbose text says, at half of the tokens, and whether the
source says it at all.

The source is read as plain words: a document's or a module's lines (from the file or by `git show`), a
graph's file. Each of the terse answer's sentences must stand there; each sentence of the verbose text that
stands there must stand in the answer.
"""

import re
import subprocess
import tokenize
from functools import lru_cache
from io import StringIO
from pathlib import Path

WORD = re.compile(r"\w+")
_MARKUP = re.compile(
    r"(?<=\])\([^)\s]*\)|:[\w+-]+(?::[\w+-]+)?:(?=`)|(?<=`):[\w+-]+:(?!`)|(?<=`)__?(?!\w)|(?<=\w)_(?!\w)|\s<[^<>`]*>(?=`)|^\s*\.\."
    r" \w+::",
    re.MULTILINE,
)  # not said
SMALL = set(
    "a an the is are was were be been it its of to in on at by for from with and or that this as has have had"
    " will would".split()
)  # noqa: SIM905


def check(row: dict, snapshot) -> str | None:
    """None when the answer is half as long and keeps every fact, else the reason."""
    source, answer = row["source"], row["messages"][-1]["content"]
    ask, _, verbose = row["messages"][-2]["content"].partition("\n")
    said = _words(answer)
    if 2 * _tokens(answer) > _tokens(verbose):
        return f"{_tokens(answer)} of {_tokens(verbose)} tokens"
    if lost := [word for fact in row["required"] for word in _words(fact) if word not in said]:
        return f"{lost[0]} is lost"
    if source["kind"] == "graph":
        return _graph(source, ask, verbose, answer, row["required"])
    text = _source(source, snapshot)
    if text is None:
        return f"{source['ref']} cannot be read"
    if lost := [
        word
        for word in said
        if word not in SMALL and word not in [w for fact in row["required"] for w in _words(fact)]
    ]:
        return f"{lost[0]} is not required"
    there = f" {' '.join(_words(text))} "
    for sentence in _sentences(answer):
        if f" {' '.join(_words(sentence))} " not in there:
            return f"the source does not say: {sentence}"
    if source["ref"].rpartition(":")[0].endswith(".py"):
        return (
            None
            if f" {' '.join(said)} " in f" {' '.join(_words(verbose))} "
            else "the answer is not of the text"
        )
    for sentence in _sentences(verbose):
        words = _words(sentence)
        if (
            len(words) > 3
            and f" {' '.join(words)} " in there
            and f" {' '.join(words)} " not in f" {' '.join(said)} "
        ):
            return f"not kept: {sentence}"
    return None


def _tokens(text: str) -> int:
    return len(re.findall(r"\w+|[^\w\s]", text))


def _words(text: str) -> list[str]:
    text = re.sub(r":doc:`([^`<]*/)?(?=[^`<]*`)|:(pep|rfc):`(?=\d)", lambda m: f"{m[2] or ''} `", text)
    return [word.lower() for word in WORD.findall(_MARKUP.sub(" ", text)) if word.strip("_")]


def _sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[A-Za-z0-9`)][.!?]) +(?=[A-Z`])", text) if s]


def _source(source: dict, snapshot) -> str | None:
    """The lines that the source names; of Python only the strings."""
    path, (first, last) = source.get("path") or source["ref"].rpartition(":")[0], source["lines"]
    if source.get("commit"):
        text = _show(str(snapshot.repository.path), source["commit"], path)
    else:
        named = [Path(str(one)) for one in snapshot.settings.sources.documents or ()]
        found = [Path(path), *(base / path for one in named for base in one.parents)]
        text = next((one.read_text(encoding="utf-8") for one in found if one.is_file()), None)
    if text is None:
        return None
    lines = re.split(r"\r\n|\r|\n", text)
    if path.endswith(".py"):
        tokens = tokenize.generate_tokens(StringIO("\n".join(lines)).readline)
        return " ".join(
            t.string.replace("\\n", "\n")
            for t in tokens
            if t.type == tokenize.STRING and first <= t.start[0] <= last
        )
    return "\n".join(lines[first - 1 : last])


@lru_cache(1024)
def _show(repository: str, commit: str, path: str) -> str | None:
    done = subprocess.run(
        ["git", "-C", repository, "show", f"{commit}:{path}"], capture_output=True, check=False, timeout=60
    )
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _graph(source: dict, ask: str, verbose: str, answer: str, required: list[str]) -> str | None:
    """The triples that the example cites: each value is in the answer and in the verbose text."""
    said, told = _words(answer), _words(verbose)
    for subject, _, value in source["triples"]:
        alone = "value alone" in ask
        wanted = _words(value) + ([] if alone else _words(subject))
        if missing := [word for word in wanted if word not in said]:
            return f"{missing[0]} is lost"
        if missing := [word for word in [*_words(value), *_words(subject)] if word not in told]:
            return f"the verbose text does not say {missing[0]}"
    known = {word for triple in source["triples"] for part in triple for word in _words(part)}
    if "value alone" in ask and (other := [word for word in said if word not in known]):
        return f"{other[0]} is of no cited triple"
    numbers = {word for word in said if word.isdigit()}
    return None if numbers <= known else f"{sorted(numbers - known)[0]} is of no cited triple"
