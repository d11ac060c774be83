"""The Python of a repository that is left out of its code base, with the names in it: it may call, import or
define what no file that was read does.
"""

import re
from collections.abc import Iterable, Iterator

from autodidact.sources.git.repository import TOO_MUCH, Entry, Repository
from autodidact.sources.unread import Gap

# Bytes read in all to learn which names occur; what is beyond may hold any.
MOST = 10_000_000
# Python by other names.
_ALSO = (".pyw", ".pyx", ".ipynb")
# Bytes of a script without a suffix; larger ones are programs of another kind.
_SCRIPT = 100_000
_WORD = re.compile(rb"\w+")
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
    for reason, path in repository.not_followed([]):
        if reason == TOO_MUCH:
            yield Gap(scope, reason, path)


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
