"""Reading what the generators teach: a sheet of kept examples, each beside its source, for a person to mark.

    python -m benchmarks.read_examples draw REPOSITORY --out SHEET.md [--kept FOLDER] [--rows 30] [--seed 1]
    python -m benchmarks.read_examples score SHEET.md...

`draw` runs the generators and the gate on the repository with the limits of the production profile (or takes
the gate's folder in `--kept`) and draws `--rows` kept examples of each generator. The reader writes one word
after `mark:`, and for a wrong one its kind after `kind:`:

    glad      I would train on it
    poor      true, and not worth training on
    wrong     false, misleading, or not to be answered from what is shown

`score` prints the shares with 95% intervals (Wilson). Rows without a mark are not counted. Filled sheets are
kept in tests/data/read/, and every row marked wrong becomes a test of its kind.
"""

import argparse
import collections
import json
import math
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

MARKS = ("glad", "poor", "wrong")
# Lines of the source beside an example.
MOST_LINES = 60
_ROW = re.compile(r"^## \d+ (\w+) `([0-9a-f]{64})`\n\nmark:(.*)\nkind:(.*)\n", re.MULTILINE)


def kept_rows(folder: Path) -> dict[str, list[dict]]:
    """The kept examples of the gate's folder, by generator."""
    rows = collections.defaultdict(list)
    with open(folder / "kept.jsonl", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            rows[row["generator"]].append(row)
    return rows


def gated(repository: str, folder: str) -> Path:
    """The gate's folder of a repository's examples, in `folder`."""
    options = ["--profile", "production", "--set", "base_model=sprout"]
    run = [sys.executable, "-m", "autodidact.cli"]
    made, kept = f"{folder}/examples", Path(folder, "gate")
    subprocess.run([*run, "generate", "--repo", repository, "--out", made, *options], check=True)
    subprocess.run([*run, "gate", made, "--out", str(kept), *options], check=True)
    return kept


def shown_source(row: dict, repository: str) -> str:
    """The text that an example was read from; what the record says of it, where that is no file in git."""
    source = row["source"]
    if source["kind"] != "git" or "commit" not in source:
        return json.dumps(source, ensure_ascii=False, indent=1)
    commit, path = source["commit"], source.get("path")
    of_commit = source["ref"].startswith(commit)
    what = ["show", "--format=%an, %ad%n%n%B", "--no-ext-diff", "--no-textconv", commit]
    what = [*what, "--", path] if of_commit and path else what if of_commit else ["show", f"{commit}:{path}"]
    text = subprocess.run(["git", "-C", repository, *what], capture_output=True).stdout.decode(
        "utf-8", "replace"
    )
    lines = text.splitlines()
    if not of_commit and source.get("lines"):
        first, last = source["lines"]
        lines = lines[first - 1 : last]
    more = [f"[... {len(lines) - MOST_LINES} more lines]"] if len(lines) > MOST_LINES else []
    return "\n".join([source["ref"], *lines[:MOST_LINES], *more])


def fenced(text: str) -> str:
    """The text in a fence that nothing in it can close."""
    runs = re.findall("~{3,}", text)
    fence = "~" * (1 + max(map(len, runs), default=2))
    return f"{fence}text\n{text}\n{fence}"


def section(number: int, row: dict, repository: str) -> str:
    turns = []
    for message in row["messages"]:
        calls = [json.dumps(call["function"], ensure_ascii=False) for call in message.get("tool_calls") or ()]
        turns.append("\n".join([f"[{message['role']}]", message["content"] or "", *calls]))
    tools = f"tools: {json.dumps(row['tools'], ensure_ascii=False)}" if row.get("tools") else ""
    head = f"## {number} {row['generator']} `{row['id']}`\n\nmark:\nkind:\n"
    return "\n".join(
        [
            head,
            fenced("\n".join(filter(None, [*turns, tools]))),
            "",
            fenced(shown_source(row, repository)),
            "",
        ]
    )


def draw(repository: str, out: Path, kept: Path | None, size: int, seed: int) -> None:
    """Writes a sheet of `size` kept rows a generator."""
    with tempfile.TemporaryDirectory() as folder:
        rows = kept_rows(kept or gated(repository, folder))
    rng = random.Random(seed)
    chosen = [row for name in sorted(rows) for row in rng.sample(rows[name], min(size, len(rows[name])))]
    head = f"# {Path(repository).name}: mark each row glad, poor or wrong\n\n"
    out.write_text(head + "\n".join(section(n, row, repository) for n, row in enumerate(chosen, 1)))
    print(f"{out}: {len(chosen)} rows of {len(rows)} generators")


def interval(count: int, total: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share."""
    z = 1.96
    share, spread = count / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / total / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def marked(text: str) -> list[tuple[str, str, str, str]]:
    """(generator, id, mark, kind) of the rows of a sheet that have a mark. Raises SystemExit for a word that
    is none.
    """
    rows = [(name, ident, mark.strip(), kind.strip()) for name, ident, mark, kind in _ROW.findall(text)]
    for name, ident, mark, _ in rows:
        if mark and mark not in MARKS:
            raise SystemExit(f"{name} {ident[:12]}: {mark!r} is no mark; write {', '.join(MARKS)}.")
    return [row for row in rows if row[2]]


def score(sheets: list[Path]) -> str:
    """The shares of each mark by generator, as a table, and the kinds of what is wrong."""
    rows = [row for sheet in sheets for row in marked(sheet.read_text(encoding="utf-8"))]
    lines = [
        "| generator | rows | glad | poor | wrong | wrong, 95% |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for name in [*sorted({row[0] for row in rows}), "all"]:
        marks = collections.Counter(row[2] for row in rows if name in (row[0], "all"))
        total = marks.total()
        if total:
            low, high = interval(marks["wrong"], total)
            shares = " | ".join(f"{marks[mark] / total:.1%}" for mark in MARKS)
            lines.append(f"| {name} | {total} | {shares} | {low:.1%} to {high:.1%} |")
    kinds = collections.Counter((row[0], row[3] or "no kind given") for row in rows if row[2] == "wrong")
    lines += ["", *(f"{count} {name}: {kind}" for (name, kind), count in kinds.most_common())]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("repository")
    drawing.add_argument("--out", type=Path, required=True)
    drawing.add_argument("--kept", type=Path)
    drawing.add_argument("--rows", type=int, default=30)
    drawing.add_argument("--seed", type=int, default=1)
    commands.add_parser("score").add_argument("sheets", nargs="+", type=Path)
    options = parser.parse_args()
    if options.command == "draw":
        draw(options.repository, options.out, options.kept, options.rows, options.seed)
    else:
        print(score(options.sheets))


if __name__ == "__main__":
    main()
