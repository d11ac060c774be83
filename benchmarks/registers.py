"""What kept examples look like, by generator: lengths of answers, conversations, drills, sentence frames.

python -m benchmarks.registers FOLDER...          folders of the gate (kept.jsonl)

rows     kept examples                 median   tokens of an answer, by sprout's or --base's tokenizer
<=3      answers of at most 3 words    short    answers of fewer than 10 tokens
turns    conversations of more than one question, or with a tool's result
system   examples with a system prompt
drills   rows of the benchmark's own forms (benchmark_targeted)
frame    the largest share of rows with the same first, or the same last, five words of question or answer
d3       distinct word triples of answers over all (generators/writing/diversity.py)
"""

import argparse
import json
import statistics
from collections import Counter, defaultdict
from pathlib import Path

from autodidact.generators.writing.diversity import Diversity
from autodidact.generators.writing.sentence_frame_limit import frames
from autodidact.models.find_base_model import resolve_base
from autodidact.records import Example
from autodidact.settings import load_settings

# Tokens from which on an answer is none of the short ones: the article's least.
LEAST = 10


def figures(rows: list[Example], tokenizer) -> list[str]:
    """The cells of one line of the table, without the name."""
    tokens = [len(tokenizer(row.response(), add_special_tokens=False)["input_ids"]) for row in rows]
    several = [sum(m["role"] == "user" for m in row.messages) > 1 or _with_tool(row) for row in rows]
    diversity, most = Diversity(), Counter()
    for row in rows:
        diversity.add(row)
        most.update(frames(row))
    (_, frame), count = (most.most_common(1) or [(("", ""), 0)])[0]
    shares = (
        sum(len(row.response().split()) <= 3 for row in rows),
        sum(length < LEAST for length in tokens),
        sum(several),
        sum(row.messages[0]["role"] == "system" for row in rows),
        sum(row.generator == "benchmark_targeted" for row in rows),
        count,
    )
    percent = [f"{100 * share / len(rows):.1f}%" for share in shares]
    d3 = diversity.figures().get("answers", "")
    return [str(len(rows)), f"{statistics.median(tokens):.0f}", *percent, f"{d3}", frame[:60]]


def _with_tool(row: Example) -> bool:
    return any(message["role"] == "tool" for message in row.messages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--base", default="sprout", help="whose tokenizer counts")
    args = parser.parse_args()
    tokenizer = resolve_base(load_settings(overrides={"base_model": args.base})).tokenizer()
    head = [
        "generator",
        "rows",
        "median",
        "<=3",
        "short",
        "turns",
        "system",
        "drills",
        "frame",
        "d3",
        "which",
    ]
    print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    by_generator: dict[str, list[Example]] = defaultdict(list)
    for folder in args.folders:
        for line in (folder / "kept.jsonl").read_text("utf-8").splitlines():
            row = Example.model_validate(json.loads(line))
            by_generator[row.generator].append(row)
    for name, rows in sorted(by_generator.items()):
        print("| " + " | ".join([name, *figures(rows, tokenizer)]) + " |")
    everything = [row for rows in by_generator.values() for row in rows]
    print("| " + " | ".join(["all", *figures(everything, tokenizer)]) + " |")


if __name__ == "__main__":
    main()
