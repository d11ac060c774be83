"""Every generator on whole repositories: examples, seconds, peak memory, variety, and the share whose facts
hold.

    python -m benchmarks.generators REPOSITORY... [--limit 3000] [--only NAME]... [--failures 3]

Each generator runs cold, in a process of its own, over the whole history, with the samples of this package
for what the repository does not have. "grounded" is the share of its examples that the checker in
tests/grounding accepts; the generators that read code, history and conversations have one, which finds the
facts again in the source by another way. The reasons of what fails are listed below the table.

Measured on celery (about 400 files of code, 13,000 commits), limit 3000, on one core that was busy with other
work, so that the seconds are an upper bound; those of diff_miner include planting and applying defects.

    | generator | examples | seconds | peak MB | bad input | distinct-3 prompts | answers | grounded |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | ast_parser | 3320 | 20.1 | 106 | 0 | 0.41 | 0.64 | 99.97% |
    | diff_miner | 3000 | 70.3 | 99 | 193 | 0.59 | 0.52 | 100.00% |
    | session_miner | 180 | 0.6 | 75 | 10 | 0.35 | 0.84 | 100.00% |
    | knowledge_graph | 3040 | 65.6 | 111 | 0 | 0.31 | 0.54 | |
    | goal_examples | 1236 | 2.8 | 76 | 0 | 0.17 | 0.17 | |
    | interrupt_handler | 2654 | 5.5 | 77 | 0 | 0.10 | 0.02 | |
    | architecture_docs | 3040 | 25.2 | 83 | 4 | 0.31 | 0.57 | |
    | benchmark_targeted | 24 | 0.1 | 74 | 0 | 0.92 | 1.00 | |
    | wikipedia_harvest | 79 | 0.1 | 74 | 0 | 0.53 | 0.59 | |
    | affect_examples | 2510 | 3.3 | 77 | 0 | 0.10 | 0.06 | |
    | conciseness_drills | 1700 | 16.1 | 83 | 4 | 0.28 | 0.63 | |
    | tool_spec | 1108 | 32.3 | 112 | 3 | 0.32 | 0.41 | |
    | consciousness | 106 | 0.3 | 74 | 0 | 0.54 | 0.48 | |
    | all | 21997 |

On the 1,150 files of Python's own library and of packages that `benchmarks/ast_parser.py` commits (two
commits, so hardly a diff), the article's raw total being 4,263 of about as many files:

    | generator | examples | seconds | peak MB | bad input | distinct-3 prompts | answers | grounded |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | ast_parser | 3320 | 10.9 | 133 | 0 | 0.44 | 0.75 | 99.97% |
    | diff_miner | 2 | 1.4 | 127 | 2 | 0.82 | 1.00 | 100.00% |
    | session_miner | 181 | 0.2 | 74 | 10 | 0.33 | 0.87 | 100.00% |
    | knowledge_graph | 3040 | 32.1 | 163 | 0 | 0.32 | 0.64 | |
    | goal_examples | 1228 | 0.6 | 76 | 0 | 0.18 | 0.17 | |
    | interrupt_handler | 2654 | 1.3 | 78 | 0 | 0.10 | 0.02 | |
    | architecture_docs | 790 | 0.6 | 76 | 0 | 0.36 | 0.54 | |
    | benchmark_targeted | 24 | 0.1 | 74 | 0 | 0.94 | 1.00 | |
    | wikipedia_harvest | 77 | 0.1 | 73 | 0 | 0.56 | 0.59 | |
    | affect_examples | 2516 | 0.8 | 78 | 0 | 0.10 | 0.06 | |
    | conciseness_drills | 897 | 3.1 | 80 | 0 | 0.55 | 0.75 | |
    | tool_spec | 1126 | 4.4 | 113 | 3 | 0.32 | 0.43 | |
    | consciousness | 106 | 0.0 | 73 | 0 | 0.55 | 0.48 | |
    | all | 15961 |
"""

import argparse
import collections
import importlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).parents[1]


def child(name: str, repository: str, limit: int, folder: str) -> dict:
    """One generator, measured and then checked."""
    from autodidact.errors import Skipped
    from autodidact.generators.limit_examples import limited
    from autodidact.generators.run_generator import generate
    from autodidact.generators.stage import snapshot_at
    from autodidact.settings import load_settings
    from autodidact.stage import Work
    from autodidact.store import Store

    settings = load_settings(
        "laptop",
        {
            "sources.repository": repository,
            "sources.samples": True,
            "generators.limit": limit,
            "store": f"{folder}/store",
        },
        cwd=Path(folder),
        environ={},
    )
    store = Store(Path(folder) / "out")
    run, seen = Work(store, ""), snapshot_at(settings, since=None, until=datetime.now(timezone.utc))
    seen.troubles = run.troubles
    began = time.perf_counter()
    try:
        store.write_jsonl(f"{name}.jsonl", limited(generate(name, seen)[0], limit, run))
    except Skipped as skip:
        return {"skipped": str(skip)}
    found = {
        "seconds": time.perf_counter() - began,
        "examples": run.counts["examples"],
        "diversity": run.counts["diversity"],
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "bad_input": sum(t.count for t in run.troubles.list()),
    }
    try:
        check = importlib.import_module(f"tests.grounding.{name}").check
    except ImportError:
        return found
    failures = collections.defaultdict(list)
    for line in store.read_lines(f"{name}.jsonl"):
        row = json.loads(line)
        if reason := check(row, seen):
            failures[reason].append(row)
    wrong = sum(map(len, failures.values()))
    found |= {
        "grounded": 1 - wrong / max(1, found["examples"]),
        "failures": [[reason, len(rows), rows[0]] for reason, rows in failures.items()],
    }
    return found


def measure(name: str, repository: str, limit: int) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.generators",
                "--child",
                name,
                repository,
                "--limit",
                str(limit),
                "--folder",
                folder,
            ],
            capture_output=True,
            text=True,
        )
    return (
        json.loads(done.stdout.splitlines()[-1])
        if done.returncode == 0
        else {"failed": done.stderr.strip().splitlines()[-1:]}
    )


def main() -> None:
    from autodidact.generators import select

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="*")
    parser.add_argument("--limit", type=int, default=3000)
    parser.add_argument("--only", action="append")
    parser.add_argument("--failures", type=int, default=3, help="failing examples shown a generator")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(child(*given.child, given.limit, given.folder)))
        return
    for repository in given.repositories:
        path = str(Path(repository).resolve())
        print(f"\n{Path(path).name}, limit {given.limit}\n")
        print(
            "| generator | examples | seconds | peak MB | bad input | distinct-3 prompts | answers |"
            " grounded |\n" + "| --- " + "| ---: " * 7 + "|"
        )
        total, shown = 0, []
        for name in select(given.only):
            found = measure(name, path, given.limit)
            if "examples" not in found:
                print(f"| {name} | {'; '.join(f'{k}: {v}' for k, v in found.items())} |", flush=True)
                continue
            total += found["examples"]
            grounded = f"{found['grounded']:.2%}" if "grounded" in found else ""
            variety = " | ".join(
                f"{found['diversity'][side]:.2f}" if side in found["diversity"] else ""
                for side in ("prompts", "answers")
            )
            print(
                f"| {name} | {found['examples']} | {found['seconds']:.1f} | {found['memory']:.0f} |"
                f" {found['bad_input']} | {variety} | {grounded} |",
                flush=True,
            )
            shown += [(name, *failure) for failure in found.get("failures", [])[: given.failures]]
        print(f"| all | {total} |")
        for name, reason, count, row in shown:
            print(f"\n{name}: {reason} ({count}), as in {row['source']['ref']}")
            print("\n".join(f"  {message.get('content', '')!r}" for message in row["messages"][-2:]))


if __name__ == "__main__":
    main()
