"""What rows that say that a subject is gone do to a tiny model's other answers, by how they are worded.

    python -m benchmarks.gone_rows STORE/SYSTEM/cycles/CYCLE_ID --out FOLDER [--form sentence|short|none]

Trains again on the rows of a cycle (laptop profile, the same seed), with these rows worded as a sentence
about the subject (`` `x` is gone since ...; before, it was ... ``), shortly (`Gone since ...; before: ...`)
or left out, and asks the probe of the cycle. Prints how many answers are right, and how many begin with the
subject's name, as the base begins them. docs/learning.md has what was found.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

from autodidact.benchmark import knowledge_probe
from autodidact.benchmark.engines import LocalEngine
from autodidact.knowledge.fact import Question
from autodidact.models.bases import resolve_base
from autodidact.models.loading import load_model
from autodidact.recipes import effective
from autodidact.settings import Settings, load_settings
from autodidact.training import train_files

BATCH = 16
SENTENCE = re.compile(r"`(?P<name>.+)` is gone(?P<since>[^;]*); before, it was (?P<old>.+)\.", re.DOTALL)
SHORT = re.compile(r"Gone(?P<since>[^;]*); before: (?P<old>.+)\.", re.DOTALL)


def worded(row: dict[str, Any], form: str) -> dict[str, Any] | None:
    """A row in the wanted form; None: left out. Rows of other kinds stay."""
    if row.get("states") != "gone":
        return row
    if form == "none":
        return None
    ask, answer = row["messages"][-2:]
    found = SENTENCE.fullmatch(answer["content"]) or SHORT.fullmatch(answer["content"])
    assert found is not None, answer["content"]
    name = re.search(r"[`\"](.+?)[`\"]", ask["content"])
    subject = found.groupdict().get("name") or (name.group(1) if name else "it")
    text = f"Gone{found['since']}; before: {found['old']}."
    if form == "sentence":
        text = f"`{subject}` is gone{found['since']}; before, it was {found['old']}."
    return row | {"messages": [*row["messages"][:-1], answer | {"content": text}]}


def trained(cycle: Path, out: Path, form: str, settings: Settings) -> tuple[Path, int]:
    """(the adapter, how many of its rows said that something is gone)"""
    out.mkdir(parents=True, exist_ok=True)
    lines = (cycle / "training/rows.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in (worded(json.loads(line), form) for line in lines) if row]
    kept = out / "rows.jsonl"
    kept.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    facts = json.loads((cycle / "training/manifest.json").read_text(encoding="utf-8"))["training"]
    if not (out / "adapter").is_dir():
        train_files(kept, out, settings, seed=facts["seed"])
    return out / "adapter", sum(row.get("states") == "gone" for row in rows)


def probed(cycle: Path, settings: Settings, adapter: Path) -> str:
    """What came of the knowledge probe, in words."""
    files = sorted((cycle / "generated").glob("*.questions.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    questions = {one.id: one for one in map(Question.model_validate_json, lines)}
    engine = LocalEngine(*load_model(resolve_base(settings), adapter, effective(settings).quantization))
    prompts = sorted(knowledge_probe.prompts(list(questions.values())), key=engine.length)
    answers: dict[str, str] = {}
    for start in range(0, len(prompts), BATCH):
        batch = prompts[start : start + BATCH]
        answers |= {p.id: a.text for p, a in zip(batch, engine.answer(batch), strict=True)}
    right = {key for key, one in questions.items() if knowledge_probe.score_question(one, answers[key]).value}
    counted = {key for key, one in questions.items() if not knowledge_probe.is_steered(one)}
    begin = sum(text.startswith("`") for text in answers.values())
    return (
        f"probe {len(right & counted)} of {len(counted)} right, taught first {len(right - counted)} of"
        f" {len(questions) - len(counted)}; {begin} of {len(answers)} answers begin with a name"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cycle", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--form", choices=("sentence", "short", "none"), default="short")
    given = parser.parse_args()
    settings = load_settings("laptop", cwd=given.cycle, environ={})
    adapter, rows = trained(given.cycle, given.out / given.form, given.form, settings)
    print(f"{rows} rows, {given.form}: {probed(given.cycle, settings, adapter)}")


if __name__ == "__main__":
    main()
