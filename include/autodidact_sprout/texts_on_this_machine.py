"""Text that is on any machine with Python: the standard library, and the documentation of installed packages.

`gather()` reads it once; the result is plain JSON, so a run keeps its own copy and a package installed while
it trains changes nothing.
"""

import ast
import re
import sysconfig
from collections import Counter
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any
from zlib import crc32

SKIP = set(
    "test tests testing idlelib lib2to3 _vendor vendor site-packages __pycache__ benchmarks benchmark".split()
)
# Words that no training item uses: the exam is made of them.
HELD_OUT_OF_100 = 12


@dataclass
class Corpus:
    """Documented definitions as (name, module path, docstring), pieces of plain text, and single words, most
    frequent first.
    """

    docs: list[tuple[str, str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def split(self, held_out: bool) -> list[str]:
        """The words of the training side, or of the exam side. The split is by hash, the same on every
        machine.
        """
        return [w for w in self.words if is_held_out(w) == held_out]


def is_held_out(word: str) -> bool:
    return crc32(word.encode()) % 100 < HELD_OUT_OF_100


def python_files(packages: int = 900) -> list[tuple[Path, str]]:
    """(file, path as written in a question), standard library first, then up to `packages` files of installed
    packages, evenly picked.
    """
    found = []
    for root, limit in (
        (sysconfig.get_paths()["stdlib"], None),
        (sysconfig.get_paths()["purelib"], packages),
    ):
        files = [(f, f.relative_to(root).as_posix()) for f in sorted(Path(root).rglob("*.py"))]
        files = [
            (f, p)
            for f, p in files
            if not SKIP & set(Path(p).parts[:-1]) and not Path(p).name.startswith("test_")
        ]
        found += files if limit is None else files[:: max(1, len(files) // limit)][:limit]
    return found


def readmes() -> list[str]:
    """The long descriptions that installed packages carry in their metadata, sorted by package name."""
    found = {}
    for dist in metadata.distributions():
        about: Any = dist.metadata
        text = about.get_payload() or about.get("Description") or ""
        if isinstance(text, str) and len(text) > 200:
            found[about.get("Name") or ""] = text[:6000]
    return [found[name] for name in sorted(found)]


def gather(packages: int = 900) -> Corpus:
    """Reads the machine's Python text. Files that do not parse are skipped."""
    corpus = Corpus()
    counts: Counter = Counter()
    for file, path in python_files(packages):
        source = file.read_text(encoding="utf-8", errors="ignore")
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef, ast.Module)):
                doc = ast.get_docstring(node) or ""
                if len(doc) > 40 and doc.isascii():
                    corpus.docs.append((getattr(node, "name", ""), path, doc[:600]))
                    counts.update(re.findall(r"\b[a-z]{3,12}\b", doc.lower()))
        if len(source) > 400:  # one piece a file: enough code to know what code looks like
            corpus.texts.append(source[:1200])
    corpus.texts += [r[i : i + 1200] for r in readmes() for i in range(0, len(r), 1200)]
    # The most frequent words ("the", "and") would make items ambiguous; rare ones are spelling accidents.
    corpus.words = [w for w, _ in counts.most_common(4580)][80:]
    return corpus
