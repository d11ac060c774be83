"""Time and memory of a cycle's stages on many repositories, up to the gate, at several sizes.

    python -m benchmarks.repositories [--repositories 5 10 20] [--files 1000] [--limit 3000] [--no-gate]

Makes that many repositories of small Python files (modules of four definitions; a document and a Compose file
for each fifty of them), 20 commits each, and runs the stages, each in a process of its own: `open_cycle`; of
each generator that reads repositories its parts, one after the other, and what puts them together;
`knowledge`; `gate`. Seconds are of the processor, git's included; MB are the most that the process had.
The last part is arithmetic: what so many workers would take for 100 repositories, on the line through the
smallest and the largest size.
"""

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

# Files that one commit after the first changes, and such commits.
CHANGED, COMMITS = 10, 19
# Files that share a folder.
FOLDER = 50
UNTIL = datetime(2026, 11, 1, tzinfo=timezone.utc)
BEGIN = int(datetime(2026, 10, 1, tzinfo=timezone.utc).timestamp())
WORDS = "order invoice parcel customer driver harbour ticket price route ferry cargo crew berth pilot".split()
GOAL = 100  # repositories


def module(repository: int, number: int, version: int = 0) -> str:
    """A module with a class, its method and a function that calls a module beside it."""
    word, other = WORDS[number % len(WORDS)], number // FOLDER * FOLDER + (number + 1) % FOLDER
    name = f"{word}_{number}"
    return f'''"""Keeps {word}s of the kind {number}, for the service {repository}."""
from service.part_{other // FOLDER}.mod_{other} import limit_{other}


class {word.title()}{number}Store:
    """The {word}s of kind {number} that are known, by their numbers."""

    def find(self, number: int, retries: int = {version + 3}) -> str:
        """The {word} of this number; raises KeyError where there is none of it."""
        if number > limit_{other}():
            raise KeyError(number)
        return open_{name}(number)


def open_{name}(number: int) -> str:
    """Opens one {word} and returns what stands in it, without the lines that are empty."""
    return str(number + {version})


def limit_{number}() -> int:
    """The largest number that a {word} of this kind may have."""
    return {number + 100}
'''


def documents(repository: int, folder: int) -> dict[str, str]:
    word = WORDS[folder % len(WORDS)]
    return {
        f"docs/part_{folder}.md": (
            f"# Part {folder} of service {repository}\n\nThis part keeps the {word}s. A backup is made every"
            f" night at {folder % 24}.\n\n## How it is asked\n\nThe other parts ask it over HTTP on port"
            f" {7000 + folder}.\n"
        ),
        f"deploy/part_{folder}/compose.yaml": "services:\n"
        + "".join(
            f'  {name}{folder}: {{image: "s{repository}/{name}:{folder}",'
            f' ports: ["{port + 4 * folder}:80"]}}\n'
            for port, name in enumerate(("web", "till", "mail", "fax"), 8000)
        ),
    }


def commits(repository: int, files: int) -> Iterator[dict[str, str]]:
    """What each commit writes: {path: text}."""
    first = {
        path: text for each in range(files // FOLDER) for path, text in documents(repository, each).items()
    }
    first |= {
        f"service/part_{n // FOLDER}/mod_{n}.py": module(repository, n) for n in range(files - len(first))
    }
    yield first
    modules = sum(path.endswith(".py") for path in first)
    for version in range(1, COMMITS + 1):
        some = [(version * CHANGED + each) % modules for each in range(CHANGED)]
        yield {f"service/part_{n // FOLDER}/mod_{n}.py": module(repository, n, version) for n in some}


def make_repository(path: Path, repository: int, files: int) -> None:
    """Writes the repository with `git fast-import`."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", path], check=True)
    lines: list[str] = []
    for number, written in enumerate(commits(repository, files)):
        message = f"Change part {number} of service {repository}"
        lines += ["commit refs/heads/main", f"committer Ada <ada@example.org> {BEGIN + 3600 * number} +0000"]
        lines += [f"data {len(message)}", message]
        for name, text in written.items():
            lines += [f"M 100644 inline {name}", f"data {len(text.encode())}", text]
    text = "\n".join([*lines, ""])
    command = ["git", "-C", path, "fast-import", "--quiet"]
    subprocess.run(command, input=text.encode(), check=True, stdout=subprocess.DEVNULL)


def seconds() -> float:
    """Of the processor so far, of this process and the children that have ended."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def child(step: str, folder: Path, repositories: int, limit: int) -> dict[str, Any]:
    """Runs one step in this process: `open_cycle`, `parts.NAME`, `together.NAME`, `knowledge` or `gate`."""
    from autodidact.cycle import run
    from autodidact.cycle.open import open_cycle
    from autodidact.errors import Skipped
    from autodidact.generators.parts_by_repository import repositories_of
    from autodidact.runtime import Runtime
    from autodidact.settings import load_settings

    names = [str(folder / f"service-{number}") for number in range(repositories)]
    settings = {
        "system": "many",
        "sources.repository": None,
        "sources.repositories": names,
        "store": str(folder / f"store-{repositories}"),
        "chronicle.url": f"sqlite:///{folder}/chronicle-{repositories}.db",
        "generators.limit": limit,
        "generators.only": generators(),
        "sources.samples": False,
    }
    runtime = Runtime(load_settings("laptop", settings, cwd=folder, environ={}), say=lambda line: None)
    began = seconds()
    cycle = open_cycle(runtime, until=UNTIL)
    if step != "open_cycle":
        began = seconds()
    kind, _, name = step.partition(".")
    with suppress(Skipped):
        if kind == "parts":
            for part in repositories_of(cycle):
                with suppress(Skipped):
                    run.generate_part(name, part, cycle, runtime)
        elif kind != "open_cycle":
            run.generate(name, cycle, runtime) if name else getattr(run, kind)(cycle, runtime)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    taken = seconds() - began
    manifest = cycle.manifest(runtime.store, kind) if kind in ("knowledge", "gate") else None
    return {"seconds": taken, "memory": most, "counts": manifest.counts if manifest else {}}


def generators() -> list[str]:
    from autodidact.generators import GENERATORS

    return [each.name for each in GENERATORS if each.repositories]


def steps(gate: bool) -> list[str]:
    made = [f"{kind}.{name}" for name in generators() for kind in ("parts", "together")]
    return ["open_cycle", *made, "knowledge", *(["gate"] if gate else [])]


def measured(step: str, folder: Path, repositories: int, limit: int) -> dict[str, Any]:
    """What `child` returns, from a process of its own that has loaded what this one has."""
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            os.write(write, json.dumps(child(step, folder, repositories, limit)).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.wait()
    if not data:
        raise SystemExit(f"{step} failed")
    found: dict[str, Any] = json.loads(data)
    return found


def extrapolated(found: dict[str, dict[int, float]], workers: int) -> Iterator[str]:
    """What `workers` would take for GOAL repositories; `found`: seconds by step and number of those read."""
    at = {step: on_a_line(row) for step, row in found.items()}
    if "gate" in found:
        # Its input is bounded by generators.limit, whatever the number of repositories.
        at["gate"] = max(found["gate"].values())
    parts = {name: at[f"parts.{name}"] for name in generators()}
    # Each worker takes the next task when it is free: the mean load, and at most one longest task more.
    mapped = sum(parts.values()) / workers + max(parts.values()) / GOAL
    joined = max(at[f"together.{name}"] for name in generators())
    gate = f", gate {at['gate']:.0f} s beside it" if "gate" in at else ""
    yield f"{GOAL} repositories in one process: {sum(at.values()) / 60:.1f} min of processor time"
    yield (
        f"{GOAL} repositories, {workers} workers: open_cycle {at['open_cycle']:.0f} s,"
        f" {len(parts) * GOAL} parts {mapped:.1f} s, together {joined:.0f} s,"
        f" knowledge {at['knowledge']:.0f} s{gate}"
    )


def on_a_line(row: dict[int, float]) -> float:
    """The seconds at GOAL, on the line through the smallest and the largest size."""
    first, last = min(row), max(row)
    slope = (row[last] - row[first]) / (last - first) if last > first else row[last] / last
    return row[last] + max(0.0, slope) * (GOAL - last)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repositories", type=int, nargs="+", default=[5, 10, 20])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--limit", type=int, default=3000)
    parser.add_argument("--workers", type=int, default=100)
    parser.add_argument("--no-gate", action="store_true", help="leave out the gate, which takes longest")
    given = parser.parse_args()
    sizes = sorted(given.repositories)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for number in range(sizes[-1]):
            make_repository(folder / f"service-{number}", number, given.files)
        print(f"{given.files} files a repository, generators.limit {given.limit}; seconds (MB)\n")
        print("| stage | " + " | ".join(f"{size} repositories" for size in sizes) + " |")
        print("| --- " + "| ---: " * len(sizes) + "|")
        found: dict[str, dict[int, float]] = {}
        counts: dict[str, dict[str, Any]] = {}
        for step in steps(not given.no_gate):
            cells = []
            for size in sizes:
                row = measured(step, folder, size, given.limit)
                found.setdefault(step, {})[size] = row["seconds"]
                counts[step] = row["counts"]
                cells.append(f"{row['seconds']:.1f} ({row['memory']:.0f})")
            print(f"| {step} | " + " | ".join(cells) + " |", flush=True)
        totals = (sum(row[size] for row in found.values()) for size in sizes)
        print("| all | " + " | ".join(f"{total:.1f}" for total in totals) + " |\n")
        for step in ("knowledge", "gate"):
            print(f"{sizes[-1]} repositories: {step} {counts.get(step, 'left out')}")
        print("\n".join(extrapolated(found, given.workers)))


if __name__ == "__main__":
    main()
