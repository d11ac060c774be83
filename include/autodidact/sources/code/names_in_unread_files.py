"""The code of a repository that is left out of its code base, with the names in it. Python that was not read
may call, import or define what no file that was read does; code of another language may define something of
the same name.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator

from autodidact.sources.git.repository import MISSING, TOO_MUCH, Entry, Repository
from autodidact.sources.unread import Gap

# Bytes read in all to learn which names occur; what is beyond may hold any.
MOST = 10_000_000
# Python by other names.
_ALSO = (".pyw", ".pyx", ".ipynb")
# Bytes of a script without a suffix; larger ones are programs of another kind.
_SCRIPT = 100_000
_WORD = re.compile(rb"\w+")
# Bytes of other languages that are read for the names they define: 30 MB take some 3 s.
MOST_ELSEWHERE = 30_000_000
_OTHER_LANGUAGES = tuple(
    f".{suffix}"
    for suffix in """
        c cc clj cpp cs cxx dart ex exs fs go graphql groovy h hpp hs java jl js jsx kt lua m mjs ml mm php
        pl pm proto ps1 r rb rs scala sh sql svelte swift thrift ts tsx vb vue zig
    """.split()
)
# What stands before a name that is defined, in most languages; or a name with parameters and a body.
_DEFINITION = re.compile(
    rb"\b(?:class|const|def|enum|fn|func|function|interface|let|message|module|namespace|object|protocol"
    rb"|record|rpc|service|struct|sub|trait|type|var)\s{1,4}(?:\([^()\n]{0,80}\)\s{0,4})?(\w{3,80})"
    rb"|\b(\w{3,80})\([^()]{0,300}\)[\w<>,:\[\] ]{0,60}\s{0,4}\{"
)
_AT_RUN_TIME = (b"import_module", b"__import__(")
_QUOTED = re.compile(rb"['\"]([\w.]{1,200})['\"]")
_PYTHON = re.compile(rb"#![^\n]*python")


def unread_files(
    repository: Repository, unread: Iterable[tuple[Entry, str]], known: set[str], scope: str
) -> Iterator[Gap]:
    """The gaps of the `.py` files that were not read, each with its reason; of those that a program or
    somebody else wrote; and of those that hold Python under another name. One gap for all files of a reason,
    with the words of all. `known`: the paths that were read.
    """
    left = MOST
    words: dict[str, set[bytes]] = {}
    for entry, reason in [*unread, *_others(repository, known)]:
        data = next((data for _, data in repository.read_many([entry.blob])), None) if left > 0 else None
        if data is not None:
            left -= len(data)
        if reason == _MAYBE and (data is None or not _PYTHON.match(data)):
            continue
        if data is None:
            yield Gap(scope, reason, entry.path)
        else:
            # A text in UTF-16 has the names with a NUL after each letter.
            words.setdefault(reason, set()).update(_WORD.findall(data.replace(b"\0", b"")))
    for reason, found in words.items():
        yield Gap(scope, reason, text=b" ".join(sorted(found)))
    for reason, path in repository.not_followed([".py", *_ALSO]):
        if reason in (TOO_MUCH, MISSING):
            yield Gap(scope, reason, path)


def defined_in_other_languages(repository: Repository, scope: str) -> Gap | None:
    """The names that code of other languages seems to define; None where it defines none."""
    if sum(entry.size for entry in repository.files(_OTHER_LANGUAGES)) > MOST_ELSEWHERE:
        return Gap(scope, "more code of other languages than is read")
    text = _words(repository, _OTHER_LANGUAGES, _defined)
    return None if text == b"" else Gap(scope, "code of other languages", text=text)


def imported_otherwise(
    repository: Repository, scope: str, loaded: Iterable[str], analysed: Container[str]
) -> Iterator[Gap]:
    """The words of stubs, and those in quotes in files that import by a name given at run time.
    `loaded`: those of the files that were `analysed` (their blobs), which are not read again.
    """
    yield Gap(scope, "imports of stubs", text=_words(repository, (".pyi",), _WORD.findall))
    others = _words(repository, (".py",), _imported_at_run_time, analysed)
    words = None if others is None else b" ".join(sorted({*others.split(), *map(str.encode, loaded)}))
    yield Gap(scope, "imports at run time", text=words)


def _words(
    repository: Repository,
    suffixes: tuple[str, ...],
    words_of: Callable[[bytes], Iterable[bytes]],
    but: Container[str] = (),
) -> bytes | None:
    """The words of all files of these suffixes, without the blobs `but`; None, which hides every name, where
    one cannot be read.
    """
    if any(reason == MISSING for reason, _ in repository.not_followed(suffixes)):
        return None
    blobs = {entry.blob for entry in repository.files(suffixes) if entry.blob not in but}
    found: set[bytes] = set()
    read = 0
    for _, data in repository.read_many(blobs):
        found.update(words_of(data))
        read += 1
    return b" ".join(sorted(found)) if read == len(blobs) else None


def _defined(data: bytes) -> Iterator[bytes]:
    return (match[1] or match[2] for match in _DEFINITION.finditer(data))


def _imported_at_run_time(data: bytes) -> Iterator[bytes]:
    quoted = _QUOTED.findall(data) if any(word in data for word in _AT_RUN_TIME) else []
    return (word for text in quoted for word in _WORD.findall(text))


_MAYBE = "a script without a suffix"


def _others(repository: Repository, known: set[str]) -> Iterator[tuple[Entry, str]]:
    for entry in repository.files([".py"], vendored=True):
        if entry.path not in known:
            yield entry, "generated or vendored"
    for entry in repository.files(_ALSO):
        yield entry, "not a module"
    for entry in repository.files():
        if "." not in entry.path.rpartition("/")[2] and entry.size <= _SCRIPT:
            yield entry, _MAYBE
