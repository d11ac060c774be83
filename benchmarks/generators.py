"""Every generator on whole repositories: examples, seconds, peak memory, variety, and the share whose facts hold.

    python benchmarks/generators.py REPOSITORY... [--limit 3000] [--only NAME]... [--failures 3]

Each generator runs cold, in a process of its own, over the whole history, with the samples of this package for what the repository does not have.
"grounded" is the share of its examples that the checker in tests/grounding accepts; each checker finds the facts again in the source by another
way than the generator did. The reasons of what fails are listed below the table.

Measured on celery (about 400 files of code, 13,000 commits), limit 3000. The seconds are those of two cores under a load of 25, so they are an upper
bound; the time of diff_miner includes planting and applying defects.

    | generator | examples | seconds | peak MB | bad input | distinct-3 prompts | answers | grounded |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | ast_parser | 3320 | 55.7 | 105 | 0 | 0.54 | 0.61 | 99.82% |
    | diff_miner | 3000 | 659.2 | 103 | 295 | 0.55 | 0.58 | 99.93% |
    | session_miner | 181 | 2.7 | 73 | 10 | 0.35 | 0.85 | 100.00% |
    | knowledge_graph | 3040 | 150.0 | 110 | 0 | 0.47 | 0.44 | 100.00% |
    | goal_examples | 640 | 0.6 | 74 | 0 | 0.11 | 0.16 | 100.00% |
    | interrupt_handler | 1327 | 1.1 | 75 | 0 | 0.23 | 0.02 | 100.00% |
    | architecture_docs | 2154 | 23.5 | 80 | 4 | 0.44 | 0.46 | 99.81% |
    | benchmark_targeted | 24 | 0.6 | 74 | 0 | 0.91 | 1.00 | 100.00% |
    | wikipedia_harvest | 80 | 0.5 | 74 | 0 | 0.51 | 0.59 | 100.00% |
    | affect_examples | 1254 | 0.9 | 75 | 0 | 0.11 | 0.05 | 100.00% |
    | conciseness_drills | 1733 | 50.1 | 81 | 4 | 0.28 | 0.62 | 99.54% |
    | tool_spec | 821 | 36.1 | 110 | 0 | 0.40 | 0.42 | 100.00% |
    | consciousness | 53 | 0.2 | 74 | 0 | 0.71 | 0.48 | 100.00% |
    | all | 17627 |
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
    from autodidact import plain
    from autodidact.errors import Skipped
    from autodidact.generators import GENERATORS
    from autodidact.settings import load_settings
    from autodidact.stage import Work
    from autodidact.stages import limited
    from autodidact.store import Store

    settings = load_settings(
        "laptop", {"sources.repository": repository, "generators.limit": limit, "store": f"{folder}/store"}, cwd=Path(folder), environ={}
    )
    store = Store(Path(folder) / "out")
    run, seen = Work(store, ""), plain.snapshot(settings, since=None, until=datetime.now(timezone.utc))
    seen.troubles = run.troubles
    began = time.perf_counter()
    try:
        store.write_jsonl(f"{name}.jsonl", limited(GENERATORS[name].generate(seen), limit, run))
    except Skipped as skip:
        return {"skipped": str(skip)}
    found = {
        "seconds": time.perf_counter() - began, "examples": run.counts["examples"], "diversity": run.counts["diversity"],
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "bad_input": sum(t.count for t in run.troubles.list()),
    }  # fmt: skip
    try:
        check = importlib.import_module(f"grounding.{name}").check
    except ImportError:
        return found
    failures = collections.defaultdict(list)
    for line in store.read_lines(f"{name}.jsonl"):
        row = json.loads(line)
        if reason := check(row, seen):
            failures[reason].append(row)
    wrong = sum(map(len, failures.values()))
    found |= {"grounded": 1 - wrong / max(1, found["examples"]), "failures": [[reason, len(rows), rows[0]] for reason, rows in failures.items()]}
    return found


def measure(name: str, repository: str, limit: int) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--child", name, repository, "--limit", str(limit), "--folder", folder], capture_output=True, text=True
        )
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {"failed": done.stderr.strip().splitlines()[-1:]}


def main() -> None:
    from autodidact.generators import select

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="*")
    parser.add_argument("--limit", type=int, default=3000)
    parser.add_argument("--only", action="append")
    parser.add_argument("--failures", type=int, default=3, help="failing examples shown a generator")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        sys.path.insert(0, str(ROOT / "tests"))
        print(json.dumps(child(*given.child, given.limit, given.folder)))
        return
    for repository in given.repositories:
        path = str(Path(repository).resolve())
        print(f"\n{Path(path).name}, limit {given.limit}\n")
        print("| generator | examples | seconds | peak MB | bad input | distinct-3 prompts | answers | grounded |\n" + "| --- " + "| ---: " * 7 + "|")
        total, shown = 0, []
        for name in select(given.only):
            found = measure(name, path, given.limit)
            if "examples" not in found:
                print(f"| {name} | {'; '.join(f'{k}: {v}' for k, v in found.items())} |", flush=True)
                continue
            total += found["examples"]
            grounded = f"{found['grounded']:.2%}" if "grounded" in found else "no checker"
            variety = " | ".join(f"{found['diversity'][side]:.2f}" if side in found["diversity"] else "" for side in ("prompts", "answers"))
            print(
                f"| {name} | {found['examples']} | {found['seconds']:.1f} | {found['memory']:.0f} | {found['bad_input']} | {variety} | {grounded} |",
                flush=True,
            )
            shown += [(name, *failure) for failure in found.get("failures", [])[: given.failures]]
        print(f"| all | {total} |")
        for name, reason, count, row in shown:
            print(f"\n{name}: {reason} ({count}), as in {row['source']['ref']}")
            print("\n".join(f"  {message.get('content', '')!r}" for message in row["messages"][-2:]))


if __name__ == "__main__":
    main()
