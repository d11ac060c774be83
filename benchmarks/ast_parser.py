"""How fast `ast_parser` reads and asks, beside a bare `ast.parse` of the same files, in one run: python -m
benchmarks.ast_parser [--limit 3000]

Wanted: cold (nothing cached: reading, analysis, cache, questions of the probe, examples) at most 3x the
parse; after a commit that touches ten files at most 1/5 of cold. The files are Python's own library without
its tests and installed packages, 1,147 of them and about 12 MB, committed into a repository made for the run.
CPU seconds of this process and of git, the least of --rounds; settings and imports are loaded before.

Measured on two cores with little other work: --limit 600 (the settings' default) cold 2.65x, after ten
files 1/6.9; --limit 3000, twice: cold 2.69x and 2.73x, after ten files 1/6.6 and 1/7.4. With ten other
processes at work: at most 2.90x.
"""

import argparse
import ast
import gc
import itertools
import random
import resource
import shutil
import subprocess
import sysconfig
import tempfile
import time
import warnings
from datetime import datetime, timezone
from pathlib import Path

from autodidact.generators import run_generator
from autodidact.settings import load_settings
from autodidact.sources.git.repository import Repository
from autodidact.sources.snapshot import Snapshot
from autodidact.store import Cache, Store

# A few of them count as generated; the rest is to be 12 MB.
FILES, LARGEST = 1150, 48_000
PACKAGES = ("fsspec", "httpx", "sqlalchemy", "networkx", "pip", "pydantic", "airflow", "transformers")
TOUCHED = 10
ADDED = (
    '\n\ndef freshly_added(x: int = 3) -> int:\n    """Adds a thing that was not there."""\n    return x\n'
)


def seconds() -> float:
    """CPU time of this process and of the git processes that have ended."""
    git = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + git.ru_utime + git.ru_stime


def build(folder: Path) -> tuple[str, str]:
    """A repository with two commits: everything, and ten files touched."""
    library, site = (Path(sysconfig.get_paths()[key]) for key in ("stdlib", "purelib"))
    found = [
        (p, p.relative_to(library))
        for p in sorted(library.rglob("*.py"))
        if "site-packages" not in p.parts and "/test" not in str(p)
    ]
    found += [(p, p.relative_to(site)) for name in PACKAGES for p in sorted((site / name).rglob("*.py"))]
    found = [(p, name) for p, name in found if p.stat().st_size <= LARGEST and "_vendor" not in p.parts][
        :FILES
    ]
    for path, name in found:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(path.read_bytes())
    git(folder, "init", "-q")
    first = commit(folder)
    git(folder, "repack", "-a", "-d", "-q")  # as a clone has it
    for _, name in random.Random(1).sample(found, TOUCHED):
        with (folder / name).open("a") as file:
            file.write(ADDED)
    return first, commit(folder)


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
    return subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(folder: Path) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "State")
    return git(folder, "rev-parse", "HEAD")


def bare(sources: list[bytes]) -> float:
    gc.collect()
    began = seconds()
    for source in sources:
        ast.parse(source)
    return seconds() - began


def generate(
    folder: Path, store: Store, settings, sha: str, before: str | None, limit: int
) -> tuple[float, int]:
    """(CPU seconds, examples) of a cycle's generator and its probe questions."""
    gc.collect()
    began = seconds()
    with Repository(folder, sha) as repository:
        now = datetime.now(timezone.utc)
        snapshot = Snapshot(
            "bench",
            "c",
            7,
            None,
            now,
            settings,
            Cache(store),
            repository=repository,
            previous_commit=before,
            champion_commit=before,
        )
        rows, questions = run_generator.generate("ast_parser", snapshot)
        made = sum(1 for _ in itertools.islice(rows, 4 * len(questions) + limit))
    return seconds() - began, made


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--limit", type=int, action="append", help="most examples (default: 600 and 3000)")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "repository"
        folder.mkdir()
        first, second = build(folder)
        with Repository(folder, first) as repository:
            sources = [data for _, data in repository.read_many(e.blob for e in repository.files([".py"]))]
        print(f"{len(sources)} files, {sum(map(len, sources)) / 1e6:.1f} MB")
        for limit in chosen.limit or (600, 3000):
            settings = load_settings("laptop", {"generators.limit": limit}, cwd=Path(name), environ={})
            parse, cold, warm = [], [], []
            for _ in range(chosen.rounds):
                store = Path(name) / "store"
                shutil.rmtree(store, ignore_errors=True)
                parse.append(bare(sources))
                took, made = generate(folder, Store(store), settings, first, None, limit)
                cold.append(took)
                warm.append(generate(folder, Store(store), settings, second, first, limit)[0])
            a, b, c = min(parse), min(cold), min(warm)
            print(
                f"limit {limit}, {made} examples: ast.parse {a:.2f} s; cold {b:.2f} s = {b / a:.2f}x (at most"
                " 3.0); ",
                end="",
            )
            print(f"after {TOUCHED} files {c:.3f} s = 1/{b / c:.1f} of cold (at most 1/5)")


if __name__ == "__main__":
    main()
