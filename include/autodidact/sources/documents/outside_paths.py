"""What documents outside of the repository are called: not where somebody keeps them on a machine."""

import glob
from collections import Counter
from collections.abc import Container, Sequence
from pathlib import Path

from autodidact.sources.table_files import shown


def outside_paths(paths: Sequence[Path], patterns: Sequence[str], taken: Container[str]) -> dict[Path, str]:
    """Each path from the folder on that `patterns` (of `sources.documents`) name. A relative path stays as
    the user wrote it; two that would be called the same, or like one that is `taken`, keep their whole paths.
    """
    short = {path: _short(path, patterns) for path in paths}
    times = Counter(short.values())
    return {
        path: name if times[name] == 1 and name not in taken else shown(path) for path, name in short.items()
    }


def _short(path: Path, patterns: Sequence[str]) -> str:
    if not Path(shown(path)).is_absolute():
        return shown(path)
    for pattern in patterns:
        base = Path(pattern).expanduser()
        while glob.has_magic(str(base)):
            base = base.parent
        if path.is_relative_to(base):
            return path.relative_to(base.parent).as_posix()
    return path.name
