"""Lines of Python by folder, in this tree and in an earlier commit: python -m benchmarks.size 45489d9"""

import argparse
import io
import subprocess
import tarfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("include", "tests", "dags", "plugins", "benchmarks", "scripts")


def lines_at(commit: str) -> Counter[str]:
    """Folder to lines of the Python files in it and below: folders of the library, and everything else by its
    top.
    """
    packed = subprocess.run(
        ["git", "archive", commit, *PARTS], cwd=ROOT, capture_output=True, check=True
    ).stdout
    found: Counter[str] = Counter()
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        for member in files:
            if member.name.endswith(".py") and (file := files.extractfile(member)):
                found[folder_of(member.name)] += file.read().count(b"\n")
    return found


def folder_of(path: str) -> str:
    """`include/autodidact/gate/length.py` is of `gate/`, a file beside the folders of `autodidact`."""
    top, *parts = path.split("/")
    if top != "include":
        return f"{top}/"
    return f"{parts[1]}/" if parts[0] == "autodidact" and len(parts) > 2 else parts[0]


def main(commit: str) -> None:
    before, now = lines_at(commit), lines_at("HEAD")
    for name in sorted(before | now, key=lambda name: -now[name]):
        print(f"{name:<22}{before[name]:>8,}{now[name]:>8,}")
    print(f"{'total':<22}{before.total():>8,}{now.total():>8,}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", help="with which to compare")
    main(parser.parse_args().commit)
